#include "trace/op_stats.h"

#include "base/mem.h"

#include <stdlib.h>

typedef struct Caps {
    size_t awaited[IO_CALL_COUNT], blocking[IO_CALL_COUNT];
} Caps;

static void add(OpKindStats *kind, size_t *cap, uint64_t took_ns, int64_t result) {
    kind->took_ns = mem_grow(kind->took_ns, cap, kind->count + 1, sizeof *kind->took_ns);
    kind->took_ns[kind->count++] = took_ns;
    kind->failed += result < 0;
}

static int by_value(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

void op_stats_make(OpStats *stats, const Log *log, uint64_t count) {
    *stats = (OpStats){0};
    Caps caps = {0};
    const Event **ops = NULL; /* submissions, by op id */
    size_t op_count = 0, op_cap = 0;
    for (uint64_t n = 0; n < count; n++) {
        const Event *event = log_event(log, n);
        if (event->kind == EV_IO_SUBMITTED) {
            ops = mem_grow(ops, &op_cap, op_count + 1, sizeof *ops);
            ops[op_count++] = event;
            stats->unfinished++;
        } else if (event->kind == EV_IO_COMPLETED && event->id < op_count) {
            const Event *op = ops[event->id];
            stats->unfinished--;
            add(&stats->awaited[op->a], &caps.awaited[op->a], event->t_ns - op->t_ns, event->x);
        } else if (event->kind == EV_IO_BLOCKING) {
            add(&stats->blocking[event->a], &caps.blocking[event->a], (uint64_t)event->z,
                event_io_result(event));
        }
    }
    free(ops);
    for (int call = 0; call < IO_CALL_COUNT; call++) {
        OpKindStats *kinds[] = {&stats->awaited[call], &stats->blocking[call]};
        for (int i = 0; i < 2; i++) {
            if (kinds[i]->count > 0) {
                qsort(kinds[i]->took_ns, kinds[i]->count, sizeof *kinds[i]->took_ns, by_value);
            }
        }
    }
}

void op_stats_finish(OpStats *stats) {
    for (int call = 0; call < IO_CALL_COUNT; call++) {
        free(stats->awaited[call].took_ns);
        free(stats->blocking[call].took_ns);
    }
    *stats = (OpStats){0};
}

uint64_t op_stats_percentile_ns(const OpKindStats *kind, unsigned percent) {
    if (kind->count == 0) {
        return 0;
    }
    const size_t rank = (kind->count * percent + 99) / 100;
    return kind->took_ns[rank == 0 ? 0 : rank - 1];
}
