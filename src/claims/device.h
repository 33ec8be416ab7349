/* device.h: the devices that claims speak of: their peaks, their memory, the names they go by.
 *
 * A unit of work is one device, found by the name in a claim or by what a machine says of itself.
 * Everything comes from the rows of devices.def. Not for measuring: machine/peak.h measures the
 * peak of the CPU that is here.
 */
#ifndef DOUBT_CLAIMS_DEVICE_H
#define DOUBT_CLAIMS_DEVICE_H

#include <stdbool.h>
#include <stddef.h>

struct doubt_device {
    const char *name, *vendor;
    double bytes_s;     /* memory bandwidth; NaN where it has no bound that is known */
    double cache_bytes; /* may stay on the chip from one inference to the next */
    const char *how, *source, *date;
};

struct doubt_peak_row {
    const char *device, *part, *precision;
    double ops_s;  /* dense operations a second; a multiply-accumulate is two */
    double sparse; /* what weights with half of them zero gain: 2, or 1 */
    const char *how, *source, *date;
};

size_t doubt_device_count(void);
const struct doubt_device *doubt_device_at(size_t i);
/* Rows of all devices; a device's first is of the part that is meant where none is named. */
size_t doubt_peak_row_count(void);
const struct doubt_peak_row *doubt_peak_row_at(size_t i);

/* False where a row's source says that nothing could be read which states its numbers. */
bool doubt_device_is_verified(const char *source);

/* By the device of a claim: the row whose name, or other name in claims, is the longest beginning
 * of it in whole words; letters' case does not count. NULL when there is none. */
const struct doubt_device *doubt_device_of_claim(const char *device);

/* The peak of a part ("": the device's first) at a precision ("": its highest of floating point,
 * else of whole numbers); NULL when there is no such row. */
const struct doubt_peak_row *doubt_device_peak(const struct doubt_device *device, const char *part,
                                               const char *precision);

/* What a machine says of itself; NULL and "" are unknown. */
struct doubt_device_seen {
    const char *board, *cpu, *gpu;
};
/* The device that the machine is, by the longest alias that stands in what it says; *where says
 * which of the three it was. NULL when no alias does. */
const struct doubt_device *doubt_device_recognise(const struct doubt_device_seen *seen,
                                                  const char **where);

/* The mode's name where text means one that is known for the device, else text itself. */
const char *doubt_device_mode(const char *device, const char *text);

/* True when the words of part stand in text in their order, letters' case and marks such as (R)
 * aside; a size of memory behind them ("2GB") is another device's. */
bool doubt_device_names(const char *text, const char *part);

#endif
