/* ort_libraries.c: see ort_libraries.h. */
#include "ort_libraries.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PLACES_MAX = 48, PATH_BYTES = 1024, PASSES = 3 };

/* --- what is needed -------------------------------------------------------------------------- */

struct image {
    const unsigned char *at;
    size_t size;
    Elf64_Ehdr header;
};

static int copy(const struct image *image, uint64_t offset, void *to, size_t bytes)
{
    if (offset > image->size || bytes > image->size - offset)
        return -1;
    memcpy(to, image->at + offset, bytes);
    return 0;
}

/* The n-th segment of a type. */
static int segment(const struct image *image, uint32_t type, int n, Elf64_Phdr *found)
{
    for (unsigned i = 0; i < image->header.e_phnum; i++) {
        uint64_t at = image->header.e_phoff + (uint64_t)i * sizeof *found;
        if (at < image->header.e_phoff || copy(image, at, found, sizeof *found) != 0)
            return -1;
        if (found->p_type == type && n-- == 0)
            return 0;
    }
    return -1;
}

/* Offset in the file of an address; -1 when no segment holds it. */
static int place(const struct image *image, uint64_t address, uint64_t *offset)
{
    Elf64_Phdr load;
    for (int n = 0; segment(image, PT_LOAD, n, &load) == 0; n++)
        if (address >= load.p_vaddr && address - load.p_vaddr < load.p_filesz) {
            *offset = load.p_offset + (address - load.p_vaddr);
            return *offset < image->size ? 0 : -1;
        }
    return -1;
}

/* The n-th entry with a tag. */
static int dynamic(const struct image *image, const Elf64_Phdr *table, int64_t tag, int n,
                   uint64_t *value)
{
    Elf64_Dyn entry;
    for (uint64_t at = 0; at + sizeof entry <= table->p_filesz; at += sizeof entry) {
        if (copy(image, table->p_offset + at, &entry, sizeof entry) != 0 || entry.d_tag == DT_NULL)
            return -1;
        if (entry.d_tag == tag && n-- == 0) {
            *value = entry.d_un.d_val;
            return 0;
        }
    }
    return -1;
}

static int add_name(const struct image *image, uint64_t offset, struct ort_needed *needed)
{
    if (offset >= image->size || needed->count == ORT_NEEDED_MAX)
        return -1;
    const char *name = (const char *)image->at + offset;
    size_t room = image->size - offset, len = strnlen(name, room);
    if (len == room || len >= ORT_NEEDED_BYTES)
        return -1;
    memcpy(needed->names[needed->count++], name, len + 1);
    return 0;
}

int ort_needed_parse(const void *data, size_t size, struct ort_needed *needed)
{
    struct image image = {.at = data, .size = size};
    Elf64_Phdr table;
    uint64_t strings = 0, value = 0;
    memset(needed, 0, sizeof *needed);
    if (copy(&image, 0, &image.header, sizeof image.header) != 0 ||
        memcmp(image.header.e_ident, ELFMAG, SELFMAG) != 0 ||
        image.header.e_ident[EI_CLASS] != ELFCLASS64 ||
        image.header.e_ident[EI_DATA] != ELFDATA2LSB ||
        segment(&image, PT_DYNAMIC, 0, &table) != 0 || table.p_offset > size ||
        dynamic(&image, &table, DT_STRTAB, 0, &value) != 0 || place(&image, value, &strings) != 0)
        return -1;
    for (int n = 0; dynamic(&image, &table, DT_NEEDED, n, &value) == 0; n++)
        if (value > size || add_name(&image, strings + value, needed) != 0)
            return -1;
    return 0;
}

int ort_needed_read(const char *path, struct ort_needed *needed)
{
    struct stat status;
    int result = -1, fd = open(path, O_RDONLY | O_CLOEXEC);
    memset(needed, 0, sizeof *needed);
    if (fd < 0)
        return -1;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0)
        goto no_file;
    size_t size = (size_t)status.st_size;
    void *file = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (file == MAP_FAILED)
        goto no_file;
    result = ort_needed_parse(file, size, needed);
    munmap(file, size);
no_file:
    close(fd);
    return result;
}

int ort_needed_major(const struct ort_needed *needed, const char *stem)
{
    for (size_t i = 0; i < needed->count; i++) {
        const char *number = strstr(needed->names[i], ".so.");
        if (strncmp(needed->names[i], stem, strlen(stem)) == 0 && number != NULL)
            return atoi(number + 4);
    }
    return 0;
}

/* --- where it is ----------------------------------------------------------------------------- */

struct places {
    char patterns[PLACES_MAX][PATH_BYTES]; /* of folders, best first */
    size_t count;
};

/* Not added where it does not fit. */
static void add_place(struct places *places, const char *folder, const char *below)
{
    if (folder == NULL || folder[0] != '/' || places->count == PLACES_MAX)
        return;
    int len = snprintf(places->patterns[places->count], PATH_BYTES, "%s%s", folder, below);
    if (len > 0 && len < PATH_BYTES)
        places->count++;
}

static void add_list(struct places *places, const char *folders)
{
    char list[4 * PATH_BYTES];
    snprintf(list, sizeof list, "%s", folders != NULL ? folders : "");
    for (char *rest = list, *part; (part = strsep(&rest, ":")) != NULL;)
        add_place(places, part, "");
}

