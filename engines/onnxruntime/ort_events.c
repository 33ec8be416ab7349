/* ort_events.c: see ort_events.h. A reader of JSON (RFC 8259) that keeps five members of an event
 * and skips the rest. */
#include "ort_events.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64, NUMBER_BYTES = 64 };

struct reader {
    const char *at, *end;
    int depth;
};

struct event {
    char category[32], name[DOUBT_NAME_BYTES + 32];
    char type[DOUBT_NAME_BYTES], provider[DOUBT_NAME_BYTES];
    double us;
};

/* --- JSON ------------------------------------------------------------------------------------ */

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && strchr(" \t\r\n", *r->at) != NULL && *r->at != '\0')
        r->at++;
}

/* Is this the next character behind blanks? Then it is taken. */
static int take(struct reader *r, char c)
{
    skip_blanks(r);
    if (r->at == r->end || *r->at != c)
        return 0;
    r->at++;
    return 1;
}

static int is_hex(const char *at)
{
    for (int i = 0; i < 4; i++)
        if (strchr("0123456789abcdefABCDEF", at[i]) == NULL || at[i] == '\0')
            return 0;
    return 1;
}

/* One character of a string, escapes resolved; what is beyond ASCII in \u becomes '?'. -1: bad. */
static int read_character(struct reader *r)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = *r->at++;
    if (c != '\\')
        return (unsigned char)c < 0x20 ? -1 : (unsigned char)c;
    if (r->at == r->end)
        return -1;
    c = *r->at++;
    if (c == 'u') {
        char digits[5] = "";
        if (r->end - r->at < 4 || !is_hex(r->at))
            return -1;
        memcpy(digits, r->at, 4);
        r->at += 4;
        long code = strtol(digits, NULL, 16);
        return code >= 0x20 && code < 0x7F ? (int)code : '?';
    }
    const char *found = c != '\0' ? strchr(from, c) : NULL;
    return found != NULL ? (unsigned char)to[found - from] : -1;
}

/* Cut where it does not fit. */
static int read_string(struct reader *r, char *to, size_t room)
{
    size_t len = 0;
    if (!take(r, '"'))
        return -1;
    while (r->at < r->end && *r->at != '"') {
        int c = read_character(r);
        if (c < 0)
            return -1;
        if (len + 1 < room)
            to[len++] = (char)c;
    }
    if (r->at == r->end)
        return -1;
    r->at++;
    if (room > 0)
        to[len] = '\0';
    return 0;
}

static int read_number(struct reader *r, double *value)
{
    char text[NUMBER_BYTES], *end = NULL;
    size_t len = 0;
    skip_blanks(r);
    while (r->at < r->end && len + 1 < sizeof text && *r->at != '\0' &&
           strchr("+-.0123456789eE", *r->at) != NULL)
        text[len++] = *r->at++;
    text[len] = '\0';
    *value = strtod(text, &end);
    return len > 0 && *end == '\0' ? 0 : -1;
}

static int skip_word(struct reader *r, const char *word)
{
    size_t len = strlen(word);
    if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
        return -1;
    r->at += len;
    return 0;
}

typedef int member_fn(struct reader *r, const char *key, void *context);

/* Calls member for each, which takes the value. */
static int read_object(struct reader *r, member_fn *member, void *context)
{
    char key[64];
    if (!take(r, '{') || ++r->depth > DEPTH_MAX)
        return -1;
    if (!take(r, '}'))
        do {
            if (read_string(r, key, sizeof key) != 0 || !take(r, ':') ||
                member(r, key, context) != 0)
                return -1;
        } while (take(r, ','));
    else
        goto ended;
    if (!take(r, '}'))
        return -1;
ended:
    r->depth--;
    return 0;
}

static int skip_value(struct reader *r);

static int skip_member(struct reader *r, const char *key, void *context)
{
    (void)key, (void)context;
    return skip_value(r);
}

static int skip_array(struct reader *r)
{
    if (!take(r, '[') || ++r->depth > DEPTH_MAX)
        return -1;
    if (!take(r, ']')) {
        do {
            if (skip_value(r) != 0)
                return -1;
        } while (take(r, ','));
        if (!take(r, ']'))
            return -1;
    }
    r->depth--;
    return 0;
}

