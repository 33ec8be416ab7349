/* virtual.c: is there a hypervisor or a container around this process?
 *
 * A unit of work is one hint: a file that such an environment leaves. A hint's absence proves
 * nothing; "none" means that no hint was found. Not a security check.
 */
#include "machine/machine_int.h"

#include "util/file.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file, what it contains in that case (NULL: it exists), and what that means. */
struct hint {
    const char *path, *contains, *means;
};

static const struct hint hypervisors[] = {
    {"sys/class/dmi/id/sys_vendor", "Amazon EC2", "Amazon EC2"},
    {"sys/class/dmi/id/product_name", "Google Compute Engine", "Google Compute Engine"},
    {"sys/class/dmi/id/sys_vendor", "QEMU", "QEMU"},
    {"sys/class/dmi/id/product_name", "KVM", "KVM"},
    {"sys/class/dmi/id/product_name", "VMware", "VMware"},
    {"sys/class/dmi/id/product_name", "VirtualBox", "VirtualBox"},
    {"sys/class/dmi/id/product_name", "Virtual Machine", "Hyper-V"},
    {"sys/class/dmi/id/sys_vendor", "Xen", "Xen"},
    {"sys/class/dmi/id/sys_vendor", "Parallels", "Parallels"},
    {"sys/class/dmi/id/product_name", "BHYVE", "bhyve"},
    {"proc/sys/kernel/osrelease", "microsoft", "WSL"},
    {"proc/device-tree/hypervisor/compatible", "xen", "Xen"},
    {"proc/device-tree/hypervisor/compatible", "kvm", "KVM"},
    {"proc/device-tree/compatible", "linux,dummy-virt", "QEMU"},
    {"sys/hypervisor/type", "xen", "Xen"},
};

static const struct hint containers[] = {
    {".dockerenv", NULL, "docker"},
    {"run/.containerenv", NULL, "podman"},
    {"proc/1/cgroup", "docker", "docker"},
    {"proc/1/cgroup", "kubepods", "kubernetes"},
    {"proc/1/cgroup", "/lxc", "lxc"},
    {"proc/self/cgroup", "/docker", "docker"},
    {"proc/self/cgroup", "kubepods", "kubernetes"},
};

static bool applies(const char *root, const struct hint *hint)
{
    char text[4096], path[DOUBTI_PATH_BYTES];
    if (hint->contains == NULL)
        return doubti_root_path(root, hint->path, path) && doubt_file_exists(path);
    return doubti_root_read(root, hint->path, text, sizeof text) &&
           strstr(text, hint->contains) != NULL;
}

static const char *first_of(const char *root, const struct hint *hints, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (applies(root, &hints[i]))
            return hints[i].means;
    return NULL;
}

/* A flag of the CPU that only a hypervisor sets; bare-metal instances share their vendor's name. */
static bool has_hypervisor_flag(const char *root)
{
    char *info = malloc(65536);
    bool found = info != NULL && doubti_root_read(root, "proc/cpuinfo", info, 65536) &&
                 strstr(info, " hypervisor") != NULL;
    free(info);
    return found;
}

static bool is_x86(const char *root)
{
    char info[4096];
    return doubti_root_read(root, "proc/cpuinfo", info, sizeof info) &&
           strstr(info, "\nflags") != NULL;
}

static const char *find_hypervisor(const char *root)
{
    const char *name = first_of(root, hypervisors, sizeof hypervisors / sizeof hypervisors[0]);
    if (is_x86(root) && !has_hypervisor_flag(root))
        return NULL;
    if (name == NULL && has_hypervisor_flag(root))
        return "";
    return name;
}

/* systemd's containers name themselves in a file; the others are found by their traces. */
static bool find_container(const char *root, char *out, size_t out_bytes)
{
    if (doubti_root_read(root, "run/systemd/container", out, out_bytes))
        return true;
    const char *name = first_of(root, containers, sizeof containers / sizeof containers[0]);
    snprintf(out, out_bytes, "%s", name ? name : "");
    return name != NULL;
}

void doubti_virtual_read(const char *root, struct doubt_machine *out)
{
    char text[128], container[48];
    const char *name = find_hypervisor(root);
    out->is_virtual = name != NULL;
    out->is_container = find_container(root, container, sizeof container);
    doubti_text_set(&out->virtual_machine, "");
    if (name != NULL) {
        snprintf(text, sizeof text, "%s%svirtual machine", name, name[0] ? " " : "");
        doubti_text_join(&out->virtual_machine, ", ", text);
    }
    if (out->is_container) {
        snprintf(text, sizeof text, "%s container", container);
        doubti_text_join(&out->virtual_machine, ", ", text);
    }
    if (!out->is_virtual && !out->is_container)
        doubti_text_set(&out->virtual_machine, "none");
}
