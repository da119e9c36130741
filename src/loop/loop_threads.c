/* The step `thread`: await asyncio.to_thread(f). Its steps are run on a helper thread by the same
 * functions as any task's, but on a Loop and a Task of their own (an Apart), so that the two
 * threads share nothing that changes: the function begins with copies of what it can see, and what
 * it leaves (names, an error, files, its story) is taken over when the loop hears of its end.
 *
 * Between them are only: the program and the tasks' names, which never change; the counts of what
 * the run's limits limit, which are atomic; and the flags that end the run.
 *
 * Threads: apart_go and what it calls on a helper thread while the operation is in flight,
 * everything else on the loop's. */
#include "loop/loop_io.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* What the trace will tell when the loop hears of the end. */
typedef struct Told {
    Event event;    /* `text` of io_blocking is a path's number; of output, NONE: `data` */
    int64_t result; /* of io_blocking */
    char *data;
    size_t length;
    bool is_owned; /* data; else it is the program's */
} Told;

/* A path is in the log already, or it will be. */
typedef struct PathText {
    uint32_t text; /* NONE: `data` */
    char *data;
    size_t length;
} PathText;

struct Apart {
    Loop loop;
    Task task;
    bool is_begun;
    StepResult result;
    uint64_t memory_before; /* what the run used when it began */
    uint64_t memory_told;   /* of our own, what is counted in the root's `taken` */
    uint64_t events_left;
    File **lent; /* the task's files; does not change while the function runs */
    size_t lent_count, lent_cap;
    File **opened; /* its own */
    size_t opened_count, opened_cap;
    Told *told;
    size_t told_count, told_cap;
    PathText *paths;
    size_t path_count, path_cap;
};

/* ---- on the helper thread -------------------------------------------------------------------- */

bool loop_apart_is_over(const Loop *loop) {
    const Loop *root = loop->root;
    return atomic_load_explicit(&root->interrupted, memory_order_relaxed) ||
           atomic_load_explicit(&root->halted, memory_order_relaxed);
}

/* One instruction; false at the end. */
static bool apart_go(OsOp *op) {
    Apart *apart = ((Io *)op->user)->apart;
    Loop *loop = &apart->loop;
    apart->is_begun = true;
    if (--loop->checks_left == 0 && !loop_check(loop)) {
        return false;
    }
    const Instr *instr = &loop->program->code[apart->task.pc++];
    if (instr->op == OP_THREADED) {
        return false;
    }
    apart->result = LOOP_STEPS[instr->op](loop, &apart->task, instr);
    return apart->result == STEP_ON;
}

/* What the run uses with us, as far as we can see it; the root sees ours. */
uint64_t loop_apart_memory(Loop *loop) {
    Apart *apart = loop->apart;
    const uint64_t own = loop->used[LIMIT_MEMORY];
    _Atomic uint64_t *taken = &loop->root->taken[LIMIT_MEMORY];
    const uint64_t all =
        atomic_fetch_add_explicit(taken, own - apart->memory_told, memory_order_relaxed);
    const uint64_t before = apart->memory_told;
    apart->memory_told = own;
    return apart->memory_before + all + own - before;
}

static Told *told_add(Apart *apart) {
    Loop *loop = &apart->loop;
    if (apart->told_count >= apart->events_left) {
        loop_stop_at_limit(loop, LIMIT_EVENTS);
        return NULL;
    }
    if (!loop_fits(loop, LIMIT_MEMORY, sizeof(Told))) {
        return NULL;
    }
    loop->used[LIMIT_MEMORY] += sizeof(Told);
    apart->told =
        mem_grow(apart->told, &apart->told_cap, apart->told_count + 1, sizeof *apart->told);
    return &apart->told[apart->told_count++];
}

StepResult loop_apart_print(Loop *loop, const Text *text) {
    Apart *apart = loop->apart;
    if (loop->root->log == NULL) {
        return STEP_ON;
    }
    Told *told = told_add(apart);
    if (told == NULL) {
        return STEP_STOPPED;
    }
    *told = (Told){.event = loop_event(EV_OUTPUT), .length = text->length};
    told->event.task = apart->task.id;
    told->event.a = 1;
    told->is_owned = !text->constant;
    told->data = text->constant ? (char *)(uintptr_t)text->data
                                : loop_text_keep(loop, text->data, text->length);
    loop->used[LIMIT_MEMORY] += text->constant ? 0 : text->length + 1;
    if (loop->print != NULL) {
        loop->print(loop->print_user, told->data, told->length);
    }
    return STEP_ON;
}

