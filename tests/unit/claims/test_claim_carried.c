/* test_claim_carried.c: every row of the tables of published and independent figures is in a
 * shipped claim set, with the digits, names and sources of the table. Truth: tests/data/claims. */
#include "claims/claim.h"
#include "util/embed.h"
#include "util/file.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { COLUMNS = 12, ROWS_MAX = 400, SETS_MAX = 64 };
enum { ID, DEVICE, NETWORK, INPUT, PRECISION, BATCH, ENGINE, POWER, METRIC, VALUE, SOURCE, DATE };

struct table {
    char *text;
    char *cells[ROWS_MAX][COLUMNS];
    size_t count;
};

static struct table published, independent, sources;
static struct doubt_claim_set sets[SETS_MAX];
static size_t set_count;

static void read_table(const char *name, struct table *table)
{
    char path[512];
    size_t size;
    struct doubt_err err = {.code = DOUBT_OK};
    snprintf(path, sizeof path, "%s/claims/%s", DOUBT_TEST_DATA, name);
    if (doubt_file_read(path, 1 << 20, &table->text, &size, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    char *lines = NULL, *line = strtok_r(table->text, "\n", &lines); /* the head */
    while ((line = strtok_r(NULL, "\n", &lines)) != NULL) {
        assert_true(table->count < ROWS_MAX);
        for (size_t c = 0; c < COLUMNS; c++)
            table->cells[table->count][c] = line != NULL ? strsep(&line, "\t") : "";
        table->count++;
    }
}

static int start(void **state)
{
    (void)state;
    read_table("published.tsv", &published);
    read_table("independent.tsv", &independent);
    read_table("sources.tsv", &sources);
    for (size_t i = 0; i < doubt_embedded_count(); i++) {
        const struct doubt_embedded *file = doubt_embedded_at(i);
        if (strncmp(file->path, "claims/", 7) != 0)
            continue;
        assert_true(set_count < SETS_MAX);
        if (doubt_claim_set_parse(file->data, (size_t)(file->end - file->data), file->path,
                                  &sets[set_count++], NULL) != DOUBT_OK)
            fail_msg("%s cannot be read", file->path);
    }
    return 0;
}

static int stop(void **state)
{
    (void)state;
    for (size_t i = 0; i < set_count; i++)
        doubt_claim_set_free(&sets[i]);
    free(published.text);
    free(independent.text);
    free(sources.text);
    return 0;
}

/* Calls with every claim that carries row; how many. */
static size_t each(const char *row, void (*visit)(char *const *, const struct doubt_claim *),
                   char *const *cells)
{
    size_t found = 0;
    for (size_t s = 0; s < set_count; s++)
        for (size_t i = 0; i < sets[s].count; i++)
            if (strcmp(sets[s].claims[i].row, row) == 0) {
                found++;
                if (visit != NULL)
                    visit(cells, &sets[s].claims[i]);
            }
    return found;
}

/* The next run of digits and points (and commas between digits) of text, as a whole. */
static const char *next_number(const char *text, char *out, size_t out_bytes)
{
    while (*text != '\0' && !isdigit((unsigned char)*text))
        text++;
    size_t len = 0;
    while (isdigit((unsigned char)text[len]) ||
           (len > 0 && (text[len] == '.' || text[len] == ',') &&
            isdigit((unsigned char)text[len + 1])))
        len++;
    snprintf(out, out_bytes, "%.*s", (int)len, text);
    return len > 0 ? text + len : NULL;
}

static bool has_number(const char *text, const char *wanted)
{
    char number[64];
    while ((text = next_number(text, number, sizeof number)) != NULL)
        if (strcmp(number, wanted) == 0)
            return true;
    return false;
}

/* The figure stands in the row; nothing was computed or retyped. */
static void figure_is_of_row(char *const *cells, const struct doubt_claim *claim)
{
    char number[64];
    assert_non_null(next_number(claim->figure, number, sizeof number));
    if (!has_number(cells[VALUE], number) && !has_number(cells[METRIC], number))
        fail_msg("%s: \"%s\" is not in row %s", claim->id, number, cells[ID]);
}

static const char *source_of(const char *tag)
{
    size_t len = strcspn(tag, " ");
    for (size_t i = 0; i < sources.count; i++)
        if (strlen(sources.cells[i][0]) == len && strncmp(sources.cells[i][0], tag, len) == 0)
            return sources.cells[i][1];
    fail_msg("no source %s", tag);
    return "";
}

static void source_and_date_are_of_row(char *const *cells, const struct doubt_claim *claim)
{
    const char *date = strcmp(cells[DATE], "n/d") == 0   ? "not dated"
                       : strcmp(cells[DATE], "n/c") == 0 ? "not certain"
                                                         : cells[DATE];
    assert_string_equal(claim->source, source_of(cells[SOURCE]));
    assert_string_equal(claim->date, date);
}

/* "n/s" and the like: the source says nothing. */
static bool says_nothing(const char *cell)
{
    return cell[0] == '\0' || (strlen(cell) == 3 && strncmp(cell, "n/", 2) == 0);
}

static bool is_precision(const char *cell, const struct doubt_claim *claim)
{
    static const char *const names[][2] = {{"FP16", "f16"}, {"FP32", "f32"}, {"INT8", "i8"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(cell, names[i][0]) == 0 && strcmp(claim->precision, names[i][1]) == 0)
            return true;
    return false;
}

/* Each condition of the row stands in the claim, in its field or quoted in the remark. */
static void conditions_are_of_row(char *const *cells, const struct doubt_claim *claim)
{
    const char *fields[] = {claim->device,     claim->title,     claim->input, claim->engine,
                            claim->power_mode, claim->condition, claim->remark};
    for (size_t c = DEVICE; c <= POWER; c++) {
        bool found = says_nothing(cells[c]);
        found = found || (c == PRECISION && is_precision(cells[c], claim));
        found = found || (c == BATCH && claim->batch == atol(cells[c]) && claim->batch > 0);
        for (size_t i = 0; !found && i < sizeof fields / sizeof fields[0]; i++)
            found = strstr(fields[i], cells[c]) != NULL;
        if (!found)
            fail_msg("%s: \"%s\" of row %s is nowhere", claim->id, cells[c], cells[ID]);
    }
}

/* The five of jetson-nano-2019 write the conditions out in their own words. */
static bool is_of_first_set(const char *row)
{
    return strcmp(row, "C1") == 0 || strcmp(row, "C8") == 0 || strcmp(row, "C9") == 0 ||
           strcmp(row, "C11") == 0 || strcmp(row, "C13") == 0;
}

static void check_row(char *const *cells)
{
    char number[64];
    size_t carried = each(cells[ID], figure_is_of_row, cells);
    if (carried == 0)
        fail_msg("row %s is in no claim set", cells[ID]);
    each(cells[ID], source_and_date_are_of_row, cells);
    if (!is_of_first_set(cells[ID]))
        each(cells[ID], conditions_are_of_row, cells);
    /* Every number of the value is a figure, or is told beside one. */
    for (const char *at = cells[VALUE]; (at = next_number(at, number, sizeof number)) != NULL;) {
        bool found = false;
        for (size_t s = 0; s < set_count; s++)
            for (size_t i = 0; i < sets[s].count; i++) {
                const struct doubt_claim *claim = &sets[s].claims[i];
                found =
                    found ||
                    (strcmp(claim->row, cells[ID]) == 0 &&
                     (has_number(claim->figure, number) || has_number(claim->title, number) ||
                      has_number(claim->remark, number) || has_number(claim->power_mode, number)));
            }
        if (!found)
            fail_msg("row %s: %s was lost", cells[ID], number);
    }
}

static void no_row_was_lost_or_altered(void **state)
{
    (void)state;
    assert_int_equal(published.count, 252);
    assert_int_equal(independent.count, 21);
    assert_int_equal(sources.count, 33);
    for (size_t i = 0; i < published.count; i++)
        check_row(published.cells[i]);
    for (size_t i = 0; i < independent.count; i++)
        check_row(independent.cells[i]);
}

/* A cell of two figures is two claims, each with its own unit and precision. */
static void cells_of_two_figures_are_two_claims(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        size_t claims;
    } rows[] = {{"C41", 2}, {"C42", 2}, {"C57", 2},  {"C169", 2}, {"C208", 2}, {"C211", 3},
                {"M1", 2},  {"M9", 2},  {"M14", 2},  {"M15", 7},  {"M16", 9},  {"M17", 11},
                {"M18", 2}, {"M19", 2}, {"M20", 2},  {"M21", 2},  {"C1", 1},   {"C32", 1},
                {"M2", 1},  {"M6", 1},  {"C175", 1}, {"C252", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (each(rows[i].row, NULL, NULL) != rows[i].claims)
            fail_msg("row %s: %zu claims, not %zu", rows[i].row, each(rows[i].row, NULL, NULL),
                     rows[i].claims);
}

/* LoadGen's latencies of two rows, which the tables do not have. */
static bool has_no_row(const struct doubt_claim *claim)
{
    const char *end = strstr(claim->id, "-offline-me");
    return end != NULL && claim->row[0] == '\0' && claim->samples > 0;
}

/* No claim names a row that is not there, and ids are unique over all sets. */
static void every_claim_has_its_row(void **state)
{
    (void)state;
    size_t without = 0;
    for (size_t s = 0; s < set_count; s++)
        for (size_t i = 0; i < sets[s].count; i++) {
            const struct doubt_claim *claim = &sets[s].claims[i];
            size_t rows = has_no_row(claim), same = 0;
            without += rows;
            for (size_t r = 0; r < published.count; r++)
                rows += strcmp(published.cells[r][ID], claim->row) == 0;
            for (size_t r = 0; r < independent.count; r++)
                rows += strcmp(independent.cells[r][ID], claim->row) == 0;
            for (size_t t = 0; t < set_count; t++)
                for (size_t k = 0; k < sets[t].count; k++)
                    same += strcmp(sets[t].claims[k].id, claim->id) == 0;
            if (rows != 1 || same != 1)
                fail_msg("%s: row \"%s\" found %zu times, id %zu times", claim->id, claim->row,
                         rows, same);
        }
    assert_int_equal(without, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_row_was_lost_or_altered),
        cmocka_unit_test(cells_of_two_figures_are_two_claims),
        cmocka_unit_test(every_claim_has_its_row),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
