/* settings.c: see settings.h. */
#include "cli/settings.h"

#include "cli/runner.h"
#include "cli/vendor.h"
#include "model/tensor.h"
#include "util/clock.h"
#include "util/str.h"
#include "util/units.h"

#include <stdlib.h>
#include <string.h>

const char *const doubt_settings_precisions[] = {"any", "f32", "tf32", "bf16", "f16", NULL};
const char *const doubt_settings_boundaries[] = {"call", "host", "device", NULL};

/* A worker maps about 12 MB of program and libraries, its samples, and 8 MB of stack for each
 * thread: below this there is nothing left for an engine. */
static const uint64_t memory_least_bytes = 64000000;

static enum doubt_code check_memory_limit(const struct doubt_settings *settings,
                                          struct doubt_err *err)
{
    char given[64], least[64];
    if (settings->memory_limit_bytes == 0 || settings->memory_limit_bytes >= memory_least_bytes)
        return DOUBT_OK;
    doubt_units_format_bytes(settings->memory_limit_bytes, given, sizeof given);
    doubt_units_format_bytes(memory_least_bytes, least, sizeof least);
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "--memory-limit %s is below %s, which a worker's own program, samples and "
                         "stacks can take: nothing would be left for an engine",
                         given, least);
}

static enum doubt_code read_cpus(const char *text, struct doubt_cpus *cpus, struct doubt_err *err)
{
    char wanted[256], ours[256];
    struct doubt_cpus own, beside;
    enum doubt_code code = doubt_cpus_parse(text, cpus, err);
    doubt_err_prefix(err, "--cpus");
    if (code != DOUBT_OK || !doubt_cpus_of_thread(0, &own))
        return code;
    beside = doubt_cpus_without(cpus, &own);
    if (!doubt_cpus_any(&beside))
        return DOUBT_OK;
    doubt_cpus_format(&beside, wanted, sizeof wanted);
    doubt_cpus_format(&own, ours, sizeof ours);
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "--cpus %.60s: CPU %s is not among those that doubt may use here, which "
                         "are %s",
                         text, wanted, ours);
}

static enum doubt_code read_priority(const char *text, int32_t *priority, struct doubt_err *err)
{
    char *end = NULL;
    long value = strtol(text, &end, 10);
    *priority = (int32_t)value;
    if (end != text && *end == '\0' && value >= -20 && value <= 19)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "--priority \"%.60s\" is not a whole number from -20 to 19", text);
}

static enum doubt_code read_wish(const struct doubt_settings *settings,
                                 struct doubt_worker_wish *wish, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    *wish = (struct doubt_worker_wish){.has_priority = settings->priority != NULL,
                                       .lock_memory = settings->lock_memory};
    if (settings->cpus != NULL)
        code = read_cpus(settings->cpus, &wish->cpus, err);
    if (code == DOUBT_OK && settings->priority != NULL)
        code = read_priority(settings->priority, &wish->priority, err);
    return code;
}

enum doubt_code doubt_settings_check(const struct doubt_settings *settings, struct doubt_err *err)
{
    static const char belongs[] = "%s %s belongs to one engine: name it with --engine";
    enum doubt_code code = doubt_vendor_check(settings->protocol, err);
    if (code != DOUBT_OK)
        return code;
    if (settings->soak_ns > 0 && settings->no_soak)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--soak and --no-soak contradict each other: give one of them");
    struct doubt_worker_wish wish;
    if (check_memory_limit(settings, err) != DOUBT_OK ||
        read_wish(settings, &wish, err) != DOUBT_OK)
        return DOUBT_E_USAGE;
    if (settings->engine != NULL) {
        for (size_t i = 0; i < settings->options.count; i++)
            if (strchr(settings->options.items[i], '=') == NULL)
                return doubt_err_set(err, DOUBT_E_USAGE,
                                     "--option \"%s\" is not NAME=VALUE; doubt engines NAME lists "
                                     "the options of an engine",
                                     settings->options.items[i]);
        return DOUBT_OK;
    }
    if (settings->library != NULL)
        return doubt_err_set(err, DOUBT_E_USAGE, belongs, "--library", settings->library);
    if (settings->device != NULL)
        return doubt_err_set(err, DOUBT_E_USAGE, belongs, "--device", settings->device);
    if (settings->options.count > 0)
        return doubt_err_set(err, DOUBT_E_USAGE, belongs, "--option", settings->options.items[0]);
    return DOUBT_OK;
}

