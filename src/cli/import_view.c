/* import_view.c: what was imported, as people read it. See import_rows.h. */
#include "cli/import_rows.h"

#include "report/table.h"
#include "report/view.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELL_BYTES = 200,
    MS_BYTES = 24,
    KEY_COLUMNS = 15,
    RUNS_IN_FULL = 4,
    FILES_APART = 4,
    TEXT_MAX = 8192
};

enum column {
    FILE_NAME,
    RUN,
    NETWORK,
    TOOL,
    PRECISION,
    BATCH,
    FIGURE,
    VALUE,
    SECOND,
    SAMPLES,
    COLUMN_COUNT
};

static const struct doubt_table_column columns[COLUMN_COUNT] = {
    [FILE_NAME] = {"file", false, 0},      [RUN] = {"run", true, 0},
    [NETWORK] = {"network", false, 0},     [TOOL] = {"tool", false, 3},
    [PRECISION] = {"precision", false, 4}, [BATCH] = {"batch", true, 5},
    [FIGURE] = {"figure", false, 1},       [VALUE] = {"value", true, 0},
    [SECOND] = {"a second", true, 2},      [SAMPLES] = {"samples", true, 6},
};

/* Some of the files, shown together. */
struct part {
    const struct doubt_import_result *result;
    size_t from, to;
    struct doubt_str *out;
};

static bool is_good(const struct part *part, size_t file)
{
    return part->result->files[file].err.code == DOUBT_OK;
}

static size_t count_files(const struct part *part)
{
    size_t count = 0;
    for (size_t f = part->from; f < part->to; f++)
        count += is_good(part, f);
    return count;
}

static size_t count_runs(const struct part *part)
{
    size_t count = 0;
    for (size_t f = part->from; f < part->to; f++)
        if (is_good(part, f))
            count += part->result->files[f].import.count;
    return count;
}

static const struct doubt_import_figure *main_figure(const struct doubt_import_run *run)
{
    size_t index = run->main_time < run->figure_count ? run->main_time : run->main_rate;
    return index < run->figure_count ? &run->figures[index] : NULL;
}

/* --- the table ------------------------------------------------------------------------------ */

/* One figure's cells; a second: the rate that was counted, else batch / time where that is one. */
static void figure_cells(const struct doubt_import_run *run,
                         const struct doubt_import_figure *figure, char cells[][CELL_BYTES])
{
    const struct doubt_import_wanted wanted = {"", "", DOUBT_UNIT_RATE};
    const struct doubt_import_figure *rate = doubt_import_pick(run, &wanted);
    double batch = run->batch > 0 ? (double)run->batch : 1;
    if (strcmp(figure->name, figure->statistic) == 0)
        snprintf(cells[FIGURE], CELL_BYTES, "%s", figure->name);
    else
        snprintf(cells[FIGURE], CELL_BYTES, "%s, %s", figure->name, figure->statistic);
    snprintf(cells[VALUE], CELL_BYTES, "%s", figure->text);
    if (rate != NULL)
        snprintf(cells[SECOND], CELL_BYTES, "%.5g",
                 rate->figure.kind == DOUBT_UNIT_RATE ? rate->figure.value
                                                      : batch * 1e9 / rate->figure.value);
}

