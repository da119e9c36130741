#include "trace/compare.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* ---- the order ---- */

/* A walk over the events of one run that count. */
typedef struct Walk {
    const Log *log;
    const TraceStats *stats;
    uint64_t next, count;
    bool with_steps;
    const Event **ops; /* submissions, by op id */
    size_t op_count, op_cap;
} Walk;

static bool counts(const Walk *walk, const Event *event) {
    switch ((EventKind)event->kind) {
    case EV_LOOP_START:
    case EV_POLL:
    case EV_POLLED:
    case EV_ITERATION:
    case EV_IO_ARRIVED:
    case EV_NOTE:
    case EV_LOOP_BLOCKED:
        return false;
    case EV_STEP:
        return walk->with_steps;
    default:
        return true;
    }
}

/* The next event that counts, and its number; NULL at the end. */
static const Event *walk_on(Walk *walk, uint64_t *n) {
    while (walk->next < walk->count) {
        *n = walk->next++;
        const Event *event = log_event(walk->log, *n);
        if (event->kind == EV_IO_SUBMITTED) {
            walk->ops = mem_grow(walk->ops, &walk->op_cap, walk->op_count + 1, sizeof *walk->ops);
            walk->ops[walk->op_count++] = event;
        }
        if (counts(walk, event)) {
            return event;
        }
    }
    *n = UINT64_MAX;
    return NULL;
}

static bool same_text(const Walk *a, uint32_t text_a, const Walk *b, uint32_t text_b) {
    size_t length_a = 0, length_b = 0;
    const char *words_a = log_text(a->log, text_a, &length_a);
    const char *words_b = log_text(b->log, text_b, &length_b);
    return length_a == length_b && memcmp(words_a, words_b, length_a) == 0;
}

static uint32_t task_name(const Walk *walk, uint32_t task) {
    return task < walk->stats->task_count ? walk->stats->tasks[task].name : EVENT_NONE;
}

static bool same_task(const Walk *a, const Event *left, const Walk *b, const Event *right) {
    return (left->task == EVENT_NONE) == (right->task == EVENT_NONE) &&
           same_text(a, task_name(a, left->task), b, task_name(b, right->task));
}

/* What is asked of the system; not by which means. */
static bool same_io(const Walk *a, const Event *left, const Walk *b, const Event *right) {
    return same_task(a, left, b, right) && left->a == right->a && left->b == right->b &&
           left->x == right->x && same_text(a, left->text, b, right->text);
}

static bool same_completion(const Walk *a, const Event *left, const Walk *b, const Event *right) {
    return left->x == right->x && left->id < a->op_count && right->id < b->op_count &&
           same_io(a, a->ops[left->id], b, b->ops[right->id]);
}

static bool same_wait(const Walk *a, const Event *left, const Walk *b, const Event *right) {
    return left->a == right->a && left->b == right->b &&
           (left->b != TARGET_NAME || same_text(a, left->text, b, right->text));
}

static bool same_event(const Walk *a, const Event *left, const Walk *b, const Event *right) {
    if (left->kind != right->kind || !same_task(a, left, b, right)) {
        return false;
    }
    switch ((EventKind)left->kind) {
    case EV_STEP:
    case EV_TASK_CREATED:
    case EV_CALLBACK_READY:
    case EV_OUTPUT:
    case EV_TASK_FAILED:
    case EV_LIMIT:
        return same_text(a, left->text, b, right->text);
    case EV_TASK_READY:
    case EV_CALLBACK_RUN:
    case EV_LOOP_STOP:
        return left->a == right->a;
    case EV_CANCEL_REQUESTED:
        return left->b == right->b;
    case EV_SYNC:
        return left->a == right->a && same_text(a, left->text, b, right->text);
    case EV_TASK_WAITING:
        return same_wait(a, left, b, right);
    case EV_IO_SUBMITTED:
    case EV_IO_BLOCKING:
        return same_io(a, left, b, right);
    case EV_IO_COMPLETED:
        return same_completion(a, left, b, right);
    default: /* kind and task say all that is comparable */
        return true;
    }
}

static bool same_source(const Log *a, const Log *b) {
    const TraceHeader *left = log_header(a), *right = log_header(b);
    return left->source_size_bytes > 0 && left->source_size_bytes == right->source_size_bytes &&
           memcmp(left->source, right->source, left->source_size_bytes) == 0;
}

