/* runner.c: see runner.h. */
#include "cli/runner.h"

#include "measure/analyze.h"
#include "measure/pairs.h"
#include "model/tensor.h"
#include "report/json.h"
#include "util/clock.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* An unjudged cell needs no more restarts once half its interval is this share of the mean. */
static const double narrow_enough = 0.01;

/* --- before --------------------------------------------------------------------------------- */

enum doubt_code doubt_runner_open(struct doubt_runner *runner, struct doubt_cli *cli,
                                  const char *db, bool no_store, struct doubt_err *err)
{
    *runner = (struct doubt_runner){.cli = cli};
    if (no_store && db != NULL)
        return doubt_err_set(err, DOUBT_E_USAGE, "--db %s and --no-store exclude each other", db);
    if (no_store)
        return DOUBT_OK;
    char *path = db != NULL ? strdup(db) : doubt_store_default_path();
    if (path == NULL)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "there is no place to keep the samples: set HOME or XDG_DATA_HOME, "
                             "or give --db FILE or --no-store");
    struct doubt_err why = {0};
    enum doubt_code code = doubt_store_open(path, false, &runner->store, &why);
    free(path);
    if (code == DOUBT_OK)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "%s; --db FILE keeps the samples elsewhere, --no-store nowhere", why.text);
}

void doubt_runner_close(struct doubt_runner *runner)
{
    doubt_store_close(runner->store);
    runner->store = NULL;
    free(runner->rescue_path);
    runner->rescue_path = NULL;
}

void doubt_runner_note(struct doubt_runner *runner, const char *key, const char *text)
{
    if (runner->note_count == DOUBT_RUNNER_NOTES_MAX)
        return;
    runner->notes[runner->note_count++] = (struct doubt_view_note){key, text};
    runner->notes[runner->note_count] = (struct doubt_view_note){NULL, NULL};
}

void doubt_runner_plan_hidden(struct doubt_cell_plan *cell)
{
    *cell = (struct doubt_cell_plan){
        .network = DOUBT_VIEW_HIDDEN,
        .title = "cost of measuring",
        .macs = DOUBT_MISSING_I64,
        .parameters = DOUBT_MISSING_I64,
        .engine = "null",
        .batch = 1,
        .hidden = true,
    };
}

uint64_t doubt_runner_fresh_seed(void)
{
    uint32_t seed = 0;
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        seed = (uint32_t)doubt_clock_wall_ns();
    return seed;
}

/* --- while it runs -------------------------------------------------------------------------- */

static void on_progress(void *context, const struct doubt_progress *progress)
{
    struct doubt_runner *runner = context;
    doubt_progress_show(&runner->line, progress);
}

/* A busy machine is named before the time is spent. */
static void on_before(void *context, const struct doubt_series *series)
{
    struct doubt_runner *runner = context;
    struct doubt_str line;
    doubt_str_init(&line, 2048);
    if (!runner->cli->common.quiet && doubt_view_before(series, &line)) {
        doubt_progress_clear(&runner->line);
        fprintf(stderr, "doubt: %s\n", doubt_str_text(&line));
    }
    doubt_str_free(&line);
}

/* The cells as planned are kept at once, so that a killed series still says what it measured. */
static enum doubt_code on_begin(void *context, struct doubt_series *series,
                                const struct doubt_cell *cells, size_t cell_count,
                                struct doubt_err *err)
{
    struct doubt_runner *runner = context;
    enum doubt_code code = DOUBT_OK;
    runner->series = series;
    if (runner->left_out != NULL && runner->left_out[0] != '\0')
        doubt_text_set(&series->left_out, runner->left_out);
    if (runner->begin != NULL)
        runner->begin(runner->judge_context, series);
    if (runner->store != NULL)
        code = doubt_store_begin(runner->store, series, err);
    if (runner->store != NULL && code == DOUBT_OK)
        code = doubt_store_cells(runner->store, series->id, cells, cell_count, err);
    return code;
}

/* The store's failure is said once; the measurement goes on. */
static void say_store_failed(struct doubt_runner *runner, const struct doubt_err *why)
{
    if (runner->store_failed)
        return;
    runner->store_failed = true;
    doubt_progress_clear(&runner->line);
    fprintf(stderr, "doubt: %s; measuring goes on\n", why->text);
}

static enum doubt_code on_restart(void *context, const struct doubt_restart *restart,
                                  const int64_t *samples, size_t count, struct doubt_err *err)
{
    struct doubt_runner *runner = context;
    struct doubt_err why = {0};
    if (runner->store == NULL)
        return DOUBT_OK;
    if (!runner->store_failed &&
        doubt_store_restart(runner->store, restart, samples, count, &why) == DOUBT_OK)
        return DOUBT_OK;
    say_store_failed(runner, &why);
    return doubt_store_rescue(restart, samples, count, &runner->rescue_path, err);
}

