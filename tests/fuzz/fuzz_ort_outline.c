/* fuzz_ort_outline.c: the outline of an ONNX file on arbitrary bytes. A unit of work is one input.
 */
#include "../../engines/onnxruntime/ort_outline.c"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ort_outline outline;
    ort_outline_parse(data, size, &outline);
    if (outline.symbol_count > ORT_OUTLINE_SYMBOLS)
        abort();
    return 0;
}
