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

/* A column's width: of a letter of code; in the view of steps, which is in words, about that. */
float code_column_px(const Canvas *canvas, CodeView view, float size_u);

/* How many rows the line takes, at least 1. In the view of steps a step has its name on the first
 * row and what it is about below. */
uint32_t code_line_rows(const CodeGrid *grid, const ListingLine *line);

/* The middle of its name and the row below, in rows from the first row's middle. */
float code_line_middle(const CodeGrid *grid, const ListingLine *line);

bool code_line_is_comment(const CodeGrid *grid, const ListingLine *line);

/* Where the shown task stands to the line. */
typedef struct CodeLook {
    bool current, done;
} CodeLook;

/* Draws the line with its indent from x; y is the middle of its first row, and the rows below hang.
 * In Python the word `await` is framed. Returns where the first row's text ends. */
float code_line_draw(const Canvas *canvas, const CodeGrid *grid, const ListingLine *line,
                     const CodeLook *look, float x, float y);

#endif
