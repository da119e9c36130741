/* A timeline that only goes on needs what the next events can rest on: the ready queue, the last
 * handle of each task with its steps, the sums of the lives until then. The rest is forgotten, so
 * memory is flat in the number of events. */
#include "trace/timeline_index.h"

#include "base/mem.h"

#include <stdlib.h>

enum { FORGET_ENTRIES_MIN = 1 << 16 };

static uint64_t entries(const Timeline *timeline) {
    return (uint64_t)timeline->head.queued + timeline->steps.count + timeline->marks.count +
           timeline->outputs.count;
}

/* Of a task that has ended, how long it did what is not asked again. */
static void forget_life(const Timeline *timeline, TaskRecord *task) {
    if (task->phase >= TASK_FINISHED) {
        free(task->before);
        task->before = NULL;
    } else if (task->stint_count > 1) {
        const LifeSum sum = life_before(timeline, task, task->stint_count - 1);
        task->before = task->before == NULL ? mem_alloc(1, sizeof sum) : task->before;
        *task->before = sum;
    }
    free(task->sums);
    task->sums = NULL;
}

/* Marks the last handle of each task in `kept`, and leaves it alone in its stints. */
static void keep_last_handles(Timeline *timeline, bool *kept) {
    for (uint64_t i = 0; i < timeline->head.loop.tasks; i++) {
        TaskRecord *task = &timeline->tasks[i];
        if (task->stint_count == 0) {
            continue;
        }
        const uint32_t last = task_stints(task)[task->stint_count - 1];
        forget_life(timeline, task);
        if (task->stint_cap > HANDLES_INLINE) {
            free(task->stints.many);
        }
        task->stint_cap = HANDLES_INLINE;
        task->stint_count = 1;
        task->stints.few[0] = last;
        kept[last] = true;
    }
}

/* Moves what is kept to the front, in order, each handle with its steps; moved[i] is where handle i
 * went. Returns how many are kept of those that have begun. */
static uint32_t move_handles(Timeline *timeline, const bool *kept, uint32_t *moved) {
    uint32_t count = 0, begun = 0, steps = 0;
    for (uint32_t i = 0; i < timeline->head.queued; i++) {
        if (!kept[i]) {
            continue;
        }
        Handle handle = timeline->handles[i];
        if (i < timeline->head.begun) {
            const uint32_t end = handle_steps_end(timeline, i);
            const uint32_t first = handle.steps_before;
            handle.steps_before = steps;
            for (uint32_t step = first; step < end; step++) {
                timeline->steps.items[steps++] = timeline->steps.items[step];
            }
            begun++;
        }
        timeline->handles[count] = handle;
        moved[i] = count++;
    }
    timeline->head.queued = count;
    timeline->steps.count = steps;
    return begun;
}

static void forget(Timeline *timeline) {
    const uint32_t queued = timeline->head.queued, begun = timeline->head.begun;
    bool *kept = mem_alloc(queued, sizeof *kept);
    uint32_t *moved = mem_alloc(queued, sizeof *moved);
    for (uint32_t i = begun == 0 ? 0 : begun - 1; i < queued; i++) {
        kept[i] = true; /* the one that runs, or ran last, too */
    }
    keep_last_handles(timeline, kept);
    timeline->head.begun = move_handles(timeline, kept, moved);
    timeline->head.steps = timeline->steps.count;
    for (uint64_t i = 0; i < timeline->head.loop.tasks; i++) {
        TaskRecord *task = &timeline->tasks[i];
        if (task->stint_count > 0) {
            task->stints.few[0] = moved[task->stints.few[0]];
        }
    }
    timeline->marks.count = 0;
    timeline->iterations.count = 0;
    timeline->outputs.count = 0;
    free(kept);
    free(moved);
}

void index_forget(Timeline *timeline) {
    if (entries(timeline) < timeline->forget_at) {
        return;
    }
    if (timeline->forget_at > 0) {
        forget(timeline);
    }
    const uint64_t twice = 2 * entries(timeline);
    timeline->forget_at = twice > FORGET_ENTRIES_MIN ? twice : FORGET_ENTRIES_MIN;
}
