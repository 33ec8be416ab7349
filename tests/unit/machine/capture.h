/* capture.h: what real boards showed (tests/data/jetson/), row by row, and probes by name.
 *
 * A unit of work is one row of a capture, or one probe that must read a value. For tests only.
 */
#ifndef DOUBT_TESTS_CAPTURE_H
#define DOUBT_TESTS_CAPTURE_H

#include "machine/probe.h"

#include "tree.h"
#include <math.h>

#define CAPTURES DOUBT_TEST_DATA "/jetson/"
enum { CAPTURE_COLUMNS = 10 };

struct row {
    char text[1024];
    char *columns[CAPTURE_COLUMNS];
    int count;
};

static inline FILE *open_capture(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s%s", CAPTURES, name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("no %s", path);
    return file;
}

/* The next line that is no remark, split at tabs. */
static inline bool next_row(FILE *file, struct row *row)
{
    while (fgets(row->text, sizeof row->text, file) != NULL) {
        row->text[strcspn(row->text, "\n")] = '\0';
        if (row->text[0] == '#' || row->text[0] == '\0')
            continue;
        row->count = 0;
        for (char *at = row->text; at != NULL && row->count < CAPTURE_COLUMNS;)
            row->columns[row->count++] = strsep(&at, "\t");
        return true;
    }
    fclose(file);
    return false;
}

static inline void open_probes(const struct tree *tree, struct doubt_probes *probes)
{
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_probes_open(tree->root, NULL, probes, &err), DOUBT_OK);
}

static inline struct doubt_probe *by_name(struct doubt_probes *probes, const char *kind,
                                          const char *name)
{
    for (size_t i = 0; i < probes->count; i++)
        if (strcmp(probes->items[i].kind->name, kind) == 0 &&
            strcmp(probes->items[i].name, name) == 0)
            return &probes->items[i];
    return NULL;
}

static inline struct doubt_probe *by_path(struct doubt_probes *probes, const char *path)
{
    for (size_t i = 0; i < probes->count; i++)
        if (strcmp(probes->items[i].path, path) == 0)
            return &probes->items[i];
    return NULL;
}

static inline void assert_reads(struct doubt_probe *probe, const char *what, double value)
{
    double got = probe != NULL ? doubt_probe_read(probe) : NAN;
    if (!(fabs(got - value) <= 1e-9 * fabs(value) + 1e-12))
        fail_msg("%s: %.10g, not %.10g (%s)", what, got, value,
                 probe != NULL ? probe->why : "no such probe");
}

#endif
