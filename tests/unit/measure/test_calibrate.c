/* test_calibrate.c: which cells get longer restarts, and what becomes of the shorter ones. */
#include "measure/measure_int.h"

#include "util/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const int64_t second_ns = 1000000000;

static const struct doubt_cell_plan row = {.network = "row", .engine = "synthetic", .batch = 1};
static const struct doubt_cell_plan hidden = {.network = "null", .engine = "null", .hidden = true};

struct bench {
    struct doubt_cell record;
    struct doubti_cell_run run;
    struct doubt_plan_cell seen[2];
    struct doubt_plan_length lengths[2];
    struct doubt_plan_request request;
    struct doubt_plan plan;
};

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL)
        return -1;
    doubt_record_init(DOUBT_CELL, &bench->record);
    bench->run =
        (struct doubti_cell_run){.plan = &row, .cell = &bench->record, .first_iterations = 100};
    for (int i = 0; i < 2; i++) {
        bench->seen[i] = (struct doubt_plan_cell){
            .start_ns = second_ns / 2, .iteration_ns = 1e7, .active = true, .done = i ? 5 : 0};
        bench->lengths[i] = (struct doubt_plan_length){100, 100000000};
    }
    bench->request = (struct doubt_plan_request){.cells = bench->seen, .cell_count = 2};
    bench->plan.restarts = DOUBT_PLAN_RESTARTS;
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    doubti_summary_free_cell(&bench->run);
    doubt_record_free(DOUBT_CELL, &bench->record);
    free(bench);
    return 0;
}

/* Restarts of n samples around 1 ms, the first `slow` of which take twice as long. */
static void add_seeded(struct bench *bench, uint64_t seed, size_t n, size_t slow)
{
    struct doubt_restart_result result = {.count = n, .samples = malloc(n * sizeof(int64_t))};
    struct doubt_rng rng;
    doubt_rng_split(&rng, seed, "samples");
    assert_non_null(result.samples);
    for (size_t i = 0; i < n; i++)
        result.samples[i] =
            1000000 + (int64_t)doubt_rng_below(&rng, 1000) + (i < slow ? 1000000 : 0);
    assert_int_equal(doubti_summary_keep_samples(&bench->run, 0, &result, NULL), DOUBT_OK);
}

static void add(struct bench *bench, int restarts, size_t n, size_t slow)
{
    for (int r = 0; r < restarts; r++)
        add_seeded(bench, bench->run.count, n, slow);
}

static bool is_refused(struct bench *bench)
{
    bool refused;
    assert_int_equal(doubti_calibrate(&bench->run, &refused, NULL), DOUBT_OK);
    return refused;
}

static void the_first_five_are_judged_once(void **state)
{
    struct bench *bench = *state;
    add(bench, 4, 100, 60);
    assert_false(is_refused(bench));
    assert_false(bench->run.calibrated);
    add(bench, 1, 100, 60);
    assert_true(is_refused(bench));
    assert_true(bench->run.calibrated && !bench->run.calibration.steady);
    assert_false(is_refused(bench)); /* it was said */
}

static void steady_cells_stay(void **state)
{
    struct bench *bench = *state;
    add(bench, 5, 100, 10);
    assert_false(is_refused(bench));
    assert_true(bench->run.calibration.steady);
    assert_int_equal(bench->run.calibration.cut, 10);
    assert_int_equal(bench->run.count, 5);
}

static void what_is_too_short_to_tell_is_refused(void **state)
{
    struct bench *bench = *state;
    add(bench, 5, 20, 0);
    assert_true(is_refused(bench));
}

static void the_cost_of_measuring_is_not_judged(void **state)
{
    struct bench *bench = *state;
    bench->run.plan = &hidden;
    add(bench, 5, 100, 60);
    assert_false(is_refused(bench));
}

static void three_doublings_and_no_more(void **state)
{
    struct bench *bench = *state;
    for (int doubling = 1; doubling <= 3; doubling++) {
        add(bench, 5, 100, 60);
        assert_true(is_refused(bench));
        assert_true(doubti_double(&bench->run, 0, &bench->request, &bench->plan, bench->lengths));
        assert_int_equal(bench->lengths[0].iterations, 100 << doubling);
        assert_int_equal(bench->lengths[1].iterations, 100);
        assert_int_equal(bench->run.count, 0);
        assert_int_equal(bench->run.short_restarts, 5 * doubling);
    }
    add(bench, 5, 100, 60);
    assert_true(is_refused(bench));
    assert_false(doubti_double(&bench->run, 0, &bench->request, &bench->plan, bench->lengths));
    assert_int_equal(bench->run.count, 5); /* they are all there is */
    assert_int_equal(bench->lengths[0].iterations, 800);
    assert_false(bench->run.no_room);
}

