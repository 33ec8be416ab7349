/* vendor.h: which other tool's procedure stands beside ours, from what the user wrote.
 *
 * A unit of work is one cell. Not for replaying: measure/protocol.h.
 */
#ifndef DOUBT_CLI_VENDOR_H
#define DOUBT_CLI_VENDOR_H

#include "measure/protocol.h"

struct doubt_vendor_wish {
    const char *name;      /* of --protocol; NULL or "ours": none; "vendor": by the rest */
    const char *claim_set; /* NULL: none */
    const char *network, *engine;
};

/* Refuses a name that is no protocol. */
enum doubt_code doubt_vendor_check(const char *name, struct doubt_err *err);

/* NULL: none was asked for, or none is known for this claim set and engine. */
const struct doubt_protocol *doubt_vendor_protocol(const struct doubt_vendor_wish *wish);

#endif
