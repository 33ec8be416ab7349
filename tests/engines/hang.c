/* hang.c: a plug-in whose run never comes back. */
#include "misbehave.h"

static int run(void *self)
{
    (void)self;
    for (;;)
        pause();
    return 0;
}

MISBEHAVE("hang", "never comes back from run()", ops.run = run)
