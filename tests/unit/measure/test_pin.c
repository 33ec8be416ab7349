/* test_pin.c: the supervisor off the CPUs that are wished for the workers, and back. */
#include "measure/measure_int.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

/* The lowest of a set that is not empty. */
static int first_of(const struct doubt_cpus *cpus)
{
    int cpu = 0;
    while (!doubt_cpus_has(cpus, cpu))
        cpu++;
    return cpu;
}

static void it_leaves_the_wished_ones_and_comes_back(void **state)
{
    (void)state;
    struct doubti_pinning pinning;
    struct doubt_cpus before, during, after, wished = {{0}};
    assert_true(doubt_cpus_of_thread(0, &before));
    doubt_cpus_add(&wished, first_of(&before));
    struct doubt_cpus rest = doubt_cpus_without(&before, &wished);
    if (!doubt_cpus_any(&rest))
        skip();
    doubti_pin_start(&pinning, &wished, NULL);
    doubt_cpus_of_thread(0, &during);
    assert_null(pinning.cpus);
    doubti_pin_stop(&pinning);
    doubt_cpus_of_thread(0, &after);
    assert_true(doubt_cpus_any(&during));
    during = doubt_cpus_without(&during, &rest);
    assert_false(doubt_cpus_any(&during));
    assert_memory_equal(&after, &before, sizeof before);
}

static void it_stays_where_all_are_wished(void **state)
{
    (void)state;
    struct doubti_pinning pinning;
    struct doubt_cpus before, during;
    assert_true(doubt_cpus_of_thread(0, &before));
    doubti_pin_start(&pinning, &before, NULL);
    doubt_cpus_of_thread(0, &during);
    doubti_pin_stop(&pinning);
    assert_memory_equal(&during, &before, sizeof before);
}

/* Without a wish: of many, one is taken from the workers; of few, none. */
static void it_takes_one_of_many(void **state)
{
    (void)state;
    const struct doubt_cpus none = {{0}};
    struct doubti_pinning pinning;
    struct doubt_cpus before, during, workers = {{0}};
    assert_true(doubt_cpus_of_thread(0, &before));
    doubti_pin_start(&pinning, &none, NULL);
    doubt_cpus_of_thread(0, &during);
    for (size_t i = 0; i < pinning.cpu_count; i++)
        doubt_cpus_add(&workers, pinning.cpus[i]);
    if (CPU_COUNT(&pinning.before) < 8) {
        assert_memory_equal(&during, &before, sizeof before);
        assert_null(pinning.cpus);
    } else {
        struct doubt_cpus rest = doubt_cpus_without(&before, &workers);
        assert_memory_equal(&during, &rest, sizeof rest);
        assert_int_equal(pinning.cpu_count, CPU_COUNT(&pinning.before) - 1);
    }
    doubti_pin_stop(&pinning);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_leaves_the_wished_ones_and_comes_back),
                                       cmocka_unit_test(it_stays_where_all_are_wished),
                                       cmocka_unit_test(it_takes_one_of_many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
