/* File steps: prepared here, handed to the OS, and their results taken. */
#include "loop/loop_channels.h"
#include "loop/loop_impl.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "os/workspace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)OS_OPENAT == (int)IO_OPENAT && (int)OS_CLOSE == (int)IO_CLOSE,
               "calls need no table");
_Static_assert((int)OS_VIA_SIM == (int)VIA_SIM && (int)OS_MODE_R == (int)IO_MODE_R &&
                   (int)OPEN_READ == (int)OS_MODE_R,
               "neither do ways and modes");

/* ---- operations ---- */

Io *loop_io_take(Loop *loop, const Task *task, OsCall call, File *file) {
    Io *io = loop->free_io;
    if (io != NULL) {
        loop->free_io = io->next;
    } else {
        io = mem_alloc(1, sizeof *io);
    }
    os_op_init(&io->op, call, file != NULL ? file->file : OS_FILE_NONE, io);
    io->task = task->slot;
    io->name = NONE;
    io->path = file != NULL ? file->path : NONE;
    io->file = file;
    io->end = NULL;
    io->buffer = NULL;
    io->size_bytes = io->left_bytes = 0;
    io->apart = NULL;
    io->is_left = io->is_cut = io->is_lost = io->is_fill = false;
    loop->used[LIMIT_MEMORY] += sizeof *io;
    return io;
}

void loop_io_set_buffer(Loop *loop, Io *io, char *buffer, uint64_t size_bytes) {
    io->buffer = buffer;
    io->size_bytes = size_bytes;
    loop->used[LIMIT_MEMORY] += size_bytes;
}

void loop_io_release(Loop *loop, Io *io) {
    ASSERT(io->op.state == OS_OP_IDLE);
    loop->used[LIMIT_MEMORY] -= sizeof *io + io->size_bytes;
    if (io->op.call == OS_RECV && loop->spare == NULL) {
        loop->spare = io->buffer;
        loop->spare_bytes = io->size_bytes;
    } else {
        free(io->buffer);
    }
    if (io->apart != NULL) {
        loop_thread_drop(loop, io);
    }
    io->next = loop->free_io;
    loop->free_io = io;
}

/* Counted when it begins, so that what is in flight can't pass a limit together. */
static bool count_begin(Loop *loop, const Io *io) {
    if (io->op.call == OS_WRITE) {
        return loop_take(loop, LIMIT_BYTES, io->op.size_bytes);
    }
    return io->op.call != OS_OPENAT || loop_take(loop, LIMIT_FILES, 1);
}

static void count_end(Loop *loop, const Io *io) {
    const uint64_t done = io->op.result > 0 ? (uint64_t)io->op.result : 0;
    switch (io->op.call) {
    case OS_WRITE:
        ASSERT(done <= io->op.size_bytes);
        loop_give_back(loop, LIMIT_BYTES, io->op.size_bytes - done);
        io->file->offset += done;
        break;
    case OS_READ:
        io->file->offset += done;
        break;
    case OS_OPENAT:
        loop_give_back(loop, LIMIT_FILES, io->op.result < 0);
        break;
    case OS_CLOSE: /* the descriptor is gone, even where close() reports an error */
        loop_give_back(loop, LIMIT_FILES, 1);
        break;
    default:
        break;
    }
}

uint32_t loop_io_text_of(Loop *loop, int64_t error) {
    if (loop->log == NULL) {
        return EVENT_NONE;
    }
    const char *text = os_error_text((int)-error);
    return loop_text_intern(loop, text, strlen(text));
}

StepResult loop_io_submit(Loop *loop, Task *task, Io *io) {
    loop_clock_read_for_log(loop);
    loop_emit_prepare(loop); /* the viewer allows it before it happens */
    io->id = loop->ops_made++;
    task->io = io;
    loop->in_flight++;
    loop->peekable++;
    os_submit(loop->os, &io->op);
    if (loop->log != NULL) {
        const bool is_held = log_header(loop->log)->held;
        if (is_held) {
            os_push(loop->os); /* whoever watches sees a call an operation, and it is one */
        }
        loop_io_tell_submitted(loop, task, io);
        if (is_held || !io->op.is_instant) {
            loop_clock_read(loop);
        }
    }
    loop_task_wait(loop, task, WAKE_IO, io->op.call == OS_THREAD ? WAIT_THREAD : WAIT_IO, TARGET_OP,
                   io->id);
    return STEP_PAUSED;
}

