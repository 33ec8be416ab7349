/* import_lines.c: lines and JSON elements of a file of any size in bounded memory. See
 * import_int.h. */
#include "import/import_int.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE_BYTES = 1 << 16, ELEMENT_DEPTH_MAX = 64 };

enum doubt_code doubti_lines_open(struct doubti_lines *lines, int fd, struct doubt_err *err)
{
    lines->fd = fd;
    lines->line = malloc(DOUBT_IMPORT_LINE_MAX + 1);
    lines->buffer = malloc(PIECE_BYTES);
    if (lines->line != NULL && lines->buffer != NULL)
        return DOUBT_OK;
    doubti_lines_close(lines);
    return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a line");
}

void doubti_lines_close(struct doubti_lines *lines)
{
    free(lines->head);
    free(lines->buffer);
    free(lines->line);
    lines->head = lines->buffer = lines->line = NULL;
}

/* --- bytes ---------------------------------------------------------------------------------- */

/* At most `most` bytes of the file itself; 0 at the end, -1 on failure. */
static ssize_t fetch(struct doubti_lines *lines, char *to, size_t most, struct doubt_err *err)
{
    if (lines->fd < 0) {
        size_t n = lines->memory_left < most ? lines->memory_left : most;
        if (n > 0)
            memcpy(to, lines->memory, n);
        lines->memory = n > 0 ? lines->memory + n : lines->memory;
        lines->memory_left -= n;
        return (ssize_t)n;
    }
    ssize_t got;
    do
        got = read(lines->fd, to, most);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        doubt_err_errno(err, DOUBT_E_IO, errno, "cannot read");
    return got;
}

enum doubt_code doubti_lines_peek(struct doubti_lines *lines, struct doubt_err *err)
{
    size_t room = 0;
    ssize_t got = 1;
    while (got > 0 && lines->head_size < DOUBT_IMPORT_HEAD_MAX) {
        if (lines->head_size == room) {
            room = room == 0 ? PIECE_BYTES : 2 * room;
            char *bigger = realloc(lines->head, room + 1);
            if (bigger == NULL)
                return doubt_err_set(err, DOUBT_E_MEMORY,
                                     "out of memory for the beginning of a file");
            lines->head = bigger;
        }
        got = fetch(lines, lines->head + lines->head_size, room - lines->head_size, err);
        if (got < 0)
            return DOUBT_E_IO;
        lines->head_size += (size_t)got;
    }
    lines->head[lines->head_size] = '\0';
    return DOUBT_OK;
}

/* What can be taken without waiting: *at and how much of it; 0 at the end, -1 on failure. */
static ssize_t look(struct doubti_lines *lines, const char **at, struct doubt_err *err)
{
    if (lines->head_at < lines->head_size) {
        *at = lines->head + lines->head_at;
        return (ssize_t)(lines->head_size - lines->head_at);
    }
    if (lines->buffer_at == lines->buffer_size && !lines->ended) {
        ssize_t got = fetch(lines, lines->buffer, PIECE_BYTES, err);
        if (got < 0)
            return -1;
        lines->buffer_at = 0;
        lines->buffer_size = (size_t)got;
        lines->ended = got == 0;
    }
    *at = lines->buffer + lines->buffer_at;
    return (ssize_t)(lines->buffer_size - lines->buffer_at);
}

static void take(struct doubti_lines *lines, size_t count)
{
    lines->bytes += count;
    if (lines->head_at < lines->head_size)
        lines->head_at += count;
    else
        lines->buffer_at += count;
}

int doubti_lines_byte(struct doubti_lines *lines, struct doubt_err *err)
{
    const char *at;
    ssize_t left = look(lines, &at, err);
    if (left <= 0)
        return left < 0 ? -2 : -1;
    int c = (unsigned char)*at;
    take(lines, 1);
    return c;
}

/* --- lines ---------------------------------------------------------------------------------- */

