/* vendor.c: see vendor.h. */
#include "cli/vendor.h"

#include <string.h>

/* Whose figures were made how: by claim set (its front), network and engine; NULL: any. The first
 * row that fits counts. */
static const struct {
    const char *claim_set, *network, *engine, *protocol;
} rows[] = {
    {"jetson-nano-2019", "ssd-mobilenet-v2", NULL, "ssd-sample"},
    {"jetson-nano-2019", NULL, NULL, "trtexec-5"},
    {"jetson-benchmarks", NULL, NULL, "jetson-benchmarks"},
    {"orin-dla", NULL, NULL, "trtexec-8"},
    {"mlperf-", NULL, NULL, "mlperf-singlestream"},
    {"openvino-", NULL, NULL, "benchmark-app"},
    {NULL, NULL, "openvino", "benchmark-app"},
    {NULL, NULL, "tensorrt", "trtexec-8"},
};

static bool begins_with(const char *text, const char *front)
{
    return text != NULL && strncmp(text, front, strlen(front)) == 0;
}

static bool is(const char *text, const char *word)
{
    return text != NULL && strcmp(text, word) == 0;
}

enum doubt_code doubt_vendor_check(const char *name, struct doubt_err *err)
{
    const struct doubt_protocol *protocol;
    if (name == NULL || is(name, "ours") || is(name, "vendor") ||
        doubt_protocol_find(name, &protocol, NULL) == DOUBT_OK)
        return DOUBT_OK;
    char list[256] = "";
    for (size_t i = 0; i < doubt_protocol_count(); i++) {
        size_t len = strlen(list);
        snprintf(list + len, sizeof list - len, ", %s", doubt_protocol_at(i)->name);
    }
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "--protocol \"%s\" is unknown; accepted: ours, vendor%s", name, list);
}

const struct doubt_protocol *doubt_vendor_protocol(const struct doubt_vendor_wish *wish)
{
    const struct doubt_protocol *protocol = NULL;
    if (wish->name == NULL || is(wish->name, "ours"))
        return NULL;
    if (!is(wish->name, "vendor"))
        return doubt_protocol_find(wish->name, &protocol, NULL) == DOUBT_OK ? protocol : NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((rows[i].claim_set == NULL || begins_with(wish->claim_set, rows[i].claim_set)) &&
            (rows[i].network == NULL || is(wish->network, rows[i].network)) &&
            (rows[i].engine == NULL || is(wish->engine, rows[i].engine)))
            return doubt_protocol_find(rows[i].protocol, &protocol, NULL) == DOUBT_OK ? protocol
                                                                                      : NULL;
    return NULL;
}
