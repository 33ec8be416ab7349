/* test_built_in.c: the null and synthetic engines. The arithmetic of the programmed times is held
 * against closed formulas; no time is measured. */
#include "engine/engine_int.h"
#include "engine_test.h"

#include <math.h>

enum { N = 200000 };

static const struct doubti_synthetic_plan plain = {
    .distribution = DOUBTI_LOGNORMAL,
    .restart_distribution = DOUBTI_NORMAL,
    .mean_ns = 1e6,
    .sd_ns = 1e5,
    .mode_share = 0.1,
    .warm_tau = 10,
    .throttle_at = INFINITY,
    .throttle_factor = 1,
    .seed = 1,
};

struct sums {
    double mean, sd, lag1, below; /* below: share under the limit given */
};

/* Two passes over the same programme. */
static struct sums simulate(const struct doubti_synthetic_plan *plan, double limit)
{
    static double x[N];
    struct doubti_synthetic s;
    struct sums sums = {0};
    assert_ok(doubti_synthetic_init(&s, plan, err));
    for (int i = 0; i < N; i++) {
        x[i] = doubti_synthetic_next(&s);
        assert_true(x[i] >= 0);
        sums.mean += x[i] / N;
        sums.below += x[i] <= limit ? 1.0 / N : 0;
    }
    double variance = 0, product = 0;
    for (int i = 0; i < N; i++)
        variance += (x[i] - sums.mean) * (x[i] - sums.mean) / N;
    for (int i = 1; i < N; i++)
        product += (x[i] - sums.mean) * (x[i - 1] - sums.mean) / N;
    sums.sd = sqrt(variance);
    sums.lag1 = variance > 0 ? product / variance : 0;
    return sums;
}

/* Mean, sd and the median of each distribution: 5 standard errors, and z = 0 is the median. */
static void test_distributions(void **state)
{
    (void)state;
    static const enum doubti_distribution all[] = {DOUBTI_NORMAL, DOUBTI_LOGNORMAL,
                                                   DOUBTI_EXPONENTIAL};
    for (size_t d = 0; d < 3; d++) {
        struct doubti_synthetic_plan plan = plain;
        plan.distribution = all[d];
        struct sums sums = simulate(&plan, doubti_synthetic_at(&plan, 0));
        assert_float_equal(sums.mean, 1e6, 5 * 1e5 / sqrt(N));
        assert_float_equal(sums.sd, 1e5, 3e3);
        assert_float_equal(sums.lag1, 0, 5 / sqrt(N));
        assert_float_equal(sums.below, 0.5, 5 * 0.5 / sqrt(N));
    }
}

/* The 99th percentile, z = 2.326347874040841, by each distribution's closed formula. */
static void test_percentiles(void **state)
{
    (void)state;
    const double z = 2.326347874040841;
    struct doubti_synthetic_plan plan = plain;
    plan.distribution = DOUBTI_NORMAL;
    assert_float_equal(doubti_synthetic_at(&plan, z), 1e6 + 1e5 * z, 1e-3);
    plan.distribution = DOUBTI_EXPONENTIAL;
    assert_float_equal(doubti_synthetic_at(&plan, z), 1e6 - 1e5 + 1e5 * log(100), 1e-3);
    plan.distribution = DOUBTI_LOGNORMAL;
    assert_float_equal(doubti_synthetic_at(&plan, z), 1e6 / sqrt(1.01) * exp(z * sqrt(log(1.01))),
                       1e-3);
    struct sums sums = simulate(&plan, doubti_synthetic_at(&plan, z));
    assert_float_equal(sums.below, 0.99, 5 * sqrt(0.99 * 0.01 / N));
    plan.distribution = DOUBTI_CONST;
    assert_float_equal(doubti_synthetic_at(&plan, z), 1e6, 0);
}

