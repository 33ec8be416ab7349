/* fuzz_ort_needed.c: the reader of what a shared object needs on any bytes. */
#include "../../engines/onnxruntime/ort_libraries.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ort_needed needed;
    if (ort_needed_parse(data, size, &needed) == 0)
        for (size_t i = 0; i < needed.count; i++)
            if (strlen(needed.names[i]) >= ORT_NEEDED_BYTES)
                abort();
    return 0;
}
