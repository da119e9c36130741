/* Which event opened an operation or a callback, while it is open: few at a time, however many the
 * trace has. Internal to export/.
 *
 * Ownership: idmap_finish frees; a zeroed IdMap is an empty one. Threads: one at a time. */
#ifndef LOOPSCOPE_EXPORT_IDMAP_H
#define LOOPSCOPE_EXPORT_IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct IdMapSlot {
    uint32_t id; /* UINT32_MAX: free */
    uint32_t n;
} IdMapSlot;

typedef struct IdMap {
    IdMapSlot *slots;
    size_t cap; /* a power of two */
    size_t count;
} IdMap;

void idmap_finish(IdMap *map);
void idmap_put(IdMap *map, uint32_t id, uint32_t n); /* id below UINT32_MAX */

/* False where the id is not there. */
bool idmap_get(const IdMap *map, uint32_t id, uint32_t *n);
void idmap_remove(IdMap *map, uint32_t id);

#endif
