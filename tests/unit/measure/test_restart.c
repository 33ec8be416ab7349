/* test_restart.c: whole restarts of the built-in engines, and of workers that are no engines. */
#include "measure/restart.h"

#include "util/clock.h"

#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const struct doubt_cell_plan null_cell = {.network = "none", .engine = "null", .batch = 1};

static void is_ok(const struct doubt_restart *record)
{
    if (record->outcome == NULL || strcmp(record->outcome, DOUBT_OUTCOME_OK) != 0)
        print_error("%s: %s (%s)\n", record->outcome ? record->outcome : "no outcome",
                    record->sentence ? record->sentence : "", record->phase ? record->phase : "");
    assert_string_equal(record->outcome, DOUBT_OUTCOME_OK);
}

static struct doubt_restart_result run(const struct doubt_cell_plan *cell,
                                       const struct doubt_restart_plan *how,
                                       const struct doubt_restart_watch *watch)
{
    struct doubt_restart_result result;
    struct doubt_err err = {DOUBT_OK, ""};
    enum doubt_code code = doubt_restart_run(cell, how, watch, &result, &err);
    if (code != DOUBT_OK)
        print_error("%s\n", err.text);
    assert_int_equal(code, DOUBT_OK);
    return result;
}

static void null_engine_gives_a_full_record(void **state)
{
    (void)state;
    const struct doubt_restart_plan how = {.series = 3,
                                           .cell = 1,
                                           .number = 4,
                                           .position = 17,
                                           .iterations = 10000,
                                           .warm_iterations_min = 100,
                                           .deadline_ns = 60000000000};
    int64_t before = doubt_clock_ns();
    struct doubt_restart_result result = run(&null_cell, &how, NULL);
    int64_t after = doubt_clock_ns();
    const struct doubt_restart *record = &result.record;
    is_ok(record);
    assert_int_equal(record->series, 3);
    assert_int_equal(record->cell, 1);
    assert_int_equal(record->number, 4);
    assert_int_equal(record->position, 17);
    assert_string_equal(record->phase, "done");
    assert_null(record->sentence);
    assert_int_equal(record->exit_status, 0);
    assert_int_equal(record->signal, DOUBT_MISSING_I64);
    assert_int_equal(record->output_bytes, 0);
    assert_int_equal(record->iterations, 10000);
    assert_int_equal(result.count, 10000);
    assert_true(record->warm_iterations >= 100);
    /* One clock for both processes: everything lies in order on it. */
    assert_true(before <= record->begun_ns);
    assert_true(record->begun_ns < record->sample_begun_ns);
    assert_true(record->sample_begun_ns + record->sample_ns <= record->begun_ns + record->wall_ns);
    assert_true(record->begun_ns + record->wall_ns <= after);
    const int64_t phases[] = {record->load_ns, record->build_ns,  record->first_ns,
                              record->warm_ns, record->sample_ns, record->check_ns};
    int64_t sum_of_phases = 0;
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
        assert_true(phases[i] >= 0);
        sum_of_phases += phases[i];
    }
    assert_true(sum_of_phases <= record->wall_ns);
    int64_t sum = 0;
    for (size_t i = 0; i < result.count; i++) {
        assert_true(result.samples[i] >= record->min_ns);
        assert_true(result.samples[i] <= record->max_ns);
        sum += result.samples[i];
    }
    assert_true(sum <= record->sample_ns);
    assert_true(fabs(record->mean_ns - (double)sum / 10000) < 1e-6 * record->mean_ns);
    assert_true(record->peak_memory_bytes > 100000);
    assert_true(record->cpu_ns > 0);
    assert_int_equal(record->others_ns, DOUBT_MISSING_I64);
    assert_string_equal(record->device, "CPU");
    assert_non_null(record->engine_version);
    assert_null(record->precision); /* the null engine does not tell one */
    assert_true(isnan(record->output_error));
    doubt_restart_result_free(&result);
    assert_null(result.samples);
}

