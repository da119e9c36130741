/* Parts that panels share: units, identities, badges, titles. Internal to view/.
 *
 * A Canvas is what every panel gets: the scene, the theme, the metrics and the unit. Panels are
 * functions `panel_NAME(const Canvas *, ...)`, one file each. */
#ifndef LOOPSCOPE_VIEW_PARTS_H
#define LOOPSCOPE_VIEW_PARTS_H

#include "view/layout.h"
#include "view/view.h"

typedef struct Canvas {
    Scene *scene;
    const Theme *theme;
    const Metrics *metrics;
    const Layout *layout;
    float u;                /* pixels a virtual unit */
    float text_scale;       /* sizes are virtual units x u x text_scale */
    const ViewDoc *doc;     /* NULL on the welcome screen */
    const ViewInput *input; /* NULL on the welcome screen */
} Canvas;

enum { TEXT_SMALLEST_U = 13 }; /* as it is seen: read from the back row */

/* Text with its size in virtual units; returns the width in px. x, y in px. */
float canvas_text(const Canvas *canvas, Font font, float size_u, Color ink, float x, float y,
                  Align align, const char *text);
float canvas_text_fit(const Canvas *canvas, Font font, float size_u, Color ink, float x, float y,
                      Align align, float max_px, const char *text);
float canvas_width(const Canvas *canvas, Font font, float size_u, const char *text);

/* The same, made smaller before it is cut, down to the smallest text of the look. */
float canvas_name_fit(const Canvas *canvas, Font font, float size_u, Color ink, float x, float y,
                      Align align, float max_px, const char *name);

/* A size of text that leaves a line of this height its upper and lower edge. */
float canvas_line_size(const Canvas *canvas, float height_px, float size_u);

/* Tasks are told apart by letter, shape and colour: the first eight that were submitted, or, in
 * larger runs, the selected one. -1: no identity (drawn as "#" in grey). */
int identity_of(const Canvas *canvas, uint32_t task);
Color identity_color(const Canvas *canvas, uint32_t task);

typedef enum BadgeLook { BADGE_FILLED, BADGE_HOLLOW } BadgeLook;
void badge_draw(const Canvas *canvas, uint32_t task, float x, float y, float radius_px,
                BadgeLook look, Color ground);

/* The same for an identity that no recording gives (the welcome screen's pictures); -1: "#". */
void badge_draw_identity(const Canvas *canvas, int identity, float x, float y, float radius_px,
                         BadgeLook look, Color ground);

/* What a click on a task does, with its key. */
void task_hit(const Canvas *canvas, Rect rect, uint32_t task);
/* The same, with other words in its tip. */
void task_hit_told(const Canvas *canvas, Rect rect, uint32_t task, const char *what);

/* "Ready queue (3)       first in, first out": a panel's title line. count < 0: no pill;
 * right <= 0: the hint follows the title. Hints go where text is enlarged or there is no room. */
void title_draw(const Canvas *canvas, float x, float y, float right, const char *title,
                int64_t count, const char *hint, Color ink, Color pill);

void arrow_draw(const Canvas *canvas, float x, float y, float radius_px, float direction_deg,
                Color fill); /* a filled triangle */
void chevron_draw(const Canvas *canvas, float x, float y, float radius_px, bool right, Color ink);
void check_draw(const Canvas *canvas, float x, float y, float size_px, Color ink, float stroke_px);
void cross_draw(const Canvas *canvas, float x, float y, float size_px, Color ink, float stroke_px);

/* ---- the panels of the main screen ---- */
void panel_topbar(const Canvas *canvas);
void panel_caption(const Canvas *canvas);
void panel_code(const Canvas *canvas);
void panel_output(const Canvas *canvas);
void panel_stage(const Canvas *canvas); /* ready, running, ring, paused, event lane, kernel */
/* Over the caption and the future, where the viewer predicts. */
void panel_predict(const Canvas *canvas);
/* The score, from x on, as far as there is room; returns the end. */
float predict_marks_draw(const Canvas *canvas, float x, float y, float right);
void panel_transport(const Canvas *canvas);
void panel_timeline(const Canvas *canvas);
void panel_start(const Canvas *canvas); /* before the first event */
void panel_help(const Canvas *canvas, Screen screen);
void panel_sheet(const Canvas *canvas); /* where it is open */

#endif
