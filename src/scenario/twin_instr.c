/* What the twin must know of a single instruction. */
#include "scenario/twin.h"

#include <string.h>

uint32_t twin_template(const Instr *instr) {
    switch (instr->op) {
    case OP_LOG:
    case OP_NOTE:
    case OP_OPEN:
    case OP_WRITE_TEXT:
    case OP_PUT:
    case OP_RAISE:
    case OP_SEND_TEXT:
        return instr->arg;
    default:
        return PROGRAM_NONE;
    }
}

bool twin_ends_block(const Instr *instr) {
    switch (instr->op) {
    case OP_NEXT:
    case OP_RETURN:
    case OP_WITHOUT:
    case OP_TRIED:
    case OP_EXCEPTED:
    case OP_FINALLY:
    case OP_FINISHED:
    case OP_GROUPED:
    case OP_TIMED:
    case OP_THREADED:
        return true;
    default:
        return false;
    }
}

uint32_t twin_given(const Instr *instr) {
    switch (instr->op) {
    case OP_OPEN:
    case OP_SPAWN:
        return instr->name;
    case OP_READ:
    case OP_GET:
    case OP_RECEIVE:
        return instr->arg;
    default:
        return PROGRAM_NONE;
    }
}

TwinNames twin_used(const Program *program, const Instr *instr) {
    if (instr->op == OP_GATHER || instr->op == OP_WAIT) {
        return (TwinNames){&program->list_names[instr->arg], (uint32_t)instr->imm};
    }
    const bool gives = instr->op == OP_OPEN || instr->op == OP_SPAWN;
    return (TwinNames){&instr->name, gives || instr->name == PROGRAM_NONE ? 0 : 1};
}

bool twin_in_thread(const Instr *instr) {
    return instr->op >= OP_OPEN && instr->op <= OP_CLOSE && (instr->flags & INSTR_BLOCKING) == 0;
}

const char *twin_spawn_name(const Program *program, const Instr *instr) {
    return instr->name != PROGRAM_NONE ? program->names[instr->name].text
                                       : program->bodies[instr->arg].name;
}

bool twin_path_varies(const Program *program, uint32_t template) {
    const Template *all = &program->templates[template];
    for (uint32_t i = 0; i < all->count; i++) {
        if (program->pieces[all->first + i].kind == PIECE_NAME) {
            return true;
        }
    }
    return false;
}

bool twin_makes_folders(const Program *program, const Instr *instr) {
    const Template *all = &program->templates[instr->arg];
    bool has_folders = twin_path_varies(program, instr->arg);
    for (uint32_t i = 0; i < all->count; i++) {
        const Piece *piece = &program->pieces[all->first + i];
        has_folders = has_folders || (piece->kind == PIECE_TEXT &&
                                      memchr(piece->text, '/', piece->length) != NULL);
    }
    return instr->mode != OPEN_READ && has_folders;
}
