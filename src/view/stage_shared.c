/* What tasks share: a row for each lock, semaphore, event and queue, with who has it or how much is
 * in it. Who waits for it stands in line below, or on it where there is little room. */
#include "view/stage.h"

#include "base/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- signs ---- */

static void lock_sign(const Canvas *canvas, float x, float y, bool shut, Color ink) {
    const float u = canvas->u;
    scene_arc(canvas->scene, x + (shut ? 0 : 3 * u), y - 2 * u, 4 * u, 270, 450,
              (Style){.stroke = ink, .stroke_px = 2 * u});
    scene_rect(canvas->scene, (Rect){x - 6 * u, y - 2 * u, 12 * u, 9 * u}, 2 * u,
               (Style){.fill = ink});
}

static void seats_sign(const Canvas *canvas, float x, float y, Color ink) {
    const float u = canvas->u;
    for (int i = -1; i <= 1; i++) {
        scene_rect(canvas->scene, (Rect){x + (5.5f * (float)i - 2) * u, y - 5 * u, 4 * u, 10 * u},
                   1.5f * u,
                   i == 1 ? (Style){.stroke = ink, .stroke_px = 1.2f * u} : (Style){.fill = ink});
    }
}

static void flag_sign(const Canvas *canvas, float x, float y, bool set, Color ink) {
    const float u = canvas->u;
    const float top = y - 7 * u, low = set ? top : y - 1 * u;
    scene_line(canvas->scene, x - 5 * u, y + 7 * u, x - 5 * u, top,
               (Style){.stroke = ink, .stroke_px = 2 * u});
    scene_polygon(canvas->scene,
                  (Point[]){{x - 4 * u, low}, {x + 6 * u, low + 4 * u}, {x - 4 * u, low + 8 * u}},
                  3, set ? (Style){.fill = ink} : (Style){.stroke = ink, .stroke_px = 1.2f * u});
}

static void queue_sign(const Canvas *canvas, float x, float y, Color ink) {
    const float u = canvas->u;
    for (int i = -1; i <= 1; i++) {
        scene_rect(canvas->scene,
                   (Rect){x - 6 * u, y + (4.5f * (float)i - 1.5f) * u, 12 * u, 3 * u}, u,
                   (Style){.fill = ink});
    }
}

void stage_sign_draw(const Canvas *canvas, const SharedInfo *info, float x, float y, Color ink) {
    switch (info->kind) {
    case SHARED_SEMAPHORE:
        seats_sign(canvas, x, y, ink);
        break;
    case SHARED_EVENT:
        flag_sign(canvas, x, y, info->level > 0, ink);
        break;
    case SHARED_QUEUE:
        queue_sign(canvas, x, y, ink);
        break;
    default:
        lock_sign(canvas, x, y, info->level > 0, ink);
    }
}

static const char *kind_word(SharedKind kind) {
    static const char *const WORDS[] = {[SHARED_UNKNOWN] = "",
                                        [SHARED_LOCK] = "lock ",
                                        [SHARED_SEMAPHORE] = "semaphore ",
                                        [SHARED_EVENT] = "event ",
                                        [SHARED_QUEUE] = "queue "};
    return WORDS[kind];
}

/* ---- the right end: who has it, how much is in it ---- */

static bool has_ended(const Stage *stage, uint32_t task) {
    return state_task(stage->after.state, task).phase >= TASK_FINISHED;
}

/* The holders' badges, the newest at the right; returns where they begin. */
static float holders_draw(const Stage *stage, const SharedInfo *info, float right, float y) {
    enum { SHOWN = 3 };
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u;
    uint32_t shown = info->holder_count < SHOWN ? info->holder_count : SHOWN;
    if ((uint32_t)info->level > shown) {
        char text[FORMAT_MAX + 1] = "+";
        format_count(text + 1, (uint32_t)info->level - shown);
        right -= canvas_text(canvas, FONT_SEMIBOLD, 13, canvas->theme->ink2, right, y, ALIGN_RIGHT,
                             text) +
                 4 * u;
    }
    for (uint32_t i = 0; i < shown; i++) {
        stage_mention_draw(canvas, info->holders[i], right - 9 * u, y, canvas->theme->user);
        right -= 22 * u;
    }
    return right;
}

static void state_text(const Stage *stage, const SharedInfo *info, char *out, size_t size) {
    const long long level = info->level;
    char count[FORMAT_MAX];
    switch (info->kind) {
    case SHARED_EVENT:
        (void)snprintf(out, size, "%s", level > 0 ? "set" : "not set");
        return;
    case SHARED_QUEUE:
        if (level <= 0) {
            (void)snprintf(out, size, "empty");
        } else {
            (void)snprintf(out, size, level == 1 ? "%s item" : "%s items",
                           format_count(count, (uint64_t)level));
        }
        return;
    default:
        break;
    }
    if (level <= 0) {
        (void)snprintf(out, size, "%s",
                       info->kind == SHARED_SEMAPHORE ? "all places free"
                       : info->waiters > 0            ? "just freed"
                                                      : "free");
    } else if (info->kind == SHARED_SEMAPHORE) {
        (void)snprintf(out, size, "%s taken by", format_count(count, (uint64_t)level));
    } else if (info->holder_count > 0 && has_ended(stage, info->holders[0])) {
        (void)snprintf(out, size, "never freed by");
    } else {
        (void)snprintf(out, size, "held by");
    }
}

