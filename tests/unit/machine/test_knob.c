/* test_knob.c: what a knob says of itself where the kernel's files say nothing. */
#include "machine/knob.h"

#include "tree.h"

#define CPU0 "sys/devices/system/cpu/cpu0/cpufreq/"

static struct doubt_knob_reading read_one(const struct tree *tree, const char *name)
{
    const struct doubt_knob *knob = NULL;
    struct doubt_knob_reading here;
    assert_int_equal(doubt_knob_find(name, &knob, NULL), DOUBT_OK);
    doubt_knob_read(tree->root, knob, &here);
    return here;
}

static void an_empty_file_is_a_reason(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    const struct doubt_knob *knob = NULL;
    struct doubt_err err = {.code = DOUBT_OK};
    tree_put(&tree, CPU0 "scaling_governor", "");
    struct doubt_knob_reading here = read_one(&tree, "governor");
    assert_string_equal(here.value, "");
    assert_string_equal(here.why, "/" CPU0 "scaling_governor cannot be read or is empty");
    assert_int_equal(doubt_knob_find("governor", &knob, NULL), DOUBT_OK);
    assert_int_equal(doubt_knob_check(tree.root, knob, "performance", &err), DOUBT_E_UNSUPPORTED);
    assert_non_null(strstr(err.text, "cannot be read or is empty"));
    tree_put(&tree, CPU0 "scaling_governor", "schedutil\n");
    here = read_one(&tree, "governor");
    assert_string_equal(here.value, "schedutil");
    assert_string_equal(here.why, "");
    tree_free(&tree);
}

static void every_knob_has_a_value_or_a_reason(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    for (size_t i = 0; doubt_knobs[i].name != NULL; i++) {
        struct doubt_knob_reading here = read_one(&tree, doubt_knobs[i].name);
        assert_string_equal(here.value, "");
        assert_true(strlen(here.why) > 10);
    }
    tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_is_a_reason),
        cmocka_unit_test(every_knob_has_a_value_or_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
