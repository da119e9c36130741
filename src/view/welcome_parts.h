/* The parts of the welcome screen. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_WELCOME_PARTS_H
#define LOOPSCOPE_VIEW_WELCOME_PARTS_H

#include "view/controls.h"

typedef struct Welcome {
    Canvas canvas;
    const WelcomeInput *input;
    bool compact;
} Welcome;

/* How the loop works in three small pictures. */
void welcome_ideas_draw(const Welcome *welcome, Rect box);

/* Why a file did not load: the mistake at its place, what was expected, what stands there. */
void welcome_problem_draw(const Welcome *welcome, Rect box);

#endif
