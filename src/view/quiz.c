/* Questions: a function a kind, tried in the order of the table. */
#include "view/quiz.h"

#include "base/assert.h"
#include "base/utf8.h"
#include "view/caption_words.h"

#include <stdio.h>
#include <string.h>

const char *const QUIZ_KIND_WORDS[QUIZ_KIND_COUNT] = {"asked",  "pauses", "created", "resumes",
                                                      "prints", "next",   "handles"};

const char *const QUIZ_KIND_TITLES[QUIZ_KIND_COUNT] = {
    [QUIZ_ASKED] = "the lesson's own question",
    [QUIZ_PAUSES] = "what pauses a task",
    [QUIZ_CREATED] = "who goes on after a task was created",
    [QUIZ_RESUMES] = "in which turn a task goes on",
    [QUIZ_PRINTS] = "what is printed next",
    [QUIZ_NEXT] = "which task runs next",
    [QUIZ_HANDLES] = "how many handles a turn runs",
};

/* How often a kind is asked in a run. */
static const uint8_t ASKED_MAX[QUIZ_KIND_COUNT] = {UINT8_MAX, 6, 2, 2, 2, 4, 2};

typedef struct Maker {
    Quiz *quiz;
    const State *state;
    const Timeline *timeline;
    const Program *program; /* or NULL */
    const QuizTally *tally;
    const Event *event; /* the last one */
} Maker;

#define SAY(out, ...) ((void)snprintf(out, QUIZ_TEXT_MAX, __VA_ARGS__))

static const char *name_of(const Maker *maker, uint32_t task) {
    return words_task(maker->timeline, task);
}

static void set_text(char out[QUIZ_TEXT_MAX], const char *text) {
    size_t length = strlen(text);
    length = length < QUIZ_TEXT_MAX - 1 ? length : QUIZ_TEXT_MAX - 1;
    length = utf8_valid_prefix(text, length);
    memcpy(out, text, length);
    out[length] = '\0';
}

/* One more choice, in the order of their values; a value that is there already is none. */
static QuizChoice *choice_add(Quiz *quiz, int64_t value) {
    size_t at = 0;
    while (at < quiz->choice_count && quiz->choices[at].value < value) {
        at++;
    }
    const bool known = at < quiz->choice_count && quiz->choices[at].value == value;
    if (known || quiz->choice_count == QUESTION_CHOICES_MAX) {
        return NULL;
    }
    memmove(&quiz->choices[at + 1], &quiz->choices[at],
            (quiz->choice_count - at) * sizeof *quiz->choices);
    quiz->choice_count++;
    quiz->choices[at] = (QuizChoice){.task = EVENT_NONE, .value = value};
    return &quiz->choices[at];
}

static bool expect(Quiz *quiz, int64_t value) {
    for (size_t i = 0; i < quiz->choice_count; i++) {
        if (quiz->choices[i].value == value) {
            quiz->expected = i;
            return quiz->choice_count >= 2;
        }
    }
    return false;
}

static const Instr *instr_at(const Program *program, const char *pointer, uint32_t *pc) {
    for (uint32_t i = 0; program != NULL && i < program->code_count; i++) {
        const Instr *instr = &program->code[i];
        if (instr->at != PROGRAM_NONE && strcmp(program->pointers[instr->at], pointer) == 0) {
            *pc = i;
            return instr;
        }
    }
    return NULL;
}

static const Instr *step_of(const Maker *maker, uint32_t at, uint32_t *pc) {
    return at == EVENT_NONE
               ? NULL
               : instr_at(maker->program, log_text(timeline_log(maker->timeline), at, NULL), pc);
}

/* ---- the author's own ---- */

static bool make_asked(Maker *maker) {
    if (maker->event->kind != EV_STEP || maker->program == NULL) {
        return false;
    }
    const char *at = log_text(timeline_log(maker->timeline), maker->event->text, NULL);
    const ProgramQuestion *question = program_question_at(maker->program, at);
    if (question == NULL) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    set_text(quiz->text, question->text);
    set_text(quiz->because, question->because);
    for (uint32_t i = 0; i < question->choice_count; i++) {
        QuizChoice *choice = choice_add(quiz, i);
        set_text(choice->text, question->choices[i]);
        SAY(choice->why, "No, that is not it.");
    }
    return expect(quiz, question->answer);
}