static void test_two_modes(void **state)
{
    (void)state;
    struct doubti_synthetic_plan plan = plain;
    plan.distribution = DOUBTI_TWO_MODE;
    plan.mode_share = 0.2;
    /* p = 0.2: offsets of -sd / 2 and +2 sd. */
    assert_float_equal(doubti_synthetic_at(&plan, 0), 950000, 1e-6);
    assert_float_equal(doubti_synthetic_at(&plan, 2), 1200000, 1e-6);
    struct sums sums = simulate(&plan, 1e6);
    assert_float_equal(sums.below, 0.8, 5 * 0.4 / sqrt(N));
    assert_float_equal(sums.mean, 1e6, 5 * 1e5 / sqrt(N));
    assert_float_equal(sums.sd, 1e5, 1e3);
}

/* The correlation of normal times is the one programmed; it leaves the marginal alone. */
static void test_autocorrelation(void **state)
{
    (void)state;
    struct doubti_synthetic_plan plan = plain;
    plan.distribution = DOUBTI_NORMAL;
    plan.ar = 0.8;
    struct sums sums = simulate(&plan, 1e6);
    assert_float_equal(sums.lag1, 0.8, 0.01);
    assert_float_equal(sums.sd, 1e5, 3e3);
    assert_float_equal(sums.mean, 1e6, 5 * 1e5 * 3 / sqrt(N)); /* sqrt(1.8 / 0.2) = 3 */
}

static double first_of_restart(const struct doubti_synthetic_plan *base, uint64_t restart)
{
    struct doubti_synthetic_plan plan = *base;
    struct doubti_synthetic s;
    plan.restart = restart;
    assert_ok(doubti_synthetic_init(&s, &plan, err));
    return doubti_synthetic_next(&s);
}

static void test_between_restarts(void **state)
{
    (void)state;
    enum { RESTARTS = 20000 };
    struct doubti_synthetic_plan plan = plain;
    plan.distribution = DOUBTI_CONST;
    plan.restart_sd_ns = 5e4;
    for (int modes = 0; modes < 2; modes++) {
        plan.restart_distribution = modes ? DOUBTI_TWO_MODE : DOUBTI_NORMAL;
        double mean = 0, square = 0, slow = 0;
        for (uint64_t r = 0; r < RESTARTS; r++) {
            double x = first_of_restart(&plan, r);
            mean += x / RESTARTS;
            square += (x - 1e6) * (x - 1e6) / RESTARTS;
            slow += x > 1e6 ? 1.0 / RESTARTS : 0;
        }
        assert_float_equal(mean, 1e6, 5 * 5e4 / sqrt(RESTARTS));
        assert_float_equal(sqrt(square), 5e4, 2e3);
        assert_float_equal(slow, modes ? 0.1 : 0.5, 0.02);
    }
}

static void test_seeds(void **state)
{
    (void)state;
    struct doubti_synthetic_plan other = plain;
    other.seed = 2;
    assert_true(first_of_restart(&plain, 3) == first_of_restart(&plain, 3));
    assert_true(first_of_restart(&plain, 3) != first_of_restart(&plain, 4));
    assert_true(first_of_restart(&plain, 3) != first_of_restart(&other, 3));
}

static void test_transient_and_throttle(void **state)
{
    (void)state;
    struct doubti_synthetic_plan plan = plain;
    plan.distribution = DOUBTI_CONST;
    plan.warm_amplitude = 0.5;
    plan.warm_tau = 4;
    plan.throttle_at = 100;
    plan.throttle_factor = 1.3;
    struct doubti_synthetic s;
    assert_ok(doubti_synthetic_init(&s, &plan, err));
    for (int i = 0; i < 200; i++) {
        double expected = 1e6 * (1 + 0.5 * exp(-i / 4.0)) * (i >= 100 ? 1.3 : 1);
        assert_float_equal(doubti_synthetic_next(&s), expected, 1e-3);
    }
}

static void refused(struct doubti_synthetic_plan plan, const char *text)
{
    struct doubti_synthetic s;
    assert_fails(doubti_synthetic_init(&s, &plan, err), DOUBT_E_USAGE, text);
}

