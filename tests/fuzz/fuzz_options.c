/* fuzz_options.c: any words as options of an engine whose table has every kind; what is accepted
 * keeps what the table says, and what is not has a sentence. Seeds: seeds/options. */
#include "engine/options.h"

#include "util/units.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 16 };

static const struct doubt_engine_option table[] = {
    {"text", "anything", NULL, "", DOUBT_OPTION_TEXT, 0, -INFINITY, INFINITY},
    {"switch", NULL, "0", "", DOUBT_OPTION_SWITCH, 0, -INFINITY, INFINITY},
    {"word", "latency, throughput", NULL, "", DOUBT_OPTION_WORD, 0, -INFINITY, INFINITY},
    {"whole", "MiB", "1", "", DOUBT_OPTION_WHOLE, 0, -5, 1048576},
    {"number", NULL, "1", "", DOUBT_OPTION_NUMBER, DOUBT_LIMIT_ABOVE | DOUBT_LIMIT_BELOW, -1, 1},
    {"duration", NULL, "1ms", "", DOUBT_OPTION_DURATION, 0, 0, 3600e9},
    {"pairs", NULL, NULL, "", DOUBT_OPTION_PAIRS, 0, -INFINITY, INFINITY},
    {"later", NULL, NULL, "", 1000, 0, -INFINITY, INFINITY},
    {NULL, NULL, NULL, NULL, 0, 0, 0, 0},
};

static const struct doubt_engine_ops ops = {
    .size = sizeof ops, .name = "it", .options = table, .option_bytes = sizeof table[0]};

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* By other means than the check itself. */
static void check_accepted(const char *word)
{
    const char *value = strchr(word, '=');
    int64_t ns = 0;
    check(value != NULL);
    size_t len = (size_t)(value++ - word);
    if (len == 5 && strncmp(word, "whole", 5) == 0)
        check(atof(value) >= -5 && atof(value) <= 1048576 && strpbrk(value, ".eExX \t") == NULL);
    if (len == 6 && strncmp(word, "number", 6) == 0)
        check(fabs(atof(value)) < 1);
    if (len == 6 && strncmp(word, "switch", 6) == 0)
        check(strlen(value) == 1 && strchr("01", value[0]) != NULL);
    if (len == 8 && strncmp(word, "duration", 8) == 0 && strcmp(value, "0") != 0)
        check(doubt_units_parse_duration(value, &ns, NULL) == DOUBT_OK && ns <= 3600000000000);
}

/* Lines, each one option. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *words[WORDS_MAX + 1] = {NULL};
    struct doubt_err err = {.code = DOUBT_OK};
    size_t count = 0;
    char *text = malloc(size + 1), *rest = text;
    if (text == NULL)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    for (char *word; count < WORDS_MAX && (word = strsep(&rest, "\n")) != NULL;)
        words[count++] = word;
    enum doubt_code code = doubt_options_check(&ops, words, &err);
    check(code == DOUBT_OK || (code == DOUBT_E_USAGE && err.text[0] != '\0'));
    for (size_t i = 0; code == DOUBT_OK && i < count; i++)
        check_accepted(words[i]);
    free(text);
    return 0;
}
