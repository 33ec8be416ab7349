/* fuzz_claims.c: any bytes as a claim set. Seeds: seeds/claims. */
#include "claims/claim.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_claim_set set;
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_claim_set_parse((const char *)data, size, "fuzz", &set, &err) != DOUBT_OK) {
        if (err.text[0] == '\0' || set.claims != NULL)
            abort();
        return 0;
    }
    struct doubt_series series;
    struct doubt_cell cell;
    doubt_record_init(DOUBT_SERIES, &series);
    doubt_record_init(DOUBT_CELL, &cell);
    doubt_text_set(&series.machine, "NVIDIA Jetson Nano Developer Kit");
    doubt_text_set(&cell.engine, "tensorrt");
    doubt_text_set(&cell.engine_version, "5.0.6");
    doubt_text_set(&cell.input, "f32 1x3x224x224");
    doubt_text_set(&cell.state, "measured");
    cell.mean_ns = cell.mean_lo_ns = cell.mean_hi_ns = 1e7;
    cell.fps = cell.fps_lo = cell.fps_hi = 100;
    for (size_t i = 0; i < set.count; i++)
        if (doubt_claim_judge(&set.claims[i], true, &series, &cell, NULL) != DOUBT_OK)
            abort();
    doubt_record_free(DOUBT_SERIES, &series);
    doubt_record_free(DOUBT_CELL, &cell);
    doubt_claim_set_free(&set);
    return 0;
}
