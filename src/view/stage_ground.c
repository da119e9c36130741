/* The ground: two territories, the wall between them and its two doors. */
#include "view/stage.h"

#include "base/format.h"

#include <math.h>
#include <stdio.h>

/* "/ worker-1|  12 of 10 000 tasks", and what to press. */
static void filter_draw(const Canvas *canvas, float x, float y, bool typing) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, right = canvas->layout->user.x + canvas->layout->user.w - 16 * u;
    const TaskFilter *filter = canvas->input->filter;
    const char *pattern = filter == NULL ? "" : filter->pattern;
    char shown[FILTER_PATTERN_MAX + 4];
    (void)snprintf(shown, sizeof shown, "/%s", pattern);
    const float width = fmaxf(canvas_width(canvas, FONT_MONO_MEDIUM, 14, shown) + 26 * u, 150 * u);
    const Rect box = {x, y - 12 * u, fminf(width, right - x), 24 * u};
    scene_rect(canvas->scene, box, 6 * u,
               (Style){.fill = theme->app,
                       .stroke = typing ? theme->thread : theme->line2,
                       .stroke_px = (typing ? 2 : 1) * u});
    const float end = box.x + 9 * u +
                      canvas_text_fit(canvas, FONT_MONO_MEDIUM, 14, theme->ink, box.x + 9 * u, y,
                                      ALIGN_LEFT, box.w - 20 * u, shown);
    if (typing) {
        scene_rect(canvas->scene, (Rect){end + 1 * u, y - 8 * u, 2 * u, 16 * u}, 0,
                   (Style){.fill = theme->ink});
    }
    scene_hit(canvas->scene, box, ACTION_FILTER, 0, "Find tasks by name (/)");
    char text[2 * FORMAT_MAX + 64] = "a part of a name, or * and ?", some[FORMAT_MAX],
                               all[FORMAT_MAX];
    if (filter_is_on(filter)) {
        const char *next = !typing || filter->matches == 0 ? "Esc shows all"
                           : filter->matches == 1          ? "Return follows it"
                                                           : "Return follows them";
        (void)snprintf(text, sizeof text, "%s of %s tasks; %s", format_count(some, filter->matches),
                       format_count(all, timeline_task_count(canvas->doc->timeline)), next);
    }
    x = box.x + box.w + 12 * u;
    canvas_text_fit(canvas, FONT_REGULAR, 14, theme->ink2, x, y, ALIGN_LEFT, right - x, text);
}

/* In a run of many tasks: who has a letter. A click lets it go. */
static void followed_draw(const Canvas *canvas, float x, float y) {
    const ViewInput *input = canvas->input;
    const float u = canvas->u, right = canvas->layout->user.x + canvas->layout->user.w - 16 * u;
    if (input->followed_count == 0 ||
        timeline_task_count(canvas->doc->timeline) <= IDENTITY_COUNT) {
        return;
    }
    x += canvas_text(canvas, FONT_REGULAR, 14, canvas->theme->ink3, x, y, ALIGN_LEFT, "following") +
         10 * u;
    for (size_t i = 0; i < input->followed_count; i++) {
        const uint32_t task = input->followed[i];
        const float width =
            canvas_width(canvas, FONT_SEMIBOLD, 14, stage_name(canvas, task)) + 38 * u;
        const bool fits = x + width <= right;
        if (!fits && x + 26 * u > right) {
            return;
        }
        badge_draw(canvas, task, x + 10 * u, y, 10 * u, BADGE_FILLED, canvas->theme->lane);
        if (fits) {
            canvas_text(canvas, FONT_SEMIBOLD, 14, canvas->theme->ink2, x + 26 * u, y, ALIGN_LEFT,
                        stage_name(canvas, task));
        }
        task_hit(canvas, (Rect){x, y - 14 * u, fits ? width - 6 * u : 22 * u, 28 * u}, task);
        x += fits ? width : 26 * u;
    }
}

static void strip_user(const Canvas *canvas) {
    const Layout *layout = canvas->layout;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = layout->user.y + layout->strip_h / 2;
    scene_rect(canvas->scene,
               (Rect){layout->user.x, layout->user.y, layout->user.w, layout->strip_h}, 0,
               (Style){.fill = theme->lane});
    float x = layout->user.x + 28 * u;
    x += canvas_text(canvas, FONT_SEMIBOLD, 14.5f, theme->ink2, x, y, ALIGN_LEFT, "Your program");
    x += 12 * u + canvas_text(canvas, FONT_REGULAR, 14.5f, theme->ink3, x + 12 * u, y, ALIGN_LEFT,
                              "user space");
    /* While inspecting, what is typed is a pattern on events, in their list. */
    const bool typing = canvas->input->filtering && canvas->input->mode != MODE_INSPECT;
    if (filter_is_on(canvas->input->filter) || typing) {
        filter_draw(canvas, x + 24 * u, y, typing);
    } else {
        followed_draw(canvas, x + 24 * u, y);
    }
}

