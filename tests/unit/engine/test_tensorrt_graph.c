/* test_tensorrt_graph.c: the plug-in tensorrt times as a CUDA graph what it runs without one, and
 * leaves nothing of it behind.
 */
#include "tensorrt_test.h"

static const char *const no_graph[] = {"graph=0", NULL};

/* How often the stand-in driver launched a graph, captured one, and has one that was not destroyed.
 */
struct graph_count {
    int launches, captures, alive;
};

static struct graph_count graphs(void)
{
    struct graph_count count;
    void (*tell)(int *, int *, int *);
    void *found = dlsym(RTLD_DEFAULT, "standin_graph_count");
    assert_non_null(found);
    memcpy(&tell, &found, sizeof tell);
    tell(&count.launches, &count.captures, &count.alive);
    return count;
}

static void assert_no_graph(struct doubt_session *session)
{
    struct doubt_engine_used used;
    assert_ok(doubt_session_used(session, &used, err));
    assert_non_null(strstr(used.detail, "no CUDA graph; "));
    assert_string_equal(doubt_session_notes(session), "");
}

static void test_same_work_as_a_graph(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct rig rig;
        double ns[5] = {-1, -1, -1, -1, -1};
        rig_open(&rig, libraries[k], DOUBT_TEST_DATA "/tiny.onnx");
        rig.request.options = no_graph;
        struct doubt_session *session = start(&rig.request);
        struct graph_count before = graphs();
        assert_ok(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 5, ns, err));
        struct graph_count after = graphs();
        assert_int_equal(after.captures - before.captures, 1);
        assert_int_equal(after.launches - before.launches, 6); /* the first is not timed */
        assert_int_equal(after.alive, before.alive);
        for (int i = 0; i < 5; i++)
            assert_true(ns[i] >= 0);
        check_tiny(session);
        assert_no_graph(session);
        assert_ok(doubt_session_run(session, err));
        assert_ok(doubt_session_back_to_back(session, DOUBT_TRAIN_RUNS, 5, ns, err));
        assert_int_equal(graphs().launches, after.launches);
        check_tiny(session);
        doubt_session_free(session);
        rig_close(&rig);
    }
}

/* A run fails as before, and the next one works: with the driver's own words. */
static void test_graph_faults(void **state)
{
    static const struct {
        const char *fault, *text;
    } faults[] = {
        {"cuStreamBeginCapture_v2=1", "cannot be captured as a CUDA graph (STANDIN_ERROR_1"},
        {"cuStreamEndCapture=901", "cannot be captured as a CUDA graph (STANDIN_ERROR_901"},
        {"cuGraphInstantiateWithFlags=2", "CUDA graph (STANDIN_ERROR_2 (out of memory))"},
        {"cuGraphLaunch=700", "the graph was not launched: STANDIN_ERROR_700"},
        {"cuEventElapsedTime=1", "no time between two events"},
        {"cuEventRecord=1", "no event"},
        {"cuStreamSynchronize=719", "the inference failed on the device"},
    };
    struct rig rig;
    double ns[3];
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    rig.request.options = no_graph;
    struct doubt_session *session = start(&rig.request);
    int alive = graphs().alive;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        setenv("STANDIN_CUDA_FAULT", faults[i].fault, 1);
        assert_fails(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 3, ns, err),
                     DOUBT_E_ENGINE, faults[i].text);
        unsetenv("STANDIN_CUDA_FAULT");
        assert_int_equal(graphs().alive, alive);
        assert_no_graph(session);
        assert_ok(doubt_session_run(session, err));
        check_tiny(session);
    }
    setenv("STANDIN_FAULT", "enqueue", 1);
    assert_fails(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 3, ns, err),
                 DOUBT_E_ENGINE, "cannot be captured as a CUDA graph (");
    unsetenv("STANDIN_FAULT");
    assert_ok(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 3, ns, err));
    doubt_session_free(session);
    rig_close(&rig);
}

/* Nothing to set beside it where every run is one; a profile has none. */
static void test_graph_that_is_there(void **state)
{
    struct rig rig;
    double ns[3];
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    struct doubt_session *session = start(&rig.request);
    assert_fails(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 3, ns, err),
                 DOUBT_E_ENGINE, "every run launches a CUDA graph already");
    check_tiny(session);
    doubt_session_free(session);
    rig.request.open.profile = 1;
    session = start(&rig.request);
    assert_fails(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 3, ns, err),
                 DOUBT_E_ENGINE, "opened for a profile");
    doubt_session_free(session);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_work_as_a_graph),
        cmocka_unit_test(test_graph_faults),
        cmocka_unit_test(test_graph_that_is_there),
    };
    if (access(plugin, F_OK) != 0) {
        printf("skipped: built without a C++ compiler, so without the engine tensorrt\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, load_driver, NULL);
}
