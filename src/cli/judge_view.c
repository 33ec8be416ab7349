/* judge_view.c: judged figures as people read them: a table, and a line for each thing that has to
 * be known with it. See judge.h. */
#include "cli/judge.h"

#include "report/table.h"
#include "report/view.h"
#include "util/whole.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CELL_BYTES = 120, END_BYTES = 24, KEY_COLUMNS = 15, LOOKS_RESTARTS = 80 };

enum column { NAME, MEASURED, HERE, INTERVAL, CLAIM, READS, PERCENT, VERDICT, COLUMN_COUNT };

static const struct doubt_table_column columns[COLUMN_COUNT] = {
    [NAME] = {"run", false, 0},
    [MEASURED] = {"measured", true, 0},
    [HERE] = {"in the claim's unit", true, 3},
    [INTERVAL] = {"interval", true, 1},
    [CLAIM] = {"claim", true, 0},
    [READS] = {"reads as", true, 2},
    [PERCENT] = {"% of claim", true, 0},
    [VERDICT] = {"verdict", false, 0},
};

/* --- cells ---------------------------------------------------------------------------------- */

/* In the claim's written unit. */
static double shown(const struct doubt_judge_row *row, double value)
{
    return value / row->claim.unit_scale;
}

/* Two digits of the interval's half width, or of the way to its one known end; without an interval,
 * two beyond the claim's last. */
static int row_decimals(const struct doubt_judge_row *row)
{
    double half = (row->hi - row->lo) / 2;
    if (row->basis == DOUBT_JUDGE_NUMBER)
        half = (row->claim.hi - row->claim.lo) / 10;
    else if (isnan(half))
        half = isnan(row->lo) ? row->hi - row->value : row->value - row->lo;
    double places = ceil(-log10(shown(row, half) / 10) - 1e-9);
    return places < 0 ? 0 : places > 9 ? 9 : (int)doubt_whole(places);
}

/* As many as were typed: the edges are half a unit of the last one away. */
static int written_decimals(const struct doubt_figure *figure)
{
    /* A computed value has no digits of its own: six are shown. */
    const double open = figure->hi - figure->lo;
    const double last = open > 0 ? open : figure->value * 1e-5;
    double places = open > 0 ? round(-log10(last / figure->unit_scale))
                             : ceil(-log10(last / figure->unit_scale));
    return places < 0 ? 0 : places > 17 ? 17 : (int)doubt_whole(places);
}

/* "26.2355 ms"; several: their mean and number. */
static void measured_text(const struct doubt_judge_row *row, char *out)
{
    const struct doubt_figure *first = &row->values.items[0];
    if (row->values.count > 1)
        snprintf(out, CELL_BYTES, "%zu restarts", row->values.count);
    else
        snprintf(out, CELL_BYTES, "%.*f %s", written_decimals(first),
                 first->value / first->unit_scale, first->unit);
}

static void here_text(const struct doubt_judge_row *row, char *out)
{
    const struct doubt_figure *first = &row->values.items[0];
    bool same = row->values.count == 1 && strcmp(first->unit, row->claim.unit) == 0;
    if (!same)
        snprintf(out, CELL_BYTES, "%.*f", row_decimals(row), shown(row, row->value));
}

/* "" of an end that is not known. */
static void end_text(double end, int places, char out[END_BYTES])
{
    out[0] = '\0';
    if (isfinite(end))
        snprintf(out, END_BYTES, "%.*f", places, end);
}

static void interval_text(const struct doubt_judge_row *row, char *out)
{
    char lo[END_BYTES], hi[END_BYTES];
    const int places = row_decimals(row);
    end_text(shown(row, row->lo), places, lo);
    end_text(shown(row, row->hi), places, hi);
    doubt_view_interval(lo, hi, 0, out, CELL_BYTES);
}

