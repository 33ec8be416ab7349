/* gpuclock.c: locked clock and power limit of NVIDIA GPUs, by NVML's setting functions.
 *
 * A unit of work is one value for all GPUs of this machine. The library is loaded while it is
 * needed; declarations are our own, after NVIDIA's NVML API reference. NVML does not tell whether a
 * clock was locked before, so that putting back releases the lock. Not for reading sensors:
 * probe.h, and not for Jetson boards, whose NVML sets nothing.
 */
#include "machine/knob_int.h"

#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct nvml_device *nvml_device;
enum { GPUS_MAX = 16, GRAPHICS = 0, STEPS_MAX = 1024, SETTLE_TRIES = 20 };

/* One row per function of the library: our name, its name, its parameters. All give 0 or an error
 * code. */
#define NVML_FUNCTIONS(X)                                                                          \
    X(init, "nvmlInit_v2", (void))                                                                 \
    X(shutdown, "nvmlShutdown", (void))                                                            \
    X(count, "nvmlDeviceGetCount_v2", (unsigned *count))                                           \
    X(device, "nvmlDeviceGetHandleByIndex_v2", (unsigned index, nvml_device *device))              \
    X(max_clock, "nvmlDeviceGetMaxClockInfo", (nvml_device device, int type, unsigned *mhz))       \
    X(clock, "nvmlDeviceGetClockInfo", (nvml_device device, int type, unsigned *mhz))              \
    X(lock, "nvmlDeviceSetGpuLockedClocks", (nvml_device device, unsigned min, unsigned max))      \
    X(release, "nvmlDeviceResetGpuLockedClocks", (nvml_device device))                             \
    X(limit, "nvmlDeviceGetPowerManagementLimit", (nvml_device device, unsigned *mw))              \
    X(range, "nvmlDeviceGetPowerManagementLimitConstraints",                                       \
      (nvml_device device, unsigned *min, unsigned *max))                                          \
    X(set_limit, "nvmlDeviceSetPowerManagementLimit", (nvml_device device, unsigned mw))           \
    X(memory_clocks, "nvmlDeviceGetSupportedMemoryClocks",                                         \
      (nvml_device device, unsigned *count, unsigned *mhz))                                        \
    X(graphics_clocks, "nvmlDeviceGetSupportedGraphicsClocks",                                     \
      (nvml_device device, unsigned memory_mhz, unsigned *count, unsigned *mhz))

struct nvml {
    void *library;
    unsigned gpus;
    nvml_device devices[GPUS_MAX];
#define NVML_MEMBER(name, symbol, parameters) int(*name) parameters;
    NVML_FUNCTIONS(NVML_MEMBER)
#undef NVML_MEMBER
};

/* --- the library ------------------------------------------------------------------------------ */

static const char *error_text(const struct nvml *nvml, int code)
{
    const char *(*text)(int);
    *(void **)&text = dlsym(nvml->library, "nvmlErrorString");
    const char *said = text != NULL ? text(code) : NULL;
    return said != NULL ? said : "unknown error";
}

static bool load(const char *root, struct nvml *nvml)
{
    const char *named = secure_getenv("DOUBT_NVML");
    if (named == NULL || named[0] == '\0') {
        if (!doubti_root_is_real(root))
            return false;
        named = "libnvidia-ml.so.1";
    }
    nvml->library = dlopen(named, RTLD_NOW | RTLD_LOCAL);
    if (nvml->library == NULL)
        return false;
#define NVML_LOAD(name, symbol, parameters) *(void **)&nvml->name = dlsym(nvml->library, symbol);
    NVML_FUNCTIONS(NVML_LOAD)
#undef NVML_LOAD
    return nvml->init != NULL && nvml->shutdown != NULL && nvml->count != NULL &&
           nvml->device != NULL;
}

static void close_library(struct nvml *nvml)
{
    if (nvml->gpus > 0)
        nvml->shutdown();
    if (nvml->library != NULL)
        dlclose(nvml->library);
    memset(nvml, 0, sizeof *nvml);
}

