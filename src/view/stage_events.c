/* The way back: lower door, event lane, gate, rail. Finished work waits behind the gate; the loop
 * opens it only while it takes completions. */
#include "view/stage.h"

#include "base/format.h"
#include "view/caption.h"
#include "view/caption_words.h"

#include <math.h>
#include <stdio.h>

static void lane_ground(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const Rect lane = canvas->layout->event_lane, door = canvas->layout->door_back;
    const float u = canvas->u;
    const bool outlined = theme->lane.r == theme->user.r && theme->lane.g == theme->user.g;
    const Rect whole = {lane.x - 2 * u, lane.y, door.x + door.w + 12 * u - lane.x + 2 * u, lane.h};
    scene_rect(canvas->scene, whole, 8 * u,
               (Style){.fill = theme->lane,
                       .stroke = outlined ? theme->line : (Color){0},
                       .stroke_px = outlined ? 1.5f * u : 0});
    const bool comes = stage->moving &&
                       (stage->event.kind == EV_IO_ARRIVED || stage->event.kind == EV_IO_COMPLETED);
    arrow_draw(canvas, door.x + door.w / 2 + 1 * u, lane.y + lane.h / 2, 8 * u, 270,
               comes ? theme->ink : theme->ink3);
}

/* 0 shut, 1 open. */
static float gate_share(const Stage *stage) {
    const float before = stage->before.gate_open ? 1 : 0, after = stage->after.gate_open ? 1 : 0;
    return stage->moving ? before + (after - before) * stage->loop_share : after;
}

static void rail_draw(const Canvas *canvas, float open) {
    const Layout *layout = canvas->layout;
    const float u = canvas->u, r = 20 * u, x = layout->rail_x;
    const float lane_y = layout->lane.y + layout->lane.h / 2;
    const float event_y = layout->event_lane.y + layout->event_lane.h / 2;
    const Color color = color_mix(canvas->theme->line2, canvas->theme->thread, open);
    Path path;
    path_move(&path, layout->event_lane.x - 18 * u, event_y);
    path_line(&path, x + r, event_y);
    path_quad(&path, x, event_y, x, event_y - r);
    path_line(&path, x, lane_y + r);
    path_quad(&path, x, lane_y, x + 12 * u, lane_y);
    const bool solid = open > 0.5f;
    scene_polyline(canvas->scene, path.points, path.count,
                   (Style){.stroke = color,
                           .stroke_px = 2.5f * u,
                           .dash_on_px = solid ? 0 : 1 * u,
                           .dash_off_px = solid ? 0 : 8 * u,
                           .round_caps = true});
    arrow_draw(canvas, layout->lane.x - 9 * u, lane_y, 9 * u, 90, color);
}

static void gate_draw(const Stage *stage, float open) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const Rect lane = canvas->layout->event_lane;
    const float u = canvas->u, middle = lane.y + lane.h / 2;
    const float top = lane.y - (4 + 2 * open) * u, bottom = lane.y + lane.h + (4 + 2 * open) * u;
    const float shut_h = (bottom - top) / 2, height = shut_h + (14 * u - shut_h) * open;
    const Style style = {.fill = color_mix(theme->ink3, theme->thread, open)};
    const float x = lane.x - 12 * u;
    if (open <= 0) {
        scene_rect(canvas->scene, (Rect){x, top, 8 * u, bottom - top}, 4 * u, style);
    } else {
        scene_rect(canvas->scene, (Rect){x, top, 8 * u, height}, 4 * u, style);
        scene_rect(canvas->scene, (Rect){x, bottom - height, 8 * u, height}, 4 * u, style);
    }
    if (open >= 1) {
        return;
    }
    canvas->scene->opacity = 1 - open;
    const float width = canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, lane.x + 14 * u, middle,
                                    ALIGN_LEFT, "gate opens at");
    const float ring = lane.x + (23.5f + 4.5f * canvas->text_scale) * u + width;
    scene_circle(canvas->scene, ring, middle, 9.5f * u,
                 (Style){.stroke = theme->ink3, .stroke_px = 1.5f * u});
    scene_text(canvas->scene, canvas->metrics, FONT_BOLD, 13 * u, theme->ink3, ring, middle,
               ALIGN_MIDDLE, "2");
    canvas->scene->opacity = 1;
}

