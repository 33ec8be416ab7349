/* test_doctor.c: which folders can be written, which features a CPU has, what lets a check run. */
#include "cli/doctor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void folders_that_are_not_there_can_be_made(void **state)
{
    (void)state;
    char folder[] = "/tmp/doubt-test-doctor-XXXXXX", path[128], nearest[256];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a/b/c.db", folder);
    assert_true(doubt_doctor_writable(path, nearest, sizeof nearest));
    assert_string_equal(nearest, folder);
    assert_true(doubt_doctor_writable(folder, NULL, 0));
    assert_false(doubt_doctor_writable("/proc/no/such/folder", nearest, sizeof nearest) &&
                 access("/proc", W_OK) != 0);
    assert_string_equal(nearest, "/proc");
    assert_int_equal(rmdir(folder), 0);
    /* A file in the way of a folder. */
    assert_false(doubt_doctor_writable("/dev/null/x/y", NULL, 0));
    /* A path longer than any. */
    char *endless = malloc(100000);
    assert_non_null(endless);
    memset(endless, 'x', 99999);
    endless[99999] = '\0';
    assert_false(doubt_doctor_writable(endless, NULL, 0));
    free(endless);
}

static void features_are_words(void **state)
{
    (void)state;
    static const struct {
        const char *cpuinfo, *features;
    } rows[] = {
        {"processor\t: 0\nmodel name\t: x\nflags\t\t: fpu sse avx2 fma avx512f\nbugs\t:\n",
         "AVX2, FMA, AVX-512"},
        {"processor\t: 0\nflags\t\t: fma4 xavx2 avx512\n", ""},
        {"processor\t: 0\nFeatures\t: fp asimd asimdhp bf16\n", "NEON, NEON FP16, BF16"},
        {"processor\t: 0\nflags\t\t: avx2", "AVX2"},
        {"", ""},
        {"\nflags", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_str out;
        doubt_str_init(&out, 512);
        doubt_doctor_cpu_features(rows[i].cpuinfo, &out);
        assert_string_equal(doubt_str_text(&out), rows[i].features);
        doubt_str_free(&out);
    }
}

static void a_check_needs_engine_store_and_folder(void **state)
{
    (void)state;
    struct doubt_doctor *doctor = calloc(1, sizeof *doctor);
    assert_non_null(doctor);
    for (int bits = 0; bits < 8; bits++) {
        doctor->engine = bits & 1;
        doctor->store = bits & 2;
        doctor->cache = bits & 4;
        assert_true(doubt_doctor_can_check(doctor) == (bits == 7));
    }
    for (int i = 0; i < DOUBT_DOCTOR_FINDINGS_MAX + 3; i++)
        doubt_doctor_add(doctor, "x", DOUBT_DOCTOR_OK, "text", NULL);
    assert_int_equal(doctor->count, DOUBT_DOCTOR_FINDINGS_MAX);
    assert_string_equal(doctor->findings[0].fix, "");
    free(doctor);
}

static void a_visit_finds_clock_cpu_and_places(void **state)
{
    (void)state;
    struct doubt_doctor *doctor = calloc(1, sizeof *doctor);
    assert_non_null(doctor);
    setenv("XDG_DATA_HOME", "/proc/none", 1);
    setenv("XDG_CACHE_HOME", "/tmp", 1);
    doubt_doctor_look(doctor);
    bool clock = false, cpu = false, store = false;
    for (size_t i = 0; i < doctor->count; i++) {
        const struct doubt_doctor_finding *finding = &doctor->findings[i];
        assert_true(finding->text[0] != '\0');
        clock = clock || strcmp(finding->name, "clock") == 0;
        cpu = cpu || strcmp(finding->name, "cpu") == 0;
        store = store || (strcmp(finding->name, "store") == 0 &&
                          strstr(finding->text, "/proc/none/doubt/doubt.db") != NULL);
    }
    assert_true(clock && cpu && store);
    assert_true(doctor->cache);
    free(doctor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_that_are_not_there_can_be_made),
        cmocka_unit_test(features_are_words),
        cmocka_unit_test(a_check_needs_engine_store_and_folder),
        cmocka_unit_test(a_visit_finds_clock_cpu_and_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
