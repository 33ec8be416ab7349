/* test_loop.c: the timed loop: what it counts, where it ends, and that a sample covers its call. */
#include "measure/loop.h"

#include "util/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { ROOM = 1000, GUARD = -77 };

struct engine {
    size_t calls, fail_at, stop_at; /* at the n-th call, from 1; 0: never */
    int64_t spin_ns;
    int stop;
};

static int step(void *argument)
{
    struct engine *engine = argument;
    engine->calls++;
    int64_t end = doubt_clock_ns() + engine->spin_ns;
    while (doubt_clock_ns() < end)
        continue;
    if (engine->calls == engine->stop_at)
        engine->stop = 1;
    return engine->calls == engine->fail_at ? 5 : 0;
}

static void runs_each_once(void **state)
{
    (void)state;
    int64_t samples[ROOM + 1];
    struct engine engine = {.calls = 0};
    samples[ROOM] = GUARD;
    assert_int_equal(
        doubt_loop_run((struct doubt_step){.step = step, .argument = &engine}, samples, ROOM),
        ROOM);
    assert_int_equal(engine.calls, ROOM);
    assert_int_equal(samples[ROOM], GUARD);
    for (size_t i = 0; i < ROOM; i++)
        assert_true(samples[i] >= 0);
}

/* A busy wait on the same clock is a lower bound, whatever else the machine does. */
static void sample_covers_the_call(void **state)
{
    (void)state;
    int64_t samples[50];
    struct engine engine = {.spin_ns = 20000};
    int64_t begin = doubt_clock_ns(), sum = 0;
    doubt_loop_run((struct doubt_step){.step = step, .argument = &engine}, samples, 50);
    int64_t wall = doubt_clock_ns() - begin;
    for (size_t i = 0; i < 50; i++) {
        assert_true(samples[i] >= engine.spin_ns);
        sum += samples[i];
    }
    assert_true(sum <= wall);
}

static void failure_ends_it_without_its_sample(void **state)
{
    (void)state;
    int64_t samples[10];
    struct engine engine = {.fail_at = 8};
    for (size_t i = 0; i < 10; i++)
        samples[i] = GUARD;
    assert_int_equal(
        doubt_loop_run((struct doubt_step){.step = step, .argument = &engine}, samples, 10), 7);
    assert_int_equal(engine.calls, 8);
    assert_true(samples[6] >= 0);
    assert_int_equal(samples[7], GUARD);
}

static struct doubt_loop_end blocks(struct engine *engine, int64_t *samples, size_t capacity,
                                    struct doubt_loop_bounds bounds)
{
    bounds.run = doubt_loop_run;
    bounds.stop = &engine->stop;
    return doubt_loop_blocks((struct doubt_step){.step = step, .argument = engine}, samples,
                             capacity, &bounds);
}

static void blocks_end_at_the_count(void **state)
{
    (void)state;
    int64_t samples[ROOM + 1];
    struct engine engine = {.calls = 0};
    samples[ROOM] = GUARD;
    struct doubt_loop_end end =
        blocks(&engine, samples, ROOM,
               (struct doubt_loop_bounds){.count_min = 1, .count_max = ROOM, .ns = INT64_MAX});
    assert_int_equal(end.count, ROOM);
    assert_int_equal(engine.calls, ROOM);
    assert_false(end.failed);
    assert_false(end.stopped);
    assert_true(end.ended_ns > end.begun_ns);
    assert_int_equal(samples[ROOM], GUARD);
}

/* A bound in time that is over at once: the least count is still made, and at most the block that
 * reaches it more. */
static void blocks_end_after_the_time(void **state)
{
    (void)state;
    int64_t samples[ROOM];
    for (size_t least = 0; least < 100; least += 9) {
        struct engine engine = {.spin_ns = 100};
        struct doubt_loop_end end =
            blocks(&engine, samples, ROOM,
                   (struct doubt_loop_bounds){.count_min = least, .count_max = ROOM, .ns = 1});
        assert_true(end.count >= least);
        assert_true(end.count <= 2 * least + 1);
        assert_int_equal(end.count, engine.calls);
    }
}