/* "99.9 ± 0.4"; the ends where the farther one is half of the ratio away and more, or not known. */
static void percent_text(const struct doubt_judge_row *row, char *out)
{
    char lo[END_BYTES], hi[END_BYTES], ends[CELL_BYTES / 2];
    double half = fmax(row->ratio - row->ratio_lo, row->ratio_hi - row->ratio);
    bool open = isnan(row->ratio_lo) || isnan(row->ratio_hi);
    if (row->basis == DOUBT_JUDGE_NUMBER) {
        snprintf(out, CELL_BYTES, "%.1f", 100 * row->ratio);
    } else if (open || half >= row->ratio / 2) {
        end_text(100 * row->ratio_lo, row->ratio_lo < 0.995 ? 1 : 0, lo);
        end_text(100 * row->ratio_hi, row->ratio_hi < 0.995 ? 1 : 0, hi);
        doubt_view_interval(lo, hi, 0, ends, sizeof ends);
        snprintf(out, CELL_BYTES, "%.0f (%s)", 100 * row->ratio, ends);
    } else {
        snprintf(out, CELL_BYTES, "%.1f ± %.1f", 100 * row->ratio, ceil(1000 * half - 1e-9) / 10);
    }
}

static const char *verdict_text(const struct doubt_judge_row *row)
{
    if (row->verdict != DOUBT_VERDICT_NONE)
        return doubt_verdict_name(row->verdict);
    return row->inside ? "inside, no verdict" : "outside, no verdict";
}

static enum doubt_code add_row(const void *context, size_t i, struct doubt_table *table,
                               struct doubt_err *err)
{
    const struct doubt_judge_table *judged = context;
    const struct doubt_judge_row *row = &judged->rows[i];
    char cells[COLUMN_COUNT][CELL_BYTES] = {""};
    const char *texts[COLUMN_COUNT];
    snprintf(cells[NAME], CELL_BYTES, "%s", row->name);
    measured_text(row, cells[MEASURED]);
    here_text(row, cells[HERE]);
    interval_text(row, cells[INTERVAL]);
    snprintf(cells[CLAIM], CELL_BYTES, "%s", row->claim_text);
    doubt_view_reads(&row->claim, cells[READS], CELL_BYTES);
    percent_text(row, cells[PERCENT]);
    for (int c = 0; c < COLUMN_COUNT; c++)
        texts[c] = cells[c];
    texts[VERDICT] = verdict_text(row);
    enum doubt_code code = doubt_table_add(table, texts, err);
    if (row->verdict == DOUBT_HOLDS || row->verdict == DOUBT_EXCEEDS)
        doubt_table_color(table, VERDICT, "green");
    else if (row->verdict == DOUBT_FALLS_SHORT)
        doubt_table_color(table, VERDICT, "red");
    return code;
}

/* --- lines below ---------------------------------------------------------------------------- */

static void line(const struct doubt_judge_table *table, struct doubt_str *out, const char *key,
                 const char *text)
{
    doubt_str_addf(out, "%-*s", KEY_COLUMNS, key);
    doubt_str_wrap(out, text, KEY_COLUMNS, table->width);
}

/* "row 3: " where there are several. */
static void add_name(const struct doubt_judge_table *table, const struct doubt_judge_row *row,
                     struct doubt_str *text)
{
    if (table->count > 1)
        doubt_str_addf(text, "row %d: ", (int)(row - table->rows) + 1);
}

/* Several rows are numbers or restarts, the latter all of one level. */
static void basis_line(const struct doubt_judge_table *table, const struct doubt_judge_row *row,
                       struct doubt_str *out)
{
    static const char unit_note[] =
        "; its ends are converted, since the restarts themselves are not known";
    struct doubt_str text;
    bool converted = row->values.items[0].kind != row->claim.kind;
    doubt_str_init(&text, 1024);
    if (row->basis == DOUBT_JUDGE_RESTARTS)
        doubt_str_addf(&text,
                       "%.4g %%: hull of Student's t and its skewness-adjusted form over the "
                       "restarts, and half a unit of the last digit typed",
                       100 * (1 - row->level));
    else if (row->basis == DOUBT_JUDGE_SUMMARY)
        doubt_str_addf(&text,
                       "%.4g %%: Student's t from mean, standard deviation and n = %.0f, which "
                       "must be restarts: iterations of one process are correlated, and say "
                       "nothing about another start%s",
                       100 * (1 - row->level), row->restarts, converted ? unit_note : "");
    else
        doubt_str_addf(&text, "taken as given at %.4g %%: how it was made is not known here%s",
                       100 * (1 - row->level), converted ? unit_note : "");
    line(table, out, "interval", doubt_str_text(&text));
    doubt_str_free(&text);
}