/* Tabs stay; what else is no printable text, a broken sequence of UTF-8 among it, is "?". */
static void clean(char *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)line[i];
        size_t more = c >= 0xf0 && c < 0xf5 ? 3 : c >= 0xe0 ? 2 : 1;
        if (c < 0x80 || c < 0xc2 || c >= 0xf5) {
            if ((c < 32 && c != '\t') || c >= 127)
                line[i] = '?';
            continue;
        }
        size_t good = 0;
        while (good < more && i + 1 + good < size && (line[i + 1 + good] & 0xc0) == 0x80)
            good++;
        if (good == more)
            i += more;
        else
            line[i] = '?';
    }
}

/* Takes bytes up to the end of the line, of which line keeps what fits; *ended: it was there. */
static ssize_t take_line(struct doubti_lines *lines, bool *ended, struct doubt_err *err)
{
    const char *at;
    ssize_t left = look(lines, &at, err);
    if (left <= 0)
        return left;
    const char *newline = memchr(at, '\n', (size_t)left);
    size_t count = newline != NULL ? (size_t)(newline - at) : (size_t)left;
    size_t room = DOUBT_IMPORT_LINE_MAX - lines->size, kept = count < room ? count : room;
    memcpy(lines->line + lines->size, at, kept);
    lines->size += kept;
    lines->cut |= kept < count;
    *ended = newline != NULL;
    take(lines, count + (newline != NULL));
    return 1;
}

enum doubt_code doubti_lines_next(struct doubti_lines *lines, bool *more, struct doubt_err *err)
{
    bool ended = false;
    ssize_t taken;
    lines->size = 0;
    lines->cut = false;
    while (!ended && (taken = take_line(lines, &ended, err)) != 0)
        if (taken < 0)
            return DOUBT_E_IO;
    *more = ended || lines->size > 0;
    lines->number += *more;
    lines->cut_lines += lines->cut;
    if (lines->size > 0 && lines->line[lines->size - 1] == '\r')
        lines->size--;
    if (lines->number == 1 && lines->size >= 3 && memcmp(lines->line, "\xef\xbb\xbf", 3) == 0) {
        lines->size -= 3;
        memmove(lines->line, lines->line + 3, lines->size);
    }
    clean(lines->line, lines->size);
    lines->line[lines->size] = '\0';
    return DOUBT_OK;
}

/* --- elements of a JSON array --------------------------------------------------------------- */

/* Where in an element we are. */
struct nesting {
    int depth;
    bool quoted, escaped;
};

/* The depth behind this byte. */
static void step(struct nesting *at, int c)
{
    if (at->escaped) {
        at->escaped = false;
    } else if (at->quoted) {
        at->escaped = c == '\\';
        at->quoted = c != '"';
    } else if (c == '"') {
        at->quoted = true;
    } else if (c == '{' || c == '[') {
        at->depth++;
    } else if (c == '}' || c == ']') {
        at->depth--;
    }
}

enum doubt_code doubti_lines_element(struct doubti_lines *lines, bool *more, struct doubt_err *err)
{
    struct nesting at = {0};
    int c;
    lines->size = 0;
    *more = false;
    while ((c = doubti_lines_byte(lines, err)) >= 0) {
        lines->number += c == '\n';
        if (lines->size == 0 && c != '{')
            continue;
        if (lines->size >= DOUBT_IMPORT_LINE_MAX || at.depth > ELEMENT_DEPTH_MAX)
            return doubt_err_set(err, DOUBT_E_FORMAT,
                                 "line %zu: an element is longer than %d bytes or nested deeper "
                                 "than %d: this is not what the tool writes",
                                 lines->number + 1, DOUBT_IMPORT_LINE_MAX, ELEMENT_DEPTH_MAX);
        lines->line[lines->size++] = (char)c;
        step(&at, c);
        if (at.depth > 0)
            continue;
        *more = true;
        break;
    }
    if (c == -2)
        return DOUBT_E_IO;
    if (!*more && lines->size > 0)
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "line %zu: the file ends within an element: it is cut off",
                             lines->number + 1);
    lines->line[lines->size] = '\0';
    return DOUBT_OK;
}
