/* The parts of the welcome screen. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_WELCOME_PARTS_H
#define LOOPSCOPE_VIEW_WELCOME_PARTS_H

#include "view/controls.h"

typedef struct Welcome {
    Canvas canvas;
    const WelcomeInput *input;
    bool compact;
} Welcome;

bool welcome_is_compact(const WelcomeInput *input); /* a small window */

/* How the loop works in three small pictures; as high as their words need over that width. */
float welcome_ideas_height(const Welcome *welcome, float width_px);
void welcome_ideas_draw(const Welcome *welcome, Rect box);

/* The cards of the scenarios, as many as there is room for, the one with the focus among them. */
void welcome_grid_draw(const Welcome *welcome, Rect grid);

/* A badge for each task, the first eight; where there are more, as many as leave room for the
 * number of the others. */
void welcome_tasks_draw(const Canvas *canvas, uint32_t count, float x, float y, float radius_px,
                        float max_px);

/* What its tasks did, a lane each; the last stands on the box's bottom. */
void welcome_shape_draw(const Canvas *canvas, const RunShape *shape, Rect box);

/* Text in at most so many lines, the last one cut where there is more; returns how many. */
enum { WELCOME_LINES_MAX = 16 };
size_t welcome_lines_draw(const Canvas *canvas, Font font, float size_u, Color ink, float x,
                          float y, float max_px, float pitch_px, size_t most, const char *text);

/* Why a file did not load: the mistake at its place, what was expected, what stands there. */
void welcome_problem_draw(const Welcome *welcome, Rect box);

/* What the format takes, in the place of the pictures and the cards. */
void welcome_format_draw(const Welcome *welcome, Rect box);

/* The list of files to choose from, over all else. */
void welcome_picker_draw(const Welcome *welcome);

/* A path that is too long loses its first folders: which file it is stands at its end. */
void welcome_path_draw(const Canvas *canvas, float right, float y, float max_px, const char *path);

#endif
