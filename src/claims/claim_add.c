/* claim_add.c: see claim_add.h. */
#include "claims/claim_add.h"

#include "claims/claims_int.h"
#include "util/embed.h"
#include "util/file.h"
#include "util/str.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64, PLACES = 8 };

struct doubt_claim_draft {
    json_t *object;
    char count[32]; /* text of a count, for get() */
};

static const struct {
    const char *name;
    bool needed;
    const char *asks;
} fields[] = {
    {"device", true, "the device, as it names itself"},
    {"network", false, "the built-in network, as `doubt networks` lists it; empty: not built in"},
    {"title", false, "the network's name at the source"},
    {"figure", true, "the figure, digit for digit as it is written"},
    {"unit", true, "its unit: FPS, img/s, samples/s, inf/s, QPS, ips, ns, us, ms, s"},
    {"source", true, "where it stands: an address, a page"},
    {"date", false, "when it was published"},
    {"input", false, "sizes of the input, height before width: 1x3x224x224"},
    {"label", false, "the size that the source prints, where it is another"},
    {"framework", false, "the framework that the source prints: TensorFlow"},
    {"file", false, "the model file that the source's instructions name"},
    {"output", false, "the outputs that were asked for, where they are not all"},
    {"precision", false, "the precision"},
    {"batch", false, "the batch: a whole number"},
    {"engine", false, "the engine and its version: tensorrt 10.3"},
    {"power_mode", false, "the power mode, and whether clocks were pinned"},
    {"boundary", false, "what was timed: events on the device, the call, or host to host"},
    {"statistic", false, "mean, median, p50, p90, p95, p99 or what the source calls it"},
    {"condition", false, "what no other field can say: both DLAs, summed"},
    {"samples", false, "inferences that the figure was made of"},
    {"confidence", false, "read there, quoted by others, or inferred"},
    {"row", false, "a number in a table of your own"},
    {"remark", false, "what a reader should know; needed for a network that is not built in"},
    {"id", true, "a name for the claim, that no other has"},
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

size_t doubt_claim_field_count(void)
{
    return FIELDS;
}

struct doubt_claim_field doubt_claim_field_at(size_t i)
{
    return (struct doubt_claim_field){fields[i].name, fields[i].needed, fields[i].asks,
                                      doubti_claim_accepted(fields[i].name)};
}

/* --- the draft ------------------------------------------------------------------------------ */

static enum doubt_code out_of_memory(struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a claim");
}

struct doubt_claim_draft *doubt_claim_draft_new(void)
{
    struct doubt_claim_draft *draft = calloc(1, sizeof *draft);
    if (draft != NULL && (draft->object = json_object()) == NULL) {
        free(draft);
        return NULL;
    }
    return draft;
}

void doubt_claim_draft_free(struct doubt_claim_draft *draft)
{
    if (draft != NULL)
        json_decref(draft->object);
    free(draft);
}

const char *doubt_claim_draft_get(const struct doubt_claim_draft *draft, const char *name)
{
    const json_t *value = json_object_get(draft->object, name);
    if (json_is_integer(value)) {
        struct doubt_claim_draft *own = (struct doubt_claim_draft *)(uintptr_t)draft;
        snprintf(own->count, sizeof own->count, "%lld", (long long)json_integer_value(value));
        return draft->count;
    }
    return json_is_string(value) ? json_string_value(value) : "";
}

static json_t *to_value(const char *name, const char *text, struct doubt_err *err)
{
    char *end;
    if (!doubti_claim_is_count(name)) {
        json_t *value = json_string(text);
        if (value == NULL)
            doubt_err_set(err, DOUBT_E_FORMAT, "field \"%s\": the text is not UTF-8", name);
        return value;
    }
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end != '\0' || errno != 0 || number < 1) {
        doubt_err_set(err, DOUBT_E_FORMAT, "field \"%s\": an integer of at least 1 is needed",
                      name);
        return NULL;
    }
    json_t *value = json_integer(number);
    if (value == NULL)
        out_of_memory(err);
    return value;
}

/* What is needed and not there yet, so that one field can be checked by itself. */
static bool fill_up(json_t *object)
{
    static const char *const usual[][2] = {{"id", "a"},     {"device", "a"}, {"network", ""},
                                           {"title", "a"},  {"figure", "1"}, {"unit", "ms"},
                                           {"source", "a"}, {"remark", "a"}};
    bool done = true;
    for (size_t i = 0; done && i < sizeof usual / sizeof usual[0]; i++)
        if (json_object_get(object, usual[i][0]) == NULL)
            done = json_object_set_new(object, usual[i][0], json_string(usual[i][1])) == 0;
    return done;
}

