/* late_wrong.c: a plug-in whose answer is right at first and wrong from its 20th run on. */
#include "misbehave.h"

static int run(void *self)
{
    struct misbehaving *m = self;
    int *runs = (int *)(m + 1);
    base_run(self);
    if (++*runs >= 20)
        ((float *)m->output.data)[9] += 100;
    return 0;
}

MISBEHAVE("late-wrong", "gives a wrong answer from its 20th run on",
          (ops.run = run, ops.private_bytes += sizeof(int)))
