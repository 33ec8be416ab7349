/* main.c: the proof that intervals cover and verdicts are true: simulated series with known truth
 * through the functions that doubt itself calls. See README.md.
 *
 * A unit of work is one release table. Not for figures of a machine: nothing here looks at a clock
 * but for progress.
 */
#include "draw.h"
#include "pool.h"
#include "table.h"

#include "util/opt.h"
#include <doubt/stats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 50 /* series of a job */, TRUTH_BLOCK = 500 /* restarts */ };
enum { SHORT_LONGEST = 100 /* iterations of a restart that a short budget leaves */ };

struct values {
    int64_t series, workers, iterations, truth, short_doublings;
    uint64_t seed;
    const char *tsv, *from;
    int only;
    bool help;
};

enum part { ALL, CONTROLS, WHOLE, SHORT };
static const char *const parts[] = {"all", "controls", "whole", "short", NULL};

static const struct doubt_opt options[] = {
    {"series", 'n', "N", DOUBT_OPT_INT, offsetof(struct values, series), "10000",
     "simulated series of each cell", 50, 1000000, NULL},
    {"iterations", 'i', "N", DOUBT_OPT_INT, offsetof(struct values, iterations), "600",
     "iterations of a restart to begin with, where no budget cut them", 100,
     COVERAGE_ITERATIONS_MAX >> (COVERAGE_LENGTHS - 1), NULL},
    {"truth", 't', "N", DOUBT_OPT_INT, offsetof(struct values, truth), "100000",
     "restarts for the true percentiles of a generator", TRUTH_BLOCK, 10000000, NULL},
    {"workers", 'w', "N", DOUBT_OPT_INT, offsetof(struct values, workers), "2",
     "processes; the result does not depend on them", 1, 256, NULL},
    {"seed", 's', "HEX", DOUBT_OPT_HEX, offsetof(struct values, seed), "5eed", "seed", 0, 0, NULL},
    {"tsv", 0, "FILE", DOUBT_OPT_TEXT, offsetof(struct values, tsv), NULL,
     "write every count there, tab separated", 0, 0, NULL},
    {"from", 0, "FILE", DOUBT_OPT_TEXT, offsetof(struct values, from), NULL,
     "take the series from a file that --tsv wrote, and simulate the controls only", 0, 0, NULL},
    {"only", 'o', "PART", DOUBT_OPT_CHOICE, offsetof(struct values, only), "all",
     "one part of the tables: controls (methods that must fail), whole (10 and 20 restarts), short "
     "(budgets that leave 10 restarts of 45 iterations, 5 or 7 of 100)",
     0, 0, parts},
    {"short-doublings", 0, "N", DOUBT_OPT_INT, offsetof(struct values, short_doublings), "0",
     "how often restarts of a short budget may get twice as long; 0: there is no room for it", 0,
     COVERAGE_LENGTHS - 1, NULL},
    {"help", 'h', NULL, DOUBT_OPT_FLAG, offsetof(struct values, help), NULL, "this text", 0, 0,
     NULL},
    {0},
};

struct work {
    const struct values *values;
    struct coverage_cell *cells;
    size_t cell_count, blocks; /* of each cell */
    size_t iterations;         /* of the truths that are looked for */
    int lengths;
};

static bool wants(const struct values *values, enum part part)
{
    return values->only == ALL || values->only == (int)part;
}

static enum part part_of(const struct coverage_design *design)
{
    return design == coverage_designs ? WHOLE : SHORT;
}

static size_t iterations_of(const struct values *values, const struct coverage_design *design)
{
    return design->iterations > 0 ? design->iterations : (size_t)values->iterations;
}

static int lengths_of(const struct values *values, const struct coverage_design *design)
{
    return design->doubles ? COVERAGE_LENGTHS : 1 + (int)values->short_doublings;
}

/* --- truth ---------------------------------------------------------------------------------- */

static size_t truth_blocks(const struct work *work)
{
    return (size_t)work->values->truth / TRUTH_BLOCK;
}

