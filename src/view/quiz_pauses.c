/* Does this step pause its task? */
#include "view/quiz_maker.h"

#include <string.h>

typedef struct PauseRow {
    OpCode op;
    const char *text;   /* of the step */
    const char *pauses; /* the rule where it pauses; NULL: it never does */
    const char *keeps;  /* the rule where it does not; NULL: it always pauses */
} PauseRow;

#define HANDS_OVER "The work is handed to the OS, and the task is paused until it is finished."
#define BLOCKS     "A blocking step keeps the thread until it is done: nobody else can run."
#define FREE_LOCK  "The lock is free: an await gives up control only where it has to wait."

static const PauseRow PAUSE_ROWS[] = {
    {OP_COMPUTE, "computes", NULL,
     "Without an await nothing gives up control, however long it takes."},
    {OP_SLEEP, "sleeps", "A sleep pauses its task, even one of 0: others have their turn first.",
     NULL},
    {OP_OPEN, "opens a file", HANDS_OVER, BLOCKS},
    {OP_WRITE_TEXT, "writes", HANDS_OVER, BLOCKS},
    {OP_WRITE_FILL, "writes", HANDS_OVER, BLOCKS},
    {OP_READ, "reads", HANDS_OVER, BLOCKS},
    {OP_FSYNC, "syncs a file", HANDS_OVER, BLOCKS},
    {OP_CLOSE, "closes a file", HANDS_OVER, BLOCKS},
    {OP_AWAIT, "awaits another task", "The task that it awaits is not done yet, so it has to wait.",
     "What it awaits is done already: an await gives up control only where it has to wait."},
    {OP_CALL, "awaits a coroutine", NULL,
     "The coroutine begins at once, in the same task: only an await in it that has to wait "
     "pauses."},
    {OP_SPAWN, "creates a task", NULL,
     "The new task only joins the ready queue; the one that made it goes on."},
    {OP_GATHER, "gathers tasks", "It waits for all of them, and for gather's own callback besides.",
     "All of them have ended: an await gives up control only where it has to wait."},
    {OP_WITH, "wants a lock", "Somebody has the lock, so it has to wait in line.", FREE_LOCK},
    {OP_ACQUIRE, "wants a lock", "Somebody has the lock, so it has to wait in line.", FREE_LOCK},
    {OP_WAIT_EVENT, "waits for an event", "The event is not set, so it has to wait.",
     "The event is set already: an await gives up control only where it has to wait."},
    {OP_GET, "takes an item from a queue", "The queue is empty, so it has to wait for an item.",
     "An item is there: an await gives up control only where it has to wait."},
    {OP_PUT, "puts an item into a queue", "The queue is full, so it has to wait for room.",
     "There is room: an await gives up control only where it has to wait."},
    {OP_SET_EVENT, "sets an event", NULL,
     "Setting an event only makes the waiting tasks ready; this one goes on."},
    {OP_RELEASE, "frees what it holds", NULL,
     "Freeing it only makes the next one ready; this task goes on."},
};

static const PauseRow *pause_row(const Instr *instr) {
    for (size_t i = 0; i < sizeof PAUSE_ROWS / sizeof PAUSE_ROWS[0]; i++) {
        if (PAUSE_ROWS[i].op == instr->op) {
            return &PAUSE_ROWS[i];
        }
    }
    return NULL;
}

/* Whether the task of that name is done, which is a submitted one's. -1: it can't be told. */
static int awaited_is_done(const Maker *maker, uint32_t name_index) {
    const Name *name = &maker->program->names[name_index];
    if (name->task == PROGRAM_NONE) {
        return -1;
    }
    uint32_t task = 0;
    for (uint32_t i = 0; i < name->task; i++) {
        task += maker->program->tasks[i].count;
    }
    const TaskPhase phase = state_task(maker->state, task).phase;
    if (task == maker->event->task) { /* itself: an error */
        return -1;
    }
    return phase == TASK_FINISHED ? 1 : phase == TASK_FAILED || phase == TASK_CANCELLED ? -1 : 0;
}

/* False where nobody has used it so far. */
static bool shared_find(const Maker *maker, const char *name, SharedInfo *out) {
    enum { SHARED_MAX = 32 };
    SharedInfo all[SHARED_MAX];
    const Log *log = timeline_log(maker->timeline);
    const size_t count = state_shared(maker->state, all, SHARED_MAX);
    for (size_t i = 0; i < count && i < SHARED_MAX; i++) {
        if (strcmp(log_text(log, all[i].name, NULL), name) == 0) {
            *out = all[i];
            return true;
        }
    }
    return false;
}

