/* killed.c: see killed.h. */
#include "cli/killed.h"

#include "machine/process.h"
#include "measure/revive.h"
#include "report/view.h"
#include "util/str.h"

#include <stdlib.h>
#include <string.h>

bool doubt_killed_find(struct doubt_series *series)
{
    struct doubt_process process = {.started = series->supervisor_started};
    if (series->state == NULL || strcmp(series->state, "running") != 0 ||
        series->supervisor_pid == DOUBT_MISSING_I64 || series->boot_id == NULL ||
        series->pid_space == NULL)
        return false;
    process.pid = series->supervisor_pid;
    doubt_str_copy(process.boot, sizeof process.boot, series->boot_id);
    doubt_str_copy(process.space, sizeof process.space, series->pid_space);
    if (!doubt_process_is_gone(NULL, &process))
        return false;
    doubt_text_set(&series->state, DOUBT_STATE_KILLED);
    return true;
}

/* Moves the records out of the list, and reads their samples. */
static enum doubt_code read_samples(struct doubt_store *store, struct doubt_store_restarts *list,
                                    struct doubt_restart_result *results, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; i < list->count; i++) {
        results[i].record = list->restarts[i];
        doubt_record_init(DOUBT_RESTART, &list->restarts[i]);
    }
    for (size_t i = 0; code == DOUBT_OK && i < list->count; i++)
        code = doubt_store_samples(store, &results[i].record, &results[i].samples,
                                   &results[i].count, err);
    return code;
}

static enum doubt_code analyze_cell(struct doubt_store *store, struct doubt_series *series,
                                    struct doubt_cell *cell, struct doubt_err *err)
{
    struct doubt_store_restarts list = {.count = 0};
    enum doubt_code code = doubt_store_restarts(store, series->id, cell->number, &list, err);
    size_t count = code == DOUBT_OK ? list.count : 0;
    struct doubt_restart_result *results = calloc(count + 1, sizeof *results);
    if (code == DOUBT_OK && results == NULL)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu restarts", count);
    if (code == DOUBT_OK)
        code = read_samples(store, &list, results, err);
    const struct doubt_revive what = {series, results, count, doubt_view_is_hidden(cell)};
    if (code == DOUBT_OK)
        code = doubt_revive_cell(&what, cell, err);
    for (size_t i = 0; results != NULL && i < count; i++)
        doubt_restart_result_free(&results[i]);
    free(results);
    doubt_store_restarts_free(&list);
    return code;
}

enum doubt_code doubt_killed_analyze(struct doubt_store *store, struct doubt_store_series *entry,
                                     struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < entry->cell_count; i++)
        code = analyze_cell(store, &entry->series, &entry->cells[i], err);
    return code;
}
