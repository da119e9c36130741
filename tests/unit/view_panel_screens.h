/* The rows of the table of screens (view_screens.h) that are not the main screen's own: the welcome
 * screen, what stands beside the stage or over it, and the screen that compares. */
#ifndef LOOPSCOPE_TESTS_VIEW_PANEL_SCREENS_H
#define LOOPSCOPE_TESTS_VIEW_PANEL_SCREENS_H

#include "view_stand.h"

static inline void open_writers(Stand *stand) {
    stand_run(stand, VIEW_THREE, 3);
}

/* ---- why, inspect ---- */

static inline void open_why(Stand *stand) {
    open_writers(stand);
    stand->show.input.selected = 1;
}

static inline void open_why_shared(Stand *stand) {
    stand_over(stand, tapes_shared("io_uring"));
    stand->show.input.selected = 2;
}

static inline void open_inspect(Stand *stand) {
    open_writers(stand);
    stand->show.input.mode = MODE_INSPECT;
}

static inline void open_inspect_filtered(Stand *stand) {
    open_inspect(stand);
    event_filter_set(&stand->events, "task:write-b write");
    event_filter_follow(&stand->events, stand->show.doc.timeline, UINT64_MAX);
    stand->show.input.events = &stand->events;
    stand->show.input.filtering = true;
}

static inline void open_inspect_nothing(Stand *stand) {
    open_inspect(stand);
    event_filter_set(&stand->events, "no such event anywhere");
    event_filter_follow(&stand->events, stand->show.doc.timeline, UINT64_MAX);
    stand->show.input.events = &stand->events;
    stand->show.input.copied = true;
}

/* ---- predict ---- */

static inline void stand_text(char out[QUIZ_TEXT_MAX], const char *text) {
    (void)snprintf(out, QUIZ_TEXT_MAX, "%s", text);
}

static inline void open_question(Stand *stand) {
    static const char *const CHOICES[4] = {"write-a", "write-b", "write-c",
                                           "Nobody: the loop goes to sleep"};
    open_writers(stand);
    stand->sets_aside = true;
    Predict *predict = &stand->predict;
    predict_toggle(predict, 0);
    predict->phase = PREDICT_ASKING;
    predict->quiz = (Quiz){.kind = QUIZ_NEXT,
                           .at = stand->show.player.cursor,
                           .task = 0,
                           .choice_count = 4,
                           .expected = 1};
    stand_text(predict->quiz.text, "Which task runs next, after write-a pauses?");
    stand_text(predict->quiz.because, "write-b is first in the ready queue, so it runs next.");
    for (uint32_t i = 0; i < 4; i++) {
        predict->quiz.choices[i].task = i < 3 ? i : EVENT_NONE;
        stand_text(predict->quiz.choices[i].text, CHOICES[i]);
        stand_text(predict->quiz.choices[i].why, "Not this one: its event is behind the gate.");
    }
    stand->show.input.predict = predict;
}

static inline void stand_answer(Stand *stand, size_t chosen) {
    stand->predict.phase = PREDICT_TOLD;
    stand->predict.chosen = chosen;
    stand->predict.right = stand->predict.quiz.expected;
}

static inline void open_right(Stand *stand) {
    open_question(stand);
    stand_answer(stand, 1);
}

static inline void open_wrong(Stand *stand) {
    open_question(stand);
    stand_answer(stand, 2);
}

/* As long as an author may write. */
static inline void open_own_question(Stand *stand) {
    static const char *const CHOICES[4] = {
        "It sleeps inside the system's wait call until the timer is due",
        "It asks the system again and again, as fast as it can, until there is news",
        "It ends, because nothing is ready",
        "It starts another thread, and that one does all the waiting for it"};
    open_question(stand);
    Quiz *quiz = &stand->predict.quiz;
    quiz->kind = QUIZ_ASKED;
    stand_text(quiz->text, "What does the loop do while anna sleeps for a tenth of a second, if no "
                           "other task is ready and nothing is in flight at the system?");
    stand_text(
        quiz->because,
        "Nothing is ready, so the loop asks the system to wake it when the next timer is due, "
        "or earlier if an operation is finished: until then the thread sleeps, and costs "
        "nothing.");
    for (size_t i = 0; i < 4; i++) {
        quiz->choices[i].task = EVENT_NONE;
        stand_text(quiz->choices[i].text, CHOICES[i]);
        stand_text(quiz->choices[i].why, "That would keep the processor busy with nothing to do, "
                                         "and no other program could use it meanwhile.");
    }
}

