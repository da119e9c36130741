/* Which names are sure to be set where a step uses them. A caught error, or the next round of a
 * loop, may leave that open: such a name becomes one of the task's names, which know whether they
 * are set. All others are plain variables, or sure not to be set.
 *
 * A function that runs in a thread may change a variable of its coroutine that the coroutine itself
 * sets, and return one that it alone sets; where that is not enough, the name is the task's. */
#include "scenario/twin.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

typedef struct Flow {
    TwinPlan *plan;
    const Program *program;
    bool *may;      /* by name: something may have set it */
    bool *is_set;   /* by name: it is sure to be set */
    uint32_t *sure; /* those names, in the order in which they became so */
    uint32_t sure_count;
    bool *unsure;   /* by name: may be set or not where it is used */
    bool *own;      /* by name: a step of the coroutine's sets it that is in no thread */
    bool *expected; /* by name: a function in a thread sets it further down */
} Flow;

static void give(Flow *flow, uint32_t name) {
    if (name == PROGRAM_NONE || flow->is_set[name]) {
        return;
    }
    flow->may[name] = true;
    flow->is_set[name] = true;
    flow->sure[flow->sure_count++] = name;
}

static void use(Flow *flow, uint32_t name) {
    if (flow->may[name] && !flow->is_set[name]) {
        flow->unsure[name] = true;
    }
}

/* Back to what was sure before. */
static void forget(Flow *flow, uint32_t count) {
    while (flow->sure_count > count) {
        flow->is_set[flow->sure[--flow->sure_count]] = false;
    }
}

/* The names that became sure behind `count`; the caller owns them. */
static uint32_t *copy_sure(const Flow *flow, uint32_t count) {
    const uint32_t size = flow->sure_count - count;
    uint32_t *names = mem_alloc((size_t)size + 1, sizeof *names);
    memcpy(names, &flow->sure[count], size * sizeof *names);
    return names;
}

static void expect_gifts(Flow *flow, uint32_t pc, uint32_t end) {
    for (; pc < end; pc++) {
        const uint32_t name = twin_given(&flow->program->code[pc]);
        if (name != PROGRAM_NONE) {
            flow->may[name] = true;
        }
    }
}

/* ---- blocks ---- */

static uint32_t flow_block(Flow *flow, uint32_t pc);

/* Returns the pc of the OP_EXCEPTED. Sure is then what both ways have set. */
static uint32_t flow_except(Flow *flow, uint32_t tried, uint32_t before) {
    const uint32_t tried_count = flow->sure_count - before;
    uint32_t *in_try = copy_sure(flow, before);
    forget(flow, before);
    const uint32_t end = flow_block(flow, tried + 1);
    ASSERT(flow->program->code[end].op == OP_EXCEPTED);
    uint32_t both = 0;
    for (uint32_t i = 0; i < tried_count; i++) {
        if (flow->is_set[in_try[i]]) {
            in_try[both++] = in_try[i];
        }
    }
    forget(flow, before);
    for (uint32_t i = 0; i < both; i++) {
        give(flow, in_try[i]);
    }
    free(in_try);
    return end;
}

/* Returns the pc behind it. */
static uint32_t flow_try(Flow *flow, uint32_t pc) {
    const uint32_t before = flow->sure_count;
    uint32_t end = flow_block(flow, pc + 1);
    if (flow->program->code[end].op == OP_TRIED) {
        end = flow_except(flow, end, before);
        if (flow->program->code[pc].imm != 0) {
            end++;
        }
    }
    if (flow->program->code[pc].imm != 0) {
        ASSERT(flow->program->code[end].op == OP_FINALLY);
        const uint32_t count = flow->sure_count - before;
        uint32_t *names = copy_sure(flow, before);
        forget(flow, before);
        end = flow_block(flow, end + 1);
        for (uint32_t i = 0; i < count; i++) {
            give(flow, names[i]);
        }
        free(names);
    }
    return end + 1;
}

/* Calls `visit` for each name that the step uses, also in its text. */
static void visit_uses(Flow *flow, const Instr *instr, void (*visit)(Flow *flow, uint32_t name)) {
    const uint32_t template = twin_template(instr);
    if (template != PROGRAM_NONE) {
        const Template *all = &flow->program->templates[template];
        for (uint32_t i = 0; i < all->count; i++) {
            const Piece *piece = &flow->program->pieces[all->first + i];
            if (piece->kind == PIECE_NAME) {
                visit(flow, piece->name);
            }
        }
    }
    const TwinNames used = twin_used(flow->program, instr);
    for (uint32_t i = 0; i < used.count; i++) {
        visit(flow, used.names[i]);
    }
}

/* Inside a function of a thread: `expected` are those that it gives further down. */
static void use_in_thread(Flow *flow, uint32_t name) {
    if (flow->expected[name]) {
        flow->unsure[name] = true;
    }
}

