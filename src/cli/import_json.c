/* import_json.c: what was imported as one JSON document. See import_rows.h; members:
 * docs/IMPORT.md. */
#include "cli/import_rows.h"

#include "report/json.h"
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text(const char *value)
{
    return value[0] != '\0' ? doubt_text_to_json(value) : json_null();
}

static json_t *place(size_t line)
{
    return line > 0 ? json_integer((json_int_t)line) : json_null();
}

static json_t *figure_json(const struct doubt_import_figure *figure)
{
    const bool time = figure->figure.kind == DOUBT_UNIT_TIME;
    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:f, s:o, s:b, s:b}", "name", text(figure->name),
                     "statistic", text(figure->statistic), "boundary", text(figure->boundary),
                     "text", text(figure->text), "unit", time ? "ns" : "1/s", "value",
                     figure->figure.value, "line", place(figure->line), "computed",
                     figure->computed, "wrong", figure->wrong);
}

static json_t *note_json(const struct doubt_import_note *note)
{
    static const char *const kinds[] = {"means", "cannot say", "wrong", "remark"};
    return json_pack("{s:s, s:o}", "kind", kinds[note->kind], "text", text(note->text));
}

static json_t *samples_json(const struct doubt_import_run *run)
{
    const struct doubt_import_statistics *s = &run->statistics;
    if (run->sample_count == 0)
        return json_null();
    return json_pack(
        "{s:s, s:I, s:I, s:o, s:o, s:[o,o], s:o, s:[o,o], s:o, s:[o,o], s:o, s:o, s:o, "
        "s:[o,o]}",
        "of", run->sample_name, "count", (json_int_t)run->sample_count, "inferences_each",
        (json_int_t)run->sample_of, "mean", number(s->mean), "median", number(s->median),
        "median_interval", number(s->median_lo), number(s->median_hi), "p90", number(s->p90),
        "p90_interval", number(s->p90_lo), number(s->p90_hi), "p99", number(s->p99), "p99_interval",
        number(s->p99_lo), number(s->p99_hi), "effective", number(s->effective), "warm_up",
        number(s->warmup), "drift_p", number(s->drift_p), "interval_within_process",
        number(s->within_lo), number(s->within_hi));
}

static json_t *run_json(const struct doubt_import_run *run)
{
    json_t *settings = json_object(), *figures = json_array(), *notes = json_array();
    size_t main_index = run->main_time < run->figure_count ? run->main_time : run->main_rate;
    for (size_t i = 0; i < run->setting_count; i++)
        json_object_set_new(settings, run->settings[i].name, text(run->settings[i].value));
    for (size_t i = 0; i < run->figure_count; i++)
        json_array_append_new(figures, figure_json(&run->figures[i]));
    for (size_t i = 0; i < run->note_count; i++)
        json_array_append_new(notes, note_json(&run->notes[i]));
    json_t *out = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "refused", text(run->refused), "first_line", place(run->first_line), "last_line",
        place(run->last_line), "tool", text(run->tool), "version", text(run->version), "engine",
        text(run->engine), "network", text(run->network), "name", text(run->name), "precision",
        text(run->precision), "batch",
        run->batch > 0 ? json_integer((json_int_t)run->batch) : json_null(), "input",
        text(run->input), "device", text(run->device), "settings", settings, "figures", figures,
        "samples", samples_json(run), "notes", notes);
    json_object_set_new(out, "main",
                        main_index < run->figure_count ? json_integer((json_int_t)main_index)
                                                       : json_null());
    return out;
}

static json_t *file_json(const struct doubt_import_file *file)
{
    const struct doubt_import *import = &file->import;
    json_t *runs = json_array();
    for (size_t i = 0; i < import->count; i++)
        json_array_append_new(runs, run_json(&import->runs[i]));
    return json_pack(
        "{s:o, s:s, s:o, s:I, s:I, s:o}", "file", text(import->label != NULL ? import->label : ""),
        "format", doubt_import_format_name(import->format), "error",
        file->err.code != DOUBT_OK ? text(file->err.text) : json_null(), "lines",
        (json_int_t)import->lines, "cut_lines", (json_int_t)import->cut_lines, "runs", runs);
}

/* The document of doubt judge, with the conditions that differ beside each row. */
static enum doubt_code judged_json(const struct doubt_import_rows *rows,
                                   const struct doubt_import_question *question, json_t **out,
                                   struct doubt_err *err)
{
    struct doubt_str written;
    struct doubt_judge_row *judged = doubt_import_rows_judged(rows, err);
    if (judged == NULL)
        return err->code;
    const struct doubt_judge_table table = {
        .rows = judged, .count = rows->count, .how = &question->how, .options = &question->options};
    doubt_str_init(&written, 64 << 20);
    enum doubt_code code = doubt_judge_json(&table, &written, err);
    free(judged);
    *out = code == DOUBT_OK ? json_loads(doubt_str_text(&written), 0, NULL) : NULL;
    doubt_str_free(&written);
    json_t *list = json_object_get(*out, "judged");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const struct doubt_import_row *row = &rows->items[i];
        json_t *one = json_array_get(list, i);
        json_object_set_new(one, "claim_id",
                            row->claim != NULL ? text(row->claim->id) : json_null());
        json_object_set_new(one, "differs",
                            row->differs != NULL ? text(row->differs) : json_null());
        json_object_set_new(one, "withheld", json_boolean(row->withheld));
    }
    return code;
}

enum doubt_code doubt_import_json(const struct doubt_import_result *result, struct doubt_str *out,
                                  struct doubt_err *err)
{
    json_t *document = json_object(), *list = json_array(), *judged = NULL;
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; i < result->count; i++)
        json_array_append_new(list, file_json(&result->files[i]));
    json_object_set_new(document, "files", list);
    if (result->rows != NULL)
        code = judged_json(result->rows, result->question, &judged, err);
    json_object_set_new(document, "judgement", judged != NULL ? judged : json_null());
    if (code == DOUBT_OK)
        code = doubt_json_format(document, out, err);
    json_decref(document);
    return code;
}
