/* Placeholders: any text as a template, in a program that prints it, against a second and
 * simpler expansion. What the loader takes is printed exactly so, by a task and by its thread
 * alike; what it refuses is what the simple one can't expand. The input is three texts with a 0
 * byte between: the template, a variable's value, an error's words. Runs on the simulation, where
 * memory is bounded. */
#include "base/assert.h"
#include "base/utf8.h"
#include "loop/loop.h"
#include "scenario/scenario.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS = 2, TEXTS = 3, MEMORY_MAX_BYTES = 4 << 20, EVENTS_MAX = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes);

/* Bytes that are no UTF-8 become '?'. */
static void take_text(const char *bytes, size_t size_bytes, Buf *out) {
    for (size_t at = 0; at < size_bytes;) {
        const size_t good = utf8_valid_prefix(bytes + at, size_bytes - at);
        if (good > 0) {
            buf_append(out, bytes + at, good);
        }
        at += good;
        if (at < size_bytes) {
            buf_append_char(out, '?');
            at++;
        }
    }
}

/* Literal braces in a text that is a template, too. */
static void double_braces(const Buf *text, Buf *out) {
    for (size_t i = 0; i < text->size_bytes; i++) {
        const char c = text->data[i];
        buf_append_char(out, c);
        if (c == '{' || c == '}') {
            buf_append_char(out, c);
        }
    }
}

static bool is_at(const Buf *text, size_t at, const char *word) {
    const size_t length = strlen(word);
    return text->size_bytes - at >= length && memcmp(text->data + at, word, length) == 0;
}

/* One character at a time; false where the template is wrong. */
static bool expand(const Buf *texts, unsigned round, Buf *out) {
    const Buf *text = &texts[0];
    for (size_t at = 0; at < text->size_bytes;) {
        if (is_at(text, at, "{{") || is_at(text, at, "}}")) {
            buf_append_char(out, text->data[at]);
            at += 2;
        } else if (is_at(text, at, "{task}")) {
            buf_append_text(out, "teller");
            at += 6;
        } else if (is_at(text, at, "{i}")) {
            buf_printf(out, "%u", round);
            at += 3;
        } else if (is_at(text, at, "{value}") || is_at(text, at, "{error}")) {
            const Buf *inner = &texts[is_at(text, at, "{value}") ? 1 : 2];
            buf_append(out, buf_text(inner), inner->size_bytes);
            at += 7;
        } else if (text->data[at] == '{' || text->data[at] == '}') {
            return false;
        } else {
            buf_append_char(out, text->data[at++]);
        }
    }
    return true;
}

static void append_quoted(Buf *out, const Buf *text) {
    buf_append_json(out, buf_text(text), text->size_bytes);
}

static void write_scenario(const Buf *texts, Buf *out) {
    Buf value = {0}, error = {0};
    double_braces(&texts[1], &value);
    double_braces(&texts[2], &error);
    buf_append_text(out, "{\"title\":\"t\",\"queues\":{\"q\":0},\"tasks\":[{\"name\":\"teller\","
                         "\"steps\":[{\"put\":");
    append_quoted(out, &value);
    buf_printf(out,
               ",\"in\":\"q\"},{\"get\":\"q\",\"as\":\"value\"},{\"repeat\":%d,\"steps\":[{\"try\":"
               "[{\"raise\":",
               ROUNDS);
    append_quoted(out, &error);
    buf_append_text(out, "}],\"except\":[{\"log\":");
    append_quoted(out, &texts[0]);
    buf_append_text(out, "},{\"thread\":[{\"log\":");
    append_quoted(out, &texts[0]);
    buf_append_text(out, "}]}]}]}]}]}");
    buf_finish(&value);
    buf_finish(&error);
}

/* Each round prints twice the same. */
static void check_outputs(const Log *log, const Buf *texts) {
    unsigned seen = 0;
    for (uint64_t n = 0; n < log_count(log); n++) {
        const Event *event = log_event(log, n);
        if (event->kind != EV_OUTPUT) {
            continue;
        }
        Buf wanted = {0};
        ASSERT(expand(texts, seen / 2, &wanted));
        size_t length = 0;
        const char *text = log_text(log, event->text, &length);
        ASSERT(length == wanted.size_bytes);
        ASSERT(length == 0 || memcmp(text, wanted.data, length) == 0);
        buf_finish(&wanted);
        seen++;
    }
    ASSERT(seen <= 2 * ROUNDS);
}

static void run(const Scenario *scenario, const Buf *texts) {
    Diags diags = {0};
    Os *os = os_create(&(OsConfig){.backend = OS_BACKEND_SIM, .seed = 1}, &diags);
    ASSERT(os != NULL);
    Log *log = log_create();
    LoopLimits limits = loop_limits_default();
    limits.memory_bytes = MEMORY_MAX_BYTES;
    limits.events = EVENTS_MAX;
    Loop *loop = loop_create(
        &(LoopConfig){.program = scenario->program, .os = os, .log = log, .limits = limits});
    const LoopEnd end = loop_run(loop);
    ASSERT(end.reason == STOP_DONE || end.reason == STOP_LIMIT);
    ASSERT(end.failed == 0);
    check_outputs(log, texts);
    loop_destroy(loop);
    os_destroy(os);
    log_destroy(log);
    diags_finish(&diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes) {
    Buf texts[TEXTS] = {{0}};
    const char *at = (const char *)data;
    const char *end = at + size_bytes;
    for (unsigned i = 0; i < TEXTS && at < end; i++) {
        const char *stop = memchr(at, '\0', (size_t)(end - at));
        stop = stop == NULL ? end : stop;
        take_text(at, (size_t)(stop - at), &texts[i]);
        at = stop + 1;
    }
    Buf file = {0}, wanted = {0};
    Diags diags = {0};
    write_scenario(texts, &file);
    Scenario *scenario = scenario_load_text("f.json", file.data, file.size_bytes, &diags);
    ASSERT((scenario != NULL) == expand(texts, 0, &wanted));
    if (scenario != NULL) {
        run(scenario, texts);
    }
    scenario_destroy(scenario);
    diags_finish(&diags);
    buf_finish(&file);
    buf_finish(&wanted);
    for (unsigned i = 0; i < TEXTS; i++) {
        buf_finish(&texts[i]);
    }
    return 0;
}