static void synthetic_engine_takes_its_programmed_time(void **state)
{
    (void)state;
    static const char *const options[] = {"mean=200us", "distribution=const", NULL};
    const struct doubt_cell_plan cell = {
        .network = "none", .engine = "synthetic", .options = options};
    const struct doubt_restart_plan how = {.iterations = 100};
    struct doubt_restart_result result = run(&cell, &how, NULL);
    is_ok(&result.record);
    assert_int_equal(result.count, 100);
    assert_true(result.record.min_ns >= 200000); /* a busy wait is a lower bound */
    assert_true(result.record.sample_ns >= 100 * INT64_C(200000));
    doubt_restart_result_free(&result);
}

/* The same seed gives other times in another restart: it was told its number. */
static void restart_number_reaches_the_engine(void **state)
{
    (void)state;
    static const char *const options[] = {"mean=8ms", "restart-sd=1ms", "seed=9", NULL};
    const struct doubt_cell_plan cell = {
        .network = "none", .engine = "synthetic", .options = options};
    int64_t first_ns = 0;
    int differing = 0;
    for (int64_t number = 0; number < 6; number++) {
        const struct doubt_restart_plan how = {.iterations = 5, .number = number};
        struct doubt_restart_result result = run(&cell, &how, NULL);
        is_ok(&result.record);
        first_ns = number == 0 ? result.record.min_ns : first_ns;
        differing += llabs(result.record.min_ns - first_ns) > 200000;
        doubt_restart_result_free(&result);
    }
    assert_true(differing >= 2);
}

static void a_bound_in_time_ends_the_sampling(void **state)
{
    (void)state;
    static const char *const options[] = {"mean=1ms", NULL};
    const struct doubt_cell_plan cell = {
        .network = "none", .engine = "synthetic", .options = options};
    const struct doubt_restart_plan how = {.iterations = 1000000,
                                           .iterations_min = 20,
                                           .sample_ns_max = 1,
                                           .deadline_ns = 300000000000};
    struct doubt_restart_result result = run(&cell, &how, NULL);
    is_ok(&result.record);
    assert_true(result.count >= 20);
    assert_true(result.count <= 41);
    assert_int_equal(result.record.iterations, result.count);
    doubt_restart_result_free(&result);
}

static void warm_up_lasts_as_long_as_asked(void **state)
{
    (void)state;
    const struct doubt_restart_plan how = {
        .iterations = 10, .warm_ns = 50000000, .warm_iterations_min = 3};
    struct doubt_restart_result result = run(&null_cell, &how, NULL);
    is_ok(&result.record);
    assert_true(result.record.warm_ns >= 50000000);
    assert_true(result.record.warm_iterations >= 3);
    assert_int_equal(result.count, 10);
    doubt_restart_result_free(&result);
}

static void an_unknown_engine_is_a_record(void **state)
{
    (void)state;
    const struct doubt_cell_plan cell = {.network = "none", .engine = "nul"};
    const struct doubt_restart_plan how = {.iterations = 10};
    struct doubt_restart_result result = run(&cell, &how, NULL);
    assert_string_equal(result.record.outcome, DOUBT_OUTCOME_ENGINE);
    assert_string_equal(result.record.phase, "load");
    assert_non_null(strstr(result.record.sentence, "nul"));
    assert_int_equal(result.count, 0);
    assert_null(result.samples);
    assert_int_equal(result.record.iterations, 0);
    assert_true(isnan(result.record.mean_ns));
    assert_int_equal(result.record.first_ns, DOUBT_MISSING_I64);
    doubt_restart_result_free(&result);
}

static void an_unknown_option_is_a_record(void **state)
{
    (void)state;
    static const char *const options[] = {"colour=blue", NULL};
    const struct doubt_cell_plan cell = {.network = "none", .engine = "null", .options = options};
    const struct doubt_restart_plan how = {.iterations = 10};
    struct doubt_restart_result result = run(&cell, &how, NULL);
    assert_string_equal(result.record.outcome, DOUBT_OUTCOME_ENGINE);
    assert_non_null(strstr(result.record.sentence, "colour"));
    doubt_restart_result_free(&result);
}

