/* fails.c: a plug-in whose run fails, and says why. */
#include "misbehave.h"

static int run(void *self)
{
    struct misbehaving *m = self;
    m->host->fail(m->host->context, "the accelerator is not there: plug it in");
    return 7;
}

MISBEHAVE("fails", "fails in run() with a sentence", ops.run = run)
