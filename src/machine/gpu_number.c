/* gpu_number.c: see gpu_number.h. */
#include "machine/gpu_number.h"

#include "machine/nvml_api.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { GPUS_MAX = 64, NAME_BYTES = 96 };

struct gpus {
    unsigned count;
    char uuids[GPUS_MAX][NAME_BYTES]; /* "" where the library does not tell */
    bool alike;                       /* all of one name: CUDA's order is that of the bus */
};

static bool list_gpus(const struct doubti_nvml *nvml, struct gpus *out)
{
    char first[NAME_BYTES] = "";
    memset(out, 0, sizeof *out);
    if (nvml->count(&out->count) != DOUBTI_NVML_OK || out->count == 0 || out->count > GPUS_MAX)
        return false;
    out->alike = true;
    for (unsigned i = 0; i < out->count; i++) {
        char name[NAME_BYTES] = "";
        doubti_nvml_device device = NULL;
        if (nvml->device(i, &device) != DOUBTI_NVML_OK)
            return false;
        if (nvml->uuid == NULL || nvml->uuid(device, out->uuids[i], NAME_BYTES) != DOUBTI_NVML_OK)
            out->uuids[i][0] = '\0';
        if (nvml->name == NULL || nvml->name(device, name, sizeof name) != DOUBTI_NVML_OK)
            out->alike = out->alike && out->count == 1;
        if (i == 0)
            memcpy(first, name, sizeof first);
        out->alike = out->alike && strcmp(first, name) == 0;
    }
    return true;
}

/* CUDA's own number, before any choice, is NVML's? */
static int by_order(const struct gpus *gpus, long number, const char *order, char *why)
{
    if (number < 0 || number >= (long)gpus->count) {
        snprintf(why, DOUBT_GPU_WHY_BYTES, "NVML has no GPU %ld: it lists %u", number, gpus->count);
        return -1;
    }
    if (gpus->alike || (order != NULL && strcmp(order, "PCI_BUS_ID") == 0))
        return (int)number;
    snprintf(why, DOUBT_GPU_WHY_BYTES,
             "which of NVML's GPUs was used is not known: CUDA counts unlike ones by speed; set "
             "CUDA_DEVICE_ORDER=PCI_BUS_ID");
    return -1;
}

/* "GPU-8932f937": the beginning of one GPU's identifier. */
static int by_uuid(const struct gpus *gpus, const char *entry, char *why)
{
    int found = -1, matches = 0;
    for (unsigned i = 0; i < gpus->count; i++)
        if (gpus->uuids[i][0] != '\0' && strncasecmp(gpus->uuids[i], entry, strlen(entry)) == 0) {
            found = (int)i;
            matches++;
        }
    if (matches == 1)
        return found;
    snprintf(why, DOUBT_GPU_WHY_BYTES,
             "CUDA_VISIBLE_DEVICES names \"%.60s\", which is %s of NVML's GPUs", entry,
             matches == 0 ? "none" : "several");
    return -1;
}

static int by_entry(const struct gpus *gpus, const char *entry, const char *order, char *why)
{
    char *end;
    if (strncmp(entry, "MIG-", 4) == 0) {
        snprintf(why, DOUBT_GPU_WHY_BYTES,
                 "CUDA_VISIBLE_DEVICES names a part of a GPU (MIG), whose power no sensor tells");
        return -1;
    }
    if (strncasecmp(entry, "GPU-", 4) == 0)
        return by_uuid(gpus, entry, why);
    long number = strtol(entry, &end, 10);
    if (end != entry && *end == '\0')
        return by_order(gpus, number, order, why);
    snprintf(why, DOUBT_GPU_WHY_BYTES, "CUDA_VISIBLE_DEVICES has \"%.60s\", which is no GPU",
             entry);
    return -1;
}

/* The cuda'th entry between commas, without spaces around it; false when there are fewer. */
static bool entry_at(const char *visible, int cuda, char out[NAME_BYTES])
{
    const char *at = visible;
    for (int i = 0; i < cuda; i++) {
        at = strchr(at, ',');
        if (at == NULL)
            return false;
        at++;
    }
    at += strspn(at, " \t");
    size_t len = strcspn(at, ",");
    while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\t'))
        len--;
    snprintf(out, NAME_BYTES, "%.*s", (int)(len < NAME_BYTES ? len : NAME_BYTES - 1), at);
    return len > 0;
}

static int choose(const struct gpus *gpus, int cuda, const struct doubt_gpu_variables *variables,
                  char *why)
{
    char entry[NAME_BYTES];
    if (variables->visible == NULL)
        return by_order(gpus, cuda, variables->order, why);
    if (entry_at(variables->visible, cuda, entry))
        return by_entry(gpus, entry, variables->order, why);
    snprintf(why, DOUBT_GPU_WHY_BYTES, "CUDA_VISIBLE_DEVICES=%.60s has no entry for cuda:%d",
             variables->visible, cuda);
    return -1;
}

int doubt_gpu_number(const char *root, int cuda, const struct doubt_gpu_variables *variables,
                     char why[DOUBT_GPU_WHY_BYTES])
{
    char no_library[128];
    struct gpus gpus;
    int number = -1;
    why[0] = '\0';
    struct doubti_nvml *nvml = doubti_nvml_open(root, no_library);
    if (nvml == NULL)
        return -1;
    if (list_gpus(nvml, &gpus))
        number = choose(&gpus, cuda, variables, why);
    doubti_nvml_close(nvml);
    return number;
}
