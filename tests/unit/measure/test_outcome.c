/* test_outcome.c: the word and the sentence for every way in which a worker can end. */
#include "measure/outcome.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

struct row {
    enum doubt_child_cause cause;
    int status; /* as waitpid() gives it: 256 x exit status, or the signal */
    enum doubt_phase phase;
    bool answered;
    enum doubt_code code;
    const char *sentence, *tail; /* of the worker */
    int64_t oom_kills;
    pid_t unreaped;
    uint64_t limit_bytes; /* of its memory */
    long peak_kib;
    const char *outcome, *says; /* expected; says NULL: nothing */
};

static const struct row rows[] = {
    {.phase = DOUBT_PHASE_DONE, .answered = true, .outcome = DOUBT_OUTCOME_OK},
    {.status = SIGSEGV,
     .phase = DOUBT_PHASE_UNLOAD,
     .answered = true,
     .outcome = DOUBT_OUTCOME_OK,
     .says = "signal 11 while unloading"},
    {.status = SIGSEGV,
     .phase = DOUBT_PHASE_GRAPH,
     .answered = true,
     .outcome = DOUBT_OUTCOME_OK,
     .says = "signal 11 while it was timed as a CUDA graph"},
    {.status = 256 * 23,
     .phase = DOUBT_PHASE_DONE,
     .answered = true,
     .outcome = DOUBT_OUTCOME_OK,
     .says = "status 23"},
    {.phase = DOUBT_PHASE_BUILD,
     .answered = true,
     .code = DOUBT_E_ENGINE,
     .sentence = "engine x: no such operator",
     .outcome = DOUBT_OUTCOME_ENGINE,
     .says = "engine x: no such operator"},
    {.phase = DOUBT_PHASE_BUILD,
     .answered = true,
     .code = DOUBT_E_ENGINE,
     .sentence = "engine x: caught std::bad_alloc",
     .outcome = DOUBT_OUTCOME_MEMORY,
     .says = "bad_alloc"},
    {.phase = DOUBT_PHASE_BIND, /* a stray write, or a code that is none */
     .answered = true,
     .code = DOUBT_CODE_COUNT,
     .outcome = DOUBT_OUTCOME_ENGINE,
     .says = "acme failed in phase \"bind\" and gave no reason"},
    {.phase = DOUBT_PHASE_BIND,
     .answered = true,
     .code = DOUBT_E_MEMORY,
     .sentence = "a buffer of 5 bytes",
     .outcome = DOUBT_OUTCOME_MEMORY,
     .says = "5 bytes"},
    {.phase = DOUBT_PHASE_RECHECK,
     .answered = true,
     .code = DOUBT_E_OUTPUT,
     .sentence = "output \"y\" is NaN at 7",
     .outcome = DOUBT_OUTCOME_OUTPUT,
     .says = "at 7"},
    {.phase = DOUBT_PHASE_SAMPLE,
     .cause = DOUBT_CHILD_INTERRUPTED,
     .answered = true,
     .code = DOUBT_E_INTERRUPTED,
     .sentence = "interrupted after 12 inferences",
     .outcome = DOUBT_OUTCOME_INTERRUPTED,
     .says = "12"},
    {.status = SIGSEGV,
     .phase = DOUBT_PHASE_FIRST,
     .outcome = DOUBT_OUTCOME_CRASH,
     .says = "acme was ended by signal 11"},
    {.status = SIGABRT,
     .phase = DOUBT_PHASE_BUILD,
     .tail = "terminate called after throwing an instance of 'std::bad_alloc'",
     .outcome = DOUBT_OUTCOME_MEMORY,
     .says = "probably out of memory"},
    {.status = SIGKILL, .phase = DOUBT_PHASE_BUILD, .outcome = DOUBT_OUTCOME_CRASH, .says = "9"},
    {.status = SIGKILL,
     .phase = DOUBT_PHASE_BUILD,
     .oom_kills = 1,
     .outcome = DOUBT_OUTCOME_MEMORY,
     .says = "probably out of memory"},
    {.status = SIGSEGV,
     .phase = DOUBT_PHASE_BUILD,
     .oom_kills = 1, /* of somebody else: only signal 9 is the kernel's */
     .outcome = DOUBT_OUTCOME_CRASH},
    {.status = SIGSEGV, /* malloc() gave NULL and nobody looked */
     .phase = DOUBT_PHASE_BUILD,
     .limit_bytes = 100 << 20,
     .peak_kib = 90 << 10,
     .outcome = DOUBT_OUTCOME_MEMORY,
     .says = "signal 11"},
    {.status = SIGSEGV,
     .phase = DOUBT_PHASE_BUILD,
     .limit_bytes = 100 << 20,
     .peak_kib = 20 << 10,
     .outcome = DOUBT_OUTCOME_CRASH,
     .says = "signal 11"},
    {.status = 0,
     .phase = DOUBT_PHASE_SAMPLE,
     .outcome = DOUBT_OUTCOME_EXIT,
     .says = "with status 0, in phase \"sample\""},
    {.status = 256 * 3,
     .phase = DOUBT_PHASE_LOAD,
     .tail = "fatal: Out Of Memory",
     .outcome = DOUBT_OUTCOME_MEMORY,
     .says = "status 3"},
    {.cause = DOUBT_CHILD_DEADLINE,
     .status = SIGKILL,
     .phase = DOUBT_PHASE_WARM,
     .outcome = DOUBT_OUTCOME_HANG,
     .says = "phase \"warm-up\" at the deadline of 2 s and was ended: if it needs longer, give it "
             "more with --deadline"},
    {.cause = DOUBT_CHILD_INTERRUPTED,
     .status = SIGTERM,
     .phase = DOUBT_PHASE_BUILD,
     .outcome = DOUBT_OUTCOME_INTERRUPTED,
     .says = "\"build\""},
    {.cause = DOUBT_CHILD_DEADLINE,
     .unreaped = 4711,
     .phase = DOUBT_PHASE_SAMPLE,
     .outcome = DOUBT_OUTCOME_HANG,
     .says = "process 4711 could not be reaped"},
    {.cause = DOUBT_CHILD_ENDED, /* it had answered, and went to sleep while unloading */
     .unreaped = 4711,
     .phase = DOUBT_PHASE_UNLOAD,
     .answered = true,
     .outcome = DOUBT_OUTCOME_HANG,
     .says = "phase \"unload\""},
    {.cause = DOUBT_CHILD_INTERRUPTED,
     .unreaped = 4711,
     .phase = DOUBT_PHASE_WARM,
     .outcome = DOUBT_OUTCOME_INTERRUPTED,
     .says = "could not be reaped"},
};