/* The run of that number among those of the part's good files. */
static enum doubt_code add_run(const void *context, size_t index, struct doubt_table *table,
                               struct doubt_err *err)
{
    const struct part *part = context;
    size_t file = part->from;
    for (; !is_good(part, file) || index >= part->result->files[file].import.count; file++)
        index -= is_good(part, file) ? part->result->files[file].import.count : 0;
    const struct doubt_import *import = &part->result->files[file].import;
    const struct doubt_import_run *run = &import->runs[index];
    char cells[COLUMN_COUNT][CELL_BYTES] = {""};
    const char *texts[COLUMN_COUNT];
    const struct doubt_import_figure *figure = main_figure(run);
    if (count_files(part) > 1)
        snprintf(cells[FILE_NAME], CELL_BYTES, "%s", import->label);
    snprintf(cells[RUN], CELL_BYTES, "%zu", index + 1);
    snprintf(cells[NETWORK], CELL_BYTES, "%s", run->network[0] != '\0' ? run->network : run->name);
    snprintf(cells[TOOL], CELL_BYTES, "%s%s%s", run->tool, run->version[0] != '\0' ? " " : "",
             run->version);
    snprintf(cells[PRECISION], CELL_BYTES, "%s", run->precision);
    if (run->batch > 0)
        snprintf(cells[BATCH], CELL_BYTES, "%lld", (long long)run->batch);
    if (run->sample_count > 0 && run->sample_of > 1)
        snprintf(cells[SAMPLES], CELL_BYTES, "%zu × %lld", run->sample_count,
                 (long long)run->sample_of);
    else if (run->sample_count > 0)
        snprintf(cells[SAMPLES], CELL_BYTES, "%zu", run->sample_count);
    if (run->refused[0] != '\0')
        snprintf(cells[FIGURE], CELL_BYTES, "no measurement");
    else if (figure != NULL)
        figure_cells(run, figure, cells);
    for (int i = 0; i < COLUMN_COUNT; i++)
        texts[i] = cells[i];
    return doubt_table_add(table, texts, err);
}

static enum doubt_code add_table(const struct part *part, struct doubt_err *err)
{
    const struct doubt_import_result *result = part->result;
    size_t runs = 0;
    for (size_t f = part->from; f < part->to; f++)
        runs += is_good(part, f) ? result->files[f].import.count : 0;
    const struct doubt_table_shape shape = {columns, COLUMN_COUNT,  runs,
                                            add_run, result->width, result->color};
    return doubt_table_print(&shape, part, part->out, err);
}

/* --- lines below ---------------------------------------------------------------------------- */

static void line(struct doubt_str *out, size_t width, const char *key, const char *text)
{
    doubt_str_addf(out, "%-*s", KEY_COLUMNS, key);
    doubt_str_wrap(out, text, KEY_COLUMNS, width);
}

/* "run 3: " where there are several. */
static void add_name(const struct doubt_import *import, size_t run, struct doubt_str *text)
{
    if (import->count > 1)
        doubt_str_addf(text, "run %zu: ", run + 1);
}

/* All figures, those of one name together: "latency: min 1 ms, max 3 ms; throughput 5 qps". */
static void figures_line(const struct doubt_import *import, size_t index, size_t width,
                         struct doubt_str *out)
{
    const struct doubt_import_run *run = &import->runs[index];
    struct doubt_str text;
    const char *before = "";
    doubt_str_init(&text, TEXT_MAX);
    add_name(import, index, &text);
    for (size_t i = 0; i < run->figure_count; i++) {
        const struct doubt_import_figure *figure = &run->figures[i];
        bool same = strcmp(figure->name, before) == 0;
        bool plain = strcmp(figure->statistic, "throughput") == 0;
        doubt_str_addf(&text, "%s%s%s%s%s %s%s",
                       i == 0 ? ""
                       : same ? ", "
                              : "; ",
                       same ? "" : figure->name, same || plain ? "" : ": ",
                       plain ? "" : figure->statistic, "", figure->text,
                       figure->wrong ? " (wrong)" : "");
        before = figure->name;
    }
    line(out, width, "figures", doubt_str_text(&text));
    doubt_str_free(&text);
}

static void settings_line(const struct doubt_import *import, size_t index, size_t width,
                          struct doubt_str *out)
{
    const struct doubt_import_run *run = &import->runs[index];
    struct doubt_str text;
    doubt_str_init(&text, TEXT_MAX);
    add_name(import, index, &text);
    size_t before = text.len;
    if (run->device[0] != '\0')
        doubt_str_addf(&text, "device %s", run->device);
    if (run->input[0] != '\0')
        doubt_str_addf(&text, "%sinput %s", text.len > before ? "; " : "", run->input);
    for (size_t i = 0; i < run->setting_count; i++)
        doubt_str_addf(&text, "%s%s %s", text.len > before ? "; " : "", run->settings[i].name,
                       run->settings[i].value);
    if (text.len > before)
        line(out, width, "settings", doubt_str_text(&text));
    doubt_str_free(&text);
}

