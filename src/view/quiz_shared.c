/* Questions about what tasks share: who gets a lock, whom an event wakes, who has the thread. */
#include "view/quiz_maker.h"

#include "base/format.h"

enum { LINE_MAX_TASKS = 64 };

/* Those that wait at a thing, in the order in which they came; 0 where that is not sure: one of
 * them is about to be cancelled, or they are too many. */
static size_t line_at(const Maker *maker, uint32_t target, WaitOn on,
                      uint32_t line[LINE_MAX_TASKS]) {
    uint32_t waiting[LINE_MAX_TASKS];
    const size_t waits = state_waiting(maker->state, waiting, LINE_MAX_TASKS);
    uint64_t since[LINE_MAX_TASKS];
    size_t count = 0;
    if (waits > LINE_MAX_TASKS) {
        return 0;
    }
    for (size_t i = 0; i < waits; i++) {
        const TaskInfo info = state_task(maker->state, waiting[i]);
        if (info.on != on || info.target_text != target) {
            continue;
        }
        if (info.cancel_requested) {
            return 0;
        }
        size_t at = count++;
        for (; at > 0 && since[at - 1] > info.since_n; at--) {
            since[at] = since[at - 1];
            line[at] = line[at - 1];
        }
        since[at] = info.since_n;
        line[at] = waiting[i];
    }
    return count;
}

static bool tells(const Maker *maker, SyncWhat what) {
    return maker->event->kind == EV_SYNC && maker->event->a == what;
}

static const char *target_of(const Maker *maker) {
    return log_text(timeline_log(maker->timeline), maker->event->text, NULL);
}

/* One that waits, and is not the first in its line. */
static void choice_behind(Maker *maker, uint32_t task, const char *first) {
    QuizChoice *choice = quiz_choice(maker->quiz, task);
    if (choice != NULL) {
        quiz_set_text(choice->text, quiz_name(maker, task));
        choice->task = task;
        SAY(choice->why, "Not %s: %s has waited longer.", quiz_name(maker, task), first);
    }
}

static void choice_at_work(Maker *maker, const char *why) {
    const uint32_t task = maker->event->task;
    QuizChoice *choice = quiz_choice(maker->quiz, task);
    if (choice != NULL) {
        quiz_set_text(choice->text, quiz_name(maker, task));
        choice->task = task;
        SAY(choice->why, why, quiz_name(maker, task));
    }
}

bool quiz_make_lock(Maker *maker) {
    uint32_t line[LINE_MAX_TASKS];
    const size_t count =
        tells(maker, SYNC_RELEASED) ? line_at(maker, maker->event->text, WAIT_LOCK, line) : 0;
    if (count == 0) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    quiz->target = maker->event->text;
    const char *first = quiz_name(maker, line[0]);
    choice_behind(maker, line[0], first);
    choice_at_work(maker, "Not %s: a lock that is freed goes to who waits, not to who asks again.");
    if (count > 1) {
        choice_behind(maker, line[count - 1], first);
    }
    if (count > 2) {
        choice_behind(maker, line[1], first);
    }
    SAY(quiz->text, "%s frees the lock %s. Who gets it next?", quiz_name(maker, maker->event->task),
        target_of(maker));
    SAY(quiz->because, "A lock goes to the task that has waited longest, %s: first in, first out.",
        first);
    return quiz_expect(quiz, line[0]);
}

bool quiz_make_wakes(Maker *maker) {
    uint32_t line[LINE_MAX_TASKS];
    const size_t count =
        tells(maker, SYNC_SET) ? line_at(maker, maker->event->text, WAIT_EVENT, line) : 0;
    if (count < 2) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    char number[FORMAT_MAX];
    QuizChoice *choice = quiz_choice(quiz, 0);
    SAY(choice->text, "None, until they look again");
    SAY(choice->why, "They need not look: setting the event makes them ready.");
    choice = quiz_choice(quiz, 1);
    SAY(choice->text, "Only %s, which waited first", quiz_name(maker, line[0]));
    SAY(choice->why, "Not only the first: an event is not used up by who it wakes.");
    choice = quiz_choice(quiz, (int64_t)count);
    SAY(choice->text, "All %s that wait for it", format_count(number, count));
    SAY(choice->why, "Not all of them.");
    SAY(quiz->text, "%s sets the event %s. Which tasks become ready?",
        quiz_name(maker, maker->event->task), target_of(maker));
    SAY(quiz->because, "An event wakes all that wait for it, in the order in which they came; each "
                       "runs when its turn comes.");
    return quiz_expect(quiz, (int64_t)count);
}

/* Those in the line that wait for an item: a full queue has a line, too. */
static bool all_get(const Maker *maker, const uint32_t *line, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const Instr *step = quiz_step(maker, state_task(maker->state, line[i]).at);
        if (step == NULL || step->op != OP_GET) {
            return false;
        }
    }
    return count > 0;
}

bool quiz_make_handed(Maker *maker) {
    uint32_t line[LINE_MAX_TASKS];
    const size_t count =
        tells(maker, SYNC_PUT) ? line_at(maker, maker->event->text, WAIT_QUEUE, line) : 0;
    if (!all_get(maker, line, count)) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    const char *putter = quiz_name(maker, maker->event->task), *first = quiz_name(maker, line[0]);
    choice_at_work(maker, "It is %s that goes on.");
    QuizChoice *choice = quiz_choice(quiz, line[0]);
    quiz_set_text(choice->text, first);
    choice->task = line[0];
    SAY(choice->why, "Not %s: the item makes it ready, but it has to wait for the thread.", first);
    if (count > 1) {
        choice_behind(maker, line[count - 1], first);
    }
    SAY(quiz->text, "%s puts an item into %s, where %s waits. Who goes on now?", putter,
        target_of(maker), first);
    SAY(quiz->because,
        "A put only makes the task ready that has waited longest; %s keeps the thread until it has "
        "to wait.",
        putter);
    return quiz_expect(quiz, maker->event->task);
}
