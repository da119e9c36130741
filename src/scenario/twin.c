/* The Python twin: blocks, functions, the whole program. */
#include "scenario/scenario.h"
#include "scenario/twin_writer.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>

/* ---- blocks ---- */

static uint32_t say_block(TwinWriter *writer, uint32_t pc);

/* Returns the pc behind the loop. */
static uint32_t say_repeat(TwinWriter *writer, uint32_t pc) {
    const Instr *instr = &writer->program->code[pc];
    Buf *line = &writer->line;
    buf_append_text(line, "for ");
    if (writer->plan->told[pc]) {
        twin_append_index(line, writer->depth);
    } else {
        buf_append_char(line, '_');
    }
    buf_append_text(line, " in range(");
    buf_append_u64(line, instr->imm);
    buf_append_text(line, "):");
    twin_say_line(writer, instr, false);
    const uint32_t never = instr->imm == 0 ? 1 : 0;
    writer->depth++;
    writer->never += never;
    const uint32_t end = say_block(writer, pc + 1);
    writer->never -= never;
    writer->depth--;
    ASSERT(writer->program->code[end].op == OP_NEXT);
    return end + 1;
}

/* With, group, timeout. Returns the pc behind the block. */
static uint32_t say_with(TwinWriter *writer, uint32_t pc) {
    const Instr *instr = &writer->program->code[pc];
    Buf *line = &writer->line;
    buf_append_text(line, "async with ");
    if (instr->op == OP_WITH) {
        buf_append_text(line, writer->plan->idents[instr->name]);
    } else if (instr->op == OP_GROUP) {
        buf_append_text(line, "asyncio.TaskGroup() as ");
        twin_append_group(line, writer->groups);
    } else {
        buf_append_text(line, "asyncio.timeout(");
        twin_append_seconds(line, instr->imm);
        buf_append_char(line, ')');
    }
    buf_append_char(line, ':');
    twin_say_line(writer, instr, true);
    const uint32_t groups = instr->op == OP_GROUP ? 1 : 0;
    writer->groups += groups;
    const uint32_t end = say_block(writer, pc + 1);
    writer->groups -= groups;
    return end + 1;
}

/* A line of a "try" that is no step. */
static void say_clause(TwinWriter *writer, const char *text) {
    buf_append_text(&writer->line, text);
    twin_say_line(writer, NULL, false);
}

/* Returns the pc of the OP_EXCEPTED. */
static uint32_t say_except(TwinWriter *writer, uint32_t tried) {
    buf_append_text(&writer->line, "except Exception");
    if (writer->plan->told[tried]) {
        buf_append_text(&writer->line, " as ");
        twin_append_error(&writer->line, writer->excepts);
    }
    say_clause(writer, ":");
    writer->excepts++;
    const uint32_t end = say_block(writer, tried + 1);
    writer->excepts--;
    return end;
}

/* Returns the pc behind it. */
static uint32_t say_try(TwinWriter *writer, uint32_t pc) {
    const Instr *code = writer->program->code;
    buf_append_text(&writer->line, "try:");
    twin_say_line(writer, &code[pc], false);
    uint32_t end = say_block(writer, pc + 1);
    if (code[end].op == OP_TRIED) {
        end = say_except(writer, end) + (code[pc].imm != 0 ? 1 : 0);
    }
    if (code[pc].imm != 0) {
        ASSERT(code[end].op == OP_FINALLY);
        say_clause(writer, "finally:");
        end = say_block(writer, end + 1);
    }
    return end + 1;
}

/* Steps until the block's end; returns the pc of what ends it. */
static uint32_t say_block(TwinWriter *writer, uint32_t pc) {
    const uint32_t said = writer->said;
    writer->indent++;
    while (!twin_ends_block(&writer->program->code[pc])) {
        const Instr *instr = &writer->program->code[pc];
        if (instr->op == OP_REPEAT) {
            pc = say_repeat(writer, pc);
        } else if (instr->op == OP_WITH || instr->op == OP_GROUP || instr->op == OP_TIMEOUT) {
            pc = say_with(writer, pc);
        } else if (instr->op == OP_TRY) {
            pc = say_try(writer, pc);
        } else if (instr->op == OP_THREAD) {
            pc = twin_say_thread(writer, pc, say_block);
        } else {
            ASSERT(TWIN_SAY[instr->op] != NULL);
            TWIN_SAY[instr->op](writer, instr);
            pc++;
        }
    }
    if (writer->said == said) {
        say_clause(writer, "pass");
    }
    writer->indent--;
    return pc;
}

