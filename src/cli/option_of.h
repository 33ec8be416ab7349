/* option_of.h: options of an engine that are for one network only: "mean@resnet50=27.8ms".
 *
 * A unit of work is one list of --option values. Not for the options of doubt itself.
 */
#ifndef DOUBT_CLI_OPTION_OF_H
#define DOUBT_CLI_OPTION_OF_H

#include "util/opt.h"

/* NAME=VALUE of all that are for every network and, unless network is NULL, of those for it, which
 * stand behind the others and so win. A heap array of heap strings, NULL-terminated, freed with
 * doubt_option_of_free(); NULL when out of memory. */
char **doubt_option_of(const struct doubt_opt_list *all, const char *network);
void doubt_option_of_free(char **options);

/* Refuses an option for a network that is none of these (NULL-terminated), with the list. */
enum doubt_code doubt_option_of_check(const struct doubt_opt_list *all, const char *const *networks,
                                      struct doubt_err *err);

#endif
