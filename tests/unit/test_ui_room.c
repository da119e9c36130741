/* Room for every text, measured with the window's own fonts: on every screen, at every size and
 * text size, no text lies over another one, across the edge of a box, under a line, or outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_screens.h"

#include "ui/painter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FAULTS_TOLD = 20, CLIPS_MAX = 8 };

static const int SIZES[][2] = {{1024, 640}, {1280, 720}, {1600, 900}, {1920, 1080}, {3840, 2160}};
static const float SCALES[] = {1, 1.18f, 1.35f};
enum {
    SIZE_COUNT = sizeof SIZES / sizeof SIZES[0],
    SCALE_COUNT = sizeof SCALES / sizeof SCALES[0]
};

static Rect rect_common(Rect a, Rect b) {
    const float x = fmaxf(a.x, b.x), y = fmaxf(a.y, b.y);
    return (Rect){x, y, fmaxf(fminf(a.x + a.w, b.x + b.w) - x, 0),
                  fmaxf(fminf(a.y + a.h, b.y + b.h) - y, 0)};
}

/* For each draw what its clips leave of the window. */
static void visible_fill(const Scene *scene, Rect *visible) {
    Rect clips[CLIPS_MAX] = {{0, 0, (float)scene->width_px, (float)scene->height_px}};
    size_t depth = 0;
    for (size_t i = 0; i < scene->draw_count; i++) {
        if (scene->draws[i].kind == DRAW_CLIP) {
            assert_true(depth + 1 < CLIPS_MAX);
            clips[depth + 1] = rect_common(clips[depth], scene->draws[i].rect);
            depth++;
        } else if (scene->draws[i].kind == DRAW_UNCLIP) {
            depth--;
        }
        visible[i] = clips[depth];
    }
}

enum { DRAWS_MAX = 20000 };

typedef struct Look {
    const Stand *stand;
    const Scene *scene;
    const char *row;
    bool has_long_texts;
    Rect visible[DRAWS_MAX];
    bool gone[DRAWS_MAX]; /* no text, or one that what comes later covers whole */
    size_t faults;
} Look;

static void fault(Look *look, size_t text, const char *what, size_t other) {
    const Show *show = &look->stand->show;
    const Draw *a = &look->scene->draws[text], *b = &look->scene->draws[other];
    const bool words = b->kind == DRAW_TEXT && other != text;
    print_error("%s, %dx%d x %.2f, cursor %llu: \"%.*s\" %s%s%.*s%s\n", look->row,
                show->input.width_px, show->input.height_px, (double)show->input.text_scale,
                (unsigned long long)show->player.cursor, (int)a->count,
                look->scene->text + a->first, what, words ? " \"" : "", words ? (int)b->count : 0,
                look->scene->text + (words ? b->first : 0), words ? "\"" : "");
    look->faults++;
}

static bool is_box(const Draw *draw) {
    return draw->kind == DRAW_RECT && (draw->fill.a > 0 || draw->stroke.a > 0);
}

static bool is_cover(const Draw *draw) {
    return draw->kind == DRAW_RECT && draw->fill.a == 255;
}

/* Covered by one opaque box. */
static bool is_gone(const Scene *scene, size_t text, Rect box) {
    for (size_t i = text + 1; i < scene->draw_count; i++) {
        if (is_cover(&scene->draws[i]) && inside(box, scene->draws[i].rect)) {
            return true;
        }
    }
    return false;
}

static bool segment_crosses(Point a, Point b, Rect box) {
    float from = 0, to = 1;
    const float d[2] = {b.x - a.x, b.y - a.y}, o[2] = {a.x, a.y};
    const float low[2] = {box.x, box.y}, high[2] = {box.x + box.w, box.y + box.h};
    for (int k = 0; k < 2; k++) {
        if (fabsf(d[k]) < 1e-6f) {
            if (o[k] < low[k] || o[k] > high[k]) {
                return false;
            }
            continue;
        }
        const float t1 = (low[k] - o[k]) / d[k], t2 = (high[k] - o[k]) / d[k];
        from = fmaxf(from, fminf(t1, t2));
        to = fminf(to, fmaxf(t1, t2));
    }
    return from < to;
}

