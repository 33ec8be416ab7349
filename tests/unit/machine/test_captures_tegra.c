/* test_captures_tegra.c: what programs and the kernel of real boards print (tests/data/jetson/),
 * against what the probes read of the trees of the same boards.
 *
 * A unit of work is one line of a capture. The captures are the truth: names, units and values that
 * they print must be those of the probes.
 */
#include "machine/knob.h"
#include "machine/machine.h"
#include "machine/parts.h"
#include "machine/probe.h"

#include "capture.h"
#include <ctype.h>
#include <sys/wait.h>

/* --- tegrastats ---------------------------------------------------------------------------- */

/* Which tree is of the board that a heading names. A module of the same chip has its temperatures,
 * but rails of its own. */
static const struct board {
    const char *file, *heading, *tree;
    bool other_rails;
} boards[] = {
    {"tegrastats/nano.txt", "## ", "jetson-nano", false},
    {"tegrastats/tx1-tx2.txt", "## TX2,", "jetson-tx2", false},
    {"tegrastats/xavier.txt", "## Xavier NX", "jetson-xavier-nx", false},
    {"tegrastats/orin-thor.txt", "## AGX Orin, L4T 35", "jetson-agx-orin-jp5", false},
    {"tegrastats/orin-thor.txt", "## Orin N", "jetson-agx-orin-jp6", true},
};

struct seen {
    int temperatures, rails, clocks, loads, lines;
};

static bool begins(const char *text, const char *with)
{
    return strncasecmp(text, with, strlen(with)) == 0;
}

/* "CPU" is the zone "CPU-therm", "cpu-thermal" or "CPU_tegra"; "thermal" is "thermal-fan-est". */
static struct doubt_probe *zone_of(struct doubt_probes *probes, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < probes->count; i++) {
        const char *zone = probes->items[i].name;
        if (strcmp(probes->items[i].kind->name, "thermal") == 0 && begins(zone, name) &&
            (begins(zone + len, "-") || begins(zone + len, "_tegra")))
            return &probes->items[i];
    }
    return NULL;
}

/* On a TX2 tegrastats shortens the labels: "VDD_CPU" is VDD_SYS_CPU, "VDD_WIFI" VDD_4V0_WIFI. */
static struct doubt_probe *rail_of(struct doubt_probes *probes, const char *name)
{
    static const char *const middles[] = {"", "SYS_", "4V0_"};
    char label[64];
    struct doubt_probe *found = NULL;
    for (size_t i = 0; found == NULL && i < sizeof middles / sizeof middles[0]; i++) {
        bool short_one = i > 0 && strncmp(name, "VDD_", 4) == 0;
        snprintf(label, sizeof label, "%s%s%s", short_one ? "VDD_" : "",
                 short_one ? middles[i] : "", short_one ? name + 4 : name);
        found = by_name(probes, "ina3221", label);
    }
    return found;
}

/* "CPU@44C" and "cpu@45.812C/45.812C": the zone with that name says it, in thousandths. */
static bool check_temperature(const struct tree *tree, struct doubt_probes *probes,
                              const char *word)
{
    char name[32], end, value[32];
    double celsius;
    if (sscanf(word, "%31[A-Za-z0-9]@%lf%c", name, &celsius, &end) != 3 || end != 'C')
        return false;
    struct doubt_probe *zone = zone_of(probes, name);
    if (zone == NULL) {
        /* A card's sensor, and one that not every release of the TX2 has (sysfs/other-thermal). */
        if (strcmp(name, "iwlwifi") != 0 && strcmp(name, "AO") != 0)
            fail_msg("no thermal zone for %s", word);
        return false;
    }
    struct stat file;
    char path[320];
    snprintf(path, sizeof path, "%s%s", tree->root, zone->path);
    /* A folder in the file's place: a read fails there, as of a unit without power. */
    if (stat(path, &file) == 0 && S_ISDIR(file.st_mode))
        return true;
    snprintf(value, sizeof value, "%.0f", celsius * 1e3);
    tree_put(tree, zone->path + 1, value);
    if (strcmp(name, "PMIC") == 0 || celsius <= -200)
        assert_true(isnan(doubt_probe_read(zone)));
    else
        assert_reads(zone, word, celsius);
    return true;
}

