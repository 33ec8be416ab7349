/* test_plan_start.c: plans where a start takes thousands of times as long as an inference, as on a
 * GPU: what a budget cuts must not be what costs nothing. The other plans: test_plan.c.
 */
#include "measure/plan.h"

#include "measure/analyze.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { CELLS = 11 };
static const int64_t second_ns = 1000000000;

static struct doubt_plan make(const struct doubt_plan_request *request,
                              struct doubt_plan_length *lengths)
{
    struct doubt_plan plan;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_plan_make(request, &plan, lengths, &err), DOUBT_OK);
    return plan;
}

/* Where the series would end. */
static double end_s(const struct doubt_plan_request *request, const struct doubt_plan *plan,
                    const struct doubt_plan_length *lengths)
{
    double rest = (double)doubt_plan_rest_ns(request, plan->restarts, lengths);
    return ((double)request->spent_ns + rest) / 1e9;
}

/* Cell 0 is the hidden one. */
static int count_enough(const struct doubt_plan_length *lengths, int cells, int32_t restarts)
{
    int enough = 0;
    for (int i = 1; i < cells; i++)
        enough += lengths[i].iterations >= doubt_analyze_iterations_min((size_t)restarts);
    return enough;
}

/* The one with room for 10 restarts. */
static int64_t named_budget_s(const struct doubt_plan *plan)
{
    int minutes = 0, seconds = 0;
    const char *at = strstr(plan->cut, ", one of ");
    assert_non_null(at);
    assert_int_equal(sscanf(at, ", one of %d min %d s", &minutes, &seconds), 2);
    return 60 * minutes + seconds;
}

/* Rows of 0.7 ms on a GPU, and the cost of measuring. */
static struct doubt_plan plan_gpu(int rows, double start_s, struct doubt_plan_request *request,
                                  struct doubt_plan_length *lengths)
{
    static struct doubt_plan_cell cells[CELLS];
    cells[0] = (struct doubt_plan_cell){20000000, 40, true, true, 0};
    for (int i = 1; i <= rows; i++)
        cells[i] = (struct doubt_plan_cell){(int64_t)(start_s * 1e9), 0.7e6, false, true, 0};
    request->cells = cells;
    request->cell_count = (size_t)rows + 1;
    return make(request, lengths);
}

/* Ten rows in 280 s and five in 75 s, with pilots of 37 and 12 s: ten restarts do not fit, fewer of
 * a useful length do, for every row. */
static void a_dear_start_costs_restarts_and_not_iterations(void **state)
{
    (void)state;
    static const struct {
        int rows;
        double start_s;
        int64_t budget_s, spent_s;
        int32_t restarts;
    } cases[] = {{10, 2.75, 280, 37, 7}, {5, 1.3, 75, 12, 7}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct doubt_plan_length lengths[CELLS];
        struct doubt_plan_request request = {.budget_ns = cases[k].budget_s * second_ns,
                                             .spent_ns = cases[k].spent_s * second_ns};
        struct doubt_plan plan = plan_gpu(cases[k].rows, cases[k].start_s, &request, lengths);
        assert_int_equal(plan.restarts, cases[k].restarts);
        assert_int_equal(count_enough(lengths, cases[k].rows + 1, plan.restarts), cases[k].rows);
        for (int i = 1; i <= cases[k].rows; i++) {
            /* A tenth of the start for each at least. */
            assert_true((double)lengths[i].warm_ns >= 0.0999e9 * cases[k].start_s);
            assert_true((double)lengths[i].iterations * 0.7e6 >= 0.0995e9 * cases[k].start_s);
        }
        assert_true(end_s(&request, &plan, lengths) <= (double)cases[k].budget_s);
        assert_true(end_s(&request, &plan, lengths) > 0.98 * (double)cases[k].budget_s);
        assert_int_equal(plan.least_budget_ns, 0);
        int64_t named_s = named_budget_s(&plan);
        assert_true(named_s > cases[k].budget_s);
        request.budget_ns = named_s * second_ns;
        assert_true(make(&request, lengths).enough);
        request.budget_ns -= 3 * second_ns;
        assert_false(make(&request, lengths).enough);
    }
}

