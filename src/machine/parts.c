/* parts.c: see parts.h.
 *
 * A unit of work is one row of a table: a chip by its device tree, a JetPack by its L4T release, a
 * library by its package. Sources: NVIDIA's Jetson Linux archive (which L4T is which JetPack).
 */
#include "machine/parts.h"

#include "machine/nvml_api.h"
#include "machine/probe_int.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pair {
    const char *key, *value;
};

/* What the device tree's `compatible` holds. */
static const struct pair socs[] = {
    {"nvidia,tegra210", "NVIDIA Tegra X1 (tegra210)"},
    {"nvidia,tegra186", "NVIDIA Tegra X2 (tegra186)"},
    {"nvidia,tegra194", "NVIDIA Xavier (tegra194)"},
    {"nvidia,tegra234", "NVIDIA Orin (tegra234)"},
    {"nvidia,tegra264", "NVIDIA Thor (tegra264)"},
    {"brcm,bcm2711", "Broadcom BCM2711"},
    {"brcm,bcm2712", "Broadcom BCM2712"},
    {NULL, NULL},
};

static const struct pair tegra_gpus[] = {
    {"nvidia,tegra210", "Maxwell GPU of Tegra X1"}, {"nvidia,tegra186", "Pascal GPU of Tegra X2"},
    {"nvidia,tegra194", "Volta GPU of Xavier"},     {"nvidia,tegra234", "Ampere GPU of Orin"},
    {"nvidia,tegra264", "Blackwell GPU of Thor"},   {NULL, NULL},
};

static const struct pair jetpacks[] = {
    {"32.3.1", "4.3"},   {"32.4.3", "4.4"},   {"32.4.4", "4.4.1"}, {"32.5", "4.5"},
    {"32.5.1", "4.5.1"}, {"32.6.1", "4.6"},   {"32.7.1", "4.6.1"}, {"32.7.2", "4.6.2"},
    {"32.7.3", "4.6.3"}, {"32.7.4", "4.6.4"}, {"32.7.5", "4.6.5"}, {"32.7.6", "4.6.6"},
    {"35.1.0", "5.0.2"}, {"35.2.1", "5.1"},   {"35.3.1", "5.1.1"}, {"35.4.1", "5.1.2"},
    {"35.5.0", "5.1.3"}, {"35.6.0", "5.1.4"}, {"36.3.0", "6.0"},   {"36.4.0", "6.1"},
    {"36.4.3", "6.2"},   {"36.4.4", "6.2.1"}, {"38.2.0", "7.0"},   {"39.2.1", "7.2.1"},
    {NULL, NULL},
};

/* A package's name begins with key. The first match of a title counts. */
static const struct pair packages[] = {
    {"cuda-cudart-", "CUDA"},
    {"libcudart", "CUDA"},
    {"libcudnn", "cuDNN"},
    {"libnvinfer", "TensorRT"},
    {"libonnxruntime", "ONNX Runtime"},
    {"libopenvino", "OpenVINO"},
    {NULL, NULL},
};

static const char *find_in(const struct pair *pairs, const char *text)
{
    for (; pairs->key != NULL; pairs++)
        if (strstr(text, pairs->key) != NULL)
            return pairs->value;
    return NULL;
}

static void read_soc(const char *root, struct doubt_machine_parts *out)
{
    char text[512];
    doubti_text_why(&out->soc, "no device tree names it");
    if (!doubti_root_read(root, "proc/device-tree/compatible", text, sizeof text))
        return;
    const char *name = find_in(socs, text), *last = strrchr(text, ' ');
    doubti_text_set(&out->soc, name != NULL ? name : last != NULL ? last + 1 : text);
}

/* "# R32 (release), REVISION: 7.1, ..." */
static void read_release(const char *root, struct doubt_machine_text *release)
{
    char text[512], major[16], minor[16], l4t[40], line[96];
    doubti_text_why(release, "no Jetson: /etc/nv_tegra_release is not there");
    if (!doubti_root_read(root, "etc/nv_tegra_release", text, sizeof text))
        return;
    doubti_text_why(release, "/etc/nv_tegra_release is not as known");
    if (sscanf(text, "# R%15[0-9] (release), REVISION: %15[0-9.]", major, minor) != 2)
        return;
    snprintf(l4t, sizeof l4t, "%s.%s", major, minor);
    snprintf(line, sizeof line, "L4T %s", l4t);
    for (const struct pair *row = jetpacks; row->key != NULL; row++)
        if (strcmp(row->key, l4t) == 0)
            snprintf(line, sizeof line, "L4T %s, JetPack %s", l4t, row->value);
    doubti_text_set(release, line);
}

