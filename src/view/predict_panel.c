/* Predicting on the screen: the question in the caption's place, its choices below it, what comes
 * hidden on the timeline; then right or wrong, and the rule. */
#include "view/predict_panel.h"

#include "view/controls.h"
#include "view/text_block.h"
#include "view/timeline_panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    MARKS_SHOWN = 12,
    CHOICE_GAP = 8,
    COLUMN_HEAD = 46,
    COLUMN_MARGIN = 20,
};
#define COLUMN_SHARE 0.64f /* at most; the code above keeps the rest */

static bool is_open(const Predict *predict) {
    return predict != NULL && predict->phase >= PREDICT_ASKING;
}

/* ---- the choices ---- */

ChoiceLook choice_look(const Predict *predict, size_t index) {
    const bool told = predict->phase == PREDICT_TOLD;
    return (ChoiceLook){.told = told,
                        .right = told && index == predict->right,
                        .wrong = told && index == predict->chosen && index != predict->right};
}

/* Neither right nor chosen: it steps back, and can still be read. */
static bool choice_is_over(ChoiceLook look) {
    return look.told && !look.right && !look.wrong;
}

void choice_key_draw(const Canvas *canvas, size_t index, ChoiceLook look, float x, float y) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Rect cap = {x - 13 * u, y - 14 * u, 26 * u, 28 * u};
    char digit[2] = {(char)('1' + index), '\0'};
    if (choice_is_over(look)) {
        scene_rect(canvas->scene, cap, 6 * u, (Style){.stroke = theme->line2, .stroke_px = u});
        canvas_text(canvas, FONT_BOLD, 16, theme->ink3, x, y, ALIGN_MIDDLE, digit);
        return;
    }
    scene_rect(canvas->scene, cap, 6 * u, (Style){.fill = look.wrong ? theme->danger : theme->ink});
    if (look.right) {
        check_draw(canvas, x, y, 6 * u, theme->app, 3 * u);
    } else if (look.wrong) {
        cross_draw(canvas, x, y, 5 * u, theme->app, 3 * u);
    } else {
        canvas_text(canvas, FONT_BOLD, 16, theme->app, x, y, ALIGN_MIDDLE, digit);
    }
}

void choice_hit(const Canvas *canvas, const Predict *predict, size_t index, Rect place) {
    if (predict->phase == PREDICT_ASKING) {
        char tip[32];
        (void)snprintf(tip, sizeof tip, "Give this answer (%zu)", index + 1);
        scene_hit(canvas->scene, place, ACTION_ANSWER_1 + (uint32_t)index, 0, tip);
    }
}

static Font choice_font(const Quiz *quiz) {
    return quiz->kind == QUIZ_PRINTS ? FONT_MONO : FONT_SEMIBOLD;
}

static void choice_draw(const Canvas *canvas, const Predict *predict, size_t index, Rect rect) {
    const Theme *theme = canvas->theme;
    const QuizChoice *choice = &predict->quiz.choices[index];
    const float u = canvas->u, y = rect.y + rect.h / 2;
    const ChoiceLook look = choice_look(predict, index);
    const bool pale = choice_is_over(look);
    const bool over =
        !look.told && pointer_over(canvas->input->pointer_x, canvas->input->pointer_y, rect);
    scene_rect(canvas->scene, rect, 10 * u,
               (Style){.fill = over   ? theme->card
                               : pale ? theme->app
                                      : theme->lane,
                       .stroke = look.wrong   ? theme->danger
                                 : look.right ? theme->ink
                                 : pale       ? theme->line
                                              : theme->line2,
                       .stroke_px = (look.right || look.wrong ? 3 : 1.5f) * u});
    choice_key_draw(canvas, index, look, rect.x + 24 * u, y);
    float x = rect.x + 48 * u;
    if (choice->task != EVENT_NONE) {
        badge_draw(canvas, choice->task, x + 12 * u, y, 12 * u, pale ? BADGE_HOLLOW : BADGE_FILLED,
                   theme->app);
        x += 34 * u;
    }
    const Font font = choice_font(&predict->quiz);
    const float sizes[] = {16, 15, 14, 13, TEXT_SMALLEST_U / canvas->text_scale, 0};
    const float room = rect.x + rect.w - 14 * u - x;
    TextBlock block;
    text_block_make(canvas, &block, font, sizes, TEXT_BLOCK_LINES_MAX, room, rect.h - 2 * u,
                    choice->text);
    text_block_draw(canvas, &block, font, pale ? theme->ink3 : theme->ink, x, y, room,
                    choice->text);
    choice_hit(canvas, predict, index, rect);
}

