/* opt.c: see opt.h. */
#include "util/opt.h"

#include "util/units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- one value ------------------------------------------------------------------------------ */

static enum doubt_code read_int(const struct doubt_opt *row, const char *text, int64_t *out,
                                struct doubt_err *err)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value < row->min || value > row->max)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--%s \"%.100s\" is not a whole number from %" PRId64 " to %" PRId64,
                             row->name, text, row->min, row->max);
    *out = value;
    return DOUBT_OK;
}

static enum doubt_code read_hex(const struct doubt_opt *row, const char *text, uint64_t *out,
                                struct doubt_err *err)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 16);
    if (text[strspn(text, "0123456789abcdefABCDEFx")] != '\0' || end == text || *end != '\0' ||
        errno != 0)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--%s \"%.100s\" is not a number of up to 16 hexadecimal digits",
                             row->name, text);
    *out = value;
    return DOUBT_OK;
}

static enum doubt_code read_choice(const struct doubt_opt *row, const char *text, int *out,
                                   struct doubt_err *err)
{
    for (int i = 0; row->choices[i] != NULL; i++) {
        if (strcmp(row->choices[i], text) == 0) {
            *out = i;
            return DOUBT_OK;
        }
    }
    struct doubt_str list;
    doubt_str_init(&list, 512);
    for (int i = 0; row->choices[i] != NULL; i++)
        doubt_str_addf(&list, "%s%s", i > 0 ? ", " : "", row->choices[i]);
    enum doubt_code code =
        doubt_err_set(err, DOUBT_E_USAGE, "--%s \"%.100s\" is unknown%s accepted: %s", row->name,
                      text, doubt_str_hint(text, row->choices, "").text, doubt_str_text(&list));
    doubt_str_free(&list);
    return code;
}

static enum doubt_code no_value(const struct doubt_opt *row, struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_USAGE, "--%s has an empty %s", row->name, row->argument);
}

static enum doubt_code add_item(const struct doubt_opt *row, const char *text,
                                struct doubt_opt_list *list, struct doubt_err *err)
{
    if (text[0] == '\0')
        return no_value(row, err);
    if (list->count == DOUBT_OPT_LIST_MAX)
        return doubt_err_set(err, DOUBT_E_USAGE, "--%s is given more than %d times", row->name,
                             DOUBT_OPT_LIST_MAX);
    list->items[list->count++] = text;
    list->items[list->count] = NULL;
    return DOUBT_OK;
}

static enum doubt_code add_names(const struct doubt_opt *row, char *text,
                                 struct doubt_opt_list *list, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    while (code == DOUBT_OK && text != NULL) {
        char *comma = strchr(text, ',');
        if (comma != NULL)
            *comma++ = '\0';
        code = add_item(row, text, list, err);
        text = comma;
    }
    return code;
}

static enum doubt_code named(const struct doubt_opt *row, enum doubt_code code,
                             struct doubt_err *err)
{
    if (code != DOUBT_OK)
        doubt_err_prefix(err, "--%s", row->name);
    return code;
}

/* text is not NULL but for a flag. */
static enum doubt_code store(const struct doubt_opt *row, char *text, void *values,
                             struct doubt_err *err)
{
    void *place = (char *)values + row->offset;
    switch (row->type) {
    case DOUBT_OPT_FLAG:
        *(bool *)place = true;
        break;
    case DOUBT_OPT_TEXT:
        if (text[0] == '\0')
            return no_value(row, err);
        *(const char **)place = text;
        break;
    case DOUBT_OPT_INT:
        return read_int(row, text, place, err);
    case DOUBT_OPT_HEX:
        return read_hex(row, text, place, err);
    case DOUBT_OPT_DURATION:
        return named(row, doubt_units_parse_duration(text, place, err), err);
    case DOUBT_OPT_BYTES:
        return named(row, doubt_units_parse_bytes(text, place, err), err);
    case DOUBT_OPT_CHOICE:
        return read_choice(row, text, place, err);
    case DOUBT_OPT_LIST:
        return add_item(row, text, place, err);
    case DOUBT_OPT_NAMES:
        return add_names(row, text, place, err);
    }
    return DOUBT_OK;
}

