/* ort_words.h: the library's messages as a person reads them.
 *
 * A unit of work is one message: what helps only those who build the library (its source files, its
 * functions' signatures, the process's host) goes, what failed stays. Not for messages of our own.
 */
#ifndef DOUBT_ORT_WORDS_H
#define DOUBT_ORT_WORDS_H

#include <stddef.h>

enum { ORT_WORDS_BYTES = 1000 };

/* Writes the message in one line without a blank at its end; an ordinary one is left whole. */
void ort_words_clean(const char *message, char *text, size_t room);

/* Is it about the capture of a CUDA graph: do the words say so, or a code of CUDA's from 900 to 908
 * (CUDA driver API, enum cudaError_enum: the codes CUDA_ERROR_STREAM_CAPTURE_...)? */
int ort_words_capture(const char *message);

#endif