/* A drawer or a sheet, over whatever is there. */
static bool is_panel(const Scene *scene, const Draw *draw) {
    return draw->rect.w * draw->rect.h > 0.06f * (float)scene->width_px * (float)scene->height_px;
}

static bool same_ink(Color a, Color b) {
    return a.r == b.r && a.g == b.g && a.b == b.b;
}

static bool line_crosses(const Scene *scene, const Draw *line, Rect box) {
    for (uint32_t i = 0; i + 1 < line->count; i++) {
        const Point *at = scene->points + line->first + i;
        if (segment_crosses(at[0], at[1], box)) {
            return true;
        }
    }
    return false;
}

/* A line that is more than the ground's grid. */
static bool is_crossed(const Look *look, size_t line, Rect box) {
    const Draw *draw = &look->scene->draws[line];
    const Theme *theme = theme_get(look->stand->show.input.theme);
    const Rect seen = rect_common(box, look->visible[line]);
    return draw->kind == DRAW_POLYLINE && draw->stroke.a > 0 && seen.w > 0 && seen.h > 0 &&
           !same_ink(draw->stroke, theme->line) && !same_ink(draw->stroke, theme->kernel_dot) &&
           line_crosses(look->scene, draw, seen);
}

/* The boxes and lines under a text, down to the first that is ground for all of it; and the lines
 * that come over it. */
static void check_ground(Look *look, size_t text, Rect box) {
    const Scene *scene = look->scene;
    const float slack = 0.08f * box.h;
    const Rect core = {box.x + slack, box.y + slack, box.w - 2 * slack, box.h - 2 * slack};
    for (size_t i = text; i-- > 0;) {
        const Draw *draw = &scene->draws[i];
        if (is_crossed(look, i, core)) {
            fault(look, text, "stands on a line", text);
            return;
        }
        if (!is_box(draw) || !overlap(core, rect_common(draw->rect, look->visible[i]))) {
            continue;
        }
        if (!inside(core, draw->rect)) {
            fault(look, text, "stands across an edge", text);
            return;
        }
        if (is_cover(draw)) {
            break;
        }
    }
    for (size_t i = text + 1; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (is_crossed(look, i, core)) {
            fault(look, text, "has a line over it", text);
            return;
        }
        if (!is_cover(draw) || !overlap(core, rect_common(draw->rect, look->visible[i]))) {
            continue;
        }
        if (!look->stand->floats) {
            fault(look, text, "is covered in part", text);
        }
        return;
    }
}

/* A panel came between the two, and the later one stands on it. */
static bool is_between(const Look *look, size_t first, size_t second, Rect box) {
    const Scene *scene = look->scene;
    for (size_t i = first + 1; i < second; i++) {
        if (is_cover(&scene->draws[i]) &&
            (look->stand->floats || is_panel(scene, &scene->draws[i])) &&
            inside(box, scene->draws[i].rect)) {
            return true;
        }
    }
    return false;
}

/* Ordinary words have room at the ordinary size. */
static bool may_end_short(const Look *look) {
    return look->has_long_texts || look->stand->show.input.text_scale > 1;
}

static bool ends_with(const char *text, const char *end) {
    const size_t size = strlen(end), length = strlen(text);
    return length >= size && strcmp(text + length - size, end) == 0;
}

static bool ends_short(const char *text) {
    return ends_with(text, "…");
}

/* A number that lacks digits is another number; "1 … 4" is none. */
static bool is_wrong_number(const char *text) {
    return strstr(text, "…") != NULL && strstr(text, " … ") == NULL &&
           text[strcspn(text, "abcdefghijklmnopqrstuvwxyz")] == '\0' &&
           text[strcspn(text, "0123456789")] != '\0';
}

static void check_words(Look *look, size_t n) {
    const Draw *draw = &look->scene->draws[n];
    char text[256];
    (void)snprintf(text, sizeof text, "%.*s", (int)draw->count, look->scene->text + draw->first);
    if ((ends_short(text) && !may_end_short(look)) || is_wrong_number(text)) {
        fault(look, n, "is cut short", n);
    }
    const Rect box = draw_bounds(draw);
    if (ends_short(text) && !ends_with(text, " …") && !look->stand->floats &&
        scene_whole_at(look->scene, box.x + box.w / 2, box.y + box.h / 2) == NULL) {
        fault(look, n, "is cut, and no tip tells all of it", n);
    }
}