static void difference_find(Comparison *comparison, const Log *const logs[COMPARE_RUNS],
                            const uint64_t event_counts[COMPARE_RUNS]) {
    const bool steps = same_source(logs[0], logs[1]);
    Walk walks[COMPARE_RUNS];
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        walks[run] = (Walk){.log = logs[run],
                            .stats = &comparison->stats[run],
                            .count = event_counts[run],
                            .with_steps = steps};
    }
    CompareDifference *first = &comparison->first;
    *first = (CompareDifference){0};
    for (;; first->alike++) {
        const Event *left = walk_on(&walks[0], &first->n[0]);
        const Event *right = walk_on(&walks[1], &first->n[1]);
        if (left == NULL && right == NULL) {
            break;
        }
        if (left == NULL || right == NULL || !same_event(&walks[0], left, &walks[1], right)) {
            first->any = true;
            break;
        }
    }
    free(walks[0].ops);
    free(walks[1].ops);
}

/* ---- tasks that go together ---- */

typedef struct Named {
    const char *name;
    uint32_t task;
} Named;

static int by_name(const void *left, const void *right) {
    const Named *a = left, *b = right;
    const int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->task > b->task) - (a->task < b->task);
}

static Named *names_sorted(const Log *log, const TraceStats *stats) {
    Named *names = mem_alloc((size_t)stats->task_count + 1, sizeof *names);
    for (uint32_t task = 0; task < stats->task_count; task++) {
        names[task] = (Named){log_text(log, stats->tasks[task].name, NULL), task};
    }
    qsort(names, stats->task_count, sizeof *names, by_name);
    return names;
}

static int by_making(const void *left, const void *right) {
    const ComparePair *a = left, *b = right;
    if (a->task[0] != b->task[0]) {
        return a->task[0] < b->task[0] ? -1 : 1; /* EVENT_NONE is the largest */
    }
    return (a->task[1] > b->task[1]) - (a->task[1] < b->task[1]);
}

static void pairs_make(Comparison *comparison, const Log *const logs[COMPARE_RUNS]) {
    const size_t counts_of[COMPARE_RUNS] = {comparison->stats[0].task_count,
                                            comparison->stats[1].task_count};
    Named *left = names_sorted(logs[0], &comparison->stats[0]);
    Named *right = names_sorted(logs[1], &comparison->stats[1]);
    comparison->pairs = mem_alloc(counts_of[0] + counts_of[1] + 1, sizeof *comparison->pairs);
    for (size_t i = 0, k = 0; i < counts_of[0] || k < counts_of[1];) {
        const int order = i == counts_of[0]   ? 1
                          : k == counts_of[1] ? -1
                                              : strcmp(left[i].name, right[k].name);
        comparison->pairs[comparison->pair_count++] = (ComparePair){
            {order <= 0 ? left[i].task : EVENT_NONE, order >= 0 ? right[k].task : EVENT_NONE}};
        i += order <= 0;
        k += order >= 0;
    }
    free(left);
    free(right);
    qsort(comparison->pairs, comparison->pair_count, sizeof *comparison->pairs, by_making);
}

void comparison_make(Comparison *comparison, const Log *const logs[COMPARE_RUNS],
                     const uint64_t event_counts[COMPARE_RUNS]) {
    *comparison = (Comparison){0};
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        trace_stats_make(&comparison->stats[run], logs[run], event_counts[run]);
    }
    pairs_make(comparison, logs);
    difference_find(comparison, logs, event_counts);
}

void comparison_finish(Comparison *comparison) {
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        trace_stats_finish(&comparison->stats[run]);
    }
    free(comparison->pairs);
    *comparison = (Comparison){0};
}

size_t comparison_pair_of(const Comparison *comparison, size_t run, uint32_t task) {
    size_t pair = 0;
    while (pair < comparison->pair_count && comparison->pairs[pair].task[run] != task) {
        pair++;
    }
    return pair;
}

double comparison_ratio(const Comparison *comparison) {
    const uint64_t first = comparison->stats[0].end_ns;
    return first == 0 ? 0 : (double)comparison->stats[1].end_ns / (double)first;
}
