#include "view/code_line.h"

#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

typedef struct Pen {
    const Canvas *canvas;
    CodeView view;
    bool current, heading, comment;
    float size_u, x, y;
} Pen;

static const char *const PYTHON_WORDS[] = {"async", "def",  "for",    "in",     "with",   "while",
                                           "if",    "else", "return", "import", "from",   "class",
                                           "None",  "True", "False",  "try",    "except", "finally",
                                           "raise", "as",   "pass"};

static bool is_python_word(const char *text, size_t length) {
    for (size_t i = 0; i < sizeof PYTHON_WORDS / sizeof PYTHON_WORDS[0]; i++) {
        if (strlen(PYTHON_WORDS[i]) == length && memcmp(PYTHON_WORDS[i], text, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_word_byte(char c) {
    return isalnum((unsigned char)c) || c == '_' || (c & 0x80) != 0;
}

/* The end of the token at `start`: blanks, a text in quotes, a word, or one sign. */
static size_t token_end(const char *text, size_t start, size_t size) {
    size_t end = start + 1;
    if (text[start] == '"') {
        while (end < size && text[end] != '"') {
            end += text[end] == '\\' && end + 1 < size ? 2 : 1;
        }
        return end < size ? end + 1 : size;
    }
    if (text[start] == ' ') {
        while (end < size && text[end] == ' ') {
            end++;
        }
    } else if (is_word_byte(text[start])) {
        while (end < size && is_word_byte(text[end])) {
            end++;
        }
    }
    return end;
}

static bool is_json_key(const char *text, size_t end, size_t size) {
    while (end < size && text[end] == ' ') {
        end++;
    }
    return end < size && text[end] == ':';
}

static void frame_draw(const Pen *pen, float width) {
    const Canvas *canvas = pen->canvas;
    const float u = canvas->u, size = pen->size_u * u * canvas->text_scale;
    scene_rect(canvas->scene,
               (Rect){pen->x - 3 * u, pen->y - size * 0.74f, width + 6 * u, size * 1.48f}, 4 * u,
               (Style){.stroke = pen->current ? canvas->theme->ink : canvas->theme->line2,
                       .stroke_px = 1.5f * u});
}

static void word_draw(Pen *pen, Font font, Color ink, const char *text, size_t size) {
    const Canvas *canvas = pen->canvas;
    pen->x += scene_text_n(canvas->scene, canvas->metrics, font,
                           pen->size_u * canvas->u * canvas->text_scale, ink, pen->x, pen->y,
                           ALIGN_LEFT, text, size);
}

static void await_draw(Pen *pen) {
    frame_draw(pen, canvas_width(pen->canvas, FONT_MONO_BOLD, pen->size_u, "await"));
    word_draw(pen, FONT_MONO_BOLD, pen->canvas->theme->ink, "await", 5);
}

typedef struct Look {
    Font font;
    Color ink;
} Look;

static bool is_await(const Pen *pen, const char *token, size_t length) {
    return pen->view == CODE_PYTHON && !pen->comment && length == 5 &&
           memcmp(token, "await", 5) == 0;
}

static Look token_look(const Pen *pen, const char *text, size_t start, size_t end, size_t size) {
    const Theme *theme = pen->canvas->theme;
    const char *token = text + start;
    const size_t length = end - start;
    Look look = {FONT_MONO, pen->current ? theme->ink : theme->ink2};
    if (pen->comment) {
        look.ink = pen->current ? theme->ink2 : theme->ink4;
        return look;
    }
    if (pen->view == CODE_PYTHON && is_python_word(token, length)) {
        look.ink = theme->ink3;
    } else if (pen->view == CODE_JSON && token[0] == '"' && is_json_key(text, end, size)) {
        look.ink = pen->current ? theme->ink : theme->ink2;
    } else if (token[0] == '"' || isdigit((unsigned char)token[0])) {
        look.ink = theme->ink;
    } else if (!is_word_byte(token[0])) {
        look.ink = pen->current ? theme->ink2 : theme->ink3;
    }
    if (pen->heading) {
        look.font = FONT_MONO_MEDIUM;
    }
    return look;
}

/* ---- rows ---- */

typedef struct Row {
    size_t start, end; /* bytes of the line's text */
} Row;

typedef struct Wrap {
    const char *text; /* of a step in words: what follows its name */
    size_t size;
    uint32_t indent, hang; /* columns: of the line, of rows below */
    Row rows[CODE_ROWS_MAX];
    uint32_t row_count;
    bool cut;
} Wrap;

/* A step in words: its name on the first row, the rest below. */
static bool is_named(const CodeGrid *grid, const ListingLine *line) {
    return grid->view == CODE_STEPS && line->at != NULL && !line->heading && line->text[0] != '#';
}

/* Behind blanks and what opens or goes on: "(", ",". */
static bool may_break(const char *text, size_t at) {
    return text[at - 1] == ' ' || (strchr("([{,", text[at - 1]) != NULL && text[at] != ' ' &&
                                   strchr(")]}", text[at]) == NULL);
}

static size_t row_end(const char *text, size_t start, size_t size, uint32_t columns) {
    size_t end = start, best = start;
    for (uint32_t i = 0; i < columns && end < size; i++) {
        uint32_t code;
        end += utf8_decode(text + end, size - end, &code, NULL);
        if (end < size && may_break(text, end)) {
            best = end;
        }
    }
    const bool is_far = best > start + (end - start) / 3; /* else most of the row would be empty */
    return end == size || !is_far ? end : best;
}

/* The rest of a line reaches into the margin a little rather than leave a row for "},". */
static size_t last_end(const Wrap *wrap, size_t start, uint32_t columns) {
    enum { OVER = 3 };
    const size_t left = utf8_count(wrap->text + start, wrap->size - start);
    return wrap->row_count > 0 && left <= columns + OVER ? wrap->size : 0;
}

bool code_line_is_comment(const CodeGrid *grid, const ListingLine *line) {
    return grid->view != CODE_JSON && line->text[0] == '#';
}

/* A question's answer is hidden until it was answered; where nobody has to, while it stands. */
static const char *line_text(const CodeGrid *grid, const ListingLine *line) {
    if (line->hidden == NULL || grid->doc == NULL) {
        return line->text;
    }
    const Log *log = grid->doc->log;
    if (grid->predict != NULL && grid->predict->phase != PREDICT_OFF) {
        return predict_knows(grid->predict, log, line->question) ? line->text : line->hidden;
    }
    const uint64_t count = state_count(grid->doc->after);
    const Event *event = count == 0 ? NULL : log_event(log, count - 1);
    const bool stands = event != NULL && event->kind == EV_STEP &&
                        strcmp(log_text(log, event->text, NULL), line->question) == 0;
    return stands ? line->hidden : line->text;
}

/* Where the words begin that are wrapped: behind a step's name, or the sign of a comment. */
static size_t words_begin(const CodeGrid *grid, const ListingLine *line, const char *text) {
    if (is_named(grid, line)) {
        const size_t name = strcspn(text, " ");
        return name + strspn(text + name, " ");
    }
    return grid->view == CODE_STEPS && code_line_is_comment(grid, line) ? 1 + strspn(text + 1, " ")
                                                                        : 0;
}

static void wrap_make(Wrap *wrap, const CodeGrid *grid, const ListingLine *line) {
    enum { TIME_COLUMNS = 8 }; /* beside a step that may pause: for how long it did */
    const bool in_words = grid->view == CODE_STEPS;
    const uint32_t levels = line->indent - (in_words && line->indent > 0 && !line->heading);
    const uint32_t indent = levels * (grid->view == CODE_PYTHON ? 4 : 2);
    const uint32_t most = grid->columns / 2; /* a deep block keeps room for its text */
    const char *text = line_text(grid, line);
    wrap->text = text + words_begin(grid, line, text);
    wrap->size = strlen(wrap->text);
    wrap->indent = indent < most ? indent : most;
    wrap->hang = wrap->indent + (in_words ? 0 : 2);
    wrap->row_count = 0;
    const bool timed = is_named(grid, line) && line->awaits;
    uint32_t columns = grid->columns - wrap->indent;
    columns = timed && columns > 2 * TIME_COLUMNS ? columns - TIME_COLUMNS : columns;
    size_t start = 0;
    do {
        const size_t rest = last_end(wrap, start, columns);
        const size_t end = rest > 0 ? rest : row_end(wrap->text, start, wrap->size, columns);
        wrap->rows[wrap->row_count++] = (Row){start, end};
        start = end;
        columns = grid->columns - wrap->hang;
    } while (start < wrap->size && wrap->row_count < grid->rows_max);
    wrap->cut = start < wrap->size;
}

/* The rows below a step's name; none where its name says it all and nothing stands beside it. */
static uint32_t below_name(const CodeGrid *grid, const ListingLine *line, const Wrap *wrap) {
    const uint32_t rows = wrap->size == 0 ? (uint32_t)line->awaits : wrap->row_count;
    return rows + 1 > grid->rows_max && grid->rows_max > 1 ? grid->rows_max - 1 : rows;
}

#define WORDS_SMALLER_U 1.5f /* than the name above them */

float code_column_px(const Canvas *canvas, CodeView view, float size_u) {
    static const char LIKE[] = "The task runs until it has to wait";
    if (view != CODE_STEPS) {
        return canvas_width(canvas, FONT_MONO, size_u, "0");
    }
    const float width = canvas_width(canvas, FONT_REGULAR, size_u - WORDS_SMALLER_U, LIKE);
    return 1.08f * width / (float)(sizeof LIKE - 1);
}

uint32_t code_line_rows(const CodeGrid *grid, const ListingLine *line) {
    if (grid->view == CODE_STEPS && line->heading) {
        return 1;
    }
    Wrap wrap;
    wrap_make(&wrap, grid, line);
    return is_named(grid, line) ? 1 + below_name(grid, line, &wrap) : wrap.row_count;
}

float code_line_middle(const CodeGrid *grid, const ListingLine *line) {
    return is_named(grid, line) && code_line_rows(grid, line) > 1 ? 0.5f : 0;
}

/* ---- drawing ---- */

/* Where a row of the line begins. */
static void row_begin(Pen *pen, const CodeGrid *grid, const Wrap *wrap, float left) {
    pen->x = left + grid->column_px * (float)wrap->hang;
    pen->y += grid->pitch_px;
}

/* The tokens are those of the whole line, however it is broken. Returns the first row's end. */
static float rows_draw(Pen *pen, const CodeGrid *grid, const Wrap *wrap, float left) {
    const char *text = wrap->text;
    const size_t size = wrap->rows[wrap->row_count - 1].end;
    float first_end = pen->x;
    uint32_t row = 0;
    for (size_t start = 0, end; start < size; start = end) {
        end = token_end(text, start, wrap->size);
        const Look look = token_look(pen, text, start, end, wrap->size);
        for (size_t at = start, stop; at < end && at < size; at = stop) {
            if (at == wrap->rows[row].end) {
                row_begin(pen, grid, wrap, left);
                row++;
            }
            stop = end < wrap->rows[row].end ? end : wrap->rows[row].end;
            if (is_await(pen, text + at, stop - at)) {
                await_draw(pen);
            } else {
                word_draw(pen, look.font, look.ink, text + at, stop - at);
            }
            first_end = row == 0 ? pen->x : first_end;
        }
    }
    if (wrap->cut) {
        word_draw(pen, FONT_MONO, pen->canvas->theme->ink3, "…", strlen("…"));
    }
    return first_end;
}

/* A row of a step's words; the last of the rows that are shown may be cut. */
static void words_draw(const Canvas *canvas, const CodeGrid *grid, const Wrap *wrap, uint32_t row,
                       uint32_t rows, Color ink, float x, float y) {
    Buf text = {0};
    const Row part = wrap->rows[row];
    buf_append(&text, wrap->text + part.start, part.end - part.start);
    const bool cut = row + 1 == rows && (wrap->cut || rows < wrap->row_count);
    if (cut) {
        buf_append_text(&text, "…");
    }
    const float room = grid->column_px * (float)(grid->columns - wrap->indent + 2);
    canvas_name_fit(canvas, FONT_REGULAR, grid->size_u - WORDS_SMALLER_U, ink, x, y, ALIGN_LEFT,
                    room, buf_text(&text));
    buf_finish(&text);
}

/* In words: the name, and what it is about below it. Returns the name's end. */
static float step_draw(const Canvas *canvas, const CodeGrid *grid, const ListingLine *line,
                       const Wrap *wrap, const CodeLook *look, float x, float y) {
    const Theme *theme = canvas->theme;
    const float pitch = grid->pitch_px;
    x += grid->column_px * (float)wrap->indent;
    if (!is_named(grid, line)) {
        for (uint32_t row = 0; row < wrap->row_count; row++) {
            words_draw(canvas, grid, wrap, row, wrap->row_count,
                       look->current ? theme->ink2 : theme->ink3, x, y + pitch * (float)row);
        }
        return x + grid->column_px * (float)(wrap->rows[0].end - wrap->rows[0].start);
    }
    const char *text = line_text(grid, line);
    Buf name = {0};
    buf_append(&name, text, strcspn(text, " "));
    const uint32_t rows = wrap->size == 0 ? 0 : below_name(grid, line, wrap);
    const float end =
        x + canvas_text(canvas, FONT_SEMIBOLD, grid->size_u + 0.5f,
                        look->current || look->done ? theme->ink : theme->ink2, x,
                        y + (rows > 0 ? 0.1f * pitch : 0), ALIGN_LEFT, buf_text(&name));
    for (uint32_t row = 0; row < rows; row++) {
        words_draw(canvas, grid, wrap, row, rows, look->current ? theme->ink2 : theme->ink3, x,
                   y + pitch * (0.88f + 0.86f * (float)row));
    }
    buf_finish(&name);
    return end;
}

float code_line_draw(const Canvas *canvas, const CodeGrid *grid, const ListingLine *line,
                     const CodeLook *look, float x, float y) {
    Wrap wrap;
    wrap_make(&wrap, grid, line);
    Pen pen = {.canvas = canvas,
               .view = grid->view,
               .current = look->current,
               .comment = code_line_is_comment(grid, line),
               .size_u = grid->size_u,
               .x = x + grid->column_px * (float)wrap.indent,
               .y = y};
    if (grid->view != CODE_STEPS) {
        pen.heading = line->heading;
        return rows_draw(&pen, grid, &wrap, x);
    }
    if (line->heading) {
        return pen.x + canvas_text_fit(canvas, FONT_SEMIBOLD, grid->size_u, canvas->theme->ink,
                                       pen.x, y, ALIGN_LEFT, grid->column_px * (float)grid->columns,
                                       line->text);
    }
    return step_draw(canvas, grid, line, &wrap, look, x, y);
}
