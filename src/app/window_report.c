/* --report-frames: when the first frame was there, and how long frames and keys took.
 * --report-scene: what the window shows, as text. */
#include "app/window_app.h"

#include "base/clock.h"
#include "base/files.h"
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

static bool scene_write(const char *path, const Scene *scene, Focus control) {
    char fresh[4096];
    if (snprintf(fresh, sizeof fresh, "%s.part", path) >= (int)sizeof fresh) {
        return false;
    }
    const int file = file_open(fresh, FILE_USE_CREATE);
    if (file < 0) {
        return false;
    }
    Buf text = {0};
    scene_dump(scene, &text);
    if (control.action != ACTION_NONE) {
        buf_printf(&text, "focus %s %" PRId64 "\n", action_name((Action)control.action),
                   control.argument);
    }
    const bool written = file_write_all(file, text.data, text.size_bytes);
    buf_finish(&text);
    if (!file_close(file) || !written || !file_replace(fresh, path)) {
        file_remove(fresh);
        return false;
    }
    return true;
}

void report_scene(App *app) {
    const char *path = app->options->report_scene;
    if (path == NULL || app->scene_lost) {
        return;
    }
    app->scene_lost = !scene_write(path, &app->scene, app->input.control);
    if (app->scene_lost) {
        fprintf(stderr, "loopscope: %s: what is shown can't be written\n", path);
    }
}
