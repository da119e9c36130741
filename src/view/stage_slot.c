/* The running slot: room for exactly one. */
#include "view/stage.h"

#include "base/format.h"
#include "view/caption_words.h"
#include "view/text_block.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- which step ---- */

typedef struct StepText {
    char what[96];
    const char *code; /* the line, or NULL */
} StepText;

/* Whether the task began a step since it got the thread; else it goes on after its last one. */
static bool stepped(const StageModel *model, const Log *log) {
    enum { LOOK_BACK = 512 };
    const uint64_t since = model->slot_info.since_n;
    for (uint64_t n = model->count; n > since + 1 && model->count - n < LOOK_BACK; n--) {
        const Event *event = log_event(log, n - 1);
        if (event->kind == EV_STEP && event->task == model->slot_task) {
            return true;
        }
    }
    return model->count - since > LOOK_BACK;
}

/* How many steps of a section stand in no other step. */
static uint32_t outer_steps(const Listing *listing, uint32_t section) {
    uint32_t total = 0;
    for (uint32_t i = section + 1; i < listing->count && !listing->lines[i].heading; i++) {
        total += listing->lines[i].at != NULL &&
                 listing->lines[i].indent == listing->lines[section].indent + 1;
    }
    return total;
}

/* "step 3 of 6"; a step within another has the number that the captions give it: "step 3.1". */
static void step_text(const StageModel *model, const Canvas *canvas, StepText *out) {
    *out = (StepText){.code = NULL};
    const Listing *listing = canvas->doc->listings[CODE_STEPS];
    const uint32_t at = model->slot_info.at;
    if (at == EVENT_NONE) {
        (void)snprintf(out->what, sizeof out->what, "begins");
        return;
    }
    const char *pointer = log_text(canvas->doc->log, at, NULL);
    const int32_t line = listing ? listing_line_of(listing, pointer) : -1;
    if (line < 0) {
        char number[FORMAT_MAX];
        (void)snprintf(out->what, sizeof out->what, "step %s",
                       format_count(number, model->slot_info.steps));
        return;
    }
    Buf what = {0};
    buf_append_text(&what, stepped(model, canvas->doc->log) ? "step " : "goes on after step ");
    words_step_number(pointer, &what);
    if (strchr(buf_text(&what), '.') == NULL) {
        buf_printf(&what, " of %u", outer_steps(listing, listing_section(listing, (uint32_t)line)));
    }
    (void)snprintf(out->what, sizeof out->what, "%s", buf_text(&what));
    buf_finish(&what);
    out->code = listing->lines[line].text;
}

/* ---- drawing ---- */

static Rect inset(Rect rect, float by) {
    return (Rect){rect.x + by, rect.y + by, rect.w - 2 * by, rect.h - 2 * by};
}

static const char *empty_text(const StageModel *model, bool simulated) {
    if (model->loop.deadlocked) {
        return "nothing can ever run again";
    }
    switch (model->loop.phase) {
    case LOOP_BEFORE:
        return "the loop has not started yet";
    case LOOP_STOPPED:
        return model->loop.stop_reason == STOP_DONE ? "all tasks are done: the loop has stopped"
                                                    : "the loop has stopped";
    case LOOP_ASKING:
        return model->asleep ? "no task can run now"
               : simulated   ? "no task: the loop asks the simulated OS"
                             : "no task: the loop asks the OS";
    default:
        return "no task: the loop itself has the thread";
    }
}

static bool occupied(const StageModel *model) {
    return model->loop.running != EVENT_NONE || model->slot_callback != EVENT_NONE;
}

/* The glyph of an end pops and stands for the first 240 ms; then the card fades. */
#define END_POP_SHARE  0.58f
#define END_SEEN_SHARE 0.784f

static bool is_end(const Stage *stage) {
    return stage->event.kind >= EV_TASK_FINISHED && stage->event.kind <= EV_TASK_CANCELLED;
}

/* The words of the empty slot come when those of the task are gone, and go before the next's. */
static float empty_words(const Stage *stage) {
    if (!stage->moving || (!occupied(&stage->before) && !occupied(&stage->after))) {
        return 1;
    }
    return occupied(&stage->after) ? 1 - share_within(stage->share, 0, 0.3f)
                                   : share_within(stage->share, is_end(stage) ? 0.97f : 0.5f, 1);
}

