/* nvml.c: NVIDIA GPUs by their driver's management library.
 *
 * A unit of work is one figure of one GPU, and one call. Each may be "not supported" by itself: on
 * a Jetson the library starts and then knows little more than a name. GPU power is an average over
 * one second on Ampere (GA100 apart) and later unless the field "instant" is asked for; the energy
 * counter is in mJ since the driver was loaded, and reading it takes milliseconds. Sources: NVIDIA,
 * NVML API reference.
 */
#include "machine/nvml_api.h"
#include "machine/probe_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { GPUS_MAX = 16 };

enum what {
    POWER,
    POWER_INSTANT,
    POWER_AVERAGE,
    ENERGY,
    SM_CLOCK,
    MEMORY_CLOCK,
    TEMPERATURE,
    LOAD,
    REASONS,
    PERFORMANCE_STATE,
    PROCESSES
};

struct device {
    struct doubti_nvml *nvml;
    doubti_nvml_device device;
};

/* All in one order: a GPU's rows of `device show`. */
static const struct figure {
    const char *name, *call;
    enum what what;
    enum doubt_probe_quantity quantity;
    int64_t period_ns;
} figures[] = {
    {"SM clock", "nvmlDeviceGetClockInfo", SM_CLOCK, DOUBT_PROBE_CLOCK, 100 * DOUBTI_MS},
    {"memory clock", "nvmlDeviceGetClockInfo", MEMORY_CLOCK, DOUBT_PROBE_CLOCK, 250 * DOUBTI_MS},
    {"clock event reasons", "nvmlDeviceGetCurrentClocksEventReasons", REASONS, DOUBT_PROBE_REASONS,
     100 * DOUBTI_MS},
    {"performance state", "nvmlDeviceGetPerformanceState", PERFORMANCE_STATE, DOUBT_PROBE_LEVEL,
     250 * DOUBTI_MS},
    {"temperature", "nvmlDeviceGetTemperature", TEMPERATURE, DOUBT_PROBE_TEMPERATURE,
     1000 * DOUBTI_MS},
    {"load", "nvmlDeviceGetUtilizationRates", LOAD, DOUBT_PROBE_LOAD, 250 * DOUBTI_MS},
    {"power, instant", "nvmlDeviceGetFieldValues 186", POWER_INSTANT, DOUBT_PROBE_POWER,
     50 * DOUBTI_MS},
    {"power, average of 1 s", "nvmlDeviceGetFieldValues 185", POWER_AVERAGE, DOUBT_PROBE_POWER,
     250 * DOUBTI_MS},
    {"power", "nvmlDeviceGetPowerUsage", POWER, DOUBT_PROBE_POWER, 50 * DOUBTI_MS},
    {"energy", "nvmlDeviceGetTotalEnergyConsumption", ENERGY, DOUBT_PROBE_ENERGY, 100 * DOUBTI_MS},
    {"compute processes", "nvmlDeviceGetComputeRunningProcesses_v3", PROCESSES, DOUBT_PROBE_LEVEL,
     1000 * DOUBTI_MS},
};

/* NVML's reasons, in ours. Display and sync boost hold a clock where something else set it. */
static double translate(unsigned long long bits)
{
    static const struct {
        unsigned long long nvml;
        unsigned ours;
    } rows[] = {{0x1, DOUBT_REASON_IDLE},           {0x2, DOUBT_REASON_OTHER_CLOCKS},
                {0x4, DOUBT_REASON_POWER},          {0x8, DOUBT_REASON_HARDWARE},
                {0x10, DOUBT_REASON_OTHER_CLOCKS},  {0x20, DOUBT_REASON_THERMAL},
                {0x40, DOUBT_REASON_THERMAL},       {0x80, DOUBT_REASON_POWER_BRAKE},
                {0x100, DOUBT_REASON_OTHER_CLOCKS}, {0x200, DOUBT_REASON_HARDWARE},
                {0x400, DOUBT_REASON_HARDWARE}};
    unsigned ours = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ours |= (bits & rows[i].nvml) != 0 ? rows[i].ours : 0;
    return ours;
}

/* --- one call each: NVML's code, and the value where it is 0 ------------------------------- */

