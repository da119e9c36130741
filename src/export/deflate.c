#include "export/deflate.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    WINDOW_BYTES = 1 << 15,
    BATCH_BYTES = 1 << 17, /* coded at once; the window before it is kept */
    HASH_BITS = 15,
    CHAIN_MAX = 48, /* places that are tried for a match */
    MATCH_MIN = 3,
    MATCH_MAX = 258,
    LENGTH_CODES = 29,
    DISTANCE_CODES = 30,
    END_OF_BLOCK = 256,
    FIRST_LENGTH = 257,
};

/* ---- bits, and bytes as base64 ---- */

static void put_group(Deflate *deflate, Buf *out) {
    static const char SIGNS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *group = deflate->group;
    const char four[4] = {SIGNS[group[0] >> 2], SIGNS[(group[0] & 3) << 4 | group[1] >> 4],
                          deflate->group_count > 1 ? SIGNS[(group[1] & 15) << 2 | group[2] >> 6]
                                                   : '=',
                          deflate->group_count > 2 ? SIGNS[group[2] & 63] : '='};
    buf_append(out, four, sizeof four);
    memset(deflate->group, 0, sizeof deflate->group);
    deflate->group_count = 0;
}

/* The lowest bit first. */
static void put_bits(Deflate *deflate, uint32_t value, unsigned count, Buf *out) {
    deflate->bits |= value << deflate->bit_count;
    deflate->bit_count += count;
    for (; deflate->bit_count >= 8; deflate->bit_count -= 8, deflate->bits >>= 8) {
        deflate->group[deflate->group_count++] = (uint8_t)deflate->bits;
        if (deflate->group_count == 3) {
            put_group(deflate, out);
        }
    }
}

/* Codes stand with their highest bit first. */
static void put_code(Deflate *deflate, uint32_t code, unsigned count, Buf *out) {
    uint32_t turned = 0;
    for (unsigned i = 0; i < count; i++) {
        turned |= (code >> i & 1) << (count - 1 - i);
    }
    put_bits(deflate, turned, count, out);
}

/* The fixed codes of RFC 1951, 3.2.6. */
static void put_symbol(Deflate *deflate, unsigned symbol, Buf *out) {
    if (symbol < 144) {
        put_code(deflate, 0x30 + symbol, 8, out);
    } else if (symbol < 256) {
        put_code(deflate, 0x190 + symbol - 144, 9, out);
    } else if (symbol < 280) {
        put_code(deflate, symbol - 256, 7, out);
    } else {
        put_code(deflate, 0xC0 + symbol - 280, 8, out);
    }
}

/* ---- matches ---- */

/* The last row whose base is at most the value: lengths and distances share this form. */
static unsigned row_of(const uint16_t *bases, unsigned count, unsigned value) {
    unsigned row = count - 1;
    while (bases[row] > value) {
        row--;
    }
    return row;
}