/* "" of an end that the samples are too few for. */
static void ms_text(double ns, char out[MS_BYTES])
{
    out[0] = '\0';
    if (!isnan(ns))
        snprintf(out, MS_BYTES, "%.5g", ns / 1e6);
}

struct quantile {
    const char *name;
    double value, lo, hi; /* ns; NaN: too few samples */
};

/* One without an upper end is no figure: its lower end alone is said. */
static void add_quantile(struct doubt_str *text, const struct quantile *quantile)
{
    char value[MS_BYTES], lo[MS_BYTES], hi[MS_BYTES], interval[3 * MS_BYTES];
    ms_text(quantile->value, value);
    ms_text(quantile->lo, lo);
    ms_text(quantile->hi, hi);
    doubt_view_interval(lo, hi, 0, interval, sizeof interval);
    if (hi[0] != '\0')
        doubt_str_addf(text, ", %s %s (%s)", quantile->name, value, interval);
    else if (lo[0] != '\0')
        doubt_str_addf(text, ", %s %s", quantile->name, interval);
}

static void add_quantiles(struct doubt_str *text, const struct doubt_import_statistics *s)
{
    const struct quantile quantiles[] = {{"median", s->median, s->median_lo, s->median_hi},
                                         {"p90", s->p90, s->p90_lo, s->p90_hi},
                                         {"p99", s->p99, s->p99_lo, s->p99_hi}};
    bool first = true;
    for (size_t i = 0; i < sizeof quantiles / sizeof quantiles[0]; i++)
        add_quantile(text, &quantiles[i]);
    for (size_t i = 0; i < sizeof quantiles / sizeof quantiles[0]; i++)
        if (isnan(quantiles[i].hi)) {
            doubt_str_addf(text, "%s%s", first ? "; too few for an upper end of " : ", ",
                           quantiles[i].name);
            first = false;
        }
}

/* What src/stats says of the samples of one process. */
static void samples_line(const struct doubt_import *import, size_t index, size_t width,
                         struct doubt_str *out)
{
    const struct doubt_import_run *run = &import->runs[index];
    const struct doubt_import_statistics *s = &run->statistics;
    struct doubt_str text;
    doubt_str_init(&text, TEXT_MAX);
    add_name(import, index, &text);
    doubt_str_addf(&text, "%zu of one process, in ms: mean %.6g", run->sample_count, s->mean / 1e6);
    if (run->sample_of == 1)
        add_quantiles(&text, s);
    if (!isnan(s->effective))
        doubt_str_addf(&text, "; they are worth %.0f independent ones",
                       fmin(s->effective, (double)run->sample_count));
    if (s->warmup > 0)
        doubt_str_addf(&text, "; the first %.0f look like warm-up (MSER-5), nothing is left out",
                       s->warmup);
    if (s->drift_p < 0.01)
        doubt_str_addf(&text, "; times go %s from first to last (Mann-Kendall p = %.2g)",
                       s->rises ? "up" : "down", s->drift_p);
    line(out, width, "samples", doubt_str_text(&text));
    doubt_str_free(&text);
}

/* Has one of the first `count` runs this note? */
static bool has_note(const struct doubt_import *import, size_t count,
                     const struct doubt_import_note *note)
{
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < import->runs[r].note_count; i++)
            if (import->runs[r].refused[0] == '\0' &&
                strcmp(import->runs[r].notes[i].text, note->text) == 0)
                return true;
    return false;
}

/* Is this note one of a run before, of this file or another? Then it was printed. */
static bool is_repeated(const struct part *part, size_t file, size_t run,
                        const struct doubt_import_note *note)
{
    const struct doubt_import_file *files = part->result->files;
    bool repeated = has_note(&files[file].import, run, note);
    for (size_t f = 0; !repeated && f < file; f++)
        repeated = is_good(part, f) && has_note(&files[f].import, files[f].import.count, note);
    return repeated;
}

