/* Armed timers, beside the third phase: the soonest lowest, each a clock face that fills. */
#include "view/stage.h"

#include "base/format.h"

#include <math.h>
#include <stdio.h>

/* Three digits, or whole numbers: there is no room for more beside the ring. */
static void short_duration(char *out, size_t size, uint64_t ns, bool whole) {
    static const struct {
        uint64_t ns;
        const char *unit;
    } UNITS[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "µs"}, {1, "ns"}};
    size_t unit = 0;
    while (unit < 3 && ns < UNITS[unit].ns) {
        unit++;
    }
    const double value = (double)ns / (double)UNITS[unit].ns;
    const int decimals = whole || unit == 3 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    (void)snprintf(out, size, "%.*f %s", decimals, value, UNITS[unit].unit);
}

/* A timer is a sleep, or a limit on something that its task does meanwhile. */
static bool sleeps(const Stage *stage, const TimerInfo *timer) {
    const TaskInfo info = state_task(stage->after.state, timer->task);
    return info.target_kind != TARGET_TIMER ? info.phase == TASK_RUNNING
                                            : info.target_id == timer->timer;
}

static void timer_tip(const Stage *stage, const TimerInfo *timer, Rect rect) {
    if (timer->task == EVENT_NONE) {
        scene_hit(stage->canvas->scene, rect, ACTION_NONE, 0, "A callback's timer");
        return;
    }
    char what[64];
    (void)snprintf(what, sizeof what, "%s of %.36s",
                   sleeps(stage, timer) ? "The sleep" : "A time limit",
                   stage_name(stage->canvas, timer->task));
    task_hit_told(stage->canvas, rect, timer->task, what);
}

static void timer_draw(const Stage *stage, const StageTimer *timer, float y, float opacity) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const Layout *layout = canvas->layout;
    const float u = canvas->u;
    const uint64_t now = stage->after.loop.now_ns;
    const TimerInfo *info = &timer->info;
    const bool late = info->due_ns < now && stage->after.frozen;
    const uint64_t whole = info->due_ns > info->set_ns ? info->due_ns - info->set_ns : 1;
    const uint64_t passed = now > info->set_ns ? now - info->set_ns : 0;
    const float share = fminf((float)passed / (float)whole, 1);
    scene_id(canvas->scene, stage_id(STAGE_ID_TIMER, info->timer));
    canvas->scene->opacity = opacity;
    const float x = layout->ring.x - 112 * u;
    const Color color = late ? theme->danger : theme->ink3;
    scene_circle(canvas->scene, x, y, 9 * u, (Style){.stroke = color, .stroke_px = 2 * u});
    scene_pie(canvas->scene, x, y, 9 * u, 0, 360 * share, color);
    if (!sleeps(stage, info)) { /* a stopwatch */
        scene_rect(canvas->scene, (Rect){x - 3 * u, y - 14 * u, 6 * u, 3 * u}, u,
                   (Style){.fill = color});
    }
    float radius;
    const Point badge = stage_timer_badge(layout, y, u, &radius);
    const float right = x - 15 * u, room = right - badge.x - radius - 4 * u;
    char text[FORMAT_MAX] = "due";
    if (info->due_ns > now) {
        short_duration(text, sizeof text, info->due_ns - now, false);
        if (canvas_width(canvas, FONT_MONO, 13, text) > room) {
            short_duration(text, sizeof text, info->due_ns - now, true);
        }
    } else if (late) {
        (void)snprintf(text, sizeof text, "late");
    }
    if (info->due_ns <= now) { /* whose it is stands beside the word */
        canvas_name_fit(canvas, FONT_MONO, 13, late ? theme->danger : theme->ink2,
                        badge.x + radius + 7 * u, y, ALIGN_LEFT, room, text);
    } else {
        canvas_name_fit(canvas, FONT_MONO, 13, theme->ink2, right, y, ALIGN_RIGHT, room, text);
    }
    if (info->task != EVENT_NONE) {
        stage_badge_draw(stage, info->task, PLACE_TIMER, info->timer, badge.x, badge.y, radius,
                         theme->user);
    }
    timer_tip(stage, info,
              (Rect){badge.x - radius, y - 13 * u, x + 11 * u - badge.x + radius, 26 * u});
    canvas->scene->opacity = 1;
    scene_id(canvas->scene, 0);
}