static bool choices_fit(const Canvas *canvas, const Quiz *quiz, float width) {
    for (size_t i = 0; i < quiz->choice_count; i++) {
        const float icon = quiz->choices[i].task != EVENT_NONE ? 34 : 0;
        if (canvas_width(canvas, choice_font(quiz), 16, quiz->choices[i].text) +
                (62 + icon) * canvas->u >
            width) {
            return false;
        }
    }
    return true;
}

/* In one row below the question, or in a column beside the stage. */
static bool is_row(const Canvas *canvas, const Quiz *quiz) {
    const size_t count = quiz->choice_count;
    const float u = canvas->u, room = canvas->layout->caption.w - 56 * u;
    return choices_fit(canvas, quiz, (room - CHOICE_GAP * u * (float)(count - 1)) / (float)count);
}

/* As high as the longest needs with the largest text. */
static float column_row_height(const Canvas *canvas, const Quiz *quiz, float width) {
    static const float SIZES[] = {16, 0};
    const float u = canvas->u;
    float height = 44 * u;
    for (size_t i = 0; i < quiz->choice_count; i++) {
        const float icon = quiz->choices[i].task != EVENT_NONE ? 34 : 0;
        TextBlock block;
        text_block_make(canvas, &block, choice_font(quiz), SIZES, TEXT_BLOCK_LINES_MAX,
                        width - (62 + icon) * u, INFINITY, quiz->choices[i].text);
        height = fmaxf(height, text_block_height(canvas, &block) + 16 * u);
    }
    return height;
}

void predict_place(const Canvas *canvas, Layout *layout) {
    const ViewInput *input = canvas->input;
    const Predict *predict = input->predict;
    if (!is_open(predict) || predict_is_over(predict, canvas->doc->after) ||
        is_row(canvas, &predict->quiz)) {
        return;
    }
    const float u = canvas->u, count = (float)predict->quiz.choice_count;
    const Rect code = layout->code, output = layout->output;
    const float bottom = output.y + output.h, all = bottom - code.y;
    const float row =
        column_row_height(canvas, &predict->quiz, code.w - 2 * COLUMN_MARGIN * u) + CHOICE_GAP * u;
    const float height = fminf((COLUMN_HEAD + COLUMN_MARGIN) * u + row * count, all * COLUMN_SHARE);
    const bool alone = layout->compact && !input->code_drawer && !input->output_drawer &&
                       input->selected == EVENT_NONE;
    layout->choices = alone ? code : (Rect){code.x, bottom - height, code.w, height};
    layout->code.h = layout->choices.y - code.y;
    if (layout->compact) {
        layout->output = layout->code;
    }
}

/* The row ends where the strips of the stage do, above its titles. */
static float choices_top(const Canvas *canvas) {
    const Rect caption = canvas->layout->caption;
    const bool row = canvas->layout->choices.w <= 0;
    return caption.y + caption.h - (row ? 14 * canvas->u : 0);
}

static void row_draw(const Canvas *canvas, const Predict *predict) {
    const Rect caption = canvas->layout->caption;
    const size_t count = predict->quiz.choice_count;
    const float u = canvas->u, gap = CHOICE_GAP * u, top = choices_top(canvas);
    const float width = (caption.w - 56 * u - gap * (float)(count - 1)) / (float)count;
    const Rect band = {caption.x, top, caption.w,
                       caption.y + caption.h + canvas->layout->strip_h - top};
    scene_rect(canvas->scene, band, 0, (Style){.fill = canvas->theme->app});
    scene_hit(canvas->scene, band, ACTION_NONE, 0, "");
    scene_line(canvas->scene, band.x, band.y + band.h, band.x + band.w, band.y + band.h,
               (Style){.stroke = canvas->theme->line2, .stroke_px = u});
    for (size_t i = 0; i < count; i++) {
        choice_draw(canvas, predict, i,
                    (Rect){band.x + 28 * u + (width + gap) * (float)i, band.y, width, 36 * u});
    }
}

