/* builds.c: a plug-in that builds once, for a second, and keeps what it built.
 *
 * What it keeps is an empty file in the cache folder. Only for tests.
 */
#include "misbehave.h"

struct builder {
    struct misbehaving base;
    int64_t build_ns;
};

static int open_model(void *self, const struct doubt_open_request *request)
{
    struct builder *b = self;
    char path[4096];
    if (request->cache_folder == NULL)
        return b->base.host->fail(b->base.host->context, "no cache folder was given"), -1;
    snprintf(path, sizeof path, "%s/built", request->cache_folder);
    if (access(path, F_OK) == 0)
        return 0;
    FILE *kept = fopen(path, "w");
    if (kept == NULL)
        return b->base.host->fail(b->base.host->context, "cannot write %s", path), -1;
    fclose(kept);
    sleep(1);
    b->build_ns = 1000000000;
    return 0;
}

static int describe(void *self, struct doubt_engine_used *used)
{
    base_describe(self, used);
    used->build_ns = ((struct builder *)self)->build_ns;
    return 0;
}

MISBEHAVE("builds", "builds for a second, once",
          (ops.open = open_model, ops.describe = describe, ops.caps = DOUBT_CAP_BUILDS,
           ops.private_bytes = sizeof(struct builder)))
