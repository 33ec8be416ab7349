/* test_worker.c: engines that misbehave, each in its own way: every one becomes a record with a
 * sentence, in the right phase, and the next engine runs as if nothing had been. */
#include "../sanitizers.h"
#include "measure/restart.h"

#include "model/check.h"
#include "model/net.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define SANITIZED (SANITIZED_ADDRESS || SANITIZED_THREAD)

enum { ELEMENTS = 1024 };

static const int64_t second_ns = 1000000000;

/* The plug-ins of tests/engines copy their input: so the right answer is the seeded input. */
static float right_answer[ELEMENTS];
static struct doubt_reference right;

static int set_up(void **state)
{
    (void)state;
    const struct doubt_tensor input = {.name = "input",
                                       .dtype = DOUBT_F32,
                                       .rank = 1,
                                       .dims = {ELEMENTS},
                                       .data = right_answer,
                                       .bytes = sizeof right_answer};
    doubt_net_fill_input(&input);
    struct doubt_tensor output = input;
    output.name = "output";
    return doubt_reference_make(&output, 1, &right, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    doubt_reference_free(&right);
    return 0;
}

struct row {
    const char *engine;
    const char *outcome, *phase, *says; /* expected; says NULL: anything */
    int64_t signal;                     /* expected; 0: none */
    int64_t deadline_ns;
    uint64_t memory_limit_bytes;
    int64_t samples; /* expected */
};

static const struct row rows[] = {
    {.engine = "crash",
     .outcome = DOUBT_OUTCOME_CRASH,
     .phase = "sample",
     .says = "signal 11",
     .signal = SIGSEGV,
     .samples = 1},
    {.engine = "crash-load",
     .outcome = DOUBT_OUTCOME_CRASH,
     .phase = "load",
     .says = "signal 11",
     .signal = SIGSEGV},
    {.engine = "exit-zero",
     .outcome = DOUBT_OUTCOME_EXIT,
     .phase = "first",
     .says = "with status 0"},
    {.engine = "fails",
     .outcome = DOUBT_OUTCOME_ENGINE,
     .phase = "first",
     .says = "the accelerator is not there"},
    {.engine = "hang",
     .outcome = DOUBT_OUTCOME_HANG,
     .phase = "first",
     .says = "deadline of 2 s",
     .signal = SIGTERM,
     .deadline_ns = 2000000000},
    {.engine = "slow-open",
     .outcome = DOUBT_OUTCOME_HANG,
     .phase = "build",
     .says = "deadline of 2 s",
     .signal = SIGTERM,
     .deadline_ns = 2000000000},
    {.engine = "nan-output", .outcome = DOUBT_OUTCOME_OUTPUT, .phase = "check", .says = "output"},
    {.engine = "wrong-output", .outcome = DOUBT_OUTCOME_OUTPUT, .phase = "check", .says = "output"},
    {.engine = "late-wrong",
     .outcome = DOUBT_OUTCOME_OUTPUT,
     .phase = "check",
     .says = "after sampling",
     .samples = 50},
    {.engine = "no-entry", .outcome = DOUBT_OUTCOME_ENGINE, .phase = "load"},
    {.engine = "wrong-abi", .outcome = DOUBT_OUTCOME_ENGINE, .phase = "load"},
    {.engine = "missing-function", .outcome = DOUBT_OUTCOME_ENGINE, .phase = "load"},
};

static struct doubt_restart_result run(const char *engine, const struct doubt_reference *reference,
                                       const struct doubt_restart_plan *how)
{
    const struct doubt_cell_plan cell = {
        .network = "copy", .engine = engine, .batch = 1, .reference = reference};
    struct doubt_restart_result result;
    struct doubt_err err = {DOUBT_OK, ""};
    enum doubt_code code = doubt_restart_run(&cell, how, NULL, &result, &err);
    if (code != DOUBT_OK)
        print_error("%s: %s\n", engine, err.text);
    assert_int_equal(code, DOUBT_OK);
    return result;
}

static void check_row(const struct row *row)
{
    const struct doubt_restart_plan how = {.iterations = 50,
                                           .deadline_ns = row->deadline_ns ? row->deadline_ns
                                                                           : 100 * second_ns,
                                           .memory_limit_bytes = row->memory_limit_bytes};
    struct doubt_restart_result result = run(row->engine, &right, &how);
    const struct doubt_restart *record = &result.record;
    print_message("%s: %s in %s: %s\n", row->engine, record->outcome, record->phase,
                  record->sentence ? record->sentence : "");
    assert_string_equal(record->outcome, row->outcome);
    assert_string_equal(record->phase, row->phase);
    assert_non_null(record->sentence);
    if (row->says != NULL)
        assert_non_null(strstr(record->sentence, row->says));
    assert_int_equal(record->signal, row->signal ? row->signal : DOUBT_MISSING_I64);
    assert_int_equal(result.count, row->samples);
    assert_int_equal(record->iterations, row->samples);
    doubt_restart_result_free(&result);
}

static void each_becomes_a_record(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i]);
}

