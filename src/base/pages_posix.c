#include "base/pages.h"

#include "base/assert.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

void *pages_take(size_t size_bytes) {
    void *memory =
        mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        fprintf(stderr, "loopscope: out of memory (asked for %zu bytes)\n", size_bytes);
        exit(1);
    }
    return memory;
}

void *pages_take_big(size_t size_bytes) {
    ASSERT(size_bytes % PAGES_BIG_BYTES == 0);
    char *memory = pages_take(size_bytes + PAGES_BIG_BYTES);
    const size_t before = (PAGES_BIG_BYTES - (uintptr_t)memory % PAGES_BIG_BYTES) % PAGES_BIG_BYTES;
    pages_give_back(before > 0 ? memory : NULL, before);
    memory += before;
    pages_give_back(memory + size_bytes, PAGES_BIG_BYTES - before);
#ifdef MADV_HUGEPAGE
    (void)madvise(memory, size_bytes, MADV_HUGEPAGE); /* refused: the pages are small ones */
#endif
    return memory;
}

void pages_give_back(void *memory, size_t size_bytes) {
    if (memory != NULL) {
        const int failed = munmap(memory, size_bytes);
        ASSERT(failed == 0);
    }
}
