/* Texts with placeholders, and paths. */
#include "scenario/compile.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

typedef struct Pieces {
    Piece *items;
    size_t count, cap;
    Buf literal;  /* gathers what stands between placeholders */
    char **owned; /* texts of finished literals */
    size_t owned_count, owned_cap;
} Pieces;

static void pieces_add(Pieces *pieces, Piece piece) {
    pieces->items = mem_grow(pieces->items, &pieces->cap, pieces->count + 1, sizeof *pieces->items);
    pieces->items[pieces->count++] = piece;
}

static void pieces_flush(Pieces *pieces) {
    Buf *literal = &pieces->literal;
    if (literal->size_bytes == 0) {
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

/* The place in the file of byte `at` of a text's value. */
static uint32_t text_place(const Compiler *compiler, Value value, size_t at) {
    const Reader *reader = compiler->reader;
    return scan_string_place(reader->text, reader->scan.nodes[value.node].start, at);
}

static void mistake_placeholder(Compiler *compiler, Value value, size_t at, const char *message) {
    Diag *diag = mistake_at(compiler->reader, text_place(compiler, value, at), "%s", message);
    diag_set_expected(diag, "{task}, {i}, {NAME} of a variable, or {{ and }} for braces");
}

/* The placeholder between the braces at `at`. */
static void placeholder(Compiler *compiler, Value value, size_t at, const char *name,
                        Pieces *pieces) {
    if (strcmp(name, "task") == 0) {
        pieces_add(pieces, (Piece){.kind = PIECE_TASK});
    } else if (strcmp(name, "i") == 0) {
        pieces_add(pieces, (Piece){.kind = compiler->loops > 0 ? PIECE_LOOP : PIECE_COPY});
    } else if (strcmp(name, "error") == 0) {
        mistake_placeholder(compiler, value, at,
                            "the placeholder {error} has a meaning inside \"except\" alone");
    } else if (!is_name(name)) {
        mistake_placeholder(compiler, value, at,
                            "a placeholder holds a name; literal braces are written {{ and }}");
    } else {
        const uint32_t index = program_add_name(compiler->builder, name);
        scope_use(compiler, index, NAME_VARIABLE, text_place(compiler, value, at));
        pieces_add(pieces, (Piece){.kind = PIECE_NAME, .name = index});
    }
}

/* At an opening brace: returns how many bytes it took. */
static size_t open_brace(Compiler *compiler, Value value, const char *text, size_t at,
                         Pieces *pieces) {
    if (text[at + 1] == '{') {
        buf_append_char(&pieces->literal, '{');
        return 2;
    }
    const char *end = strpbrk(text + at + 1, "{}");
    if (end == NULL || *end == '{') {
        mistake_placeholder(compiler, value, at, "this { has no }; a literal brace is written {{");
        return 1;
    }
    const size_t length = (size_t)(end - text) - at - 1;
    char *name = mem_copy_text(text + at + 1, length);
    pieces_flush(pieces);
    placeholder(compiler, value, at, name, pieces);
    free(name);
    return length + 2;
}

uint32_t text_compile(Compiler *compiler, Value value, const char *text) {
    Pieces pieces = {0};
    for (size_t at = 0; text[at] != '\0';) {
        if (text[at] == '{') {
            at += open_brace(compiler, value, text, at, &pieces);
        } else if (text[at] == '}' && text[at + 1] != '}') {
            mistake_placeholder(compiler, value, at,
                                "this } has no {; a literal brace is written }}");
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

void text_check_path(Compiler *compiler, Value value, const char *path) {
    static const char RULE[] = "a relative path that stays below the workspace";
    const char *problem = NULL;
    if (path[0] == '\0') {
        problem = "a path may not be empty";
    } else if (path[0] == '/') {
        problem = "an absolute path leaves the workspace";
    }
    int depth = 0;
    for (const char *at = path; problem == NULL && *at != '\0';) {
        const size_t length = strcspn(at, "/");
        if (length == 2 && memcmp(at, "..", 2) == 0) {
            depth--;
        } else if (length > 0 && !(length == 1 && at[0] == '.')) {
            depth++;
        }
        if (depth < 0) {
            problem = "this path leaves the workspace";
        }
        at += length + (at[length] == '/' ? 1 : 0);
    }
    if (problem != NULL) {
        diag_set_expected(mistake_value(compiler->reader, value, "%s", problem), "%s", RULE);
    }
}
