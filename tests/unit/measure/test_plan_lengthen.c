/* test_plan_lengthen.c: restarts that begin anew with more samples, in many plans: never beyond the
 * budget, never at the cost of what other rows have, and whenever there is room. The other plans:
 * test_plan.c.
 *
 * A unit of work is one series of random costs and a random budget, some of its rounds done.
 */
#include "measure/plan.h"

#include "util/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <math.h>
#include <cmocka.h>

enum { CELLS_MOST = 8, SERIES = 20000, SEED = 0x5eed };
static const int64_t second_ns = 1000000000;

struct series {
    struct doubt_plan_cell cells[CELLS_MOST];
    struct doubt_plan_length lengths[CELLS_MOST];
    struct doubt_plan_request request;
    struct doubt_plan plan;
    size_t again; /* the cell that is to begin anew */
};

/* Between low and high, alike on a scale of orders of magnitude. */
static double spread(struct doubt_rng *rng, double low, double high)
{
    return low * pow(high / low, doubt_rng_uniform(rng));
}

static struct doubt_plan_cell random_cell(struct doubt_rng *rng, bool hidden)
{
    return (struct doubt_plan_cell){
        .start_ns = (int64_t)(hidden ? 2e7 : spread(rng, 5e7, 5e9)),
        .iteration_ns = hidden ? 40 : spread(rng, 5e5, 5e8),
        .hidden = hidden,
        .active = true,
    };
}

/* A plan within its budget, and five restarts or a few more of each cell done, on a machine that
 * turned out faster or slower than its pilots said; one of the rows has none that count. */
static void begin(struct series *s, uint64_t number)
{
    struct doubt_rng rng;
    doubt_rng_seed(&rng, SEED + number);
    memset(s, 0, sizeof *s);
    size_t rows = 1 + doubt_rng_below(&rng, CELLS_MOST - 1);
    for (size_t i = 0; i <= rows; i++)
        s->cells[i] = random_cell(&rng, i == 0);
    s->request = (struct doubt_plan_request){.cells = s->cells,
                                             .cell_count = rows + 1,
                                             .budget_ns = (int64_t)spread(&rng, 5e9, 3e12),
                                             .spent_ns = (int64_t)spread(&rng, 1e8, 3e9)};
    assert_int_equal(doubt_plan_make(&s->request, &s->plan, s->lengths, NULL), DOUBT_OK);
    int32_t done = 5 + (int32_t)doubt_rng_below(&rng, 3);
    done = done < s->plan.restarts ? done : s->plan.restarts;
    s->again = 1 + doubt_rng_below(&rng, rows);
    double factor = spread(&rng, 0.3, 1.1);
    for (size_t i = 0; i <= rows; i++) {
        s->cells[i].start_ns = (int64_t)((double)s->cells[i].start_ns * factor);
        s->cells[i].iteration_ns *= factor;
        s->request.spent_ns += done * doubt_plan_restart_ns(&s->cells[i], &s->lengths[i]);
        s->cells[i].done = i == s->again ? 0 : done;
    }
}

static double end_ns(const struct series *s, int32_t restarts)
{
    return (double)s->request.spent_ns +
           (double)doubt_plan_rest_ns(&s->request, restarts, s->lengths);
}

/* Other rows keep their lengths and restarts through the revision that comes next, and all of it
 * ends within the budget. */
static void check_lengthened(struct series *s, const struct doubt_plan_length *before,
                             int32_t restarts)
{
    int64_t budget_ns = s->request.budget_ns;
    for (size_t i = 0; i < s->request.cell_count; i++)
        assert_int_equal(s->lengths[i].iterations,
                         i == s->again ? 2 * before[i].iterations : before[i].iterations);
    assert_true(end_ns(s, restarts) <= (double)budget_ns);
    doubt_plan_revise(&s->request, &s->plan, s->lengths);
    assert_true(s->plan.restarts >= restarts);
    assert_true(end_ns(s, s->plan.restarts) <= (double)budget_ns);
    for (size_t i = 0; i < s->request.cell_count; i++)
        assert_true(s->lengths[i].iterations >= before[i].iterations);
}

/* The plan's restarts, 10 of those that are more; none where they give no verdict. */
static int32_t kept_of(const struct series *s)
{
    int32_t kept = s->plan.restarts;
    return kept > DOUBT_PLAN_RESTARTS_MIN ? DOUBT_PLAN_RESTARTS_MIN : kept;
}

