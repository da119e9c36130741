/* The top bar: what is shown, whether it is live, and by which means it was really done. */
#include "view/topbar.h"
#include "base/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct BackEndRow {
    const char *backend;
    const char *whole, *brief;
} BackEndRow;

static const BackEndRow BACK_ENDS[] = {
    {"io_uring", "Linux: io_uring + epoll", "io_uring"},
    {"threads", "helper threads + epoll", "helper threads"},
    {"kqueue", "helper threads + kqueue", "kqueue"},
    {"iocp", "Windows: completion port", "IOCP"},
    {"asyncio", "CPython's own asyncio", "asyncio"},
};

static bool is_simulated(const TraceHeader *header) {
    return header->backend != NULL && strcmp(header->backend, "sim") == 0;
}

static const char *back_end_text(const TraceHeader *header, bool brief, char out[80]) {
    if (is_simulated(header)) {
        snprintf(out, 80, brief ? "simulated" : "simulated OS, seed %llu",
                 (unsigned long long)header->seed);
        return out;
    }
    for (size_t i = 0; header->backend != NULL && i < sizeof BACK_ENDS / sizeof BACK_ENDS[0]; i++) {
        if (strcmp(BACK_ENDS[i].backend, header->backend) == 0) {
            return brief ? BACK_ENDS[i].brief : BACK_ENDS[i].whole;
        }
    }
    snprintf(out, 80, "%s", header->backend == NULL ? "unknown" : header->backend);
    return out;
}

/* A simulation is never drawn like the real thing. */
float topbar_back_end_draw(const Canvas *canvas, float right, float y) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const TraceHeader *header = log_header(canvas->doc->log);
    const bool simulated = is_simulated(header);
    char text[80];
    const char *words = back_end_text(header, canvas->layout->compact, text);
    const float width = canvas_width(canvas, FONT_MEDIUM, 14, words) + 38 * u;
    const Rect pill = {right - width, y - 14 * u, width, 28 * u};
    const Color ink = simulated ? theme->ink : theme->kernel_ink;
    scene_rect(canvas->scene, pill, 14 * u,
               simulated ? (Style){.stroke = theme->ink2,
                                   .stroke_px = 1.5f * u,
                                   .dash_on_px = 5 * u,
                                   .dash_off_px = 4 * u}
                         : (Style){.fill = theme->kernel});
    scene_circle(canvas->scene, pill.x + 17 * u, y, 4 * u,
                 simulated ? (Style){.stroke = ink, .stroke_px = 1.5f * u} : (Style){.fill = ink});
    canvas_text(canvas, FONT_MEDIUM, 14, ink, pill.x + 27 * u, y, ALIGN_LEFT, words);
    return pill.x;
}

static void size_icon_draw(const Canvas *canvas, float x, float y) {
    const Color ink = canvas->theme->ink2;
    const float u = canvas->u;
    scene_text(canvas->scene, canvas->metrics, FONT_SEMIBOLD, 11 * u, ink, x - 6.5f * u,
               y + 1.5f * u, ALIGN_MIDDLE, "A");
    scene_text(canvas->scene, canvas->metrics, FONT_SEMIBOLD, 15 * u, ink, x + 3.5f * u, y,
               ALIGN_MIDDLE, "A");
}

static void theme_icon_draw(const Canvas *canvas, float x, float y) {
    const Color ink = canvas->theme->ink2;
    const float u = canvas->u;
    scene_circle(canvas->scene, x, y, 7 * u, (Style){.stroke = ink, .stroke_px = 2 * u});
    scene_pie(canvas->scene, x, y, 6 * u, 0, 180, ink);
}

static void help_icon_draw(const Canvas *canvas, float x, float y) {
    canvas_text(canvas, FONT_SEMIBOLD, 15, canvas->theme->ink2, x, y, ALIGN_MIDDLE, "?");
}

/* Small square buttons, right-aligned; returns the left edge of the first. */
float topbar_icons_draw(const Canvas *canvas, float right, float y) {
    static const struct {
        void (*draw)(const Canvas *canvas, float x, float y);
        const char *tip;
        Action action;
    } ROWS[] = {{size_icon_draw, "Another size of text (L)", ACTION_TEXT_NEXT},
                {theme_icon_draw, "Dark, light, high contrast (T)", ACTION_THEME},
                {help_icon_draw, "Keys (?)", ACTION_HELP}};
    enum { ROW_COUNT = sizeof ROWS / sizeof ROWS[0] };
    const float u = canvas->u, pitch = 38 * u, first = right - (ROW_COUNT - 1) * pitch - 30 * u;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const float left = first + (float)i * pitch;
        const bool open = ROWS[i].action == ACTION_HELP && canvas->input->help;
        scene_rect(canvas->scene, (Rect){left, y - 15 * u, 30 * u, 30 * u}, 8 * u,
                   (Style){.fill = open ? canvas->theme->card : (Color){0},
                           .stroke = canvas->theme->line2,
                           .stroke_px = u});
        ROWS[i].draw(canvas, left + 15 * u, y);
        scene_hit(canvas->scene, (Rect){left - 3 * u, y - 18 * u, 36 * u, 36 * u}, ROWS[i].action,
                  0, ROWS[i].tip);
    }
    return first;
}

