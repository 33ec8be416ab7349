/* fuzz_values.c: any bytes as a value file and as an option's list; what is accepted must be a
 * measured value, and what is not must have a sentence. */
#include "cli/values.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_result(enum doubt_code code, const struct doubt_values *values,
                         const struct doubt_err *err)
{
    if (code != DOUBT_OK) {
        check(code == DOUBT_E_FORMAT || code == DOUBT_E_USAGE);
        check(err->code == code && err->text[0] && values->items == NULL && values->count == 0);
        return;
    }
    check(values->count > 0 && values->count <= DOUBT_VALUES_MAX);
    for (size_t i = 0; i < values->count; i++) {
        const struct doubt_figure *figure = &values->items[i];
        check(figure->bound == DOUBT_FIGURE_TWO_SIDED);
        check(figure->value > 0 && isfinite(figure->value) && figure->lo <= figure->hi);
    }
}

/* The first byte chooses the options. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_err err = {0}, list_err = {0};
    struct doubt_values values;
    if (size < 1)
        return 0;
    const struct doubt_values_how how = {.label = "file",
                                         .unit = data[0] & 1 ? NULL : "ms",
                                         .column = (data[0] >> 1) & 3,
                                         .decimal_comma = data[0] & 8};
    /* A copy of its own size: reading behind it is seen. */
    char *text = malloc(size);
    if (text == NULL)
        return 0;
    memcpy(text, data + 1, size - 1);
    enum doubt_code code = doubt_values_parse(text, size - 1, &how, &values, &err);
    check_result(code, &values, &err);
    doubt_values_free(&values);
    text[size - 1] = '\0';
    code = doubt_values_parse_list(text, &how, &values, &list_err);
    check_result(code, &values, &list_err);
    doubt_values_free(&values);
    free(text);
    return 0;
}
