/* view_below.c: the lines below a table: how it was measured, in which company, what to doubt. See
 * view.h.
 *
 * A line appears only when it has something to say.
 */
#include "report/view_int.h"
#include "util/units.h"
#include "util/whole.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* From this share of the CPUs on, the work of others is worth a line. */
static const double others_matter = 0.005;
/* The same of half a second, in which the kernel's ticks are coarse. */
static const double before_matters = 0.05;

static const struct doubt_cell *shown(const struct doubti_view *view, size_t i)
{
    return doubt_view_is_hidden(&view->cells[i]) ? NULL : &view->cells[i];
}

/* Restarts and iterations where all rows have the same, else their ranges. */
static void add_size(const struct doubti_view *view, struct doubt_str *line)
{
    int64_t least[2] = {INT64_MAX, INT64_MAX}, most[2] = {-1, -1};
    for (size_t i = 0; i < view->cell_count; i++) {
        const struct doubt_cell *cell = shown(view, i);
        if (cell == NULL || cell->restarts < 1 || cell->iterations < 1)
            continue;
        const int64_t sizes[2] = {cell->restarts, cell->iterations};
        for (int k = 0; k < 2; k++) {
            least[k] = sizes[k] < least[k] ? sizes[k] : least[k];
            most[k] = sizes[k] > most[k] ? sizes[k] : most[k];
        }
    }
    static const char *const words[2] = {"restarts", "iterations"};
    for (int k = 0; most[0] > 0 && k < 2; k++) {
        doubt_str_addf(line, "%s%" PRId64, k > 0 ? " × " : "", least[k]);
        if (most[k] > least[k])
            doubt_str_addf(line, " to %" PRId64, most[k]);
        doubt_str_addf(line, " %.*s", (int)strlen(words[k]) - (most[k] == 1), words[k]);
    }
}

static void how(const struct doubti_view *view)
{
    const struct doubt_series *series = view->series;
    struct doubt_str line;
    char text[64];
    doubt_str_init(&line, 1024);
    add_size(view, &line);
    if (isfinite(series->overhead_ns)) {
        doubt_units_format_duration(doubt_whole(series->overhead_ns + 0.5), text, sizeof text);
        doubt_str_addf(&line, "%smeasuring cost %s each", line.len > 0 ? " · " : "", text);
    }
    if (series->begun_ns != DOUBT_MISSING_I64 && series->ended_ns != DOUBT_MISSING_I64) {
        int64_t seconds = (series->ended_ns - series->begun_ns + 999999999) / 1000000000;
        doubt_units_format_duration(seconds * 1000000000, text, sizeof text);
        doubt_str_addf(&line, "%stook %s", line.len > 0 ? " · " : "", text);
    }
    if (series->seed != NULL)
        doubt_str_addf(&line, "%sseed %s", line.len > 0 ? " · " : "", series->seed);
    doubti_view_note(view, "measured", doubt_str_text(&line));
    doubt_str_free(&line);
}

/* By which share the printed rate is above the reciprocal of the mean; 0 where the digits agree. */
static double above_reciprocal(const struct doubt_cell *cell)
{
    char rate[DOUBTI_VIEW_TEXT_BYTES], reciprocal[DOUBTI_VIEW_TEXT_BYTES];
    double batch = cell->batch == DOUBT_MISSING_I64 ? 1 : (double)cell->batch;
    double plain = batch * 1e9 / cell->mean_ns;
    doubti_view_rate(cell->fps, rate, sizeof rate);
    doubti_view_rate(plain, reciprocal, sizeof reciprocal);
    return isfinite(cell->fps) && isfinite(plain) && strcmp(rate, reciprocal) != 0
               ? cell->fps / plain - 1
               : 0;
}

/* A reader who divides 1000 by the mean must not think that one of the two is wrong. */
static void rates(const struct doubti_view *view)
{
    struct doubt_str line;
    double most = 0;
    bool batched = false;
    char text[32];
    for (size_t i = 0; i < view->cell_count && !doubti_view_is_comparison(view->series); i++) {
        const struct doubt_cell *cell = shown(view, i);
        if (cell == NULL)
            continue;
        most = fmax(most, above_reciprocal(cell));
        batched = batched || cell->batch > 1;
    }
    if (most < 1e-4) /* the last digit of many */
        return;
    doubt_str_init(&line, 512);
    snprintf(text, sizeof text, "%.*f %%", most < 0.001 ? 2 : most < 0.1 ? 1 : 0, 100 * most);
    doubt_str_addf(
        &line,
        "the mean of the restarts' rates, which is above %s1000 / mean ms where restarts "
        "differ: here by up to %s",
        batched ? "batch × " : "", text);
    doubti_view_note(view, "FPS", doubt_str_text(&line));
    doubt_str_free(&line);
}