static void every_end_has_its_word(void **state)
{
    (void)state;
    struct doubt_shared *shared = calloc(1, sizeof *shared);
    assert_non_null(shared);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        struct doubt_child_end end = {.cause = row->cause,
                                      .status = row->status,
                                      .oom_kills = row->oom_kills,
                                      .unreaped = row->unreaped};
        struct doubt_outcome outcome;
        end.usage.ru_maxrss = row->peak_kib;
        shared->order.memory_limit_bytes = row->limit_bytes;
        strcpy(end.tail, row->tail ? row->tail : "");
        strcpy(shared->answer.sentence, row->sentence ? row->sentence : "");
        shared->answer.code = row->code;
        shared->answered = row->answered;
        shared->phase = row->phase;
        doubt_outcome_judge(shared, &end, "acme", 2000000000, &outcome);
        assert_string_equal(outcome.name, row->outcome);
        assert_string_equal(outcome.phase, doubt_shared_phase_name(row->phase));
        if (row->says == NULL && strcmp(row->outcome, DOUBT_OUTCOME_OK) == 0)
            assert_string_equal(outcome.sentence, "");
        else if (row->says != NULL)
            assert_non_null(strstr(outcome.sentence, row->says));
        else
            assert_true(strlen(outcome.sentence) > 10);
    }
    free(shared);
}

static void a_phase_out_of_range_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(doubt_shared_phase_name(-1), "?");
    assert_string_equal(doubt_shared_phase_name(DOUBT_PHASE_COUNT), "?");
    for (int i = 0; i < DOUBT_PHASE_COUNT; i++)
        assert_true(strlen(doubt_shared_phase_name(i)) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_has_its_word),
        cmocka_unit_test(a_phase_out_of_range_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