static StepResult io_perform(Loop *loop, Task *task, Io *io) {
    loop_clock_read(loop);
    loop_emit_prepare(loop);
    const uint64_t start_ns = loop->now_ns;
    (loop->apart != NULL ? os_thread_perform : os_perform)(loop->os, &io->op);
    loop_clock_read(loop);
    loop_clock_mark(loop);
    loop_check_soon(loop);
    count_end(loop, io);
    if (loop->root->log != NULL) {
        Event blocking = loop_io_event(io, task, EV_IO_BLOCKING);
        event_set_io_result(&blocking, loop_io_moves_bytes(io) ? io->op.size_bytes : 0,
                            loop_io_number(io->op.result), loop_io_error_text(loop, io->op.result),
                            loop->apart != NULL);
        blocking.z = (int64_t)(loop->now_ns - start_ns);
        if (loop->apart == NULL) {
            loop_emit_append(loop, &blocking);
        } else if (loop_apart_tell_io(loop, &blocking, io->op.result) != STEP_ON) {
            loop_io_release(loop, io);
            return STEP_STOPPED;
        }
    }
    return loop_io_take_result(loop, task, io);
}

static StepResult io_start(Loop *loop, Task *task, const Instr *instr, Io *io) {
    if (!count_begin(loop, io)) {
        loop_io_release(loop, io);
        return STEP_STOPPED;
    }
    return (instr->flags & INSTR_BLOCKING) != 0 || loop->apart != NULL
               ? io_perform(loop, task, io)
               : loop_io_submit(loop, task, io);
}

void loop_io_leave(Task *task) {
    Io *io = task->io;
    task->io = NULL;
    io->task = NONE;
    if (!io->is_left) {
        io->is_left = true;
        if (io->file != NULL) {
            ASSERT(io->file->left == NULL);
            io->file->left = io;
        }
        if (io->apart != NULL) {
            loop_thread_leave(io);
        }
    }
}

/* A file that was opened for a task that has left is nobody's. CPython's file object is closed when
 * the last reference goes; that is no step of the program, so no event tells it. */
static void close_unnamed(Loop *loop, OsFile file) {
    OsOp close = {.call = OS_CLOSE, .file = file};
    os_perform(loop->os, &close);
    loop_give_back(loop, LIMIT_FILES, 1);
}

/* The end of an operation that nobody takes the result of; a task may wait for its file. */
static void complete_left(Loop *loop, Io *io) {
    File *file = io->file;
    if (io->op.call == OS_OPENAT && io->op.result >= 0) {
        close_unnamed(loop, io->op.file);
    }
    if (file != NULL) {
        file->left = NULL;
        if (file->is_orphan) {
            loop->used[LIMIT_MEMORY] -= sizeof *file;
            free(file);
        }
    }
    if (io->task != NONE) {
        Task *task = task_at(loop, io->task);
        task->io = NULL;
        if (!loop->stopping) {
            loop_task_make_ready(loop, task, READY_RESUMED);
        }
    }
    loop_io_release(loop, io);
}

void loop_io_complete(Loop *loop, OsOp *op) {
    Io *io = op->user;
    ASSERT(op->state == OS_OP_IDLE && loop->in_flight > 0);
    loop->in_flight--;
    loop->peekable -= io->end == NULL || loop->peeks_channels;
    if (io->end == NULL) {
        count_end(loop, io);
    }
    Event completed = loop_event(EV_IO_COMPLETED);
    completed.id = io->id;
    completed.x = loop_io_number(op->result);
    completed.text = loop_io_error_text(loop, op->result);
    loop_emit(loop, &completed);
    if (io->apart != NULL) {
        loop_thread_settle(loop, io);
    }
    if (io->end != NULL) {
        loop_channel_complete(loop, io);
    } else if (io->is_left) {
        complete_left(loop, io);
    } else if (!loop->stopping) {
        loop_task_make_ready(loop, task_at(loop, io->task), READY_RESUMED);
    }
}

/* ---- results ---- */

static StepResult take_open(Loop *loop, Task *task, Io *io) {
    const Text path = {.data = io->buffer, .length = io->size_bytes - 1};
    if (io->op.result < 0) {
        if (io->op.result == -EPERM) {
            loop_refuse(loop, task, &path,
                        "leads out of the workspace or is no regular file: refused");
        }
        return loop_raise_os(loop, (int)-io->op.result, &path);
    }
    File *file = mem_alloc(1, sizeof *file);
    *file =
        (File){.file = io->op.file, .path = io->path, .mode = (uint8_t)io->op.mode, .open = true};
    loop->used[LIMIT_MEMORY] += sizeof *file;
    if (loop->apart != NULL) {
        loop_apart_add_file(loop, file);
    }
    loop_names_set(loop, task, io->name, NAME_FILE)->at.file = file;
    return STEP_ON;
}

