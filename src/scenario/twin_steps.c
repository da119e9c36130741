/* The Python twin: a step in its line. */
#include "scenario/twin_writer.h"

#include <string.h>

static const char *pointer_of(const TwinWriter *writer, const Instr *instr) {
    return instr->at == PROGRAM_NONE ? NULL : writer->program->pointers[instr->at];
}

void twin_say_line(TwinWriter *writer, const Instr *instr, bool awaits) {
    Buf *line = &writer->line;
    listing_add(writer->out, buf_text(line), line->size_bytes, writer->indent,
                instr == NULL ? NULL : pointer_of(writer, instr), awaits, false);
    buf_clear(line);
    writer->said++;
}

/* ---- names ---- */

static bool is_shared(const TwinWriter *writer, uint32_t name) {
    return writer->shared[name] == writer->body + 1;
}

void twin_append_name(TwinWriter *writer, uint32_t name) {
    const char *text = writer->program->names[name].text, *ident = writer->plan->idents[name];
    if (is_shared(writer, name)) {
        buf_printf(&writer->line, "names.%s", twin_is_attribute(text) ? text : ident);
    } else {
        buf_append_text(&writer->line, ident);
    }
}

void twin_give(TwinWriter *writer, uint32_t name) {
    if (name == PROGRAM_NONE) {
        return;
    }
    twin_append_name(writer, name);
    buf_append_text(&writer->line, " = ");
    if (writer->never == 0) {
        writer->set[name] = writer->body + 1;
    }
}

/* There are no conditions in a body: whether it has given a name of its own is plain to see. */
bool twin_is_set(const TwinWriter *writer, uint32_t name) {
    return writer->never > 0 || is_shared(writer, name) || writer->set[name] == writer->body + 1;
}

void twin_say_look(TwinWriter *writer, uint32_t name) {
    if (is_shared(writer, name)) {
        twin_append_name(writer, name);
        twin_say_line(writer, NULL, false);
    }
}

/* Where the name is not set, the step is an error. */
bool twin_check_name(TwinWriter *writer, const Instr *instr, uint32_t name) {
    if (twin_is_set(writer, name)) {
        return true;
    }
    buf_printf(&writer->line, "raise RuntimeError(\"name '%s' is not set\")",
               writer->program->names[name].text);
    twin_say_line(writer, instr, false);
    return false;
}

/* The names that Python would look at before the text's piece `end`: it says of the first that is
 * not set that it is not. */
static void say_looks(TwinWriter *writer, const Instr *instr, const Piece *end) {
    if (instr->op == OP_WRITE_TEXT) {
        twin_say_look(writer, instr->name);
    }
    const Template *all = &writer->program->templates[instr->arg];
    for (const Piece *piece = &writer->program->pieces[all->first]; piece < end; piece++) {
        if (piece->kind == PIECE_NAME) {
            twin_say_look(writer, piece->name);
        }
    }
}

bool twin_check_text(TwinWriter *writer, const Instr *instr) {
    const Template *all = &writer->program->templates[instr->arg];
    for (uint32_t i = 0; i < all->count; i++) {
        const Piece *piece = &writer->program->pieces[all->first + i];
        if (piece->kind == PIECE_NAME && !twin_is_set(writer, piece->name)) {
            say_looks(writer, instr, piece);
            return twin_check_name(writer, instr, piece->name);
        }
    }
    return true;
}

/* ---- texts ---- */

void twin_append_index(Buf *out, uint32_t depth) {
    static const char *const NAMES[] = {"i", "j", "k"};
    if (depth < 3) {
        buf_append_text(out, NAMES[depth]);
    } else {
        buf_printf(out, "i%u", depth + 1);
    }
}

static void append_numbered(Buf *out, const char *name, uint32_t depth) {
    buf_append_text(out, name);
    if (depth > 0) {
        buf_printf(out, "_%u", depth + 1);
    }
}

void twin_append_error(Buf *out, uint32_t depth) {
    append_numbered(out, "error", depth);
}

void twin_append_group(Buf *out, uint32_t depth) {
    append_numbered(out, "group", depth);
}

static const ProgramTask *task_of(const TwinWriter *writer) {
    const uint32_t task = writer->plan->bodies[writer->body].task;
    return task == PROGRAM_NONE ? NULL : &writer->program->tasks[task];
}