static void a_hang_keeps_its_samples(void **state)
{
    (void)state;
    static const char *const options[] = {"mean=1ms", NULL};
    const struct doubt_cell_plan cell = {
        .network = "none", .engine = "synthetic", .options = options};
    const struct doubt_restart_plan how = {.iterations = 10000000, .deadline_ns = 3000000000};
    struct doubt_restart_result result = run(&cell, &how, NULL);
    assert_string_equal(result.record.outcome, DOUBT_OUTCOME_HANG);
    assert_string_equal(result.record.phase, "sample");
    assert_non_null(strstr(result.record.sentence, "3 s"));
    assert_int_equal(result.record.exit_status, DOUBT_MISSING_I64);
    assert_int_equal(result.record.signal, 15);
    assert_true(result.count > 0);
    assert_true(result.record.min_ns > 0);
    doubt_restart_result_free(&result);
}

struct watch {
    volatile sig_atomic_t stop;
    int ticks;
};

static void stop_at_tenth(void *context)
{
    struct watch *watch = context;
    if (++watch->ticks == 10)
        watch->stop = 1;
}

static void a_stop_ends_it_early(void **state)
{
    (void)state;
    static const char *const options[] = {"mean=1ms", NULL};
    const struct doubt_cell_plan cell = {
        .network = "none", .engine = "synthetic", .options = options};
    const struct doubt_restart_plan how = {.iterations = 10000000};
    struct watch watch = {.ticks = 0};
    const struct doubt_restart_watch own = {
        .stop = &watch.stop, .tick = stop_at_tenth, .context = &watch};
    struct doubt_restart_result result = run(&cell, &how, &own);
    assert_string_equal(result.record.outcome, DOUBT_OUTCOME_INTERRUPTED);
    assert_non_null(result.record.sentence);
    assert_true(watch.ticks >= 10);
    assert_true(result.count < 10000000);
    doubt_restart_result_free(&result);
}

struct seen {
    volatile sig_atomic_t stop;
    char cpus[256]; /* that the worker may run on, as the kernel writes them */
};

/* Reads a line that begins with key from a file below /proc into value. */
static bool read_line(const char *path, const char *key, char *value, size_t bytes)
{
    FILE *file = fopen(path, "r");
    bool found = false;
    while (file != NULL && !found && fgets(value, (int)bytes, file) != NULL)
        found = strncmp(value, key, strlen(key)) == 0;
    if (file != NULL)
        fclose(file);
    return found;
}

static void look_at_cpus(void *context)
{
    struct seen *seen = context;
    char path[128], line[256];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    if (seen->stop || !read_line(path, "", line, sizeof line))
        return;
    snprintf(path, sizeof path, "/proc/%d/status", atoi(line));
    if (!read_line(path, "Name:\tdoubt-worker", line, sizeof line) ||
        !read_line(path, "Cpus_allowed_list:", seen->cpus, sizeof seen->cpus))
        return;
    seen->stop = 1;
}

static void keeps_to_the_cpus_given(void **state)
{
    (void)state;
    static const char *const options[] = {"mean=1ms", NULL};
    const struct doubt_cell_plan cell = {
        .network = "none", .engine = "synthetic", .options = options};
    cpu_set_t own;
    int cpu = CPU_SETSIZE - 1;
    if (access("/proc/thread-self/children", F_OK) != 0)
        skip(); /* the kernel was built without it */
    assert_int_equal(sched_getaffinity(0, sizeof own, &own), 0);
    while (!CPU_ISSET(cpu, &own))
        cpu--;
    const struct doubt_restart_plan how = {
        .iterations = 10000000, .deadline_ns = 120000000000, .cpus = &cpu, .cpu_count = 1};
    struct seen seen = {.stop = 0};
    const struct doubt_restart_watch watch = {
        .stop = &seen.stop, .tick = look_at_cpus, .context = &seen};
    struct doubt_restart_result result = run(&cell, &how, &watch);
    assert_string_equal(result.record.outcome, DOUBT_OUTCOME_INTERRUPTED);
    assert_int_equal(atoi(seen.cpus + strlen("Cpus_allowed_list:")), cpu);
    assert_null(strpbrk(seen.cpus, ",-"));
    doubt_restart_result_free(&result);
}

