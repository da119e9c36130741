/* Where the slices that are open will end: taken out by time, and of those that end at one time the
 * one that began last first, so the inner before the outer. Internal to export/.
 *
 * Memory: three words for each that is open.
 * Ownership: ends_finish frees; a zeroed Ends is an empty one. Threads: one at a time. */
#ifndef LOOPSCOPE_EXPORT_ENDS_H
#define LOOPSCOPE_EXPORT_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct End {
    uint64_t end_ns;
    uint64_t begun; /* how many began before */
    uint64_t track;
} End;

typedef struct Ends {
    End *heap; /* each is before its two children, 2 i + 1 and 2 i + 2 */
    size_t count, cap;
    uint64_t begun;
} Ends;

void ends_finish(Ends *ends);
void ends_add(Ends *ends, uint64_t end_ns, uint64_t track);

/* The first that ends by `t_ns`; false: none does. */
bool ends_take(Ends *ends, uint64_t t_ns, uint64_t *end_ns, uint64_t *track);

#endif
