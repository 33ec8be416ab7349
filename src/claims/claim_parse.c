/* claim_parse.c: claim sets from their JSON text. See claim.h; format: docs/CLAIMS.md. */
#include "claims/claim.h"
#include "claims/claims_int.h"
#include "util/str.h"

#include <doubt/verdict.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 2000, LIST_MAX = 1000 };

struct field {
    const char *name;
    size_t offset;
    bool needed;
    const char *accepted; /* words separated by spaces; NULL: any text */
};

#define FIELD(name, needed, accepted)                                                              \
    {                                                                                              \
#name, offsetof(struct doubt_claim, name), needed, accepted                                \
    }
static const struct field fields[] = {
    FIELD(id, true, NULL),
    FIELD(device, true, NULL),
    FIELD(row, false, NULL),
    FIELD(network, false, NULL), /* see check_network() */
    FIELD(title, false, NULL),
    FIELD(input, false, NULL),
    FIELD(label, false, NULL),
    FIELD(framework, false, NULL),
    FIELD(file, false, NULL),
    FIELD(output, false, NULL),
    FIELD(precision, false, "f32 tf32 bf16 f16 i8"),
    FIELD(engine, false, NULL),
    FIELD(power_mode, false, NULL),
    FIELD(condition, false, NULL),
    FIELD(boundary, false, "call host device"),
    FIELD(statistic, false, NULL),
    FIELD(figure, true, NULL),
    FIELD(unit, true, NULL),
    FIELD(source, true, NULL),
    FIELD(date, false, NULL),
    FIELD(confidence, false, "read quoted inferred"),
    FIELD(remark, false, NULL),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

/* One file under way. */
struct parser {
    const char *text, *label;
    size_t size;
    const json_t *common;
    long index; /* of the claim; negative: the file's own members */
    const char *id;
    struct doubt_err *err;
};

/* "LABEL, line 12, claim \"x\", field \"unit\": REASON". */
static enum doubt_code fail(const struct parser *p, const char *field, const char *reason)
{
    char where[256] = "";
    if (p->index >= 0 && p->id != NULL)
        snprintf(where, sizeof where, ", claim \"%.100s\"", p->id);
    else if (p->index >= 0)
        snprintf(where, sizeof where, ", claim number %ld", p->index + 1);
    if (p->text == NULL) /* a claim that is being written, which has no lines yet */
        return doubt_err_set(p->err, DOUBT_E_FORMAT, "%s%s%s: %s",
                             field != NULL ? "field \"" : p->label, field != NULL ? field : "",
                             field != NULL ? "\"" : "", reason);
    size_t line = doubti_line_of(p->text, p->size, p->index, field);
    return doubt_err_set(p->err, DOUBT_E_FORMAT, "%s, line %zu%s%s%s%s: %s", p->label,
                         line > 0 ? line : 1, where, field != NULL ? ", field \"" : "",
                         field != NULL ? field : "", field != NULL ? "\"" : "", reason);
}

static enum doubt_code out_of_memory(const struct parser *p)
{
    return doubt_err_set(p->err, DOUBT_E_MEMORY, "out of memory while reading %s", p->label);
}

/* What would play tricks on a terminal: C0, DEL, and C1 (U+0080 to U+009F). */
static bool has_control(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
        if (*c < 0x20 || *c == 0x7F || (c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0))
            return true;
    return false;
}

static bool is_one_of(const char *text, const char *words)
{
    size_t len = strlen(text);
    for (const char *word = words; word != NULL; word = strchr(word, ' ')) {
        word += *word == ' ';
        if (strncmp(word, text, len) == 0 && (word[len] == ' ' || word[len] == '\0'))
            return true;
    }
    return false;
}

static enum doubt_code check_text(const struct parser *p, const struct field *field,
                                  const json_t *value)
{
    char reason[256];
    if (json_is_number(value) && strcmp(field->name, "figure") == 0)
        return fail(p, field->name,
                    "the figure is a number; write it as a text (\"36\"), so that its digits stay "
                    "as published");
    if (!json_is_string(value))
        return fail(p, field->name, "a text is needed");
    const char *text = json_string_value(value);
    if (strlen(text) > TEXT_MAX)
        return fail(p, field->name, "the text is longer than 2000 bytes");
    if (has_control(text))
        return fail(p, field->name, "the text has control characters");
    if (field->needed && text[0] == '\0')
        return fail(p, field->name, "it is empty, but every claim needs it");
    if (field->accepted != NULL && text[0] != '\0' && !is_one_of(text, field->accepted)) {
        snprintf(reason, sizeof reason, "\"%.60s\" is not known; one of: %s; \"\" is not stated",
                 text, field->accepted);
        return fail(p, field->name, reason);
    }
    return DOUBT_OK;
}

/* A member of the claim, else of "common", else NULL. */
static const json_t *member(const struct parser *p, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return value != NULL ? value : json_object_get(p->common, name);
}

static enum doubt_code read_text(const struct parser *p, const json_t *object,
                                 const struct field *field, struct doubt_claim *claim)
{
    const json_t *value = member(p, object, field->name);
    if (value == NULL && field->needed)
        return fail(p, field->name, "it is missing, but every claim needs it");
    enum doubt_code code = value != NULL ? check_text(p, field, value) : DOUBT_OK;
    if (code != DOUBT_OK)
        return code;
    char *text = strdup(value != NULL ? json_string_value(value) : "");
    if (text == NULL)
        return out_of_memory(p);
    *(char **)((char *)claim + field->offset) = text;
    return DOUBT_OK;
}

static enum doubt_code read_count(const struct parser *p, const json_t *object, const char *name,
                                  int64_t *count)
{
    const json_t *value = member(p, object, name);
    *count = DOUBT_MISSING_I64;
    if (value == NULL)
        return DOUBT_OK;
    if (!json_is_integer(value) || json_integer_value(value) < 1)
        return fail(p, name, "an integer of at least 1 is needed; leave it out if not stated");
    *count = json_integer_value(value);
    return DOUBT_OK;
}

/* A misspelt field would be a condition that is silently not compared. */
static enum doubt_code check_names(const struct parser *p, const json_t *object)
{
    const char *name, *names[FIELD_COUNT + 3] = {"batch", "samples"};
    json_t *value;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        names[i + 2] = fields[i].name;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        bool known = false;
        for (size_t i = 0; !known && names[i] != NULL; i++)
            known = strcmp(name, names[i]) == 0;
        if (known)
            continue;
        char reason[256], shown[64];
        doubt_str_copy(shown, sizeof shown, has_control(name) ? "?" : name);
        snprintf(reason, sizeof reason, "there is no such field%s docs/CLAIMS.md lists them",
                 doubt_str_hint(shown, names, "").text);
        return fail(p, shown, reason);
    }
    return DOUBT_OK;
}

