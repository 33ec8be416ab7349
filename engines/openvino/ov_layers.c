/* ov_layers.c: times of layers from OpenVINO's own counters.
 *
 * A unit of work is one compiled model: the library keeps the mean time of each node over the runs
 * of a request, in whole microseconds. Not for figures: counting costs time.
 */
#include "ov_int.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { EXECUTED = 2 };

/* The kernel's name ends in the precision of its input: "brgconv_avx512_bf16", "jit_avx512_FP32".
 */
static enum doubt_precision precision_of(const char *kernel)
{
    static const struct {
        const char *ending;
        enum doubt_precision precision;
    } rows[] = {{"_bf16", DOUBT_PRECISION_BF16}, {"_f16", DOUBT_PRECISION_F16},
                {"_fp16", DOUBT_PRECISION_F16},  {"_f32", DOUBT_PRECISION_F32},
                {"_fp32", DOUBT_PRECISION_F32},  {"_i8", DOUBT_PRECISION_I8},
                {"_u8", DOUBT_PRECISION_I8}};
    size_t len = strlen(kernel);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t tail = strlen(rows[i].ending);
        if (len >= tail && strcasecmp(kernel + len - tail, rows[i].ending) == 0)
            return rows[i].precision;
    }
    return DOUBT_PRECISION_ANY;
}

static void read_layer(const struct ov_profile *from, struct doubt_engine_layer *layer)
{
    memset(layer, 0, sizeof *layer);
    snprintf(layer->name, sizeof layer->name, "%s", from->node != NULL ? from->node : "");
    snprintf(layer->type, sizeof layer->type, "%s", from->type != NULL ? from->type : "");
    if (from->kernel != NULL && from->kernel[0] != '\0') {
        size_t len = strlen(layer->type);
        snprintf(layer->type + len, sizeof layer->type - len, ", %s", from->kernel);
        layer->precision = precision_of(from->kernel);
    }
    layer->ns = (double)from->real_us * 1000;
}

int ov_layers(void *self, struct doubt_engine_layer *layers, uint32_t *count)
{
    struct ov_engine *e = self;
    struct ov_profiles profiles = {0};
    uint32_t found = 0;
    if (ov_check(e, e->api.ov_infer_request_get_profiling_info(e->request, &profiles),
                 "no times of layers"))
        return -1;
    for (size_t i = 0; i < profiles.count; i++) {
        if (profiles.items[i].status != EXECUTED)
            continue;
        if (found < *count)
            read_layer(&profiles.items[i], &layers[found]);
        found++;
    }
    e->api.ov_profiling_info_list_free(&profiles);
    *count = found;
    return 0;
}
