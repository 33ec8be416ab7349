/* nvml_api.c: see nvml_api.h: finding and starting NVIDIA's management library.
 *
 * A unit of work is one library. There is one at a time, which is counted: opening it again while
 * it is open gives the same. Not for threads that open at once: the telemetry thread only reads.
 */
#include "machine/nvml_api.h"

#include "machine/machine_int.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *older;
    size_t offset;
} calls[] = {
#define CALL(member, name, older) {name, older, offsetof(struct doubti_nvml, member)},
    CALL(init, "nvmlInit_v2", NULL) CALL(shutdown, "nvmlShutdown", NULL) CALL(
        error_text, "nvmlErrorString", NULL) CALL(driver, "nvmlSystemGetDriverVersion", NULL)
        CALL(count, "nvmlDeviceGetCount_v2", NULL) CALL(device, "nvmlDeviceGetHandleByIndex_v2",
                                                        NULL) CALL(name, "nvmlDeviceGetName", NULL)
            CALL(uuid, "nvmlDeviceGetUUID", NULL) CALL(power, "nvmlDeviceGetPowerUsage", NULL)
                CALL(power_limit, "nvmlDeviceGetEnforcedPowerLimit",
                     NULL) CALL(energy, "nvmlDeviceGetTotalEnergyConsumption",
                                NULL) CALL(clock, "nvmlDeviceGetClockInfo",
                                           NULL) CALL(max_clock, "nvmlDeviceGetMaxClockInfo", NULL)
                    CALL(temperature, "nvmlDeviceGetTemperature", NULL)
                        CALL(reasons, "nvmlDeviceGetCurrentClocksEventReasons",
                             "nvmlDeviceGetCurrentClocksThrottleReasons")
                            CALL(state, "nvmlDeviceGetPerformanceState", NULL)
                                CALL(utilization, "nvmlDeviceGetUtilizationRates", NULL)
                                    CALL(processes, "nvmlDeviceGetComputeRunningProcesses_v3", NULL)
                                        CALL(fields, "nvmlDeviceGetFieldValues", NULL)
#undef CALL
};

static struct doubti_nvml *opened;

static void find_calls(struct doubti_nvml *nvml)
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        void *found = dlsym(nvml->handle, calls[i].name);
        if (found == NULL && calls[i].older != NULL)
            found = dlsym(nvml->handle, calls[i].older);
        memcpy((char *)nvml + calls[i].offset, &found, sizeof found);
    }
}

void doubti_nvml_why(const struct doubti_nvml *nvml, int code, char why[128])
{
    const char *text = nvml->error_text != NULL ? nvml->error_text(code) : NULL;
    if (code == DOUBTI_NVML_NOT_SUPPORTED)
        snprintf(why, 128, "NVML does not support it on this device");
    else if (code == DOUBTI_NVML_NO_PERMISSION)
        snprintf(why, 128, "readable by root only");
    else if (code == DOUBTI_NVML_GPU_LOST)
        snprintf(why, 128, "the GPU is lost");
    else
        snprintf(why, 128, "NVML error %d: %.90s", code, text != NULL ? text : "not explained");
}

static const char *library_name(const char *root)
{
    const char *named = secure_getenv("DOUBT_NVML");
    if (named != NULL && named[0] != '\0')
        return named;
    return root == NULL || strcmp(root, "/") == 0 || root[0] == '\0' ? "libnvidia-ml.so.1" : NULL;
}

/* Found and with the functions without which nothing can be asked. */
static bool start(struct doubti_nvml *nvml, const char *name, char why[128])
{
    nvml->handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (nvml->handle == NULL) {
        snprintf(why, 128, "no NVIDIA driver library (%.60s)", name);
        return false;
    }
    find_calls(nvml);
    if (nvml->init == NULL || nvml->count == NULL || nvml->device == NULL) {
        snprintf(why, 128, "%.60s lacks nvmlInit_v2 or the functions that list GPUs", name);
        return false;
    }
    int code = nvml->init();
    if (code != DOUBTI_NVML_OK) {
        doubti_nvml_why(nvml, code, why);
        return false;
    }
    return true;
}

struct doubti_nvml *doubti_nvml_open(const char *root, char why[128])
{
    const char *name = library_name(root);
    if (opened != NULL) {
        opened->users++;
        return opened;
    }
    if (name == NULL) {
        snprintf(why, 128, "no library below another root (DOUBT_NVML names one)");
        return NULL;
    }
    struct doubti_nvml *nvml = calloc(1, sizeof *nvml);
    if (nvml == NULL || !start(nvml, name, why)) {
        if (nvml == NULL)
            snprintf(why, 128, "out of memory");
        else if (nvml->handle != NULL)
            dlclose(nvml->handle);
        free(nvml);
        return NULL;
    }
    nvml->users = 1;
    return opened = nvml;
}

void doubti_nvml_close(struct doubti_nvml *nvml)
{
    if (nvml == NULL || --nvml->users > 0)
        return;
    if (nvml->shutdown != NULL)
        nvml->shutdown();
    dlclose(nvml->handle);
    free(nvml);
    opened = NULL;
}
