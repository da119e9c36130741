#include "view/welcome_parts.h"

/* The pictures speak of three tasks, as the first lessons do. */
enum { TASK_A, TASK_B, TASK_C };

typedef struct Sketch {
    const Canvas *canvas;
    float x, y, u; /* the card's left edge, the picture's middle line; a unit */
    Color ink;     /* of task A */
} Sketch;

static void badge(const Sketch *sketch, int identity, float x, float y, BadgeLook look) {
    badge_draw_identity(sketch->canvas, identity, sketch->x + x * sketch->u,
                        sketch->y + y * sketch->u, 15 * sketch->u, look,
                        sketch->canvas->theme->user);
}

static Rect place(const Sketch *sketch, float x, float y, float w, float h) {
    return (Rect){sketch->x + x * sketch->u, sketch->y + y * sketch->u, w * sketch->u,
                  h * sketch->u};
}

static Style dotted(const Sketch *sketch) {
    return (Style){.stroke = sketch->ink,
                   .stroke_px = 3 * sketch->u,
                   .dash_on_px = sketch->u,
                   .dash_off_px = 8 * sketch->u,
                   .round_caps = true};
}

static void kernel_draw(const Sketch *sketch, float x) {
    const Theme *theme = sketch->canvas->theme;
    const float top = -52, height = 90;
    scene_rect(sketch->canvas->scene, place(sketch, x + 10, top, 294 - x - 10, height),
               8 * sketch->u, (Style){.fill = theme->kernel});
    scene_rect(sketch->canvas->scene, place(sketch, x, top, 6, height), 0,
               (Style){.fill = theme->line2});
}

static void idea_run(const Sketch *sketch) {
    const Canvas *canvas = sketch->canvas;
    const Theme *theme = canvas->theme;
    const float u = sketch->u;
    scene_rect(canvas->scene, place(sketch, 24, -24, 120, 48), 10 * u,
               (Style){.fill = theme->lane});
    badge(sketch, TASK_C, 48, 0, BADGE_FILLED);
    badge(sketch, TASK_B, 84, 0, BADGE_FILLED);
    chevron_draw(canvas, sketch->x + 124 * u, sketch->y, 6 * u, true, theme->line2);
    arrow_draw(canvas, sketch->x + 162 * u, sketch->y, 8 * u, 90, theme->ink2);
    scene_rect(canvas->scene, place(sketch, 182, -32, 98, 64), 12 * u,
               (Style){.fill = color_mix(theme->user, sketch->ink, theme->highlight),
                       .stroke = theme->thread,
                       .stroke_px = 4 * u});
    badge(sketch, TASK_A, 231, 0, BADGE_FILLED);
}

static void idea_pause(const Sketch *sketch) {
    const Canvas *canvas = sketch->canvas;
    const Theme *theme = canvas->theme;
    const float u = sketch->u, x = sketch->x, y = sketch->y;
    kernel_draw(sketch, 186);
    scene_rect(
        canvas->scene, place(sketch, 28, -26, 76, 52), 10 * u,
        (Style){
            .stroke = sketch->ink, .stroke_px = 2 * u, .dash_on_px = 6 * u, .dash_off_px = 5 * u});
    badge(sketch, TASK_A, 66, 0, BADGE_HOLLOW);
    scene_line(canvas->scene, x + 112 * u, y, x + 214 * u, y, dotted(sketch));
    scene_circle(canvas->scene, x + 245 * u, y, 23 * u, (Style){.fill = theme->kernel_card});
    badge(sketch, TASK_A, 245, 0, BADGE_FILLED);
    scene_arc(canvas->scene, x + 245 * u, y, 23 * u, 20, 150,
              (Style){.stroke = theme->ink, .stroke_px = 4 * u, .round_caps = true});
}

static void idea_back(const Sketch *sketch) {
    const Canvas *canvas = sketch->canvas;
    const Theme *theme = canvas->theme;
    const float u = sketch->u, x = sketch->x, y = sketch->y;
    kernel_draw(sketch, 216);
    scene_rect(canvas->scene, place(sketch, 24, -46, 130, 48), 10 * u,
               (Style){.fill = theme->lane});
    badge(sketch, TASK_C, 128, -22, BADGE_FILLED);
    badge(sketch, TASK_B, 92, -22, BADGE_FILLED);
    scene_rect(canvas->scene, place(sketch, 37, -39, 34, 34), 9 * u,
               (Style){.stroke = sketch->ink,
                       .stroke_px = 1.5f * u,
                       .dash_on_px = 2 * u,
                       .dash_off_px = 5 * u});
    Path path;
    path_move(&path, x + 258 * u, y - 4 * u);
    path_line(&path, x + 258 * u, y + 8 * u);
    path_quad(&path, x + 258 * u, y + 22 * u, x + 244 * u, y + 22 * u);
    path_line(&path, x + 68 * u, y + 22 * u);
    path_quad(&path, x + 54 * u, y + 22 * u, x + 54 * u, y + 6 * u);
    scene_polyline(canvas->scene, path.points, path.count, dotted(sketch));
    scene_rect(canvas->scene, place(sketch, 150, 5, 44, 34), 17 * u,
               (Style){.fill = theme->card, .stroke = sketch->ink, .stroke_px = 2 * u});
    badge_draw_identity(canvas, TASK_A, x + 172 * u, y + 22 * u, 11 * u, BADGE_FILLED, theme->user);
    scene_circle(canvas->scene, x + 258 * u, y - 22 * u, 15 * u, (Style){.fill = theme->ink});
    check_draw(canvas, x + 258 * u, y - 22 * u, 6 * u, theme->kernel, 3 * u);
}

