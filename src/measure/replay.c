/* replay.c: the procedures of other tools, after a series. See protocol.h.
 *
 * A unit of work is one cell: one process more, which counts towards nothing.
 */
#include "measure/series_int.h"

#include "measure/protocol.h"

static void show(void *context)
{
    struct doubti_series_run *run = context;
    if (run->hooks == NULL || run->hooks->progress == NULL)
        return;
    run->progress.elapsed_ns = doubti_series_elapsed_ns(run);
    run->progress.left_ns = -1;
    run->hooks->progress(run->hooks->context, &run->progress);
}

enum doubt_code doubti_replay_run(struct doubti_series_run *run, struct doubt_err *err)
{
    const struct doubt_restart_watch watch = {.stop = run->stop, .tick = show, .context = run};
    const struct doubt_protocol_how how = {.iterations = run->plan->iterations,
                                           .worker = &run->plan->worker,
                                           .cpus = run->pinning.cpus,
                                           .cpu_count = run->pinning.cpu_count};
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < run->count && !doubti_series_stopped(run); i++) {
        struct doubti_cell_run *cell = &run->cells[i];
        if (cell->plan->protocol == NULL || cell->plan->hidden || cell->is_void || cell->count == 0)
            continue;
        run->progress.phase = cell->plan->protocol->name;
        run->progress.cell = cell->plan;
        show(run);
        code = doubt_protocol_replay(cell->plan, &how, &watch, cell->cell, err);
    }
    return code;
}
