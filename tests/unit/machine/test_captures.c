/* test_captures.c: what real boards showed (tests/data/jetson/), put below a root and read back.
 *
 * The files are the truth: their figures, units and labels must come back through the probes. What
 * a capture holds is parsed here only to lay it out as files.
 */
#include "machine/parts.h"

#include "capture.h"
#include <ctype.h>

enum { RAILS_MAX = 12 };

/* --- rails --------------------------------------------------------------------------------- */

static void put_rail(const struct tree *tree, const char *chip, int channel, const char *file,
                     const char *value)
{
    char path[256], name[64];
    snprintf(name, sizeof name, file, channel);
    snprintf(path, sizeof path, "sys/bus/i2c/drivers/ina3221x/%s/iio:device0/%s", chip, name);
    tree_put(tree, path, value);
}

static void rails_of_a_nano(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    struct doubt_probes probes;
    struct row row;
    int n = 0;
    double watts[3], volts[3], amperes[3];
    char names[3][32];
    for (FILE *file = open_capture("ina3221/nano-iio-values.tsv"); next_row(file, &row);) {
        if (strncmp(row.columns[0], "rail_name", 9) == 0)
            continue;
        snprintf(names[n], sizeof names[n], "%s", row.columns[0]);
        put_rail(&tree, "6-0040", n, "rail_name_%d", row.columns[0]);
        put_rail(&tree, "6-0040", n, "in_current%d_input", row.columns[1]);
        put_rail(&tree, "6-0040", n, "in_power%d_input", row.columns[3]);
        put_rail(&tree, "6-0040", n, "in_power%d_trigger_input", row.columns[4]);
        put_rail(&tree, "6-0040", n, "in_voltage%d_input", row.columns[5]);
        amperes[n] = atof(row.columns[1]) / 1e3;
        watts[n] = atof(row.columns[3]) / 1e3;
        volts[n++] = atof(row.columns[5]) / 1e3;
    }
    assert_int_equal(n, 3);
    open_probes(&tree, &probes);
    for (int i = 0; i < n; i++) {
        assert_reads(by_name(&probes, "ina3221", names[i]), names[i], watts[i]);
        assert_true(fabs(watts[i] - volts[i] * amperes[i]) < 0.05);
    }
    assert_true(by_name(&probes, "ina3221", "POM_5V_IN")->total);
    doubt_probes_close(&probes);
    tree_free(&tree);
}

/* "hwmon1/in1_label VDD_IN": files of one board as they were listed. */
static void hwmon_of_an_orin(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    struct doubt_probes probes;
    char line[256], file_name[64], value[128];
    FILE *file = open_capture("ina3221/orin-hwmon-values.txt");
    int boards = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char path[256];
        boards += line[0] == '#';
        if (boards != 1 || sscanf(line, "%63s %127[^\n]", file_name, value) != 2 ||
            strncmp(file_name, "hwmon", 5) != 0 || value[0] == '(')
            continue;
        bool ina = strncmp(file_name, "hwmon1/", 7) == 0;
        snprintf(path, sizeof path, "%s/%s",
                 ina ? "sys/bus/i2c/drivers/ina3221/1-0040/hwmon" : "sys/class/hwmon", file_name);
        tree_put(&tree, path, value);
    }
    fclose(file);
    tree_put(&tree, "sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/name", "ina3221");
    tree_put(&tree, "sys/class/hwmon/hwmon3/name", "soctherm_oc");
    /* Values of the same kind of board, from its second block: mV and mA. */
    tree_put(&tree, "sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/in1_input", "5016");
    tree_put(&tree, "sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/curr1_input", "1500");
    open_probes(&tree, &probes);
    assert_reads(by_name(&probes, "ina3221", "VDD_IN"), "VDD_IN", 5.016 * 1.5);
    assert_null(by_name(&probes, "ina3221", "sum of shunt voltages"));
    assert_reads(by_name(&probes, "soctherm", "oc1"), "oc1", 0);
    assert_reads(by_name(&probes, "soctherm", "oc3"), "oc3", 0);
    doubt_probes_close(&probes);
    tree_free(&tree);
}

