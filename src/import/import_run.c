/* import_run.c: runs, their figures, notes and samples, as the importers fill them. See
 * import_int.h. */
#include "import/import_int.h"
#include "util/str.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In ns or 1/s: 30 years. Fourth powers of what is smaller are still numbers. */
static const double value_most = 1e18;
enum { SETTINGS_MAX = 64, FIGURES_MAX = 96, NOTES_MAX = 24, SHOWN_MAX = 60 };

/* Room for one more of `size` bytes; capacities are powers of two. */
static void *grow(struct doubti_reading *reading, void *items, size_t count, size_t size)
{
    if (count > 0 && (count & (count - 1)) != 0)
        return items;
    void *bigger = realloc(items, (count > 0 ? 2 * count : 1) * size);
    if (bigger == NULL && reading->failed == DOUBT_OK)
        reading->failed = doubt_err_set(reading->err, DOUBT_E_MEMORY, "out of memory for a run");
    return bigger;
}

struct doubt_import_run *doubti_run_add(struct doubti_reading *reading, const char *tool,
                                        const char *engine)
{
    struct doubt_import *import = reading->import;
    if (reading->failed != DOUBT_OK)
        return NULL;
    if (import->count >= DOUBT_IMPORT_RUNS_MAX) {
        reading->failed =
            doubt_err_set(reading->err, DOUBT_E_FORMAT, "line %zu: more than %d runs in one file",
                          reading->lines->number, DOUBT_IMPORT_RUNS_MAX);
        return NULL;
    }
    doubti_run_end_before(reading);
    void *runs = grow(reading, import->runs, import->count, sizeof *import->runs);
    if (runs == NULL)
        return NULL;
    import->runs = runs;
    struct doubt_import_run *run = &import->runs[import->count++];
    memset(run, 0, sizeof *run);
    run->first_line = run->last_line = reading->lines->number;
    run->main_time = run->main_rate = SIZE_MAX;
    run->sample_of = 1;
    doubt_str_copy(run->tool, sizeof run->tool, tool);
    doubt_str_copy(run->engine, sizeof run->engine, engine);
    return run;
}

void doubti_run_end_before(struct doubti_reading *reading)
{
    struct doubt_import_run *run = doubti_run_last(reading);
    const size_t before = reading->lines->number - (reading->lines->number > 0);
    if (run != NULL && run->last_line > before && run->first_line <= before)
        run->last_line = before;
}

struct doubt_import_run *doubti_run_last(struct doubti_reading *reading)
{
    struct doubt_import *import = reading->import;
    return import->count > 0 ? &import->runs[import->count - 1] : NULL;
}

void doubti_run_free(struct doubt_import_run *run)
{
    free(run->settings);
    free(run->figures);
    free(run->notes);
    free(run->samples);
}

void doubti_run_setting(struct doubti_reading *reading, const char *name, const char *value)
{
    struct doubt_import_run *run = doubti_run_last(reading);
    if (run == NULL || *doubti_skip_blanks(value) == '\0' || run->setting_count >= SETTINGS_MAX)
        return;
    for (size_t i = 0; i < run->setting_count; i++)
        if (strcmp(run->settings[i].name, name) == 0) {
            doubti_text_copy(run->settings[i].value, sizeof run->settings[i].value, value, NULL);
            return;
        }
    void *settings = grow(reading, run->settings, run->setting_count, sizeof *run->settings);
    if (settings == NULL)
        return;
    run->settings = settings;
    struct doubt_import_setting *setting = &run->settings[run->setting_count++];
    doubti_text_copy(setting->name, sizeof setting->name, name, NULL);
    doubti_text_copy(setting->value, sizeof setting->value, value, NULL);
}

void doubti_run_note(struct doubti_reading *reading, enum doubt_import_note_kind kind,
                     const char *format, ...)
{
    struct doubt_import_run *run = doubti_run_last(reading);
    char text[sizeof run->notes->text];
    va_list args;
    if (run == NULL)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (size_t i = 0; i < run->note_count; i++)
        if (strcmp(run->notes[i].text, text) == 0)
            return;
    if (run->note_count >= NOTES_MAX)
        return;
    void *notes = grow(reading, run->notes, run->note_count, sizeof *run->notes);
    if (notes == NULL)
        return;
    run->notes = notes;
    struct doubt_import_note *note = &run->notes[run->note_count++];
    note->kind = kind;
    note->line = 0;
    doubti_text_copy(note->text, sizeof note->text, text, NULL);
}

