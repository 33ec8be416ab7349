/* end_to_end.c: makes the series of the end-to-end proof and counts its verdicts. See README.md.
 *
 *   end-to-end cost SERIES.json             what measuring adds to a programmed time here, in ns
 *   end-to-end plan FOLDER COUNT SEED COST  writes claim sets, and a line of options per series
 *   end-to-end tally FOLDER [OFF]           reads what `doubt check` left, prints the tables; with
 *                                           OFF as if every truth were so many ns longer: a control
 *
 * A unit of work is one folder. Status 0: every demand was met; 1: one was not; 2: no answer.
 */
#include "tally.h"
#include "util/file.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT_MAX = 100000 };

static _Noreturn void quit(const char *format, ...) __attribute__((format(printf, 1, 2)));

static _Noreturn void quit(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("end-to-end: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    exit(2);
}

static void must(enum doubt_code code, const struct doubt_err *err)
{
    if (code != DOUBT_OK)
        quit("%s", err->text);
}

static void path_in(char *path, size_t bytes, const char *folder, const char *format, size_t number)
{
    char name[64];
    snprintf(name, sizeof name, format, number);
    if (snprintf(path, bytes, "%s/%s", folder, name) >= (int)bytes)
        quit("the path %s/%s is too long", folder, name);
}

static FILE *open_file(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);
    if (file == NULL)
        quit("%s cannot be opened", path);
    return file;
}

static void close_file(FILE *file, const char *path)
{
    if (fclose(file) != 0)
        quit("%s cannot be written", path);
}

/* --- records -------------------------------------------------------------------------------- */

struct document {
    struct doubt_series series;
    struct doubt_cell cell;
};

static void document_read(const char *path, struct document *document)
{
    struct doubt_err err = {0};
    json_error_t where;
    json_t *json = json_load_file(path, 0, &where);
    if (json == NULL)
        quit("%s: %s", path, where.text);
    json_t *cells = json_object_get(json, "cells");
    must(doubt_record_from_json(DOUBT_SERIES, json_object_get(json, "series"), &document->series,
                                &err),
         &err);
    must(doubt_record_from_json(DOUBT_CELL, json_array_get(cells, 0), &document->cell, &err), &err);
    json_decref(json);
}

static void document_free(struct document *document)
{
    doubt_record_free(DOUBT_SERIES, &document->series);
    doubt_record_free(DOUBT_CELL, &document->cell);
}

/* The null engine has one distance between two readings; a programmed time has two, and ends within
 * a turn of a loop that reads the clock: half of one on average. */
static double cost_of(const struct doubt_series *series)
{
    return series->overhead_ns + 1.5 * series->clock_read_ns;
}

static int print_cost(const char *path)
{
    struct document document;
    document_read(path, &document);
    printf("%.1f\n", cost_of(&document.series));
    document_free(&document);
    return 0;
}

/* --- plan ----------------------------------------------------------------------------------- */

static void write_series(const struct design *design, const char *folder, size_t number,
                         FILE *options)
{
    struct design_series series;
    char path[4096];
    design_series(design, number, &series);
    path_in(path, sizeof path, folder, "claims-%zu.json", number);
    FILE *file = open_file(path, "w");
    design_write_claims(&series, number, file);
    close_file(file, path);
    fprintf(options, "%zu ", number);
    design_write_options(&series, options);
}

static int plan(const char *folder, size_t count, const struct design *design)
{
    char path[4096];
    path_in(path, sizeof path, folder, "design", 0);
    FILE *file = open_file(path, "w");
    fprintf(file, "%zu %llu %.17g\n", count, (unsigned long long)design->seed, design->cost_ns);
    close_file(file, path);
    path_in(path, sizeof path, folder, "plan", 0);
    file = open_file(path, "w");
    for (size_t i = 0; i < count; i++)
        write_series(design, folder, i, file);
    close_file(file, path);
    return 0;
}

/* --- tally ---------------------------------------------------------------------------------- */

static size_t read_design(const char *folder, struct design *design)
{
    char path[4096];
    size_t count = 0;
    unsigned long long seed = 0;
    path_in(path, sizeof path, folder, "design", 0);
    FILE *file = open_file(path, "r");
    if (fscanf(file, "%zu %llu %lf", &count, &seed, &design->cost_ns) != 3 || count > COUNT_MAX)
        quit("%s is no design", path);
    fclose(file);
    design->seed = seed;
    return count;
}

static enum tally_answer answer_of(const char *verdict)
{
    static const char *const names[ANSWERS] = {"HOLDS", "FALLS SHORT", "EXCEEDS", "INCONCLUSIVE",
                                               "NO STEADY STATE"};
    for (int i = 0; verdict != NULL && i < ANSWERS; i++)
        if (strcmp(verdict, names[i]) == 0)
            return (enum tally_answer)i;
    quit("a series has the verdict \"%s\"", verdict != NULL ? verdict : "");
}

static void add_series(struct tally *tally, struct doubt_store *store, const char *path,
                       struct tally_series *series)
{
    struct document document;
    struct doubt_err err = {0};
    document_read(path, &document);
    series->answer = answer_of(document.cell.verdict);
    series->cost_ns = cost_of(&document.series);
    series->others_share = document.series.others_share;
    replay_figure(&series->design, &document.cell, &series->interval);
    must(replay_series(store, &series->design, &document.cell, &series->replay, &err), &err);
    tally_add(tally, series);
    document_free(&document);
}

/* Series that were not made yet, or failed, have no document. */
static int count_verdicts(const char *folder, double off_ns)
{
    struct design design;
    struct doubt_err err = {0};
    struct doubt_store *store = NULL;
    char path[4096];
    size_t count = read_design(folder, &design), missing = 0;
    struct tally *tally = tally_new(count);
    if (tally == NULL)
        quit("out of memory for %zu series", count);
    path_in(path, sizeof path, folder, "doubt.db", 0);
    must(doubt_store_open(path, true, &store, &err), &err);
    for (size_t i = 0; i < count; i++) {
        struct tally_series series = {0};
        design_series(&design, i, &series.design);
        series.design.truth_ns += off_ns;
        path_in(path, sizeof path, folder, "series-%zu.json", i);
        if (doubt_file_exists(path))
            add_series(tally, store, path, &series);
        else
            missing++;
    }
    doubt_store_close(store);
    int failed = tally_print(tally, stdout);
    tally_free(tally);
    if (missing > 0)
        quit("%zu of %zu series are missing", missing, count);
    return failed > 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "cost") == 0)
        return print_cost(argv[2]);
    if ((argc == 3 || argc == 4) && strcmp(argv[1], "tally") == 0)
        return count_verdicts(argv[2], argc == 4 ? strtod(argv[3], NULL) : 0);
    if (argc == 6 && strcmp(argv[1], "plan") == 0) {
        struct design design = {strtoull(argv[4], NULL, 16), strtod(argv[5], NULL)};
        size_t count = strtoul(argv[3], NULL, 10);
        if (count < 1 || count > COUNT_MAX || !(design.cost_ns >= 0 && design.cost_ns < 1000))
            quit("1 to %d series and a cost below 1000 ns are accepted", COUNT_MAX);
        return plan(argv[2], count, &design);
    }
    quit("cost SERIES.json, plan FOLDER COUNT SEED COST, or tally FOLDER [OFF]");
}
