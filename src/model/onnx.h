/* onnx.h: ONNX files, written and read.
 *
 * A unit of work is one file. Writing: IR 8, opset 13, static shapes, constants streamed piece by
 * piece, so memory stays far below the file's size. Reading: a hostile file gives a sentence and
 * bounded memory (a small multiple of the file, at most max_bytes in all), never a crash.
 */
#ifndef DOUBT_MODEL_ONNX_H
#define DOUBT_MODEL_ONNX_H

#include "model/graph.h"
#include <signal.h>

enum { DOUBT_ONNX_IR = 8, DOUBT_ONNX_OPSET = 13 };

/* Where the bytes go; returns 0 or an errno value. */
struct doubt_onnx_sink {
    void *context;
    int (*write)(void *context, const void *data, size_t bytes);
};

enum doubt_code doubt_onnx_write(const struct doubt_graph *graph,
                                 const struct doubt_onnx_sink *sink, struct doubt_err *err);

/* Writes path by way of a temporary beside it. digest (65 bytes, may be NULL) gets the SHA-256. */
enum doubt_code doubt_onnx_save(const struct doubt_graph *graph, const char *path, char *digest,
                                struct doubt_err *err);
/* The same, given up with DOUBT_E_INTERRUPTED and nothing left behind once *stop is not zero. */
enum doubt_code doubt_onnx_save_unless(const struct doubt_graph *graph, const char *path,
                                       char *digest, const volatile sig_atomic_t *stop,
                                       struct doubt_err *err);

/* Reads a file into a fresh graph, shapes not yet inferred. Weights stay in the mapped file. */
enum doubt_code doubt_onnx_load(const char *path, struct doubt_graph **graph,
                                struct doubt_err *err);
/* The same from memory, which must outlive the graph. label names it in sentences. */
enum doubt_code doubt_onnx_parse(const void *data, size_t size, const char *label,
                                 struct doubt_graph **graph, struct doubt_err *err);

#endif
