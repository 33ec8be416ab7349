/* import_openvino.h: what the three formats of benchmark_app share. Not for other floors.
 *
 * A unit of work is one process of benchmark_app whose figures were read; these functions check
 * and explain them.
 */
#ifndef DOUBT_IMPORT_OPENVINO_H
#define DOUBT_IMPORT_OPENVINO_H

#include "import/import_int.h"

struct doubti_openvino {
    bool sync, api_known, full, no_warmup;
    int64_t requests;
    double count, duration_ms; /* NAN: not there */
    double duration_half;      /* of its digits */
};
void doubti_openvino_init(struct doubti_openvino *seen);
/* Adds a time; the median, or the percentile in its place, stands for the run. */
void doubti_openvino_time(struct doubti_reading *reading, const struct doubti_place *place,
                          const char *text, const char *unit_or_null);
void doubti_openvino_rate(struct doubti_reading *reading, const char *text);
/* "<Type: 'float32'>", "f32": the name that claims use. */
void doubti_openvino_precision(struct doubt_import_run *run, const char *printed);
/* Checks of the figures that were read, and notes on what they mean. */
void doubti_openvino_finish(struct doubti_reading *reading, const struct doubti_openvino *seen);

#endif