static enum doubt_code check_figure(const struct parser *p, const struct doubt_claim *claim)
{
    char text[2 * TEXT_MAX + 2];
    struct doubt_err reason = {.code = DOUBT_OK};
    struct doubt_figure figure;
    snprintf(text, sizeof text, "%s %s", claim->figure, claim->unit);
    if (doubt_figure_parse(text, NULL, &figure, &reason) != DOUBT_OK)
        return fail(p, "figure", reason.text);
    return DOUBT_OK;
}

/* "" says that the network is none of the built-in ones, which a reader wants explained. */
static enum doubt_code check_network(const struct parser *p, const json_t *object,
                                     const struct doubt_claim *claim)
{
    if (claim->network[0] != '\0')
        return DOUBT_OK;
    if (member(p, object, "network") == NULL)
        return fail(p, "network",
                    "it is missing, but every claim needs it; \"\" for one that is not built in");
    if (claim->title[0] == '\0')
        return fail(p, "title", "it is needed where network is \"\": what the source calls it");
    if (claim->remark[0] == '\0')
        return fail(p, "remark", "it is needed where network is \"\": why it is unknown");
    return DOUBT_OK;
}

void doubti_claim_free(struct doubt_claim *claim)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        free(*(char **)((char *)claim + fields[i].offset));
    memset(claim, 0, sizeof *claim);
}

static enum doubt_code read_claim(struct parser *p, const json_t *object, struct doubt_claim *claim)
{
    if (!json_is_object(object))
        return fail(p, NULL, "an object is needed");
    const json_t *id = json_object_get(object, "id");
    if (json_is_string(id) && !has_control(json_string_value(id)))
        p->id = json_string_value(id);
    enum doubt_code code = check_names(p, object);
    for (size_t i = 0; code == DOUBT_OK && i < FIELD_COUNT; i++)
        code = read_text(p, object, &fields[i], claim);
    if (code == DOUBT_OK)
        code = read_count(p, object, "batch", &claim->batch);
    if (code == DOUBT_OK)
        code = read_count(p, object, "samples", &claim->samples);
    if (code == DOUBT_OK)
        code = check_figure(p, claim);
    if (code == DOUBT_OK)
        code = check_network(p, object, claim);
    if (code == DOUBT_OK && claim->title[0] == '\0') {
        char *title = strdup(claim->network);
        if (title == NULL)
            return out_of_memory(p);
        free(claim->title);
        claim->title = title;
    }
    return code;
}

static enum doubt_code read_claims(struct parser *p, const json_t *array,
                                   struct doubt_claim_set *set)
{
    json_t *ids = json_object();
    enum doubt_code code = ids != NULL ? DOUBT_OK : out_of_memory(p);
    for (size_t i = 0; code == DOUBT_OK && i < json_array_size(array); i++) {
        p->index = (long)i;
        p->id = NULL;
        struct doubt_claim *claim = &set->claims[set->count++];
        code = read_claim(p, json_array_get(array, i), claim);
        if (code == DOUBT_OK && json_object_get(ids, claim->id) != NULL)
            code = fail(p, "id", "another claim of this file has the same");
        else if (code == DOUBT_OK && json_object_set_new(ids, claim->id, json_true()) != 0)
            code = out_of_memory(p);
    }
    json_decref(ids);
    return code;
}

