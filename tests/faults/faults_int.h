/* faults_int.h: what the kinds of fault share: a point, a shard of them, and what must be so after
 * each. Not for any other test.
 */
#ifndef DOUBT_TESTS_FAULTS_INT_H
#define DOUBT_TESTS_FAULTS_INT_H

#include "../fake/nano.h"
#include "machine/putback.h"

#include <sys/types.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STRIDE = 7 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { STRIDE = 7 };
#else
enum { STRIDE = 1 };
#endif
#else
enum { STRIDE = 1 };
#endif

enum { SHARDS = 2, PART_SUPERVISOR = 0, PART_GUARDIAN, PART_COUNT };
enum { KILL_SUPERVISOR = 1, KILL_GUARDIAN = 2, KILL_BOTH = 3, KILL_WORKER = 4 };

/* Shared by a shard and the processes of its points. */
struct point {
    int at[PART_COUNT], who[PART_COUNT]; /* whom to kill at which step of a part; 0: nobody */
    int seen[PART_COUNT];                /* steps so far */
    pid_t supervisor, guardian;
    int worker_call, worker_who;
    int worker_ok; /* the worker came to its end */
    int set_failed, close_failed;
    int starts;
    char sentence[DOUBT_ERR_TEXT_BYTES];
};

struct shard {
    int number, points, failures, skipped;
    int turn; /* of all points, those of this shard are every SHARDS x STRIDE-th */
    char root[64];
    char *first;
    struct point *point;
    const char *kind;
    int kind_points;
};

extern struct point *faults_point; /* of this process */

/* The hook: kills whom the point names at its step. */
void faults_on_step(const char *part, const char *step);
/* Turns a knob. */
enum doubt_code faults_set(struct doubt_putback *keeping, const char *name, const char *value,
                           struct doubt_err *err);
/* fork(), the child at the shard's point and with the hook. */
pid_t faults_fork(const struct shard *shard);
/* A process that sets, measures (with a worker or not) and puts back. */
pid_t faults_start(const struct shard *shard, bool with_worker);
/* The status of a child that ended. */
int faults_wait_for(pid_t child);
/* Another start, which finds what the one before left; its status. */
int faults_next_start(const struct shard *shard);

/* Counts and prints a failure. */
void faults_complain(struct shard *shard, const char *what, const char *detail);
/* False: somebody is at work still, after half a minute. */
bool faults_wait_until_quiet(const struct shard *shard);
bool faults_has_journal(const struct shard *shard);
/* The machine must be in its first state, and no journal left. */
void faults_expect_first(struct shard *shard);

/* A point without a fault; whether the next one is this shard's; one more that was tried. */
void faults_clear(struct shard *shard);
bool faults_is_mine(struct shard *shard);
void faults_count_point(struct shard *shard);
/* Removes a file that tells the fake board's programs how to behave. */
void faults_remove_in_fake(const struct shard *shard, const char *name);

/* A program of the vendor's that cannot write, read-only files, a full disk. */
void faults_fail_writes(struct shard *shard);
void faults_make_read_only(struct shard *shard);
void faults_fill_the_disk(struct shard *shard);

#endif