static enum doubt_code open_library(const char *root, struct nvml *nvml, struct doubt_err *err)
{
    memset(nvml, 0, sizeof *nvml);
    if (!load(root, nvml)) {
        close_library(nvml);
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "there is no libnvidia-ml.so.1");
    }
    int code = nvml->init();
    unsigned count = 0;
    if (code == 0)
        code = nvml->count(&count);
    for (unsigned i = 0; code == 0 && i < count && i < GPUS_MAX; i++) {
        code = nvml->device(i, &nvml->devices[i]);
        nvml->gpus += code == 0;
    }
    if (code == 0 && nvml->gpus > 0)
        return DOUBT_OK;
    doubt_err_set(err, DOUBT_E_UNSUPPORTED, "NVML finds no GPU: %s",
                  code != 0 ? error_text(nvml, code) : "there is none");
    close_library(nvml);
    return DOUBT_E_UNSUPPORTED;
}

static enum doubt_code failed(const struct nvml *nvml, int code, const char *what,
                              struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_SYSTEM, "NVML could not %s: %s", what,
                         error_text(nvml, code));
}

/* Whole numbers from 1 on. */
static bool parse(const char *value, unsigned *number)
{
    char *end;
    errno = 0;
    unsigned long parsed = strtoul(value, &end, 10);
    *number = (unsigned)parsed;
    return value[0] >= '0' && value[0] <= '9' && *end == '\0' && errno == 0 && parsed > 0 &&
           parsed < 1000000;
}

/* --- power limit ------------------------------------------------------------------------------ */

static void say_rights(const char *root, struct doubt_knob_reading *out)
{
    if (out->value[0] == '\0')
        snprintf(out->why_not, sizeof out->why_not, "%.150s", out->why);
    else if (doubti_root_is_real(root) && geteuid() != 0)
        snprintf(out->why_not, sizeof out->why_not, "needs root");
}

static void read_power(const char *root, struct doubt_knob_reading *out)
{
    struct nvml nvml;
    struct doubt_err err = {0};
    unsigned mw = 0;
    snprintf(out->path, sizeof out->path, "libnvidia-ml.so.1");
    if (open_library(root, &nvml, &err) != DOUBT_OK) {
        snprintf(out->why, sizeof out->why, "%.150s", err.text);
    } else {
        int code = nvml.limit != NULL ? nvml.limit(nvml.devices[0], &mw) : -1;
        if (code == 0)
            snprintf(out->value, sizeof out->value, "%.0f", mw / 1000.0);
        else
            snprintf(out->why, sizeof out->why, "the GPU tells no power limit: %.80s",
                     error_text(&nvml, code));
        close_library(&nvml);
    }
    say_rights(root, out);
}

static enum doubt_code check_power(const char *root, const char *value, struct doubt_err *err)
{
    struct nvml nvml;
    unsigned watts = 0, low = 0, high = 0;
    enum doubt_code code = open_library(root, &nvml, err);
    if (code != DOUBT_OK)
        return code;
    int got = nvml.range != NULL ? nvml.range(nvml.devices[0], &low, &high) : -1;
    if (got != 0)
        code = failed(&nvml, got, "tell the range of the power limit", err);
    else if (!parse(value, &watts) || watts * 1000 < low || watts * 1000 > high)
        code = doubt_err_set(err, DOUBT_E_USAGE, "%.60s W: %u to %u W are accepted here", value,
                             (low + 999) / 1000, high / 1000);
    close_library(&nvml);
    return code;
}

static enum doubt_code apply_power(const char *root, const char *value, struct doubt_err *err)
{
    struct nvml nvml;
    unsigned watts = 0;
    enum doubt_code code = open_library(root, &nvml, err);
    if (code != DOUBT_OK)
        return code;
    if (!parse(value, &watts) || nvml.set_limit == NULL)
        code = doubt_err_set(err, DOUBT_E_UNSUPPORTED, "NVML sets no power limit here");
    for (unsigned i = 0; code == DOUBT_OK && i < nvml.gpus; i++) {
        int got = nvml.set_limit(nvml.devices[i], watts * 1000);
        if (got != 0)
            code = failed(&nvml, got, "set the power limit", err);
    }
    close_library(&nvml);
    return code;
}

