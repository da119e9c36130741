/* A deadlock in words: who waits for what, held by whom, who waits ... as chains; and as the
 * trace tells it. Every task that is left waits, and nothing can wake any of them. */
#include "loop/loop_channels.h"
#include "loop/loop_scopes.h"
#include "loop/loop_shared.h"

#include "base/format.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAMED_MAX = 3,   /* of several that hold, or could do, the same */
    LISTED_MAX = 16, /* of the tasks that one gathers */
    HOPS_MAX = 16,
    LINES_MAX = 100,
    LOOKS_MAX = 1 << 22, /* at instructions, while it is asked who could do something */
    DEPTH_MAX = 100      /* of calls that are followed for it */
};

typedef struct Knot {
    const Loop *loop;
    const Task **waiting; /* by id */
    size_t count;
    bool *told;     /* by index into waiting */
    bool *seen;     /* by body, in one search */
    uint64_t looks; /* left */
    unsigned depth;
    const Task *next; /* the first that was named for a wait and was not told yet */
    uint32_t named;   /* how many were */
} Knot;

/* ---- who waits ------------------------------------------------------------------------------- */

static int compare_ids(const void *a, const void *b) {
    const Task *const *left = a;
    const Task *const *right = b;
    return ((*left)->id > (*right)->id) - ((*left)->id < (*right)->id);
}

static void knot_make(Knot *knot, const Loop *loop) {
    *knot = (Knot){.loop = loop, .looks = LOOKS_MAX};
    knot->waiting = mem_alloc(loop->alive, sizeof *knot->waiting);
    for (uint32_t slot = 0; slot < loop->slots; slot++) {
        const Task *task = task_at(loop, slot);
        if (task->state == STATE_WAITING) {
            ASSERT(knot->count < loop->alive);
            knot->waiting[knot->count++] = task;
        }
    }
    qsort(knot->waiting, knot->count, sizeof(Task *), compare_ids);
    knot->told = mem_alloc(knot->count, sizeof *knot->told);
    knot->seen = mem_alloc(loop->program->body_count, sizeof *knot->seen);
}

static void knot_finish(Knot *knot) {
    free(knot->waiting);
    free(knot->told);
    free(knot->seen);
}

/* The index of a task that waits; the count where it has ended. */
static size_t index_of(const Knot *knot, uint32_t id) {
    size_t first = 0, end = knot->count;
    while (first < end) {
        const size_t middle = first + (end - first) / 2;
        if (knot->waiting[middle]->id < id) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first < knot->count && knot->waiting[first]->id == id ? first : knot->count;
}

static const Shared *waited_for(const Loop *loop, const Task *task) {
    return loop_shared_of(loop, &loop->program->code[task->pc - 1]);
}

/* ---- who could ------------------------------------------------------------------------------- */

static bool code_could(Knot *knot, uint32_t pc, OpCode op, uint32_t name);

static bool instr_could(Knot *knot, uint32_t pc, OpCode op, uint32_t name) {
    const Instr *instr = &knot->loop->program->code[pc];
    if (instr->op == op && instr->name == name) {
        return true;
    }
    if ((instr->op != OP_CALL && instr->op != OP_SPAWN) || knot->seen[instr->arg] ||
        knot->depth == DEPTH_MAX) {
        return false;
    }
    knot->seen[instr->arg] = true;
    knot->depth++;
    const bool could = code_could(knot, knot->loop->program->bodies[instr->arg].entry, op, name);
    knot->depth--;
    return could;
}

/* Whether what follows pc in its body, the rounds of loops around it included, may do it. Bodies
 * that it calls or spawns are looked into once each. */
static bool code_could(Knot *knot, uint32_t pc, OpCode op, uint32_t name) {
    const Instr *code = knot->loop->program->code;
    uint32_t first = pc;
    for (uint32_t at = pc; code[at].op != OP_RETURN; at++) {
        if (knot->looks == 0) {
            return false;
        }
        knot->looks--;
        if (instr_could(knot, at, op, name)) {
            return true;
        }
        if (code[at].op == OP_NEXT && code[at].arg < first) {
            for (uint32_t back = code[at].arg; back < first && knot->looks > 0; back++) {
                knot->looks--;
                if (instr_could(knot, back, op, name)) {
                    return true;
                }
            }
            first = code[at].arg;
        }
    }
    return false;
}

/* Whether the task would do it some day, if only it were woken. */
static bool task_could(Knot *knot, const Task *task, OpCode op, uint32_t name) {
    const uint64_t *frames =
        task->frame_cap_log2 > INLINE_FRAMES_LOG2 ? task->frames.heap : task->frames.here;
    memset(knot->seen, 0, knot->loop->program->body_count);
    if (code_could(knot, task->pc, op, name)) {
        return true;
    }
    for (uint32_t i = task->frame_count; i > 0; i--) {
        if (frame_kind(frames[i - 1]) == FRAME_CALL &&
            code_could(knot, (uint32_t)frame_value(frames[i - 1]), op, name)) {
            return true;
        }
    }
    return false;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* "a", "a or b", "a, b or c"; whoever waits of them is where the chain may go on. */
static void append_named(Knot *knot, uint32_t id, uint32_t base, uint32_t number, Buf *out) {
    const size_t index = index_of(knot, id);
    loop_task_name(knot->loop, base, number, out);
    knot->named++;
    if (knot->next == NULL && index < knot->count && !knot->told[index]) {
        knot->next = knot->waiting[index];
    }
}

static void append_joint(uint32_t at, uint32_t count, const char *last, Buf *out) {
    if (at > 0) {
        buf_append_text(out, at + 1 == count ? last : ", ");
    }
}

/* Each task once, however many places it has; how many are in `out`. */
static uint32_t different_holders(const Shared *shared, const Holder *out[HOLDERS_MAX]) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < shared->holder_count; i++) {
        uint32_t k = 0;
        while (k < count && out[k]->task != shared->holders[i].task) {
            k++;
        }
        out[k] = &shared->holders[i];
        count += k == count;
    }
    return count;
}

