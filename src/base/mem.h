/* Memory that is there or the program ends with a sentence: sizes are bounded by limits before they
 * reach this module, so running out is not an input error that a caller could mend.
 *
 * Ownership: the caller frees with free(). Threads: any. */
#ifndef LOOPSCOPE_BASE_MEM_H
#define LOOPSCOPE_BASE_MEM_H

#include <stddef.h>

/* `count` elements of `size_bytes`, zeroed; count 0 gives a pointer that may be freed. */
void *mem_alloc(size_t count, size_t size_bytes);

/* Grows or shrinks; new bytes are not zeroed. */
void *mem_resize(void *old, size_t count, size_t size_bytes);

/* A copy of `length` bytes with a NUL after them. */
char *mem_copy_text(const char *text, size_t length);

/* Makes room for `need` elements in a growing array: returns the (moved) array and updates `*cap`.
 * Doubles, so appending is amortised constant. */
void *mem_grow(void *array, size_t *cap, size_t need, size_t size_bytes);

#endif