StepResult loop_apart_tell_io(Loop *loop, const Event *event, int64_t result) {
    Told *told = told_add(loop->apart);
    if (told == NULL) {
        return STEP_STOPPED;
    }
    *told = (Told){.event = *event, .result = result};
    return STEP_ON;
}

static uint32_t path_add(Apart *apart, PathText path) {
    apart->paths =
        mem_grow(apart->paths, &apart->path_cap, apart->path_count + 1, sizeof *apart->paths);
    apart->paths[apart->path_count] = path;
    return (uint32_t)apart->path_count++;
}

uint32_t loop_apart_path(Loop *loop, const char *text, size_t length) {
    loop->used[LIMIT_MEMORY] += sizeof(PathText) + length + 1;
    return path_add(
        loop->apart,
        (PathText){.text = NONE, .data = mem_copy_text(text, length), .length = length});
}

void loop_apart_add_file(Loop *loop, File *file) {
    Apart *apart = loop->apart;
    apart->opened =
        mem_grow(apart->opened, &apart->opened_cap, apart->opened_count + 1, sizeof *apart->opened);
    apart->opened[apart->opened_count++] = file;
}

/* ---- beginning ------------------------------------------------------------------------------- */

static void lend_file(Loop *loop, Apart *apart, File *file) {
    if (file->is_lent) {
        return; /* another of its names stands in the steps, too */
    }
    file->is_lent = true;
    file->path = path_add(apart, (PathText){.text = file->path});
    if (file->open) {
        os_lend(loop->os, file->file);
    }
    apart->lent =
        mem_grow(apart->lent, &apart->lent_cap, apart->lent_count + 1, sizeof *apart->lent);
    apart->lent[apart->lent_count++] = file;
}

/* A name of the task's that a step mentions. */
static void lend_name(Loop *loop, const Task *task, Apart *apart, uint32_t name) {
    const NameSlot *slot = name == PROGRAM_NONE ? NULL : loop_names_find(task, name);
    if (slot == NULL || slot->kind == NAME_TASK || loop_names_find(&apart->task, name) != NULL) {
        return;
    }
    NameSlot *copy = loop_names_set(&apart->loop, &apart->task, name, (NameKind)slot->kind);
    copy->is_borrowed = true;
    if (slot->kind == NAME_FILE) {
        copy->at.file = slot->at.file;
        lend_file(loop, apart, slot->at.file);
    } else {
        copy->at.text = mem_copy_text(slot->at.text, slot->length);
        copy->length = slot->length;
        apart->loop.used[LIMIT_MEMORY] += slot->length + 1;
    }
}

static uint32_t template_of(const Instr *instr) {
    return instr->op == OP_LOG || instr->op == OP_OPEN || instr->op == OP_WRITE_TEXT ? instr->arg
                                                                                     : PROGRAM_NONE;
}

static void lend_names(Loop *loop, const Task *task, Apart *apart, uint32_t end) {
    const Program *program = loop->program;
    for (uint32_t pc = task->pc; pc < end; pc++) {
        const Instr *instr = &program->code[pc];
        lend_name(loop, task, apart, instr->name);
        const uint32_t template = template_of(instr);
        const Template *pieces = template == PROGRAM_NONE ? NULL : &program->templates[template];
        for (uint32_t i = 0; pieces != NULL && i < pieces->count; i++) {
            const Piece *piece = &program->pieces[pieces->first + i];
            if (piece->kind == PIECE_NAME) {
                lend_name(loop, task, apart, piece->name);
            }
        }
        if (instr->op == OP_WRITE_FILL) {
            loop_fill_make(loop);
        }
    }
}

