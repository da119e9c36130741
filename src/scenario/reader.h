/* The reader: values of the file with their places, and checks that locate what is wrong.
 * Internal to scenario/.
 *
 * A Value is cJSON's item and the scanner's node side by side. Every read_... function reports what
 * is wrong at its place and returns false; the caller goes on, so that all mistakes are found.
 * Ownership: reader_init/reader_finish. Threads: one. */
#ifndef LOOPSCOPE_SCENARIO_READER_H
#define LOOPSCOPE_SCENARIO_READER_H

#include "base/diag.h"
#include "scenario/scan.h"

#include <cjson/cJSON.h>

#define INTEGER_MAX UINT64_C(9007199254740992) /* 2^53 */

typedef struct Value {
    const cJSON *json;
    uint32_t node;
} Value;

typedef struct Reader {
    const char *file;
    const char *text;
    size_t size;
    Scan scan;
    cJSON *root;
    Diags *diags;
    Buf pointer; /* the JSON Pointer of the value at hand */
    size_t mistakes;
} Reader;

/* False where the text is no JSON (reported). */
bool reader_init(Reader *reader, const char *file, const char *text, size_t size, Diags *diags);
void reader_finish(Reader *reader);

Value reader_root(const Reader *reader);

/* ---- walking ---- */

bool value_is_object(Value value);
bool value_is_array(Value value);
bool value_is_string(Value value);
Value value_child(const Reader *reader, Value parent); /* json NULL where there is none */
Value value_next(const Reader *reader, Value value);   /* json NULL at the end */
Value value_member(const Reader *reader, Value object, const char *key); /* json NULL: absent */
size_t value_count(Value container);

/* The pointer grows and shrinks with the walk: mark = push(...); ...; pop(mark). */
size_t reader_push_key(Reader *reader, const char *key);
size_t reader_push_index(Reader *reader, size_t index);
void reader_pop(Reader *reader, size_t mark);

/* ---- mistakes ---- */

Diag *mistake_at(Reader *reader, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
Diag *mistake_value(Reader *reader, Value value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
Diag *mistake_key(Reader *reader, Value member, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "must be WHAT", with what stands there. False. */
bool mistake_type(Reader *reader, Value value, const char *what);

/* Adds ": did you mean ...?" where a candidate is near; else nothing. For the end of a message. */
void near_name(Buf *out, const char *word, const char *const *candidates, size_t count);

/* Keys given twice: reported at the second. */
void check_duplicate_keys(Reader *reader, Value object);

/* ---- values ---- */

bool read_name(Reader *reader, Value value, const char **out);
bool read_integer(Reader *reader, Value value, uint64_t least, uint64_t most, uint64_t *out);
bool read_duration(Reader *reader, Value value, uint64_t *out_ns);
bool read_size(Reader *reader, Value value, uint64_t least, uint64_t *out);
bool read_bool(Reader *reader, Value value, bool *out);
bool read_string(Reader *reader, Value value, const char **out);
bool is_name(const char *text);

#endif
