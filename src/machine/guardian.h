/* guardian.h: the lock over what is set on a machine, and the process that outlives its holder.
 *
 * A unit of work is one lock or one guardian. Not for what is put back: putback.c hands that in.
 */
#ifndef DOUBT_MACHINE_GUARDIAN_H
#define DOUBT_MACHINE_GUARDIAN_H

#include <doubt/err.h>
#include <stdbool.h>
#include <sys/types.h>

/* Takes the lock file's lock, or says which process holds it. An open file description owns the
 * lock: a guardian that was forked holds it too, and it ends with the last of both. A holder that
 * has ended, but whose guardian is at work, is waited for, 20 seconds at most. */
enum doubt_code doubti_lock_take(const char *path, int *fd, struct doubt_err *err);
/* Writes this process into the file, for sentences of others; as a guardian, which is waited for. */
void doubti_lock_sign(int fd, bool guardian);
/* The process that holds the lock; 0 when nobody does. */
long doubti_lock_holder(const char *path);

struct doubti_guardian {
    pid_t pid;
    int line; /* its end is ours: when it closes, the guardian acts */
    int busy; /* write end that programs inherit: the guardian waits until they ended too */
};

/* Forks it. act(context) runs in it when this process ends without doubti_guardian_end(); lock is
 * the descriptor that it keeps beside standard error. */
enum doubt_code doubti_guardian_start(struct doubti_guardian *guardian, int lock,
                                      void (*act)(void *context), void *context,
                                      struct doubt_err *err);
/* Sends it home and waits for it; one that was killed is no failure. */
void doubti_guardian_end(struct doubti_guardian *guardian);

#endif
