/* loop.c: what measuring one inference costs, set against the least that it can cost.
 *
 * A unit of work is one call of an engine that returns at once. The floor is two readings of
 * CLOCK_MONOTONIC_RAW, one indirect call and one store, written out in a plain loop; the cost is
 * the same number of inferences by the timed loop with the null engine. Both are taken in turns in
 * one run and their medians compared, so that the machine's mood falls out of the ratio.
 *
 *     loop              prints floor, cost and ratio
 *     loop --quiet N    runs the timed loop for N inferences and prints nothing: for loop-quiet.sh
 */
#include "engine/registry.h"
#include "measure/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { INFERENCES = 200000, ROUNDS = 101 };

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int nothing(void *argument)
{
    (void)argument;
    return 0;
}

/* Not inlined and called through memory, so that the call stays an indirect one. */
static int (*volatile call)(void *) = nothing;

static double floor_ns(int64_t *samples)
{
    int (*step)(void *) = call;
    int64_t begin_ns = now_ns();
    for (size_t i = 0; i < INFERENCES; i++) {
        int64_t begin = now_ns();
        step(samples);
        int64_t end = now_ns();
        samples[i] = end - begin;
    }
    return (double)(now_ns() - begin_ns) / INFERENCES;
}

static double loop_ns(struct doubt_step step, int64_t *samples)
{
    int never = 0;
    const struct doubt_loop_bounds bounds = {.run = doubt_loop_run,
                                             .count_min = 1,
                                             .count_max = INFERENCES,
                                             .ns = INT64_MAX,
                                             .stop = &never};
    int64_t begin_ns = now_ns();
    doubt_loop_blocks(step, samples, INFERENCES, &bounds);
    return (double)(now_ns() - begin_ns) / INFERENCES;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x)
{
    qsort(x, ROUNDS, sizeof *x, by_value);
    return x[ROUNDS / 2];
}

static void compare(struct doubt_step step, int64_t *samples)
{
    static double floors[ROUNDS], costs[ROUNDS], ratios[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        floors[i] = floor_ns(samples);
        costs[i] = loop_ns(step, samples);
        ratios[i] = costs[i] / floors[i];
    }
    double floor = median(floors), cost = median(costs), ratio = median(ratios);
    printf("floor  %8.2f ns   two clock readings, an indirect call, a store\n", floor);
    printf("cost   %8.2f ns   the timed loop with the null engine\n", cost);
    printf("ratio  %8.3f      median of %d pairs (wanted: at most 1.1)\n", ratio, ROUNDS);
}

static enum doubt_code open_null(struct doubt_registry *registry, struct doubt_session **session,
                                 struct doubt_err *err)
{
    const struct doubt_engine *engine = NULL;
    enum doubt_code code = doubt_registry_find(registry, "null", &engine, err);
    if (code != DOUBT_OK)
        return code;
    struct doubt_session_request request = {.ops = engine->ops};
    code = doubt_session_new(&request, session, err);
    if (code == DOUBT_OK)
        code = doubt_session_load(*session, err);
    if (code == DOUBT_OK)
        code = doubt_session_open(*session, err);
    if (code == DOUBT_OK)
        code = doubt_session_bind(*session, NULL, err);
    return code;
}

static void run_quietly(struct doubt_step step, int64_t *samples, size_t count)
{
    for (size_t done = 0; done < count; done += INFERENCES) {
        size_t left = count - done;
        doubt_loop_run(step, samples, left < INFERENCES ? left : INFERENCES);
    }
}

int main(int argc, char **argv)
{
    struct doubt_registry *registry = NULL;
    struct doubt_session *session = NULL;
    struct doubt_err err = {DOUBT_OK, ""};
    int64_t *samples = malloc(INFERENCES * sizeof *samples);
    int status = 1;
    if (samples == NULL || doubt_registry_open(&registry, &err) != DOUBT_OK ||
        open_null(registry, &session, &err) != DOUBT_OK) {
        fprintf(stderr, "loop: %s\n", samples ? err.text : "out of memory");
        goto done;
    }
    memset(samples, 1, INFERENCES * sizeof *samples);
    if (argc == 3 && strcmp(argv[1], "--quiet") == 0)
        run_quietly(doubt_session_step(session), samples, strtoul(argv[2], NULL, 10));
    else
        compare(doubt_session_step(session), samples);
    status = 0;
done:
    doubt_session_free(session);
    doubt_registry_close(registry);
    free(samples);
    return status;
}