static void add_pci_gpus(const char *root, struct doubt_machine_text *gpu)
{
    static const struct pair vendors[] = {
        {"0x10de", "NVIDIA"}, {"0x1002", "AMD"}, {"0x8086", "Intel"}, {NULL, NULL}};
    struct doubti_matches cards;
    doubti_root_match(root, "sys/class/drm/card[0-9]/device/vendor", &cards);
    for (size_t i = 0; i < cards.count; i++) {
        char vendor[16], device[16] = "", near[DOUBTI_PATH_BYTES], line[64];
        if (!doubti_root_read(root, doubti_match_at(&cards, i), vendor, sizeof vendor))
            continue;
        doubti_sibling(doubti_match_at(&cards, i), "device", near);
        doubti_root_read(root, near, device, sizeof device);
        const char *name = find_in(vendors, vendor);
        snprintf(line, sizeof line, "%s GPU, PCI device %s", name ? name : vendor, device);
        doubti_text_join(gpu, " + ", line);
    }
    doubti_root_match_end(&cards);
}

/* Names of the driver's GPUs and its version, as far as it tells. */
static void ask_driver(const char *root, struct doubt_machine_parts *out)
{
    char why[128] = "", name[96] = "", line[128];
    unsigned count = 0;
    struct doubti_nvml *nvml = doubti_nvml_open(root, why);
    doubti_text_why(&out->driver, why);
    if (nvml == NULL)
        return;
    doubti_text_why(&out->driver, "the NVIDIA library does not tell its version");
    if (nvml->driver != NULL && nvml->driver(name, sizeof name) == DOUBTI_NVML_OK) {
        snprintf(line, sizeof line, "NVIDIA %s", name);
        doubti_text_set(&out->driver, line);
    }
    if (nvml->count(&count) != DOUBTI_NVML_OK)
        count = 0;
    for (unsigned i = 0; i < count && i < 16 && nvml->name != NULL; i++) {
        doubti_nvml_device device;
        if (nvml->device(i, &device) == DOUBTI_NVML_OK &&
            nvml->name(device, name, sizeof name) == DOUBTI_NVML_OK)
            doubti_text_join(&out->gpu, " + ", name);
    }
    doubti_nvml_close(nvml);
}

/* The kernel module says its version without the library. */
static void read_module(const char *root, struct doubt_machine_text *driver)
{
    static const char key[] = "Kernel Module";
    char text[512], line[64];
    if (driver->text[0] != '\0' ||
        !doubti_root_read(root, "proc/driver/nvidia/version", text, sizeof text))
        return;
    const char *at = strstr(text, key);
    at = at != NULL ? at + sizeof key - 1 : "";
    at += strcspn(at, "0123456789\n");
    int len = (int)strspn(at, "0123456789.");
    if (len == 0)
        return;
    snprintf(line, sizeof line, "NVIDIA %.*s", len, at);
    doubti_text_set(driver, line);
}

static void read_gpu(const char *root, struct doubt_machine_parts *out)
{
    char text[512];
    doubti_text_why(&out->gpu, "none was found");
    if (doubti_root_read(root, "proc/device-tree/compatible", text, sizeof text) &&
        find_in(tegra_gpus, text) != NULL)
        doubti_text_set(&out->gpu, find_in(tegra_gpus, text));
    else
        add_pci_gpus(root, &out->gpu);
    struct doubt_machine_text before = out->gpu;
    doubti_text_set(&out->gpu, "");
    ask_driver(root, out);
    read_module(root, &out->driver);
    /* A card's own name says more; a Tegra's library says "Orin (nvgpu)". */
    if (out->gpu.text[0] == '\0' || strstr(out->gpu.text, "nvgpu") != NULL)
        out->gpu = before;
}

/* --- packages ------------------------------------------------------------------------------ */

static void add_package(const char *name, const char *version, bool *seen,
                        struct doubt_machine_text *libraries)
{
    for (size_t i = 0; packages[i].key != NULL; i++) {
        char line[128];
        const char *title = packages[i].value;
        bool known = false;
        if (strncmp(name, packages[i].key, strlen(packages[i].key)) != 0 ||
            strstr(name, "-dev") != NULL)
            continue;
        for (size_t k = 0; packages[k].key != NULL; k++)
            known = known || (seen[k] && strcmp(packages[k].value, title) == 0);
        if (known)
            return;
        seen[i] = true;
        /* What follows the first hyphen is the packager's. */
        snprintf(line, sizeof line, "%s %.*s", title, (int)strcspn(version, "-\n"), version);
        doubti_text_join(libraries, ", ", line);
        return;
    }
}

/* dpkg's list: "Package: NAME" ... "Version: VERSION" ..., an empty line between packages. */
static void read_libraries(const char *root, struct doubt_machine_text *libraries)
{
    bool seen[sizeof packages / sizeof packages[0]] = {false};
    char line[512], name[128] = "";
    doubti_text_why(libraries, "no package list (dpkg) names one");
    int fd = doubti_root_open(root, "var/lib/dpkg/status");
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "Package: ", 9) == 0)
            snprintf(name, sizeof name, "%.120s", line + 9);
        else if (strncmp(line, "Version: ", 9) == 0 && name[0] != '\0')
            add_package(name, line + 9, seen, libraries);
        else if (line[0] == '\0')
            name[0] = '\0';
    }
    fclose(file);
}

void doubt_machine_read_parts(const char *root, struct doubt_machine_parts *out)
{
    memset(out, 0, sizeof *out);
    read_soc(root, out);
    read_release(root, &out->release);
    read_gpu(root, out);
    read_libraries(root, &out->libraries);
}