static void append_holders(Knot *knot, const Task *task, const Shared *shared, Buf *out) {
    const Holder *holders[HOLDERS_MAX];
    const uint32_t different = different_holders(shared, holders);
    const uint32_t count = different < NAMED_MAX ? different : NAMED_MAX;
    const uint64_t more = different - count + shared->unnamed_holders;
    if (count == 1 && more == 0 && holders[0]->task == task->id) {
        buf_append_text(out, ", held by itself");
        return;
    }
    buf_append_text(out, ", held by ");
    for (uint32_t i = 0; i < count; i++) {
        append_joint(i, more > 0 ? count + 1 : count, " and ", out);
        append_named(knot, holders[i]->task, holders[i]->base, holders[i]->number, out);
    }
    if (more > 0) {
        buf_printf(out, " and %llu more", (unsigned long long)more);
    } else if (count == 1 && index_of(knot, holders[0]->task) == knot->count) {
        buf_append_text(out, ", which has ended");
    }
}

/* ", which only b could set", ", which nobody is left to set". */
static void append_who_could(Knot *knot, const Task *task, OpCode op, uint32_t name,
                             const char *which, const char *verb, Buf *out) {
    const Task *able[NAMED_MAX + 1];
    uint32_t count = 0;
    for (size_t i = 0; i < knot->count && count <= NAMED_MAX; i++) {
        if (knot->waiting[i] != task && task_could(knot, knot->waiting[i], op, name)) {
            able[count++] = knot->waiting[i];
        }
    }
    if (count == 0) {
        buf_printf(out, ", %snobody is left to %s", which, verb);
        return;
    }
    buf_printf(out, ", %s%s", which, count == 1 ? "only " : "");
    const bool has_more = count > NAMED_MAX;
    for (uint32_t i = 0; i < count && i < NAMED_MAX; i++) {
        append_joint(i, has_more ? count + 1 : count, " or ", out);
        append_named(knot, able[i]->id, able[i]->base, able[i]->number, out);
    }
    buf_printf(out, "%s could %s", has_more ? " and others" : "", verb);
}

/* The tasks of its scope, of which there may be many. */
static void append_tasks(Knot *knot, const Task *task, Buf *out) {
    const Loop *loop = knot->loop;
    const Scope *scope = loop_scope_at(loop, task->of.target);
    uint32_t said = 0;
    buf_append_text(out, scope->count == 1 ? "task" : "tasks");
    for (uint32_t at = scope->first; at != NONE && said < LISTED_MAX; said++) {
        const Task *target = loop_link_task(loop, at);
        buf_append_text(out, said > 0 ? ", " : " ");
        append_named(knot, target->id, target->base, target->number, out);
        at = loop_link_at(loop, at)->younger;
    }
    if (scope->count > said) {
        buf_printf(out, " and %u more", (unsigned)(scope->count - said));
    }
}

