/* Texts: templates filled in, and the two forms in which Python shows and reads them. */
#include "loop/loop_impl.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <string.h>

/* ---- templates ---- */

static uint64_t loop_index(Task *task) {
    const uint64_t *frames = task_frames(task);
    for (uint32_t i = task->frame_count; i > 0; i--) {
        if (frame_kind(frames[i - 1]) == FRAME_REPEAT) {
            return frame_value(frames[i - 1]);
        }
    }
    ASSERT(false); /* the compiler saw a repeat around this text */
    return 0;
}

/* What str() gives of the error that the innermost "except" handles. */
static const Error *piece_error(const Loop *loop, Task *task) {
    const uint64_t *frames = task_frames(task);
    uint32_t i = task->frame_count;
    while (i > 0 && frame_kind(frames[i - 1]) != FRAME_HANDLING) {
        i--;
    }
    ASSERT(i > 0); /* the compiler saw an "except" around this text */
    return &loop->errors[frame_value(frames[i - 1])];
}

static uint64_t digits_of(uint64_t value) {
    uint64_t digits = 1;
    for (; value >= 10; value /= 10) {
        digits++;
    }
    return digits;
}

static uint64_t piece_index(Task *task, const Piece *piece) {
    if (piece->kind == PIECE_LOOP) {
        return loop_index(task);
    }
    return task->is_copy ? task->number : 0;
}

static uint64_t name_length(const Loop *loop, const Task *task) {
    const uint64_t base = strlen(loop->bases[task->base].text);
    return task->number == NONE ? base : base + 1 + digits_of(task->number);
}

static const NameSlot *piece_variable(const Task *task, const Piece *piece) {
    const NameSlot *slot = loop_names_find(task, piece->name);
    return slot != NULL && slot->kind == NAME_TEXT ? slot : NULL;
}

uint64_t loop_text_measure(const Loop *loop, Task *task, uint32_t template, uint32_t *unset) {
    const Template *all = &loop->program->templates[template];
    uint64_t length = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        const Piece *piece = &loop->program->pieces[all->first + i];
        switch (piece->kind) {
        case PIECE_TEXT:
            length += piece->length;
            break;
        case PIECE_TASK:
            length += name_length(loop, task);
            break;
        case PIECE_LOOP:
        case PIECE_COPY:
            length += digits_of(piece_index(task, piece));
            break;
        case PIECE_NAME: {
            const NameSlot *slot = piece_variable(task, piece);
            if (slot == NULL) {
                *unset = piece->name;
                return UINT64_MAX;
            }
            length += slot->length;
            break;
        }
        case PIECE_ERROR:
            length += piece_error(loop, task)->length;
            break;
        }
    }
    return length;
}

static void append_piece(Loop *loop, Task *task, const Piece *piece) {
    Buf *out = &loop->scratch;
    switch (piece->kind) {
    case PIECE_TEXT:
        buf_append(out, piece->text, piece->length);
        break;
    case PIECE_TASK:
        loop_task_name(loop, task->base, task->number, out);
        break;
    case PIECE_LOOP:
    case PIECE_COPY:
        buf_append_u64(out, piece_index(task, piece));
        break;
    case PIECE_NAME: {
        const NameSlot *slot = piece_variable(task, piece);
        ASSERT(slot != NULL);
        buf_append(out, slot->at.text, slot->length);
        break;
    }
    case PIECE_ERROR: {
        const Error *error = piece_error(loop, task);
        buf_append(out, error->text, error->length);
        break;
    }
    }
}

Text loop_text_expand(Loop *loop, Task *task, uint32_t template) {
    const Template *all = &loop->program->templates[template];
    const Piece *pieces = &loop->program->pieces[all->first];
    if (loop->scratch.cap_bytes > SCRATCH_KEPT_BYTES) {
        buf_finish(&loop->scratch);
    }
    buf_clear(&loop->scratch);
    for (uint32_t i = 0; i < all->count; i++) {
        append_piece(loop, task, &pieces[i]);
    }
    return (Text){.data = buf_text(&loop->scratch), .length = loop->scratch.size_bytes};
}

