/* exit_zero.c: a plug-in that ends the process in run(), with a status that says success. */
#include "misbehave.h"

static int run(void *self)
{
    (void)self;
    exit(0);
    return 0;
}

MISBEHAVE("exit-zero", "calls exit(0) in run()", ops.run = run)