static void machine(const struct doubti_view *view)
{
    const struct doubt_series *series = view->series;
    struct doubt_str line;
    char text[64];
    doubt_str_init(&line, 2048);
    if (series->kernel != NULL)
        doubt_str_add(&line, series->kernel);
    if (series->memory_bytes != DOUBT_MISSING_I64) {
        doubt_units_format_bytes((uint64_t)series->memory_bytes, text, sizeof text);
        doubt_str_addf(&line, "%s%s memory", line.len > 0 ? ", " : "", text);
    }
    if (series->governor != NULL && series->governor[0] != '\0')
        doubt_str_addf(&line, ", governor %s", series->governor);
    if (isfinite(series->temperature_max_c))
        doubt_str_addf(&line, ", up to %.0f °C", series->temperature_max_c);
    doubti_view_note(view, "machine", doubt_str_text(&line));
    doubt_str_free(&line);
}

/* What was asked of the workers' processes, as they read it back. */
static void workers(const struct doubti_view *view)
{
    const struct doubt_cell *seen = NULL;
    int64_t locked_bytes = DOUBT_MISSING_I64;
    struct doubt_str line;
    char text[64];
    for (size_t i = 0; i < view->cell_count; i++) {
        const struct doubt_cell *cell = shown(view, i);
        if (cell != NULL && cell->locked_bytes > locked_bytes)
            locked_bytes = cell->locked_bytes;
        if (cell != NULL && (cell->cpus != NULL || cell->priority != DOUBT_MISSING_I64))
            seen = cell;
    }
    doubt_str_init(&line, 2048);
    if (seen != NULL && seen->cpus != NULL)
        doubt_str_addf(&line, "on CPU %s only", seen->cpus);
    if (seen != NULL && seen->priority != DOUBT_MISSING_I64)
        doubt_str_addf(&line, "%spriority %" PRId64, line.len > 0 ? ", " : "", seen->priority);
    if (locked_bytes != DOUBT_MISSING_I64) {
        doubt_units_format_bytes((uint64_t)locked_bytes, text, sizeof text);
        doubt_str_addf(&line, "%sup to %s locked in memory", line.len > 0 ? ", " : "", text);
    }
    doubti_view_note(view, "workers", doubt_str_text(&line));
    doubt_str_free(&line);
}

/* How much longer a mean became if others sat on one CPU at a time, halved the speed there, and
 * every inference waited for that CPU: time with company is share x CPUs, and inferences in it take
 * twice as long. From one whole CPU on there may be several others on each, and this says no more.
 */
static double likely_cost(double share, int64_t cpus)
{
    double time = share * (double)(cpus > 0 ? cpus : 1);
    return time < 1 ? 1 / (1 - time / 2) - 1 : INFINITY;
}

static double or_zero(double share)
{
    return isfinite(share) && share > 0 ? share : 0;
}

static void add_cost(struct doubt_str *line, const char *verb, double cost)
{
    char text[32];
    doubti_view_percent(cost, text, sizeof text);
    if (isfinite(cost))
        doubt_str_addf(line, "; this can %s the means %s longer", verb, text);
    else
        doubt_str_addf(line, "; this can %s the means twice as long, or longer", verb);
}

/* " (cc1 0.20), the hypervisor took 6 %", appended: whose work it was before. */
static void add_names_before(const struct doubt_series *series, struct doubt_str *out)
{
    double steal = or_zero(series->steal_before_share);
    char text[32];
    if (series->others_before_names != NULL)
        doubt_str_addf(out, " (%s)", series->others_before_names);
    if (steal < before_matters)
        return;
    doubti_view_percent(steal, text, sizeof text);
    doubt_str_addf(out, ", the hypervisor took %s", text);
}

/* The share before; false where it is no matter. */
static bool was_busy(const struct doubt_series *series, char *share, size_t share_bytes)
{
    double others = or_zero(series->others_before_share);
    doubti_view_percent(others, share, share_bytes);
    return others + or_zero(series->steal_before_share) >= before_matters;
}

