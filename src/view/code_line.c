#include "view/code_line.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct Pen {
    const Canvas *canvas;
    CodeView view;
    bool current, heading, comment;
    float size_u, x, y;
    size_t words; /* drawn so far */
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
    pen->words++;
}

static void await_draw(Pen *pen) {
    frame_draw(pen, canvas_width(pen->canvas, FONT_MONO_BOLD, pen->size_u, "await"));
    word_draw(pen, FONT_MONO_BOLD, pen->canvas->theme->ink, "await", 5);
}

static void token_draw(Pen *pen, const char *text, size_t start, size_t end, size_t size) {
    const Theme *theme = pen->canvas->theme;
    const char *token = text + start;
    const size_t length = end - start;
    Font font = FONT_MONO;
    Color ink = pen->current ? theme->ink : theme->ink2;
    if (token[0] == ' ') {
        word_draw(pen, font, ink, token, length);
        pen->words--;
        return;
    }
    if (pen->comment) {
        word_draw(pen, font, pen->current ? theme->ink2 : theme->ink4, token, length);
        return;
    }
    if (pen->view == CODE_PYTHON && length == 5 && memcmp(token, "await", 5) == 0) {
        await_draw(pen);
        return;
    }
    if (pen->view == CODE_PYTHON && is_python_word(token, length)) {
        ink = theme->ink3;
    } else if (pen->view == CODE_JSON && token[0] == '"' && is_json_key(text, end, size)) {
        ink = pen->current ? theme->ink : theme->ink2;
    } else if (token[0] == '"' || (pen->view != CODE_STEPS && isdigit((unsigned char)token[0]))) {
        ink = theme->ink;
    } else if (pen->view == CODE_STEPS && pen->words == 0) {
        ink = theme->ink;
        font = FONT_MONO_MEDIUM;
    } else if (pen->view != CODE_STEPS && !is_word_byte(token[0])) {
        ink = pen->current ? theme->ink2 : theme->ink3;
    }
    if (pen->heading) {
        font = FONT_MONO_MEDIUM;
    }
    word_draw(pen, font, ink, token, length);
}

/* As many code points as fit, an ellipsis in the place of the last where there are more. */
static char *cut_text(const Canvas *canvas, float size_u, const char *text, float max_px) {
    static const char ELLIPSIS[] = "…";
    const float column = canvas_width(canvas, FONT_MONO, size_u, "0");
    const size_t size = strlen(text);
    const size_t room = max_px > column ? (size_t)(max_px / column) : 1;
    if (utf8_count(text, size) <= room) {
        return mem_copy_text(text, size);
    }
    size_t used = 0;
    for (size_t i = 0; i + 1 < room; i++) {
        uint32_t code;
        used += utf8_decode(text + used, size - used, &code, NULL);
    }
    char *cut = mem_alloc(used + sizeof ELLIPSIS, 1);
    memcpy(cut, text, used);
    memcpy(cut + used, ELLIPSIS, sizeof ELLIPSIS);
    return cut;
}

void code_line_draw(const Canvas *canvas, CodeView view, const ListingLine *line, bool current,
                    float size_u, float x, float right, float y) {
    const float column = canvas_width(canvas, FONT_MONO, size_u, "0");
    const float indent = column * (view == CODE_PYTHON ? 4 : 2) * (float)line->indent;
    Pen pen = {.canvas = canvas,
               .view = view,
               .current = current,
               .heading = line->heading,
               .size_u = size_u,
               .x = x + indent,
               .y = y};
    const bool says_await = strncmp(line->text, "await ", 6) == 0; /* the step of that name */
    if (view == CODE_STEPS && line->awaits) {
        pen.x += 3 * canvas->u;
        await_draw(&pen);
        pen.x += column;
        pen.words = says_await ? 1 : 0;
    }
    if (view == CODE_STEPS && line->heading) {
        canvas_text_fit(canvas, FONT_SEMIBOLD, size_u, canvas->theme->ink, pen.x, y, ALIGN_LEFT,
                        right - pen.x, line->text);
        return;
    }
    const char *words =
        view == CODE_STEPS && line->awaits && says_await ? line->text + 6 : line->text;
    char *text = cut_text(canvas, size_u, words, right - pen.x);
    const size_t size = strlen(text);
    pen.comment = view != CODE_JSON && text[0] == '#';
    for (size_t start = 0; start < size;) {
        const size_t end = token_end(text, start, size);
        token_draw(&pen, text, start, end, size);
        start = end;
    }
    free(text);
}