/* ---- functions ---- */

static void say_heading(TwinWriter *writer, const TwinBody *body) {
    static const struct {
        TwinNeed need;
        const char *parameter;
    } PARAMETERS[] = {
        {TWIN_NEEDS_NAMES, "names"}, {TWIN_NEEDS_NUMBER, "number"}, {TWIN_NEEDS_DEPTH, "depth"}};
    const bool is_task = body->task != PROGRAM_NONE;
    const char *comma = "";
    Buf *line = &writer->line;
    listing_add(writer->out, "", 0, 0, NULL, false, false);
    listing_add(writer->out, "", 0, 0, NULL, false, false);
    buf_printf(line, "async def %s(", body->ident);
    for (size_t i = 0; i < sizeof PARAMETERS / sizeof PARAMETERS[0]; i++) {
        const TwinNeed need = PARAMETERS[i].need;
        const bool is_given = need == TWIN_NEEDS_NAMES ? body->is_called : !is_task;
        if ((body->needs & need) != 0 && (is_given || need == TWIN_NEEDS_NUMBER)) {
            buf_printf(line, "%s%s", comma, PARAMETERS[i].parameter);
            comma = ", ";
        }
    }
    buf_append_text(line, "):");
    listing_add(writer->out, line->data, line->size_bytes, 0, NULL, false, true);
    buf_clear(line);
    if (is_task) {
        buf_printf(line, "/tasks/%u", body->task);
    } else {
        buf_printf(line, "/coroutines/%s", writer->program->bodies[writer->body].name);
    }
    listing_add_place(writer->out, line->data);
    buf_clear(line);
}

static void say_first_line(TwinWriter *writer, const char *text) {
    buf_append_text(&writer->line, text);
    twin_say_line(writer, NULL, false);
}

static void say_body(TwinWriter *writer, uint32_t index) {
    const TwinBody *body = &writer->plan->bodies[index];
    const ProgramTask *task =
        body->task == PROGRAM_NONE ? NULL : &writer->program->tasks[body->task];
    writer->body = index;
    writer->functions = 0;
    for (uint32_t i = 0; i < body->mention_count; i++) {
        const TwinMention *mention = &writer->plan->mentions[body->first_mention + i];
        if (mention->shared) {
            writer->shared[mention->name] = index + 1;
        }
    }
    say_heading(writer, body);
    writer->indent = 1;
    if (!body->is_called && (body->needs & TWIN_NEEDS_NAMES) != 0) {
        say_first_line(writer, "names = Names()");
    }
    if (body->recurses) {
        say_first_line(writer, "if depth > 1000:");
        writer->indent++;
        say_first_line(writer, "raise RecursionError(\"maximum recursion depth exceeded\")");
        writer->indent--;
    }
    if (body->tells && (task == NULL || task->numbered)) {
        say_first_line(writer, "task = asyncio.current_task().get_name()");
    }
    if (body->talks) {
        say_first_line(writer, "loop = asyncio.get_running_loop()");
    }
    writer->indent = 0;
    say_block(writer, writer->program->bodies[index].entry);
}

void scenario_list_python(const Scenario *scenario, Listing *out) {
    const Program *program = scenario->program;
    *out = (Listing){0};
    TwinPlan plan;
    twin_plan_make(&plan, program);
    TwinWriter writer = {.plan = &plan,
                         .program = program,
                         .out = out,
                         .set = mem_alloc(program->name_count, sizeof *writer.set),
                         .shared = mem_alloc(program->name_count, sizeof *writer.shared)};
    twin_write_head(&plan, scenario->title, out);
    for (int pass = 0; pass < 2; pass++) { /* the tasks first, as they are what begins */
        for (uint32_t body = 0; body < program->body_count; body++) {
            if ((plan.bodies[body].task != PROGRAM_NONE) == (pass == 0)) {
                say_body(&writer, body);
            }
        }
    }
    twin_write_main(&plan, out);
    buf_finish(&writer.line);
    free(writer.set);
    free(writer.shared);
    twin_plan_finish(&plan);
}