/* A tray that something is taken out of, upwards. */
static float export_draw(const Canvas *canvas, float right, float y) {
    const float u = canvas->u, left = right - 30 * u, x = left + 15 * u;
    const Style ink = {.stroke = canvas->theme->ink2, .stroke_px = 2 * u, .round_caps = true};
    const Point tray[4] = {{x - 7 * u, y + 1 * u},
                           {x - 7 * u, y + 7 * u},
                           {x + 7 * u, y + 7 * u},
                           {x + 7 * u, y + 1 * u}};
    const Point head[3] = {{x - 4 * u, y - 4 * u}, {x, y - 8 * u}, {x + 4 * u, y - 4 * u}};
    scene_rect(canvas->scene, (Rect){left, y - 15 * u, 30 * u, 30 * u}, 8 * u,
               (Style){.stroke = canvas->theme->line2, .stroke_px = u});
    scene_polyline(canvas->scene, tray, 4, ink);
    scene_line(canvas->scene, x, y - 8 * u, x, y + 3 * u, ink);
    scene_polyline(canvas->scene, head, 3, ink);
    scene_hit(canvas->scene, (Rect){left - 3 * u, y - 18 * u, 36 * u, 36 * u}, ACTION_EXPORT, 0,
              "Export (X)");
    return left;
}

/* The buttons of a small window's drawers; returns their right end. */
static float drawers_draw(const Canvas *canvas, float x, float y) {
    static const struct {
        const char *label, *key, *tip;
        Action action;
    } ROWS[] = {{"Code", "C", "Show the code (C)", ACTION_TOGGLE_CODE},
                {"Output", "O", "Show what the tasks print (O)", ACTION_TOGGLE_OUTPUT}};
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    for (size_t i = 0; i < 2; i++) {
        const bool open = i == 0 ? canvas->input->code_drawer : canvas->input->output_drawer;
        const float key_px =
            canvas->text_scale <= 1 ? 18 * u : 0; /* hints go where text is large */
        const float width =
            canvas_width(canvas, FONT_SEMIBOLD, 14, ROWS[i].label) + 28 * u + key_px;
        const Rect rect = {x, y - 15 * u, width, 30 * u};
        scene_rect(canvas->scene, rect, 8 * u,
                   (Style){.fill = open ? theme->card : (Color){0},
                           .stroke = open ? theme->ink : theme->line2,
                           .stroke_px = (open ? 2 : 1) * u});
        canvas_text(canvas, FONT_SEMIBOLD, 14, open ? theme->ink : theme->ink2, x + 14 * u, y,
                    ALIGN_LEFT, ROWS[i].label);
        if (key_px > 0) {
            canvas_text(canvas, FONT_REGULAR, 13, theme->ink3, x + width - 12 * u, y, ALIGN_RIGHT,
                        ROWS[i].key);
        }
        scene_hit(canvas->scene, (Rect){rect.x, y - 18 * u, rect.w, 36 * u}, ROWS[i].action, 0,
                  ROWS[i].tip);
        x += width + 8 * u;
    }
    return x;
}

static const char *state_text(const ViewDoc *doc, char out[96]) {
    char count[FORMAT_MAX];
    const uint64_t events = timeline_count(doc->timeline);
    format_count(count, events);
    if (!doc->live) {
        snprintf(out, 96, "recorded run, %s event%s", count, events == 1 ? "" : "s");
    } else if (log_finished(doc->log)) {
        snprintf(out, 96, "live run, ended after %s events", count);
    } else if (doc->held) {
        snprintf(out, 96, "live, held at event %s", count);
    } else {
        snprintf(out, 96, "live, %s event%s", count, events == 1 ? "" : "s");
    }
    return out;
}

/* The name leads back to the list of scenarios. */
static float name_draw(const Canvas *canvas, float x, float y, float max_px, const char *name) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, start = x;
    x += canvas_text_fit(canvas, FONT_SEMIBOLD, 16, theme->ink, x, y, ALIGN_LEFT, max_px, name) +
         8 * u;
    if (canvas->input != NULL && canvas->input->no_controls) {
        return x;
    }
    const Point points[3] = {{x, y - 2 * u}, {x + 5 * u, y + 3 * u}, {x + 10 * u, y - 2 * u}};
    scene_polyline(canvas->scene, points, 3,
                   (Style){.stroke = theme->ink3, .stroke_px = 2 * u, .round_caps = true});
    x += 10 * u;
    scene_hit(canvas->scene, (Rect){start - 6 * u, y - 18 * u, x - start + 12 * u, 36 * u},
              ACTION_WELCOME, 0, "Other scenarios (Esc)");
    return x;
}

