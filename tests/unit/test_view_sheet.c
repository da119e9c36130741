/* The export sheet: what its keys mean in each of its phases, and how it looks in all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_checks.h"
#include "view_look.h"

#include <stdio.h>
#include <string.h>

static ExportSheet sheet_make(void) {
    static const SheetFormat FORMATS[] = {
        {".html", "page", "Plays in any browser."}, {".mp4", "film", "A film."},
        {".gif", "film that repeats", "A film."},   {".png", "picture", "One moment."},
        {"/", "pictures", "All of them."},          {".txt", "narration", "Sentences."},
        {".json", "Chrome trace", "For others."},   {".jsonl", "trace", "For us."}};
    ExportSheet sheet = {.open = true, .file = "three-writers", .place = "/home/me"};
    for (size_t i = 0; i < sizeof FORMATS / sizeof FORMATS[0]; i++) {
        sheet.formats[sheet.format_count++] = FORMATS[i];
    }
    assert_true(sheet_choose(&sheet, 0));
    return sheet;
}

static Action key(ExportSheet *sheet, const char *name) {
    return sheet_key(sheet, name, false, false);
}

/* ---- keys ---- */

static void the_ending_follows_the_format(void **state) {
    (void)state;
    ExportSheet sheet = sheet_make();
    for (size_t i = 0; i < sheet.format_count; i++) {
        char want[64];
        (void)snprintf(want, sizeof want, "three-writers%s", sheet.formats[i].ending);
        assert_true(sheet_choose(&sheet, i));
        assert_string_equal(sheet.file, want);
    }
    assert_false(sheet_choose(&sheet, sheet.format_count));
    assert_true(sheet_choose(&sheet, 6));
    assert_string_equal(sheet.file, "three-writers.json"); /* of ".jsonl" nothing is left */
    (void)snprintf(sheet.file, sizeof sheet.file, "a.b/mine.tar");
    assert_true(sheet_choose(&sheet, 3));
    assert_string_equal(sheet.file, "a.b/mine.tar.png");
    memset(sheet.file, 'x', sizeof sheet.file - 1);
    assert_true(sheet_choose(&sheet, 0)); /* no room: the name stays */
    assert_int_equal(strlen(sheet.file), sizeof sheet.file - 1);
}

static void arrows_choose_and_tab_goes_round(void **state) {
    (void)state;
    ExportSheet sheet = sheet_make();
    key(&sheet, "Left");
    assert_int_equal(sheet.chosen, 0);
    key(&sheet, "Right");
    key(&sheet, "Down");
    assert_int_equal(sheet.chosen, 1 + SHEET_COLUMNS);
    key(&sheet, "Up");
    key(&sheet, "Up");
    assert_int_equal(sheet.chosen, 1);
    assert_int_equal(sheet.focus, SHEET_ON_FORMATS);
    for (int i = 1; i <= SHEET_FOCUS_COUNT; i++) {
        assert_int_equal(key(&sheet, "Tab"), ACTION_NONE);
        assert_int_equal(sheet.focus, i % SHEET_FOCUS_COUNT);
    }
    assert_int_equal(sheet_key(&sheet, "Tab", true, false), ACTION_NONE);
    assert_int_equal(sheet.focus, SHEET_ON_CLOSE);
    assert_int_equal(key(&sheet, "Right"), ACTION_NONE);
    assert_int_equal(sheet.chosen, 1);
}

static void the_name_is_typed(void **state) {
    (void)state;
    ExportSheet sheet = sheet_make();
    sheet.focus = SHEET_ON_FILE;
    (void)snprintf(sheet.file, sizeof sheet.file, "ab");
    key(&sheet, "X"); /* a letter, not the key that closes */
    sheet_key(&sheet, "T", true, false);
    key(&sheet, "Space");
    key(&sheet, "/");
    key(&sheet, "\xc3\xa9");
    key(&sheet, "_");
    assert_string_equal(sheet.file, "abxT /\xc3\xa9_");
    key(&sheet, "Backspace");
    key(&sheet, "Backspace");
    assert_string_equal(sheet.file, "abxT /");
    key(&sheet, "N");
    key(&sheet, "O");
    sheet_key(&sheet, "Backspace", false, true);
    assert_string_equal(sheet.file, "abxT /");
    sheet_key(&sheet, "Backspace", false, true);
    assert_string_equal(sheet.file, "");
    key(&sheet, "Backspace");
    assert_string_equal(sheet.file, "");
    assert_int_equal(key(&sheet, "F11"), ACTION_FULLSCREEN);
    assert_int_equal(sheet_key(&sheet, "Q", false, true), ACTION_QUIT);
    assert_string_equal(sheet.file, "");
    memset(sheet.file, 'x', sizeof sheet.file - 2);
    key(&sheet, "\xc3\xa9"); /* two bytes where one has room */
    assert_int_equal(strlen(sheet.file), sizeof sheet.file - 2);
    assert_int_equal(key(&sheet, "Y"), ACTION_NONE);
    assert_int_equal(key(&sheet, "T"), ACTION_NONE); /* no room, and no theme either */
}