/* What the function reads before it sets it would be an unset variable of its own, not the
 * coroutine's; so would be what it sets in a loop that never goes round. */
static void flow_thread_names(Flow *flow, uint32_t pc, uint32_t end) {
    const Instr *code = flow->program->code;
    for (uint32_t at = pc; at < end; at++) {
        const uint32_t name = twin_given(&code[at]);
        if (name != PROGRAM_NONE && !flow->own[name]) {
            flow->expected[name] = true;
        }
    }
    uint32_t never = pc; /* before this pc, nothing is ever reached */
    for (uint32_t at = pc; at < end; at++) {
        if (code[at].op == OP_REPEAT && code[at].imm == 0 && code[at].arg > never) {
            never = code[at].arg;
        }
        visit_uses(flow, &code[at], use_in_thread);
        const uint32_t name = twin_given(&code[at]);
        if (name != PROGRAM_NONE && at >= never) {
            flow->expected[name] = false;
        }
    }
    for (uint32_t at = pc; at < end; at++) {
        const uint32_t name = twin_given(&code[at]);
        if (name != PROGRAM_NONE) {
            flow->unsure[name] = flow->unsure[name] || flow->expected[name];
            flow->expected[name] = false;
        }
    }
}

/* Returns the pc behind it. */
static uint32_t flow_repeat(Flow *flow, uint32_t pc) {
    const Instr *instr = &flow->program->code[pc];
    if (instr->imm > 1) {
        expect_gifts(flow, pc + 1, instr->arg);
    }
    return instr->imm == 0 ? instr->arg : flow_block(flow, pc + 1) + 1;
}

static void flow_step(Flow *flow, const Instr *instr) {
    visit_uses(flow, instr, use);
    give(flow, twin_given(instr));
}

/* Returns the pc of what ends the block. */
static uint32_t flow_block(Flow *flow, uint32_t pc) {
    while (!twin_ends_block(&flow->program->code[pc])) {
        const Instr *instr = &flow->program->code[pc];
        if (instr->op == OP_REPEAT) {
            pc = flow_repeat(flow, pc);
        } else if (instr->op == OP_TRY) {
            pc = flow_try(flow, pc);
        } else if (instr->op == OP_WITH || instr->op == OP_GROUP || instr->op == OP_TIMEOUT) {
            pc = flow_block(flow, pc + 1) + 1;
        } else if (instr->op == OP_THREAD) {
            flow_thread_names(flow, pc + 1, instr->arg);
            pc = flow_block(flow, pc + 1) + 1;
        } else {
            flow_step(flow, instr);
            pc++;
        }
    }
    return pc;
}

/* ---- bodies ---- */

static void find_own(Flow *flow, uint32_t pc) {
    for (; flow->program->code[pc].op != OP_RETURN; pc++) {
        const uint32_t name = twin_given(&flow->program->code[pc]);
        if (flow->program->code[pc].op == OP_THREAD) {
            pc = flow->program->code[pc].arg - 1;
        } else if (name != PROGRAM_NONE) {
            flow->own[name] = true;
        }
    }
}

static void flow_body(Flow *flow, uint32_t index) {
    TwinPlan *plan = flow->plan;
    TwinBody *body = &plan->bodies[index];
    const uint32_t entry = flow->program->bodies[index].entry;
    if (body->is_called) { /* an earlier call in the task may have set what this one gives */
        uint32_t end = entry;
        while (flow->program->code[end].op != OP_RETURN) {
            end++;
        }
        expect_gifts(flow, entry, end);
    }
    find_own(flow, entry);
    flow_block(flow, entry);
    forget(flow, 0);
    for (uint32_t i = 0; i < body->mention_count; i++) {
        TwinMention *at = &plan->mentions[body->first_mention + i];
        if (flow->unsure[at->name]) {
            at->shared = true;
            body->needs |= TWIN_NEEDS_NAMES;
        }
        flow->may[at->name] = false;
        flow->own[at->name] = false;
        flow->unsure[at->name] = false;
    }
}

void twin_flow_find(TwinPlan *plan) {
    const uint32_t names = plan->program->name_count;
    Flow flow = {.plan = plan,
                 .program = plan->program,
                 .may = mem_alloc(names, sizeof *flow.may),
                 .is_set = mem_alloc(names, sizeof *flow.is_set),
                 .sure = mem_alloc(names, sizeof *flow.sure),
                 .unsure = mem_alloc(names, sizeof *flow.unsure),
                 .own = mem_alloc(names, sizeof *flow.own),
                 .expected = mem_alloc(names, sizeof *flow.expected)};
    for (uint32_t body = 0; body < plan->program->body_count; body++) {
        flow_body(&flow, body);
    }
    free(flow.may);
    free(flow.is_set);
    free(flow.sure);
    free(flow.unsure);
    free(flow.own);
    free(flow.expected);
}
