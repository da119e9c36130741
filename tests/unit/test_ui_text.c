#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "ui/fonts.h"
#include "ui_pixels.h"
#include "ui_stand.h"

#include <SDL_ttf.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static Painter *painter_of(void **state) {
    return *state;
}

static float width_of(void **state, Font font, float size_px, const char *text) {
    return metrics_width(painter_metrics(*state), font, size_px, text);
}

static void write_at(Sheet *sheet, Font font, float size_px, float x, float y, Align align,
                     const char *text) {
    scene_text(&sheet->scene, painter_metrics(sheet->painter), font, size_px, WHITE, x, y, align,
               text);
}

/* ---- places ---- */

static void capitals_have_their_middle_at_y(void **state) {
    static const float SIZES[] = {11, 13, 14.5F, 16, 22, 28, 64};
    for (int font = 0; font < FONT_COUNT; font++) {
        for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
            Sheet sheet;
            sheet_open(&sheet, painter_of(state), 200, 100);
            write_at(&sheet, (Font)font, SIZES[i], 10, 50, ALIGN_LEFT, "HEH");
            sheet_paint(&sheet);
            const Extent extent = sheet_extent(&sheet);
            const int above = 50 - extent.y0, below = extent.y1 - 50;
            assert_in_range(above - below, 0, 1); /* an odd height: the pixel goes up */
            assert_true(fabsf((float)(above + below) - SIZES[i] * 0.728F) < 0.8F);
            sheet_close(&sheet);
        }
    }
}

static void text_stands_where_it_is_aligned(void **state) {
    const char *word = "HIH";
    for (int font = 0; font < FONT_COUNT; font++) {
        const float width = width_of(state, (Font)font, 20, word);
        for (int align = ALIGN_LEFT; align <= ALIGN_RIGHT; align++) {
            Sheet sheet;
            sheet_open(&sheet, painter_of(state), 300, 40);
            write_at(&sheet, (Font)font, 20, 150, 20, (Align)align, word);
            sheet_paint(&sheet);
            const Extent extent = sheet_extent(&sheet);
            const float left = 150 - width * (float)align / 2;
            /* H stands as far from its left as from its right. */
            const float before = (float)extent.x0 - left, after = left + width - (float)extent.x1;
            assert_true(before > -0.5F && before < 4 && fabsf(before - after) < 1.6F);
            sheet_close(&sheet);
        }
    }
}

static void the_width_is_what_is_painted(void **state) {
    const char *text = "write-c.txt is finished, but A holds the only thread: 65 536 bytes";
    for (int font = 0; font < FONT_COUNT; font++) {
        for (float size_px = 11; size_px < 30; size_px += 3.7F) {
            Sheet sheet;
            sheet_open(&sheet, painter_of(state), 1400, 60);
            const float width = width_of(state, (Font)font, size_px, text);
            write_at(&sheet, (Font)font, size_px, 10, 30, ALIGN_LEFT, text);
            sheet_paint(&sheet);
            const Extent extent = sheet_extent(&sheet);
            assert_true(fabsf((float)extent.x0 - 10) < 0.12F * size_px + 1);
            assert_true(fabsf((float)extent.x1 - 10 - width) < 0.12F * size_px + 1);
            const Draw *draw = &sheet.scene.draws[sheet.scene.draw_count - 1];
            assert_true(fabsf(draw->rect.w - width) < 0.001F);
            sheet_close(&sheet);
        }
    }
}