static void what_lies_beneath_is_left_alone(void **state) {
    (void)state;
    ExportSheet sheet = sheet_make();
    static const char *const KEYS[] = {"Space", "PageDown", "Home", "P", "R", "/", "1", "B", "E"};
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        assert_int_equal(key(&sheet, KEYS[i]), ACTION_NONE);
    }
    assert_int_equal(key(&sheet, "T"), ACTION_THEME);
    assert_int_equal(key(&sheet, "L"), ACTION_TEXT_NEXT);
    assert_int_equal(key(&sheet, "X"), ACTION_EXPORT);
    assert_int_equal(key(&sheet, "Escape"), ACTION_EXPORT);
    assert_int_equal(sheet_key(&sheet, "C", false, true), ACTION_NONE); /* nothing to copy yet */
}

static void enter_and_escape_by_phase(void **state) {
    (void)state;
    ExportSheet sheet = sheet_make();
    assert_int_equal(key(&sheet, "Return"), ACTION_EXPORT_START);
    sheet.focus = SHEET_ON_START;
    assert_int_equal(key(&sheet, "Space"), ACTION_EXPORT_START);
    sheet.focus = SHEET_ON_CLOSE;
    assert_int_equal(key(&sheet, "Return"), ACTION_EXPORT);
    sheet.phase = SHEET_WRITING;
    assert_int_equal(key(&sheet, "Return"), ACTION_EXPORT_STOP);
    assert_int_equal(key(&sheet, "Escape"), ACTION_EXPORT_STOP);
    key(&sheet, "Tab"); /* nothing else can have the focus, nothing can change */
    assert_int_equal(sheet.focus, SHEET_ON_CLOSE);
    assert_false(sheet_choose(&sheet, 2));
    sheet.focus = SHEET_ON_FILE;
    assert_int_equal(key(&sheet, "A"), ACTION_NONE);
    assert_string_equal(sheet.file, "three-writers.html");
    sheet.phase = SHEET_DONE;
    sheet.focus = SHEET_ON_START;
    assert_int_equal(key(&sheet, "Return"), ACTION_EXPORT_COPY);
    assert_int_equal(sheet_key(&sheet, "C", false, true), ACTION_EXPORT_COPY);
    assert_int_equal(key(&sheet, "Escape"), ACTION_EXPORT);
    (void)snprintf(sheet.message, sizeof sheet.message, "Written");
    sheet.focus = SHEET_ON_FORMATS;
    key(&sheet, "Right"); /* another file: the last one's words go */
    assert_int_equal(sheet.phase, SHEET_CHOOSING);
    assert_string_equal(sheet.message, "");
    sheet.phase = SHEET_FAILED;
    assert_int_equal(key(&sheet, "Return"), ACTION_EXPORT_START);
}

/* ---- its look ---- */

static const struct {
    const char *name;
    SheetPhase phase;
    SheetFocus focus;
    const char *message;
} LOOKS[] = {
    {"sheet-choosing", SHEET_CHOOSING, SHEET_ON_FORMATS, ""},
    {"sheet-typing", SHEET_CHOOSING, SHEET_ON_FILE, ""},
    {"sheet-writing", SHEET_WRITING, SHEET_ON_CLOSE, ""},
    {"sheet-done", SHEET_DONE, SHEET_ON_START, "Written: /home/me/three-writers.html"},
    {"sheet-failed", SHEET_FAILED, SHEET_ON_START,
     "a film needs ffmpeg, which is not here: apt install ffmpeg (Debian, Ubuntu), dnf install "
     "ffmpeg-free (Fedora), brew install ffmpeg (macOS), winget install ffmpeg (Windows)"},
};
enum { LOOK_COUNT = sizeof LOOKS / sizeof LOOKS[0] };

