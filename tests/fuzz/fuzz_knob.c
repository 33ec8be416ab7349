/* fuzz_knob.c: any bytes in the files of knobs, in what nvpmodel and jetson_clocks print, and as
 * the value that is asked for: a knob is read, checked, saved, set and put back.
 *
 * A unit of work is one knob. What was refused has a sentence, what was saved is the knob's own,
 * and a file that was put back holds what it held. Programs are stood in for. Seeds: seeds/knob.
 */
#include "machine/knob.h"
#include "machine/knob_int.h"

#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CPU "sys/devices/system/cpu/"
#define GPU "sys/class/devfreq/57000000.gpu/"

enum { OBEYS = 1, IS_THERE = 2, STATUS = 1 };

static struct tree_file files[] = {
    {"etc/nvpmodel.conf", "< POWER_MODEL ID=0 NAME=MAXN >\n< POWER_MODEL ID=1 NAME=5W >\n", -1},
    {"var/lib/nvpmodel/status", "pmode:0000 fmode:fanNull\n", -1},
    {CPU "cpu0/online", "1\n", -1},
    {CPU "cpu1/online", "1\n", -1},
    {CPU "cpu0/cpufreq/scaling_governor", "schedutil\n", -1},
    {CPU "cpu1/cpufreq/scaling_governor", "schedutil\n", -1},
    {CPU "cpu0/cpufreq/scaling_available_governors", "performance schedutil\n", -1},
    {CPU "cpu0/cpufreq/scaling_available_frequencies", "102000 710400 1479000\n", -1},
    {CPU "cpu0/cpufreq/scaling_max_freq", "1479000\n", -1},
    {CPU "cpu0/cpufreq/scaling_min_freq", "102000\n", -1},
    {CPU "cpu1/cpufreq/scaling_max_freq", "1479000\n", -1},
    {CPU "cpu1/cpufreq/scaling_min_freq", "102000\n", -1},
    {CPU "cpu0/cpufreq/cpuinfo_max_freq", "1479000\n", -1},
    {CPU "cpu0/cpufreq/cpuinfo_min_freq", "102000\n", -1},
    {CPU "cpu0/cpuidle/state0/disable", "0\n", -1},
    {CPU "cpufreq/boost", "1\n", -1},
    {GPU "min_freq", "76800000\n", -1},
    {GPU "max_freq", "921600000\n", -1},
    {GPU "available_frequencies", "76800000 921600000\n", -1},
    {GPU "device/railgate_enable", "1\n", -1},
    {"sys/devices/pwm-fan/target_pwm", "0\n", -1},
    {"sys/devices/pwm-fan/temp_control", "1\n", -1},
    {"sys/kernel/debug/clk/override.emc/clk_state", "0\n", -1},
    {"sys/kernel/nvpmodel_emc_cap/emc_iso_cap", "0\n", -1},
};
enum { FILES = sizeof files / sizeof files[0] };

/* What the programs do with this input. */
static struct {
    unsigned flags;
    const uint8_t *output;
    size_t bytes;
    char store[128];
} programs;

/* --- instead of program.c --------------------------------------------------------------------- */

const char *doubti_program_find(const char *root, const char *const *paths)
{
    (void)root;
    return (programs.flags & IS_THERE) != 0 ? paths[0] : NULL;
}

void doubti_program_inherit(int first, int second)
{
    (void)first, (void)second;
}

static void obey(const char *const *arguments)
{
    char text[64];
    if (arguments[0] != NULL && strcmp(arguments[0], "-m") == 0) {
        snprintf(text, sizeof text, "pmode:%.20s fmode:fanNull\n", arguments[1]);
        tree_write(&files[STATUS], text, strlen(text));
    } else if (arguments[0] != NULL && strcmp(arguments[0], "--store") == 0) {
        snprintf(programs.store, sizeof programs.store, "%s", arguments[1]);
        FILE *file = fopen(arguments[1], "w");
        if (file == NULL || fclose(file) != 0)
            abort();
    }
}

