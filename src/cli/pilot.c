/* pilot.c: see pilot.h. */
#include "cli/pilot.h"

#include "cli/progress.h"
#include "measure/restart.h"
#include "util/clock.h"
#include "util/str.h"

#include <doubt/stats.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NETWORKS_MAX = 2, ITERATIONS_MAX = 100, ITERATIONS_MIN = 5, WARM_MIN = 3 };
static const int64_t sample_ns = 400000000, warm_ns = 200000000, deadline_ns = 120000000000;

/* One engine under trial. */
struct entrant {
    double log_sum; /* of the medians in ns */
    bool failed;
    char sentence[512];
};

/* Indices of the at most NETWORKS_MAX networks with the fewest operations; chosen has one place
 * more. */
static size_t choose_networks(const struct doubt_pilot *pilot, size_t *chosen)
{
    size_t count = 0;
    for (size_t i = 0; i < pilot->subject_count; i++) {
        size_t at = count;
        while (at > 0 && pilot->subjects[i].macs < pilot->subjects[chosen[at - 1]].macs)
            at--;
        if (at == NETWORKS_MAX)
            continue;
        if (count < NETWORKS_MAX)
            count++;
        memmove(&chosen[at + 1], &chosen[at], (count - at - 1) * sizeof chosen[0]);
        chosen[at] = i;
    }
    return count;
}

