/* Loading: the top level of the file, and the order in which everything is compiled. */
#include "scenario/compile.h"
#include "scenario/scenario.h"

#include "base/assert.h"
#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT_MAX = 1 << 24 }; /* copies of one task; the run's limit on tasks is lower */

typedef struct Loading {
    Compiler compiler;
    Reader reader;
    const char *title;
    Buf about;
} Loading;

typedef void KeyRead(Loading *loading, Value value);

typedef struct KeyRow {
    const char *key;
    KeyRead *read;
    int pass; /* names are known before steps are compiled */
} KeyRow;

/* ---- names ---- */

/* A new global name; reports one that is taken. */
static uint32_t global_add(Loading *loading, size_t offset, const char *text, NameKind kind) {
    Compiler *compiler = &loading->compiler;
    const uint32_t name = program_add_name(compiler->builder, text);
    const NameKind taken = compiler_global(compiler, name);
    if (taken != NAME_UNKNOWN) {
        mistake_at(&loading->reader, offset, "the name \"%.64s\" is already taken by %s", text,
                   NAME_KIND_WORDS[taken]);
    } else {
        compiler_set_global(compiler, name, kind);
    }
    return name;
}

static uint32_t start_of(const Loading *loading, Value value) {
    return loading->reader.scan.nodes[value.node].start;
}

static void read_name_array(Loading *loading, Value value, NameKind kind) {
    Reader *reader = &loading->reader;
    if (!value_is_array(value)) {
        mistake_type(reader, value, "an array of names");
        return;
    }
    size_t index = 0;
    for (Value item = value_child(reader, value); item.json != NULL;
         item = value_next(reader, item)) {
        const size_t mark = reader_push_index(reader, index++);
        const char *text = NULL;
        if (read_name(reader, item, &text)) {
            global_add(loading, start_of(loading, item), text, kind);
        }
        reader_pop(reader, mark);
    }
}

static void read_locks(Loading *loading, Value value) {
    read_name_array(loading, value, NAME_LOCK);
}

static void read_events(Loading *loading, Value value) {
    read_name_array(loading, value, NAME_EVENT);
}

static void read_channels(Loading *loading, Value value) {
    read_name_array(loading, value, NAME_CHANNEL);
}

/* A key that must be a name; false and a mistake where it is none. */
static bool check_key_name(Loading *loading, Value member) {
    if (is_name(member.json->string)) {
        return true;
    }
    diag_set_expected(
        mistake_key(&loading->reader, member, "\"%.64s\" is no name", member.json->string),
        "letters, digits and _, not beginning with a digit");
    return false;
}

static void read_counted(Loading *loading, Value value, NameKind kind) {
    Reader *reader = &loading->reader;
    if (!value_is_object(value)) {
        mistake_type(reader, value, "an object of names and whole numbers");
        return;
    }
    check_duplicate_keys(reader, value);
    for (Value member = value_child(reader, value); member.json != NULL;
         member = value_next(reader, member)) {
        const size_t mark = reader_push_key(reader, member.json->string);
        uint64_t count = 0;
        read_integer(reader, member, 0, INTEGER_MAX, &count);
        if (check_key_name(loading, member)) {
            global_add(loading, reader->scan.nodes[member.node].key, member.json->string, kind);
        }
        reader_pop(reader, mark);
    }
}

static void read_semaphores(Loading *loading, Value value) {
    read_counted(loading, value, NAME_SEMAPHORE);
}

static void read_queues(Loading *loading, Value value) {
    read_counted(loading, value, NAME_QUEUE);
}

/* ---- plain keys ---- */

static void read_title(Loading *loading, Value value) {
    read_string(&loading->reader, value, &loading->title);
}

static void read_schema(Loading *loading, Value value) {
    const char *ignored = NULL;
    read_string(&loading->reader, value, &ignored);
}

static void read_about(Loading *loading, Value value) {
    Reader *reader = &loading->reader;
    if (value_is_string(value)) {
        buf_append_text(&loading->about, value.json->valuestring);
        return;
    }
    if (!value_is_array(value)) {
        mistake_type(reader, value, "a text or an array of texts");
        return;
    }
    for (Value item = value_child(reader, value); item.json != NULL;
         item = value_next(reader, item)) {
        const char *text = NULL;
        if (read_string(reader, item, &text)) {
            buf_append_text(&loading->about, loading->about.size_bytes > 0 ? "\n" : "");
            buf_append_text(&loading->about, text);
        }
    }
}

