/* ort_outline.h: what an ONNX file says of itself that ONNX Runtime does not tell through C.
 *
 * A unit of work is one file: the element types of its weights (which precision a figure is for),
 * whether it has quantised operators, and the names of its inputs' unknown sizes (which the library
 * wants by name). Reads the protobuf wire format of the top-level graph; weights' contents are
 * skipped. Not a validator: the library reads the file itself.
 */
#ifndef DOUBT_ORT_OUTLINE_H
#define DOUBT_ORT_OUTLINE_H

#include <doubt/engine.h>
#include <stddef.h>
#include <stdint.h>

enum { ORT_OUTLINE_TYPES = 32, ORT_OUTLINE_SYMBOLS = 64 };

struct ort_outline {
    uint64_t weights[ORT_OUTLINE_TYPES]; /* elements per ONNX element type */
    int quantised;                       /* has operators on 8-bit integers */
    char waits[64]; /* the first operator whose result the host must wait for within an inference,
                       since sizes or branches depend on it; "" without one */
    uint32_t symbol_count;
    struct {
        char input[DOUBT_NAME_BYTES];
        char symbol[DOUBT_NAME_BYTES];
        int32_t axis;
    } symbols[ORT_OUTLINE_SYMBOLS];
};

/* 0, or -1 when these bytes are no ONNX model; what was understood stays. */
int ort_outline_parse(const void *data, size_t size, struct ort_outline *outline);

/* The same for a file; -1 when it cannot be read, too. */
int ort_outline_read(const char *path, struct ort_outline *outline);

/* Element type of most of the weights; DOUBT_DTYPE_NONE without weights. */
enum doubt_dtype ort_outline_dtype(const struct ort_outline *outline);

#endif
