/* machine.h: what this machine is, and the state it is in.
 *
 * A unit of work is one reading of the files below a root: "/" for the machine itself, a folder
 * with proc/ and sys/ for a test. A value that cannot be had is "not available" with its reason,
 * never 0 and never a guess. Not for setting anything (nothing is written here), and not for time
 * series: telemetry.h reads those at its own pace. Who else uses the CPUs: busy.h.
 */
#ifndef DOUBT_MACHINE_MACHINE_H
#define DOUBT_MACHINE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DOUBT_MACHINE_TEXT_BYTES = 192, DOUBT_MACHINE_WHY_BYTES = 128 };

/* text is "" when not available; why then says the reason. */
struct doubt_machine_text {
    char text[DOUBT_MACHINE_TEXT_BYTES];
    char why[DOUBT_MACHINE_WHY_BYTES];
};

/* value is NaN when not available; why then says the reason. */
struct doubt_machine_number {
    double value;
    char why[DOUBT_MACHINE_WHY_BYTES];
};

/* What does not change while the machine runs. */
struct doubt_machine {
    struct doubt_machine_text cpu;    /* model as the machine names it; kinds joined by " + " */
    struct doubt_machine_text board;  /* device tree's or firmware's name of the product */
    struct doubt_machine_text system; /* distribution, and L4T's release on a Jetson */
    struct doubt_machine_text kernel; /* "Linux 6.1.0-18-amd64 x86_64" */
    struct doubt_machine_text virtual_machine; /* hypervisor, container or both; "none" */
    struct doubt_machine_number cpus;          /* CPUs that this process may run on */
    struct doubt_machine_number cores;         /* physical cores that these belong to */
    struct doubt_machine_number quota;         /* CPUs' worth of time that a control group allows */
    struct doubt_machine_number memory_bytes;
    bool is_virtual;   /* a hypervisor was found */
    bool is_container; /* a container was found */
};

/* What may change. */
struct doubt_machine_state {
    struct doubt_machine_text governor;           /* kinds joined by ", " */
    struct doubt_machine_text turbo;              /* "on" or "off" */
    struct doubt_machine_text randomisation;      /* of address spaces: "on", "partial" or "off" */
    struct doubt_machine_number frequency_hz;     /* mean over the CPUs of this process */
    struct doubt_machine_number frequency_max_hz; /* highest that is allowed now */
    struct doubt_machine_number temperature_c;    /* highest sensor */
    char sensor[64];                              /* that sensor's name */
    bool locked; /* lowest = highest allowed clock, on every CPU of this process */
};

/* Reads below root (NULL: "/"). */
void doubt_machine_identify(const char *root, struct doubt_machine *out);
void doubt_machine_read_state(const char *root, struct doubt_machine_state *out);

/* "AMD EPYC, 2 cores (virtual machine)": one line, cut to fit. */
void doubt_machine_line(const struct doubt_machine *machine, char *out, size_t out_bytes);

/* What a measurement on this machine could not control, and why: phrases separated by "; ", "" when
 * there is nothing to say. */
void doubt_machine_uncontrolled(const struct doubt_machine *machine,
                                const struct doubt_machine_state *state, char *out,
                                size_t out_bytes);

/* Sensors of temperature and clocks of CPUs, kept open so that a reading is one read each. */
enum { DOUBT_GAUGE_SENSORS_MAX = 8, DOUBT_GAUGE_CLOCKS_MAX = 4 };
struct doubt_gauges {
    int sensor_fd[DOUBT_GAUGE_SENSORS_MAX];
    char sensor_name[DOUBT_GAUGE_SENSORS_MAX][64];
    int clock_fd[DOUBT_GAUGE_CLOCKS_MAX];
    size_t sensor_count, clock_count;
};

struct doubt_gauge_reading {
    double temperature_c; /* highest; NaN when there is none */
    double frequency_hz;  /* mean; NaN when there is none */
    const char *sensor;   /* name of the highest, in the gauges; "" when there is none */
};

/* Opens what is there below root (NULL: "/"), the first ones where there are more; nothing there is
 * no error. */
void doubt_gauges_open(const char *root, struct doubt_gauges *gauges);
void doubt_gauges_read(const struct doubt_gauges *gauges, struct doubt_gauge_reading *out);
void doubt_gauges_close(struct doubt_gauges *gauges);

#endif
