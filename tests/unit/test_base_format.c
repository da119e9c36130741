/* Numbers as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/format.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct Case {
    uint64_t value;
    const char *text; /* "~" stands for the narrow space U+202F */
} Case;

typedef char *Format(char out[FORMAT_MAX], uint64_t value);

static void check(Format *format, const Case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char out[FORMAT_MAX], plain[FORMAT_MAX];
        assert_ptr_equal(format(out, cases[i].value), out);
        size_t used = 0;
        for (size_t at = 0; out[at] != '\0'; at++) {
            const bool narrow = strncmp(out + at, "\xE2\x80\xAF", 3) == 0;
            plain[used++] = narrow ? '~' : out[at];
            at += narrow ? 2 : 0;
        }
        plain[used] = '\0';
        assert_string_equal(plain, cases[i].text);
    }
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define S            UINT64_C(1000000000)

static void durations_have_a_fitting_unit(void **state) {
    (void)state;
    static const Case CASES[] = {
        {0, "0"},
        {1, "1~ns"},
        {999, "999~ns"},
        {1000, "1.0~µs"},
        {9949, "9.9~µs"},
        {82000, "82~µs"},
        {1180000, "1~180~µs"},
        {9999499, "9~999~µs"},
        {9999500, "10.0~ms"},
        {12345678, "12.3~ms"},
        {99949999, "99.9~ms"},
        {100000000, "100~ms"},
        {999499999, "999~ms"},
        {999500000, "1.000~s"},
        {1405000000, "1.405~s"},
        {61 * S + 240000000, "61.2~s"},
        {3600 * S, "3600.0~s"},
    };
    check(format_duration, CASES, COUNT(CASES));
}

static void plain_durations_are_short_and_exact(void **state) {
    (void)state;
    static const Case CASES[] = {
        {0, "0s"},
        {1, "0.001us"},
        {250000, "250us"},
        {250500, "250.5us"},
        {20000000, "20ms"},
        {20000001, "20.000001ms"},
        {1500000000, "1.5s"},
        {S, "1s"},
        {S + 1, "1.000000001s"},
        {S * S, "1000000000s"},
    };
    check(format_duration_plain, CASES, COUNT(CASES));
}

/* Whatever the duration, what is written means the same number of nanoseconds. */
static void plain_durations_lose_nothing(void **state) {
    (void)state;
    uint64_t ns = 1;
    for (unsigned i = 0; i < 5000; i++, ns = (ns * 6364136223846793005u + 1442695040888963407u)) {
        const uint64_t value = (ns >> 4) >> (ns % 59);
        char text[FORMAT_MAX];
        format_duration_plain(text, value);
        char *at = NULL;
        uint64_t sum = strtoull(text, &at, 10), scale = 1, fraction = 0;
        if (*at == '.') {
            for (at++; *at >= '0' && *at <= '9'; at++) {
                fraction = fraction * 10 + (uint64_t)(*at - '0');
                scale *= 10;
            }
        }
        const uint64_t unit = strcmp(at, "us") == 0 ? 1000 : strcmp(at, "ms") == 0 ? 1000000 : S;
        sum = sum * unit + fraction * unit / scale;
        assert_int_equal(sum, value);
    }
}

static void sizes_are_whole_numbers_of_the_largest_unit(void **state) {
    (void)state;
    static const Case CASES[] = {
        {0, "0 B"},
        {512, "512 B"},
        {1000, "1000 B"},
        {1024, "1 KiB"},
        {1025, "1025 B"},
        {65536, "64 KiB"},
        {100000, "100~000 B"},
        {10 << 20, "10 MiB"},
        {UINT64_C(3) << 30, "3 GiB"},
        {UINT64_C(1) << 53, "8~388~608 GiB"},
    };
    check(format_size, CASES, COUNT(CASES));
}

static void counts_are_grouped_from_five_digits_on(void **state) {
    (void)state;
    static const Case CASES[] = {
        {0, "0"},
        {9999, "9999"},
        {10000, "10~000"},
        {1234567, "1~234~567"},
        {UINT64_MAX, "18~446~744~073~709~551~615"},
    };
    check(format_count, CASES, COUNT(CASES));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_have_a_fitting_unit),
        cmocka_unit_test(plain_durations_are_short_and_exact),
        cmocka_unit_test(plain_durations_lose_nothing),
        cmocka_unit_test(sizes_are_whole_numbers_of_the_largest_unit),
        cmocka_unit_test(counts_are_grouped_from_five_digits_on),
    };
    return cmocka_run_group_tests_name("base: format", tests, NULL, NULL);
}