static void test_impossible_plans(void **state)
{
    (void)state;
    struct doubti_synthetic_plan plan = plain;
    plan.mean_ns = 999;
    refused(plan, "does not accept");
    plan = plain;
    plan.distribution = DOUBTI_NORMAL;
    plan.sd_ns = 2e5;
    refused(plan, "negative times with distribution normal");
    plan.distribution = DOUBTI_EXPONENTIAL;
    plan.sd_ns = 1.1e6;
    refused(plan, "negative times with distribution exponential");
    plan = plain;
    plan.ar = 1;
    refused(plan, "does not accept");
    plan = plain;
    plan.mode_share = 0;
    refused(plan, "does not accept");
    plan = plain;
    plan.restart_sd_ns = 2e5;
    refused(plan, "option restart-sd");
    plan = plain;
    plan.warm_tau = 0;
    refused(plan, "does not accept");
}

static const struct doubt_engine_ops *built_in(const char *name)
{
    for (size_t i = 0; doubt_engines_built_in[i] != NULL; i++)
        if (strcmp(doubt_engines_built_in[i]->name, name) == 0)
            return doubt_engines_built_in[i];
    fail_msg("no built-in engine %s", name);
    return NULL;
}

static void test_all_tables_are_sound(void **state)
{
    (void)state;
    for (size_t i = 0; doubt_engines_built_in[i] != NULL; i++)
        assert_ok(doubt_engine_check(doubt_engines_built_in[i], "built in", err));
}

static void test_null_runs(void **state)
{
    (void)state;
    struct doubt_session_request request = {.ops = built_in("null")};
    struct doubt_session *session = start(&request);
    for (int i = 0; i < 1000; i++)
        assert_ok(doubt_session_run(session, err));
    struct doubt_engine_used used;
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    assert_int_equal(count, 1);
    assert_int_equal(outputs[0].bytes, 4);
    assert_ok(doubt_session_used(session, &used, err));
    assert_int_equal(used.precision, DOUBT_PRECISION_ANY);
    assert_true(request.ops->caps & DOUBT_CAP_NO_OUTPUT);
    doubt_session_free(session);
}

static void test_synthetic_runs(void **state)
{
    (void)state;
    const char *all[] = {"mean=20us",           "sd=2us",
                         "distribution=normal", "ar=0.5",
                         "restart-sd=1us",      "restart-distribution=two-mode",
                         "mode-share=0.3",      "warm-amplitude=1",
                         "warm-tau=5",          "throttle-at=9",
                         "throttle-factor=2",   "seed=7",
                         "restart=3",           NULL};
    struct doubt_session_request request = {.ops = built_in("synthetic"), .options = all};
    struct doubt_session *session = start(&request);
    for (int i = 0; i < 20; i++)
        assert_ok(doubt_session_run(session, err));
    struct doubt_engine_used used;
    assert_ok(doubt_session_used(session, &used, err));
    assert_string_equal(used.detail, "true mean 20000 ns, normal, sd 2000 ns, between restarts "
                                     "1000 ns");
    doubt_session_free(session);
}

/* Its events tell what it was told, and nothing waits for it. */
static void test_synthetic_has_events(void **state)
{
    (void)state;
    const char *all[] = {"mean=95.9434ms", "distribution=const", NULL};
    struct doubt_session_request request = {
        .ops = built_in("synthetic"),
        .options = all,
        .open = {.device = "programmed", .boundary = DOUBT_BOUNDARY_DEVICE}};
    struct doubt_session *session = start(&request);
    double ns[3] = {0};
    assert_ok(doubt_session_back_to_back(session, DOUBT_TRAIN_RUNS, 3, ns, err));
    for (int i = 0; i < 3; i++)
        assert_true(fabs(ns[i] - 95.9434e6) < 1e-3);
    struct doubt_engine_used used;
    assert_ok(doubt_session_used(session, &used, err));
    assert_string_equal(used.device, "programmed");
    doubt_session_free(session);
}

