/* What stands around the coroutines of a twin: imports, helpers, main. */
#include "scenario/twin.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A line; its indent is that of the text. */
static void say(Listing *out, const char *text) {
    const size_t blanks = strspn(text, " ");
    listing_add(out, text + blanks, strlen(text) - blanks, (uint32_t)(blanks / 4), NULL,
                strstr(text, "await ") != NULL, strncmp(text, "async def ", 10) == 0);
}

static void say_lines(Listing *out, const char *const *lines) {
    for (; *lines != NULL; lines++) {
        say(out, *lines);
    }
}

/* The numbers that come next for names that tasks of the file have already. */
static void say_numbers(const TwinPlan *plan, Listing *out) {
    const Program *program = plan->program;
    Buf line = {0};
    buf_append_text(&line, "numbers = {");
    const char *comma = "";
    for (uint32_t i = 0; i < program->task_count; i++) {
        if (!program->tasks[i].numbered) {
            buf_printf(&line, "%s\"%s\": 2", comma, program->tasks[i].name);
            comma = ", ";
        }
    }
    buf_append_text(&line, "}  # what comes next: name, name-2, name-3");
    say(out, buf_text(&line));
    buf_finish(&line);
}

/* Behind NAME-0 to NAME-9, which are copies, NAME is followed by NAME-10. */
static void say_spawn(const TwinPlan *plan, Listing *out) {
    const bool in_groups = (plan->helpers & TWIN_GROUPS) != 0;
    const Program *program = plan->program;
    Buf several = {0}, line = {0};
    for (uint32_t i = 0; i < program->task_count; i++) {
        const ProgramTask *task = &program->tasks[i];
        if (task->numbered && task->count > 2) {
            buf_printf(&several, "%s\"%s\": %u", several.size_bytes > 0 ? ", " : "", task->name,
                       task->count);
        }
    }
    say_lines(out, (const char *const[]){
                       "", "",
                       in_groups ? "def spawn(coroutine, name, group=asyncio):"
                                 : "def spawn(coroutine, name):",
                       "    \"\"\"Starts a task with a name that no other task has had.\"\"\"",
                       "    number = numbers.get(name, 1)", NULL});
    if (several.size_bytes == 0) {
        buf_append_text(&line, "    numbers[name] = number + 1");
    } else {
        buf_printf(&line, "    numbers[name] = max(number + 1, {%s}.get(name, 2))",
                   buf_text(&several));
    }
    say(out, "    unique = name if number == 1 else f\"{name}-{number}\"");
    say(out, in_groups ? "    task = group.create_task(coroutine, name=unique)"
                       : "    task = asyncio.create_task(coroutine, name=unique)");
    say(out, buf_text(&line));
    say(out, "    return task");
    buf_finish(&line);
    buf_finish(&several);
}

static void say_object(const TwinPlan *plan, uint32_t index, Listing *out) {
    const ProgramObject *object = &plan->program->objects[index];
    static const char *const KINDS[] = {[OBJECT_LOCK] = "Lock(",
                                        [OBJECT_SEMAPHORE] = "Semaphore(",
                                        [OBJECT_EVENT] = "Event(",
                                        [OBJECT_QUEUE] = "Queue("};
    Buf line = {0};
    if (object->kind == OBJECT_CHANNEL) {
        buf_printf(&line, "%s, %s = channel()", plan->ends[2 * index], plan->ends[2 * index + 1]);
        say(out, buf_text(&line));
        buf_finish(&line);
        return;
    }
    buf_printf(&line, "%s = asyncio.%s", plan->idents[object->name], KINDS[object->kind]);
    if (object->kind == OBJECT_QUEUE && object->count > 0) {
        buf_append_text(&line, "maxsize=");
    }
    if (object->kind == OBJECT_SEMAPHORE || (object->kind == OBJECT_QUEUE && object->count > 0)) {
        buf_append_u64(&line, object->count);
    }
    buf_append_char(&line, ')');
    say(out, buf_text(&line));
    buf_finish(&line);
}

