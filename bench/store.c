/* store.c: what it costs to keep raw samples: bytes of one, and time until a million are on disk.
 *
 *   store [FILE...]     each FILE holds latencies in ns as `doubt history N --samples CELL` prints
 *                       them: one a line, or a restart's number and one a line
 *
 * A unit of work is one restart stored and committed, through the very functions that doubt calls,
 * beside one plain blob of int64 in the same kind of SQLite file, in turns. Without files, traces
 * are generated: autocorrelated, with a slow start, steps and stragglers. Not a test.
 */
#include "store/pack.h"
#include "store/store.h"
#include "util/clock.h"
#include "util/rng.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MILLION = 1000000, PAIRS = 15, RESTART_MAX = 1 << 24 };

static _Noreturn void quit(const char *what, const char *why)
{
    fprintf(stderr, "store: %s: %s\n", what, why);
    exit(2);
}

static void *must(void *memory)
{
    if (memory == NULL)
        quit("memory", "there is not enough");
    return memory;
}

/* --- traces --------------------------------------------------------------------------------- */

/* Restarts one behind the other; starts[r] is where restart r begins, starts[restarts] the end. */
struct trace {
    char name[64];
    int64_t *ns;
    size_t *starts, restarts;
};

static void trace_free(struct trace *trace)
{
    free(trace->ns);
    free(trace->starts);
}

static double gauss(struct doubt_rng *rng)
{
    double u = 1 - doubt_rng_uniform(rng), v = doubt_rng_uniform(rng);
    return sqrt(-2 * log(u)) * cos(2 * acos(-1) * v);
}

static void generate_restart(struct doubt_rng *rng, double mean_ns, double sd, int64_t *ns,
                             size_t count)
{
    double noise = 0, level = mean_ns * (1 + 0.005 * gauss(rng));
    for (size_t i = 0; i < count; i++) {
        noise = 0.5 * noise + sqrt(0.75) * gauss(rng);
        double warm = i < 50 ? 0.1 * exp(-(double)i / 10) : 0;
        double late = doubt_rng_below(rng, 200) == 0 ? 0.2 * fabs(gauss(rng)) : 0;
        ns[i] = (int64_t)(level * (1 + sd * noise + warm + late));
    }
}

static struct trace generate(double mean_ms, double sd, size_t restarts, size_t count)
{
    struct trace trace = {.restarts = restarts};
    struct doubt_rng rng;
    doubt_rng_seed(&rng, 1);
    snprintf(trace.name, sizeof trace.name, "%g ms, sd %g %%, %zu x %zu", mean_ms, 100 * sd,
             restarts, count);
    trace.ns = must(malloc(restarts * count * sizeof *trace.ns));
    trace.starts = must(malloc((restarts + 1) * sizeof *trace.starts));
    for (size_t r = 0; r <= restarts; r++)
        trace.starts[r] = r * count;
    for (size_t r = 0; r < restarts; r++)
        generate_restart(&rng, mean_ms * 1e6, sd, trace.ns + r * count, count);
    return trace;
}

static struct trace read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        quit(path, "cannot be opened");
    struct trace trace = {.restarts = 0};
    const char *slash = strrchr(path, '/');
    snprintf(trace.name, sizeof trace.name, "%s", slash != NULL ? slash + 1 : path);
    size_t count = 0, cap = 1 << 16;
    trace.ns = must(malloc(cap * sizeof *trace.ns));
    trace.starts = must(malloc((cap + 2) * sizeof *trace.starts));
    long long before = -1, first, second;
    char line[128];
    while (fgets(line, sizeof line, file) != NULL) {
        int got = sscanf(line, "%lld %lld", &first, &second);
        if (got < 1 || count == RESTART_MAX)
            quit(path, "a line is no number, or there are too many");
        if (count == cap) {
            cap *= 2;
            trace.ns = must(realloc(trace.ns, cap * sizeof *trace.ns));
            trace.starts = must(realloc(trace.starts, (cap + 2) * sizeof *trace.starts));
        }
        if (count == 0 || (got == 2 && first != before))
            trace.starts[trace.restarts++] = count;
        before = first;
        trace.ns[count++] = got == 2 ? second : first;
    }
    fclose(file);
    if (count == 0)
        quit(path, "holds no samples");
    trace.starts[trace.restarts] = count;
    return trace;
}

/* --- bytes ---------------------------------------------------------------------------------- */

static size_t packed_bytes(struct doubt_pack *pack, const int64_t *ns, size_t count)
{
    size_t total = 0;
    for (size_t done = 0; done < count; done += DOUBT_PACK_BLOCK) {
        struct doubt_blob blob;
        size_t left = count - done;
        if (doubt_pack_encode(pack, ns + done, left < DOUBT_PACK_BLOCK ? left : DOUBT_PACK_BLOCK,
                              &blob, NULL) != DOUBT_OK)
            quit("pack", "failed");
        total += blob.bytes;
    }
    return total;
}

