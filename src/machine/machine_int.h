/* machine_int.h: what the files of this floor share: small files below a root, sets of CPUs, texts
 * with reasons. Not for other floors.
 */
#ifndef DOUBT_MACHINE_MACHINE_INT_H
#define DOUBT_MACHINE_MACHINE_INT_H

#include "machine/machine.h"

enum { DOUBTI_CPUS_MAX = 4096, DOUBTI_PATH_BYTES = 512 };

/* Path below the root: "/proc/stat" for ("", "proc/stat"). False when it does not fit. */
bool doubti_root_path(const char *root, const char *path, char out[DOUBTI_PATH_BYTES]);
/* At most out_bytes - 1 bytes of a file; NULs become spaces, white space at the end goes. False
 * when it cannot be read or is empty. */
bool doubti_root_read(const char *root, const char *path, char *out, size_t out_bytes);
/* The number a file begins with. */
bool doubti_root_read_number(const char *root, const char *path, double *out);

struct doubti_cpus {
    uint64_t bits[DOUBTI_CPUS_MAX / 64];
    int count;
};

/* Reads "0-3,8". False, and an empty set, for anything else. */
bool doubti_cpus_parse(const char *text, struct doubti_cpus *cpus);
bool doubti_cpus_has(const struct doubti_cpus *cpus, long cpu);
/* Those this process may run on: proc/self/status. */
bool doubti_cpus_allowed(const char *root, struct doubti_cpus *cpus);

void doubti_text_set(struct doubt_machine_text *text, const char *value);
void doubti_text_why(struct doubt_machine_text *text, const char *why);
/* Adds a value behind a separator unless it is there already. */
void doubti_text_join(struct doubt_machine_text *text, const char *separator, const char *value);
void doubti_number_set(struct doubt_machine_number *number, double value);
void doubti_number_why(struct doubt_machine_number *number, const char *why);

/* Each fills its own fields of out. */
void doubti_ident_read(const char *root, struct doubt_machine *out);
void doubti_topology_read(const char *root, struct doubt_machine *out);
void doubti_virtual_read(const char *root, struct doubt_machine *out);

#endif