static void no_bound_at_all_is_no_inference(void **state)
{
    (void)state;
    int64_t sample;
    struct engine engine = {.calls = 0};
    struct doubt_loop_end end =
        blocks(&engine, &sample, 1,
               (struct doubt_loop_bounds){.count_min = 0, .count_max = SIZE_MAX, .ns = 0});
    assert_int_equal(end.count, 0);
    assert_int_equal(engine.calls, 0);
}

static void blocks_reuse_a_small_buffer(void **state)
{
    (void)state;
    int64_t samples[8];
    struct engine engine = {.calls = 0};
    samples[7] = GUARD;
    struct doubt_loop_end end =
        blocks(&engine, samples, 7,
               (struct doubt_loop_bounds){.count_min = 500, .count_max = 500, .ns = INT64_MAX});
    assert_int_equal(end.count, 500);
    assert_int_equal(engine.calls, 500);
    assert_int_equal(samples[7], GUARD);
}

static void blocks_end_at_failure(void **state)
{
    (void)state;
    int64_t samples[ROOM];
    struct engine engine = {.fail_at = 333};
    struct doubt_loop_end end =
        blocks(&engine, samples, ROOM,
               (struct doubt_loop_bounds){.count_min = 1, .count_max = ROOM, .ns = INT64_MAX});
    assert_true(end.failed);
    assert_int_equal(end.count, 332);
    assert_int_equal(engine.calls, 333);
}

static void blocks_end_on_request(void **state)
{
    (void)state;
    int64_t samples[ROOM];
    struct engine before = {.stop = 1}, during = {.stop_at = 100};
    struct doubt_loop_bounds bounds = {.count_min = 1, .count_max = ROOM, .ns = INT64_MAX};
    struct doubt_loop_end end = blocks(&before, samples, ROOM, bounds);
    assert_true(end.stopped);
    assert_int_equal(before.calls, 0);
    end = blocks(&during, samples, ROOM, bounds);
    assert_true(end.stopped);
    assert_true(end.count >= 100 && end.count < 300);
    assert_int_equal(end.count, during.calls);
}

/* --- the boundary "device" ------------------------------------------------------------------- */

struct fake_device {
    double next_ns;
};

static int fake_load(void *self, const struct doubt_host *host, const char *library_path)
{
    (void)host, (void)library_path;
    ((struct fake_device *)self)->next_ns = 1000.4;
    return 0;
}

static int fake_info(void *self, struct doubt_engine_info *info)
{
    (void)self, (void)info;
    return 0;
}

static int fake_open(void *self, const struct doubt_open_request *request)
{
    (void)self, (void)request;
    return 0;
}

static int fake_tensors(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    (void)self, (void)tensors;
    *count = 0;
    return 0;
}

static int fake_bind(void *self, const struct doubt_tensor *in, uint32_t in_count,
                     const struct doubt_tensor *out, uint32_t out_count)
{
    (void)self, (void)in, (void)in_count, (void)out, (void)out_count;
    return 0;
}

static int fake_run(void *self)
{
    (void)self;
    return 0;
}

static int fake_output(void *self, uint32_t index, struct doubt_tensor *tensor)
{
    (void)self, (void)index, (void)tensor;
    return 1;
}

static int fake_describe(void *self, struct doubt_engine_used *used)
{
    (void)self, (void)used;
    return 0;
}

static void fake_nothing(void *self)
{
    (void)self;
}

/* 1000.4, 2000.4, 3000.4, then a time that cannot be. */
static int fake_run_device(void *self, uint32_t count, double *ns)
{
    struct fake_device *device = self;
    assert_int_equal(count, 1);
    *ns = device->next_ns > 3500 ? -1 : device->next_ns;
    device->next_ns += 1000;
    return 0;
}

