/* The reader: values of the file with their places, and mistakes where they stand.
 * Internal to scenario/.
 *
 * A Value is cJSON's item and the scanner's node side by side. Whoever finds a mistake reports it
 * and goes on, so that all are found; lines and columns are worked out at the end, in one pass.
 * Ownership: reader_init/reader_finish. Threads: one. */
#ifndef LOOPSCOPE_SCENARIO_READER_H
#define LOOPSCOPE_SCENARIO_READER_H

#include "base/diag.h"
#include "base/printf_like.h"
#include "scenario/scan.h"

#include <cjson/cJSON.h>

typedef struct Value {
    const cJSON *json; /* NULL: absent */
    uint32_t node;
} Value;

/* Which part of the file a mistake is about. */
typedef struct Spot {
    Diag *diag;  /* good until the next mistake */
    Value value; /* its own value, or, for a key, the value behind it */
    bool is_key, is_whole;
} Spot;

enum { QUOTE_MAX_BYTES = 400, QUOTES = 4 };

typedef struct Reader {
    const char *file;
    const char *text;   /* as it is */
    const char *parsed; /* as it was parsed: the text, or the scanner's mended copy */
    size_t size;
    Scan scan;
    cJSON *root;
    Diags *diags;
    size_t first_diag; /* in diags, of ours */
    size_t *offsets;   /* of our mistakes, in the order in which they were found */
    size_t offset_count, offset_cap;
    Spot last;          /* mistake that was reported */
    size_t mistakes;    /* also those that Diags dropped */
    size_t comparisons; /* that were spent on near names */
    Buf pointer;        /* the JSON Pointer of the value that is being walked ... */
    uint32_t at;        /* ... and its node */
    char quotes[QUOTES][QUOTE_MAX_BYTES];
    unsigned quote;
} Reader;

/* False where the text is no JSON, not even after mending (reported). */
bool reader_init(Reader *reader, const char *file, const char *text, size_t size, Diags *diags);

/* Works out the places of the mistakes. */
void reader_finish(Reader *reader);

Value reader_root(const Reader *reader);
uint32_t value_start(const Reader *reader, Value value); /* byte offset */

/* ---- walking ---- */

bool value_is_object(Value value);
bool value_is_array(Value value);
bool value_is_string(Value value);
Value value_child(const Reader *reader, Value parent); /* absent where there is none */
Value value_next(const Reader *reader, Value value);   /* absent at the end */
Value value_member(const Reader *reader, Value object, const char *key);
size_t value_count(Value container);

/* Walks into a value: mark = enter(...); ...; leave(mark). */
typedef struct ReaderMark {
    size_t pointer_bytes;
    uint32_t at;
} ReaderMark;

ReaderMark reader_enter_member(Reader *reader, Value member);
ReaderMark reader_enter_element(Reader *reader, Value element, size_t index);
void reader_leave(Reader *reader, ReaderMark mark);

/* The elements of an array, one at a time, each walked into and then left again; false where there
 * are no more or the reader is full. Begins with an empty walk. Whoever broke out of such a loop
 * would stay in the element. */
typedef struct ElementWalk {
    Value element;
    size_t index;
    ReaderMark mark;
} ElementWalk;

bool reader_next_element(Reader *reader, Value array, ElementWalk *walk);

/* ---- mistakes ---- */

bool reader_is_full(const Reader *reader); /* so many mistakes that it is time to stop */

/* In a value, at the byte `offset` of the file. The pointer is the value's, which is the one that
 * is being walked or a member of it. */
Diag *mistake_at(Reader *reader, Value value, size_t offset, const char *format, ...)
    PRINTF_LIKE(4, 5);
Diag *mistake_value(Reader *reader, Value value, const char *format, ...) PRINTF_LIKE(3, 4);
Diag *mistake_key(Reader *reader, Value member, const char *format, ...) PRINTF_LIKE(3, 4);

/* "must be WHAT, not a number". False. */
bool mistake_type(Reader *reader, Value value, const char *what);

/* The right type, but "must be WHAT". False. */
bool mistake_range(Reader *reader, Value value, const char *what);

/* Adds ": did you mean ...?" where a candidate is near the word. */
void suggest(Reader *reader, Diag *diag, const char *word, const char *const *candidates,
             size_t count);

/* A text of the file in quotes, fit for a message: short, one line. Good for QUOTES more calls. */
const char *quoted(Reader *reader, const char *text);

/* Keys given twice: reported at the second. */
void check_duplicate_keys(Reader *reader, Value object);

/* Keys that are not among `known`; `where` ends the message: "in a task". */
void check_keys(Reader *reader, Value object, const char *const *known, size_t count,
                const char *where);

/* A key that must be there; `owner` begins the message: "a task". */
void check_has_key(Reader *reader, Value object, const char *key, const char *owner);

/* ---- values: false where something is wrong (reported) ---- */

#define INTEGER_MAX UINT64_C(9007199254740992) /* 2^53 */

bool is_name(const char *text);
bool read_string(Reader *reader, Value value, const char **out);
bool read_name(Reader *reader, Value value, const char **out);
bool read_bool(Reader *reader, Value value, bool *out);
bool read_integer(Reader *reader, Value value, uint64_t least, uint64_t *out); /* to INTEGER_MAX */
bool read_duration(Reader *reader, Value value, uint64_t *out_ns);
bool read_size(Reader *reader, Value value, uint64_t least, uint64_t *out);

/* Whether it is a number of at least 2; reports nothing. */
bool is_several(const Reader *reader, Value value);

#endif