static inline void open_own_wrong(Stand *stand) {
    open_own_question(stand);
    stand_answer(stand, 2);
}

static inline void open_score(Stand *stand) {
    open_writers(stand);
    stand_at(stand, log_count(stand->show.log));
    predict_toggle(&stand->predict, log_count(stand->show.log));
    stand->show.input.predict = &stand->predict;
}

/* ---- sheets, tooltips, the focus ---- */

static inline void open_help(Stand *stand) {
    open_writers(stand);
    stand->sets_aside = stand->floats = true;
    stand->show.input.help = true;
}

static inline void open_sheet(Stand *stand) {
    static const SheetFormat FORMATS[] = {{".html", "page", "Plays in any browser."},
                                          {".mp4", "film", "A film of the run."},
                                          {".gif", "film that repeats", "A film."},
                                          {".png", "picture", "One moment."},
                                          {"/", "pictures", "All of them."},
                                          {".md", "lesson sheet", "A picture a note."},
                                          {".txt", "narration", "Sentences."},
                                          {".csv", "table", "An event a row."},
                                          {".pftrace", "Perfetto trace", "For ui.perfetto.dev."},
                                          {".json", "Chrome trace", "For others."},
                                          {".jsonl", "trace", "For us."}};
    open_writers(stand);
    stand->sets_aside = stand->floats = true;
    ExportSheet *sheet = &stand->sheet;
    sheet->open = true;
    sheet->format_count = sizeof FORMATS / sizeof FORMATS[0];
    memcpy(sheet->formats, FORMATS, sizeof FORMATS);
    (void)snprintf(sheet->file, sizeof sheet->file, "three-writers.html");
    (void)snprintf(sheet->place, sizeof sheet->place, "/home/somebody/lessons");
    sheet->replaces = true;
    stand->show.input.sheet = sheet;
}

static inline void open_sheet_writing(Stand *stand) {
    open_sheet(stand);
    stand->sheet.phase = SHEET_WRITING;
    stand->sheet.share = 0.4f;
}

static inline void open_sheet_done(Stand *stand) {
    open_sheet(stand);
    stand->sheet.phase = SHEET_DONE;
    (void)snprintf(stand->sheet.message, sizeof stand->sheet.message,
                   "Written: /home/somebody/lessons/three-writers.html, 214 KiB");
}

static inline void open_sheet_failed(Stand *stand) {
    open_sheet(stand);
    stand->sheet.phase = SHEET_FAILED;
    stand->sheet.focus = SHEET_ON_FILE;
    (void)snprintf(stand->sheet.message, sizeof stand->sheet.message,
                   "/home/somebody/lessons/of/the/first/semester/three-writers.html can't be "
                   "written: No space left on device");
}

/* The focus on a button, and the words that tell what it does. */
static inline void open_tip(Stand *stand) {
    open_writers(stand);
    stand->sets_aside = stand->floats = true; /* words on words */
    stand->show.input.control = (Focus){.action = ACTION_NEXT_ITERATION};
}

static inline void open_top_tip(Stand *stand) {
    open_writers(stand);
    stand->sets_aside = stand->floats = true; /* words on words */
    stand->show.input.control = (Focus){.action = ACTION_THEME};
}

/* ---- the welcome screen ---- */

static inline void stand_welcome(Stand *stand) {
    WelcomeInput *welcome = &stand->welcome;
    const ViewInput *input = &stand->show.input;
    layout_make(&stand->show.layout, input->width_px, input->height_px, input->text_scale);
    welcome->width_px = input->width_px;
    welcome->height_px = input->height_px;
    welcome->text_scale = input->text_scale;
    welcome->theme = input->theme;
    welcome->pointer_x = welcome->pointer_y = -1;
    view_welcome(&stand->show.scene, welcome, stand->metrics);
}

static inline void open_welcome(Stand *stand) {
    static const char *const GROUPS[] = {"Taking turns", "The thread and the system", "Very many"};
    open_writers(stand);
    for (size_t i = 0; i < STAND_ITEMS; i++) {
        stand->items[i] =
            (WelcomeItem){.name = i % 3 == 1 ? "awaiting-is-not-parallel" : "three-writers",
                          .line = i % 2 == 0 ? "Three files at once, one thread."
                                             : "A sentence that says more about this lesson than "
                                               "a card can hold on its two lines.",
                          .about = "Three tasks write a file each.\nOne thread serves them all, "
                                   "because the operating system does the waiting.\nAsk the class: "
                                   "why is it not three times as slow?",
                          .file = "/usr/share/loopscope/scenarios/three-writers.json",
                          .group = GROUPS[i / 7],
                          .task_count = i == 20 ? 10000 : 3};
    }
    stand->items[13].other = "/usr/share/loopscope/scenarios/blocking-writes.json";
    stand->welcome = (WelcomeInput){.items = stand->items,
                                    .item_count = STAND_ITEMS,
                                    .focus = 1,
                                    .system_line = "Linux, io_uring + epoll",
                                    .folder_line = "a fresh folder, removed at the end"};
}

