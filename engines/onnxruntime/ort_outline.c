/* ort_outline.c: see ort_outline.h. Field numbers are those of onnx.proto (github.com/onnx/onnx).
 */
#include "ort_outline.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A stretch of the file not read yet. */
struct span {
    const uint8_t *at, *end;
};

/* One field: its number, and its number or bytes as the wire type says. */
struct field {
    uint32_t number;
    uint64_t value;
    struct span bytes;
};

static int read_varint(struct span *s, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && s->at < s->end; shift += 7) {
        uint8_t byte = *s->at++;
        *value |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0)
            return 0;
    }
    return -1;
}

static int skip(struct span *s, uint64_t bytes)
{
    if (bytes > (uint64_t)(s->end - s->at))
        return -1;
    s->at += bytes;
    return 0;
}

/* 1 with a field, 0 at the end, -1 for bytes that are no field. */
static int next(struct span *s, struct field *field)
{
    uint64_t key;
    if (s->at == s->end)
        return 0;
    if (read_varint(s, &key) != 0)
        return -1;
    *field = (struct field){.number = (uint32_t)(key >> 3)};
    field->bytes.at = field->bytes.end = s->at;
    switch (key & 7) {
    case 0:
        return read_varint(s, &field->value) == 0 ? 1 : -1;
    case 1:
        return skip(s, 8) == 0 ? 1 : -1;
    case 2:
        if (read_varint(s, &field->value) != 0)
            return -1;
        field->bytes.at = s->at;
        if (skip(s, field->value) != 0)
            return -1;
        field->bytes.end = s->at;
        return 1;
    case 5:
        return skip(s, 4) == 0 ? 1 : -1;
    default:
        return -1;
    }
}

/* The first field of that number; an empty span when there is none. */
static struct span child(struct span message, uint32_t number)
{
    struct field field;
    while (next(&message, &field) == 1)
        if (field.number == number)
            return field.bytes;
    return (struct span){message.end, message.end};
}

static void copy_text(char *to, size_t room, struct span text)
{
    size_t len = (size_t)(text.end - text.at);
    if (len >= room)
        len = room - 1;
    memcpy(to, text.at, len);
    to[len] = '\0';
}

/* Operators whose output sizes, or what runs next, depend on values. */
static int makes_wait(const char *op)
{
    static const char *const ops[] = {
        "NonMaxSuppression", "NonZero", "Unique", "Compress", "If", "Loop", "Scan"};
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
        if (strcmp(op, ops[i]) == 0)
            return 1;
    return 0;
}

static void read_node(struct ort_outline *outline, struct span node)
{
    char op[64];
    copy_text(op, sizeof op, child(node, 4));
    size_t len = strlen(op);
    if (strncmp(op, "QLinear", 7) == 0 || strstr(op, "uantizeLinear") != NULL ||
        (len > 7 && strcmp(op + len - 7, "Integer") == 0))
        outline->quantised = 1;
    if (outline->waits[0] == '\0' && makes_wait(op))
        snprintf(outline->waits, sizeof outline->waits, "%s", op);
}

/* dims (1) come one by one or packed; data_type is 2. */
static void read_weight(struct ort_outline *outline, struct span tensor)
{
    struct field field;
    uint64_t elements = 1, type = 0, dim;
    while (next(&tensor, &field) == 1) {
        if (field.number == 2)
            type = field.value;
        if (field.number != 1)
            continue;
        if (field.bytes.at == field.bytes.end)
            elements *= field.value;
        while (field.bytes.at < field.bytes.end && read_varint(&field.bytes, &dim) == 0)
            elements *= dim;
    }
    if (type < ORT_OUTLINE_TYPES)
        outline->weights[type] += elements;
}

/* ValueInfoProto: name 1, type 2 / tensor_type 1 / shape 2 / dim 1 / dim_param 2. */
static void read_input(struct ort_outline *outline, struct span input)
{
    struct span name = child(input, 1), shape = child(child(child(input, 2), 1), 2);
    struct field dim;
    for (int32_t axis = 0; next(&shape, &dim) == 1; axis++) {
        struct span symbol = child(dim.bytes, 2);
        if (symbol.at == symbol.end || outline->symbol_count == ORT_OUTLINE_SYMBOLS)
            continue;
        uint32_t i = outline->symbol_count++;
        copy_text(outline->symbols[i].input, DOUBT_NAME_BYTES, name);
        copy_text(outline->symbols[i].symbol, DOUBT_NAME_BYTES, symbol);
        outline->symbols[i].axis = axis;
    }
}

/* GraphProto: node 1, initializer 5, input 11. */
static int read_graph(struct ort_outline *outline, struct span graph)
{
    struct field field;
    int more;
    while ((more = next(&graph, &field)) == 1) {
        if (field.number == 1)
            read_node(outline, field.bytes);
        else if (field.number == 5)
            read_weight(outline, field.bytes);
        else if (field.number == 11)
            read_input(outline, field.bytes);
    }
    return more;
}

/* ModelProto: graph 7. */
int ort_outline_parse(const void *data, size_t size, struct ort_outline *outline)
{
    memset(outline, 0, sizeof *outline);
    struct span graph = child((struct span){data, (const uint8_t *)data + size}, 7);
    return graph.at == graph.end ? -1 : read_graph(outline, graph);
}

int ort_outline_read(const char *path, struct ort_outline *outline)
{
    memset(outline, 0, sizeof *outline);
    struct stat status;
    int result = -1, fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (fstat(fd, &status) != 0 || status.st_size <= 0)
        goto no_file;
    size_t size = (size_t)status.st_size;
    void *file = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (file == MAP_FAILED)
        goto no_file;
    result = ort_outline_parse(file, size, outline);
    munmap(file, size);
no_file:
    close(fd);
    return result;
}

enum doubt_dtype ort_outline_dtype(const struct ort_outline *outline)
{
    /* Integers are shapes and indices in a file without quantised operators. */
    static const enum doubt_dtype floats[] = {DOUBT_F32, DOUBT_F16, DOUBT_BF16, DOUBT_F64};
    enum doubt_dtype most = DOUBT_DTYPE_NONE;
    uint64_t elements = 0;
    for (size_t i = 0; i < sizeof floats / sizeof floats[0]; i++)
        if (outline->weights[floats[i]] > elements) {
            elements = outline->weights[floats[i]];
            most = floats[i];
        }
    return most;
}
