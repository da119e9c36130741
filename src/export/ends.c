#include "export/ends.h"

#include "base/mem.h"

#include <stdlib.h>

void ends_finish(Ends *ends) {
    free(ends->heap);
    *ends = (Ends){0};
}

static bool before(const End *a, const End *b) {
    return a->end_ns != b->end_ns ? a->end_ns < b->end_ns : a->begun > b->begun;
}

void ends_add(Ends *ends, uint64_t end_ns, uint64_t track) {
    const End end = {end_ns, ends->begun++, track};
    ends->heap = mem_grow(ends->heap, &ends->cap, ends->count + 1, sizeof *ends->heap);
    size_t at = ends->count++;
    while (at > 0 && before(&end, &ends->heap[(at - 1) / 2])) {
        ends->heap[at] = ends->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    ends->heap[at] = end;
}

bool ends_take(Ends *ends, uint64_t t_ns, uint64_t *end_ns, uint64_t *track) {
    if (ends->count == 0 || ends->heap[0].end_ns > t_ns) {
        return false;
    }
    *end_ns = ends->heap[0].end_ns;
    *track = ends->heap[0].track;
    const End last = ends->heap[--ends->count];
    size_t at = 0;
    for (size_t child = 1; child < ends->count; child = 2 * at + 1) {
        child += child + 1 < ends->count && before(&ends->heap[child + 1], &ends->heap[child]);
        if (!before(&ends->heap[child], &last)) {
            break;
        }
        ends->heap[at] = ends->heap[child];
        at = child;
    }
    ends->heap[at] = last;
    return true;
}
