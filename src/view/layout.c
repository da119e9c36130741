#include "view/layout.h"

#include <math.h>

/* The drawing board: the same places on two canvases, in virtual units. */
typedef struct Board {
    float width, height; /* the canvas at its smallest */
    float code_width, caption_bottom, stage_bottom, transport_bottom;
    float lane_x, lane_width, rail_gap; /* from the left edge of the stage */
    float running_x, running_width;
    float events_x, events_dy, events_height;
    float wall_x, kernel_width;
    float ring_x;
} Board;

/* A high window: more rows of paused cards and of code, and more lanes. */
#define STAGE_HEIGHT_SHARE 0.5f

enum { TOPBAR_BOTTOM = 48, WALL_WIDTH = 8, STRIP_HEIGHT = 28 };

static const Board FULL = {.width = 1600,
                           .height = 900,
                           .code_width = 400,
                           .caption_bottom = 136,
                           .stage_bottom = 640,
                           .transport_bottom = 698,
                           .lane_x = 66,
                           .lane_width = 406,
                           .rail_gap = 32,
                           .running_x = 504,
                           .running_width = 328,
                           .events_x = 96,
                           .events_dy = 432,
                           .events_height = 56,
                           .wall_x = 856,
                           .kernel_width = 336,
                           .ring_x = 270};

static const Board COMPACT = {.width = 1312,
                              .height = 820,
                              .code_width = 0,
                              .caption_bottom = 124,
                              .stage_bottom = 616,
                              .transport_bottom = 664,
                              .lane_x = 66,
                              .lane_width = 452,
                              .rail_gap = 32,
                              .running_x = 552,
                              .running_width = 356,
                              .events_x = 96,
                              .events_dy = 432,
                              .events_height = 54,
                              .wall_x = 936,
                              .kernel_width = 368,
                              .ring_x = 280};

static Rect scaled(float u, float x, float y, float w, float h) {
    return (Rect){x * u, y * u, w * u, h * u};
}

/* The column of a large window, and the drawers of a small one: each covers the whole of the
 * system's side, up to the wall, so that no word of the program's side is cut. One is open at a
 * time. */
static void place_code(Layout *layout, float column, float stage_bottom) {
    const float u = layout->u, split = stage_bottom - 192;
    if (layout->compact) {
        layout->code = layout->output = layout->kernel;
        return;
    }
    layout->code = scaled(u, 0, TOPBAR_BOTTOM, column, split - TOPBAR_BOTTOM);
    layout->output = scaled(u, 0, split, column, stage_bottom - split);
}

static void place_stage(Layout *layout, const Board *board, float left, float width,
                        float spare_width, float spare_height) {
    const float u = layout->u, top = board->caption_bottom;
    const float height = board->stage_bottom + spare_height - top;
    const float lane_width = board->lane_width + spare_width * 0.45f;
    const float running_width = board->running_width + spare_width * 0.2f;
    const float running_x = left + board->running_x + spare_width * 0.45f;
    const float wall = left + board->wall_x + spare_width * 0.65f;
    const float kernel_x = wall + WALL_WIDTH;
    const float kernel_width = width - kernel_x;
    const float row = top + 72;     /* the boxes of the upper row */
    const float paused = row + 158; /* below the running slot and a title */
    const float events = top + board->events_dy + spare_height;
    const float paused_height =
        events - 32 - paused; /* down to the line of the event lane's title */

    layout->strip_h = STRIP_HEIGHT * u;
    layout->user = scaled(u, left, top, wall - left, height);
    layout->wall = scaled(u, wall, top, WALL_WIDTH, height);
    layout->kernel = scaled(u, kernel_x, top, kernel_width, height);
    layout->lane = scaled(u, left + board->lane_x, row, lane_width, 92);
    layout->running = scaled(u, running_x, row, running_width, 106);
    layout->paused = scaled(u, running_x, paused, running_width, paused_height);
    layout->event_lane = scaled(u, left + board->events_x, events, wall - left - board->events_x,
                                board->events_height);
    layout->door_out = scaled(u, wall, row + 25, WALL_WIDTH, 56);
    layout->door_back = scaled(u, wall, events, WALL_WIDTH, board->events_height);
    layout->syscalls = scaled(u, kernel_x + 28, row, kernel_width - 52, 92);
    layout->ops = scaled(u, kernel_x + 28, paused, kernel_width - 52, paused_height);
    layout->ring = (Point){(left + board->ring_x + spare_width * 0.225f) * u,
                           (row + 226 + spare_height * 0.45f) * u};
    layout->ring_radius = 88 * u;
    layout->rail_x = (left + board->lane_x - board->rail_gap) * u;
    layout->title_dy = 20 * u;
}

void layout_make(Layout *layout, int width_px, int height_px, float text_scale) {
    (void)text_scale; /* larger text drops words, it moves no place */
    const bool compact = width_px < 1280 || height_px < 720;
    const Board *board = compact ? &COMPACT : &FULL;
    const float u = fminf((float)width_px / board->width, (float)height_px / board->height);
    const float width = (float)width_px / u, height = (float)height_px / u;
    float column = board->code_width;
    if (!compact) {
        column = fminf(fmaxf(width / 4, 320), 480);
    }
    *layout = (Layout){.u = u, .compact = compact};
    layout->topbar = scaled(u, 0, 0, width, TOPBAR_BOTTOM);
    layout->caption =
        scaled(u, column, TOPBAR_BOTTOM, width - column, board->caption_bottom - TOPBAR_BOTTOM);
    const float spare_width = width - board->width - (column - board->code_width);
    const float spare = (height - board->height) * STAGE_HEIGHT_SHARE;
    place_stage(layout, board, column, width, spare_width, spare);
    place_code(layout, column, board->stage_bottom + spare);
    layout->transport = scaled(u, 0, board->stage_bottom + spare, width,
                               board->transport_bottom - board->stage_bottom);
    const float timeline = board->transport_bottom + spare;
    layout->timeline = scaled(u, 0, timeline, width, height - timeline);
}
