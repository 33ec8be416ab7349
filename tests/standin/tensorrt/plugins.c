/* plugins.c: a stand-in for libnvinfer_plugin: its one entry, which fails when $STANDIN_FAULT is
 * "plugins".
 *
 * A unit of work is one call. Only for tests.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

bool initLibNvInferPlugins(void *logger, const char *space);

bool initLibNvInferPlugins(void *logger, const char *space)
{
    const char *fault = getenv("STANDIN_FAULT");
    return logger != NULL && strcmp(space, "") == 0 &&
           (fault == NULL || strcmp(fault, "plugins") != 0);
}
