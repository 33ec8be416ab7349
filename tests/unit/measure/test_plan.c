/* test_plan.c: plans for tables of cells and budgets, checked against what a plan must hold. */
#include "measure/plan.h"

#include "measure/analyze.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { CELLS = 11 };
static const int64_t second_ns = 1000000000;

/* Five networks in two precisions as a small machine runs them, and the cost of measuring. */
static const struct doubt_plan_cell ten_cells[CELLS] = {
    {20000000, 40, true, true, 0},      {500000000, 15.4e6, false, true, 0},
    {500000000, 45e6, false, true, 0},  {1200000000, 110e6, false, true, 0},
    {900000000, 90e6, false, true, 0},  {400000000, 70e6, false, true, 0},
    {600000000, 8.4e6, false, true, 0}, {500000000, 22e6, false, true, 0},
    {1500000000, 55e6, false, true, 0}, {1000000000, 45e6, false, true, 0},
    {400000000, 35e6, false, true, 0},
};

static struct doubt_plan make(const struct doubt_plan_request *request,
                              struct doubt_plan_length *lengths)
{
    struct doubt_plan plan;
    struct doubt_err err = {.code = DOUBT_OK};
    enum doubt_code code = doubt_plan_make(request, &plan, lengths, &err);
    if (code != DOUBT_OK)
        print_error("%s\n", err.text);
    assert_int_equal(code, DOUBT_OK);
    return plan;
}

/* Where the series would end. */
static double end_s(const struct doubt_plan_request *request, const struct doubt_plan *plan,
                    const struct doubt_plan_length *lengths)
{
    double rest = (double)doubt_plan_rest_ns(request, plan->restarts, lengths);
    return ((double)request->spent_ns + rest) / 1e9;
}

static bool is_enough(const struct doubt_plan_length *length, int32_t restarts)
{
    return length->iterations >= doubt_analyze_iterations_min((size_t)restarts);
}

/* Cell 0 is the hidden one. */
static int count_enough(const struct doubt_plan_length *lengths, int cells, int32_t restarts)
{
    int enough = 0;
    for (int i = 1; i < cells; i++)
        enough += is_enough(&lengths[i], restarts);
    return enough;
}

/* The order of what a budget cuts: a plan of a higher rank is better. */
static int rank_of(const struct doubt_plan *plan, int enough, int rows)
{
    if (plan->restarts >= DOUBT_PLAN_RESTARTS_ALL && enough == rows)
        return 10000 + plan->restarts;
    if (plan->restarts >= DOUBT_PLAN_RESTARTS_MIN && 2 * enough >= rows)
        return 5000 + 100 * enough + plan->restarts;
    if (plan->restarts >= DOUBT_ANALYZE_RESTARTS_MIN)
        return 1000 + 100 * enough + plan->restarts;
    return plan->restarts;
}

static void without_a_budget_lengths_are_full(void **state)
{
    (void)state;
    struct doubt_plan_length lengths[CELLS];
    const struct doubt_plan_request request = {.cells = ten_cells, .cell_count = CELLS};
    struct doubt_plan plan = make(&request, lengths);
    assert_int_equal(plan.restarts, 20);
    assert_int_equal(plan.looks, 1);
    assert_true(plan.level == 0.05);
    assert_true(plan.enough);
    assert_string_equal(plan.cut, "");
    assert_int_equal(lengths[0].iterations, DOUBT_PLAN_ITERATIONS_HIDDEN);
    assert_int_equal(lengths[1].iterations, 200); /* 2 s of 15.4 ms are 130 */
    assert_int_equal(lengths[6].iterations, 239); /* 2 s of 8.4 ms */
    assert_int_equal(lengths[1].warm_ns, second_ns);
    assert_int_equal(lengths[3].warm_ns, 1100000000); /* 10 iterations */
}