/* "POM_5V_IN" before "4122/3107": a rail of the board, and no name that only tegrastats has. */
static bool check_rail(struct doubt_probes *probes, const char *name, const char *word)
{
    double now, mean;
    if (sscanf(word, "%lf%*[mW]/%lf", &now, &mean) < 2 && sscanf(word, "%lf/%lf", &now, &mean) < 2)
        return false;
    if (strpbrk(word, "Bk(") != NULL || strcmp(name, "NC") == 0)
        return false;
    struct doubt_probe *rail = rail_of(probes, name);
    if (rail == NULL)
        fail_msg("no rail for %s %s", name, word);
    assert_int_equal(rail->quantity, DOUBT_PROBE_POWER);
    assert_true(doubt_probe_read(rail) >= 0);
    return true;
}

/* "[16%@1479,off,...]": core n of the board runs at so many MHz. */
static int check_clocks(const struct tree *tree, struct doubt_probes *probes, char *word)
{
    int core = 0, checked = 0;
    char *save = NULL;
    for (char *one = strtok_r(word, "[],", &save); one != NULL;
         one = strtok_r(NULL, "[],", &save), core++) {
        char name[32], path[96], value[32];
        double percent, megahertz;
        if (sscanf(one, "%lf%%@%lf", &percent, &megahertz) != 2)
            continue;
        snprintf(name, sizeof name, "cpu%d clock", core);
        snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d", core);
        if (by_name(probes, "cpufreq", name) == NULL) {
            /* A core of its cluster's first one; there is such a core. */
            char full[160];
            snprintf(full, sizeof full, "%s/%s", tree->root, path);
            assert_int_equal(access(full, F_OK), 0);
            continue;
        }
        struct doubt_probe *clock = by_name(probes, "cpufreq", name);
        snprintf(value, sizeof value, "%.0f", megahertz * 1e3);
        tree_put(tree, clock->path + 1, value);
        assert_reads(clock, one, megahertz * 1e6);
        checked++;
    }
    return checked;
}

/* "EMC_FREQ 4%@1600" in MHz, "GR3D_FREQ 28%@76" in per cent. */
static int check_gpu(const struct tree *tree, struct doubt_probes *probes, const char *name,
                     const char *word)
{
    double percent, megahertz;
    char value[32];
    int got = sscanf(word, "%lf%%@%lf", &percent, &megahertz);
    const char *kind = strcmp(name, "EMC_FREQ") == 0    ? "memory-clock"
                       : strcmp(name, "GR3D_FREQ") == 0 ? "gpu-load"
                                                        : "";
    struct doubt_probe *probe = NULL;
    for (size_t i = 0; i < probes->count && probe == NULL; i++)
        if (strcmp(probes->items[i].kind->name, kind) == 0)
            probe = &probes->items[i];
    if (probe == NULL || probe->path[0] == '\0' || got < 1 ||
        (got < 2 && strcmp(kind, "memory-clock") == 0))
        return 0;
    bool load = strcmp(kind, "gpu-load") == 0;
    snprintf(value, sizeof value, "%.0f", load ? percent * 10 : megahertz * 1e6);
    tree_put(tree, probe->path + 1, value);
    assert_reads(probe, word, load ? percent / 100 : megahertz * 1e6);
    return 1;
}

/* "RAM 1501/3956MB": the board's memory, as its tree has it; releases differ by less than 1 %. */
static void check_memory(const struct tree *tree, const char *word)
{
    struct doubt_machine machine;
    double used, all;
    if (sscanf(word, "%lf/%lfMB", &used, &all) != 2)
        return;
    doubt_machine_identify(tree->root, &machine);
    if (fabs(machine.memory_bytes.value / 1048576 - all) > 0.01 * all)
        fail_msg("%s, and the tree has %.0f MB", word, machine.memory_bytes.value / 1048576);
}