bool doubt_view_before(const struct doubt_series *series, struct doubt_str *out)
{
    double share = or_zero(series->others_before_share),
           steal = or_zero(series->steal_before_share);
    char text[32];
    if (!was_busy(series, text, sizeof text))
        return false;
    doubt_str_addf(out, "others used %s of the CPUs in the half second before it began", text);
    add_names_before(series, out);
    add_cost(out, "make", likely_cost(share + steal, series->cpu_count));
    return true;
}

/* Of a machine that was busy before and idle while it was measured. */
static void before(const struct doubti_view *view)
{
    struct doubt_str line;
    doubt_str_init(&line, 2048);
    if (doubt_view_before(view->series, &line))
        doubti_view_note(view, "busy before", doubt_str_text(&line));
    doubt_str_free(&line);
}

static void others(const struct doubti_view *view)
{
    const struct doubt_series *series = view->series;
    double share = or_zero(series->others_share), steal = or_zero(series->steal_share);
    if (share + steal < others_matter) {
        before(view);
        return;
    }
    struct doubt_str line;
    char text[32];
    doubt_str_init(&line, 4096);
    doubti_view_percent(share, text, sizeof text);
    doubt_str_addf(&line, "used %s of the CPUs", text);
    if (isfinite(series->others_peak_share)) {
        doubti_view_percent(series->others_peak_share, text, sizeof text);
        doubt_str_addf(&line, ", %s in the worst second", text);
    }
    if (series->others_names != NULL && series->others_names[0] != '\0')
        doubt_str_addf(&line, " (%s)", series->others_names);
    if (steal >= others_matter) {
        doubti_view_percent(steal, text, sizeof text);
        doubt_str_addf(&line, "; the hypervisor took %s", text);
    }
    if (was_busy(series, text, sizeof text)) {
        doubt_str_addf(&line, "; %s just before it began", text);
        add_names_before(series, &line);
    }
    add_cost(&line, "have made", likely_cost(share + steal, series->cpu_count));
    doubti_view_note(view, "others", doubt_str_text(&line));
    doubt_str_free(&line);
}

/* What nobody held still; a soak that there was none of is one more such thing. */
static void not_controlled(const struct doubti_view *view)
{
    const struct doubt_series *series = view->series;
    struct doubt_str line;
    doubt_str_init(&line, 4096);
    if (series->not_controlled != NULL)
        doubt_str_add(&line, series->not_controlled);
    if (doubti_view_had_no_soak(series))
        doubt_str_addf(&line, "%ssoak %s", line.len > 0 ? "; " : "", series->soak);
    doubti_view_note(view, "not controlled", doubt_str_text(&line));
    doubt_str_free(&line);
}