static int read_field(const struct device *d, unsigned which, double *value)
{
    struct doubti_nvml_field field = {.field = which};
    if (d->nvml->fields == NULL)
        return DOUBTI_NVML_NOT_SUPPORTED;
    int code = d->nvml->fields(d->device, 1, &field);
    if (code == DOUBTI_NVML_OK)
        code = field.result;
    /* mW as an unsigned int, by the documents; any other type is not what was asked for. */
    if (code == DOUBTI_NVML_OK && field.type != 1)
        return DOUBTI_NVML_NOT_SUPPORTED;
    *value = field.value.u32 * 1e-3;
    return code;
}

static int read_power(const struct device *d, double *value)
{
    unsigned milliwatts = 0;
    if (d->nvml->power == NULL)
        return DOUBTI_NVML_NOT_SUPPORTED;
    int code = d->nvml->power(d->device, &milliwatts);
    *value = milliwatts * 1e-3;
    return code;
}

static int read_energy(const struct device *d, double *value)
{
    unsigned long long millijoules = 0;
    if (d->nvml->energy == NULL)
        return DOUBTI_NVML_NOT_SUPPORTED;
    int code = d->nvml->energy(d->device, &millijoules);
    *value = (double)millijoules * 1e-3;
    return code;
}

static int read_clock(const struct device *d, int which, double *value)
{
    unsigned megahertz = 0;
    if (d->nvml->clock == NULL)
        return DOUBTI_NVML_NOT_SUPPORTED;
    int code = d->nvml->clock(d->device, which, &megahertz);
    *value = megahertz * 1e6;
    return code;
}

static int read_temperature(const struct device *d, double *value)
{
    unsigned celsius = 0;
    if (d->nvml->temperature == NULL)
        return DOUBTI_NVML_NOT_SUPPORTED;
    int code = d->nvml->temperature(d->device, 0, &celsius);
    *value = celsius;
    return code;
}

static int read_load(const struct device *d, double *value)
{
    struct doubti_nvml_utilization percent = {0, 0};
    if (d->nvml->utilization == NULL)
        return DOUBTI_NVML_NOT_SUPPORTED;
    int code = d->nvml->utilization(d->device, &percent);
    *value = percent.gpu * 1e-2;
    return code;
}

static int read_reasons(const struct device *d, double *value)
{
    unsigned long long bits = 0;
    if (d->nvml->reasons == NULL)
        return DOUBTI_NVML_NOT_SUPPORTED;
    int code = d->nvml->reasons(d->device, &bits);
    *value = translate(bits);
    return code;
}

/* 0 is the fastest; 32 stands for unknown. */
static int read_state(const struct device *d, double *value)
{
    int state = 0;
    if (d->nvml->state == NULL)
        return DOUBTI_NVML_NOT_SUPPORTED;
    int code = d->nvml->state(d->device, &state);
    *value = state;
    return code == DOUBTI_NVML_OK && (state < 0 || state > 15) ? DOUBTI_NVML_NOT_SUPPORTED : code;
}

/* Asked with no room, it says how many there are. */
static int read_processes(const struct device *d, double *value)
{
    unsigned count = 0;
    if (d->nvml->processes == NULL)
        return DOUBTI_NVML_NOT_SUPPORTED;
    int code = d->nvml->processes(d->device, &count, NULL);
    *value = count;
    return code == DOUBTI_NVML_INSUFFICIENT_SIZE ? DOUBTI_NVML_OK : code;
}

static int read_figure(const struct device *d, enum what what, double *value)
{
    switch (what) {
    case POWER:
        return read_power(d, value);
    case POWER_INSTANT:
        return read_field(d, DOUBTI_NVML_FIELD_POWER_INSTANT, value);
    case POWER_AVERAGE:
        return read_field(d, DOUBTI_NVML_FIELD_POWER_AVERAGE, value);
    case ENERGY:
        return read_energy(d, value);
    case SM_CLOCK:
        return read_clock(d, DOUBTI_NVML_CLOCK_SM, value);
    case MEMORY_CLOCK:
        return read_clock(d, DOUBTI_NVML_CLOCK_MEMORY, value);
    case TEMPERATURE:
        return read_temperature(d, value);
    case LOAD:
        return read_load(d, value);
    case REASONS:
        return read_reasons(d, value);
    case PERFORMANCE_STATE:
        return read_state(d, value);
    case PROCESSES:
        return read_processes(d, value);
    }
    return DOUBTI_NVML_NOT_SUPPORTED;
}

