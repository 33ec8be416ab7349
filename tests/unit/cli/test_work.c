/* test_work.c: work of claims' networks, and the ceilings that follow from it. Truth:
 * tests/data/claims/ceilings.tsv, computed from the layers of the vendors' files and the device's
 * data sheet, not by this program. */
#include "cli/work.h"
#include "util/embed.h"
#include "util/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct doubt_works works;

static void load(const char *name, struct doubt_claim_set *set)
{
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_claim_set_load(name, set, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
}

static const struct doubt_claim *find(const struct doubt_claim_set *sets, const char *row)
{
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < sets[s].count; i++)
            if (strcmp(sets[s].claims[i].row, row) == 0)
                return &sets[s].claims[i];
    fail_msg("no row %s", row);
    return NULL;
}

/* Three significant digits, as the table prints them. */
static void three(double value, char *out, size_t out_bytes)
{
    snprintf(out, out_bytes, "%.*f", value >= 99.95 ? 0 : 1, value);
}

static void table_is_reproduced(void **state)
{
    (void)state;
    struct doubt_claim_set sets[2];
    char *text, *lines = NULL, path[512], row[16], claimed[16], gflop[16], share[16], ceiling[16];
    size_t size, rows = 0;
    load("jetson-nano-2019", &sets[0]);
    load("jetson-nano-2019-rest", &sets[1]);
    snprintf(path, sizeof path, "%s/claims/ceilings.tsv", DOUBT_TEST_DATA);
    assert_int_equal(doubt_file_read(path, 1 << 16, &text, &size, NULL), DOUBT_OK);
    char *line = strtok_r(text, "\n", &lines);
    while ((line = strtok_r(NULL, "\n", &lines)) != NULL) {
        char here[32];
        struct doubt_work work;
        struct doubt_ceiling c;
        assert_int_equal(
            sscanf(line, "%15s %15s %15s %15s %15s", row, claimed, gflop, share, ceiling), 5);
        const struct doubt_claim *claim = find(sets, row);
        assert_string_equal(claim->figure, claimed);
        assert_true(doubt_works_find(&works, claim, &work));
        doubt_ceiling_of(claim, &work, &c);
        snprintf(here, sizeof here, "%.2f", c.work_ops / 1e9);
        assert_string_equal(here, gflop);
        snprintf(here, sizeof here, "%.1f", 100 * c.share);
        assert_string_equal(here, share);
        three(c.ceiling, here, sizeof here);
        assert_string_equal(here, ceiling);
        assert_int_equal(c.verdict, DOUBT_PLAUSIBLE);
        assert_false(c.memory_binds);
        rows++;
    }
    assert_int_equal(rows, 11);
    free(text);
    doubt_claim_set_free(&sets[0]);
    doubt_claim_set_free(&sets[1]);
}

/* VGG-19's weights at 25.6 GB/s: 11.2 ms, an eighth of which none may stay on the chip. */
static void memory_of_vgg19(void **state)
{
    (void)state;
    struct doubt_claim_set set;
    struct doubt_ceiling c;
    struct doubt_work work;
    load("jetson-nano-2019-rest", &set);
    const struct doubt_claim_set sets[2] = {set, {.count = 0}};
    const struct doubt_claim *claim = find(sets, "C12");
    assert_true(doubt_works_find(&works, claim, &work));
    assert_int_equal(work.weights, 143667240);
    doubt_ceiling_of(claim, &work, &c);
    assert_true(1e3 / c.memory > 11.15 && 1e3 / c.memory < 11.25);
    doubt_claim_set_free(&set);
}

/* The whole of pose is 7,685,898,240 MACs; what its second output needs is 39 million less. */
static void only_what_an_output_needs(void **state)
{
    (void)state;
    static char none[] = "", pose[] = "pose", input[] = "1x3x256x456", l2[] = "Mconv7_stage2_L2",
                nowhere[] = "nowhere";
    struct doubt_work whole, part;
    struct doubt_claim claim = {.network = pose, .title = pose, .input = input, .output = none};
    assert_true(doubt_works_find(&works, &claim, &whole));
    assert_int_equal(whole.macs, 7685898240);
    claim.output = l2;
    assert_true(doubt_works_find(&works, &claim, &part));
    assert_true(part.macs > 7646500000 && part.macs < 7647500000);
    assert_true(part.weights < whole.weights && part.io < whole.io);
    claim.output = nowhere;
    assert_false(doubt_works_find(&works, &claim, &part));
    assert_false(doubt_works_find(&works, &claim, &part)); /* kept as not known */
}

/* All of VGG-19's convolutions are 3x3 of stride 1; its three products are not. */
static void what_winograd_can_do(void **state)
{
    (void)state;
    static char none[] = "", vgg[] = "vgg19", mobile[] = "mobilenet-v2";
    struct doubt_work work;
    struct doubt_claim claim = {.network = vgg, .title = vgg, .input = none, .output = none};
    assert_true(doubt_works_find(&works, &claim, &work));
    assert_int_equal(work.macs - work.winograd_macs, 25088 * 4096 + 4096 * 4096 + 4096 * 1000);
    claim.network = mobile;
    assert_true(doubt_works_find(&works, &claim, &work));
    assert_int_equal(work.winograd_macs, 0);
}

static void networks_that_are_not_built_in(void **state)
{
    (void)state;
    static char none[] = "", title[] = "VGG-16", input[] = "1x3x224x224", other[] = "320x320",
                nothing[] = "SSD-ResNet-18";
    struct doubt_work work;
    struct doubt_claim claim = {.network = none, .title = title, .input = input, .output = none};
    assert_true(doubt_works_find(&works, &claim, &work));
    assert_int_equal(work.macs, 15470000000);
    claim.input = other;
    assert_false(doubt_works_find(&works, &claim, &work));
    claim.title = nothing;
    assert_false(doubt_works_find(&works, &claim, &work));
}

static void other_sizes(void **state)
{
    (void)state;
    static char ssd[] = "ssd-mobilenet-v2", none[] = "";
    static const struct {
        const char *input;
        bool other;
    } rows[] = {{"300x300", false}, {"1x3x300x300", false}, {"272x480", true},
                {"", false},        {"300", false},         {"0x300", false}};
    char own[32];
    struct doubt_claim claim = {.network = ssd, .title = ssd, .input = none, .output = none};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        claim.input = (char *)(uintptr_t)rows[i].input;
        assert_int_equal(doubt_works_other_size(&works, &claim, own, sizeof own), rows[i].other);
        if (rows[i].other)
            assert_string_equal(own, "300x300");
    }
    claim.network = none;
    assert_false(doubt_works_other_size(&works, &claim, own, sizeof own));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_reproduced),
        cmocka_unit_test(memory_of_vgg19),
        cmocka_unit_test(only_what_an_output_needs),
        cmocka_unit_test(what_winograd_can_do),
        cmocka_unit_test(networks_that_are_not_built_in),
        cmocka_unit_test(other_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