/* Looks at 20, 40, 80 and at the end, the error split over those that are planned. */
static void looks_split_the_error(void **state)
{
    (void)state;
    static const struct {
        int32_t restarts, looks, at[3];
        double level;
    } rows[] = {
        {5, 1, {0}, 0.05},
        {20, 1, {0}, 0.05},
        {25, 1, {0}, 0.05},
        {30, 2, {20}, 0.025},
        {40, 2, {20}, 0.025},
        {60, 3, {20, 40}, 0.05 / 3},
        {80, 3, {20, 40}, 0.05 / 3},
        {200, 4, {20, 40, 80}, 0.0125},
        {2000, 4, {20, 40, 80}, 0.0125},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_plan_length lengths[CELLS];
        const struct doubt_plan_request request = {
            .cells = ten_cells, .cell_count = CELLS, .restarts_max = rows[i].restarts};
        struct doubt_plan plan = make(&request, lengths);
        assert_int_equal(plan.restarts, rows[i].restarts);
        assert_int_equal(plan.looks, rows[i].looks);
        assert_true(plan.level == rows[i].level);
        for (int k = 0; k + 1 < plan.looks; k++)
            assert_int_equal(plan.look_at[k], rows[i].at[k]);
    }
}

/* A family of claims divides it further; looks stay where they are. */
static void a_family_shares_the_error(void **state)
{
    (void)state;
    struct doubt_plan_length lengths[CELLS];
    const struct doubt_plan_request request = {
        .cells = ten_cells, .cell_count = CELLS, .restarts_max = 80, .family = 10};
    struct doubt_plan plan = make(&request, lengths);
    assert_int_equal(plan.looks, 3);
    assert_true(plan.level == 0.05 / 3 / 10);
    assert_true(doubt_plan_level(1, 0) == 0.05);
    assert_true(doubt_plan_level(1, 1) == 0.05);
}

/* With a budget and more than 20 restarts asked for, 10 is a look as well. */
static void a_budget_has_an_early_look(void **state)
{
    (void)state;
    static const struct {
        int32_t asked, restarts, looks, at[4];
        double level;
    } rows[] = {
        {20, 20, 1, {0}, 0.05},
        {30, 30, 3, {10, 20}, 0.05 / 3},
        {80, 80, 4, {10, 20, 40}, 0.0125},
        {200, 200, 5, {10, 20, 40, 80}, 0.01},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_plan_length lengths[CELLS];
        const struct doubt_plan_request request = {.cells = ten_cells,
                                                   .cell_count = CELLS,
                                                   .budget_ns = 100000 * second_ns,
                                                   .restarts_max = rows[i].asked};
        struct doubt_plan plan = make(&request, lengths);
        assert_int_equal(plan.restarts, rows[i].restarts);
        assert_int_equal(plan.looks, rows[i].looks);
        assert_true(plan.level == rows[i].level);
        for (int32_t r = 1; r < plan.restarts; r++) {
            bool expected = false;
            for (int k = 0; k + 1 < plan.looks; k++)
                expected = expected || rows[i].at[k] == r;
            assert_int_equal(doubt_plan_is_look(&plan, r), expected);
        }
    }
}

/* From 1 minute to 4 hours: a plan ends in its budget, is never worse than one with less time, and
 * says what it cut. */
static void budgets_are_kept(void **state)
{
    (void)state;
    int rank_before = 0;
    int32_t restarts_before = 0;
    int64_t slow_before = 0;
    for (int64_t budget_s = 60; budget_s <= 14400; budget_s = budget_s * 21 / 20) {
        struct doubt_plan_length lengths[CELLS];
        const struct doubt_plan_request request = {.cells = ten_cells,
                                                   .cell_count = CELLS,
                                                   .budget_ns = budget_s * second_ns,
                                                   .spent_ns = 12 * second_ns};
        struct doubt_plan plan = make(&request, lengths);
        int enough = count_enough(lengths, CELLS, plan.restarts),
            rank = rank_of(&plan, enough, CELLS - 1);
        bool cut = plan.restarts < 20;
        assert_true(end_s(&request, &plan, lengths) <= (double)budget_s);
        for (int i = 1; i < CELLS; i++) {
            int64_t full = i == 6 ? 239 : 200;
            assert_in_range(lengths[i].iterations, DOUBT_PLAN_ITERATIONS_LEAST, full);
            assert_true((double)lengths[i].warm_ns >= 2 * ten_cells[i].iteration_ns);
            cut = cut || lengths[i].iterations < full;
        }
        assert_int_equal(cut, plan.cut[0] != '\0');
        assert_int_equal(strstr(plan.cut, "has room for 10 restarts of at least 45") != NULL,
                         !plan.enough);
        assert_int_equal(plan.enough, plan.restarts >= 10 && enough == CELLS - 1);
        if (strstr(plan.cut, "for 5 of at least 100") != NULL)
            assert_true(plan.restarts < DOUBT_ANALYZE_RESTARTS_MIN || enough == 0);
        assert_true(end_s(&request, &plan, lengths) > 0.85 * (double)budget_s ||
                    plan.cut[0] == '\0' || plan.restarts < 20);
        assert_true(rank >= rank_before);
        if (plan.restarts == restarts_before && plan.restarts >= 10)
            assert_true(lengths[3].iterations >= slow_before);
        rank_before = rank;
        restarts_before = plan.restarts;
        slow_before = lengths[3].iterations;
    }
    assert_int_equal(restarts_before, 20);
    assert_int_equal(slow_before, 200);
}

