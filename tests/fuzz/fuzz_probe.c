/* fuzz_probe.c: any bytes in the files that probes, parts and state are read from.
 *
 * A unit of work is one file of a tree: the first byte picks it, the rest is its content. What
 * reads that file is called, and the other files are as usual. Seeds: seeds/probe.
 */
#include "machine/machine.h"
#include "machine/parts.h"
#include "machine/probe.h"

#include "tree.h"
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { IDENTITY = 1, STATE = 2, PARTS = 4 };

#define CPU0 "sys/devices/system/cpu/cpu0/"
#define HWMON "sys/class/hwmon/hwmon0/"
#define RAILS_4 "sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0/"
#define RAILS_5 "sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/"

/* Who reads each file: these, and probes of these kinds. */
static const struct {
    const char *path, *usual;
    int readers;
    const char *kinds[4];
} rows[] = {
    {"proc/self/status", "Name:\tx\nCpus_allowed_list:\t0-1\n", IDENTITY, {"cpufreq"}},
    {"proc/self/cgroup", "0::/a\n", IDENTITY, {"cgroup"}},
    {"proc/device-tree/compatible",
     "nvidia,jetson-nano nvidia,tegra210\n",
     IDENTITY | PARTS,
     {"memory-clock", "soctherm"}},
    {"proc/device-tree/model", "1\n", IDENTITY, {NULL}},
    {"proc/stat", "1\n", 0, {"load"}},
    {"proc/loadavg", "1\n", 0, {"load"}},
    {"proc/pressure/cpu", "1\n", 0, {"pressure"}},
    {"proc/cpuinfo", "1\n", IDENTITY, {NULL}},
    {"proc/meminfo", "1\n", IDENTITY, {NULL}},
    {"proc/driver/nvidia/version", "1\n", PARTS, {NULL}},
    {"etc/nv_tegra_release", "1\n", IDENTITY | PARTS, {NULL}},
    {"etc/os-release", "1\n", IDENTITY, {NULL}},
    {"var/lib/dpkg/status", "1\n", PARTS, {NULL}},
    {"sys/fs/cgroup/cpu.stat", "1\n", 0, {"cgroup"}},
    {"sys/class/thermal/thermal_zone0/type", "1\n", STATE, {"thermal"}},
    {"sys/class/thermal/thermal_zone0/temp", "1\n", STATE, {"thermal"}},
    {"sys/class/thermal/cooling_device0/cur_state", "1\n", 0, {"cooling"}},
    {HWMON "name", "1\n", STATE, {"hwmon", "fan"}},
    {HWMON "temp1_input", "1\n", STATE, {"hwmon"}},
    {HWMON "temp1_label", "1\n", 0, {"hwmon"}},
    {"sys/class/powercap/intel-rapl:0/energy_uj", "1\n", 0, {"powercap"}},
    {"sys/class/powercap/intel-rapl:0/max_energy_range_uj", "1\n", 0, {"powercap"}},
    {"sys/class/powercap/intel-rapl:0/name", "1\n", 0, {"powercap"}},
    {RAILS_4 "rail_name_0", "1\n", 0, {"ina3221"}},
    {RAILS_4 "in_power0_input", "1\n", 0, {"ina3221"}},
    {RAILS_5 "name", "1\n", 0, {"ina3221"}},
    {RAILS_5 "in1_label", "1\n", 0, {"ina3221"}},
    {RAILS_5 "in1_input", "1\n", 0, {"ina3221"}},
    {RAILS_5 "curr1_input", "1\n", 0, {"ina3221"}},
    {CPU0 "cpufreq/scaling_cur_freq", "1\n", STATE, {"cpufreq"}},
    {CPU0 "cpufreq/related_cpus", "0\n", 0, {"cpufreq"}},
    {"sys/class/devfreq/57000000.gpu/cur_freq", "1\n", 0, {"devfreq"}},
    {"sys/devices/platform/soc/soc:firmware/get_throttled", "1\n", 0, {"firmware"}},
    {CPU0 "cpufreq/scaling_max_freq", "1\n", STATE, {"cpufreq"}},
    {CPU0 "cpufreq/scaling_governor", "1\n", STATE, {NULL}},
    {"sys/devices/system/cpu/cpufreq/boost", "1\n", STATE, {NULL}},
    {"proc/sys/kernel/randomize_va_space", "2\n", STATE, {NULL}},
    {CPU0 "topology/core_id", "0\n", IDENTITY, {NULL}},
    {CPU0 "topology/physical_package_id", "0\n", IDENTITY, {NULL}},
    {"sys/fs/cgroup/cpu.max", "max 100000\n", IDENTITY, {NULL}},
    {"sys/class/dmi/id/product_name", "1\n", IDENTITY, {NULL}},
    {"run/systemd/container", "1\n", IDENTITY, {NULL}},
    {"proc/sys/kernel/osrelease", "1\n", IDENTITY, {NULL}},
    {"sys/class/drm/card0/device/vendor", "1\n", PARTS, {NULL}},
    {"sys/class/thermal/cooling_device0/max_state", "1\n", 0, {"cooling"}},
    {"sys/class/thermal/cooling_device0/type", "1\n", 0, {"cooling"}},
    {HWMON "pwm1", "1\n", 0, {"fan"}},
    {HWMON "oc1_event_cnt", "1\n", 0, {"soctherm"}},
    {"sys/kernel/debug/clk/override.emc/clk_rate", "1\n", 0, {"memory-clock"}},
    {"sys/kernel/debug/tegra_bwmgr/emc_max_rate", "1\n", 0, {"memory-clock"}},
    {"sys/devices/gpu.0/load", "1\n", 0, {"gpu-load"}},
    {"sys/class/devfreq/57000000.gpu/max_freq", "1\n", 0, {"devfreq"}},
};
enum { FILES = sizeof rows / sizeof rows[0] };

static struct tree_file files[FILES];

static void start(void)
{
    for (size_t i = 0; i < FILES; i++) {
        files[i].path = rows[i].path;
        files[i].usual = rows[i].usual;
    }
    tree_make(files, FILES);
}

static void read_probes(const char *const *kinds)
{
    struct doubt_probes probes;
    if (doubt_probes_open(tree_root, kinds, &probes, NULL) != DOUBT_OK)
        return;
    for (size_t i = 0; i < probes.count; i++) {
        double value = doubt_probe_read(&probes.items[i]);
        /* A value or a reason, never both, never neither. */
        if (isnan(value) == (probes.items[i].why[0] == '\0'))
            abort();
    }
    doubt_probes_close(&probes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct doubt_machine machine;
    static struct doubt_machine_state state;
    static struct doubt_machine_parts parts;
    char text[512];
    if (tree_root[0] == '\0')
        start();
    if (size < 1)
        return 0;
    size_t which = data[0] % FILES;
    tree_write(&files[which], data + 1, size - 1);
    if (rows[which].kinds[0] != NULL)
        read_probes(rows[which].kinds);
    if ((rows[which].readers & IDENTITY) != 0) {
        doubt_machine_identify(tree_root, &machine);
        doubt_machine_line(&machine, text, sizeof text);
    }
    if ((rows[which].readers & STATE) != 0) {
        doubt_machine_read_state(tree_root, &state);
        if (isinf(state.temperature_c.value))
            abort();
        doubt_machine_uncontrolled(&machine, &state, text, sizeof text);
    }
    if ((rows[which].readers & PARTS) != 0)
        doubt_machine_read_parts(tree_root, &parts);
    tree_usual(&files[which]);
    return 0;
}