static void empty_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const StageModel *model = &stage->after;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Rect slot = canvas->layout->running;
    const bool frozen = model->frozen && model->thread != THREAD_SLOT;
    const float red = stage->moving && !stage->before.frozen ? stage->share : 1; /* it comes once */
    scene_rect(
        canvas->scene, inset(slot, u), 14 * u,
        (Style){.fill = frozen ? color_mix(theme->well, theme->danger_ground, red) : theme->well,
                .stroke = frozen ? color_mix(theme->line2, theme->danger, red) : theme->line2,
                .stroke_px = (frozen ? 5 : 2) * u,
                .dash_on_px = frozen ? 0 : 2 * u,
                .dash_off_px = frozen ? 0 : 8 * u,
                .round_caps = true});
    const float x = slot.x + slot.w / 2, y = slot.y + slot.h / 2, room = slot.w - 24 * u;
    if (!frozen) {
        canvas->scene->opacity = empty_words(stage);
        static const float ONE_LINE[] = {15, 14, 0}, TWO_LINES[] = {15, 0};
        const char *words = empty_text(model, stage_simulated(canvas));
        TextBlock block;
        text_block_make(canvas, &block, FONT_REGULAR, ONE_LINE, 1, room, slot.h, words);
        if (!block.fits) {
            text_block_make(canvas, &block, FONT_REGULAR, TWO_LINES, 2, room, slot.h, words);
        }
        block.align = ALIGN_MIDDLE;
        text_block_draw(canvas, &block, FONT_REGULAR, theme->ink3, x, y, room, words);
        canvas->scene->opacity = 1;
        return;
    }
    char duration[FORMAT_MAX], text[FORMAT_MAX + 64];
    format_duration(duration, model->frozen_ns);
    const char *name = stage_name(canvas, model->frozen_task);
    (void)snprintf(text, sizeof text, "%.40s kept the thread for", name[0] ? name : "a callback");
    canvas_name_fit(canvas, FONT_MEDIUM, 15, theme->danger_ink, x, y - 18 * u, ALIGN_MIDDLE, room,
                    text);
    canvas_name_fit(canvas, FONT_BOLD, 24, theme->danger, x, y + 14 * u, ALIGN_MIDDLE, room,
                    duration);
}

static void code_draw(const Canvas *canvas, Rect slot, const char *code) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Rect line = {slot.x + 14 * u, slot.y + slot.h - 35 * u, slot.w - 28 * u, 25 * u};
    const bool light = theme->app.r > 128;
    scene_rect(canvas->scene, line, 6 * u, (Style){.fill = light ? theme->user : theme->app});
    canvas_name_fit(canvas, FONT_MONO_MEDIUM, canvas->text_scale > 1 ? 13 : 15, theme->ink,
                    line.x + 12 * u, line.y + line.h / 2, ALIGN_LEFT, line.w - 24 * u, code);
}

static void end_mark(const Stage *stage, const StageModel *model, Rect slot) {
    const Canvas *canvas = stage->canvas;
    if (!stage->moving || stage->event.task != model->slot_task) {
        return;
    }
    const float pop = fmaxf(share_within(stage->share, 0, END_POP_SHARE), 0.3f);
    const float u = canvas->u * pop;
    const float x = slot.x + slot.w - 34 * canvas->u, y = slot.y + 52 * canvas->u;
    if (stage->event.kind == EV_TASK_FINISHED) {
        scene_circle(canvas->scene, x, y, 17 * u, (Style){.fill = canvas->theme->ink});
        check_draw(canvas, x, y, 7 * u, canvas->theme->app, 3.5f * u);
    } else if (stage->event.kind == EV_TASK_FAILED) {
        scene_circle(canvas->scene, x, y, 17 * u, (Style){.fill = canvas->theme->danger});
        cross_draw(canvas, x, y, 6 * u, canvas->theme->danger_ground, 3.5f * u);
    } else if (stage->event.kind == EV_TASK_CANCELLED) {
        const Style style = {.stroke = canvas->theme->ink, .stroke_px = 3 * u, .round_caps = true};
        scene_circle(canvas->scene, x, y, 14 * u, style);
        scene_line(canvas->scene, x - 10 * u, y + 10 * u, x + 10 * u, y - 10 * u, style);
    }
}

