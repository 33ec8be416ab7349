/* killed.c: a plug-in in whose N-th call processes are killed. $DOUBT_FAULT is "N PID...", a PID of
 * 0 is the worker's own. */
#include "misbehave.h"

#include <signal.h>

static void call(void)
{
    static long calls;
    char *at = getenv("DOUBT_FAULT");
    if (at == NULL || ++calls != strtol(at, &at, 10))
        return;
    while (*at == ' ') {
        pid_t pid = (pid_t)strtol(at, &at, 10);
        kill(pid != 0 ? pid : getpid(), SIGKILL);
    }
}

static int load(void *self, const struct doubt_host *host, const char *library_path)
{
    call();
    return base_load(self, host, library_path);
}

static int info(void *self, struct doubt_engine_info *info)
{
    call();
    return base_info(self, info);
}

static int open_model(void *self, const struct doubt_open_request *request)
{
    call();
    return base_open(self, request);
}

static int bind_tensors(void *self, const struct doubt_tensor *ins, uint32_t input_count,
                        const struct doubt_tensor *outs, uint32_t output_count)
{
    call();
    return base_bind(self, ins, input_count, outs, output_count);
}

static int run(void *self)
{
    call();
    return base_run(self);
}

static int output(void *self, uint32_t index, struct doubt_tensor *tensor)
{
    call();
    return base_output(self, index, tensor);
}

static int describe(void *self, struct doubt_engine_used *used)
{
    call();
    return base_describe(self, used);
}

static void end(void *self)
{
    (void)self;
    call();
}

static void spoil_all(struct doubt_engine_ops *ops)
{
    ops->load = load;
    ops->info = info;
    ops->open = open_model;
    ops->bind = bind_tensors;
    ops->run = run;
    ops->output = output;
    ops->describe = describe;
    ops->close = end;
    ops->unload = end;
}

MISBEHAVE("killed", "is killed in the call that $DOUBT_FAULT names", spoil_all(&ops))
