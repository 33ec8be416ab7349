/* knob.h: what can be set on this machine, all set alike.
 *
 * A unit of work is one knob: a row with name, unit, accepted values and functions, in the order in
 * which knobs are to be set (putback.h undoes them in the reverse order). Values are texts as a
 * user writes them. A value out of range is refused before anything is changed; what was set is
 * read back and compared with the nearest step, and a knob that did not take is an error that names
 * what was asked and what is there. Everything lies below a root (NULL: "/"), the programs nvpmodel
 * and jetson_clocks too. Nothing here remembers: who sets a knob goes through putback.h, which
 * writes down first what was there. Not for reading sensors: probe.h.
 */
#ifndef DOUBT_MACHINE_KNOB_H
#define DOUBT_MACHINE_KNOB_H

#include "util/str.h"
#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>

enum { DOUBT_KNOB_TEXT_BYTES = 64, DOUBT_KNOB_WHY_BYTES = 192, DOUBT_KNOB_STATE_MAX = 32768 };

struct doubti_knob_ops;

struct doubt_knob {
    const char *name;     /* "mode" */
    const char *unit;     /* "kHz", "MHz", "W"; "" for none */
    const char *accepted; /* "on, off" */
    const char *meaning;
    const struct doubti_knob_ops *ops;
};

/* Ends with a row without name. */
extern const struct doubt_knob doubt_knobs[];

/* Unknown: DOUBT_E_USAGE with the nearest name and the list. */
enum doubt_code doubt_knob_find(const char *name, const struct doubt_knob **knob,
                                struct doubt_err *err);

/* A knob as it is here. */
struct doubt_knob_reading {
    char value[DOUBT_KNOB_TEXT_BYTES];  /* "" when it cannot be read */
    char detail[DOUBT_KNOB_TEXT_BYTES]; /* what the value stands for: "MAXN"; "" for nothing */
    char path[DOUBT_KNOB_WHY_BYTES];    /* file or program, without the root; "" for none */
    char why[DOUBT_KNOB_WHY_BYTES];     /* why there is no value */
    char why_not[DOUBT_KNOB_WHY_BYTES]; /* why it cannot be set; "" when it can */
};

void doubt_knob_read(const char *root, const struct doubt_knob *knob,
                     struct doubt_knob_reading *out);

/* Can this knob take this value here? Changes nothing. DOUBT_E_USAGE for a value out of range,
 * DOUBT_E_UNSUPPORTED for a knob that is not here or not ours to set. */
enum doubt_code doubt_knob_check(const char *root, const struct doubt_knob *knob, const char *value,
                                 struct doubt_err *err);

/* Is the knob there already? False when that cannot be read. */
bool doubt_knob_is(const char *root, const struct doubt_knob *knob, const char *value);

/* Everything that setting this knob may change, as lines KEY=VALUE; folder is where a program may
 * keep a file of its own for putting back. */
enum doubt_code doubt_knob_save(const char *root, const struct doubt_knob *knob, const char *folder,
                                struct doubt_str *state, struct doubt_err *err);

/* Sets it and reads it back. After a failure some of it may have changed. */
enum doubt_code doubt_knob_set(const char *root, const struct doubt_knob *knob, const char *value,
                               struct doubt_err *err);

/* Puts back what doubt_knob_save() wrote, and reads it back; may be done again. */
enum doubt_code doubt_knob_put_back(const char *root, const struct doubt_knob *knob,
                                    const char *folder, const char *state, struct doubt_err *err);

/* Is this a state that the knob could have saved: no key but its own, no value but plain ones? */
bool doubt_knob_owns(const struct doubt_knob *knob, const char *state);

/* The machine's power mode and whether its clocks are locked, as phrases separated by ", ":
 * "nvpmodel 0 (MAXN), jetson_clocks"; "nvpmodel 1 (5W), clocks not locked"; "" where there is no
 * such mode. What cannot be read is left out. */
void doubt_knob_power_mode(const char *root, char *out, size_t out_bytes);

#endif