/* Beside each python3 on PATH, as a virtual environment has it. */
static void add_pythons(struct places *places)
{
    const char *path = getenv("PATH");
    char list[4 * PATH_BYTES], python[PATH_BYTES];
    snprintf(list, sizeof list, "%s", path != NULL ? path : "");
    for (char *rest = list, *part; (part = strsep(&rest, ":")) != NULL;)
        if (snprintf(python, sizeof python, "%s/python3", part) < PATH_BYTES &&
            access(python, X_OK) == 0)
            add_place(places, part, "/../lib/python3*/*-packages/nvidia/*/lib");
}

/* The user's folders, the library's own, wheels beside its wheel, other site folders, toolkits. */
static void list_places(struct places *places, const char *library, const char *folders)
{
    static const char *const systems[] = {
        "/usr/local/lib/python3*/*-packages/nvidia/*/lib",
        "/usr/lib/python3*/*-packages/nvidia/*/lib",
        "/opt/*/lib/python3*/site-packages/nvidia/*/lib",
        "/usr/local/cuda*/lib64",
        "/usr/local/cuda*/targets/*/lib",
    };
    char folder[PATH_BYTES];
    snprintf(folder, sizeof folder, "%s", library);
    char *slash = strrchr(folder, '/');
    places->count = 0;
    add_list(places, folders);
    if (slash != NULL)
        *slash = '\0';
    add_place(places, folder, "");
    add_place(places, folder, "/../../nvidia/*/lib");
    add_place(places, folder, "/../../../*/nvidia/*/lib");
    add_place(places, getenv("VIRTUAL_ENV"), "/lib/python3*/site-packages/nvidia/*/lib");
    add_pythons(places);
    add_place(places, getenv("HOME"), "/.local/lib/python3*/site-packages/nvidia/*/lib");
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
        add_place(places, systems[i], "");
}

static int open_in(const char *pattern, const char *name)
{
    char whole[PATH_BYTES + ORT_NEEDED_BYTES];
    glob_t found = {0};
    int opened = 0;
    snprintf(whole, sizeof whole, "%s/%s", pattern, name);
    if (glob(whole, 0, NULL, &found) == 0)
        for (size_t i = found.gl_pathc; i > 0 && !opened; i--) /* the newest name first */
            opened = dlopen(found.gl_pathv[i - 1], RTLD_LAZY | RTLD_GLOBAL) != NULL;
    globfree(&found);
    return opened;
}

static int open_one(const struct places *places, const char *name)
{
    for (size_t i = 0; i < places->count; i++)
        if (open_in(places->patterns[i], name))
            return 1;
    return dlopen(name, RTLD_LAZY | RTLD_GLOBAL) != NULL;
}

/* What wheels or a toolkit bring; the rest is the system's. */
static int is_vendors(const char *name)
{
    static const char *const stems[] = {"libcublas", "libcudart",   "libcudnn",   "libcurand",
                                        "libcufft",  "libnvrtc",    "libnvinf",   "libnvonnx",
                                        "libnvJit",  "libcusparse", "libcusolver"};
    for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++)
        if (strncmp(name, stems[i], strlen(stems[i])) == 0)
            return 1;
    return 0;
}

/* cuDNN and cuBLAS open these by name when they need them; they do without where they are not. */
static void open_helpers(const struct places *places, int major)
{
    static const char *const stems[] = {"libnvJitLink", "libnvrtc"};
    for (size_t i = 0; major > 0 && i < sizeof stems / sizeof stems[0]; i++) {
        char name[ORT_NEEDED_BYTES];
        snprintf(name, sizeof name, "%s.so.%d", stems[i], major);
        open_one(places, name);
    }
}

int ort_libraries_open(const struct ort_needed *needed, int cudnn, const char *library,
                       const char *folders, char missing[ORT_NEEDED_BYTES])
{
    struct places *places = calloc(1, sizeof *places);
    unsigned char opened[ORT_NEEDED_MAX + 1] = {0};
    struct ort_needed all = *needed;
    size_t left = 1;
    if (places == NULL) {
        snprintf(missing, ORT_NEEDED_BYTES, "%s", needed->count > 0 ? needed->names[0] : "");
        return -1;
    }
    if (cudnn > 0 && ort_needed_major(needed, "libcudnn.") == 0 && all.count < ORT_NEEDED_MAX)
        snprintf(all.names[all.count++], ORT_NEEDED_BYTES, "libcudnn.so.%d", cudnn);
    list_places(places, library, folders);
    open_helpers(places, ort_needed_major(needed, "libcudart."));
    /* Some need others of the list, which is in no order. */
    for (int pass = 0; pass < PASSES && left > 0; pass++) {
        left = 0;
        for (size_t i = 0; i < all.count; i++) {
            if (!opened[i] && is_vendors(all.names[i]))
                opened[i] = (unsigned char)open_one(places, all.names[i]);
            if (!opened[i] && is_vendors(all.names[i])) {
                if (left++ == 0)
                    snprintf(missing, ORT_NEEDED_BYTES, "%s", all.names[i]);
            }
        }
    }
    free(places);
    return left > 0 ? -1 : 0;
}
