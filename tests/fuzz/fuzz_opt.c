/* fuzz_opt.c: command lines of any words: the option parser, durations, sizes, shapes of inputs.
 *
 * A unit of work is one text, whose lines are the words. Wrong usage must come with a sentence.
 */
#include "cli/settings.h"
#include "cli/subject.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct values {
    struct doubt_settings settings;
    struct doubt_opt_list names;
    int choice;
    bool flag;
};

static const char *const choices[] = {"best", "all", NULL};

static const struct doubt_opt rows[] = {
    {"flag", 'f', NULL, DOUBT_OPT_FLAG, offsetof(struct values, flag), NULL, "flag", 0, 0, NULL},
    {"choice", 'c', "WHICH", DOUBT_OPT_CHOICE, offsetof(struct values, choice), "best", "choice", 0,
     0, choices},
    {"names", 'n', "NAMES", DOUBT_OPT_NAMES, offsetof(struct values, names), NULL, "names", 0, 0,
     NULL},
    DOUBT_SETTINGS_ROWS(struct values, settings),
    {0},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { WORDS_MAX = 256 };
    char *words[WORDS_MAX], *text = malloc(size + 1), *rest = text;
    struct doubt_opt_args args = {0, words};
    struct values values;
    struct doubt_err err = {0};
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    for (char *word; args.count < WORDS_MAX && (word = strsep(&rest, "\n")) != NULL;)
        words[args.count++] = word;
    const struct doubt_opt_set set = {rows, &values};
    enum doubt_code code = doubt_opt_parse(&set, 1, &args, &err);
    if (code != DOUBT_OK && (code != DOUBT_E_USAGE || err.text[0] == '\0'))
        abort();
    for (int i = 0; code == DOUBT_OK && i < args.count; i++) {
        struct doubt_tensor tensor;
        doubt_subject_parse_size(args.items[i], &tensor, NULL);
    }
    free(text);
    return 0;
}
