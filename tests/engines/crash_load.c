/* crash_load.c: a plug-in that dies of SIGSEGV while it loads its library. */
#include "misbehave.h"

#include <signal.h>

static int load(void *self, const struct doubt_host *host, const char *library_path)
{
    raise(SIGSEGV);
    return base_load(self, host, library_path);
}

MISBEHAVE("crash-load", "dies of SIGSEGV in load()", ops.load = load)
