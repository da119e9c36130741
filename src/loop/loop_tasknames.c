/* Tasks' names. A million tasks of one coroutine share one text: a name is a base and a number. */
#include "loop/loop_impl.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

typedef struct Spelling {
    const char *text;
    uint32_t *base; /* where the answer goes */
} Spelling;

static int compare_spellings(const void *a, const void *b) {
    return strcmp(((const Spelling *)a)->text, ((const Spelling *)b)->text);
}

/* Every text that may name a task gets a base, the same text the same. */
void loop_bases_make(Loop *loop) {
    const Program *program = loop->program;
    const size_t count = (size_t)program->task_count + program->body_count + program->name_count;
    Spelling *all = mem_alloc(count, sizeof *all);
    loop->base_of_task = mem_alloc(program->task_count, sizeof(uint32_t));
    loop->base_of_body = mem_alloc(program->body_count, sizeof(uint32_t));
    loop->base_of_name = mem_alloc(program->name_count, sizeof(uint32_t));
    size_t filled = 0;
    for (uint32_t i = 0; i < program->task_count; i++) {
        all[filled++] = (Spelling){program->tasks[i].name, &loop->base_of_task[i]};
    }
    for (uint32_t i = 0; i < program->body_count; i++) {
        all[filled++] = (Spelling){program->bodies[i].name, &loop->base_of_body[i]};
    }
    for (uint32_t i = 0; i < program->name_count; i++) {
        all[filled++] = (Spelling){program->names[i].text, &loop->base_of_name[i]};
    }
    qsort(all, count, sizeof *all, compare_spellings);
    loop->bases = mem_alloc(count, sizeof *loop->bases);
    uint32_t bases = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(all[i].text, all[i - 1].text) != 0) {
            loop->bases[bases++] = (Base){.text = all[i].text, .next = 2};
        }
        *all[i].base = bases - 1;
    }
    free(all);
    for (uint32_t i = 0; i < program->task_count; i++) {
        Base *base = &loop->bases[loop->base_of_task[i]];
        base->used = base->used || !program->tasks[i].numbered;
        base->copies = program->tasks[i].numbered ? program->tasks[i].count : base->copies;
    }
}

/* NAME, then NAME-2, NAME-3 ..., whatever of it no task of the run has had. */
uint32_t loop_spawn_number(Loop *loop, uint32_t base_index) {
    Base *base = &loop->bases[base_index];
    if (!base->used) {
        base->used = true;
        return NONE;
    }
    if (base->next < base->copies) {
        base->next = (uint32_t)base->copies;
    }
    return base->next++;
}

void loop_task_name(const Loop *loop, uint32_t base, uint32_t number, Buf *out) {
    buf_append_text(out, loop->bases[base].text);
    if (number != NONE) {
        buf_append_char(out, '-');
        buf_append_u64(out, number);
    }
}
