/* ident.c: CPU model, board, system, kernel, memory.
 *
 * A unit of work is one line of a file that the kernel or the firmware wrote. Not for what may
 * change while the machine runs (state.c).
 */
#include "machine/machine_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

enum { CPUINFO_BYTES = 262144 };

/* Cores that Arm's own and others' designs report as numbers (Linux, arch/arm64 cputype.h). */
static const struct {
    unsigned implementer, part;
    const char *name;
} arm_cores[] = {
    {0x41, 0xd03, "Arm Cortex-A53"},   {0x41, 0xd05, "Arm Cortex-A55"},
    {0x41, 0xd07, "Arm Cortex-A57"},   {0x41, 0xd08, "Arm Cortex-A72"},
    {0x41, 0xd09, "Arm Cortex-A73"},   {0x41, 0xd0a, "Arm Cortex-A75"},
    {0x41, 0xd0b, "Arm Cortex-A76"},   {0x41, 0xd0c, "Arm Neoverse-N1"},
    {0x41, 0xd40, "Arm Neoverse-V1"},  {0x41, 0xd41, "Arm Cortex-A78"},
    {0x41, 0xd42, "Arm Cortex-A78AE"}, {0x41, 0xd49, "Arm Neoverse-N2"},
    {0x41, 0xd4f, "Arm Neoverse-V2"},  {0x41, 0xd83, "Arm Neoverse-V3AE"},
    {0x4e, 0x003, "NVIDIA Denver 2"},  {0x4e, 0x004, "NVIDIA Carmel"},
};

/* Value of the line "key<space>: value" that begins at line; NULL when it has another key. */
static const char *value_of(const char *line, const char *key, char *out, size_t out_bytes)
{
    size_t len = strlen(key);
    if (strncmp(line, key, len) != 0)
        return NULL;
    const char *at = line + len + strspn(line + len, " \t");
    if (*at != ':')
        return NULL;
    at += 1 + strspn(at + 1, " \t");
    size_t n = strcspn(at, "\n");
    if (n >= out_bytes)
        n = out_bytes - 1;
    memcpy(out, at, n);
    out[n] = '\0';
    return out;
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

static void add_arm_core(struct doubt_machine_text *cpu, unsigned implementer, unsigned part)
{
    char text[64];
    snprintf(text, sizeof text, "CPU of implementer 0x%02x, part 0x%03x", implementer, part);
    for (size_t i = 0; i < sizeof arm_cores / sizeof arm_cores[0]; i++)
        if (arm_cores[i].implementer == implementer && arm_cores[i].part == part)
            snprintf(text, sizeof text, "%s", arm_cores[i].name);
    doubti_text_join(cpu, " + ", text);
}

static void read_cpu(const char *root, struct doubt_machine_text *cpu)
{
    char *info = malloc(CPUINFO_BYTES), value[160];
    unsigned implementer = 0;
    bool named = false;
    doubti_text_why(cpu, "/proc/cpuinfo names none");
    if (info == NULL || !doubti_root_read(root, "proc/cpuinfo", info, CPUINFO_BYTES))
        goto done;
    for (const char *line = info; *line; line = next_line(line)) {
        /* Older kernels for Arm give the architecture here, the core stands below. */
        if (value_of(line, "model name", value, sizeof value) && strncmp(value, "ARMv", 4) != 0) {
            doubti_text_join(cpu, " + ", value);
            named = true;
        } else if (value_of(line, "CPU implementer", value, sizeof value)) {
            implementer = (unsigned)strtoul(value, NULL, 16);
        } else if (!named && value_of(line, "CPU part", value, sizeof value)) {
            add_arm_core(cpu, implementer, (unsigned)strtoul(value, NULL, 16));
        }
    }
done:
    free(info);
}

static void read_memory(const char *root, struct doubt_machine_number *memory)
{
    char info[4096], value[64];
    doubti_number_why(memory, "/proc/meminfo has no MemTotal");
    if (!doubti_root_read(root, "proc/meminfo", info, sizeof info))
        return;
    for (const char *line = info; *line; line = next_line(line))
        if (value_of(line, "MemTotal", value, sizeof value) && strtod(value, NULL) > 0)
            doubti_number_set(memory, strtod(value, NULL) * 1024);
}

static void read_kernel(const char *root, struct doubt_machine_text *kernel)
{
    char type[24], release[80], arch[80], text[192];
    struct utsname names;
    doubti_text_why(kernel, "/proc/sys/kernel/osrelease cannot be read");
    if (!doubti_root_read(root, "proc/sys/kernel/ostype", type, sizeof type) ||
        !doubti_root_read(root, "proc/sys/kernel/osrelease", release, sizeof release))
        return;
    /* Only later kernels say it in a file. */
    if (!doubti_root_read(root, "proc/sys/kernel/arch", arch, sizeof arch))
        snprintf(arch, sizeof arch, "%s", uname(&names) == 0 ? names.machine : "");
    snprintf(text, sizeof text, "%s %s %s", type, release, arch);
    doubti_text_set(kernel, text);
}

static void read_board(const char *root, struct doubt_machine_text *board)
{
    static const char *const parts[] = {"sys/class/dmi/id/sys_vendor",
                                        "sys/class/dmi/id/product_name"};
    char value[160];
    doubti_text_why(board, "neither a device tree nor DMI names it");
    if (doubti_root_read(root, "proc/device-tree/model", value, sizeof value) ||
        doubti_root_read(root, "sys/firmware/devicetree/base/model", value, sizeof value)) {
        doubti_text_set(board, value);
        return;
    }
    for (size_t i = 0; i < 2; i++)
        if (doubti_root_read(root, parts[i], value, sizeof value))
            doubti_text_join(board, " ", value);
}

/* The value of PRETTY_NAME without its quotes. */
static bool pretty_name(const char *text, char *out, size_t out_bytes)
{
    static const char key[] = "PRETTY_NAME=";
    for (const char *line = text; *line; line = next_line(line)) {
        if (strncmp(line, key, sizeof key - 1) != 0)
            continue;
        const char *at = line + sizeof key - 1;
        bool quoted = *at == '"' || *at == '\'';
        at += quoted;
        snprintf(out, out_bytes, "%.*s", (int)strcspn(at, quoted ? "\"'\n" : "\n"), at);
        return out[0] != '\0';
    }
    return false;
}

static void read_system(const char *root, struct doubt_machine_text *system)
{
    char text[2048], name[128];
    doubti_text_why(system, "/etc/os-release names none");
    if ((doubti_root_read(root, "etc/os-release", text, sizeof text) ||
         doubti_root_read(root, "usr/lib/os-release", text, sizeof text)) &&
        pretty_name(text, name, sizeof name))
        doubti_text_set(system, name);
    /* "# R32 (release), REVISION: 7.1, GCID: ..." */
    char release[16], revision[16];
    if (doubti_root_read(root, "etc/nv_tegra_release", text, sizeof text) &&
        sscanf(text, "# R%15[0-9] (release), REVISION: %15[0-9.]", release, revision) == 2) {
        snprintf(name, sizeof name, "L4T %s.%s", release, revision);
        doubti_text_join(system, ", ", name);
    }
}

void doubti_ident_read(const char *root, struct doubt_machine *out)
{
    read_cpu(root, &out->cpu);
    read_memory(root, &out->memory_bytes);
    read_kernel(root, &out->kernel);
    read_board(root, &out->board);
    read_system(root, &out->system);
}
