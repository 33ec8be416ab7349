/* import_check.h: what the tests of the import floor share: opening a file of tests/data/import,
 * and looking into what was read. Not for data: each test has its own. */
#ifndef DOUBT_TESTS_IMPORT_CHECK_H
#define DOUBT_TESTS_IMPORT_CHECK_H

#include "import/import.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct doubt_import_how usual = {.warmup_ms = 200};

static inline void open_file(const char *name, const struct doubt_import_how *how,
                             struct doubt_import *import)
{
    char path[512];
    struct doubt_err err = {0};
    snprintf(path, sizeof path, "%s/import/%s", DOUBT_TEST_DATA, name);
    if (doubt_import_open(path, how, import, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
}

/* The sentence of a file that is refused. */
static inline void refused(const char *name, const struct doubt_import_how *how, const char *part)
{
    char path[512];
    struct doubt_err err = {0};
    struct doubt_import import;
    snprintf(path, sizeof path, "%s/import/%s", DOUBT_TEST_DATA, name);
    assert_int_equal(doubt_import_open(path, how, &import, &err), DOUBT_E_FORMAT);
    if (strstr(err.text, part) == NULL || strstr(err.text, name) == NULL)
        fail_msg("\"%s\" is not in: %s", part, err.text);
    doubt_import_free(&import);
}

static inline const struct doubt_import_figure *find(const struct doubt_import_run *run,
                                                     const char *name, const char *statistic)
{
    for (size_t i = 0; i < run->figure_count; i++)
        if (strcmp(run->figures[i].name, name) == 0 &&
            strcmp(run->figures[i].statistic, statistic) == 0)
            return &run->figures[i];
    fail_msg("no %s %s", name, statistic);
    return NULL;
}

static inline bool has_note(const struct doubt_import_run *run, enum doubt_import_note_kind kind,
                            const char *part)
{
    for (size_t i = 0; i < run->note_count; i++)
        if (run->notes[i].kind == kind && strstr(run->notes[i].text, part) != NULL)
            return true;
    return false;
}

static inline size_t count_wrong(const struct doubt_import_run *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->note_count; i++)
        count += run->notes[i].kind == DOUBT_IMPORT_WRONG;
    return count;
}

static inline double pick(const struct doubt_import_run *run, const char *statistic,
                          const char *boundary, enum doubt_unit_kind kind)
{
    const struct doubt_import_wanted wanted = {statistic, boundary, kind};
    const struct doubt_import_figure *figure = doubt_import_pick(run, &wanted);
    return figure != NULL ? figure->figure.value : NAN;
}
#endif
