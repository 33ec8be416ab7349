/* nan_output.c: a plug-in with one NaN in its answer. */
#include "misbehave.h"

#include <math.h>

static int run(void *self)
{
    struct misbehaving *m = self;
    base_run(self);
    ((float *)m->output.data)[5] = NAN;
    return 0;
}

MISBEHAVE("nan-output", "has a NaN in element 5 of its output", ops.run = run)