static void doubled_where_there_is_room_and_never_else(void **state)
{
    static int yes[2], no[2]; /* of 10 restarts and more, of fewer */
    (void)state;
    for (uint64_t number = 0; number < SERIES; number++) {
        struct series s;
        begin(&s, number);
        struct doubt_plan_length before[CELLS_MOST];
        memcpy(before, s.lengths, sizeof before);
        int32_t kept = kept_of(&s);
        int64_t doubled = 2 * before[s.again].iterations;
        bool few = kept < DOUBT_PLAN_RESTARTS_MIN;
        if (doubt_plan_lengthen(&s.request, &s.plan, s.again, doubled, s.lengths)) {
            yes[few]++;
            assert_true(kept >= DOUBT_ANALYZE_RESTARTS_MIN);
            check_lengthened(&s, before, kept);
            continue;
        }
        no[few]++;
        assert_memory_equal(before, s.lengths, sizeof before);
        s.lengths[s.again].iterations = doubled;
        /* 2 % of the budget are more than what a plan keeps back. */
        if (kept >= DOUBT_ANALYZE_RESTARTS_MIN)
            assert_true(end_ns(&s, kept) > 0.98 * (double)s.request.budget_ns);
    }
    /* Nothing above says anything where one of these never happens. */
    assert_true(yes[0] > 100 && no[0] > 100 && yes[1] > 20 && no[1] > 100);
}

/* Seven restarts of a second and a half of each of two rows: the one that begins anew with twice
 * the samples takes 7 x 2.5 s more, the other 2 x 1.5 s. Room for ten is not needed. */
static void seven_restarts_need_room_for_seven(void **state)
{
    (void)state;
    struct doubt_plan_cell cells[2] = {{second_ns / 4, 1e7, false, true, 5},
                                       {second_ns / 4, 1e7, false, true, 0}};
    struct doubt_plan_length lengths[2] = {{100, second_ns / 4}, {100, second_ns / 4}};
    const struct doubt_plan plan = {.restarts = 7, .looks = 1};
    struct doubt_plan_request request = {
        .cells = cells, .cell_count = 2, .budget_ns = 35 * second_ns, .spent_ns = 15 * second_ns};
    assert_false(doubt_plan_lengthen(&request, &plan, 1, 200, lengths)); /* 20.5 s of 19.5 */
    request.budget_ns = 37 * second_ns;
    assert_true(doubt_plan_lengthen(&request, &plan, 1, 200, lengths));
    assert_int_equal(doubt_plan_rest_ns(&request, 7, lengths), 205 * second_ns / 10);
    assert_true(doubt_plan_rest_ns(&request, 10, lengths) > 22 * second_ns);
}

/* Without a budget there is always room; a plan of fewer restarts than a verdict takes has none. */
static void ends_of_the_scale(void **state)
{
    (void)state;
    struct doubt_plan_cell cells[1] = {{second_ns, 1e7, false, true, 0}};
    struct doubt_plan_length lengths[1] = {{100, 0}};
    struct doubt_plan plan = {.restarts = DOUBT_ANALYZE_RESTARTS_MIN - 1};
    struct doubt_plan_request request = {
        .cells = cells, .cell_count = 1, .budget_ns = 1000 * second_ns};
    assert_false(doubt_plan_lengthen(&request, &plan, 0, 200, lengths));
    assert_int_equal(lengths[0].iterations, 100);
    plan.restarts = DOUBT_ANALYZE_RESTARTS_MIN;
    assert_true(doubt_plan_lengthen(&request, &plan, 0, 200, lengths));
    request.budget_ns = 0;
    plan.restarts = 20;
    assert_true(doubt_plan_lengthen(&request, &plan, 0, 200000, lengths));
    assert_int_equal(lengths[0].iterations, 200000);
    /* Fewer may be enough, or must be, by what is asked. */
    request = (struct doubt_plan_request){
        .cells = cells, .cell_count = 1, .budget_ns = 1000 * second_ns, .restarts_least = 10};
    plan.restarts = 9;
    assert_false(doubt_plan_lengthen(&request, &plan, 0, 400, lengths));
    request.restarts_max = 3;
    plan.restarts = 3;
    lengths[0].iterations = 100;
    assert_true(doubt_plan_lengthen(&request, &plan, 0, 200, lengths));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubled_where_there_is_room_and_never_else),
        cmocka_unit_test(seven_restarts_need_room_for_seven),
        cmocka_unit_test(ends_of_the_scale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
