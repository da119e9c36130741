/* Loading: the top level of the file, and the order in which everything is compiled. */
#include "scenario/compile.h"
#include "scenario/scenario.h"

#include "base/files.h"
#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copies of one task: what a program can say. No run makes so many, its limit on tasks is lower. */
#define COPIES_MAX (UINT32_MAX - 1)

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

/* A new global name; reports one that is taken. `named` has the name as its key or its text. */
static uint32_t global_add(Loading *loading, Value named, const char *text, NameKind kind) {
    Compiler *compiler = &loading->compiler;
    Reader *reader = &loading->reader;
    const uint32_t name = program_add_name(compiler->builder, text);
    const NameKind taken = compiler_global(compiler, name);
    if (taken == NAME_UNKNOWN) {
        compiler_set_global(compiler, name, kind);
        return name;
    }
    const char *word = quoted(reader, text);
    Diag *diag = value_is_string(named)
                     ? mistake_value(reader, named, "the name %s is taken already, by %s", word,
                                     NAME_KIND_WORDS[taken])
                     : mistake_key(reader, named, "the name %s is taken already, by %s", word,
                                   NAME_KIND_WORDS[taken]);
    diag_set_expected(diag,
                      "a name that no other task, lock, semaphore, event, queue or channel has");
    return name;
}

static void add_shared(Loading *loading, Value named, const char *text, NameKind kind,
                       uint64_t count) {
    static const ObjectKind OBJECTS[NAME_KIND_COUNT] = {[NAME_LOCK] = OBJECT_LOCK,
                                                        [NAME_SEMAPHORE] = OBJECT_SEMAPHORE,
                                                        [NAME_EVENT] = OBJECT_EVENT,
                                                        [NAME_QUEUE] = OBJECT_QUEUE,
                                                        [NAME_CHANNEL] = OBJECT_CHANNEL};
    const uint32_t name = global_add(loading, named, text, kind);
    if (loading->reader.mistakes == 0) {
        program_add_object(loading->compiler.builder, OBJECTS[kind], name, count);
    }
}