/* The bytes become text where they stand, unless some of them are none. */
static char *text_of_read(Loop *loop, Io *io, size_t *length) {
    const size_t read = (size_t)io->op.result;
    if (utf8_valid_prefix(io->buffer, read) < read) {
        buf_clear(&loop->scratch);
        loop_text_append_decoded(&loop->scratch, io->buffer, read);
        *length = loop->scratch.size_bytes;
        return loop_text_keep(loop, buf_text(&loop->scratch), *length);
    }
    char *text = mem_resize(io->buffer, read + 1, 1);
    io->buffer = NULL;
    text[read] = '\0';
    *length = read;
    return text;
}

static void take_read(Loop *loop, Task *task, Io *io) {
    if (io->name == NONE) {
        return;
    }
    size_t length = 0;
    char *text = text_of_read(loop, io, &length);
    loop->is_clock_fresh = false;
    NameSlot *slot = loop_names_set(loop, task, io->name, NAME_TEXT);
    slot->at.text = text;
    slot->length = length;
    loop->used[LIMIT_MEMORY] += length + 1;
}

StepResult loop_io_take_result(Loop *loop, Task *task, Io *io) {
    StepResult result = STEP_ON;
    if (io->op.call == OS_THREAD) {
        result = loop_thread_take(loop, task, io);
    } else if (io->op.call == OS_OPENAT) {
        result = take_open(loop, task, io);
    } else if (io->op.result < 0) {
        result = loop_raise_os(loop, (int)-io->op.result, NULL);
    } else if (io->is_cut && (uint64_t)io->op.result == io->op.size_bytes) {
        result = loop_fits(loop, LIMIT_MEMORY, UINT64_MAX) ? STEP_ON : STEP_STOPPED;
    } else if (io->op.call == OS_READ || io->op.call == OS_RECV) {
        take_read(loop, task, io);
    }
    loop_io_release(loop, io);
    return result;
}

/* ---- steps ---- */

StepResult loop_step_open(Loop *loop, Task *task, const Instr *instr) {
    Text path;
    if (!loop_fits(loop, LIMIT_FILES, 1)) {
        return STEP_STOPPED;
    }
    const StepResult begun = loop_step_begin_text(loop, task, instr, &path);
    if (begun != STEP_ON) {
        return begun;
    }
    if (path.length > 0 && memchr(path.data, '\0', path.length) != NULL) {
        static const char TEXT[] = "embedded null byte";
        return loop_raise_error(loop, "ValueError", TEXT, sizeof TEXT - 1);
    }
    if (!workspace_path_allowed(path.data)) {
        loop_refuse(loop, task, &path, "leads out of the workspace: refused");
        return loop_raise_os(loop, EPERM, &path);
    }
    Io *io = loop_io_take(loop, task, OS_OPENAT, NULL);
    io->name = instr->name;
    io->path = loop->apart != NULL ? loop_apart_path(loop, path.data, path.length)
                                   : loop_text_intern(loop, path.data, path.length);
    loop_io_set_buffer(loop, io, mem_copy_text(path.data, path.length), path.length + 1);
    io->op.mode = (OsMode)instr->mode;
    io->op.path = io->buffer;
    return io_start(loop, task, instr, io);
}

/* The open file that a step names; NULL where there is none, and *result says what came of it. */
static File *named_file(Loop *loop, const Task *task, uint32_t name, StepResult *result) {
    const NameSlot *slot = loop_names_find(task, name);
    if (slot == NULL || slot->kind != NAME_FILE) {
        *result = loop_raise_unset(loop, name);
        return NULL;
    }
    if (!slot->at.file->open) { /* its descriptor may be another file's by now: never ask the OS */
        *result = loop_raise_os(loop, EBADF, NULL);
        return NULL;
    }
    return slot->at.file;
}

/* As a second call on a Python file does, this step waits for the call that is still made. */
bool loop_waits_for_file(Loop *loop, Task *task, uint32_t name) {
    const NameSlot *slot = loop->apart == NULL ? loop_names_find(task, name) : NULL;
    if (slot == NULL || slot->kind != NAME_FILE || slot->at.file->left == NULL) {
        return false;
    }
    Io *io = slot->at.file->left;
    ASSERT(io->task == NONE); /* names are a task's own */
    io->task = task->slot;
    task->io = io;
    task->pc--;
    loop_clock_read_for_log(loop);
    loop_task_wait(loop, task, WAKE_RETRY, WAIT_IO, TARGET_OP, io->id);
    return true;
}

static int64_t offset_of(const File *file) {
    return file->mode == OS_MODE_A ? -1 : (int64_t)file->offset;
}