static bool is_narrow(const struct doubt_cell *cell)
{
    return isfinite(cell->mean_ns) &&
           (cell->mean_hi_ns - cell->mean_lo_ns) / 2 <= narrow_enough * cell->mean_ns;
}

static bool on_look(void *context, struct doubt_cell *cell)
{
    struct doubt_runner *runner = context;
    if (runner->judge != NULL && runner->series != NULL)
        runner->judge(runner->judge_context, runner->series, cell);
    if (cell->verdict == NULL)
        return is_narrow(cell);
    return strcmp(cell->verdict, "INCONCLUSIVE") != 0 &&
           strcmp(cell->verdict, "NO STEADY STATE") != 0;
}

/* --- after ---------------------------------------------------------------------------------- */

/* Writes the end and notes where everything is. False: it is in a rescue file, or nowhere. */
static bool store_end(struct doubt_runner *runner, const struct doubt_record_parts *parts)
{
    struct doubt_err err = {0};
    const struct doubt_series *series = parts->series;
    if (runner->store == NULL || series->id == DOUBT_MISSING_I64)
        return true;
    if (!runner->store_failed && doubt_store_end(runner->store, parts, &err) == DOUBT_OK) {
        snprintf(runner->kept, sizeof runner->kept, "series %" PRId64 ": doubt history %" PRId64,
                 series->id, series->id);
        return true;
    }
    say_store_failed(runner, &err);
    struct doubt_err rescue_err = {0};
    if (doubt_store_rescue_series(parts, &runner->rescue_path, &rescue_err) != DOUBT_OK) {
        snprintf(runner->kept, sizeof runner->kept, "nowhere: %s", rescue_err.text);
        fprintf(stderr, "doubt: the end of the series is lost: %s\n", rescue_err.text);
        return false;
    }
    snprintf(runner->kept, sizeof runner->kept, "%s", runner->rescue_path);
    fprintf(stderr,
            "doubt: the samples are in %s; once there is space, doubt history --recover %s puts "
            "them into the store\n",
            runner->rescue_path, runner->rescue_path);
    return false;
}

/* "pairs": what a comparison rests on, in the order of their rounds. */
static bool add_pairs(const struct doubt_series_result *result, json_t *document)
{
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < result->pair_count; i++) {
        const struct doubt_pair *pair = &result->pairs[i];
        ok = json_array_append_new(
                 list, json_pack("{s:i, s:s, s:f, s:f, s:f}", "round", (int)pair->round, "first",
                                 pair->b_first ? "B" : "A", "a_ns", pair->a_ns, "b_ns", pair->b_ns,
                                 "log_ratio", pair->log_ratio)) == 0;
    }
    return json_object_set_new(document, "pairs", list) == 0 && ok;
}

static enum doubt_code print(struct doubt_runner *runner, const struct doubt_series_result *result,
                             const struct doubt_record_parts *parts, struct doubt_err *err)
{
    const struct doubt_cli *cli = runner->cli;
    const struct doubt_view_style style = {
        .width = runner->wide ? 0 : cli->width,
        .color = cli->color,
        .title = runner->title,
        .word = runner->word,
        .notes = runner->notes,
    };
    enum doubt_code code = DOUBT_OK;
    struct doubt_str out;
    doubt_str_init(&out, 64 << 20);
    if (cli->common.json) {
        json_t *json = doubt_json_series(parts);
        if (json != NULL && runner->plan->pairs != NULL && !add_pairs(result, json)) {
            json_decref(json);
            json = NULL;
        }
        if (json != NULL && runner->more != NULL)
            runner->more(runner->judge_context, json, NULL);
        code = json != NULL ? doubt_json_format(json, &out, err)
                            : doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the result");
        json_decref(json);
    } else {
        code = doubt_view_series(parts, &style, &out, err);
        if (code == DOUBT_OK && runner->more != NULL)
            runner->more(runner->judge_context, NULL, &out);
    }
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return code;
}

/* A cell without a mean that nothing went wrong with: the budget or the user ended the series. */
static bool is_unbegun(const struct doubt_cell *cell)
{
    return cell->state != NULL && strcmp(cell->state, DOUBT_STATE_FEW) == 0 &&
           !isfinite(cell->mean_ns);
}

