/* import_int.h: what the importers share. Not for other floors.
 *
 * An importer reads lines (or the whole head) and fills runs by the functions below. A failed
 * append (out of memory, too many runs) is kept in the reading and ends it.
 */
#ifndef DOUBT_IMPORT_INT_H
#define DOUBT_IMPORT_INT_H

#include "import/import.h"

/* --- lines ---------------------------------------------------------------------------------- */

/* Lines of a file or of memory, without their end (LF or CRLF); bytes that are no text are "?". */
struct doubti_lines {
    int fd; /* -1: memory only */
    const char *memory;
    size_t memory_left;
    char *head; /* what was read ahead to recognise the format */
    size_t head_size, head_at;
    char *buffer; /* a piece of the file */
    size_t buffer_size, buffer_at;
    char *line; /* DOUBT_IMPORT_LINE_MAX + 1 bytes */
    size_t size, number;
    bool cut, ended;
    size_t cut_lines;
    uint64_t bytes;
};

enum doubt_code doubti_lines_open(struct doubti_lines *lines, int fd, struct doubt_err *err);
void doubti_lines_close(struct doubti_lines *lines);
/* Reads up to DOUBT_IMPORT_HEAD_MAX bytes ahead; they are read again by what follows. */
enum doubt_code doubti_lines_peek(struct doubti_lines *lines, struct doubt_err *err);
/* The next line into line, size, number and cut; *more is false at the end. */
enum doubt_code doubti_lines_next(struct doubti_lines *lines, bool *more, struct doubt_err *err);
/* The next byte, for what is not made of lines: 0 to 255, -1 at the end, -2 on failure. */
int doubti_lines_byte(struct doubti_lines *lines, struct doubt_err *err);
/* The next element of a JSON array, from its "{" to the "}" that closes it, into line; longer ones
 * than a line may be are an error. number counts lines. */
enum doubt_code doubti_lines_element(struct doubti_lines *lines, bool *more, struct doubt_err *err);

/* --- runs ----------------------------------------------------------------------------------- */

struct doubti_reading {
    struct doubti_lines *lines;
    struct doubt_import *import;
    const struct doubt_import_how *how;
    size_t run_capacity, samples;
    struct doubt_err *err;
    enum doubt_code failed; /* of an append */
};

/* A new run at the end; NULL when there are too many (failed says so). It stays valid until the
 * next call. */
struct doubt_import_run *doubti_run_add(struct doubti_reading *reading, const char *tool,
                                        const char *engine);
/* The last run ended before the line that was just read. */
void doubti_run_end_before(struct doubti_reading *reading);
/* The last run; NULL when there is none. */
struct doubt_import_run *doubti_run_last(struct doubti_reading *reading);
void doubti_run_free(struct doubt_import_run *run);

