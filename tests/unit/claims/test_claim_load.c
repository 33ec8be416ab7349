/* test_claim_load.c: claim sets by name and by path; the shipped ones. */
#include "claims/claim.h"
#include "util/embed.h"
#include "util/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

static char folder[64];

static int start(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/doubt-claims-XXXXXX");
    return mkdtemp(folder) == NULL || setenv("XDG_CONFIG_HOME", folder, 1) != 0;
}

static int stop(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static void the_chart_of_2019(void **state)
{
    (void)state;
    static const struct {
        const char *network, *title, *figure, *boundary;
    } rows[] = {
        {"ssd-mobilenet-v2", "SSD-Mobilenet-V2", "39", "call"},
        {"resnet50", "ResNet-50", "36", "device"},
        {"inception-v4", "Inception V4", "11", "device"},
        {"pose", "Pose Estimation", "14", "device"},
        {"super-resolution", "Super Resolution", "15", "device"},
    };
    struct doubt_claim_set set;
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_claim_set_load("jetson-nano-2019", &set, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(set.count, sizeof rows / sizeof rows[0]);
    for (size_t i = 0; i < set.count; i++) {
        const struct doubt_claim *claim = &set.claims[i];
        assert_string_equal(claim->network, rows[i].network);
        assert_string_equal(claim->title, rows[i].title);
        assert_string_equal(claim->figure, rows[i].figure);
        assert_string_equal(claim->boundary, rows[i].boundary);
        assert_string_equal(claim->unit, "FPS");
        assert_string_equal(claim->device, "Jetson Nano");
        assert_string_equal(claim->precision, "f16");
        assert_string_equal(claim->statistic, "mean");
        assert_int_equal(claim->batch, 1);
        assert_non_null(strstr(claim->remark, "power mode is inferred"));
    }
    doubt_claim_set_free(&set);
}

/* A claim without its origin cannot be doubted. */
static void every_shipped_set_is_complete(void **state)
{
    (void)state;
    size_t sets = 0;
    for (size_t i = 0; i < doubt_embedded_count(); i++) {
        const struct doubt_embedded *file = doubt_embedded_at(i);
        if (strncmp(file->path, "claims/", 7) != 0)
            continue;
        struct doubt_claim_set set;
        struct doubt_err err = {.code = DOUBT_OK};
        sets++;
        if (doubt_claim_set_parse(file->data, (size_t)(file->end - file->data), file->path, &set,
                                  &err) != DOUBT_OK)
            fail_msg("%s", err.text);
        assert_memory_equal(file->path + 7, set.name, strlen(set.name));
        for (size_t c = 0; c < set.count; c++) {
            assert_true(strncmp(set.claims[c].source, "https://", 8) == 0 ||
                        strncmp(set.claims[c].source, "no address: ", 12) == 0);
            assert_true(set.claims[c].confidence[0] != '\0');
            assert_true(set.claims[c].row[0] != '\0' || set.claims[c].samples > 0);
            assert_true(set.claims[c].date[0] != '\0');
        }
        doubt_claim_set_free(&set);
    }
    assert_true(sets > 0);
}

static void write_set(const char *path, const char *title)
{
    char text[512];
    snprintf(text, sizeof text,
             "{\"name\":\"n\",\"title\":\"%s\",\"claims\":[{\"id\":\"i\",\"device\":\"d\","
             "\"network\":\"pose\",\"figure\":\"1\",\"unit\":\"FPS\",\"source\":\"s\"}]}",
             title);
    assert_int_equal(doubt_file_write(path, text, strlen(text), NULL), DOUBT_OK);
}

static void the_users_folder_wins(void **state)
{
    (void)state;
    char path[256];
    struct doubt_claim_set set;
    snprintf(path, sizeof path, "%s/doubt/claims", folder);
    assert_int_equal(doubt_file_make_folder(path, NULL), DOUBT_OK);
    snprintf(path, sizeof path, "%s/doubt/claims/jetson-nano-2019.json", folder);
    write_set(path, "mine");
    assert_int_equal(doubt_claim_set_load("jetson-nano-2019", &set, NULL), DOUBT_OK);
    assert_string_equal(set.title, "mine");
    char *shadow = doubt_claim_set_shadows("jetson-nano-2019");
    assert_string_equal(shadow, path); /* nothing is replaced silently */
    free(shadow);
    assert_null(doubt_claim_set_shadows("coral"));
    assert_null(doubt_claim_set_shadows("another"));
    doubt_claim_set_free(&set);
    snprintf(path, sizeof path, "%s/doubt/claims/another.json", folder);
    write_set(path, "another");
    char **names = doubt_claim_names();
    assert_non_null(names);
    assert_string_equal(names[0], "another");
    size_t seen = 0;
    for (size_t i = 0; names[i] != NULL; i++) {
        seen += strcmp(names[i], "jetson-nano-2019") == 0;
        assert_true(names[i + 1] == NULL || strcmp(names[i + 1], names[i]) > 0);
    }
    assert_int_equal(seen, 1);
    doubt_claim_names_free(names);
    /* By path, too. */
    assert_int_equal(doubt_claim_set_load(path, &set, NULL), DOUBT_OK);
    assert_string_equal(set.title, "another");
    doubt_claim_set_free(&set);
}

static void unknown_names_get_the_list(void **state)
{
    (void)state;
    struct doubt_claim_set set;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_claim_set_load("jetson-nano-2091", &set, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "did you mean \"jetson-nano-2019\"?"));
    assert_int_equal(doubt_claim_set_load("", &set, NULL), DOUBT_E_NOT_FOUND);
    assert_int_equal(doubt_claim_set_load("..", &set, NULL), DOUBT_E_NOT_FOUND);
    memset(&err, 0, sizeof err);
    assert_int_equal(doubt_claim_set_load("./none.json", &set, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "./none.json"));
    assert_true(set.claims == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chart_of_2019),
        cmocka_unit_test(every_shipped_set_is_complete),
        cmocka_unit_test(the_users_folder_wins),
        cmocka_unit_test(unknown_names_get_the_list),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