/* Small boxes, one an item, the next to be taken at the right. */
static float items_draw(const Canvas *canvas, const SharedInfo *info, float right, float y) {
    enum { SHOWN = 6 };
    const float u = canvas->u;
    const int count = info->level < SHOWN ? info->level : SHOWN;
    for (int i = 0; i < count; i++) {
        scene_rect(canvas->scene, (Rect){right - 8 * u, y - 4 * u, 8 * u, 8 * u}, 1.5f * u,
                   (Style){.fill = canvas->theme->ink2});
        right -= 11 * u;
    }
    return count > 0 ? right + 3 * u : right;
}

/* Returns where it begins. */
static float state_draw(const Stage *stage, const SharedInfo *info, float left, float right,
                        float y, float size) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u;
    char text[64];
    state_text(stage, info, text, sizeof text);
    float end = right;
    if (info->kind == SHARED_QUEUE) {
        end = items_draw(canvas, info, right, y) - (info->level > 0 ? 7 * u : 0);
    } else if (info->kind != SHARED_EVENT && info->level > 0) {
        end = holders_draw(stage, info, right, y) - 2 * u;
    }
    const bool stuck = info->holder_count > 0 && has_ended(stage, info->holders[0]);
    const Color ink = stuck ? canvas->theme->danger : canvas->theme->ink2;
    const float room = end - left;
    if (stuck && canvas_width(canvas, FONT_REGULAR, size, text) > room) {
        (void)snprintf(text, sizeof text, "held by");
    }
    const float least_u = 13 / canvas->text_scale;
    char *by = strstr(text, " taken by"); /* the badges say by whom */
    if (by != NULL && canvas_width(canvas, FONT_REGULAR, least_u, text) > room) {
        by[sizeof " taken" - 1] = '\0';
    }
    if (canvas_width(canvas, FONT_REGULAR, least_u, text) > room) {
        return end;
    }
    return end - canvas_name_fit(canvas, FONT_REGULAR, size, ink, end, y, ALIGN_RIGHT, room, text);
}

/* ---- a row ---- */

/* The line that those below stand at. */
static void line_draw(const Stage *stage, const StageShared *shared) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u;
    if (shared->shell_count == 0 || stage->after.shells[shared->first_shell].folded) {
        return;
    }
    const float x = shared->rect.x + 11 * u;
    const Style style = {.stroke = canvas->theme->line2, .stroke_px = 2 * u, .round_caps = true};
    float last = shared->rect.y + shared->rect.h;
    for (size_t i = 0; i < shared->shell_count; i++) {
        const Rect row = stage->after.shells[shared->first_shell + i].rect;
        last = row.y + row.h / 2;
        scene_line(canvas->scene, x, last, row.x - 4 * u, last, style);
    }
    scene_line(canvas->scene, x, shared->rect.y + shared->rect.h + 2 * u, x, last, style);
}

static bool is_folded(const StageModel *model, const StageShared *shared) {
    return shared->shell_count > 0 && model->shells[shared->first_shell].folded;
}

/* What is right of its sign; folded, there is room for it in the left half only. */
static void row_words_draw(const Stage *stage, const StageShared *shared, Rect rect, bool folded) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = rect.y + rect.h / 2;
    const float size = canvas_line_size(canvas, rect.h, 14);
    const float left = rect.x + 28 * u;
    float right = rect.x + rect.w - 8 * u;
    if (folded) {
        right = rect.x + rect.w * 0.56f - 16 * u;
        chevron_draw(canvas, right + 9 * u, y, 4 * u, false, theme->ink3);
        if (shared->shell_count == 1) { /* room for its name */
            const StageShell *shell = &stage->after.shells[shared->first_shell];
            const Rect place = {rect.x + rect.w * 0.56f, rect.y, rect.h * 1.2f, rect.h};
            float radius;
            const Point badge = stage_shell_badge(shell, place, u, &radius);
            const float name_x = badge.x + radius * 1.25f + 6 * u;
            canvas_name_fit(canvas, FONT_SEMIBOLD, size, theme->ink2, name_x, y, ALIGN_LEFT,
                            rect.x + rect.w - 6 * u - name_x, stage_name(canvas, shell->task));
        }
    }
    const char *name = log_text(canvas->doc->log, shared->info.name, NULL);
    const float name_w = canvas_width(canvas, FONT_SEMIBOLD, size, name);
    const float least = fminf(name_w, (right - left) * 0.45f);
    const float word_size = canvas_line_size(canvas, rect.h, 13.5f);
    const float begin = state_draw(stage, &shared->info, left + least + 8 * u, right, y, word_size);
    const float room = begin - 8 * u - left;
    const char *word = kind_word(shared->info.kind);
    const float word_w = canvas_width(canvas, FONT_REGULAR, word_size, word);
    float x = left;
    if (word_w + name_w <= room) {
        x += canvas_text(canvas, FONT_REGULAR, word_size, theme->ink2, x, y, ALIGN_LEFT, word);
    }
    canvas_name_fit(canvas, FONT_SEMIBOLD, size, theme->ink, x, y, ALIGN_LEFT, left + room - x,
                    name);
}

