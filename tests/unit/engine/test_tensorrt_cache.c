/* test_tensorrt_cache.c: engines that the plug-in tensorrt keeps: used when everything is the same,
 * built anew when anything is not.
 */
#include "tensorrt_test.h"

/* The one file of the folder that ends so; its path is heap. */
static char *find_file(const char *folder, const char *ending)
{
    DIR *dir = opendir(folder);
    char *path = NULL;
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot == NULL || strcmp(dot, ending) != 0)
            continue;
        assert_null(path);
        assert_true(asprintf(&path, "%s/%s", folder, entry->d_name) > 0);
    }
    closedir(dir);
    return path;
}

static void test_kept_engine(void **state)
{
    struct rig rig;
    char notes[512];
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    assert_true(run_tiny(&rig.request, NULL).build_ns > 0);
    struct doubt_engine_used used = run_tiny(&rig.request, notes);
    assert_int_equal(used.build_ns, 0);
    assert_non_null(strstr(used.detail, "engine from the cache"));
    assert_string_equal(notes, "");
    char *timing = find_file(rig.folder, ".timing"), *plan = find_file(rig.folder, ".plan");
    assert_non_null(timing);
    /* Another precision is another engine, and the file of the first stays. */
    rig.request.open.precision = DOUBT_PRECISION_F16;
    assert_true(run_tiny(&rig.request, NULL).build_ns > 0);
    assert_int_equal(access(plan, F_OK), 0);
    free(timing);
    free(plan);
    rig_close(&rig);
}

static void test_kept_engine_of_another_version(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    run_tiny(&rig.request, NULL);
    setenv("STANDIN_VERSION", "8601", 1);
    assert_true(run_tiny(&rig.request, NULL).build_ns > 0);
    unsetenv("STANDIN_VERSION");
    setenv("STANDIN_CAPABILITY", "90", 1);
    assert_true(run_tiny(&rig.request, NULL).build_ns > 0);
    unsetenv("STANDIN_CAPABILITY");
    rig_close(&rig);
}

/* Flips one byte. */
static void damage(const char *path, long at)
{
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, -1, SEEK_CUR), 0);
    assert_true(fputc(byte ^ 1, file) != EOF);
    fclose(file);
}

static void test_damaged_engine(void **state)
{
    static const long places[] = {0, 60, -1, -300};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct rig rig;
        char notes[512];
        rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
        run_tiny(&rig.request, NULL);
        char *plan = find_file(rig.folder, ".plan");
        damage(plan, places[i]);
        assert_true(run_tiny(&rig.request, notes).build_ns > 0);
        assert_non_null(strstr(notes, "is damaged or for another"));
        assert_int_equal(run_tiny(&rig.request, notes).build_ns, 0);
        free(plan);
        rig_close(&rig);
    }
}

/* A plan that the library itself refuses: a cut one under a digest of its own cannot come about by
 * damage, so the library is made to refuse. */
static void test_refused_engine(void **state)
{
    struct rig rig;
    struct doubt_session *session = NULL;
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    run_tiny(&rig.request, NULL);
    setenv("STANDIN_FAULT", "engine", 1);
    assert_ok(doubt_session_new(&rig.request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_fails(doubt_session_open(session, err), DOUBT_E_ENGINE, "the engine it built");
    assert_non_null(strstr(doubt_session_notes(session), "refused the engine that was kept"));
    doubt_session_free(session);
    unsetenv("STANDIN_FAULT");
    rig_close(&rig);
}

enum { INPUTS_MOST = 200 };

/* Sizes for x and for inputs that the network does not have, each with the longest words. */
static void name_inputs(struct rig *rig, struct doubt_tensor *inputs, uint32_t count)
{
    static const char long_name[] =
        "an_input_whose_name_fills_all_the_room_that_a_key_has_for_names_x";
    inputs[0] = (struct doubt_tensor){.name = "x", .rank = 4, .dims = {1, 1, 6, 6}};
    for (uint32_t i = 1; i < count; i++) {
        inputs[i] = (struct doubt_tensor){.name = long_name, .rank = DOUBT_RANK_MAX};
        for (int d = 0; d < DOUBT_RANK_MAX; d++)
            inputs[i].dims[d] = INT64_MAX;
    }
    rig->request.open.inputs = inputs;
    rig->request.open.input_count = count;
}

/* The last size of many counts as the first does. */
static void test_many_inputs(void **state)
{
    struct doubt_tensor inputs[INPUTS_MOST];
    struct rig rig;
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    name_inputs(&rig, inputs, 64);
    assert_true(run_tiny(&rig.request, NULL).build_ns > 0);
    assert_int_equal(run_tiny(&rig.request, NULL).build_ns, 0);
    inputs[63].dims[DOUBT_RANK_MAX - 1]--;
    assert_true(run_tiny(&rig.request, NULL).build_ns > 0);
    rig_close(&rig);
}

/* More than an engine may have: nothing is kept under a part of what it depends on. */
static void test_too_many_inputs(void **state)
{
    struct doubt_tensor inputs[INPUTS_MOST];
    struct rig rig;
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    name_inputs(&rig, inputs, INPUTS_MOST);
    assert_true(run_tiny(&rig.request, NULL).build_ns > 0);
    assert_true(run_tiny(&rig.request, NULL).build_ns > 0);
    assert_null(find_file(rig.folder, ".plan"));
    rig_close(&rig);
}

static void test_no_cache(void **state)
{
    static const char *const options[] = {"engine-cache=0", "timing-cache=0", NULL};
    struct rig rig;
    char notes[512];
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    rig.request.options = options;
    run_tiny(&rig.request, NULL);
    assert_null(find_file(rig.folder, ".plan"));
    assert_null(find_file(rig.folder, ".timing"));
    rig.request.options = NULL;
    rig.request.open.cache_folder = "/proc/nowhere";
    run_tiny(&rig.request, notes);
    assert_non_null(strstr(notes, "cannot be written"));
    rig.request.open.cache_folder = NULL;
    assert_true(run_tiny(&rig.request, notes).build_ns > 0);
    assert_string_equal(notes, "");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_engine),
        cmocka_unit_test(test_kept_engine_of_another_version),
        cmocka_unit_test(test_damaged_engine),
        cmocka_unit_test(test_refused_engine),
        cmocka_unit_test(test_many_inputs),
        cmocka_unit_test(test_too_many_inputs),
        cmocka_unit_test(test_no_cache),
    };
    if (access(plugin, F_OK) != 0) {
        printf("skipped: built without a C++ compiler, so without the engine tensorrt\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, load_driver, NULL);
}