/* Jobs are generators x lengths x blocks. */
static bool truth_job(size_t job, const void *context, void *result)
{
    const struct work *work = context;
    const size_t blocks = truth_blocks(work);
    const struct coverage_cell cell = {
        .generator = &coverage_generators[job / blocks / (size_t)work->lengths],
        .seed = work->values->seed,
        .iterations = work->iterations,
    };
    const struct coverage_truth_block block = {.number = job % blocks,
                                               .restarts = TRUTH_BLOCK,
                                               .length =
                                                   (int)(job / blocks % (size_t)work->lengths)};
    return coverage_truth_add(&cell, &block, result);
}

static void add_truth(struct coverage_truth_sums *to, const struct coverage_truth_sums *from)
{
    to->restarts += from->restarts;
    to->rate_rest += from->rate_rest;
    for (int s = 0; s < COVERAGE_COUNT; s++)
        to->figures[s] += from->figures[s];
}

/* Of restarts as long as this design's: lengths_of() rows for each generator. */
static bool find_truths(struct work *work, const struct coverage_design *design,
                        struct coverage_truth *truths)
{
    work->iterations = iterations_of(work->values, design);
    work->lengths = lengths_of(work->values, design);
    const size_t lengths = (size_t)work->lengths, count = coverage_generator_count() * lengths;
    const size_t blocks = truth_blocks(work);
    const struct coverage_jobs jobs = {.count = count * blocks,
                                       .result_bytes = sizeof(struct coverage_truth_sums),
                                       .workers = (int)work->values->workers,
                                       .work = truth_job,
                                       .context = work,
                                       .what = "truth"};
    struct coverage_truth_sums *results = coverage_pool_run(&jobs);
    if (results == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct coverage_truth_sums sums = {0};
        for (size_t b = 0; b < blocks; b++)
            add_truth(&sums, &results[i * blocks + b]);
        coverage_truth_end(&coverage_generators[i / lengths], &sums, &truths[i]);
    }
    coverage_pool_free(results, &jobs);
    return true;
}

/* --- cells ---------------------------------------------------------------------------------- */

static bool cell_job(size_t job, const void *context, void *result)
{
    const struct work *work = context;
    const size_t first = job % work->blocks * BLOCK, all = (size_t)work->values->series;
    const size_t count = first + BLOCK <= all ? BLOCK : all - first;
    return coverage_trial(&work->cells[job / work->blocks], first, count, result);
}

/* Verdicts take up to 80 restarts: of all generators without a transient and with the usual
 * warm-up, of three of them with every transient. */
static bool is_judged(size_t generator, size_t transient)
{
    const char *name = coverage_generators[generator].name;
    return transient == 0 || transient == 2 || strcmp(name, "G1") == 0 || strcmp(name, "G4") == 0 ||
           strcmp(name, "G9") == 0;
}

/* Every generator with every transient; where restarts are short, transients that outlast them all
 * with one generator only: nothing in the samples can show them. */
static bool is_taken(const struct coverage_design *design, size_t generator, size_t transient)
{
    const struct coverage_transient *t = &coverage_transients[transient];
    return design->iterations == 0 || generator == 0 ||
           (t->decay <= SHORT_LONGEST && t->length <= SHORT_LONGEST);
}

static void make_cells(struct work *work, const struct coverage_design *design,
                       const struct coverage_truth *truths)
{
    const int lengths = lengths_of(work->values, design);
    for (size_t g = 0; g < coverage_generator_count(); g++)
        for (size_t t = 0; t < coverage_transient_count(); t++)
            if (is_taken(design, g, t))
                work->cells[work->cell_count++] = (struct coverage_cell){
                    .design = design,
                    .generator = &coverage_generators[g],
                    .transient = &coverage_transients[t],
                    .truths = &truths[g * (size_t)lengths],
                    .lengths = lengths,
                    .seed = work->values->seed,
                    .iterations = iterations_of(work->values, design),
                    .judge = is_judged(g, t),
                };
}