/* What a placeholder stands for where that is the same in every run of the body; else NULL. */
static const char *constant_of(const TwinWriter *writer, const Piece *piece) {
    const ProgramTask *task = task_of(writer);
    if (piece->kind == PIECE_TASK && task != NULL && !task->numbered) {
        return task->name;
    }
    const bool has_number = (writer->plan->bodies[writer->body].needs & TWIN_NEEDS_NUMBER) != 0;
    return piece->kind == PIECE_COPY && !has_number ? "0" : NULL;
}

static void append_piece(TwinWriter *writer, const Piece *piece) {
    Buf *line = &writer->line;
    if (piece->kind == PIECE_NAME) {
        twin_append_name(writer, piece->name);
    } else if (piece->kind == PIECE_LOOP) {
        twin_append_index(line, writer->depth - 1);
    } else if (piece->kind == PIECE_ERROR) {
        twin_append_error(line, writer->excepts - 1);
    } else {
        buf_append_text(line, piece->kind == PIECE_TASK ? "task" : "number");
    }
}

/* What the text is where it is one placeholder alone, and not always the same; else NULL. */
static const Piece *only_piece(const TwinWriter *writer, uint32_t template) {
    const Template *all = &writer->program->templates[template];
    const Piece *piece = &writer->program->pieces[all->first];
    return all->count == 1 && piece->kind != PIECE_TEXT && constant_of(writer, piece) == NULL
               ? piece
               : NULL;
}

/* The text as a literal. */
void twin_append_literal(TwinWriter *writer, uint32_t template) {
    const Template *all = &writer->program->templates[template];
    const Piece *pieces = &writer->program->pieces[all->first];
    bool varies = false;
    for (uint32_t i = 0; i < all->count; i++) {
        varies =
            varies || (pieces[i].kind != PIECE_TEXT && constant_of(writer, &pieces[i]) == NULL);
    }
    buf_append_text(&writer->line, varies ? "f\"" : "\"");
    for (uint32_t i = 0; i < all->count; i++) {
        const char *constant = constant_of(writer, &pieces[i]);
        if (pieces[i].kind == PIECE_TEXT) {
            twin_append_escaped(&writer->line, pieces[i].text, pieces[i].length, varies);
        } else if (constant != NULL) {
            buf_append_text(&writer->line, constant);
        } else {
            buf_append_char(&writer->line, '{');
            append_piece(writer, &pieces[i]);
            buf_append_char(&writer->line, '}');
        }
    }
    buf_append_char(&writer->line, '"');
}

/* ---- steps ---- */

static void say_log(TwinWriter *writer, const Instr *instr) {
    if (twin_check_text(writer, instr)) {
        const Piece *only = only_piece(writer, instr->arg);
        buf_append_text(&writer->line, "print(");
        if (only != NULL) {
            append_piece(writer, only);
        } else {
            twin_append_literal(writer, instr->arg);
        }
        buf_append_char(&writer->line, ')');
        twin_say_line(writer, instr, false);
    }
}

/* A comment's line: what would end it becomes a blank. */
static void append_comment(Buf *out, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n') {
            buf_append_text(out, "\n# ");
        } else {
            buf_append_char(out, (unsigned char)text[i] < ' ' ? ' ' : text[i]);
        }
    }
}

static void append_note(TwinWriter *writer, const Template *all) {
    const Program *program = writer->program;
    Buf *line = &writer->line;
    buf_append_text(line, "# ");
    for (uint32_t i = 0; i < all->count; i++) {
        const Piece *piece = &program->pieces[all->first + i];
        if (piece->kind == PIECE_TEXT) {
            append_comment(line, piece->text, piece->length);
        } else {
            buf_printf(line, "{%s}",
                       piece->kind == PIECE_NAME    ? program->names[piece->name].text
                       : piece->kind == PIECE_TASK  ? "task"
                       : piece->kind == PIECE_ERROR ? "error"
                                                    : "i");
        }
    }
}

