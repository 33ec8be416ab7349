/* protocol_run.c: replays another tool's procedure for a measured cell. See protocol.h.
 *
 * A unit of work is one process. It begins cold, since some tools time the very first inference.
 */
#include "measure/protocol.h"

#include "engine/session.h"
#include "model/tensor.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t second_ns = 1000000000;
enum { SAMPLES_MOST = 50000000, SAMPLES_SPARE = 4096 };

/* Room for its times, with half as many again: it may run faster than the cell did. */
static int64_t room_for(const struct doubt_protocol *protocol, int64_t iterations, double mean_ns)
{
    double many = 2.0 * (double)protocol->ns / fmax(mean_ns, 100) + SAMPLES_SPARE;
    if (iterations > 0)
        return iterations;
    if (protocol->ns == 0)
        return protocol->count_least;
    return (int64_t)fmin(fmax(many, (double)protocol->count_least), SAMPLES_MOST);
}

static void plan_replay(const struct doubt_protocol *protocol, int64_t iterations,
                        const struct doubt_cell *cell, struct doubt_restart_plan *how)
{
    double mean_ns = isfinite(cell->mean_ns) ? cell->mean_ns : 1e6;
    *how = (struct doubt_restart_plan){.iterations = room_for(protocol, iterations, mean_ns),
                                       .iterations_min =
                                           iterations > 0 ? iterations : protocol->count_least,
                                       .sample_ns_max = iterations > 0 ? 0 : protocol->ns,
                                       .warm_ns = protocol->warm_ns,
                                       .warm_iterations_min = protocol->warm_count,
                                       .cold = true,
                                       .memory_limit_bytes = 0};
    double work_ns = mean_ns * (double)how->iterations_min + (double)protocol->ns;
    how->deadline_ns = 600 * second_ns + (int64_t)fmin(10 * work_ns, 1e15);
    if (protocol->ns == 0)
        how->sample_ns_max = 0;
}

/* Our own median of the boundary that was replayed; NaN where it was not timed. */
static double own_ns(const struct doubt_cell *cell, const char *boundary)
{
    return strcmp(boundary, "device") == 0 ? cell->device_ns
           : strcmp(boundary, "host") == 0 ? cell->host_ns
                                           : cell->call_ns;
}

static void percent_text(double ratio, char *text, size_t room)
{
    snprintf(text, room, "%.1f %% %s", 100 * fabs(ratio - 1), ratio >= 1 ? "above" : "below");
}

/* What is left of the difference once the boundary is the same. */
static void remark_other_boundary(struct doubt_cell *cell, const char *ours, const char *replayed)
{
    char percent[64], rest[160] = "";
    double own = own_ns(cell, replayed);
    percent_text(cell->vendor_ratio, percent, sizeof percent);
    if (isfinite(own)) {
        char beside[64];
        percent_text(cell->vendor_ns / own, beside, sizeof beside);
        snprintf(rest, sizeof rest, "; it is %s our own median at that boundary", beside);
    }
    doubt_text_setf(&cell->vendor_remark,
                    "%s our mean, but it times the boundary %s and we timed %s%s", percent,
                    replayed, ours, rest);
}

static void add_remark(struct doubt_cell *cell, const char *replayed, bool stands_in,
                       bool without_graph)
{
    const char *ours = cell->boundary != NULL ? cell->boundary : "call";
    char percent[64];
    if (!isfinite(cell->vendor_ratio)) {
        doubt_text_set(&cell->vendor_remark, "there is nothing to set beside our mean");
        return;
    }
    if (strcmp(ours, replayed) != 0) {
        remark_other_boundary(cell, ours, replayed);
        return;
    }
    /* A lower end that is not known is below everything. */
    bool inside = !(cell->vendor_ns < cell->mean_lo_ns) && cell->vendor_ns <= cell->mean_hi_ns;
    percent_text(cell->vendor_ratio, percent, sizeof percent);
    doubt_text_setf(&cell->vendor_remark, "%s our mean, %s its interval: %s%s", percent,
                    inside ? "inside" : "outside",
                    inside ? "the method makes no difference that shows"
                    : isfinite(cell->device_train_ns) && without_graph
                        ? "so much is the method, which launches without a graph, or one process's "
                          "luck"
                        : "so much is the method, or one process's luck",
                    stands_in ? "; it times by a device's events, which are missing here: the call "
                                "stands in"
                              : "");
}

