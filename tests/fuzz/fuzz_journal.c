/* fuzz_journal.c: any bytes as a journal of changes. One that is accepted writes nothing outside of
 * its knobs' own files, and gives the same text again. */
#include "machine/journal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_state(const char *state)
{
    if (strstr(state, "..") != NULL && strstr(state, "/..") != NULL)
        abort();
    for (const char *at = state; *at != '\0'; at = strchr(at, '\n') + 1)
        if (strncmp(at, "sys/", 4) != 0 && *at != '@')
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_journal journal;
    struct doubt_err err = {0};
    struct doubt_str text;
    if (doubt_journal_parse((const char *)data, size, "it", &journal, &err) != DOUBT_OK) {
        if (err.text[0] == '\0')
            abort();
        return 0;
    }
    for (size_t i = 0; i < journal.count; i++)
        check_state(journal.entries[i].state);
    doubt_str_init(&text, DOUBT_JOURNAL_BYTES_MAX);
    doubt_journal_format(&journal, &text);
    if (text.len != size || memcmp(text.data, data, size) != 0)
        abort();
    doubt_str_free(&text);
    doubt_journal_free(&journal);
    return 0;
}
