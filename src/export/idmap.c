#include "export/idmap.h"

#include "base/mem.h"

#include <stdlib.h>

#define FREE_ID UINT32_MAX
enum { CAP_FIRST = 64 };

void idmap_finish(IdMap *map) {
    free(map->slots);
    *map = (IdMap){0};
}

/* Ids come in sequence, so their lower bits spread them well enough. */
static size_t home_of(const IdMap *map, uint32_t id) {
    return id & (map->cap - 1);
}

/* Where the id stands, or the free slot where it would. */
static size_t place_of(const IdMap *map, uint32_t id) {
    size_t at = home_of(map, id);
    while (map->slots[at].id != id && map->slots[at].id != (uint32_t)FREE_ID) {
        at = (at + 1) & (map->cap - 1);
    }
    return at;
}

static void grow(IdMap *map) {
    const IdMap old = *map;
    map->cap = old.cap == 0 ? CAP_FIRST : old.cap * 2;
    map->slots = mem_resize(NULL, map->cap, sizeof *map->slots);
    for (size_t i = 0; i < map->cap; i++) {
        map->slots[i].id = (uint32_t)FREE_ID;
    }
    for (size_t i = 0; i < old.cap; i++) {
        if (old.slots[i].id != (uint32_t)FREE_ID) {
            map->slots[place_of(map, old.slots[i].id)] = old.slots[i];
        }
    }
    free(old.slots);
}

void idmap_put(IdMap *map, uint32_t id, uint32_t n) {
    if (map->count * 2 >= map->cap) {
        grow(map);
    }
    const size_t at = place_of(map, id);
    map->count += map->slots[at].id != id;
    map->slots[at] = (IdMapSlot){id, n};
}

bool idmap_get(const IdMap *map, uint32_t id, uint32_t *n) {
    if (map->count == 0) {
        return false;
    }
    const size_t at = place_of(map, id);
    *n = map->slots[at].n;
    return map->slots[at].id == id;
}

/* Those behind the freed slot move up where they could not be found otherwise. */
void idmap_remove(IdMap *map, uint32_t id) {
    if (map->count == 0) {
        return;
    }
    size_t hole = place_of(map, id);
    if (map->slots[hole].id != id) {
        return;
    }
    const size_t mask = map->cap - 1;
    for (size_t at = (hole + 1) & mask; map->slots[at].id != (uint32_t)FREE_ID;
         at = (at + 1) & mask) {
        const size_t home = home_of(map, map->slots[at].id);
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            map->slots[hole] = map->slots[at];
            hole = at;
        }
    }
    map->slots[hole].id = (uint32_t)FREE_ID;
    map->count--;
}
