/* Numbers as people read them: every form, and both sides of every border between two forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N "\xE2\x80\xAF" /* the narrow space */

typedef struct Case {
    uint64_t value;
    const char *text;
} Case;

typedef char *Format(char out[FORMAT_MAX], uint64_t value);

static void check(Format *format, const Case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char out[FORMAT_MAX];
        assert_ptr_equal(format(out, cases[i].value), out);
        assert_string_equal(out, cases[i].text);
    }
}

#define CHECK(format, cases) check(format, cases, sizeof cases / sizeof cases[0])

static void durations(void **state) {
    (void)state;
    static const Case CASES[] = {
        {0, "0"},
        {1, "1" N "ns"},
        {999, "999" N "ns"},
        {1000, "1.0" N "µs"},
        {1180, "1.2" N "µs"},
        {9999, "10.0" N "µs"},
        {10000, "10" N "µs"},
        {850499, "850" N "µs"},
        {999999, "1" N "000" N "µs"},
        {1180000, "1" N "180" N "µs"},
        {9999499, "9" N "999" N "µs"},
        {9999500, "10.0" N "ms"},
        {12300000, "12.3" N "ms"},
        {99949999, "99.9" N "ms"},
        {99950000, "100" N "ms"},
        {400000000, "400" N "ms"},
        {999499999, "999" N "ms"},
        {999500000, "1.000" N "s"},
        {1405000000, "1.405" N "s"},
        {UINT64_C(61200000000), "61.2" N "s"},
        {UINT64_MAX, "18446744073.7" N "s"},
    };
    CHECK(format_duration, CASES);
}

static void plain_durations(void **state) {
    (void)state;
    static const Case CASES[] = {
        {0, "0s"},
        {1, "0.001us"},
        {250000, "250us"},
        {1000, "1us"},
        {1001, "1.001us"},
        {999999, "999.999us"},
        {1000000, "1ms"},
        {20000000, "20ms"},
        {1500000000, "1.5s"},
        {999999999, "999.999999ms"},
        {1000000001, "1.000000001s"},
        {UINT64_C(1000000000000000000), "1000000000s"},
    };
    CHECK(format_duration_plain, CASES);
}

/* What is written as an author writes it means the same number again. */
static void plain_durations_are_exact(void **state) {
    (void)state;
    uint64_t ns = 1;
    for (unsigned i = 0; i < 2000; i++) {
        ns = ns * UINT64_C(6364136223846793005) + 1442695040888963407u;
        const uint64_t value = (ns >> 8) % UINT64_C(1000000000000000000) >> (i % 50);
        char out[FORMAT_MAX];
        format_duration_plain(out, value);
        char *rest = NULL;
        const uint64_t whole = strtoull(out, &rest, 10);
        uint64_t unit = strstr(out, "us") != NULL   ? 1000
                        : strstr(out, "ms") != NULL ? 1000000
                                                    : 1000000000;
        uint64_t back = whole * unit;
        for (rest += *rest == '.'; *rest >= '0' && *rest <= '9'; rest++) {
            unit /= 10;
            back += (uint64_t)(*rest - '0') * unit;
        }
        assert_int_equal(back, value);
    }
}

static void sizes(void **state) {
    (void)state;
    static const Case CASES[] = {
        {0, "0 B"},
        {512, "512 B"},
        {1023, "1" N "023 B"},
        {1024, "1 KiB"},
        {1025, "1" N "025 B"},
        {65536, "64 KiB"},
        {UINT64_C(10) << 20, "10 MiB"},
        {(UINT64_C(1) << 20) - 1, "1" N "048" N "575 B"},
        {UINT64_C(1) << 30, "1 GiB"},
        {UINT64_C(1536) << 20, "1" N "536 MiB"},
        {UINT64_C(1) << 53, "8" N "388" N "608 GiB"},
        {UINT64_MAX, "18" N "446" N "744" N "073" N "709" N "551" N "615 B"},
    };
    CHECK(format_size, CASES);
}

static void counts(void **state) {
    (void)state;
    static const Case CASES[] = {
        {0, "0"},
        {999, "999"},
        {1000, "1" N "000"},
        {9999, "9" N "999"},
        {10000, "10" N "000"},
        {1000000, "1" N "000" N "000"},
        {UINT64_MAX, "18" N "446" N "744" N "073" N "709" N "551" N "615"},
    };
    CHECK(format_count, CASES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations),
        cmocka_unit_test(plain_durations),
        cmocka_unit_test(plain_durations_are_exact),
        cmocka_unit_test(sizes),
        cmocka_unit_test(counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
