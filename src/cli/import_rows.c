/* import_rows.c: which figure of a run answers which claim, and what can be said of it. See
 * import_rows.h. */
#include "cli/import_rows.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One row to be made: a run, its claim, and the figure's text. */
struct match {
    const struct doubt_import_run *run;
    const struct doubt_claim *claim;
    char text[96];
    struct doubt_figure figure;
    const struct doubt_import_figure *answer;
    bool other_statistic, other_boundary; /* the answer is not quite what the claim is of */
};

/* --- claims by name ------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) != 0;
}

/* What follows a network's name and is no other network: sizes, batches, precisions ("_224x224",
 * "_b8",
 * "-fp16"): words with a digit, or of two letters at most. "-tiny" and "_v2" are other ones. */
static bool is_addition(const char *rest)
{
    while (*rest != '\0') {
        size_t size = 0;
        bool digit = false;
        for (; is_word(rest[size]); size++)
            digit |= isdigit((unsigned char)rest[size]) != 0;
        bool version = size > 1 && tolower((unsigned char)rest[0]) == 'v' && digit;
        if (version || (size > 2 && !digit))
            return false;
        rest += size > 0 ? size : 1;
    }
    return true;
}

/* How well a claim's name names the network: 0 not at all, else the letters and digits they share
 * from the beginning; a whole match counts double. */
static size_t score_name(const char *network, const char *name)
{
    size_t same = 0;
    while (true) {
        while (*name != '\0' && !is_word(*name))
            name++;
        if (*name == '\0')
            break;
        while (*network != '\0' && !is_word(*network))
            network++;
        if (tolower((unsigned char)*network) != tolower((unsigned char)*name))
            return 0;
        network++;
        name++;
        same++;
    }
    if (same == 0 || is_word(*network) || !is_addition(network))
        return 0;
    return *network == '\0' ? 2 * same : same;
}

static size_t score(const char *network, const struct doubt_claim *claim)
{
    size_t best = score_name(network, claim->title);
    const char *const names[] = {claim->network, claim->id};
    for (int i = 0; i < 2; i++) {
        size_t one = score_name(network, names[i]);
        best = one > best ? one : best;
    }
    return best;
}

static void run_name(const struct doubt_import_file *file, const struct doubt_import_run *run,
                     char *out, size_t out_bytes)
{
    const char *name = run->network[0] != '\0' ? run->network : run->name;
    if (name[0] != '\0')
        doubt_str_copy(out, out_bytes, name);
    else
        snprintf(out, out_bytes, "%.60s, run %d", file->import.label,
                 (int)(run - file->import.runs) + 1);
}

static void add_tie(const struct doubt_claim *a, const struct doubt_claim *b,
                    const struct doubt_import_run *run, struct doubt_import_rows *rows)
{
    size_t used = strlen(rows->ambiguous), room = sizeof rows->ambiguous - used;
    if (room > 200)
        snprintf(rows->ambiguous + used, room, "%s%.50s (%.60s or %.60s)", used > 0 ? ", " : "",
                 run->network, a->id, b->id);
}

/* The claim whose name fits the run's network best; NULL: none does, or several do. */
static const struct doubt_claim *find_claim(const struct doubt_claim_set *set,
                                            const struct doubt_import_run *run,
                                            struct doubt_import_rows *rows)
{
    const struct doubt_claim *found = NULL, *tie = NULL;
    size_t best = 0;
    for (size_t i = 0; i < set->count; i++) {
        size_t one = score(run->network, &set->claims[i]);
        tie = one == best ? &set->claims[i] : tie;
        if (one <= best)
            continue;
        best = one;
        found = &set->claims[i];
        tie = NULL;
    }
    if (best > 0 && tie != NULL)
        add_tie(found, tie, run, rows);
    else
        rows->unclaimed += found == NULL;
    return tie == NULL ? found : NULL;
}

static enum doubt_code find_id(const struct doubt_claim_set *set, const char *id,
                               const struct doubt_claim **found, struct doubt_err *err)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->claims[i].id, id) == 0) {
            *found = &set->claims[i];
            return DOUBT_OK;
        }
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "--id %.60s: claim set %s has no such claim; doubt "
                         "claims %s lists them",
                         id, set->name, set->name);
}