/* Text in two pieces is the text in one: the width of the first is the pen of the second. */
static void pieces_join(void **state) {
    static const char *const PIECES[] = {"loop ", "HHH ", "i = ", "12 "};
    for (int font = 0; font < FONT_COUNT; font++) {
        for (size_t i = 0; i < sizeof PIECES / sizeof *PIECES; i++) {
            static uint32_t whole[300 * 40];
            char text[32];
            Sheet sheet;
            snprintf(text, sizeof text, "%sHmm", PIECES[i]);
            sheet_open(&sheet, painter_of(state), 300, 40);
            write_at(&sheet, (Font)font, 16, 5, 20, ALIGN_LEFT, text);
            sheet_paint(&sheet);
            memcpy(whole, sheet.pixels, sizeof whole);
            sheet_close(&sheet);
            sheet_open(&sheet, painter_of(state), 300, 40);
            const float width = width_of(state, (Font)font, 16, PIECES[i]);
            write_at(&sheet, (Font)font, 16, 5, 20, ALIGN_LEFT, PIECES[i]);
            write_at(&sheet, (Font)font, 16, 5 + width, 20, ALIGN_LEFT, "Hmm");
            sheet_paint(&sheet);
            assert_memory_equal(whole, sheet.pixels, sizeof whole);
            sheet_close(&sheet);
        }
    }
}

static void a_quarter_of_a_pixel_moves_text(void **state) {
    double centres[5] = {0};
    for (int quarter = 0; quarter <= 4; quarter++) {
        Sheet sheet;
        sheet_open(&sheet, painter_of(state), 40, 40);
        write_at(&sheet, FONT_REGULAR, 16, 10 + (float)quarter / 4, 20, ALIGN_LEFT, "w");
        sheet_paint(&sheet);
        double weight = 0;
        for (int i = 0; i < 40 * 40; i++) {
            centres[quarter] += (i % 40 + 0.5) * sheet_at(&sheet, i % 40, i / 40);
            weight += sheet_at(&sheet, i % 40, i / 40);
        }
        centres[quarter] /= weight;
        assert_true(quarter == 0 || centres[quarter] - centres[quarter - 1] > 0.15);
        sheet_close(&sheet);
    }
    assert_true(fabs(centres[4] - centres[0] - 1) < 0.001);
}

/* ---- widths ---- */

static void widths_grow_with_size_and_text(void **state) {
    char text[64] = "";
    float before = 0;
    for (size_t length = 1; length < 60; length++) {
        text[length - 1] = (char)('A' + length % 50);
        text[length] = '\0';
        const float width = width_of(state, FONT_REGULAR, 15, text);
        assert_true(width > before);
        before = width;
        assert_true(width_of(state, FONT_REGULAR, 15.25F, text) > width);
        assert_true(width_of(state, FONT_BOLD, 15, text) > width);
        assert_true(fabsf(width_of(state, FONT_REGULAR, 30, text) - 2 * width) < 0.01F);
    }
    assert_true(width_of(state, FONT_REGULAR, 15, "") == 0);
}

static void mono_cells_are_equal_and_never_joined(void **state) {
    static const char *const RUNS[] = {"->", "!=", ">=", "===", "www", "fi", "1\xE2\x80\xAF.5"};
    for (int font = FONT_MONO; font < FONT_COUNT; font++) {
        const float cell = width_of(state, (Font)font, 16, "0");
        for (size_t i = 0; i < sizeof RUNS / sizeof *RUNS; i++) {
            const size_t count = utf8_count(RUNS[i], strlen(RUNS[i]));
            assert_true(fabsf(width_of(state, (Font)font, 16, RUNS[i]) - cell * (float)count) <
                        0.01F);
        }
    }
    static uint32_t joined[60 * 40];
    for (size_t i = 0; i < 4; i++) {
        Sheet sheet;
        sheet_open(&sheet, painter_of(state), 60, 40);
        write_at(&sheet, FONT_MONO, 20, 10, 20, ALIGN_LEFT, RUNS[i]);
        sheet_paint(&sheet);
        memcpy(joined, sheet.pixels, sizeof joined);
        sheet_close(&sheet);
        sheet_open(&sheet, painter_of(state), 60, 40);
        for (size_t k = 0; RUNS[i][k] != '\0'; k++) {
            const char one[2] = {RUNS[i][k], '\0'};
            write_at(&sheet, FONT_MONO, 20, 10 + 12 * (float)k, 20, ALIGN_LEFT, one);
        }
        sheet_paint(&sheet);
        assert_memory_equal(joined, sheet.pixels, sizeof joined);
        sheet_close(&sheet);
    }
}

