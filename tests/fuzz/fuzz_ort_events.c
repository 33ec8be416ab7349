/* fuzz_ort_events.c: the reader of ONNX Runtime's profiles on any bytes. */
#include "../../engines/onnxruntime/ort_events.c"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ort_events events;
    if (ort_events_parse((const char *)data, size, &events) == 0)
        for (size_t i = 0; i < events.count; i++)
            if (strlen(events.nodes[i].name) >= DOUBT_NAME_BYTES)
                abort();
    ort_events_free(&events);
    return 0;
}
