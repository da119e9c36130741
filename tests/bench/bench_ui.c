/* How long a frame takes: painting a scene as full as the main screen, and showing it. */
#include "ui/painter.h"
#include "ui/window.h"
#include "view/theme.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 60, CODE_LINES = 12, LANES = 5, SEGMENTS = 14 };

typedef struct Stage {
    Scene *scene;
    const Metrics *metrics;
    const Theme *theme;
    float u;
} Stage;

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare_times(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- the scene: about what stands on the main screen, in its units ---- */

static void box(const Stage *s, float x, float y, float w, float h, float radius, Style style) {
    const float u = s->u;
    style.stroke_px *= u;
    style.dash_on_px *= u;
    style.dash_off_px *= u;
    scene_rect(s->scene, (Rect){x * u, y * u, w * u, h * u}, radius * u, style);
}

static void text(const Stage *s, Font font, float size, Color ink, float x, float y, Align align,
                 const char *words) {
    scene_text(s->scene, s->metrics, font, size * s->u, ink, x * s->u, y * s->u, align, words);
}

static void badge(const Stage *s, int task, float x, float y, float radius, bool filled) {
    const Color color = s->theme->identity[task];
    const float u = s->u;
    const Style style =
        filled ? (Style){.fill = color} : (Style){.stroke = color, .stroke_px = 2 * u};
    if (task == 0) {
        scene_circle(s->scene, x * u, y * u, radius * u, style);
    } else {
        Point corners[6];
        const int sides = task + 3 > 6 ? 6 : task + 3;
        for (int i = 0; i < sides; i++) {
            const float turn = 6.2831853F * (float)i / (float)sides;
            corners[i] =
                (Point){(x + radius * 1.1F * sinf(turn)) * u, (y - radius * 1.1F * cosf(turn)) * u};
        }
        scene_polygon(s->scene, corners, (size_t)sides, style);
    }
    const char letter[2] = {(char)('A' + task), '\0'};
    text(s, FONT_BOLD, radius * 1.08F, filled ? s->theme->on_identity : color, x, y, ALIGN_MIDDLE,
         letter);
}

static void left_column(const Stage *s) {
    box(s, 0, 48, 400, 592, 0, (Style){.fill = s->theme->panel});
    for (int i = 0; i < CODE_LINES; i++) {
        const float y = 130 + (float)i * 26;
        char number[8];
        snprintf(number, sizeof number, "%d", i + 1);
        text(s, FONT_MONO, 13, s->theme->ink4, 34, y, ALIGN_RIGHT, number);
        text(s, FONT_MONO, 16, s->theme->ink2, 48, y, ALIGN_LEFT, "n =");
        box(s, 84, y - 12, 54, 24, 4, (Style){.stroke = s->theme->line2, .stroke_px = 1.5F});
        text(s, FONT_MONO_BOLD, 16, s->theme->ink, 87, y, ALIGN_LEFT, "await");
        text(s, FONT_MONO, 16, s->theme->ink2, 146, y, ALIGN_LEFT, "f.write(data, \"bytes\")");
        badge(s, i % 4, 380, y, 10, i % 2 == 0);
    }
    for (int i = 0; i < 5; i++) {
        const float y = 500 + (float)i * 26;
        badge(s, i % 3, 34, y, 9.5F, true);
        text(s, FONT_MONO, 14.5F, s->theme->ink2, 54, y, ALIGN_LEFT, "write-a.txt 65536 bytes");
        text(s, FONT_MONO, 13, s->theme->ink4, 380, y, ALIGN_RIGHT, "1 201 µs");
    }
}

static void cards(const Stage *s) {
    box(s, 400, 136, 856, 504, 0, (Style){.fill = s->theme->user});
    box(s, 1264, 136, 336, 504, 0, (Style){.fill = s->theme->kernel});
    for (int i = 0; i < 17 * 25; i++) {
        box(s, 1282 + (float)(i % 17) * 20, 150 + (float)(i / 17) * 20, 1.6F, 1.6F, 0,
            (Style){.fill = s->theme->kernel_dot});
    }
    box(s, 466, 208, 406, 92, 14, (Style){.fill = s->theme->lane});
    for (int i = 0; i < 3; i++) {
        const float x = 478 + (float)i * 130, y = 366 + (float)i * 56;
        box(s, x, 220, 122, 68, 10,
            (Style){.fill = s->theme->card, .stroke = s->theme->identity[i], .stroke_px = 2});
        badge(s, i, x + 25, 254, 14, true);
        text(s, FONT_SEMIBOLD, 16.5F, s->theme->ink, x + 48, 243, ALIGN_LEFT, "write-b");
        text(s, FONT_REGULAR, 13.5F, s->theme->ink2, x + 48, 267, ALIGN_LEFT, "for 82 µs");
        box(s, 904, y, 328, 50, 10,
            (Style){.stroke = s->theme->identity[i],
                    .stroke_px = 2,
                    .dash_on_px = 7,
                    .dash_off_px = 6});
        badge(s, i, 938, y + 25, 16, false);
        text(s, FONT_SEMIBOLD, 15.5F, s->theme->ink2, 968, y + 15, ALIGN_LEFT, "write-c");
        text(s, FONT_MEDIUM, 14.5F, s->theme->ink, 968, y + 35, ALIGN_LEFT,
             "waits for: write 64 KiB");
        scene_line(s->scene, 1235 * s->u, (y + 25) * s->u, 1289 * s->u, (y + 25) * s->u,
                   (Style){.stroke = s->theme->identity[i],
                           .stroke_px = 2 * s->u,
                           .dash_on_px = 2 * s->u,
                           .dash_off_px = 7 * s->u,
                           .round_caps = true});
        box(s, 1292, y, 284, 50, 10,
            (Style){
                .fill = s->theme->kernel_card, .stroke = s->theme->kernel_line, .stroke_px = 1.5F});
        badge(s, i, 1324, y + 25, 15, true);
        text(s, FONT_MONO_BOLD, 16, s->theme->ink, 1352, y + 15, ALIGN_LEFT, "write 65536 B");
        text(s, FONT_REGULAR, 14, s->theme->kernel_ink, 1352, y + 35, ALIGN_LEFT, "write-c.txt");
    }
    box(s, 904, 208, 328, 106, 14,
        (Style){.fill = s->theme->card, .stroke = s->theme->thread, .stroke_px = 4});
    text(s, FONT_BOLD, 22, s->theme->ink, 986, 240, ALIGN_LEFT, "write-a");
}

static void ring(const Stage *s) {
    const float u = s->u;
    for (int i = 0; i < 3; i++) {
        scene_arc(s->scene, 670 * u, 434 * u, 88 * u, (float)i * 120 - 56, (float)i * 120 + 44,
                  (Style){.stroke = i == 0 ? s->theme->thread : s->theme->line2,
                          .stroke_px = (i ? 12 : 18) * u});
    }
    Path path;
    path_move(&path, 700 * u, 350 * u);
    path_cubic(&path, 770 * u, 298 * u, 908 * u, 360 * u, 928 * u, 316 * u);
    scene_polyline(s->scene, path.points, path.count,
                   (Style){.stroke = s->theme->thread, .stroke_px = 4 * u, .round_caps = true});
    path_move(&path, 1430 * u, 450 * u);
    path_line(&path, 1430 * u, 580 * u);
    path_quad(&path, 1430 * u, 596 * u, 1410 * u, 596 * u);
    path_line(&path, 1130 * u, 596 * u);
    scene_polyline(s->scene, path.points, path.count,
                   (Style){.stroke = s->theme->identity[2],
                           .stroke_px = 3 * u,
                           .dash_on_px = u,
                           .dash_off_px = 9 * u,
                           .round_caps = true});
}

static void timeline(const Stage *s) {
    box(s, 0, 640, 1600, 260, 0, (Style){.fill = s->theme->panel});
    for (int i = 0; i < 10; i++) {
        text(s, FONT_MONO, 13, s->theme->ink3, 136 + (float)i * 144, 714, ALIGN_MIDDLE, "1 200 µs");
        scene_line(s->scene, (136 + (float)i * 144) * s->u, 728 * s->u,
                   (136 + (float)i * 144) * s->u, 880 * s->u,
                   (Style){.stroke = s->theme->line, .stroke_px = s->u});
    }
    for (int lane = 0; lane < LANES; lane++) {
        const float y = 750 + (float)lane * 30;
        badge(s, lane, 34, y, 11, true);
        text(s, FONT_SEMIBOLD, 15, s->theme->ink2, 56, y, ALIGN_LEFT, "write-a");
        for (int k = 0; k < SEGMENTS; k++) {
            const float x = 136 + (float)k * 102 + (float)lane * 6;
            const Color color = s->theme->identity[lane];
            box(s, x, y - 12, 40, 24, 2, (Style){.fill = color});
            box(s, x + 40, y - 7, 14, 14, 0,
                (Style){.fill = s->theme->panel, .stroke = color, .stroke_px = 1.5F});
            scene_hatch(s->scene, (Rect){(x + 40) * s->u, (y - 7) * s->u, 14 * s->u, 14 * s->u},
                        6 * s->u, color, 1.5F * s->u);
            scene_line(s->scene, (x + 54) * s->u, y * s->u, (x + 102) * s->u, y * s->u,
                       (Style){.stroke = color, .stroke_px = 3 * s->u});
        }
    }
    box(s, 1090, 700, 510, 200, 0, (Style){.fill = color_fade(s->theme->panel, 0.62F)});
}

static void fill_scene(Scene *scene, const Metrics *metrics, int width_px, int height_px) {
    const Stage stage = {scene, metrics, theme_get(THEME_DARK),
                         fminf((float)width_px / 1600, (float)height_px / 900)};
    scene_clear(scene, width_px, height_px);
    scene_rect(scene, (Rect){0, 0, (float)width_px, (float)height_px}, 0,
               (Style){.fill = stage.theme->app});
    text(&stage, FONT_SEMIBOLD, 24, stage.theme->ink, 472, 106, ALIGN_LEFT,
         "write-c.txt is finished, but A holds the only thread: the event waits until the loop "
         "asks.");
    left_column(&stage);
    cards(&stage);
    ring(&stage);
    timeline(&stage);
}

/* ---- measuring ---- */

static void measure(Painter *painter, Window *window, int width_px, int height_px) {
    double paint_ms[ROUNDS], show_ms[ROUNDS];
    Scene scene = {0};
    fill_scene(&scene, painter_metrics(painter), width_px, height_px);
    painter_paint(painter, &scene); /* the glyphs are in the atlas from here on */
    for (int i = 0; i < ROUNDS; i++) {
        const double start = now_ms();
        const uint32_t *pixels = painter_paint(painter, &scene);
        const double painted = now_ms();
        if (window != NULL) {
            window_show(window, pixels, width_px, height_px);
        }
        paint_ms[i] = painted - start;
        show_ms[i] = now_ms() - painted;
    }
    qsort(paint_ms, ROUNDS, sizeof *paint_ms, compare_times);
    qsort(show_ms, ROUNDS, sizeof *show_ms, compare_times);
    const bool main_size = width_px == 1280;
    char what[80];
    snprintf(what, sizeof what, "painting %dx%d, %zu draws", width_px, height_px, scene.draw_count);
    printf("%-64s %11.2f ms   goal %s\n", what, paint_ms[ROUNDS / 2], main_size ? "5 ms" : "-");
    if (window != NULL) {
        snprintf(what, sizeof what, "  showing it (%s)", window_renderer_name(window));
        printf("%-64s %11.2f ms   goal %s\n", what, show_ms[ROUNDS / 2], main_size ? "3 ms" : "-");
    }
    scene_finish(&scene);
}

int main(void) {
    static const int SIZES[][2] = {{1280, 720}, {1920, 1080}};
    Diags diags = {0};
    Painter *painter = painter_create(&diags);
    if (painter == NULL) {
        printf("painting is not measured: %s\n", diags.items[0].message);
        return 0;
    }
    if (getenv("DISPLAY") == NULL && getenv("WAYLAND_DISPLAY") == NULL) {
        setenv("SDL_VIDEODRIVER", "dummy", 1); /* no display: the copying alone */
    }
    setenv("SDL_RENDER_DRIVER", "software", 0);
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        Window *window = window_create("bench", SIZES[i][0], SIZES[i][1], false, &diags);
        measure(painter, window, SIZES[i][0], SIZES[i][1]);
        window_destroy(window);
    }
    painter_destroy(painter);
    diags_finish(&diags);
    return 0;
}
