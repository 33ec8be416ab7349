/* built_in.c: the engines that are part of the program, one row each, and what those share that
 * read no model: one number in, one number out. */
#include "engine/engine_int.h"
#include "engine/registry.h"

const struct doubt_engine_ops *const doubt_engines_built_in[] = {
    &doubti_engine_null,
    &doubti_engine_synthetic,
    &doubti_engine_ref,
    NULL,
};

static int one(struct doubt_tensor *tensors, uint32_t *count, const char *name)
{
    if (*count >= 1)
        tensors[0] =
            (struct doubt_tensor){.name = name, .dtype = DOUBT_F32, .rank = 1, .dims = {1}};
    *count = 1;
    return 0;
}

int doubti_scalar_inputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    (void)self;
    return one(tensors, count, "input");
}

int doubti_scalar_outputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    (void)self;
    return one(tensors, count, "output");
}