/* Three minutes for ten rows: ten restarts would give fewer rows enough than five longer ones, with
 * which the slowest four have to do without a verdict, and fast networks keep
 * enough iterations to find the end of the warm-up. */
static void three_minutes_for_ten_rows(void **state)
{
    (void)state;
    struct doubt_plan_length lengths[CELLS];
    const struct doubt_plan_request request = {.cells = ten_cells,
                                               .cell_count = CELLS,
                                               .budget_ns = 180 * second_ns,
                                               .spent_ns = 12 * second_ns};
    struct doubt_plan plan = make(&request, lengths);
    assert_int_equal(plan.restarts, 5);
    assert_false(plan.enough);
    assert_int_equal(count_enough(lengths, CELLS, plan.restarts), 6);
    assert_true(is_enough(&lengths[1], plan.restarts) && is_enough(&lengths[6], plan.restarts));
    assert_non_null(strstr(plan.cut, "restarts to 5 (of 20)"));
    assert_non_null(strstr(plan.cut, "iterations of a restart to 10 … "));
    assert_int_equal(plan.least_budget_ns, 0);
}

/* What is asked for is not cut, and a budget then only makes restarts fewer. */
static void wishes_are_kept(void **state)
{
    (void)state;
    struct doubt_plan_length lengths[CELLS];
    const struct doubt_plan_request request = {.cells = ten_cells,
                                               .cell_count = CELLS,
                                               .budget_ns = 300 * second_ns,
                                               .restarts_max = 40,
                                               .iterations = 50,
                                               .warm_ns = 300000000};
    struct doubt_plan plan = make(&request, lengths);
    for (int i = 1; i < CELLS; i++) {
        assert_int_equal(lengths[i].iterations, 50);
        assert_int_equal(lengths[i].warm_ns, 300000000);
    }
    /* A round takes 7.5 s of starts, 3 s of warm-up, 50 x 495.8 ms, and the hidden cell. */
    assert_int_equal(plan.restarts, 8);
    assert_true(end_s(&request, &plan, lengths) <= 300);
    assert_null(strstr(plan.cut, "iterations of a restart to"));

    const struct doubt_plan_request few = {
        .cells = ten_cells, .cell_count = CELLS, .restarts_max = 3, .budget_ns = 7200 * second_ns};
    plan = make(&few, lengths);
    assert_int_equal(plan.restarts, 3);
    assert_true(plan.enough);
    assert_string_equal(plan.cut, "");
}

/* A cell that takes no part takes no time. */
static void inactive_cells_cost_nothing(void **state)
{
    (void)state;
    struct doubt_plan_cell cells[2] = {{1000, 1e6, false, true, 0},
                                       {second_ns, 1e9, false, false, 0}};
    struct doubt_plan_length lengths[2];
    const struct doubt_plan_request request = {
        .cells = cells, .cell_count = 2, .budget_ns = 80 * second_ns};
    struct doubt_plan plan = make(&request, lengths);
    assert_int_equal(plan.restarts, 20);
    assert_int_equal(lengths[0].iterations, 2000);
    assert_true(doubt_plan_rest_ns(&request, 1, lengths) ==
                doubt_plan_restart_ns(&cells[0], &lengths[0]));
}