static void row_draw(const Stage *stage, const StageShared *shared, Rect rect, float opacity) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = rect.y + rect.h / 2;
    if (opacity <= 0) {
        return;
    }
    scene_id(canvas->scene, stage_id(STAGE_ID_SHARED, shared->info.name));
    canvas->scene->opacity = opacity;
    const bool outlined = theme->lane.r == theme->user.r && theme->lane.g == theme->user.g;
    scene_rect(canvas->scene, rect, 5 * u,
               (Style){.fill = color_mix(theme->lane, theme->line2, 0.1f),
                       .stroke = outlined ? theme->line2 : (Color){0},
                       .stroke_px = outlined ? 1.5f * u : 0});
    stage_sign_draw(canvas, &shared->info, rect.x + 14 * u, y, theme->ink2);
    const StageShared *before = stage_shared(&stage->before, shared->info.name);
    const bool folded = is_folded(&stage->after, shared);
    const bool folds =
        stage->moving && before != NULL && is_folded(&stage->before, before) != folded;
    if (folds) { /* some words give way to others */
        canvas->scene->opacity = opacity * (1 - share_within(stage->share, 0, 0.5f));
        row_words_draw(stage, shared, rect, !folded);
        canvas->scene->opacity = opacity * share_within(stage->share, 0.5f, 1);
    }
    row_words_draw(stage, shared, rect, folded);
    canvas->scene->opacity = 1;
    scene_id(canvas->scene, 0);
}

/* ---- what is put in or taken out, locked or freed, on its way ---- */

static bool gives(SyncWhat what) {
    return what == SYNC_RELEASED || what == SYNC_PUT || what == SYNC_SET;
}

void stage_parcel_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u;
    const Event *event = &stage->event;
    if (event->kind != EV_SYNC || event->task != stage->after.loop.running) {
        return;
    }
    const StageShared *shared = stage_shared(&stage->after, event->text);
    if (shared == NULL || !(stage->moving || stage->arrows)) {
        return;
    }
    const Rect slot = canvas->layout->running;
    const Point hand = {slot.x + slot.w - 40 * u, slot.y + slot.h - 6 * u};
    const Point thing = {shared->rect.x + shared->rect.w - 40 * u, shared->rect.y};
    const bool to_thing = gives((SyncWhat)event->a) || event->a == SYNC_CLEARED;
    const Point from = to_thing ? hand : thing, to = to_thing ? thing : hand;
    const Color color = identity_color(canvas, event->task);
    const float share = stage->moving ? stage->share : 1;
    scene_line(canvas->scene, from.x, from.y, from.x + (to.x - from.x) * share,
               from.y + (to.y - from.y) * share,
               (Style){.stroke = color,
                       .stroke_px = 3 * u,
                       .dash_on_px = 1 * u,
                       .dash_off_px = 9 * u,
                       .round_caps = true});
    if (!stage->moving) {
        arrow_draw(canvas, to.x, to.y, 8 * u, to_thing ? 180 : 0, color);
        return;
    }
    const float x = from.x + (to.x - from.x) * share, y = from.y + (to.y - from.y) * share;
    scene_rect(canvas->scene, (Rect){x - 11 * u, y - 11 * u, 22 * u, 22 * u}, 5 * u,
               (Style){.fill = canvas->theme->card, .stroke = color, .stroke_px = 2 * u});
    stage_sign_draw(canvas, &shared->info, x, y, canvas->theme->ink);
}

void stage_shared_draw(const Stage *stage) {
    for (size_t i = 0; stage->moving && i < stage->before.shared_count; i++) {
        const StageShared *shared = &stage->before.shared[i];
        if (stage_shared(&stage->after, shared->info.name) == NULL) {
            StageShared gone = *shared;
            gone.shell_count = 0;
            row_draw(stage, &gone, gone.rect, 1 - share_within(stage->share, 0, 0.4f));
        }
    }
    for (size_t i = 0; i < stage->after.shared_count; i++) {
        const StageShared *shared = &stage->after.shared[i];
        const StageShared *before = stage_shared(&stage->before, shared->info.name);
        if (!stage->moving) {
            row_draw(stage, shared, shared->rect, 1);
            line_draw(stage, shared);
        } else if (before != NULL) {
            row_draw(stage, shared, rect_between(before->rect, shared->rect, stage->room_share), 1);
            if (stage->share >= 1 ||
                (before->rect.y == shared->rect.y && before->shell_count == shared->shell_count)) {
                line_draw(stage, shared);
            }
        } else {
            row_draw(stage, shared, shared->rect, stage->share);
        }
    }
}
