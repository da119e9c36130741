/* The stage at rest: places from a State. */
#include "view/stage.h"

#include "base/assert.h"
#include "base/format.h"

#include <math.h>
#include <string.h>

enum { OPS_READ_MAX = 64, CALLBACK_LOOK_BACK = 64 };

/* ---- lookups ---- */

const StageBadge *stage_badge(const StageModel *model, uint32_t task) {
    for (size_t i = 0; i < model->badge_count; i++) {
        if (model->badges[i].task == task) {
            return &model->badges[i];
        }
    }
    return NULL;
}

const StageCard *stage_card(const StageModel *model, const StageCard *like) {
    for (size_t i = 0; i < model->lane_count; i++) {
        if (model->lane[i].is_callback == like->is_callback && model->lane[i].id == like->id) {
            return &model->lane[i];
        }
    }
    return NULL;
}

const StageShell *stage_shell(const StageModel *model, uint32_t task) {
    for (size_t i = 0; i < model->shell_count; i++) {
        if (model->shells[i].task == task) {
            return &model->shells[i];
        }
    }
    return NULL;
}

const StageOp *stage_op(const StageModel *model, uint32_t op) {
    for (size_t i = 0; i < model->op_count; i++) {
        if (model->ops[i].info.op == op) {
            return &model->ops[i];
        }
    }
    return NULL;
}

const StageToken *stage_token(const StageModel *model, uint32_t op) {
    for (size_t i = 0; i < model->token_count; i++) {
        if (model->tokens[i].info.op == op) {
            return &model->tokens[i];
        }
    }
    return NULL;
}

const StageTimer *stage_timer(const StageModel *model, uint32_t timer) {
    for (size_t i = 0; i < model->timer_count; i++) {
        if (model->timers[i].info.timer == timer) {
            return &model->timers[i];
        }
    }
    return NULL;
}

const StageShared *stage_shared(const StageModel *model, uint32_t name) {
    for (size_t i = 0; i < model->shared_count; i++) {
        if (model->shared[i].info.name == name) {
            return &model->shared[i];
        }
    }
    return NULL;
}

bool stage_paused_dense(const StageModel *model) {
    return model->paused_total > STAGE_ROWS_MAX;
}

bool stage_ops_dense(const StageModel *model) {
    return model->loop.in_flight > STAGE_ROWS_MAX;
}

bool stage_tokens_dense(const StageModel *model) {
    return model->loop.arrived > STAGE_TOKENS_MAX;
}

bool stage_simulated(const Canvas *canvas) {
    const TraceHeader *header = log_header(canvas->doc->log);
    return header->backend != NULL && strcmp(header->backend, "sim") == 0;
}

char *stage_duration(char *out, uint64_t now_ns, uint64_t since_ns) {
    format_duration(out, now_ns > since_ns ? now_ns - since_ns : 0);
    return now_ns > since_ns ? out : strcpy(out, "0\u202fµs");
}

const char *stage_name(const Canvas *canvas, uint32_t task) {
    if (task == EVENT_NONE || task >= timeline_task_count(canvas->doc->timeline)) {
        return "";
    }
    return log_text(canvas->doc->log, timeline_task_name(canvas->doc->timeline, task), NULL);
}

TaskInfo stage_task_info(const State *state, uint32_t task) {
    TaskInfo info = state_task(state, task);
    OpInfo ops[OPS_READ_MAX];
    if (info.phase != TASK_WAITING || info.on != WAIT_CHANNEL || info.target_kind != TARGET_OP ||
        state_op(state, info.target_id, &ops[0])) {
        return info;
    }
    const size_t count = state_ops(state, ops, OPS_READ_MAX);
    for (size_t i = 0; i < count && i < OPS_READ_MAX; i++) {
        if (ops[i].task == task && ops[i].submitted_n > info.since_n) {
            info.target_id = ops[i].op;
        }
    }
    return info;
}

/* ---- the ready queue ---- */

/* A task that is made but not queued: the last events tell, as it is queued right after. */
static uint32_t new_task(const StageModel *model, const Log *log) {
    if (model->loop.phase_counts[TASK_NEW] == 0) {
        return EVENT_NONE;
    }
    for (uint64_t n = model->count; n > 0 && model->count - n < 16; n--) {
        const Event *event = log_event(log, n - 1);
        if (event->kind == EV_TASK_CREATED &&
            state_task(model->state, event->task).phase == TASK_NEW) {
            return event->task;
        }
    }
    return EVENT_NONE;
}