/* Reports keys of `object` that are not among `known`. */
static void check_keys(Loading *loading, Value object, const char *const *known, size_t count,
                       const char *where) {
    Reader *reader = &loading->reader;
    for (Value member = value_child(reader, object); member.json != NULL;
         member = value_next(reader, member)) {
        bool found = false;
        for (size_t i = 0; i < count; i++) {
            found = found || strcmp(known[i], member.json->string) == 0;
        }
        if (!found) {
            Buf message = {0};
            buf_printf(&message, "unknown key \"%.64s\" %s", member.json->string, where);
            near_name(&message, member.json->string, known, count);
            mistake_key(reader, member, "%s", buf_text(&message));
            buf_finish(&message);
        }
    }
}

static void read_limits(Loading *loading, Value value) {
    static const char *const KEYS[] = {"bytes", "time", "memory", "tasks", "files", "events"};
    Reader *reader = &loading->reader;
    if (!value_is_object(value)) {
        mistake_type(reader, value, "an object of limits");
        return;
    }
    check_duplicate_keys(reader, value);
    check_keys(loading, value, KEYS, 6, "in \"limits\"");
    ProgramLimits limits = {0};
    uint64_t *const whole[] = {&limits.tasks, &limits.files, &limits.events};
    for (size_t i = 0; i < 6; i++) {
        const Value member = value_member(reader, value, KEYS[i]);
        if (member.json == NULL) {
            continue;
        }
        if (i == 1) {
            read_duration(reader, member, &limits.time_ns);
        } else if (i < 3) {
            read_size(reader, member, 1, i == 0 ? &limits.bytes : &limits.memory_bytes);
        } else {
            read_integer(reader, member, 1, INTEGER_MAX, whole[i - 3]);
        }
    }
    program_set_limits(loading->compiler.builder, limits);
}

/* ---- coroutines ---- */

static void declare_coroutines(Loading *loading, Value value) {
    Compiler *compiler = &loading->compiler;
    Reader *reader = &loading->reader;
    if (!value_is_object(value)) {
        mistake_type(reader, value, "an object of names and arrays of steps");
        return;
    }
    check_duplicate_keys(reader, value);
    for (Value member = value_child(reader, value); member.json != NULL;
         member = value_next(reader, member)) {
        const char *text = member.json->string;
        check_key_name(loading, member);
        const uint32_t name = program_add_name(compiler->builder, text);
        if (compiler_coroutine(compiler, name) == PROGRAM_NONE) {
            const uint32_t body = program_add_body(compiler->builder, text);
            compiler_set_coroutine(compiler, text, name, body);
        }
    }
}

/* Compiles one body; its instructions begin at the next pc. */
static void compile_body(Loading *loading, uint32_t body, Value steps, bool is_task) {
    Compiler *compiler = &loading->compiler;
    program_set_entry(compiler->builder, body, program_pc(compiler->builder));
    scope_begin(compiler, body, is_task);
    compiler->loops = 0;
    steps_compile(compiler, steps);
    scope_end(compiler);
    program_add_instr(compiler->builder, program_instr(OP_RETURN, PROGRAM_NONE));
}

static void compile_coroutines(Loading *loading, Value value) {
    Compiler *compiler = &loading->compiler;
    Reader *reader = &loading->reader;
    if (!value_is_object(value)) {
        return; /* reported when they were declared */
    }
    compiler->task_name = NULL;
    for (Value member = value_child(reader, value); member.json != NULL;
         member = value_next(reader, member)) {
        const size_t mark = reader_push_key(reader, member.json->string);
        const uint32_t name = program_add_name(compiler->builder, member.json->string);
        compile_body(loading, compiler_coroutine(compiler, name), member, false);
        reader_pop(reader, mark);
    }
}

/* ---- tasks ---- */

static bool task_has_copies(const Reader *reader, Value task) {
    const Value count = value_member(reader, task, "count");
    return count.json != NULL && cJSON_IsNumber(count.json) && count.json->valuedouble > 1;
}

