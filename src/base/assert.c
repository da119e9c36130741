#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void assert_failed(const char *condition, const char *file, int line) {
    fflush(stdout);
    fprintf(stderr, "loopscope: a bug: %s:%d: this does not hold: %s\n", file, line, condition);
    abort();
}