static const struct doubt_engine_ops fake = {.abi = DOUBT_ENGINE_ABI,
                                             .size = sizeof(struct doubt_engine_ops),
                                             .name = "fake",
                                             .summary = "a device that tells times",
                                             .private_bytes = sizeof(struct fake_device),
                                             .load = fake_load,
                                             .info = fake_info,
                                             .open = fake_open,
                                             .inputs = fake_tensors,
                                             .outputs = fake_tensors,
                                             .bind = fake_bind,
                                             .run = fake_run,
                                             .output = fake_output,
                                             .describe = fake_describe,
                                             .close = fake_nothing,
                                             .unload = fake_nothing,
                                             .run_device = fake_run_device};

static void device_times_are_the_engines(void **state)
{
    (void)state;
    struct doubt_session_request request = {.ops = &fake,
                                            .open = {.boundary = DOUBT_BOUNDARY_DEVICE}};
    struct doubt_session *session = NULL;
    struct doubt_err err = {DOUBT_OK, ""};
    int64_t samples[5] = {GUARD, GUARD, GUARD, GUARD, GUARD};
    assert_int_equal(doubt_session_new(&request, &session, &err), DOUBT_OK);
    assert_int_equal(doubt_session_load(session, &err), DOUBT_OK);
    assert_int_equal(doubt_session_open(session, &err), DOUBT_OK);
    assert_int_equal(doubt_session_bind(session, NULL, &err), DOUBT_OK);
    assert_int_equal(doubt_loop_run_device(doubt_session_step(session), samples, 5), 3);
    assert_int_equal(samples[0], 1000);
    assert_int_equal(samples[2], 3000);
    assert_int_equal(samples[3], GUARD);
    doubt_session_free(session);
}

/* What is done between samples takes its time outside of them. */
static int between(void *argument)
{
    struct engine *engine = argument;
    int64_t end = doubt_clock_ns() + 500000;
    while (doubt_clock_ns() < end)
        continue;
    return engine->calls + 1 == engine->stop_at ? 3 : 0;
}

static void between_is_outside_of_the_samples(void **state)
{
    (void)state;
    int64_t samples[40], least = INT64_MAX;
    struct engine engine = {.calls = 0};
    const struct doubt_step flushed = {
        .step = step, .argument = &engine, .between = between, .between_argument = &engine};
    assert_ptr_equal(doubt_loop_of(&flushed, false), doubt_loop_run_between);
    assert_int_equal(doubt_loop_run_between(flushed, samples, 40), 40);
    assert_int_equal(engine.calls, 40);
    for (int i = 0; i < 40; i++)
        least = samples[i] < least ? samples[i] : least;
    assert_true(least < 500000);
    engine = (struct engine){.stop_at = 3};
    assert_int_equal(doubt_loop_run_between(flushed, samples, 5), 2); /* it failed */
    engine = (struct engine){.fail_at = 2};
    assert_int_equal(doubt_loop_run_between(flushed, samples, 5), 1);
}

static void the_loop_follows_from_the_step(void **state)
{
    (void)state;
    struct doubt_step bare = {.step = step};
    assert_ptr_equal(doubt_loop_of(&bare, false), doubt_loop_run);
    assert_ptr_equal(doubt_loop_of(&bare, true), doubt_loop_run_device);
    bare.between = between;
    assert_ptr_equal(doubt_loop_of(&bare, true), doubt_loop_run_device_between);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_each_once),
        cmocka_unit_test(sample_covers_the_call),
        cmocka_unit_test(failure_ends_it_without_its_sample),
        cmocka_unit_test(blocks_end_at_the_count),
        cmocka_unit_test(blocks_end_after_the_time),
        cmocka_unit_test(no_bound_at_all_is_no_inference),
        cmocka_unit_test(blocks_reuse_a_small_buffer),
        cmocka_unit_test(blocks_end_at_failure),
        cmocka_unit_test(blocks_end_on_request),
        cmocka_unit_test(device_times_are_the_engines),
        cmocka_unit_test(between_is_outside_of_the_samples),
        cmocka_unit_test(the_loop_follows_from_the_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