/* The names of the tasks, before any steps: they may be awaited from everywhere. */
static void declare_tasks(Loading *loading, Value value) {
    Reader *reader = &loading->reader;
    if (!value_is_array(value)) {
        mistake_type(reader, value, "an array of tasks");
        return;
    }
    if (value_count(value) == 0) {
        diag_set_expected(mistake_value(reader, value, "\"tasks\" needs at least one task"),
                          "an object like {\"name\": \"a\", \"steps\": []}");
    }
    uint32_t index = 0;
    for (Value task = value_child(reader, value); task.json != NULL;
         task = value_next(reader, task), index++) {
        if (!value_is_object(task)) {
            continue; /* reported when it is compiled */
        }
        const Value name = value_member(reader, task, "name");
        if (name.json == NULL || !value_is_string(name) || !is_name(name.json->valuestring)) {
            continue;
        }
        const bool copies = task_has_copies(reader, task);
        const uint32_t id = global_add(loading, start_of(loading, name), name.json->valuestring,
                                       copies ? NAME_TASKS : NAME_TASK);
        program_set_global(loading->compiler.builder, id, copies ? PROGRAM_NONE : index);
    }
}

static void need_key(Loading *loading, Value object, const char *key, const char *owner) {
    if (value_member(&loading->reader, object, key).json == NULL) {
        diag_set_expected(
            mistake_value(&loading->reader, object, "%s needs the key \"%s\"", owner, key),
            "\"%s\"", key);
    }
}

static void compile_task(Loading *loading, Value task) {
    static const char *const KEYS[] = {"name", "steps", "count"};
    Compiler *compiler = &loading->compiler;
    Reader *reader = &loading->reader;
    if (!value_is_object(task)) {
        mistake_type(reader, task, "a task: an object like {\"name\": \"a\", \"steps\": []}");
        return;
    }
    check_duplicate_keys(reader, task);
    check_keys(loading, task, KEYS, 3, "in a task");
    need_key(loading, task, "name", "a task");
    need_key(loading, task, "steps", "a task");
    const char *name = "";
    const Value name_value = value_member(reader, task, "name");
    if (name_value.json != NULL) {
        read_name(reader, name_value, &name);
    }
    uint64_t count = 1;
    const Value count_value = value_member(reader, task, "count");
    if (count_value.json != NULL) {
        read_integer(reader, count_value, 1, COUNT_MAX, &count);
    }
    const uint32_t body = program_add_body(compiler->builder, name);
    compiler->task_name = count == 1 ? name : NULL;
    const Value steps = value_member(reader, task, "steps");
    if (steps.json != NULL) {
        const size_t mark = reader_push_key(reader, "steps");
        compile_body(loading, body, steps, true);
        reader_pop(reader, mark);
    }
    program_add_task(compiler->builder, name, body, (uint32_t)count, count > 1);
}

static void compile_tasks(Loading *loading, Value value) {
    Reader *reader = &loading->reader;
    if (!value_is_array(value)) {
        return; /* reported when they were declared */
    }
    size_t index = 0;
    for (Value task = value_child(reader, value); task.json != NULL;
         task = value_next(reader, task)) {
        const size_t mark = reader_push_index(reader, index++);
        compile_task(loading, task);
        reader_pop(reader, mark);
    }
}

/* ---- the top level ---- */

/* Names are declared in the first pass, so that steps may use what stands further down. */
static const KeyRow KEYS[] = {
    {"$schema", read_schema, 0},
    {"title", read_title, 0},
    {"about", read_about, 0},
    {"limits", read_limits, 0},
    {"locks", read_locks, 0},
    {"semaphores", read_semaphores, 0},
    {"events", read_events, 0},
    {"queues", read_queues, 0},
    {"channels", read_channels, 0},
    {"coroutines", declare_coroutines, 0},
    {"tasks", declare_tasks, 0},
    {"tasks", compile_tasks, 1},
    {"coroutines", compile_coroutines, 1},
};

enum { KEY_COUNT = sizeof KEYS / sizeof KEYS[0] };