static void check_room_of(Look *look) {
    const Scene *scene = look->scene;
    assert_true(scene->draw_count < DRAWS_MAX);
    visible_fill(scene, look->visible);
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        look->gone[i] = true;
        if (draw->kind != DRAW_TEXT || draw->count == 0) {
            continue;
        }
        const Rect box = draw_bounds(draw);
        if (!overlap(box, look->visible[i]) || is_gone(scene, i, box)) {
            continue;
        }
        look->gone[i] = false;
        check_words(look, i);
        if (!inside(box, look->visible[i])) {
            fault(look, i, "is cut", i);
        }
        check_ground(look, i, box);
        for (size_t k = 0; k < i; k++) {
            if (!look->gone[k] && overlap(box, draw_bounds(&scene->draws[k])) &&
                !is_between(look, k, i, box)) {
                fault(look, i, "lies over", k);
            }
        }
    }
}

/* A moment at every fourth of the sizes: the next moment has the next ones. */
static void check_moment(Look *look, Stand *stand, const ScreenRow *row, uint64_t cursor) {
    enum { COUNT = SIZE_COUNT * SCALE_COUNT };
    const size_t step = (row->kind & SCREEN_AT_ALL_MOMENTS) != 0 ? 4 : 1;
    for (size_t k = (size_t)cursor % step; k < COUNT; k += step) {
        const int *size = SIZES[k % SIZE_COUNT];
        show_size(&stand->show, size[0], size[1], SCALES[k / SIZE_COUNT]);
        stand_at(stand, cursor);
        row->draw(stand);
        look->stand = stand;
        look->scene = &stand->show.scene;
        look->row = row->name;
        look->has_long_texts = (row->kind & SCREEN_WITH_LONG_TEXTS) != 0;
        check_room_of(look);
    }
}

static void every_text_has_its_room(void **state) {
    Look *look = calloc(1, sizeof *look);
    assert_non_null(look);
    for (size_t i = 0; i < SCREEN_ROWS && look->faults < FAULTS_TOLD; i++) {
        Stand stand;
        stand_open(&stand, &SCREENS[i], painter_metrics(*state));
        const uint64_t last = stand_last(&stand, &SCREENS[i]);
        for (uint64_t cursor = stand_first(&stand, &SCREENS[i]); cursor <= last; cursor++) {
            check_moment(look, &stand, &SCREENS[i], cursor);
        }
        stand_close(&stand);
    }
    const size_t faults = look->faults;
    free(look);
    assert_int_equal(faults, 0);
}

/* A question of a scenario's author, as long as one may be: all of it and of the answer is told. */
static void what_an_author_asks_is_told_whole(void **state) {
    for (size_t i = 0; i < SCREEN_ROWS * SIZE_COUNT * SCALE_COUNT; i++) {
        const ScreenRow *row = &SCREENS[i / (SIZE_COUNT * SCALE_COUNT)];
        const int *size = SIZES[i / SCALE_COUNT % SIZE_COUNT];
        Stand stand;
        if (strncmp(row->name, "own question", 12) != 0) {
            continue;
        }
        stand_open(&stand, row, painter_metrics(*state));
        show_size(&stand.show, size[0], size[1], SCALES[i % SCALE_COUNT]);
        row->draw(&stand);
        const Scene *scene = &stand.show.scene;
        const Layout *layout = &stand.show.layout;
        const Rect answers = layout->compact ? layout->kernel : layout->code;
        for (size_t k = 0; k < scene->draw_count; k++) {
            const Draw *draw = &scene->draws[k];
            const char *end = scene->text + draw->first + draw->count;
            if (draw->kind == DRAW_TEXT && draw->count > 3 && memcmp(end - 3, "…", 3) == 0 &&
                (rect_contains(layout->caption, draw->rect.x, draw->rect.y) ||
                 rect_contains(answers, draw->rect.x, draw->rect.y))) {
                fail_msg("%s, %dx%d x %.2f: \"%.*s\"", row->name, size[0], size[1],
                         (double)SCALES[i % SCALE_COUNT], (int)draw->count,
                         scene->text + draw->first);
            }
        }
        stand_close(&stand);
    }
}

