/* str.c: see str.h. */
#include "util/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void doubt_str_init(struct doubt_str *s, size_t max_bytes)
{
    memset(s, 0, sizeof *s);
    s->max = max_bytes;
}

void doubt_str_free(struct doubt_str *s)
{
    free(s->data);
    doubt_str_init(s, s->max);
}

static bool reserve(struct doubt_str *s, size_t more)
{
    if (s->failed || more > s->max - s->len) {
        s->failed = true;
        return false;
    }
    size_t need = s->len + more + 1;
    if (need <= s->cap)
        return true;
    size_t cap = s->cap ? s->cap : 64;
    while (cap < need)
        cap *= 2;
    char *data = realloc(s->data, cap);
    if (data == NULL) {
        s->failed = true;
        return false;
    }
    s->data = data;
    s->cap = cap;
    return true;
}

void doubt_str_add_bytes(struct doubt_str *s, const void *bytes, size_t count)
{
    if (!reserve(s, count))
        return;
    memcpy(s->data + s->len, bytes, count);
    s->len += count;
    s->data[s->len] = '\0';
}

void doubt_str_add(struct doubt_str *s, const char *text)
{
    doubt_str_add_bytes(s, text, strlen(text));
}

void doubt_str_addf(struct doubt_str *s, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        s->failed = true;
    else if (reserve(s, (size_t)len)) {
        vsnprintf(s->data + s->len, (size_t)len + 1, format, again);
        s->len += (size_t)len;
    }
    va_end(again);
}

void doubt_str_clear(struct doubt_str *s)
{
    s->len = 0;
    s->failed = false;
    if (s->data != NULL)
        s->data[0] = '\0';
}

const char *doubt_str_text(const struct doubt_str *s)
{
    return s->data != NULL ? s->data : "";
}

char *doubt_str_dup(const char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

void doubt_str_copy(char *to, size_t to_bytes, const char *from)
{
    size_t len = strlen(from);
    if (len >= to_bytes) {
        len = to_bytes - 1;
        while (len > 0 && ((unsigned char)from[len] & 0xC0) == 0x80)
            len--;
    }
    memcpy(to, from, len);
    to[len] = '\0';
}

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

enum { LONGEST = 63 /* of names that are compared */ };

size_t doubt_str_distance(const char *a, const char *b)
{
    size_t row[LONGEST + 1], la = strlen(a), lb = strlen(b);
    if (la > LONGEST || lb > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t above = row[j];
            row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[lb];
}

const char *doubt_str_nearest(const char *word, const char *const *names)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX, len = strlen(word);
    for (; len <= LONGEST && *names != NULL; names++) {
        size_t distance = doubt_str_distance(word, *names), longest = strlen(*names);
        if (longest < len)
            longest = len;
        if (len >= 3 && longest > len && strncmp(word, *names, len) == 0)
            distance = 1;
        if (distance < best_distance && 3 * distance <= longest + 2) {
            best = *names;
            best_distance = distance;
        }
    }
    return best_distance > 0 ? best : NULL;
}

struct doubt_str_hint doubt_str_hint(const char *word, const char *const *names, const char *prefix)
{
    struct doubt_str_hint hint = {";"};
    const char *near = doubt_str_nearest(word, names);
    if (near != NULL)
        snprintf(hint.text, sizeof hint.text, ": did you mean \"%s%.80s\"?", prefix, near);
    return hint;
}

size_t doubt_str_columns(const char *text)
{
    size_t columns = 0;
    for (; *text != '\0'; text++)
        columns += ((unsigned char)*text & 0xC0) != 0x80;
    return columns;
}

/* Columns of the first `bytes` bytes. */
static size_t columns_of(const char *text, size_t bytes)
{
    size_t columns = 0;
    for (size_t i = 0; i < bytes; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

void doubt_str_wrap(struct doubt_str *s, const char *text, size_t indent, size_t width)
{
    if (width == 0)
        width = 100;
    size_t column = indent;
    for (bool first = true; *text != '\0'; first = false) {
        size_t bytes = strcspn(text, " ");
        while (text[bytes] == ' ' && text[bytes + 1] == '%')
            bytes += 2 + strcspn(text + bytes + 2, " ");
        size_t columns = columns_of(text, bytes);
        if (!first && column + 1 + columns > width) {
            doubt_str_addf(s, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            doubt_str_add(s, " ");
            column++;
        }
        doubt_str_add_bytes(s, text, bytes);
        column += columns;
        text += bytes;
        text += *text == ' ';
    }
    doubt_str_add(s, "\n");
}

void doubt_str_add_man(struct doubt_str *s, const char *text)
{
    bool line_start = true;
    for (; *text != '\0'; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            doubt_str_add(s, "\\&");
        if (*text == '\\')
            doubt_str_add(s, "\\e");
        else if (*text == '-')
            doubt_str_add(s, "\\-");
        else
            doubt_str_add_bytes(s, text, 1);
        line_start = *text == '\n';
    }
}
