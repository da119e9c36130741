/* Steps on channels. The table of all is in step_table.c. */
#include "scenario/compile.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The channel of "pipe.a", and which of its ends. */
typedef struct EndRef {
    uint32_t name; /* PROGRAM_NONE where there is a mistake */
    uint8_t end;
} EndRef;

static void suggest_channel(Compiler *compiler, Diag *diag, const char *channel, const char *end) {
    enum { NEAR_BYTES = 256 };
    const char **names = mem_alloc(compiler->globals_cap, sizeof *names);
    size_t count = 0;
    for (uint32_t name = 0; name < compiler->globals_cap; name++) {
        if (compiler->globals[name] == NAME_CHANNEL) {
            names[count++] = program_name_text(compiler->builder, name);
        }
    }
    const char *near = diag_nearest(channel, names, count);
    free(names);
    if (near != NULL && strlen(near) < NEAR_BYTES - 2) {
        char whole[NEAR_BYTES];
        snprintf(whole, sizeof whole, "%s.%s", near, end);
        const char *candidate = whole;
        suggest(compiler->reader, diag, whole, &candidate, 1);
    }
}

/* No channel of that name: something else has it, or nothing. */
static void mistake_channel(Compiler *compiler, Value value, const char *channel, NameKind kind,
                            const char *end) {
    Reader *reader = compiler->reader;
    const char *word = quoted(reader, channel);
    Diag *diag = kind == NAME_UNKNOWN ? mistake_value(reader, value, "there is no channel %s", word)
                                      : mistake_value(reader, value, "%s is %s, not a channel",
                                                      word, NAME_KIND_WORDS[kind]);
    diag_set_expected(diag, "an end of a channel from \"channels\", such as \"pipe.a\"");
    if (kind == NAME_UNKNOWN) {
        suggest_channel(compiler, diag, channel, end);
    }
}

static EndRef use_end(Compiler *compiler, Value value) {
    EndRef ref = {.name = PROGRAM_NONE};
    const char *text = NULL;
    if (value.json == NULL || !read_string(compiler->reader, value, &text)) {
        return ref;
    }
    const size_t length = strcspn(text, ".");
    char *channel = mem_copy_text(text, length);
    const char *end = text[length] == '.' ? text + length + 1 : "";
    const bool has_end = strcmp(end, "a") == 0 || strcmp(end, "b") == 0;
    if (!is_name(channel)) {
        mistake_range(compiler->reader, value, "an end of a channel, such as \"pipe.a\"");
        free(channel);
        return ref;
    }
    const uint32_t name = program_add_name(compiler->builder, channel);
    const NameKind kind = compiler_global(compiler, name);
    if (kind != NAME_CHANNEL) {
        mistake_channel(compiler, value, channel, kind, has_end ? end : "a");
    } else if (!has_end) {
        Diag *diag = mistake_value(compiler->reader, value, "a channel has two ends, a and b");
        diag_set_expected(diag, "\"%.100s.a\" or \"%.100s.b\"", channel, channel);
    } else {
        ref.name = name;
        ref.end = end[0] == 'b';
    }
    free(channel);
    return ref;
}

static void emit(Compiler *compiler, Instr instr, EndRef ref) {
    if (ref.name != PROGRAM_NONE) {
        instr.name = ref.name;
        instr.mode = ref.end;
        program_add_instr(compiler->builder, instr);
    }
}

void step_send(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = program_instr(OP_SEND_TEXT, at);
    const EndRef ref = use_end(compiler, value_member(compiler->reader, step, "to"));
    bool good = true;
    if (value_is_string(verb)) {
        instr.arg = text_compile(compiler, verb);
    } else if (value_is_object(verb)) {
        instr.op = OP_SEND_FILL;
        good = step_read_fill(compiler, verb, "in what is sent", &instr.imm);
    } else {
        good = mistake_type(compiler->reader, verb, "a text or {\"bytes\": SIZE}");
    }
    if (good) {
        emit(compiler, instr, ref);
    }
}

void step_receive(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = program_instr(OP_RECEIVE, at);
    const EndRef ref = use_end(compiler, value_member(compiler->reader, step, "from"));
    instr.arg = step_give_as(compiler, step, NAME_VARIABLE);
    if (read_size(compiler->reader, verb, 1, &instr.imm)) {
        emit(compiler, instr, ref);
    }
}

void step_shut(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    emit(compiler, program_instr(OP_SHUT, at), use_end(compiler, verb));
}
