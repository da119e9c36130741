#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void mem_exhausted(size_t count, size_t size_bytes) {
    fprintf(stderr, "loopscope: out of memory (asked for %zu x %zu bytes)\n", count, size_bytes);
    exit(1);
}

void *mem_alloc(size_t count, size_t size_bytes) {
    void *memory = calloc(count == 0 ? 1 : count, size_bytes == 0 ? 1 : size_bytes);
    if (memory == NULL) {
        mem_exhausted(count, size_bytes);
    }
    return memory;
}

void *mem_resize(void *old, size_t count, size_t size_bytes) {
    if (size_bytes != 0 && count > SIZE_MAX / size_bytes) {
        mem_exhausted(count, size_bytes);
    }
    const size_t total = count * size_bytes;
    void *memory = realloc(old, total == 0 ? 1 : total);
    if (memory == NULL) {
        mem_exhausted(count, size_bytes);
    }
    return memory;
}

char *mem_copy_text(const char *text, size_t length) {
    char *copy = mem_alloc(length + 1, 1);
    if (length > 0) {
        memcpy(copy, text, length);
    }
    return copy;
}

void *mem_grow(void *array, size_t *cap, size_t need, size_t size_bytes) {
    if (need <= *cap) {
        return array;
    }
    size_t grown = *cap < 8 ? 8 : *cap * 2;
    if (grown < need) {
        grown = need;
    }
    array = mem_resize(array, grown, size_bytes);
    *cap = grown;
    return array;
}