static void trouble_draw(const Canvas *canvas, float x, float right, float y) {
    const float u = canvas->u;
    if (canvas->doc->trouble == NULL || right - x < 40 * u) {
        return;
    }
    warning_draw(canvas, x + 10 * u, y - u, 9 * u, canvas->theme->panel);
    canvas_text_fit(canvas, FONT_MEDIUM, 14, canvas->theme->danger_ink, x + 27 * u, y, ALIGN_LEFT,
                    right - x - 27 * u, canvas->doc->trouble);
    scene_hit(canvas->scene, (Rect){x, y - 18 * u, right - x, 36 * u}, ACTION_NONE, 0,
              canvas->doc->trouble);
}

enum { MODE_ROWS = 3 };

static const struct {
    const char *label, *tip;
    ViewMode mode;
    Action action;
} MODES[MODE_ROWS] = {
    {"Watch", "Watch: code and output (W)", MODE_WATCH, ACTION_WATCH},
    {"Predict", "Predict: be asked what comes (P)", MODE_WATCH, ACTION_PREDICT},
    {"Inspect", "Inspect: the events one by one (I)", MODE_INSPECT, ACTION_INSPECT}};

static float mode_width(const Canvas *canvas, size_t row) {
    return canvas_width(canvas, FONT_SEMIBOLD, 14, MODES[row].label) + 32 * canvas->u;
}

static float modes_width(const Canvas *canvas) {
    float width = 6 * canvas->u;
    for (size_t i = 0; i < MODE_ROWS; i++) {
        width += mode_width(canvas, i);
    }
    return width;
}

/* What the window is for: in the middle where there is room, else behind what stands before. */
static Rect modes_draw(const Canvas *canvas, float left, float right, float y) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Predict *predict = canvas->input->predict;
    const bool predicts = predict != NULL && predict->phase != PREDICT_OFF;
    const float width = modes_width(canvas);
    const float middle = canvas->layout->topbar.x + canvas->layout->topbar.w / 2 - width / 2;
    const Rect box = {fmaxf(left, fminf(middle, right - width)), y - 16 * u, width, 32 * u};
    scene_rect(canvas->scene, box, 10 * u,
               (Style){.fill = theme->app, .stroke = theme->line, .stroke_px = u});
    float x = box.x + 3 * u;
    for (size_t i = 0; i < MODE_ROWS; i++) {
        const float wide = mode_width(canvas, i);
        const bool chosen =
            predicts ? MODES[i].action == ACTION_PREDICT
                     : MODES[i].action != ACTION_PREDICT && canvas->input->mode == MODES[i].mode;
        const Rect place = {x, y - 13 * u, wide, 26 * u};
        scene_rect(canvas->scene, place, 8 * u, (Style){.fill = chosen ? theme->ink : theme->app});
        canvas_text(canvas, FONT_SEMIBOLD, 14, chosen ? theme->app : theme->ink2, x + wide / 2, y,
                    ALIGN_MIDDLE, MODES[i].label);
        scene_hit(canvas->scene, (Rect){x, y - 18 * u, wide, 36 * u}, MODES[i].action, 0,
                  MODES[i].tip);
        x += wide;
    }
    return box;
}

/* The bar, the mark and the name; returns the end. */
float topbar_begin(const Canvas *canvas, float max_px, const char *name) {
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->topbar;
    const float u = canvas->u, y = box.y + box.h / 2;
    scene_rect(canvas->scene, box, 0, (Style){.fill = theme->panel});
    scene_line(canvas->scene, box.x, box.y + box.h, box.x + box.w, box.y + box.h,
               (Style){.stroke = theme->line, .stroke_px = u});
    mark_draw(canvas, 30 * u, y, 9 * u, 3 * u);
    float x = 50 * u;
    x += canvas_text(canvas, FONT_BOLD, 17, theme->ink, x, y, ALIGN_LEFT, "Loopscope") + 18 * u;
    scene_line(canvas->scene, x, y - 10 * u, x, y + 10 * u,
               (Style){.stroke = theme->line2, .stroke_px = u});
    return name_draw(canvas, x + 18 * u, y, max_px, name) + 18 * u;
}

void panel_topbar(const Canvas *canvas) {
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->topbar;
    const float u = canvas->u, y = box.y + box.h / 2;
    float x = topbar_begin(canvas, (canvas->layout->compact ? 200 : 320) * u, canvas->doc->name);
    const bool controls = !canvas->input->no_controls;
    float right = box.x + box.w - 24 * u;
    if (controls) {
        right = topbar_icons_draw(canvas, right, y) - 8 * u;
        right = export_draw(canvas, right, y) - 14 * u;
    }
    right = topbar_back_end_draw(canvas, right, y) - 18 * u;
    if (controls && canvas->layout->compact) {
        x = drawers_draw(canvas, x, y) + 10 * u;
    }
    const float marks_right = controls ? right - modes_width(canvas) : right;
    x = predict_marks_draw(canvas, x, y, marks_right);
    const Rect modes = controls ? modes_draw(canvas, x, right, y) : (Rect){right, y, 0, 0};
    char text[96];
    const char *words = state_text(canvas->doc, text);
    if (x + canvas_width(canvas, FONT_REGULAR, 14, words) + 16 * u <= modes.x) {
        canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, x, y, ALIGN_LEFT, words);
    }
    trouble_draw(canvas, modes.x + modes.w + 18 * u, right, y);
}
