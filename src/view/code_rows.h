/* The rows of the code pane: which line is at the top, and how far lines are apart. A listing may
 * have a million lines: nothing here walks further than the pane is high. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_CODE_ROWS_H
#define LOOPSCOPE_VIEW_CODE_ROWS_H

#include "view/code_line.h"

typedef struct CodeRows {
    const Listing *listing;
    CodeGrid grid;
    uint32_t shown; /* rows that the pane has room for */
} CodeRows;

/* The rows from line `from` to before line `to`; at least `most` where there are more. */
uint32_t code_rows_between(const CodeRows *rows, uint32_t from, uint32_t to, uint32_t most);

/* Whether all of it has room. */
bool code_rows_fit(const CodeRows *rows);

/* A step may take several lines of JSON, or a heading those before the first step. */
uint32_t code_rows_step_end(const CodeRows *rows, uint32_t line);

/* The line at the top where `line` is the current one (-1: none): everything where it fits, else
 * the current line with what stands around it, and the heading of its section where both can be
 * seen. */
uint32_t code_rows_top(const CodeRows *rows, int32_t line);

#endif
