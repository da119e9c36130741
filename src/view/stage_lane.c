/* The ready queue: cards from the front (right) to the back, then "+n". */
#include "view/stage.h"

#include "base/format.h"

#include <math.h>
#include <stdio.h>

static void late_bar(const Canvas *canvas, Rect rect, float share) {
    const float u = canvas->u;
    scene_rect(canvas->scene,
               (Rect){rect.x + 12 * u, rect.y + rect.h - 9 * u, (rect.w - 24 * u) * share, 4 * u},
               2 * u, (Style){.fill = canvas->theme->danger});
}

static void task_card(const Stage *stage, const StageCard *card, Rect rect) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const StageModel *model = &stage->after;
    const float u = canvas->u, middle = rect.y + rect.h / 2;
    StageCard placed = *card;
    placed.rect = rect;
    float radius;
    const Point badge = stage_card_badge(&placed, u, &radius);
    scene_rect(canvas->scene, rect, 10 * u,
               (Style){.fill = card->is_new ? theme->user : theme->card,
                       .stroke = identity_color(canvas, card->task),
                       .stroke_px = 2 * u,
                       .dash_on_px = card->is_new ? 2 * u : 0,
                       .dash_off_px = card->is_new ? 5 * u : 0});
    stage_badge_draw(stage, card->task, PLACE_LANE, EVENT_NONE, badge.x, badge.y, radius,
                     card->is_new ? theme->user : theme->card);
    if (card->cancel_requested && !stage_wish_comes(stage, card->task)) {
        cancel_mark_draw(canvas, badge.x + radius * 0.85f, badge.y + radius * 0.85f, 6.5f * u,
                         theme->card);
    }
    const float x = badge.x + 2 * radius - 5 * u;
    const float room = rect.x + rect.w - 7 * u - x;
    canvas_name_fit(canvas, FONT_SEMIBOLD, 16.5f, theme->ink, x, middle - 11 * u, ALIGN_LEFT, room,
                    stage_name(canvas, card->task));
    const uint64_t waited =
        model->loop.now_ns > card->since_ns ? model->loop.now_ns - card->since_ns : 0;
    char duration[FORMAT_MAX], text[FORMAT_MAX + 8];
    format_duration(duration, waited);
    (void)snprintf(text, sizeof text, waited > 0 ? "for %s" : "just now", duration);
    if (card->is_new || card->cancel_requested) {
        (void)snprintf(text, sizeof text, "%s", card->is_new ? "new" : "cancelled");
        (void)snprintf(duration, sizeof duration, "%s", card->is_new ? "new" : "cancel");
    }
    const bool fits = canvas_width(canvas, FONT_REGULAR, 13.5f, text) <= room;
    canvas_name_fit(canvas, FONT_REGULAR, 13.5f, model->frozen ? theme->danger : theme->ink2, x,
                    middle + 12 * u, ALIGN_LEFT, room, fits ? text : duration);
    if (model->frozen && model->frozen_ns > 0) {
        late_bar(canvas, rect, fminf((float)waited / (float)model->frozen_ns, 1));
    }
    stage_follow_draw(canvas, card->task, rect, 10 * u);
}

/* In the lines that there is room for on the card at rest, while it grows, too. */
static void callback_words(const Canvas *canvas, float x, float middle, float room,
                           const char *what) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    enum { LINES = 3 };
    size_t starts[LINES], lengths[LINES];
    float size = 13 * u * canvas->text_scale;
    size_t lines = metrics_wrap(canvas->metrics, FONT_MEDIUM, size, room, what, starts, lengths, 3);
    if (lines > 2) {
        size = 13 * u;
        lines = metrics_wrap(canvas->metrics, FONT_MEDIUM, size, room, what, starts, lengths, 3);
    }
    lines = lines < LINES ? lines : LINES;
    const float pitch = (lines < LINES ? 19 : 15.5f) * u;
    float y = middle - pitch * (float)lines / 2;
    scene_text(canvas->scene, canvas->metrics, FONT_REGULAR, size, theme->ink3, x, y, ALIGN_LEFT,
               "callback");
    for (size_t i = 0; i + 1 < lines; i++) {
        y += pitch;
        scene_text_n(canvas->scene, canvas->metrics, FONT_MEDIUM, size, theme->ink, x, y,
                     ALIGN_LEFT, what + starts[i], lengths[i]);
    }
    scene_text_fit(canvas->scene, canvas->metrics, FONT_MEDIUM, size, theme->ink, x, y + pitch,
                   ALIGN_LEFT, room, what + starts[lines - 1]);
}

/* A handle that is no task's step: square-cornered, without an identity's colour. */
static void callback_card(const Stage *stage, const StageCard *card, Rect rect) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, middle = rect.y + rect.h / 2;
    scene_rect(canvas->scene, rect, 3 * u,
               (Style){.fill = theme->lane, .stroke = theme->ink3, .stroke_px = 1.5f * u});
    float x = rect.x + 10 * u;
    if (card->task != EVENT_NONE) {
        StageCard placed = *card;
        placed.rect = rect;
        float radius;
        const Point badge = stage_card_badge(&placed, u, &radius);
        stage_badge_draw(stage, card->task, PLACE_LANE, card->id, badge.x, badge.y, radius,
                         theme->lane);
        x = badge.x + radius + 6 * u;
    }
    const char *what = log_text(canvas->doc->log, card->what, NULL);
    const float right = rect.x - 4 * u - x;
    const StageCard *before = stage->moving ? stage_card(&stage->before, card) : NULL;
    const float opacity = canvas->scene->opacity;
    if (before != NULL && fabsf(before->rect.w - card->rect.w) > u) { /* its lines are others */
        canvas->scene->opacity = opacity * (1 - share_within(stage->share, 0, 0.5f));
        callback_words(canvas, x, middle, right + before->rect.w, what);
        canvas->scene->opacity = opacity * share_within(stage->share, 0.5f, 1);
    }
    callback_words(canvas, x, middle, right + card->rect.w, what);
    canvas->scene->opacity = opacity;
}