static void check_line(const struct board *board, char *line, struct seen *seen)
{
    struct tree tree = tree_new(board->tree);
    struct doubt_probes probes;
    char *save = NULL, before[64] = "";
    open_probes(&tree, &probes);
    for (char *word = strtok_r(line, " \n", &save); word != NULL;
         word = strtok_r(NULL, " \n", &save)) {
        char kept[64];
        snprintf(kept, sizeof kept, "%.63s", word);
        if (check_temperature(&tree, &probes, word))
            seen->temperatures++;
        else if (strcmp(before, "CPU") == 0 && word[0] == '[')
            seen->clocks += check_clocks(&tree, &probes, word);
        else if (strcmp(before, "RAM") == 0 && !board->other_rails)
            check_memory(&tree, word);
        else if (strstr(before, "_FREQ") != NULL)
            seen->loads += check_gpu(&tree, &probes, before, word);
        else if (isupper((unsigned char)before[0]) && !board->other_rails)
            seen->rails += check_rail(&probes, before, word);
        snprintf(before, sizeof before, "%s", kept);
    }
    seen->lines++;
    doubt_probes_close(&probes);
    tree_free(&tree);
}

static void tegrastats_names_what_the_probes_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++) {
        char line[2048];
        bool here = false;
        struct seen seen = {0};
        FILE *file = open_capture(boards[i].file);
        while (fgets(line, sizeof line, file) != NULL) {
            if (line[0] == '#')
                here = begins(line, boards[i].heading) || (here && begins(line, "## same board"));
            else if (here)
                check_line(&boards[i], line, &seen);
        }
        fclose(file);
        if (seen.lines < 1 || seen.temperatures < 5 || seen.clocks < 1 || seen.loads < 1 ||
            (seen.rails < 3 && !boards[i].other_rails))
            fail_msg("%s: %d lines, %d temperatures, %d rails, %d clocks, %d loads", boards[i].tree,
                     seen.lines, seen.temperatures, seen.rails, seen.clocks, seen.loads);
    }
}

/* --- the kernel ---------------------------------------------------------------------------- */

/* "Linux board 4.9.253-tegra #1 SMP ... aarch64 ...": the tree's kernel is the one that ran. */
static void uname_is_the_kernel(void **state)
{
    (void)state;
    struct tree tree = tree_new("jetson-nano");
    struct doubt_machine machine;
    char type[32], host[32], release[64], rest[256], wanted[160];
    FILE *file = open_capture("ident/nano-uname.txt");
    assert_int_equal(fscanf(file, "%31s %31s %63s %255[^\n]", type, host, release, rest), 4);
    fclose(file);
    assert_non_null(strstr(rest, " aarch64 "));
    snprintf(wanted, sizeof wanted, "%s %s aarch64", type, release);
    doubt_machine_identify(tree.root, &machine);
    assert_string_equal(machine.kernel.text, wanted);
    /* And it is the one of the tree's release. */
    struct doubt_machine_parts parts;
    struct row row;
    bool found = false;
    doubt_machine_read_parts(tree.root, &parts);
    for (file = open_capture("ident/kernel-by-release.tsv"); next_row(file, &row);) {
        char l4t[64];
        snprintf(l4t, sizeof l4t, "L4T %s,", row.columns[0]);
        found = found || (strncmp(parts.release.text, l4t, strlen(l4t)) == 0 &&
                          strncmp(row.columns[1], release, strlen(release)) == 0);
    }
    assert_true(found);
    tree_free(&tree);
}

/* "On-line CPU(s) list:  0,1" */
static void lscpu_value(const char *key, char *out, size_t out_bytes)
{
    char line[256];
    FILE *file = open_capture("ident/nano-lscpu-5w.txt");
    out[0] = '\0';
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, key, strlen(key)) == 0 && line[strlen(key)] == ':')
            snprintf(out, out_bytes, "%s",
                     line + strlen(key) + 1 + strspn(line + strlen(key) + 1, " "));
    fclose(file);
    out[strcspn(out, "\n")] = '\0';
    if (out[0] == '\0')
        fail_msg("lscpu has no %s", key);
}