static void put_match(Deflate *deflate, unsigned length, unsigned distance, Buf *out) {
    static const uint16_t LENGTHS[LENGTH_CODES] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                                   15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                                   67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const uint8_t LENGTH_BITS[LENGTH_CODES] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                      2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    static const uint16_t DISTANCES[DISTANCE_CODES] = {
        1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
        193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    const unsigned i = row_of(LENGTHS, LENGTH_CODES, length);
    put_symbol(deflate, FIRST_LENGTH + i, out);
    put_bits(deflate, length - LENGTHS[i], LENGTH_BITS[i], out);
    const unsigned k = row_of(DISTANCES, DISTANCE_CODES, distance);
    put_code(deflate, k, 5, out);
    put_bits(deflate, distance - DISTANCES[k], k < 2 ? 0 : k / 2 - 1, out);
}

static unsigned hash_of(const char *at) {
    uint32_t three = 0;
    memcpy(&three, at, 3);
    return (three * 2654435761U) >> (32 - HASH_BITS);
}

static void learn(Deflate *deflate, size_t at) {
    if (at + MATCH_MIN <= deflate->bytes.size_bytes) {
        const unsigned hash = hash_of(deflate->bytes.data + at);
        deflate->links[at] = deflate->heads[hash];
        deflate->heads[hash] = (uint32_t)at + 1;
    }
}

/* The longest of what stood before and stands here again; 0: nothing that is worth it. */
static unsigned find_match(const Deflate *deflate, size_t at, unsigned *distance) {
    const char *here = deflate->bytes.data + at;
    const size_t left = deflate->bytes.size_bytes - at;
    const unsigned most = left < MATCH_MAX ? (unsigned)left : MATCH_MAX;
    unsigned best = 0;
    if (most < MATCH_MIN) {
        return 0;
    }
    uint32_t place = deflate->heads[hash_of(here)];
    for (int i = 0; i < CHAIN_MAX && place > 0 && at - (place - 1) <= WINDOW_BYTES;
         i++, place = deflate->links[place - 1]) {
        const char *there = deflate->bytes.data + place - 1;
        unsigned same = 0;
        while (same < most && here[same] == there[same]) {
            same++;
        }
        if (same > best) {
            best = same;
            *distance = (unsigned)(at - (place - 1));
        }
    }
    return best >= MATCH_MIN ? best : 0;
}

/* ---- the stream ---- */

static void code_to(Deflate *deflate, size_t end, Buf *out) {
    while (deflate->coded < end) {
        const size_t at = deflate->coded;
        unsigned distance = 0, next_distance = 0;
        unsigned length = find_match(deflate, at, &distance);
        learn(deflate, at);
        /* A longer one that begins with the next byte is better. */
        if (length > 0 && find_match(deflate, at + 1, &next_distance) > length) {
            length = 0;
        }
        if (length == 0) {
            put_symbol(deflate, (unsigned char)deflate->bytes.data[at], out);
            length = 1;
        } else {
            put_match(deflate, length, distance, out);
        }
        for (size_t i = at + 1; i < at + length; i++) {
            learn(deflate, i);
        }
        deflate->coded += length;
    }
}

/* All in one block. */
static void begin(Deflate *deflate, Buf *out) {
    deflate->begun = true;
    deflate->heads = mem_alloc((size_t)1 << HASH_BITS, sizeof *deflate->heads);
    deflate->links = mem_alloc(WINDOW_BYTES + BATCH_BYTES, sizeof *deflate->links);
    put_bits(deflate, 1, 1, out); /* the last one */
    put_bits(deflate, 1, 2, out); /* with the fixed codes */
}

/* Forgets what lies before the window: places are learnt anew. */
static void move_window(Deflate *deflate) {
    const size_t before = deflate->coded - WINDOW_BYTES;
    memmove(deflate->bytes.data, deflate->bytes.data + before, deflate->bytes.size_bytes - before);
    deflate->bytes.size_bytes -= before;
    deflate->coded -= before;
    memset(deflate->heads, 0, ((size_t)1 << HASH_BITS) * sizeof *deflate->heads);
    for (size_t at = 0; at < deflate->coded; at++) {
        learn(deflate, at);
    }
}

void deflate_add(Deflate *deflate, const char *bytes, size_t size_bytes, Buf *out) {
    if (!deflate->begun) {
        begin(deflate, out);
    }
    while (size_bytes > 0) {
        const size_t room = WINDOW_BYTES + BATCH_BYTES - deflate->bytes.size_bytes;
        const size_t part = size_bytes < room ? size_bytes : room;
        buf_append(&deflate->bytes, bytes, part);
        bytes += part;
        size_bytes -= part;
        if (deflate->bytes.size_bytes == WINDOW_BYTES + BATCH_BYTES) {
            code_to(deflate, deflate->bytes.size_bytes - MATCH_MAX - 1, out);
            move_window(deflate);
        }
    }
}

void deflate_finish(Deflate *deflate, Buf *out) {
    if (!deflate->begun) {
        begin(deflate, out);
    }
    code_to(deflate, deflate->bytes.size_bytes, out);
    put_symbol(deflate, END_OF_BLOCK, out);
    put_bits(deflate, 0, 7, out); /* to a whole byte */
    if (deflate->group_count > 0) {
        put_group(deflate, out);
    }
    buf_finish(&deflate->bytes);
    free(deflate->heads);
    free(deflate->links);
    *deflate = (Deflate){0};
}