/* Every file that JetPack 4's driver has for a channel, each with a number of its own: the power is
 * that of its file, not of the one that is like it. */
static void files_of_the_older_driver(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    struct doubt_probes probes;
    struct row row;
    int n = 0;
    double milliwatts = 0;
    for (FILE *file = open_capture("ina3221/jp4-files.tsv"); next_row(file, &row);) {
        /* "in_powern_input": n stands for the channel. */
        char name[64], value[16], *at = row.columns[0];
        const char *mark = strstr(at, "n_input") != NULL     ? strstr(at, "n_input")
                           : strstr(at, "n_trigger") != NULL ? strstr(at, "n_trigger")
                                                             : at + strlen(at) - 1;
        snprintf(name, sizeof name, "%.*s0%s", (int)(mark - at), at, mark + 1);
        snprintf(value, sizeof value, "%d", 1000 + ++n);
        put_rail(&tree, "6-0040", 0, name, strcmp(name, "rail_name_0") ? value : "POM_5V_IN");
        if (strcmp(name, "in_power0_input") == 0)
            milliwatts = 1000 + n;
    }
    assert_true(n >= 8 && milliwatts > 0);
    open_probes(&tree, &probes);
    assert_reads(by_name(&probes, "ina3221", "POM_5V_IN"), "POM_5V_IN", milliwatts / 1e3);
    doubt_probes_close(&probes);
    tree_free(&tree);
}

/* "0 POM_5V_IN, 1 POM_5V_GPU, ...": the label that stands for all is the total. */
static void totals_of_every_board(void **state)
{
    (void)state;
    struct row row;
    int boards = 0;
    for (FILE *file = open_capture("ina3221/paths.tsv"); next_row(file, &row);) {
        char *at = row.columns[3], *one, label[32], wanted[32] = "sum of the rails";
        if (strcmp(row.columns[3], "none") == 0)
            continue;
        struct tree tree = tree_new(NULL);
        struct doubt_probes probes;
        int n = 0, number;
        while ((one = strsep(&at, ",;:")) != NULL && n < 6) {
            if (sscanf(one, " in%d %31[A-Z0-9_]", &number, label) != 2 &&
                sscanf(one, " %d %31[A-Z0-9_]", &number, label) != 2 &&
                sscanf(one, " %31[A-Z0-9_]", label) != 1)
                continue;
            char chip[16];
            snprintf(chip, sizeof chip, "%d-0040", n / 3);
            put_rail(&tree, chip, n % 3, "rail_name_%d", label);
            put_rail(&tree, chip, n++ % 3, "in_power%d_input",
                     strstr(label, "_IN") != NULL ? "9000" : "1000");
            if (strcmp(label, "POM_5V_IN") == 0 || strcmp(label, "VDD_IN") == 0)
                snprintf(wanted, sizeof wanted, "%s", label);
        }
        open_probes(&tree, &probes);
        struct doubt_probe *total = by_name(&probes, "ina3221", wanted);
        if (total == NULL || !total->total || isnan(doubt_probe_read(total)))
            fail_msg("%s %s: %s is not the total", row.columns[0], row.columns[1], wanted);
        boards++;
        doubt_probes_close(&probes);
        tree_free(&tree);
    }
    assert_true(boards >= 6);
}

/* Rails of one tegrastats line: "NAME 4122/3107", "NAME 2399mW/2399mW". */
struct rails {
    char names[RAILS_MAX][32];
    double milliwatts[RAILS_MAX];
    int count;
};

