/* One line of code: its words in their looks, cut where it is too long. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_CODE_LINE_H
#define LOOPSCOPE_VIEW_CODE_LINE_H

#include "view/parts.h"

/* Draws the line with its indent from x; nothing reaches beyond `right`. The word `await` is
 * framed: in Python where it stands, in steps before a step that may pause the task. */
void code_line_draw(const Canvas *canvas, CodeView view, const ListingLine *line, bool current,
                    float size_u, float x, float right, float y);

#endif
