/* ina3221.c: power rails of a Jetson by its INA3221 chips.
 *
 * A unit of work is one rail, found by its label, never by its number. JetPack 4 (driver ina3221x)
 * gives power in mW below an iio:device folder; later releases (driver ina3221) give mV and mA
 * below a hwmon folder, and power is their product. Channels without a label, labelled NC, or that
 * are sums of shunt voltages (from the fourth on) are no rails; a channel that is switched off
 * gives EIO.
 *
 * The board's power is the rail POM_5V_IN or VDD_IN where there is one, else the sum of all rails,
 * and only when every one of them can be read. A total that is below one of its parts contradicts
 * itself (seen on a third-party carrier board): it is flagged and not used.
 */
#include "machine/probe_int.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHANNELS = 3, RAILS_MAX = 12 };
/* Rails are converted one after the other: parts may be seen above their total by this much. */
static const double tolerance = 0.1;

/* A rail of a hwmon chip: the current's file; or the sum: files of all rails. */
struct product {
    int current_fd;
};
struct sum {
    size_t count;
    struct {
        int fd, current_fd; /* current_fd -1: fd gives mW */
    } rails[RAILS_MAX];
};

static bool is_total(const char *label)
{
    return strcmp(label, "POM_5V_IN") == 0 || strcmp(label, "VDD_IN") == 0;
}

static enum doubt_probe_part part_of(const char *label)
{
    bool cpu = strstr(label, "CPU") != NULL, gpu = strstr(label, "GPU") != NULL;
    if (is_total(label))
        return DOUBT_PROBE_BOARD;
    if (strstr(label, "DDR") != NULL || strstr(label, "VDDQ") != NULL)
        return DOUBT_PROBE_MEMORY;
    return cpu == gpu ? DOUBT_PROBE_OTHER : cpu ? DOUBT_PROBE_CPU : DOUBT_PROBE_GPU;
}

static const struct doubti_probe_file rail_file = {DOUBT_PROBE_POWER, DOUBT_PROBE_OTHER, 1e-3,
                                                   50 * DOUBTI_MS};

/* The chip's address ("6-0040") out of ".../6-0040/iio:device0/rail_name_0". */
static void chip_of(const char *path, char out[16])
{
    static const char drivers[] = "sys/bus/i2c/drivers/";
    const char *at =
        strncmp(path, drivers, sizeof drivers - 1) == 0 ? path + sizeof drivers - 1 : "";
    at += strcspn(at, "/");
    at += *at == '/';
    snprintf(out, 16, "%.*s", (int)strcspn(at, "/"), at);
}

static void name_rail(struct doubt_probe *probe, const char *root, const char *path,
                      const char *label_path, int channel)
{
    char label[DOUBT_PROBE_NAME_BYTES], chip[16];
    chip_of(path, chip);
    if (doubti_root_read(root, label_path, label, sizeof label)) {
        doubti_probe_name(probe, "%s", label);
        probe->part = part_of(label);
        probe->total = is_total(label);
    } else {
        doubti_probe_name(probe, "%s channel %d", chip, channel);
    }
}

static bool is_no_rail(const char *root, const char *label_path)
{
    char label[32];
    return doubti_root_read(root, label_path, label, sizeof label) &&
           (strcmp(label, "NC") == 0 || strncmp(label, "sum of", 6) == 0);
}

/* JetPack 4. */
static void add_iio(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                    const char *root, const char *first)
{
    for (int channel = 0; channel < CHANNELS; channel++) {
        char name[32], label[DOUBTI_PATH_BYTES], path[DOUBTI_PATH_BYTES];
        struct doubt_probe *probe;
        snprintf(name, sizeof name, "rail_name_%d", channel);
        doubti_sibling(first, name, label);
        snprintf(name, sizeof name, "in_power%d_input", channel);
        doubti_sibling(first, name, path);
        if (is_no_rail(root, label))
            continue;
        probe = doubti_probe_add_file(probes, kind, root, path, &rail_file);
        if (probe != NULL)
            name_rail(probe, root, path, label, channel);
    }
}

/* The second file of a product; no state is left when out of memory. */
static void add_current(struct doubt_probe *probe, const char *root, const char *path)
{
    struct product *product = malloc(sizeof *product);
    if (product == NULL)
        return;
    product->current_fd = doubti_root_open(root, path);
    probe->state = product;
    if (product->current_fd < 0 && probe->why[0] == '\0')
        doubti_probe_why_errno(probe, errno);
}

/* JetPack 5 and later. A label file is there for live channels only. */
static void add_hwmon(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                      const char *root, const char *first)
{
    for (int channel = 1; channel <= CHANNELS; channel++) {
        char name[32], label[DOUBTI_PATH_BYTES], path[DOUBTI_PATH_BYTES], near[DOUBTI_PATH_BYTES];
        struct doubt_probe *probe;
        snprintf(name, sizeof name, "in%d_label", channel);
        doubti_sibling(first, name, label);
        snprintf(name, sizeof name, "in%d_input", channel);
        doubti_sibling(first, name, path);
        if (is_no_rail(root, label))
            continue;
        probe = doubti_probe_add_file(probes, kind, root, path, &rail_file);
        if (probe == NULL)
            continue;
        name_rail(probe, root, path, label, channel);
        snprintf(name, sizeof name, "curr%d_input", channel);
        doubti_sibling(first, name, near);
        probe->scale = 1e-6; /* mV x mA */
        add_current(probe, root, near);
        probes->failed = probes->failed || probe->state == NULL;
    }
}