static double number_in(const struct tree *tree, const char *path)
{
    char full[256];
    double number = NAN;
    snprintf(full, sizeof full, "%s/%s", tree->root, path);
    FILE *file = fopen(full, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lf", &number), 1);
    fclose(file);
    return number;
}

/* "0,1" */
static bool is_listed(const char *list, int cpu)
{
    char copy[64];
    snprintf(copy, sizeof copy, "%s", list);
    for (char *at = copy, *one; (one = strsep(&at, ",")) != NULL;)
        if (atoi(one) == cpu)
            return true;
    return false;
}

/* A Nano in its 5 W mode: the fake one, set to that mode, is what lscpu said of a real one. */
static void lscpu_is_the_board_in_its_mode(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    struct doubt_machine machine;
    struct doubt_machine_state now;
    char text[64], list[64], line[192];
    snprintf(line, sizeof line, "sh %smake-nano.sh %s 1 >/dev/null 2>&1", FAKE, tree.root);
    assert_int_equal(system(line), 0);
    lscpu_value("CPU(s)", text, sizeof text);
    lscpu_value("On-line CPU(s) list", list, sizeof list);
    for (int cpu = 0; cpu < atoi(text); cpu++) {
        snprintf(line, sizeof line, "sys/devices/system/cpu/cpu%d/online", cpu);
        assert_true(number_in(&tree, line) == is_listed(list, cpu));
    }
    /* What the kernel lets a process use is what is online. */
    snprintf(line, sizeof line, "Name:\tdoubt\nCpus_allowed_list:\t%s\n", list);
    tree_put(&tree, "proc/self/status", line);
    doubt_machine_identify(tree.root, &machine);
    doubt_machine_read_state(tree.root, &now);
    lscpu_value("Core(s) per socket", text, sizeof text);
    if (machine.cpus.value != atof(text) || machine.cores.value != atof(text))
        fail_msg("%g CPUs on %g cores, not %s", machine.cpus.value, machine.cores.value, text);
    lscpu_value("Model name", text, sizeof text);
    assert_non_null(strstr(machine.cpu.text, text));
    /* Of the chip, not of the mode; its comma is the locale's. */
    lscpu_value("CPU max MHz", text, sizeof text);
    double chip_khz = number_in(&tree, "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq");
    assert_true(chip_khz == atof(text) * 1e3);
    assert_true(now.frequency_max_hz.value < chip_khz * 1e3);
    lscpu_value("CPU min MHz", text, sizeof text);
    chip_khz = number_in(&tree, "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_min_freq");
    assert_true(chip_khz == atof(text) * 1e3);
    tree_free(&tree);
}

/* "Registering thermal zone thermal_zone2 for type GPU-therm", "gpu-throttle-alert cooling device
 * registered", "cpu0,cur:862000,set:1728000": the number of a zone, the part that a device cools,
 * the two clocks of a core that is held. */
static void the_kernel_log_names_zones_devices_and_clocks(void **state)
{
    (void)state;
    struct tree tree = tree_new("jetson-nano");
    struct doubt_probes probes;
    char line[256], zone[48], type[48], device[48], value[32], path[128];
    int zones = 0, coolers = 0, clocks = 0, cpu, now, asked;
    FILE *file = open_capture("sysfs/kernel-log.txt");
    while (fgets(line, sizeof line, file) != NULL) {
        const char *at = strchr(line, ']') != NULL ? strchr(line, ']') + 1 : line;
        if (sscanf(at, " thermal %*[^:]: Registering thermal zone %47s for type %47s", zone,
                   type) == 2) {
            open_probes(&tree, &probes);
            snprintf(path, sizeof path, "/sys/class/thermal/%s/temp", zone);
            struct doubt_probe *probe = by_path(&probes, path);
            assert_non_null(probe);
            assert_string_equal(probe->name, type);
            assert_int_equal(probe->part, DOUBT_PROBE_GPU);
            doubt_probes_close(&probes);
            zones++;
        } else if (strstr(at, "cooling device registered") != NULL) {
            assert_int_equal(sscanf(at, " %47s cooling", device), 1);
            tree_put(&tree, "sys/class/thermal/cooling_device0/type", device);
            tree_put(&tree, "sys/class/thermal/cooling_device0/cur_state", "1");
            open_probes(&tree, &probes);
            snprintf(path, sizeof path, "%s 0", device);
            assert_reads(by_name(&probes, "cooling", path), path, 1);
            assert_int_equal(by_name(&probes, "cooling", path)->part, DOUBT_PROBE_GPU);
            doubt_probes_close(&probes);
            coolers++;
        } else if (sscanf(at, "cpufreq: cpu%d,cur:%d,set:%d", &cpu, &now, &asked) == 3) {
            snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/cpuinfo_cur_freq",
                     cpu);
            snprintf(value, sizeof value, "%d", now);
            tree_put(&tree, path, value);
            snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/scaling_cur_freq",
                     cpu);
            snprintf(value, sizeof value, "%d", asked);
            tree_put(&tree, path, value);
            open_probes(&tree, &probes);
            snprintf(path, sizeof path, "cpu%d clock", cpu);
            assert_reads(by_name(&probes, "cpufreq", path), path, asked * 1e3);
            snprintf(path, sizeof path, "cpu%d clock, measured", cpu);
            assert_reads(by_name(&probes, "cpufreq", path), path, now * 1e3);
            doubt_probes_close(&probes);
            clocks++;
        }
    }
    fclose(file);
    assert_true(zones == 1 && coolers == 1 && clocks == 1);
    tree_free(&tree);
}

