/* alike.c: see alike.h. A unit of work is one letter of each. Not for texts of several words. */
#include "util/alike.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *next(const char *at)
{
    while (*at != '\0' && !isalnum((unsigned char)*at))
        at++;
    return at;
}

static const char *begin(const char *name, const char *prefix)
{
    size_t len = prefix != NULL ? strlen(prefix) : 0;
    return next(len > 0 && strncasecmp(name, prefix, len) == 0 ? name + len : name);
}

bool doubt_alike(const char *a, const char *b, const char *prefix)
{
    a = begin(a, prefix);
    b = begin(b, prefix);
    bool any = *a != '\0';
    while (*a != '\0' && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
        a = next(a + 1);
        b = next(b + 1);
    }
    return any && *a == '\0' && *b == '\0';
}
