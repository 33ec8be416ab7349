/* test_gpuclock.c: power limit and locked clock of GPUs, set and put back on a stand-in for NVML.
 */
#include "machine/putback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[64], memory[96];

static int set_up(void **state)
{
    char library[512];
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/doubt-gpu.XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(memory, sizeof memory, "%s/nvml", folder);
    snprintf(library, sizeof library, "%s/tests/fake-nvml.so", DOUBT_BUILD);
    setenv("DOUBT_NVML", library, 1);
    setenv("DOUBT_FAKE_NVML", "h200", 1);
    setenv("DOUBT_FAKE_NVML_STATE", memory, 1);
    setenv("DOUBT_STATE", folder, 1);
    return 0;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void remember(const char *text)
{
    FILE *file = fopen(memory, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void remembers(const char *text)
{
    char now[128] = "";
    FILE *file = fopen(memory, "r");
    assert_non_null(file);
    assert_non_null(fgets(now, sizeof now, file));
    fclose(file);
    assert_string_equal(now, text);
}

static enum doubt_code set(struct doubt_putback *keeping, const char *name, const char *value,
                           struct doubt_err *err)
{
    const struct doubt_knob *knob = NULL;
    bool changed;
    *err = (struct doubt_err){0};
    assert_int_equal(doubt_knob_find(name, &knob, NULL), DOUBT_OK);
    return doubt_putback_set(keeping, knob, value, &changed, err);
}

/* The root is one of no machine, so that rights are those of its files. */
static struct doubt_putback *open_keeping(void)
{
    struct doubt_putback *keeping = NULL;
    struct doubt_err err = {0};
    if (doubt_putback_open(folder, NULL, &keeping, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    return keeping;
}

static void sets_all_gpus_and_puts_them_back(void **state)
{
    struct doubt_err err;
    (void)state;
    remember("650000 700000 0 0\n");
    struct doubt_putback *keeping = open_keeping();
    assert_int_equal(set(keeping, "gpu-power", "300", &err), DOUBT_OK);
    remembers("300000 300000 0 0\n");
    /* 1400 is no step; 1395 is the nearest. */
    assert_int_equal(set(keeping, "gpu-clock", "1400", &err), DOUBT_OK);
    remembers("300000 300000 1395 1395\n");
    assert_int_equal(doubt_putback_close(keeping, &err), DOUBT_OK);
    remembers("650000 700000 0 0\n");
}

static void refuses_what_is_out_of_range(void **state)
{
    struct doubt_err err;
    (void)state;
    remember("650000 700000 0 0\n");
    struct doubt_putback *keeping = open_keeping();
    assert_int_equal(set(keeping, "gpu-power", "199", &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "200 to 700 W"));
    assert_int_equal(set(keeping, "gpu-power", "4294967", &err), DOUBT_E_USAGE);
    assert_int_equal(set(keeping, "gpu-clock", "2000", &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "1 to 1980 MHz"));
    assert_int_equal(set(keeping, "gpu-clock", "0", &err), DOUBT_E_USAGE);
    remembers("650000 700000 0 0\n");
    assert_int_equal(doubt_putback_close(keeping, NULL), DOUBT_OK);
}

static void a_gpu_that_does_not_do_it_is_an_error(void **state)
{
    struct doubt_err err;
    (void)state;
    remember("650000 700000 0 0\n");
    struct doubt_putback *keeping = open_keeping();
    setenv("DOUBT_FAKE_NVML", "deaf", 1);
    assert_int_equal(set(keeping, "gpu-power", "300", &err), DOUBT_E_SYSTEM);
    assert_non_null(strstr(err.text, "gpu-power 300 was asked for, and it is 650"));
    assert_int_equal(set(keeping, "gpu-clock", "900", &err), DOUBT_E_SYSTEM);
    assert_non_null(strstr(err.text, "900 MHz were asked for, and GPU 0 is at 1980 MHz"));
    setenv("DOUBT_FAKE_NVML", "orin", 1);
    assert_int_equal(set(keeping, "gpu-clock", "900", &err), DOUBT_E_UNSUPPORTED);
    setenv("DOUBT_FAKE_NVML", "refuses", 1);
    assert_int_equal(set(keeping, "gpu-clock", "900", &err), DOUBT_E_UNSUPPORTED);
    setenv("DOUBT_FAKE_NVML", "h200", 1);
    assert_int_equal(doubt_putback_close(keeping, &err), DOUBT_OK);
    remembers("650000 700000 0 0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
        ROW(sets_all_gpus_and_puts_them_back),
        ROW(refuses_what_is_out_of_range),
        ROW(a_gpu_that_does_not_do_it_is_an_error),
#undef ROW
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
