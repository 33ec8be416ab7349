/* built_in.c: the engines that are part of the program, one row each. */
#include "engine/engine_int.h"
#include "engine/registry.h"

const struct doubt_engine_ops *const doubt_engines_built_in[] = {
    &doubti_engine_null,
    &doubti_engine_synthetic,
    &doubti_engine_ref,
    NULL,
};
