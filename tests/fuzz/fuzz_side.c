/* fuzz_side.c: any text as the settings of one side; what is accepted must be words of a command
 * line that name an option, and what is not must have a sentence. */
#include "cli/side.h"
#include "cli/values.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct doubt_opt rows[] = {
    {"engine", 'E', "NAME", DOUBT_OPT_TEXT, 0, NULL, "", 0, 0, NULL},
    {"option", 'O', "NAME=VALUE", DOUBT_OPT_LIST, 0, NULL, "", 0, 0, NULL},
    {"env", 0, "NAME=VALUE", DOUBT_OPT_LIST, 0, NULL, "", 0, 0, NULL},
    {"no-nms", 0, NULL, DOUBT_OPT_FLAG, 0, NULL, "", 0, 0, NULL},
    {0},
};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static bool is_known(const char *word)
{
    if (strcmp(word, "--no-nms") == 0)
        return true;
    return strncmp(word, "--engine=", 9) == 0 || strncmp(word, "--option=", 9) == 0 ||
           strncmp(word, "--env=", 6) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_words words = {0};
    struct doubt_err err = {0};
    char *text = malloc(size + 1);
    double share = -1;
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    enum doubt_code code = doubt_side_add(text, rows, &words, &err);
    check(code == DOUBT_OK || (code == DOUBT_E_USAGE && err.text[0] != '\0'));
    check(code != DOUBT_OK || words.count > 0);
    size_t bytes = 0;
    for (size_t i = 0; i < words.count; i++) {
        check(is_known(words.items[i]));
        bytes += strlen(words.items[i]);
    }
    check(bytes <= size + 2 * words.count); /* nothing is added but dashes */
    doubt_words_free(&words);
    if (doubt_values_parse_percent("--margin", text, 1000, &share, NULL) == DOUBT_OK)
        check(share >= 0 && share <= 10);
    free(text);
    return 0;
}