static enum doubt_code median_of(const int64_t *samples, size_t count, double *median,
                                 struct doubt_err *err)
{
    double *sorted = malloc((count > 0 ? count : 1) * sizeof *sorted);
    if (sorted == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a pilot");
    for (size_t i = 0; i < count; i++)
        sorted[i] = (double)samples[i];
    enum doubt_code code = doubt_sort(sorted, count, err);
    if (code == DOUBT_OK)
        code = doubt_quantile7(sorted, count, 0.5, median, err);
    free(sorted);
    return code;
}

/* What goes on while the engines are tried. */
struct trial {
    struct doubt_cli *cli;
    const struct doubt_pilot *pilot;
    struct doubt_progress_line line;
    int64_t begun_ns;
    size_t done, planned;
    size_t networks[NETWORKS_MAX + 1], network_count; /* indices of subjects */
    struct entrant *entrants;
};

static void show(struct trial *trial, const struct doubt_cell_plan *cell)
{
    const struct doubt_progress progress = {
        .phase = "choosing an engine",
        .restarts_done = trial->done,
        .restarts_planned = trial->planned,
        .cell = cell,
        .elapsed_ns = doubt_clock_ns() - trial->begun_ns,
        .left_ns = -1,
        .others_share = NAN,
    };
    doubt_progress_show(&trial->line, &progress);
}

/* One engine on one network. */
static enum doubt_code try_one(struct trial *trial, size_t pick, size_t subject,
                               struct entrant *entrant)
{
    const struct doubt_pilot *pilot = trial->pilot;
    struct doubt_err err = {0};
    struct doubt_cell_plan cell = {.precision = pilot->precision, .boundary = pilot->boundary};
    struct doubt_restart_plan how = {
        .iterations = ITERATIONS_MAX,
        .iterations_min = ITERATIONS_MIN,
        .sample_ns_max = sample_ns,
        .warm_ns = warm_ns,
        .warm_iterations_min = WARM_MIN,
    };
    const struct doubt_restart_watch watch = {.stop = trial->cli->stop};
    struct doubt_restart_result result;
    double median = NAN;
    doubt_subject_plan(&pilot->subjects[subject], &cell);
    doubt_settings_plan_cell(pilot->settings, &pilot->picks[pick], &cell);
    how.deadline_ns = cell.builds ? DOUBT_RESTART_BUILDING_NS : deadline_ns;
    show(trial, &cell);
    enum doubt_code code = doubt_restart_run(&cell, &how, &watch, &result, &err);
    trial->done++;
    if (result.record.engine_build_ns != DOUBT_MISSING_I64)
        *pilot->built_ns += result.record.engine_build_ns;
    const char *outcome = result.record.outcome;
    bool ok = code == DOUBT_OK && outcome != NULL && strcmp(outcome, DOUBT_OUTCOME_OK) == 0 &&
              median_of(result.samples, result.count, &median, &err) == DOUBT_OK;
    if (ok)
        entrant->log_sum += log(median);
    else if (!entrant->failed)
        doubt_str_copy(entrant->sentence, sizeof entrant->sentence,
                       code == DOUBT_OK && result.record.sentence != NULL ? result.record.sentence
                                                                          : err.text);
    entrant->failed |= !ok;
    doubt_restart_result_free(&result);
    return *trial->cli->stop != 0 ? DOUBT_E_INTERRUPTED : DOUBT_OK;
}

/* Why the winner won: by how much the others were slower, or how they failed. */
static void explain(const struct trial *trial, size_t best, struct doubt_str *text)
{
    const struct doubt_pilot *pilot = trial->pilot;
    doubt_str_addf(text, "%s was the fastest in a pilot of", pilot->picks[best].engine->name);
    for (size_t i = 0; i < trial->network_count; i++)
        doubt_str_addf(text, "%s %s", i > 0 ? " and" : "",
                       pilot->subjects[trial->networks[i]].title);
    const char *separator = ":";
    for (size_t i = 0; i < pilot->pick_count; i++) {
        const struct entrant *entrant = &trial->entrants[i];
        const char *name = pilot->picks[i].engine->name;
        if (i == best)
            continue;
        if (entrant->failed)
            doubt_str_addf(text, "%s %s failed (%s)", separator, name, entrant->sentence);
        else
            doubt_str_addf(text, "%s %s took %.2f times as long", separator, name,
                           exp((entrant->log_sum - trial->entrants[best].log_sum) /
                               (double)trial->network_count));
        separator = ",";
    }
}

/* Each engine's own reason; most sentences begin with "engine NAME: ". */
static enum doubt_code refuse_all(const struct doubt_pilot *pilot, const struct entrant *entrants,
                                  struct doubt_err *err)
{
    struct doubt_str text;
    doubt_str_init(&text, 8192);
    for (size_t i = 0; i < pilot->pick_count; i++) {
        const char *name = pilot->picks[i].engine->name;
        bool named = strstr(entrants[i].sentence, name) != NULL;
        doubt_str_addf(&text, "%s%s%s%s", i > 0 ? "; " : "", named ? "" : name, named ? "" : ": ",
                       entrants[i].sentence);
    }
    enum doubt_code code = doubt_err_set(
        err, DOUBT_E_ENGINE, "no engine can run these networks: %s", doubt_str_text(&text));
    doubt_str_free(&text);
    return code;
}

static enum doubt_code decide(const struct doubt_pilot *pilot, const struct entrant *entrants,
                              size_t *best, struct doubt_err *err)
{
    *best = pilot->pick_count;
    for (size_t i = 0; i < pilot->pick_count; i++)
        if (!entrants[i].failed &&
            (*best == pilot->pick_count || entrants[i].log_sum < entrants[*best].log_sum))
            *best = i;
    if (*best == pilot->pick_count)
        return refuse_all(pilot, entrants, err);
    return DOUBT_OK;
}

enum doubt_code doubt_pilot_run(struct doubt_cli *cli, const struct doubt_pilot *pilot,
                                size_t *best, struct doubt_str *text, struct doubt_err *err)
{
    struct trial trial = {.cli = cli, .pilot = pilot, .begun_ns = doubt_clock_ns()};
    *best = 0;
    if (pilot->pick_count == 1)
        return DOUBT_OK;
    trial.entrants = calloc(pilot->pick_count, sizeof *trial.entrants);
    if (trial.entrants == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a pilot");
    trial.network_count = choose_networks(pilot, trial.networks);
    trial.planned = trial.network_count * pilot->pick_count;
    doubt_cli_catch_signals(cli);
    doubt_progress_begin(&trial.line, cli);
    enum doubt_code code = DOUBT_OK;
    for (size_t n = 0; code == DOUBT_OK && n < trial.network_count; n++)
        for (size_t i = 0; code == DOUBT_OK && i < pilot->pick_count; i++)
            if (!trial.entrants[i].failed)
                code = try_one(&trial, i, trial.networks[n], &trial.entrants[i]);
    doubt_progress_clear(&trial.line);
    if (code == DOUBT_E_INTERRUPTED)
        doubt_err_set(err, code, "interrupted before anything was measured");
    if (code == DOUBT_OK)
        code = decide(pilot, trial.entrants, best, err);
    if (code == DOUBT_OK)
        explain(&trial, *best, text);
    free(trial.entrants);
    return code;
}
