/* import.c: opens a file, finds its format, runs the importer. See import.h. */
#include "import/import_int.h"
#include "util/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the order in which they are tried on a line. */
static const struct doubti_importer *const importers[DOUBT_IMPORT_FORMAT_COUNT] = {
    [DOUBT_IMPORT_TRTEXEC] = &doubti_importer_trtexec,
    [DOUBT_IMPORT_TRTEXEC_TIMES] = &doubti_importer_trtexec_times,
    [DOUBT_IMPORT_OPENVINO] = &doubti_importer_openvino,
    [DOUBT_IMPORT_OPENVINO_JSON] = &doubti_importer_openvino_json,
    [DOUBT_IMPORT_OPENVINO_CSV] = &doubti_importer_openvino_csv,
    [DOUBT_IMPORT_LOADGEN] = &doubti_importer_loadgen,
    [DOUBT_IMPORT_LOADGEN_DETAIL] = &doubti_importer_loadgen_detail,
    [DOUBT_IMPORT_LOADGEN_TRACE] = &doubti_importer_loadgen_trace,
    [DOUBT_IMPORT_JETSON] = &doubti_importer_jetson,
    [DOUBT_IMPORT_NCNN] = &doubti_importer_ncnn,
    [DOUBT_IMPORT_COLUMNS] = &doubti_importer_columns,
};

const char *doubt_import_format_name(enum doubt_import_format format)
{
    static const char *const names[] = {
#define DOUBT_IMPORT_ROW(name, text) text,
        DOUBT_IMPORT_FORMATS(DOUBT_IMPORT_ROW)
#undef DOUBT_IMPORT_ROW
    };
    return (unsigned)format < DOUBT_IMPORT_FORMAT_COUNT ? names[format] : "?";
}

const char *doubt_import_format_title(enum doubt_import_format format)
{
    return format > DOUBT_IMPORT_AUTO && format < DOUBT_IMPORT_FORMAT_COUNT
               ? importers[format]->title
               : "recognised from the content";
}

/* --- recognising ---------------------------------------------------------------------------- */

static enum doubt_import_format of_head(const char *head)
{
    for (int i = 1; i < DOUBT_IMPORT_FORMAT_COUNT; i++)
        if (importers[i]->head != NULL && importers[i]->head(head))
            return (enum doubt_import_format)i;
    return DOUBT_IMPORT_AUTO;
}

static enum doubt_import_format of_line(const char *line)
{
    for (int i = 1; i < DOUBT_IMPORT_FORMAT_COUNT; i++)
        if (importers[i]->line != NULL && importers[i]->line(line))
            return (enum doubt_import_format)i;
    return DOUBT_IMPORT_AUTO;
}

/* The head's lines by a reader of their own, so that both see the same text. */
static enum doubt_code recognise(struct doubti_lines *lines, enum doubt_import_format *format,
                                 struct doubt_err *err)
{
    struct doubti_lines copy = {.memory = lines->head, .memory_left = lines->head_size};
    bool more = true;
    *format = of_head(lines->head);
    if (*format != DOUBT_IMPORT_AUTO)
        return DOUBT_OK;
    enum doubt_code code = doubti_lines_open(&copy, -1, err);
    while (code == DOUBT_OK && more && *format == DOUBT_IMPORT_AUTO) {
        code = doubti_lines_next(&copy, &more, err);
        if (code == DOUBT_OK && more)
            *format = of_line(copy.line);
    }
    doubti_lines_close(&copy);
    return code;
}

/* What is no text of one of the formats, by its first bytes. */
static enum doubt_code refuse_kind(const struct doubti_lines *lines, struct doubt_err *err)
{
    const char *head = lines->head;
    const size_t size = lines->head_size;
    if (size == 0)
        return doubt_err_set(err, DOUBT_E_FORMAT, "is empty");
    if (size >= 2 && (memcmp(head, "\xff\xfe", 2) == 0 || memcmp(head, "\xfe\xff", 2) == 0))
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "is UTF-16 text, as PowerShell writes it: convert it, with iconv -f "
                             "UTF-16 -t UTF-8");
    if (size >= 2 && memcmp(head, "\x1f\x8b", 2) == 0)
        return doubt_err_set(err, DOUBT_E_FORMAT, "is compressed: unpack it, with gunzip");
    return DOUBT_OK;
}

/* Plain columns have no mark of their own: a unit, a column or a heading says that they are meant.
 */
static enum doubt_code try_columns(const struct doubti_lines *lines,
                                   const struct doubt_import_how *how,
                                   enum doubt_import_format *format, struct doubt_err *err)
{
    bool are = how->unit != NULL || how->column != NULL || how->name_column != NULL || how->samples;
    enum doubt_code code =
        are ? DOUBT_OK : doubti_columns_recognise(lines->head, lines->head_size, &are, err);
    if (code == DOUBT_OK && are)
        *format = DOUBT_IMPORT_COLUMNS;
    return code;
}

static enum doubt_code refuse_unknown(struct doubt_err *err)
{
    char names[400] = "";
    for (int i = DOUBT_IMPORT_AUTO + 1; i < DOUBT_IMPORT_FORMAT_COUNT; i++) {
        const size_t used = strlen(names);
        const bool last = i + 1 == DOUBT_IMPORT_FORMAT_COUNT;
        snprintf(names + used, sizeof names - used, "%s%s",
                 used == 0 ? ""
                 : last    ? " and "
                           : ", ",
                 doubt_import_format_name((enum doubt_import_format)i));
    }
    return doubt_err_set(err, DOUBT_E_FORMAT,
                         "is nothing that doubt import knows by its first MiB. Known are %s: "
                         "--format NAME says which of them it is, --unit UNIT that it holds plain "
                         "columns, --samples that these are of one process",
                         names);
}

