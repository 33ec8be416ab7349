/* test_power_mode.c: words of the shipped claims, and of machines. */
#include "claims/power_mode.h"

#include "claims/claim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void says(const char *text, const char *mode, int clocks, const char *unknown)
{
    struct doubt_power_mode found;
    doubt_power_mode_parse(text, &found);
    if (strcmp(found.mode, mode) != 0 || found.clocks != clocks ||
        strcmp(found.unknown, unknown) != 0)
        fail_msg("\"%s\": mode \"%s\", clocks %d, unknown \"%s\"", text, found.mode, found.clocks,
                 found.unknown);
}

static void reads_the_words_of_claims(void **state)
{
    (void)state;
    says("10 W (nvpmodel -m 0), jetson_clocks", "0", 1, "");
    says("20W 6-core + jetson_clocks", "20W 6-core", 1, "");
    says("MAXN", "MAXN", -1, "");
    says("MAX-N", "MAX-N", -1, "");
    says("nvpmodel 15W", "15W", -1, "");
    says("nvpmodel 8, GPU clock 1007 MHz", "8", -1, "GPU clock 1007 MHz");
    says("nvpmodel 0 + fixed GPU/DLA clock, fan 255", "0", -1, "fixed GPU/DLA clock");
    says("default", "", -1, "default");
    says("MAXN-type (MaxP)", "", -1, "MAXN-type (MaxP)");
    says("nvpmodel 1 (5W), clocks not locked", "1", 0, "");
    says("", "", -1, "");
}

static void compares(void **state)
{
    static const struct {
        const char *claimed, *here, *differs;
    } rows[] = {
        {"10 W (nvpmodel -m 0), jetson_clocks", "nvpmodel 0 (MAXN), jetson_clocks", ""},
        {"10 W (nvpmodel -m 0), jetson_clocks", "nvpmodel 0, jetson_clocks", ""},
        {"10 W (nvpmodel -m 0), jetson_clocks", "nvpmodel 0 (MAXN), clocks not locked",
         "clocks not locked"},
        {"10 W (nvpmodel -m 0), jetson_clocks", "nvpmodel 0 (MAXN)", "unknown clocks"},
        {"10 W (nvpmodel -m 0), jetson_clocks", "nvpmodel 1 (5W), jetson_clocks",
         "other power mode"},
        {"10 W (nvpmodel -m 0), jetson_clocks", "nvpmodel 1 (5W), clocks not locked",
         "other power mode"},
        {"10 W (nvpmodel -m 0), jetson_clocks", "", "unknown power mode"},
        {"10 W (nvpmodel -m 0), jetson_clocks", NULL, "unknown power mode"},
        {"20W 6-core + jetson_clocks", "nvpmodel 8 (MODE_20W_6CORE), jetson_clocks", ""},
        {"MAX-N", "nvpmodel 0 (MAXN), clocks not locked", ""},
        {"MAXN", "nvpmodel 2 (MAXN_SUPER)", "other power mode"},
        {"default", "nvpmodel 0 (MAXN)", "unknown power mode"},
        {"nvpmodel 8, GPU clock 1007 MHz", "nvpmodel 8 (MODE_20W_6CORE)", "unknown power mode"},
        {"nvpmodel 1", "nvpmodel 11", "other power mode"},
        {"anything", "Anything", ""},
        {"MAXN", "changed: nvpmodel 0 (MAXN); at the end nvpmodel 1 (5W)", "power mode changed"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(doubt_power_mode_differs(rows[i].claimed, rows[i].here), rows[i].differs) != 0)
            fail_msg("\"%s\" against \"%s\": %s", rows[i].claimed,
                     rows[i].here ? rows[i].here : "NULL",
                     doubt_power_mode_differs(rows[i].claimed, rows[i].here));
}

/* Whatever a shipped claim says is met by a machine that says the same. */
static void every_shipped_claim_is_met_by_its_own_words(void **state)
{
    char **names = doubt_claim_names();
    size_t stated = 0;
    (void)state;
    for (size_t i = 0; names[i] != NULL; i++) {
        struct doubt_claim_set set;
        if (doubt_claim_set_load(names[i], &set, NULL) != DOUBT_OK)
            continue;
        for (size_t c = 0; c < set.count; c++) {
            const char *words = set.claims[c].power_mode;
            stated += words[0] != '\0';
            if (words[0] != '\0')
                assert_string_equal(doubt_power_mode_differs(words, words), "");
        }
        doubt_claim_set_free(&set);
    }
    doubt_claim_names_free(names);
    assert_true(stated > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_words_of_claims),
        cmocka_unit_test(compares),
        cmocka_unit_test(every_shipped_claim_is_met_by_its_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
