#include "base/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

static _Noreturn void exhausted(size_t size_bytes) {
    fprintf(stderr, "loopscope: out of memory (asked for %zu bytes)\n", size_bytes);
    exit(1);
}

/* Reserved and committed at once: what isn't touched takes no memory, only a promise of some. */
void *pages_take(size_t size_bytes) {
    void *memory = VirtualAlloc(NULL, size_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (memory == NULL) {
        exhausted(size_bytes);
    }
    return memory;
}

/* Big pages take a privilege that no ordinary user has here. */
void *pages_take_big(size_t size_bytes) {
    return pages_take(size_bytes);
}

void pages_give_back(void *memory, size_t size_bytes) {
    (void)size_bytes;
    if (memory != NULL) {
        VirtualFree(memory, 0, MEM_RELEASE);
    }
}