/* Is a limit of the address space one? It is not under an emulator, nor under a sanitizer, whose
 * shadow is beyond every limit: the engine would take all of the machine's memory. */
static bool limits_work(void)
{
    const struct rlimit small = {UINT64_C(400) << 20, UINT64_C(400) << 20};
    int status = 1;
    pid_t child = fork();
    if (child == 0)
        _exit(setrlimit(RLIMIT_AS, &small) != 0 ||
              mmap(NULL, UINT64_C(800) << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
                  MAP_FAILED);
    return !SANITIZED && child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void no_memory_is_told(void **state)
{
    (void)state;
    static const struct row row = {.engine = "memory",
                                   .outcome = DOUBT_OUTCOME_MEMORY,
                                   .phase = "build",
                                   .says = "out of memory",
                                   .signal = SIGABRT,
                                   .memory_limit_bytes = UINT64_C(400) << 20};
    if (!limits_work())
        skip();
    check_row(&row);
}

static void megabytes_of_output_harm_nothing(void **state)
{
    (void)state;
    const struct doubt_restart_plan how = {.iterations = 50, .deadline_ns = 100 * second_ns};
    struct doubt_restart_result result = run("noisy", &right, &how);
    const struct doubt_restart *record = &result.record;
    assert_string_equal(record->outcome, DOUBT_OUTCOME_OK);
    assert_true(record->output_bytes >= 4000000);
    assert_int_equal(strlen(record->output_tail), 4096);
    assert_non_null(strstr(record->output_tail, "this is noise"));
    assert_int_equal(result.count, 50);
    assert_true(record->output_error == 0);
    assert_string_equal(record->input, "f32 1024");
    assert_string_equal(record->precision, "f32");
    doubt_restart_result_free(&result);
}

/* Without a reference only finiteness is checked: a wrong number passes, a NaN does not. */
static void without_reference_nan_is_still_wrong(void **state)
{
    (void)state;
    const struct doubt_restart_plan how = {.iterations = 50, .deadline_ns = 100 * second_ns};
    struct doubt_restart_result result = run("nan-output", NULL, &how);
    assert_string_equal(result.record.outcome, DOUBT_OUTCOME_OUTPUT);
    assert_non_null(strstr(result.record.sentence, "\"output\""));
    assert_non_null(strstr(result.record.sentence, "element 5 of 1024"));
    doubt_restart_result_free(&result);
    result = run("wrong-output", NULL, &how);
    assert_string_equal(result.record.outcome, DOUBT_OUTCOME_OK);
    assert_true(isnan(result.record.output_error));
    doubt_restart_result_free(&result);
}

static struct doubt_restart_result run_as_graph(const char *option)
{
    const char *const options[] = {option, NULL};
    const struct doubt_cell_plan cell = {
        .network = "copy", .engine = "device", .batch = 1, .reference = &right, .options = options};
    const struct doubt_restart_plan how = {.iterations = 50, .deadline_ns = 100 * second_ns};
    struct doubt_restart_result result;
    struct doubt_err err = {DOUBT_OK, ""};
    assert_int_equal(doubt_restart_run(&cell, &how, NULL, &result, &err), DOUBT_OK);
    assert_string_equal(result.record.outcome, DOUBT_OUTCOME_OK);
    assert_int_equal(result.count, 50);
    assert_float_equal(result.record.device_train_ns, 1e6, 0);
    assert_true(result.record.peak_memory_bytes > 0);
    return result;
}

/* Whatever comes of it, the restart is as good as without. */
static void a_graph_is_timed_beside_the_rest(void **state)
{
    (void)state;
    struct doubt_restart_result result = run_as_graph("graph-ns=700000");
    assert_float_equal(result.record.device_graph_ns, 7e5, 0);
    assert_string_equal(result.record.phase, "done");
    assert_null(result.record.sentence);
    assert_null(result.record.engine_notes);
    doubt_restart_result_free(&result);
    result = run_as_graph("graph-ns=fails");
    assert_true(isnan(result.record.device_graph_ns));
    assert_string_equal(result.record.phase, "done");
    assert_null(result.record.sentence);
    doubt_restart_result_free(&result);
    result = run_as_graph("graph-ns=crash");
    assert_true(isnan(result.record.device_graph_ns));
    assert_string_equal(result.record.phase, "graph");
    assert_non_null(strstr(result.record.sentence, "signal 11 while it was timed as a CUDA graph"));
    doubt_restart_result_free(&result);
}

static struct doubt_restart_result run_lacking(const char *option, struct doubt_cell_plan cell)
{
    const char *const options[] = {option, "graph-ns=700000", NULL};
    const struct doubt_restart_plan how = {.iterations = 50, .deadline_ns = 100 * second_ns};
    struct doubt_restart_result result;
    struct doubt_err err = {DOUBT_OK, ""};
    cell.network = "copy";
    cell.engine = "device";
    cell.batch = 1;
    cell.reference = &right;
    cell.options = options;
    assert_int_equal(doubt_restart_run(&cell, &how, NULL, &result, &err), DOUBT_OK);
    return result;
}

/* The plug-in ends its process where a function is called that its model lacks. */
static void a_model_is_timed_in_its_own_ways(void **state)
{
    static const struct {
        const char *option;
        bool call, host, device, graph;
    } cases[] = {{"lacks=nothing", true, true, true, true},
                 {"lacks=events", true, true, false, false},
                 {"lacks=graph", true, true, true, false},
                 {"lacks=host", true, false, true, true},
                 {"lacks=events,host", false, false, false, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct doubt_restart_result result =
            run_lacking(cases[i].option, (struct doubt_cell_plan){.boundary = DOUBT_BOUNDARY_CALL});
        const struct doubt_restart *record = &result.record;
        assert_string_equal(record->outcome, DOUBT_OUTCOME_OK);
        assert_string_equal(record->phase, "done");
        assert_int_equal(result.count, 50);
        assert_int_equal(isfinite(record->call_ns), cases[i].call);
        assert_int_equal(isfinite(record->host_ns), cases[i].host);
        assert_int_equal(isfinite(record->host_pageable_ns), cases[i].host);
        assert_int_equal(isfinite(record->device_ns), cases[i].device);
        assert_int_equal(isfinite(record->device_train_ns), cases[i].device);
        assert_int_equal(isfinite(record->device_graph_ns), cases[i].graph);
        doubt_restart_result_free(&result);
    }
}

static void what_a_model_lacks_is_refused(void **state)
{
    static const struct {
        const char *option, *text;
        struct doubt_cell_plan cell;
    } cases[] = {
        {"lacks=events",
         "engine device, with this model on \"dev:0, a test's device\", has no events of a "
         "device to time with: the boundaries call and host are accepted",
         {.boundary = DOUBT_BOUNDARY_DEVICE}},
        {"lacks=flush", "cannot flush the caches between samples", {.flush = true}}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct doubt_restart_result result = run_lacking(cases[i].option, cases[i].cell);
        assert_string_not_equal(result.record.outcome, DOUBT_OUTCOME_OK);
        assert_string_equal(result.record.phase, "bind");
        assert_non_null(strstr(result.record.sentence, cases[i].text));
        assert_int_equal(result.count, 0);
        doubt_restart_result_free(&result);
    }
}

static void refuses_to_run_by_hand(void **state)
{
    (void)state;
    char word[] = DOUBT_WORKER_WORD, name[] = "doubt";
    char *arguments[][4] = {{name, word, NULL},
                            {name, word, (char[]){"x"}, NULL},
                            {name, word, (char[]){""}, NULL},
                            {name, word, (char[]){"-1"}, NULL},
                            {name, word, (char[]){"99999999999"}, NULL},
                            {name, word, (char[]){"777"}, NULL}};
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
        assert_int_equal(doubt_worker_main(i == 0 ? 2 : 3, arguments[i]), 2);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], DOUBT_WORKER_WORD) == 0)
        return doubt_worker_main(argc, argv);
    if (setenv("DOUBT_ENGINE_PATH", DOUBT_BUILD "/tests/engines", 0) != 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_becomes_a_record),
        cmocka_unit_test(no_memory_is_told),
        cmocka_unit_test(megabytes_of_output_harm_nothing),
        cmocka_unit_test(without_reference_nan_is_still_wrong),
        cmocka_unit_test(a_graph_is_timed_beside_the_rest),
        cmocka_unit_test(a_model_is_timed_in_its_own_ways),
        cmocka_unit_test(what_a_model_lacks_is_refused),
        cmocka_unit_test(refuses_to_run_by_hand),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
