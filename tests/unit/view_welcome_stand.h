/* A welcome screen to look at in tests: its cards, and every size of window and text. Include after
 * cmocka.h.
 *
 * Ownership: the test's, welcome_finish frees it. Threads: the test's. */
#ifndef LOOPSCOPE_TESTS_VIEW_WELCOME_STAND_H
#define LOOPSCOPE_TESTS_VIEW_WELCOME_STAND_H

#include "view/view.h"
#include "view_golden.h"
#include "view_look.h"

#include <math.h>

enum { ITEMS = 14 };

static const int SIZES[][2] = {{1024, 640},  {1280, 720},  {1366, 768},  {1600, 900},
                               {1920, 1080}, {2560, 1080}, {1200, 1600}, {3840, 2160}};
static const float SCALES[] = {1, 1.18f, 1.35f};
enum { SIZE_COUNT = sizeof SIZES / sizeof SIZES[0], LOOK_COUNT = 3 * SIZE_COUNT };

static const char SOURCE[] = "{\n"
                             "  \"title\": \"My writers\",\n"
                             "  \"tasks\": [\n"
                             "    { \"name\": \"write-b\", \"steps\": [\n"
                             "      { \"open\": \"b.txt\", \"as\": \"f\" },\n"
                             "      { \"write\": { \"bytes\": \"64 KiB\" }, \"to\": \"f\" },\n"
                             "      { \"close\": \"f\" }\n"
                             "    ] }\n"
                             "  ]\n"
                             "}\n";

typedef struct Welcome {
    WelcomeItem items[ITEMS];
    char names[ITEMS][64];
    WelcomeInput input;
    Diags problems;
    Scene scene;
} Welcome;

static void welcome_begin(Welcome *welcome) {
    *welcome = (Welcome){0};
    for (uint32_t i = 0; i < ITEMS; i++) {
        snprintf(welcome->names[i], 64, "scenario-%02u", i);
        welcome->items[i] = (WelcomeItem){
            .name = welcome->names[i],
            .line = i % 2 ? "Three files at once, one thread."
                          : "A sentence that is rather long, because somebody had more to say "
                            "about this lesson than a small card can hold on its two lines.",
            .file = "scenarios/scenario.json",
            .group = i / 5 == 0   ? "Taking turns"
                     : i / 5 == 1 ? "The thread and the system"
                                  : "Very many",
            .task_count = i * i * i * 7};
    }
    welcome->input = (WelcomeInput){.width_px = 1280,
                                    .height_px = 720,
                                    .text_scale = 1,
                                    .items = welcome->items,
                                    .item_count = ITEMS,
                                    .system_line = "Linux, io_uring + epoll",
                                    .folder_line = "a fresh folder, removed at the end",
                                    .pointer_x = -1,
                                    .pointer_y = -1};
}

static void welcome_finish(Welcome *welcome) {
    diags_finish(&welcome->problems);
    scene_finish(&welcome->scene);
}

/* One of the sizes of window, with one of those of text. */
SCENE_UNUSED static void welcome_look(Welcome *welcome, size_t look) {
    welcome->input.text_scale = SCALES[look / SIZE_COUNT];
    welcome->input.width_px = SIZES[look % SIZE_COUNT][0];
    welcome->input.height_px = SIZES[look % SIZE_COUNT][1];
}

static void welcome_show(Welcome *welcome) {
    view_welcome(&welcome->scene, &welcome->input, &PLAIN_METRICS);
}

SCENE_UNUSED static Diag *welcome_problem(Welcome *welcome, const char *at) {
    Diag *diag = diags_add_at(&welcome->problems, "lessons/my-writers.json", SOURCE, strlen(SOURCE),
                              (size_t)(strstr(SOURCE, at) - SOURCE),
                              "\"bytes\" must be a size: %s is none", "\"64 KiB\"");
    diag_set_expected(diag, "a whole number of bytes, or a text such as \"64KiB\"");
    diag_set_found(diag, "the text \"64 KiB\"");
    diag_set_write(diag, "\"bytes\": \"64KiB\"");
    diag_set_pointer(diag, "/tasks/0/steps/1/write/bytes");
    welcome->input.problems = &welcome->problems;
    welcome->input.problem_file = "lessons/my-writers.json";
    welcome->input.problem_source = SOURCE;
    return diag;
}

#endif