static enum doubt_code find_format(struct doubti_lines *lines, const struct doubt_import_how *how,
                                   enum doubt_import_format *format, struct doubt_err *err)
{
    enum doubt_code code = doubti_lines_peek(lines, err);
    if (code == DOUBT_OK)
        code = refuse_kind(lines, err);
    *format = how->format;
    if (code != DOUBT_OK || how->format != DOUBT_IMPORT_AUTO)
        return code;
    code = recognise(lines, format, err);
    if (code == DOUBT_OK && *format == DOUBT_IMPORT_AUTO)
        code = try_columns(lines, how, format, err);
    return code != DOUBT_OK || *format != DOUBT_IMPORT_AUTO ? code : refuse_unknown(err);
}

/* --- reading -------------------------------------------------------------------------------- */

bool doubti_next(struct doubti_reading *reading)
{
    bool more = false;
    if (reading->failed == DOUBT_OK)
        reading->failed = doubti_lines_next(reading->lines, &more, reading->err);
    struct doubt_import_run *run = doubti_run_last(reading);
    if (more && run != NULL)
        run->last_line = reading->lines->number;
    return reading->failed == DOUBT_OK && more;
}

/* A run whose own figure is missing answers nothing. */
static void refuse_without_figure(struct doubt_import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        struct doubt_import_run *run = &import->runs[i];
        if (run->refused[0] == '\0' && run->main_time == SIZE_MAX && run->main_rate == SIZE_MAX)
            snprintf(run->refused, sizeof run->refused,
                     "lines %zu to %zu: the figure that stands for a run of %s is missing",
                     run->first_line, run->last_line, run->tool);
    }
}

/* No run with a measurement: the first reason is the file's. */
static enum doubt_code refuse_all(const struct doubt_import *import, struct doubt_err *err)
{
    for (size_t i = 0; i < import->count; i++)
        if (import->runs[i].refused[0] == '\0')
            return DOUBT_OK;
    if (import->count == 0)
        return doubt_err_set(err, DOUBT_E_FORMAT, "holds no measurement of %s",
                             doubt_import_format_title(import->format));
    if (import->count == 1)
        return doubt_err_set(err, DOUBT_E_FORMAT, "holds no measurement: %s",
                             import->runs[0].refused);
    return doubt_err_set(err, DOUBT_E_FORMAT,
                         "holds no measurement in any of its %zu runs; the first: %s",
                         import->count, import->runs[0].refused);
}

static enum doubt_code read_all(struct doubti_lines *lines, const struct doubt_import_how *how,
                                struct doubt_import *import, struct doubt_err *err)
{
    struct doubti_reading reading = {.lines = lines, .import = import, .how = how, .err = err};
    enum doubt_code code = find_format(lines, how, &import->format, err);
    if (code != DOUBT_OK)
        return code;
    code = importers[import->format]->read(&reading);
    if (code == DOUBT_OK)
        code = reading.failed;
    refuse_without_figure(import);
    import->lines = lines->number;
    import->cut_lines = lines->cut_lines;
    import->bytes = lines->bytes;
    if (code == DOUBT_OK && import->cut_lines > 0)
        doubti_run_note(&reading, DOUBT_IMPORT_REMARK,
                        "%zu lines of the file are longer than %d bytes: the rest of them was "
                        "passed over",
                        import->cut_lines, DOUBT_IMPORT_LINE_MAX);
    return code == DOUBT_OK ? refuse_all(import, err) : code;
}

enum doubt_code doubt_import_read(const void *data, size_t size, const struct doubt_import_how *how,
                                  struct doubt_import *import, struct doubt_err *err)
{
    struct doubti_lines lines = {.memory = data, .memory_left = size};
    memset(import, 0, sizeof *import);
    import->label = doubt_str_dup("memory");
    enum doubt_code code = doubti_lines_open(&lines, -1, err);
    if (code == DOUBT_OK)
        code = read_all(&lines, how, import, err);
    doubti_lines_close(&lines);
    return code;
}

enum doubt_code doubt_import_open(const char *path, const struct doubt_import_how *how,
                                  struct doubt_import *import, struct doubt_err *err)
{
    const bool input = strcmp(path, "-") == 0;
    struct doubti_lines lines = {0};
    struct stat status;
    memset(import, 0, sizeof *import);
    if (path[0] == '\0')
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "a file's name is empty: name the file, or - for standard input");
    import->label = doubt_str_dup(input ? "standard input" : path);
    if (import->label == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %s", path);
    int fd = input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return doubt_err_errno(err, DOUBT_E_IO, errno, "cannot open %s", path);
    enum doubt_code code = doubti_lines_open(&lines, fd, err);
    if (code == DOUBT_OK && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
        code = doubt_err_set(err, DOUBT_E_FORMAT, "is a folder: name the files in it");
    if (code == DOUBT_OK)
        code = read_all(&lines, how, import, err);
    doubti_lines_close(&lines);
    if (!input)
        close(fd);
    if (code != DOUBT_OK)
        doubt_err_prefix(err, "%s", import->label);
    return code;
}

void doubt_import_free(struct doubt_import *import)
{
    for (size_t i = 0; i < import->count; i++)
        doubti_run_free(&import->runs[i]);
    free(import->runs);
    free(import->label);
    memset(import, 0, sizeof *import);
}
