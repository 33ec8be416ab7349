/* test_claim_parse.c: claim sets from text; every refusal names line and field. */
#include "claims/claim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char good[] = "{\n"
                           "  \"name\": \"board\", \"title\": \"A board\",\n"
                           "  \"common\": {\"device\": \"My Board\", \"unit\": \"FPS\",\n"
                           "             \"source\": \"a page\", \"batch\": 8},\n"
                           "  \"claims\": [\n"
                           "    {\"id\": \"one\", \"network\": \"pose\", \"figure\": \"14.0\"},\n"
                           "    {\"id\": \"two\", \"network\": \"unet\", \"title\": \"U-Net\",\n"
                           "     \"figure\": \"~2.31\", \"unit\": \"ms\", \"batch\": 1,\n"
                           "     \"precision\": \"f16\", \"statistic\": \"p90\"}\n"
                           "  ]\n"
                           "}\n";

static void a_set_is_read(void **state)
{
    (void)state;
    struct doubt_claim_set set;
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_claim_set_parse(good, strlen(good), "good.json", &set, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    assert_string_equal(set.name, "board");
    assert_string_equal(set.title, "A board");
    assert_int_equal(set.count, 2);
    assert_string_equal(set.claims[0].figure, "14.0"); /* digits as written */
    assert_string_equal(set.claims[0].unit, "FPS");
    assert_string_equal(set.claims[0].title, "pose");
    assert_string_equal(set.claims[0].precision, "");
    assert_int_equal(set.claims[0].batch, 8);
    assert_string_equal(set.claims[1].device, "My Board");
    assert_string_equal(set.claims[1].unit, "ms");
    assert_string_equal(set.claims[1].title, "U-Net");
    assert_int_equal(set.claims[1].batch, 1);
    doubt_claim_set_free(&set);
    doubt_claim_set_free(&set);
}

/* The good text with one piece replaced, and what the sentence must say. */
static void refused(const char *old, const char *fresh, const char *words[])
{
    char text[4096];
    const char *at = strstr(good, old);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, fresh, at + strlen(old));
    struct doubt_claim_set set;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_claim_set_parse(text, strlen(text), "f.json", &set, &err),
                     DOUBT_E_FORMAT);
    assert_true(set.claims == NULL && set.name == NULL && set.count == 0);
    assert_memory_equal(err.text, "f.json, line ", 13);
    for (; *words != NULL; words++)
        if (strstr(err.text, *words) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", err.text, *words);
}

#define REFUSED(old, fresh, ...) refused(old, fresh, (const char *[]){__VA_ARGS__, NULL})

static void syntax_errors_name_the_line(void **state)
{
    (void)state;
    REFUSED("\"14.0\"}", "\"14.0\"", "line 7");
    REFUSED("\"14.0\"", "NaN", "line 6");
    REFUSED("\"14.0\"", "Infinity", "line 6");
    REFUSED("  ]\n}", "  ]\n", "line 12");
    REFUSED("\"FPS\"", "\"\xFF\"", "line 3");
    REFUSED("\"FPS\"", "\"\\u0000\"", "line 3");
    REFUSED("{\n", "{\n \"name\": 1e999,", "line 2");
    REFUSED("\"batch\": 8", "\"batch\": 99999999999999999999", "line 4");
    REFUSED("\"batch\": 8", "\"batch\": 8, \"batch\": 9", "line 4", "duplicate");
    REFUSED("\"14.0\"", "\x1B[2J", "line 6");
}

