/* test_tensorrt_wait.c: how the plug-in tensorrt waits for the device, with today's driver and with
 * that of CUDA 10.2: each in a process of its own, since a driver is loaded once.
 */
#include "tensorrt_test.h"

#include <sys/wait.h>

/* How the context waits that the session uses: 1 spins, 4 blocks. */
static int waits_on(int *device)
{
    int (*tell)(int *);
    void *found = dlsym(RTLD_DEFAULT, "standin_wait_flags");
    assert_non_null(found);
    memcpy(&tell, &found, sizeof tell);
    return tell(device);
}

static void test_way_of_waiting(void **state)
{
    static const struct {
        const char *option, *device;
        int flags, index;
    } rows[] = {
        {NULL, NULL, 1, 0},
        {"wait=spin", "cuda:0", 1, 0},
        {"wait=block", "cuda:0", 4, 0},
        {"wait=block", "cuda:1", 4, 1},
        {"wait=spin", "cuda:1", 1, 1},
    };
    (void)state;
    setenv("STANDIN_GPUS", "2", 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rig rig;
        int device = -1;
        const char *const options[] = {rows[i].option, NULL};
        rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
        rig.request.options = options;
        rig.request.open.device = rows[i].device;
        struct doubt_session *session = start(&rig.request);
        assert_int_equal(waits_on(&device), rows[i].flags);
        assert_int_equal(device, rows[i].index);
        assert_string_equal(doubt_session_notes(session), "");
        assert_ok(doubt_session_run(session, err));
        check_tiny(session);
        doubt_session_free(session);
        rig_close(&rig);
    }
    unsetenv("STANDIN_GPUS");
}

/* A note with the driver's word, and the run goes on. */
static void note_says(const char *fault, const char *text)
{
    struct rig rig;
    char notes[512];
    setenv("STANDIN_CUDA_FAULT", fault, 1);
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    run_tiny(&rig.request, notes);
    unsetenv("STANDIN_CUDA_FAULT");
    assert_string_equal(notes, text);
    rig_close(&rig);
}

static void test_refusal_is_noted(void **state)
{
    (void)state;
    note_says(
        "cuDevicePrimaryCtxSetFlags_v2=708",
        "the driver does not let the way of waiting be chosen: STANDIN_ERROR_708 (an error of "
        "the stand-in)");
}

/* The older form serves only a context that is not in use yet: somebody else's is noted. */
static void test_context_in_use(void **state)
{
    (void)state;
    int (*retain)(void **, int), (*release)(int), (*init)(unsigned);
    void *context = NULL, *found[] = {dlsym(RTLD_DEFAULT, "cuDevicePrimaryCtxRetain"),
                                      dlsym(RTLD_DEFAULT, "cuDevicePrimaryCtxRelease"),
                                      dlsym(RTLD_DEFAULT, "cuInit")};
    memcpy(&retain, &found[0], sizeof retain);
    memcpy(&release, &found[1], sizeof release);
    memcpy(&init, &found[2], sizeof init);
    assert_int_equal(init(0), 0);
    assert_int_equal(retain(&context, 0), 0);
    note_says("none=0", "the driver does not let the way of waiting be chosen: STANDIN_ERROR_708 "
                        "(an error of the stand-in)");
    assert_int_equal(release(0), 0);
}

/* Its graphs are made by another call. */
static void test_graph_of_the_older_form(void **state)
{
    struct rig rig;
    char notes[512];
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    struct doubt_engine_used used = run_tiny(&rig.request, notes);
    assert_non_null(strstr(used.detail, "CUDA graph; "));
    assert_null(strstr(used.detail, "no CUDA graph; "));
    assert_string_equal(notes, "");
    rig_close(&rig);
}

static int load_old_driver(void **state)
{
    (void)state;
    return dlopen(STANDIN "/old/libcuda.so.1", RTLD_NOW | RTLD_GLOBAL) != NULL ? 0 : -1;
}

static int in_old_process(void)
{
    static const struct CMUnitTest old[] = {
        cmocka_unit_test(test_way_of_waiting),
        cmocka_unit_test(test_context_in_use),
        cmocka_unit_test(test_graph_of_the_older_form),
    };
    int status = 1;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        exit(cmocka_run_group_tests_name("CUDA 10.2", old, load_old_driver, NULL) != 0);
    return child < 0 || waitpid(child, &status, 0) != child || status != 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_way_of_waiting),
        cmocka_unit_test(test_refusal_is_noted),
    };
    if (access(plugin, F_OK) != 0) {
        printf("skipped: built without a C++ compiler, so without the engine tensorrt\n");
        return 0;
    }
    int failed = in_old_process();
    return failed + cmocka_run_group_tests_name("CUDA 12", tests, load_driver, NULL);
}