static void test_synthetic_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *option, *text;
    } rows[] = {
        {"mean=5", "option mean of engine synthetic is \"5\"; accepted: a duration from 1us"},
        {"mean=999ns", "a duration from 1us"},
        {"mean=0", "a duration from 1us"},
        {"sd=-3ms", "accepted: a duration from 0"},
        {"distribution=gauss", "accepted: const, normal, lognormal, exponential, two-mode"},
        {"restart-distribution=const", "accepted: normal, two-mode"},
        {"mode-share=1", "accepted: a number above 0 and below 1"},
        {"ar=x", "option ar of engine synthetic is \"x\"; accepted: a number above -1 and below 1"},
        {"warm-amplitude=-1", "accepted: a number above -1"},
        {"warm-tau=0", "accepted: a number of iterations above 0"},
        {"throttle-at=-1", "accepted: a whole number of iterations from 0"},
        {"throttle-factor=inf", "accepted: a number above 0"},
        {"seed=-1", "is \"-1\"; accepted: a whole number from 0"},
        {"seed=99999999999999999999", "accepted: a whole number from 0"},
        {"restart=1.5", "is \"1.5\"; accepted: a whole number from 0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *given[] = {rows[i].option, NULL};
        struct doubt_session_request request = {.ops = built_in("synthetic"), .options = given};
        assert_option_fails(&request, rows[i].text);
    }
}

/* What holds between two options only the engine knows. */
static void test_synthetic_refuses_what_does_not_fit(void **state)
{
    (void)state;
    const char *given[] = {"distribution=normal", "mean=1ms", "sd=1ms", NULL};
    struct doubt_session_request request = {.ops = built_in("synthetic"), .options = given};
    assert_open_fails(&request, "would give negative times with distribution normal");
}

static void test_restart_from_the_environment(void **state)
{
    (void)state;
    struct doubt_session_request request = {.ops = built_in("synthetic")};
    setenv("DOUBT_RESTART_SEED", "many", 1);
    assert_open_fails(&request, "DOUBT_RESTART_SEED is \"many\"");
    const char *given[] = {"restart=1", NULL}; /* the option goes first */
    request.options = given;
    doubt_session_free(start(&request));
    unsetenv("DOUBT_RESTART_SEED");
}

static void test_ref_runs(void **state)
{
    (void)state;
    struct doubt_session_request request = {.ops = built_in("ref"),
                                            .open = {.model_path = DOUBT_TEST_DATA "/tiny.onnx"}};
    struct doubt_session *session = start(&request);
    assert_ok(doubt_session_run(session, err));
    check_tiny(session);
    struct doubt_engine_used used;
    assert_ok(doubt_session_used(session, &used, err));
    assert_int_equal(used.precision, DOUBT_PRECISION_F32);
    doubt_session_free(session);
}

static void test_ref_refuses(void **state)
{
    (void)state;
    struct doubt_session_request request = {.ops = built_in("ref")};
    assert_open_fails(&request, "no model");
    request.open.model_path = DOUBT_TEST_DATA "/truncated.onnx";
    assert_open_fails(&request, "truncated.onnx");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distributions),
        cmocka_unit_test(test_percentiles),
        cmocka_unit_test(test_two_modes),
        cmocka_unit_test(test_autocorrelation),
        cmocka_unit_test(test_between_restarts),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_transient_and_throttle),
        cmocka_unit_test(test_impossible_plans),
        cmocka_unit_test(test_all_tables_are_sound),
        cmocka_unit_test(test_null_runs),
        cmocka_unit_test(test_synthetic_runs),
        cmocka_unit_test(test_synthetic_has_events),
        cmocka_unit_test(test_synthetic_refuses),
        cmocka_unit_test(test_synthetic_refuses_what_does_not_fit),
        cmocka_unit_test(test_restart_from_the_environment),
        cmocka_unit_test(test_ref_runs),
        cmocka_unit_test(test_ref_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
