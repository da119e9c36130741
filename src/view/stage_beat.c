/* Several events that move as one: each has its own way and its own share of the beat's clock. */
#include "view/stage.h"

#include "base/assert.h"

/* What the counts say is true of the events that have begun, and of no others. */
static void count_at(StageModel *model, const State *state) {
    const StageModel end = *model;
    model->loop = *state_loop(state);
    model->count = state_count(state);
    model->lane_total -= end.loop.ready_handles - model->loop.ready_handles;
    model->paused_total +=
        model->loop.phase_counts[TASK_WAITING] - end.loop.phase_counts[TASK_WAITING];
}

/* How far a move has come on its way: a completion's check pops first. */
static float move_share(const Beat *beat, size_t i, float phase) {
    const bool pops = beat->kind == EV_IO_COMPLETED && beat->moves[i].ms == BEAT_COMPLETION_MS;
    const float pop = pops ? (float)MOTION_POP_MS / BEAT_COMPLETION_MS : 0;
    return ease_in_out(share_within(phase, pop, 1));
}

/* A paused card says that what it waits for has come when that move has begun. */
static void shells_wait(Stage *stage) {
    for (size_t i = 0; i < stage->after.shell_count; i++) {
        StageShell *shell = &stage->after.shells[i];
        const StageShell *before = stage_shell(&stage->before, shell->task);
        if (before == NULL || stage_move(stage, shell->task, EVENT_NONE, EVENT_NONE).phase > 0) {
            continue;
        }
        shell->info = before->info;
        shell->op_in_flight = before->op_in_flight;
        shell->op_arrived = before->op_arrived;
        shell->received = before->received;
        shell->late_ns = before->late_ns;
    }
}

void stage_beat_make(Stage *stage, const Beat *beat, float t) {
    const Canvas *canvas = stage->canvas;
    State *state = canvas->doc->after;
    const uint64_t cursor = state_count(state);
    ASSERT(state_count(canvas->doc->before) == beat->first && cursor > beat->first);
    stage_model_make(&stage->before, canvas, canvas->doc->before);
    state_seek(state, beat_end(beat));
    stage_model_make(&stage->after, canvas, state);
    for (size_t i = 0; i < beat->count; i++) {
        StageMove *move = &stage->moves[i];
        move->what = beat->moves[i];
        move->phase = beat_phase(beat, i, t);
        move->share = move_share(beat, i, move->phase);
        stage_badge_ensure(&stage->before, canvas, move->what.task);
        stage_badge_ensure(&stage->after, canvas, move->what.task);
    }
    state_seek(state, cursor);
    count_at(&stage->after, state);
    stage->move_count = beat->count;
    stage->event = *log_event(canvas->doc->log, beat->first);
    stage->moving = true;
    stage->loop_share = stage->moves[0].share;
    stage->share = stage->moves[beat->count - 1].share;
    stage->room_share = stage_room_share(stage, stage->moves[beat->count - 1].phase);
    shells_wait(stage);
}

StageMove stage_move(const Stage *stage, uint32_t task, uint32_t op, uint32_t timer) {
    for (size_t i = 0; i < stage->move_count; i++) {
        const BeatMove *what = &stage->moves[i].what;
        if ((task != EVENT_NONE && what->task == task) || (op != EVENT_NONE && what->op == op) ||
            (timer != EVENT_NONE && what->timer == timer)) {
            return stage->moves[i];
        }
    }
    return (StageMove){.phase = stage->phase, .share = stage->share};
}

/* Where the front card goes to the slot the others move up behind it, in 160 of its 320 ms. */
float stage_shift_share(const Stage *stage) {
    const bool runs = stage->event.kind == EV_TASK_RUNNING || stage->event.kind == EV_CALLBACK_RUN;
    return runs ? ease_in_out(share_within(stage->phase, 0.5f, 1)) : stage->share;
}

float stage_task_share(const Stage *stage, uint32_t task) {
    const StageBadge *badge = stage_badge(&stage->after, task);
    const bool follows = stage->moving && stage->move_count == 0 && badge != NULL &&
                         badge->place == PLACE_LANE && stage->event.task != task;
    return follows ? stage_shift_share(stage)
                   : stage_move(stage, task, EVENT_NONE, EVENT_NONE).share;
}
