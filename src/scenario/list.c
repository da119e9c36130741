/* The steps in words, and the walk over them. */
#include "scenario/list.h"

#include "scenario/compile.h"

#include "base/assert.h"
#include "base/format.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const Reader *reader, Value step, const char *key) {
    const Value member = value_member(reader, step, key);
    return member.json != NULL && value_is_string(member) ? member.json->valuestring : "";
}

static bool is_blocking(const Reader *reader, Value step) {
    return cJSON_IsTrue(value_member(reader, step, "blocking").json);
}

/* "100 ms": as the file's author writes it, with a space, and the unit as people write it. */
static void append_duration(Reader *reader, Value value, Buf *out) {
    char text[FORMAT_MAX];
    uint64_t ns = 0;
    read_duration(reader, value, &ns);
    format_duration_plain(text, ns);
    const size_t number = strspn(text, "0123456789.");
    const char *unit = text + number;
    if (ns == 0) {
        buf_append_text(out, "0");
    } else {
        buf_printf(out, "%.*s %s", (int)number, text, strcmp(unit, "us") == 0 ? "µs" : unit);
    }
}

static void append_size(Reader *reader, Value value, Buf *out) {
    char text[FORMAT_MAX];
    uint64_t size = 0;
    read_size(reader, value, 0, &size);
    buf_append_text(out, format_size(text, size));
}

static void append_as(const Reader *reader, Value step, Buf *out) {
    const char *name = text_of(reader, step, "as");
    if (name[0] != '\0') {
        buf_printf(out, " as %s", name);
    }
}

static void append_quoted(Buf *out, const char *text) {
    buf_append_json(out, text, strlen(text));
}

/* One line, whatever the path holds: as it is where it is plain, else in quotes. */
static void append_path(Buf *out, const char *path) {
    for (const char *at = path; *at != '\0'; at++) {
        if ((unsigned char)*at <= ' ' || *at == 0x7F || *at == '"' || *at == '\\') {
            append_quoted(out, path);
            return;
        }
    }
    buf_append_text(out, path);
}

static void say_text(Reader *reader, Value step, Value verb, Buf *out) {
    (void)reader;
    (void)step;
    buf_append_text(out, "print ");
    append_quoted(out, verb.json->valuestring);
}

/* The first line alone. */
static void say_note(Reader *reader, Value step, Value verb, Buf *out) {
    (void)reader;
    (void)step;
    const char *text = verb.json->valuestring;
    buf_append_text(out, "# ");
    buf_append(out, text, strcspn(text, "\r\n"));
}

static void say_duration(Reader *reader, Value step, Value verb, Buf *out) {
    (void)step;
    buf_append_text(out, strcmp(verb.json->string, "sleep") == 0 ? "sleep " : "compute for ");
    append_duration(reader, verb, out);
}

static void say_open(Reader *reader, Value step, Value verb, Buf *out) {
    const char mode = text_of(reader, step, "mode")[0];
    buf_append_text(out, "open ");
    append_path(out, verb.json->valuestring);
    buf_append_text(out, mode == 'r' ? " to read" : mode == 'a' ? " to append" : "");
    append_as(reader, step, out);
}

static void say_write(Reader *reader, Value step, Value verb, Buf *out) {
    buf_printf(out, "%s ", verb.json->string);
    if (value_is_string(verb)) {
        append_quoted(out, verb.json->valuestring);
    } else {
        append_size(reader, value_member(reader, verb, "bytes"), out);
    }
    buf_printf(out, " to %s", text_of(reader, step, "to"));
}

static void say_read(Reader *reader, Value step, Value verb, Buf *out) {
    buf_printf(out, "%s ", verb.json->string);
    append_size(reader, verb, out);
    buf_printf(out, " from %s", text_of(reader, step, "from"));
    append_as(reader, step, out);
}

static void say_raise(Reader *reader, Value step, Value verb, Buf *out) {
    (void)reader;
    (void)step;
    buf_append_text(out, "raise ");
    append_quoted(out, verb.json->valuestring);
}

/* Steps that are nothing but blocks. */
static void say_verb(Reader *reader, Value step, Value verb, Buf *out) {
    (void)reader;
    (void)step;
    buf_append_text(out, verb.json->string);
}

static void say_repeat(Reader *reader, Value step, Value verb, Buf *out) {
    (void)step;
    char times[FORMAT_MAX];
    uint64_t count = 0;
    read_integer(reader, verb, 0, &count);
    buf_printf(out, "repeat %s time%s", format_count(times, count), count == 1 ? "" : "s");
}

