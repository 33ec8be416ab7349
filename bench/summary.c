/* summary.c: time and memory of a whole summary of many samples: moments, percentiles with
 * intervals, batch means, outliers, by the functions that doubt itself calls.
 *
 *   summary make FILE N    writes N generated latencies, whole ns, as doubles of this machine
 *   summary FILE           the figures, one a line, then seconds of CPU time by step and peak memory
 *
 * A unit of work is one file. Beside it runs summary.py, which computes the same by NumPy and SciPy;
 * summary.sh compares them. Not a test.
 */
#include "util/rng.h"
#include <doubt/stats.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

enum { BATCHES = 30, FIGURES = 64, STEPS = 8 };
static const double level = 0.05;
static const double percentiles[] = {0.5, 0.9, 0.95, 0.99};
enum { PERCENTILES = sizeof percentiles / sizeof percentiles[0] };

struct report {
    struct {
        char name[32];
        double value;
    } figures[FIGURES];
    size_t figure_count;
    struct {
        const char *name;
        double seconds;
    } steps[STEPS];
    size_t step_count;
};

static _Noreturn void quit(const char *what, const char *why)
{
    fprintf(stderr, "summary: %s: %s\n", what, why);
    exit(2);
}

static void must(enum doubt_code code, const struct doubt_err *err)
{
    if (code != DOUBT_OK)
        quit("statistics", err->text);
}

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void add(struct report *report, const char *name, double value)
{
    if (report->figure_count == FIGURES)
        quit("report", "more figures than expected");
    snprintf(report->figures[report->figure_count].name, sizeof report->figures[0].name, "%s",
             name);
    report->figures[report->figure_count++].value = value;
}

/* --- samples -------------------------------------------------------------------------------- */

static double normal(struct doubt_rng *rng)
{
    double u = 1 - doubt_rng_uniform(rng), v = doubt_rng_uniform(rng);
    return sqrt(-2 * log(u)) * cos(2 * acos(-1) * v);
}

/* About 15 ms with a spread of 10 %, neighbours alike. */
static int make(const char *path, size_t n)
{
    struct doubt_rng rng;
    double z = 0;
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        quit(path, "cannot be written");
    doubt_rng_seed(&rng, 1);
    for (size_t i = 0; i < n; i++) {
        z = 0.5 * z + sqrt(0.75) * normal(&rng);
        double value = nearbyint(15e6 * exp(0.1 * z));
        if (fwrite(&value, sizeof value, 1, file) != 1)
            quit(path, "cannot be written");
    }
    if (fclose(file) != 0)
        quit(path, "cannot be written");
    return 0;
}

static double *read_file(const char *path, size_t *n)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &about) != 0)
        quit(path, "cannot be read");
    *n = (size_t)about.st_size / sizeof(double);
    double *x = malloc(*n * sizeof *x);
    if (x == NULL || setvbuf(file, NULL, _IONBF, 0) != 0 || fread(x, sizeof *x, *n, file) != *n)
        quit(path, "cannot be read");
    fclose(file);
    return x;
}

/* --- steps ---------------------------------------------------------------------------------- */

static void moments(double *x, size_t n, struct report *report)
{
    struct doubt_moments m;
    struct doubt_err err;
    must(doubt_moments(x, n, &m, &err), &err);
    add(report, "mean", m.mean);
    add(report, "variance", m.variance);
    add(report, "skewness", m.m3 / pow(m.m2, 1.5));
    add(report, "kurtosis", m.m4 / (m.m2 * m.m2));
    add(report, "min", m.min);
    add(report, "max", m.max);
}

static void batch_means(double *x, size_t n, struct report *report)
{
    struct doubt_batch_means b;
    struct doubt_err err;
    must(doubt_batch_means(x, n, BATCHES, level, &b, &err), &err);
    add(report, "batch_half_width", b.half_width);
    add(report, "batch_r1", b.r1);
    add(report, "batch_n_eff", b.n_eff);
}

static void sort(double *x, size_t n, struct report *report)
{
    struct doubt_err err;
    (void)report;
    must(doubt_sort(x, n, &err), &err);
}

static void quantiles(double *x, size_t n, struct report *report)
{
    struct doubt_err err;
    for (int i = 0; i < PERCENTILES; i++) {
        struct doubt_order_interval interval;
        char name[32];
        double value;
        must(doubt_quantile7(x, n, percentiles[i], &value, &err), &err);
        must(doubt_order_interval(x, n, (struct doubt_target){percentiles[i], level}, &interval,
                                  &err),
             &err);
        snprintf(name, sizeof name, "p%g", 100 * percentiles[i]);
        add(report, name, value);
        snprintf(name, sizeof name, "p%g_lo", 100 * percentiles[i]);
        add(report, name, interval.lo);
        snprintf(name, sizeof name, "p%g_hi", 100 * percentiles[i]);
        add(report, name, interval.hi);
    }
}

static void outliers(double *x, size_t n, struct report *report)
{
    struct doubt_tukey t;
    struct doubt_mad m;
    struct doubt_err err;
    must(doubt_tukey(x, n, &t, &err), &err);
    must(doubt_mad(x, n, &m, &err), &err);
    add(report, "q1", t.q1);
    add(report, "q3", t.q3);
    add(report, "low_severe", (double)t.low_severe);
    add(report, "low", (double)t.low);
    add(report, "high", (double)t.high);
    add(report, "high_severe", (double)t.high_severe);
    add(report, "mad", m.mad);
    add(report, "beyond", (double)m.beyond);
}

static const struct {
    const char *name;
    void (*run)(double *x, size_t n, struct report *report);
} steps[] = {
    {"moments", moments},     {"batch means", batch_means}, {"sort", sort},
    {"quantiles", quantiles}, {"outliers", outliers},
};

static void print(const struct report *report, size_t n)
{
    struct rusage usage;
    double total = 0;
    for (size_t i = 0; i < report->figure_count; i++)
        printf("%s %.17g\n", report->figures[i].name, report->figures[i].value);
    for (size_t i = 0; i < report->step_count; i++) {
        fprintf(stderr, "%-12s %6.3f s\n", report->steps[i].name, report->steps[i].seconds);
        total += report->steps[i].seconds;
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("seconds %.4f\n", total);
    printf("memory %.3f\n", 1024 * (double)usage.ru_maxrss / (double)(n * sizeof(double)));
}

int main(int argc, char **argv)
{
    struct report report = {0};
    size_t n = 0;
    if (argc == 4 && strcmp(argv[1], "make") == 0)
        return make(argv[2], strtoul(argv[3], NULL, 10));
    if (argc != 2)
        quit("usage", "summary make FILE N, or summary FILE");
    double *x = read_file(argv[1], &n);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        double begin = cpu_s();
        steps[i].run(x, n, &report);
        report.steps[report.step_count].name = steps[i].name;
        report.steps[report.step_count++].seconds = cpu_s() - begin;
    }
    free(x);
    print(&report, n);
    return 0;
}