void doubti_run_setting(struct doubti_reading *reading, const char *name, const char *value);
void doubti_run_note(struct doubti_reading *reading, enum doubt_import_note_kind kind,
                     const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The first reason stays. */
void doubti_run_refuse(struct doubti_reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void doubti_run_sample(struct doubti_reading *reading, double ns);

/* Where a number stands, for sentences and for the figure. */
struct doubti_place {
    const char *name, *statistic, *boundary;
};
/* Adds a figure from its text: number and unit ("27.8 ms"), unit_or_null where the text has none.
 * What is no time or rate (NaN, negative, another unit) refuses the run with line and field. Gives
 * the figure's index, SIZE_MAX when there is none. */
size_t doubti_run_figure(struct doubti_reading *reading, const struct doubti_place *place,
                         const char *text, const char *unit_or_null);
/* Adds a computed figure, in ns or 1/s, shown in unit ("ms", "FPS"). half: what its digits leave
 * open. */
size_t doubti_run_computed(struct doubti_reading *reading, const struct doubti_place *place,
                           double value, double half, const char *unit);
/* Adds mean, median, 90th and 99th percentile of the last run's samples, in these places; a
 * percentile without an upper bound is left out. The mean is the run's main time. */
void doubti_run_summarise(struct doubti_reading *reading, const struct doubti_place places[4]);
/* The figure of that name and statistic of the last run; NULL when there is none. */
struct doubt_import_figure *doubti_run_find(const struct doubt_import_run *run, const char *name,
                                            const char *statistic);
/* Orders that cannot be (a minimum above the mean) become notes and mark figures as wrong. */
void doubti_run_check_order(struct doubti_reading *reading);
/* statistics of the last run's samples. */
enum doubt_code doubti_run_count(struct doubti_reading *reading);

/* --- text ----------------------------------------------------------------------------------- */

/* What follows prefix in text; NULL when text does not begin with it. */
const char *doubti_after(const char *text, const char *prefix);
/* What follows the first mark in text; NULL when it is not there. */
const char *doubti_behind(const char *text, const char *mark);
const char *doubti_skip_blanks(const char *text);
/* Copies a field: blanks at its ends go, unprintable bytes become "?"; stop: characters that end
 * it, may be NULL. */
void doubti_text_copy(char *to, size_t to_bytes, const char *from, const char *stop);
/* A whole number from 0 to 10^15 at the beginning of text; false when there is none. */
bool doubti_integer(const char *text, int64_t *value);
/* The last part of a path without folders and the endings of network files. */
void doubti_text_model(char *to, size_t to_bytes, const char *path);
/* A decimal number with optional exponent at the beginning of text, whatever the locale. half: half
 * a unit of its last digit. The end of it, NULL when there is no number (NaN, infinity, sign). */
const char *doubti_number(const char *text, double *value, double *half);
/* 36 for "36th percentile" and for "99.90 percentile": "p36", "p99.9"; out has 16 bytes. */
void doubti_percentile_name(double percent, char *out);

/* --- importers ------------------------------------------------------------------------------ */

/* A row. line: does this line of text show the format? head: does the beginning of a file that is
 * not made of lines? Either may be NULL. */
struct doubti_importer {
    const char *title;
    bool (*line)(const char *line);
    bool (*head)(const char *head);
    enum doubt_code (*read)(struct doubti_reading *reading);
};
extern const struct doubti_importer doubti_importer_trtexec, doubti_importer_trtexec_times,
    doubti_importer_openvino, doubti_importer_openvino_json, doubti_importer_openvino_csv,
    doubti_importer_loadgen, doubti_importer_loadgen_detail, doubti_importer_loadgen_trace,
    doubti_importer_jetson, doubti_importer_ncnn, doubti_importer_columns;

/* Does what no importer knows begin with the heading of a table, one of whose columns has a unit,
 * and a number below it? Not where a column's name says that rows may be samples. */
enum doubt_code doubti_columns_recognise(const char *head, size_t size, bool *are,
                                         struct doubt_err *err);

/* For a loop over lines: false at the end and on failure (kept in reading). */
bool doubti_next(struct doubti_reading *reading);

/* What a LoadGen log says, from either of its files; NAN and -1: not there. */
struct doubti_loadgen {
    char scenario[24], mode[24];
    double samples, queries; /* counts */
    double min, mean, max;   /* ns, as printed */
    double p[6];             /* 50, 90, 95, 97, 99, 99.9 */
    double rate;             /* the scenario's own */
    double rate_half;        /* of its digits */
    double alone_rate;       /* "without LoadGen overhead" */
    double alone_half;
    double target;              /* percentile of the scenario, 0.9; NAN */
    double discarded, estimate; /* early stopping as printed */
    double over_latency;
    bool per_query; /* the latencies are of queries of several samples */
    char valid[12];
    bool constraint_failed;
    bool early_met, early_known;
    bool tokens; /* early stopping is of the times of tokens */
    bool
        permutation; /* samples were put together anew: the parameters' count is not the real one */
};
void doubti_loadgen_init(struct doubti_loadgen *log);
/* Recomputes what can be, and leaves notes and figures in the last run. */
void doubti_loadgen_check(struct doubti_reading *reading, struct doubti_loadgen *log);
/* What the scenario's figures mean. */
void doubti_loadgen_notes(struct doubti_reading *reading, const struct doubti_loadgen *log);

#endif
