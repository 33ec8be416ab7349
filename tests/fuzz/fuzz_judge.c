/* fuzz_judge.c: any words as pairs MEASURED=CLAIM and as what is known besides; what is judged must
 * hold together, and its table and its JSON are text. Seeds: seeds/judge. */
#include "cli/judge.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS_MAX = 4, OUTPUT_MAX = 1 << 22 };

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_row(const struct doubt_judge_row *row)
{
    check(row->value > 0 && isfinite(row->value));
    check(!(row->lo > row->hi) && !(row->ratio_lo > row->ratio_hi));
    check(isfinite(row->ratio) && row->ratio > 0);
    check(memchr(row->reason, '\0', sizeof row->reason) != NULL);
}

static void print(const struct doubt_judge_table *table)
{
    struct doubt_str out;
    struct doubt_err err = {.code = DOUBT_OK};
    doubt_str_init(&out, OUTPUT_MAX);
    check(doubt_judge_view(table, &out, &err) == DOUBT_OK && out.len > 0);
    doubt_str_free(&out);
    doubt_str_init(&out, OUTPUT_MAX);
    check(doubt_judge_json(table, &out, &err) == DOUBT_OK);
    json_t *document = json_loads(doubt_str_text(&out), 0, NULL);
    check(document != NULL);
    json_decref(document);
    doubt_str_free(&out);
}

static size_t judge(char *text, const struct doubt_judge_how *how,
                    const struct doubt_figure_options *options, struct doubt_judge_row *rows)
{
    const struct doubt_values_how values = {.label = "it", .decimal_comma = how->decimal_comma};
    size_t count = 0;
    for (char *line; count < ROWS_MAX && (line = strsep(&text, "\n")) != NULL;) {
        struct doubt_err err = {.code = DOUBT_OK};
        struct doubt_judge_row *row = &rows[count];
        memset(row, 0, sizeof *row);
        enum doubt_code code = doubt_judge_parse_pair(line, &values, options, row, &err);
        if (code == DOUBT_OK && (code = doubt_judge(how, row, &err)) == DOUBT_OK)
            check_row(&rows[count++]);
        else
            doubt_values_free(&row->values);
        check((code == DOUBT_OK) == (err.text[0] == '\0'));
    }
    return count;
}

/* Two bytes of options, a line of a standard deviation, one of an interval, then pairs. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct doubt_judge_row rows[ROWS_MAX];
    if (size < 2)
        return 0;
    char *text = malloc(size - 1), *rest = text;
    if (text == NULL)
        return 0;
    memcpy(text, data + 2, size - 2);
    text[size - 2] = '\0';
    const char *sd = strsep(&rest, "\n"), *interval = rest != NULL ? strsep(&rest, "\n") : NULL;
    const struct doubt_judge_how how = {.sd = data[0] & 1 ? sd : NULL,
                                        .interval = data[0] & 2 ? interval : NULL,
                                        .count = data[0] & 1 ? 2 + (data[1] & 31) : 0,
                                        .given_level = data[0] & 4 ? 0.01 : 0.05,
                                        .look = 1,
                                        .looks = 1 + (data[0] >> 3 & 1),
                                        .family = 1 + (data[1] >> 5),
                                        .batch = data[0] & 16 ? 8 : 1,
                                        .unordered = data[0] & 32,
                                        .decimal_comma = data[0] & 64};
    const struct doubt_figure_options options = {.decimal_comma = how.decimal_comma,
                                                 .truncated = data[0] & 128};
    size_t count = rest != NULL ? judge(rest, &how, &options, rows) : 0;
    if (count > 0)
        print(&(struct doubt_judge_table){
            .rows = rows, .count = count, .how = &how, .options = &options, .width = 100});
    for (size_t i = 0; i < count; i++)
        doubt_values_free(&rows[i].values);
    free(text);
    return 0;
}
