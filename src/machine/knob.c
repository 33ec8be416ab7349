/* knob.c: the table of knobs, and what all have in common. See knob.h.
 *
 * A unit of work is one knob. Not for what one knob does alone: its own file.
 */
#include "machine/knob_int.h"
#include "util/alike.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct doubt_knob doubt_knobs[] = {
    {"mode", "", "a power mode of nvpmodel by number or name",
     "power mode of a Jetson: cores, limits of CPU, GPU and memory", &doubti_knob_nvpmodel},
    {"governor", "", "one of the kernel's", "frequency governor of all CPUs",
     &doubti_knob_governor},
    {"cpu-max", "kHz", "within the CPU's range", "highest clock of all CPUs", &doubti_knob_cpu_max},
    {"cpu-min", "kHz", "within the CPU's range", "lowest clock of all CPUs", &doubti_knob_cpu_min},
    {"boost", "", "on, off", "clocks above the nominal one", &doubti_knob_boost},
    {"gpu-power", "W", "within the GPU's range", "power limit of all NVIDIA GPUs, by NVML",
     &doubti_knob_gpu_power},
    {"gpu-clock", "MHz", "within the GPU's range", "locked clock of all NVIDIA GPUs, by NVML",
     &doubti_knob_gpu_clock},
    {"clocks", "", "on, off", "clocks locked at the mode's maximum, by jetson_clocks",
     &doubti_knob_jetson_clocks},
    {"fan", "", "0 to 255", "pulse width of a Jetson's fan", &doubti_knob_fan},
    {NULL, NULL, NULL, NULL, NULL},
};

enum doubt_code doubt_knob_find(const char *name, const struct doubt_knob **knob,
                                struct doubt_err *err)
{
    const char *names[sizeof doubt_knobs / sizeof doubt_knobs[0]];
    char list[300] = "";
    size_t n = 0, used = 0;
    for (; doubt_knobs[n].name != NULL; n++) {
        names[n] = doubt_knobs[n].name;
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%s", n > 0 ? ", " : "", names[n]);
        if (strcmp(name, names[n]) == 0) {
            *knob = &doubt_knobs[n];
            return DOUBT_OK;
        }
    }
    names[n] = NULL;
    const char *near = doubt_str_nearest(name, names);
    return doubt_err_set(err, DOUBT_E_USAGE, "there is no knob \"%.60s\"%s%s%s the knobs are: %s",
                         name, near != NULL ? ": did you mean \"" : ";", near != NULL ? near : "",
                         near != NULL ? "\"?" : "", list);
}

void doubt_knob_read(const char *root, const struct doubt_knob *knob,
                     struct doubt_knob_reading *out)
{
    memset(out, 0, sizeof *out);
    knob->ops->read(root, out);
}

enum doubt_code doubt_knob_check(const char *root, const struct doubt_knob *knob, const char *value,
                                 struct doubt_err *err)
{
    struct doubt_knob_reading here;
    if (!doubti_files_plain(value))
        return doubt_err_set(err, DOUBT_E_USAGE, "%s cannot be \"%.60s\": accepted is %s",
                             knob->name, value, knob->accepted);
    doubt_knob_read(root, knob, &here);
    if (here.value[0] == '\0')
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "%s cannot be set here: %s", knob->name,
                             here.why);
    enum doubt_code code = knob->ops->check != NULL ? knob->ops->check(root, value, err) : DOUBT_OK;
    if (code != DOUBT_OK) {
        doubt_err_prefix(err, "%s", knob->name);
        return code;
    }
    if (here.why_not[0] != '\0')
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "%s cannot be set here: %s", knob->name,
                             here.why_not);
    return DOUBT_OK;
}

bool doubt_knob_is(const char *root, const struct doubt_knob *knob, const char *value)
{
    struct doubt_knob_reading here;
    if (knob->ops->is_hidden)
        return false;
    doubt_knob_read(root, knob, &here);
    if (here.value[0] == '\0')
        return false;
    return strcmp(here.value, value) == 0 ||
           (here.detail[0] != '\0' && doubt_alike(here.detail, value, "MODE_"));
}

enum doubt_code doubt_knob_save(const char *root, const struct doubt_knob *knob, const char *folder,
                                struct doubt_str *state, struct doubt_err *err)
{
    enum doubt_code code = doubti_files_save(root, knob->ops->files, state, err);
    if (code == DOUBT_OK && knob->ops->save != NULL)
        code = knob->ops->save(root, folder, state, err);
    if (code == DOUBT_OK && state->failed)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for what is to be put back");
    if (code == DOUBT_OK && !doubt_knob_owns(knob, doubt_str_text(state)))
        code = doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "%s has a state that cannot be written down and put back", knob->name);
    return code;
}

