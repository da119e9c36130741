/* What has to be known of the whole program before its twin can be written. */
#include "scenario/twin.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* While the plan is made. */
typedef struct Planner {
    TwinPlan *plan;
    size_t call_cap, mention_cap;
    uint32_t *mentioned;                   /* by name: body + 1 that mentioned it last */
    uint32_t blocks[256], depth;           /* pcs of the loops around a step ... */
    uint32_t excepts[256], except_depth;   /* ... and of the OP_TRIED; as deep as they nest */
    uint32_t *callers;                     /* of all bodies, by first_caller */
    uint32_t *first_caller, *caller_count; /* by body */
} Planner;

/* ---- what stands in the bodies ---- */

static void mention(Planner *planner, uint32_t body, uint32_t name) {
    TwinPlan *plan = planner->plan;
    if (name == PROGRAM_NONE || planner->mentioned[name] == body + 1) {
        return;
    }
    planner->mentioned[name] = body + 1;
    plan->mentions = mem_grow(plan->mentions, &planner->mention_cap, plan->mention_count + 1,
                              sizeof *plan->mentions);
    plan->mentions[plan->mention_count++] = (TwinMention){.name = name};
    plan->bodies[body].mention_count++;
}

/* An index is the innermost loop's, an error the innermost "except"'s. A note is a comment: all
 * that it needs is that its variables are set. */
static void scan_template(Planner *planner, uint32_t body, const Instr *instr) {
    const Program *program = planner->plan->program;
    const Template *all = &program->templates[twin_template(instr)];
    for (uint32_t i = 0; i < all->count; i++) {
        const Piece *piece = &program->pieces[all->first + i];
        if (piece->kind == PIECE_NAME) {
            mention(planner, body, piece->name);
        } else if (instr->op == OP_NOTE) {
            continue;
        } else if (piece->kind == PIECE_TASK) {
            planner->plan->bodies[body].tells = true;
            planner->plan->bodies[body].needs |= TWIN_TELLS_TASK;
        } else if (piece->kind == PIECE_COPY) {
            planner->plan->bodies[body].needs |= TWIN_NEEDS_NUMBER;
        } else if (piece->kind == PIECE_LOOP) {
            ASSERT(planner->depth > 0);
            planner->plan->told[planner->blocks[planner->depth - 1]] = true;
        } else if (piece->kind == PIECE_ERROR) {
            ASSERT(planner->except_depth > 0);
            planner->plan->told[planner->excepts[planner->except_depth - 1]] = true;
        }
    }
}

static void scan_call(Planner *planner, uint32_t body, uint32_t target) {
    TwinPlan *plan = planner->plan;
    plan->calls =
        mem_grow(plan->calls, &planner->call_cap, plan->call_count + 1, sizeof *plan->calls);
    plan->calls[plan->call_count++] = target;
    plan->bodies[body].call_count++;
    plan->bodies[target].is_called = true;
    planner->caller_count[target]++;
}

/* A task's name is the only one of its kind where one step spawns it, once. */
static void scan_spawn(TwinPlan *plan, uint32_t body, const Instr *instr, bool in_loop) {
    const bool is_once = !in_loop && plan->bodies[body].task != PROGRAM_NONE &&
                         plan->program->tasks[plan->bodies[body].task].count == 1;
    plan->bodies[instr->arg].is_root = true;
    if (instr->name != PROGRAM_NONE) {
        plan->spawns[instr->name] += is_once && plan->spawns[instr->name] < 2 ? 1 : 2;
    }
}

static void scan_names(Planner *planner, uint32_t body, const Instr *instr) {
    const Program *program = planner->plan->program;
    mention(planner, body, twin_given(instr));
    const TwinNames used = twin_used(program, instr);
    for (uint32_t i = 0; i < used.count; i++) {
        const Name *name = &program->names[used.names[i]];
        if (!name->global) {
            mention(planner, body, used.names[i]);
        } else if (name->task != PROGRAM_NONE) {
            planner->plan->awaited[name->task] = true;
            planner->plan->helpers |= TWIN_TASKS;
        }
    }
}

static void scan_open(TwinPlan *plan, const Instr *instr) {
    if (twin_path_varies(plan->program, instr->arg)) {
        plan->helpers |= TWIN_INSIDE;
    }
    if (twin_makes_folders(plan->program, instr)) {
        plan->helpers |= TWIN_FOLDERS;
    }
}

