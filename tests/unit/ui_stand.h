/* A painter for a group of tests: setup and teardown of cmocka's groups. Include after cmocka.h. */
#ifndef LOOPSCOPE_TESTS_UI_STAND_H
#define LOOPSCOPE_TESTS_UI_STAND_H

#include "ui/painter.h"

static inline int open_painter(void **state) {
    Diags diags = {0};
    *state = painter_create(&diags);
    diags_finish(&diags);
    return *state == NULL ? -1 : 0;
}

static inline int close_painter(void **state) {
    painter_destroy(*state);
    return 0;
}

#endif