static void read_name_array(Loading *loading, Value value, NameKind kind) {
    Reader *reader = &loading->reader;
    if (!value_is_array(value)) {
        mistake_type(reader, value, "an array of names");
        return;
    }
    ElementWalk walk = {0};
    while (reader_next_element(reader, value, &walk)) {
        const char *text = NULL;
        if (read_name(reader, walk.element, &text)) {
            add_shared(loading, walk.element, text, kind, 0);
        }
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
    Reader *reader = &loading->reader;
    diag_set_expected(
        mistake_key(reader, member, "%s is not a name", quoted(reader, member.json->string)),
        "letters, digits and _, no digit at its beginning");
    return false;
}

static void read_counted(Loading *loading, Value value, NameKind kind) {
    Reader *reader = &loading->reader;
    if (!value_is_object(value)) {
        mistake_type(reader, value, "an object of names and whole numbers");
        return;
    }
    check_duplicate_keys(reader, value);
    for (Value member = value_child(reader, value); member.json != NULL && !reader_is_full(reader);
         member = value_next(reader, member)) {
        uint64_t count = 0;
        read_integer(reader, member, 0, &count);
        if (check_key_name(loading, member)) {
            add_shared(loading, member, member.json->string, kind, count);
        }
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
    ElementWalk walk = {0};
    while (reader_next_element(reader, value, &walk)) {
        const char *text = NULL;
        if (read_string(reader, walk.element, &text)) {
            buf_append_text(&loading->about, loading->about.size_bytes > 0 ? "\n" : "");
            buf_append_text(&loading->about, text);
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
    check_keys(reader, value, KEYS, 6, "in \"limits\"");
    ProgramLimits limits = program_no_limits();
    uint64_t *const whole[] = {&limits.tasks, &limits.files, &limits.events};
    for (size_t i = 0; i < 6; i++) {
        const Value member = value_member(reader, value, KEYS[i]);
        if (member.json == NULL) {
            continue;
        }
        if (i == 1) {
            read_duration(reader, member, &limits.time_ns);
        } else if (i < 3) {
            read_size(reader, member, 0, i == 0 ? &limits.bytes : &limits.memory_bytes);
        } else {
            read_integer(reader, member, 0, whole[i - 3]);
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
    for (Value member = value_child(reader, value); member.json != NULL && !reader_is_full(reader);
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
static void compile_body(Loading *loading, uint32_t body, Value steps, bool is_task,
                         uint32_t task_name) {
    Compiler *compiler = &loading->compiler;
    const ReaderMark mark = reader_enter_member(&loading->reader, steps);
    program_set_entry(compiler->builder, body, program_pc(compiler->builder));
    scope_begin(compiler, body, is_task, task_name);
    steps_compile(compiler, steps);
    scope_end(compiler);
    program_add_instr(compiler->builder, program_instr(OP_RETURN, PROGRAM_NONE));
    reader_leave(&loading->reader, mark);
}

static void compile_coroutines(Loading *loading, Value value) {
    Compiler *compiler = &loading->compiler;
    Reader *reader = &loading->reader;
    if (!value_is_object(value)) {
        return; /* reported when they were declared */
    }
    for (Value member = value_child(reader, value); member.json != NULL && !reader_is_full(reader);
         member = value_next(reader, member)) {
        const uint32_t name = program_add_name(compiler->builder, member.json->string);
        compile_body(loading, compiler_coroutine(compiler, name), member, false, PROGRAM_NONE);
    }
}

/* ---- tasks ---- */

static bool has_good_name(Value name) {
    return name.json != NULL && value_is_string(name) && is_name(name.json->valuestring);
}

static bool has_copies(const Reader *reader, Value task) {
    const Value count = value_member(reader, task, "count");
    return count.json != NULL && is_several(reader, count);
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
    ElementWalk walk = {0};
    while (reader_next_element(reader, value, &walk)) {
        const Value task = walk.element;
        if (!value_is_object(task)) {
            continue; /* reported when it is compiled */
        }
        const Value name = value_member(reader, task, "name");
        if (!has_good_name(name)) {
            continue; /* the same */
        }
        const bool copies = has_copies(reader, task);
        const uint32_t id =
            global_add(loading, name, name.json->valuestring, copies ? NAME_TASKS : NAME_TASK);
        program_set_global(loading->compiler.builder, id,
                           copies ? PROGRAM_NONE : (uint32_t)walk.index);
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
    check_keys(reader, task, KEYS, 3, "in a task");
    check_has_key(reader, task, "name", "a task");
    check_has_key(reader, task, "steps", "a task");
    const char *text = "";
    const Value name_value = value_member(reader, task, "name");
    const bool named = name_value.json != NULL && read_name(reader, name_value, &text);
    uint64_t count = 1;
    const Value count_value = value_member(reader, task, "count");
    if (count_value.json != NULL) {
        read_integer(reader, count_value, 1, &count);
    }
    count = count < COPIES_MAX ? count : COPIES_MAX;
    const uint32_t body = program_add_body(compiler->builder, text);
    const Value steps = value_member(reader, task, "steps");
    if (steps.json != NULL) {
        compile_body(loading, body, steps, true,
                     named && count == 1 ? program_add_name(compiler->builder, text)
                                         : PROGRAM_NONE);
    }
    program_add_task(compiler->builder, text, body, (uint32_t)count, count > 1);
}

static void compile_tasks(Loading *loading, Value value) {
    Reader *reader = &loading->reader;
    if (!value_is_array(value)) {
        return; /* reported when they were declared */
    }
    ElementWalk walk = {0};
    while (reader_next_element(reader, value, &walk)) {
        compile_task(loading, walk.element);
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

const char *load_key(size_t index) {
    return index < KEY_COUNT && KEYS[index].pass == 0 ? KEYS[index].key : NULL;
}

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
    check_keys(reader, root, known, count, "in a scenario");
    check_has_key(reader, root, "title", "a scenario");
    check_has_key(reader, root, "tasks", "a scenario");
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < KEY_COUNT; i++) {
            const Value value = value_member(reader, root, KEYS[i].key);
            if (KEYS[i].pass == pass && value.json != NULL) {
                const ReaderMark mark = reader_enter_member(reader, value);
                KEYS[i].read(loading, value);
                reader_leave(reader, mark);
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
        diag_set_expected(diags_add(diags, file, "the file is larger than 64 MiB"),
                          "a file of at most 64 MiB");
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
    FILE *stream = file_stream(file);
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
        diag_set_expected(diags_add(diags, file, "the file can't be read: %s", strerror(errno)),
                          "a scenario file");
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
