/* "How to thaw it": while the loop is frozen, the line that keeps the thread and the line that
 * would not, below the code. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_THAW_H
#define LOOPSCOPE_VIEW_THAW_H

#include "view/parts.h"

typedef struct Thaw {
    const char *at;              /* the step */
    const char *keeps, *instead; /* lines of Python: the twin's, and the mended twin's */
} Thaw;

/* At the document's cursor; false where nothing is frozen, or nothing can be said. */
bool thaw_find(const ViewDoc *doc, Thaw *out);

/* Of the whole program, where there is just one such line; else false. */
bool thaw_only(const ViewDoc *doc, Thaw *out);

float thaw_height(const Canvas *canvas);
void thaw_draw(const Canvas *canvas, const Thaw *thaw, Rect box);

#endif
