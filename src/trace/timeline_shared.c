/* What tasks share: locks, semaphores, events and queues, each with the events that changed it. */
#include "trace/timeline_index.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { HOLDERS_LOOK_BACK = 4096 }; /* syncs; a semaphore may be held since long ago */

bool wait_is_shared(const Event *wait) {
    return wait->b == TARGET_NAME && wait->text != EVENT_NONE &&
           (wait->a == WAIT_LOCK || wait->a == WAIT_SEMAPHORE || wait->a == WAIT_EVENT ||
            wait->a == WAIT_QUEUE);
}

/* ---- names ---- */

/* Where `name` is, or belongs, in shared_sorted. */
static uint32_t sorted_place(const Timeline *timeline, uint32_t name) {
    uint32_t low = 0, high = timeline->shared_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (timeline->shared[timeline->shared_sorted[middle]].name < name) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static SharedRecord *find(const Timeline *timeline, uint32_t name) {
    const uint32_t place = sorted_place(timeline, name);
    if (place == timeline->shared_count) {
        return NULL;
    }
    SharedRecord *record = &timeline->shared[timeline->shared_sorted[place]];
    return record->name == name ? record : NULL;
}

static SharedRecord *make(Timeline *timeline, uint32_t name) {
    const uint32_t place = sorted_place(timeline, name), index = timeline->shared_count;
    timeline->shared =
        index_grow(timeline->shared, &timeline->shared_cap, index + 1, sizeof *timeline->shared);
    timeline->shared_sorted = index_grow(timeline->shared_sorted, &timeline->shared_sorted_cap,
                                         index + 1, sizeof *timeline->shared_sorted);
    memmove(&timeline->shared_sorted[place + 1], &timeline->shared_sorted[place],
            (index - place) * sizeof *timeline->shared_sorted);
    timeline->shared_sorted[place] = index;
    timeline->shared[index] = (SharedRecord){.name = name};
    timeline->shared_count++;
    return &timeline->shared[index];
}

/* ---- following ---- */

static void apply(SharedSum *sum, const Event *event) {
    if (event->kind == EV_TASK_WAITING) {
        sum->waiters++;
        return;
    }
    if (event->kind == EV_TASK_READY) {
        sum->waiters--;
        return;
    }
    switch ((SyncWhat)event->a) {
    case SYNC_ACQUIRED:
    case SYNC_PUT:
        sum->level++;
        break;
    case SYNC_RELEASED:
    case SYNC_GOT:
        sum->level--;
        break;
    case SYNC_SET:
        sum->level = 1;
        break;
    case SYNC_CLEARED:
        sum->level = 0;
        break;
    }
}

static SharedKind kind_of(const SharedRecord *record, const Event *event) {
    if (event->kind == EV_TASK_WAITING) {
        return event->a == WAIT_LOCK        ? SHARED_LOCK
               : event->a == WAIT_SEMAPHORE ? SHARED_SEMAPHORE
               : event->a == WAIT_EVENT     ? SHARED_EVENT
                                            : SHARED_QUEUE;
    }
    if (record->kind != SHARED_UNKNOWN || event->kind != EV_SYNC) {
        return record->kind;
    }
    switch ((SyncWhat)event->a) {
    case SYNC_SET:
    case SYNC_CLEARED:
        return SHARED_EVENT;
    case SYNC_PUT:
    case SYNC_GOT:
        return SHARED_QUEUE;
    default: /* a lock has one place, and none more than it began with */
        return record->head.level == 0 || record->head.level == 1 ? SHARED_UNKNOWN
                                                                  : SHARED_SEMAPHORE;
    }
}

void shared_follow(Timeline *timeline, uint32_t name, const Event *event) {
    SharedRecord *record = find(timeline, name);
    if (record == NULL) {
        record = make(timeline, name);
    }
    if (record->entries.count % SHARED_PER_SUM == 0) {
        const uint32_t sum = record->entries.count / SHARED_PER_SUM;
        record->sums = index_grow(record->sums, &record->sum_cap, sum + 1, sizeof *record->sums);
        record->sums[sum] = record->head;
    }
    index_list_add(&record->entries, timeline->count);
    apply(&record->head, event);
    if (event->kind == EV_SYNC) {
        record->head.syncs_end = record->entries.count;
    }
    record->kind = kind_of(record, event);
}

void shared_free(Timeline *timeline) {
    for (uint32_t i = 0; i < timeline->shared_count; i++) {
        free(timeline->shared[i].entries.items);
        free(timeline->shared[i].sums);
    }
    free(timeline->shared);
    free(timeline->shared_sorted);
}

uint64_t shared_size_bytes(const Timeline *timeline) {
    uint64_t bytes = timeline->shared_cap * sizeof(SharedRecord) +
                     timeline->shared_sorted_cap * sizeof(uint32_t);
    for (uint32_t i = 0; i < timeline->shared_count; i++) {
        const SharedRecord *record = &timeline->shared[i];
        bytes += record->entries.cap * sizeof(uint32_t) + record->sum_cap * sizeof(SharedSum);
    }
    return bytes;
}

/* ---- the state ---- */

/* How many entries stand before event number `count`. */
static uint32_t entries_before(const SharedRecord *record, uint64_t count) {
    uint32_t low = 0, high = record->entries.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (record->entries.items[middle] < count) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Behind the last `sync` of the first entries; 0 where there is none. Thousands may have joined the
 * line since. */
static uint32_t syncs_end(const Timeline *timeline, const SharedRecord *record, uint32_t entries) {
    if (entries == 0) {
        return 0;
    }
    const uint32_t sum = (entries - 1) / SHARED_PER_SUM;
    for (uint32_t i = entries; i > sum * SHARED_PER_SUM; i--) {
        if (event_at(timeline, record->entries.items[i - 1])->kind == EV_SYNC) {
            return i;
        }
    }
    return record->sums[sum].syncs_end;
}

/* The last that took it and did not give it back: each release on the way back cancels the nearest
 * taking by the same task, or by anyone where that task took none. */
static void find_holders(const Timeline *timeline, const SharedRecord *record, uint32_t entries,
                         SharedInfo *info) {
    uint32_t released[SHARED_HOLDERS_MAX * 4], released_count = 0;
    uint32_t looked_at = 0;
    const uint32_t wanted =
        info->level < SHARED_HOLDERS_MAX ? (uint32_t)info->level : (uint32_t)SHARED_HOLDERS_MAX;
    for (uint32_t i = syncs_end(timeline, record, entries); i > 0 && info->holder_count < wanted;
         i = syncs_end(timeline, record, i - 1)) {
        const Event *event = event_at(timeline, record->entries.items[i - 1]);
        if (++looked_at > HOLDERS_LOOK_BACK) {
            return;
        }
        if (event->a == SYNC_RELEASED) {
            if (released_count == sizeof released / sizeof released[0]) {
                return;
            }
            released[released_count++] = event->task;
            continue;
        }
        uint32_t match = released_count;
        while (match > 0 && released[match - 1] != event->task) {
            match--;
        }
        if (match > 0) {
            released[match - 1] = released[--released_count];
        } else {
            info->holders[info->holder_count++] = event->task;
        }
    }
}

static void tell(const State *state, const SharedRecord *record, SharedInfo *out) {
    const Timeline *timeline = state_timeline(state);
    const uint32_t entries = entries_before(record, state_count(state));
    ASSERT(entries > 0);
    const uint32_t first = (entries - 1) / SHARED_PER_SUM;
    SharedSum sum = record->sums[first];
    for (uint32_t i = first * SHARED_PER_SUM; i < entries; i++) {
        apply(&sum, event_at(timeline, record->entries.items[i]));
    }
    *out = (SharedInfo){.name = record->name,
                        .kind = record->kind,
                        .level = sum.level,
                        .waiters = sum.waiters,
                        .since_n = record->entries.items[entries - 1]};
    if (sum.level > 0 && record->kind != SHARED_EVENT && record->kind != SHARED_QUEUE) {
        find_holders(timeline, record, entries, out);
    }
}

/* How many were used by now. */
static uint32_t used(const State *state) {
    const Timeline *timeline = state_timeline(state);
    uint32_t low = 0, high = timeline->shared_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (timeline->shared[middle].entries.items[0] < state_count(state)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t state_shared(const State *state, SharedInfo *out, size_t cap) {
    const size_t count = used(state);
    for (size_t i = 0; i < count && i < cap; i++) {
        tell(state, &state_timeline(state)->shared[i], &out[i]);
    }
    return count;
}

bool state_shared_named(const State *state, uint32_t name, SharedInfo *out) {
    const SharedRecord *record = find(state_timeline(state), name);
    if (record == NULL || record->entries.items[0] >= state_count(state)) {
        return false;
    }
    tell(state, record, out);
    return true;
}
