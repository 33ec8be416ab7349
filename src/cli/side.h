/* side.h: the settings of one side of a comparison: the command's options, in one word.
 *
 * A unit of work is one text: "engine=openvino,precision=bf16 env:OMP_NUM_THREADS=1". A setting is
 * an option of the command without its dashes, so its values are read by the option's row: this
 * file only cuts the text into words for util/opt.h. Settings are separated by commas or spaces; a
 * comma or space that no further setting follows belongs to the value.
 */
#ifndef DOUBT_CLI_SIDE_H
#define DOUBT_CLI_SIDE_H

#include "util/opt.h"

/* Command-line words on the heap, to be read with doubt_opt_parse(), which changes them. */
struct doubt_words {
    char **items; /* count of them, then room to spare */
    size_t count, capacity;
};

enum doubt_code doubt_words_add(struct doubt_words *words, const char *text, size_t bytes,
                                struct doubt_err *err);
void doubt_words_free(struct doubt_words *words);

/* Adds the settings of text as "--NAME=VALUE" or, for a flag, "--NAME". rows: those that one side
 * may have. Lists are written NAME:ITEM, "option:intra=2". DOUBT_E_USAGE with a sentence for what
 * is no setting, names another option, or lacks its value. */
enum doubt_code doubt_side_add(const char *text, const struct doubt_opt *rows,
                               struct doubt_words *words, struct doubt_err *err);

/* Of items NAME=VALUE with the same NAME only the last stays: a side's own overrules the common
 * one. */
void doubt_side_keep_last(struct doubt_opt_list *list);

#endif
