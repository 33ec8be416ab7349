/* no_entry.c: a shared object that is no engine. */
#include <doubt/engine.h>

DOUBT_ENGINE_EXPORT int doubt_not_an_entry(void);

int doubt_not_an_entry(void)
{
    return 0;
}
