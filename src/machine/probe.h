/* probe.h: sensors of this machine, all read alike.
 *
 * A unit of work is one reading of one probe. A kind of probe is one file and one row of the table
 * (probe_table.c); it finds its sensors below a root once, and a reading is then one read of an
 * open file or one call of a library. A value that cannot be had is NaN with its reason in `why`,
 * never 0: a kind that finds nothing leaves one probe that says so. Nothing is written here: knob.h
 * sets things. Not for series in time: telemetry.h (floor measure) keeps those.
 */
#ifndef DOUBT_MACHINE_PROBE_H
#define DOUBT_MACHINE_PROBE_H

#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What is read, and its unit. Sums since some start only count by their differences. */
enum doubt_probe_quantity {
    DOUBT_PROBE_CLOCK,       /* Hz */
    DOUBT_PROBE_TEMPERATURE, /* degC */
    DOUBT_PROBE_POWER,       /* W */
    DOUBT_PROBE_ENERGY,      /* J, a sum */
    DOUBT_PROBE_VOLTAGE,     /* V */
    DOUBT_PROBE_CURRENT,     /* A */
    DOUBT_PROBE_LOAD,        /* share of a whole, 0 to 1 */
    DOUBT_PROBE_SPEED,       /* revolutions a minute */
    DOUBT_PROBE_LEVEL,       /* a number whose scale is the device's own */
    DOUBT_PROBE_REASONS,     /* bits, by doubt_probe_reasons() */
    DOUBT_PROBE_EVENTS,      /* a sum */
    DOUBT_PROBE_TIME,        /* s, a sum */
    DOUBT_PROBE_QUANTITY_COUNT
};

/* What it is about. */
enum doubt_probe_part {
    DOUBT_PROBE_BOARD, /* the machine as a whole */
    DOUBT_PROBE_CPU,
    DOUBT_PROBE_GPU,
    DOUBT_PROBE_MEMORY,
    DOUBT_PROBE_WORKER, /* the process that measures */
    DOUBT_PROBE_OTHER,
    DOUBT_PROBE_PART_COUNT
};

enum { DOUBT_PROBE_NAME_BYTES = 64, DOUBT_PROBE_PATH_BYTES = 192, DOUBT_PROBE_WHY_BYTES = 128 };

struct doubt_probe_kind;

/* One sensor, or the reason why a kind has none. */
struct doubt_probe {
    const struct doubt_probe_kind *kind;
    enum doubt_probe_quantity quantity;
    enum doubt_probe_part part;
    char name[DOUBT_PROBE_NAME_BYTES]; /* "cpu0 clock"; unique within the kind */
    char path[DOUBT_PROBE_PATH_BYTES]; /* file without the root, or library and call; "" if none */
    char why[DOUBT_PROBE_WHY_BYTES];   /* why the last reading gave no value; "" when it gave one */
    int64_t period_ns;                 /* how often it is worth reading; not measured */
    double wrap;  /* a sum starts again at 0 after this, in its unit; 0: never */
    double limit; /* a power limit, a largest level or clock, in its unit; NaN: not known */
    double floor; /* the lowest clock that is allowed, likewise; equal to limit: locked */
    bool total;   /* power or energy of all of its part, other such probes are parts of it */
    bool flagged; /* readable, but contradicts another one: not to be used; see `why` */
    bool slow;    /* a reading takes milliseconds: at the ends of a restart only */
    /* The kind's own. */
    int fd, index;
    double scale; /* number in the file x scale = value */
    void *state;
};

struct doubt_probes {
    struct doubt_probe *items;
    size_t count, room;
    bool failed; /* out of memory while they were found */
};

/* One row of the table. */
struct doubt_probe_kind {
    const char *name;    /* "cpufreq" */
    const char *summary; /* "clock of each CPU" */
    const char *missing; /* why there is none, where none was found */
    /* Adds what there is below root, readable or not. */
    void (*find)(const struct doubt_probe_kind *kind, const char *root,
                 struct doubt_probes *probes);
    /* Reads; NaN and `why` where there is no value. NULL: the number the file begins with. */
    double (*read)(struct doubt_probe *probe);
    void (*close)(struct doubt_probe *probe); /* gives back `state`; NULL: nothing to do */
};

/* NULL-terminated. */
extern const struct doubt_probe_kind *const doubt_probe_kinds[];

/* The root that the environment variable DOUBT_ROOT names, NULL ("/") without one: a folder with
 * the files of another machine. */
const char *doubt_machine_root(void);

/* Finds all probes below root (NULL: "/"); paths that lead out of the root are not followed. only:
 * names of kinds, NULL-terminated; NULL: all. */
enum doubt_code doubt_probes_open(const char *root, const char *const *only,
                                  struct doubt_probes *probes, struct doubt_err *err);
void doubt_probes_close(struct doubt_probes *probes);

/* The value in the quantity's unit, or NaN with the reason in probe->why. */
double doubt_probe_read(struct doubt_probe *probe);

/* to - from of a sum; a wrap in between is counted once; NaN stays NaN. */
double doubt_probe_difference(const struct doubt_probe *probe, double from, double to);

/* How often a sensor updates. */
struct doubt_probe_period {
    int64_t ns;                      /* 0: not seen */
    char why[DOUBT_PROBE_WHY_BYTES]; /* why not: "1 change in 5 s" */
};
/* Watches probes at once for at most limit_ns: the time between two changes of a value, median.
 * Changes that follow within a quarter of the longest pause are one update that flickers; fewer
 * than three changes tell nothing. out: one for each probe. Out of memory: false. */
bool doubt_probes_watch(struct doubt_probe *probes, size_t count, int64_t limit_ns,
                        struct doubt_probe_period *out);

/* The thread or process whose switches and migrations the worker's probes read; 0: none. */
void doubt_probes_set_worker(struct doubt_probes *probes, pid_t pid);

const char *doubt_probe_quantity_name(enum doubt_probe_quantity quantity); /* "clock" */
const char *doubt_probe_unit(enum doubt_probe_quantity quantity);          /* "Hz"; "" for none */
const char *doubt_probe_part_name(enum doubt_probe_part part);             /* "CPU" */

/* Reasons for which a clock is held below what was asked for. */
enum doubt_probe_reason {
    DOUBT_REASON_POWER = 1,         /* the power limit */
    DOUBT_REASON_THERMAL = 2,       /* temperature */
    DOUBT_REASON_POWER_BRAKE = 4,   /* asked for by the power supply */
    DOUBT_REASON_HARDWARE = 8,      /* slowed by hardware, cause not told */
    DOUBT_REASON_UNDERVOLTAGE = 16, /* the supply's voltage is too low */
    DOUBT_REASON_OTHER_CLOCKS = 32, /* clocks set by an application, or shared with another GPU */
    DOUBT_REASON_IDLE = 64          /* no work: no throttling */
};
/* "power limit, temperature"; "none". */
void doubt_probe_reasons(double bits, char *out, size_t out_bytes);

#endif