static enum doubt_code read_head(const struct parser *p, const json_t *root, const char *name,
                                 char **text)
{
    struct field field = {name, 0, true, NULL};
    const json_t *value = json_object_get(root, name);
    if (value == NULL)
        return fail(p, name, "it is missing, but every claim set needs it");
    enum doubt_code code = check_text(p, &field, value);
    if (code == DOUBT_OK && (*text = strdup(json_string_value(value))) == NULL)
        code = out_of_memory(p);
    return code;
}

static enum doubt_code check_root(const struct parser *p, const json_t *root)
{
    const char *name;
    json_t *value;
    if (!json_is_object(root))
        return fail(p, NULL,
                    "a claim set is an object with the fields name, title, common (may be left "
                    "out) and claims");
    json_object_foreach((json_t *)(uintptr_t)root, name, value)
    {
        if (is_one_of(name, "name title common claims"))
            continue;
        char shown[64];
        doubt_str_copy(shown, sizeof shown, has_control(name) ? "?" : name);
        return fail(p, shown,
                    "there is no such field; a claim set has name, title, common and claims");
    }
    return DOUBT_OK;
}

static enum doubt_code read_root(struct parser *p, const json_t *root, struct doubt_claim_set *set)
{
    enum doubt_code code = check_root(p, root);
    if (code == DOUBT_OK)
        code = read_head(p, root, "name", &set->name);
    if (code == DOUBT_OK)
        code = read_head(p, root, "title", &set->title);
    if (code != DOUBT_OK)
        return code;
    p->common = json_object_get(root, "common");
    if (p->common != NULL && !json_is_object(p->common))
        return fail(p, "common", "an object is needed");
    if (p->common != NULL && (code = check_names(p, p->common)) != DOUBT_OK)
        return code;
    const json_t *claims = json_object_get(root, "claims");
    size_t count = json_array_size(claims);
    if (count == 0 || count > DOUBT_CLAIMS_MAX)
        return fail(p, "claims", "an array of 1 to 10000 claims is needed");
    set->claims = calloc(count, sizeof *set->claims);
    if (set->claims == NULL)
        return out_of_memory(p);
    return read_claims(p, claims, set);
}

static bool is_blank(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (strchr(" \t\r\n", text[i]) == NULL || text[i] == '\0')
            return false;
    return true;
}

enum doubt_code doubt_claim_set_parse(const char *text, size_t size, const char *label,
                                      struct doubt_claim_set *set, struct doubt_err *err)
{
    memset(set, 0, sizeof *set);
    if (size > DOUBT_CLAIM_FILE_MAX)
        return doubt_err_set(err, DOUBT_E_FORMAT, "%s has %zu bytes; a claim set has at most %d",
                             label, size, DOUBT_CLAIM_FILE_MAX);
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark */
        text += 3;
        size -= 3;
    }
    if (size >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "%s is UTF-16 text: convert it, with iconv -f UTF-16 -t UTF-8", label);
    if (is_blank(text, size))
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "%s is empty: there is no claim set in it; docs/CLAIMS.md has the "
                             "format",
                             label);
    json_error_t where;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
    for (char *c = where.text; root == NULL && *c != '\0'; c++)
        *c = has_control((char[]){*c, '\0'}) ? '?' : *c; /* it quotes the file */
    if (root == NULL)
        return doubt_err_set(err, DOUBT_E_FORMAT, "%s, line %d, column %d: not JSON: %s", label,
                             where.line > 0 ? where.line : 1, where.column, where.text);
    struct parser p = {.text = text, .size = size, .label = label, .index = -1, .err = err};
    enum doubt_code code = read_root(&p, root, set);
    json_decref(root);
    if (code != DOUBT_OK)
        doubt_claim_set_free(set);
    return code;
}

void doubt_claim_set_free(struct doubt_claim_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        doubti_claim_free(&set->claims[i]);
    free(set->claims);
    free(set->name);
    free(set->title);
    memset(set, 0, sizeof *set);
}

enum doubt_code doubti_claim_check(const json_t *object, struct doubt_claim *claim,
                                   struct doubt_err *err)
{
    struct parser p = {.label = "the claim", .index = 0, .err = err};
    memset(claim, 0, sizeof *claim);
    enum doubt_code code = read_claim(&p, object, claim);
    if (code != DOUBT_OK)
        doubti_claim_free(claim);
    return code;
}

bool doubti_claim_is_count(const char *field)
{
    return strcmp(field, "batch") == 0 || strcmp(field, "samples") == 0;
}

const char *doubti_claim_accepted(const char *field)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (strcmp(fields[i].name, field) == 0)
            return fields[i].accepted;
    return NULL;
}

bool doubti_claim_is_same(const struct doubt_claim *a, const struct doubt_claim *b)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const char *ta = *(char *const *)((const char *)a + fields[i].offset);
        const char *tb = *(char *const *)((const char *)b + fields[i].offset);
        if (!is_one_of(fields[i].name, "id row remark") && strcmp(ta, tb) != 0)
            return false;
    }
    return a->batch == b->batch && a->samples == b->samples;
}
