/* ort_libraries.h: finds and opens what a provider of ONNX Runtime needs: cuBLAS, cuDNN and so on.
 *
 * A unit of work is one provider's shared object: what it names as needed is read from its ELF
 * header, and opened by full path before the library asks for it, since wheels keep these files in
 * folders that the dynamic linker does not search. The provider itself is never opened here: the
 * library must do that.
 */
#ifndef DOUBT_ORT_LIBRARIES_H
#define DOUBT_ORT_LIBRARIES_H

#include <stddef.h>

enum { ORT_NEEDED_MAX = 48, ORT_NEEDED_BYTES = 64 };

struct ort_needed {
    char names[ORT_NEEDED_MAX][ORT_NEEDED_BYTES];
    size_t count;
};

/* Names under DT_NEEDED of an ELF file of 64 bits, little end first. -1: no such file, or a
 * damaged one. */
int ort_needed_parse(const void *data, size_t size, struct ort_needed *needed);
int ort_needed_read(const char *path, struct ort_needed *needed);

/* The number behind ".so." of the first name that begins with stem; 0: none. */
int ort_needed_major(const struct ort_needed *needed, const char *stem);

/* Opens those of NVIDIA's (and cuDNN `cudnn`, where it is not 0, which no header names), for good.
 * library: ONNX Runtime's own path; folders: the user's, colon-separated, or NULL. -1: the name in
 * missing is in none of the places. */
int ort_libraries_open(const struct ort_needed *needed, int cudnn, const char *library,
                       const char *folders, char missing[ORT_NEEDED_BYTES]);

#endif
