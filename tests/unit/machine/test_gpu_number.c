/* test_gpu_number.c: CUDA's numbers of GPUs and NVML's, against the stand-in's two GPUs.
 *
 * What CUDA does with the variables: NVIDIA, CUDA C++ Programming Guide, "CUDA Environment
 * Variables".
 */
#include "machine/gpu_number.h"

#include "tree.h"

enum { UNKNOWN = -1 };

static char why[DOUBT_GPU_WHY_BYTES];

static int number(const char *manners, int cuda, const char *visible, const char *order)
{
    const struct doubt_gpu_variables variables = {visible, order};
    setenv("DOUBT_NVML", DOUBT_BUILD "/tests/fake-nvml.so", 1);
    setenv("DOUBT_FAKE_NVML", manners, 1);
    return doubt_gpu_number(NULL, cuda, &variables, why);
}

static void alike_gpus_are_counted_as_nvml_does(void **state)
{
    (void)state;
    for (int cuda = 0; cuda < 2; cuda++)
        assert_int_equal(number("h200", cuda, NULL, NULL), cuda);
    assert_int_equal(number("h200", 2, NULL, NULL), UNKNOWN);
    assert_string_equal(why, "NVML has no GPU 2: it lists 2");
}

static void visible_devices_are_in_their_own_order(void **state)
{
    (void)state;
    static const struct {
        const char *visible;
        int cuda, number;
        const char *why;
    } rows[] = {
        {"1", 0, 1, ""},
        {"1,0", 0, 1, ""},
        {"1,0", 1, 0, ""},
        {" 1 , 0 ", 1, 0, ""},
        {"GPU-8932f937-d72c-4106-c12f-20bd9faed9f6", 0, 0, ""},
        {"gpu-8932f9ab", 0, 1, ""},
        {"GPU-8932f9ab,GPU-8932f937", 1, 0, ""},
        {"1", 1, UNKNOWN, "CUDA_VISIBLE_DEVICES=1 has no entry for cuda:1"},
        {"", 0, UNKNOWN, "CUDA_VISIBLE_DEVICES= has no entry for cuda:0"},
        {"7", 0, UNKNOWN, "NVML has no GPU 7: it lists 2"},
        {"-1", 0, UNKNOWN, "NVML has no GPU -1: it lists 2"},
        {"GPU-8932f9", 0, UNKNOWN, "\"GPU-8932f9\", which is several of"},
        {"GPU-00", 0, UNKNOWN, "\"GPU-00\", which is none of"},
        {"MIG-GPU-8932f937/1/0", 0, UNKNOWN, "a part of a GPU (MIG)"},
        {"NoDevFiles", 0, UNKNOWN, "has \"NoDevFiles\", which is no GPU"},
        {"1x", 0, UNKNOWN, "has \"1x\", which is no GPU"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int got = number("h200", rows[i].cuda, rows[i].visible, NULL);
        if (got != rows[i].number || strstr(why, rows[i].why) == NULL ||
            (rows[i].number >= 0 && why[0] != '\0'))
            fail_msg("\"%s\", cuda:%d: %d, \"%s\"", rows[i].visible, rows[i].cuda, got, why);
    }
}

/* Unlike ones are counted by speed, which NVML does not tell; an identifier is one all the same. */
static void unlike_gpus_need_an_order(void **state)
{
    (void)state;
    assert_int_equal(number("mixed", 0, NULL, NULL), UNKNOWN);
    assert_non_null(strstr(why, "set CUDA_DEVICE_ORDER=PCI_BUS_ID"));
    assert_int_equal(number("mixed", 0, "1", "FASTEST_FIRST"), UNKNOWN);
    assert_int_equal(number("mixed", 0, "1", "PCI_BUS_ID"), 1);
    assert_int_equal(number("mixed", 0, NULL, "PCI_BUS_ID"), 0);
    assert_int_equal(number("mixed", 0, "GPU-8932f9ab", NULL), 1);
}

/* One GPU without an identifier is the one; without the library there is no reason to give. */
static void jetsons_and_machines_without_the_library(void **state)
{
    (void)state;
    assert_int_equal(number("orin", 0, NULL, NULL), 0);
    assert_int_equal(number("orin", 0, "GPU-1", NULL), UNKNOWN);
    assert_int_equal(number("refuses", 0, "1", NULL), UNKNOWN);
    assert_string_equal(why, "");
    assert_int_equal(number("mute", 0, "1", NULL), UNKNOWN);
    assert_string_equal(why, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alike_gpus_are_counted_as_nvml_does),
        cmocka_unit_test(visible_devices_are_in_their_own_order),
        cmocka_unit_test(unlike_gpus_need_an_order),
        cmocka_unit_test(jetsons_and_machines_without_the_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