static void column_draw(const Canvas *canvas, const Predict *predict) {
    const Rect box = canvas->layout->choices;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, gap = CHOICE_GAP * u, margin = COLUMN_MARGIN * u;
    const float count = (float)predict->quiz.choice_count, width = box.w - 2 * margin;
    const float room = box.h - (COLUMN_HEAD + COLUMN_MARGIN) * u;
    const float height =
        fminf(column_row_height(canvas, &predict->quiz, width), (room - gap * (count - 1)) / count);
    side_draw(canvas, box);
    scene_line(canvas->scene, box.x, box.y, box.x + box.w, box.y,
               (Style){.stroke = theme->line2, .stroke_px = u});
    title_draw(canvas, box.x + margin, box.y + 24 * u, box.x + box.w - margin, "Answers", -1, NULL,
               theme->ink, theme->lane);
    for (size_t i = 0; i < predict->quiz.choice_count; i++) {
        const float y = box.y + COLUMN_HEAD * u + (height + gap) * (float)i;
        choice_draw(canvas, predict, i, (Rect){box.x + margin, y, width, height});
    }
}

/* ---- the sentences ---- */

/* The keys in it stand out, where all of it has room. */
static void hint_draw(const Canvas *canvas, const char *hint, float x, float y, float width) {
    static const char *const KEYS = "1234";
    const Theme *theme = canvas->theme;
    if (canvas_width(canvas, FONT_SEMIBOLD, 16, hint) > width) {
        canvas_text_fit(canvas, FONT_REGULAR, 16, theme->ink2, x, y, ALIGN_LEFT, width, hint);
        return;
    }
    while (*hint != '\0') {
        char piece[80];
        const size_t words = strcspn(hint, KEYS), length = words > 0 ? words : strspn(hint, KEYS);
        (void)snprintf(piece, sizeof piece, "%.*s", (int)length, hint);
        x += canvas_text(canvas, words > 0 ? FONT_REGULAR : FONT_SEMIBOLD, 16,
                         words > 0 ? theme->ink2 : theme->ink, x, y, ALIGN_LEFT, piece);
        hint += length;
    }
}

static void question_draw(const Canvas *canvas, const Predict *predict) {
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->caption;
    const float u = canvas->u, x = box.x + 28 * u, width = box.w - 56 * u;
    char hint[80];
    snprintf(hint, sizeof hint, "Click %s, or press %s. Nothing moves until you answer.",
             predict->quiz.choices[0].task != EVENT_NONE ? "a card" : "an answer",
             predict->quiz.choice_count == 2   ? "1 or 2"
             : predict->quiz.choice_count == 3 ? "1, 2 or 3"
                                               : "1, 2, 3 or 4");
    const char *below =
        predict->phase == PREDICT_JUDGING ? "The loop goes on until it is seen." : hint;
    static const float SIZES[] = {27, 24, 22, 0}, SMALL[] = {22, 20, 18, 16, 15, 14, 0};
    const float hint_px = 20 * u * canvas->text_scale, room = choices_top(canvas) - box.y;
    TextBlock block;
    text_block_make(canvas, &block, FONT_BOLD, SIZES, 1, width, room - hint_px - 8 * u,
                    predict->quiz.text);
    if (!block.fits) { /* a long one has the place of the hint as well */
        text_block_make(canvas, &block, FONT_BOLD, SMALL, TEXT_BLOCK_LINES_MAX, width, room,
                        predict->quiz.text);
    }
    const float height = text_block_height(canvas, &block);
    const bool both = height + hint_px <= room;
    const float y = box.y + (room - height - (both ? hint_px : 0)) / 2 + height / 2;
    text_block_draw(canvas, &block, FONT_BOLD, theme->ink, x, y, width, predict->quiz.text);
    if (both) {
        hint_draw(canvas, below, x, y + (height + hint_px) / 2, width);
    }
}

/* Right-aligned; the left edge. */
static float told_buttons_draw(const Canvas *canvas, bool wrong, float right, float y) {
    const float u = canvas->u;
    const Button on = {.icon = ICON_PLAY,
                       .label = "Watch it happen",
                       .key = "Space",
                       .tip = "Go on to the next question (Space)",
                       .action = ACTION_PLAY_PAUSE,
                       .primary = true};
    const Button retry = {.label = "Try again",
                          .key = "R",
                          .tip = "Answer this question once more (R)",
                          .action = ACTION_RELOAD};
    float x = right - button_width(canvas, &on);
    button_draw(canvas, x, y, 42 * u, &on);
    if (wrong) {
        x -= button_width(canvas, &retry) + 10 * u;
        button_draw(canvas, x, y, 42 * u, &retry);
    }
    return x;
}