static bool run_cells(struct work *work, struct coverage_tally *tallies)
{
    const struct coverage_jobs jobs = {.count = work->cell_count * work->blocks,
                                       .result_bytes = sizeof(struct coverage_tally),
                                       .workers = (int)work->values->workers,
                                       .work = cell_job,
                                       .context = work,
                                       .what = "series"};
    struct coverage_tally *results = coverage_pool_run(&jobs);
    if (results == NULL)
        return false;
    for (size_t j = 0; j < jobs.count; j++)
        coverage_tally_add(&tallies[j / work->blocks], &results[j]);
    coverage_pool_free(results, &jobs);
    return true;
}

/* --- controls ------------------------------------------------------------------------------- */

static bool control_job(size_t job, const void *context, void *result)
{
    const struct work *work = context;
    const struct coverage_control *control = &coverage_controls[job / work->blocks];
    const size_t all = ((size_t)work->values->series + control->divisor - 1) / control->divisor;
    const size_t first = job % work->blocks * BLOCK;
    if (first >= all)
        return true;
    return coverage_control_run(control, work->values->seed, first,
                                first + BLOCK <= all ? BLOCK : all - first, result);
}

static bool run_controls(const struct work *work, struct coverage_control_tally *tallies)
{
    const struct coverage_jobs jobs = {.count = coverage_control_count() * work->blocks,
                                       .result_bytes = sizeof(struct coverage_control_tally),
                                       .workers = (int)work->values->workers,
                                       .work = control_job,
                                       .context = work,
                                       .what = "controls"};
    struct coverage_control_tally *results = coverage_pool_run(&jobs);
    if (results == NULL)
        return false;
    for (size_t j = 0; j < jobs.count; j++) {
        tallies[j / work->blocks].sessions += results[j].sessions;
        tallies[j / work->blocks].hits += results[j].hits;
    }
    coverage_pool_free(results, &jobs);
    return true;
}

/* --- all of it ------------------------------------------------------------------------------ */

static bool write_tsv(const struct coverage_results *results, const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return false;
    }
    coverage_print_tsv(results, file);
    if (fclose(file) == 0)
        return true;
    perror(path);
    return false;
}

/* The results of the designs first to last, which stand side by side. */
static struct coverage_results part_of_results(const struct coverage_results *all, int first,
                                               int last)
{
    size_t from = 0, to = 0;
    for (size_t i = 0; i < all->count; i++) {
        from += all->cells[i].design < &coverage_designs[first];
        to += all->cells[i].design <= &coverage_designs[last];
    }
    return (struct coverage_results){all->cells + from, all->tallies + from, to - from};
}

static int print_whole(const struct coverage_results *all)
{
    const struct coverage_results results = part_of_results(all, 0, 0);
    int failures = 0;
    printf("\n## Intervals of series in their steady state\n\n");
    failures += coverage_print_steady(&results, stdout);
    printf("\n## Intervals and refusals with a transient\n\n");
    failures += coverage_print_transients(&results, stdout);
    printf("\n## False verdicts\n\n");
    failures += coverage_print_verdicts(&results, stdout);
    printf("\n## Power\n\n");
    coverage_print_power(&results, stdout);
    return failures;
}

static int print_short(const struct coverage_results *all)
{
    const struct coverage_results results = part_of_results(all, 1, COVERAGE_DESIGNS - 1);
    int failures = 0;
    printf("\n## Short budgets: intervals of series in their steady state\n\n");
    failures += coverage_print_steady(&results, stdout);
    printf("\n## Short budgets: intervals and refusals with a transient\n\n");
    failures += coverage_print_transients(&results, stdout);
    for (int d = 1; d < COVERAGE_DESIGNS; d++) {
        const struct coverage_results own = part_of_results(all, d, d);
        printf("\n## Short budgets: false verdicts, %s\n\n", coverage_designs[d].name);
        failures += coverage_print_verdicts(&own, stdout);
    }
    return failures;
}

static int print_results(const struct values *values, const struct coverage_results *results)
{
    int failures = 0;
    if (wants(values, WHOLE))
        failures += print_whole(results);
    if (wants(values, SHORT))
        failures += print_short(results);
    if (values->tsv != NULL && !write_tsv(results, values->tsv))
        failures++;
    return failures;
}