/* --- figures -------------------------------------------------------------------------------- */

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* What the claim is of; the command line goes before it. */
static void want(const struct doubt_import_question *question, const struct match *match,
                 struct doubt_import_wanted *wanted)
{
    const struct doubt_claim *claim = match->claim;
    wanted->kind = match->figure.kind;
    wanted->statistic = or_empty(question->statistic);
    wanted->boundary = or_empty(question->boundary);
    if (claim == NULL)
        return;
    if (wanted->statistic[0] == '\0')
        wanted->statistic =
            strcmp(claim->statistic, "scheduled rate") == 0 ? "throughput" : claim->statistic;
    if (wanted->boundary[0] == '\0')
        wanted->boundary = claim->boundary;
}

/* The figure asked for, else the nearest: another boundary, then another statistic. */
static void answer(const struct doubt_import_question *question, struct match *match)
{
    struct doubt_import_wanted wanted;
    want(question, match, &wanted);
    match->answer = doubt_import_pick(match->run, &wanted);
    if (match->answer != NULL || match->claim == NULL)
        return;
    if (question->boundary == NULL && wanted.boundary[0] != '\0') {
        wanted.boundary = "";
        match->other_boundary = true;
        match->answer = doubt_import_pick(match->run, &wanted);
    }
    if (match->answer == NULL && question->statistic == NULL && wanted.statistic[0] != '\0') {
        wanted.statistic = "";
        match->other_statistic = true;
        match->answer = doubt_import_pick(match->run, &wanted);
    }
}

/* Is there an earlier figure of this statistic and boundary? */
static bool is_listed(const struct doubt_import_run *run, size_t index)
{
    const struct doubt_import_figure *figure = &run->figures[index];
    for (size_t i = 0; i < index; i++)
        if (strcmp(run->figures[i].statistic, figure->statistic) == 0 &&
            strcmp(run->figures[i].boundary, figure->boundary) == 0)
            return true;
    return false;
}

static enum doubt_code refuse_answer(const struct doubt_import_question *question,
                                     const struct match *match, const char *name,
                                     struct doubt_err *err)
{
    char list[500] = "";
    size_t used = 0;
    for (size_t i = 0; i < match->run->figure_count && used + 90 < sizeof list; i++) {
        const struct doubt_import_figure *figure = &match->run->figures[i];
        if (!is_listed(match->run, i))
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s%s%s",
                                     used > 0 ? ", " : "", figure->statistic,
                                     figure->boundary[0] != '\0' ? " at " : "", figure->boundary);
    }
    return doubt_err_set(
        err, DOUBT_E_USAGE, "%s has no figure to be judged%s%s%s%s; its statistics are %s", name,
        question->statistic != NULL ? " of --statistic " : "", or_empty(question->statistic),
        question->boundary != NULL ? " at --boundary " : "", or_empty(question->boundary), list);
}

/* --- conditions ----------------------------------------------------------------------------- */

/* What the log does not print is unknown; a measured cell always has a device and an engine. There
 * is room for two letters more each time. */
static void correct(char *differs, const char *printed, const char *what)
{
    char other[40];
    snprintf(other, sizeof other, "other %s", what);
    char *at = printed[0] == '\0' && differs != NULL ? strstr(differs, other) : NULL;
    size_t end = strlen(other);
    if (at == NULL || (at[end] != ',' && at[end] != '\0'))
        return;
    memmove(at + 2, at, strlen(at) + 1); /* "unknown" has two letters more */
    memcpy(at, "unknown", 7);
}

