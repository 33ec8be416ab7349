/* skeleton.c: an engine that copies its input to its output; the start of a new engine.
 *
 * A unit of work is one copy. Everything that the contract asks for is here, in the order of an
 * engine's life; what a real engine would do instead is said where it differs. Not for measuring
 * anything but itself.
 */
#include <doubt/engine.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All state of one session. The host allocates it, zeroed; there are no writable statics. */
struct skeleton {
    const struct doubt_host *host;
    int64_t elements;
    struct doubt_tensor input, output;
};

/* Gives the host one sentence and the caller a failure to return. */
#define FAIL(s, ...) ((s)->host->fail((s)->host->context, __VA_ARGS__), -1)

/* A real engine: dlopen(library_path), look up its functions, start it. */
static int load(void *self, const struct doubt_host *host, const char *library_path)
{
    struct skeleton *s = self;
    (void)library_path;
    s->host = host;
    return 0;
}

/* A real engine asks its library: nothing here may be guessed. */
static int info(void *self, struct doubt_engine_info *info)
{
    (void)self;
    snprintf(info->version, sizeof info->version, "1");
    snprintf(info->build, sizeof info->build, "skeleton");
    info->device_count = 1;
    snprintf(info->devices[0].name, sizeof info->devices[0].name, "CPU");
    snprintf(info->devices[0].title, sizeof info->devices[0].title, "memcpy");
    info->devices[0].precisions = 1u << DOUBT_PRECISION_F32;
    return 0;
}

/* A real engine reads and compiles request->model_path, for the sizes in request->inputs. Refuse
 * what cannot be done as asked; note() what was done differently. */
static int open_model(void *self, const struct doubt_open_request *request)
{
    struct skeleton *s = self;
    const char *text = s->host->option(s->host->context, "elements");
    long elements = text != NULL ? strtol(text, NULL, 10) : 1024; /* checked by the host */
    if (request->device != NULL && strcmp(request->device, "CPU") != 0)
        return FAIL(s, "there is no device \"%s\": CPU is accepted", request->device);
    if (request->precision != DOUBT_PRECISION_ANY && request->precision != DOUBT_PRECISION_F32)
        return FAIL(s, "a copy has no precision but that of its tensors: f32 and any are accepted");
    if (request->model_path != NULL)
        s->host->note(s->host->context, "the model %s is not read", request->model_path);
    s->elements = elements;
    return 0;
}

/* Called with room for 0 tensors first, to ask for the number. */
static int list(const struct skeleton *s, const char *name, struct doubt_tensor *tensors,
                uint32_t *count)
{
    if (*count >= 1) {
        memset(&tensors[0], 0, sizeof tensors[0]);
        tensors[0].name = name;
        tensors[0].dtype = DOUBT_F32;
        tensors[0].rank = 1;
        tensors[0].dims[0] = s->elements;
    }
    *count = 1;
    return 0;
}

static int inputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    return list(self, "input", tensors, count);
}

/* A size that depends on the data is -1; bind() then gets no buffer for that output. */
static int outputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    return list(self, "output", tensors, count);
}

/* The buffers stay where they are until close(): a real engine binds them once, here. */
static int bind(void *self, const struct doubt_tensor *ins, uint32_t input_count,
                const struct doubt_tensor *outs, uint32_t output_count)
{
    struct skeleton *s = self;
    if (input_count != 1 || output_count != 1 || ins[0].bytes != outs[0].bytes)
        return FAIL(s, "one input and one output of the same size are needed");
    s->input = ins[0];
    s->output = outs[0];
    return 0;
}

/* The timed call: the inference and nothing else. It is complete when it returns. */
static int run(void *self)
{
    struct skeleton *s = self;
    memcpy(s->output.data, s->input.data, (size_t)s->input.bytes);
    return 0;
}

static int output(void *self, uint32_t index, struct doubt_tensor *tensor)
{
    struct skeleton *s = self;
    if (index != 0)
        return FAIL(s, "there is no output %u", index);
    *tensor = s->output;
    return 0;
}

/* Read back from the library, never copied from the request; what it does not tell stays 0. An
 * engine with optional functions says in used->lacks which of them do not serve this model. */
static int describe(void *self, struct doubt_engine_used *used)
{
    (void)self;
    snprintf(used->device, sizeof used->device, "CPU");
    used->precision = DOUBT_PRECISION_F32;
    used->threads = 1;
    used->streams = 1;
    return 0;
}

/* Also called after a failed open(): give back what is there. */
static void close_model(void *self)
{
    struct skeleton *s = self;
    memset(&s->input, 0, sizeof s->input);
    memset(&s->output, 0, sizeof s->output);
}

/* Also called after a failed load(). The library itself need not be closed. */
static void unload(void *self)
{
    struct skeleton *s = self;
    s->host = NULL;
}

/* A real engine has a struct doubt_engine_library here: where its library is looked for. */

/* The host refuses what a row does not accept; open() gets the rest. */
static const struct doubt_engine_option options[] = {
    {"elements", NULL, "1024", "numbers that are copied", DOUBT_OPTION_WHOLE, 0, 1, 1048576},
    {0},
};

static const struct doubt_engine_ops ops = {
    .abi = DOUBT_ENGINE_ABI,
    .size = sizeof(struct doubt_engine_ops),
    .name = "skeleton",
    .summary = "copies its input: the template of an engine",
    .install = NULL,
    .caps = DOUBT_CAP_CONCURRENT,
    .library = NULL,
    .options = options,
    .option_bytes = sizeof(struct doubt_engine_option),
    .private_bytes = sizeof(struct skeleton),
    .load = load,
    .info = info,
    .open = open_model,
    .inputs = inputs,
    .outputs = outputs,
    .bind = bind,
    .run = run,
    .output = output,
    .describe = describe,
    .close = close_model,
    .unload = unload,
};

const struct doubt_engine_ops *doubt_engine_entry(void)
{
    return &ops;
}