/* A callback's name is long: it may take two lines. Returns where what is said of it stands. */
static float callback_name_draw(const Canvas *canvas, Rect slot, float x, float max_px,
                                const char *name) {
    static const float SIZES[] = {18, 15, 0};
    const float u = canvas->u;
    const Color ink = canvas->theme->ink;
    TextBlock block;
    text_block_make(canvas, &block, FONT_BOLD, SIZES, 2, max_px, 70 * u, name);
    if (block.count == 1) {
        canvas_text(canvas, FONT_BOLD, block.size_u, ink, x, slot.y + 32 * u, ALIGN_LEFT, name);
        return slot.y + 56 * u;
    }
    const float top = slot.y + 12 * u, height = text_block_height(canvas, &block);
    text_block_draw(canvas, &block, FONT_BOLD, ink, x, top + height / 2, max_px, name);
    return top + height + 9 * u;
}

/* Name, step and time; the frame is drawn by the caller. */
static void content_draw(const Stage *stage, const StageModel *model, Rect slot) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const bool callback = model->slot_callback != EVENT_NONE;
    const bool ends = stage->moving && model == &stage->before;
    char time[FORMAT_MAX];
    stage_duration(time, model->loop.now_ns, model->loop.running_since_ns);
    const float x = slot.x + 82 * u;
    float right = slot.x + slot.w - 16 * u, what_right = slot.x + slot.w - 14 * u;
    float what_y = slot.y + 56 * u;
    if (callback) {
        what_y = callback_name_draw(canvas, slot, x, right - 10 * u - x,
                                    log_text(canvas->doc->log, model->slot_what, NULL));
    }
    if (ends && stage->event.task == model->slot_task && stage->event.kind >= EV_TASK_FINISHED &&
        stage->event.kind <= EV_TASK_CANCELLED) {
        end_mark(stage, model, slot);
        right -= 50 * u;
        what_right -= 44 * u;
    } else {
        const Color ink = model->frozen ? theme->danger : theme->ink2;
        const float y = callback ? what_y : slot.y + 32 * u; /* beside the shorter line */
        const float width =
            canvas_text(canvas, FONT_MONO_MEDIUM, 16, ink, right, y, ALIGN_RIGHT, time);
        *(callback ? &what_right : &right) -= stage_time_room(canvas, FONT_MONO_MEDIUM, 16, width);
    }
    if (!callback) {
        canvas_name_fit(canvas, FONT_BOLD, 22, theme->ink, x, slot.y + 32 * u, ALIGN_LEFT,
                        right - 10 * u - x, stage_name(canvas, model->slot_task));
    }
    StepText step = {.code = NULL};
    if (!callback) {
        step_text(model, canvas, &step);
    } else if (model->slot_task != EVENT_NONE) {
        (void)snprintf(step.what, sizeof step.what, "a callback, for %.40s",
                       stage_name(canvas, model->slot_task));
    } else {
        (void)snprintf(step.what, sizeof step.what, "a callback of the loop");
    }
    canvas_name_fit(canvas, FONT_REGULAR, canvas->text_scale > 1 ? 13 : 14.5f, theme->ink2, x,
                    what_y, ALIGN_LEFT, what_right - (callback ? 10 : 0) * u - x, step.what);
    if (step.code != NULL) {
        code_draw(canvas, slot, step.code);
    }
}

static void frame_draw(const Stage *stage, const StageModel *model, Rect rect, float radius_u) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const bool callback = model->slot_callback != EVENT_NONE;
    const Color tint = model->frozen ? theme->danger
                       : callback    ? theme->ink2
                                     : identity_color(canvas, model->slot_task);
    scene_rect(canvas->scene, inset(rect, u), radius_u * u,
               (Style){.fill = color_mix(theme->user, tint, theme->highlight),
                       .stroke = model->frozen ? theme->danger : theme->thread,
                       .stroke_px = (model->frozen ? 5 : 4) * u});
}

