/* crash.c: a plug-in that dies of SIGSEGV in its third run, when samples may be there already. */
#include "misbehave.h"

#include <signal.h>

static int run(void *self)
{
    struct misbehaving *m = self;
    int *runs = (int *)(m + 1);
    if (++*runs >= 3)
        raise(SIGSEGV);
    return base_run(self);
}

MISBEHAVE("crash", "dies of SIGSEGV in its third run",
          (ops.run = run, ops.private_bytes += sizeof(int)))
