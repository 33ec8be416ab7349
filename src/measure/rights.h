/* rights.h: a worker without rights that it does not need.
 *
 * A unit of work is one process. Not for the supervisor, which may need root for knobs.
 */
#ifndef DOUBT_MEASURE_RIGHTS_H
#define DOUBT_MEASURE_RIGHTS_H

#include <stdbool.h>

/* Gives up all capabilities, for good and for what is started from here, and gains none by starting
 * anything. False where the kernel refuses a part; what it allows is done. Files that root alone
 * could open by its capabilities stay closed afterwards. */
bool doubti_rights_drop(void);

#endif