/* By what is shared. -1: it can't be told: a semaphore, or a lock that was just handed over. */
static int shared_expected(const Maker *maker, const Instr *instr) {
    const Name *name = &maker->program->names[instr->name];
    const ProgramObject *object = &maker->program->objects[name->object];
    SharedInfo shared = {0};
    const bool used = shared_find(maker, name->text, &shared);
    if (object->kind == OBJECT_LOCK) {
        return !used ? QUIZ_KEEPS : shared.level > 0 ? QUIZ_PAUSED : -1;
    }
    if (object->kind == OBJECT_EVENT) {
        return shared.level > 0 ? QUIZ_KEEPS : QUIZ_PAUSED;
    }
    if (object->kind != OBJECT_QUEUE) {
        return -1;
    }
    const bool room = object->count == 0 || shared.level < (int64_t)object->count;
    const bool goes = instr->op == OP_GET ? shared.level > 0 : room;
    return goes ? QUIZ_KEEPS : QUIZ_PAUSED;
}

/* Behind it ends a group, which waits: the recording could not tell which of them did. */
static bool ends_group(const Maker *maker, const Instr *instr) {
    const Program *program = maker->program;
    const uint32_t next = (uint32_t)(instr - program->code) + 1;
    return next < program->code_count && program->code[next].op == OP_GROUPED;
}

/* A gather of tasks that have all ended is no pause. -1: it can't be told, or brings an error. */
static int gather_expected(const Maker *maker, const Instr *instr) {
    const uint64_t *phases = state_loop(maker->state)->phase_counts;
    if (phases[TASK_FINISHED] + phases[TASK_FAILED] + phases[TASK_CANCELLED] == 0) {
        return QUIZ_PAUSED;
    }
    int expected = QUIZ_KEEPS;
    for (uint32_t i = 0; i < instr->imm; i++) {
        const int done = awaited_is_done(maker, maker->program->list_names[instr->arg + i]);
        if (done < 0) {
            return -1;
        }
        expected = done ? expected : QUIZ_PAUSED;
    }
    return expected;
}

static int pause_expected(const Maker *maker, const PauseRow *row, const Instr *instr) {
    if (row->pauses == NULL) {
        return QUIZ_KEEPS;
    }
    if (instr->op == OP_GATHER) {
        return gather_expected(maker, instr);
    }
    if (instr->name != PROGRAM_NONE && maker->program->names[instr->name].object != PROGRAM_NONE) {
        return shared_expected(maker, instr);
    }
    if (instr->op == OP_AWAIT) {
        const int done = awaited_is_done(maker, instr->name);
        return done < 0 ? -1 : done ? QUIZ_KEEPS : QUIZ_PAUSED;
    }
    return (instr->flags & INSTR_BLOCKING) != 0 ? QUIZ_KEEPS : QUIZ_PAUSED;
}

bool quiz_make_pauses(Maker *maker) {
    const Instr *instr =
        maker->event->kind == EV_STEP ? quiz_step(maker, maker->event->text) : NULL;
    const PauseRow *row = instr == NULL ? NULL : pause_row(instr);
    const uint32_t task = maker->event->task;
    if (row == NULL || state_task(maker->state, task).cancel_requested) {
        return false;
    }
    const int expected = pause_expected(maker, row, instr);
    if (expected < 0 || (expected == QUIZ_KEEPS && ends_group(maker, instr)) ||
        (maker->tally->ops[expected] >> instr->op & 1) != 0) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    quiz->task = task;
    quiz->op = instr->op;
    SAY(quiz->text, "%s %s. %s", quiz_name(maker, task), row->text,
        instr->op == OP_CALL ? "Is it paused before the coroutine begins?"
                             : "Does this step pause it?");
    QuizChoice *choice = quiz_choice(quiz, QUIZ_KEEPS);
    SAY(choice->text, "No, it keeps the thread");
    SAY(choice->why, "It does not keep the thread.");
    choice = quiz_choice(quiz, QUIZ_PAUSED);
    SAY(choice->text, "Yes, others may run");
    SAY(choice->why, "It is not paused.");
    quiz_set_text(quiz->because, expected == QUIZ_PAUSED ? row->pauses : row->keeps);
    return quiz_expect(quiz, expected);
}