/* SDL_ttf asks HarfBuzz: another reading of the same tables. Between two H the bearings cancel. */
static void kerning_is_as_harfbuzz_reads_it(void **state) {
    static const char *const WORDS[] = {"AVAVA",   "To.Ty,", "LTLY",  "WaWe",  "P.P,", "r.f,v.",
                                        "11\"A\"", "KoKe",   "Te:Ta", "a-v-w", "loop"};
    static const Font FONTS[] = {FONT_REGULAR, FONT_MEDIUM, FONT_SEMIBOLD, FONT_BOLD};
    bool kerned = false;
    assert_int_equal(TTF_Init(), 0);
    for (size_t f = 0; f < 4; f++) {
        char file[1024];
        assert_true(fonts_find(FONTS[f], file, sizeof file));
        TTF_Font *other = TTF_OpenFont(file, 400);
        assert_non_null(other);
        TTF_SetFontHinting(other, TTF_HINTING_NONE);
        int none = 0, height = 0;
        assert_int_equal(TTF_SizeUTF8(other, "HH", &none, &height), 0);
        for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
            char between[32];
            int wanted = 0;
            snprintf(between, sizeof between, "H%sH", WORDS[i]);
            assert_int_equal(TTF_SizeUTF8(other, between, &wanted, &height), 0);
            const float got =
                width_of(state, FONTS[f], 400, between) - width_of(state, FONTS[f], 400, "HH");
            float apart = -width_of(state, FONTS[f], 400, "HH");
            for (size_t k = 0; between[k] != '\0'; k++) {
                const char one[2] = {between[k], '\0'};
                apart += width_of(state, FONTS[f], 400, one);
            }
            kerned = kerned || fabsf(apart - got) > 20;
            if (fabsf(got - (float)(wanted - none)) > 4) { /* a hundredth of an em */
                fail_msg("%s in %s: %.2f px, HarfBuzz %d px", WORDS[i], font_name(FONTS[f]),
                         (double)got, wanted - none);
            }
        }
        TTF_CloseFont(other);
    }
    TTF_Quit();
    assert_true(kerned);
}

/* ---- characters ---- */

static double ink_of_text(void **state, Font font, const char *text) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 80, 60);
    write_at(&sheet, font, 24, 20, 30, ALIGN_LEFT, text);
    sheet_paint(&sheet);
    const double area = sheet_area(&sheet);
    sheet_close(&sheet);
    return area;
}

static void signs_of_the_window_are_all_there(void **state) {
    static const char *const SIGNS[] = {"→", "←", "↑", "↓", "⇧", "…", "✓", "·", "µ", "×", "–"};
    for (int font = 0; font < FONT_COUNT; font++) {
        const double unknown = ink_of_text(state, (Font)font, "\xEF\xBF\xBD");
        for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
            const double ink = ink_of_text(state, (Font)font, SIGNS[i]);
            assert_true(ink > 1 && fabs(ink - unknown) > 0.01);
            assert_true(width_of(state, (Font)font, 24, SIGNS[i]) > 0);
        }
    }
}

static void what_no_font_has_is_the_replacement_sign(void **state) {
    static const char *const STRANGERS[] = {"\xF4\x8F\xBF\xBD", "\xFF", "\xC3",
                                            "\xED\xA0\x80",     "\x01", "\x7F"};
    const char *sign = "\xEF\xBF\xBD";
    for (int font = 0; font < FONT_COUNT; font++) {
        for (size_t i = 0; i < sizeof STRANGERS / sizeof *STRANGERS; i++) {
            const double ink = ink_of_text(state, (Font)font, STRANGERS[i]);
            assert_true(ink > 1);
            const float signs = width_of(state, (Font)font, 24, STRANGERS[i]) /
                                width_of(state, (Font)font, 24, sign);
            assert_true(signs > 0.99F && fabsf(signs - roundf(signs)) < 0.01F);
        }
    }
}

