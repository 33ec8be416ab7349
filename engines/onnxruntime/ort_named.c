/* ort_named.c: providers by name: what the library calls them, and what is known of them.
 *
 * A unit of work is one name. The library lists a provider under one name
 * (XnnpackExecutionProvider) and takes it under another (XNNPACK); a user may write either, in any
 * case. What a provider does not tell is not guessed: precision, and threads where it has no option
 * for them.
 */
#include "ort_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char suffix[] = "ExecutionProvider";

/* Whose entry makes it: the one for all names, or its own. */
enum entry { BY_NAME, ITS_OWN_DNNL, ITS_OWN_CANN };

/* Of those that the library lists: what it takes them as, and where they compute. */
static const struct known {
    const char *listed, *taken; /* without the suffix */
    enum entry entry;
    const char *threads; /* its option for their number; NULL: it has none */
    const char *device;  /* its option for where it computes; NULL: it has none */
    const char *place;   /* without that option */
    int takes_f32;       /* its option "precision" takes FP32, save on an NPU */
} all_known[] = {
    {"OpenVINO", "OpenVINO", BY_NAME, "num_of_threads", "device_type", "CPU", 1},
    {"Xnnpack", "XNNPACK", BY_NAME, "intra_op_num_threads", NULL, "CPU", 0},
    {"Dnnl", "Dnnl", ITS_OWN_DNNL, NULL, NULL, "CPU", 0},
    {"Azure", "AZURE", BY_NAME, NULL, NULL, "a server", 0},
    {"CANN", "CANN", ITS_OWN_CANN, NULL, NULL, "NPU", 0},
    {"WebGpu", "WebGPU", BY_NAME, NULL, NULL, "GPU", 0},
    {"Dml", "DML", BY_NAME, NULL, NULL, "GPU", 0},
    {"MIGraphX", "MIGraphX", BY_NAME, NULL, NULL, "GPU", 0},
    {"NvTensorRTRTX", "NvTensorRtRtx", BY_NAME, NULL, NULL, "GPU", 0},
};

static const struct known *known_of(const char *listed)
{
    for (size_t i = 0; i < sizeof all_known / sizeof all_known[0]; i++) {
        size_t len = strlen(all_known[i].listed);
        if (strncasecmp(listed, all_known[i].listed, len) == 0 &&
            (listed[len] == '\0' || strcasecmp(listed + len, suffix) == 0))
            return &all_known[i];
    }
    return NULL;
}

/* Length of a listed name without "ExecutionProvider". */
static int stem_of(const char *listed)
{
    size_t len = strlen(listed), tail = sizeof suffix - 1;
    return (int)(len > tail && strcmp(listed + len - tail, suffix) == 0 ? len - tail : len);
}

/* Does a user's word mean the listed provider? */
static int means(const char *word, const char *listed)
{
    const struct known *known = known_of(listed);
    int stem = stem_of(listed);
    return strcasecmp(word, listed) == 0 ||
           ((int)strlen(word) == stem && strncasecmp(word, listed, (size_t)stem) == 0) ||
           (known != NULL && strcasecmp(word, known->taken) == 0);
}

int ort_named_find(struct ort_engine *e, const char *word, char listed[ORT_NAME_BYTES], char *list,
                   size_t room)
{
    char **names = NULL;
    int count = 0, found = 0;
    size_t len = 0;
    ort_status *status = e->api.GetAvailableProviders(&names, &count);
    list[0] = '\0';
    for (int i = 0; status == NULL && i < count; i++) {
        if (!found && means(word, names[i])) {
            found = 1;
            snprintf(listed, ORT_NAME_BYTES, "%s", names[i]);
        }
        if (len < room)
            len += (size_t)snprintf(list + len, room - len, "%s%.*s", i ? ", " : "",
                                    stem_of(names[i]), names[i]);
    }
    if (status == NULL)
        status = e->api.ReleaseAvailableProviders(names, count);
    if (status != NULL)
        e->api.ReleaseStatus(status);
    return found;
}

/* --- the session's options -------------------------------------------------------------------- */

static const char *value_of(const struct ort_pairs *pairs, const char *key)
{
    for (size_t i = 0; key != NULL && i < pairs->count; i++)
        if (strcmp(pairs->keys[i], key) == 0)
            return pairs->values[i];
    return NULL;
}

/* Where it computes, by its options: "CPU", or in its words. */
static const char *place_of(const struct known *known, const struct ort_pairs *pairs)
{
    if (known == NULL)
        return "a device of its choice";
    const char *given = value_of(pairs, known->device);
    return given != NULL ? given : known->place;
}