static inline void open_welcome_scrolled(Stand *stand) {
    open_welcome(stand);
    stand->welcome.focus = 13;
    stand->welcome.compare_with = "/usr/share/loopscope/scenarios/sleepers.json";
}

static inline void open_welcome_empty(Stand *stand) {
    open_welcome(stand);
    stand->welcome.item_count = 0;
}

static inline void open_welcome_help(Stand *stand) {
    open_welcome(stand);
    stand->sets_aside = stand->floats = true;
    stand->welcome.help = true;
}

static inline void open_picker(Stand *stand) {
    static PickerEntry entries[] = {
        {(char *)(uintptr_t) "..", true},
        {(char *)(uintptr_t) "drafts", true},
        {(char *)(uintptr_t) "my-writers-of-the-first-semester.json", false},
        {(char *)(uintptr_t) "recorded.jsonl", false}};
    static size_t shown[] = {0, 1, 2, 3};
    static const FilePicker PICKER = {
        .open = true,
        .folder = "/home/somebody/courses/event-loops/scenarios of this year",
        .entries = entries,
        .count = 4,
        .shown = shown,
        .shown_count = 4,
        .chosen = 2,
        .failed = true,
        .reason = "zenity failed: cannot open display: :0. So choose here."};
    open_welcome(stand);
    stand->sets_aside = stand->floats = true;
    stand->welcome.picker = &PICKER;
}

static inline void open_problem(Stand *stand) {
    static const char SOURCE[] = "{\n  \"title\": \"My writers\",\n  \"tasks\": [\n"
                                 "    { \"name\": \"write-b\", \"steps\": [\n"
                                 "      { \"write\": { \"bytes\": \"64 KiB\" }, \"to\": \"f\" },\n"
                                 "      { \"close\": \"f\" }\n    ] }\n  ]\n}\n";
    open_welcome(stand);
    for (int i = 0; i < 3; i++) {
        Diag *diag = diags_add_at(&stand->problems, "my-writers.json", SOURCE, strlen(SOURCE),
                                  (size_t)(strstr(SOURCE, "\"64 KiB\"") - SOURCE),
                                  "\"bytes\" must be a size: \"64 KiB\" is none");
        diag_set_expected(diag, "a whole number of bytes, or a text such as \"64KiB\"");
        diag_set_found(diag, "the text \"64 KiB\"");
        diag_set_write(diag, "\"bytes\": \"64KiB\"");
        diag_set_pointer(diag, "/tasks/0/steps/0/write/bytes");
    }
    stand->welcome.problems = &stand->problems;
    stand->welcome.problem_file = "my-writers-of-the-first-semester.json";
    stand->welcome.problem_source = SOURCE;
}

/* ---- two runs ---- */

static inline void stand_compare(Stand *stand) {
    ViewInput *input = &stand->two.shows[0].input;
    const ViewInput *wanted = &stand->show.input;
    input->width_px = wanted->width_px;
    input->height_px = wanted->height_px;
    input->text_scale = wanted->text_scale;
    input->theme = wanted->theme;
    layout_make(&stand->show.layout, input->width_px, input->height_px, input->text_scale);
    view_compare(&stand->show.scene, &stand->two.input, stand->metrics);
}

static inline void open_compare(Stand *stand) {
    open_writers(stand);
    two_open(&stand->two);
    stand->has_two = true;
}

static inline void open_compare_chosen(Stand *stand) {
    open_compare(stand);
    stand->two.input.selected = 1;
    stand->two.input.told = true;
    stand->two.input.told_run = 1;
    stand->two.input.told_task = 1;
    stand->two.input.told_ns = stand->two.clock.at_ns / 2;
}

static inline void open_compare_help(Stand *stand) {
    open_compare(stand);
    stand->sets_aside = stand->floats = true;
    stand->two.shows[0].input.help = true;
}

static inline void open_compare_first(Stand *stand) {
    open_compare(stand);
    stand->two.shows[0].doc.live = true;
    stand->two.input.docs[1] = NULL;
    stand->two.input.comparison = NULL;
}