static bool same_occupant(const StageModel *a, const StageModel *b) {
    return a->loop.running == b->loop.running && a->slot_callback == b->slot_callback;
}

static void card_draw(const Stage *stage, const StageModel *model, float opacity) {
    Scene *scene = stage->canvas->scene;
    scene_id(scene, stage_id(STAGE_ID_SLOT, model->slot_task));
    scene->opacity = opacity;
    frame_draw(stage, model, stage->canvas->layout->running, 14);
    content_draw(stage, model, stage->canvas->layout->running);
    if (model->slot_task != EVENT_NONE) {
        float radius;
        const Point badge =
            stage_slot_badge(stage->canvas->layout->running, stage->canvas->u, &radius);
        stage_badge_draw(stage, model->slot_task, PLACE_SLOT, EVENT_NONE, badge.x, badge.y, radius,
                         stage->canvas->theme->user);
    }
    scene->opacity = 1;
    scene_id(scene, 0);
}

/* The front card slides in and grows into the slot; its words give way to the slot's. */
static void arrival_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const StageModel *model = &stage->after;
    const bool callback = model->slot_callback != EVENT_NONE;
    const StageCard like = {.is_callback = callback,
                            .id = callback ? model->slot_callback : model->slot_task};
    const StageCard *from = stage_card(&stage->before, &like);
    const Rect slot = canvas->layout->running;
    if (from == NULL) {
        card_draw(stage, model, stage->share);
        return;
    }
    const Rect rect = rect_between(from->rect, slot, stage->share);
    const float turned = share_within(stage->share, 0, 0.2f);
    stage_card_draw(stage, from, rect, turned < 1 ? 1 : 0);
    scene_id(canvas->scene, stage_id(STAGE_ID_SLOT, model->slot_task));
    canvas->scene->opacity = turned;
    frame_draw(stage, model, rect, 10 + 4 * stage->share);
    scene_clip(canvas->scene, rect);
    canvas->scene->opacity = share_within(stage->share, 0.2f, 0.7f);
    content_draw(stage, model, (Rect){rect.x, rect.y, slot.w, slot.h});
    canvas->scene->opacity = 1;
    scene_unclip(canvas->scene);
    scene_id(canvas->scene, 0);
    if (model->slot_task == EVENT_NONE) {
        return;
    }
    float from_radius, to_radius;
    const Point a = stage_card_badge(from, canvas->u, &from_radius);
    const Point b = stage_slot_badge(slot, canvas->u, &to_radius);
    const float s = stage->share;
    stage_badge_draw(stage, model->slot_task, PLACE_SLOT, EVENT_NONE, a.x + (b.x - a.x) * s,
                     a.y + (b.y - a.y) * s, from_radius + (to_radius - from_radius) * s,
                     canvas->theme->user);
}

void stage_slot_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const Rect slot = canvas->layout->running;
    const float u = canvas->u;
    const StageModel *after = &stage->after, *before = &stage->before;
    title_draw(canvas, slot.x, slot.y - canvas->layout->title_dy, slot.x + slot.w, "Running now",
               -1,
               after->frozen && occupied(after) ? "nobody else can enter" : "room for exactly one",
               theme->ink, theme->lane);
    const Rect lane = canvas->layout->lane;
    arrow_draw(canvas, slot.x - 16 * u, lane.y + lane.h / 2, 9 * u, 90,
               occupied(after) ? theme->ink3 : theme->line2);
    if (!stage->moving || same_occupant(before, after)) {
        if (occupied(after)) {
            card_draw(stage, after, 1);
        } else {
            empty_draw(stage);
        }
    } else {
        empty_draw(stage);
        if (occupied(before)) {
            const bool ended = is_end(stage);
            card_draw(stage, before,
                      1 - share_within(stage->share, ended ? END_SEEN_SHARE : 0, ended ? 1 : 0.3f));
        }
        if (occupied(after)) {
            arrival_draw(stage);
        }
    }
    if (after->loop.running != EVENT_NONE) {
        stage_follow_draw(canvas, after->loop.running, slot, 14 * u);
    }
}