static void wrong_values_name_claim_and_field(void **state)
{
    (void)state;
    REFUSED("\"pose\"", "\"\"", "line 6", "\"one\"", "\"title\"", "network is \"\"");
    REFUSED("\"unet\"", "\"\"", "line 7", "\"two\"", "\"remark\"", "why");
    REFUSED(" \"network\": \"pose\",", "", "line 6", "\"network\"", "missing");
    REFUSED("\"batch\": 1", "\"confidence\": \"sure\"", "line 8", "\"confidence\"", "quoted");
    REFUSED("\"14.0\"", "14.0", "line 6", "\"one\"", "\"figure\"", "\"36\"");
    REFUSED("\"14.0\"", "null", "line 6", "\"figure\"", "text");
    REFUSED("\"14.0\"", "\"\"", "line 6", "\"figure\"", "empty");
    REFUSED("\"14.0\"", "\"fast\"", "line 6", "\"one\"", "\"figure\"", "fast");
    REFUSED("\"ms\"", "\"furlongs\"", "line 8", "\"two\"", "furlongs");
    REFUSED(", \"figure\": \"14.0\"", "", "line 6", "\"one\"", "\"figure\"", "missing");
    REFUSED("\"f16\"", "\"fp16\"", "line 9", "\"two\"", "\"precision\"", "fp16", "f32");
    REFUSED("\"batch\": 1", "\"batch\": 0", "line 8", "\"batch\"", "at least 1");
    REFUSED("\"batch\": 1", "\"batch\": \"1\"", "line 8", "\"batch\"");
    REFUSED("\"batch\": 1", "\"bach\": 1", "line 8", "\"bach\"", "did you mean \"batch\"");
    REFUSED("\"two\"", "\"one\"", "line 7", "\"id\"", "same");
    REFUSED("\"id\": \"two\", ", "", "line 7", "claim number 2", "\"id\"");
    REFUSED("\"U-Net\"", "\"U\\u001b[31mNet\"", "line 7", "\"title\"", "control");
    REFUSED("\"U-Net\"", "\"U\\u009bNet\"", "line 7", "\"title\"", "control");
    REFUSED("\"a page\"", "[]", "line 6", "\"source\"");
    REFUSED("{\"id\": \"one\", \"network\": \"pose\", \"figure\": \"14.0\"}", "7", "line 6",
            "claim number 1", "object");
}

static void wrong_heads_are_named(void **state)
{
    (void)state;
    REFUSED("\"name\": \"board\", ", "", "\"name\"", "missing");
    REFUSED("\"board\"", "7", "line 2", "\"name\"");
    REFUSED("\"claims\"", "\"claim\"", "line 5", "\"claim\"");
    REFUSED("\"common\": {", "\"common\": [], \"x\": {", "line 3");
    REFUSED("\"device\"", "\"devise\"", "did you mean \"device\"");
    struct doubt_claim_set set;
    const char *const texts[] = {"[]",
                                 "",
                                 "7",
                                 "{\"name\":\"a\",\"title\":\"b\",\"claims\":[]}",
                                 "{\"name\":\"a\",\"title\":\"b\",\"claims\":{}}",
                                 "{\"name\":\"a\",\"title\":\"b\"}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(doubt_claim_set_parse(texts[i], strlen(texts[i]), "x", &set, NULL),
                         DOUBT_E_FORMAT);
}

static void hostile_sizes_are_refused(void **state)
{
    (void)state;
    struct doubt_claim_set set;
    struct doubt_err err = {.code = DOUBT_OK};
    size_t size = DOUBT_CLAIM_FILE_MAX + 1;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, ' ', size);
    assert_int_equal(doubt_claim_set_parse(text, size, "big", &set, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "1048577"));
    memset(text, '[', size);
    assert_int_equal(doubt_claim_set_parse(text, size - 1, "deep", &set, NULL), DOUBT_E_FORMAT);
    /* A long text inside a field. */
    size_t len = (size_t)snprintf(text, size, "{\"name\": \"");
    memset(text + len, 'x', 3000);
    len += 3000;
    len += (size_t)snprintf(text + len, size - len, "\", \"title\": \"t\", \"claims\": [{}]}");
    memset(&err, 0, sizeof err);
    assert_int_equal(doubt_claim_set_parse(text, len, "long", &set, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "longer than 2000"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_is_read),
        cmocka_unit_test(syntax_errors_name_the_line),
        cmocka_unit_test(wrong_values_name_claim_and_field),
        cmocka_unit_test(wrong_heads_are_named),
        cmocka_unit_test(hostile_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