/* What came back, where the recording knows it: "65536 B", or "64 KiB" where that has no room;
 * "done", "error". */
static void token_text(const Canvas *canvas, const OpInfo *op, float room, char out[FORMAT_MAX]) {
    const Timeline *timeline = canvas->doc->timeline;
    const uint64_t done = timeline_op(timeline, op->op).completed_n;
    if (done >= timeline_count(timeline)) {
        (void)snprintf(out, FORMAT_MAX, "%s", words_verb(op->call));
        return;
    }
    const int64_t result = log_event(canvas->doc->log, done)->x;
    const bool counts =
        op->call == IO_WRITE || op->call == IO_READ || op->call == IO_SEND || op->call == IO_RECV;
    if (result < 0) {
        (void)snprintf(out, FORMAT_MAX, "error");
    } else if (counts) {
        char count[FORMAT_MAX];
        (void)snprintf(out, FORMAT_MAX, "%.20s B", format_count(count, (uint64_t)result));
        if (canvas_width(canvas, FONT_MONO_BOLD, 13 / canvas->text_scale, out) > room) {
            format_size(out, (uint64_t)result);
        }
    } else {
        (void)snprintf(out, FORMAT_MAX, "%s", op->call == IO_OPENAT ? "opened" : "done");
    }
}

static void token_draw(const Stage *stage, const StageToken *token, Rect rect, float opacity) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u;
    const uint32_t task = token->info.task;
    scene_id(canvas->scene, stage_id(STAGE_ID_TOKEN, token->info.op));
    canvas->scene->opacity = opacity;
    scene_rect(canvas->scene, rect, rect.h / 2,
               (Style){.fill = canvas->theme->card,
                       .stroke = identity_color(canvas, task),
                       .stroke_px = 2.5f * u});
    char text[FORMAT_MAX];
    const float room = token->rect.w - 52 * u; /* its words come as it reaches its size */
    token_text(canvas, &token->info, room, text);
    canvas->scene->opacity = opacity * share_within(rect.w, 0.8f * token->rect.w, token->rect.w);
    if (canvas_width(canvas, FONT_MONO_BOLD, 13 / canvas->text_scale, text) <= room) {
        canvas_name_fit(canvas, FONT_MONO_BOLD, 15, canvas->theme->ink, rect.x + 42 * u,
                        rect.y + rect.h / 2, ALIGN_LEFT, room, text);
    }
    canvas->scene->opacity = opacity;
    float radius;
    const Point badge = stage_token_badge(rect, u, &radius);
    stage_badge_draw(stage, task, PLACE_TOKEN, token->info.op, badge.x, badge.y, radius,
                     canvas->theme->card);
    canvas->scene->opacity = 1;
    scene_id(canvas->scene, 0);
}

/* Whether the first completion is known to have waited for most of a freeze. */
static bool shows_late(const StageModel *model) {
    return model->frozen && model->token_count > 0 &&
           (model->loop.now_ns - model->tokens[0].info.arrived_ns) * 10 > model->frozen_ns;
}

/* Where the newest completion came from: out of its row, down beside the wall, through the door. */
static void trail_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const StageModel *model = &stage->after;
    const bool arrow_there = stage->arrows && stage->event.kind == EV_IO_ARRIVED;
    if (arrow_there || model->token_count == 0 || shows_late(model)) {
        return;
    }
    const StageToken *token = &model->tokens[model->token_count - 1];
    const StageOp *op = stage_op(model, token->info.op);
    const StageOp *op_before = stage_op(&stage->before, token->info.op);
    const bool arrives = stage->moving && stage_token(&stage->before, token->info.op) == NULL;
    if (op == NULL || op_before == NULL || arrives) {
        return;
    }
    const float u = canvas->u;
    const Rect row =
        stage->moving ? rect_between(op_before->rect, op->rect, stage->share) : op->rect;
    StageBadge from = {.task = token->info.task, .place = PLACE_OP}, to = from;
    from.at = stage_row_badge(row, u, &from.radius);
    to.place = PLACE_TOKEN;
    to.at = (Point){token->rect.x + token->rect.w + 10 * u, token->rect.y + token->rect.h / 2};
    Path path;
    stage_route(stage, &from, &to, &path);
    scene_polyline(canvas->scene, path.points, path.count,
                   (Style){.stroke = identity_color(canvas, token->info.task),
                           .stroke_px = 3 * u,
                           .dash_on_px = 1 * u,
                           .dash_off_px = 9 * u,
                           .round_caps = true});
}

