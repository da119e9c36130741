/* A rig for the loop's tests: programs written step by step, runs on any back end, and the events
 * as short lines, so that a whole order can be compared at once.
 *
 * Ownership: rig_finish frees all. Threads: the test's, but where a test starts its own. */
#ifndef LOOPSCOPE_TESTS_LOOP_RIG_H
#define LOOPSCOPE_TESTS_LOOP_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "back_ends.h"
#include "base/assert.h"
#include "base/buf.h"
#include "loop/loop.h"
#include "os/workspace.h"
#include "trace/check.h"
#include "trace/timeline.h"

#include <stdio.h>
#include <string.h>

#define RIG_UNUSED __attribute__((unused))
#define MS         UINT64_C(1000000)

typedef struct Rig {
    ProgramBuilder *builder;
    Program *program;
    Os *os;
    Log *log;
    Gate *gate;
    Loop *loop;
    LoopLimits limits;
    LoopEnd end;
    uint32_t steps;
    char folder[256]; /* the workspace; "" on the simulation */
    bool unlogged;
} Rig;

/* ---- building: a body is begun, its steps follow, and it is ended ---- */

RIG_UNUSED static Rig rig_make(void) {
    return (Rig){.builder = program_builder_create(), .limits = loop_limits_default()};
}

/* Steps are numbered: "/0", "/1" ... in the order in which the test writes them. */
RIG_UNUSED static Instr rig_instr(Rig *rig, OpCode op) {
    char pointer[16];
    snprintf(pointer, sizeof pointer, "/%u", (unsigned)rig->steps++);
    return program_instr(op, program_add_pointer(rig->builder, pointer));
}

RIG_UNUSED static uint32_t rig_body(Rig *rig, const char *name) {
    const uint32_t body = program_add_body(rig->builder, name);
    program_set_entry(rig->builder, body, program_pc(rig->builder));
    return body;
}

RIG_UNUSED static void rig_end(Rig *rig) {
    program_add_instr(rig->builder, program_instr(OP_RETURN, PROGRAM_NONE));
}

RIG_UNUSED static uint32_t rig_name(Rig *rig, const char *name) {
    return name == NULL ? PROGRAM_NONE : program_add_name(rig->builder, name);
}

/* The file's own name for a submitted task. */
RIG_UNUSED static void rig_task(Rig *rig, const char *name, uint32_t body) {
    const uint32_t task = program_add_task(rig->builder, name, body, 1, false);
    program_set_global(rig->builder, program_add_name(rig->builder, name), task);
}

RIG_UNUSED static uint32_t rig_text(Rig *rig, const char *text) {
    const Piece piece = {.kind = PIECE_TEXT, .text = text, .length = strlen(text)};
    return program_add_template(rig->builder, &piece, 1);
}

RIG_UNUSED static void rig_log_template(Rig *rig, uint32_t text) {
    Instr instr = rig_instr(rig, OP_LOG);
    instr.arg = text;
    program_add_instr(rig->builder, instr);
}

RIG_UNUSED static void rig_log(Rig *rig, const char *text) {
    rig_log_template(rig, rig_text(rig, text));
}

RIG_UNUSED static void rig_timed(Rig *rig, OpCode op, uint64_t ns) {
    Instr instr = rig_instr(rig, op);
    instr.imm = ns;
    program_add_instr(rig->builder, instr);
}

RIG_UNUSED static void rig_sleep(Rig *rig, uint64_t ns) {
    rig_timed(rig, OP_SLEEP, ns);
}

RIG_UNUSED static void rig_spawn(Rig *rig, uint32_t body, const char *as) {
    Instr instr = rig_instr(rig, OP_SPAWN);
    instr.arg = body;
    instr.name = rig_name(rig, as);
    program_add_instr(rig->builder, instr);
}

RIG_UNUSED static void rig_call(Rig *rig, uint32_t body) {
    Instr instr = rig_instr(rig, OP_CALL);
    instr.arg = body;
    program_add_instr(rig->builder, instr);
}

RIG_UNUSED static void rig_await(Rig *rig, const char *name) {
    Instr instr = rig_instr(rig, OP_AWAIT);
    instr.name = rig_name(rig, name);
    program_add_instr(rig->builder, instr);
}

RIG_UNUSED static uint32_t rig_repeat(Rig *rig, uint64_t count) {
    Instr instr = rig_instr(rig, OP_REPEAT);
    instr.imm = count;
    return program_add_instr(rig->builder, instr);
}

RIG_UNUSED static void rig_repeat_end(Rig *rig, uint32_t repeat) {
    Instr next = program_instr(OP_NEXT, PROGRAM_NONE);
    next.arg = repeat;
    program_add_instr(rig->builder, next);
    program_patch_arg(rig->builder, repeat, program_pc(rig->builder));
}

typedef enum RigHow { RIG_ASYNC = 0, RIG_BLOCKING = INSTR_BLOCKING } RigHow;

