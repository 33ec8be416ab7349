/* knob_int.h: what the files of knobs share: a row's functions, sets of files, programs, steps.
 *
 * A unit of work is one knob, one file that is written or one program that runs. Not for other
 * floors: they use knob.h and putback.h.
 */
#ifndef DOUBT_MACHINE_KNOB_INT_H
#define DOUBT_MACHINE_KNOB_INT_H

#include "machine/knob.h"
#include "machine/machine_int.h"
#include <stdint.h>

/* --- a row's functions ------------------------------------------------------------------------ */

struct doubti_knob_ops {
    /* Fills value and detail or why, path, and why_not. */
    void (*read)(const char *root, struct doubt_knob_reading *out);
    /* Is the value within the range? Only for knobs that are here. NULL: any text. */
    enum doubt_code (*check)(const char *root, const char *value, struct doubt_err *err);
    /* Does it, without reading back. */
    enum doubt_code (*apply)(const char *root, const char *value, struct doubt_err *err);
    /* Reads back; NULL: read() must give the value. */
    enum doubt_code (*verify)(const char *root, const char *value, struct doubt_err *err);
    /* Files that setting may change, NULL-terminated patterns below the root in the order in which
     * they are put back; one that begins with "~" is put back but changes by itself too. */
    const char *const *files;
    /* Keys of other lines of its state, NULL-terminated; may be NULL. */
    const char *const *keys;
    /* Adds those lines; may be NULL. */
    enum doubt_code (*save)(const char *root, const char *folder, struct doubt_str *state,
                            struct doubt_err *err);
    /* Undoes what the files do not show, before these are put back; may be NULL. */
    enum doubt_code (*undo)(const char *root, const char *folder, const char *state,
                            struct doubt_err *err);
    bool is_hidden; /* what read() gives is no setting: it cannot be known to be there already */
};

extern const struct doubti_knob_ops doubti_knob_nvpmodel, doubti_knob_governor, doubti_knob_cpu_max,
    doubti_knob_cpu_min, doubti_knob_boost, doubti_knob_gpu_clock, doubti_knob_gpu_power,
    doubti_knob_jetson_clocks, doubti_knob_fan;

/* Removes stores of jetson_clocks from the folder, once no journal needs them. */
void doubti_jetson_clocks_clear(const char *folder);

/* Value of a line KEY=VALUE of a state; false when there is none. */
bool doubti_knob_line(const char *state, const char *key, char *out, size_t out_bytes);

/* --- files ------------------------------------------------------------------------------------ */

bool doubti_root_is_real(const char *root);
/* Writes value into an existing file below root, never through a link that leads out of it. */
enum doubt_code doubti_root_write(const char *root, const char *path, const char *value,
                                  struct doubt_err *err);
/* Why a file cannot be written; "" when it can. */
void doubti_root_why_not(const char *root, const char *path, char *out, size_t out_bytes);
/* The first file that matches, without the root; false when none does. */
bool doubti_root_first(const char *root, const char *pattern, char out[DOUBTI_PATH_BYTES]);

/* Adds a line PATH=VALUE for each file that matches and can be read. */
enum doubt_code doubti_files_save(const char *root, const char *const *patterns,
                                  struct doubt_str *state, struct doubt_err *err);
/* Writes back whatever differs, and reads it back. */
enum doubt_code doubti_files_put_back(const char *root, const char *const *patterns,
                                      const char *state, struct doubt_err *err);
bool doubti_files_own(const char *const *patterns, const char *path);
/* Letters, digits and "._:+-" only, at most 63. */
bool doubti_files_plain(const char *value);
/* Writes value into every file that matches; the count of files is what was written. */
enum doubt_code doubti_files_write(const char *root, const char *pattern, const char *value,
                                   struct doubt_err *err);

/* The step of a list of numbers ("102000 204000") that is nearest to wanted; wanted itself without
 * a list. */
int64_t doubti_nearest_step(const char *list, int64_t wanted);

/* --- programs --------------------------------------------------------------------------------- */

enum { DOUBTI_PROGRAM_OUTPUT_BYTES = 32768 };

struct doubti_program {
    const char *const *paths; /* where it may lie below the root, NULL-terminated */
    const char *arguments[6]; /* without the program's name; NULL-terminated */
    int timeout_ms;
};

struct doubti_program_end {
    int status; /* as wait() tells it */
    char output[DOUBTI_PROGRAM_OUTPUT_BYTES];
};

/* The path below the root of the first that is there and can be run; NULL when none is. */
const char *doubti_program_find(const char *root, const char *const *paths);
/* Runs it to its end with nothing on standard input, both its streams into output, in a session of
 * its own, with a plain environment. It ends when its parent ends. */
enum doubt_code doubti_program_run(const char *root, const struct doubti_program *program,
                                   struct doubti_program_end *end, struct doubt_err *err);
/* Descriptors that programs inherit, so that their end can be waited for; -1 for none. */
void doubti_program_inherit(int first, int second);

/* --- steps ------------------------------------------------------------------------------------ */

/* Names a step of changing, journalling or putting back; for tests that end a process there. */
void doubti_step(const char *step);

#endif
