/* doctor.h: what `doubt doctor` looks at, one finding after another.
 *
 * A unit of work is one finding: what was looked at, how it stands, and the command that mends it
 * where there is one. Nothing is changed here but a store that is there already being opened. Not
 * for printing: cmd_doctor.c.
 */
#ifndef DOUBT_CLI_DOCTOR_H
#define DOUBT_CLI_DOCTOR_H

#include "util/str.h"
#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>

enum doubt_doctor_state {
    DOUBT_DOCTOR_OK,
    DOUBT_DOCTOR_LIMIT,   /* measuring works; its figures are weaker for it */
    DOUBT_DOCTOR_MISSING, /* not here, and not needed */
    DOUBT_DOCTOR_BROKEN   /* here and of no use, or needed and not here */
};

struct doubt_doctor_finding {
    const char *name; /* static, or the registry's */
    enum doubt_doctor_state state;
    char text[1024];
    char fix[512]; /* a command or what to do; "" when nothing helps or is needed */
};

enum { DOUBT_DOCTOR_FINDINGS_MAX = 96 };

struct doubt_doctor {
    struct doubt_doctor_finding findings[DOUBT_DOCTOR_FINDINGS_MAX];
    size_t count;
    bool engine, store, cache; /* what doubt check cannot do without */
};

const char *doubt_doctor_state_name(enum doubt_doctor_state state);

/* Looks at everything that is no engine: folders, clock, CPU, what disturbs. Takes about a second,
 * in which others' work is watched. */
void doubt_doctor_look(struct doubt_doctor *doctor);

/* Adds a finding; those beyond DOUBT_DOCTOR_FINDINGS_MAX are dropped. fix may be NULL. */
void doubt_doctor_add(struct doubt_doctor *doctor, const char *name, enum doubt_doctor_state state,
                      const char *text, const char *fix);

/* Can doubt check run? */
bool doubt_doctor_can_check(const struct doubt_doctor *doctor);

/* The parts that a test can look at. path: a file or folder that need not be there; true when this
 * user may write it, or make it. folder (may be NULL) gets the nearest folder that is there. */
bool doubt_doctor_writable(const char *path, char *folder, size_t folder_bytes);
/* "AVX2, FMA" of the flags in a text of /proc/cpuinfo, in the table's order; "" for none. */
void doubt_doctor_cpu_features(const char *cpuinfo, struct doubt_str *out);

#endif