RIG_UNUSED static void rig_open_template(Rig *rig, uint32_t path, const char *as, OpenMode mode,
                                         RigHow how) {
    Instr instr = rig_instr(rig, OP_OPEN);
    instr.arg = path;
    instr.name = rig_name(rig, as);
    instr.mode = (uint8_t)mode;
    instr.flags = (uint8_t)how;
    program_add_instr(rig->builder, instr);
}

RIG_UNUSED static void rig_open(Rig *rig, const char *path, const char *as, OpenMode mode,
                                RigHow how) {
    rig_open_template(rig, rig_text(rig, path), as, mode, how);
}

RIG_UNUSED static void rig_write_template(Rig *rig, uint32_t text, const char *to, RigHow how) {
    Instr instr = rig_instr(rig, OP_WRITE_TEXT);
    instr.arg = text;
    instr.name = rig_name(rig, to);
    instr.flags = (uint8_t)how;
    program_add_instr(rig->builder, instr);
}

RIG_UNUSED static void rig_write(Rig *rig, const char *text, const char *to, RigHow how) {
    rig_write_template(rig, rig_text(rig, text), to, how);
}

RIG_UNUSED static void rig_fill(Rig *rig, uint64_t size_bytes, const char *to, RigHow how) {
    Instr instr = rig_instr(rig, OP_WRITE_FILL);
    instr.imm = size_bytes;
    instr.name = rig_name(rig, to);
    instr.flags = (uint8_t)how;
    program_add_instr(rig->builder, instr);
}

RIG_UNUSED static void rig_read(Rig *rig, uint64_t size_bytes, const char *from, const char *as,
                                RigHow how) {
    Instr instr = rig_instr(rig, OP_READ);
    instr.imm = size_bytes;
    instr.name = rig_name(rig, from);
    instr.arg = rig_name(rig, as);
    instr.flags = (uint8_t)how;
    program_add_instr(rig->builder, instr);
}

RIG_UNUSED static void rig_on_file(Rig *rig, OpCode op, const char *name, RigHow how) {
    Instr instr = rig_instr(rig, op);
    instr.name = rig_name(rig, name);
    instr.flags = (uint8_t)how;
    program_add_instr(rig->builder, instr);
}

/* ---- running ---- */

RIG_UNUSED static void rig_prepare(Rig *rig, OsBackend backend) {
    Diags diags = {0};
    if (backend != OS_BACKEND_SIM) {
        assert_true(workspace_make_temporary(rig->folder, sizeof rig->folder, &diags));
    }
    rig->os = os_create(
        &(OsConfig){.backend = backend, .workspace = rig->folder, .seed = 1, .threads_max = 2},
        &diags);
    assert_non_null(rig->os);
    diags_finish(&diags);
    if (rig->builder != NULL) { /* else the program is there already */
        rig->program = program_build(rig->builder);
        rig->builder = NULL;
    }
    rig->log = rig->unlogged ? NULL : log_create();
    rig->loop = loop_create(&(LoopConfig){.program = rig->program,
                                          .os = rig->os,
                                          .log = rig->log,
                                          .gate = rig->gate,
                                          .limits = rig->limits});
}

/* Every run is read by the two readers of the contract: the invariants and the timeline's fold. */
RIG_UNUSED static void rig_check(const Log *log) {
    Diags diags = {0};
    if (!trace_check(log, &diags)) {
        Buf text = {0};
        for (size_t i = 0; i < diags.count; i++) {
            diag_format(&diags.items[i], &text);
        }
        fail_msg("%s", buf_text(&text));
    }
    diags_finish(&diags);
    Timeline *timeline = timeline_create(log);
    if (!timeline_follow(timeline, UINT64_MAX)) {
        fail_msg("event %llu: %s", (unsigned long long)timeline_error(timeline)->n,
                 timeline_error(timeline)->message);
    }
    assert_int_equal(timeline_count(timeline), log_count(log));
    timeline_destroy(timeline);
}

RIG_UNUSED static void rig_run_prepared(Rig *rig) {
    rig->end = loop_run(rig->loop);
    if (rig->log != NULL) {
        assert_true(log_finished(rig->log));
        rig_check(rig->log);
    }
}

RIG_UNUSED static void rig_run_on(Rig *rig, OsBackend backend) {
    rig_prepare(rig, backend);
    rig_run_prepared(rig);
}

RIG_UNUSED static void rig_run(Rig *rig) {
    rig_run_on(rig, OS_BACKEND_SIM);
}

RIG_UNUSED static void rig_finish(Rig *rig) {
    loop_destroy(rig->loop);
    os_destroy(rig->os);
    log_destroy(rig->log);
    program_destroy(rig->program);
    if (rig->folder[0] != '\0') {
        assert_true(workspace_remove(rig->folder));
    }
}

/* ---- the events as lines ---- */

RIG_UNUSED static const char *rig_word(const Log *log, uint32_t text) {
    return log_text(log, text, NULL);
}