/* The number of threads goes to a provider that takes it, unless the user gave another. */
static void set_threads(struct ort_engine *e, const struct known *known, struct ort_pairs *pairs)
{
    struct ort_choice *choice = &e->choice;
    if (known == NULL || known->threads == NULL || strstr(choice->place, "CPU") == NULL)
        return;
    const char *given = value_of(pairs, known->threads);
    if (given == NULL) {
        snprintf(choice->threads_text, sizeof choice->threads_text, "%d", (int)e->threads);
        ort_pairs_add(pairs, known->threads, choice->threads_text);
        given = choice->threads_text;
    }
    long number = strtol(given, NULL, 10);
    choice->provider_threads = number > 0 && number < 100000 ? (int32_t)number : 0;
}

/* Where f32 was asked for it is made certain, as far as the provider lets us: some of its devices
 * would take bf16 or f16 on their own. A user's own setting stays. */
static void set_precision(struct ort_engine *e, const struct known *known,
                          enum doubt_precision precision, struct ort_pairs *pairs)
{
    struct ort_choice *choice = &e->choice;
    choice->told_f32 = known != NULL && known->takes_f32 && precision == DOUBT_PRECISION_F32 &&
                       strstr(choice->place, "NPU") == NULL &&
                       value_of(pairs, "precision") == NULL &&
                       value_of(pairs, "load_config") == NULL;
    if (choice->told_f32)
        ort_pairs_add(pairs, "precision", "FP32");
}

/* The library's sentence, and what helps. */
static int refuse(struct ort_engine *e, ort_status *status)
{
    char text[ORT_WORDS_BYTES];
    ort_reason(e, status, text);
    if (strstr(text, "Unknown provider name") != NULL)
        return ORT_FAIL(e,
                        "cannot use provider %s: this ONNX Runtime lists it, but its C interface "
                        "does not take it by name",
                        e->choice.name);
    const char *help = strstr(text, "cannot open shared object file") != NULL
                           ? ": install what it needs, and put its folder on $LD_LIBRARY_PATH"
                           : "";
    return ORT_FAIL(e, "cannot use provider %s: %.800s%s", e->choice.name, text, help);
}

/* Options of its own kind, which only its own entry takes. */
static ort_status *append_own(struct ort_engine *e, ort_options *options,
                              const struct ort_pairs *pairs, enum entry entry)
{
    const struct ort_api *api = &e->api;
    int is_cann = entry == ITS_OWN_CANN;
    ort_own_options *own = NULL;
    ort_status *status =
        (is_cann ? api->CreateCANNProviderOptions : api->CreateDnnlProviderOptions)(&own);
    if (status == NULL && pairs->count > 0)
        status = (is_cann ? api->UpdateCANNProviderOptions : api->UpdateDnnlProviderOptions)(
            own, pairs->keys, pairs->values, pairs->count);
    if (status == NULL)
        status = (is_cann ? api->SessionOptionsAppendExecutionProvider_CANN
                          : api->SessionOptionsAppendExecutionProvider_Dnnl)(options, own);
    if (own != NULL)
        (is_cann ? api->ReleaseCANNProviderOptions : api->ReleaseDnnlProviderOptions)(own);
    return status;
}

int ort_named_append(struct ort_engine *e, ort_options *options, enum doubt_precision precision,
                     struct ort_pairs *pairs)
{
    struct ort_choice *choice = &e->choice;
    const struct known *known = known_of(choice->listed);
    char stem[ORT_NAME_BYTES];
    snprintf(stem, sizeof stem, "%.*s", stem_of(choice->listed), choice->listed);
    snprintf(choice->place, sizeof choice->place, "%s", place_of(known, pairs));
    set_threads(e, known, pairs);
    set_precision(e, known, precision, pairs);
    ort_status *status = known != NULL && known->entry != BY_NAME
                             ? append_own(e, options, pairs, known->entry)
                             : e->api.SessionOptionsAppendExecutionProvider(
                                   options, known != NULL ? known->taken : stem, pairs->keys,
                                   pairs->values, pairs->count);
    return status != NULL ? refuse(e, status) : 0;
}

/* --- what was used -----------------------------------------------------------------------------
 */

void ort_named_describe(struct ort_engine *e, struct doubt_engine_used *used)
{
    const struct ort_choice *choice = &e->choice;
    int on_cpu = strcmp(choice->place, "CPU") == 0;
    used->threads = choice->provider_threads;
    if (on_cpu)
        snprintf(used->device, sizeof used->device, "CPU");
    else
        snprintf(used->device, sizeof used->device, "%.60s (%s)", choice->place, choice->name);
    snprintf(used->detail, sizeof used->detail, "%sthe provider does not tell its precision%s%s",
             choice->told_f32 ? "FP32 asked of it; " : "",
             choice->provider_threads > 0 ? "" : " or its threads",
             on_cpu ? "" : "; its copies from and to the host are inside");
}