static void report_bytes(struct doubt_pack *pack, const struct trace *trace)
{
    size_t bytes = 0, count = trace->starts[trace->restarts];
    doubt_ns start = doubt_clock_ns();
    for (size_t r = 0; r < trace->restarts; r++)
        bytes += packed_bytes(pack, trace->ns + trace->starts[r],
                              trace->starts[r + 1] - trace->starts[r]);
    double ns = (double)(doubt_clock_ns() - start);
    double each = (double)bytes / (double)count;
    printf("%-34s %8zu   %5.3f   %5.3f   %6.2f\n", trace->name, count, each, each / 8,
           ns / (double)count);
}

/* --- time ----------------------------------------------------------------------------------- */

static double store_packed(struct doubt_store *store, const int64_t *ns, int64_t number)
{
    struct doubt_restart restart;
    struct doubt_err err = {.code = DOUBT_OK};
    doubt_record_init(DOUBT_RESTART, &restart);
    restart.series = 1;
    restart.cell = 0;
    restart.number = number;
    doubt_ns start = doubt_clock_ns();
    if (doubt_store_restart(store, &restart, ns, MILLION, &err) != DOUBT_OK)
        quit("store", err.text);
    return (double)(doubt_clock_ns() - start);
}

static double store_plain(sqlite3 *db, const int64_t *ns)
{
    sqlite3_stmt *insert = NULL;
    doubt_ns start = doubt_clock_ns();
    if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "INSERT INTO plain (ns) VALUES (?)", -1, &insert, NULL) !=
            SQLITE_OK ||
        sqlite3_bind_blob64(insert, 1, ns, MILLION * sizeof *ns, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_step(insert) != SQLITE_DONE || sqlite3_finalize(insert) != SQLITE_OK ||
        sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        quit("plain blob", sqlite3_errmsg(db));
    return (double)(doubt_clock_ns() - start);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, PAIRS, sizeof *values, by_size);
    return values[PAIRS / 2];
}

static void open_both(const char *folder, struct doubt_store **store, sqlite3 **db)
{
    char path[256];
    struct doubt_series series;
    struct doubt_err err = {.code = DOUBT_OK};
    doubt_record_init(DOUBT_SERIES, &series);
    snprintf(path, sizeof path, "%s/doubt.db", folder);
    if (doubt_store_open(path, false, store, &err) != DOUBT_OK ||
        doubt_store_begin(*store, &series, &err) != DOUBT_OK)
        quit("store", err.text);
    snprintf(path, sizeof path, "%s/plain.db", folder);
    if (sqlite3_open(path, db) != SQLITE_OK ||
        sqlite3_exec(*db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "CREATE TABLE plain (id INTEGER PRIMARY KEY, ns BLOB)",
                     NULL, NULL, NULL) != SQLITE_OK)
        quit("plain blob", sqlite3_errmsg(*db));
}

static void report_time(const struct trace *trace)
{
    char folder[] = "doubt-bench-XXXXXX", command[64];
    int64_t *ns = must(malloc(MILLION * sizeof *ns));
    for (size_t i = 0; i < MILLION; i++)
        ns[i] = trace->ns[i % trace->starts[trace->restarts]];
    if (mkdtemp(folder) == NULL)
        quit(folder, "the working folder cannot be written");
    struct doubt_store *store;
    sqlite3 *db;
    open_both(folder, &store, &db);
    double packed[PAIRS], plain[PAIRS], ratio[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
        packed[i] = store_packed(store, ns, i);
        plain[i] = store_plain(db, ns);
        ratio[i] = packed[i] / plain[i];
    }
    doubt_store_close(store);
    sqlite3_close(db);
    printf("\n1,000,000 samples in one transaction, on disk (%s)\n", trace->name);
    printf("packed    %6.1f ms   wanted: below 50\n", median(packed) / 1e6);
    printf("plain     %6.1f ms   one int64 blob, 8 bytes a sample\n", median(plain) / 1e6);
    printf("ratio     %6.3f      median of %d pairs\n", median(ratio), PAIRS);
    free(ns);
    snprintf(command, sizeof command, "rm -r %s", folder);
    if (system(command) != 0)
        quit(folder, "cannot be removed");
}

int main(int argc, char **argv)
{
    struct doubt_pack *pack = must(doubt_pack_new());
    struct trace traces[] = {
        generate(1, 0.01, 20, 2000),    generate(15, 0.01, 20, 214),
        generate(45, 0.02, 20, 200),    generate(130, 0.01, 20, 200),
        generate(15, 0.01, 1, MILLION), generate(130, 0.02, 1, MILLION),
    };
    printf("%-34s %8s   bytes   of 8    ns each\n", "trace", "samples");
    if (argc < 2)
        for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++)
            report_bytes(pack, &traces[i]);
    for (int i = 1; i < argc; i++) {
        struct trace trace = read_file(argv[i]);
        report_bytes(pack, &trace);
        if (i == argc - 1)
            report_time(&trace);
        trace_free(&trace);
    }
    if (argc < 2)
        report_time(&traces[4]);
    for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++)
        trace_free(&traces[i]);
    doubt_pack_free(pack);
    return 0;
}
