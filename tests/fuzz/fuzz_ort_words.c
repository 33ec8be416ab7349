/* fuzz_ort_words.c: the cleaner of ONNX Runtime's messages and the reader of its log on any bytes:
 * one line comes out, not longer than what went in. */
#include "../../engines/onnxruntime/ort_log.c"
#include "../../engines/onnxruntime/ort_words.c"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ort_placement placement;
    char text[ORT_WORDS_BYTES], small[16];
    char *message = malloc(size + 1);
    if (message == NULL)
        return 0;
    if (size > 0)
        memcpy(message, data, size);
    message[size] = '\0';
    ort_words_clean(message, text, sizeof text);
    ort_words_clean(message, small, sizeof small);
    ort_words_capture(message);
    if (strpbrk(text, "\n\r\t") != NULL || strncmp(text, small, sizeof small - 1) != 0 ||
        (strlen(text) > strlen(message) && strcmp(text, "the library gives no reason") != 0))
        abort();
    for (char *line = message, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        ort_log_take(NULL, ORT_LOG_VERBOSE, "", "", "", line);
    }
    ort_log_placement(&placement);
    if (strlen(placement.cpu_types) >= sizeof placement.cpu_types)
        abort();
    free(message);
    return 0;
}
