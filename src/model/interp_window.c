/* interp_window.c: the geometry of convolutions and pools.
 *
 * A unit of work is one node's window: sizes, strides and padding from its attributes, checked,
 * with the output's size. Formulas: ONNX operator specification (Conv, ConvTranspose, MaxPool). One
 * or two spatial dims.
 */
#include "model/interp_int.h"

#include <string.h>

/* No network has a window, stride or padding beyond this; keeps all products far from overflow. */
static const int64_t geometry_max = 1 << 24;

/* An attribute of one value per spatial dim into a pair, dims of 1-D data in the second place. */
static enum doubt_code pair(struct doubti_call *call, const char *attr, int32_t spatial,
                            int64_t out[2])
{
    struct doubti_list ints;
    enum doubt_code code = doubti_list_get(call, -1, attr, &ints);
    if (code != DOUBT_OK || !ints.given)
        return code;
    if (ints.count != spatial)
        return doubti_fail(call, DOUBT_E_FORMAT, "%s has %d values for %d spatial dims", attr,
                           (int)ints.count, (int)spatial);
    for (int32_t d = 0; d < spatial; d++) {
        if (ints.v[d] < 0 || ints.v[d] > geometry_max)
            return doubti_fail(call, DOUBT_E_FORMAT, "%s holds %lld; 0 to %lld is accepted", attr,
                               (long long)ints.v[d], (long long)geometry_max);
        out[2 - spatial + d] = ints.v[d];
    }
    return DOUBT_OK;
}

static enum doubt_code pads(struct doubti_call *call, int32_t spatial, struct doubti_window *w)
{
    struct doubti_list ints;
    enum doubt_code code = doubti_list_get(call, -1, "pads", &ints);
    if (code != DOUBT_OK || !ints.given)
        return code;
    if (ints.count != 2 * spatial)
        return doubti_fail(call, DOUBT_E_FORMAT, "pads has %d values; %d are wanted",
                           (int)ints.count, (int)(2 * spatial));
    for (int32_t d = 0; d < 2 * spatial; d++) {
        if (ints.v[d] < 0 || ints.v[d] > geometry_max)
            return doubti_fail(call, DOUBT_E_FORMAT, "pads holds %lld; 0 to %lld is accepted",
                               (long long)ints.v[d], (long long)geometry_max);
        int64_t *side = d < spatial ? w->before : w->after;
        side[2 - spatial + d % spatial] = ints.v[d];
    }
    return DOUBT_OK;
}

/* Everything that is written in the node; out is not set. */
static enum doubt_code read_window(struct doubti_call *call, const struct doubti_array *x,
                                   const int64_t *kernel, struct doubti_window *w)
{
    int32_t spatial = x->rank - 2;
    if (spatial < 1 || spatial > 2)
        return doubti_fail(call, DOUBT_E_UNSUPPORTED,
                           "%d spatial dims; the interpreter has windows over one or two",
                           (int)spatial);
    *w = (struct doubti_window){{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}};
    for (int32_t d = 0; d < spatial; d++) {
        w->in[2 - spatial + d] = x->dims[2 + d];
        if (kernel)
            w->kernel[2 - spatial + d] = kernel[d];
    }
    int64_t named[2] = {1, 1};
    enum doubt_code code = pair(call, "kernel_shape", spatial, kernel ? named : w->kernel);
    if (code == DOUBT_OK)
        code = pair(call, "strides", spatial, w->stride);
    if (code == DOUBT_OK)
        code = pair(call, "dilations", spatial, w->dilation);
    if (code == DOUBT_OK)
        code = pads(call, spatial, w);
    for (int d = 0; d < 2 && code == DOUBT_OK; d++)
        if (w->stride[d] < 1 || w->dilation[d] < 1 || w->kernel[d] < 1 || w->in[d] < 1 ||
            w->kernel[d] > geometry_max || w->in[d] > geometry_max)
            code = doubti_fail(call, DOUBT_E_FORMAT,
                               "input, kernel, stride or dilation is out of range");
    return code;
}

