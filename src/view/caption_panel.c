/* The caption: the last event in one large sentence, the one before it above. A note fills it, a
 * frozen loop turns it red; before the first event it says how to begin. */
#include "base/format.h"
#include "base/mem.h"
#include "view/caption.h"
#include "view/caption_words.h"
#include "view/controls.h"
#include "view/stage.h"
#include "view/text_block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_PACE = 12 /* events a second that can still be read */ };

/* ---- before the first event ---- */

/* What the scenario is about stands on the start card (start_card.c); here, how to begin. */
static void title_and_prompt_draw(const Canvas *canvas) {
    static const float SIZES[] = {24, 21, 18, 0};
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->caption;
    const float u = canvas->u, max_px = box.w - 56 * u;
    const bool prompt = canvas->text_scale <= 1; /* large text leaves no room for the keys */
    const float room = box.h - (prompt ? 36 : 8) * u, y = box.y + 6 * u + room / 2;
    const char *title = log_header(canvas->doc->log)->title;
    if (title == NULL || title[0] == '\0') {
        title = canvas->doc->name;
    }
    TextBlock block;
    text_block_make(canvas, &block, FONT_SEMIBOLD, SIZES, 1, max_px, room, title);
    text_block_draw(canvas, &block, FONT_SEMIBOLD, theme->ink, box.x + 28 * u, y, max_px, title);
    if (prompt) {
        const float prompt_y = box.y + box.h - 22 * u;
        float x = box.x + 28 * u;
        x += canvas_text(canvas, FONT_REGULAR, 15, theme->ink3, x, prompt_y, ALIGN_LEFT, "Press ");
        x += keycap_draw(canvas, x + 2 * u, prompt_y, ACTIONS[ACTION_PLAY_PAUSE].shown) + 10 * u;
        x +=
            canvas_text(canvas, FONT_REGULAR, 15, theme->ink3, x, prompt_y, ALIGN_LEFT, "to play,");
        x += keycap_draw(canvas, x + 8 * u, prompt_y, ACTIONS[ACTION_STEP].shown) + 16 * u;
        canvas_text(canvas, FONT_REGULAR, 15, theme->ink3, x, prompt_y, ALIGN_LEFT,
                    "to step event by event");
    }
}

/* ---- an event ---- */

/* The arrow that goes back, and what happened before. */
static void before_draw(const Canvas *canvas, uint64_t n, float x, float text_x, float y,
                        float right) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    char when[FORMAT_MAX];
    Buf text = {0};
    buf_printf(&text,
               "before, at %s:", format_duration(when, log_event(canvas->doc->log, n)->t_ns));
    if (text_x > x) {
        scene_arc(canvas->scene, x + 15 * u, y, 5 * u, 200, 460,
                  (Style){.stroke = theme->ink4, .stroke_px = 1.5f * u});
        arrow_draw(canvas, x + 10.5f * u, y - 2 * u, 4 * u, 330, theme->ink4);
    }
    const float end =
        text_x + 12 * u +
        canvas_text(canvas, FONT_REGULAR, 15, theme->ink4, text_x, y, ALIGN_LEFT, buf_text(&text));
    buf_clear(&text);
    caption_event(canvas->doc->before, n, &text);
    canvas_text_fit(canvas, FONT_REGULAR, 15, theme->ink3, end, y, ALIGN_LEFT, right - end,
                    buf_text(&text));
    buf_finish(&text);
}

static void event_draw(const Canvas *canvas, uint64_t n) {
    static const float SIZES[] = {23, 21, 19, 17, 15, 13, 0};
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->caption;
    const float u = canvas->u, x = box.x + 28 * u, right = box.x + box.w - 28 * u;
    Beat beat;
    const bool beats = player_beat(canvas->input->player, canvas->doc->timeline, &beat);
    const uint32_t task = beats ? EVENT_NONE : caption_task(canvas->doc->after, n);
    const float text_x = task == EVENT_NONE ? x : x + 44 * u;
    Buf text = {0};
    if (beats) {
        caption_beat(canvas->doc->after, &beat, &text);
        n = beat.first;
    } else {
        caption_event(canvas->doc->after, n, &text);
    }
    const bool one_line =
        canvas->text_scale <= 1 &&
        canvas_width(canvas, FONT_SEMIBOLD, 24, buf_text(&text)) <= right - text_x;
    const bool before = one_line && n > 0 && !canvas->layout->compact;
    const float y = before ? box.y + 58 * u : box.y + box.h / 2;
    if (task != EVENT_NONE) {
        badge_draw(canvas, task, x + 15 * u, y, 15 * u, BADGE_FILLED, theme->app);
    }
    if (one_line) {
        canvas_text(canvas, FONT_SEMIBOLD, 24, theme->ink, text_x, y, ALIGN_LEFT, buf_text(&text));
    } else {
        TextBlock block;
        text_block_make(canvas, &block, FONT_SEMIBOLD, SIZES, TEXT_BLOCK_LINES_MAX, right - text_x,
                        box.h, buf_text(&text));
        text_block_draw(canvas, &block, FONT_SEMIBOLD, theme->ink, text_x, y, right - text_x,
                        buf_text(&text));
    }
    if (before) {
        before_draw(canvas, n - 1, x, text_x, box.y + 24 * u, right);
    }
    buf_finish(&text);
}

