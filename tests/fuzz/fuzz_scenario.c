/* The loader and the listings on anything at all: a program, or mistakes with good places. */
#include "scenario_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes) {
    scenario_check_text((const char *)data, size_bytes);
    return 0;
}