static void read_rails(char *line, struct rails *rails)
{
    char *save = NULL, *before = NULL;
    rails->count = 0;
    for (char *word = strtok_r(line, " \n", &save); word != NULL;
         word = strtok_r(NULL, " \n", &save)) {
        int used = 0;
        double now, mean;
        bool power = sscanf(word, "%lf%*[mW]/%lf%n", &now, &mean, &used) >= 2 ||
                     sscanf(word, "%lf/%lf%n", &now, &mean, &used) >= 2;
        if (power && strchr(word, '@') == NULL && strstr(word, "MB") == NULL &&
            strstr(word, "kB") == NULL && before != NULL && isupper((unsigned char)before[0]) &&
            strcmp(before, "RAM") != 0 && strcmp(before, "SWAP") != 0 &&
            strcmp(before, "IRAM") != 0 && rails->count < RAILS_MAX) {
            snprintf(rails->names[rails->count], 32, "%s", before);
            rails->milliwatts[rails->count++] = now;
        }
        before = word;
    }
}

static bool is_whole(const char *name)
{
    return strcmp(name, "VDD_IN") == 0 || strcmp(name, "POM_5V_IN") == 0;
}

static double put_rails(const struct tree *tree, const struct rails *rails)
{
    double sum = 0, whole = NAN;
    for (int i = 0; i < rails->count; i++) {
        char chip[16], value[32];
        snprintf(chip, sizeof chip, "%d-0040", i / 3);
        snprintf(value, sizeof value, "%.0f", rails->milliwatts[i]);
        put_rail(tree, chip, i % 3, "rail_name_%d", rails->names[i]);
        put_rail(tree, chip, i % 3, "in_power%d_input", value);
        if (is_whole(rails->names[i]))
            whole = rails->milliwatts[i];
        if (strcmp(rails->names[i], "NC") != 0)
            sum += rails->milliwatts[i];
    }
    return (isnan(whole) ? sum : whole) / 1e3;
}

static bool is_contradictory(const struct rails *rails, double whole)
{
    bool found = false, total = false;
    for (int i = 0; i < rails->count; i++) {
        total = total || is_whole(rails->names[i]);
        found = found || rails->milliwatts[i] / 1e3 > 1.1 * whole;
    }
    return total && found;
}

static int check_line(char *line)
{
    struct rails rails;
    struct doubt_probes probes;
    read_rails(line, &rails);
    if (rails.count == 0)
        return 0;
    struct tree tree = tree_new(NULL);
    double whole = put_rails(&tree, &rails);
    open_probes(&tree, &probes);
    for (int i = 0; i < rails.count; i++)
        if (strcmp(rails.names[i], "NC") != 0 && !is_whole(rails.names[i]))
            assert_reads(by_name(&probes, "ina3221", rails.names[i]), rails.names[i],
                         rails.milliwatts[i] / 1e3);
    int totals = 0;
    for (size_t i = 0; i < probes.count; i++) {
        if (!probes.items[i].total)
            continue;
        totals++;
        if (is_contradictory(&rails, whole))
            assert_true(probes.items[i].flagged);
        else
            assert_reads(&probes.items[i], probes.items[i].name, whole);
    }
    assert_int_equal(totals, 1);
    doubt_probes_close(&probes);
    tree_free(&tree);
    return 1;
}

/* Every line with rails, of every board: one total, and it is the right one. */
static void totals_of_every_line(void **state)
{
    (void)state;
    static const char *const files[] = {"tegrastats/nano.txt", "tegrastats/tx1-tx2.txt",
                                        "tegrastats/xavier.txt", "tegrastats/orin-thor.txt"};
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        char line[2048];
        int checked = 0;
        FILE *file = open_capture(files[f]);
        while (fgets(line, sizeof line, file) != NULL)
            if (line[0] != '#')
                checked += check_line(line);
        fclose(file);
        if (checked < 2)
            fail_msg("%s: %d lines with rails", files[f], checked);
    }
}

/* --- clocks and temperatures ---------------------------------------------------------------- */