static void scan_helpers(TwinPlan *plan, uint32_t body, const Instr *instr) {
    plan->helpers |= instr->op == OP_COMPUTE ? TWIN_COMPUTE : 0;
    plan->helpers |= instr->op == OP_FSYNC ? TWIN_FSYNC : 0;
    plan->bodies[body].talks = plan->bodies[body].talks || instr->op == OP_SEND_TEXT ||
                               instr->op == OP_SEND_FILL || instr->op == OP_RECEIVE;
    plan->helpers |= twin_in_thread(instr) || instr->op == OP_THREAD ? TWIN_THREADS : 0;
    if (instr->op == OP_OPEN) {
        scan_open(plan, instr);
    }
}

static void scan_block(Planner *planner, uint32_t pc) {
    const Instr *instr = &planner->plan->program->code[pc];
    ASSERT(planner->depth < 256 && planner->except_depth < 256);
    if (instr->op == OP_REPEAT) {
        planner->blocks[planner->depth++] = pc;
    } else if (instr->op == OP_NEXT) {
        planner->depth--;
    } else if (instr->op == OP_TRIED) {
        planner->excepts[planner->except_depth++] = pc;
    } else if (instr->op == OP_EXCEPTED) {
        planner->except_depth--;
    }
}

static void scan_body(Planner *planner, uint32_t body) {
    TwinPlan *plan = planner->plan;
    plan->bodies[body].first_call = plan->call_count;
    plan->bodies[body].first_mention = plan->mention_count;
    for (uint32_t pc = plan->program->bodies[body].entry; plan->program->code[pc].op != OP_RETURN;
         pc++) {
        const Instr *instr = &plan->program->code[pc];
        scan_block(planner, pc);
        if (instr->op == OP_CALL) {
            scan_call(planner, body, instr->arg);
        } else if (instr->op == OP_SPAWN) {
            scan_spawn(plan, body, instr, planner->depth > 0);
        }
        if (twin_template(instr) != PROGRAM_NONE) {
            scan_template(planner, body, instr);
        }
        scan_names(planner, body, instr);
        scan_helpers(plan, body, instr);
    }
}

/* ---- calls ---- */

static void callers_make(Planner *planner) {
    TwinPlan *plan = planner->plan;
    const uint32_t count = plan->program->body_count;
    planner->callers = mem_alloc((size_t)plan->call_count + 1, sizeof *planner->callers);
    uint32_t filled = 0;
    for (uint32_t body = 0; body < count; body++) {
        planner->first_caller[body] = filled;
        filled += planner->caller_count[body];
        planner->caller_count[body] = 0;
    }
    for (uint32_t body = 0; body < count; body++) {
        for (uint32_t i = 0; i < plan->bodies[body].call_count; i++) {
            const uint32_t target = plan->calls[plan->bodies[body].first_call + i];
            planner->callers[planner->first_caller[target] + planner->caller_count[target]++] =
                body;
        }
    }
}

/* Who calls one that needs something needs it, too. */
static void spread_need(Planner *planner, unsigned need) {
    TwinPlan *plan = planner->plan;
    const uint32_t bodies = plan->program->body_count;
    uint32_t *queue = mem_alloc(bodies, sizeof *queue);
    uint32_t count = 0;
    for (uint32_t body = 0; body < bodies; body++) {
        if ((plan->bodies[body].needs & need) != 0) {
            queue[count++] = body;
        }
    }
    for (uint32_t at = 0; at < count; at++) {
        for (uint32_t i = 0; i < planner->caller_count[queue[at]]; i++) {
            const uint32_t caller = planner->callers[planner->first_caller[queue[at]] + i];
            if ((plan->bodies[caller].needs & need) == 0) {
                plan->bodies[caller].needs |= need;
                queue[count++] = caller;
            }
        }
    }
    free(queue);
}

/* All that `root` runs, itself included, in `reached`; `seen` holds root + 1 for them. */
static uint32_t reach(const TwinPlan *plan, uint32_t root, uint32_t *reached, uint32_t *seen) {
    uint32_t count = 1;
    reached[0] = root;
    seen[root] = root + 1;
    for (uint32_t at = 0; at < count; at++) {
        const TwinBody *body = &plan->bodies[reached[at]];
        for (uint32_t i = 0; i < body->call_count; i++) {
            const uint32_t target = plan->calls[body->first_call + i];
            if (seen[target] != root + 1) {
                seen[target] = root + 1;
                reached[count++] = target;
            }
        }
    }
    return count;
}

