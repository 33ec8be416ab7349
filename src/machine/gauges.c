/* gauges.c: temperatures and clocks, read again and again at little cost.
 *
 * A unit of work is one read at offset 0 of a file that stays open: thermal zones, temperature
 * inputs of hwmon, and the CPUs' scaling_cur_freq. A sensor without power answers EAGAIN and is
 * passed over. Not for limits and governors (state.c).
 */
#include "machine/machine_int.h"
#include "machine/probe_int.h"

#include "util/str.h"
#include <fcntl.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Names that stand for no sensor: Tegra's PMIC-Die says 100 degrees on every board, always. */
static bool is_no_sensor(const char *name)
{
    return strcmp(name, "PMIC-Die") == 0;
}

/* The sensor's name: file `name` in its folder. */
static void name_sensor(const char *path, const char *name, char *out, size_t out_bytes)
{
    char folder[DOUBTI_PATH_BYTES];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        *slash = '\0';
    if (!doubti_root_read(folder, name, out, out_bytes))
        doubt_str_copy(out, out_bytes, "unnamed sensor");
}

static void open_sensors(const char *root, const char *pattern, const char *name,
                         struct doubt_gauges *gauges)
{
    char full[DOUBTI_PATH_BYTES];
    glob_t found;
    if (!doubti_root_path(root, pattern, full) || glob(full, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        size_t n = gauges->sensor_count;
        if (n == DOUBT_GAUGE_SENSORS_MAX)
            break;
        int fd = open(found.gl_pathv[i], O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        name_sensor(found.gl_pathv[i], name, gauges->sensor_name[n], sizeof gauges->sensor_name[n]);
        if (is_no_sensor(gauges->sensor_name[n])) {
            close(fd);
            continue;
        }
        gauges->sensor_fd[n] = fd;
        gauges->sensor_count++;
    }
    globfree(&found);
}

static void open_clocks(const char *root, struct doubt_gauges *gauges)
{
    struct doubti_cpus cpus;
    char path[96], full[DOUBTI_PATH_BYTES];
    if (!doubti_cpus_allowed(root, &cpus))
        return;
    for (int i = 0; i < DOUBTI_CPUS_MAX && gauges->clock_count < DOUBT_GAUGE_CLOCKS_MAX; i++) {
        if (!doubti_cpus_has(&cpus, i))
            continue;
        snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/scaling_cur_freq", i);
        int fd = doubti_root_path(root, path, full) ? open(full, O_RDONLY | O_CLOEXEC) : -1;
        if (fd >= 0)
            gauges->clock_fd[gauges->clock_count++] = fd;
    }
}

void doubt_gauges_open(const char *root, struct doubt_gauges *gauges)
{
    memset(gauges, 0, sizeof *gauges);
    open_sensors(root, "sys/class/thermal/thermal_zone*/temp", "type", gauges);
    open_sensors(root, "sys/class/hwmon/hwmon*/temp*_input", "name", gauges);
    open_clocks(root, gauges);
}

static bool read_number(int fd, double *out)
{
    char text[32], *end;
    ssize_t got = doubti_probe_pread(fd, text, sizeof text - 1, 0);
    if (got <= 0)
        return false;
    text[got] = '\0';
    *out = strtod(text, &end);
    return end != text && isfinite(*out);
}

void doubt_gauges_read(const struct doubt_gauges *gauges, struct doubt_gauge_reading *out)
{
    double value, sum = 0;
    size_t clocks = 0;
    *out = (struct doubt_gauge_reading){.temperature_c = NAN, .frequency_hz = NAN, .sensor = ""};
    for (size_t i = 0; i < gauges->sensor_count; i++) {
        /* Exactly 0, and what no chip survives, are what a sensor without a value gives. */
        if (!read_number(gauges->sensor_fd[i], &value) || value == 0 || fabs(value) > 200e3)
            continue;
        if (isnan(out->temperature_c) || value / 1e3 > out->temperature_c) {
            out->temperature_c = value / 1e3;
            out->sensor = gauges->sensor_name[i];
        }
    }
    for (size_t i = 0; i < gauges->clock_count; i++)
        if (read_number(gauges->clock_fd[i], &value) && value > 0) {
            sum += value * 1e3;
            clocks++;
        }
    if (clocks > 0)
        out->frequency_hz = sum / (double)clocks;
}

void doubt_gauges_close(struct doubt_gauges *gauges)
{
    for (size_t i = 0; i < gauges->sensor_count; i++)
        close(gauges->sensor_fd[i]);
    for (size_t i = 0; i < gauges->clock_count; i++)
        close(gauges->clock_fd[i]);
    gauges->sensor_count = gauges->clock_count = 0;
}
