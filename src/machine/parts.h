/* parts.h: the chips, releases and libraries of this machine, for a person to read.
 *
 * A unit of work is one reading of the files below a root. It takes longer than machine.h's
 * identity (a package list, the GPU driver's library), so it is made when asked for and not with
 * every series. Not for what may change while the machine runs.
 */
#ifndef DOUBT_MACHINE_PARTS_H
#define DOUBT_MACHINE_PARTS_H

#include "machine/machine.h"

struct doubt_machine_parts {
    struct doubt_machine_text soc;       /* "NVIDIA Tegra X1 (tegra210)" */
    struct doubt_machine_text gpu;       /* kinds joined by " + " */
    struct doubt_machine_text release;   /* "L4T 32.7.1, JetPack 4.6.1" */
    struct doubt_machine_text driver;    /* "NVIDIA 580.159.04" */
    struct doubt_machine_text libraries; /* "CUDA 10.2.300, TensorRT 8.2.1" */
};

/* Reads below root (NULL: "/"). */
void doubt_machine_read_parts(const char *root, struct doubt_machine_parts *out);

#endif
