/* The names of one task, given by `as`: a small hash table, made when the first one is set. */
#include "loop/loop_impl.h"
#include "loop/loop_io.h"

#include "base/mem.h"

#include <stdlib.h>

struct NameTable {
    uint32_t count;
    uint32_t cap; /* a power of two; at least one slot stays unset, so a search ends */
    NameSlot slots[];
};

enum { NAMES_FIRST_CAP = 4 };

static size_t table_size_bytes(uint32_t cap) {
    return sizeof(NameTable) + cap * sizeof(NameSlot);
}

static NameSlot *slot_of(NameTable *table, uint32_t name) {
    uint32_t at = (name * UINT32_C(2654435769)) & (table->cap - 1);
    while (table->slots[at].kind != NAME_UNSET && table->slots[at].name != name) {
        at = (at + 1) & (table->cap - 1);
    }
    return &table->slots[at];
}

NameSlot *loop_names_find(const Task *task, uint32_t name) {
    if (task->names == NULL) {
        return NULL;
    }
    NameSlot *slot = slot_of(task->names, name);
    return slot->kind == NAME_UNSET ? NULL : slot;
}

static void value_clear(Loop *loop, NameSlot *slot) {
    switch ((NameKind)slot->kind) {
    case NAME_UNSET:
        break;
    case NAME_TEXT:
        loop->used[LIMIT_MEMORY] -= slot->length + 1;
        free(slot->at.text);
        break;
    case NAME_FILE: /* what is left open is closed when the run ends */
        if (loop->apart != NULL) {
            break; /* the thread keeps its files together to its end */
        }
        if (slot->at.file->left != NULL) {
            slot->at.file->is_orphan = true;
            break;
        }
        loop->used[LIMIT_MEMORY] -= sizeof(File);
        free(slot->at.file);
        break;
    case NAME_TASK:
        loop_task_release(loop, task_at(loop, slot->task));
        break;
    }
}

static NameTable *table_make(Loop *loop, uint32_t cap) {
    NameTable *table = mem_alloc(1, table_size_bytes(cap));
    table->cap = cap;
    loop->used[LIMIT_MEMORY] += table_size_bytes(cap);
    return table;
}

static void table_free(Loop *loop, NameTable *table) {
    loop->used[LIMIT_MEMORY] -= table_size_bytes(table->cap);
    free(table);
}

static void table_grow(Loop *loop, Task *task) {
    NameTable *old = task->names;
    NameTable *grown = table_make(loop, old == NULL ? NAMES_FIRST_CAP : old->cap * 2);
    for (uint32_t i = 0; old != NULL && i < old->cap; i++) {
        if (old->slots[i].kind != NAME_UNSET) {
            *slot_of(grown, old->slots[i].name) = old->slots[i];
            grown->count++;
        }
    }
    if (old != NULL) {
        table_free(loop, old);
    }
    task->names = grown;
}

NameSlot *loop_names_set(Loop *loop, Task *task, uint32_t name, NameKind kind) {
    ASSERT(kind != NAME_UNSET && name != PROGRAM_NONE);
    if (task->names == NULL || task->names->count + 1 >= task->names->cap) {
        table_grow(loop, task);
    }
    NameSlot *slot = slot_of(task->names, name);
    task->names->count += slot->kind == NAME_UNSET;
    value_clear(loop, slot);
    *slot = (NameSlot){.name = name, .kind = (uint8_t)kind, .task = NONE};
    return slot;
}

NameSlot *loop_names_next(Task *task, uint32_t *at) {
    NameTable *table = task->names;
    while (table != NULL && *at < table->cap) {
        NameSlot *slot = &table->slots[(*at)++];
        if (slot->kind != NAME_UNSET) {
            return slot;
        }
    }
    return NULL;
}

void loop_names_free(Loop *loop, Task *task) {
    if (task->names == NULL) {
        return;
    }
    for (uint32_t i = 0; i < task->names->cap; i++) {
        value_clear(loop, &task->names->slots[i]);
    }
    table_free(loop, task->names);
    task->names = NULL;
}
