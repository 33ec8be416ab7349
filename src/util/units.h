/* units.h: durations and sizes as people write them.
 *
 * A unit of work is one figure with its unit ("3m", "250ms", "1.5 GiB"). Not for published
 * figures, whose written digits matter: figure.h reads those.
 */
#ifndef DOUBT_UTIL_UNITS_H
#define DOUBT_UTIL_UNITS_H

#include <doubt/err.h>
#include <stddef.h>
#include <stdint.h>

/* Reads "500ns", "20us", "3ms", "2s", "3m", "1h", "1.5s"; a number without a unit is refused.
 * Range: more than 0, less than 100 days. */
enum doubt_code doubt_units_parse_duration(const char *text, int64_t *ns, struct doubt_err *err);

/* Reads "4096B", "512MB", "1.5 GiB", "2G": B, kB, MB, GB, TB (also without the B) are decimal, KiB,
 * MiB, GiB, TiB binary; a number without a unit is refused. Range: 1 B to 1000 TB. */
enum doubt_code doubt_units_parse_bytes(const char *text, uint64_t *bytes, struct doubt_err *err);

/* "47 ns", "1.23 ms", "2 min 05 s": at most four significant digits. */
void doubt_units_format_duration(int64_t ns, char *out, size_t out_bytes);

/* "575 MB", "12.3 kB": decimal multiples, at most four significant digits. */
void doubt_units_format_bytes(uint64_t bytes, char *out, size_t out_bytes);

/* "12,253,974,624". */
void doubt_units_format_grouped(int64_t value, char *out, size_t out_bytes);

#endif