static void append_shared(Knot *knot, const Task *task, Buf *out) {
    const Shared *shared = waited_for(knot->loop, task);
    const uint32_t name = shared->name;
    const bool is_semaphore = shared->kind == OBJECT_SEMAPHORE;
    buf_printf(out, "%s%s \"%s\"", is_semaphore ? "a place in " : "", WAIT_ON_WORDS[task->waits_on],
               knot->loop->program->names[name].text);
    switch (shared->kind) {
    case OBJECT_LOCK:
    case OBJECT_SEMAPHORE:
        if (shared->holder_count > 0) {
            append_holders(knot, task, shared, out);
        } else {
            append_who_could(knot, task, OP_RELEASE, name, "which ", "release", out);
        }
        break;
    case OBJECT_EVENT:
        append_who_could(knot, task, OP_SET_EVENT, name, "which ", "set", out);
        break;
    default:
        ASSERT(shared->kind == OBJECT_QUEUE);
        if (shared->value == 0) {
            append_who_could(knot, task, OP_PUT, name, "which is empty and ", "fill", out);
        } else {
            append_who_could(knot, task, OP_GET, name, "which is full and ", "empty", out);
        }
    }
}

static void append_wait(Knot *knot, const Task *task, Buf *out) {
    const Loop *loop = knot->loop;
    switch ((WaitOn)task->waits_on) {
    case WAIT_TASKS:
        append_tasks(knot, task, out);
        break;
    case WAIT_TASK: {
        const Task *target = task_at(loop, task->of.target);
        buf_append_text(out, "task ");
        append_named(knot, target->id, target->base, target->number, out);
        break;
    }
    case WAIT_CHANNEL:
        buf_append_text(out, "channel ");
        loop_channel_explain(loop, task, out);
        break;
    default:
        append_shared(knot, task, out);
        break;
    }
}

/* "task a waits for lock "x", held by b, who waits for lock "y", held by a" */
static void append_chain(Knot *knot, const Task *task, Buf *out) {
    buf_append_text(out, "task ");
    loop_task_name(knot->loop, task->base, task->number, out);
    for (unsigned hops = 1; task != NULL; hops++) {
        knot->told[index_of(knot, task->id)] = true;
        knot->next = NULL;
        knot->named = 0;
        buf_append_text(out, " waits for ");
        append_wait(knot, task, out);
        task = knot->next;
        if (task != NULL && hops == HOPS_MAX) {
            buf_append_text(out, ", and so on");
            task = NULL;
        } else if (task != NULL && knot->named == 1) {
            buf_append_text(out, ", who");
        } else if (task != NULL) {
            buf_append_text(out, "; ");
            loop_task_name(knot->loop, task->base, task->number, out);
        }
    }
    buf_append_char(out, '\n');
}

void loop_explain_deadlock(const Loop *loop, Buf *out) {
    if (loop->end.reason != STOP_DEADLOCK) {
        return;
    }
    Knot knot;
    knot_make(&knot, loop);
    size_t left = 0;
    for (size_t i = 0, lines = 0; i < knot.count; i++) {
        if (!knot.told[i] && lines < LINES_MAX) {
            append_chain(&knot, knot.waiting[i], out);
            lines++;
        }
        left += !knot.told[i];
    }
    if (left > 0) {
        char count[FORMAT_MAX];
        buf_printf(out, "and %s more task%s\n", format_count(count, left), left == 1 ? "" : "s");
    }
    knot_finish(&knot);
}

/* ---- as the trace tells it ------------------------------------------------------------------- */

static void append_target_json(const Loop *loop, const Task *task, Buf *out) {
    switch ((WaitOn)task->waits_on) {
    case WAIT_TASKS:
        loop_scope_append_ids(loop, task->of.target, out);
        break;
    case WAIT_TASK:
        buf_append_u64(out, task_at(loop, task->of.target)->id);
        break;
    case WAIT_CHANNEL:
        buf_append_char(out, '"');
        loop_channel_name(loop, task, out);
        buf_append_char(out, '"');
        break;
    default:
        buf_printf(out, "\"%s\"", loop->program->names[waited_for(loop, task)->name].text);
    }
}

void loop_deadlock_json(const Loop *loop, Buf *out) {
    Knot knot;
    knot_make(&knot, loop);
    buf_append_char(out, '[');
    for (size_t i = 0; i < knot.count; i++) {
        buf_printf(out, "%s{\"task\":%u,\"on\":\"%s\",\"target\":", i > 0 ? "," : "",
                   (unsigned)knot.waiting[i]->id, WAIT_ON_WORDS[knot.waiting[i]->waits_on]);
        append_target_json(loop, knot.waiting[i], out);
        buf_append_char(out, '}');
    }
    buf_append_char(out, ']');
    knot_finish(&knot);
}
