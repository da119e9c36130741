/* One line of code: its words in their looks, on as many rows as it needs. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_CODE_LINE_H
#define LOOPSCOPE_VIEW_CODE_LINE_H

#include "view/parts.h"

enum { CODE_ROWS_MAX = 64 }; /* of a line */

/* The room that lines have: the same for all of them, whoever stands there, so that nothing
 * reflows while tasks move. */
typedef struct CodeGrid {
    const ViewDoc *doc;     /* with its cursor, and */
    const Predict *predict; /* whether it asks: what may be seen; NULL: all of it */
    CodeView view;
    float size_u; /* of the text */
    float column_px, pitch_px;
    uint32_t columns;  /* of a row */
    uint32_t rows_max; /* of a line: with more it would be higher than the pane */
} CodeGrid;

/* How many rows the line takes, at least 1. */
uint32_t code_line_rows(const CodeGrid *grid, const ListingLine *line);

/* Draws the line with its indent from x; y is the middle of its first row, and the rows below hang.
 * The word `await` is framed: in Python where it stands, in steps before one that may pause the
 * task. Returns where the first row's text ends. */
float code_line_draw(const Canvas *canvas, const CodeGrid *grid, const ListingLine *line,
                     bool current, float x, float y);

#endif