/* --- who may read the rails ---------------------------------------------------------------- */

enum { READ = 1, ROOT_ONLY = 2, NO_RAIL = 3, OTHERWISE = 4 };

static int look_at_rail(const struct tree *tree)
{
    struct doubt_probes probes;
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_probes_open(tree->root, NULL, &probes, &err) != DOUBT_OK)
        return OTHERWISE;
    struct doubt_probe *rail = by_name(&probes, "ina3221", "POM_5V_IN");
    int result = OTHERWISE;
    if (rail == NULL)
        result = NO_RAIL;
    else if (doubt_probe_read(rail) == 2.104)
        result = READ;
    else if (strcmp(rail->why, "readable by root only") == 0)
        result = ROOT_ONLY;
    doubt_probes_close(&probes);
    return result;
}

/* As a user without rights. */
static int look_as_nobody(const struct tree *tree)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(OTHERWISE);
        _exit(look_at_rail(tree));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : OTHERWISE;
}

/* What was stated of who can read: a mode of the files. -1: no files; -2: not told. */
static int mode_of(const char *stated)
{
    if (strstr(stated, "no node") != NULL)
        return -1;
    if (strstr(stated, "user not stated") != NULL)
        return -2;
    if (strstr(stated, "660") != NULL)
        return 0660;
    bool denied = strstr(stated, "no rails") != NULL || strstr(stated, "not readable") != NULL ||
                  strstr(stated, "chmod") != NULL;
    return denied ? 0600 : 0644;
}

static void rails_are_read_by_those_who_may(void **state)
{
    (void)state;
    struct row row;
    int denied = 0, allowed = 0;
    for (FILE *file = open_capture("ina3221/permissions.tsv"); next_row(file, &row);) {
        struct tree tree = tree_new(NULL);
        char path[160];
        int mode = mode_of(row.columns[2]);
        static const char folder[] = "sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0";
        assert_int_equal(chmod(tree.root, 0755), 0);
        if (mode >= 0) {
            snprintf(path, sizeof path, "%s/rail_name_0", folder);
            tree_put(&tree, path, "POM_5V_IN");
            snprintf(path, sizeof path, "%s/in_power0_input", folder);
            tree_put(&tree, path, "2104");
            snprintf(path, sizeof path, "%s/%s/in_power0_input", tree.root, folder);
            /* Without root nobody is this user, who owns the file. */
            mode_t own = geteuid() == 0 || (mode & 4) != 0 ? (mode_t)mode : 0;
            assert_int_equal(chmod(path, own), 0);
        }
        int wanted = mode < 0 ? NO_RAIL : (mode & 4) != 0 ? READ : ROOT_ONLY;
        if (look_as_nobody(&tree) != wanted)
            fail_msg("%s %s: %s", row.columns[0], row.columns[1], row.columns[2]);
        /* The page's table: "JetPack 4.6: yes". */
        bool newest = strstr(row.columns[1], "4.6") != NULL || strstr(row.columns[1], "32.6") ||
                      strstr(row.columns[1], "32.7");
        if (newest && mode >= 0)
            assert_int_equal(mode & 4, 0);
        denied += mode >= 0 && (mode & 4) == 0;
        allowed += mode >= 0 && (mode & 4) != 0;
        tree_free(&tree);
    }
    assert_true(denied >= 8 && allowed >= 3);
}

/* --- programs and libraries ---------------------------------------------------------------- */

