#include "export/pen.h"
#include "export/plain.h"

static const char PAIRS[] = "00010203040506070809"
                            "10111213141516171819"
                            "20212223242526272829"
                            "30313233343536373839"
                            "40414243444546474849"
                            "50515253545556575859"
                            "60616263646566676869"
                            "70717273747576777879"
                            "80818283848586878889"
                            "90919293949596979899";

/* From the bits that it has: 1233 / 4096 is the logarithm of 2, near enough for 64 of them. LEAST
 * are the smallest numbers that have one digit more. */
static unsigned digits_of(uint64_t value) {
    static const uint64_t LEAST[] = {0,
                                     10,
                                     100,
                                     1000,
                                     10000,
                                     100000,
                                     1000000,
                                     10000000,
                                     100000000,
                                     1000000000,
                                     10000000000,
                                     100000000000,
                                     1000000000000,
                                     10000000000000,
                                     100000000000000,
                                     1000000000000000,
                                     10000000000000000,
                                     100000000000000000,
                                     1000000000000000000,
                                     UINT64_C(10000000000000000000)};
    const unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
    const unsigned digits = bits * 1233 >> 12;
    return digits + (value >= LEAST[digits]);
}

/* Two digits at a time, from the last; small numbers by 32-bit division, which is quicker. */
void pen_u64(Pen *pen, uint64_t value) {
    char *at = pen->at + digits_of(value);
    pen->at = at;
    while (value > UINT32_MAX) {
        at -= 2;
        memcpy(at, PAIRS + value % 100 * 2, 2);
        value /= 100;
    }
    uint32_t rest = (uint32_t)value;
    while (rest >= 100) {
        at -= 2;
        memcpy(at, PAIRS + rest % 100 * 2, 2);
        rest /= 100;
    }
    if (rest >= 10) {
        memcpy(at - 2, PAIRS + rest * 2, 2);
    } else {
        at[-1] = (char)('0' + rest);
    }
}

void pen_i64(Pen *pen, int64_t value) {
    uint64_t magnitude = (uint64_t)value;
    if (value < 0) {
        *pen->at++ = '-';
        magnitude = ~magnitude + 1;
    }
    pen_u64(pen, magnitude);
}

void pen_us(Pen *pen, uint64_t ns) {
    pen_u64(pen, ns / 1000);
    unsigned rest = (unsigned)(ns % 1000);
    if (rest > 0) {
        *pen->at++ = '.';
        for (unsigned place = 100; rest > 0; place /= 10) {
            *pen->at++ = (char)('0' + rest / place);
            rest %= place;
        }
    }
}

void pen_json(Pen *pen, const char *text, size_t size_bytes) {
    if (plain_length(text, size_bytes) == size_bytes) {
        pen_room(pen, size_bytes + 2);
        *pen->at++ = '"';
        pen_raw(pen, text, size_bytes);
        *pen->at++ = '"';
        return;
    }
    pen_lift(pen);
    buf_append_json(pen->buf, text, size_bytes);
    pen->at = buf_reserve(pen->buf, PEN_ROOM);
}

void pen_text(Pen *pen, const char *text, size_t size_bytes) {
    pen_room(pen, size_bytes);
    pen_raw(pen, text, size_bytes);
}
