/* nvml.c: a stand-in for NVIDIA's management library, with the manners of several machines.
 *
 * A unit of work is one call. DOUBT_FAKE_NVML names the manners:
 *
 *   h200     everything answers (the default); power goes between 80 and 220 W every second, and
 *            the counter is its integral; both change every 100 ms
 *   orin     Jetson with JetPack 6: only name and driver version answer
 *   thor     Jetson with JetPack 7: power, temperature and load answer too
 *   mixed    as h200, and the first GPU is another one
 *   mute     starts, and then does not even list its GPUs
 *   refuses  does not start: the driver is not loaded
 *   lost     the GPU is lost from the hundredth reading on
 *   hot      as h200, held down by temperature
 *
 * What the Jetsons answer is from obiedeh/bench2field (nvml_supported_calls.txt); numbers of codes
 * and fields from NVIDIA's NVML API reference. Compiled with OLD it lacks the newer functions.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EXPORT __attribute__((visibility("default")))
#define NOT_SUPPORTED 3
#define INSUFFICIENT_SIZE 7
#define NOT_LOADED 9
#define LOST 15

struct device {
    int number;
};

/* nvml_set.c */
unsigned standin_locked_mhz(int number);

static struct device devices[2] = {{0}, {1}};
static int readings;

static int is(const char *manners)
{
    const char *set = getenv("DOUBT_FAKE_NVML");
    return strcmp(set != NULL ? set : "h200", manners) == 0;
}

static int is_jetson(void)
{
    return is("orin") || is("thor");
}

/* A reading of something that only a card has. */
static int card_only(void)
{
    if (is("lost") && ++readings > 100)
        return LOST;
    return is_jetson() ? NOT_SUPPORTED : 0;
}

/* Time in the sensor's steps of 100 ms. */
static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    return floor(10 * ((double)t.tv_sec + (double)t.tv_nsec / 1e9)) / 10;
}

/* A square wave of 2 s, and its integral. */
static double watts_at(double s)
{
    return fmod(s, 2) < 1 ? 80 : 220;
}

static double joules_at(double s)
{
    double part = fmod(s, 2), whole = (s - part) / 2 * 300;
    return whole + (part < 1 ? 80 * part : 80 + 220 * (part - 1));
}

EXPORT int nvmlInit_v2(void);
EXPORT int nvmlInit_v2(void)
{
    return is("refuses") ? NOT_LOADED : 0;
}

EXPORT int nvmlShutdown(void);
EXPORT int nvmlShutdown(void)
{
    return 0;
}

EXPORT const char *nvmlErrorString(int code);
EXPORT const char *nvmlErrorString(int code)
{
    return code == NOT_LOADED ? "Driver Not Loaded" : code == NOT_SUPPORTED ? "Not Supported" : "?";
}

EXPORT int nvmlSystemGetDriverVersion(char *out, unsigned room);
EXPORT int nvmlSystemGetDriverVersion(char *out, unsigned room)
{
    snprintf(out, room, "%s", is("orin") ? "540.4.0" : is("thor") ? "580.00" : "580.159.04");
    return 0;
}

EXPORT int nvmlDeviceGetCount_v2(unsigned *count);
EXPORT int nvmlDeviceGetCount_v2(unsigned *count)
{
    *count = is_jetson() ? 1 : 2;
    return is("mute") ? NOT_SUPPORTED : 0;
}

EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, struct device **device);
EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, struct device **device)
{
    *device = &devices[index % 2];
    return 0;
}

EXPORT int nvmlDeviceGetName(struct device *device, char *out, unsigned room);
EXPORT int nvmlDeviceGetName(struct device *device, char *out, unsigned room)
{
    snprintf(out, room, "%s",
             is("orin")                           ? "Orin (nvgpu)"
             : is("thor")                         ? "NVIDIA Thor"
             : is("mixed") && device->number == 0 ? "Tesla T4"
                                                  : "NVIDIA H200");
    return 0;
}

EXPORT int nvmlDeviceGetUUID(struct device *device, char *out, unsigned room);
EXPORT int nvmlDeviceGetUUID(struct device *device, char *out, unsigned room)
{
    static const char *const uuids[2] = {"GPU-8932f937-d72c-4106-c12f-20bd9faed9f6",
                                         "GPU-8932f9ab-0000-4d55-a111-5eed00000002"};
    snprintf(out, room, "%s", uuids[device->number]);
    return is_jetson() ? NOT_SUPPORTED : 0;
}