/* Bodies that nothing calls are put aside again and again; what is left may come back to itself. */
static void find_recursion(Planner *planner) {
    TwinPlan *plan = planner->plan;
    const uint32_t bodies = plan->program->body_count;
    uint32_t *left = mem_alloc(bodies, sizeof *left);
    uint32_t *queue = mem_alloc(bodies, sizeof *queue);
    uint32_t count = 0;
    for (uint32_t body = 0; body < bodies; body++) {
        plan->bodies[body].recurses = true;
        left[body] = planner->caller_count[body];
        if (left[body] == 0) {
            queue[count++] = body;
        }
    }
    for (uint32_t at = 0; at < count; at++) {
        const TwinBody *body = &plan->bodies[queue[at]];
        plan->bodies[queue[at]].recurses = false;
        for (uint32_t i = 0; i < body->call_count; i++) {
            const uint32_t target = plan->calls[body->first_call + i];
            if (--left[target] == 0) {
                queue[count++] = target;
            }
        }
    }
    for (uint32_t body = 0; body < bodies; body++) {
        if (plan->bodies[body].recurses) {
            plan->bodies[body].needs |= TWIN_NEEDS_DEPTH;
            plan->helpers |= TWIN_DEPTH;
        }
    }
    free(left);
    free(queue);
}

/* ---- shared names ---- */

typedef struct Sharing {
    uint32_t *first; /* by name: body + 1 of the first that mentions it under this root ... */
    uint32_t *root;  /* ... and that root + 1 */
    bool *several;   /* more bodies do; good where `root` is this one's */
} Sharing;

static void share_in(TwinPlan *plan, Sharing *sharing, uint32_t root, const uint32_t *reached,
                     uint32_t count) {
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < count; i++) {
            TwinBody *body = &plan->bodies[reached[i]];
            for (uint32_t k = 0; k < body->mention_count; k++) {
                TwinMention *at = &plan->mentions[body->first_mention + k];
                if (pass == 1) {
                    at->shared = at->shared || sharing->several[at->name];
                    body->needs |= at->shared ? TWIN_NEEDS_NAMES : 0;
                } else if (sharing->root[at->name] != root + 1) {
                    sharing->root[at->name] = root + 1;
                    sharing->first[at->name] = reached[i];
                    sharing->several[at->name] = body->recurses;
                } else {
                    sharing->several[at->name] = true;
                }
            }
        }
    }
}

static void find_sharing(TwinPlan *plan) {
    const Program *program = plan->program;
    Sharing sharing = {.first = mem_alloc(program->name_count, sizeof *sharing.first),
                       .root = mem_alloc(program->name_count, sizeof *sharing.root),
                       .several = mem_alloc(program->name_count, sizeof *sharing.several)};
    uint32_t *reached = mem_alloc(program->body_count, sizeof *reached);
    uint32_t *seen = mem_alloc(program->body_count, sizeof *seen);
    for (uint32_t root = 0; root < program->body_count; root++) {
        TwinBody *body = &plan->bodies[root];
        if (!body->is_root) {
            continue;
        }
        const uint32_t count = reach(plan, root, reached, seen);
        share_in(plan, &sharing, root, reached, count);
        const bool copies = body->task != PROGRAM_NONE && program->tasks[body->task].numbered;
        for (uint32_t i = 0; i < count && copies; i++) {
            plan->bodies[reached[i]].from_copy = true;
        }
    }
    for (uint32_t i = 0; i < plan->mention_count; i++) {
        plan->helpers |= plan->mentions[i].shared ? TWIN_NAMES : 0;
    }
    free(sharing.first);
    free(sharing.root);
    free(sharing.several);
    free(reached);
    free(seen);
}

/* ---- the whole ---- */

static void name_one(TwinPlan *plan, uint32_t name) {
    if (plan->idents[name] == NULL) {
        plan->idents[name] = twin_ident(&plan->taken, plan->program->names[name].text, "_");
    }
}

static void name_object(TwinPlan *plan, uint32_t index) {
    const ProgramObject *object = &plan->program->objects[index];
    if (object->kind != OBJECT_CHANNEL) {
        name_one(plan, object->name);
        return;
    }
    plan->helpers |= TWIN_CHANNELS;
    for (uint32_t end = 0; end < 2; end++) {
        Buf text = {0};
        buf_printf(&text, "%s_%c", plan->program->names[object->name].text, end == 0 ? 'a' : 'b');
        plan->ends[2 * index + end] = twin_ident(&plan->taken, buf_text(&text), "_");
        buf_finish(&text);
    }
}

static void name_bodies(TwinPlan *plan) {
    const Program *program = plan->program;
    for (int pass = 0; pass < 2; pass++) { /* coroutines keep their names where a task has it too */
        for (uint32_t body = 0; body < program->body_count; body++) {
            if ((plan->bodies[body].task != PROGRAM_NONE) == (pass == 1)) {
                plan->bodies[body].ident =
                    twin_ident(&plan->taken, program->bodies[body].name, pass == 1 ? "_task" : "_");
            }
        }
    }
    for (uint32_t i = 0; i < program->object_count; i++) {
        name_object(plan, i);
    }
    for (uint32_t i = 0; i < plan->mention_count; i++) {
        name_one(plan, plan->mentions[i].name);
    }
}