char *loop_text_keep(Loop *loop, const char *text, size_t length) {
    if (length <= SCRATCH_KEPT_BYTES || text != loop->scratch.data) {
        return mem_copy_text(text, length);
    }
    char *kept = loop->scratch.data;
    loop->scratch = (Buf){0};
    return kept;
}

/* ---- repr ---- */

typedef struct CodeRange {
    uint32_t first, last;
} CodeRange;

/* What str.isprintable() refuses (Unicode's categories Cc, Cf, Zs but for the space, Zl, Zp, Co),
 * as far as names of files may reasonably have it. */
static const CodeRange UNPRINTABLE[] = {
    {0x00, 0x1F},     {0x7F, 0xA0},     {0xAD, 0xAD},       {0x600, 0x605},      {0x61C, 0x61C},
    {0x6DD, 0x6DD},   {0x70F, 0x70F},   {0x1680, 0x1680},   {0x180E, 0x180E},    {0x2000, 0x200F},
    {0x2028, 0x202F}, {0x205F, 0x206F}, {0x3000, 0x3000},   {0xD800, 0xF8FF},    {0xFEFF, 0xFEFF},
    {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE007F}, {0xF0000, 0x10FFFF},
};

static bool is_printable(uint32_t code) {
    for (size_t i = 0; i < sizeof UNPRINTABLE / sizeof UNPRINTABLE[0]; i++) {
        if (code >= UNPRINTABLE[i].first && code <= UNPRINTABLE[i].last) {
            return false;
        }
    }
    return true;
}

static void append_escaped(Buf *out, uint32_t code) {
    if (code == '\n' || code == '\r' || code == '\t') {
        buf_append_text(out, code == '\n' ? "\\n" : code == '\r' ? "\\r" : "\\t");
    } else if (code <= 0xFF) {
        buf_printf(out, "\\x%02x", (unsigned)code);
    } else if (code <= 0xFFFF) {
        buf_printf(out, "\\u%04x", (unsigned)code);
    } else {
        buf_printf(out, "\\U%08x", (unsigned)code);
    }
}

void loop_text_append_repr(Buf *out, const char *text, size_t length) {
    const bool has_single = length > 0 && memchr(text, '\'', length) != NULL;
    const bool has_double = length > 0 && memchr(text, '"', length) != NULL;
    const char quote = has_single && !has_double ? '"' : '\'';
    buf_append_char(out, quote);
    for (size_t i = 0; i < length;) {
        uint32_t code = 0;
        const size_t used = utf8_decode(text + i, length - i, &code, NULL);
        if (code == (unsigned char)quote || code == '\\') {
            buf_append_char(out, '\\');
            buf_append_char(out, (char)code);
        } else if (is_printable(code)) {
            buf_append(out, text + i, used);
        } else {
            append_escaped(out, code);
        }
        i += used;
    }
    buf_append_char(out, quote);
}

/* ---- decoding ---- */

/* The length of the beginning of a sequence that is well formed as far as it goes, at least 1: one
 * U+FFFD stands for all of it (Unicode, chapter 3, "maximal subparts"), as in CPython. */
static size_t broken_length(const unsigned char *bytes, size_t length) {
    const unsigned char lead = bytes[0];
    if (length < 2 || lead < 0xC2 || lead > 0xF4) {
        return 1;
    }
    const unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < least || bytes[1] > most) {
        return 1;
    }
    const size_t whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    size_t good = 2;
    while (good < whole && good < length && (bytes[good] & 0xC0) == 0x80) {
        good++;
    }
    return good;
}

void loop_text_append_decoded(Buf *out, const char *bytes, size_t length) {
    size_t i = 0;
    while (i < length) {
        const size_t good = utf8_valid_prefix(bytes + i, length - i);
        if (good > 0) {
            buf_append(out, bytes + i, good);
        }
        i += good;
        if (i < length) {
            buf_append_text(out, "\xEF\xBF\xBD");
            i += broken_length((const unsigned char *)bytes + i, length - i);
        }
    }
}