/* --- who gets the time --------------------------------------------------------------------- */

/* The five networks in f32 and bf16 on two cores, and the cost of measuring. */
static const struct doubt_plan_cell five_networks[CELLS] = {
    {20000000, 40, true, true, 0},      {400000000, 6.4e6, false, true, 0},
    {500000000, 17e6, false, true, 0},  {1500000000, 55e6, false, true, 0},
    {900000000, 33e6, false, true, 0},  {300000000, 60e6, false, true, 0},
    {450000000, 3e6, false, true, 0},   {550000000, 7.5e6, false, true, 0},
    {1400000000, 22e6, false, true, 0}, {900000000, 14e6, false, true, 0},
    {350000000, 27e6, false, true, 0},
};

static struct doubt_plan plan_five(int64_t budget_s, struct doubt_plan_length *lengths)
{
    const struct doubt_plan_request request = {.cells = five_networks,
                                               .cell_count = CELLS,
                                               .budget_ns = budget_s * second_ns,
                                               .spent_ns = 12 * second_ns};
    return make(&request, lengths);
}

/* Seconds of so many rounds in which the rows up to one this slow get 45 iterations, the others 10,
 * all with the least warm-up there is: 2 inferences, 50 ms, a tenth of the start. */
static double rounds_s(int32_t restarts, double slowest_ns)
{
    double sum_ns = (double)five_networks[0].start_ns + 10e6 + 10000 * 40;
    for (int i = 1; i < CELLS; i++) {
        double c = five_networks[i].iteration_ns, start = (double)five_networks[i].start_ns;
        sum_ns += start + fmax(fmax(50e6, 2 * c), start / 10) + c * (c <= slowest_ns ? 45 : 10);
    }
    return restarts * sum_ns / 1e9;
}

/* From the first budget in which half of the rows have a verdict with 10 restarts on: only the
 * slowest rows go without enough iterations for one, and only where the time for one row more is
 * not there. */
static void as_many_rows_as_can_be_get_enough(void **state)
{
    (void)state;
    int enough_before = 0;
    for (int64_t budget_s = 140; budget_s <= 300; budget_s += 5) {
        struct doubt_plan_length lengths[CELLS];
        struct doubt_plan plan = plan_five(budget_s, lengths);
        double fastest_short_ns = INFINITY;
        int enough = count_enough(lengths, CELLS, plan.restarts);
        for (int i = 1; i < CELLS; i++)
            if (!is_enough(&lengths[i], plan.restarts))
                fastest_short_ns = fmin(fastest_short_ns, five_networks[i].iteration_ns);
        for (int i = 1; i < CELLS; i++) {
            double c = five_networks[i].iteration_ns;
            assert_int_equal(is_enough(&lengths[i], plan.restarts), c < fastest_short_ns);
        }
        assert_true(plan.restarts >= 10);
        assert_true(isinf(fastest_short_ns) ||
                    12 + rounds_s(10, fastest_short_ns) > 0.985 * (double)budget_s);
        assert_int_equal(plan.enough, enough == CELLS - 1);
        assert_true(enough >= enough_before);
        enough_before = enough;
    }
    assert_int_equal(enough_before, CELLS - 1);
}

/* Seconds of a duration behind some words. */
static int named_s(const char *text, const char *words)
{
    int minutes = 0, seconds = 0;
    const char *at = strstr(text, words);
    assert_non_null(at);
    at += strlen(words);
    if (sscanf(at, "%d min %d s", &minutes, &seconds) != 2) {
        minutes = 0;
        assert_int_equal(sscanf(at, "%d s", &seconds), 1);
    }
    return 60 * minutes + seconds;
}