static enum doubt_code save_power(const char *root, const char *folder, struct doubt_str *state,
                                  struct doubt_err *err)
{
    struct nvml nvml;
    (void)folder;
    enum doubt_code code = open_library(root, &nvml, err);
    for (unsigned i = 0; code == DOUBT_OK && i < nvml.gpus; i++) {
        unsigned mw = 0;
        int got = nvml.limit != NULL ? nvml.limit(nvml.devices[i], &mw) : -1;
        if (got != 0)
            code = failed(&nvml, got, "tell the power limit", err);
        doubt_str_addf(state, "@power%u=%u\n", i, mw);
    }
    if (nvml.library != NULL)
        close_library(&nvml);
    return code;
}

static enum doubt_code undo_power(const char *root, const char *folder, const char *state,
                                  struct doubt_err *err)
{
    struct nvml nvml;
    (void)folder;
    enum doubt_code code = open_library(root, &nvml, err);
    if (code != DOUBT_OK)
        return code;
    for (unsigned i = 0; i < nvml.gpus; i++) {
        char key[24], text[DOUBT_KNOB_TEXT_BYTES];
        snprintf(key, sizeof key, "@power%u", i);
        if (!doubti_knob_line(state, key, text, sizeof text) || nvml.set_limit == NULL)
            continue;
        unsigned wanted = (unsigned)strtoul(text, NULL, 10), here = 0;
        int got = nvml.set_limit(nvml.devices[i], wanted);
        if (got == 0)
            got = nvml.limit(nvml.devices[i], &here);
        if (got != 0 && code == DOUBT_OK)
            code = failed(&nvml, got, "put the power limit back", err);
        else if (here != wanted && code == DOUBT_OK)
            code =
                doubt_err_set(err, DOUBT_E_SYSTEM,
                              "the power limit of GPU %u was %u mW and is %u mW", i, wanted, here);
    }
    close_library(&nvml);
    return code;
}

static const char *const power_keys[] = {"@power", NULL};

const struct doubti_knob_ops doubti_knob_gpu_power = {
    .read = read_power,
    .check = check_power,
    .apply = apply_power,
    .keys = power_keys,
    .save = save_power,
    .undo = undo_power,
};

/* --- locked clock ----------------------------------------------------------------------------- */

static void read_clock(const char *root, struct doubt_knob_reading *out)
{
    struct nvml nvml;
    struct doubt_err err = {0};
    unsigned mhz = 0;
    snprintf(out->path, sizeof out->path, "libnvidia-ml.so.1");
    snprintf(out->detail, sizeof out->detail, "now; a lock cannot be read");
    if (open_library(root, &nvml, &err) != DOUBT_OK) {
        snprintf(out->why, sizeof out->why, "%.150s", err.text);
    } else {
        int code = nvml.clock != NULL ? nvml.clock(nvml.devices[0], GRAPHICS, &mhz) : -1;
        if (code == 0)
            snprintf(out->value, sizeof out->value, "%u", mhz);
        else
            snprintf(out->why, sizeof out->why, "the GPU tells no clock: %.80s",
                     error_text(&nvml, code));
        close_library(&nvml);
    }
    say_rights(root, out);
}

static enum doubt_code check_clock(const char *root, const char *value, struct doubt_err *err)
{
    struct nvml nvml;
    unsigned mhz = 0, most = 0;
    enum doubt_code code = open_library(root, &nvml, err);
    if (code != DOUBT_OK)
        return code;
    int got = nvml.max_clock != NULL ? nvml.max_clock(nvml.devices[0], GRAPHICS, &most) : -1;
    if (got != 0)
        code = failed(&nvml, got, "tell the highest clock", err);
    else if (!parse(value, &mhz) || mhz > most)
        code = doubt_err_set(err, DOUBT_E_USAGE, "%.60s MHz: 1 to %u MHz are accepted here", value,
                             most);
    close_library(&nvml);
    return code;
}

