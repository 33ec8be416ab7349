/* fuzz_ov_layers.c: any answers of OpenVINO's counters, as times of layers. Seeds: seeds/ov_layers.
 */
#include "../../engines/openvino/ov_layers.c"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ITEMS_MAX = 64, ROOM = 16 };

static struct ov_profile items[ITEMS_MAX];
static size_t item_count;

int ov_check(struct ov_engine *e, int status, const char *doing)
{
    (void)e, (void)doing;
    return status == 0 ? 0 : -1;
}

static int answer(const ov_request *request, struct ov_profiles *profiles)
{
    (void)request;
    profiles->items = items;
    profiles->count = item_count;
    return 0;
}

static void release(struct ov_profiles *profiles)
{
    profiles->items = NULL;
}

/* The text up to the next line's end; NULL for "-". */
static const char *next_text(char **rest)
{
    const char *text = *rest != NULL ? strsep(rest, "\n") : NULL;
    return text != NULL && strcmp(text, "-") == 0 ? NULL : text;
}

/* Lines: status and time, then node, kernel and type of each. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ov_engine engine = {.host = NULL};
    struct doubt_engine_layer layers[ROOM];
    uint32_t count = ROOM;
    char *text = malloc(size + 1), *rest = text;
    if (text == NULL)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    for (item_count = 0; item_count < ITEMS_MAX && rest != NULL; item_count++) {
        const char *number = next_text(&rest);
        char *end = NULL;
        items[item_count].status = number != NULL ? (int)(strtol(number, &end, 10) & 3) : 0;
        items[item_count].real_us = end != NULL ? strtoll(end, NULL, 10) : 0;
        items[item_count].node = next_text(&rest);
        items[item_count].kernel = next_text(&rest);
        items[item_count].type = next_text(&rest);
    }
    engine.api.ov_infer_request_get_profiling_info = answer;
    engine.api.ov_profiling_info_list_free = release;
    if (ov_layers(&engine, layers, &count) != 0 || count > item_count)
        abort();
    for (uint32_t i = 0; i < count && i < ROOM; i++)
        if (strnlen(layers[i].name, DOUBT_NAME_BYTES) == DOUBT_NAME_BYTES ||
            strnlen(layers[i].type, DOUBT_NAME_BYTES) == DOUBT_NAME_BYTES ||
            layers[i].precision >= DOUBT_PRECISION_COUNT)
            abort();
    free(text);
    return 0;
}
