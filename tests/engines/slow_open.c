/* slow_open.c: a plug-in that compiles for 30 s, longer than a short deadline. */
#include "misbehave.h"

static int open_model(void *self, const struct doubt_open_request *request)
{
    struct timespec left = {30, 0};
    while (nanosleep(&left, &left) != 0)
        continue;
    return base_open(self, request);
}

MISBEHAVE("slow-open", "takes 30 s in open()", ops.open = open_model)
