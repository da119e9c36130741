/* Memory: arrays that grow, memory that is zeroed, texts that are copied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"

#include <stdlib.h>

static void arrays_grow_by_doubling(void **state) {
    (void)state;
    size_t cap = 0, moves = 0;
    int *items = NULL;
    for (size_t i = 0; i < 10000; i++) {
        const size_t before = cap;
        items = mem_grow(items, &cap, i + 1, sizeof *items);
        moves += cap != before;
        items[i] = (int)i;
    }
    assert_true(moves <= 12);
    assert_int_equal(items[9999], 9999);
    items = mem_grow(items, &cap, 1000000, sizeof *items); /* more than double at once */
    assert_true(cap >= 1000000);
    assert_int_equal(items[9999], 9999);
    free(items);
}

static void memory_is_zeroed_and_may_be_none(void **state) {
    (void)state;
    unsigned char *bytes = mem_alloc(64, 1);
    for (size_t i = 0; i < 64; i++) {
        assert_int_equal(bytes[i], 0);
    }
    free(bytes);
    void *none = mem_alloc(0, 8);
    assert_non_null(none);
    free(none);
}

static void texts_are_copied_up_to_their_length(void **state) {
    (void)state;
    char *copy = mem_copy_text("abcdef", 3);
    assert_string_equal(copy, "abc");
    free(copy);
    copy = mem_copy_text(NULL, 0);
    assert_string_equal(copy, "");
    free(copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_grow_by_doubling),
        cmocka_unit_test(memory_is_zeroed_and_may_be_none),
        cmocka_unit_test(texts_are_copied_up_to_their_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
