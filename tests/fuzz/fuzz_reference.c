/* fuzz_reference.c: any bytes as a reference of outputs; one that is read is written again and read
 * back as it was. Seeds: seeds/reference. */
#include "model/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_same(const struct doubt_reference *a, const struct doubt_reference *b)
{
    check(a->output_count == b->output_count);
    for (uint32_t i = 0; i < a->output_count; i++) {
        const struct doubt_reference_output *x = &a->outputs[i], *y = &b->outputs[i];
        check(strcmp(x->name, y->name) == 0 && x->rank == y->rank && x->norm == y->norm);
        check(memcmp(x->dims, y->dims, (size_t)x->rank * sizeof x->dims[0]) == 0);
        check(x->point_count == y->point_count && isfinite(x->norm));
        for (uint32_t k = 0; k < x->point_count; k++)
            check(x->positions[k] == y->positions[k] && x->values[k] == y->values[k]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_reference reference, again;
    struct doubt_err err = {.code = DOUBT_OK};
    char *text = NULL;
    if (doubt_reference_parse((const char *)data, size, &reference, &err) != DOUBT_OK) {
        check(err.text[0] != '\0');
        return 0;
    }
    check(doubt_reference_format(&reference, &text, &err) == DOUBT_OK);
    check(doubt_reference_parse(text, strlen(text), &again, &err) == DOUBT_OK);
    check_same(&reference, &again);
    doubt_reference_free(&reference);
    doubt_reference_free(&again);
    free(text);
    return 0;
}