void stage_card_draw(const Stage *stage, const StageCard *card, Rect rect, float opacity) {
    Scene *scene = stage->canvas->scene;
    if (opacity <= 0) {
        return;
    }
    scene_id(scene, stage_id(card->is_callback ? STAGE_ID_CALLBACK : STAGE_ID_CARD, card->id));
    scene->opacity = opacity * stage_dim(stage->canvas, card->task);
    if (card->is_callback) {
        callback_card(stage, card, rect);
    } else {
        task_card(stage, card, rect);
    }
    scene->opacity = 1;
    scene_id(scene, 0);
}

static Rect grown(Rect rect, float scale) {
    return (Rect){rect.x + rect.w * (1 - scale) / 2, rect.y + rect.h * (1 - scale) / 2,
                  rect.w * scale, rect.h * scale};
}

/* Where a card will unfold once its badge is there. */
static void ghost_draw(const Stage *stage, const StageCard *card, float opacity) {
    const Canvas *canvas = stage->canvas;
    canvas->scene->opacity = opacity;
    scene_rect(canvas->scene, card->rect, 10 * canvas->u,
               (Style){.stroke = identity_color(canvas, card->task),
                       .stroke_px = 1.5f * canvas->u,
                       .dash_on_px = 2 * canvas->u,
                       .dash_off_px = 6 * canvas->u,
                       .round_caps = true});
    canvas->scene->opacity = 1;
}

static void new_card_draw(const Stage *stage, const StageCard *card) {
    const float share = stage_task_share(stage, card->task);
    if (stage_rests_before(stage, card->task)) {
        return;
    }
    if (stage_travels(stage, card->task)) {
        const float open = share_within(share, stage->move_count > 0 ? 0.9f : 0.7f, 1);
        ghost_draw(stage, card, 1 - open);
        stage_card_draw(stage, card, grown(card->rect, 0.7f + 0.3f * open), open);
    } else {
        stage_card_draw(stage, card, grown(card->rect, 0.9f + 0.1f * share), share);
    }
}

static void cards_draw(const Stage *stage) {
    for (size_t i = 0; i < stage->after.lane_count; i++) {
        const StageCard *card = &stage->after.lane[i];
        const StageCard *before = stage_card(&stage->before, card);
        if (!stage->moving) {
            stage_card_draw(stage, card, card->rect, 1);
        } else if (before != NULL) {
            stage_card_draw(stage, card,
                            rect_between(before->rect, card->rect, stage_shift_share(stage)), 1);
        } else {
            new_card_draw(stage, card);
        }
    }
    for (size_t i = 0; stage->moving && i < stage->before.lane_count; i++) {
        const StageCard *card = &stage->before.lane[i];
        const bool runs = card->is_callback ? stage->after.slot_callback == card->id
                                            : stage->after.loop.running == card->id;
        if (!runs && stage_card(&stage->after, card) == NULL) {
            stage_card_draw(stage, card, card->rect, 1 - stage->share);
        }
    }
}

static void crowd_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const StageModel *model = &stage->after;
    if (model->lane_total <= model->lane_count) {
        return;
    }
    const float u = canvas->u;
    const Rect rect = stage_crowd_rect(canvas);
    scene_rect(canvas->scene, rect, 10 * u,
               (Style){.stroke = canvas->theme->ink4, .stroke_px = 1.5f * u});
    char text[FORMAT_MAX + 1] = "+";
    format_count(text + 1, model->lane_total - model->lane_count);
    canvas_name_fit(canvas, FONT_SEMIBOLD, 16, canvas->theme->ink2, rect.x + rect.w / 2,
                    rect.y + rect.h / 2, ALIGN_MIDDLE, rect.w - 4 * u, text);
}

static void chevrons_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Rect lane = canvas->layout->lane;
    const float u = canvas->u;
    const size_t room = canvas->text_scale > 1 ? 2 : STAGE_LANE_CARDS;
    const float gap = 8 * u;
    const float width = (lane.w - 24 * u - gap * (float)(room - 1)) / (float)room;
    if (stage->after.lane_total > room) {
        return;
    }
    for (size_t i = stage->after.lane_count; i < room; i++) {
        const float x = lane.x + lane.w - 12 * u - width / 2 - (float)i * (width + gap);
        chevron_draw(canvas, x, lane.y + lane.h / 2, 7 * u, true, canvas->theme->line2);
    }
}

void stage_lane_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const Rect lane = canvas->layout->lane;
    const float u = canvas->u;
    const bool outlined = theme->lane.r == theme->user.r && theme->lane.g == theme->user.g;
    title_draw(canvas, lane.x, lane.y - canvas->layout->title_dy, lane.x + lane.w, "Ready queue",
               (int64_t)stage->after.lane_total, "first in, first out", theme->ink, theme->lane);
    scene_rect(canvas->scene, lane, 14 * u,
               (Style){.fill = theme->lane,
                       .stroke = outlined ? theme->line : (Color){0},
                       .stroke_px = outlined ? 1.5f * u : 0});
    if (stage->after.lane_dense) {
        density_lane_draw(stage);
        return;
    }
    chevrons_draw(stage);
    cards_draw(stage);
    crowd_draw(stage);
}
