/* What a resume costs: 1,000 tasks that each give up control 1,000 times, with nothing recorded and
 * with every event recorded in memory; and what a live task costs in memory.
 *
 * Prints lines "NAME VALUE UNIT", the median of several runs. */
#include "base/assert.h"
#include "loop/loop.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TASKS = 1000, YIELDS = 1000, RUNS = 5, LIVE_TASKS = 200000, TIMERS = 200000 };

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* tasks x {"repeat": yields, "steps": [{"sleep": sleep_ns}]} */
static Program *program_make(uint32_t tasks, uint64_t yields, uint64_t sleep_ns) {
    ProgramBuilder *builder = program_builder_create();
    const uint32_t body = program_add_body(builder, "t");
    program_set_entry(builder, body, program_pc(builder));
    Instr repeat = program_instr(OP_REPEAT, program_add_pointer(builder, "/tasks/0/steps/0"));
    repeat.imm = yields;
    const uint32_t at = program_add_instr(builder, repeat);
    Instr sleep = program_instr(OP_SLEEP, program_add_pointer(builder, "/tasks/0/steps/0/steps/0"));
    sleep.imm = sleep_ns;
    program_add_instr(builder, sleep);
    Instr next = program_instr(OP_NEXT, PROGRAM_NONE);
    next.arg = at;
    program_add_instr(builder, next);
    program_patch_arg(builder, at, program_pc(builder));
    program_add_instr(builder, program_instr(OP_RETURN, PROGRAM_NONE));
    program_add_task(builder, "t", body, tasks, true);
    return program_build(builder);
}

static Os *os_make(void) {
    Diags diags = {0};
    Os *os = os_create(&(OsConfig){.backend = OS_BACKEND_AUTO, .workspace = "/tmp"}, &diags);
    ASSERT(os != NULL);
    diags_finish(&diags);
    return os;
}

static uint64_t run_ns(const Program *program, bool recorded, size_t *heap_bytes) {
    Os *os = os_make();
    Log *log = recorded ? log_create() : NULL;
    Loop *loop = loop_create(
        &(LoopConfig){.program = program, .os = os, .log = log, .limits = loop_limits_default()});
    const struct mallinfo2 before = mallinfo2();
    const uint64_t start_ns = now_ns();
    const LoopEnd end = loop_run(loop);
    const uint64_t took_ns = now_ns() - start_ns;
    const struct mallinfo2 after = mallinfo2();
    ASSERT(end.reason == STOP_DONE);
    if (heap_bytes != NULL) {
        *heap_bytes = after.uordblks + after.hblkhd - before.uordblks - before.hblkhd;
    }
    loop_destroy(loop);
    log_destroy(log);
    os_destroy(os);
    return took_ns;
}

static int compare_u64(const void *a, const void *b) {
    const uint64_t left = *(const uint64_t *)a;
    const uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static double median_ns(const Program *program, bool recorded) {
    uint64_t times[RUNS];
    for (int i = 0; i < RUNS; i++) {
        times[i] = run_ns(program, recorded, NULL);
    }
    qsort(times, RUNS, sizeof times[0], compare_u64);
    return (double)times[RUNS / 2];
}

int main(void) {
    Program *yields = program_make(TASKS, YIELDS, 0);
    const double resumes = (double)TASKS * (YIELDS + 1);
    printf("resume_unrecorded %.1f ns\n", median_ns(yields, false) / resumes);
    printf("resume_recorded %.1f ns\n", median_ns(yields, true) / resumes);
    program_destroy(yields);

    /* Every task stands in its only sleep at once; what the loop took for them stays its own until
     * it is destroyed, so the heap after the run tells what they needed while alive. */
    Program *alive = program_make(LIVE_TASKS, 1, 1000000);
    size_t heap_bytes = 0;
    run_ns(alive, false, &heap_bytes);
    printf("live_task %.1f bytes\n", (double)heap_bytes / LIVE_TASKS);
    printf("timer %.1f ns\n", median_ns(alive, false) / TIMERS);
    program_destroy(alive);
    return 0;
}
