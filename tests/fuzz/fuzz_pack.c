/* fuzz_pack.c: any bytes as packed samples; what is accepted must survive a round trip. The same
 * bytes, as samples, must come back. Seeds: seeds/pack.
 */
#include "store/pack.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(struct doubt_pack *pack, const int64_t *samples, size_t count, int64_t *back)
{
    struct doubt_blob blob;
    struct doubt_pack_room room = {.samples = back, .capacity = count};
    if (doubt_pack_encode(pack, samples, count, &blob, NULL) != DOUBT_OK)
        abort();
    uint8_t *copy = malloc(blob.bytes);
    if (copy == NULL)
        abort();
    memcpy(copy, blob.data, blob.bytes);
    blob.data = copy;
    if (doubt_pack_decode(pack, &blob, &room, NULL) != DOUBT_OK || room.count != count ||
        (count > 0 && memcmp(samples, back, count * sizeof *back) != 0))
        abort();
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct doubt_pack *pack;
    static int64_t samples[DOUBT_PACK_BLOCK], back[DOUBT_PACK_BLOCK];
    struct doubt_err err = {.code = DOUBT_OK};
    struct doubt_blob blob = {data, size};
    struct doubt_pack_room room = {.samples = samples, .capacity = DOUBT_PACK_BLOCK};
    if (pack == NULL && (pack = doubt_pack_new()) == NULL)
        abort();
    if (doubt_pack_decode(pack, &blob, &room, &err) == DOUBT_OK)
        round_trip(pack, samples, room.count, back);
    else if (err.text[0] == '\0')
        abort();
    size_t count = size / sizeof *samples;
    if (count > DOUBT_PACK_BLOCK)
        count = DOUBT_PACK_BLOCK;
    if (count > 0)
        memcpy(samples, data, count * sizeof *samples);
    round_trip(pack, samples, count, back);
    return 0;
}
