#include "scenario/decimal.h"

/* Beyond this an exponent decides alone; a file's digits are far fewer. */
#define EXPONENT_MAX INT64_C(1000000000000)

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static uint64_t times_ten_plus(uint64_t value, unsigned digit) {
    return value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
}

/* The exponent at the end of text[0, length), else 0; *mantissa is the size of what is before. */
static int64_t read_exponent(const char *text, size_t length, size_t *mantissa) {
    size_t at = 0;
    while (at < length && text[at] != 'e' && text[at] != 'E') {
        at++;
    }
    *mantissa = at;
    const bool negative = at + 1 < length && text[at + 1] == '-';
    int64_t exponent = 0;
    for (; at < length; at++) {
        if (is_digit(text[at]) && exponent < EXPONENT_MAX) {
            exponent = exponent * 10 + (text[at] - '0');
        }
    }
    return negative ? -exponent : exponent;
}

Decimal decimal_read(const char *text, size_t length, int scale) {
    size_t mantissa = 0;
    int64_t place =
        read_exponent(text, length, &mantissa) + scale; /* of the digit behind the point */
    for (size_t i = 0; i < mantissa && text[i] != '.'; i++) {
        place += is_digit(text[i]) ? 1 : 0;
    }
    Decimal out = {.exact = true};
    bool is_zero = true;
    for (size_t i = 0; i < mantissa; i++) {
        if (!is_digit(text[i])) {
            continue;
        }
        const unsigned digit = (unsigned)(text[i] - '0');
        place--; /* this digit counts 10^place */
        is_zero = is_zero && digit == 0;
        if (place >= 0) {
            out.value = times_ten_plus(out.value, digit);
        } else if (digit > 0) {
            out.exact = false;
        }
    }
    for (; place > 0 && out.value > 0 && out.value < UINT64_MAX; place--) {
        out.value = times_ten_plus(out.value, 0);
    }
    out.negative = text[0] == '-' && !is_zero;
    return out;
}