/* The first number of a file's value column, as it was seen. */
static void clocks_of_a_nano(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        double scale;
    } units[] = {{"Hz", 1}, {"kHz", 1e3}, {"per mille", 1e-3}, {"0-255", 1}};
    struct tree tree = tree_new("jetson-nano");
    struct doubt_probes probes;
    struct row row;
    int checked = 0;
    for (FILE *file = open_capture("sysfs/nano.tsv"); next_row(file, &row);) {
        if (strchr(row.columns[0], '{') != NULL || !isdigit((unsigned char)row.columns[1][0]) ||
            strchr(row.columns[1], '-') != NULL)
            continue;
        char value[64];
        snprintf(value, sizeof value, "%.*s", (int)strcspn(row.columns[1], " "), row.columns[1]);
        tree_put(&tree, row.columns[0] + 1, value);
    }
    open_probes(&tree, &probes);
    for (FILE *file = open_capture("sysfs/nano.tsv"); next_row(file, &row);) {
        struct doubt_probe *probe = by_path(&probes, row.columns[0]);
        for (size_t u = 0; probe != NULL && u < sizeof units / sizeof units[0]; u++)
            if (strcmp(units[u].unit, row.columns[2]) == 0 &&
                isdigit((unsigned char)row.columns[1][0])) {
                assert_reads(probe, row.columns[0], atof(row.columns[1]) * units[u].scale);
                checked++;
            }
    }
    assert_true(checked >= 2);
    assert_true(by_name(&probes, "devfreq", "57000000.gpu clock")->limit == 921.6e6);
    assert_true(by_name(&probes, "memory-clock", "EMC clock")->limit == 1600e6);
    doubt_probes_close(&probes);
    tree_free(&tree);
}

static void put_zone(const struct tree *tree, const char *number, const char *type,
                     const char *temp)
{
    char path[128];
    snprintf(path, sizeof path, "sys/class/thermal/thermal_zone%s/type", number);
    tree_put(tree, path, type);
    snprintf(path, sizeof path, "sys/class/thermal/thermal_zone%s/temp", number);
    tree_put(tree, path, temp);
}

/* Four captures in one column, "50000 | 41500 | ...". */
static void temperatures_of_nanos(void **state)
{
    (void)state;
    for (int capture = 0; capture < 4; capture++) {
        struct tree tree = tree_new(NULL);
        struct doubt_probes probes;
        struct row row;
        char types[8][32];
        double celsius[8];
        int n = 0;
        for (FILE *file = open_capture("sysfs/nano-thermal.tsv"); next_row(file, &row);) {
            char *at = row.columns[2], *one = NULL, value[32];
            for (int k = 0; k <= capture; k++)
                one = strsep(&at, "|");
            if (sscanf(one, " %31s", value) != 1 || value[0] == '-')
                continue;
            put_zone(&tree, row.columns[0], row.columns[1], value);
            snprintf(types[n], sizeof types[n], "%s", row.columns[1]);
            celsius[n++] = atof(value) / 1e3;
        }
        assert_true(n >= 6);
        open_probes(&tree, &probes);
        for (int i = 0; i < n; i++) {
            struct doubt_probe *zone = by_name(&probes, "thermal", types[i]);
            assert_non_null(zone);
            if (strcmp(types[i], "PMIC-Die") == 0)
                assert_true(isnan(doubt_probe_read(zone)));
            else
                assert_reads(zone, types[i], celsius[i]);
        }
        doubt_probes_close(&probes);
        tree_free(&tree);
    }
}

/* Zones of other boards in order: all that are named are found by their type. */
static void zones_of_other_boards(void **state)
{
    (void)state;
    struct row row;
    int boards = 0;
    for (FILE *file = open_capture("sysfs/other-thermal.tsv"); next_row(file, &row); boards++) {
        struct tree tree = tree_new(NULL);
        struct doubt_probes probes;
        char *at = row.columns[2], *one, number[16];
        int n = 0;
        while ((one = strsep(&at, ",;:")) != NULL) {
            char type[48];
            one += strspn(one, " 0123456789");
            if (sscanf(one, "%47[A-Za-z0-9_-]", type) != 1)
                continue;
            snprintf(number, sizeof number, "%d", n++);
            put_zone(&tree, number, type, "44500");
        }
        open_probes(&tree, &probes);
        int read = 0;
        for (size_t i = 0; i < probes.count; i++)
            read += strcmp(probes.items[i].kind->name, "thermal") == 0 &&
                    (doubt_probe_read(&probes.items[i]) == 44.5 || probes.items[i].flagged);
        assert_int_equal(read, n);
        assert_true(n >= 1);
        doubt_probes_close(&probes);
        tree_free(&tree);
    }
    assert_true(boards >= 5);
}

