/* import.h: what other tools wrote about inference, read as runs with figures.
 *
 * A unit of work is one file: a log, a report or a table of another tool. It holds runs (processes
 * of that tool), each with what was run, the figures as printed with unit and boundary, raw samples
 * where the file has them, and notes: what the tool's figure means, what it cannot say, and where
 * it contradicts itself. Nothing is compared with a claim here, and nothing was measured by doubt:
 * the commands do the one, measure/series.h the other. Formats: docs/IMPORT.md.
 */
#ifndef DOUBT_IMPORT_IMPORT_H
#define DOUBT_IMPORT_IMPORT_H

#include <doubt/err.h>
#include <doubt/verdict.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DOUBT_IMPORT_LINE_MAX = 1 << 16,   /* bytes of a line that are read; the rest is passed over */
    DOUBT_IMPORT_HEAD_MAX = 1 << 20,   /* bytes in which a format must show itself */
    DOUBT_IMPORT_RUNS_MAX = 10000,     /* in one file */
    DOUBT_IMPORT_SAMPLES_MAX = 1 << 22 /* in one file */
};

/* One row per format: name, as --format takes it. AUTO: recognised from the content. */
#define DOUBT_IMPORT_FORMATS(X)                                                                    \
    X(AUTO, "auto")                                                                                \
    X(TRTEXEC, "trtexec")                                                                          \
    X(TRTEXEC_TIMES, "trtexec-times")                                                              \
    X(OPENVINO, "benchmark-app")                                                                   \
    X(OPENVINO_JSON, "benchmark-app-json")                                                         \
    X(OPENVINO_CSV, "benchmark-app-csv")                                                           \
    X(LOADGEN, "loadgen")                                                                          \
    X(LOADGEN_DETAIL, "loadgen-detail")                                                            \
    X(LOADGEN_TRACE, "loadgen-trace")                                                              \
    X(JETSON, "jetson-benchmarks")                                                                 \
    X(NCNN, "benchncnn")                                                                           \
    X(COLUMNS, "columns")

enum doubt_import_format {
#define DOUBT_IMPORT_ROW(name, text) DOUBT_IMPORT_##name,
    DOUBT_IMPORT_FORMATS(DOUBT_IMPORT_ROW)
#undef DOUBT_IMPORT_ROW
        DOUBT_IMPORT_FORMAT_COUNT
};

/* One number of the file, or one computed from its samples. Strings end in NUL. */
struct doubt_import_figure {
    char name[40];      /* "GPU compute time" */
    char statistic[16]; /* "mean", "median", "min", "max", "p99", "throughput" */
    char boundary[8];   /* "device", "call", "host" as in docs/CLAIMS.md; "": none of these */
    char text[48];      /* digits and unit as printed; of computed ones as they are shown */
    struct doubt_figure figure; /* value with half a unit of its last digit on each side */
    size_t line;                /* 0: computed */
    bool computed;              /* from the run's samples or counts */
    bool wrong;                 /* it cannot be: a note says why; never judged */
};

enum doubt_import_note_kind {
    DOUBT_IMPORT_MEANS, /* what the tool's figure means */
    DOUBT_IMPORT_LIMIT, /* what it cannot say */
    DOUBT_IMPORT_WRONG, /* where the file contradicts itself or arithmetic */
    DOUBT_IMPORT_REMARK /* what else has to be known */
};
struct doubt_import_note {
    enum doubt_import_note_kind kind;
    size_t line; /* 0: the run as a whole */
    char text[512];
};

/* "Streams" = "2", as printed. */
struct doubt_import_setting {
    char name[40], value[120];
};

/* What the raw samples of one process say, by src/stats. NAN: not enough samples. */
struct doubt_import_statistics {
    double mean, median, p90, p99;                               /* quantiles of type 7; ns */
    double median_lo, median_hi, p90_lo, p90_hi, p99_lo, p99_hi; /* order statistics, 95 % */
    double effective;            /* independent values that the samples are worth */
    double within_lo, within_hi; /* 95 % for the mean of this process and of no other start */
    double warmup;               /* samples that MSER-5 would leave out; nothing is left out */
    double drift_p;              /* Mann-Kendall over batch means */
    bool rises;                  /* its direction */
};

struct doubt_import_run {
    size_t first_line, last_line; /* 0: not a file of lines */
    char tool[32], version[32];   /* "trtexec", "8.2.1" */
    char engine[16];              /* "tensorrt", "openvino", "ncnn"; "" unknown */
    char network[200], precision[32], device[96], input[64], name[120]; /* "" not printed */
    int64_t batch;                                                      /* 0: not printed */
    struct doubt_import_setting *settings;
    size_t setting_count;
    struct doubt_import_figure *figures;
    size_t figure_count;
    bool converts;               /* one inference after the other: batch / time is a rate */
    size_t main_time, main_rate; /* index of the figure that stands for the run; SIZE_MAX: none */
    double *samples;             /* ns, in the order of the file; of one process */
    size_t sample_count;
    int64_t sample_of;    /* each sample is the mean of so many inferences */
    char sample_name[40]; /* figure that the samples are of */
    struct doubt_import_statistics statistics;
    struct doubt_import_note *notes;
    size_t note_count;
    char refused[400]; /* why there is no measurement, with line and field; "": there is */
};

struct doubt_import {
    char *label; /* the file, for sentences */
    enum doubt_import_format format;
    struct doubt_import_run *runs; /* in the order of the file, refused ones among them */
    size_t count;
    size_t lines, cut_lines; /* read; longer than DOUBT_IMPORT_LINE_MAX */
    uint64_t bytes;
};

struct doubt_import_how {
    enum doubt_import_format format;
    const char *unit;        /* columns: of numbers without one; may be NULL */
    const char *column;      /* columns: number from 1 or heading of the values; NULL: found */
    const char *name_column; /* columns: the same of the row's name; NULL: found, or none */
    bool samples;            /* columns: the values are samples of one process, not runs */
    bool decimal_comma;      /* columns: "27,8" */
    double warmup_ms;        /* trtexec's times: those that begin earlier are left out */
};

/* Reads a file from its path ("-": standard input) or from memory. DOUBT_E_FORMAT with a sentence
 * that names file, line and field when nothing can be read as that format, or no run of it holds a
 * measurement; then import holds the runs that were refused. Memory is bounded by the constants
 * above, whatever the file. Free import in either case. */
enum doubt_code doubt_import_open(const char *path, const struct doubt_import_how *how,
                                  struct doubt_import *import, struct doubt_err *err);
enum doubt_code doubt_import_read(const void *data, size_t size, const struct doubt_import_how *how,
                                  struct doubt_import *import, struct doubt_err *err);
void doubt_import_free(struct doubt_import *import);

/* "trtexec-times" and "trtexec --exportTimes, JSON"; static storage. */
const char *doubt_import_format_name(enum doubt_import_format format);
const char *doubt_import_format_title(enum doubt_import_format format);

/* What a claim asks a run for. */
struct doubt_import_wanted {
    const char *statistic; /* "" : the run's own */
    const char *boundary;  /* "" : the run's own */
    enum doubt_unit_kind kind;
};
/* The figure that answers, or NULL. A rate is answered by the run's rate where it has one, else by
 * a time where that converts; a time by a rate only where nothing is known of its boundary. Figures
 * that are wrong never answer. */
const struct doubt_import_figure *doubt_import_pick(const struct doubt_import_run *run,
                                                    const struct doubt_import_wanted *wanted);

#endif
