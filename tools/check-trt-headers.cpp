/* check-trt-headers.cpp: compares engines/tensorrt/trt_api.h with the vendor's headers that it is
 * compiled against (tools/check-trt-headers does that). That it compiles says that all signatures,
 * numbers and sizes agree; run, it compares the places.
 *
 * A unit of work is one row. Only for the project's own check.
 */
#include "trt_api.h"

#include <stdio.h>

static int compare(const char *class_, const char *method, int vendor, int ours)
{
    /* A method that we do not use in this major may be there. */
    if (vendor == ours || ours < 0)
        return 0;
    printf("%s::%s is at place %d, trt_api.h says %d\n", class_, method, vendor, ours);
    return 1;
}

int main()
{
    trt_places vendor;
    int major = trt_places_vendor(&vendor), bad = 0, rows = 0;
    const trt_places *ours = trt_places_of(major);
    if (ours == nullptr) {
        printf("major version %d is not one of trt_api.h\n", major);
        return 1;
    }
#define COMPARE_AS(class_, method, field)                                                          \
    bad += compare(#class_, #method, vendor.field, ours->field);                                   \
    rows += ours->field >= 0;
#define COMPARE(class_, method, ...) COMPARE_AS(class_, method, class_##_##method)
#define COMPARE_10(class_, method, ...) COMPARE_AS(class_, method, class_##_##method##_10)
    TRT_CALLS(COMPARE)
    TRT_CALLS_8(COMPARE)
    TRT_CALLS_10(COMPARE_10)
    TRT_PARSER_CALLS(COMPARE)
    TRT_PARSER_ERASE(COMPARE)
    TRT_CALLBACKS(COMPARE)
    printf("major %d: %d rows, %d wrong\n", major, rows, bad);
    return bad != 0;
}