static void show_look(Show *show, ExportSheet *sheet, size_t look) {
    sheet->phase = LOOKS[look].phase;
    sheet->focus = LOOKS[look].focus;
    sheet->share = 0.37f;
    (void)snprintf(sheet->message, sizeof sheet->message, "%s", LOOKS[look].message);
    show->input.sheet = sheet;
    show_begin_at(show, 5, 1);
    panel_sheet(&show->canvas);
}

static void its_pictures(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    ExportSheet sheet = sheet_make();
    for (size_t look = 0; look < LOOK_COUNT; look++) {
        sheet.replaces = look == 1;
        show_look(&show, &sheet, look);
        check_golden_scene(&show.scene, LOOKS[look].name);
    }
    show_close(&show);
}

/* No text leaves the sheet or lies over another, at any size of window and text. */
static void it_fits_everywhere(void **state) {
    (void)state;
    static const int SIZES[][2] = {{1024, 640}, {1280, 720}, {1920, 1080}, {1200, 1600}};
    static const float SCALES[] = {1, 1.18f, 1.35f};
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    ExportSheet sheet = sheet_make();
    for (size_t i = sheet.format_count; i < 12; i++) { /* as many as there may be soon */
        sheet.formats[sheet.format_count++] = (SheetFormat){".pftrace", "another trace", "x"};
    }
    memset(sheet.file, 'w', 200);
    for (size_t at = 0; at < 12; at++) {
        show_size(&show, SIZES[at / 3][0], SIZES[at / 3][1], SCALES[at % 3]);
        for (size_t look = 0; look < LOOK_COUNT; look++) {
            show_look(&show, &sheet, look);
            const Draw *ground = &show.scene.draws[1]; /* above the veil */
            assert_true(ground->rect.y >= 0 &&
                        ground->rect.y + ground->rect.h <= (float)show.input.height_px);
            const Draw *seen[64];
            size_t count = 0;
            for (size_t i = 0; i < show.scene.draw_count; i++) {
                const Draw *draw = &show.scene.draws[i];
                if (draw->kind == DRAW_TEXT && draw->count > 0) {
                    assert_true(rect_inside(text_box(draw), ground->rect));
                    for (size_t k = 0; k < count; k++) {
                        assert_false(rects_overlap(text_box(draw), text_box(seen[k])));
                    }
                    assert_true(count < 64);
                    seen[count++] = draw;
                }
            }
        }
    }
    show_close(&show);
}

/* Whatever is pressed outside its controls does nothing, and each control has its place. */
static void the_pointer_reaches_its_controls(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    ExportSheet sheet = sheet_make();
    show_look(&show, &sheet, 0);
    assert_int_equal(scene_hit_at(&show.scene, 5, 5)->action, ACTION_NONE);
    static const Action WANTED[] = {ACTION_EXPORT_FORMAT, ACTION_EXPORT_FILE, ACTION_EXPORT_START,
                                    ACTION_EXPORT};
    for (size_t k = 0; k < sizeof WANTED / sizeof WANTED[0]; k++) {
        size_t found = 0;
        for (size_t i = 0; i < show.scene.hit_count; i++) {
            found += show.scene.hits[i].action == WANTED[k];
        }
        assert_int_equal(found, WANTED[k] == ACTION_EXPORT_FORMAT ? sheet.format_count : 1);
    }
    show_close(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ending_follows_the_format),
        cmocka_unit_test(arrows_choose_and_tab_goes_round),
        cmocka_unit_test(the_name_is_typed),
        cmocka_unit_test(what_lies_beneath_is_left_alone),
        cmocka_unit_test(enter_and_escape_by_phase),
        cmocka_unit_test(its_pictures),
        cmocka_unit_test(it_fits_everywhere),
        cmocka_unit_test(the_pointer_reaches_its_controls),
    };
    return cmocka_run_group_tests_name("view/sheet", tests, NULL, NULL);
}