static bool read_tallies(const struct work *work, struct coverage_tally *tallies)
{
    const struct coverage_results results = {work->cells, tallies, work->cell_count};
    FILE *file = fopen(work->values->from, "r");
    bool good = file != NULL && coverage_read_tsv(file, &results, tallies);
    if (!good)
        fprintf(stderr, "coverage: %s is no file that --tsv wrote\n", work->values->from);
    if (file != NULL)
        fclose(file);
    return good;
}

static bool measure_controls(const struct work *work, int *failures)
{
    struct coverage_control_tally *tallies = calloc(coverage_control_count(), sizeof *tallies);
    bool good = tallies != NULL && run_controls(work, tallies);
    if (good) {
        printf("## Methods that must fail\n\n");
        *failures += coverage_print_controls(tallies, stdout);
    }
    free(tallies);
    return good;
}

/* Cells of the designs that are wanted, with their truths unless the series come from a file.
 * Designs whose restarts are alike share them. truths: COVERAGE_LENGTHS for each generator and
 * design. */
static bool prepare_cells(struct work *work, struct coverage_truth *truths)
{
    const size_t rows = coverage_generator_count() * COVERAGE_LENGTHS;
    const struct coverage_design *before = NULL;
    for (size_t d = 0; d < COVERAGE_DESIGNS; d++) {
        const struct coverage_design *design = &coverage_designs[d];
        if (!wants(work->values, part_of(design)))
            continue;
        bool same = before != NULL && before->iterations == design->iterations;
        truths += before != NULL && !same ? rows : 0;
        if (!same && work->values->from == NULL && !find_truths(work, design, truths))
            return false;
        make_cells(work, design, truths);
        before = design;
    }
    return true;
}

static bool measure_cells(struct work *work, int *failures)
{
    const size_t most = COVERAGE_DESIGNS * coverage_generator_count() * coverage_transient_count();
    struct coverage_truth *truths =
        calloc(COVERAGE_DESIGNS * coverage_generator_count() * COVERAGE_LENGTHS, sizeof *truths);
    struct coverage_tally *tallies = calloc(most, sizeof *tallies);
    work->cells = calloc(most, sizeof *work->cells);
    bool good =
        truths != NULL && tallies != NULL && work->cells != NULL && prepare_cells(work, truths) &&
        (work->values->from != NULL ? read_tallies(work, tallies) : run_cells(work, tallies));
    const struct coverage_results results = {work->cells, tallies, work->cell_count};
    *failures += good ? print_results(work->values, &results) : 0;
    free(truths);
    free(tallies);
    free(work->cells);
    return good;
}

static bool measure(struct work *work, int *failures)
{
    return (!wants(work->values, CONTROLS) || measure_controls(work, failures)) &&
           (work->values->only == CONTROLS || measure_cells(work, failures));
}

static int help(void)
{
    struct doubt_str text;
    doubt_str_init(&text, 1 << 16);
    doubt_str_add(&text, "coverage [OPTION ...]: prints tables in Markdown; status 1 where one of "
                         "them is not as it must be\n\n");
    doubt_opt_help(options, 100, &text);
    fputs(doubt_str_text(&text), stdout);
    doubt_str_free(&text);
    return 0;
}

int main(int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    const struct doubt_opt_set set = {options, &values};
    struct doubt_opt_args args = {argc - 1, argv + 1};
    int failures = 0;
    if (doubt_opt_parse(&set, 1, &args, &err) || args.count > 0) {
        fprintf(stderr, "coverage: %s\n", err.code ? err.text : "no operands are accepted");
        return 2;
    }
    if (values.help)
        return help();
    struct work work = {.values = &values, .blocks = ((size_t)values.series + BLOCK - 1) / BLOCK};
    coverage_draw_init();
    if (!measure(&work, &failures)) {
        fprintf(stderr, "coverage: out of memory, or a function refused its arguments\n");
        return 2;
    }
    return failures > 0;
}
