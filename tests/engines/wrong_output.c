/* wrong_output.c: a plug-in with one wrong number in its answer. */
#include "misbehave.h"

static int run(void *self)
{
    struct misbehaving *m = self;
    base_run(self);
    ((float *)m->output.data)[7] += 100;
    return 0;
}

MISBEHAVE("wrong-output", "has a wrong number in element 7 of its output", ops.run = run)
