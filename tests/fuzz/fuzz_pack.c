/* fuzz_pack.c: any bytes as packed samples; what is accepted must survive a round trip. The same
 * bytes, as samples, must come back. Seeds: seeds/pack.
 */
#include "store/pack.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(struct doubt_pack *pack, const int64_t *samples, size_t count, int64_t *back)
{
    const void *blob;
    size_t bytes, got;
    if (doubt_pack_encode(pack, samples, count, &blob, &bytes, NULL) != DOUBT_OK)
        abort();
    uint8_t *copy = malloc(bytes);
    if (copy == NULL)
        abort();
    memcpy(copy, blob, bytes);
    if (doubt_pack_decode(pack, copy, bytes, back, count, &got, NULL) != DOUBT_OK || got != count ||
        (count > 0 && memcmp(samples, back, count * sizeof *back) != 0))
        abort();
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct doubt_pack *pack;
    static int64_t samples[DOUBT_PACK_BLOCK], back[DOUBT_PACK_BLOCK];
    struct doubt_err err = {.code = DOUBT_OK};
    size_t count;
    if (pack == NULL && (pack = doubt_pack_new()) == NULL)
        abort();
    if (doubt_pack_decode(pack, data, size, samples, DOUBT_PACK_BLOCK, &count, &err) == DOUBT_OK)
        round_trip(pack, samples, count, back);
    else if (err.text[0] == '\0')
        abort();
    count = size / sizeof *samples;
    if (count > DOUBT_PACK_BLOCK)
        count = DOUBT_PACK_BLOCK;
    if (count > 0)
        memcpy(samples, data, count * sizeof *samples);
    round_trip(pack, samples, count, back);
    return 0;
}
