#include "export/fields.h"

#include "base/assert.h"

#include <string.h>

static void add_key(EventKeys *keys, const char *key) {
    for (size_t i = 0; i < keys->count; i++) {
        if (strcmp(keys->keys[i], key) == 0) {
            return;
        }
    }
    ASSERT(keys->count < EVENT_KEYS_MAX);
    keys->keys[keys->count++] = key;
}

/* Some fields have a key that depends on the event; docs/trace.md names them all. */
static void add_field(EventKeys *keys, const EventField *field) {
    if (field->type == FIELD_TARGET) {
        add_key(keys, "op");
        add_key(keys, "timer");
    }
    add_key(keys, field->key);
    if (field->type == FIELD_PLACE) {
        add_key(keys, "channel");
    }
}

void event_keys_add(EventKeys *keys) {
    for (int kind = 0; kind < EV_KIND_COUNT; kind++) {
        for (const EventField *field = EVENT_KINDS[kind].fields; field->key != NULL; field++) {
            add_field(keys, field);
        }
    }
}

size_t event_keys_find(const EventKeys *keys, const ScanValue *key) {
    size_t at = 0;
    while (at < keys->count && !scan_is(key, keys->keys[at])) {
        at++;
    }
    return at;
}
