/* side.c: see side.h. */
#include "cli/side.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- words ---------------------------------------------------------------------------------- */

enum doubt_code doubt_words_add(struct doubt_words *words, const char *text, size_t bytes,
                                struct doubt_err *err)
{
    if (words->count == words->capacity) {
        size_t capacity = words->capacity > 0 ? 2 * words->capacity : 32;
        char **items = realloc(words->items, capacity * sizeof *items);
        if (items == NULL)
            return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the command line");
        words->items = items;
        words->capacity = capacity;
    }
    char *copy = malloc(bytes + 1);
    if (copy == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the command line");
    memcpy(copy, text, bytes);
    copy[bytes] = '\0';
    words->items[words->count++] = copy;
    return DOUBT_OK;
}

void doubt_words_free(struct doubt_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
    *words = (struct doubt_words){0};
}

/* --- settings ------------------------------------------------------------------------------- */

static const char separators[] = ", \t\n";

static size_t name_bytes(const char *text)
{
    size_t bytes = 0;
    if (!isalpha((unsigned char)text[0]) && text[0] != '_')
        return 0;
    while (isalnum((unsigned char)text[bytes]) || text[bytes] == '_' || text[bytes] == '-')
        bytes++;
    return bytes;
}

static const struct doubt_opt *find(const struct doubt_opt *rows, const char *name, size_t bytes)
{
    for (; rows->name != NULL; rows++)
        if (strlen(rows->name) == bytes && memcmp(rows->name, name, bytes) == 0)
            return rows;
    return NULL;
}

/* Does a setting begin here? NAME=, LIST:, or the name of a flag by itself. */
static bool begins(const char *text, const struct doubt_opt *rows)
{
    size_t bytes = name_bytes(text);
    const struct doubt_opt *row = find(rows, text, bytes);
    if (bytes == 0 || text[bytes] == '=')
        return bytes > 0;
    if (row == NULL)
        return false;
    if (text[bytes] == ':')
        return row->type == DOUBT_OPT_LIST;
    return row->type == DOUBT_OPT_FLAG &&
           (text[bytes] == '\0' || strchr(separators, text[bytes]) != NULL);
}

/* Bytes of the setting that begins here: up to separators that another one follows, or the end. */
static size_t setting_bytes(const char *text, const struct doubt_opt *rows)
{
    size_t bytes = strcspn(text, separators);
    while (text[bytes] != '\0') {
        size_t gap = strspn(text + bytes, separators);
        if (text[bytes + gap] == '\0' || begins(text + bytes + gap, rows))
            break;
        bytes += gap + strcspn(text + bytes + gap, separators);
    }
    return bytes;
}

/* "engine, library, option:NAME=VALUE, no-nms". */
static void list_settings(const struct doubt_opt *rows, struct doubt_str *list)
{
    for (; rows->name != NULL; rows++)
        doubt_str_addf(list, "%s%s%s%s", list->len > 0 ? ", " : "", rows->name,
                       rows->type == DOUBT_OPT_LIST ? ":" : "",
                       rows->type == DOUBT_OPT_LIST ? rows->argument : "");
}

static enum doubt_code unknown(const char *text, size_t bytes, const struct doubt_opt *rows,
                               struct doubt_err *err)
{
    enum { NAMES_MAX = 64 };
    const char *names[NAMES_MAX + 1];
    char name[64];
    size_t count = 0;
    snprintf(name, sizeof name, "%.*s", (int)(bytes < 60 ? bytes : 60), text);
    for (const struct doubt_opt *row = rows; row->name != NULL && count < NAMES_MAX; row++)
        names[count++] = row->name;
    names[count] = NULL;
    struct doubt_str list;
    doubt_str_init(&list, 1024);
    list_settings(rows, &list);
    enum doubt_code code =
        doubt_err_set(err, DOUBT_E_USAGE, "there is no setting \"%s\" of one side%s there are: %s",
                      name, doubt_str_hint(name, names, "").text, doubt_str_text(&list));
    doubt_str_free(&list);
    return code;
}

/* One setting as one word of a command line. */
static enum doubt_code add(const char *text, size_t bytes, const struct doubt_opt *rows,
                           struct doubt_words *words, struct doubt_err *err)
{
    struct doubt_str word;
    size_t name = name_bytes(text);
    const struct doubt_opt *row = find(rows, text, name);
    bool flag = row != NULL && row->type == DOUBT_OPT_FLAG;
    bool list = row != NULL && row->type == DOUBT_OPT_LIST;
    if (name == 0 || name > bytes || (row == NULL && (name == bytes || text[name] != '=')))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "\"%.*s\" is no setting: write NAME=VALUE, for example "
                             "precision=bf16",
                             (int)(bytes < 80 ? bytes : 80), text);
    if (row == NULL)
        return unknown(text, name, rows, err);
    if (flag && name != bytes)
        return doubt_err_set(err, DOUBT_E_USAGE, "%s takes no value: write it by itself",
                             row->name);
    if (!flag && (name == bytes || (text[name] == ':' && !list)))
        return doubt_err_set(err, DOUBT_E_USAGE, "%s needs a value: %s%c%s", row->name, row->name,
                             list ? ':' : '=', row->argument);
    doubt_str_init(&word, bytes + 8);
    doubt_str_addf(&word, "--%s%s", row->name, flag ? "" : "=");
    if (!flag)
        doubt_str_add_bytes(&word, text + name + 1, bytes - name - 1);
    enum doubt_code code = word.failed
                               ? doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a setting")
                               : doubt_words_add(words, doubt_str_text(&word), word.len, err);
    doubt_str_free(&word);
    return code;
}

enum doubt_code doubt_side_add(const char *text, const struct doubt_opt *rows,
                               struct doubt_words *words, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    text += strspn(text, separators);
    if (*text == '\0')
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "there is no setting: write NAME=VALUE, for example precision=bf16");
    while (code == DOUBT_OK && *text != '\0') {
        size_t bytes = setting_bytes(text, rows);
        code = add(text, bytes, rows, words, err);
        text += bytes;
        text += strspn(text, separators);
    }
    return code;
}

void doubt_side_keep_last(struct doubt_opt_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        size_t name = strcspn(list->items[i], "=");
        bool again = false;
        for (size_t j = i + 1; j < list->count; j++)
            again = again || (strcspn(list->items[j], "=") == name &&
                              memcmp(list->items[i], list->items[j], name) == 0);
        if (!again)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
    list->items[kept] = NULL;
}
