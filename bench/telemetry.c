/* telemetry.c: what the telemetry thread does to the samples.
 *
 * A unit of work is one pair of restarts of the null engine: one beside the telemetry thread that
 * watches it as in a series, one without, in turns. The null engine's inference is the shortest
 * there is, so nothing is hurt more by a thread that wakes beside it. Printed are the medians of
 * the samples' medians and of the time of one inference with all that is around it, and their
 * ratios.
 *
 *     telemetry [PAIRS]     25 pairs; DOUBT_ROOT names a tree with more sensors than this machine
 */
#include "measure/restart.h"
#include "measure/telemetry.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITERATIONS = 8000000, PAIRS_MAX = 200 };

struct figures {
    double median_ns[PAIRS_MAX], whole_ns[PAIRS_MAX];
};

static int by_ns(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, size_t n)
{
    double sorted[PAIRS_MAX];
    memcpy(sorted, values, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_value);
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static void begun(void *context, pid_t worker, const int *phase)
{
    doubt_telemetry_begin(context, worker, phase);
}

static void ended(void *context)
{
    doubt_telemetry_end(context);
}

/* telemetry NULL: without. */
static enum doubt_code run(struct doubt_telemetry *telemetry, struct figures *figures, size_t pair,
                           struct doubt_err *err)
{
    const struct doubt_cell_plan cell = {.engine = "null", .batch = 1};
    const struct doubt_restart_plan how = {.iterations = ITERATIONS,
                                           .warm_ns = 100000000,
                                           .warm_iterations_min = 1,
                                           .deadline_ns = 60000000000};
    const struct doubt_restart_watch watch = {.context = telemetry, .begun = begun, .ended = ended};
    struct doubt_restart_result restart;
    enum doubt_code code = doubt_restart_run(&cell, &how, &watch, &restart, err);
    if (code == DOUBT_OK && restart.count < ITERATIONS)
        code = doubt_err_set(err, DOUBT_E_ENGINE, "the null engine did not end well: %s",
                             restart.record.sentence ? restart.record.sentence : "?");
    if (code == DOUBT_OK) {
        figures->whole_ns[pair] = (double)restart.record.sample_ns / ITERATIONS;
        qsort(restart.samples, restart.count, sizeof *restart.samples, by_ns);
        figures->median_ns[pair] = (double)restart.samples[restart.count / 2];
    }
    doubt_restart_result_free(&restart);
    return code;
}

static void print(const char *what, const double *with, const double *without, size_t n)
{
    double ratios[PAIRS_MAX];
    for (size_t i = 0; i < n; i++)
        ratios[i] = with[i] / without[i];
    printf("%-28s %8.3f ns with, %8.3f ns without, ratio %.4f (wanted: within 0.005 of 1)\n", what,
           median(with, n), median(without, n), median(ratios, n));
}

int main(int argc, char **argv)
{
    static struct figures with, without;
    struct doubt_err err = {DOUBT_OK, ""};
    struct doubt_telemetry *telemetry = NULL;
    struct doubt_telemetry_summary summary;
    if (argc > 1 && strcmp(argv[1], DOUBT_WORKER_WORD) == 0)
        return doubt_worker_main(argc, argv);
    size_t pairs = argc > 1 ? strtoul(argv[1], NULL, 10) : 25;
    if (pairs < 1 || pairs > PAIRS_MAX) {
        fprintf(stderr, "telemetry: 1 to %d pairs\n", PAIRS_MAX);
        return 2;
    }
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < pairs; i++) {
        code = run(NULL, &without, i, &err);
        if (code == DOUBT_OK)
            code = doubt_telemetry_start(NULL, 0, &telemetry, &err);
        if (code == DOUBT_OK)
            code = run(telemetry, &with, i, &err);
        doubt_telemetry_summarise(telemetry, &summary);
        doubt_telemetry_stop(telemetry);
        telemetry = NULL;
    }
    if (code != DOUBT_OK) {
        fprintf(stderr, "telemetry: %s\n", err.text);
        return 1;
    }
    print("median of samples", with.median_ns, without.median_ns, pairs);
    print("an inference, all around it", with.whole_ns, without.whole_ns, pairs);
    printf("the thread used %.3f %% of one CPU in the last pair\n", 100 * summary.thread_share);
    return 0;
}