/* "/sys/.../17000000.gv11b/{min,max}_freq" and "114750000 to 1109250000 Hz": the device is found by
 * that path or by its class. */
static void gpus_of_other_boards(void **state)
{
    (void)state;
    struct row row;
    int found = 0;
    for (FILE *file = open_capture("sysfs/other-clocks.tsv"); next_row(file, &row);) {
        char *brace = strstr(row.columns[1], "{min,max}_freq");
        double least, most;
        if (brace == NULL || sscanf(row.columns[2], "%lf to %lf Hz", &least, &most) != 2)
            continue;
        struct tree tree = tree_new(NULL);
        struct doubt_probes probes;
        char folder[256], path[320], value[32];
        snprintf(folder, sizeof folder, "%.*s", (int)(brace - row.columns[1]), row.columns[1] + 1);
        folder[strcspn(folder, "{")] = '\0';
        snprintf(value, sizeof value, "%.0f", most);
        snprintf(path, sizeof path, "%smax_freq", folder);
        tree_put(&tree, path, value);
        snprintf(path, sizeof path, "%scur_freq", folder);
        tree_put(&tree, path, value);
        snprintf(value, sizeof value, "%.0f", least);
        snprintf(path, sizeof path, "%smin_freq", folder);
        tree_put(&tree, path, value);
        open_probes(&tree, &probes);
        snprintf(path, sizeof path, "/%scur_freq", folder);
        struct doubt_probe *probe = by_path(&probes, path);
        assert_reads(probe, path, most);
        assert_true(probe->limit == most && probe->floor == least);
        assert_true(probe->part == DOUBT_PROBE_GPU);
        found++;
        doubt_probes_close(&probes);
        tree_free(&tree);
    }
    assert_true(found >= 3);
}

/* --- what the board is ----------------------------------------------------------------------- */

static void chips_by_device_tree(void **state)
{
    (void)state;
    static const struct {
        const char *board, *soc;
    } socs[] = {{"nano", "tegra210"},
                {"tx2", "tegra186"},
                {"xavier nx", "tegra194"},
                {"agx orin", "tegra234"},
                {"orin nano", "tegra234"}};
    struct row row;
    int checked = 0;
    for (FILE *file = open_capture("ident/device-tree.tsv"); next_row(file, &row);) {
        if (row.count < 4 || row.columns[3][0] == '?')
            continue;
        struct tree tree = tree_new(NULL);
        struct doubt_machine_parts parts;
        struct doubt_machine machine;
        tree_put(&tree, "proc/device-tree/compatible", row.columns[3]);
        if (row.columns[2][0] != '?')
            tree_put(&tree, "proc/device-tree/model", row.columns[2]);
        doubt_machine_read_parts(tree.root, &parts);
        doubt_machine_identify(tree.root, &machine);
        for (size_t i = 0; i < sizeof socs / sizeof socs[0]; i++)
            if (strcmp(socs[i].board, row.columns[0]) == 0) {
                assert_non_null(strstr(parts.soc.text, socs[i].soc));
                checked++;
            }
        if (row.columns[2][0] != '?')
            assert_string_equal(machine.board.text, row.columns[2]);
        tree_free(&tree);
    }
    assert_true(checked >= 5);
}