/* Comments; a variable in one must be set all the same. */
static void say_note(TwinWriter *writer, const Instr *instr) {
    if (!twin_check_text(writer, instr)) {
        return;
    }
    const Template *all = &writer->program->templates[instr->arg];
    append_note(writer, all);
    const char *at = pointer_of(writer, instr);
    for (const char *text = buf_text(&writer->line); text != NULL;) {
        const char *newline = strchr(text, '\n');
        listing_add(writer->out, text, newline == NULL ? strlen(text) : (size_t)(newline - text),
                    writer->indent, at, false, false);
        text = newline == NULL ? NULL : newline + 1;
        at = NULL;
    }
    buf_clear(&writer->line);
    for (uint32_t i = 0; i < all->count; i++) {
        const Piece *piece = &writer->program->pieces[all->first + i];
        if (piece->kind == PIECE_NAME) {
            twin_say_look(writer, piece->name);
        }
    }
}

/* Comments too: the question and what one may choose from, not the answer. */
static void say_ask(TwinWriter *writer, const Instr *instr) {
    const ProgramQuestion *question = &writer->program->questions[instr->arg];
    Buf *line = &writer->line;
    for (uint32_t i = 0; i <= question->choice_count; i++) {
        const char *text = i == 0 ? question->text : question->choices[i - 1];
        const size_t length = strcspn(text, "\n");
        if (i > 0) {
            buf_printf(line, "#   %u. ", i);
        } else {
            buf_append_text(line, "# ");
        }
        append_comment(line, text, length);
        listing_add(writer->out, buf_text(line), line->size_bytes, writer->indent,
                    i == 0 ? pointer_of(writer, instr) : NULL, false, false);
        buf_clear(line);
    }
}

static void say_raise(TwinWriter *writer, const Instr *instr) {
    if (twin_check_text(writer, instr)) {
        buf_append_text(&writer->line, "raise RuntimeError(");
        twin_append_literal(writer, instr->arg);
        buf_append_char(&writer->line, ')');
        twin_say_line(writer, instr, false);
    }
}

static void say_compute(TwinWriter *writer, const Instr *instr) {
    buf_append_text(&writer->line, "compute(");
    twin_append_seconds(&writer->line, instr->imm);
    buf_append_char(&writer->line, ')');
    twin_say_line(writer, instr, false);
}

static void say_sleep(TwinWriter *writer, const Instr *instr) {
    buf_append_text(&writer->line, "await asyncio.sleep(");
    twin_append_seconds(&writer->line, instr->imm);
    buf_append_char(&writer->line, ')');
    twin_say_line(writer, instr, true);
}

/* A file step that is done where it stands. */
static bool is_plain_call(const TwinWriter *writer, const Instr *instr) {
    return writer->in_thread || (instr->flags & INSTR_BLOCKING) != 0;
}

/* Begins a call of `function`, or of a method of a handle: on the spot, or in a thread. */
static void begin_call(TwinWriter *writer, const Instr *instr, const char *function,
                       const char *method, bool has_arguments) {
    const bool blocks = is_plain_call(writer, instr);
    buf_append_text(&writer->line, blocks ? "" : "await to_thread(");
    if (method != NULL) {
        twin_append_name(writer, instr->name);
        buf_printf(&writer->line, ".%s", method);
    } else {
        buf_append_text(&writer->line, function);
    }
    buf_append_text(&writer->line, blocks ? "(" : has_arguments ? ", " : "");
}

static void end_call(TwinWriter *writer, const Instr *instr) {
    buf_append_char(&writer->line, ')');
    twin_say_line(writer, instr, !is_plain_call(writer, instr));
}

static void say_open(TwinWriter *writer, const Instr *instr) {
    static const char *const MODES[] = {
        [OPEN_WRITE] = "wb", [OPEN_APPEND] = "ab", [OPEN_READ] = "rb"};
    if (!twin_check_text(writer, instr)) {
        return;
    }
    const bool makes_folders = twin_makes_folders(writer->program, instr);
    const bool varies = twin_path_varies(writer->program, instr->arg);
    twin_give(writer, instr->name);
    begin_call(writer, instr, makes_folders ? "open_below" : "open", NULL, true);
    buf_append_text(&writer->line, varies ? "inside(" : "");
    twin_append_literal(writer, instr->arg);
    buf_printf(&writer->line, "%s, \"%s\"%s", varies ? ")" : "", MODES[instr->mode],
               makes_folders ? "" : ", buffering=0");
    end_call(writer, instr);
}