static void a_tab_is_four_spaces(void **state) {
    for (int font = 0; font < FONT_COUNT; font++) {
        assert_true(ink_of_text(state, (Font)font, "\t") == 0);
        assert_true(fabsf(width_of(state, (Font)font, 24, "\t") -
                          width_of(state, (Font)font, 24, "    ")) < 0.01F);
    }
}

/* More glyphs than the atlas holds: it begins anew, and nothing is painted wrong. */
static void the_atlas_may_overflow(void **state) {
    static uint32_t before[200 * 40];
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 200, 40);
    write_at(&sheet, FONT_REGULAR, 16, 10, 20, ALIGN_LEFT, "the same as before");
    sheet_paint(&sheet);
    memcpy(before, sheet.pixels, sizeof before);
    sheet_close(&sheet);
    for (int i = 0; i < 100; i++) { /* about half a megabyte each */
        sheet_open(&sheet, painter_of(state), 100, 100);
        write_at(&sheet, FONT_BOLD, 960 + (float)i / 4, 50, 50, ALIGN_MIDDLE, "W");
        sheet_paint(&sheet);
        sheet_close(&sheet);
    }
    sheet_open(&sheet, painter_of(state), 200, 40);
    write_at(&sheet, FONT_REGULAR, 16, 10, 20, ALIGN_LEFT, "the same as before");
    sheet_paint(&sheet);
    assert_memory_equal(before, sheet.pixels, sizeof before);
    sheet_close(&sheet);
}

static void long_text_beyond_the_clip_is_cut(void **state) {
    char text[4001];
    memset(text, 'H', 4000);
    text[4000] = '\0';
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 100, 40);
    scene_clip(&sheet.scene, (Rect){20, 0, 30, 40});
    write_at(&sheet, FONT_REGULAR, 16, -500, 20, ALIGN_LEFT, text);
    scene_unclip(&sheet.scene);
    sheet_paint(&sheet);
    const Extent extent = sheet_extent(&sheet);
    assert_in_range(extent.x0, 20, 25);
    assert_in_range(extent.x1, 45, 50);
    sheet_close(&sheet);
}

/* ---- font files ---- */

static void fonts_are_found_and_named(void **state) {
    (void)state;
    char file[1024];
    for (int font = 0; font < FONT_COUNT; font++) {
        assert_true(fonts_find((Font)font, file, sizeof file));
        assert_int_equal(access(file, R_OK), 0);
        assert_in_range(font_weight((Font)font), 400, 700);
        assert_true((font_sibling((Font)font) >= FONT_MONO) != (font >= FONT_MONO));
    }
    char tiny[8];
    assert_false(fonts_find(FONT_REGULAR, tiny, sizeof tiny)); /* no path is cut */
}

static void the_users_folder_comes_first_with_its_subfolders(void **state) {
    (void)state;
    char folder[] = "/tmp/loopscope-fonts-XXXXXX", below[64], link[96], file[1024], found[1024];
    assert_non_null(mkdtemp(folder));
    snprintf(below, sizeof below, "%s/static", folder);
    snprintf(link, sizeof link, "%s/Inter-Bold.otf", below);
    assert_int_equal(mkdir(below, 0700), 0);
    assert_true(fonts_find(FONT_BOLD, file, sizeof file));
    assert_int_equal(symlink(file, link), 0);
    setenv("LOOPSCOPE_FONTS", folder, 1);
    assert_true(fonts_find(FONT_BOLD, found, sizeof found));
    assert_string_equal(found, link);
    assert_true(fonts_find(FONT_REGULAR, found, sizeof found)); /* still found elsewhere */
    setenv("LOOPSCOPE_FONTS_ONLY", "1", 1);
    assert_false(fonts_find(FONT_REGULAR, found, sizeof found));
    Diags diags = {0};
    assert_null(painter_create(&diags));
    assert_int_equal(diags.count, 1);
    assert_non_null(strstr(diags.items[0].message, "fonts-inter"));
    assert_non_null(strstr(diags.items[0].message, "fonts-jetbrains-mono"));
    diags_finish(&diags);
    unsetenv("LOOPSCOPE_FONTS");
    unsetenv("LOOPSCOPE_FONTS_ONLY");
    unlink(link);
    rmdir(below);
    rmdir(folder);
}

