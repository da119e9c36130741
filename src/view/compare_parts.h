/* What the files of the screen of two runs share. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_COMPARE_PARTS_H
#define LOOPSCOPE_VIEW_COMPARE_PARTS_H

#include "view/compare.h"
#include "view/compare_words.h"
#include "view/controls.h"

typedef struct CompareLayout {
    Layout main; /* u, the top bar, the transport */
    Rect verdict;
    Rect head[COMPARE_RUNS], pane[COMPARE_RUNS], side[COMPARE_RUNS];
} CompareLayout;

/* What a run came to: its total, the loop's, and a bar a task. canvas->doc is its own, or NULL. */
void compare_side_draw(const Canvas *canvas, const CompareInput *compare, size_t run, Rect box);

#endif
