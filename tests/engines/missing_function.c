/* missing_function.c: a plug-in without one of the required functions. */
#include "misbehave.h"

MISBEHAVE("missing-function", "has no describe()", ops.describe = NULL)