enum doubt_code doubti_program_run(const char *root, const struct doubti_program *program,
                                   struct doubti_program_end *end, struct doubt_err *err)
{
    (void)root;
    if ((programs.flags & IS_THERE) == 0)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "there is no /%s", program->paths[0]);
    size_t bytes = programs.bytes < sizeof end->output ? programs.bytes : sizeof end->output - 1;
    end->status = 0;
    if (bytes > 0)
        memcpy(end->output, programs.output, bytes);
    end->output[bytes] = '\0';
    if ((programs.flags & OBEYS) != 0)
        obey(program->arguments);
    return DOUBT_OK;
}

/* --- the input -------------------------------------------------------------------------------- */

/* A byte that says how many follow. */
static size_t take(const uint8_t **data, size_t *size, const uint8_t **part)
{
    size_t bytes = *size > 0 ? (*data)[0] : 0;
    *data += *size > 0;
    *size -= *size > 0;
    bytes = bytes < *size ? bytes : *size;
    *part = *data;
    *data += bytes;
    *size -= bytes;
    return bytes;
}

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* Every file of the state but those that change by themselves holds what the state says. */
static void check_state(const struct doubt_knob *knob, const char *state)
{
    for (const char *at = state; *at != '\0'; at = strchr(at, '\n') + 1) {
        char path[DOUBTI_PATH_BYTES], here[DOUBT_KNOB_TEXT_BYTES];
        const char *equals = strchr(at, '=');
        size_t bytes = strcspn(at, "\n") - (size_t)(equals + 1 - at);
        snprintf(path, sizeof path, "%.*s", (int)(equals - at), at);
        if (at[0] == '@' || strstr(path, "target_pwm") != NULL)
            continue;
        check(doubti_files_own(knob->ops->files, path));
        check(doubti_root_read(tree_root, path, here, sizeof here));
        check(strlen(here) == bytes && memcmp(here, equals + 1, bytes) == 0);
    }
}

static void set_and_put_back(const struct doubt_knob *knob, const char *value)
{
    struct doubt_err err = {0};
    struct doubt_str state;
    doubt_str_init(&state, DOUBT_KNOB_STATE_MAX);
    enum doubt_code code = doubt_knob_save(tree_root, knob, tree_root, &state, &err);
    check(code == DOUBT_OK || err.text[0] != '\0');
    if (code == DOUBT_OK) {
        check(doubt_knob_owns(knob, doubt_str_text(&state)));
        code = doubt_knob_set(tree_root, knob, value, &err);
        check(code == DOUBT_OK || err.text[0] != '\0');
        err = (struct doubt_err){0};
        code = doubt_knob_put_back(tree_root, knob, tree_root, doubt_str_text(&state), &err);
        check(code == DOUBT_OK || err.text[0] != '\0');
        if (code == DOUBT_OK)
            check_state(knob, doubt_str_text(&state));
    }
    doubt_str_free(&state);
    if (programs.store[0] != '\0')
        unlink(programs.store);
    programs.store[0] = '\0';
}

static uint64_t try_knob(const struct doubt_knob *knob, const char *value)
{
    struct doubt_knob_reading here;
    struct doubt_err err = {0};
    char mode[256];
    doubt_knob_read(tree_root, knob, &here);
    check(here.value[0] != '\0' || here.why[0] != '\0');
    doubt_knob_is(tree_root, knob, value);
    if (knob == doubt_knobs)
        doubt_knob_power_mode(tree_root, mode, sizeof mode);
    enum doubt_code code = doubt_knob_check(tree_root, knob, value, &err);
    check(code == DOUBT_OK || err.text[0] != '\0');
    if (code != DOUBT_OK)
        return 0;
    set_and_put_back(knob, value);
    return UINT64_MAX;
}

/* The knob, what its programs do, the value, what they print, then files as records. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *part;
    char value[256];
    size_t knobs = 0;
    if (tree_root[0] == '\0')
        tree_make(files, FILES);
    if (size < 2)
        return 0;
    while (doubt_knobs[knobs].name != NULL)
        knobs++;
    const struct doubt_knob *knob = &doubt_knobs[data[0] % knobs];
    programs.flags = data[1];
    data += 2;
    size -= 2;
    size_t bytes = take(&data, &size, &part);
    memcpy(value, part, bytes);
    value[bytes] = '\0';
    programs.bytes = take(&data, &size, &programs.output);
    uint64_t changed = tree_fill(files, FILES, data, size);
    changed |= try_knob(knob, value);
    tree_settle(files, FILES, changed);
    return 0;
}
