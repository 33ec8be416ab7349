/* test_progress.c: what the live line says. */
#include "cli/progress.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void says_what_is_known(void **state)
{
    (void)state;
    char text[256];
    const struct doubt_cell_plan cell = {.network = "resnet50",
                                         .title = "ResNet-50",
                                         .engine = "/x/y.so",
                                         .precision = DOUBT_PRECISION_BF16};
    struct doubt_progress progress = {
        .phase = "measuring",
        .restarts_done = 12,
        .restarts_planned = 200,
        .elapsed_ns = 80000000000,
        .left_ns = 720400000000,
        .cell = &cell,
        .others_share = 0.124,
    };
    doubt_progress_format(&progress, text, sizeof text);
    assert_string_equal(text, "measuring 12/200 · 1 min 20 s, about 12 min 00 s left · ResNet-50 "
                              "y.so bf16 · others use 12 % of the CPUs");
    progress = (struct doubt_progress){.left_ns = -1, .others_share = NAN};
    doubt_progress_format(&progress, text, sizeof text);
    assert_string_equal(text, "measuring 0/0 · 1 s");
    progress.others_share = 0.01;
    doubt_progress_format(&progress, text, 12);
    assert_string_equal(text, "measuring 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
