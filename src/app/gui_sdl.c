/* The graphical side, with a window. */
#include "app/gui.h"

#include "app/process.h"
#include "app/window_app.h"
#include "base/assert.h"
#include "ui/fonts.h"
#include "ui/picture.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { WINDOW_WIDTH_PX = 1280, WINDOW_HEIGHT_PX = 720 };

/* The step of the ladder nearest to what was asked for; beyond its last number is full speed. */
static int nearest_pace(double events_a_second) {
    const int full_speed = PACE_COUNT - 1;
    if (events_a_second <= 0) {
        return PACE_DEFAULT;
    }
    if (events_a_second > 2 * PACES[full_speed - 1]) {
        return full_speed;
    }
    int best = 0;
    for (int i = 1; i < full_speed; i++) {
        if (fabs(log(PACES[i] / events_a_second)) < fabs(log(PACES[best] / events_a_second))) {
            best = i;
        }
    }
    return best;
}

static void input_init(ViewInput *input, const Options *options) {
    *input = (ViewInput){.theme = options->theme,
                         .text_scale = options->font_scale > 0 ? (float)options->font_scale : 1,
                         .selected = EVENT_NONE,
                         .pointer_x = -1,
                         .pointer_y = -1};
}

static int gui_without_window(const char *file, Diags *diags) {
    diags_add(diags, "loopscope", "without a window: loopscope run %s --narrate",
              file == NULL ? "SCENARIO" : file);
    command_report(diags);
    return EXIT_USAGE;
}

int gui_open(const Options *options, const char *file, bool trace_only) {
    Diags diags = {0};
    App app = {.options = options, .trace_only = trace_only};
    app.painter = painter_create(&diags);
    if (app.painter != NULL) {
        app.window = window_create("Loopscope", WINDOW_WIDTH_PX, WINDOW_HEIGHT_PX,
                                   options->fullscreen, &diags);
    }
    if (app.window == NULL) {
        painter_destroy(app.painter);
        return gui_without_window(file, &diags);
    }
    process_leave_console();
    input_init(&app.input, options);
    player_init(&app.player);
    app.player.pace = nearest_pace(options->pace);
    app_room_begin(&app);
    welcome_load(&app.welcome, &app.settings);
    if (file != NULL) {
        app_open(&app, file, trace_only);
    }
    const int status = app_main_loop(&app);
    app_room_end(&app);
    if (options->report_frames) {
        report_print(&app.frames);
    }
    free(app.frames.took_us);
    welcome_finish(&app.welcome);
    scene_finish(&app.scene);
    window_destroy(app.window);
    painter_destroy(app.painter);
    return status;
}

/* The moment at which most is going on: the first with the most at the OS, ready and arrived. */
static uint64_t busiest_event(const ViewDoc *doc) {
    const uint64_t count = timeline_count(doc->timeline);
    uint64_t best = count - 1, most = 0;
    for (uint64_t n = 0; n < count; n++) {
        state_seek(doc->after, n + 1);
        const LoopInfo *loop = state_loop(doc->after);
        const uint64_t busy = loop->in_flight + loop->ready_handles + loop->arrived +
                              (loop->running != EVENT_NONE ? 1 : 0);
        if (busy > most) {
            most = busy;
            best = n;
        }
    }
    return best;
}

static bool picture_paint(const Document *document, const Options *options, uint64_t at,
                          const char *file, Diags *diags) {
    Painter *painter = painter_create(diags);
    if (painter == NULL) {
        return false;
    }
    Player player;
    player_init(&player);
    player.cursor = at + 1;
    player.phase = 1;
    ViewInput input;
    input_init(&input, options);
    input.width_px = (int)options->width_px;
    input.height_px = (int)options->height_px;
    input.player = &player;
    Scene scene = {0};
    view_main(&scene, &document->view, &input, painter_metrics(painter));
    const uint32_t *pixels = painter_paint(painter, &scene);
    const bool written = picture_write_png(file, pixels, scene.width_px, scene.height_px, diags);
    scene_finish(&scene);
    painter_destroy(painter);
    return written;
}

bool gui_picture(const Log *log, const Options *options, const char *file, Diags *diags) {
    Document *document = document_over((Log *)log, file);
    const uint64_t count = timeline_count(document->view.timeline);
    bool written = false;
    if (count == 0) {
        diags_add(diags, file, "no picture: the trace has no event that can be shown");
    } else if (options->has_at && options->at >= count) {
        diags_add(diags, file, "there is no event %" PRIu64 ": the trace has events 0 to %" PRIu64,
                  options->at, count - 1);
    } else {
        const uint64_t at = options->has_at ? options->at : busiest_event(&document->view);
        written = picture_paint(document, options, at, file, diags);
    }
    document_close(document);
    return written;
}

bool gui_doctor(Buf *out) {
    char display[160];
    const bool shown = window_display_available(display, sizeof display);
    buf_printf(out, "display   %s\n", display);
    if (!shown) {
        buf_append_text(out, "          without one: loopscope run SCENARIO --narrate\n");
    }
    char font[4096];
    bool fonts = true;
    for (int i = 0; i < FONT_COUNT; i++) {
        fonts = fonts_find((Font)i, font, sizeof font) && fonts;
    }
    if (fonts) {
        buf_printf(out, "fonts     Inter and JetBrains Mono are here\n");
    } else {
        buf_printf(out, "fonts     missing: install %s\n", fonts_packages());
    }
    return fonts;
}
