/* A pen: writes JSON into a Buf by hand, several times faster than printf. Internal to export/.
 *
 * Behind pen_room there is room for PEN_ROOM bytes of what has a bound (keys, numbers, words);
 * texts make room for themselves. pen_lift ends it.
 *
 * Ownership: the Buf is the caller's. Threads: one at a time. */
#ifndef LOOPSCOPE_EXPORT_PEN_H
#define LOOPSCOPE_EXPORT_PEN_H

#include "base/buf.h"

#include <string.h>

enum { PEN_ROOM = 256 }; /* what pen_u64 and the like may find behind pen_room */

typedef struct Pen {
    Buf *buf;
    char *at;
} Pen;

static inline Pen pen_on(Buf *buf) {
    return (Pen){buf, buf_reserve(buf, PEN_ROOM)};
}

static inline void pen_lift(Pen *pen) {
    buf_filled(pen->buf, pen->at);
}

/* Room for `size_bytes` and PEN_ROOM more. */
static inline void pen_room(Pen *pen, size_t size_bytes) {
    if (pen->buf->cap_bytes - (size_t)(pen->at - pen->buf->data) <= size_bytes + PEN_ROOM) {
        pen_lift(pen);
        pen->at = buf_reserve(pen->buf, size_bytes + PEN_ROOM);
    }
}

/* A word of the program's own, short, with no character that JSON escapes. */
static inline void pen_raw(Pen *pen, const char *text, size_t size_bytes) {
    memcpy(pen->at, text, size_bytes);
    pen->at += size_bytes;
}

#define PEN_LITERAL(pen, literal) pen_raw((pen), (literal), sizeof(literal) - 1)

static inline void pen_word(Pen *pen, const char *word) {
    pen_raw(pen, word, strlen(word));
}

void pen_u64(Pen *pen, uint64_t value);
void pen_i64(Pen *pen, int64_t value);

/* Nanoseconds as microseconds with the rest as decimals, exactly: 1200 is "1.2". */
void pen_us(Pen *pen, uint64_t ns);

/* A JSON string literal, as buf_append_json writes it. */
void pen_json(Pen *pen, const char *text, size_t size_bytes);

/* Text of any length, as it stands. */
void pen_text(Pen *pen, const char *text, size_t size_bytes);

#endif
