#include "view/stage.h"

/* The task that an event is about, so that it can be seen leaving and joining a crowd. */
static uint32_t event_task(const Stage *stage) {
    const Event *event = &stage->event;
    OpInfo op;
    switch (event->kind) {
    case EV_IO_ARRIVED:
    case EV_IO_COMPLETED:
        return state_op(stage->before.state, event->id, &op) ? op.task : EVENT_NONE;
    default:
        return event->task;
    }
}

/* The ring of the loop's phases; a deadlock takes its place. */
static void loop_draw(const Stage *stage) {
    const bool knot = stage->after.knot.count > 0, comes = stage->before.knot.count == 0;
    const float fade = !knot                    ? 1
                       : stage->moving && comes ? 1 - share_within(stage->share, 0, 0.5f)
                                                : 0;
    if (fade > 0) {
        stage->canvas->scene->opacity = fade;
        stage_ring_draw(stage);
        stage_timers_draw(stage);
        stage->canvas->scene->opacity = 1;
    }
    stage_knot_draw(stage);
}

static void stage_draw(const Stage *stage) {
    stage_ground_draw(stage);
    stage_lane_draw(stage);
    stage_events_draw(stage);
    stage_slot_draw(stage);
    stage_paused_draw(stage);
    stage_calls_draw(stage);
    stage_ops_draw(stage);
    loop_draw(stage);
    stage_parcel_draw(stage);
    stage_flash_draw(stage);
    stage_travel_draw(stage);
}

void panel_stage(const Canvas *canvas) {
    const Player *player = canvas->input->player;
    Stage stage = {.canvas = canvas, .phase = player->phase};
    const uint64_t count = state_count(canvas->doc->after);
    Beat beat;
    const bool beats = player->phase < 1 && player_beat(player, canvas->doc->timeline, &beat);
    if (beats) {
        stage_beat_make(&stage, &beat, player->phase);
        stage_draw(&stage);
        return;
    }
    stage_model_make(&stage.after, canvas, canvas->doc->after);
    const bool way = count > 0 && (player->phase < 1 || player->reduced_motion);
    stage.event.kind = EV_KIND_COUNT;
    if (way) {
        stage.event = *log_event(canvas->doc->log, count - 1);
        stage_model_make(&stage.before, canvas, canvas->doc->before);
        const uint32_t task = event_task(&stage);
        stage_badge_ensure(&stage.before, canvas, task);
        stage_badge_ensure(&stage.after, canvas, task);
        stage.arrows = player->reduced_motion;
        stage.moving = !player->reduced_motion;
    } else {
        stage.before = stage.after;
    }
    stage.share = stage.moving ? motion_share(motion_of(&stage.event), player->phase) : 1;
    stage.loop_share = stage.share;
    stage.room_share = stage.moving ? stage_room_share(&stage, player->phase) : 1;
    stage_draw(&stage);
}