/* What {i} and {error} mean where the steps stand: frames that lie below all others. */
static void lend_frames(Loop *loop, Task *task, Apart *apart) {
    const uint64_t *frames = task_frames(task);
    bool has_index = false, has_error = false;
    for (uint32_t i = task->frame_count; i > 0; i--) {
        const FrameKind kind = frame_kind(frames[i - 1]);
        if (kind == FRAME_REPEAT && !has_index) {
            has_index = true;
            loop_task_frame_push(&apart->loop, &apart->task, frames[i - 1]);
        } else if (kind == FRAME_HANDLING && !has_error) {
            has_error = true;
            const Error *error = &loop->errors[frame_value(frames[i - 1])];
            loop_raise_error(&apart->loop, error->type, error->text, error->length);
            loop_task_frame_push(&apart->loop, &apart->task,
                                 frame_make(FRAME_HANDLING, apart->loop.raised));
        }
    }
}

static Apart *apart_make(Loop *loop, Task *task) {
    Apart *apart = mem_alloc(1, sizeof *apart);
    Loop *own = &apart->loop;
    own->root = loop;
    own->apart = apart;
    own->program = loop->program;
    own->os = loop->os;
    own->bases = loop->bases;
    own->now_ns = loop->now_ns;
    own->start_ns = loop->start_ns;
    own->held_ns = loop->held_ns;
    own->started = true;
    own->checks_left = CHECK_EVERY_INSTRS;
    own->free_error = ERROR_NONE;
    own->print = loop->print;
    own->print_user = loop->print_user;
    own->used[LIMIT_MEMORY] = sizeof *apart;
    memcpy(own->max, loop->max, sizeof own->max);
    apart->task = (Task){.id = task->id,
                         .pc = task->pc,
                         .base = task->base,
                         .number = task->number,
                         .is_copy = task->is_copy,
                         .frame_cap_log2 = INLINE_FRAMES_LOG2};
    apart->memory_before = loop->used[LIMIT_MEMORY];
    const uint64_t events = loop_events(loop);
    apart->events_left = loop->max[LIMIT_EVENTS] > events ? loop->max[LIMIT_EVENTS] - events : 0;
    return apart;
}

/* A file that a cancelled step still works on: the thread begins when it is idle. */
static bool waits_for_files(Loop *loop, Task *task, uint32_t end) {
    for (uint32_t pc = task->pc; pc < end; pc++) {
        const uint32_t name = loop->program->code[pc].name;
        if (name != PROGRAM_NONE && loop_waits_for_file(loop, task, name)) {
            return true;
        }
    }
    return false;
}

