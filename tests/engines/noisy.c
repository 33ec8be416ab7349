/* noisy.c: a plug-in that prints 2 MB to each of stdout and stderr, and then works. */
#include "misbehave.h"

static int open_model(void *self, const struct doubt_open_request *request)
{
    static const char line[] = "Schema error: the operator is already registered, this is noise.\n";
    for (size_t bytes = 0; bytes < 2000000; bytes += sizeof line - 1) {
        fputs(line, stdout);
        fputs(line, stderr);
    }
    fflush(stdout);
    return base_open(self, request);
}

MISBEHAVE("noisy", "prints 2 MB to stdout and stderr in open()", ops.open = open_model)