static double read_probe(struct doubt_probe *probe)
{
    const struct device *d = probe->state;
    double value = NAN;
    if (d == NULL)
        return NAN;
    int code = read_figure(d, (enum what)probe->index, &value);
    probe->why[0] = '\0';
    if (code == DOUBTI_NVML_OK)
        return value;
    doubti_nvml_why(d->nvml, code, probe->why);
    return NAN;
}

/* --- finding ------------------------------------------------------------------------------- */

static void read_limit(struct doubt_probe *probe, const struct device *d)
{
    unsigned limit = 0;
    if (probe->quantity == DOUBT_PROBE_POWER && d->nvml->power_limit != NULL &&
        d->nvml->power_limit(d->device, &limit) == DOUBTI_NVML_OK)
        probe->limit = limit * 1e-3;
    int which = probe->index == SM_CLOCK ? DOUBTI_NVML_CLOCK_SM : DOUBTI_NVML_CLOCK_MEMORY;
    if (probe->quantity == DOUBT_PROBE_CLOCK && d->nvml->max_clock != NULL &&
        d->nvml->max_clock(d->device, which, &limit) == DOUBTI_NVML_OK)
        probe->limit = limit * 1e6;
}

static void add_figure(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                       const struct device *d, unsigned gpu, const struct figure *figure)
{
    struct doubt_probe *probe = doubti_probe_add(probes, kind);
    struct device *own = malloc(sizeof *own);
    if (probe == NULL || own == NULL) {
        free(own);
        probes->failed = true;
        return;
    }
    *own = *d;
    d->nvml->users++;
    probe->state = own;
    probe->index = (int)figure->what;
    probe->quantity = figure->quantity;
    probe->part = DOUBT_PROBE_GPU;
    probe->period_ns = figure->period_ns;
    probe->slow = figure->what == ENERGY;
    probe->total = figure->what == ENERGY || figure->what == POWER_INSTANT || figure->what == POWER;
    doubti_probe_name(probe, "gpu%u %s", gpu, figure->name);
    snprintf(probe->path, sizeof probe->path, "NVML: %s", figure->call);
    read_limit(probe, d);
}

static void add_gpu(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                    struct doubti_nvml *nvml, unsigned gpu)
{
    struct device d = {.nvml = nvml};
    if (nvml->device(gpu, &d.device) != DOUBTI_NVML_OK || d.device == NULL)
        return;
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        add_figure(probes, kind, &d, gpu, &figures[i]);
}

/* A probe with the reason alone. */
static void add_reason(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                       const char *why)
{
    struct doubt_probe *probe = doubti_probe_add(probes, kind);
    if (probe == NULL)
        return;
    doubti_probe_name(probe, "%s", kind->name);
    doubti_probe_why(probe, "%s", why);
}

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    char why[128] = "";
    unsigned count = 0;
    struct doubti_nvml *nvml = doubti_nvml_open(root, why);
    if (nvml == NULL) {
        add_reason(probes, kind, why);
        return;
    }
    int code = nvml->count(&count);
    if (code != DOUBTI_NVML_OK) {
        doubti_nvml_why(nvml, code, why);
        add_reason(probes, kind, why);
    }
    for (unsigned gpu = 0; code == DOUBTI_NVML_OK && gpu < count && gpu < GPUS_MAX; gpu++)
        add_gpu(probes, kind, nvml, gpu);
    doubti_nvml_close(nvml);
}

static void close_probe(struct doubt_probe *probe)
{
    struct device *d = probe->state;
    if (d != NULL)
        doubti_nvml_close(d->nvml);
    free(d);
}

const struct doubt_probe_kind doubti_probe_nvml = {
    .name = "nvml",
    .summary = "clocks, power, energy and throttling of NVIDIA GPUs",
    .missing = "the NVIDIA driver knows no GPU here",
    .find = find,
    .read = read_probe,
    .close = close_probe,
};