/* Where even 5 restarts do not fit at a useful length, 100 iterations are had for next to nothing;
 * where there are fewer than 5, the time goes into their lengths. */
static void no_verdict_is_lost_for_next_to_nothing(void **state)
{
    (void)state;
    struct doubt_plan_length lengths[CELLS];
    struct doubt_plan_request request = {.budget_ns = 203 * second_ns, .spent_ns = 37 * second_ns};
    struct doubt_plan plan = plan_gpu(10, 2.75, &request, lengths);
    assert_int_equal(plan.restarts, 5);
    assert_int_equal(lengths[1].iterations, 100); /* 63 ms of 3.03 s more than 10 take */
    assert_int_equal(lengths[1].warm_ns, 275000000);
    request.budget_ns = 180 * second_ns;
    plan = make(&request, lengths);
    assert_int_equal(plan.restarts, 4);
    assert_true(lengths[1].iterations > 400);
    assert_true(lengths[1].warm_ns >= 275000000);
    assert_true(plan.least_budget_ns > 180 * second_ns);
}

/* Round by round, with starts slower or faster than foreseen: lengths never grow, rows that have
 * enough keep it, and the number of restarts moves one way only. */
static void a_cut_plan_does_not_swing(void **state)
{
    (void)state;
    static const double factors[] = {0.8, 0.95, 1, 1.05, 1.2, 1.4};
    for (size_t k = 0; k < sizeof factors / sizeof factors[0]; k++) {
        struct doubt_plan_cell cells[CELLS];
        struct doubt_plan_length lengths[CELLS];
        struct doubt_plan_request request = {.budget_ns = 280 * second_ns,
                                             .spent_ns = 37 * second_ns};
        struct doubt_plan plan = plan_gpu(10, 2.75, &request, lengths);
        int32_t done = 0, first = plan.restarts, before = first;
        memcpy(cells, request.cells, sizeof cells);
        request.cells = cells;
        for (int i = 1; i < CELLS; i++)
            cells[i].start_ns = (int64_t)((double)cells[i].start_ns * factors[k]);
        while (done < plan.restarts) {
            int64_t length_before = lengths[1].iterations, warm_before = lengths[1].warm_ns;
            request.spent_ns += doubt_plan_rest_ns(&request, done + 1, lengths);
            done++;
            for (int i = 0; i < CELLS; i++)
                cells[i].done = done;
            doubt_plan_revise(&request, &plan, lengths);
            assert_true(lengths[1].iterations <= length_before);
            assert_true(lengths[1].warm_ns <= warm_before);
            assert_true(factors[k] > 1 ? plan.restarts <= before : plan.restarts >= before);
            before = plan.restarts;
        }
        assert_int_equal(count_enough(lengths, CELLS, plan.restarts), CELLS - 1);
        assert_true(done >= DOUBT_ANALYZE_RESTARTS_MIN);
        assert_true(factors[k] > 1 ? done <= first : done >= first);
        assert_true(request.spent_ns <= request.budget_ns);
    }
}

/* A comparison concludes nothing from fewer than 10 pairs: it keeps them. */
static void pairs_are_not_cut_for_length(void **state)
{
    (void)state;
    struct doubt_plan_length lengths[CELLS];
    struct doubt_plan_request request = {
        .budget_ns = 280 * second_ns, .spent_ns = 37 * second_ns, .restarts_least = 10};
    struct doubt_plan plan = plan_gpu(2, 11.4, &request, lengths);
    assert_int_equal(plan.restarts, 9); /* none of 10 fits, however short */
    request.budget_ns = 300 * second_ns;
    plan = make(&request, lengths);
    assert_int_equal(plan.restarts, 10);
    assert_int_equal(count_enough(lengths, 3, plan.restarts), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dear_start_costs_restarts_and_not_iterations),
        cmocka_unit_test(no_verdict_is_lost_for_next_to_nothing),
        cmocka_unit_test(a_cut_plan_does_not_swing),
        cmocka_unit_test(pairs_are_not_cut_for_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
