/* fuzz_worker.c: any bytes in the memory that a worker shares, and any end of its process: a
 * restart and the questions to an engine end with a record or a sentence, and texts are clean.
 *
 * A unit of work is one worker, stood in for: a vendor's library in it may write anywhere. Seeds:
 * seeds/worker.
 */
#include "measure/restart.h"
#include "measure/series.h"

#include "measure/child.h"
#include "model/check.h"
#include "model/tensor.h"
#include "util/clock.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SAMPLES = 64 };

static const uint8_t *input;
static size_t input_size;

/* --- instead of child.c ----------------------------------------------------------------------- */

static unsigned take(size_t bytes)
{
    unsigned value = 0;
    for (; bytes > 0 && input_size > 0; bytes--, input_size--)
        value = value << 8 | *input++;
    return value;
}

static void put(struct doubt_shared_map *map, unsigned where, unsigned offset, size_t bytes)
{
    struct doubt_shared *shared = map->shared;
    char *const begins[] = {(char *)&shared->answer, (char *)map->samples, (char *)shared,
                            (char *)&shared->reference_count, (char *)&shared->phase};
    const size_t rooms[] = {
        sizeof shared->answer, map->bytes - (size_t)((char *)map->samples - (char *)shared),
        sizeof *shared, sizeof *shared - offsetof(struct doubt_shared, order), 4 * sizeof(int)};
    size_t k = where % 5, at = rooms[k] > 0 ? offset % rooms[k] : 0;
    bytes = bytes < input_size ? bytes : input_size;
    bytes = bytes < rooms[k] - at ? bytes : rooms[k] - at;
    if (begins[k] + at + bytes > (char *)shared + map->bytes)
        return;
    memcpy(begins[k] + at, input, bytes);
    input += bytes;
    input_size -= bytes;
}

/* How it ends, then what is written: where, at which offset, how much, the bytes. */
enum doubt_code doubt_child_run(struct doubt_shared_map *map, int64_t deadline_ns,
                                const struct doubt_restart_watch *watch,
                                struct doubt_child_end *end, struct doubt_err *err)
{
    (void)deadline_ns, (void)watch, (void)err;
    memset(end, 0, sizeof *end);
    unsigned how = take(1);
    end->cause = (enum doubt_child_cause)(how % 3);
    end->unreaped = how & 0x80 ? 1 : 0;
    end->status = (int)take(2);
    end->begun_ns = doubt_clock_ns();
    end->wall_ns = 1000;
    end->oom_kills = how >> 4 & 1;
    while (input_size >= 5) {
        unsigned where = take(1), offset = take(3), bytes = take(1);
        if (where == 0xFF) {
            /* What it printed comes clean out of child.c. */
            size_t n = bytes < input_size ? bytes : input_size;
            doubt_shared_clean_text(end->tail, sizeof end->tail, (const char *)input, n);
            input += n;
            input_size -= n;
        } else {
            put(map, where, offset, bytes);
        }
    }
    return DOUBT_OK;
}

/* --- what becomes of it ----------------------------------------------------------------------- */

static void check(bool holds)
{
    if (!holds)
        abort();
}

static const struct doubt_cell_plan cell = {.network = "it",
                                            .title = "it",
                                            .variant = "",
                                            .engine = "null",
                                            .macs = DOUBT_MISSING_I64,
                                            .parameters = DOUBT_MISSING_I64,
                                            .batch = 1};

static void run_restart(void)
{
    struct doubt_restart_result result;
    struct doubt_err err = {.code = DOUBT_OK};
    const struct doubt_restart_plan how = {
        .iterations = SAMPLES, .deadline_ns = 1000000000, .cache_folder = "/tmp"};
    enum doubt_code code = doubt_restart_run(&cell, &how, NULL, &result, &err);
    check((code == DOUBT_OK) == (err.text[0] == '\0'));
    check(code != DOUBT_OK || result.record.outcome != NULL);
    check(result.count <= SAMPLES && (result.count == 0) == (result.samples == NULL));
    doubt_restart_result_free(&result);
}

static void ask_engine(void)
{
    static struct doubt_engine_info info;
    struct doubt_err err = {.code = DOUBT_OK};
    enum doubt_code code = doubt_engine_ask("null", NULL, NULL, &info, &err);
    check((code == DOUBT_OK) == (err.text[0] == '\0'));
    check(code != DOUBT_OK || info.device_count <= DOUBT_DEVICES_MAX);
}

static void ask_reference(void)
{
    struct doubt_reference reference;
    struct doubt_err err = {.code = DOUBT_OK};
    char *text = NULL;
    enum doubt_code code = doubt_reference_ask(&cell, &reference, &err);
    check((code == DOUBT_OK) == (err.text[0] == '\0'));
    if (code == DOUBT_OK && doubt_reference_format(&reference, &text, NULL) == DOUBT_OK)
        free(text);
    doubt_reference_free(&reference);
}

static void ask_layers(void)
{
    struct doubt_engine_layer *layers = NULL;
    struct doubt_err err = {.code = DOUBT_OK};
    size_t count = 0;
    enum doubt_code code = doubt_layers_ask(&cell, &layers, &count, &err);
    check((code == DOUBT_OK) == (err.text[0] == '\0'));
    for (size_t i = 0; i < count; i++)
        check(memchr(layers[i].name, '\0', sizeof layers[i].name) != NULL &&
              memchr(layers[i].type, '\0', sizeof layers[i].type) != NULL &&
              doubt_precision_name(layers[i].precision) != NULL);
    free(layers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const jobs[])(void) = {run_restart, ask_engine, ask_reference, ask_layers};
    if (size < 1)
        return 0;
    input = data + 1;
    input_size = size - 1;
    jobs[data[0] % 4]();
    return 0;
}