static bool is_open(const struct doubt_judge_row *row)
{
    return row->verdict == DOUBT_VERDICT_NONE || row->verdict == DOUBT_INCONCLUSIVE;
}

static void add_needed(const struct doubt_judge_row *row, struct doubt_str *text)
{
    const double spread = 100 * row->sd / row->value;
    if (isinf(row->needed))
        doubt_str_addf(text,
                       "not reachable: the mean, within its digits, lies on an edge of the claim "
                       "or next to it, so no number of restarts (spread %.3g %%) would settle it",
                       spread);
    else
        doubt_str_addf(text,
                       "at this spread (%.3g %% from restart to restart) a verdict needs about "
                       "%.0f restarts at level %.3g",
                       spread, fmax(row->needed, 5), row->level);
}

static void plan_line(const struct doubt_judge_table *table, const struct doubt_judge_row *row,
                      struct doubt_str *out)
{
    struct doubt_str text;
    doubt_str_init(&text, 1024);
    add_name(table, row, &text);
    add_needed(row, &text);
    if (isfinite(row->tolerance) && row->tolerance > 0 && row->needed > LOOKS_RESTARTS)
        doubt_str_addf(&text,
                       "; or, stated before a new series, a tolerance of %.1f %% at %.0f "
                       "restarts",
                       ceil(1000 * row->tolerance) / 10, row->restarts);
    line(table, out, "planning", doubt_str_text(&text));
    doubt_str_free(&text);
}

static void reason_line(const struct doubt_judge_table *table, const struct doubt_judge_row *row,
                        struct doubt_str *out)
{
    struct doubt_str text;
    doubt_str_init(&text, 1024);
    add_name(table, row, &text);
    doubt_str_add(&text, row->reason);
    line(table, out, "inconclusive", doubt_str_text(&text));
    doubt_str_free(&text);
}

static void claim_line(const struct doubt_judge_table *table, const struct doubt_judge_row *row,
                       struct doubt_str *out)
{
    struct doubt_str text;
    doubt_str_init(&text, 1024);
    doubt_str_addf(&text, "\"%s\": ", row->claim_text);
    if (row->claim.bound == DOUBT_FIGURE_UP_TO)
        doubt_str_addf(&text, "only its upper bound binds, so it cannot %s",
                       row->claim.kind == DOUBT_UNIT_TIME ? "be exceeded" : "fall short");
    else if (row->claim.bound == DOUBT_FIGURE_AT_LEAST)
        doubt_str_addf(&text, "only its lower bound binds, so it cannot %s",
                       row->claim.kind == DOUBT_UNIT_TIME ? "fall short" : "be exceeded");
    else
        doubt_str_add(&text, "no tolerance was stated with it; read as its digits are written");
    line(table, out, "claim", doubt_str_text(&text));
    doubt_str_free(&text);
}

static void row_lines(const struct doubt_judge_table *table, const struct doubt_judge_row *row,
                      struct doubt_str *out)
{
    if (row->verdict == DOUBT_INCONCLUSIVE)
        reason_line(table, row, out);
    if (!isnan(row->needed) && is_open(row) && !row->drifts)
        plan_line(table, row, out);
    if (row->claim.bound != DOUBT_FIGURE_TWO_SIDED || row->claim.about)
        claim_line(table, row, out);
}