static bool is_ascii(const TwinWriter *writer, uint32_t template) {
    const Template *all = &writer->program->templates[template];
    for (uint32_t i = 0; i < all->count; i++) {
        const Piece *piece = &writer->program->pieces[all->first + i];
        if (piece->kind != PIECE_TEXT && constant_of(writer, piece) == NULL) {
            return false;
        }
        for (size_t k = 0; piece->kind == PIECE_TEXT && k < piece->length; k++) {
            if ((piece->text[k] & 0x80) != 0) {
                return false;
            }
        }
    }
    return true;
}

void twin_append_bytes(TwinWriter *writer, uint32_t template) {
    const bool plain = is_ascii(writer, template);
    buf_append_text(&writer->line, plain ? "b" : "");
    twin_append_literal(writer, template);
    buf_append_text(&writer->line, plain ? "" : ".encode()");
}

void twin_append_fill(TwinWriter *writer, uint64_t size_bytes) {
    const bool product = size_bytes > 0 && size_bytes % 1024 == 0;
    buf_append_text(&writer->line, product ? "b\"x\" * (" : "b\"x\" * ");
    twin_append_size(&writer->line, size_bytes);
    buf_append_text(&writer->line, product ? ")" : "");
}

static void say_write_text(TwinWriter *writer, const Instr *instr) {
    if (twin_check_name(writer, instr, instr->name) && twin_check_text(writer, instr)) {
        begin_call(writer, instr, NULL, "write", true);
        twin_append_bytes(writer, instr->arg);
        end_call(writer, instr);
    }
}

static void say_write_fill(TwinWriter *writer, const Instr *instr) {
    if (twin_check_name(writer, instr, instr->name)) {
        begin_call(writer, instr, NULL, "write", true);
        twin_append_fill(writer, instr->imm);
        end_call(writer, instr);
    }
}

static void say_read(TwinWriter *writer, const Instr *instr) {
    if (!twin_check_name(writer, instr, instr->name)) {
        return;
    }
    const bool blocks = is_plain_call(writer, instr);
    twin_give(writer, instr->arg);
    const bool keeps = instr->arg != PROGRAM_NONE;
    buf_append_text(&writer->line, keeps && !blocks ? "(" : "");
    begin_call(writer, instr, NULL, "read", true);
    twin_append_size(&writer->line, instr->imm);
    if (keeps) {
        buf_printf(&writer->line, ")%s.decode(\"utf-8\", \"replace\"", blocks ? "" : ")");
    }
    end_call(writer, instr);
}

static void say_fsync(TwinWriter *writer, const Instr *instr) {
    if (twin_check_name(writer, instr, instr->name)) {
        begin_call(writer, instr, "os.fsync", NULL, true);
        twin_append_name(writer, instr->name);
        end_call(writer, instr);
    }
}

static void say_close(TwinWriter *writer, const Instr *instr) {
    if (twin_check_name(writer, instr, instr->name)) {
        begin_call(writer, instr, NULL, "close", false);
        end_call(writer, instr);
    }
}

TwinSayStep *const TWIN_SAY[OP_CODE_COUNT] = {
    [OP_LOG] = say_log,
    [OP_NOTE] = say_note,
    [OP_COMPUTE] = say_compute,
    [OP_SLEEP] = say_sleep,
    [OP_OPEN] = say_open,
    [OP_WRITE_TEXT] = say_write_text,
    [OP_WRITE_FILL] = say_write_fill,
    [OP_READ] = say_read,
    [OP_FSYNC] = say_fsync,
    [OP_CLOSE] = say_close,
    [OP_CALL] = twin_say_call,
    [OP_SPAWN] = twin_say_spawn,
    [OP_AWAIT] = twin_say_await,
    [OP_CANCEL] = twin_say_cancel,
    [OP_GATHER] = twin_say_gather,
    [OP_WAIT] = twin_say_wait,
    [OP_ACQUIRE] = twin_say_acquire,
    [OP_RELEASE] = twin_say_release,
    [OP_WAIT_EVENT] = twin_say_wait_event,
    [OP_SET_EVENT] = twin_say_set_event,
    [OP_CLEAR_EVENT] = twin_say_clear_event,
    [OP_PUT] = twin_say_put,
    [OP_GET] = twin_say_get,
    [OP_RAISE] = say_raise,
    [OP_SEND_TEXT] = twin_say_send_text,
    [OP_SEND_FILL] = twin_say_send_fill,
    [OP_RECEIVE] = twin_say_receive,
    [OP_SHUT] = twin_say_shut,
    [OP_ASK] = say_ask,
};
