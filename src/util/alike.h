/* alike.h: names that differ in spelling only: "MODE_15W", "15 W", "15w".
 *
 * A unit of work is two short names. Not for near misses: doubt_str_nearest().
 */
#ifndef DOUBT_UTIL_ALIKE_H
#define DOUBT_UTIL_ALIKE_H

#include <stdbool.h>

/* Are letters and digits the same, whatever their case and what stands between them? prefix (may be
 * NULL) is passed over where a name begins with it. Two names without letters are not alike. */
bool doubt_alike(const char *a, const char *b, const char *prefix);

#endif