/* ---- notes, warnings, and what is too fast to read ---- */

static void note_draw(const Canvas *canvas, const Event *event) {
    const float sizes[] = {24, 21, 18, 16, 14, TEXT_SMALLEST_U / canvas->text_scale, 0};
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->caption;
    const float u = canvas->u, x = box.x + 28 * u;
    const char *text = log_text(canvas->doc->log, event->text, NULL);
    const char *words = "goes on";
    const float hint = 92 * u * canvas->text_scale + canvas_width(canvas, FONT_REGULAR, 14, words);
    const float max_px = box.w - 44 * u - hint - 28 * u;
    scene_rect(canvas->scene, box, 0, (Style){.fill = theme->card});
    scene_rect(canvas->scene, (Rect){box.x, box.y, 5 * u, box.h}, 0,
               (Style){.fill = event->task == EVENT_NONE ? theme->ink2
                                                         : identity_color(canvas, event->task)});
    TextBlock block;
    text_block_make(canvas, &block, FONT_SEMIBOLD, sizes, 3, max_px, box.h, text);
    text_block_draw(canvas, &block, FONT_SEMIBOLD, theme->ink, x, box.y + box.h / 2, max_px, text);
    const float y = box.y + box.h / 2;
    const float key_x = box.x + box.w - hint;
    const float key = keycap_draw(canvas, key_x, y, ACTIONS[ACTION_PLAY_PAUSE].shown);
    canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, key_x + key + 8 * u, y, ALIGN_LEFT, words);
}

/* The question of the step that begins, or NULL. */
static const ProgramQuestion *question_of(const Canvas *canvas, const Event *event) {
    const ViewDoc *doc = canvas->doc;
    return doc->program == NULL || event->kind != EV_STEP
               ? NULL
               : program_question_at(doc->program, log_text(doc->log, event->text, NULL));
}

/* Where nobody predicts, a question and its choices are there to be talked about. */
static void question_draw(const Canvas *canvas, const Event *event,
                          const ProgramQuestion *question) {
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->caption;
    const float u = canvas->u, x = box.x + 28 * u, y = box.y + box.h / 2;
    const char *words = "predict";
    const float hint = 64 * u * canvas->text_scale + canvas_width(canvas, FONT_REGULAR, 14, words);
    const float max_px = box.w - 44 * u - hint - 28 * u;
    Buf choices = {0};
    for (uint32_t i = 0; i < question->choice_count; i++) {
        buf_printf(&choices, "%s%s", i > 0 ? "  /  " : "", question->choices[i]);
    }
    scene_rect(canvas->scene, box, 0, (Style){.fill = theme->card});
    scene_rect(canvas->scene, (Rect){box.x, box.y, 5 * u, box.h}, 0,
               (Style){.fill = identity_color(canvas, event->task)});
    text_pair_draw(canvas, (Rect){x, box.y, max_px, box.h}, question->text, theme->ink,
                   buf_text(&choices), theme->ink2);
    const float key_x = box.x + box.w - hint;
    const float key = keycap_draw(canvas, key_x, y, ACTIONS[ACTION_PREDICT].shown);
    canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, key_x + key + 8 * u, y, ALIGN_LEFT, words);
    buf_finish(&choices);
}

/* One more victim, while there is room to name it. */
static bool victim_add(Buf *out, size_t *named, const char *name, const char *what) {
    enum { NAMED_MAX = 3 };
    if (*named == NAMED_MAX) {
        return false;
    }
    buf_printf(out, "%s%s%s", *named > 0 ? ", " : "", name, what);
    (*named)++;
    return true;
}

