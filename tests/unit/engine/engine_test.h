/* engine_test.h: what the tests of engines share.
 *
 * A unit of work is one session with one plug-in on one small file. A test of a vendor's library
 * skips itself, with the reason, where the library is not found.
 */
#ifndef ENGINE_TEST_H
#define ENGINE_TEST_H

#include "engine/registry.h"
#include "engine/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include <cmocka.h>

#define PLUGINS DOUBT_BUILD "/engines"
#define BAD_PLUGINS DOUBT_BUILD "/tests/engines"

/* DOUBT_OK, or prints the sentence. */
#define assert_ok(call)                                                                            \
    do {                                                                                           \
        struct doubt_err assert_err = {0};                                                         \
        struct doubt_err *err = &assert_err;                                                       \
        enum doubt_code assert_code = (call);                                                      \
        if (assert_code != DOUBT_OK)                                                               \
            fail_msg("%s: %s", doubt_code_name(assert_code), assert_err.text);                     \
    } while (0)

/* The code, and the sentence holds the text. */
#define assert_fails(call, expected, text_part)                                                    \
    do {                                                                                           \
        struct doubt_err assert_err = {0};                                                         \
        struct doubt_err *err = &assert_err;                                                       \
        assert_int_equal((call), (expected));                                                      \
        if (strstr(assert_err.text, (text_part)) == NULL)                                          \
            fail_msg("\"%s\" does not say \"%s\"", assert_err.text, (text_part));                  \
    } while (0)

struct bench {
    struct doubt_registry *registry;
    const struct doubt_engine *engine;
    char *library;
};

/* Finds plug-in and library; false after a printed reason when the library is not there. */
static inline bool bench_open(struct bench *bench, const char *path)
{
    const char *where;
    struct doubt_err why = {0};
    memset(bench, 0, sizeof *bench);
    assert_ok(doubt_registry_open(&bench->registry, err));
    assert_ok(doubt_registry_find(bench->registry, path, &bench->engine, err));
    if (doubt_library_find(bench->engine->ops, NULL, &bench->library, &where, &why) == DOUBT_OK)
        return true;
    printf("skipped: %s\n", why.text);
    doubt_registry_close(bench->registry);
    return false;
}

/* The same with this library, which must be there. */
static inline void bench_open_with(struct bench *bench, const char *path, const char *library)
{
    const char *where;
    assert_ok(doubt_registry_open(&bench->registry, err));
    assert_ok(doubt_registry_find(bench->registry, path, &bench->engine, err));
    assert_ok(doubt_library_find(bench->engine->ops, library, &bench->library, &where, err));
}

static inline void bench_close(struct bench *bench)
{
    free(bench->library);
    doubt_registry_close(bench->registry);
}

static inline struct doubt_session_request bench_request(const struct bench *bench,
                                                         const char *model)
{
    return (struct doubt_session_request){
        .ops = bench->engine->ops, .library_path = bench->library, .open = {.model_path = model}};
}

/* Input element i is i / 8 - 2: exact in every precision. */
static inline void fill_ramp(const struct doubt_tensor *input)
{
    size_t count = input->bytes / 4;
    for (size_t i = 0; input->dtype == DOUBT_F32 && i < count; i++)
        ((float *)input->data)[i] = (float)i / 8 - 2;
}

/* Up to a bound session. */
static inline struct doubt_session *start(const struct doubt_session_request *request)
{
    struct doubt_session *session = NULL;
    assert_ok(doubt_session_new(request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_ok(doubt_session_open(session, err));
    assert_ok(doubt_session_bind(session, fill_ramp, err));
    return session;
}

/* From the load to the end of one run, or as far as it gets; *session is the caller's to free. */
static inline enum doubt_code live(const struct doubt_session_request *request,
                                   struct doubt_session **session, struct doubt_err *why)
{
    enum doubt_code code = doubt_session_new(request, session, why);
    if (code == DOUBT_OK)
        code = doubt_session_load(*session, why);
    if (code == DOUBT_OK)
        code = doubt_session_open(*session, why);
    if (code == DOUBT_OK)
        code = doubt_session_bind(*session, fill_ramp, why);
    if (code == DOUBT_OK)
        code = doubt_session_run(*session, why);
    return code;
}

/* The failing call is open(). */
static inline void assert_open_fails(const struct doubt_session_request *request, const char *text)
{
    struct doubt_session *session = NULL;
    assert_ok(doubt_session_new(request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_fails(doubt_session_open(session, err), DOUBT_E_ENGINE, text);
    doubt_session_free(session);
}

/* The host refuses an option before it calls the engine. */
static inline void assert_option_fails(const struct doubt_session_request *request,
                                       const char *text)
{
    struct doubt_session *session = NULL;
    assert_fails(doubt_session_new(request, &session, err), DOUBT_E_USAGE, text);
}

/* What tests/data/tiny*.onnx compute: a 3 x 3 blur and a 3 x 3 horizontal edge of a 6 x 6 image,
 * negative values to 0. */
static inline void tiny_expected(const float image[36], float out[32])
{
    static const float kernels[2][9] = {{1, 2, 1, 2, 4, 2, 1, 2, 1},
                                        {-1, 0, 1, -2, 0, 2, -1, 0, 1}};
    for (int k = 0; k < 2; k++)
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 4; x++) {
                float sum = 0;
                for (int i = 0; i < 9; i++)
                    sum += kernels[k][i] / 16 * image[(y + i / 3) * 6 + x + i % 3];
                out[k * 16 + y * 4 + x] = sum > 0 ? sum : 0;
            }
}

/* The outputs of a run of tests/data/tiny*.onnx. */
static inline void check_tiny(struct doubt_session *session)
{
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    float expected[32];
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    assert_int_equal(count, 1);
    assert_string_equal(outputs[0].name, "y");
    tiny_expected(doubt_session_inputs(session, &count)[0].data, expected);
    for (int i = 0; i < 32; i++)
        assert_float_equal(((const float *)outputs[0].data)[i], expected[i], 1e-6);
}

#endif