static bool read_fd(struct doubt_probe *probe, int fd, double *number)
{
    int kept = probe->fd;
    probe->fd = fd;
    bool good = doubti_probe_number(probe, number);
    probe->fd = kept;
    return good;
}

static double read_sum(struct doubt_probe *probe, const struct sum *sum)
{
    double watts = 0;
    for (size_t i = 0; i < sum->count; i++) {
        double power, current;
        if (!read_fd(probe, sum->rails[i].fd, &power))
            return NAN;
        if (sum->rails[i].current_fd < 0) {
            watts += power * 1e-3;
            continue;
        }
        if (!read_fd(probe, sum->rails[i].current_fd, &current))
            return NAN;
        watts += power * current * 1e-6;
    }
    return watts;
}

/* index: 1 for the sum. */
static double read_rail(struct doubt_probe *probe)
{
    double number, current = 1;
    const struct product *product = probe->state;
    if (probe->index == 1)
        return read_sum(probe, probe->state);
    if (!doubti_probe_number(probe, &number))
        return NAN;
    if (product != NULL &&
        (product->current_fd < 0 || !read_fd(probe, product->current_fd, &current)))
        return NAN;
    return number * current * probe->scale;
}

static void close_rail(struct doubt_probe *probe)
{
    struct product *product = probe->state;
    if (probe->index == 0 && product != NULL && product->current_fd >= 0)
        close(product->current_fd);
    free(probe->state);
}

/* Takes the files of every rail; false where one is missing, so that there is no sum. The files
 * stay the rails'. */
static bool collect(struct doubt_probes *probes, size_t from, struct sum *sum)
{
    for (size_t i = from; i < probes->count; i++) {
        struct doubt_probe *rail = &probes->items[i];
        const struct product *product = rail->state;
        /* A channel without a label that fails, and not for want of rights, is switched off. */
        if (isnan(read_rail(rail)) && strstr(rail->name, " channel ") != NULL &&
            strstr(rail->why, "root only") == NULL)
            continue;
        if (isnan(read_rail(rail)) || sum->count == RAILS_MAX)
            return false;
        sum->rails[sum->count].fd = rail->fd;
        sum->rails[sum->count++].current_fd = product != NULL ? product->current_fd : -1;
    }
    return sum->count > 0;
}

static void add_sum(struct doubt_probes *probes, const struct doubt_probe_kind *kind, size_t from)
{
    struct sum *sum = calloc(1, sizeof *sum);
    probes->failed = probes->failed || sum == NULL;
    if (sum == NULL)
        return;
    bool complete = collect(probes, from, sum);
    struct doubt_probe *probe = doubti_probe_add(probes, kind);
    if (probe == NULL) {
        free(sum);
        return;
    }
    probe->quantity = DOUBT_PROBE_POWER;
    probe->part = DOUBT_PROBE_BOARD;
    probe->period_ns = rail_file.period_ns;
    probe->total = true;
    probe->index = 1;
    probe->state = sum;
    doubti_probe_name(probe, "sum of the rails");
    if (!complete) {
        probe->flagged = true;
        doubti_probe_why(probe, "not every rail can be read");
    }
}

/* Flags a total that is below one of its parts. */
static void check_total(struct doubt_probes *probes, size_t from, size_t total)
{
    double whole = read_rail(&probes->items[total]);
    for (size_t i = from; i < probes->count; i++) {
        double part = i == total ? NAN : read_rail(&probes->items[i]);
        if (!(part > whole * (1 + tolerance)))
            continue;
        probes->items[total].flagged = true;
        doubti_probe_why(&probes->items[total],
                         "%.3g W, but its part %.32s has %.3g W: wired otherwise", whole,
                         probes->items[i].name, part);
        return;
    }
}

static void find_chips(const struct doubt_probe_kind *kind, const char *root,
                       struct doubt_probes *probes)
{
    static const struct {
        const char *pattern;
        void (*add)(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                    const char *root, const char *first);
    } drivers[] = {
        {"sys/bus/i2c/drivers/ina3221x/*/iio:device*/rail_name_0", add_iio},
        {"sys/bus/i2c/drivers/ina3221/*/hwmon/hwmon*/name", add_hwmon},
    };
    for (size_t k = 0; k < sizeof drivers / sizeof drivers[0]; k++) {
        struct doubti_matches chips;
        doubti_root_match(root, drivers[k].pattern, &chips);
        for (size_t i = 0; i < chips.count; i++)
            drivers[k].add(probes, kind, root, doubti_match_at(&chips, i));
        doubti_root_match_end(&chips);
    }
}

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    size_t from = probes->count, total = SIZE_MAX;
    find_chips(kind, root, probes);
    for (size_t i = from; i < probes->count; i++)
        if (probes->items[i].total)
            total = i;
    if (total != SIZE_MAX)
        check_total(probes, from, total);
    else if (probes->count > from)
        add_sum(probes, kind, from);
}

const struct doubt_probe_kind doubti_probe_ina3221 = {
    .name = "ina3221",
    .summary = "power rails of a Jetson",
    .missing = "no INA3221 power monitor here",
    .find = find,
    .read = read_rail,
    .close = close_rail,
};