/* "a.log: run 3: " where there are several. */
static void add_place(const struct part *part, size_t file, size_t run, struct doubt_str *text)
{
    const struct doubt_import *import = &part->result->files[file].import;
    if (count_files(part) > 1)
        doubt_str_addf(text, "%s: ", import->label);
    add_name(import, run, text);
}

/* Of how many files of the part the note is. */
static size_t count_with(const struct part *part, const struct doubt_import_note *note)
{
    size_t count = 0;
    for (size_t f = part->from; f < part->to; f++) {
        const struct doubt_import *import = &part->result->files[f].import;
        count += is_good(part, f) && has_note(import, import->count, note);
    }
    return count;
}

static void note_lines_of(const struct part *part, size_t file, enum doubt_import_note_kind kind)
{
    static const char *const keys[] = {"means", "cannot say", "wrong", "remark"};
    const bool own = kind == DOUBT_IMPORT_WRONG || kind == DOUBT_IMPORT_REMARK;
    const struct doubt_import *import = &part->result->files[file].import;
    struct doubt_str text;
    doubt_str_init(&text, TEXT_MAX);
    for (size_t r = 0; r < import->count; r++)
        for (size_t i = 0; i < import->runs[r].note_count; i++) {
            const struct doubt_import_note *note = &import->runs[r].notes[i];
            size_t files = count_with(part, note);
            if (note->kind != kind || import->runs[r].refused[0] != '\0' ||
                ((!own || files > 1) && is_repeated(part, file, r, note)))
                continue;
            doubt_str_clear(&text);
            if (own && files > 1)
                doubt_str_addf(&text, "%zu files: ", files);
            else if (own)
                add_place(part, file, r, &text);
            doubt_str_add(&text, note->text);
            line(part->out, part->result->width, keys[kind], doubt_str_text(&text));
        }
    doubt_str_free(&text);
}

static void refused_lines(const struct part *part, size_t file)
{
    const struct doubt_import *import = &part->result->files[file].import;
    struct doubt_str text;
    doubt_str_init(&text, TEXT_MAX);
    for (size_t r = 0; r < import->count; r++) {
        if (import->runs[r].refused[0] == '\0')
            continue;
        doubt_str_clear(&text);
        add_place(part, file, r, &text);
        doubt_str_add(&text, import->runs[r].refused);
        line(part->out, part->result->width, "refused", doubt_str_text(&text));
    }
    doubt_str_free(&text);
}

static void run_lines(const struct doubt_import *import, size_t index, size_t width,
                      struct doubt_str *out)
{
    const struct doubt_import_run *run = &import->runs[index];
    if (run->refused[0] != '\0')
        return;
    if (run->figure_count > 1)
        figures_line(import, index, width, out);
    settings_line(import, index, width, out);
    if (run->sample_count > 1)
        samples_line(import, index, width, out);
}

/* What the files are; several of one kind are named once. */
static void add_title(const struct part *part)
{
    const struct doubt_import_file *first = NULL;
    size_t files = count_files(part), runs = count_runs(part);
    bool alike = true;
    for (size_t f = part->from; f < part->to; f++) {
        if (!is_good(part, f))
            continue;
        first = first == NULL ? &part->result->files[f] : first;
        alike = alike && part->result->files[f].import.format == first->import.format;
    }
    if (files == 1)
        doubt_str_addf(part->out, "%s: ", first->import.label);
    else
        doubt_str_addf(part->out, "%zu files%s", files, alike ? ": " : "");
    doubt_str_addf(part->out, "%s, %zu run%s\n\n",
                   alike ? doubt_import_format_title(first->import.format) : "", runs,
                   runs == 1 ? "" : "s");
}