/* ---- does this step pause its task? ---- */

typedef struct PauseRow {
    OpCode op;
    const char *text;   /* of the step */
    const char *pauses; /* the rule where it pauses; NULL: it never does */
    const char *keeps;  /* the rule where it does not; NULL: it always pauses */
} PauseRow;

#define HANDS_OVER "The work is handed to the OS, and the task is paused until it is finished."
#define BLOCKS     "A blocking step keeps the thread until it is done: nobody else can run."

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
     "Awaiting a coroutine runs it in the same task, as a call does: nothing pauses by that."},
    {OP_SPAWN, "creates a task", NULL,
     "The new task only joins the ready queue; the one that made it goes on."},
    {OP_SET_EVENT, "sets an event", NULL,
     "Setting an event only makes the waiting tasks ready; this one goes on."},
    {OP_RELEASE, "frees a lock", NULL,
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

/* What `task` awaits there is done: its name is a submitted task's. -1: it can't be told. */
static int awaited_is_done(const Maker *maker, const Instr *instr) {
    const Name *name = &maker->program->names[instr->name];
    if (name->task == PROGRAM_NONE) {
        return -1;
    }
    uint32_t task = 0;
    for (uint32_t i = 0; i < name->task; i++) {
        task += maker->program->tasks[i].count;
    }
    const TaskPhase phase = state_task(maker->state, task).phase;
    return phase == TASK_FINISHED ? 1 : phase == TASK_FAILED || phase == TASK_CANCELLED ? -1 : 0;
}

static int pause_expected(const Maker *maker, const PauseRow *row, const Instr *instr) {
    if (row->pauses == NULL) {
        return QUIZ_KEEPS;
    }
    if (instr->op == OP_AWAIT) {
        const int done = awaited_is_done(maker, instr);
        return done < 0 ? -1 : done ? QUIZ_KEEPS : QUIZ_PAUSED;
    }
    return (instr->flags & INSTR_BLOCKING) != 0 ? QUIZ_KEEPS : QUIZ_PAUSED;
}

static bool make_pauses(Maker *maker) {
    uint32_t pc = 0;
    const Instr *instr =
        maker->event->kind == EV_STEP ? step_of(maker, maker->event->text, &pc) : NULL;
    const PauseRow *row = instr == NULL ? NULL : pause_row(instr);
    const uint32_t task = maker->event->task;
    if (row == NULL || (maker->tally->ops >> instr->op & 1) != 0 ||
        state_task(maker->state, task).cancel_requested) {
        return false;
    }
    const int expected = pause_expected(maker, row, instr);
    if (expected < 0) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    quiz->task = task;
    quiz->op = instr->op;
    SAY(quiz->text, "%s %s. Does this step pause it?", name_of(maker, task), row->text);
    QuizChoice *choice = choice_add(quiz, QUIZ_KEEPS);
    SAY(choice->text, "No, it keeps the thread");
    SAY(choice->why, "It does not keep the thread.");
    choice = choice_add(quiz, QUIZ_PAUSED);
    SAY(choice->text, "Yes, others may run");
    SAY(choice->why, "It is not paused.");
    set_text(quiz->because, expected == QUIZ_PAUSED ? row->pauses : row->keeps);
    return expect(quiz, expected);
}

/* ---- who has the thread ---- */

/* What a task that is not next is really doing. */
static void why_not(const Maker *maker, uint32_t task, char out[QUIZ_TEXT_MAX]) {
    const TaskInfo info = state_task(maker->state, task);
    OpInfo op;
    const char *name = name_of(maker, task);
    if (info.phase == TASK_WAITING && info.target_kind == TARGET_OP &&
        state_op(maker->state, info.target_id, &op) && op.arrived) {
        SAY(out, "Not %s: its event is still behind the gate.", name);
    } else if (info.phase == TASK_WAITING) {
        SAY(out, "Not %s: it is paused, and what it waits for has not come.", name);
    } else if (info.phase == TASK_READY) {
        SAY(out, "Not %s: it stands further back in the ready queue.", name);
    } else if (info.phase == TASK_RUNNING) {
        SAY(out, "Not %s: nothing takes the thread from a task, so it goes on first.", name);
    } else {
        SAY(out, "Not %s: it has ended.", name);
    }
}

static void choice_task(Maker *maker, uint32_t task) {
    QuizChoice *choice = choice_add(maker->quiz, task);
    if (choice != NULL) {
        set_text(choice->text, name_of(maker, task));
        choice->task = task;
        why_not(maker, task, choice->why);
    }
}

/* The task in front of the queue; EVENT_NONE where there is none or a callback stands there. */
static uint32_t front_task(const Maker *maker, ReadyItem *items, size_t cap, size_t *count) {
    *count = state_ready(maker->state, items, cap);
    *count = *count < cap ? *count : cap;
    return *count == 0 || items[0].is_callback ? EVENT_NONE : items[0].id;
}

static bool handle_ended(const Event *event) {
    return event->kind == EV_TASK_WAITING || event->kind == EV_TASK_FINISHED ||
           event->kind == EV_TASK_FAILED || event->kind == EV_TASK_CANCELLED ||
           (event->kind == EV_TASK_READY && event->a == READY_YIELDED);
}

static bool make_next(Maker *maker) {
    enum { READ_MAX = 8 };
    ReadyItem items[READ_MAX];
    size_t count = 0;
    const uint32_t front = front_task(maker, items, READ_MAX, &count);
    if (!handle_ended(maker->event) || front == EVENT_NONE ||
        state_loop(maker->state)->running != EVENT_NONE) {
        return false;
    }
    choice_task(maker, front);
    choice_task(maker, maker->event->task);
    if (count > 1 && !items[count - 1].is_callback) {
        choice_task(maker, items[count - 1].id);
    }
    uint32_t waiting[QUESTION_CHOICES_MAX];
    const size_t waits = state_waiting(maker->state, waiting, QUESTION_CHOICES_MAX);
    for (size_t i = 0; i < waits && i < QUESTION_CHOICES_MAX; i++) {
        choice_task(maker, waiting[i]);
    }
    SAY(maker->quiz->text, "Which task runs next?");
    SAY(maker->quiz->because, "%s is first in the ready queue: first in, first out.",
        name_of(maker, front));
    return expect(maker->quiz, front);
}

static bool make_created(Maker *maker) {
    const uint32_t running = state_loop(maker->state)->running;
    if (maker->event->kind != EV_TASK_READY || maker->event->a != READY_CREATED ||
        running == EVENT_NONE) {
        return false;
    }
    const uint32_t child = maker->event->task;
    choice_task(maker, running);
    choice_task(maker, child);
    SAY(maker->quiz->text, "%s has created %s. Which of them goes on now?", name_of(maker, running),
        name_of(maker, child));
    SAY(maker->quiz->because,
        "A new task only joins the back of the ready queue; %s keeps the "
        "thread until it has to wait.",
        name_of(maker, running));
    return expect(maker->quiz, running);
}

/* ---- numbers ---- */

static void choice_number(Quiz *quiz, int64_t value, const char *before, const char *why) {
    QuizChoice *choice = value > 0 ? choice_add(quiz, value) : NULL;
    if (choice != NULL) {
        SAY(choice->text,
            before[0] != '\0' ? "%s %lld"
            : value == 1      ? "%s%lld handle"
                              : "%s%lld handles",
            before, (long long)value);
        set_text(choice->why, why);
    }
}

static bool make_resumes(Maker *maker) {
    const Event *event = maker->event;
    const int64_t turn = (int64_t)state_loop(maker->state)->iteration;
    const uint64_t count = state_count(maker->state);
    const Event *before = count < 2 ? NULL : log_event(timeline_log(maker->timeline), count - 2);
    const bool yields = event->kind == EV_TASK_READY && event->a == READY_YIELDED;
    const bool fires = event->kind == EV_CALLBACK_READY && event->task != EVENT_NONE &&
                       before != NULL && before->kind == EV_TIMER_FIRED;
    if (!yields && !(fires && state_task(maker->state, event->task).on == WAIT_TIMER)) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    quiz->task = event->task;
    const int64_t right = yields ? turn + 1 : turn + 2;
    for (int64_t value = right - 1; value <= right + 1; value++) {
        choice_number(quiz, value, "in turn",
                      value > right ? "Not so late."
                      : yields      ? "Not in this turn: it runs only what was ready as it began."
                                    : "Not so soon: the timer does not run the task itself.");
    }
    if (yields) {
        SAY(quiz->text, "In turn %lld %s gives up control. When does it run again?",
            (long long)turn, name_of(maker, event->task));
        SAY(quiz->because, "It goes to the back of the queue, and a turn runs only what was ready "
                           "as it began: so in the next turn.");
    } else {
        SAY(quiz->text, "%s's time is over after turn %lld. In which turn does it go on?",
            name_of(maker, event->task), (long long)turn);
        SAY(quiz->because, "In the next turn a callback sets the sleep's result and makes the task "
                           "ready; in the turn after that it runs.");
    }
    return expect(quiz, right);
}

static bool make_handles(Maker *maker) {
    const LoopInfo *loop = state_loop(maker->state);
    const bool starts = maker->event->kind == EV_LOOP_START;
    const bool ends = handle_ended(maker->event) && loop->turn_done == loop->turn_ready &&
                      loop->running == EVENT_NONE;
    const int64_t ready = (int64_t)loop->ready_handles;
    /* What the OS or a timer may bring until then would be a guess. An ended task may still wake
     * others. */
    if ((!starts && !ends) || ready == 0 || loop->in_flight > 0 || loop->timers > 0 ||
        maker->event->kind == EV_TASK_FINISHED || maker->event->kind == EV_TASK_FAILED ||
        maker->event->kind == EV_TASK_CANCELLED) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    const char *more = "Not so many: a turn takes in nothing that comes meanwhile.";
    choice_number(quiz, ready, "", more);
    choice_number(quiz, 1, "", "Not only one: a turn runs everything that is ready.");
    choice_number(quiz, ready + 1, "", more);
    choice_number(quiz, 2 * ready, "", more);
    SAY(quiz->text, "How many handles does turn %llu run?",
        (unsigned long long)loop->iteration + 1);
    SAY(quiz->because, "A turn runs what is ready as it begins, each once; what becomes ready "
                       "meanwhile waits for the next.");
    return expect(quiz, ready);
}

/* ---- what is printed next ---- */

static uint32_t body_of(const Maker *maker, uint32_t task) {
    const Log *log = timeline_log(maker->timeline);
    const Event *created = log_event(log, timeline_task_created(maker->timeline, task));
    uint32_t pc = 0, first = 0;
    if (created->x >= 0) {
        const Instr *spawn = step_of(maker, (uint32_t)created->x, &pc);
        return spawn != NULL && spawn->op == OP_SPAWN ? spawn->arg : PROGRAM_NONE;
    }
    for (uint32_t i = 0; i < maker->program->task_count; i++) {
        first += maker->program->tasks[i].count;
        if (task < first) {
            return maker->program->tasks[i].body;
        }
    }
    return PROGRAM_NONE;
}

/* The text that a task prints as soon as it has the thread; false where that is not sure. */
static bool prints_first(const Maker *maker, uint32_t task, char out[QUIZ_TEXT_MAX]) {
    const TaskInfo info = state_task(maker->state, task);
    uint32_t pc = 0;
    if (info.at == EVENT_NONE) {
        const uint32_t body = body_of(maker, task);
        if (body == PROGRAM_NONE) {
            return false;
        }
        pc = maker->program->bodies[body].entry;
    } else {
        const Instr *at = step_of(maker, info.at, &pc);
        if (at == NULL || at->op != OP_SLEEP) {
            return false;
        }
        pc++;
    }
    const Instr *instr = &maker->program->code[pc];
    if (instr->op != OP_LOG || info.cancel_requested) {
        return false;
    }
    const Template *all = &maker->program->templates[instr->arg];
    Buf text = {0};
    bool sure = true;
    for (uint32_t i = 0; i < all->count; i++) {
        const Piece *piece = &maker->program->pieces[all->first + i];
        sure = sure && (piece->kind == PIECE_TEXT || piece->kind == PIECE_TASK);
        if (piece->kind == PIECE_TEXT) {
            buf_append(&text, piece->text, piece->length);
        } else {
            buf_append_text(&text, name_of(maker, task));
        }
    }
    sure = sure && text.size_bytes > 0 && text.size_bytes < QUIZ_TEXT_MAX;
    set_text(out, buf_text(&text));
    buf_finish(&text);
    return sure;
}

static bool has_threads(const Program *program) {
    for (uint32_t i = 0; i < program->code_count; i++) {
        if (program->code[i].op == OP_THREAD) {
            return true;
        }
    }
    return false;
}

static bool make_prints(Maker *maker) {
    enum { READ_MAX = 8 };
    ReadyItem items[READ_MAX];
    size_t count = 0;
    Quiz *quiz = maker->quiz;
    const Event *event = maker->event;
    if ((event->kind != EV_ITERATION && !handle_ended(event)) ||
        state_loop(maker->state)->running != EVENT_NONE || maker->program == NULL ||
        front_task(maker, items, READ_MAX, &count) == EVENT_NONE || has_threads(maker->program)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        char text[QUIZ_TEXT_MAX];
        bool known = false;
        if (items[i].is_callback || !prints_first(maker, items[i].id, text)) {
            if (i == 0) {
                return false;
            }
            continue;
        }
        for (size_t k = 0; k < quiz->choice_count; k++) {
            known = known || strcmp(quiz->choices[k].text, text) == 0;
        }
        QuizChoice *choice = known ? NULL : choice_add(quiz, items[i].id);
        if (choice != NULL) {
            set_text(choice->text, text);
            why_not(maker, items[i].id, choice->why);
        }
    }
    SAY(quiz->text, "What is printed next?");
    SAY(quiz->because, "%s is first in the ready queue, and that is the first thing it does.",
        name_of(maker, items[0].id));
    return expect(quiz, items[0].id);
}

/* ---- all ---- */

bool quiz_make(Quiz *quiz, const State *state, const Program *program, const QuizTally *tally) {
    static bool (*const MAKERS[QUIZ_KIND_COUNT])(Maker *) = {
        make_asked, make_pauses, make_created, make_resumes, make_prints, make_next, make_handles};
    const uint64_t count = state_count(state);
    if (count == 0) {
        return false;
    }
    const Timeline *timeline = state_timeline(state);
    for (int kind = 0; kind < QUIZ_KIND_COUNT; kind++) {
        *quiz = (Quiz){.kind = (QuizKind)kind, .at = count, .task = EVENT_NONE};
        Maker maker = {.quiz = quiz,
                       .state = state,
                       .timeline = timeline,
                       .program = program,
                       .tally = tally,
                       .event = log_event(timeline_log(timeline), count - 1)};
        if (tally->kinds[kind] < ASKED_MAX[kind] && MAKERS[kind](&maker)) {
            return true;
        }
    }
    return false;
}

void quiz_count(QuizTally *tally, const Quiz *quiz) {
    if (tally->kinds[quiz->kind] < UINT8_MAX) {
        tally->kinds[quiz->kind]++;
    }
    if (quiz->kind == QUIZ_PAUSES) {
        tally->ops |= UINT64_C(1) << quiz->op;
    }
}

_Static_assert(OP_CODE_COUNT <= 64, "a bit an OpCode");