/* "b is ready, c's write is done, d's sleep is over. None of them could go on meanwhile." */
static void victims_text(const State *state, Buf *out) {
    enum { READ_MAX = 16 };
    const Timeline *timeline = state_timeline(state);
    const LoopInfo *loop = state_loop(state);
    size_t named = 0, more = 0;
    ReadyItem ready[READ_MAX];
    const size_t ready_count = state_ready(state, ready, READ_MAX);
    for (size_t i = 0; i < ready_count && i < READ_MAX; i++) {
        if (!ready[i].is_callback &&
            state_task(state, ready[i].id).since_ns <= loop->running_since_ns) {
            more += !victim_add(out, &named, words_task(timeline, ready[i].id), " is ready");
        }
    }
    OpInfo ops[READ_MAX];
    const size_t op_count = loop->arrived > 0 ? state_ops(state, ops, READ_MAX) : 0;
    for (size_t i = 0; i < op_count && i < READ_MAX; i++) {
        if (ops[i].arrived) {
            Buf what = {0};
            buf_append_text(&what, "'s ");
            words_op(ops[i].call, -1, &what);
            buf_append_text(&what, " is done");
            more += !victim_add(out, &named, words_task(timeline, ops[i].task), buf_text(&what));
            buf_finish(&what);
        }
    }
    TimerInfo timers[READ_MAX];
    const size_t timer_count = state_timers(state, timers, READ_MAX);
    for (size_t i = 0; i < timer_count && i < READ_MAX && timers[i].due_ns < loop->now_ns; i++) {
        more += !victim_add(out, &named, words_task(timeline, timers[i].task), "'s time is over");
    }
    if (more > 0) {
        char number[FORMAT_MAX];
        buf_printf(out, ", and %s more wait", format_count(number, more));
    }
    buf_append_text(out, named == 0 ? "In all that time no other task and no timer could have its "
                                      "turn."
                         : named + more == 1 ? ". It could not go on meanwhile."
                         : named + more == 2 ? ". Neither of them could go on meanwhile."
                                             : ". None of them could go on meanwhile.");
}

/* The task that another one waits for; EVENT_NONE: it waits for no task. */
static uint32_t waited_for(const State *state, uint32_t task) {
    const TaskInfo info = state_task(state, task);
    SharedInfo shared;
    if (info.on == WAIT_TASK) {
        return info.target_id;
    }
    const bool held = (info.on == WAIT_LOCK || info.on == WAIT_SEMAPHORE) &&
                      state_shared_named(state, info.target_text, &shared) &&
                      shared.holder_count > 0;
    return held ? shared.holders[0] : EVENT_NONE;
}

/* "8 tasks wait for each other: a → b → … → h → a."; false where they stand in no ring. */
static bool ring_text(const State *state, uint32_t first, size_t count, Buf *out) {
    enum { RING_MAX = 1000, NAMED_MAX = 8, BEFORE_GAP = 4 };
    const Timeline *timeline = state_timeline(state);
    uint32_t task = first;
    size_t length = 0;
    do {
        task = waited_for(state, task);
        length++;
    } while (task != EVENT_NONE && task != first && length < RING_MAX);
    if (task != first || length != count) {
        return false;
    }
    char number[FORMAT_MAX];
    buf_printf(out, "%s tasks wait for each other: ", format_count(number, count));
    for (size_t i = 0; i < count; i++, task = waited_for(state, task)) {
        if (count <= NAMED_MAX || i < BEFORE_GAP || i + 1 == count) {
            buf_printf(out, "%s → ", words_task(timeline, task));
        } else if (i == BEFORE_GAP) {
            buf_append_text(out, "… → ");
        }
    }
    buf_printf(out, "%s.", words_task(timeline, first));
    return true;
}

/* Who waits for whom: "a waits for b (fork); b for a (knife).", and what nobody brings. */
static void deadlock_text(const State *state, Buf *out) {
    enum { SHOWN = 4 };
    const Timeline *timeline = state_timeline(state);
    uint32_t tasks[SHOWN];
    const size_t count = state_waiting(state, tasks, SHOWN);
    if (count > SHOWN && ring_text(state, tasks[0], count, out)) {
        return;
    }
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        const TaskInfo info = state_task(state, tasks[i]);
        SharedInfo shared;
        buf_printf(out, i == 0 ? "%s waits for " : "; %s for ", words_task(timeline, tasks[i]));
        if ((info.on == WAIT_LOCK || info.on == WAIT_SEMAPHORE) &&
            state_shared_named(state, info.target_text, &shared) && shared.holder_count > 0) {
            buf_printf(out, "%s (%s)", words_task(timeline, shared.holders[0]),
                       log_text(timeline_log(timeline), shared.name, NULL));
        } else if (info.on == WAIT_TASK) {
            buf_append_text(out, words_task(timeline, info.target_id));
        } else {
            caption_wait(state, &info, out);
        }
    }
    if (count > SHOWN) {
        char more[FORMAT_MAX];
        buf_printf(out, "; and %s more wait", format_count(more, count - SHOWN));
    }
    buf_append_char(out, '.');
}

