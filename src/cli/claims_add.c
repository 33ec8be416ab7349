/* claims_add.c: a claim of the user's own, by options or by asking. See claims.h. */
#include "claims/claim_add.h"
#include "cli/claims.h"
#include "model/net.h"

#include <ctype.h>
#include <doubt/verdict.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER_BYTES = 4096, FIELDS_MAX = 64 };

/* A claim for a network that is not there would only be noticed when it is measured. */
static enum doubt_code set_field(struct doubt_claim_draft *draft, const char *name,
                                 const char *value, struct doubt_err *err)
{
    const struct doubt_net *net;
    struct doubt_err reason = {0};
    if (strcmp(name, "network") == 0 && value[0] != '\0' &&
        doubt_net_find(value, &net, &reason) != DOUBT_OK)
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "field \"network\": %s; or leave it out, and say in title what the "
                             "source calls it, and in remark why it is unknown",
                             reason.text);
    enum doubt_code code = DOUBT_OK;
    if (strcmp(name, "id") == 0 && value[0] != '\0')
        code = doubt_claim_check_id(value, err);
    return code == DOUBT_OK ? doubt_claim_draft_set(draft, name, value, err) : code;
}

/* "36FPS" is figure 36 of unit FPS. */
static enum doubt_code set_figure(struct doubt_claim_draft *draft, const char *value,
                                  struct doubt_err *err)
{
    char number[ANSWER_BYTES];
    struct doubt_figure whole;
    struct doubt_err reason = {0};
    size_t end = strlen(value);
    while (end > 0 && !isdigit((unsigned char)value[end - 1]))
        end--;
    const char *unit = value + end + strspn(value + end, ". ");
    if (*unit == '\0' || end >= sizeof number)
        return set_field(draft, "figure", value, err);
    if (doubt_figure_parse(value, NULL, &whole, &reason) != DOUBT_OK)
        return doubt_err_set(err, DOUBT_E_FORMAT, "field \"figure\": %s", reason.text);
    snprintf(number, sizeof number, "%.*s", (int)end, value);
    enum doubt_code code = set_field(draft, "unit", unit, err);
    return code == DOUBT_OK ? set_field(draft, "figure", number, err) : code;
}

static enum doubt_code check_field(const char *name, struct doubt_err *err)
{
    const char *names[FIELDS_MAX + 1] = {NULL};
    struct doubt_str list;
    size_t count = doubt_claim_field_count();
    for (size_t i = 0; i < count && i < FIELDS_MAX; i++) {
        names[i] = doubt_claim_field_at(i).name;
        if (strcmp(names[i], name) == 0)
            return DOUBT_OK;
    }
    doubt_str_init(&list, 700);
    for (size_t i = 0; names[i] != NULL; i++)
        doubt_str_addf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
    doubt_err_set(err, DOUBT_E_USAGE, "a claim has no field \"%s\"%s there are: %s", name,
                  doubt_str_hint(name, names, "").text, doubt_str_text(&list));
    doubt_str_free(&list);
    return DOUBT_E_USAGE;
}

/* "NAME=VALUE", for each --field. */
static enum doubt_code set_given(struct doubt_claim_draft *draft,
                                 const struct doubt_opt_list *given, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < given->count; i++) {
        char name[64];
        const char *equals = strchr(given->items[i], '=');
        if (equals == NULL || equals == given->items[i] ||
            (size_t)(equals - given->items[i]) >= sizeof name)
            return doubt_err_set(err, DOUBT_E_USAGE,
                                 "--field \"%.80s\" is not NAME=VALUE, for example device=\"Jetson "
                                 "Nano\"",
                                 given->items[i]);
        snprintf(name, sizeof name, "%.*s", (int)(equals - given->items[i]), given->items[i]);
        if (doubt_claim_draft_get(draft, name)[0] != '\0')
            return doubt_err_set(err, DOUBT_E_USAGE, "--field %s is given twice", name);
        code = check_field(name, err);
        if (code == DOUBT_OK)
            code = strcmp(name, "figure") == 0 ? set_figure(draft, equals + 1, err)
                                               : set_field(draft, name, equals + 1, err);
    }
    return code;
}

/* A line without its end; false at the end of input. What does not fit is skipped and refused. */
static bool read_answer(char *out, bool *too_long)
{
    *too_long = false;
    if (fgets(out, ANSWER_BYTES, stdin) == NULL)
        return false;
    size_t len = strcspn(out, "\r\n");
    if (out[len] == '\0' && len + 1 == ANSWER_BYTES) {
        *too_long = true;
        for (int c = getchar(); c != EOF && c != '\n';)
            c = getchar();
    }
    out[len] = '\0';
    return true;
}