/* A crowd that is due, in one row: a face for each would say the same of all. */
static void due_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Layout *layout = canvas->layout;
    const float u = canvas->u, x = layout->ring.x - 112 * u;
    const float y = layout->ring.y + layout->ring_radius * 0.5f - 22 * u; /* the lowest face */
    const Color color = stage->after.frozen ? canvas->theme->danger : canvas->theme->ink3;
    char text[FORMAT_MAX + 8], number[FORMAT_MAX], tip[FORMAT_MAX + 24];
    format_count(number, stage->after.timers_due);
    (void)snprintf(text, sizeof text, "%s %s", number, stage->after.frozen ? "late" : "due");
    (void)snprintf(tip, sizeof tip, "%s timers are due", number);
    scene_circle(canvas->scene, x, y, 9 * u, (Style){.stroke = color, .stroke_px = 2 * u});
    scene_pie(canvas->scene, x, y, 9 * u, 0, 360, color);
    const float right = x - 15 * u, left = layout->rail_x + 8 * u;
    canvas_name_fit(canvas, FONT_MONO, 13, stage->after.frozen ? color : canvas->theme->ink2, right,
                    y, ALIGN_RIGHT, right - left, text);
    scene_hit(canvas->scene, (Rect){left, y - 13 * u, x + 11 * u - left, 26 * u}, ACTION_NONE, 0,
              tip);
}

static void count_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Layout *layout = canvas->layout;
    const float u = canvas->u, r = layout->ring_radius;
    const float x = layout->ring.x - r * 0.87f - 22 * u, y = layout->ring.y + r * 0.5f + 33 * u;
    char text[FORMAT_MAX + 16] = "none set", number[FORMAT_MAX];
    const uint64_t timers = stage->after.loop.timers;
    if (timers > 0) {
        format_count(number, timers);
        (void)snprintf(text, sizeof text, "%s set", number);
    }
    if (timers > STAGE_TIMERS_MAX && stage->after.timers_due == 0) { /* the others are not seen */
        char next[FORMAT_MAX + 16];
        (void)snprintf(next, sizeof next, "next %d of %s", STAGE_TIMERS_MAX, number);
        if (canvas_width(canvas, FONT_REGULAR, 13.5f, next) <= x - layout->rail_x - 10 * u) {
            (void)snprintf(text, sizeof text, "%s", next);
        }
    }
    canvas_text(canvas, FONT_REGULAR, 13.5f, canvas->theme->ink3, x, y, ALIGN_RIGHT, text);
}

/* Whether a clock face leaves: then the others take its place when it has gone. */
static bool one_leaves(const Stage *stage) {
    for (size_t i = 0; i < stage->before.timer_count; i++) {
        if (stage_timer(&stage->after, stage->before.timers[i].info.timer) == NULL) {
            return true;
        }
    }
    return false;
}

static void leaving_draw(const Stage *stage) {
    for (size_t i = 0; i < stage->before.timer_count; i++) {
        const StageTimer *timer = &stage->before.timers[i];
        if (stage_timer(&stage->after, timer->info.timer) == NULL) {
            const float share = stage_move(stage, EVENT_NONE, EVENT_NONE, timer->info.timer).share;
            timer_draw(stage, timer, timer->y, 1 - share_within(share, 0.05f, 0.3f));
        }
    }
}

void stage_timers_draw(const Stage *stage) {
    count_draw(stage);
    if (stage->after.timers_due > 0) {
        due_draw(stage);
        return;
    }
    const float moved =
        stage->moving && one_leaves(stage) ? share_within(stage->share, 0.3f, 1) : stage->share;
    for (size_t i = 0; i < stage->after.timer_count; i++) {
        const StageTimer *timer = &stage->after.timers[i];
        const StageTimer *before = stage_timer(&stage->before, timer->info.timer);
        if (!stage->moving) {
            timer_draw(stage, timer, timer->y, 1);
        } else if (before != NULL) {
            timer_draw(stage, timer, before->y + (timer->y - before->y) * moved, 1);
        } else {
            timer_draw(stage, timer, timer->y, share_within(stage->share, 0.5f, 1));
        }
    }
    if (stage->moving) {
        leaving_draw(stage);
    }
}