bool twin_spawn_counts(const TwinPlan *plan, const Instr *instr) {
    return plan->names_are_told && (instr->name == PROGRAM_NONE || plan->spawns[instr->name] != 1);
}

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A spawn without "as" takes the coroutine's name: one that another spawn gives may be its own. */
static void find_plain_names(TwinPlan *plan) {
    const Program *program = plan->program;
    const char **bodies = mem_alloc(program->body_count, sizeof *bodies);
    for (uint32_t body = 0; body < program->body_count; body++) {
        bodies[body] = program->bodies[body].name;
    }
    qsort(bodies, program->body_count, sizeof *bodies, compare_texts);
    for (uint32_t name = 0; name < program->name_count; name++) {
        if (bsearch(&program->names[name].text, bodies, program->body_count, sizeof *bodies,
                    compare_texts) != NULL) {
            plan->spawns[name] += 2;
        }
    }
    free(bodies);
}

static void find_spawns(TwinPlan *plan) {
    const Program *program = plan->program;
    find_plain_names(plan);
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t pc = 0; pc < program->code_count; pc++) {
            const Instr *instr = &program->code[pc];
            if (instr->op == OP_SPAWN && pass == 0) {
                const bool tells = (plan->bodies[instr->arg].needs & TWIN_TELLS_TASK) != 0;
                plan->names_are_told = plan->names_are_told || tells;
            } else if (instr->op == OP_SPAWN && twin_spawn_counts(plan, instr)) {
                plan->helpers |= TWIN_SPAWN;
                plan->helpers |= (instr->flags & INSTR_GROUPED) != 0 ? TWIN_GROUPS : 0;
            }
        }
    }
}

void twin_plan_make(TwinPlan *plan, const Program *program) {
    const uint32_t bodies = program->body_count, names = program->name_count;
    *plan = (TwinPlan){.program = program,
                       .bodies = mem_alloc(bodies, sizeof *plan->bodies),
                       .idents = mem_alloc(names, sizeof *plan->idents),
                       .ends = mem_alloc(2 * (size_t)program->object_count, sizeof *plan->ends),
                       .spawns = mem_alloc(names, sizeof *plan->spawns),
                       .awaited = mem_alloc(program->task_count, sizeof *plan->awaited),
                       .told = mem_alloc(program->code_count, sizeof *plan->told)};
    Planner planner = {.plan = plan,
                       .mentioned = mem_alloc(names, sizeof *planner.mentioned),
                       .first_caller = mem_alloc(bodies, sizeof *planner.first_caller),
                       .caller_count = mem_alloc(bodies, sizeof *planner.caller_count)};
    for (uint32_t body = 0; body < bodies; body++) {
        plan->bodies[body].task = PROGRAM_NONE;
    }
    for (uint32_t task = 0; task < program->task_count; task++) {
        plan->bodies[program->tasks[task].body].task = task;
        plan->bodies[program->tasks[task].body].is_root = true;
    }
    for (uint32_t body = 0; body < bodies; body++) {
        scan_body(&planner, body);
    }
    callers_make(&planner);
    find_recursion(&planner);
    twin_flow_find(plan);
    find_sharing(plan);
    for (uint32_t body = 0; body < bodies; body++) {
        plan->bodies[body].needs &=
            plan->bodies[body].from_copy ? ~0U : ~(unsigned)TWIN_NEEDS_NUMBER;
    }
    spread_need(&planner, TWIN_NEEDS_NAMES);
    spread_need(&planner, TWIN_NEEDS_DEPTH);
    spread_need(&planner, TWIN_TELLS_TASK);
    spread_need(&planner, TWIN_NEEDS_NUMBER);
    for (uint32_t body = 0; body < bodies; body++) { /* callers outside of copies say 0 */
        plan->bodies[body].needs &=
            plan->bodies[body].from_copy ? ~0U : ~(unsigned)TWIN_NEEDS_NUMBER;
    }
    name_bodies(plan);
    find_spawns(plan);
    free(planner.mentioned);
    free(planner.callers);
    free(planner.first_caller);
    free(planner.caller_count);
}

void twin_plan_finish(TwinPlan *plan) {
    for (uint32_t body = 0; body < plan->program->body_count; body++) {
        free(plan->bodies[body].ident);
    }
    for (uint32_t name = 0; name < plan->program->name_count; name++) {
        free(plan->idents[name]);
    }
    for (uint32_t end = 0; end < 2 * plan->program->object_count; end++) {
        free(plan->ends[end]);
    }
    twin_idents_finish(&plan->taken);
    free(plan->ends);
    free(plan->bodies);
    free(plan->calls);
    free(plan->mentions);
    free(plan->idents);
    free(plan->spawns);
    free(plan->awaited);
    free(plan->told);
}
