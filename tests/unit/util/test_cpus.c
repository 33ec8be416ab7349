/* test_cpus.c: lists of CPUs, as read and as written; and those of a thread beside the kernel's own
 * text of them. */
#include "util/cpus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void lists_are_read_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *text, *written;
    } rows[] = {{"0", "0"},
                {"0-3,6", "0-3,6"},
                {"6,0-3", "0-3,6"},
                {"1,1,1", "1"},
                {"0,1", "0-1"},
                {"4-4", "4"},
                {"0-2,1-5", "0-5"},
                {"63,64", "63-64"},
                {"0,2,4,6", "0,2,4,6"},
                {"1023", "1023"},
                {"0-1023", "0-1023"},
                {"0001", "1"},
                {"62-65,67", "62-65,67"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct doubt_cpus cpus, again;
        char text[DOUBT_CPUS_TEXT_BYTES];
        assert_int_equal(doubt_cpus_parse(rows[i].text, &cpus, NULL), DOUBT_OK);
        doubt_cpus_format(&cpus, text, sizeof text);
        assert_string_equal(text, rows[i].written);
        assert_int_equal(doubt_cpus_parse(text, &again, NULL), DOUBT_OK);
        assert_memory_equal(&again, &cpus, sizeof cpus);
    }
}

static void bad_lists_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",     "3-1",    "0,,1", "9999", "a",
                                        "0,",   ",0",     "-1",   "1-",   "0-1-2",
                                        "0 1",  " 0",     "0 ",   "1024", "0x1",
                                        "+1",   "0-9999", "0;1",  "0-a",  "all",
                                        "0,1,", "-",      ",",    "1.5",  "18446744073709551616"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct doubt_cpus cpus;
        struct doubt_err err = {0};
        memset(&cpus, 0xFF, sizeof cpus);
        assert_int_equal(doubt_cpus_parse(texts[i], &cpus, &err), DOUBT_E_USAGE);
        assert_non_null(strstr(err.text, texts[i]));
        assert_false(doubt_cpus_any(&cpus));
    }
}

/* The longest list there is fits into the room that the header names; a small room cuts it behind a
 * whole item. */
static void a_list_fits_or_is_cut(void **state)
{
    (void)state;
    struct doubt_cpus cpus = {{0}}, again;
    char all[DOUBT_CPUS_TEXT_BYTES], few[6] = "xxxxx";
    for (int cpu = 0; cpu < DOUBT_CPUS_MAX; cpu += 2)
        doubt_cpus_add(&cpus, cpu);
    doubt_cpus_format(&cpus, all, sizeof all);
    assert_int_equal(doubt_cpus_parse(all, &again, NULL), DOUBT_OK);
    assert_memory_equal(&again, &cpus, sizeof cpus);
    doubt_cpus_format(&cpus, few, sizeof few);
    assert_string_equal(few, "0,2,4");
    doubt_cpus_format(&(struct doubt_cpus){{0}}, few, sizeof few);
    assert_string_equal(few, "");
}

static void sets_are_cut_and_subtracted(void **state)
{
    (void)state;
    struct doubt_cpus a, b, got;
    char text[64];
    doubt_cpus_parse("0-3,100", &a, NULL);
    doubt_cpus_parse("2-5,100", &b, NULL);
    got = doubt_cpus_both(&a, &b);
    doubt_cpus_format(&got, text, sizeof text);
    assert_string_equal(text, "2-3,100");
    got = doubt_cpus_without(&a, &b);
    doubt_cpus_format(&got, text, sizeof text);
    assert_string_equal(text, "0-1");
}

/* The kernel's own words, which are in the same form. */
static void a_threads_own_are_the_kernels(void **state)
{
    (void)state;
    char line[DOUBT_CPUS_TEXT_BYTES], text[DOUBT_CPUS_TEXT_BYTES];
    struct doubt_cpus cpus;
    bool found = false;
    FILE *file = fopen("/proc/self/status", "r");
    assert_non_null(file);
    while (!found && fgets(line, sizeof line, file) != NULL)
        found = strncmp(line, "Cpus_allowed_list:\t", 19) == 0;
    fclose(file);
    if (!found)
        skip();
    line[strcspn(line, "\n")] = '\0';
    assert_true(doubt_cpus_of_thread(0, &cpus));
    doubt_cpus_format(&cpus, text, sizeof text);
    assert_string_equal(text, line + 19);
    assert_true(doubt_cpus_keep_thread(0, &cpus));
    assert_false(doubt_cpus_keep_thread(0, &(struct doubt_cpus){{0}}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read_and_written), cmocka_unit_test(bad_lists_are_refused),
        cmocka_unit_test(a_list_fits_or_is_cut), cmocka_unit_test(sets_are_cut_and_subtracted),
        cmocka_unit_test(a_threads_own_are_the_kernels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