static void say_put(Reader *reader, Value step, Value verb, Buf *out) {
    buf_append_text(out, "put ");
    append_quoted(out, verb.json->valuestring);
    buf_printf(out, " in %s", text_of(reader, step, "in"));
}

/* "wait for event ready", "set event ready". */
static void say_event(Reader *reader, Value step, Value verb, Buf *out) {
    (void)reader;
    (void)step;
    const char *word = verb.json->string;
    buf_printf(out, "%.*s%s event %s", (int)strcspn(word, "_"), word, word[0] == 'w' ? " for" : "",
               verb.json->valuestring);
}

/* "gather a, b", "wait for the first of a, b"; a long list is cut. */
static void say_list(Reader *reader, Value step, Value verb, Buf *out) {
    enum { SAID_MAX = 16 };
    const bool gathers = strcmp(verb.json->string, "gather") == 0;
    const bool first = strcmp(text_of(reader, step, "until"), "first") == 0;
    buf_append_text(out, gathers ? "gather "
                         : first ? "wait for the first of "
                                 : "wait for all of ");
    size_t said = 0;
    for (Value item = value_child(reader, verb); item.json != NULL && said <= SAID_MAX;
         item = value_next(reader, item), said++) {
        buf_printf(out, "%s%s", said > 0 ? ", " : "",
                   said < SAID_MAX ? item.json->valuestring : "…");
    }
}

static void say_timeout(Reader *reader, Value step, Value verb, Buf *out) {
    (void)step;
    buf_append_text(out, "timeout after ");
    append_duration(reader, verb, out);
}

static void say_thread(Reader *reader, Value step, Value verb, Buf *out) {
    (void)reader;
    (void)step;
    (void)verb;
    buf_append_text(out, "in a thread");
}

/* fsync, close, call, spawn, await: the verb and a name. */
static void say_name(Reader *reader, Value step, Value verb, Buf *out) {
    buf_printf(out, "%s %s", verb.json->string, verb.json->valuestring);
    append_as(reader, step, out);
}

/* The step in words. */
static void say_step(Reader *reader, Value step, Value verb, Buf *out) {
    static const struct {
        const char *verb;
        void (*say)(Reader *reader, Value step, Value verb, Buf *out);
    } WORDS[] = {{"log", say_text},         {"note", say_note},        {"ask", say_note},
                 {"sleep", say_duration},   {"compute", say_duration}, {"open", say_open},
                 {"write", say_write},      {"read", say_read},        {"repeat", say_repeat},
                 {"raise", say_raise},      {"try", say_verb},         {"put", say_put},
                 {"wait_event", say_event}, {"set_event", say_event},  {"clear_event", say_event},
                 {"gather", say_list},      {"wait", say_list},        {"group", say_verb},
                 {"timeout", say_timeout},  {"thread", say_thread},    {"send", say_write},
                 {"receive", say_read}};
    size_t row = 0;
    while (row < sizeof WORDS / sizeof WORDS[0] &&
           strcmp(WORDS[row].verb, verb.json->string) != 0) {
        row++;
    }
    (row < sizeof WORDS / sizeof WORDS[0] ? WORDS[row].say : say_name)(reader, step, verb, out);
    if (is_blocking(reader, step)) {
        buf_append_text(out, ", blocking");
    }
}

bool lister_gives_way(const Lister *lister, Value step, Value verb) {
    const Reader *reader = &lister->reader;
    return lister->threads == 0 && step_row(verb.json->string)->awaits &&
           !is_blocking(reader, step);
}

/* The members of steps that hold steps, in the order in which they are told. */
typedef struct BlockKey {
    const char *key;
    bool is_said; /* on a line of its own */
} BlockKey;

static const BlockKey BLOCKS[] = {{"steps", false}, {"group", false},  {"try", false},
                                  {"except", true}, {"finally", true}, {"thread", false}};

static void visit_steps(Lister *lister, Value steps, uint32_t indent, StepVisit *visit);

static void visit_block(Lister *lister, Value step, const BlockKey *block, uint32_t indent,
                        StepVisit *visit) {
    Reader *reader = &lister->reader;
    const Value inner = value_member(reader, step, block->key);
    if (inner.json == NULL) {
        return;
    }
    if (block->is_said && lister->says_blocks) {
        listing_add(lister->out, block->key, strlen(block->key), indent, NULL, false, false);
    }
    const unsigned threads = strcmp(block->key, "thread") == 0 ? 1 : 0;
    const ReaderMark mark = reader_enter_member(reader, inner);
    lister->threads += threads;
    visit_steps(lister, inner, indent + 1, visit);
    lister->threads -= threads;
    reader_leave(reader, mark);
}

