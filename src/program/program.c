#include "program/program.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* The growing form of a Program; program_build hands its arrays over. */
struct ProgramBuilder {
    Instr *code;
    Name *names;
    Piece *pieces;
    Template *templates;
    Body *bodies;
    ProgramTask *tasks;
    ProgramObject *objects;
    uint32_t *list_names;
    ProgramQuestion *questions;
    const char **pointers;
    size_t code_count, code_cap, name_count, name_cap, piece_count, piece_cap;
    size_t template_count, template_cap, body_count, body_cap, task_count, task_cap;
    size_t pointer_count, pointer_cap, object_count, object_cap;
    size_t list_name_count, list_name_cap, question_count, question_cap;
    uint32_t *name_table; /* open addressing over names; PROGRAM_NONE is empty */
    size_t name_table_size;
    char **texts; /* every copied text, for program_destroy */
    size_t text_count, text_cap;
    ProgramLimits limits;
};

/* A Program with what it must free. */
typedef struct OwnedProgram {
    Program program; /* first: the public part */
    char **texts;
    size_t text_count;
    uint32_t *step_table; /* pcs by their pointers: open addressing; PROGRAM_NONE is empty */
    size_t step_table_size;
} OwnedProgram;

enum { NAME_TABLE_FIRST = 64 };

