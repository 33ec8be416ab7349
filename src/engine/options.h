/* options.h: the options of an engine, as its table declares them.
 *
 * A unit of work is one NAME=VALUE. What is accepted is written once, in the engine's row: the
 * check before a worker starts, the words of the help and the documents come from it. Not for the
 * options of doubt itself: util/opt.h.
 */
#ifndef DOUBT_ENGINE_OPTIONS_H
#define DOUBT_ENGINE_OPTIONS_H

#include "util/str.h"
#include <doubt/engine.h>
#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>

/* Row i of the table, from 0; what an older plug-in's row has not is 0 or NULL. False: there is
 * none. */
bool doubt_options_at(const struct doubt_engine_ops *ops, size_t i,
                      struct doubt_engine_option *option);

/* What an option accepts, in words: "0 or 1", "a whole number of MiB from 0 to 1048576". */
void doubt_options_accepted(const struct doubt_engine_option *option, struct doubt_str *out);

/* Each NAME=VALUE of the list (ended by NULL, or NULL) against the table: DOUBT_E_USAGE with the
 * option, the value and what is accepted. A "?" in front: nothing where the engine has no such
 * option. */
enum doubt_code doubt_options_check(const struct doubt_engine_ops *ops, const char *const *given,
                                    struct doubt_err *err);

#endif