/* Widths of cards, from the front (right) on: wide while all fit, narrower beside a "+n". */
static void place_lane(StageModel *model, const Canvas *canvas) {
    const float u = canvas->u;
    const Rect lane = canvas->layout->lane;
    model->lane_dense = model->lane_total > STAGE_LANE_DENSE; /* the front card alone */
    const size_t room = model->lane_dense ? 1 : canvas->text_scale > 1 ? 2 : STAGE_LANE_CARDS;
    if (model->lane_count > room) {
        model->lane_count = room;
    }
    const float gap = 8 * u, height = 68 * u;
    if (model->lane_dense) {
        const float front = 132 * u;
        model->lane[0].rect =
            (Rect){lane.x + lane.w - 12 * u - front, lane.y + (lane.h - height) / 2, front, height};
        return;
    }
    const bool crowd = model->lane_total > room;
    const float crowd_width = crowd ? 46 * u + gap : 0;
    const float width = (lane.w - 24 * u - crowd_width - gap * (float)(room - 1)) / (float)room;
    for (size_t i = 0; i < model->lane_count; i++) {
        const float x = lane.x + lane.w - 12 * u - width - (float)i * (width + gap);
        model->lane[i].rect = (Rect){x, lane.y + (lane.h - height) / 2, width, height};
    }
}

static void make_lane(StageModel *model, const Canvas *canvas) {
    ReadyItem items[STAGE_LANE_CARDS];
    model->lane_total = state_ready(model->state, items, STAGE_LANE_CARDS);
    for (size_t i = 0; i < STAGE_LANE_CARDS && i < model->lane_total; i++) {
        model->lane[model->lane_count++] =
            (StageCard){.is_callback = items[i].is_callback,
                        .id = items[i].id,
                        .task = items[i].is_callback ? items[i].task : items[i].id,
                        .what = items[i].what,
                        .since_ns = items[i].since_ns};
        if (!items[i].is_callback) {
            model->lane[i].cancel_requested =
                state_task(model->state, items[i].id).cancel_requested;
        }
    }
    const uint32_t fresh = new_task(model, canvas->doc->log);
    if (fresh != EVENT_NONE) {
        model->lane_total++;
        if (model->lane_count < STAGE_LANE_CARDS) {
            model->lane[model->lane_count++] = (StageCard){.is_new = true,
                                                           .id = fresh,
                                                           .task = fresh,
                                                           .what = EVENT_NONE,
                                                           .since_ns = model->loop.now_ns};
        }
    }
    place_lane(model, canvas);
}

/* ---- the running slot ---- */

/* The running callback, as it stood at the front of the queue before it was run. The cursor that is
 * moved there for it stands where it stood when this returns. */
static bool running_callback(const StageModel *model, const Canvas *canvas, ReadyItem *out) {
    uint64_t n = model->count;
    while (n > 0 && model->count - n < CALLBACK_LOOK_BACK) {
        const Event *event = log_event(canvas->doc->log, --n);
        if (event->kind != EV_CALLBACK_RUN || event->id != model->slot_callback) {
            continue;
        }
        State *cursor = canvas->doc->before;
        const uint64_t stood = state_count(cursor);
        state_seek(cursor, n);
        const bool found = state_ready(cursor, out, 1) > 0 && out->is_callback;
        state_seek(cursor, stood);
        return found;
    }
    return false;
}

static void make_slot(StageModel *model, const Canvas *canvas) {
    model->slot_task = model->loop.running;
    model->slot_callback = model->loop.running_callback;
    model->slot_what = EVENT_NONE;
    if (model->slot_task != EVENT_NONE) {
        model->slot_info = state_task(model->state, model->slot_task);
        return;
    }
    ReadyItem item;
    if (model->slot_callback != EVENT_NONE && running_callback(model, canvas, &item)) {
        model->slot_what = item.what;
        model->slot_task = item.task; /* the one it serves; it does not run itself */
    }
}

/* ---- completions and timers ---- */

static void make_tokens(StageModel *model, const Canvas *canvas) {
    if (model->loop.arrived == 0 || stage_tokens_dense(model)) {
        return;
    }
    OpInfo ops[OPS_READ_MAX];
    const size_t total = state_ops(model->state, ops, OPS_READ_MAX);
    for (size_t i = 0; i < total && i < OPS_READ_MAX; i++) {
        if (!ops[i].arrived || model->token_count == STAGE_TOKENS_MAX) {
            continue;
        }
        size_t at = model->token_count++; /* in the order of arrival, the first at the gate */
        while (at > 0 && model->tokens[at - 1].info.arrived_n > ops[i].arrived_n) {
            model->tokens[at] = model->tokens[at - 1];
            at--;
        }
        model->tokens[at] = (StageToken){.info = ops[i]};
    }
    const float u = canvas->u;
    const Rect lane = canvas->layout->event_lane;
    const float first = stage_first_token_x(canvas), gap = 10 * u;
    const float among = (float)(model->token_count > 4 ? model->token_count : 4);
    const float room = (lane.x + lane.w - 24 * u - first - (among - 1) * gap) / among;
    const float width = fminf(room, 148 * u * canvas->text_scale);
    for (size_t i = 0; i < model->token_count; i++) {
        model->tokens[i].rect =
            (Rect){first + (float)i * (width + gap), lane.y + lane.h / 2 - 20 * u, width, 40 * u};
    }
}

