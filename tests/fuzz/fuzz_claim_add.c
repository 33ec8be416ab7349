/* fuzz_claim_add.c: any bytes as the fields of a claim that is being written: lines NAME=VALUE.
 * Seeds: seeds/claim_add. */
#include "claims/claim_add.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_claim_draft *draft = doubt_claim_draft_new();
    char *text = malloc(size + 1);
    if (draft == NULL || text == NULL)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    char *lines = NULL;
    for (char *line = strtok_r(text, "\n", &lines); line != NULL;
         line = strtok_r(NULL, "\n", &lines)) {
        struct doubt_err err = {.code = DOUBT_OK};
        char *value = strchr(line, '=');
        if (value == NULL)
            continue;
        *value++ = '\0';
        if (doubt_claim_draft_set(draft, line, value, &err) != DOUBT_OK && err.text[0] == '\0')
            abort();
        doubt_claim_draft_get(draft, line);
    }
    doubt_claim_draft_check(draft, NULL);
    doubt_claim_draft_free(draft);
    free(text);
    return 0;
}
