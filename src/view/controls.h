/* Controls that several panels share: the mark, keys, buttons, warnings. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_CONTROLS_H
#define LOOPSCOPE_VIEW_CONTROLS_H

#include "view/parts.h"

/* Loopscope's mark: a ring with a gap and a pointer. */
void mark_draw(const Canvas *canvas, float x, float y, float radius_px, float stroke_px);

/* A key's cap, its left edge at x; returns its width. */
float keycap_draw(const Canvas *canvas, float x, float y, const char *key);

/* The triangle with the exclamation mark. */
void warning_draw(const Canvas *canvas, float x, float y, float radius_px, Color ground);

/* A flag on its staff, from the staff's top down: where something is worth a look. */
void flag_draw(const Canvas *canvas, float x, float top, float height_px);

typedef enum ButtonIcon {
    ICON_NONE,
    ICON_BACK,
    ICON_PLAY,
    ICON_PAUSE,
    ICON_STEP,
    ICON_TURN,
} ButtonIcon;

typedef struct Button {
    ButtonIcon icon;
    const char *label;
    const char *key; /* "" for none */
    const char *tip;
    Action action;
    int64_t argument;
    float min_px;  /* at least this wide */
    bool primary;  /* filled with ink */
    bool disabled; /* drawn pale; does nothing */
} Button;

/* A button of its natural width, its left edge at x; returns that width. Its hit is at least 36
 * units high. */
float button_draw(const Canvas *canvas, float x, float y, float height_px, const Button *button);
float button_width(const Canvas *canvas, const Button *button);

/* Text in pieces of different looks on one line; returns the end. */
typedef struct TextPiece {
    const char *text;
    Font font;
    Color ink;
} TextPiece;
float pieces_draw(const Canvas *canvas, float size_u, float x, float y, const TextPiece *pieces,
                  size_t count);

/* Whether the pointer is over the rect. */
bool pointer_over(float pointer_x, float pointer_y, Rect rect);

/* What the control under the pointer, or else the one with the keyboard's focus, does, with its
 * key. Only for controls: the tip of a large place would lie over it. Drawn last. */
void tip_draw(const Canvas *canvas, Focus focus, float pointer_x, float pointer_y);

/* The ring around the control that has the keyboard's focus. */
void focus_draw(const Canvas *canvas, Focus focus);

/* The ground of the row that is chosen, with a bar at its left: in some themes the bar alone is
 * seen. */
void chosen_row_draw(const Canvas *canvas, Rect row, Color bar);

/* The ground of a panel beside the stage; of a drawer, that lies over a part of it. */
void side_draw(const Canvas *canvas, Rect box);

/* A bar that shows which part of a longer list is seen: `first`..`first + shown` of `total`. */
void scrollbar_draw(const Canvas *canvas, Rect track, float first, float shown, float total);

#endif
