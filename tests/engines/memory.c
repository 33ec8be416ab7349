/* memory.c: a plug-in that takes and touches memory in open() until there is none, and then ends
 * as C++ does when nobody catches bad_alloc. */
#include "misbehave.h"

static int open_model(void *self, const struct doubt_open_request *request)
{
    enum { PIECE = 16 << 20 };
    (void)self, (void)request;
    for (;;) {
        char *piece = malloc(PIECE);
        if (piece == NULL) {
            fputs("terminate called after throwing an instance of 'std::bad_alloc'\n", stderr);
            abort();
        }
        memset(piece, 1, PIECE);
    }
    return 0;
}

MISBEHAVE("memory", "takes memory until there is none in open()", ops.open = open_model)