StepResult loop_step_thread(Loop *loop, Task *task, const Instr *instr) {
    const uint32_t end = instr->arg - 1; /* its OP_THREADED */
    if (waits_for_files(loop, task, end)) {
        return STEP_PAUSED;
    }
    loop_clock_read(loop);
    if (!loop_fits(loop, LIMIT_MEMORY, sizeof(Apart)) || !loop_fits_time(loop, 0) ||
        !loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    Io *io = loop_io_take(loop, task, OS_THREAD, NULL);
    io->apart = apart_make(loop, task);
    lend_names(loop, task, io->apart, end);
    lend_frames(loop, task, io->apart);
    io->apart->loop.fill = loop->fill;
    io->apart->loop.fill_bytes = loop->fill_bytes;
    io->op.run = apart_go;
    task->pc = instr->arg;
    return loop_io_submit(loop, task, io);
}

void loop_thread_leave(Io *io) {
    for (size_t i = 0; i < io->apart->lent_count; i++) {
        io->apart->lent[i]->left = io; /* the helper itself looks at no file's `left` */
    }
}

/* ---- its end --------------------------------------------------------------------------------- */

static void paths_tell(Loop *loop, Apart *apart) {
    for (size_t i = 0; i < apart->path_count; i++) {
        PathText *path = &apart->paths[i];
        if (path->text == NONE && path->data != NULL) {
            path->text = loop_text_intern(loop, path->data, path->length);
        }
    }
}

static void tell_one(Loop *loop, const Apart *apart, const Told *told) {
    Event event = told->event;
    if (event.kind == EV_OUTPUT) {
        event.text =
            (told->is_owned ? loop_text_add : loop_text_intern)(loop, told->data, told->length);
    } else {
        event.text = apart->paths[event.text].text;
        if (told->result < 0) {
            const char *text = os_error_text((int)-told->result);
            event.id = loop_text_intern(loop, text, strlen(text));
        }
    }
    loop_emit(loop, &event);
}

/* Its story, as far as there is room for events: one more ends the run. */
static void story_tell(Loop *loop, const Apart *apart) {
    for (size_t i = 0; i < apart->told_count && loop->log != NULL; i++) {
        if (loop_events(loop) >= loop->max[LIMIT_EVENTS]) {
            if (!loop->stopping) {
                loop_stop_at_limit(loop, LIMIT_EVENTS);
            }
            return;
        }
        tell_one(loop, apart, &apart->told[i]);
    }
}

/* What is open is the loop's again. */
static void file_comes_back(Loop *loop, const Apart *apart, File *file) {
    file->path = apart->paths[file->path].text;
    if (file->open) {
        os_adopt(loop->os, file->file);
    }
}

static void files_come_back(Loop *loop, Apart *apart) {
    for (size_t i = 0; i < apart->opened_count; i++) {
        file_comes_back(loop, apart, apart->opened[i]);
    }
    for (size_t i = 0; i < apart->lent_count; i++) {
        File *file = apart->lent[i];
        file_comes_back(loop, apart, file);
        file->is_lent = false;
        file->left = NULL;
        if (file->is_orphan) {
            loop->used[LIMIT_MEMORY] -= sizeof *file;
            free(file);
        }
    }
}

void loop_thread_settle(Loop *loop, Io *io) {
    Apart *apart = io->apart;
    Loop *own = &apart->loop;
    paths_tell(loop, apart);
    story_tell(loop, apart);
    loop_refusals_move(loop, own);
    files_come_back(loop, apart);
    if (own->stopping && own->end.reason == STOP_LIMIT && !loop->stopping) {
        loop_stop_at_limit(loop, own->limit);
    }
}

static void file_hand_over(Apart *apart, const File *file) {
    for (size_t i = 0; i < apart->opened_count; i++) {
        if (apart->opened[i] == file) {
            apart->opened[i] = NULL;
        }
    }
}

/* The names that it gave are the task's. */
static void names_hand_over(Loop *loop, Task *task, Apart *apart) {
    uint32_t at = 0;
    for (NameSlot *slot = loop_names_next(&apart->task, &at); slot != NULL;
         slot = loop_names_next(&apart->task, &at)) {
        if (slot->is_borrowed) {
            continue;
        }
        NameSlot *given = loop_names_set(loop, task, slot->name, (NameKind)slot->kind);
        if (slot->kind == NAME_FILE) {
            given->at.file = slot->at.file;
            loop->used[LIMIT_MEMORY] += sizeof(File);
            file_hand_over(apart, slot->at.file);
        } else {
            given->at.text = mem_copy_text(slot->at.text, slot->length);
            given->length = slot->length;
            loop->used[LIMIT_MEMORY] += slot->length + 1;
        }
    }
}

StepResult loop_thread_take(Loop *loop, Task *task, Io *io) {
    Apart *apart = io->apart;
    if (!apart->is_begun) { /* EAGAIN: there is no thread for it */
        static const char TEXT[] = "can't start new thread";
        return loop_raise_error(loop, "RuntimeError", TEXT, sizeof TEXT - 1);
    }
    names_hand_over(loop, task, apart);
    if (apart->result == STEP_RAISED) {
        const Error *error = &apart->loop.errors[apart->loop.raised];
        return loop_raise_error(loop, error->type, error->text, error->length);
    }
    return STEP_ON;
}

void loop_thread_drop(Loop *loop, Io *io) {
    Apart *apart = io->apart;
    Loop *own = &apart->loop;
    atomic_fetch_sub_explicit(&loop->taken[LIMIT_MEMORY], apart->memory_told, memory_order_relaxed);
    for (size_t i = 0; i < apart->opened_count; i++) {
        free(apart->opened[i]);
    }
    for (size_t i = 0; i < apart->told_count; i++) {
        free(apart->told[i].is_owned ? apart->told[i].data : NULL);
    }
    for (size_t i = 0; i < apart->path_count; i++) {
        free(apart->paths[i].data);
    }
    loop_names_free(own, &apart->task);
    loop_task_frames_free(own, &apart->task);
    while (own->free_io != NULL) {
        Io *free_io = own->free_io;
        own->free_io = free_io->next;
        free(free_io);
    }
    loop_errors_free(own);
    buf_finish(&own->scratch);
    free(apart->lent);
    free(apart->opened);
    free(apart->told);
    free(apart->paths);
    free(apart);
    io->apart = NULL;
}