/* Padding by auto_pad, given the total that is missing. */
static void share_padding(const char *mode, int64_t total, int64_t *before, int64_t *after)
{
    if (total < 0)
        total = 0;
    *before = strcmp(mode, "SAME_UPPER") == 0 ? total / 2 : total - total / 2;
    *after = total - *before;
}

static int64_t reach(const struct doubti_window *w, int d)
{
    return (w->kernel[d] - 1) * w->dilation[d] + 1;
}

enum doubt_code doubti_window_get(struct doubti_call *call, const struct doubti_array *x,
                                  const int64_t *kernel, struct doubti_window *w)
{
    enum doubt_code code = read_window(call, x, kernel, w);
    if (code != DOUBT_OK)
        return code;
    const char *mode = doubt_node_string(call->node, "auto_pad", "NOTSET");
    bool ceil_mode = doubt_node_int(call->node, "ceil_mode", 0) != 0;
    for (int d = 0; d < 2; d++) {
        if (strncmp(mode, "SAME_", 5) == 0) {
            w->out[d] = (w->in[d] + w->stride[d] - 1) / w->stride[d];
            share_padding(mode, (w->out[d] - 1) * w->stride[d] + reach(w, d) - w->in[d],
                          &w->before[d], &w->after[d]);
            continue;
        }
        if (strcmp(mode, "VALID") == 0)
            w->before[d] = w->after[d] = 0;
        int64_t room = w->in[d] + w->before[d] + w->after[d] - reach(w, d);
        if (room < 0)
            return doubti_fail(call, DOUBT_E_FORMAT,
                               "a window of %lld does not fit %lld padded elements",
                               (long long)reach(w, d), (long long)(room + reach(w, d)));
        w->out[d] = (room + (ceil_mode ? w->stride[d] - 1 : 0)) / w->stride[d] + 1;
        /* A window that would start behind the data and its leading padding is left out. */
        if (ceil_mode && (w->out[d] - 1) * w->stride[d] >= w->in[d] + w->before[d])
            w->out[d]--;
    }
    return DOUBT_OK;
}

enum doubt_code doubti_window_transposed(struct doubti_call *call, const struct doubti_array *x,
                                         const int64_t *kernel, struct doubti_window *w)
{
    int64_t more[2] = {0, 0}, wanted[2] = {0, 0};
    int32_t spatial = x->rank - 2;
    enum doubt_code code = read_window(call, x, kernel, w);
    if (code == DOUBT_OK)
        code = pair(call, "output_padding", spatial, more);
    if (code == DOUBT_OK)
        code = pair(call, "output_shape", spatial, wanted);
    if (code != DOUBT_OK)
        return code;
    const char *mode = doubt_node_string(call->node, "auto_pad", "NOTSET");
    for (int d = 0; d < 2; d++) {
        int64_t full = (w->in[d] - 1) * w->stride[d] + more[d] + reach(w, d);
        if (strcmp(mode, "VALID") == 0)
            w->before[d] = w->after[d] = 0;
        if (wanted[d] == 0 && strncmp(mode, "SAME_", 5) == 0)
            wanted[d] = w->in[d] * w->stride[d];
        if (wanted[d] > 0)
            share_padding(mode, full - wanted[d], &w->before[d], &w->after[d]);
        w->out[d] = full - w->before[d] - w->after[d];
        if (w->out[d] < 1)
            return doubti_fail(call, DOUBT_E_FORMAT, "the padding leaves nothing of %lld elements",
                               (long long)full);
    }
    return DOUBT_OK;
}

void doubti_window_dims(const struct doubti_window *window, const struct doubti_array *x,
                        int64_t channels, int64_t *dims)
{
    dims[0] = x->dims[0];
    dims[1] = channels;
    for (int32_t d = 2; d < x->rank; d++)
        dims[d] = window->out[2 - (x->rank - 2) + (d - 2)];
}