/* "nvpmodel  /usr/sbin/nvpmodel": it is found there, and its modes' names where its file says. */
static void programs_are_where_they_were_seen(void **state)
{
    (void)state;
    struct row row;
    char program[160] = "", conf[160] = "";
    for (FILE *file = open_capture("ident/paths.tsv"); next_row(file, &row);) {
        if (strcmp(row.columns[0], "nvpmodel") == 0)
            snprintf(program, sizeof program, "%s", row.columns[1]);
        if (strcmp(row.columns[0], "nvpmodel conf") == 0)
            snprintf(conf, sizeof conf, "%.*s", (int)strcspn(row.columns[1], " "), row.columns[1]);
    }
    struct tree tree = tree_new(NULL);
    const struct doubt_knob *knob = NULL;
    struct doubt_knob_reading reading;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_knob_find("mode", &knob, &err), DOUBT_OK);
    doubt_knob_read(tree.root, knob, &reading);
    assert_string_equal(reading.why_not, "there is no nvpmodel");
    tree_put(&tree, program + 1, "#!/bin/sh\n");
    snprintf(err.text, sizeof err.text, "%s%s", tree.root, program);
    assert_int_equal(chmod(err.text, 0755), 0);
    tree_put(&tree, conf + 1, "< POWER_MODEL ID=0 NAME=MAXN >\n< POWER_MODEL ID=1 NAME=5W >\n");
    tree_put(&tree, "var/lib/nvpmodel/status", "pmode:0001 fmode:fanNull");
    doubt_knob_read(tree.root, knob, &reading);
    assert_string_equal(reading.path, program);
    assert_string_equal(reading.value, "1");
    assert_string_equal(reading.detail, "5W");
    tree_free(&tree);
}

/* nvidia-smi of an Orin asks the library that doubt asks: driver and name are those that the
 * stand-in gives, and what it prints as N/A is not available. */
static void nvidia_smi_says_what_the_library_says(void **state)
{
    (void)state;
    struct doubt_machine_parts parts;
    struct doubt_probes probes;
    struct doubt_err err = {.code = DOUBT_OK};
    static const char *const only[] = {"nvml", NULL};
    char line[256], driver[32] = "", name[64] = "", wanted[64];
    bool no_power = false;
    FILE *file = open_capture("cuda/orin-nvidia-smi-jp6.txt");
    while (fgets(line, sizeof line, file) != NULL) {
        const char *at = strstr(line, "Driver Version: ");
        if (at != NULL)
            assert_int_equal(sscanf(at, "Driver Version: %31s", driver), 1);
        if (strncmp(line, "|   0  ", 7) == 0)
            snprintf(name, sizeof name, "%.*s", (int)(strstr(line + 7, "  ") - line - 7), line + 7);
        no_power = no_power || strstr(line, "N/A /  N/A") != NULL;
    }
    fclose(file);
    assert_true(driver[0] != '\0' && name[0] != '\0' && no_power);
    setenv("DOUBT_NVML", DOUBT_BUILD "/tests/fake-nvml.so", 1);
    setenv("DOUBT_FAKE_NVML", "orin", 1);
    /* Without a device tree nothing says more than the library's own name of the GPU. */
    struct tree tree = tree_new(NULL);
    doubt_machine_read_parts(tree.root, &parts);
    snprintf(wanted, sizeof wanted, "NVIDIA %s", driver);
    assert_string_equal(parts.driver.text, wanted);
    assert_non_null(strstr(name, "nvgpu"));
    assert_int_equal(doubt_probes_open(tree.root, only, &probes, &err), DOUBT_OK);
    assert_true(isnan(doubt_probe_read(by_name(&probes, "nvml", "gpu0 power"))));
    assert_true(isnan(doubt_probe_read(by_name(&probes, "nvml", "gpu0 load"))));
    doubt_probes_close(&probes);
    /* With one, the board's own GPU is named. */
    doubt_machine_read_parts(FAKE "jetson-agx-orin-jp6", &parts);
    assert_string_equal(parts.gpu.text, "Ampere GPU of Orin");
    unsetenv("DOUBT_NVML");
    unsetenv("DOUBT_FAKE_NVML");
    tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tegrastats_names_what_the_probes_name),
        cmocka_unit_test(uname_is_the_kernel),
        cmocka_unit_test(lscpu_is_the_board_in_its_mode),
        cmocka_unit_test(the_kernel_log_names_zones_devices_and_clocks),
        cmocka_unit_test(rails_are_read_by_those_who_may),
        cmocka_unit_test(programs_are_where_they_were_seen),
        cmocka_unit_test(nvidia_smi_says_what_the_library_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