void doubt_settings_plan(const struct doubt_settings *settings, int64_t begun_ns,
                         struct doubt_series_plan *plan)
{
    plan->seed = settings->seed != 0 ? settings->seed : doubt_runner_fresh_seed();
    plan->budget_ns = settings->budget_ns;
    plan->before_ns = doubt_clock_ns() - begun_ns;
    plan->restarts_max = (int32_t)settings->restarts;
    plan->iterations = settings->iterations;
    plan->warm_ns = settings->warm_ns;
    plan->soak_ns = settings->soak_ns;
    plan->no_soak = settings->no_soak;
    plan->subtract_idle = settings->subtract_idle;
    plan->deadline_ns = settings->deadline_ns;
    plan->memory_limit_bytes = settings->memory_limit_bytes;
    plan->pin = true;
    read_wish(settings, &plan->worker, NULL); /* was checked */
}

void doubt_settings_set_building_apart(struct doubt_series_plan *plan, int64_t built_ns)
{
    plan->before_ns -= built_ns < plan->before_ns ? built_ns : plan->before_ns;
    plan->built_ns += built_ns;
}

void doubt_settings_plan_cell(const struct doubt_settings *settings, const struct doubt_pick *pick,
                              struct doubt_cell_plan *cell)
{
    cell->engine = pick->ask_name;
    cell->library_path = pick->library_path;
    cell->library_sha256 = pick->library_path != NULL ? pick->library_sha256 : NULL;
    cell->device = settings->device;
    cell->threads = (int32_t)settings->threads;
    cell->flush = settings->flush_cache;
    cell->builds = (doubt_pick_caps(pick) & DOUBT_CAP_BUILDS) != 0;
    if (settings->options.count > 0)
        cell->options = settings->options.items;
}

static bool has(const struct doubt_pick *pick, enum doubt_precision precision)
{
    uint32_t bits = doubt_pick_precisions(pick, NULL);
    return precision == DOUBT_PRECISION_ANY || bits == 0 || (bits & (1u << precision));
}

static bool has_all(const struct doubt_pick *pick, const struct doubt_precisions *wanted)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (!has(pick, wanted->items[i]))
            return false;
    return true;
}

/* "f32, bf16". */
static void add_precisions(const struct doubt_pick *pick, struct doubt_str *list)
{
    const char *separator = "";
    for (int p = DOUBT_PRECISION_F32; p < DOUBT_PRECISION_COUNT; p++)
        if (has(pick, (enum doubt_precision)p)) {
            doubt_str_addf(list, "%s%s", separator, doubt_precision_name((enum doubt_precision)p));
            separator = ", ";
        }
}

static enum doubt_code none_precise(const struct doubt_precisions *wanted,
                                    const struct doubt_str *rejected, struct doubt_err *err)
{
    struct doubt_str names;
    doubt_str_init(&names, 256);
    for (size_t i = 0; i < wanted->count; i++)
        doubt_str_addf(&names, "%s%s", i > 0 ? " and " : "",
                       doubt_precision_name(wanted->items[i]));
    enum doubt_code code =
        doubt_err_set(err, DOUBT_E_USAGE, "no engine found here computes in %s on this machine: %s",
                      doubt_str_text(&names), doubt_str_text(rejected));
    doubt_str_free(&names);
    return code;
}

enum doubt_code doubt_settings_keep_precise(const struct doubt_precisions *wanted,
                                            struct doubt_pick *picks, size_t *pick_count,
                                            struct doubt_err *err)
{
    struct doubt_str rejected;
    size_t kept = 0;
    doubt_str_init(&rejected, 700);
    for (size_t i = 0; i < *pick_count; i++) {
        if (has_all(&picks[i], wanted)) {
            picks[kept++] = picks[i];
            continue;
        }
        doubt_str_addf(&rejected, "%s%s has ", rejected.len > 0 ? "; " : "", picks[i].engine->name);
        add_precisions(&picks[i], &rejected);
        doubt_pick_free(&picks[i]);
    }
    *pick_count = kept;
    enum doubt_code code = kept > 0 ? DOUBT_OK : none_precise(wanted, &rejected, err);
    doubt_str_free(&rejected);
    return code;
}

enum doubt_code doubt_settings_check_precision(const struct doubt_settings *settings,
                                               const struct doubt_pick *pick,
                                               enum doubt_precision precision,
                                               struct doubt_err *err)
{
    uint32_t bits = doubt_pick_precisions(pick, settings->device);
    if (precision == DOUBT_PRECISION_ANY || bits == 0 || (bits & (1u << precision)))
        return DOUBT_OK;
    struct doubt_str list;
    doubt_str_init(&list, 256);
    for (int p = DOUBT_PRECISION_F32; p < DOUBT_PRECISION_COUNT; p++)
        if (bits & (1u << p))
            doubt_str_addf(&list, "%s, ", doubt_precision_name((enum doubt_precision)p));
    enum doubt_code code =
        doubt_err_set(err, DOUBT_E_USAGE, "engine %s does not compute in %s here; accepted: %sany",
                      pick->engine->name, doubt_precision_name(precision), doubt_str_text(&list));
    doubt_str_free(&list);
    return code;
}