static void clear(const struct doubt_opt *row, void *values)
{
    static const size_t sizes[] = {
        [DOUBT_OPT_FLAG] = sizeof(bool),
        [DOUBT_OPT_TEXT] = sizeof(const char *),
        [DOUBT_OPT_INT] = sizeof(int64_t),
        [DOUBT_OPT_HEX] = sizeof(uint64_t),
        [DOUBT_OPT_DURATION] = sizeof(int64_t),
        [DOUBT_OPT_BYTES] = sizeof(uint64_t),
        [DOUBT_OPT_CHOICE] = sizeof(int),
        [DOUBT_OPT_LIST] = sizeof(struct doubt_opt_list),
        [DOUBT_OPT_NAMES] = sizeof(struct doubt_opt_list),
    };
    memset((char *)values + row->offset, 0, sizes[row->type]);
}

/* Lists have no defaults, so nothing here is split in place. */
static enum doubt_code set_defaults(const struct doubt_opt_set *sets, size_t set_count,
                                    struct doubt_err *err)
{
    for (size_t s = 0; s < set_count; s++) {
        const struct doubt_opt *row = sets[s].rows;
        for (; row != NULL && row->name != NULL; row++) {
            clear(row, sets[s].values);
            if (row->fallback == NULL)
                continue;
            enum doubt_code code = store(row, (char *)row->fallback, sets[s].values, err);
            if (code != DOUBT_OK)
                return code;
        }
    }
    return DOUBT_OK;
}

/* --- one line ------------------------------------------------------------------------------- */

struct found {
    const struct doubt_opt *row;
    void *values;
};

static struct found find(const struct doubt_opt_set *sets, size_t set_count, const char *name,
                         size_t name_bytes, char letter)
{
    for (size_t s = 0; s < set_count; s++) {
        const struct doubt_opt *row = sets[s].rows;
        for (; row != NULL && row->name != NULL; row++) {
            bool same = letter != 0 ? row->letter == letter
                                    : strlen(row->name) == name_bytes &&
                                          memcmp(row->name, name, name_bytes) == 0;
            if (same)
                return (struct found){row, sets[s].values};
        }
    }
    return (struct found){NULL, NULL};
}

static enum doubt_code unknown(const struct doubt_opt_set *sets, size_t set_count, const char *name,
                               struct doubt_err *err)
{
    enum { NAMES_MAX = 128 };
    const char *names[NAMES_MAX + 1];
    size_t count = 0;
    for (size_t s = 0; s < set_count; s++) {
        const struct doubt_opt *row = sets[s].rows;
        for (; row != NULL && row->name != NULL && count < NAMES_MAX; row++)
            names[count++] = row->name;
    }
    names[count] = NULL;
    struct doubt_str_hint hint = doubt_str_hint(name, names, "--");
    return doubt_err_set(err, DOUBT_E_USAGE, "unknown option --%.100s%s", name,
                         strcmp(hint.text, ";") == 0 ? "" : hint.text);
}

/* Reads argv[*i], which begins with "--" and is longer; takes the next one too where the value
 * stands apart. */
static enum doubt_code read_long(const struct doubt_opt_set *sets, size_t set_count,
                                 const struct doubt_opt_args *args, int *i, struct doubt_err *err)
{
    char *name = args->items[*i] + 2, *equals = strchr(name, '=');
    size_t bytes = equals != NULL ? (size_t)(equals - name) : strlen(name);
    struct found found = find(sets, set_count, name, bytes, 0);
    if (found.row == NULL) {
        name[bytes] = '\0';
        return unknown(sets, set_count, name, err);
    }
    if (found.row->type == DOUBT_OPT_FLAG) {
        if (equals != NULL)
            return doubt_err_set(err, DOUBT_E_USAGE, "--%s takes no value, but \"%s\" was given",
                                 found.row->name, equals + 1);
        return store(found.row, NULL, found.values, err);
    }
    if (equals != NULL)
        return store(found.row, equals + 1, found.values, err);
    if (*i + 1 >= args->count)
        return doubt_err_set(err, DOUBT_E_USAGE, "--%s needs a value: --%s %s", found.row->name,
                             found.row->name, found.row->argument);
    return store(found.row, args->items[++*i], found.values, err);
}

