/* check.h: is an engine's answer right?
 *
 * A unit of work is one output tensor against its reference. A reference holds the shape, the L2
 * norm over all elements, and up to DOUBT_REFERENCE_POINTS values at seeded positions; every
 * element of the answer is looked at for NaN and infinity and in the norm. Tolerances are per
 * precision, relative L2 over the points and of the norm, and stated in docs/MEASURING.md.
 */
#ifndef DOUBT_MODEL_CHECK_H
#define DOUBT_MODEL_CHECK_H

#include <doubt/engine.h>
#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DOUBT_REFERENCE_POINTS = 1024, DOUBT_REFERENCE_OUTPUTS_MAX = 8 };

struct doubt_reference_output {
    char name[DOUBT_NAME_BYTES];
    int32_t rank;
    int64_t dims[DOUBT_RANK_MAX];
    double norm; /* L2 over all elements */
    uint32_t point_count;
    uint64_t positions[DOUBT_REFERENCE_POINTS]; /* ascending */
    float values[DOUBT_REFERENCE_POINTS];
};

struct doubt_graph; /* graph.h */

struct doubt_reference {
    uint32_t output_count;
    struct doubt_reference_output *outputs; /* freed by doubt_reference_free() */
};

/* The reference that ships for a built-in network, made at batch 1. It serves every batch: the
 * seeded inputs repeat the image (net.h), and doubt_check_outputs() compares image by image.
 * variant is "" or "no-nms". DOUBT_E_NOT_FOUND for an unknown network or variant. */
enum doubt_code doubt_reference_find(const char *network, const char *variant,
                                     struct doubt_reference *reference, struct doubt_err *err);
/* Makes one from an interpreter's or another engine's outputs. NaN or infinity in them is
 * DOUBT_E_OUTPUT; more than DOUBT_REFERENCE_OUTPUTS_MAX outputs are DOUBT_E_UNSUPPORTED. */
enum doubt_code doubt_reference_make(const struct doubt_tensor *outputs, size_t output_count,
                                     struct doubt_reference *reference, struct doubt_err *err);
/* Runs the reference interpreter on the seeded inputs (doubt_net_fill_input). All inputs must have
 * known sizes. */
enum doubt_code doubt_reference_compute(const struct doubt_graph *graph,
                                        struct doubt_reference *reference, struct doubt_err *err);
/* Text form, one line per output and per point; doubt_reference_parse() reads it back exactly. */
enum doubt_code doubt_reference_format(const struct doubt_reference *reference, char **text,
                                       struct doubt_err *err);
enum doubt_code doubt_reference_parse(const char *text, size_t size,
                                      struct doubt_reference *reference, struct doubt_err *err);
void doubt_reference_free(struct doubt_reference *reference);

/* The relative L2 error accepted at a precision; reasons are in check.c. An output whose type is
 * f16 or bf16 is accepted at that type's tolerance at least. */
double doubt_check_tolerance(enum doubt_precision precision);

struct doubt_check {
    bool ok;
    double error;   /* largest relative L2 error over the outputs; NaN when not comparable */
    char text[256]; /* when not ok: which output, where, what was found and expected */
};

/* Compares outputs by name (by order where no name fits). A shape that is the reference's with one
 * axis multiplied, all axes before it being 1, is a batch and compared image by image. Never fails:
 * what is wrong is in out. */
void doubt_check_outputs(const struct doubt_reference *reference,
                         const struct doubt_tensor *outputs, size_t output_count,
                         enum doubt_precision precision, struct doubt_check *out);

#endif
