/* fuzz_figure.c: any text as a figure; what is accepted must make sense. */
#include <doubt/verdict.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* The first byte chooses the options, the rest is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_figure_options options = {0};
    struct doubt_figure figure;
    struct doubt_err err = {0};
    enum doubt_verdict verdict;
    enum doubt_code code;
    char *text;

    if (size < 1)
        return 0;
    options.significant_digits = data[0] & 3;
    options.truncated = data[0] & 4;
    options.decimal_comma = data[0] & 8;
    options.tolerance = data[0] & 16 ? 0.02 : 0;
    text = malloc(size);
    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    code = doubt_figure_parse(text, &options, &figure, &err);
    if (code != DOUBT_OK) {
        check(code == DOUBT_E_USAGE && err.code == code && err.text[0]);
    } else {
        check(figure.value > 0 && isfinite(figure.value) && isfinite(figure.hi));
        check(figure.lo > 0 && figure.lo <= figure.value && figure.value <= figure.hi);
        check(figure.unit[0] && strlen(figure.unit) < sizeof figure.unit);
        check(doubt_verdict_judge(&figure, figure.value, figure.value, &verdict, &err) == DOUBT_OK);
        check(verdict == DOUBT_HOLDS || figure.value == figure.hi);
    }
    free(text);
    return 0;
}