static int skip_value(struct reader *r)
{
    double number;
    skip_blanks(r);
    if (r->at == r->end)
        return -1;
    switch (*r->at) {
    case '{':
        return read_object(r, skip_member, NULL);
    case '[':
        return skip_array(r);
    case '"':
        return read_string(r, NULL, 0);
    case 't':
        return skip_word(r, "true");
    case 'f':
        return skip_word(r, "false");
    case 'n':
        return skip_word(r, "null");
    default:
        return read_number(r, &number);
    }
}

/* --- events ---------------------------------------------------------------------------------- */

static int read_args_member(struct reader *r, const char *key, void *context)
{
    struct event *event = context;
    skip_blanks(r);
    int is_text = r->at < r->end && *r->at == '"';
    if (is_text && strcmp(key, "op_name") == 0)
        return read_string(r, event->type, sizeof event->type);
    if (is_text && strcmp(key, "provider") == 0)
        return read_string(r, event->provider, sizeof event->provider);
    return skip_value(r);
}

static int read_event_member(struct reader *r, const char *key, void *context)
{
    struct event *event = context;
    if (strcmp(key, "cat") == 0)
        return read_string(r, event->category, sizeof event->category);
    if (strcmp(key, "name") == 0)
        return read_string(r, event->name, sizeof event->name);
    if (strcmp(key, "dur") == 0)
        return read_number(r, &event->us);
    if (strcmp(key, "args") == 0)
        return read_object(r, read_args_member, event);
    return skip_value(r);
}

/* Nodes come in the same order in every run: the one behind the last is tried first. */
static struct ort_node *find(struct ort_events *events, const char *name, size_t *cursor)
{
    for (size_t i = 0; i < events->count; i++) {
        size_t at = (*cursor + i) % events->count;
        if (strcmp(events->nodes[at].name, name) == 0) {
            *cursor = at + 1;
            return &events->nodes[at];
        }
    }
    return NULL;
}

static struct ort_node *append(struct ort_events *events, const char *name)
{
    if (events->count == events->capacity) {
        size_t capacity = events->capacity > 0 ? 2 * events->capacity : 64;
        struct ort_node *grown = realloc(events->nodes, capacity * sizeof *grown);
        if (grown == NULL)
            return NULL;
        events->nodes = grown;
        events->capacity = capacity;
    }
    struct ort_node *node = &events->nodes[events->count++];
    memset(node, 0, sizeof *node);
    memcpy(node->name, name, strlen(name) + 1);
    return node;
}

static int keep(struct ort_events *events, struct event *event, size_t *cursor)
{
    static const char suffix[] = "_kernel_time";
    size_t len = strlen(event->name), tail = sizeof suffix - 1;
    if (strcmp(event->category, "Session") == 0 && strcmp(event->name, "model_run") == 0)
        events->runs++;
    if (strcmp(event->category, "Node") != 0 || len < tail ||
        strcmp(event->name + len - tail, suffix) != 0)
        return 0;
    len -= tail;
    event->name[len < DOUBT_NAME_BYTES ? len : DOUBT_NAME_BYTES - 1] = '\0';
    struct ort_node *node = find(events, event->name, cursor);
    if (node == NULL)
        node = append(events, event->name);
    if (node == NULL)
        return -1;
    memcpy(node->type, event->type, sizeof node->type);
    memcpy(node->provider, event->provider, sizeof node->provider);
    *(events->runs == 0 ? &node->first_us : &node->later_us) += event->us;
    return 0;
}

int ort_events_parse(const char *text, size_t bytes, struct ort_events *events)
{
    struct reader reader = {text, text + bytes, 0};
    size_t cursor = 0;
    memset(events, 0, sizeof *events);
    if (!take(&reader, '['))
        return -1;
    if (take(&reader, ']'))
        return 0;
    do {
        struct event event = {.us = 0};
        if (read_object(&reader, read_event_member, &event) != 0 ||
            keep(events, &event, &cursor) != 0)
            return -1;
    } while (take(&reader, ','));
    if (!take(&reader, ']'))
        return -1;
    skip_blanks(&reader);
    return reader.at == reader.end ? 0 : -1;
}

double ort_events_ns(const struct ort_events *events, size_t i)
{
    const struct ort_node *node = &events->nodes[i];
    return events->runs > 1 ? node->later_us * 1e3 / (double)(events->runs - 1)
                            : node->first_us * 1e3;
}

void ort_events_free(struct ort_events *events)
{
    free(events->nodes);
    memset(events, 0, sizeof *events);
}
