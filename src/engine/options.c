/* options.c: see options.h. */
#include "engine/options.h"

#include "engine/engine_int.h"
#include "util/units.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 32, WORD_BYTES = 64 };

/* --- rows ------------------------------------------------------------------------------------ */

size_t doubti_options_row_bytes(const struct doubt_engine_ops *ops)
{
    const size_t end = offsetof(struct doubt_engine_ops, option_bytes) + sizeof ops->option_bytes;
    return ops->size >= end ? ops->option_bytes : offsetof(struct doubt_engine_option, kind);
}

bool doubt_options_at(const struct doubt_engine_ops *ops, size_t i,
                      struct doubt_engine_option *option)
{
    const size_t bytes = doubti_options_row_bytes(ops);
    *option = (struct doubt_engine_option){0};
    if (ops->options == NULL)
        return false;
    memcpy(option, (const char *)ops->options + i * bytes,
           bytes < sizeof *option ? bytes : sizeof *option);
    return option->name != NULL;
}

static bool find(const struct doubt_engine_ops *ops, const char *name, size_t len,
                 struct doubt_engine_option *option)
{
    for (size_t i = 0; doubt_options_at(ops, i, option); i++)
        if (strlen(option->name) == len && strncmp(option->name, name, len) == 0)
            return true;
    return false;
}

/* --- words ----------------------------------------------------------------------------------- */

static void add_limit(const struct doubt_engine_option *option, double value, struct doubt_str *out)
{
    static const struct {
        double ns;
        const char *name;
    } units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}};
    size_t i = 0;
    if (option->kind != DOUBT_OPTION_DURATION || value < 1) {
        doubt_str_addf(out, "%.10g", value);
        return;
    }
    while (value < units[i].ns)
        i++;
    doubt_str_addf(out, "%.10g%s", value / units[i].ns, units[i].name);
}

/* " from 1 to 1024", " above -1 and below 1", nothing where there is no limit. */
static void add_limits(const struct doubt_engine_option *option, struct doubt_str *out)
{
    const bool above = option->limits & DOUBT_LIMIT_ABOVE,
               below = option->limits & DOUBT_LIMIT_BELOW;
    const bool low = option->low > -INFINITY, high = option->high < INFINITY;
    if (low) {
        doubt_str_add(out, above ? " above " : " from ");
        add_limit(option, option->low, out);
    }
    if (high) {
        doubt_str_add(out, low && (above || below) ? " and" : "");
        doubt_str_add(out, below ? " below " : low && !above ? " to " : " up to ");
        add_limit(option, option->high, out);
    }
}

void doubt_options_accepted(const struct doubt_engine_option *option, struct doubt_str *out)
{
    static const char *const what[] = {
        [DOUBT_OPTION_WHOLE] = "a whole number",
        [DOUBT_OPTION_NUMBER] = "a number",
        [DOUBT_OPTION_DURATION] = "a duration",
    };
    switch (option->kind) {
    case DOUBT_OPTION_SWITCH:
        doubt_str_add(out, "0 or 1");
        return;
    case DOUBT_OPTION_WHOLE:
    case DOUBT_OPTION_NUMBER:
    case DOUBT_OPTION_DURATION:
        doubt_str_add(out, what[option->kind]);
        if (option->values != NULL)
            doubt_str_addf(out, " of %s", option->values);
        add_limits(option, out);
        return;
    case DOUBT_OPTION_PAIRS:
        doubt_str_add(out, "KEY=VALUE,KEY=VALUE");
        return;
    default: /* of a later contract too */
        doubt_str_add(out, option->values != NULL ? option->values : "VALUE");
    }
}

/* --- values ---------------------------------------------------------------------------------- */

/* Is the text one of the words? */
static bool is_word(const struct doubt_engine_option *option, const char *text)
{
    size_t len;
    for (const char *word = option->values; word != NULL && *word != '\0'; word += len) {
        word += strspn(word, ", ");
        len = strcspn(word, ",");
        if (len > 0 && strlen(text) == len && strncmp(word, text, len) == 0)
            return true;
    }
    return false;
}

static bool is_within(const struct doubt_engine_option *option, double value)
{
    const bool above = option->limits & DOUBT_LIMIT_ABOVE,
               below = option->limits & DOUBT_LIMIT_BELOW;
    return isfinite(value) && (above ? value > option->low : value >= option->low) &&
           (below ? value < option->high : value <= option->high);
}