static enum doubt_code check_alone(const json_t *object, struct doubt_err *err)
{
    struct doubt_claim claim;
    json_t *whole = json_deep_copy(object);
    enum doubt_code code = whole != NULL && fill_up(whole) ? DOUBT_OK : out_of_memory(err);
    if (code == DOUBT_OK)
        code = doubti_claim_check(whole, &claim, err);
    if (code == DOUBT_OK)
        doubti_claim_free(&claim);
    json_decref(whole);
    return code;
}

static enum doubt_code check_name(const char *name, struct doubt_err *err)
{
    const char *names[FIELDS + 1] = {NULL};
    for (size_t i = 0; i < FIELDS; i++) {
        names[i] = fields[i].name;
        if (strcmp(name, names[i]) == 0)
            return DOUBT_OK;
    }
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "a claim has no field \"%.60s\"%s docs/CLAIMS.md lists "
                         "them",
                         name, doubt_str_hint(name, names, "").text);
}

enum doubt_code doubt_claim_draft_set(struct doubt_claim_draft *draft, const char *name,
                                      const char *value, struct doubt_err *err)
{
    enum doubt_code code = check_name(name, err);
    if (code != DOUBT_OK)
        return code;
    if (value[0] == '\0') {
        json_object_del(draft->object, name);
        return DOUBT_OK;
    }
    json_t *made = to_value(name, value, err);
    if (made == NULL)
        return err != NULL && err->code != DOUBT_OK ? err->code : DOUBT_E_FORMAT;
    json_t *trial = json_copy(draft->object);
    if (trial == NULL || json_object_set(trial, name, made) != 0)
        code = out_of_memory(err);
    if (code == DOUBT_OK)
        code = check_alone(trial, err);
    if (code == DOUBT_OK) {
        json_decref(draft->object);
        draft->object = json_incref(trial);
    }
    json_decref(trial);
    json_decref(made);
    return code;
}

/* A whole claim says "" for a network that is not built in. */
static json_t *whole_of(const struct doubt_claim_draft *draft)
{
    json_t *object = json_copy(draft->object);
    if (object != NULL && json_object_get(object, "network") == NULL)
        json_object_set_new(object, "network", json_string(""));
    return object;
}

enum doubt_code doubt_claim_draft_check(const struct doubt_claim_draft *draft,
                                        struct doubt_err *err)
{
    struct doubt_claim claim;
    json_t *object = whole_of(draft);
    if (object == NULL)
        return out_of_memory(err);
    enum doubt_code code = doubti_claim_check(object, &claim, err);
    if (code == DOUBT_OK)
        doubti_claim_free(&claim);
    json_decref(object);
    return code;
}

/* --- the set -------------------------------------------------------------------------------- */

/* Letters, digits, "-", "." and "_", none of the shipped sets' names. */
enum doubt_code doubt_claim_set_check_name(const char *set, struct doubt_err *err)
{
    char shipped[NAME_MAX_BYTES + 32];
    size_t len = strlen(set), fit = 0;
    while (isalnum((unsigned char)set[fit]) ||
           (set[fit] != '\0' && strchr("-._", set[fit]) != NULL))
        fit++;
    if (len == 0 || len > NAME_MAX_BYTES || fit != len || set[0] == '.' || set[0] == '-')
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "\"%.80s\" cannot be a set's name: letters, digits, \"-\", \"_\" and "
                             "\".\" are accepted, at most %d, the first a letter or digit",
                             set, NAME_MAX_BYTES);
    snprintf(shipped, sizeof shipped, "claims/%s.json", set);
    if (doubt_embedded_find(shipped) != NULL)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "%s is a shipped set, and a file of that name would stand for it; "
                             "choose another name",
                             set);
    return DOUBT_OK;
}

enum doubt_code doubt_claim_check_id(const char *id, struct doubt_err *err)
{
    char **names = doubt_claim_names();
    enum doubt_code code = DOUBT_OK;
    for (char **name = names; code == DOUBT_OK && name != NULL && *name != NULL; name++) {
        struct doubt_claim_set set;
        if (doubt_claim_set_load(*name, &set, NULL) != DOUBT_OK)
            continue;
        for (size_t i = 0; code == DOUBT_OK && i < set.count; i++)
            if (strcmp(set.claims[i].id, id) == 0)
                code = doubt_err_set(
                    err, DOUBT_E_USAGE,
                    "there is a claim \"%.100s\" already, in %s: choose another id", id, *name);
        doubt_claim_set_free(&set);
    }
    doubt_claim_names_free(names);
    return code;
}