static void say_imports(const TwinPlan *plan, Listing *out) {
    const unsigned helpers = plan->helpers;
    say(out, "import asyncio");
    say(out, "import gc");
    if ((helpers & (TWIN_FOLDERS | TWIN_INSIDE | TWIN_FSYNC)) != 0) {
        say(out, "import os");
    }
    if ((helpers & TWIN_CHANNELS) != 0) {
        say(out, "import socket");
    }
    say(out, "import sys");
    if ((helpers & TWIN_COMPUTE) != 0) {
        say(out, "import time");
    }
    if ((helpers & TWIN_THREADS) != 0) {
        say(out, "from asyncio import to_thread");
    }
    if ((helpers & TWIN_DEPTH) != 0) {
        say_lines(out, (const char *const[]){"", "sys.setrecursionlimit(100_000)", NULL});
    }
    say_lines(out, (const char *const[]){"", "lost = []  # errors that reached nobody", NULL});
    if ((helpers & TWIN_TASKS) != 0) {
        say(out, "tasks = {}  # those that are awaited by name");
    }
    if ((helpers & TWIN_SPAWN) != 0) {
        say_numbers(plan, out);
    }
}

/* Behind the helpers, since one of them makes channels. */
static void say_objects(const TwinPlan *plan, Listing *out) {
    const unsigned functions =
        TWIN_COMPUTE | TWIN_FOLDERS | TWIN_INSIDE | TWIN_CHANNELS | TWIN_NAMES | TWIN_SPAWN;
    if (plan->program->object_count > 0 && (plan->helpers & functions) != 0) {
        say_lines(out, (const char *const[]){"", "", NULL});
    }
    for (uint32_t i = 0; i < plan->program->object_count; i++) {
        say_object(plan, i, out);
    }
}

static const char *const COMPUTE[] = {"",
                                      "",
                                      "def compute(seconds):",
                                      "    \"\"\"Keeps the thread busy, and never awaits.\"\"\"",
                                      "    end = time.perf_counter() + seconds",
                                      "    while time.perf_counter() < end:",
                                      "        pass",
                                      NULL};

static const char *const FOLDERS[] = {
    "",
    "",
    "def open_below(path, mode):",
    "    \"\"\"Opens a file to write, in folders that are made where they are missing.\"\"\"",
    "    os.makedirs(os.path.dirname(path) or \".\", exist_ok=True)",
    "    return open(path, mode, buffering=0)",
    NULL};

static const char *const INSIDE[] = {
    "",
    "",
    "def inside(path):",
    "    \"\"\"Refuses a path that leads out of the folder in which the program runs.\"\"\"",
    "    if not path or os.path.isabs(path) or os.path.normpath(path).split(os.sep)[0] == \"..\":",
    "        raise PermissionError(1, \"Operation not permitted\", path)",
    "    return path",
    NULL};

static const char *const CHANNELS[] = {
    "",
    "",
    "def channel():",
    "    \"\"\"Two connected sockets that asyncio can wait for.\"\"\"",
    "    ends = socket.socketpair()",
    "    for end in ends:",
    "        end.setblocking(False)",
    "    return ends",
    NULL};

/* Attributes that can't have the names of the scenario: "class_": "class". */
static void append_renamed(const TwinPlan *plan, Buf *out) {
    bool *seen = mem_alloc(plan->program->name_count, sizeof *seen);
    for (uint32_t i = 0; i < plan->mention_count; i++) {
        const uint32_t name = plan->mentions[i].name;
        const char *text = plan->program->names[name].text;
        if (plan->mentions[i].shared && !seen[name] && !twin_is_attribute(text)) {
            seen[name] = true;
            buf_printf(out, "%s\"%s\": \"%s\"", out->size_bytes > 0 ? ", " : "", plan->idents[name],
                       text);
        }
    }
    free(seen);
}