enum doubt_code doubt_knob_set(const char *root, const struct doubt_knob *knob, const char *value,
                               struct doubt_err *err)
{
    struct doubt_knob_reading here;
    enum doubt_code code = knob->ops->apply(root, value, err);
    doubti_step("knob: applied");
    if (code != DOUBT_OK)
        return code;
    if (knob->ops->verify != NULL)
        return knob->ops->verify(root, value, err);
    doubt_knob_read(root, knob, &here);
    if (strcmp(here.value, value) == 0)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_SYSTEM, "%s %s was asked for, and it is %s", knob->name,
                         value, here.value[0] != '\0' ? here.value : here.why);
}

enum doubt_code doubt_knob_put_back(const char *root, const struct doubt_knob *knob,
                                    const char *folder, const char *state, struct doubt_err *err)
{
    struct doubt_err undo_err = {0};
    if (!doubt_knob_owns(knob, state))
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "the state of %s to put back is not one of its own", knob->name);
    enum doubt_code undone = DOUBT_OK;
    if (knob->ops->undo != NULL)
        undone = knob->ops->undo(root, folder, state, &undo_err);
    doubti_step("knob: undone");
    /* What a program left is put back file by file; its failure still counts. */
    enum doubt_code code = doubti_files_put_back(root, knob->ops->files, state, err);
    if (code == DOUBT_OK && undone != DOUBT_OK)
        code = doubt_err_set(err, undone, "%s", undo_err.text);
    return code;
}

/* --- states ----------------------------------------------------------------------------------- */

static bool is_key(const struct doubt_knob *knob, const char *key)
{
    for (const char *const *k = knob->ops->keys; k != NULL && *k != NULL; k++) {
        size_t len = strlen(*k);
        /* "@power" stands for "@power0", "@power1" ... too. */
        if (strncmp(*k, key, len) == 0 && strspn(key + len, "0123456789") == strlen(key + len))
            return true;
    }
    return doubti_files_own(knob->ops->files, key);
}

bool doubt_knob_owns(const struct doubt_knob *knob, const char *state)
{
    size_t size = strlen(state);
    if (size > DOUBT_KNOB_STATE_MAX || (size > 0 && state[size - 1] != '\n'))
        return false;
    for (const char *at = state; *at != '\0'; at = strchr(at, '\n') + 1) {
        char key[DOUBTI_PATH_BYTES], value[DOUBT_KNOB_TEXT_BYTES];
        size_t len = strcspn(at, "\n");
        const char *equals = memchr(at, '=', len);
        size_t key_len = equals != NULL ? (size_t)(equals - at) : sizeof key;
        if (equals == NULL || key_len >= sizeof key || len - key_len > sizeof value)
            return false;
        snprintf(key, sizeof key, "%.*s", (int)key_len, at);
        snprintf(value, sizeof value, "%.*s", (int)(len - key_len - 1), equals + 1);
        if (!is_key(knob, key) || !doubti_files_plain(value))
            return false;
    }
    return true;
}

bool doubti_knob_line(const char *state, const char *key, char *out, size_t out_bytes)
{
    size_t len = strlen(key);
    for (const char *at = state; *at != '\0';) {
        size_t line = strcspn(at, "\n");
        if (strncmp(at, key, len) == 0 && at[len] == '=') {
            snprintf(out, out_bytes, "%.*s", (int)(line - len - 1), at + len + 1);
            return true;
        }
        at += line + (at[line] == '\n');
    }
    return false;
}

/* --- the power mode in words ------------------------------------------------------------------ */

void doubt_knob_power_mode(const char *root, char *out, size_t out_bytes)
{
    struct doubt_knob_reading mode = {.value = ""}, clocks = {.value = ""};
    doubti_knob_nvpmodel.read(root, &mode);
    out[0] = '\0';
    if (mode.value[0] == '\0')
        return;
    doubti_knob_jetson_clocks.read(root, &clocks);
    const char *words = strcmp(clocks.value, "on") == 0    ? ", jetson_clocks"
                        : strcmp(clocks.value, "off") == 0 ? ", clocks not locked"
                                                           : "";
    bool named = mode.detail[0] != '\0';
    snprintf(out, out_bytes, "nvpmodel %s%s%s%s%s", mode.value, named ? " (" : "", mode.detail,
             named ? ")" : "", words);
}