/* Ten restarts of the one cell and five more of the other take 10 x (0.6 + 2) + 5 x (0.6 + 1) = 34
 * s; a reserve of 1.5 % is kept back. */
static void a_budget_must_have_room(void **state)
{
    struct bench *bench = *state;
    add(bench, 5, 100, 60);
    bench->request.budget_ns = 34 * second_ns;
    assert_false(doubti_double(&bench->run, 0, &bench->request, &bench->plan, bench->lengths));
    assert_true(bench->run.no_room);
    assert_int_equal(bench->lengths[0].iterations, 100);
    assert_int_equal(bench->run.count, 5);
    bench->request.budget_ns = 35 * second_ns;
    assert_true(doubti_double(&bench->run, 0, &bench->request, &bench->plan, bench->lengths));
    assert_int_equal(bench->lengths[0].iterations, 200);
}

/* A plan with 7 restarts needs room for 7: 7 x 2.6 + 2 x 1.6 = 21.4 s; one with 20 for 10. */
static void room_is_for_the_restarts_of_the_plan(void **state)
{
    struct bench *bench = *state;
    add(bench, 5, 100, 60);
    bench->plan.restarts = 7;
    bench->request.budget_ns = 21 * second_ns;
    assert_false(doubti_double(&bench->run, 0, &bench->request, &bench->plan, bench->lengths));
    assert_true(bench->run.no_room);
    bench->request.budget_ns = 22 * second_ns;
    assert_true(doubti_double(&bench->run, 0, &bench->request, &bench->plan, bench->lengths));
    assert_int_equal(bench->lengths[0].iterations, 200);
    bench->plan.restarts = 4; /* no verdict comes of it */
    bench->request.budget_ns = 1000 * second_ns;
    assert_false(doubti_double(&bench->run, 0, &bench->request, &bench->plan, bench->lengths));
}

static void a_length_asked_for_stays(void **state)
{
    struct bench *bench = *state;
    bench->request.iterations = 100;
    add(bench, 5, 100, 60);
    assert_false(doubti_double(&bench->run, 0, &bench->request, &bench->plan, bench->lengths));
    assert_false(bench->run.no_room);
    add(bench, 15, 100, 0);
    doubti_grow(&bench->run, 0, &bench->request, &bench->plan, bench->lengths);
    assert_int_equal(bench->lengths[0].iterations, 100);
}

/* Restarts of equal means: a start of 10 s is paid for by 1,000 samples of 10 ms, of which 8 x 100
 * are allowed. One of half a second by 50: nothing grows. */
static void dear_starts_get_longer_restarts(void **state)
{
    struct bench *bench = *state;
    for (int r = 0; r < 9; r++)
        add_seeded(bench, 1, 100, 0);
    bench->record.cut_iterations = 0;
    bench->seen[0].start_ns = 10 * second_ns;
    doubti_grow(&bench->run, 0, &bench->request, &bench->plan, bench->lengths);
    assert_int_equal(bench->lengths[0].iterations, 100); /* too few to know the variance */
    for (int r = 0; r < 11; r++)
        add_seeded(bench, 1, 100, 0);
    bench->seen[0].start_ns = second_ns / 2;
    doubti_grow(&bench->run, 0, &bench->request, &bench->plan, bench->lengths);
    assert_int_equal(bench->lengths[0].iterations, 100);
    bench->seen[0].start_ns = 10 * second_ns;
    doubti_grow(&bench->run, 0, &bench->request, &bench->plan, bench->lengths);
    assert_int_equal(bench->lengths[0].iterations, 800);
}

static void the_record_says_so(void **state)
{
    struct bench *bench = *state;
    add(bench, 5, 100, 60);
    assert_true(doubti_double(&bench->run, 0, &bench->request, &bench->plan, bench->lengths));
    add(bench, 5, 200, 0);
    doubt_text_set(&bench->record.state, DOUBT_STATE_MEASURED);
    doubti_summary_end_cell(&bench->run);
    assert_int_equal(bench->record.doublings, 1);
    assert_int_equal(bench->record.restarts_short, 5);
    assert_non_null(strstr(bench->record.reason, "were doubled once"));
    bench->run.no_room = true;
    doubt_text_set(&bench->record.state, DOUBT_STATE_UNSTEADY);
    doubti_summary_end_cell(&bench->run);
    assert_non_null(strstr(bench->record.reason, "the budget had no room for longer restarts"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_five_are_judged_once),
        TEST(steady_cells_stay),
        TEST(what_is_too_short_to_tell_is_refused),
        TEST(the_cost_of_measuring_is_not_judged),
        TEST(three_doublings_and_no_more),
        TEST(a_budget_must_have_room),
        TEST(room_is_for_the_restarts_of_the_plan),
        TEST(a_length_asked_for_stays),
        TEST(dear_starts_get_longer_restarts),
        TEST(the_record_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
