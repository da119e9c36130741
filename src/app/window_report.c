/* --report-frames: when the first frame was there, and how long frames took. */
#include "app/window_app.h"

#include "base/clock.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>

enum { FRAMES_MAX = 1 << 20 }; /* some hours of motion; later frames are not counted */

uint64_t report_now_ns(void) {
    return clock_now_ns();
}

void report_frame(FrameReport *report, uint64_t start_ns) {
    const uint64_t now = report_now_ns();
    if (report->first_at_ns == 0) {
        report->first_at_ns = now;
    }
    if (report->count == FRAMES_MAX) {
        return;
    }
    report->took_us =
        mem_grow(report->took_us, &report->cap, report->count + 1, sizeof *report->took_us);
    report->took_us[report->count++] = (uint32_t)((now - start_ns) / 1000);
}

static int by_value(const void *left, const void *right) {
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

void report_print(FrameReport *report) {
    if (report->count == 0) {
        return;
    }
    qsort(report->took_us, report->count, sizeof *report->took_us, by_value);
    fprintf(stderr,
            "frames: first at %" PRIu64 " ns (monotonic); %zu frames, median %u us, "
            "99th %u us, longest %u us\n",
            report->first_at_ns, report->count, report->took_us[report->count / 2],
            report->took_us[report->count * 99 / 100], report->took_us[report->count - 1]);
}