/* The budgets that a plan names hold what it says of them, and no smaller ones do. */
static void the_named_budgets_are_enough(void **state)
{
    (void)state;
    struct doubt_plan_length lengths[CELLS];
    struct doubt_plan plan = plan_five(180, lengths);
    assert_int_equal(plan.restarts, 10);
    assert_int_equal(count_enough(lengths, CELLS, plan.restarts), CELLS - 3);
    int all_s = named_s(plan.cut, ", one of ");
    assert_true(plan_five(all_s, lengths).enough);
    assert_false(plan_five(all_s - 3, lengths).enough);

    plan = plan_five(60, lengths);
    assert_true(plan.restarts < DOUBT_ANALYZE_RESTARTS_MIN);
    int least_s = named_s(plan.cut, ", and one of ");
    assert_int_equal(plan.least_budget_ns, least_s * second_ns);
    assert_int_equal(named_s(plan.cut, ", one of "), all_s);
    plan = plan_five(least_s, lengths);
    assert_true(plan.restarts >= DOUBT_ANALYZE_RESTARTS_MIN);
    assert_true(2 * count_enough(lengths, CELLS, plan.restarts) >= CELLS - 1);
    int none_s = named_s(plan.cut, "nothing is cut from a budget of ");
    assert_string_equal(plan_five(none_s, lengths).cut, "");
    assert_string_not_equal(plan_five(none_s - 3, lengths).cut, "");
}

/* What is left goes where it narrows most: the variance of a mean goes with 1 / n, so among rows
 * between the least and the full length a second more has the same effect, 1 / (n^2 c). */
static void the_rest_goes_where_it_narrows_most(void **state)
{
    (void)state;
    struct doubt_plan_length lengths[CELLS];
    int free_rows = 0;
    double low = INFINITY, high = 0;
    plan_five(285, lengths);
    for (int i = 1; i < CELLS; i++) {
        double root = sqrt(five_networks[i].iteration_ns);
        if (lengths[i].iterations == 45)
            continue;
        free_rows++;
        low = fmin(low, (double)(lengths[i].iterations + 1) * root);
        high = fmax(high, (double)lengths[i].iterations * root);
    }
    assert_in_range(free_rows, 5, CELLS - 2);
    assert_true(high <= low);
}

/* All rows have just enough, and the machine becomes slower: by a little, and no restart is lost,
 * since the plan keeps something back; by more, and the slowest rows give their time up, one by one
 * and once and for all. */
static void rows_keep_what_they_have(void **state)
{
    (void)state;
    static const struct {
        double factor;
        int enough;
        int32_t restarts;
    } rows[] = {{1.01, 10, 10}, {1.05, 9, 10}, {1.35, 8, 10}, {1.6, 7, 10}};
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        struct doubt_plan_cell cells[CELLS];
        struct doubt_plan_length lengths[CELLS];
        struct doubt_plan_request request = {.cells = cells,
                                             .cell_count = CELLS,
                                             .budget_ns = 207 * second_ns,
                                             .spent_ns = 12 * second_ns};
        memcpy(cells, five_networks, sizeof cells);
        struct doubt_plan plan = make(&request, lengths);
        assert_true(plan.enough);
        int enough = 0, done = 0;
        for (int i = 0; i < CELLS; i++)
            cells[i].iteration_ns *= rows[k].factor;
        while (done < plan.restarts) {
            request.spent_ns += doubt_plan_rest_ns(&request, done + 1, lengths);
            done++;
            for (int i = 0; i < CELLS; i++)
                cells[i].done = done;
            doubt_plan_revise(&request, &plan, lengths);
        }
        enough = count_enough(lengths, CELLS, plan.restarts);
        assert_int_equal(done, rows[k].restarts);
        assert_true(request.spent_ns <= request.budget_ns);
        assert_int_equal(enough, rows[k].enough);
    }
}

/* After the plan everything takes three times as long, starts too: ten restarts cannot be had, and
 * those that were made are too short for a verdict from fewer. What fits is run all the same. */