/* Every byte of a font file is a stranger's: broken ones are refused or drawn, never trusted. */
static void damaged_fonts_do_no_harm(void **state) {
    (void)state;
    char file[1024], folder[] = "/tmp/loopscope-fonts-XXXXXX", copy[64];
    assert_non_null(mkdtemp(folder));
    snprintf(copy, sizeof copy, "%s/Inter-Regular.otf", folder);
    assert_true(fonts_find(FONT_REGULAR, file, sizeof file));
    FILE *in = fopen(file, "rb");
    assert_non_null(in);
    static unsigned char bytes[4 << 20];
    const size_t size_bytes = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    setenv("LOOPSCOPE_FONTS", folder, 1);
    uint32_t seed = 3;
    for (int round = 0; round < 24; round++) {
        FILE *out = fopen(copy, "wb");
        assert_non_null(out);
        for (size_t i = 300; i < size_bytes; i++) { /* the directory of tables stays whole */
            seed = seed * 1664525U + 1013904223U;
            bytes[i] = (seed >> 8) % 4096 == 0 ? (unsigned char)(seed >> 20) : bytes[i];
        }
        fwrite(bytes, 1, round % 4 == 3 ? size_bytes / 2 : size_bytes, out);
        fclose(out);
        Diags diags = {0};
        Painter *painter = painter_create(&diags);
        assert_true((painter == NULL) == (diags.count > 0));
        if (painter != NULL) {
            Sheet sheet;
            sheet_open(&sheet, painter, 400, 40);
            write_at(&sheet, FONT_REGULAR, 16, 10, 20, ALIGN_LEFT, "AVATAR To. Wave \"loop\" 1, 2");
            sheet_paint(&sheet);
            assert_int_equal(sheet.pixels[0] >> 24, 0xFF);
            sheet_close(&sheet);
        }
        painter_destroy(painter);
        diags_finish(&diags);
    }
    unsetenv("LOOPSCOPE_FONTS");
    unlink(copy);
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capitals_have_their_middle_at_y),
        cmocka_unit_test(text_stands_where_it_is_aligned),
        cmocka_unit_test(the_width_is_what_is_painted),
        cmocka_unit_test(pieces_join),
        cmocka_unit_test(a_quarter_of_a_pixel_moves_text),
        cmocka_unit_test(widths_grow_with_size_and_text),
        cmocka_unit_test(mono_cells_are_equal_and_never_joined),
        cmocka_unit_test(kerning_is_as_harfbuzz_reads_it),
        cmocka_unit_test(signs_of_the_window_are_all_there),
        cmocka_unit_test(what_no_font_has_is_the_replacement_sign),
        cmocka_unit_test(a_tab_is_four_spaces),
        cmocka_unit_test(the_atlas_may_overflow),
        cmocka_unit_test(long_text_beyond_the_clip_is_cut),
        cmocka_unit_test(fonts_are_found_and_named),
        cmocka_unit_test(the_users_folder_comes_first_with_its_subfolders),
        cmocka_unit_test(damaged_fonts_do_no_harm),
    };
    return cmocka_run_group_tests(tests, open_painter, close_painter);
}
