/* Fresh memory straight from the system, for what is large and only grows.
 *
 * What isn't touched takes nothing. Running out ends the program with a sentence, as in mem.h.
 *
 * Ownership: the caller gives back what it took, with the same size. Threads: any. */
#ifndef LOOPSCOPE_BASE_PAGES_H
#define LOOPSCOPE_BASE_PAGES_H

#include <stddef.h>

enum { PAGES_BIG_BYTES = 2 * 1024 * 1024 };

/* Zeroed, at the start of a page. */
void *pages_take(size_t size_bytes);

/* The same in big pages where the system has them: aligned to PAGES_BIG_BYTES, and so much comes at
 * once when the first byte of it is touched, instead of a fault every 4 KiB. */
void *pages_take_big(size_t size_bytes);

void pages_give_back(void *memory, size_t size_bytes); /* accepts NULL */

#endif