static void a_much_slower_machine_gets_what_fits(void **state)
{
    (void)state;
    struct doubt_plan_cell cells[CELLS];
    struct doubt_plan_length lengths[CELLS];
    struct doubt_plan_request request = {.cells = cells,
                                         .cell_count = CELLS,
                                         .budget_ns = 207 * second_ns,
                                         .spent_ns = 12 * second_ns};
    int enough = 0, done = 0;
    memcpy(cells, five_networks, sizeof cells);
    struct doubt_plan plan = make(&request, lengths);
    for (int i = 0; i < CELLS; i++) {
        cells[i].iteration_ns *= 3;
        cells[i].start_ns *= 3;
    }
    while (done < plan.restarts) {
        request.spent_ns += doubt_plan_rest_ns(&request, done + 1, lengths);
        done++;
        for (int i = 0; i < CELLS; i++)
            cells[i].done = done;
        doubt_plan_revise(&request, &plan, lengths);
    }
    enough = count_enough(lengths, CELLS, plan.restarts);
    assert_int_equal(done, DOUBT_ANALYZE_RESTARTS_MIN);
    assert_int_equal(enough, 0);
    assert_true(request.spent_ns <= request.budget_ns);
}

/* --- revision ------------------------------------------------------------------------------ */

/* The machine becomes slower by a factor after the plan: rounds go on as long as they fit. */
static void run_slower(double factor, int64_t budget_s, int32_t *restarts, double *ended_s)
{
    struct doubt_plan_cell cells[CELLS];
    struct doubt_plan_length lengths[CELLS];
    struct doubt_plan_request request = {.cells = cells,
                                         .cell_count = CELLS,
                                         .budget_ns = budget_s * second_ns,
                                         .spent_ns = 12 * second_ns};
    memcpy(cells, ten_cells, sizeof cells);
    struct doubt_plan plan = make(&request, lengths);
    for (int i = 0; i < CELLS; i++) {
        cells[i].start_ns = (int64_t)((double)cells[i].start_ns * factor);
        cells[i].iteration_ns *= factor;
    }
    int32_t done = 0;
    while (done < plan.restarts) {
        int64_t before = lengths[3].iterations;
        request.spent_ns += doubt_plan_rest_ns(&request, done + 1, lengths);
        done++;
        for (int i = 0; i < CELLS; i++)
            cells[i].done = done;
        doubt_plan_revise(&request, &plan, lengths);
        assert_true(lengths[3].iterations <= before);
        assert_true(lengths[3].iterations >= DOUBT_PLAN_ITERATIONS_LEAST);
    }
    *restarts = done;
    *ended_s = (double)request.spent_ns / 1e9;
}

static void a_slower_machine_gets_shorter_then_fewer_restarts(void **state)
{
    (void)state;
    int32_t restarts;
    double ended_s;
    run_slower(1, 600, &restarts, &ended_s);
    assert_int_equal(restarts, 12);
    assert_true(ended_s <= 600);
    run_slower(1.3, 600, &restarts, &ended_s);
    assert_in_range(restarts, 10, 15);
    assert_true(ended_s <= 600);
    run_slower(1.5, 300, &restarts, &ended_s);
    assert_int_equal(restarts, 10);
    assert_true(ended_s <= 300);
    run_slower(4, 300, &restarts, &ended_s);
    assert_in_range(restarts, 2, 9);
    assert_true(ended_s <= 300);
}

static void a_faster_machine_gets_more_rounds(void **state)
{
    (void)state;
    int32_t restarts;
    double ended_s;
    run_slower(0.7, 300, &restarts, &ended_s);
    assert_in_range(restarts, 12, 20);
    assert_true(ended_s <= 300);
    run_slower(0.1, 300, &restarts, &ended_s);
    assert_int_equal(restarts, 20);
}

static void without_a_budget_nothing_is_revised(void **state)
{
    (void)state;
    struct doubt_plan_length lengths[CELLS], before[CELLS];
    struct doubt_plan_request request = {.cells = ten_cells, .cell_count = CELLS};
    struct doubt_plan plan = make(&request, lengths);
    memcpy(before, lengths, sizeof before);
    request.spent_ns = 1000000 * second_ns;
    doubt_plan_revise(&request, &plan, lengths);
    assert_int_equal(plan.restarts, 20);
    assert_memory_equal(before, lengths, sizeof before);
}

/* Two cells of 1 s a restart. The second one begins anew with twice the length after 5 rounds: it
 * needs 10 x 1.5 s, the first one 5 s more. */
