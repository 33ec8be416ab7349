/* fuzz_probe.c: any bytes in the files that probes, parts and state are read from.
 *
 * A unit of work is one file of a tree: the first byte picks it, the rest is its content. The tree
 * is a copy of tests/fake/ made once, so that the other files are as they should be.
 */
#include "machine/machine.h"
#include "machine/parts.h"
#include "machine/probe.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const paths[] = {
    "proc/self/status",
    "proc/self/cgroup",
    "proc/device-tree/compatible",
    "proc/device-tree/model",
    "proc/stat",
    "proc/loadavg",
    "proc/pressure/cpu",
    "proc/cpuinfo",
    "proc/meminfo",
    "proc/driver/nvidia/version",
    "etc/nv_tegra_release",
    "etc/os-release",
    "var/lib/dpkg/status",
    "sys/fs/cgroup/cpu.stat",
    "sys/class/thermal/thermal_zone0/type",
    "sys/class/thermal/thermal_zone0/temp",
    "sys/class/thermal/cooling_device0/cur_state",
    "sys/class/hwmon/hwmon0/name",
    "sys/class/hwmon/hwmon0/temp1_input",
    "sys/class/hwmon/hwmon0/temp1_label",
    "sys/class/powercap/intel-rapl:0/energy_uj",
    "sys/class/powercap/intel-rapl:0/max_energy_range_uj",
    "sys/class/powercap/intel-rapl:0/name",
    "sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0/rail_name_0",
    "sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0/in_power0_input",
    "sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/name",
    "sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/in1_label",
    "sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/in1_input",
    "sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/curr1_input",
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq",
    "sys/devices/system/cpu/cpu0/cpufreq/related_cpus",
    "sys/class/devfreq/57000000.gpu/cur_freq",
    "sys/devices/platform/soc/soc:firmware/get_throttled",
};
enum { PATHS = sizeof paths / sizeof paths[0] };

static char root[] = "/tmp/doubt-fuzz-probe-XXXXXX";

static void put(const char *path, const void *data, size_t size)
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", root, path);
    for (char *c = full + 1; *c; c++)
        if (*c == '/') {
            *c = '\0';
            mkdir(full, 0700);
            *c = '/';
        }
    int fd = open(full, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    close(fd);
}

static void make_tree(void)
{
    static const char one[] = "1\n", status[] = "Name:\tx\nCpus_allowed_list:\t0-3\n";
    if (mkdtemp(root) == NULL)
        abort();
    for (size_t i = 0; i < PATHS; i++)
        put(paths[i], one, sizeof one - 1);
    put(paths[0], status, sizeof status - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int made;
    static struct doubt_machine machine;
    static struct doubt_machine_state state;
    static struct doubt_machine_parts parts;
    struct doubt_probes probes;
    char text[512];
    if (!made)
        make_tree();
    made = 1;
    if (size < 1)
        return 0;
    const char *path = paths[data[0] % PATHS];
    put(path, data + 1, size - 1);
    if (doubt_probes_open(root, NULL, &probes, NULL) == DOUBT_OK) {
        for (size_t i = 0; i < probes.count; i++) {
            double value = doubt_probe_read(&probes.items[i]);
            /* A value or a reason, never both, never neither. */
            if (isnan(value) == (probes.items[i].why[0] == '\0'))
                abort();
        }
        doubt_probes_close(&probes);
    }
    doubt_machine_identify(root, &machine);
    doubt_machine_read_state(root, &state);
    doubt_machine_read_parts(root, &parts);
    doubt_machine_line(&machine, text, sizeof text);
    doubt_machine_uncontrolled(&machine, &state, text, sizeof text);
    put(path, "1\n", 2);
    if (path == paths[0])
        put(path, "Name:\tx\nCpus_allowed_list:\t0-3\n", 31);
    return 0;
}