RIG_UNUSED static void rig_format_io(const Log *log, const Event *event, Buf *out) {
    if (event->kind == EV_IO_SUBMITTED) {
        buf_printf(out, "%u ", (unsigned)event->id);
    }
    buf_printf(out, "%s %s", IO_CALL_WORDS[event->a], rig_word(log, event->text));
    if (IO_MODE_WORDS[event->b][0] != '\0') {
        buf_printf(out, " %s", IO_MODE_WORDS[event->b]);
    }
    if (event->x >= 0) {
        buf_printf(out, " %lld@%lld", (long long)event->x, (long long)event->y);
    }
    if (event->kind == EV_IO_BLOCKING) {
        buf_printf(out, " -> %lld", (long long)event_io_result(event));
    }
}

RIG_UNUSED static void rig_format_own(const Log *log, const Event *event, Buf *out) {
    switch ((EventKind)event->kind) {
    case EV_POLL:
        buf_append_text(out, event->x == 0 ? " now" : event->x < 0 ? " forever" : " until");
        break;
    case EV_ITERATION:
        buf_printf(out, " %lld: %lld", (long long)event->x, (long long)event->y);
        break;
    case EV_TASK_CREATED:
        buf_printf(out, " %s", rig_word(log, event->text));
        if (event->id != EVENT_NONE) {
            buf_printf(out, " by %u at %s", (unsigned)event->id, rig_word(log, (uint32_t)event->x));
        }
        break;
    case EV_TASK_READY:
        buf_printf(out, " %s", READY_WHY_WORDS[event->a]);
        break;
    case EV_TASK_WAITING:
        buf_printf(out, " on %s ", WAIT_ON_WORDS[event->a]);
        if (event->b == TARGET_TASKS) {
            buf_append_text(out, rig_word(log, event->text));
        } else {
            buf_printf(out, "%u", (unsigned)event->id);
        }
        break;
    case EV_CALLBACK_READY:
    case EV_CALLBACK_RUN:
    case EV_IO_ARRIVED:
    case EV_TIMER_SET:
        buf_printf(out, " %u", (unsigned)event->id);
        break;
    case EV_TIMER_FIRED:
        buf_printf(out, " %u callback %lld", (unsigned)event->id, (long long)event->x);
        break;
    case EV_IO_SUBMITTED:
    case EV_IO_BLOCKING:
        buf_append_char(out, ' ');
        rig_format_io(log, event, out);
        break;
    case EV_IO_COMPLETED:
        buf_printf(out, " %u -> %lld", (unsigned)event->id, (long long)event->x);
        break;
    case EV_LOOP_STOP:
        buf_printf(out, " %s", STOP_REASON_WORDS[event->a]);
        break;
    case EV_LIMIT:
        buf_printf(out, " %s %lld", rig_word(log, event->text), (long long)event->x);
        break;
    default:
        if (event->text != EVENT_NONE) {
            buf_printf(out, " %s", rig_word(log, event->text));
        }
    }
}

/* One line an event, without its time: "task_ready 0 resumed". */
RIG_UNUSED static void rig_format(const Log *log, const Event *event, Buf *out) {
    buf_append_text(out, EVENT_KINDS[event->kind].name);
    if (event->task != EVENT_NONE) {
        buf_printf(out, " %u", (unsigned)event->task);
    }
    rig_format_own(log, event, out);
    buf_append_char(out, '\n');
}

/* Compares the events whose kinds are not in `skip` with the lines. */
RIG_UNUSED static void rig_expect_but(const Rig *rig, const char *wanted, const EventKind *skip,
                                      size_t skips) {
    Buf got = {0};
    for (uint64_t n = 0; n < log_count(rig->log); n++) {
        const Event *event = log_event(rig->log, n);
        bool skipped = false;
        for (size_t i = 0; i < skips; i++) {
            skipped = skipped || event->kind == skip[i];
        }
        if (!skipped) {
            rig_format(rig->log, event, &got);
        }
    }
    assert_string_equal(buf_text(&got), wanted);
    buf_finish(&got);
}

RIG_UNUSED static void rig_expect(const Rig *rig, const char *wanted) {
    rig_expect_but(rig, wanted, NULL, 0);
}

/* What the tasks print, a line each. */
RIG_UNUSED static void rig_expect_output(const Rig *rig, const char *wanted) {
    Buf got = {0};
    for (uint64_t n = 0; n < log_count(rig->log); n++) {
        const Event *event = log_event(rig->log, n);
        if (event->kind == EV_OUTPUT) {
            buf_printf(&got, "%s\n", rig_word(rig->log, event->text));
        }
    }
    assert_string_equal(buf_text(&got), wanted);
    buf_finish(&got);
}

RIG_UNUSED static uint64_t rig_count(const Rig *rig, EventKind kind) {
    uint64_t count = 0;
    for (uint64_t n = 0; n < log_count(rig->log); n++) {
        count += log_event(rig->log, n)->kind == kind;
    }
    return count;
}

#endif
