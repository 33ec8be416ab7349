/* claims_int.h: what the files of this floor share. Not for other floors. */
#ifndef DOUBT_CLAIMS_INT_H
#define DOUBT_CLAIMS_INT_H

#include <stddef.h>

/* The line (from 1) of member field of element index of the array "claims" in valid JSON text; of
 * the element when it has no such member or field is NULL; of the text's member field when index is
 * negative. 0 when there is nothing like that. */
size_t doubti_line_of(const char *text, size_t size, long index, const char *field);

#endif