#define ADD(builder, field, value)                                                                 \
    ((builder)->field##s = mem_grow((builder)->field##s, &(builder)->field##_cap,                  \
                                    (builder)->field##_count + 1, sizeof *(builder)->field##s),    \
     (builder)->field##s[(builder)->field##_count] = (value),                                      \
     (uint32_t)(builder)->field##_count++)

static uint32_t *name_table_new(size_t size) {
    uint32_t *table = mem_alloc(size, sizeof *table);
    memset(table, 0xFF, size * sizeof *table);
    return table;
}

ProgramBuilder *program_builder_create(void) {
    ProgramBuilder *builder = mem_alloc(1, sizeof *builder);
    builder->name_table_size = NAME_TABLE_FIRST;
    builder->name_table = name_table_new(NAME_TABLE_FIRST);
    builder->limits = program_no_limits();
    return builder;
}

void program_builder_destroy(ProgramBuilder *builder) {
    if (builder == NULL) {
        return;
    }
    for (size_t i = 0; i < builder->text_count; i++) {
        free(builder->texts[i]);
    }
    free(builder->texts);
    free(builder->code);
    free(builder->names);
    free(builder->pieces);
    free(builder->templates);
    free(builder->bodies);
    free(builder->tasks);
    free(builder->pointers);
    free(builder->objects);
    free(builder->list_names);
    free(builder->questions);
    free(builder->name_table);
    free(builder);
}

static const char *keep_text(ProgramBuilder *builder, const char *text, size_t length) {
    char *copy = mem_copy_text(text, length);
    ADD(builder, text, copy);
    return copy;
}

uint32_t program_add_instr(ProgramBuilder *builder, Instr instr) {
    ASSERT(instr.op < OP_CODE_COUNT);
    builder->code =
        mem_grow(builder->code, &builder->code_cap, builder->code_count + 1, sizeof *builder->code);
    builder->code[builder->code_count] = instr;
    return (uint32_t)builder->code_count++;
}

void program_patch_arg(ProgramBuilder *builder, uint32_t pc, uint32_t arg) {
    ASSERT(pc < builder->code_count);
    builder->code[pc].arg = arg;
}

void program_patch_imm(ProgramBuilder *builder, uint32_t pc, uint64_t imm) {
    ASSERT(pc < builder->code_count);
    builder->code[pc].imm = imm;
}

uint32_t program_pc(const ProgramBuilder *builder) {
    return (uint32_t)builder->code_count;
}

const char *program_name_text(const ProgramBuilder *builder, uint32_t name) {
    ASSERT(name < builder->name_count);
    return builder->names[name].text;
}

const char *program_pointer_text(const ProgramBuilder *builder, uint32_t pointer) {
    ASSERT(pointer < builder->pointer_count);
    return builder->pointers[pointer];
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo). */
static uint64_t text_hash(const char *text) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static uint32_t *name_place(const ProgramBuilder *builder, const char *text) {
    size_t at = text_hash(text) & (builder->name_table_size - 1);
    for (;; at = (at + 1) & (builder->name_table_size - 1)) {
        const uint32_t name = builder->name_table[at];
        if (name == PROGRAM_NONE || strcmp(builder->names[name].text, text) == 0) {
            return &builder->name_table[at];
        }
    }
}

static void name_table_grow(ProgramBuilder *builder) {
    free(builder->name_table);
    builder->name_table_size *= 2;
    builder->name_table = name_table_new(builder->name_table_size);
    for (size_t i = 0; i < builder->name_count; i++) {
        *name_place(builder, builder->names[i].text) = (uint32_t)i;
    }
}

uint32_t program_add_name(ProgramBuilder *builder, const char *text) {
    uint32_t *place = name_place(builder, text);
    if (*place != PROGRAM_NONE) {
        return *place;
    }
    const Name name = {.text = keep_text(builder, text, strlen(text)),
                       .task = PROGRAM_NONE,
                       .object = PROGRAM_NONE};
    const uint32_t added = ADD(builder, name, name);
    *place = added;
    if (builder->name_count * 2 > builder->name_table_size) {
        name_table_grow(builder);
    }
    return added;
}

void program_set_global(ProgramBuilder *builder, uint32_t name, uint32_t task) {
    ASSERT(name < builder->name_count);
    builder->names[name].global = true;
    builder->names[name].task = task;
}

void program_add_object(ProgramBuilder *builder, ObjectKind kind, uint32_t name, uint64_t count) {
    program_set_global(builder, name, PROGRAM_NONE);
    const ProgramObject object = {.kind = kind, .name = name, .count = count};
    builder->names[name].object = ADD(builder, object, object);
}

uint32_t program_add_list_name(ProgramBuilder *builder, uint32_t name) {
    ASSERT(name < builder->name_count);
    return ADD(builder, list_name, name);
}

uint32_t program_add_pointer(ProgramBuilder *builder, const char *pointer) {
    const char *copy = keep_text(builder, pointer, strlen(pointer));
    return ADD(builder, pointer, copy);
}

uint32_t program_add_question(ProgramBuilder *builder, const ProgramQuestion *question) {
    ProgramQuestion copy = *question;
    copy.text = keep_text(builder, question->text, strlen(question->text));
    copy.because = keep_text(builder, question->because, strlen(question->because));
    for (uint32_t i = 0; i < question->choice_count; i++) {
        const char *choice = question->choices[i];
        copy.choices[i] = keep_text(builder, choice, strlen(choice));
    }
    return ADD(builder, question, copy);
}

uint32_t program_add_template(ProgramBuilder *builder, const Piece *pieces, uint32_t count) {
    const Template added = {.first = (uint32_t)builder->piece_count, .count = count};
    for (uint32_t i = 0; i < count; i++) {
        Piece piece = pieces[i];
        if (piece.kind == PIECE_TEXT) {
            piece.text = keep_text(builder, piece.text, piece.length);
        }
        ADD(builder, piece, piece);
    }
    return ADD(builder, template, added);
}

uint32_t program_add_body(ProgramBuilder *builder, const char *name) {
    builder->bodies = mem_grow(builder->bodies, &builder->body_cap, builder->body_count + 1,
                               sizeof *builder->bodies);
    builder->bodies[builder->body_count] =
        (Body){.name = keep_text(builder, name, strlen(name)), .entry = PROGRAM_NONE};
    return (uint32_t)builder->body_count++;
}

void program_set_entry(ProgramBuilder *builder, uint32_t body, uint32_t entry) {
    ASSERT(body < builder->body_count);
    builder->bodies[body].entry = entry;
}

uint32_t program_add_task(ProgramBuilder *builder, const char *name, uint32_t body, uint32_t count,
                          bool numbered) {
    const ProgramTask task = {.name = keep_text(builder, name, strlen(name)),
                              .body = body,
                              .count = count,
                              .numbered = numbered};
    return ADD(builder, task, task);
}

ProgramLimits program_no_limits(void) {
    return (ProgramLimits){.bytes = PROGRAM_NO_LIMIT,
                           .time_ns = PROGRAM_NO_LIMIT,
                           .memory_bytes = PROGRAM_NO_LIMIT,
                           .tasks = PROGRAM_NO_LIMIT,
                           .files = PROGRAM_NO_LIMIT,
                           .events = PROGRAM_NO_LIMIT};
}

void program_set_limits(ProgramBuilder *builder, ProgramLimits limits) {
    builder->limits = limits;
}

static bool none_or_below(uint32_t index, uint32_t count) {
    return index == PROGRAM_NONE || index < count;
}

static void check_object(const Program *program, const Instr *instr) {
    ASSERT(instr->name < program->name_count);
    ASSERT(program->names[instr->name].object < program->object_count);
}

static void check_instr(const Program *program, const Instr *instr) {
    ASSERT(none_or_below(instr->name, program->name_count));
    ASSERT(none_or_below(instr->at, program->pointer_count));
    switch ((OpCode)instr->op) {
    case OP_LOG:
    case OP_NOTE:
    case OP_RAISE:
    case OP_OPEN:
    case OP_WRITE_TEXT:
        ASSERT(instr->arg < program->template_count);
        break;
    case OP_PUT:
    case OP_SEND_TEXT:
        ASSERT(instr->arg < program->template_count);
        check_object(program, instr);
        break;
    case OP_GET:
    case OP_RECEIVE:
        ASSERT(none_or_below(instr->arg, program->name_count));
        check_object(program, instr);
        break;
    case OP_WITH:
    case OP_ACQUIRE:
    case OP_RELEASE:
    case OP_WAIT_EVENT:
    case OP_SET_EVENT:
    case OP_CLEAR_EVENT:
    case OP_SEND_FILL:
    case OP_SHUT:
        check_object(program, instr);
        break;
    case OP_READ:
        ASSERT(none_or_below(instr->arg, program->name_count));
        break;
    case OP_SPAWN:
    case OP_CALL:
        ASSERT(instr->arg < program->body_count);
        break;
    case OP_TRY:
        ASSERT(none_or_below(instr->arg, program->code_count));
        ASSERT(instr->imm < program->code_count);
        ASSERT(instr->arg != PROGRAM_NONE || instr->imm != 0);
        break;
    case OP_GATHER:
    case OP_WAIT:
        ASSERT(instr->imm > 0 && instr->imm <= program->list_name_count);
        ASSERT(instr->arg <= program->list_name_count - instr->imm);
        break;
    case OP_ASK:
        ASSERT(instr->arg < program->question_count);
        break;
    case OP_REPEAT:
    case OP_THREAD:
    case OP_TRIED:
        ASSERT(instr->arg < program->code_count);
        break;
    case OP_NEXT:
        ASSERT(instr->arg < program->code_count && program->code[instr->arg].op == OP_REPEAT);
        break;
    default:
        break;
    }
}

static void check_program(const Program *program) {
    for (uint32_t i = 0; i < program->code_count; i++) {
        check_instr(program, &program->code[i]);
    }
    for (uint32_t i = 0; i < program->piece_count; i++) {
        ASSERT(program->pieces[i].kind != PIECE_NAME ||
               program->pieces[i].name < program->name_count);
    }
    for (uint32_t i = 0; i < program->question_count; i++) {
        const ProgramQuestion *question = &program->questions[i];
        ASSERT(question->choice_count >= 2 && question->choice_count <= QUESTION_CHOICES_MAX);
        ASSERT(question->answer < question->choice_count);
        ASSERT(question->at < program->pointer_count);
    }
    for (uint32_t i = 0; i < program->body_count; i++) {
        ASSERT(program->bodies[i].entry < program->code_count);
    }
    for (uint32_t i = 0; i < program->task_count; i++) {
        ASSERT(program->tasks[i].body < program->body_count && program->tasks[i].count > 0);
    }
}

/* The slot of a pointer's step. */
static uint32_t *step_place(const OwnedProgram *owned, const char *pointer) {
    const Program *program = &owned->program;
    size_t at = text_hash(pointer) & (owned->step_table_size - 1);
    for (;; at = (at + 1) & (owned->step_table_size - 1)) {
        const uint32_t pc = owned->step_table[at];
        if (pc == PROGRAM_NONE || strcmp(program->pointers[program->code[pc].at], pointer) == 0) {
            return &owned->step_table[at];
        }
    }
}

/* A step of several instructions begins with its first. */
static void index_steps(OwnedProgram *owned) {
    const Program *program = &owned->program;
    owned->step_table_size = NAME_TABLE_FIRST;
    while (owned->step_table_size < 2 * (size_t)program->pointer_count) {
        owned->step_table_size *= 2;
    }
    owned->step_table = name_table_new(owned->step_table_size);
    for (uint32_t pc = 0; pc < program->code_count; pc++) {
        const uint32_t at = program->code[pc].at;
        uint32_t *place = at == PROGRAM_NONE ? NULL : step_place(owned, program->pointers[at]);
        if (place != NULL && *place == PROGRAM_NONE) {
            *place = pc;
        }
    }
}

Program *program_build(ProgramBuilder *builder) {
    OwnedProgram *owned = mem_alloc(1, sizeof *owned);
    owned->texts = builder->texts;
    owned->text_count = builder->text_count;
    owned->program = (Program){.code = builder->code,
                               .code_count = (uint32_t)builder->code_count,
                               .objects = builder->objects,
                               .object_count = (uint32_t)builder->object_count,
                               .list_names = builder->list_names,
                               .list_name_count = (uint32_t)builder->list_name_count,
                               .names = builder->names,
                               .name_count = (uint32_t)builder->name_count,
                               .pieces = builder->pieces,
                               .piece_count = (uint32_t)builder->piece_count,
                               .templates = builder->templates,
                               .template_count = (uint32_t)builder->template_count,
                               .bodies = builder->bodies,
                               .body_count = (uint32_t)builder->body_count,
                               .tasks = builder->tasks,
                               .task_count = (uint32_t)builder->task_count,
                               .questions = builder->questions,
                               .question_count = (uint32_t)builder->question_count,
                               .pointers = builder->pointers,
                               .pointer_count = (uint32_t)builder->pointer_count,
                               .limits = builder->limits};
    Program *program = &owned->program;
    for (uint32_t i = 0; i < program->code_count; i++) {
        const Instr *instr = &program->code[i];
        if (instr->op == OP_WRITE_FILL && instr->imm > program->max_fill_bytes) {
            program->max_fill_bytes = instr->imm;
        }
    }
    free(builder->name_table);
    free(builder);
    check_program(program);
    index_steps(owned);
    return program;
}

void program_destroy(Program *program) {
    if (program == NULL) {
        return;
    }
    OwnedProgram *owned = (OwnedProgram *)program;
    for (size_t i = 0; i < owned->text_count; i++) {
        free(owned->texts[i]);
    }
    free(owned->texts);
    free(owned->step_table);
    free((void *)program->code);
    free((void *)program->names);
    free((void *)program->pieces);
    free((void *)program->templates);
    free((void *)program->bodies);
    free((void *)program->tasks);
    free((void *)program->pointers);
    free((void *)program->objects);
    free((void *)program->list_names);
    free((void *)program->questions);
    free(owned);
}

uint32_t program_step_at(const Program *program, const char *pointer) {
    return *step_place((const OwnedProgram *)program, pointer);
}

const ProgramQuestion *program_question_at(const Program *program, const char *pointer) {
    const uint32_t pc = program_step_at(program, pointer);
    const bool asks = pc != PROGRAM_NONE && program->code[pc].op == OP_ASK;
    return asks ? &program->questions[program->code[pc].arg] : NULL;
}

Instr program_instr(OpCode op, uint32_t at) {
    return (Instr){.op = (uint8_t)op, .name = PROGRAM_NONE, .arg = PROGRAM_NONE, .at = at};
}