/* The run as a cell, so that conditions are compared by the rule for measured ones. */
static char *compare(const struct match *match)
{
    const struct doubt_import_run *run = match->run;
    struct doubt_series series;
    struct doubt_cell cell;
    struct doubt_claim claim = *match->claim;
    char none[] = "";
    doubt_record_init(DOUBT_SERIES, &series);
    doubt_record_init(DOUBT_CELL, &cell);
    doubt_text_set(&cell.engine, run->engine);
    doubt_text_set(&cell.engine_version, run->version);
    doubt_text_set(&cell.precision, run->precision);
    /* A claim that was named by --id may be for another network. */
    bool named = score(run->network, match->claim) > 0;
    doubt_text_set(&cell.network, named ? claim.network : run->network);
    doubt_text_set(&cell.input, run->input);
    doubt_text_set(&cell.device, run->device);
    doubt_text_set(&cell.boundary, match->answer->boundary);
    if (run->batch > 0)
        cell.batch = run->batch;
    if (!match->other_statistic) /* it was found by this file's own names */
        claim.statistic = none;
    char *found = doubt_claim_differs(&claim, &series, &cell), *differs = NULL;
    if (found != NULL && (differs = malloc(strlen(found) + 32)) != NULL) {
        strcpy(differs, found);
        correct(differs, run->device, "device");
        correct(differs, run->engine, "engine");
        if (match->other_statistic && strstr(differs, "statistic") == NULL)
            strcat(differs, differs[0] != '\0' ? ", other statistic" : "other statistic");
    }
    free(found);
    doubt_record_free(DOUBT_SERIES, &series);
    doubt_record_free(DOUBT_CELL, &cell);
    return differs;
}

/* --- rows ----------------------------------------------------------------------------------- */

/* The claim of the n-th run with a measurement; match->figure stays empty: none is for it. */
static enum doubt_code set_claim(const struct doubt_import_question *question, size_t n,
                                 struct match *match, struct doubt_import_rows *rows,
                                 struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    if (question->set == NULL) {
        const char *typed = question->claims[question->claim_count > 1 ? n : 0];
        doubt_str_copy(match->text, sizeof match->text, typed);
        return doubt_figure_parse(typed, &question->options, &match->figure, err);
    }
    if (question->id != NULL)
        code = find_id(question->set, question->id, &match->claim, err);
    else
        match->claim = find_claim(question->set, match->run, rows);
    if (code != DOUBT_OK || match->claim == NULL)
        return code;
    snprintf(match->text, sizeof match->text, "%.60s %.30s", match->claim->figure,
             match->claim->unit);
    return doubt_figure_parse(match->text, &question->options, &match->figure, err);
}

