/* fuzz_claims.c: any bytes as a claim set, then everything that is asked of claims: judged, held
 * against the peaks of devices, compared with each other. Seeds: seeds/claims. */
#include "claims/ceiling.h"
#include "claims/contradict.h"

#include <math.h>
#include <stdlib.h>

enum { COMPARED_MAX = 40 }; /* pairs grow with the square */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static double work_of(void *context, const struct doubt_claim *claim)
{
    struct doubt_work work;
    (void)context;
    return doubt_work_find(claim->title, claim->input, &work) ? 2.0 * (double)work.macs : NAN;
}

static void found(void *context, const struct doubt_contradiction *contradiction)
{
    (void)context;
    if (contradiction->text[0] == '\0')
        abort();
}

static void compare(const struct doubt_claim_set *set)
{
    struct doubt_claim_at items[COMPARED_MAX];
    size_t count = set->count < COMPARED_MAX ? set->count : COMPARED_MAX;
    for (size_t i = 0; i < count; i++)
        items[i] = (struct doubt_claim_at){set, &set->claims[i]};
    const struct doubt_claims_all all = {items, count, work_of, NULL};
    doubt_contradict(&all, found, NULL);
}

static void hold(const struct doubt_claim *claim)
{
    static const struct doubt_work work = {
        .macs = 4000000000, .winograd_macs = 1000000000, .weights = 25000000, .io = 150000};
    struct doubt_ceiling ceiling;
    struct doubt_str text;
    doubt_ceiling_of(claim, &work, &ceiling);
    doubt_str_init(&text, 1 << 16);
    doubt_ceiling_explain(claim, &ceiling, &text);
    if (text.len == 0 || (ceiling.unknown[0] != '\0') != (ceiling.verdict == 0))
        abort();
    doubt_str_free(&text);
}

static void judge(const struct doubt_claim_set *set)
{
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
    for (size_t i = 0; i < set->count; i++) {
        if (doubt_claim_judge(&set->claims[i], true, &series, &cell, NULL) != DOUBT_OK)
            abort();
        if ((cell.differs == NULL) != (cell.differs_how == NULL))
            abort();
        hold(&set->claims[i]);
    }
    doubt_record_free(DOUBT_SERIES, &series);
    doubt_record_free(DOUBT_CELL, &cell);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_claim_set set;
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_claim_set_parse((const char *)data, size, "fuzz", &set, &err) != DOUBT_OK) {
        if (err.text[0] == '\0' || set.claims != NULL)
            abort();
        return 0;
    }
    judge(&set);
    compare(&set);
    doubt_claim_set_free(&set);
    return 0;
}