/* The step nearest to what is wanted; that itself where the GPU lists none. */
static unsigned nearest_clock(const struct nvml *nvml, unsigned wanted)
{
    unsigned steps[STEPS_MAX], memory[64], count = STEPS_MAX, memories = 64, best = wanted;
    double distance = INFINITY;
    if (nvml->memory_clocks == NULL || nvml->graphics_clocks == NULL ||
        nvml->memory_clocks(nvml->devices[0], &memories, memory) != 0 || memories == 0 ||
        nvml->graphics_clocks(nvml->devices[0], memory[0], &count, steps) != 0)
        return wanted;
    for (unsigned i = 0; i < count && i < STEPS_MAX; i++)
        if (fabs((double)steps[i] - wanted) < distance) {
            distance = fabs((double)steps[i] - wanted);
            best = steps[i];
        }
    return best;
}

static enum doubt_code apply_clock(const char *root, const char *value, struct doubt_err *err)
{
    struct nvml nvml;
    unsigned mhz = 0;
    enum doubt_code code = open_library(root, &nvml, err);
    if (code != DOUBT_OK)
        return code;
    if (!parse(value, &mhz) || nvml.lock == NULL || nvml.clock == NULL)
        code = doubt_err_set(err, DOUBT_E_UNSUPPORTED, "NVML locks no clock here");
    unsigned wanted = code == DOUBT_OK ? nearest_clock(&nvml, mhz) : 0;
    for (unsigned i = 0; code == DOUBT_OK && i < nvml.gpus; i++) {
        unsigned here = 0;
        int got = nvml.lock(nvml.devices[i], mhz, mhz);
        /* The clock follows within a fraction of a second. */
        for (int k = 0; got == 0 && k < SETTLE_TRIES && here != wanted; k++) {
            const struct timespec wait = {.tv_nsec = 50000000};
            if (k > 0)
                nanosleep(&wait, NULL);
            got = nvml.clock(nvml.devices[i], GRAPHICS, &here);
        }
        if (got != 0)
            code = failed(&nvml, got, "lock the clock", err);
        else if (here != wanted)
            code = doubt_err_set(err, DOUBT_E_SYSTEM,
                                 "%u MHz were asked for, and GPU %u is at %u MHz", mhz, i, here);
    }
    close_library(&nvml);
    return code;
}

/* apply_clock() has read it back. */
static enum doubt_code verify_clock(const char *root, const char *value, struct doubt_err *err)
{
    (void)root, (void)value, (void)err;
    return DOUBT_OK;
}

static enum doubt_code save_clock(const char *root, const char *folder, struct doubt_str *state,
                                  struct doubt_err *err)
{
    (void)root, (void)folder, (void)err;
    doubt_str_add(state, "@release=1\n");
    return DOUBT_OK;
}

static enum doubt_code undo_clock(const char *root, const char *folder, const char *state,
                                  struct doubt_err *err)
{
    struct nvml nvml;
    (void)folder, (void)state;
    enum doubt_code code = open_library(root, &nvml, err);
    if (code != DOUBT_OK)
        return code;
    for (unsigned i = 0; i < nvml.gpus; i++) {
        int got = nvml.release != NULL ? nvml.release(nvml.devices[i]) : -1;
        if (got != 0 && code == DOUBT_OK)
            code = failed(&nvml, got, "release the clock", err);
    }
    close_library(&nvml);
    return code;
}

static const char *const clock_keys[] = {"@release", NULL};

const struct doubti_knob_ops doubti_knob_gpu_clock = {
    .read = read_clock,
    .check = check_clock,
    .apply = apply_clock,
    .verify = verify_clock,
    .keys = clock_keys,
    .save = save_clock,
    .undo = undo_clock,
    .is_hidden = true,
};