static void say_names(const TwinPlan *plan, Listing *out) {
    Buf renamed = {0}, line = {0};
    append_renamed(plan, &renamed);
    say_lines(out, (const char *const[]){"", "", "class Names:",
                                         "    \"\"\"What the coroutines of one task share.\"\"\"",
                                         "", "    def __getattr__(self, name):", NULL});
    if (renamed.size_bytes > 0) {
        buf_printf(&line, "        name = {%s}.get(name, name)", buf_text(&renamed));
        say(out, buf_text(&line));
    }
    say(out, "        raise RuntimeError(f\"name '{name}' is not set\")");
    buf_finish(&renamed);
    buf_finish(&line);
}

void twin_write_head(const TwinPlan *plan, const char *title, Listing *out) {
    static const struct {
        TwinHelper helper;
        const char *const *lines;
    } HELPERS[] = {{TWIN_COMPUTE, COMPUTE},
                   {TWIN_FOLDERS, FOLDERS},
                   {TWIN_INSIDE, INSIDE},
                   {TWIN_CHANNELS, CHANNELS}};
    Buf line = {0};
    buf_append_text(&line, "\"\"\"");
    twin_append_escaped(&line, title, strlen(title), false);
    buf_append_text(&line, "\"\"\"");
    listing_add(out, line.data, line.size_bytes, 0, NULL, false, false);
    buf_finish(&line);
    say_imports(plan, out);
    for (size_t i = 0; i < sizeof HELPERS / sizeof HELPERS[0]; i++) {
        if ((plan->helpers & HELPERS[i].helper) != 0) {
            say_lines(out, HELPERS[i].lines);
        }
    }
    if ((plan->helpers & TWIN_NAMES) != 0) {
        say_names(plan, out);
    }
    if ((plan->helpers & TWIN_SPAWN) != 0) {
        say_spawn(plan, out);
    }
    say_objects(plan, out);
}

/* ---- main ---- */

static void say_task(const TwinPlan *plan, uint32_t index, Listing *out) {
    const ProgramTask *task = &plan->program->tasks[index];
    const TwinBody *body = &plan->bodies[task->body];
    Buf line = {0};
    if (task->numbered) {
        buf_printf(&line, "    for number in range(%u):", task->count);
        say(out, buf_text(&line));
        buf_clear(&line);
        buf_printf(&line, "        asyncio.create_task(%s(%s), name=f\"%s-{number}\")", body->ident,
                   (body->needs & TWIN_NEEDS_NUMBER) != 0 ? "number" : "", task->name);
    } else {
        buf_append_text(&line, "    ");
        if (plan->awaited[index]) {
            buf_printf(&line, "tasks[\"%s\"] = ", task->name);
        }
        buf_printf(&line, "asyncio.create_task(%s(), name=\"%s\")", body->ident, task->name);
    }
    say(out, buf_text(&line));
    buf_finish(&line);
}

void twin_write_main(const TwinPlan *plan, Listing *out) {
    say_lines(out, (const char *const[]){
                       "", "", "def tell_lost(loop, context):",
                       "    \"\"\"asyncio calls this for an error that reached nobody.\"\"\"",
                       "    if \"future\" in context:",
                       "        lost.append(str(context[\"exception\"]))",
                       "    loop.default_exception_handler(context)", "", "", "async def main():",
                       "    asyncio.get_running_loop().set_exception_handler(tell_lost)", NULL});
    for (uint32_t i = 0; i < plan->program->task_count; i++) {
        say_task(plan, i, out);
    }
    say_lines(out, (const char *const[]){
                       "    while others := asyncio.all_tasks() - {asyncio.current_task()}:",
                       "        await asyncio.wait(others)", "", "", "asyncio.run(main())", NULL});
    if ((plan->helpers & TWIN_TASKS) != 0) {
        say(out, "tasks.clear()");
    }
    say(out, "gc.collect()  # asyncio tells lost errors when their tasks go");
    say(out, "sys.exit(1 if lost else 0)");
}
