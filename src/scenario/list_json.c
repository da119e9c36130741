/* The file's own lines, with the places of the steps on them. */
#include "scenario/list.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Where a step begins in the text, or a task or a coroutine. */
typedef struct StepPlace {
    uint32_t start;
    bool awaits, heading;
    char *pointer;
} StepPlace;

/* A value that would tell the answer of a question. */
typedef struct Secret {
    uint32_t start, end;
    char *pointer; /* the question's */
} Secret;

typedef struct JsonLister {
    StepPlace *places;
    size_t count, cap;
    Secret *secrets;
    size_t secret_count, secret_cap;
} JsonLister;

static char *copy_pointer(const Lister *lister) {
    const Buf *pointer = &lister->reader.pointer;
    return mem_copy_text(buf_text(pointer), pointer->size_bytes);
}

static void note_place(Lister *lister, uint32_t start, bool awaits, bool heading) {
    JsonLister *json = lister->user;
    json->places = mem_grow(json->places, &json->cap, json->count + 1, sizeof *json->places);
    json->places[json->count++] = (StepPlace){
        .start = start, .awaits = awaits, .heading = heading, .pointer = copy_pointer(lister)};
}

static void note_secret(Lister *lister, Value value) {
    JsonLister *json = lister->user;
    const ScanNode *node = &lister->reader.scan.nodes[value.node];
    json->secrets =
        mem_grow(json->secrets, &json->secret_cap, json->secret_count + 1, sizeof *json->secrets);
    json->secrets[json->secret_count++] =
        (Secret){.start = node->start, .end = node->end, .pointer = copy_pointer(lister)};
}

static void note_step(Lister *lister, Value step, Value verb, uint32_t indent) {
    (void)indent;
    const Reader *reader = &lister->reader;
    note_place(lister, reader->scan.nodes[step.node].start, lister_gives_way(lister, step, verb),
               false);
    if (strcmp(verb.json->string, "ask") == 0) {
        note_secret(lister, value_member(reader, step, "answer"));
        note_secret(lister, value_member(reader, step, "because"));
    }
}

/* A coroutine begins at its name, a task at its brace. */
static void note_body(Lister *lister, Value body, const char *heading) {
    (void)heading;
    const ScanNode *node = &lister->reader.scan.nodes[body.node];
    note_place(lister, node->key == SCAN_NONE ? node->start : node->key, false, true);
}

static int by_place(const void *left, const void *right) {
    const StepPlace *a = left, *b = right;
    return a->start < b->start ? -1 : a->start > b->start;
}

static int by_secret(const void *left, const void *right) {
    const Secret *a = left, *b = right;
    return a->start < b->start ? -1 : a->start > b->start;
}

/* The line's text [first, end) with an ellipsis for each secret on it. */
static void hide_secrets(const Lister *lister, size_t first, size_t end) {
    const JsonLister *json = lister->user;
    const char *text = lister->reader.text, *pointer = NULL;
    size_t low = 0, at = first;
    for (size_t high = json->secret_count; low < high;) { /* the first that reaches into the line */
        const size_t middle = low + (high - low) / 2;
        if (json->secrets[middle].end <= first) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Buf hidden = {0};
    for (; low < json->secret_count && json->secrets[low].start < end; low++) {
        const Secret *secret = &json->secrets[low];
        if (secret->start > at) {
            buf_append(&hidden, text + at, secret->start - at);
        }
        buf_append_text(&hidden, "…");
        at = secret->end < end ? secret->end : end;
        pointer = secret->pointer;
    }
    if (pointer != NULL) {
        buf_append(&hidden, text + at, end - at);
        listing_hide(lister->out, buf_text(&hidden), pointer);
    }
    buf_finish(&hidden);
}

/* The line at [at, end) without the blanks around it; a tab or two spaces are a level. */
static void list_line(Lister *lister, size_t at, size_t end, const StepPlace *step, bool heading) {
    const char *text = lister->reader.text;
    uint32_t columns = 0;
    size_t first = at;
    for (; first < end && (text[first] == ' ' || text[first] == '\t'); first++) {
        columns += text[first] == '\t' ? 2 : 1;
    }
    while (end > first && (text[end - 1] == '\r' || text[end - 1] == ' ')) {
        end--;
    }
    listing_add(lister->out, text + first, end - first, columns / 2,
                step == NULL ? NULL : step->pointer, step != NULL && step->awaits, heading);
    hide_secrets(lister, first, end);
}

/* The line at [at, end), on which the places [first, last) begin. */
static void list_places(Lister *lister, size_t at, size_t end, size_t first, size_t last) {
    const JsonLister *json = lister->user;
    const StepPlace *step = NULL;
    bool heading = at == 0;
    for (size_t i = last; i > first; i--) {
        const StepPlace *place = &json->places[i - 1];
        heading = heading || place->heading;
        step = place->heading ? step : place;
    }
    list_line(lister, at, end, step, heading);
    for (size_t i = first; i < last; i++) {
        listing_add_place(lister->out, json->places[i].pointer);
    }
}

static void list_lines(Lister *lister) {
    const JsonLister *json = lister->user;
    const char *text = lister->reader.text;
    const size_t size = lister->reader.size;
    size_t place = 0;
    for (size_t at = 0; at < size;) {
        const char *newline = memchr(text + at, '\n', size - at);
        const size_t end = newline == NULL ? size : (size_t)(newline - text);
        const size_t first = place;
        while (place < json->count && json->places[place].start < end) {
            place++;
        }
        list_places(lister, at, end, first, place);
        at = end + 1;
    }
}

static void json_finish(JsonLister *json) {
    for (size_t i = 0; i < json->count; i++) {
        free(json->places[i].pointer);
    }
    for (size_t i = 0; i < json->secret_count; i++) {
        free(json->secrets[i].pointer);
    }
    free(json->places);
    free(json->secrets);
}

void scenario_list_json(const Scenario *scenario, Listing *out) {
    Lister lister;
    JsonLister json = {0};
    Diags diags = {0};
    const bool good = lister_init(&lister, scenario, out, &diags);
    ASSERT(good);
    lister.user = &json;
    lister_visit(&lister, &(Visitor){note_body, note_step});
    qsort(json.places, json.count, sizeof *json.places, by_place);
    if (json.secret_count > 0) {
        qsort(json.secrets, json.secret_count, sizeof *json.secrets, by_secret);
    }
    list_lines(&lister);
    json_finish(&json);
    lister_finish(&lister, &diags);
}
