/* The Python twin: a function that runs in a thread. */
#include "scenario/twin_writer.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>

/* What becomes of a variable that the function sets. */
typedef enum Fate {
    FATE_UNKNOWN,
    FATE_OWN,      /* nobody else looks at it */
    FATE_CHANGED,  /* the coroutine sets it, too: nonlocal */
    FATE_RETURNED, /* the coroutine uses it */
} Fate;

typedef struct Function {
    TwinWriter *writer;
    uint32_t first, end; /* pcs of its steps */
    uint8_t *fates;      /* by name: Fate */
    uint32_t *given;     /* names of plain variables that it sets, in this order */
    uint32_t given_count;
} Function;

static bool is_inside(const Function *function, uint32_t pc) {
    return pc >= function->first && pc < function->end;
}

static void look_at_use(Function *function, uint32_t name) {
    if (function->fates[name] == FATE_OWN) {
        function->fates[name] = FATE_RETURNED;
    }
}

static void look_at_uses(Function *function, const Instr *instr) {
    const Program *program = function->writer->program;
    const uint32_t template = twin_template(instr);
    const Template none = {0},
                   *all = template == PROGRAM_NONE ? &none : &program->templates[template];
    for (uint32_t i = 0; i < all->count; i++) {
        const Piece *piece = &program->pieces[all->first + i];
        if (piece->kind == PIECE_NAME) {
            look_at_use(function, piece->name);
        }
    }
    const TwinNames used = twin_used(program, instr);
    for (uint32_t i = 0; i < used.count; i++) {
        look_at_use(function, used.names[i]);
    }
}

static void find_given(Function *function) {
    const TwinWriter *writer = function->writer;
    for (uint32_t pc = function->first; pc < function->end; pc++) {
        const uint32_t name = twin_given(&writer->program->code[pc]);
        if (name != PROGRAM_NONE && function->fates[name] == FATE_UNKNOWN &&
            writer->shared[name] != writer->body + 1) {
            function->fates[name] = FATE_OWN;
            function->given[function->given_count++] = name;
        }
    }
}

/* The coroutine's other steps decide. */
static void find_fates(Function *function) {
    const TwinWriter *writer = function->writer;
    const Instr *code = writer->program->code;
    for (uint32_t pc = writer->program->bodies[writer->body].entry; code[pc].op != OP_RETURN;
         pc++) {
        if (!is_inside(function, pc)) {
            look_at_uses(function, &code[pc]);
        }
    }
    bool in_thread = false;
    for (uint32_t pc = writer->program->bodies[writer->body].entry; code[pc].op != OP_RETURN;
         pc++) {
        const uint32_t name = twin_given(&code[pc]);
        in_thread = code[pc].op == OP_THREAD || (in_thread && code[pc].op != OP_THREADED);
        if (!in_thread && name != PROGRAM_NONE && function->fates[name] != FATE_UNKNOWN) {
            function->fates[name] = FATE_CHANGED;
        }
    }
}

/* `before a, b` of the names of that fate; whether there are any. */
static bool append_names(Function *function, Fate fate, const char *before) {
    TwinWriter *writer = function->writer;
    bool any = false;
    for (uint32_t i = 0; i < function->given_count; i++) {
        if (function->fates[function->given[i]] == fate) {
            buf_append_text(&writer->line, any ? ", " : before);
            twin_append_name(writer, function->given[i]);
            any = true;
        }
    }
    return any;
}

static void append_function(TwinWriter *writer, uint32_t number) {
    buf_append_text(&writer->line, "work");
    if (number > 1) {
        buf_printf(&writer->line, "_%u", number);
    }
}

static void say_blank(TwinWriter *writer) {
    listing_add(writer->out, "", 0, 0, NULL, false, false);
}

/* Lines of the function that are no steps. */
static void say_names(Function *function, Fate fate, const char *before) {
    TwinWriter *writer = function->writer;
    writer->indent++;
    if (append_names(function, fate, before)) {
        twin_say_line(writer, NULL, false);
    }
    writer->indent--;
}

uint32_t twin_say_thread(TwinWriter *writer, uint32_t pc, TwinSayBlock *say_block) {
    const Instr *instr = &writer->program->code[pc];
    const uint32_t names = writer->program->name_count, number = ++writer->functions;
    Function function = {.writer = writer,
                         .first = pc + 1,
                         .end = instr->arg - 1,
                         .fates = mem_alloc(names, sizeof *function.fates),
                         .given = mem_alloc(names, sizeof *function.given)};
    find_given(&function);
    find_fates(&function);
    say_blank(writer);
    buf_append_text(&writer->line, "def ");
    append_function(writer, number);
    buf_append_text(&writer->line, "():");
    twin_say_line(writer, NULL, false);
    say_names(&function, FATE_CHANGED, "nonlocal ");
    writer->in_thread = true;
    const uint32_t end = say_block(writer, pc + 1);
    writer->in_thread = false;
    ASSERT(end == function.end);
    say_names(&function, FATE_RETURNED, "return ");
    say_blank(writer);
    if (append_names(&function, FATE_RETURNED, "")) {
        buf_append_text(&writer->line, " = ");
    }
    buf_append_text(&writer->line, "await to_thread(");
    append_function(writer, number);
    buf_append_char(&writer->line, ')');
    twin_say_line(writer, instr, true);
    free(function.fates);
    free(function.given);
    return instr->arg;
}