static void visit_steps(Lister *lister, Value steps, uint32_t indent, StepVisit *visit) {
    Reader *reader = &lister->reader;
    size_t index = 0;
    for (Value step = value_child(reader, steps); step.json != NULL;
         step = value_next(reader, step)) {
        const ReaderMark mark = reader_enter_element(reader, step, index++);
        visit(lister, step, step_verb(reader, step), indent);
        for (size_t i = 0; i < sizeof BLOCKS / sizeof BLOCKS[0]; i++) {
            visit_block(lister, step, &BLOCKS[i], indent, visit);
        }
        reader_leave(reader, mark);
    }
}

/* ---- the steps in words ---- */

static void list_step(Lister *lister, Value step, Value verb, uint32_t indent) {
    Buf line = {0};
    say_step(&lister->reader, step, verb, &line);
    listing_add(lister->out, buf_text(&line), line.size_bytes, indent,
                buf_text(&lister->reader.pointer), lister_gives_way(lister, step, verb), false);
    buf_finish(&line);
}

static void list_heading(Lister *lister, Value body, const char *text) {
    (void)body;
    if (lister->out->count > 0) {
        listing_add(lister->out, "", 0, 0, NULL, false, false);
    }
    listing_add(lister->out, text, strlen(text), 0, NULL, false, true);
    listing_add_place(lister->out, buf_text(&lister->reader.pointer));
}

static void visit_task(Lister *lister, Value task, const Visitor *visitor) {
    Reader *reader = &lister->reader;
    const Value count = value_member(reader, task, "count");
    const Value steps = value_member(reader, task, "steps");
    char copies[FORMAT_MAX];
    uint64_t number = 1;
    if (count.json != NULL) {
        read_integer(reader, count, 1, &number);
    }
    Buf heading = {0};
    buf_printf(&heading, "task %s", text_of(reader, task, "name"));
    if (number > 1) {
        buf_printf(&heading, ", %s copies", format_count(copies, number));
    }
    visitor->body(lister, task, buf_text(&heading));
    buf_finish(&heading);
    const ReaderMark mark = reader_enter_member(reader, steps);
    visit_steps(lister, steps, 1, visitor->step);
    reader_leave(reader, mark);
}

static void visit_tasks(Lister *lister, Value tasks, const Visitor *visitor) {
    Reader *reader = &lister->reader;
    const ReaderMark outer = reader_enter_member(reader, tasks);
    size_t index = 0;
    for (Value task = value_child(reader, tasks); task.json != NULL;
         task = value_next(reader, task)) {
        const ReaderMark mark = reader_enter_element(reader, task, index++);
        visit_task(lister, task, visitor);
        reader_leave(reader, mark);
    }
    reader_leave(reader, outer);
}

static void visit_coroutines(Lister *lister, Value coroutines, const Visitor *visitor) {
    Reader *reader = &lister->reader;
    const ReaderMark outer = reader_enter_member(reader, coroutines);
    for (Value body = value_child(reader, coroutines); body.json != NULL;
         body = value_next(reader, body)) {
        const ReaderMark mark = reader_enter_member(reader, body);
        Buf heading = {0};
        buf_printf(&heading, "coroutine %s", body.json->string);
        visitor->body(lister, body, buf_text(&heading));
        visit_steps(lister, body, 1, visitor->step);
        buf_finish(&heading);
        reader_leave(reader, mark);
    }
    reader_leave(reader, outer);
}

void lister_visit(Lister *lister, const Visitor *visitor) {
    const Value root = reader_root(&lister->reader);
    visit_tasks(lister, value_member(&lister->reader, root, "tasks"), visitor);
    const Value coroutines = value_member(&lister->reader, root, "coroutines");
    if (coroutines.json != NULL) {
        visit_coroutines(lister, coroutines, visitor);
    }
}

bool lister_init(Lister *lister, const Scenario *scenario, Listing *out, Diags *diags) {
    *lister = (Lister){.out = out};
    *out = (Listing){0};
    return reader_init(&lister->reader, scenario->file, scenario->source,
                       scenario->source_size_bytes, diags);
}

void lister_finish(Lister *lister, Diags *diags) {
    ASSERT(diags->count == 0); /* the scenario was loaded from this very text */
    reader_finish(&lister->reader);
    diags_finish(diags);
}

void scenario_list_steps(const Scenario *scenario, Listing *out) {
    Lister lister;
    Diags diags = {0};
    const bool good = lister_init(&lister, scenario, out, &diags);
    ASSERT(good);
    lister.says_blocks = true;
    lister_visit(&lister, &(Visitor){list_heading, list_step});
    lister_finish(&lister, &diags);
}