/* The caller's lines: where the series was kept ends the page. */
static void notes(const struct doubti_view *view, bool kept)
{
    const struct doubt_view_note *note = view->style->notes;
    for (; note != NULL && note->key != NULL; note++)
        if ((strcmp(note->key, "kept") == 0) == kept)
            doubti_view_note(view, note->key, note->text);
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* Reasons are phrases separated by "; ", each a line of its own with the rows that share it; what
 * an engine said of its failure is one phrase. */
struct phrase {
    const char *state, *text;
    size_t bytes;
};

/* The phrase that begins at *at, which then stands at the next one; false at the end. */
static bool next_phrase(const struct doubt_cell *cell, const char **at, struct phrase *phrase)
{
    static const char gap[] = "; ";
    if (*at == NULL || **at == '\0')
        return false;
    const char *state = or_empty(cell->state);
    bool sentence = strcmp(state, "failed") == 0 || strcmp(state, "void") == 0;
    const char *end = sentence ? NULL : strstr(*at, gap);
    /* The first phrase says why the cell is in its state; the others are remarks. */
    if (*at != cell->reason)
        state = "measured";
    *phrase = (struct phrase){state, *at, end != NULL ? (size_t)(end - *at) : strlen(*at)};
    *at = end != NULL ? end + strlen(gap) : NULL;
    return true;
}

static bool has_phrase(const struct doubt_cell *cell, const struct phrase *wanted)
{
    struct phrase phrase;
    for (const char *at = cell->reason; next_phrase(cell, &at, &phrase);)
        if (strcmp(phrase.state, wanted->state) == 0 && phrase.bytes == wanted->bytes &&
            memcmp(phrase.text, wanted->text, phrase.bytes) == 0)
            return true;
    return false;
}

static bool several_engines(const struct doubti_view *view)
{
    const char *first = NULL;
    for (size_t i = 0; i < view->cell_count; i++) {
        const struct doubt_cell *cell = shown(view, i);
        if (cell == NULL)
            continue;
        if (first != NULL && strcmp(first, or_empty(cell->engine)) != 0)
            return true;
        first = or_empty(cell->engine);
    }
    return false;
}

void doubti_view_add_name(const struct doubti_view *view, const struct doubt_cell *cell,
                          struct doubt_str *line)
{
    char engine[DOUBTI_VIEW_TEXT_BYTES] = "";
    if (doubti_view_is_comparison(view->series)) {
        doubt_str_addf(line, "%s%s", line->len > 0 ? ", " : "", cell->number == 0 ? "A" : "B");
        return;
    }
    doubt_str_addf(line, "%s%s", line->len > 0 ? ", " : "",
                   cell->title != NULL ? cell->title : or_empty(cell->network));
    if (several_engines(view)) {
        doubti_view_engine(cell, engine, sizeof engine);
        doubt_str_addf(line, " %.*s", (int)strcspn(engine, " "), engine);
    }
    if (cell->precision_asked != NULL)
        doubt_str_addf(line, " %s", cell->precision_asked);
}

/* One line: the rows from `first` on that have the phrase, or all, or no word of rows where there
 * is only one. Nothing when a row before has it: then its line is there already. */
static void add_phrase(const struct doubti_view *view, size_t first, const struct phrase *phrase)
{
    struct doubt_str line;
    size_t rows = 0, named = 0;
    doubt_str_init(&line, 16384);
    for (size_t i = 0; i < view->cell_count; i++) {
        const struct doubt_cell *cell = shown(view, i);
        if (cell == NULL)
            continue;
        rows++;
        if (!has_phrase(cell, phrase))
            continue;
        if (i < first) {
            doubt_str_free(&line);
            return;
        }
        named++;
        doubti_view_add_name(view, cell, &line);
    }
    if (named == rows) {
        doubt_str_clear(&line);
        doubt_str_add(&line, rows < 2                                  ? ""
                             : doubti_view_is_comparison(view->series) ? "A and B"
                                                                       : "all rows");
    }
    doubt_str_addf(&line, "%s%.*s", line.len > 0 ? ": " : "", (int)phrase->bytes, phrase->text);
    bool remark = strcmp(phrase->state, "measured") == 0 || phrase->state[0] == '\0';
    doubti_view_note(view, remark ? "remark" : phrase->state, doubt_str_text(&line));
    doubt_str_free(&line);
}

/* What is not simply measured. */
static void reasons(const struct doubti_view *view)
{
    for (size_t i = 0; i < view->cell_count; i++) {
        const struct doubt_cell *cell = shown(view, i);
        struct phrase phrase;
        for (const char *at = cell != NULL ? cell->reason : NULL; next_phrase(cell, &at, &phrase);)
            add_phrase(view, i, &phrase);
    }
}

void doubti_view_below(const struct doubti_view *view)
{
    const struct doubt_series *series = view->series;
    if (series->state != NULL && strcmp(series->state, "interrupted") == 0)
        doubti_view_note(view, "interrupted", "the figures rest on what was measured until then");
    if (series->state != NULL && strcmp(series->state, "running") == 0)
        doubti_view_note(view, "unfinished", "the series was never ended: it runs, or was killed");
    if (series->state != NULL && strcmp(series->state, "killed") == 0)
        doubti_view_note(view, "killed",
                         "the series was never ended, and its process is gone: the figures rest on "
                         "the restarts that were kept until then, and are not judged");
    /* By weight: what decides whether the answer stands, then what describes the machine. */
    how(view);
    rates(view);
    reasons(view);
    doubti_view_short(view);
    doubti_view_note(view, "cut", series->cut);
    others(view);
    doubti_view_providers(view);
    doubti_view_plan(view);
    doubti_view_graphs(view);
    doubti_view_vendors(view);
    doubti_view_error(view);
    doubti_view_note(view, "left out", series->left_out);
    notes(view, false);
    workers(view);
    machine(view);
    doubti_view_peak(view);
    doubti_view_state(view);
    not_controlled(view);
    notes(view, true);
}