static enum doubt_code show_part(const struct part *part, bool last, struct doubt_err *err)
{
    const size_t width = part->result->width;
    add_title(part);
    enum doubt_code code = add_table(part, err);
    if (code != DOUBT_OK)
        return code;
    size_t table_end = part->out->len;
    doubt_str_add(part->out, "\n");
    for (size_t f = part->from; count_runs(part) <= RUNS_IN_FULL && f < part->to; f++)
        for (size_t r = 0; is_good(part, f) && r < part->result->files[f].import.count; r++)
            run_lines(&part->result->files[f].import, r, width, part->out);
    for (int kind = 0; kind <= DOUBT_IMPORT_REMARK; kind++)
        for (size_t f = part->from; f < part->to; f++)
            if (is_good(part, f))
                note_lines_of(part, f, (enum doubt_import_note_kind)kind);
    for (size_t f = part->from; f < part->to; f++)
        if (is_good(part, f))
            refused_lines(part, f);
    if (last && !part->result->question->restarts)
        line(part->out, width, "one process",
             "each run is one start: how the next one differs is not in it (--restarts, with a "
             "file for each start)");
    if (part->out->len == table_end + 1)
        part->out->data[--part->out->len] = '\0';
    return DOUBT_OK;
}

enum doubt_code doubt_import_view(const struct doubt_import_result *result, struct doubt_str *out,
                                  struct doubt_err *err)
{
    struct part whole = {result, 0, result->count, out};
    size_t left = count_files(&whole);
    if (left > FILES_APART)
        return show_part(&whole, true, err);
    enum doubt_code code = DOUBT_OK;
    for (size_t f = 0; code == DOUBT_OK && f < result->count; f++) {
        const struct part one = {result, f, f + 1, out};
        if (!is_good(&one, f))
            continue;
        if (out->len > 0)
            doubt_str_add(out, "\n");
        code = show_part(&one, --left == 0, err);
    }
    return code;
}

/* --- judged rows ---------------------------------------------------------------------------- */

static void differs_lines(const struct doubt_import_rows *rows, size_t width, struct doubt_str *out)
{
    struct doubt_str text;
    doubt_str_init(&text, TEXT_MAX);
    for (size_t i = 0; i < rows->count; i++) {
        const struct doubt_import_row *row = &rows->items[i];
        if (row->differs == NULL || row->differs[0] == '\0')
            continue;
        doubt_str_clear(&text);
        doubt_str_addf(&text, "%s%s%s: %s%s", rows->count > 1 ? row->judged.name : "",
                       rows->count > 1 ? ", " : "", row->claim->id, row->differs,
                       row->withheld ? "; not judged, --as-is judges all the same" : "");
        line(out, width, "differs", doubt_str_text(&text));
    }
    doubt_str_free(&text);
}

enum doubt_code doubt_import_view_rows(const struct doubt_import_result *result,
                                       struct doubt_str *out, struct doubt_err *err)
{
    const struct doubt_import_rows *rows = result->rows;
    const struct doubt_import_question *question = result->question;
    const size_t width = result->width;
    struct doubt_judge_row *judged = doubt_import_rows_judged(rows, err);
    if (judged == NULL)
        return err->code;
    const struct doubt_judge_table table = {
        .rows = judged,
        .count = rows->count,
        .how = &question->how,
        .options = &question->options,
        .width = width,
        .color = result->color,
        .one_number = "one number has no error bar, however many samples of one process are behind "
                      "it: give several starts, with --restarts",
        .not_compared = question->set != NULL
                            ? "what the log does not print"
                            : "device, precision, engine and whatever else the claim depends on"};
    enum doubt_code code = rows->count > 0 ? doubt_judge_view(&table, out, err) : DOUBT_OK;
    free(judged);
    if (code != DOUBT_OK)
        return code;
    differs_lines(rows, width, out);
    if (rows->unclaimed > 0) {
        char text[160];
        snprintf(text, sizeof text, "%zu run%s of networks that %s names no claim for",
                 rows->unclaimed, rows->unclaimed == 1 ? "" : "s", question->set->name);
        line(out, width, "no claim", text);
    }
    if (rows->ambiguous[0] != '\0') {
        char text[sizeof rows->ambiguous + 40];
        snprintf(text, sizeof text, "%s: say which one with --id", rows->ambiguous);
        line(out, width, "several claims", text);
    }
    return DOUBT_OK;
}
