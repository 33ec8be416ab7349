/* outcome.c: see outcome.h. */
#include "measure/outcome.h"

#include "util/units.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

/* Words by which libraries and language runtimes say that memory ran out. */
static bool says_no_memory(const char *text)
{
    static const char *const words[] = {"bad_alloc", "out of memory", "cannot allocate memory",
                                        "failed to allocate memory", "not enough memory"};
    for (; *text != '\0'; text++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (tolower((unsigned char)*text) == words[i][0] &&
                strncasecmp(text, words[i], strlen(words[i])) == 0)
                return true;
    return false;
}

static const char *of_code(enum doubt_code code, const char *sentence)
{
    switch (code) {
    case DOUBT_OK:
        return DOUBT_OUTCOME_OK;
    case DOUBT_E_OUTPUT:
        return DOUBT_OUTCOME_OUTPUT;
    case DOUBT_E_MEMORY:
        return DOUBT_OUTCOME_MEMORY;
    case DOUBT_E_INTERRUPTED:
        return DOUBT_OUTCOME_INTERRUPTED;
    default:
        return says_no_memory(sentence) ? DOUBT_OUTCOME_MEMORY : DOUBT_OUTCOME_ENGINE;
    }
}

/* Most of the machine's memory, or of what it was allowed to have. */
static bool was_large(const struct rusage *usage, uint64_t limit_bytes)
{
    double all = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    double limit = limit_bytes > 0 && (double)limit_bytes < all ? (double)limit_bytes : all;
    return (double)usage->ru_maxrss * 1024 > 0.8 * limit;
}

/* Signal 9 that nobody here sent is the kernel's when it has ended somebody; any signal counts
 * against a limit that was nearly reached, since few programs check what malloc() gives. */
static bool died_of_memory(const struct doubt_child_end *end, uint64_t limit_bytes)
{
    bool large = was_large(&end->usage, limit_bytes);
    if (says_no_memory(end->tail) || (limit_bytes > 0 && large))
        return true;
    return WTERMSIG(end->status) == SIGKILL && (end->oom_kills > 0 || large);
}

/* ", under a memory limit of 100 MB, which may be too small"; "" without a limit. */
static void limit_text(const struct doubt_shared *shared, char *out, size_t out_bytes)
{
    char limit[64];
    out[0] = '\0';
    if (shared->order.memory_limit_bytes == 0)
        return;
    doubt_units_format_bytes(shared->order.memory_limit_bytes, limit, sizeof limit);
    snprintf(out, out_bytes, ", under a memory limit of %s, which may be too small", limit);
}

static void by_signal(const struct doubt_shared *shared, const struct doubt_child_end *end,
                      const char *engine, struct doubt_outcome *out)
{
    int number = WTERMSIG(end->status);
    bool no_memory = died_of_memory(end, shared->order.memory_limit_bytes);
    char limit[128];
    limit_text(shared, limit, sizeof limit);
    out->name = no_memory ? DOUBT_OUTCOME_MEMORY : DOUBT_OUTCOME_CRASH;
    snprintf(out->sentence, sizeof out->sentence,
             "engine %s was ended by signal %d (%s) in phase \"%s\"%s%s", engine, number,
             strsignal(number), out->phase, no_memory ? ", probably out of memory" : "", limit);
}

static void by_exit(const struct doubt_shared *shared, const struct doubt_child_end *end,
                    const char *engine, struct doubt_outcome *out)
{
    char limit[128];
    limit_text(shared, limit, sizeof limit);
    bool no_memory = says_no_memory(end->tail);
    out->name = no_memory ? DOUBT_OUTCOME_MEMORY : DOUBT_OUTCOME_EXIT;
    snprintf(out->sentence, sizeof out->sentence,
             "engine %s ended its process itself, with status %d, in phase \"%s\"%s%s", engine,
             WEXITSTATUS(end->status), out->phase, no_memory ? ", probably out of memory" : "",
             limit);
}

/* The option is for restarts; other jobs have a deadline of their own. */
static void by_deadline(const struct doubt_shared *shared, const char *engine, int64_t deadline_ns,
                        struct doubt_outcome *out)
{
    bool of_restart = shared->order.job == DOUBT_JOB_MEASURE;
    char text[64];
    doubt_units_format_duration(deadline_ns, text, sizeof text);
    out->name = DOUBT_OUTCOME_HANG;
    snprintf(out->sentence, sizeof out->sentence,
             "engine %s was still in phase \"%s\" at the deadline of %s and was ended%s", engine,
             out->phase, text,
             of_restart ? ": if it needs longer, give it more with --deadline" : "");
}

/* Its answer, if it gave one, does not count: a process that is still there may go on computing. */
static void by_unreaped(const struct doubt_child_end *end, const char *engine,
                        struct doubt_outcome *out)
{
    out->name =
        end->cause == DOUBT_CHILD_INTERRUPTED ? DOUBT_OUTCOME_INTERRUPTED : DOUBT_OUTCOME_HANG;
    snprintf(out->sentence, sizeof out->sentence,
             "engine %s did not end in phase \"%s\", and its process %ld could not be reaped: not "
             "even SIGKILL ends it, so it sleeps in the kernel (a driver, a file system that does "
             "not answer) and may disturb what is measured after it",
             engine, out->phase, (long)end->unreaped);
}

/* It had answered: the answer stands, and a bad end after it is told. */
static void by_answer(const struct doubt_shared *shared, const struct doubt_child_end *end,
                      const char *engine, struct doubt_outcome *out)
{
    const struct doubt_shared_answer *answer = &shared->answer;
    char said[DOUBT_SHARED_SENTENCE_BYTES];
    doubt_shared_clean_text(said, sizeof said, answer->sentence, sizeof answer->sentence);
    out->name = of_code(answer->code, said);
    snprintf(out->sentence, sizeof out->sentence, "%s", said);
    if (answer->code != DOUBT_OK && said[0] == '\0')
        snprintf(out->sentence, sizeof out->sentence,
                 "engine %s failed in phase \"%s\" and gave no reason", engine, out->phase);
    if (answer->code != DOUBT_OK || (WIFEXITED(end->status) && WEXITSTATUS(end->status) == 0))
        return;
    bool by_itself = WIFEXITED(end->status);
    snprintf(out->sentence, sizeof out->sentence,
             "after its outputs had been checked, engine %s ended with %s %d %s", engine,
             by_itself ? "status" : "signal",
             by_itself ? WEXITSTATUS(end->status) : WTERMSIG(end->status),
             shared->phase == DOUBT_PHASE_GRAPH ? "while it was timed as a CUDA graph"
                                                : "while unloading");
}

void doubt_outcome_judge(const struct doubt_shared *shared, const struct doubt_child_end *end,
                         const char *engine, int64_t deadline_ns, struct doubt_outcome *outcome)
{
    *outcome = (struct doubt_outcome){.phase = doubt_shared_phase_name(shared->phase)};
    if (end->unreaped != 0) {
        by_unreaped(end, engine, outcome);
    } else if (shared->answered) {
        by_answer(shared, end, engine, outcome);
    } else if (end->cause == DOUBT_CHILD_DEADLINE) {
        by_deadline(shared, engine, deadline_ns, outcome);
    } else if (end->cause == DOUBT_CHILD_INTERRUPTED) {
        outcome->name = DOUBT_OUTCOME_INTERRUPTED;
        snprintf(outcome->sentence, sizeof outcome->sentence, "interrupted in phase \"%s\"",
                 outcome->phase);
    } else if (WIFSIGNALED(end->status)) {
        by_signal(shared, end, engine, outcome);
    } else {
        by_exit(shared, end, engine, outcome);
    }
}