/* The file as JSON, or a new one. */
static enum doubt_code open_set(const char *path, const char *name, const char *title,
                                json_t **root, struct doubt_err *err)
{
    char *text = NULL;
    size_t size = 0;
    struct doubt_claim_set set;
    if (!doubt_file_exists(path)) {
        *root = json_pack("{s:s, s:s, s:[]}", "name", name, "title", title != NULL ? title : name,
                          "claims");
        return *root != NULL ? DOUBT_OK : out_of_memory(err);
    }
    enum doubt_code code = doubt_file_read(path, DOUBT_CLAIM_FILE_MAX, &text, &size, err);
    if (code == DOUBT_OK)
        code = doubt_claim_set_parse(text, size, path, &set, err);
    if (code == DOUBT_OK) {
        doubt_claim_set_free(&set);
        *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
        code = *root != NULL ? DOUBT_OK : out_of_memory(err);
    }
    free(text);
    return code;
}

/* The same thing under another name is no second claim. */
static enum doubt_code check_same(const char *text, size_t size, const char *path,
                                  struct doubt_err *err)
{
    struct doubt_claim_set set;
    enum doubt_code code = doubt_claim_set_parse(text, size, path, &set, err);
    if (code != DOUBT_OK)
        return code;
    const struct doubt_claim *new = &set.claims[set.count - 1];
    for (size_t i = 0; code == DOUBT_OK && i + 1 < set.count; i++)
        if (doubti_claim_is_same(&set.claims[i], new))
            code =
                doubt_err_set(err, DOUBT_E_USAGE,
                              "\"%.100s\" of %s says the same: every condition, figure and source",
                              set.claims[i].id, path);
    doubt_claim_set_free(&set);
    return code;
}

static enum doubt_code write_set(const char *path, const json_t *root, struct doubt_err *err)
{
    char *text = json_dumps(root, JSON_INDENT(2));
    if (text == NULL)
        return out_of_memory(err);
    struct doubt_str out;
    doubt_str_init(&out, DOUBT_CLAIM_FILE_MAX);
    doubt_str_addf(&out, "%s\n", text);
    free(text);
    enum doubt_code code =
        out.failed ? doubt_err_set(err, DOUBT_E_USAGE,
                                   "%s would be longer than %d bytes: begin another set", path,
                                   DOUBT_CLAIM_FILE_MAX)
                   : check_same(doubt_str_text(&out), out.len, path, err);
    if (code == DOUBT_OK)
        code = doubt_file_write(path, doubt_str_text(&out), out.len, err);
    doubt_str_free(&out);
    return code;
}

/* The folder is made; the file's path. */
static enum doubt_code find_path(const char *set, char **path, struct doubt_err *err)
{
    char file[NAME_MAX_BYTES + PLACES];
    char *config = doubt_file_xdg("CONFIG");
    char *folder = config != NULL ? doubt_file_join(config, "claims") : NULL;
    snprintf(file, sizeof file, "%s.json", set);
    free(config);
    if (folder == NULL)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "there is no place for claims: set HOME or XDG_CONFIG_HOME");
    enum doubt_code code = doubt_file_make_folder(folder, err);
    if (code == DOUBT_OK && (*path = doubt_file_join(folder, file)) == NULL)
        code = out_of_memory(err);
    free(folder);
    return code;
}

enum doubt_code doubt_claim_draft_add(const struct doubt_claim_draft *draft, const char *set,
                                      const char *title, char **path, struct doubt_err *err)
{
    json_t *root = NULL, *object = NULL;
    *path = NULL;
    enum doubt_code code = doubt_claim_set_check_name(set, err);
    if (code == DOUBT_OK)
        code = doubt_claim_draft_check(draft, err);
    if (code == DOUBT_OK)
        code = doubt_claim_check_id(doubt_claim_draft_get(draft, "id"), err);
    if (code == DOUBT_OK)
        code = find_path(set, path, err);
    if (code == DOUBT_OK)
        code = open_set(*path, set, title, &root, err);
    if (code == DOUBT_OK && (object = whole_of(draft)) == NULL)
        code = out_of_memory(err);
    if (code == DOUBT_OK && json_array_append(json_object_get(root, "claims"), object) != 0)
        code = out_of_memory(err);
    if (code == DOUBT_OK)
        code = write_set(*path, root, err);
    json_decref(object);
    json_decref(root);
    return code;
}
