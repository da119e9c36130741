/* The trace's reader and the fold on anything at all. What was read is written and read once
 * more. */
#include "fuzz_fold.h"
#include "read_alike.h"

#include <string.h>

#define NATIVE "{\"loopscope_trace\"" /* not the Chrome form */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes);

static void write_and_read(const Log *log) {
    Buf first = {0}, second = {0};
    Diags diags = {0};
    fold_append_trace(log, &first);
    Log *again = trace_read_text("again.jsonl", buf_text(&first), first.size_bytes, &diags);
    ASSERT(again != NULL && diags.count == 0);
    fold_append_trace(again, &second);
    ASSERT(first.size_bytes == second.size_bytes);
    ASSERT(memcmp(first.data, second.data, first.size_bytes) == 0);
    log_destroy(again);
    diags_finish(&diags);
    buf_finish(&first);
    buf_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes) {
    Diags diags = {0};
    Log *log = trace_read_text("fuzz.jsonl", (const char *)data, size_bytes, &diags);
    ASSERT(log != NULL || diags.count > 0);
    if (log != NULL) {
        fold_log(log);
        write_and_read(log);
    }
    if (size_bytes >= sizeof NATIVE - 1 && memcmp(data, NATIVE, sizeof NATIVE - 1) == 0) {
        read_alike((const char *)data, size_bytes);
    }
    log_destroy(log);
    diags_finish(&diags);
    return 0;
}
