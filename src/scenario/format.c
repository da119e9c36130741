/* The format in short, for who has just made a mistake in it: from the tables that files are read
 * with, so that it says neither more nor less than they take. */
#include "scenario/compile.h"
#include "scenario/scenario.h"

#include "base/buf.h"

static void add_line(Listing *out, const Buf *text, bool awaits, bool heading) {
    listing_add(out, buf_text(text), text->size_bytes, heading ? 0 : 1, NULL, awaits, heading);
}

static void add_heading(Listing *out, const char *words) {
    Buf text = {0};
    buf_append_text(&text, words);
    add_line(out, &text, false, true);
    buf_finish(&text);
}

static void append_options(Buf *text, const char *const *options, const char *form) {
    for (size_t i = 0; i < STEP_OPTIONS_MAX && options[i] != NULL; i++) {
        buf_append_char(text, ' ');
        buf_append_char(text, form[0]);
        buf_append_text(text, options[i]);
        buf_append_char(text, form[1]);
    }
}

void scenario_list_format(Listing *out) {
    add_heading(out, "A scenario has");
    for (size_t i = 0; load_key(i) != NULL; i++) {
        Buf text = {0};
        buf_append_text(&text, load_key(i));
        add_line(out, &text, false, false);
        buf_finish(&text);
    }
    add_heading(out, "A step is one of, with options");
    for (size_t i = 0; i < STEP_ROW_COUNT; i++) {
        Buf text = {0};
        buf_append_text(&text, STEP_ROWS[i].verb);
        append_options(&text, STEP_ROWS[i].required, "\"\"");
        append_options(&text, STEP_ROWS[i].optional, "[]");
        add_line(out, &text, STEP_ROWS[i].awaits, false);
        buf_finish(&text);
    }
}