/* A simulation is never passed off as the system: the strip and a mark say so. */
static void strip_kernel(const Canvas *canvas) {
    const Layout *layout = canvas->layout;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = layout->kernel.y + layout->strip_h / 2;
    const Rect strip = {layout->kernel.x, layout->kernel.y, layout->kernel.w, layout->strip_h};
    scene_rect(canvas->scene, strip, 0, (Style){.fill = theme->kernel_card});
    const bool simulated = stage_simulated(canvas);
    float x = layout->ops.x;
    x += canvas_text(canvas, FONT_SEMIBOLD, 14.5f, theme->ink, x, y, ALIGN_LEFT,
                     simulated ? "Simulated OS" : "Operating system");
    if (!simulated) {
        canvas_text(canvas, FONT_REGULAR, 14.5f, theme->kernel_ink, x + 12 * u, y, ALIGN_LEFT,
                    "kernel");
        return;
    }
    const char *mark = "no real file is touched";
    const float right = layout->ops.x + layout->ops.w;
    const float width = canvas_width(canvas, FONT_SEMIBOLD, 13, mark) + 18 * u;
    if (right - width < x + 8 * u) {
        return;
    }
    const Rect pill = {right - width, y - 11 * u, width, 22 * u};
    scene_rect(canvas->scene, pill, 11 * u,
               (Style){.fill = theme->kernel, .stroke = theme->kernel_ink, .stroke_px = 1.5f * u});
    canvas_text(canvas, FONT_SEMIBOLD, 13, theme->kernel_ink, pill.x + width / 2, y, ALIGN_MIDDLE,
                mark);
}

/* A row of dots is one dashed line: a few draws instead of hundreds. */
static void kernel_dots(const Canvas *canvas) {
    const Rect kernel = canvas->layout->kernel;
    const float u = canvas->u, step = 20 * u, size = 1.6f * u;
    const float bottom = kernel.y + kernel.h - 2 * u;
    for (float y = kernel.y + canvas->layout->strip_h + 14 * u; y < bottom; y += step) {
        scene_line(canvas->scene, kernel.x + 18 * u, y, kernel.x + kernel.w - 2 * u, y,
                   (Style){.stroke = canvas->theme->kernel_dot,
                           .stroke_px = size,
                           .dash_on_px = size,
                           .dash_off_px = step - size});
    }
}

static void wall_piece(const Canvas *canvas, float from_y, float to_y) {
    const Rect wall = canvas->layout->wall;
    scene_rect(canvas->scene, (Rect){wall.x, from_y, wall.w, to_y - from_y}, 0,
               (Style){.fill = canvas->theme->wall});
}

static void doors_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const Rect out = canvas->layout->door_out, back = canvas->layout->door_back;
    const Rect wall = canvas->layout->wall;
    const float u = canvas->u;
    wall_piece(canvas, wall.y, out.y);
    wall_piece(canvas, out.y + out.h, back.y);
    wall_piece(canvas, back.y + back.h, wall.y + wall.h);

    const bool outlined = theme->lane.r == theme->user.r && theme->lane.g == theme->user.g;
    const Style door = {.fill = theme->lane,
                        .stroke = outlined ? theme->line : (Color){0},
                        .stroke_px = outlined ? 1.5f * u : 0};
    const float x = out.x + out.w / 2;
    scene_rect(canvas->scene, (Rect){x - 18 * u, out.y, 28 * u, out.h}, 8 * u, door);
    const bool leaves = stage->moving && stage->event.kind == EV_IO_SUBMITTED;
    arrow_draw(canvas, x - 1 * u, out.y + out.h / 2, 8 * u, 90, leaves ? theme->ink : theme->ink3);
}

void stage_ground_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    scene_rect(canvas->scene, canvas->layout->user, 0, (Style){.fill = canvas->theme->user});
    scene_rect(canvas->scene, canvas->layout->kernel, 0, (Style){.fill = canvas->theme->kernel});
    kernel_dots(canvas);
    strip_user(canvas);
    strip_kernel(canvas);
    doors_draw(stage);
}
