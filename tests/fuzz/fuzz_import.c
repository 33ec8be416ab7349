/* fuzz_import.c: any bytes as any format. What is read must hold together, and what is not must
 * have a sentence; the JSON of both is text. */
#include "import/import.h"

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

static void check_text(const char *text, size_t bytes)
{
    check(memchr(text, '\0', bytes) != NULL);
    for (; *text != '\0'; text++)
        check((unsigned char)*text >= 32 && *text != 127);
}

static void check_run(const struct doubt_import_run *run)
{
    check(run->main_time == SIZE_MAX || run->main_time < run->figure_count);
    check(run->main_rate == SIZE_MAX || run->main_rate < run->figure_count);
    check_text(run->network, sizeof run->network);
    check_text(run->refused, sizeof run->refused);
    for (size_t i = 0; i < run->figure_count; i++) {
        const struct doubt_import_figure *figure = &run->figures[i];
        check_text(figure->text, sizeof figure->text);
        check(isfinite(figure->figure.value) && figure->figure.value >= 0);
        check(figure->figure.lo <= figure->figure.hi && figure->figure.unit_scale > 0);
    }
    for (size_t i = 0; i < run->note_count; i++)
        check_text(run->notes[i].text, sizeof run->notes[i].text);
    for (size_t i = 0; i < run->sample_count; i++)
        check(isfinite(run->samples[i]) && run->samples[i] >= 0);
    struct doubt_import_wanted wanted = {"mean", "", DOUBT_UNIT_RATE};
    const struct doubt_import_figure *answer = doubt_import_pick(run, &wanted);
    check(answer == NULL || (!answer->wrong && answer->figure.value > 0));
    check(run->refused[0] != '\0' || run->main_time != SIZE_MAX || run->main_rate != SIZE_MAX);
}

/* The first byte chooses the format, the second the options. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_err err = {0};
    struct doubt_import import;
    if (size < 2)
        return 0;
    const struct doubt_import_how how = {
        .format = (enum doubt_import_format)(data[0] % DOUBT_IMPORT_FORMAT_COUNT),
        .unit = data[1] & 1 ? "ms" : NULL,
        .column = data[1] & 2 ? "2" : NULL,
        .name_column = data[1] & 4 ? "network" : NULL,
        .samples = data[1] & 8,
        .decimal_comma = data[1] & 16,
        .warmup_ms = data[1] & 32 ? 200 : 0};
    /* A copy of its own size: reading behind it is seen. */
    char *text = malloc(size - 2 > 0 ? size - 2 : 1);
    if (text == NULL)
        return 0;
    memcpy(text, data + 2, size - 2);
    enum doubt_code code = doubt_import_read(text, size - 2, &how, &import, &err);
    check(code == err.code);
    check(code == DOUBT_OK || (code == DOUBT_E_FORMAT && err.text[0] != '\0'));
    size_t good = 0;
    for (size_t i = 0; i < import.count; i++) {
        if (code == DOUBT_OK)
            check_run(&import.runs[i]);
        good += import.runs[i].refused[0] == '\0';
    }
    check(code != DOUBT_OK || good > 0);
    doubt_import_free(&import);
    free(text);
    return 0;
}