static enum doubt_code take_figure(const struct doubt_protocol *protocol, int64_t iterations,
                                   const struct doubt_restart_result *restart,
                                   struct doubt_cell *cell, struct doubt_err *err)
{
    struct doubt_protocol_figure figure;
    const struct doubt_protocol_times times = {restart->samples, restart->count, iterations};
    enum doubt_code code = doubt_protocol_figure(protocol, &times, &figure, err);
    if (code != DOUBT_OK)
        return code;
    cell->vendor_ns = figure.ns;
    cell->vendor_iterations = figure.count;
    cell->vendor_ratio = figure.ns / cell->mean_ns;
    doubt_text_set(&cell->vendor_figure, figure.text);
    return DOUBT_OK;
}

/* The protocol's option before the user's, which then counts. NULL: out of memory. */
static const char **options_of(const struct doubt_protocol *protocol, const char *const *options)
{
    size_t n = 0, at = 0;
    while (options != NULL && options[n] != NULL)
        n++;
    const char **list = calloc(n + 2, sizeof *list);
    if (list == NULL)
        return NULL;
    if (protocol->option != NULL)
        list[at++] = protocol->option;
    for (size_t i = 0; i < n; i++)
        list[at++] = options[i];
    return list;
}

static bool ended_well(const struct doubt_restart_result *restart)
{
    return restart->record.outcome != NULL &&
           strcmp(restart->record.outcome, DOUBT_OUTCOME_OK) == 0 && restart->count > 0;
}

enum doubt_code doubt_protocol_replay(const struct doubt_cell_plan *plan,
                                      const struct doubt_protocol_how *asked,
                                      const struct doubt_restart_watch *watch,
                                      struct doubt_cell *cell, struct doubt_err *err)
{
    const struct doubt_protocol *protocol = plan->protocol;
    struct doubt_restart_plan how;
    struct doubt_restart_result restart;
    struct doubt_cell_plan replayed = *plan;
    struct doubt_err why = {0};
    /* A fixed number of iterations is benchmark_app's alone: -niter. */
    int64_t iterations = protocol->statistic == DOUBT_PROTOCOL_MEDIAN ? asked->iterations : 0;
    bool stands_in = protocol->boundary == DOUBT_BOUNDARY_DEVICE && isnan(cell->device_train_ns);
    replayed.boundary = stands_in ? DOUBT_BOUNDARY_CALL : protocol->boundary;
    replayed.flush = false;
    const char **options = options_of(protocol, plan->options);
    if (options == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the options of a replay");
    replayed.options = options;
    plan_replay(protocol, iterations, cell, &how);
    how.worker = asked->worker;
    how.cpus = asked->cpus;
    how.cpu_count = asked->cpu_count;
    enum doubt_code code = doubt_restart_run(&replayed, &how, watch, &restart, err);
    free(options);
    if (code != DOUBT_OK) {
        doubt_restart_result_free(&restart);
        return code;
    }
    doubt_text_set(&cell->vendor_protocol, protocol->name);
    doubt_text_set(&cell->vendor_boundary, doubt_session_boundary_name(replayed.boundary));
    if (!ended_well(&restart))
        doubt_text_setf(&cell->vendor_remark, "the replay failed: %s",
                        restart.record.sentence != NULL ? restart.record.sentence : "no samples");
    else if (take_figure(protocol, iterations, &restart, cell, &why) == DOUBT_OK)
        add_remark(cell, doubt_session_boundary_name(replayed.boundary), stands_in,
                   protocol->option != NULL && isnan(cell->device_graph_ns));
    else
        doubt_text_set(&cell->vendor_remark, why.text);
    doubt_restart_result_free(&restart);
    return DOUBT_OK;
}