/* Blocks of the release file, "## [nano] 32.7.1" before each. */
static void releases(void **state)
{
    (void)state;
    char line[512], release[32] = "", wanted[48];
    int checked = 0;
    FILE *file = open_capture("ident/nv_tegra_release.txt");
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "## [%*[^]]] %31[0-9.]", release) == 1 || strncmp(line, "# R", 3) != 0)
            continue;
        struct tree tree = tree_new(NULL);
        struct doubt_machine_parts parts;
        tree_put(&tree, "etc/nv_tegra_release", line);
        doubt_machine_read_parts(tree.root, &parts);
        snprintf(wanted, sizeof wanted, "L4T %s", release);
        if (strncmp(parts.release.text, wanted, strlen(wanted)) != 0)
            fail_msg("\"%s\", not \"%s\"", parts.release.text, wanted);
        checked++;
        tree_free(&tree);
    }
    fclose(file);
    assert_true(checked >= 8);
}

static void jetpacks_by_release(void **state)
{
    (void)state;
    struct row row;
    int checked = 0;
    for (FILE *file = open_capture("ident/kernel-by-release.tsv"); next_row(file, &row);) {
        struct tree tree = tree_new(NULL);
        struct doubt_machine_parts parts;
        char line[128], wanted[64];
        int major = atoi(row.columns[0]);
        snprintf(line, sizeof line, "# R%d (release), REVISION: %s, GCID: 1, BOARD: x", major,
                 strchr(row.columns[0], '.') + 1);
        tree_put(&tree, "etc/nv_tegra_release", line);
        doubt_machine_read_parts(tree.root, &parts);
        snprintf(wanted, sizeof wanted, "L4T %s, JetPack %s", row.columns[0], row.columns[2]);
        assert_string_equal(parts.release.text, wanted);
        checked++;
        tree_free(&tree);
    }
    assert_true(checked >= 9);
}

static void libraries_by_packages(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    struct doubt_machine_parts parts;
    struct row row;
    char list[8192] = "";
    for (FILE *file = open_capture("ident/nano-dpkg-jp4.6.4.tsv"); next_row(file, &row);)
        snprintf(list + strlen(list), sizeof list - strlen(list),
                 "Package: %s\nStatus: install ok installed\nVersion: %s\n\n", row.columns[0],
                 row.columns[1]);
    tree_put(&tree, "var/lib/dpkg/status", list);
    doubt_machine_read_parts(tree.root, &parts);
    assert_string_equal(parts.libraries.text, "CUDA 10.2.300, cuDNN 8.2.1.32, TensorRT 8.2.1");
    tree_free(&tree);
}

/* Bytes of the device tree as the kernel gives them, NUL after each string. */
static void bytes_of_the_device_tree(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    struct doubt_machine_parts parts;
    struct doubt_machine machine;
    char command[512];
    snprintf(command, sizeof command,
             "mkdir -p %s/proc/device-tree && cp %sident/nano-model.bin %s/proc/device-tree/model "
             "&& cp %sident/nano-compatible.bin %s/proc/device-tree/compatible",
             tree.root, CAPTURES, tree.root, CAPTURES, tree.root);
    assert_int_equal(system(command), 0);
    doubt_machine_identify(tree.root, &machine);
    doubt_machine_read_parts(tree.root, &parts);
    assert_string_equal(machine.board.text, "NVIDIA Jetson Nano Developer Kit");
    assert_string_equal(parts.soc.text, "NVIDIA Tegra X1 (tegra210)");
    tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rails_of_a_nano),
        cmocka_unit_test(hwmon_of_an_orin),
        cmocka_unit_test(files_of_the_older_driver),
        cmocka_unit_test(totals_of_every_board),
        cmocka_unit_test(totals_of_every_line),
        cmocka_unit_test(clocks_of_a_nano),
        cmocka_unit_test(temperatures_of_nanos),
        cmocka_unit_test(zones_of_other_boards),
        cmocka_unit_test(gpus_of_other_boards),
        cmocka_unit_test(chips_by_device_tree),
        cmocka_unit_test(releases),
        cmocka_unit_test(jetpacks_by_release),
        cmocka_unit_test(libraries_by_packages),
        cmocka_unit_test(bytes_of_the_device_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
