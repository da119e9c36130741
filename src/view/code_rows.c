#include "view/code_rows.h"

static uint32_t rows_of(const CodeRows *rows, uint32_t line) {
    return code_line_rows(&rows->grid, &rows->listing->lines[line]);
}

uint32_t code_rows_between(const CodeRows *rows, uint32_t from, uint32_t to, uint32_t most) {
    uint32_t count = 0;
    for (uint32_t line = from; line < to && count < most; line++) {
        count += rows_of(rows, line);
    }
    return count;
}

bool code_rows_fit(const CodeRows *rows) {
    return code_rows_between(rows, 0, rows->listing->count, rows->shown + 1) <= rows->shown;
}

uint32_t code_rows_step_end(const CodeRows *rows, uint32_t line) {
    const Listing *listing = rows->listing;
    const uint32_t indent = listing->lines[line].indent;
    uint32_t end = line + 1;
    while (end < listing->count && listing->lines[end].at == NULL &&
           listing->lines[end].indent > indent) {
        end++;
    }
    const bool closes = end > line + 1 && end < listing->count && listing->lines[end].at == NULL &&
                        listing->lines[end].text[0] == '}';
    return end + closes;
}

/* The first line from which on `line`, at `end`'s place or before, is at most `most` rows away. */
static uint32_t line_above(const CodeRows *rows, uint32_t end, uint32_t most) {
    uint32_t line = end;
    for (uint32_t count = 0; line > 0; line--) {
        count += rows_of(rows, line - 1);
        if (count > most) {
            break;
        }
    }
    return line;
}

uint32_t code_rows_top(const CodeRows *rows, int32_t line) {
    const uint32_t last = line_above(rows, rows->listing->count, rows->shown);
    if (last == 0 || line < 0) {
        return 0;
    }
    const uint32_t current = (uint32_t)line, end = code_rows_step_end(rows, current);
    uint32_t top = listing_section(rows->listing, current);
    if (code_rows_between(rows, top, end, rows->shown + 1) > rows->shown) {
        const uint32_t high = code_rows_between(rows, current, end, rows->shown);
        const uint32_t above = rows->shown * 6 / 10;
        const uint32_t left = high < rows->shown ? rows->shown - high : 0;
        top = line_above(rows, current, above < left ? above : left);
    }
    top = top < last ? top : last;
    while (top < current && rows->listing->lines[top].text[0] == '\0') {
        top++; /* no blank line at the top */
    }
    return top;
}