static void load_top(Loading *loading) {
    Reader *reader = &loading->reader;
    const Value root = reader_root(reader);
    if (!value_is_object(root)) {
        mistake_type(reader, root, "an object with \"title\" and \"tasks\"");
        return;
    }
    const char *known[KEY_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (KEYS[i].pass == 0) {
            known[count++] = KEYS[i].key;
        }
    }
    check_duplicate_keys(reader, root);
    check_keys(loading, root, known, count, "in a scenario");
    need_key(loading, root, "title", "a scenario");
    need_key(loading, root, "tasks", "a scenario");
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < KEY_COUNT; i++) {
            const Value value = value_member(reader, root, KEYS[i].key);
            if (KEYS[i].pass == pass && value.json != NULL) {
                const size_t mark = reader_push_key(reader, KEYS[i].key);
                KEYS[i].read(loading, value);
                reader_pop(reader, mark);
            }
        }
    }
    scope_check(&loading->compiler);
}

static void loading_finish(Loading *loading) {
    Compiler *compiler = &loading->compiler;
    free(compiler->uses);
    free(compiler->calls);
    free(compiler->scopes);
    free(compiler->globals);
    free(compiler->coroutines);
    free(compiler->coroutine_names);
    program_builder_destroy(compiler->builder);
    buf_finish(&loading->about);
    reader_finish(&loading->reader);
}

static Scenario *scenario_make(Loading *loading, const char *file, const char *text, size_t size) {
    Scenario *scenario = mem_alloc(1, sizeof *scenario);
    scenario->file = mem_copy_text(file, strlen(file));
    scenario->title = mem_copy_text(loading->title, strlen(loading->title));
    scenario->about = mem_copy_text(buf_text(&loading->about), loading->about.size_bytes);
    scenario->source = mem_copy_text(text, size);
    scenario->source_size_bytes = size;
    scenario->program = program_build(loading->compiler.builder);
    loading->compiler.builder = NULL;
    return scenario;
}

Scenario *scenario_load_text(const char *file, const char *text, size_t size_bytes, Diags *diags) {
    static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";
    if (size_bytes > SCENARIO_SIZE_MAX_BYTES) {
        diags_add(diags, file, "the file is larger than 64 MiB");
        return NULL;
    }
    if (size_bytes >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0) {
        text += 3;
        size_bytes -= 3;
    }
    Loading loading = {0};
    Scenario *scenario = NULL;
    if (reader_init(&loading.reader, file, text, size_bytes, diags)) {
        loading.compiler.reader = &loading.reader;
        loading.compiler.builder = program_builder_create();
        load_top(&loading);
        if (loading.reader.mistakes == 0) {
            scenario = scenario_make(&loading, file, text, size_bytes);
        }
    }
    loading_finish(&loading);
    diags_sort(diags);
    return scenario;
}

/* The whole file, at most one byte more than is allowed; NULL with errno set. */
static char *read_file(const char *file, size_t *size_bytes) {
    FILE *stream = fopen(file, "rb");
    if (stream == NULL) {
        return NULL;
    }
    Buf text = {0};
    char chunk[65536];
    size_t got = 0;
    while (text.size_bytes <= SCENARIO_SIZE_MAX_BYTES &&
           (got = fread(chunk, 1, sizeof chunk, stream)) > 0) {
        buf_append(&text, chunk, got);
    }
    const int error = ferror(stream) ? errno : 0;
    fclose(stream);
    if (error != 0) {
        buf_finish(&text);
        errno = error;
        return NULL;
    }
    buf_append(&text, "", 0);
    *size_bytes = text.size_bytes;
    return text.data;
}

Scenario *scenario_load(const char *file, Diags *diags) {
    size_t size_bytes = 0;
    char *text = read_file(file, &size_bytes);
    if (text == NULL) {
        diags_add(diags, file, "the file can't be read: %s", strerror(errno));
        return NULL;
    }
    Scenario *scenario = scenario_load_text(file, text, size_bytes, diags);
    free(text);
    return scenario;
}

void scenario_destroy(Scenario *scenario) {
    if (scenario == NULL) {
        return;
    }
    free(scenario->file);
    free(scenario->title);
    free(scenario->about);
    free(scenario->source);
    program_destroy(scenario->program);
    free(scenario);
}
