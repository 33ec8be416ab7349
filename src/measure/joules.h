/* joules.h: the energy that a window of time cost, from the machine's probes, with a bound.
 *
 * A unit of work is one window of one trace: a restart's sampling, or a while of idleness. The
 * source is the best one for the device: a GPU's own counter or power, else the board's total rail,
 * else the processors' counters. A counter's difference is used where there is one, else power is
 * integrated; both by <doubt/stats.h>, which gives the bound: of the sensor's update period at the
 * ends, of the readings' spacing, and of where the readings lie beside the window's ends. A
 * sensor's own gain and offset are not known and not in it. Not for dividing by inferences:
 * summary.c does.
 */
#ifndef DOUBT_MEASURE_JOULES_H
#define DOUBT_MEASURE_JOULES_H

#include "measure/trace.h"

struct doubt_joules_window {
    int64_t begun_ns, length_ns; /* on the samples' clock */
    bool gpu;                    /* the work is on a GPU ... */
    int gpu_index;               /* ... this one of NVML's; -1: not known, gpu_why says why */
    char gpu_why[192];
};

struct doubt_joules {
    double joules, watts, bound_joules; /* NaN: not available, source says why */
    /* Where joules is a counter's and power can be read too: the same by integrating it. */
    double power_joules, power_bound_joules;
    char source[192]; /* "POM_5V_IN (ina3221), power integrated, updates ..." */
};

void doubt_joules_make(const struct doubt_trace *trace, const struct doubt_joules_window *window,
                       struct doubt_joules *out);

/* Reads from the record which device did the work: "cuda:1", "GPU.0", "CPU". CUDA's number becomes
 * NVML's by the variables of the worker's environment: those in environment (NAME=VALUE, ends with
 * NULL; may be NULL), else this process's. */
void doubt_joules_device(const char *device, const char *const *environment,
                         struct doubt_joules_window *window);

#endif