static void bad_plans_are_refused(void **state)
{
    (void)state;
    static const int cpu = 100000;
    const struct doubt_restart_plan plans[] = {
        {.iterations = 0},
        {.iterations = -1},
        {.iterations = DOUBT_RESTART_ITERATIONS_MAX + 1},
        {.iterations = 1, .warm_ns = -1},
        {.iterations = 1, .deadline_ns = -5},
        {.iterations = 1, .cpus = &cpu, .cpu_count = 1},
    };
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        struct doubt_restart_result result;
        struct doubt_err err = {DOUBT_OK, ""};
        assert_int_equal(doubt_restart_run(&null_cell, &plans[i], NULL, &result, &err),
                         DOUBT_E_ARGUMENT);
        assert_true(strlen(err.text) > 0);
        assert_null(result.record.outcome);
        doubt_restart_result_free(&result);
    }
}

static void a_worker_that_is_none_is_a_record(void **state)
{
    (void)state;
    const struct doubt_restart_plan how = {.iterations = 10};
    setenv(DOUBT_WORKER_VARIABLE, "/bin/echo", 1);
    struct doubt_restart_result result = run(&null_cell, &how, NULL);
    unsetenv(DOUBT_WORKER_VARIABLE);
    assert_string_equal(result.record.outcome, DOUBT_OUTCOME_EXIT);
    assert_int_equal(result.record.exit_status, 0);
    assert_non_null(strstr(result.record.output_tail, DOUBT_WORKER_WORD));
    assert_int_equal(result.count, 0);
    doubt_restart_result_free(&result);
}

/* printenv(1) as the worker prints the variable that bears its first argument's name. */
static void a_cell_sets_its_workers_environment(void **state)
{
    (void)state;
    static const char *const environment[] = {DOUBT_WORKER_WORD "=the cell's", NULL};
    const struct doubt_restart_plan how = {.iterations = 10};
    struct doubt_cell_plan cell = null_cell;
    setenv(DOUBT_WORKER_VARIABLE, "/usr/bin/printenv", 1);
    setenv(DOUBT_WORKER_WORD, "inherited", 1);
    struct doubt_restart_result without = run(&cell, &how, NULL);
    cell.environment = environment;
    struct doubt_restart_result with = run(&cell, &how, NULL);
    unsetenv(DOUBT_WORKER_WORD);
    unsetenv(DOUBT_WORKER_VARIABLE);
    assert_string_equal(without.record.output_tail, "inherited\n");
    assert_string_equal(with.record.output_tail, "the cell's\n");
    doubt_restart_result_free(&without);
    doubt_restart_result_free(&with);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], DOUBT_WORKER_WORD) == 0)
        return doubt_worker_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_engine_gives_a_full_record),
        cmocka_unit_test(synthetic_engine_takes_its_programmed_time),
        cmocka_unit_test(restart_number_reaches_the_engine),
        cmocka_unit_test(a_bound_in_time_ends_the_sampling),
        cmocka_unit_test(warm_up_lasts_as_long_as_asked),
        cmocka_unit_test(an_unknown_engine_is_a_record),
        cmocka_unit_test(an_unknown_option_is_a_record),
        cmocka_unit_test(a_hang_keeps_its_samples),
        cmocka_unit_test(a_stop_ends_it_early),
        cmocka_unit_test(keeps_to_the_cpus_given),
        cmocka_unit_test(bad_plans_are_refused),
        cmocka_unit_test(a_worker_that_is_none_is_a_record),
        cmocka_unit_test(a_cell_sets_its_workers_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
