/* --report-frames: when the first frame was there, and how long frames and keys took. */
#include "app/window_app.h"

#include "base/clock.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>

enum { FRAMES_MAX = 1 << 20 }; /* some hours of motion; later frames are not counted */

uint64_t report_now_ns(void) {
    return clock_now_ns();
}

static void add(Durations *durations, uint64_t took_ns) {
    if (durations->count < FRAMES_MAX) {
        durations->took_us = mem_grow(durations->took_us, &durations->cap, durations->count + 1,
                                      sizeof *durations->took_us);
        durations->took_us[durations->count++] = (uint32_t)(took_ns / 1000);
    }
}

/* Of several that come before the next frame, the first has waited longest. */
void report_key(FrameReport *report) {
    if (report->key_at_ns == 0) {
        report->key_at_ns = report_now_ns();
    }
}

void report_frame(FrameReport *report, uint64_t start_ns) {
    const uint64_t now = report_now_ns();
    if (report->first_at_ns == 0) {
        report->first_at_ns = now;
    }
    add(&report->frames, now - start_ns);
    if (report->key_at_ns != 0) {
        add(&report->keys, now - report->key_at_ns);
        report->key_at_ns = 0;
    }
}

void report_no_frame(FrameReport *report) {
    report->key_at_ns = 0;
}

static int by_value(const void *left, const void *right) {
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

static void print(const char *what, Durations *durations) {
    const uint32_t *took_us = durations->took_us;
    const size_t count = durations->count;
    qsort(durations->took_us, count, sizeof *took_us, by_value);
    fprintf(stderr, "%zu %s, median %u us, 99th %u us, longest %u us\n", count, what,
            took_us[count / 2], took_us[count * 99 / 100], took_us[count - 1]);
}

void report_print(FrameReport *report) {
    if (report->frames.count > 0) {
        fprintf(stderr, "frames: first at %" PRIu64 " ns (monotonic); ", report->first_at_ns);
        print("frames", &report->frames);
    }
    if (report->keys.count > 0) {
        fprintf(stderr, "keys: ");
        print("keys, each until the pixels that it changed were shown", &report->keys);
    }
}

void report_finish(FrameReport *report) {
    free(report->frames.took_us);
    free(report->keys.took_us);
}