/* Of a comparison: only a condition that was asked for makes it fail or inconclusive. */
static int exit_of_pairs(const struct doubt_series *series, bool failed, bool unbegun)
{
    const char *slower = series->compare_slower != NULL ? series->compare_slower : "";
    bool interrupted = series->state != NULL && strcmp(series->state, "interrupted") == 0;
    if (series->compare_verdict == NULL && unbegun && !failed)
        return DOUBT_EXIT_INCONCLUSIVE;
    if (series->compare_verdict == NULL && failed)
        return interrupted ? DOUBT_EXIT_INCONCLUSIVE : DOUBT_EXIT_FAILED;
    if (strcmp(slower, "yes") == 0)
        return DOUBT_EXIT_FALLS_SHORT;
    if (strcmp(slower, "no") == 0)
        return DOUBT_EXIT_OK;
    bool asked = isfinite(series->compare_limit);
    return asked || interrupted ? DOUBT_EXIT_INCONCLUSIVE : DOUBT_EXIT_OK;
}

int doubt_runner_exit_of(const char *verdict)
{
    if (verdict == NULL)
        return DOUBT_EXIT_OK;
    if (strcmp(verdict, "FALLS SHORT") == 0)
        return DOUBT_EXIT_FALLS_SHORT;
    if (strcmp(verdict, "INCONCLUSIVE") == 0 || strcmp(verdict, "NO STEADY STATE") == 0)
        return DOUBT_EXIT_INCONCLUSIVE;
    return DOUBT_EXIT_OK;
}

int doubt_runner_exit(const struct doubt_series *series, const struct doubt_cell *cells,
                      size_t cell_count)
{
    bool failed = false, inconclusive = false, unbegun = false;
    for (size_t i = 0; i < cell_count; i++) {
        int own = doubt_runner_exit_of(cells[i].verdict);
        if (doubt_view_is_hidden(&cells[i]))
            continue;
        if (own == DOUBT_EXIT_FALLS_SHORT)
            return own;
        unbegun |= is_unbegun(&cells[i]);
        failed |= !isfinite(cells[i].mean_ns) && !is_unbegun(&cells[i]);
        inconclusive |= own == DOUBT_EXIT_INCONCLUSIVE;
    }
    if (isfinite(series->compare_margin))
        return exit_of_pairs(series, failed, unbegun);
    if (series->state != NULL && strcmp(series->state, "interrupted") == 0)
        return DOUBT_EXIT_INCONCLUSIVE;
    return failed                    ? DOUBT_EXIT_FAILED
           : inconclusive || unbegun ? DOUBT_EXIT_INCONCLUSIVE
                                     : DOUBT_EXIT_OK;
}

int doubt_runner_run(struct doubt_runner *runner, const struct doubt_series_plan *plan)
{
    struct doubt_err err = {0};
    struct doubt_series_result result;
    const struct doubt_series_hooks hooks = {
        .context = runner,
        .progress = on_progress,
        .before = on_before,
        .begin = on_begin,
        .restart = on_restart,
        .conclusive = on_look,
    };
    runner->plan = plan;
    doubt_progress_begin(&runner->line, runner->cli);
    doubt_cli_catch_signals(runner->cli);
    enum doubt_code code = doubt_series_run(plan, &hooks, runner->cli->stop, &result, &err);
    doubt_progress_clear(&runner->line);
    int status = DOUBT_EXIT_FAILED;
    if (code == DOUBT_OK || result.cell_count > 0) {
        for (size_t i = 0; runner->judge != NULL && i < result.cell_count; i++)
            if (!doubt_view_is_hidden(&result.cells[i]))
                runner->judge(runner->judge_context, &result.series, &result.cells[i]);
        for (size_t i = 0; i < runner->also_count; i++)
            runner->also[i].series = result.series.id;
        const struct doubt_record_parts parts = {&result.series, result.cells, result.cell_count,
                                                 runner->also, runner->also_count};
        bool stored = store_end(runner, &parts);
        doubt_runner_note(runner, "kept", runner->kept);
        struct doubt_err print_err = {0};
        if (print(runner, &result, &parts, &print_err) != DOUBT_OK)
            status = doubt_cli_fail(runner->cli, &print_err);
        else
            status = doubt_runner_exit(&result.series, result.cells, result.cell_count);
        if (!stored && status != DOUBT_EXIT_FALLS_SHORT)
            status = DOUBT_EXIT_FAILED;
    }
    if (code != DOUBT_OK) {
        int error_status = doubt_cli_fail(runner->cli, &err);
        status = result.cell_count > 0 ? DOUBT_EXIT_FAILED : error_status;
    }
    doubt_series_result_free(&result);
    return status;
}