static enum doubt_code append(struct doubt_import_rows *rows, struct doubt_import_row **row,
                              struct doubt_err *err)
{
    struct doubt_import_row *bigger = realloc(rows->items, (rows->count + 1) * sizeof *bigger);
    if (bigger == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu rows", rows->count + 1);
    rows->items = bigger;
    *row = &rows->items[rows->count++];
    memset(*row, 0, sizeof **row);
    return DOUBT_OK;
}

static enum doubt_code add_value(struct doubt_import_row *row, const struct doubt_figure *figure,
                                 struct doubt_err *err)
{
    struct doubt_values one = {malloc(sizeof *one.items), 1};
    if (one.items == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a value");
    one.items[0] = *figure;
    enum doubt_code code = doubt_values_append(&row->judged.values, &one, err);
    doubt_values_free(&one);
    return code;
}

static enum doubt_code judge_row(const struct doubt_import_question *question, int64_t batch,
                                 struct doubt_import_row *row, struct doubt_err *err)
{
    struct doubt_judge_how how = question->how;
    how.batch = question->batch > 0 ? question->batch : batch > 0 ? batch : 1;
    enum doubt_code code = doubt_judge(&how, &row->judged, err);
    if (code == DOUBT_OK && row->differs != NULL && row->differs[0] != '\0' && !question->as_is) {
        row->withheld = row->judged.verdict != DOUBT_VERDICT_NONE;
        row->judged.verdict = DOUBT_VERDICT_NONE;
        row->judged.needed = NAN;
    }
    return code;
}

/* Starts of one thing: what is printed of the runs must be the same. */
static enum doubt_code check_same(const struct match *first, const struct match *match,
                                  struct doubt_err *err)
{
    const struct doubt_import_run *a = first->run, *b = match->run;
    const char *what = strcmp(a->tool, b->tool) != 0             ? "tool"
                       : strcmp(a->version, b->version) != 0     ? "version"
                       : strcmp(a->network, b->network) != 0     ? "network"
                       : strcmp(a->precision, b->precision) != 0 ? "precision"
                       : a->batch != b->batch                    ? "batch"
                       : strcmp(first->answer->name, match->answer->name) != 0 ||
                               strcmp(first->answer->statistic, match->answer->statistic) != 0
                           ? "statistic"
                           : NULL;
    if (what == NULL)
        return DOUBT_OK;
    return doubt_err_set(
        err, DOUBT_E_USAGE,
        "--restarts: the runs are not starts of one thing: their %s differs (\"%s\" "
        "and \"%s\")",
        what, a->network[0] != '\0' ? a->network : a->tool,
        b->network[0] != '\0' ? b->network : b->tool);
}

/* Everything that one run adds. */
static enum doubt_code add_run(const struct doubt_import_file *file,
                               const struct doubt_import_question *question, struct match *match,
                               struct doubt_import_rows *rows, struct doubt_err *err)
{
    char name[sizeof rows->items->judged.name];
    struct doubt_import_row *row = rows->count > 0 ? &rows->items[0] : NULL;
    run_name(file, match->run, name, sizeof name);
    answer(question, match);
    if (match->answer == NULL)
        return refuse_answer(question, match, name, err);
    enum doubt_code code = DOUBT_OK;
    if (!question->restarts || row == NULL) {
        code = append(rows, &row, err);
        if (code != DOUBT_OK)
            return code;
        doubt_str_copy(row->judged.name, sizeof row->judged.name, name);
        doubt_str_copy(row->judged.claim_text, sizeof row->judged.claim_text, match->text);
        row->judged.claim = match->figure;
        row->claim = match->claim;
        row->differs = match->claim != NULL ? compare(match) : NULL;
        if (match->claim != NULL && row->differs == NULL)
            return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for conditions");
    }
    code = add_value(row, &match->answer->figure, err);
    if (code == DOUBT_OK && !question->restarts)
        code = judge_row(question, match->run->batch, row, err);
    return code;
}

static size_t count_runs(const struct doubt_import_file *files, size_t count)
{
    size_t n = 0;
    for (size_t f = 0; f < count; f++)
        for (size_t r = 0; r < files[f].import.count; r++)
            n += files[f].import.runs[r].refused[0] == '\0';
    return n;
}

enum doubt_code doubt_import_rows_judge(const struct doubt_import_file *files, size_t count,
                                        const struct doubt_import_question *question,
                                        struct doubt_import_rows *rows, struct doubt_err *err)
{
    struct match first = {0};
    size_t n = 0, runs = count_runs(files, count);
    enum doubt_code code = DOUBT_OK;
    if (question->claim_count > 1 && question->claim_count != runs)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "%zu claims for %zu runs: give --claim once for all, or once for each",
                             question->claim_count, runs);
    for (size_t f = 0; f < count; f++)
        for (size_t r = 0; code == DOUBT_OK && r < files[f].import.count; r++) {
            struct match match = {.run = &files[f].import.runs[r]};
            if (match.run->refused[0] != '\0')
                continue;
            code = set_claim(question, n++, &match, rows, err);
            if (code == DOUBT_OK && match.text[0] == '\0')
                continue;
            if (code == DOUBT_OK)
                code = add_run(&files[f], question, &match, rows, err);
            if (code == DOUBT_OK && question->restarts && first.run != NULL)
                code = check_same(&first, &match, err);
            first = first.run == NULL ? match : first;
        }
    if (code == DOUBT_OK && question->restarts && rows->count > 0)
        code = judge_row(question, first.run->batch, &rows->items[0], err);
    return code;
}

void doubt_import_rows_free(struct doubt_import_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        doubt_values_free(&rows->items[i].judged.values);
        free(rows->items[i].differs);
    }
    free(rows->items);
    memset(rows, 0, sizeof *rows);
}

struct doubt_judge_row *doubt_import_rows_judged(const struct doubt_import_rows *rows,
                                                 struct doubt_err *err)
{
    struct doubt_judge_row *judged = malloc((rows->count > 0 ? rows->count : 1) * sizeof *judged);
    if (judged == NULL)
        doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu rows", rows->count);
    for (size_t i = 0; judged != NULL && i < rows->count; i++)
        judged[i] = rows->items[i].judged;
    return judged;
}
