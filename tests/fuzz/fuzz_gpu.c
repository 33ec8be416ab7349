/* fuzz_gpu.c: any answers of NVIDIA's management library, and any CUDA_VISIBLE_DEVICES: probes of
 * GPUs, their names, and which of them CUDA's number is.
 *
 * A unit of work is one library, stood in for, whose answers are the input. Seeds: seeds/gpu.
 */
#include "machine/gpu_number.h"
#include "machine/nvml_api.h"
#include "machine/parts.h"
#include "machine/probe.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
    const uint8_t *at;
    size_t left;
} input;

/* --- the library ------------------------------------------------------------------------------ */

static unsigned long long number(size_t bytes)
{
    unsigned long long value = 0;
    for (; bytes > 0 && input.left > 0; bytes--, input.left--)
        value = value << 8 | *input.at++;
    return value;
}

/* Mostly success. */
static int code(void)
{
    unsigned byte = (unsigned)number(1);
    return byte < 0xF0 ? DOUBTI_NVML_OK : (int)(byte & 0xF);
}

static int text(char *out, unsigned out_bytes)
{
    size_t bytes = (size_t)number(1);
    bytes = bytes < input.left ? bytes : input.left;
    bytes = bytes < out_bytes ? bytes : out_bytes - 1;
    memcpy(out, input.at, bytes);
    out[bytes] = '\0';
    input.at += bytes;
    input.left -= bytes;
    return code();
}

static const char *error_text(int number_of_error)
{
    return number_of_error % 2 == 0 ? "an error" : NULL;
}

static int count(unsigned *out)
{
    *out = (unsigned)number(1);
    if (*out >= 0xC0)
        *out = (unsigned)number(4);
    return code();
}

static int device(unsigned index, doubti_nvml_device *out)
{
    static char devices[256];
    *out = (doubti_nvml_device)(void *)&devices[index % sizeof devices];
    return code();
}

static int name(doubti_nvml_device gpu, char *out, unsigned out_bytes)
{
    (void)gpu;
    return text(out, out_bytes);
}

static int number_32(doubti_nvml_device gpu, unsigned *out)
{
    (void)gpu;
    *out = (unsigned)number(4);
    return code();
}

static int number_64(doubti_nvml_device gpu, unsigned long long *out)
{
    (void)gpu;
    *out = number(8);
    return code();
}

static int which_32(doubti_nvml_device gpu, int which, unsigned *out)
{
    (void)which;
    return number_32(gpu, out);
}

static int state(doubti_nvml_device gpu, int *out)
{
    (void)gpu;
    *out = (int)(unsigned)number(4);
    return code();
}

static int utilization(doubti_nvml_device gpu, struct doubti_nvml_utilization *out)
{
    (void)gpu;
    out->gpu = out->memory = (unsigned)number(4);
    return code();
}

static int processes(doubti_nvml_device gpu, unsigned *out, struct doubti_nvml_process *list)
{
    (void)gpu;
    if (list != NULL)
        abort(); /* asked with no room */
    *out = (unsigned)number(4);
    return code();
}

static int fields(doubti_nvml_device gpu, int fields_count, struct doubti_nvml_field *out)
{
    (void)gpu;
    for (int i = 0; i < fields_count; i++) {
        out[i].type = (int)number(1);
        out[i].result = code();
        out[i].value.u64 = number(8);
    }
    return code();
}

static struct doubti_nvml library = {.error_text = error_text,
                                     .driver = text,
                                     .count = count,
                                     .device = device,
                                     .name = name,
                                     .uuid = name,
                                     .power = number_32,
                                     .power_limit = number_32,
                                     .energy = number_64,
                                     .clock = which_32,
                                     .max_clock = which_32,
                                     .temperature = which_32,
                                     .reasons = number_64,
                                     .state = state,
                                     .utilization = utilization,
                                     .processes = processes,
                                     .fields = fields};

/* --- instead of nvml_api.c -------------------------------------------------------------------- */

struct doubti_nvml *doubti_nvml_open(const char *root, char why[128])
{
    (void)root, (void)why;
    library.users++;
    return &library;
}

void doubti_nvml_close(struct doubti_nvml *nvml)
{
    if (nvml != NULL && --nvml->users < 0)
        abort();
}

void doubti_nvml_why(const struct doubti_nvml *nvml, int number_of_error, char why[128])
{
    const char *said = nvml->error_text(number_of_error);
    snprintf(why, 128, "NVML error %d: %.90s", number_of_error, said != NULL ? said : "");
}

/* --- the input -------------------------------------------------------------------------------- */

static void read_probes(void)
{
    static const char *const only[] = {"nvml", NULL};
    struct doubt_probes probes;
    char words[256];
    if (doubt_probes_open("/nowhere", only, &probes, NULL) != DOUBT_OK)
        return;
    for (size_t i = 0; i < probes.count; i++) {
        double value = doubt_probe_read(&probes.items[i]);
        if (isnan(value) == (probes.items[i].why[0] == '\0'))
            abort();
        if (probes.items[i].quantity == DOUBT_PROBE_REASONS)
            doubt_probe_reasons(value, words, sizeof words);
    }
    doubt_probes_close(&probes);
}

/* A number below what the variable leaves, or a reason unless the library tells no GPUs. */
static void ask_number(void)
{
    static const char *const orders[] = {NULL, "PCI_BUS_ID", "FASTEST_FIRST"};
    char visible[64], why[DOUBT_GPU_WHY_BYTES];
    unsigned how = (unsigned)number(1);
    text(visible, sizeof visible);
    const struct doubt_gpu_variables variables = {how & 1 ? visible : NULL, orders[(how >> 1) % 3]};
    int found = doubt_gpu_number("/nowhere", (int)(how >> 4), &variables, why);
    if (found < -1 || found >= 64 || (found >= 0 && why[0] != '\0'))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_machine_parts parts;
    input.at = data;
    input.left = size;
    ask_number();
    doubt_machine_read_parts("/nowhere", &parts);
    read_probes();
    if (library.users != 0)
        abort();
    return 0;
}