/* Numbers begin with a digit, a sign or a point: no space, no "nan". */
static bool begins_number(const char *text)
{
    return text[0] != '\0' && strchr("+-.0123456789", text[0]) != NULL;
}

static bool read_whole(const char *text, double *value)
{
    char *end;
    errno = 0;
    if (!begins_number(text))
        return false;
    if (text[0] == '-')
        *value = (double)strtoll(text, &end, 10);
    else
        *value = (double)strtoull(text, &end, 10);
    return end != text && *end == '\0' && errno == 0;
}

static bool read_number(const char *text, double *value)
{
    char *end;
    if (!begins_number(text))
        return false;
    *value = strtod(text, &end);
    return end != text && *end == '\0';
}

static bool read_duration(const char *text, double *value)
{
    int64_t ns = 0;
    if (strcmp(text, "0") != 0 && doubt_units_parse_duration(text, &ns, NULL) != DOUBT_OK)
        return false;
    *value = (double)ns;
    return true;
}

static bool is_accepted(const struct doubt_engine_option *option, const char *text)
{
    double value = NAN;
    switch (option->kind) {
    case DOUBT_OPTION_SWITCH:
        return strcmp(text, "0") == 0 || strcmp(text, "1") == 0;
    case DOUBT_OPTION_WORD:
        return is_word(option, text);
    case DOUBT_OPTION_WHOLE:
        return read_whole(text, &value) && is_within(option, value);
    case DOUBT_OPTION_NUMBER:
        return read_number(text, &value) && is_within(option, value);
    case DOUBT_OPTION_DURATION:
        return read_duration(text, &value) && is_within(option, value);
    case DOUBT_OPTION_PAIRS:
        return text[0] != '=' && strchr(text, '=') != NULL;
    default:
        return true;
    }
}

/* --- the check ------------------------------------------------------------------------------- */

static enum doubt_code unknown(const struct doubt_engine_ops *ops, const char *given, size_t len,
                               struct doubt_err *err)
{
    const char *names[WORDS_MAX + 1] = {NULL};
    struct doubt_engine_option option;
    struct doubt_str list;
    char name[WORD_BYTES];
    doubt_str_init(&list, 768);
    doubt_str_addf(&list, "%.*s", (int)len, given);
    doubt_str_copy(name, sizeof name, doubt_str_text(&list));
    doubt_str_clear(&list);
    for (size_t i = 0; doubt_options_at(ops, i, &option); i++) {
        doubt_str_addf(&list, "%s%s", i > 0 ? ", " : "", option.name);
        if (i < WORDS_MAX)
            names[i] = option.name;
    }
    enum doubt_code code = doubt_err_set(
        err, DOUBT_E_USAGE, "engine %s has no option \"%s\"%s it has: %s", ops->name, name,
        doubt_str_hint(name, names, "").text, list.len > 0 ? doubt_str_text(&list) : "none");
    doubt_str_free(&list);
    return code;
}

static enum doubt_code refuse(const struct doubt_engine_ops *ops,
                              const struct doubt_engine_option *option, const char *value,
                              struct doubt_err *err)
{
    struct doubt_str accepted;
    doubt_str_init(&accepted, 512);
    doubt_options_accepted(option, &accepted);
    enum doubt_code code =
        doubt_err_set(err, DOUBT_E_USAGE, "option %s of engine %s is \"%.100s\"; accepted: %s",
                      option->name, ops->name, value, doubt_str_text(&accepted));
    doubt_str_free(&accepted);
    return code;
}

static enum doubt_code check(const struct doubt_engine_ops *ops, const char *given,
                             struct doubt_err *err)
{
    struct doubt_engine_option option;
    const bool perhaps = given[0] == '?';
    const char *name = given + perhaps;
    size_t len = strcspn(name, "=");
    if (name[len] == '\0' || len == 0)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "option \"%.100s\" of engine %s has no value: write NAME=VALUE", name,
                             ops->name);
    if (!find(ops, name, len, &option))
        return perhaps ? DOUBT_OK : unknown(ops, name, len, err);
    return is_accepted(&option, name + len + 1) ? DOUBT_OK
                                                : refuse(ops, &option, name + len + 1, err);
}

enum doubt_code doubt_options_check(const struct doubt_engine_ops *ops, const char *const *given,
                                    struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (const char *const *p = given; code == DOUBT_OK && p != NULL && *p != NULL; p++)
        code = check(ops, *p, err);
    return code;
}