typedef struct Idea {
    const char *number, *words[2]; /* the first is what the second explains */
    void (*draw)(const Sketch *sketch);
} Idea;

static const Idea IDEAS[] = {
    {"1", {"The loop runs one task", "until it has to wait for I/O."}, idea_run},
    {"2", {"It pauses that task", "and hands the I/O to the OS."}, idea_pause},
    {"3", {"The OS reports back:", "the task joins the queue again."}, idea_back}};
enum { IDEA_COUNT = sizeof IDEAS / sizeof IDEAS[0], IDEA_LINES_MAX = 3 };

static float idea_width(const Canvas *canvas, float width_px) {
    return (width_px - (IDEA_COUNT - 1) * 24 * canvas->u) / IDEA_COUNT;
}

static float words_room(const Canvas *canvas, float card_px) {
    return card_px - 66 * canvas->u;
}

static size_t words_lines(const Canvas *canvas, size_t idea, size_t part, float room_px) {
    size_t starts[IDEA_LINES_MAX], lengths[IDEA_LINES_MAX];
    const size_t lines = metrics_wrap(canvas->metrics, part == 0 ? FONT_SEMIBOLD : FONT_REGULAR,
                                      16 * canvas->u * canvas->text_scale, room_px,
                                      IDEAS[idea].words[part], starts, lengths, IDEA_LINES_MAX);
    return lines < IDEA_LINES_MAX ? lines : IDEA_LINES_MAX;
}

float welcome_ideas_height(const Welcome *welcome, float width_px) {
    const Canvas *canvas = &welcome->canvas;
    const float room = words_room(canvas, idea_width(canvas, width_px));
    size_t most = 0;
    for (size_t i = 0; i < IDEA_COUNT; i++) {
        const size_t lines = words_lines(canvas, i, 0, room) + words_lines(canvas, i, 1, room);
        most = lines > most ? lines : most;
    }
    return (122 + 23 * (float)most * canvas->text_scale) * canvas->u;
}

static void words_draw(const Canvas *canvas, size_t idea, Rect card) {
    const float u = canvas->u, pitch = 23 * u * canvas->text_scale, x = card.x + 54 * u;
    const float room = words_room(canvas, card.w);
    float y = card.y + 106 * u + pitch / 2;
    scene_circle(canvas->scene, card.x + 30 * u, y + pitch / 2, 13 * u,
                 (Style){.fill = canvas->theme->ink});
    canvas_text(canvas, FONT_BOLD, 15 / canvas->text_scale, canvas->theme->app, card.x + 30 * u,
                y + pitch / 2, ALIGN_MIDDLE, IDEAS[idea].number);
    for (size_t part = 0; part < 2; part++) {
        y += pitch * (float)welcome_lines_draw(canvas, part == 0 ? FONT_SEMIBOLD : FONT_REGULAR, 16,
                                               part == 0 ? canvas->theme->ink : canvas->theme->ink2,
                                               x, y, room, pitch, IDEA_LINES_MAX,
                                               IDEAS[idea].words[part]);
    }
}

void welcome_ideas_draw(const Welcome *welcome, Rect box) {
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, width = idea_width(canvas, box.w);
    for (size_t i = 0; i < IDEA_COUNT; i++) {
        const Rect card = {box.x + (float)i * (width + 24 * u), box.y, width, box.h};
        scene_rect(canvas->scene, card, 14 * u,
                   (Style){.fill = theme->user, .stroke = theme->line, .stroke_px = u});
        /* The pictures are drawn 304 wide; a narrower card shrinks them around its middle. */
        const float scale = width < 304 * u ? width / 304 : u;
        const Sketch sketch = {.canvas = canvas,
                               .x = card.x + (width - 304 * scale) / 2,
                               .y = card.y + 62 * u,
                               .u = scale,
                               .ink = theme->identity[TASK_A]};
        IDEAS[i].draw(&sketch);
        words_draw(canvas, i, card);
    }
}
