/* Above 12 and up to 60 events a second nothing travels: the place that a task came to is outlined,
 * and the outline fades. It is worked out from the last events; nothing runs on a clock of its own,
 * so a pause shows none. */
#include "view/caption_words.h"
#include "view/stage.h"

#include <math.h>

#define FLASH_PACE_MAX 60

/* The task whose place an event changed, or EVENT_NONE. */
static uint32_t task_moved(const Stage *stage, uint64_t n) {
    const Event *event = log_event(stage->canvas->doc->log, n);
    if (!motion_travels((EventKind)event->kind)) {
        return EVENT_NONE;
    }
    if (event->kind != EV_IO_ARRIVED && event->kind != EV_IO_COMPLETED) {
        return event->task;
    }
    const Event *submitted = words_op_submitted(stage->canvas->doc->timeline, event->id);
    return submitted == NULL ? EVENT_NONE : submitted->task;
}

static void outline_draw(const Stage *stage, uint32_t task, float opacity) {
    const Canvas *canvas = stage->canvas;
    const StageBadge *badge = stage_badge(&stage->after, task);
    if (badge == NULL || badge->place == PLACE_CROWD || badge->place == PLACE_FOG) {
        return;
    }
    const float out = 4 * canvas->u;
    const Rect card = stage_badge_card(canvas, &stage->after, badge);
    canvas->scene->opacity = opacity;
    scene_rect(canvas->scene,
               (Rect){card.x - out, card.y - out, card.w + 2 * out, card.h + 2 * out},
               14 * canvas->u,
               (Style){.stroke = identity_color(canvas, task), .stroke_px = 3 * canvas->u});
    canvas->scene->opacity = 1;
}

void stage_flash_draw(const Stage *stage) {
    const Player *player = stage->canvas->input->player;
    const double pace = PACES[player->pace];
    if (!player->playing || player->reduced_motion || pace > FLASH_PACE_MAX ||
        player_travels(player)) {
        return;
    }
    uint32_t seen[16];
    size_t seen_count = 0;
    const uint64_t count = stage->after.count;
    const double shown = ceil(MOTION_FLASH_MS * pace / 1000); /* so many events back */
    for (uint64_t back = 0; back < count && (double)back < shown; back++) {
        const uint32_t task = task_moved(stage, count - 1 - back);
        bool again = task == EVENT_NONE;
        for (size_t i = 0; i < seen_count; i++) {
            again = again || seen[i] == task;
        }
        if (!again && seen_count < sizeof seen / sizeof *seen) {
            seen[seen_count++] = task;
            outline_draw(stage, task, (float)(1 - (double)back / shown));
        }
    }
}
