/* Themes: the tokens of the look. Colours by role, identities by letter; no other file names one.
 *
 * Threads: constant tables. */
#ifndef LOOPSCOPE_VIEW_THEME_H
#define LOOPSCOPE_VIEW_THEME_H

#include "view/scene.h"

typedef enum ThemeName { THEME_DARK, THEME_LIGHT, THEME_CONTRAST, THEME_COUNT } ThemeName;

enum { IDENTITY_COUNT = 8 }; /* A to H */

typedef struct Theme {
    const char *name; /* "dark", "light", "contrast" */
    Color app, panel, user, well, lane, card;
    Color kernel, kernel_dot, kernel_card, kernel_line, kernel_ink, wall;
    Color line, line2, ink, ink2, ink3, ink4;
    Color thread, on_thread, danger, danger_ground, danger_ink, on_identity;
    float highlight; /* share of an identity's colour in a tinted ground */
    Color identity[IDENTITY_COUNT];
} Theme;

const Theme *theme_get(ThemeName name);
bool theme_parse(const char *name, ThemeName *out);

#endif
