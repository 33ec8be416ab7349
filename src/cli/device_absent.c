/* device_absent.c: what a machine does not have, as a list of reasons. See device.h.
 *
 * A unit of work is one reason: all that share it stand in one line. Not for what can be read.
 */
#include "cli/device.h"

#include <string.h>

enum { GAP = 3, KEY_MAX = 28 };

/* Adds ", text". */
static void add(struct doubt_str *list, const char *text)
{
    doubt_str_addf(list, "%s%s", list->len > 0 ? ", " : "", text);
}

/* Is item i the first of its reason or, with_kind, of its reason and kind? */
static bool is_first(const struct doubt_device_absent *items, size_t i, bool with_kind)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(items[k].reason, items[i].reason) == 0 &&
            (!with_kind || strcmp(items[k].kind, items[i].kind) == 0))
            return false;
    return true;
}

/* The kinds that share the reason of item i. */
static void add_kinds(const struct doubt_device_absent *items, size_t count, size_t i,
                      struct doubt_str *out)
{
    for (size_t k = i; k < count; k++)
        if (strcmp(items[k].reason, items[i].reason) == 0 && is_first(items, k, true))
            add(out, items[k].kind);
}

/* The reason, and those of several things of one kind that it is of. */
static void add_why(const struct doubt_device_absent *items, size_t count, size_t i,
                    struct doubt_str *out)
{
    struct doubt_str names;
    doubt_str_init(&names, 1 << 16);
    for (size_t k = i; k < count; k++)
        if (strcmp(items[k].reason, items[i].reason) == 0 &&
            strcmp(items[k].name, items[k].kind) != 0)
            add(&names, items[k].name);
    doubt_str_addf(out, "%s%s%s", items[i].reason, names.len > 0 ? ": " : "",
                   doubt_str_text(&names));
    doubt_str_free(&names);
}

void doubt_device_list_absent(const struct doubt_device_absent *items, size_t count,
                              const char *what, size_t width, struct doubt_str *out)
{
    size_t columns = strlen(what);
    struct doubt_str key, why;
    doubt_str_init(&key, 1 << 16);
    doubt_str_init(&why, 1 << 17);
    for (size_t i = 0; i < count; i++) {
        doubt_str_clear(&key);
        if (is_first(items, i, false))
            add_kinds(items, count, i, &key);
        columns = key.len > columns && key.len <= KEY_MAX ? key.len : columns;
    }
    if (count > 0)
        doubt_str_addf(out, "\n%-*swhy\n", (int)columns + GAP, what);
    for (size_t i = 0; i < count; i++) {
        if (!is_first(items, i, false))
            continue;
        doubt_str_clear(&key);
        doubt_str_clear(&why);
        add_kinds(items, count, i, &key);
        add_why(items, count, i, &why);
        doubt_str_addf(out, "%-*s", (int)columns + GAP, doubt_str_text(&key));
        if (key.len > columns)
            doubt_str_addf(out, "\n%*s", (int)columns + GAP, "");
        doubt_str_wrap(out, doubt_str_text(&why), columns + GAP, width);
    }
    out->failed = out->failed || key.failed || why.failed;
    doubt_str_free(&key);
    doubt_str_free(&why);
}
