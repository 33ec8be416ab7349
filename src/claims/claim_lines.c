/* claim_lines.c: where in a file a field stands, which the JSON library does not keep.
 *
 * A unit of work is one look-up in a text that is known to be valid JSON. Only for sentences about
 * errors: it walks the text again each time.
 */
#include "claims/claim.h"
#include "claims/claims_int.h"

#include <stdbool.h>
#include <string.h>

struct cursor {
    const char *at, *end;
};

static void skip_space(struct cursor *c)
{
    while (c->at < c->end && strchr(" \t\r\n", *c->at) != NULL)
        c->at++;
}

/* Steps over a string that begins here. */
static void skip_string(struct cursor *c)
{
    for (c->at++; c->at < c->end && *c->at != '"'; c->at++)
        if (*c->at == '\\')
            c->at++;
    if (c->at < c->end)
        c->at++;
}

/* Steps over any value; brackets are counted, as nesting may be deep. */
static void skip_value(struct cursor *c)
{
    long depth = 0;
    skip_space(c);
    while (c->at < c->end) {
        if (*c->at == '"') {
            skip_string(c);
        } else if (*c->at == '{' || *c->at == '[') {
            depth++;
            c->at++;
        } else if (*c->at == '}' || *c->at == ']') {
            if (depth-- == 0)
                return;
            c->at++;
        } else if (*c->at == ',' && depth == 0) {
            return;
        } else {
            c->at++;
        }
        if (depth == 0 && c->at < c->end && strchr(",]} \t\r\n", *c->at) != NULL)
            return;
    }
}

/* Behind an element: true when another one follows. */
static bool next(struct cursor *c)
{
    skip_space(c);
    if (c->at >= c->end || *c->at != ',')
        return false;
    c->at++;
    skip_space(c);
    return c->at < c->end;
}

/* From an object's "{" to the value of a member; *key says where its name stands. */
static bool enter_member(struct cursor *c, const char *name, const char **key)
{
    size_t len = strlen(name);
    if (c->at >= c->end || *c->at != '{')
        return false;
    c->at++;
    skip_space(c);
    do {
        const char *start = c->at;
        if (start >= c->end || *start != '"')
            return false;
        skip_string(c);
        bool same = (size_t)(c->at - start) == len + 2 && memcmp(start + 1, name, len) == 0;
        skip_space(c);
        if (c->at < c->end)
            c->at++; /* the colon */
        skip_space(c);
        if (same) {
            *key = start;
            return true;
        }
        skip_value(c);
    } while (next(c));
    return false;
}

static bool enter_element(struct cursor *c, long index)
{
    if (c->at >= c->end || *c->at != '[')
        return false;
    c->at++;
    skip_space(c);
    for (; index > 0; index--) {
        skip_value(c);
        if (!next(c))
            return false;
    }
    return true;
}

static size_t line_at(const char *text, const char *at)
{
    size_t line = 1;
    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

size_t doubti_line_of(const char *text, size_t size, long index, const char *field)
{
    struct cursor c = {text, text + size};
    const char *key = NULL;
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark */
        c.at += 3;
    skip_space(&c);
    if (index < 0)
        return field != NULL && enter_member(&c, field, &key) ? line_at(text, key) : 0;
    if (!enter_member(&c, "claims", &key) || !enter_element(&c, index))
        return 0;
    const char *element = c.at;
    return line_at(text, field != NULL && enter_member(&c, field, &key) ? key : element);
}

size_t doubt_claim_line(const char *text, size_t size, size_t index, const char *field)
{
    return doubti_line_of(text, size, (long)index, field);
}