/* A sentence that nobody may miss, and what it means. */
static void alarm_draw(const Canvas *canvas, const char *sentence, const char *meaning) {
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->caption;
    const float u = canvas->u, x = box.x + 28 * u, text_x = x + 52 * u;
    const float max_px = box.x + box.w - 28 * u - text_x;
    scene_rect(canvas->scene, box, 0, (Style){.fill = theme->danger_ground});
    warning_draw(canvas, x + 15 * u, box.y + box.h / 2, 16 * u, theme->danger_ground);
    text_pair_draw(canvas, (Rect){text_x, box.y, max_px, box.h}, sentence, theme->ink, meaning,
                   theme->danger_ink);
}

static void danger_draw(const Canvas *canvas, uint64_t n, const Event *event) {
    Buf sentence = {0}, meaning = {0};
    caption_event(canvas->doc->after, n, &sentence);
    if (event->kind == EV_LOOP_BLOCKED) {
        victims_text(canvas->doc->after, &meaning);
    } else if (event->kind == EV_DEADLOCK) {
        deadlock_text(canvas->doc->after, &meaning);
    } else {
        buf_append_text(&meaning, "Everything up to here is kept: step back to see how it came.");
    }
    alarm_draw(canvas, buf_text(&sentence), buf_text(&meaning));
    buf_finish(&sentence);
    buf_finish(&meaning);
}

/* How long one handle has kept the thread by now; 0 where nobody has it. */
static uint64_t held_ns(const State *state) {
    const LoopInfo *loop = state_loop(state);
    const bool held = loop->running != EVENT_NONE || loop->running_callback != EVENT_NONE;
    return held ? loop->now_ns - loop->running_since_ns : 0;
}

/* The first event that is seen after a handle has kept the thread for long tells of that. */
static bool freeze_is_news(const Canvas *canvas) {
    const uint64_t running = state_loop(canvas->doc->after)->running;
    return held_ns(canvas->doc->after) > STAGE_FROZEN_NS &&
           (held_ns(canvas->doc->before) <= STAGE_FROZEN_NS ||
            state_loop(canvas->doc->before)->running != running);
}

static void freeze_draw(const Canvas *canvas) {
    const State *state = canvas->doc->after;
    const uint32_t task = state_loop(state)->running;
    char time[FORMAT_MAX];
    Buf sentence = {0}, meaning = {0};
    buf_printf(&sentence, "%s has kept the thread for %s without an await: the loop is frozen.",
               task == EVENT_NONE ? "A callback" : words_task(state_timeline(state), task),
               format_duration(time, held_ns(state)));
    victims_text(state, &meaning);
    alarm_draw(canvas, buf_text(&sentence), buf_text(&meaning));
    buf_finish(&sentence);
    buf_finish(&meaning);
}

/* Where events pass faster than anyone reads, the counts say more than a flicker of sentences. */
static void counts_draw(const Canvas *canvas) {
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->caption;
    const float u = canvas->u, x = box.x + 28 * u, y = box.y + box.h / 2;
    const LoopInfo *loop = state_loop(canvas->doc->after);
    const uint64_t *phases = loop->phase_counts;
    const uint64_t ended = phases[TASK_FINISHED] + phases[TASK_FAILED] + phases[TASK_CANCELLED];
    char number[4][FORMAT_MAX];
    Buf text = {0};
    buf_printf(&text, "Iteration %s: %s ready, %s waiting, %s ended",
               format_count(number[0], loop->iteration),
               format_count(number[1], phases[TASK_READY] + phases[TASK_RUNNING]),
               format_count(number[2], phases[TASK_WAITING]), format_count(number[3], ended));
    canvas_text_fit(canvas, FONT_SEMIBOLD, 24, theme->ink, x, y, ALIGN_LEFT, box.w - 56 * u,
                    buf_text(&text));
    buf_finish(&text);
}

static bool too_fast_to_read(const Player *player) {
    return player->playing && PACES[player->pace] > WORDS_PACE;
}

void panel_caption(const Canvas *canvas) {
    const Rect box = canvas->layout->caption;
    scene_rect(canvas->scene, box, 0, (Style){.fill = canvas->theme->app});
    scene_clip(canvas->scene, box);
    const uint64_t count = state_count(canvas->doc->after);
    const Event *event = count == 0 ? NULL : log_event(canvas->doc->log, count - 1);
    if (event == NULL) {
        title_and_prompt_draw(canvas);
    } else if (event->kind == EV_NOTE) {
        note_draw(canvas, event);
    } else if (event->kind == EV_LOOP_BLOCKED || event->kind == EV_DEADLOCK ||
               event->kind == EV_LIMIT) {
        danger_draw(canvas, count - 1, event);
    } else if (freeze_is_news(canvas)) {
        freeze_draw(canvas);
    } else if (too_fast_to_read(canvas->input->player)) {
        counts_draw(canvas);
    } else if (question_of(canvas, event) != NULL) {
        question_draw(canvas, event, question_of(canvas, event));
    } else {
        event_draw(canvas, count - 1);
    }
    scene_unclip(canvas->scene);
}
