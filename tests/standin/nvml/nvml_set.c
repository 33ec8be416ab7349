/* nvml_set.c: the stand-in's setting functions: power limit, locked clock, steps.
 *
 * A unit of work is one call. The file that DOUBT_FAKE_NVML_STATE names is the driver's memory,
 * which outlives a process: "LIMIT0 LIMIT1 LOCK0 LOCK1", in mW and MHz, 0 for no lock. Further
 * manners:
 *
 *   deaf     locks and limits are accepted and not done
 *   nobody   setting needs rights that the caller has not
 *
 * Clocks go in steps of 15 MHz from 210 to 1980, limits from 200 to 700 W.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))
#define INVALID_ARGUMENT 2
#define NO_PERMISSION 4

struct device {
    int number;
};

struct memory {
    unsigned limit[2], lock[2];
};

static int has_manner(const char *manners)
{
    const char *set = getenv("DOUBT_FAKE_NVML");
    return set != NULL && strcmp(set, manners) == 0;
}

static struct memory recall(void)
{
    struct memory m = {{700000, 700000}, {0, 0}};
    const char *path = getenv("DOUBT_FAKE_NVML_STATE");
    FILE *file = path != NULL ? fopen(path, "r") : NULL;
    if (file != NULL) {
        if (fscanf(file, "%u %u %u %u", &m.limit[0], &m.limit[1], &m.lock[0], &m.lock[1]) != 4)
            m = (struct memory){{700000, 700000}, {0, 0}};
        fclose(file);
    }
    return m;
}

static int keep(const struct memory *m)
{
    const char *path = getenv("DOUBT_FAKE_NVML_STATE");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (has_manner("nobody") || file == NULL)
        return file != NULL ? fclose(file), NO_PERMISSION : NO_PERMISSION;
    fprintf(file, "%u %u %u %u\n", m->limit[0], m->limit[1], m->lock[0], m->lock[1]);
    return fclose(file) == 0 ? 0 : NO_PERMISSION;
}

/* For nvmlDeviceGetClockInfo(): 0 without a lock. */
unsigned standin_locked_mhz(int number);
unsigned standin_locked_mhz(int number)
{
    return recall().lock[number];
}

EXPORT int nvmlDeviceSetGpuLockedClocks(struct device *device, unsigned min, unsigned max);
EXPORT int nvmlDeviceSetGpuLockedClocks(struct device *device, unsigned min, unsigned max)
{
    struct memory m = recall();
    if (min > max || max > 1980)
        return INVALID_ARGUMENT;
    if (!has_manner("deaf"))
        m.lock[device->number] = max < 210 ? 210 : 210 + (max - 210 + 7) / 15 * 15;
    return keep(&m);
}

EXPORT int nvmlDeviceResetGpuLockedClocks(struct device *device);
EXPORT int nvmlDeviceResetGpuLockedClocks(struct device *device)
{
    struct memory m = recall();
    m.lock[device->number] = 0;
    return keep(&m);
}

EXPORT int nvmlDeviceGetPowerManagementLimit(struct device *device, unsigned *mw);
EXPORT int nvmlDeviceGetPowerManagementLimit(struct device *device, unsigned *mw)
{
    *mw = recall().limit[device->number];
    return 0;
}

EXPORT int nvmlDeviceGetPowerManagementLimitConstraints(struct device *device, unsigned *min,
                                                        unsigned *max);
EXPORT int nvmlDeviceGetPowerManagementLimitConstraints(struct device *device, unsigned *min,
                                                        unsigned *max)
{
    (void)device;
    *min = 200000;
    *max = 700000;
    return 0;
}

EXPORT int nvmlDeviceSetPowerManagementLimit(struct device *device, unsigned mw);
EXPORT int nvmlDeviceSetPowerManagementLimit(struct device *device, unsigned mw)
{
    struct memory m = recall();
    if (mw < 200000 || mw > 700000)
        return INVALID_ARGUMENT;
    if (!has_manner("deaf"))
        m.limit[device->number] = mw;
    return keep(&m);
}

EXPORT int nvmlDeviceGetSupportedMemoryClocks(struct device *device, unsigned *count,
                                              unsigned *mhz);
EXPORT int nvmlDeviceGetSupportedMemoryClocks(struct device *device, unsigned *count, unsigned *mhz)
{
    (void)device;
    mhz[0] = 3201;
    *count = 1;
    return 0;
}

EXPORT int nvmlDeviceGetSupportedGraphicsClocks(struct device *device, unsigned memory,
                                                unsigned *count, unsigned *mhz);
EXPORT int nvmlDeviceGetSupportedGraphicsClocks(struct device *device, unsigned memory,
                                                unsigned *count, unsigned *mhz)
{
    (void)device, (void)memory;
    *count = 0;
    for (unsigned step = 1980; step >= 210; step -= 15)
        mhz[(*count)++] = step;
    return 0;
}