static void told_draw(const Canvas *canvas, const Predict *predict) {
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->caption;
    const float u = canvas->u, x = box.x + 48 * u, y = (box.y + choices_top(canvas)) / 2;
    const bool wrong = predict->chosen != predict->right;
    const float right = told_buttons_draw(canvas, wrong, box.x + box.w - 24 * u, y);
    scene_circle(canvas->scene, x, y, 19 * u, (Style){.fill = wrong ? theme->danger : theme->ink});
    if (wrong) {
        cross_draw(canvas, x, y, 8 * u, theme->app, 4 * u);
    } else {
        check_draw(canvas, x, y, 9 * u, theme->app, 4 * u);
    }
    const float text_x = x + 36 * u, width = right - 20 * u - text_x;
    const char *why = wrong ? predict->quiz.choices[predict->chosen].why : "Right.";
    const Rect words = {text_x, box.y, width, choices_top(canvas) - box.y - 4 * u};
    text_pair_draw(canvas, words, why, theme->ink, predict->quiz.because, theme->ink2);
}

/* ---- at the end ---- */

/* "To look at again: which task runs next, in which iteration a task goes on." */
static void again_say(const Predict *predict, Buf *out) {
    unsigned kinds = 0;
    for (size_t i = 0; i < predict->mark_count; i++) {
        const PredictMark *mark = &predict->marks[i];
        kinds |= mark->first != mark->right ? 1u << mark->quiz.kind : 0;
    }
    const char *between = "To look at again: ";
    for (int kind = 0; kind < QUIZ_KIND_COUNT; kind++) {
        if ((kinds >> kind & 1) != 0) {
            buf_printf(out, "%s%s", between, QUIZ_KIND_TITLES[kind]);
            between = ", ";
        }
    }
    buf_append_text(out, kinds == 0 ? "Every answer was right at the first try." : ".");
}

static void over_draw(const Canvas *canvas, const Predict *predict) {
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->caption;
    const float u = canvas->u, x = box.x + 28 * u, y = box.y + box.h / 2;
    const Button done = {.icon = ICON_PLAY,
                         .label = "Watch it all",
                         .key = "Space",
                         .tip = "From the beginning, without questions (Space)",
                         .action = ACTION_PLAY_PAUSE,
                         .primary = true};
    const float right = box.x + box.w - 24 * u - button_width(canvas, &done);
    Buf again = {0};
    char score[96];
    snprintf(score, sizeof score, "The loop stops: %zu of %zu right at the first try.",
             predict_score(predict), predict->mark_count);
    again_say(predict, &again);
    button_draw(canvas, right, y, 42 * u, &done);
    const float head_px = 30 * u * canvas->text_scale, width = right - 20 * u - x;
    const float sizes[] = {16, 15, 14, 13, TEXT_SMALLEST_U / canvas->text_scale, 0};
    TextBlock block;
    text_block_make(canvas, &block, FONT_REGULAR, sizes, 2, width, box.h - head_px - 6 * u,
                    buf_text(&again));
    const float height = text_block_height(canvas, &block);
    const float top = box.y + (box.h - head_px - height) / 2;
    canvas_name_fit(canvas, FONT_BOLD, 24, theme->ink, x, top + head_px / 2, ALIGN_LEFT, width,
                    score);
    text_block_draw(canvas, &block, FONT_REGULAR, theme->ink2, x, top + head_px + height / 2, width,
                    buf_text(&again));
    buf_finish(&again);
}

/* ---- what comes is not shown ---- */

static void future_hide(const Canvas *canvas, const Predict *predict) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    Axis axis;
    axis_make(&axis, canvas);
    const float x = axis_x(&axis, (double)state_loop(canvas->doc->after)->now_ns) + 2 * u;
    const float top = axis.ticks_y + 16 * u;
    const Rect rect = {x, top, axis.box.x + axis.box.w - x, axis.bottom - top + 2 * u};
    const Rect seen = {x, top, axis.x1 - x, rect.h}; /* the marks behind it are hidden, too */
    if (rect.w < 4 * u) {
        return;
    }
    scene_rect(canvas->scene, rect, 0, (Style){.fill = theme->panel});
    if (seen.w > 0) {
        scene_hatch(canvas->scene, seen, 12 * u, theme->line, u);
    }
    const char *words = predict->phase == PREDICT_TOLD ? "press Space to watch it happen"
                        : is_open(predict)             ? "hidden until you answer"
                                                       : "hidden while you predict";
    const float width = canvas_width(canvas, FONT_REGULAR, 15, words) + 24 * u;
    if (width < seen.w) {
        const Rect label = {rect.x + (seen.w - width) / 2, rect.y + rect.h / 2 - 14 * u, width,
                            28 * u};
        scene_rect(canvas->scene, label, 14 * u, (Style){.fill = theme->panel});
        canvas_text(canvas, FONT_REGULAR, 15, theme->ink3, label.x + width / 2,
                    label.y + label.h / 2, ALIGN_MIDDLE, words);
    }
    scene_hit(canvas->scene, rect, ACTION_NONE, 0, "");
}

