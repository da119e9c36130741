/* Films, looked at by a machine: a recording is played at 60 frames a second, and from frame to
 * frame no thing of the stage comes, goes or jumps at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_checks.h"
#include "view_tapes.h"

#include <math.h>

enum { THINGS_MAX = 512, FRAME_US = 16667, FRAMES_MAX = 20000 };

#define SEEN        0.45f /* opacity from which on its going at once is noticed */
#define STEP_PX     200   /* in a frame; the quickest badge moves less */
#define IN_PLACE    60    /* px: what stands there instead hides that something goes */
#define ID_KIND(id) ((unsigned)((id) >> 32))

/* A card, a row or a filled badge; id 0: any other rectangle, in whose place one may come. */
typedef struct Thing {
    uint64_t id;
    Point at;
    float opacity;
} Thing;

typedef struct Frame {
    Thing things[THINGS_MAX];
    size_t count;
} Frame;

static bool is_thing(const Draw *draw) {
    switch (ID_KIND(draw->id)) {
    case STAGE_ID_BADGE:
        return draw->kind == DRAW_TEXT;
    case STAGE_ID_CARD:
    case STAGE_ID_CALLBACK:
    case STAGE_ID_SHELL:
    case STAGE_ID_OP:
    case STAGE_ID_TOKEN:
    case STAGE_ID_SLOT:
    case STAGE_ID_SHARED:
    case 0:
        return draw->kind == DRAW_RECT;
    default:
        return false;
    }
}

static const Thing *thing_of(const Frame *frame, uint64_t id) {
    for (size_t i = 0; id != 0 && i < frame->count; i++) {
        if (frame->things[i].id == id) {
            return &frame->things[i];
        }
    }
    return NULL;
}

static void frame_take(Frame *frame, const Scene *scene) {
    frame->count = 0;
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (!is_thing(draw)) {
            continue;
        }
        const bool first = thing_of(frame, draw->id) == NULL; /* a card's first is itself */
        const bool text = draw->kind == DRAW_TEXT;
        const int alpha = draw->fill.a > draw->stroke.a ? draw->fill.a : draw->stroke.a;
        assert_true(frame->count < THINGS_MAX);
        frame->things[frame->count++] =
            (Thing){.id = first ? draw->id : 0,
                    .at = {draw->rect.x + (text ? 0 : draw->rect.w / 2),
                           draw->rect.y + (text ? 0 : draw->rect.h / 2)},
                    .opacity = (float)alpha / 255};
    }
}

static float px_between(const Thing *a, const Thing *b) {
    return hypotf(a->at.x - b->at.x, a->at.y - b->at.y);
}

/* Whether what is well seen in `a` is in `b`, or something else in its place. */
static void check_still_there(const Frame *a, const Frame *b, const Player *player,
                              const char *what) {
    for (size_t i = 0; i < a->count; i++) {
        const Thing *thing = &a->things[i];
        bool there = thing->id == 0 || thing->opacity <= SEEN || thing_of(b, thing->id) != NULL;
        for (size_t k = 0; !there && k < b->count; k++) {
            there = b->things[k].opacity > SEEN && px_between(thing, &b->things[k]) < IN_PLACE;
        }
        if (!there) {
            fail_msg("cursor %llu, phase %.2f: thing %u of kind %u at %.0f, %.0f %s at once",
                     (unsigned long long)player->cursor, (double)player->phase, (unsigned)thing->id,
                     ID_KIND(thing->id), (double)thing->at.x, (double)thing->at.y, what);
        }
    }
}

static void check_no_jump(const Frame *a, const Frame *b, const Player *player) {
    for (size_t i = 0; i < a->count; i++) {
        const Thing *thing = &a->things[i], *next = thing_of(b, thing->id);
        if (next != NULL && thing->opacity > 0.3f && next->opacity > 0.3f &&
            px_between(thing, next) > STEP_PX) {
            fail_msg("cursor %llu, phase %.2f: thing %u of kind %u jumps by %.0f px",
                     (unsigned long long)player->cursor, (double)player->phase, (unsigned)thing->id,
                     ID_KIND(thing->id), (double)px_between(thing, next));
        }
    }
}

static void frame_show(Show *show) {
    Beat beat;
    const bool beats = player_beat(&show->player, show->doc.timeline, &beat);
    show_begin_at(show, show->player.cursor, show->player.phase);
    if (beats) {
        state_seek(show->doc.before, beat.first);
    }
    panel_stage(&show->canvas);
}

/* Plays all of it; returns how many beats of several events it had. */
static size_t watch(Show *show, int pace) {
    static Frame frames[2];
    Player *player = &show->player;
    const Timeline *timeline = show->doc.timeline;
    uint64_t now_ns = 1, last_beat = 0;
    size_t beats = 0;
    player_init(player);
    player_act(player, timeline, ACTION_SET_PACE, pace);
    frame_show(show);
    frame_take(&frames[0], &show->scene);
    for (int n = 1; n < FRAMES_MAX && player->cursor < timeline_count(timeline); n++) {
        if (!player->playing) { /* at the beginning, and after a note */
            player_act(player, timeline, ACTION_PLAY_PAUSE, 0);
        }
        now_ns += FRAME_US * 1000;
        player_tick(player, timeline, true, now_ns);
        frame_show(show);
        Frame *a = &frames[(n + 1) % 2], *b = &frames[n % 2];
        frame_take(b, &show->scene);
        check_still_there(a, b, player, "goes");
        check_still_there(b, a, player, "comes");
        check_no_jump(a, b, player);
        beats += player->beat_first > last_beat;
        last_beat = player->beat_first > last_beat ? player->beat_first : last_beat;
    }
    assert_int_equal(player->cursor, timeline_count(timeline));
    return beats;
}

static void nothing_blinks_or_jumps(void **state) {
    (void)state;
    static const struct {
        const ViewTask *tasks;
        uint32_t count;
        IoVia via;
        const char *backend;
        size_t beats_least;
    } RUNS[] = {{VIEW_THREE, 3, VIA_IO_URING, "io_uring", 0},
                {VIEW_THREE, 3, VIA_THREADS, "threads", 0},
                {VIEW_SLEEPERS, 3, VIA_SIM, "sim", 0},
                {VIEW_FROZEN, 4, VIA_IO_URING, "io_uring", 0},
                {VIEW_CROWDED, CROWDED, VIA_THREADS, "threads", 2},
                {VIEW_CROWDED, CROWDED, VIA_IO_URING, "io_uring", 2}};
    for (size_t i = 0; i < sizeof RUNS / sizeof RUNS[0]; i++) {
        for (int pace = PACE_DEFAULT; PACES[pace] <= 3; pace++) {
            Show show;
            show_open(&show, RUNS[i].tasks, RUNS[i].count, RUNS[i].via, RUNS[i].backend);
            assert_true(watch(&show, pace) >= RUNS[i].beats_least);
            show_close(&show);
        }
    }
}

/* Locks, queues, cancelling, deadlocks, channels. */
static void nothing_shared_blinks_or_jumps(void **state) {
    (void)state;
    Log *const logs[] = {tapes_shared("io_uring"), tapes_waits("sim"), tapes_channel(),
                         tapes_ring(5), tapes_chain(4, WAIT_EVENT)};
    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
        Show show;
        show_over(&show, logs[i]);
        watch(&show, PACE_DEFAULT);
        show_close(&show);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_blinks_or_jumps),
        cmocka_unit_test(nothing_shared_blinks_or_jumps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