static void tokens_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    trail_draw(stage);
    for (size_t i = 0; i < stage->after.token_count; i++) {
        const StageToken *token = &stage->after.tokens[i];
        const StageToken *before = stage_token(&stage->before, token->info.op);
        float opacity = 1;
        Rect rect = token->rect;
        if (stage->moving && before != NULL) {
            rect = rect_between(before->rect, token->rect, stage->share);
        } else if (stage->moving) { /* the badge brings it: it opens where the badge arrives */
            const float open = share_within(stage->share, 0.8f, 1);
            rect.w = 44 * canvas->u + (rect.w - 44 * canvas->u) * open;
            opacity = open;
            if (open <= 0) {
                continue;
            }
        }
        token_draw(stage, token, rect, opacity);
    }
    for (size_t i = 0; stage->moving && i < stage->before.token_count; i++) {
        const StageToken *token = &stage->before.tokens[i];
        const float share = stage_move(stage, EVENT_NONE, token->info.op, EVENT_NONE).share;
        const float opacity = 1 - share_within(share, 0, 0.35f);
        if (stage_token(&stage->after, token->info.op) == NULL && opacity > 0) {
            token_draw(stage, token, token->rect, opacity);
        }
    }
}

/* How long the first one has waited for somebody to open the gate. */
static void late_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const StageModel *model = &stage->after;
    if (!shows_late(model)) {
        return;
    }
    const StageToken *last = &model->tokens[model->token_count - 1];
    char duration[FORMAT_MAX], text[FORMAT_MAX + 32];
    format_duration(duration, model->loop.now_ns - model->tokens[0].info.arrived_ns);
    (void)snprintf(text, sizeof text,
                   model->token_count > 1 ? "wait here for up to %s" : "waits here for %s",
                   duration);
    const Rect lane = canvas->layout->event_lane;
    const float x = last->rect.x + last->rect.w + 14 * canvas->u;
    canvas_text_fit(canvas, FONT_SEMIBOLD, 14, canvas->theme->danger, x, lane.y + lane.h / 2,
                    ALIGN_LEFT, lane.x + lane.w - 20 * canvas->u - x, text);
}

static bool lane_rests(const StageModel *model) {
    return model->loop.arrived == 0 && !model->gate_open;
}

static void chevrons_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Rect lane = canvas->layout->event_lane;
    const float was = lane_rests(&stage->before) ? 1 : 0, is = lane_rests(&stage->after) ? 1 : 0;
    const float opacity = stage->moving ? was + (is - was) * stage->loop_share : is;
    if (opacity <= 0) {
        return;
    }
    canvas->scene->opacity = opacity;
    for (int i = 0; i < 2; i++) {
        chevron_draw(canvas, stage_first_token_x(canvas) + (60 + 130 * (float)i) * canvas->u,
                     lane.y + lane.h / 2, 6 * canvas->u, false, canvas->theme->line2);
    }
    canvas->scene->opacity = 1;
}

void stage_events_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const Rect lane = canvas->layout->event_lane;
    const float open = gate_share(stage);
    lane_ground(stage);
    const bool thread_there = stage->after.ring == RING_ASK || stage->before.ring == RING_ASK;
    title_draw(canvas, lane.x, lane.y - 19 * canvas->u, 0, "Completion events",
               (int64_t)stage->after.loop.arrived, thread_there ? NULL : "finished work waits here",
               theme->ink, theme->lane);
    rail_draw(canvas, open);
    gate_draw(stage, open);
    chevrons_draw(stage);
    if (stage_tokens_dense(&stage->after)) {
        density_tokens_draw(stage);
    } else {
        tokens_draw(stage);
    }
    late_draw(stage);
}