static void a_cell_that_begins_anew_catches_up(void **state)
{
    (void)state;
    struct doubt_plan_cell cells[2] = {{500000000, 1e6, false, true, 5},
                                       {500000000, 1e6, false, true, 0}};
    struct doubt_plan_length lengths[2] = {{400, 100000000}, {400, 100000000}};
    struct doubt_plan plan = {.restarts = 12, .looks = 1};
    struct doubt_plan_request request = {
        .cells = cells, .cell_count = 2, .budget_ns = 24 * second_ns, .spent_ns = 10 * second_ns};
    assert_false(
        doubt_plan_lengthen(&request, &plan, 1, 800, lengths)); /* 19 s of 13.64 are needed */
    assert_int_equal(lengths[1].iterations, 400);
    request.budget_ns = 31 * second_ns;
    assert_true(doubt_plan_lengthen(&request, &plan, 1, 800, lengths));
    assert_int_equal(lengths[1].iterations, 800);
    assert_int_equal(doubt_plan_rest_ns(&request, 10, lengths), 19 * second_ns);
    doubt_plan_revise(&request, &plan, lengths);
    assert_int_equal(plan.restarts, 10);
    assert_int_equal(lengths[1].iterations, 800);
    request.budget_ns = 0;
    assert_true(doubt_plan_lengthen(&request, &plan, 1, 1600, lengths));
    /* The first is far ahead: the second goes on to 10 all the same. */
    cells[0].done = 14;
    request.budget_ns = 30 * second_ns;
    lengths[1].iterations = 800;
    doubt_plan_revise(&request, &plan, lengths);
    assert_int_equal(plan.restarts, 13); /* in 19.55 s, 1.4 s each */
}

/* An engine's own clock may tell anything. */
static void absurd_times_are_held(void **state)
{
    (void)state;
    static const struct doubt_plan_cell cell = {500000000, 8e18, false, true, 0};
    static const struct doubt_plan_length long_one = {1000000, 1000000000};
    const struct doubt_plan_request request = {.cells = &cell, .cell_count = 1};
    int64_t restart_ns = doubt_plan_restart_ns(&cell, &long_one);
    assert_true(restart_ns > 8e15 && restart_ns < 1e17);
    assert_true(doubt_plan_rest_ns(&request, 10, &long_one) == 10 * restart_ns);
    assert_true(doubt_plan_rest_ns(&request, INT32_MAX, &long_one) == INT64_MAX);
}

static void bad_requests_are_refused(void **state)
{
    (void)state;
    const struct doubt_plan_cell bad[] = {
        {-1, 1e6, false, true, 0},
        {0, 0, false, true, 0},
        {0, -5, false, true, 0},
        {0, 1e6, false, false, 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct doubt_plan plan;
        struct doubt_plan_length length;
        struct doubt_err err = {.code = DOUBT_OK};
        const struct doubt_plan_request request = {.cells = &bad[i], .cell_count = 1};
        assert_int_equal(doubt_plan_make(&request, &plan, &length, &err), DOUBT_E_ARGUMENT);
        assert_true(err.text[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_budget_lengths_are_full),
        cmocka_unit_test(looks_split_the_error),
        cmocka_unit_test(a_family_shares_the_error),
        cmocka_unit_test(a_budget_has_an_early_look),
        cmocka_unit_test(budgets_are_kept),
        cmocka_unit_test(three_minutes_for_ten_rows),
        cmocka_unit_test(wishes_are_kept),
        cmocka_unit_test(inactive_cells_cost_nothing),
        cmocka_unit_test(as_many_rows_as_can_be_get_enough),
        cmocka_unit_test(the_named_budgets_are_enough),
        cmocka_unit_test(the_rest_goes_where_it_narrows_most),
        cmocka_unit_test(rows_keep_what_they_have),
        cmocka_unit_test(a_much_slower_machine_gets_what_fits),
        cmocka_unit_test(a_slower_machine_gets_shorter_then_fewer_restarts),
        cmocka_unit_test(a_faster_machine_gets_more_rounds),
        cmocka_unit_test(without_a_budget_nothing_is_revised),
        cmocka_unit_test(a_cell_that_begins_anew_catches_up),
        cmocka_unit_test(absurd_times_are_held),
        cmocka_unit_test(bad_requests_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
