/* Texts with placeholders, and paths. */
#include "scenario/compile.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { PLACEHOLDERS_MAX = 1 << 22 }; /* of a whole file */

/* A text that is being taken apart. */
typedef struct Pieces {
    Compiler *compiler;
    Value value;
    ScanPlace place; /* of the byte at hand, in the file */
    Piece *items;
    size_t count, cap;
    Buf literal;  /* gathers what stands between placeholders */
    char **owned; /* texts of finished literals */
    size_t owned_count, owned_cap;
} Pieces;

static void pieces_add(Pieces *pieces, Piece piece) {
    Compiler *compiler = pieces->compiler;
    compiler->placeholder_count += piece.kind == PIECE_TEXT ? 0 : 1;
    if (compiler->placeholder_count > PLACEHOLDERS_MAX && !compiler->is_full) {
        compiler->is_full = true;
        diag_set_expected(mistake_value(compiler->reader, pieces->value, "too many placeholders"),
                          "at most 4,194,304 placeholders in a file");
    }
    if (!compiler->is_full) {
        pieces->items =
            mem_grow(pieces->items, &pieces->cap, pieces->count + 1, sizeof *pieces->items);
        pieces->items[pieces->count++] = piece;
    }
}

static void pieces_flush(Pieces *pieces) {
    Buf *literal = &pieces->literal;
    if (literal->size_bytes == 0 || pieces->compiler->is_full) {
        return;
    }
    pieces->owned =
        mem_grow(pieces->owned, &pieces->owned_cap, pieces->owned_count + 1, sizeof *pieces->owned);
    char *copy = mem_copy_text(literal->data, literal->size_bytes);
    pieces->owned[pieces->owned_count++] = copy;
    pieces_add(pieces, (Piece){.kind = PIECE_TEXT, .text = copy, .length = literal->size_bytes});
    buf_clear(literal);
}

static void pieces_finish(Pieces *pieces) {
    for (size_t i = 0; i < pieces->owned_count; i++) {
        free(pieces->owned[i]);
    }
    free(pieces->owned);
    free(pieces->items);
    buf_finish(&pieces->literal);
}

/* The place in the file of byte `at` of the text's value; `at` only grows. */
static uint32_t place_of(Pieces *pieces, size_t at) {
    scan_place_move(&pieces->place, pieces->compiler->reader->parsed, at);
    return pieces->place.at;
}

static void mistake_brace(Pieces *pieces, size_t at, const char *message) {
    Diag *diag =
        mistake_at(pieces->compiler->reader, pieces->value, place_of(pieces, at), "%s", message);
    diag_set_expected(diag, "{task}, {i} or the {NAME} of a variable; {{ and }} for braces");
}

/* The placeholder `name` whose brace stands at `at`. */
static void take_placeholder(Pieces *pieces, size_t at, const char *name) {
    Compiler *compiler = pieces->compiler;
    if (strcmp(name, "task") == 0) {
        pieces_add(pieces, (Piece){.kind = PIECE_TASK});
    } else if (strcmp(name, "i") == 0) {
        pieces_add(pieces, (Piece){.kind = compiler->loops > 0 ? PIECE_LOOP : PIECE_COPY});
    } else if (strcmp(name, "error") == 0) {
        if (compiler->excepts == 0) {
            mistake_brace(pieces, at, "the placeholder {error} stands inside \"except\" alone");
        }
        pieces_add(pieces, (Piece){.kind = PIECE_ERROR});
    } else if (!is_name(name)) {
        mistake_brace(pieces, at,
                      "a placeholder holds a name; literal braces are written {{ and }}");
    } else {
        const uint32_t index = program_add_name(compiler->builder, name);
        scope_use_placeholder(compiler, index, pieces->value, place_of(pieces, at));
        pieces_add(pieces, (Piece){.kind = PIECE_NAME, .name = index});
    }
}

/* At an opening brace: returns how many bytes it took. */
static size_t open_brace(Pieces *pieces, const char *text, size_t at) {
    if (text[at + 1] == '{') {
        buf_append_char(&pieces->literal, '{');
        return 2;
    }
    const size_t length = strcspn(text + at + 1, "{}");
    if (text[at + 1 + length] != '}') {
        mistake_brace(pieces, at, "this { has no }; a literal brace is written {{");
        return 1 + length;
    }
    char *name = mem_copy_text(text + at + 1, length);
    pieces_flush(pieces);
    take_placeholder(pieces, at, name);
    free(name);
    return length + 2;
}

uint32_t text_compile(Compiler *compiler, Value value) {
    const char *text = value.json->valuestring;
    Pieces pieces = {.compiler = compiler, .value = value};
    pieces.place = scan_place_begin(&compiler->reader->scan.nodes[value.node]);
    for (size_t at = 0;
         text[at] != '\0' && !compiler->is_full && !reader_is_full(compiler->reader);) {
        if (text[at] == '{') {
            at += open_brace(&pieces, text, at);
        } else if (text[at] == '}' && text[at + 1] != '}') {
            mistake_brace(&pieces, at, "this } has no {; a literal brace is written }}");
            at++;
        } else {
            const size_t run = text[at] == '}' ? 1 : strcspn(text + at, "{}");
            buf_append(&pieces.literal, text + at, run);
            at += text[at] == '}' ? 2 : run;
        }
    }
    pieces_flush(&pieces);
    const uint32_t index =
        program_add_template(compiler->builder, pieces.items, (uint32_t)pieces.count);
    pieces_finish(&pieces);
    return index;
}

/* Whether a component holds a variable, which may be anything: nothing, or several folders. */
static bool holds_variable(const char *component, size_t length) {
    for (size_t at = 0; at < length; at++) {
        if (component[at] != '{') {
            continue;
        }
        const char *name = component + at + 1;
        if (*name == '{') {
            at++;
        } else if (strncmp(name, "task}", 5) != 0 && strncmp(name, "i}", 2) != 0) {
            return true;
        }
    }
    return false;
}

/* Looks at the path as far as the text shows it; the rest is the run's. */
void text_check_path(Compiler *compiler, Value value) {
    const char *path = value.json->valuestring;
    const char *problem = NULL;
    if (path[0] == '\0') {
        problem = "a path may not be empty";
    } else if (path[0] == '/') {
        problem = "an absolute path leaves the workspace";
    }
    size_t depth = 0;
    for (const char *at = path; problem == NULL && *at != '\0';) {
        const size_t length = strcspn(at, "/");
        if (holds_variable(at, length)) {
            break;
        }
        const bool is_up = length == 2 && memcmp(at, "..", 2) == 0;
        if (is_up && depth == 0) {
            problem = "this path leaves the workspace";
        } else if (is_up) {
            depth--;
        } else if (length > 0 && !(length == 1 && at[0] == '.')) {
            depth++;
        }
        at += length + (at[length] == '/' ? 1 : 0);
    }
    if (problem != NULL) {
        diag_set_expected(mistake_value(compiler->reader, value, "%s", problem),
                          "a relative path that stays below the workspace");
    }
}