/* What is told of an event is told whole, however large the text is. */
static void every_caption_is_told_whole(void **state) {
    Scene *scene;
    for (size_t i = 0; i < SCREEN_ROWS; i++) {
        Stand stand;
        if ((SCREENS[i].kind & SCREEN_AT_ALL_MOMENTS) == 0 || SCREENS[i].draw != stand_main) {
            continue;
        }
        stand_open(&stand, &SCREENS[i], painter_metrics(*state));
        scene = &stand.show.scene;
        for (uint64_t cursor = 0; cursor <= log_count(stand.show.log); cursor++) {
            const int *size = SIZES[cursor % 2];
            show_size(&stand.show, size[0], size[1], SCALES[SCALE_COUNT - 1]);
            stand_at(&stand, cursor);
            stand_main(&stand);
            for (size_t k = 0; k < scene->whole_count; k++) {
                const Rect r = scene->wholes[k].rect;
                if (rect_contains(stand.show.layout.caption, r.x + 1, r.y + r.h / 2)) {
                    fail_msg("%s, %dx%d, cursor %llu: \"%.*s\"", SCREENS[i].name, size[0], size[1],
                             (unsigned long long)cursor, (int)scene->wholes[k].count,
                             scene->text + scene->wholes[k].first);
                }
            }
        }
        stand_close(&stand);
    }
}

/* Whether nothing opaque comes over the text, nor as near as that. */
static bool is_clear(const Scene *scene, size_t text, float gap) {
    const Rect box = draw_bounds(&scene->draws[text]);
    const Rect around = {box.x - gap, box.y - gap, box.w + 2 * gap, box.h + 2 * gap};
    for (size_t i = text + 1; i < scene->draw_count; i++) {
        if (is_cover(&scene->draws[i]) && overlap(around, scene->draws[i].rect)) {
            return false;
        }
    }
    return true;
}

/* The first text that is all of `words`; draw_count: none. */
static size_t text_find(const Scene *scene, const char *words) {
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (draw->kind == DRAW_TEXT && draw->count == strlen(words) &&
            memcmp(scene->text + draw->first, words, draw->count) == 0) {
            return i;
        }
    }
    return scene->draw_count;
}

/* Who is asked what happens next sees who is ready, who runs and who waits. */
static void a_question_hides_nothing_of_the_program(void **state) {
    static const char *const TITLES[] = {"Ready queue", "Running now", "Paused",
                                         "Completion events"};
    size_t looked = 0;
    for (size_t i = 0; i < SCREEN_ROWS * SIZE_COUNT * SCALE_COUNT; i++) {
        const ScreenRow *row = &SCREENS[i / (SIZE_COUNT * SCALE_COUNT)];
        const int *size = SIZES[i / SCALE_COUNT % SIZE_COUNT];
        Stand stand;
        stand_open(&stand, row, painter_metrics(*state));
        if (stand.predict.phase >= PREDICT_ASKING) {
            show_size(&stand.show, size[0], size[1], SCALES[i % SCALE_COUNT]);
            row->draw(&stand);
            const Scene *scene = &stand.show.scene;
            for (size_t k = 0; k < sizeof TITLES / sizeof TITLES[0]; k++) {
                const size_t title = text_find(scene, TITLES[k]);
                if (title == scene->draw_count ||
                    !is_clear(scene, title, 2 * stand.show.layout.u)) {
                    fail_msg("%s, %dx%d x %.2f: \"%s\" is not to be seen", row->name, size[0],
                             size[1], (double)SCALES[i % SCALE_COUNT], TITLES[k]);
                }
                looked++;
            }
        }
        stand_close(&stand);
    }
    assert_true(looked >= 4 * SIZE_COUNT * SCALE_COUNT);
}

static int painter_begin(void **state) {
    Diags diags = {0};
    *state = painter_create(&diags);
    return *state == NULL;
}

static int painter_end(void **state) {
    painter_destroy(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_has_its_room),
        cmocka_unit_test(what_an_author_asks_is_told_whole),
        cmocka_unit_test(every_caption_is_told_whole),
        cmocka_unit_test(a_question_hides_nothing_of_the_program),
    };
    return cmocka_run_group_tests(tests, painter_begin, painter_end);
}