/* Reads argv[*i], a dash and letters: "-q", "-o FILE", "-oFILE". */
static enum doubt_code read_short(const struct doubt_opt_set *sets, size_t set_count,
                                  const struct doubt_opt_args *args, int *i, struct doubt_err *err)
{
    for (char *at = args->items[*i] + 1; *at != '\0'; at++) {
        struct found found = find(sets, set_count, NULL, 0, *at);
        if (found.row == NULL)
            return doubt_err_set(err, DOUBT_E_USAGE, "unknown option -%c", *at);
        if (found.row->type == DOUBT_OPT_FLAG) {
            store(found.row, NULL, found.values, err);
            continue;
        }
        if (at[1] != '\0')
            return store(found.row, at + 1, found.values, err);
        if (*i + 1 >= args->count)
            return doubt_err_set(err, DOUBT_E_USAGE, "-%c needs a value: -%c %s", *at, *at,
                                 found.row->argument);
        return store(found.row, args->items[++*i], found.values, err);
    }
    return DOUBT_OK;
}

enum doubt_code doubt_opt_parse(const struct doubt_opt_set *sets, size_t set_count,
                                struct doubt_opt_args *args, struct doubt_err *err)
{
    enum doubt_code code = set_defaults(sets, set_count, err);
    bool ended = false;
    int kept = 0;
    for (int i = 0; code == DOUBT_OK && i < args->count; i++) {
        char *item = args->items[i];
        if (ended || item[0] != '-' || item[1] == '\0')
            args->items[kept++] = item;
        else if (strcmp(item, "--") == 0)
            ended = true;
        else if (item[1] == '-')
            code = read_long(sets, set_count, args, &i, err);
        else
            code = read_short(sets, set_count, args, &i, err);
    }
    if (code == DOUBT_OK)
        args->count = kept;
    return code;
}

/* --- help ----------------------------------------------------------------------------------- */

enum { HELP_COLUMN = 26 };

/* What a value may be, where the type alone does not say it; "" else. */
static void describe_value(const struct doubt_opt *row, struct doubt_str *out)
{
    if (row->type == DOUBT_OPT_CHOICE) {
        doubt_str_add(out, " (");
        for (int i = 0; row->choices[i] != NULL; i++)
            doubt_str_addf(out, "%s%s", i > 0 ? ", " : "", row->choices[i]);
        doubt_str_add(out, ")");
    } else if (row->type == DOUBT_OPT_LIST) {
        doubt_str_add(out, "; may be repeated");
    } else if (row->type == DOUBT_OPT_NAMES) {
        doubt_str_add(out, "; several with commas");
    }
    if (row->fallback != NULL)
        doubt_str_addf(out, " [%s]", row->fallback);
}

void doubt_opt_help(const struct doubt_opt *rows, size_t width, struct doubt_str *out)
{
    for (const struct doubt_opt *row = rows; row != NULL && row->name != NULL; row++) {
        struct doubt_str left, right;
        doubt_str_init(&left, 256);
        doubt_str_init(&right, 4096);
        if (row->letter != 0)
            doubt_str_addf(&left, "  -%c, --%s", row->letter, row->name);
        else
            doubt_str_addf(&left, "      --%s", row->name);
        if (row->argument != NULL)
            doubt_str_addf(&left, " %s", row->argument);
        doubt_str_add(&right, row->help);
        describe_value(row, &right);
        if (left.len + 2 <= HELP_COLUMN)
            doubt_str_addf(out, "%-*s", HELP_COLUMN, doubt_str_text(&left));
        else
            doubt_str_addf(out, "%s\n%*s", doubt_str_text(&left), HELP_COLUMN, "");
        doubt_str_wrap(out, doubt_str_text(&right), HELP_COLUMN, width);
        doubt_str_free(&left);
        doubt_str_free(&right);
    }
}

void doubt_opt_man(const struct doubt_opt *rows, struct doubt_str *out)
{
    for (const struct doubt_opt *row = rows; row != NULL && row->name != NULL; row++) {
        struct doubt_str text;
        doubt_str_init(&text, 4096);
        doubt_str_add(&text, row->help);
        describe_value(row, &text);
        doubt_str_add(out, ".TP\n");
        if (row->letter != 0)
            doubt_str_addf(out, "\\fB\\-%c\\fR, ", row->letter);
        doubt_str_add(out, "\\fB\\-\\-");
        doubt_str_add_man(out, row->name);
        doubt_str_add(out, "\\fR");
        if (row->argument != NULL) {
            doubt_str_add(out, " \\fI");
            doubt_str_add_man(out, row->argument);
            doubt_str_add(out, "\\fR");
        }
        doubt_str_add(out, "\n");
        doubt_str_add_man(out, doubt_str_text(&text));
        doubt_str_add(out, ".\n");
        doubt_str_free(&text);
    }
}
