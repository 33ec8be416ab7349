/* embed.c: see embed.h. */
#include "util/embed.h"

#include <string.h>

extern const struct doubt_embedded doubti_embedded_files[]; /* generated; ends with path NULL */

size_t doubt_embedded_count(void)
{
    size_t n = 0;
    while (doubti_embedded_files[n].path != NULL)
        n++;
    return n;
}

const struct doubt_embedded *doubt_embedded_at(size_t i)
{
    return &doubti_embedded_files[i];
}

const struct doubt_embedded *doubt_embedded_find(const char *path)
{
    for (const struct doubt_embedded *f = doubti_embedded_files; f->path != NULL; f++)
        if (strcmp(f->path, path) == 0)
            return f;
    return NULL;
}