/* The buttons that move on do nothing until it is answered. */
static void transport_hold(const Canvas *canvas) {
    const Rect box = canvas->layout->transport;
    const Rect rect = {box.x, box.y + 2 * canvas->u, 630 * canvas->u, box.h - 2 * canvas->u};
    scene_rect(canvas->scene, rect, 0, (Style){.fill = color_fade(canvas->theme->panel, 0.6f)});
    scene_hit(canvas->scene, rect, ACTION_NONE, 0, "");
}

void panel_predict(const Canvas *canvas) {
    const Predict *predict = canvas->input->predict;
    if (predict == NULL || predict->phase == PREDICT_OFF) {
        return;
    }
    const Rect box = canvas->layout->caption;
    if (predict_is_over(predict, canvas->doc->after)) {
        scene_rect(canvas->scene, box, 0, (Style){.fill = canvas->theme->app});
        over_draw(canvas, predict);
        return;
    }
    future_hide(canvas, predict);
    if (!is_open(predict)) {
        return;
    }
    predict_stage_draw(canvas, predict);
    if (predict_holds(predict)) {
        transport_hold(canvas);
    }
    scene_rect(canvas->scene, box, 0, (Style){.fill = canvas->theme->app});
    scene_clip(canvas->scene, box);
    (predict->phase == PREDICT_TOLD ? told_draw : question_draw)(canvas, predict);
    scene_unclip(canvas->scene);
    if (canvas->layout->choices.w > 0) {
        column_draw(canvas, predict);
    } else {
        row_draw(canvas, predict);
    }
}

/* ---- the top bar's part: how it went ---- */

static size_t marks_that_fit(const Predict *predict, float room_px, float mark_px, bool asked) {
    const size_t most = predict->mark_count < MARKS_SHOWN ? predict->mark_count : MARKS_SHOWN;
    const float fit = floorf(room_px / mark_px) - (asked ? 1 : 0);
    return fit <= 0 ? 0 : fit < (float)most ? (size_t)fit : most;
}

/* The words first, then the latest marks, as far as there is room. */
static float marks_draw(const Canvas *canvas, const Predict *predict, float x, float y,
                        float right) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, mark_px = 16 * u;
    const size_t number = predict_number(predict);
    const bool asked = number > predict->mark_count;
    char text[64];
    snprintf(text, sizeof text, "%zu of %zu right", predict_score(predict), predict->mark_count);
    if (predict->mark_count == 0) {
        snprintf(text, sizeof text, "question %zu", number);
    }
    const float words_px = 6 * u + canvas_width(canvas, FONT_REGULAR, 14, text);
    const bool words = words_px + mark_px <= right - x;
    const float room = right - x - (words ? words_px : 0);
    const size_t fit = marks_that_fit(predict, room, mark_px, asked);
    for (size_t i = predict->mark_count - fit; i < predict->mark_count; i++, x += mark_px) {
        const PredictMark *mark = &predict->marks[i];
        if (mark->first == mark->right) {
            scene_rect(canvas->scene, (Rect){x, y - 6 * u, 12 * u, 12 * u}, 3 * u,
                       (Style){.fill = theme->ink});
        } else {
            cross_draw(canvas, x + 6 * u, y, 5 * u, theme->danger, 2.5f * u);
        }
    }
    if (asked && mark_px <= room) { /* the one that is asked */
        scene_rect(canvas->scene, (Rect){x + u, y - 5 * u, 10 * u, 10 * u}, 3 * u,
                   (Style){.stroke = theme->ink, .stroke_px = 2 * u});
        x += mark_px;
    }
    if (words) {
        x += 6 * u;
        x += canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, x, y, ALIGN_LEFT, text);
    }
    return x;
}

float predict_marks_draw(const Canvas *canvas, float x, float y, float right) {
    const Predict *predict = canvas->input->predict;
    const float gap = 18 * canvas->u;
    const bool on = predict != NULL && predict->phase != PREDICT_OFF &&
                    (predict->mark_count > 0 || predict_number(predict) > 0);
    return on ? marks_draw(canvas, predict, x, y, right - gap) + gap : x;
}