static void error_line(const struct doubt_judge_table *table, size_t judged, struct doubt_str *out)
{
    const struct doubt_judge_how *how = table->how;
    struct doubt_str text;
    doubt_str_init(&text, 1024);
    double each =
        table->rows[0].basis == DOUBT_JUDGE_GIVEN ? how->given_level : 0.05 / (double)how->family;
    if (how->family > 1)
        doubt_str_addf(&text,
                       "a conclusive verdict is wrong with probability at most %.3g, and any of a "
                       "family of %lld with at most %.3g",
                       each, (long long)how->family, each * (double)how->family);
    else
        doubt_str_addf(&text, "a conclusive verdict is wrong with probability at most %.3g", each);
    if (judged > 1)
        doubt_str_addf(&text, "; of these %zu, at most %.3g are expected to be false%s", judged,
                       each * (double)judged,
                       how->family > 1 ? "" : " (--family makes it 0.05 for all together)");
    line(table, out, "error", doubt_str_text(&text));
    doubt_str_free(&text);
}

/* A unit that is wrong is a thousand times, or a rate for a time. */
static void units_line(const struct doubt_judge_table *table, struct doubt_str *out)
{
    bool far = false;
    for (size_t i = 0; i < table->count; i++)
        far |= table->rows[i].ratio > 100 || table->rows[i].ratio < 0.01;
    if (far)
        line(table, out, "units",
             "a measured value and its claim are more than 100 times apart: are both units right?");
}

/* What holds for all rows. */
static void common_lines(const struct doubt_judge_table *table, struct doubt_str *out)
{
    const struct doubt_judge_how *how = table->how;
    size_t judged = 0, conclusive = 0, numbers = 0;
    char text[200];
    for (size_t i = 0; i < table->count; i++) {
        judged += table->rows[i].verdict != DOUBT_VERDICT_NONE;
        conclusive += !is_open(&table->rows[i]);
        numbers += table->rows[i].basis == DOUBT_JUDGE_NUMBER;
    }
    if (numbers > 0)
        line(table, out, "no verdict",
             table->one_number != NULL
                 ? table->one_number
                 : "one number has no error bar: give its restarts (--measured again for each, or "
                   "a file), or --sd with --n, or --interval");
    units_line(table, out);
    /* What is open cannot be wrong. */
    if (conclusive > 0)
        error_line(table, judged, out);
    if (how->looks > 1) {
        snprintf(text, sizeof text, "%lld of %lld planned: each has %.3g of the error",
                 (long long)how->look, (long long)how->looks, 0.05 / (double)how->looks);
        line(table, out, "look", text);
    }
    if (table->options->tolerance > 0) {
        snprintf(text, sizeof text, "%.4g %% on each side of the claim's own digits",
                 100 * table->options->tolerance);
        line(table, out, "tolerance", text);
    }
    line(table, out, "not compared",
         table->not_compared != NULL
             ? table->not_compared
             : "device, precision, engine and whatever else the claim depends on");
}

enum doubt_code doubt_judge_view(const struct doubt_judge_table *table, struct doubt_str *out,
                                 struct doubt_err *err)
{
    const struct doubt_table_shape shape = {columns, COLUMN_COUNT, table->count,
                                            add_row, table->width, table->color};
    /* Names of files, whose ends tell runs apart. */
    static const struct doubt_table_narrow name = {NAME, 1, 20, DOUBT_TABLE_CUT_FRONT};
    enum doubt_code code = doubt_table_print_narrow(&shape, &name, table, out, err);
    if (code != DOUBT_OK)
        return code;
    doubt_str_add(out, "\n");
    const struct doubt_judge_row *spread = NULL;
    for (size_t i = 0; spread == NULL && i < table->count; i++)
        if (table->rows[i].basis != DOUBT_JUDGE_NUMBER)
            spread = &table->rows[i];
    if (spread != NULL)
        basis_line(table, spread, out);
    for (size_t i = 0; i < table->count; i++)
        row_lines(table, &table->rows[i], out);
    common_lines(table, out);
    return DOUBT_OK;
}