void doubti_run_refuse(struct doubti_reading *reading, const char *format, ...)
{
    struct doubt_import_run *run = doubti_run_last(reading);
    char text[sizeof run->refused];
    va_list args;
    if (run == NULL || run->refused[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    doubti_text_copy(run->refused, sizeof run->refused, text, NULL);
}

void doubti_run_sample(struct doubti_reading *reading, double ns)
{
    struct doubt_import_run *run = doubti_run_last(reading);
    if (run == NULL || reading->failed != DOUBT_OK)
        return;
    if (!(ns >= 0 && ns <= value_most)) {
        doubti_run_refuse(reading, "line %zu: a sample of %.3g ns is no time that was measured",
                          reading->lines->number, ns);
        return;
    }
    if (reading->samples >= DOUBT_IMPORT_SAMPLES_MAX) {
        reading->failed = doubt_err_set(reading->err, DOUBT_E_FORMAT,
                                        "line %zu: more than %d samples in one file",
                                        reading->lines->number, DOUBT_IMPORT_SAMPLES_MAX);
        return;
    }
    double *samples = grow(reading, run->samples, run->sample_count, sizeof *samples);
    if (samples == NULL)
        return;
    run->samples = samples;
    run->samples[run->sample_count++] = ns;
    reading->samples++;
}

/* --- figures -------------------------------------------------------------------------------- */

/* Units that these tools print, in ns or 1/s. */
static const struct {
    const char *name;
    double scale;
    enum doubt_unit_kind kind;
} units[] = {
    {"ns", 1, DOUBT_UNIT_TIME},          {"us", 1e3, DOUBT_UNIT_TIME},
    {"\xc2\xb5s", 1e3, DOUBT_UNIT_TIME}, {"ms", 1e6, DOUBT_UNIT_TIME},
    {"s", 1e9, DOUBT_UNIT_TIME},         {"sec", 1e9, DOUBT_UNIT_TIME},
    {"FPS", 1, DOUBT_UNIT_RATE},         {"qps", 1, DOUBT_UNIT_RATE},
    {"QPS", 1, DOUBT_UNIT_RATE},         {"img/s", 1, DOUBT_UNIT_RATE},
    {"samples/s", 1, DOUBT_UNIT_RATE},   {"fps", 1, DOUBT_UNIT_RATE},
    {"inf/s", 1, DOUBT_UNIT_RATE},       {"images/s", 1, DOUBT_UNIT_RATE},
    {"ips", 1, DOUBT_UNIT_RATE},
};
enum { UNIT_COUNT = sizeof units / sizeof units[0] };

/* The unit that text begins with; UNIT_COUNT: none. */
static size_t find_unit(const char *text)
{
    size_t size = 0;
    while (text[size] != '\0' && strchr(" \t,;()[]\"", text[size]) == NULL)
        size++;
    for (size_t i = 0; i < UNIT_COUNT; i++)
        if (strlen(units[i].name) == size && strncmp(units[i].name, text, size) == 0)
            return i;
    return UNIT_COUNT;
}

static size_t add_figure(struct doubti_reading *reading, const struct doubti_place *place)
{
    struct doubt_import_run *run = doubti_run_last(reading);
    if (run == NULL || reading->failed != DOUBT_OK || run->figure_count >= FIGURES_MAX)
        return SIZE_MAX;
    void *figures = grow(reading, run->figures, run->figure_count, sizeof *run->figures);
    if (figures == NULL)
        return SIZE_MAX;
    run->figures = figures;
    struct doubt_import_figure *figure = &run->figures[run->figure_count];
    memset(figure, 0, sizeof *figure);
    doubti_text_copy(figure->name, sizeof figure->name, place->name, NULL);
    doubti_text_copy(figure->statistic, sizeof figure->statistic, place->statistic, NULL);
    doubti_text_copy(figure->boundary, sizeof figure->boundary, place->boundary, NULL);
    return run->figure_count++;
}

static void set_figure(struct doubt_import_figure *figure, size_t unit, double value, double half)
{
    const double scale = units[unit].scale;
    figure->figure = (struct doubt_figure){.kind = units[unit].kind,
                                           .value = value * scale,
                                           .lo = fmax(0, value - half) * scale,
                                           .hi = (value + half) * scale,
                                           .unit_scale = scale};
    doubt_str_copy(figure->figure.unit, sizeof figure->figure.unit, units[unit].name);
}

static void refuse_figure(struct doubti_reading *reading, const struct doubti_place *place,
                          const char *text, const char *why)
{
    char shown[SHOWN_MAX];
    doubti_text_copy(shown, sizeof shown, text, ",");
    doubti_run_refuse(reading, "line %zu: %s, %s: \"%s\" %s", reading->lines->number, place->name,
                      place->statistic, shown, why);
}

size_t doubti_run_figure(struct doubti_reading *reading, const struct doubti_place *place,
                         const char *text, const char *unit_or_null)
{
    double value, half;
    text = doubti_skip_blanks(text);
    const char *end = doubti_number(text, &value, &half);
    if (end == NULL) {
        refuse_figure(reading, place, text,
                      *text == '-' ? "is negative" : "is no number from 0 up");
        return SIZE_MAX;
    }
    size_t unit = find_unit(unit_or_null != NULL ? unit_or_null : doubti_skip_blanks(end));
    if (unit == UNIT_COUNT) {
        refuse_figure(reading, place, text, "has no unit that is a time or a rate");
        return SIZE_MAX;
    }
    if (value * units[unit].scale > value_most) {
        refuse_figure(reading, place, text, "is larger than anything that can be measured");
        return SIZE_MAX;
    }
    size_t index = add_figure(reading, place);
    if (index == SIZE_MAX)
        return index;
    struct doubt_import_figure *figure = &doubti_run_last(reading)->figures[index];
    set_figure(figure, unit, value, half);
    figure->line = reading->lines->number;
    snprintf(figure->text, sizeof figure->text, "%.*s %s", (int)(end - text), text,
             units[unit].name);
    return index;
}

size_t doubti_run_computed(struct doubti_reading *reading, const struct doubti_place *place,
                           double value, double half, const char *unit)
{
    size_t at = find_unit(unit);
    if (!isfinite(value) || at == UNIT_COUNT)
        return SIZE_MAX;
    size_t index = add_figure(reading, place);
    if (index == SIZE_MAX)
        return index;
    struct doubt_import_figure *figure = &doubti_run_last(reading)->figures[index];
    set_figure(figure, at, value / units[at].scale, half / units[at].scale);
    figure->computed = true;
    bool whole = strcmp(unit, "ns") == 0 && value >= 1 && value < 1e15;
    snprintf(figure->text, sizeof figure->text, whole ? "%.0f %s" : "%.6g %s",
             value / units[at].scale, units[at].name);
    return index;
}

void doubti_run_summarise(struct doubti_reading *reading, const struct doubti_place places[4])
{
    struct doubt_import_run *run = doubti_run_last(reading);
    const struct doubt_import_statistics *s = &run->statistics;
    run->main_time = doubti_run_computed(reading, &places[0], s->mean, 0, "ms");
    doubti_run_computed(reading, &places[1], s->median, 0, "ms");
    if (isfinite(s->p90_hi))
        doubti_run_computed(reading, &places[2], s->p90, 0, "ms");
    if (isfinite(s->p99_hi))
        doubti_run_computed(reading, &places[3], s->p99, 0, "ms");
}

struct doubt_import_figure *doubti_run_find(const struct doubt_import_run *run, const char *name,
                                            const char *statistic)
{
    for (size_t i = 0; run != NULL && i < run->figure_count; i++)
        if (strcmp(run->figures[i].name, name) == 0 &&
            strcmp(run->figures[i].statistic, statistic) == 0)
            return &run->figures[i];
    return NULL;
}

/* --- what cannot be ------------------------------------------------------------------------- */

/* The place of a statistic in the order of quantiles: 0 the minimum, 100 the maximum. -1: none. */
static double rank_of(const char *statistic)
{
    double percent, half;
    if (strcmp(statistic, "min") == 0)
        return 0;
    if (strcmp(statistic, "median") == 0)
        return 50;
    if (strcmp(statistic, "max") == 0)
        return 100;
    return statistic[0] == 'p' && doubti_number(statistic + 1, &percent, &half) != NULL ? percent
                                                                                        : -1;
}

/* Two figures of one name: is low above high by more than their digits leave open? */
static void check_pair(struct doubti_reading *reading, struct doubt_import_figure *low,
                       struct doubt_import_figure *high)
{
    if (low->figure.lo <= high->figure.hi || low->figure.kind != high->figure.kind)
        return;
    bool mean = strcmp(low->statistic, "mean") == 0 || strcmp(high->statistic, "mean") == 0;
    if (!mean || strcmp(low->statistic, "mean") == 0)
        low->wrong = true;
    if (!mean || strcmp(high->statistic, "mean") == 0)
        high->wrong = true;
    doubti_run_note(reading, DOUBT_IMPORT_WRONG, "%s: %s %s (line %zu) is above %s %s (line %zu)",
                    low->name, low->statistic, low->text, low->line, high->statistic, high->text,
                    high->line);
}

void doubti_run_check_order(struct doubti_reading *reading)
{
    struct doubt_import_run *run = doubti_run_last(reading);
    for (size_t i = 0; run != NULL && i < run->figure_count; i++)
        for (size_t k = 0; k < run->figure_count; k++) {
            struct doubt_import_figure *a = &run->figures[i], *b = &run->figures[k];
            double low = rank_of(a->statistic), high = rank_of(b->statistic);
            bool mean_above = low == 0 && strcmp(b->statistic, "mean") == 0;
            bool mean_below = high == 100 && strcmp(a->statistic, "mean") == 0;
            if (strcmp(a->name, b->name) == 0 && !a->computed && !b->computed &&
                ((low >= 0 && low < high) || mean_above || mean_below))
                check_pair(reading, a, b);
        }
}

/* --- asking --------------------------------------------------------------------------------- */

static bool answers(const struct doubt_import_run *run, const struct doubt_import_figure *figure,
                    const struct doubt_import_wanted *wanted)
{
    const char *statistic = wanted->statistic;
    bool same = strcmp(statistic, figure->statistic) == 0 ||
                (strcmp(statistic, "p50") == 0 && strcmp(figure->statistic, "median") == 0) ||
                (strcmp(statistic, "median") == 0 && strcmp(figure->statistic, "p50") == 0) ||
                strcmp(figure->statistic, "value") == 0; /* a column that does not say */
    bool rate = figure->figure.kind == DOUBT_UNIT_RATE;
    bool kind = figure->figure.kind == wanted->kind ||
                (run->converts && (!rate || figure->boundary[0] == '\0'));
    return kind && !figure->wrong && figure->figure.value > 0 && (statistic[0] == '\0' || same) &&
           (wanted->boundary[0] == '\0' || strcmp(wanted->boundary, figure->boundary) == 0);
}

const struct doubt_import_figure *doubt_import_pick(const struct doubt_import_run *run,
                                                    const struct doubt_import_wanted *wanted)
{
    const bool rate = wanted->kind == DOUBT_UNIT_RATE;
    const size_t first = rate && run->main_rate != SIZE_MAX ? run->main_rate : run->main_time;
    const size_t second = first == run->main_rate ? run->main_time : run->main_rate;
    const size_t mains[] = {first, second};
    if (run->refused[0] != '\0')
        return NULL;
    /* A rate that was counted is not replaced by a time when it is wrong. */
    for (int i = 0; i < (rate && run->main_rate != SIZE_MAX ? 1 : 2); i++)
        if (mains[i] < run->figure_count && answers(run, &run->figures[mains[i]], wanted))
            return &run->figures[mains[i]];
    /* Without a statistic, another boundary is asked for the same one. */
    const struct doubt_import_figure *stands =
        run->main_time < run->figure_count ? &run->figures[run->main_time] : NULL;
    struct doubt_import_wanted other = *wanted;
    if (other.statistic[0] == '\0' && (stands == NULL || other.boundary[0] == '\0'))
        return NULL;
    if (other.statistic[0] == '\0')
        other.statistic = stands->statistic;
    /* Other statistics of the figure that stands for the run, then any. */
    for (int others = 0; others < 2; others++)
        for (size_t i = 0; i < run->figure_count; i++) {
            bool same = stands != NULL && strcmp(run->figures[i].name, stands->name) == 0;
            if ((same || others == 1) && answers(run, &run->figures[i], &other))
                return &run->figures[i];
        }
    return NULL;
}