EXPORT int nvmlDeviceGetPowerUsage(struct device *device, unsigned *milliwatts);
EXPORT int nvmlDeviceGetPowerUsage(struct device *device, unsigned *milliwatts)
{
    (void)device;
    *milliwatts = is("thor") ? 1965 : (unsigned)(1000 * watts_at(now_s()));
    return is("thor") ? 0 : card_only();
}

EXPORT int nvmlDeviceGetEnforcedPowerLimit(struct device *device, unsigned *milliwatts);
EXPORT int nvmlDeviceGetEnforcedPowerLimit(struct device *device, unsigned *milliwatts)
{
    (void)device;
    *milliwatts = 700000;
    return card_only();
}

EXPORT int nvmlDeviceGetTotalEnergyConsumption(struct device *device, unsigned long long *mj);
EXPORT int nvmlDeviceGetTotalEnergyConsumption(struct device *device, unsigned long long *mj)
{
    (void)device;
    *mj = (unsigned long long)(1000 * joules_at(now_s()));
    return card_only();
}

EXPORT int nvmlDeviceGetClockInfo(struct device *device, int which, unsigned *mhz);
EXPORT int nvmlDeviceGetClockInfo(struct device *device, int which, unsigned *mhz)
{
    unsigned locked = standin_locked_mhz(device->number);
    *mhz = which == 2 ? 3201 : locked > 0 ? locked : is("hot") ? 1200 : 1980;
    return card_only();
}

EXPORT int nvmlDeviceGetMaxClockInfo(struct device *device, int which, unsigned *mhz);
EXPORT int nvmlDeviceGetMaxClockInfo(struct device *device, int which, unsigned *mhz)
{
    (void)device;
    *mhz = which == 2 ? 3201 : 1980;
    return card_only();
}

EXPORT int nvmlDeviceGetTemperature(struct device *device, int which, unsigned *celsius);
EXPORT int nvmlDeviceGetTemperature(struct device *device, int which, unsigned *celsius)
{
    (void)device;
    (void)which;
    *celsius = is("thor") ? 36 : is("hot") ? 92 : 41;
    return is("thor") ? 0 : card_only();
}

EXPORT int nvmlDeviceGetCurrentClocksThrottleReasons(struct device *device,
                                                     unsigned long long *bits);
EXPORT int nvmlDeviceGetCurrentClocksThrottleReasons(struct device *device,
                                                     unsigned long long *bits)
{
    (void)device;
    *bits = is("hot") ? 0x20 | 0x4 : 0;
    return card_only();
}

EXPORT int nvmlDeviceGetPerformanceState(struct device *device, int *state);
EXPORT int nvmlDeviceGetPerformanceState(struct device *device, int *state)
{
    (void)device;
    *state = 0;
    return card_only();
}

struct utilization {
    unsigned gpu, memory;
};

EXPORT int nvmlDeviceGetUtilizationRates(struct device *device, struct utilization *out);
EXPORT int nvmlDeviceGetUtilizationRates(struct device *device, struct utilization *out)
{
    (void)device;
    *out = (struct utilization){is("thor") ? 0 : 97, 12};
    return is("thor") ? 0 : card_only();
}

EXPORT int nvmlDeviceGetComputeRunningProcesses_v3(struct device *device, unsigned *count,
                                                   void *list);
EXPORT int nvmlDeviceGetComputeRunningProcesses_v3(struct device *device, unsigned *count,
                                                   void *list)
{
    (void)device;
    (void)list;
    unsigned room = *count;
    *count = 2;
    return card_only() != 0 ? card_only() : room < 2 ? INSUFFICIENT_SIZE : 0;
}

#ifndef OLD
EXPORT int nvmlDeviceGetCurrentClocksEventReasons(struct device *device, unsigned long long *bits);
EXPORT int nvmlDeviceGetCurrentClocksEventReasons(struct device *device, unsigned long long *bits)
{
    return nvmlDeviceGetCurrentClocksThrottleReasons(device, bits);
}

struct field {
    unsigned field, scope;
    long long timestamp, latency;
    int type, result;
    union {
        unsigned u32;
        double f64;
        unsigned long long u64;
    } value;
};

EXPORT int nvmlDeviceGetFieldValues(struct device *device, int count, struct field *fields);
EXPORT int nvmlDeviceGetFieldValues(struct device *device, int count, struct field *fields)
{
    (void)device;
    for (int i = 0; i < count; i++) {
        int known = fields[i].field == 185 || fields[i].field == 186;
        fields[i].result = known ? card_only() : NOT_SUPPORTED;
        fields[i].type = 1;
        fields[i].value.u32 =
            fields[i].field == 186 ? (unsigned)(1000 * watts_at(now_s())) : 150000;
    }
    return 0;
}
#endif