/* Asks for one field until the answer will do; "" leaves an optional one out. */
static enum doubt_code ask_field(struct doubt_claim_draft *draft,
                                 const struct doubt_claim_field *field, struct doubt_err *err)
{
    char answer[ANSWER_BYTES];
    bool too_long;
    for (;;) {
        struct doubt_err reason = {0};
        fprintf(stderr, "%s%s: %s%s%s%s: ", field->name, field->needed ? " (needed)" : "",
                field->asks, field->accepted != NULL ? " (" : "",
                field->accepted != NULL ? field->accepted : "", field->accepted != NULL ? ")" : "");
        fflush(stderr);
        if (!read_answer(answer, &too_long))
            return doubt_err_set(err, DOUBT_E_USAGE,
                                 "the answers ended at field \"%s\"; nothing was written",
                                 field->name);
        if (too_long)
            fprintf(stderr, "doubt: an answer has at most %d bytes\n", ANSWER_BYTES - 2);
        else if (answer[0] == '\0' && field->needed)
            fprintf(stderr, "doubt: every claim needs it\n");
        else if ((strcmp(field->name, "figure") == 0
                      ? set_figure(draft, answer, &reason)
                      : set_field(draft, field->name, answer, &reason)) == DOUBT_OK)
            return DOUBT_OK;
        else
            fprintf(stderr, "doubt: %s\n", reason.text);
    }
}

/* title and remark are needed where the network is not built in. */
static bool is_needed(const struct doubt_claim_draft *draft, const struct doubt_claim_field *field)
{
    bool unknown = doubt_claim_draft_get(draft, "network")[0] == '\0';
    return field->needed ||
           (unknown && (strcmp(field->name, "title") == 0 || strcmp(field->name, "remark") == 0));
}

static enum doubt_code ask_all(struct doubt_claim_draft *draft, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < doubt_claim_field_count(); i++) {
        struct doubt_claim_field field = doubt_claim_field_at(i);
        if (doubt_claim_draft_get(draft, field.name)[0] != '\0')
            continue;
        field.needed = is_needed(draft, &field);
        code = ask_field(draft, &field, err);
    }
    return code;
}

/* All at once: who learns of one at a time starts seven times. */
static enum doubt_code check_needed(const struct doubt_claim_draft *draft, struct doubt_err *err)
{
    const struct doubt_claim_field title = {.name = "title"};
    struct doubt_str list;
    size_t missing = 0;
    doubt_str_init(&list, 700);
    for (size_t i = 0; i < doubt_claim_field_count(); i++) {
        const struct doubt_claim_field field = doubt_claim_field_at(i);
        if (doubt_claim_draft_get(draft, field.name)[0] != '\0')
            continue;
        if (field.needed)
            doubt_str_addf(&list, "%s%s (%s)", missing++ > 0 ? ", " : "", field.name, field.asks);
        else if (strcmp(field.name, "network") == 0 && is_needed(draft, &title) &&
                 doubt_claim_draft_get(draft, "title")[0] == '\0')
            doubt_str_addf(&list, "%snetwork (one that is built in; else title and remark)",
                           missing++ > 0 ? ", " : "");
    }
    if (missing > 0)
        doubt_err_set(err, DOUBT_E_USAGE,
                      "a claim needs %s: give --field NAME=VALUE for each, or --ask",
                      doubt_str_text(&list));
    doubt_str_free(&list);
    return missing > 0 ? DOUBT_E_USAGE : DOUBT_OK;
}

static enum doubt_code fill(struct doubt_claim_draft *draft, const struct doubt_claims_add *add,
                            struct doubt_err *err)
{
    enum doubt_code code = set_given(draft, add->fields, err);
    if (code != DOUBT_OK)
        return code;
    if (add->ask || (add->fields->count == 0 && isatty(STDIN_FILENO)))
        return ask_all(draft, err);
    code = check_needed(draft, err);
    return code == DOUBT_OK ? doubt_claim_draft_check(draft, err) : code;
}

enum doubt_code doubt_claims_add_one(const struct doubt_cli *cli,
                                     const struct doubt_claims_add *add, struct doubt_str *out,
                                     struct doubt_err *err)
{
    char *path = NULL;
    struct doubt_claim_draft *draft = doubt_claim_draft_new();
    if (draft == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a claim");
    enum doubt_code code = doubt_claim_set_check_name(add->set, err);
    if (code == DOUBT_OK)
        code = fill(draft, add, err);
    if (code == DOUBT_OK)
        code = doubt_claim_draft_add(draft, add->set, add->title, &path, err);
    if (code == DOUBT_OK && cli->common.json)
        code = doubt_claims_format_json(json_pack("{s:s, s:s, s:s}", "id",
                                                  doubt_claim_draft_get(draft, "id"), "set",
                                                  add->set, "path", path),
                                        out, err);
    else if (code == DOUBT_OK)
        doubt_str_addf(out, "%s is in %s: doubt claims show %s\n",
                       doubt_claim_draft_get(draft, "id"), path,
                       doubt_claim_draft_get(draft, "id"));
    free(path);
    doubt_claim_draft_free(draft);
    return code;
}