static void make_timers(StageModel *model, const Canvas *canvas) {
    TimerInfo timers[STAGE_TIMERS_MAX];
    const size_t total = state_timers(model->state, timers, STAGE_TIMERS_MAX);
    const float u = canvas->u;
    const float label_y = canvas->layout->ring.y + canvas->layout->ring_radius * 0.5f + 10 * u;
    const bool crowd =
        total > STAGE_TIMERS_MAX && timers[STAGE_TIMERS_MAX - 1].due_ns <= model->loop.now_ns;
    model->timers_due = crowd ? state_timers_due(model->state, model->loop.now_ns) : 0;
    for (size_t i = 0; !crowd && i < total && i < STAGE_TIMERS_MAX; i++) {
        model->timers[model->timer_count++] =
            (StageTimer){.info = timers[i], .y = label_y - (32 + 28 * (float)i) * u};
    }
    for (size_t i = 0; i < model->shell_count; i++) { /* due while somebody keeps the thread */
        StageShell *shell = &model->shells[i];
        if (shell->info.target_kind != TARGET_TIMER) {
            continue;
        }
        TimerInfo timer;
        shell->received = !state_timer(model->state, shell->info.target_id, &timer);
        if (!shell->received && timer.due_ns < model->loop.now_ns) {
            shell->late_ns = model->loop.now_ns - timer.due_ns;
        }
    }
}

/* ---- the loop ---- */

static void make_ring(StageModel *model) {
    const LoopInfo *loop = &model->loop;
    model->ring = RING_NONE;
    model->thread = THREAD_NONE;
    switch (loop->phase) {
    case LOOP_ASKING:
        model->ring = RING_ASK;
        model->asleep = loop->poll_timeout_ns != 0 && loop->arrived == 0;
        model->thread = model->asleep ? THREAD_ASLEEP : THREAD_OS;
        break;
    case LOOP_TAKING:
        model->ring = RING_ASK;
        model->thread = THREAD_OS;
        model->gate_open = true;
        break;
    case LOOP_TIMERS:
        model->ring = RING_TIMERS;
        break;
    case LOOP_RUNNING:
        model->ring = RING_RUN;
        if (loop->running != EVENT_NONE || loop->running_callback != EVENT_NONE) {
            model->thread = THREAD_SLOT;
        }
        break;
    case LOOP_BEFORE:
    case LOOP_STARTED:
    case LOOP_STOPPED:
        break;
    }
    model->bead_deg = stage_bead_angle(model);
}

bool stage_frozen(const State *state, const Log *log, uint32_t *task, uint64_t *for_ns) {
    const LoopInfo *loop = state_loop(state);
    const uint64_t count = state_count(state);
    const bool holds = loop->running != EVENT_NONE || loop->running_callback != EVENT_NONE;
    *task = EVENT_NONE;
    *for_ns = 0;
    if (holds && loop->now_ns - loop->running_since_ns > STAGE_FROZEN_NS) {
        *task = loop->running;
        *for_ns = loop->now_ns - loop->running_since_ns;
        return true;
    }
    const Event *event = count == 0 ? NULL : log_event(log, count - 1);
    if (event == NULL || event->kind != EV_LOOP_BLOCKED) {
        return false;
    }
    *task = event->task;
    *for_ns = (uint64_t)event->x;
    return true;
}

void stage_model_make(StageModel *model, const Canvas *canvas, const State *state) {
    *model = (StageModel){.state = state, .count = state_count(state), .loop = *state_loop(state)};
    make_slot(model, canvas);
    make_lane(model, canvas);
    stage_rows_make(model, canvas);
    make_tokens(model, canvas);
    make_timers(model, canvas);
    make_ring(model);
    model->frozen = stage_frozen(state, canvas->doc->log, &model->frozen_task, &model->frozen_ns);
    stage_knot_make(model, canvas);
    stage_badges_make(model, canvas);
}
