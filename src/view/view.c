#include "view/view.h"

#include "base/assert.h"
#include "view/controls.h"
#include "view/inspect.h"
#include "view/predict_panel.h"
#include "view/timeline_panel.h"
#include "view/two_ways.h"
#include "view/why_panel.h"

/* The cursor may be ahead of a recording that is still written: what is there is shown. */
static uint64_t shown_count(const ViewDoc *doc, const ViewInput *input) {
    const uint64_t count = timeline_count(doc->timeline);
    return input->player->cursor < count ? input->player->cursor : count;
}

static Canvas canvas_make(Scene *scene, const Layout *layout, const ViewDoc *doc,
                          const ViewInput *input, const Metrics *metrics) {
    return (Canvas){.scene = scene,
                    .theme = theme_get(input->theme),
                    .metrics = metrics,
                    .layout = layout,
                    .u = layout->u,
                    .text_scale = input->text_scale,
                    .doc = doc,
                    .input = input};
}

/* Code and output, or the answer to why in the output's place; or the events instead of both. */
static void left_draw(const Canvas *canvas, bool why, Rect why_box) {
    const bool compact = canvas->layout->compact;
    if (canvas->input->mode == MODE_INSPECT) {
        panel_inspect(canvas);
        return;
    }
    if (!compact || canvas->input->code_drawer) {
        panel_code(canvas);
    }
    if (why) {
        panel_why(canvas, why_box);
    } else if (compact ? canvas->input->output_drawer : canvas->layout->choices.w <= 0) {
        panel_output(canvas);
    }
}

void view_areas(const ViewInput *input, ViewAreas *out) {
    Layout layout;
    layout_make(&layout, input->width_px, input->height_px, input->text_scale);
    *out = (ViewAreas){
        .stage = layout.user, .transport = layout.transport, .timeline = layout.timeline};
    out->stage.w = layout.kernel.x + layout.kernel.w - layout.user.x;
}

/* In which order the focus goes over the panels. */
enum {
    RANK_TOPBAR,
    RANK_LEFT,
    RANK_CAPTION,
    RANK_STAGE,
    RANK_TRANSPORT,
    RANK_TIMELINE,
    RANK_SHEET
};

void view_main(Scene *scene, const ViewDoc *doc, const ViewInput *input, const Metrics *metrics) {
    ASSERT(input->player != NULL && doc->before != doc->after);
    const uint64_t count = shown_count(doc, input);
    state_seek(doc->after, count);
    Beat beat;
    const bool beats = player_beat(input->player, doc->timeline, &beat);
    state_seek(doc->before, beats ? beat.first : count > 0 ? count - 1 : 0);

    Layout layout;
    layout_make(&layout, input->width_px, input->height_px, input->text_scale);
    const Rect two_ways = two_ways_place(input, &layout);
    const Canvas canvas = canvas_make(scene, &layout, doc, input, metrics);
    predict_place(&canvas, &layout);
    const bool gives_way = layout.choices.w > 0 && !layout.compact;
    const bool why = why_is_open(doc, input) && !gives_way;
    const Rect why_box = why ? why_place(&layout) : (Rect){0};
    scene_clear(scene, input->width_px, input->height_px);
    const Rect window = {0, 0, (float)input->width_px, (float)input->height_px};
    scene_rect(scene, window, 0, (Style){.fill = canvas.theme->app});

    scene->current_rank = RANK_STAGE;
    panel_stage(&canvas);
    if (count == 0) {
        panel_start(&canvas);
    }
    scene->current_rank = RANK_CAPTION;
    panel_caption(&canvas);
    scene->current_rank = RANK_TRANSPORT;
    panel_transport(&canvas);
    scene->current_rank = RANK_TIMELINE;
    panel_timeline(&canvas);
    panel_two_ways(&canvas, two_ways);
    scene->current_rank = RANK_LEFT;
    left_draw(&canvas, why, why_box);
    scene->current_rank = RANK_CAPTION;
    panel_predict(&canvas);
    scene->current_rank = RANK_TOPBAR;
    panel_topbar(&canvas);
    scene->current_rank = RANK_SHEET;
    if (input->help) {
        panel_help(&canvas, SCREEN_MAIN);
    }
    if (input->sheet != NULL && input->sheet->open) {
        panel_sheet(&canvas);
        return;
    }
    timeline_hover_draw(&canvas);
    focus_draw(&canvas, input->control);
    tip_draw(&canvas, input->control, input->pointer_x, input->pointer_y);
}