StepResult loop_step_write_text(Loop *loop, Task *task, const Instr *instr) {
    if (loop_waits_for_file(loop, task, instr->name)) {
        return STEP_PAUSED;
    }
    const NameSlot *slot = loop_names_find(task, instr->name);
    if (slot == NULL || slot->kind != NAME_FILE) { /* Python looks at it before the text */
        return loop_step_begin(loop, task, instr) ? loop_raise_unset(loop, instr->name)
                                                  : STEP_STOPPED;
    }
    uint32_t unset = NONE;
    const uint64_t length = loop_text_measure(loop, task, instr->arg, &unset);
    if (unset == NONE && !loop_fits(loop, LIMIT_BYTES, length)) {
        return STEP_STOPPED;
    }
    Text text;
    StepResult result = loop_step_begin_text(loop, task, instr, &text);
    if (result != STEP_ON) {
        return result;
    }
    File *file = named_file(loop, task, instr->name, &result);
    if (file == NULL) {
        return result;
    }
    Io *io = loop_io_take(loop, task, OS_WRITE, file);
    if (text.constant) {
        io->op.data = (char *)(uintptr_t)text.data; /* written, never written to */
    } else {
        loop_io_set_buffer(loop, io, loop_text_keep(loop, text.data, text.length), text.length + 1);
        io->op.data = io->buffer;
    }
    io->op.size_bytes = text.length;
    io->op.offset = offset_of(file);
    return io_start(loop, task, instr, io);
}

void loop_fill_make(Loop *loop) {
    if (loop->fill == NULL) {
        const uint64_t most = loop->program->max_fill_bytes;
        loop->fill_bytes = most < loop->max[LIMIT_BYTES] ? most : loop->max[LIMIT_BYTES];
        loop->fill = mem_resize(NULL, loop->fill_bytes, 1);
        memset(loop->fill, 'x', loop->fill_bytes);
    }
}

StepResult loop_step_write_fill(Loop *loop, Task *task, const Instr *instr) {
    if (loop_waits_for_file(loop, task, instr->name)) {
        return STEP_PAUSED;
    }
    StepResult result = STEP_STOPPED;
    if (!loop_fits(loop, LIMIT_BYTES, instr->imm) || !loop_step_begin(loop, task, instr)) {
        return result;
    }
    File *file = named_file(loop, task, instr->name, &result);
    if (file == NULL) {
        return result;
    }
    loop_fill_make(loop);
    ASSERT(instr->imm <= loop->fill_bytes);
    Io *io = loop_io_take(loop, task, OS_WRITE, file);
    io->op.data = loop->fill;
    io->op.size_bytes = instr->imm;
    io->op.offset = offset_of(file);
    return io_start(loop, task, instr, io);
}

/* How much a read asks for: what the step says, as far as there is memory for it. A file is mostly
 * shorter than that; a read that fills what was left has passed the limit. */
static uint64_t read_size(const Loop *loop, uint64_t wanted) {
    const uint64_t used = loop->used[LIMIT_MEMORY];
    const uint64_t left = loop->max[LIMIT_MEMORY] > used ? loop->max[LIMIT_MEMORY] - used : 0;
    const uint64_t most = left < OS_READ_MAX_BYTES ? left : OS_READ_MAX_BYTES;
    return wanted < most ? wanted : most;
}

StepResult loop_step_read(Loop *loop, Task *task, const Instr *instr) {
    if (loop_waits_for_file(loop, task, instr->name)) {
        return STEP_PAUSED;
    }
    const uint64_t size = read_size(loop, instr->imm);
    StepResult result = STEP_STOPPED;
    if (!loop_fits(loop, LIMIT_MEMORY, size > 0 ? size : 1) ||
        !loop_step_begin(loop, task, instr)) {
        return result;
    }
    File *file = named_file(loop, task, instr->name, &result);
    if (file == NULL) {
        return result;
    }
    Io *io = loop_io_take(loop, task, OS_READ, file);
    io->name = instr->arg;
    io->is_cut = size < instr->imm && size < OS_READ_MAX_BYTES;
    loop_io_set_buffer(loop, io, mem_resize(NULL, size, 1), size);
    io->op.data = io->buffer;
    io->op.size_bytes = size;
    io->op.offset = offset_of(file);
    return io_start(loop, task, instr, io);
}

static StepResult step_on_file(Loop *loop, Task *task, const Instr *instr, OsCall call) {
    StepResult result = STEP_STOPPED;
    if (loop_waits_for_file(loop, task, instr->name)) {
        return STEP_PAUSED;
    }
    if (!loop_step_begin(loop, task, instr)) {
        return result;
    }
    File *file = named_file(loop, task, instr->name, &result);
    if (file == NULL) {
        return result;
    }
    file->open = call != OS_CLOSE;
    return io_start(loop, task, instr, loop_io_take(loop, task, call, file));
}

StepResult loop_step_fsync(Loop *loop, Task *task, const Instr *instr) {
    return step_on_file(loop, task, instr, OS_FSYNC);
}

StepResult loop_step_close(Loop *loop, Task *task, const Instr *instr) {
    return step_on_file(loop, task, instr, OS_CLOSE);
}