/* ---- the same work, two ways ---- */

/* Both have ended; the first has kept the thread, and the loop is frozen. */
static inline void open_two_ways(Stand *stand) {
    stand_run(stand, VIEW_FROZEN, 4);
    stand_at(stand, find_event(&stand->show, EV_STEP, 0, 2));
    two_open(&stand->two);
    stand->has_two = true;
    stand->ways = (TwoWays){.docs = {&stand->two.shows[0].doc, &stand->two.shows[1].doc},
                            .comparison = &stand->two.comparison};
    stand->show.input.two_ways = &stand->ways;
}

static inline void open_two_ways_first(Stand *stand) {
    open_two_ways(stand);
    stand->two.shows[0].doc.live = true;
    stand->ways.docs[1] = NULL;
    stand->ways.comparison = NULL;
}

static inline void open_two_ways_trouble(Stand *stand) {
    open_two_ways(stand);
    stand->ways = (TwoWays){.trouble = "They can't be run: no folder can be made"};
}

/* clang-format off */
#define PANEL_SCREENS                                                                              \
    {"why", open_why, stand_main, SCREEN_AT_ALL_MOMENTS},                                          \
    {"why, shared", open_why_shared, stand_main, SCREEN_AT_ALL_MOMENTS},                           \
    {"inspect", open_inspect, stand_main, SCREEN_AT_ALL_MOMENTS},                                  \
    {"inspect, filtered", open_inspect_filtered, stand_main, SCREEN_AT_ONE_MOMENT},                \
    {"inspect, no match", open_inspect_nothing, stand_main, SCREEN_AT_ONE_MOMENT},                 \
    {"question", open_question, stand_main, SCREEN_AT_ONE_MOMENT},                                 \
    {"right", open_right, stand_main, SCREEN_AT_ONE_MOMENT},                                       \
    {"wrong", open_wrong, stand_main, SCREEN_AT_ONE_MOMENT},                                       \
    {"own question", open_own_question, stand_main, SCREEN_AT_ONE_MOMENT},                         \
    {"own question, wrong", open_own_wrong, stand_main, SCREEN_AT_ONE_MOMENT},                     \
    {"score", open_score, stand_main, SCREEN_AT_ONE_MOMENT},                                       \
    {"help", open_help, stand_main, SCREEN_AT_ONE_MOMENT},                                         \
    {"export", open_sheet, stand_main, SCREEN_AT_ONE_MOMENT},                                      \
    {"export, writing", open_sheet_writing, stand_main, SCREEN_AT_ONE_MOMENT},                     \
    {"export, done", open_sheet_done, stand_main, SCREEN_AT_ONE_MOMENT},                           \
    {"export, failed", open_sheet_failed, stand_main, SCREEN_AT_ONE_MOMENT},                       \
    {"tooltip", open_tip, stand_main, SCREEN_AT_ONE_MOMENT},                                       \
    {"tooltip above", open_top_tip, stand_main, SCREEN_AT_ONE_MOMENT},                             \
    {"welcome", open_welcome, stand_welcome, SCREEN_WITH_LONG_TEXTS},                              \
    {"welcome, scrolled", open_welcome_scrolled, stand_welcome, SCREEN_WITH_LONG_TEXTS},           \
    {"welcome, empty", open_welcome_empty, stand_welcome, SCREEN_AT_ONE_MOMENT},                   \
    {"welcome, help", open_welcome_help, stand_welcome, SCREEN_WITH_LONG_TEXTS},                   \
    {"files", open_picker, stand_welcome, SCREEN_WITH_LONG_TEXTS},                                 \
    {"problem", open_problem, stand_welcome, SCREEN_WITH_LONG_TEXTS},                              \
    {"two ways", open_two_ways, stand_main, SCREEN_AT_ALL_MOMENTS},                                \
    {"two ways, first", open_two_ways_first, stand_main, SCREEN_AT_ONE_MOMENT},                    \
    {"two ways, trouble", open_two_ways_trouble, stand_main, SCREEN_AT_ONE_MOMENT},                \
    {"compare", open_compare, stand_compare, SCREEN_AT_ONE_MOMENT},                                \
    {"compare, chosen", open_compare_chosen, stand_compare, SCREEN_AT_ONE_MOMENT},                 \
    {"compare, help", open_compare_help, stand_compare, SCREEN_AT_ONE_MOMENT},                     \
    {"compare, first", open_compare_first, stand_compare, SCREEN_AT_ONE_MOMENT}
/* clang-format on */

#endif
