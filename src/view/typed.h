/* A line of text that is typed, key by key.
 *
 * Threads: pure functions. */
#ifndef LOOPSCOPE_VIEW_TYPED_H
#define LOOPSCOPE_VIEW_TYPED_H

#include <stdbool.h>
#include <stddef.h>

/* Appends what the key writes: a sign is told by its text, a letter by its key (in upper case), and
 * Shift. False where it writes nothing, or has no room. */
bool typed_add(char *text, size_t size_bytes, const char *key, bool shift);

/* The last sign goes; with `part` the last part of a path. */
void typed_erase(char *text, bool part);

#endif
