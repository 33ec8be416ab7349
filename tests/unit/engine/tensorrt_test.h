/* tensorrt_test.h: what the two tests of the plug-in tensorrt share: one engine on one of the
 * stand-ins of tests/standin/tensorrt, and the life of a session on tests/data/tiny.onnx.
 *
 * The stand-ins lie at known paths and the driver's is loaded first under the driver's soname, so a
 * real GPU of the machine takes no part.
 */
#ifndef TENSORRT_TEST_H
#define TENSORRT_TEST_H

#include "engine_test.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>

#define STANDIN DOUBT_BUILD "/tests/standin/tensorrt"

static const char plugin[] = PLUGINS "/doubt-engine-tensorrt.so";
static const char *const libraries[] = {
    STANDIN "/8/libnvinfer.so.8", STANDIN "/10/libnvinfer.so.10", STANDIN "/11/libnvinfer.so.11"};

/* One engine on one stand-in library. */
struct rig {
    struct doubt_registry *registry;
    struct doubt_session_request request;
    char folder[64]; /* of the cache */
};

static inline void rig_open(struct rig *rig, const char *library, const char *model)
{
    const struct doubt_engine *engine = NULL;
    memset(rig, 0, sizeof *rig);
    assert_ok(doubt_registry_open(&rig->registry, err));
    assert_ok(doubt_registry_find(rig->registry, plugin, &engine, err));
    snprintf(rig->folder, sizeof rig->folder, "/tmp/doubt-tensorrt-XXXXXX");
    assert_non_null(mkdtemp(rig->folder));
    rig->request =
        (struct doubt_session_request){.ops = engine->ops,
                                       .library_path = library,
                                       .open = {.model_path = model, .cache_folder = rig->folder}};
}

static inline void empty_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir))
        if (entry->d_name[0] != '.')
            assert_int_equal(unlinkat(dirfd(dir), entry->d_name, 0), 0);
    closedir(dir);
}

static inline void rig_close(struct rig *rig)
{
    empty_folder(rig->folder);
    assert_int_equal(rmdir(rig->folder), 0);
    doubt_registry_close(rig->registry);
}

/* Opens, runs, checks the outputs and gives what was used. */
static inline struct doubt_engine_used run_tiny(const struct doubt_session_request *request,
                                                char notes[512])
{
    struct doubt_engine_used used;
    struct doubt_session *session = start(request);
    assert_ok(doubt_session_run(session, err));
    check_tiny(session);
    assert_ok(doubt_session_used(session, &used, err));
    if (notes != NULL)
        snprintf(notes, 512, "%s", doubt_session_notes(session));
    doubt_session_free(session);
    return used;
}

/* The whole life fails with this sentence, at whatever call. */
static inline void assert_life_fails(const struct doubt_session_request *request, const char *text)
{
    struct doubt_session *session = NULL;
    struct doubt_err why = {0};
    enum doubt_code code = live(request, &session, &why);
    doubt_session_free(session);
    assert_int_equal(code, DOUBT_E_ENGINE);
    if (strstr(why.text, text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", why.text, text);
}

/* Loads the stand-in driver under the name that the plug-in asks for. */
static inline int load_driver(void **state)
{
    (void)state;
    return dlopen(STANDIN "/libcuda.so.1", RTLD_NOW | RTLD_GLOBAL) != NULL ? 0 : -1;
}

#endif
