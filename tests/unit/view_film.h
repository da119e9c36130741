/* Films, looked at by a machine: a recording is played at 60 frames a second, and from frame to
 * frame nothing on the stage comes, goes or jumps at once. Include after cmocka.h.
 *
 * Ownership: the show is the caller's. Threads: the test's. */
#ifndef LOOPSCOPE_TESTS_VIEW_FILM_H
#define LOOPSCOPE_TESTS_VIEW_FILM_H

#include "view_show.h"

#include <math.h>

#define FILM_UNUSED __attribute__((unused))

enum { FILM_THINGS_MAX = 768, FILM_FRAME_US = 16667, FILM_FRAMES_MAX = 40000, FILM_WORDS_MAX = 48 };

#define FILM_SEEN     0.45f /* opacity from which on its going at once is noticed */
#define FILM_STEP_U   200   /* in a frame; the quickest badge moves less */
#define FILM_IN_PLACE 60    /* what stands there instead hides that something goes */
#define FILM_WORDS_U  9     /* words keep their place on their card */
#define FILM_SIZE_U   2     /* and grow slowly */

/* A card, a row, a filled badge, or words on one; id 0: any other rectangle, in whose place one may
 * come. */
typedef struct FilmThing {
    uint64_t id;
    Point at;
    float w, h;
    float opacity;
    float size_u; /* of words and of a badge's letter */
    size_t owner; /* of words: the thing that they stand on */
    char words[FILM_WORDS_MAX];
} FilmThing;

typedef struct FilmFrame {
    FilmThing things[FILM_THINGS_MAX];
    size_t count;
    uint64_t cursor; /* of the player, to tell where it was */
    float phase;
} FilmFrame;

static inline unsigned film_kind(uint64_t id) {
    return (unsigned)(id >> 32);
}

static inline bool film_is_thing(const Draw *draw) {
    switch (film_kind(draw->id)) {
    case STAGE_ID_BADGE:
        return draw->kind == DRAW_TEXT;
    case STAGE_ID_CARD:
    case STAGE_ID_CALLBACK:
    case STAGE_ID_SHELL:
    case STAGE_ID_OP:
    case STAGE_ID_TOKEN:
    case STAGE_ID_SLOT:
    case STAGE_ID_SHARED:
        return draw->kind == DRAW_RECT || draw->kind == DRAW_TEXT;
    case 0:
        return draw->kind == DRAW_RECT;
    default:
        return false;
    }
}

static inline bool film_is_words(const FilmThing *thing) {
    return thing->words[0] != '\0';
}

static inline const FilmThing *film_find(const FilmFrame *frame, uint64_t id) {
    for (size_t i = 0; id != 0 && i < frame->count; i++) {
        if (frame->things[i].id == id && !film_is_words(&frame->things[i])) {
            return &frame->things[i];
        }
    }
    return NULL;
}

static void film_take(FilmFrame *frame, const Show *show) {
    const Scene *scene = &show->scene;
    const float u = show->layout.u; /* all distances are in it, whatever the window's size */
    *frame = (FilmFrame){.cursor = show->player.cursor, .phase = show->player.phase};
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (!film_is_thing(draw)) {
            continue;
        }
        const FilmThing *owner = film_find(frame, draw->id); /* a card's first is itself */
        const bool text = draw->kind == DRAW_TEXT;
        const bool words = text && film_kind(draw->id) != STAGE_ID_BADGE;
        if (words && owner == NULL) {
            continue;
        }
        const int alpha = draw->fill.a > draw->stroke.a ? draw->fill.a : draw->stroke.a;
        assert_true(frame->count < FILM_THINGS_MAX);
        FilmThing *thing = &frame->things[frame->count++];
        *thing = (FilmThing){.id = owner == NULL || words ? draw->id : 0,
                             .at = {(draw->rect.x + (text ? 0 : draw->rect.w / 2)) / u,
                                    (draw->rect.y + (text ? 0 : draw->rect.h / 2)) / u},
                             .w = draw->rect.w / u,
                             .h = draw->rect.h / u,
                             .opacity = (float)alpha / 255,
                             .size_u = draw->size_px / u};
        if (words) {
            thing->owner = (size_t)(owner - frame->things);
            snprintf(thing->words, sizeof thing->words, "%.*s", (int)draw->count,
                     scene->text + draw->first);
        }
    }
}

static inline float film_between(const FilmThing *a, const FilmThing *b) {
    return hypotf(a->at.x - b->at.x, a->at.y - b->at.y);
}

#define film_fail(frame, thing, how)                                                               \
    fail_msg("cursor %llu, phase %.2f: %u of kind %u \"%s\" at %.0f, %.0f %s",                     \
             (unsigned long long)(frame)->cursor, (double)(frame)->phase, (unsigned)(thing)->id,   \
             film_kind((thing)->id), (thing)->words, (double)(thing)->at.x, (double)(thing)->at.y, \
             how)

/* Whether what is well seen in `a` is in `b`, or something else in its place. */
static void film_check_there(const FilmFrame *a, const FilmFrame *b, const FilmFrame *now,
                             const char *how) {
    for (size_t i = 0; i < a->count; i++) {
        const FilmThing *thing = &a->things[i];
        bool there = thing->id == 0 || film_is_words(thing) || thing->opacity <= FILM_SEEN ||
                     film_find(b, thing->id) != NULL;
        for (size_t k = 0; !there && k < b->count; k++) {
            there = b->things[k].opacity > FILM_SEEN && !film_is_words(&b->things[k]) &&
                    film_between(thing, &b->things[k]) < FILM_IN_PLACE;
        }
        if (!there) {
            film_fail(now, thing, how);
        }
    }
}

static void film_check_jumps(const FilmFrame *a, const FilmFrame *b) {
    for (size_t i = 0; i < a->count; i++) {
        const FilmThing *thing = &a->things[i];
        const FilmThing *next = film_is_words(thing) ? NULL : film_find(b, thing->id);
        if (next != NULL && thing->opacity > 0.3f && next->opacity > 0.3f &&
            (film_between(thing, next) > FILM_STEP_U ||
             fabsf(thing->size_u - next->size_u) > 2 + film_between(thing, next) / 8)) {
            film_fail(b, next, "jumps");
        }
    }
}

static inline float film_nearest(float a, float b, float c) {
    return fminf(fabsf(a), fminf(fabsf(b), fabsf(c)));
}

/* How far words have moved on their card: seen from its middle, or from one of its edges. */
static float film_words_moved(const FilmFrame *a, const FilmThing *old, const FilmFrame *b,
                              const FilmThing *new) {
    const FilmThing *from = &a->things[old->owner], *to = &b->things[new->owner];
    const float dx = (new->at.x - old->at.x) - (to->at.x - from->at.x);
    const float dy = (new->at.y - old->at.y) - (to->at.y - from->at.y);
    const float wider = (to->w - from->w) / 2, higher = (to->h - from->h) / 2;
    return hypotf(film_nearest(dx, dx + wider, dx - wider),
                  film_nearest(dy, dy + higher, dy - higher));
}

/* The same words on the same card are where they were. */
static void film_check_words(const FilmFrame *a, const FilmFrame *b) {
    for (size_t i = 0; i < a->count; i++) {
        const FilmThing *words = &a->things[i], *same = NULL;
        if (!film_is_words(words) || words->opacity <= FILM_SEEN) {
            continue;
        }
        float nearest = INFINITY;
        for (size_t k = 0; k < b->count; k++) {
            const FilmThing *other = &b->things[k];
            if (other->id == words->id && strcmp(other->words, words->words) == 0 &&
                other->opacity > FILM_SEEN) {
                const float moved = film_words_moved(a, words, b, other);
                same = moved < nearest ? other : same;
                nearest = fminf(nearest, moved);
            }
        }
        if (same != NULL &&
            (nearest > FILM_WORDS_U || fabsf(same->size_u - words->size_u) > FILM_SIZE_U)) {
            film_fail(b, same, "stands elsewhere on its card at once");
        }
    }
}

/* A task has one filled badge, and no badge is on another. */
static void film_check_badges(const FilmFrame *frame) {
    for (size_t i = 0; i < frame->count; i++) {
        const FilmThing *badge = &frame->things[i];
        for (size_t k = 0; k < i && film_kind(badge->id) == STAGE_ID_BADGE; k++) {
            const FilmThing *other = &frame->things[k];
            if (film_kind(other->id) != STAGE_ID_BADGE) {
                continue;
            }
            if ((uint32_t)badge->id == (uint32_t)other->id) {
                film_fail(frame, badge, "is there twice");
            }
            const float reach = (badge->size_u + other->size_u) * 0.7f;
            if (badge->opacity > FILM_SEEN && other->opacity > FILM_SEEN &&
                film_between(badge, other) < reach) {
                film_fail(frame, badge, "is on another badge");
            }
        }
    }
}

static void film_frame_draw(Show *show) {
    Beat beat;
    const bool beats = player_beat(&show->player, show->doc.timeline, &beat);
    show_begin_at(show, show->player.cursor, show->player.phase);
    if (beats) {
        state_seek(show->doc.before, beat.first);
    }
    panel_stage(&show->canvas);
}

typedef struct Film {
    Show *show;
    FilmFrame frames[2];
    size_t last; /* of frames */
    uint64_t now_ns;
    size_t beats; /* of several events */
    uint64_t last_beat;
} Film;

FILM_UNUSED static void film_begin(Film *film, Show *show, int pace) {
    film->show = show;
    film->last = 0;
    film->now_ns = 1;
    film->beats = 0;
    film->last_beat = 0;
    player_init(&show->player);
    player_act(&show->player, show->doc.timeline, ACTION_SET_PACE, pace);
    film_frame_draw(show);
    film_take(&film->frames[0], show);
}

/* What was just asked for may change the picture at once. */
FILM_UNUSED static void film_cut(Film *film) {
    film_frame_draw(film->show);
    film_take(&film->frames[film->last], film->show);
}

/* A frame later. */
static void film_go_on(Film *film) {
    Show *show = film->show;
    film->now_ns += FILM_FRAME_US * 1000;
    if (!player_tick(&show->player, show->doc.timeline, true, film->now_ns)) {
        return;
    }
    film_frame_draw(show);
    const FilmFrame *a = &film->frames[film->last];
    FilmFrame *b = &film->frames[film->last = 1 - film->last];
    film_take(b, show);
    film_check_there(a, b, b, "goes at once");
    film_check_there(b, a, b, "comes at once");
    film_check_jumps(a, b);
    film_check_words(a, b);
    film_check_badges(b);
    film->beats += show->player.beat_first > film->last_beat;
    film->last_beat =
        show->player.beat_first > film->last_beat ? show->player.beat_first : film->last_beat;
}

/* Plays all of it; returns how many beats of several events it had. */
FILM_UNUSED static size_t film_play(Show *show, int pace) {
    static Film film;
    Player *player = &show->player;
    const Timeline *timeline = show->doc.timeline;
    film_begin(&film, show, pace);
    for (int n = 1; n < FILM_FRAMES_MAX && player->cursor < timeline_count(timeline); n++) {
        if (!player->playing) { /* at the beginning, and after a note */
            player_act(player, timeline, ACTION_PLAY_PAUSE, 0);
        }
        film_go_on(&film);
    }
    assert_int_equal(player->cursor, timeline_count(timeline));
    return film.beats;
}

/* From the end back to the beginning, step by step. */
FILM_UNUSED static void film_back(Show *show) {
    static Film film;
    Player *player = &show->player;
    const Timeline *timeline = show->doc.timeline;
    film_begin(&film, show, PACE_DEFAULT);
    player_act(player, timeline, ACTION_END, 0);
    film_cut(&film);
    while (player->cursor > 0) {
        player_act(player, timeline, ACTION_STEP_BACK, 0);
        for (int n = 0; player_moving(player); n++) {
            assert_true(n < FILM_FRAMES_MAX);
            film_go_on(&film);
        }
    }
}

/* At a cursor nothing is left of what moved before. */
static void film_check_rest(Show *show) {
    const Player player = show->player;
    Buf now = {0}, fresh = {0};
    assert_true(player.phase >= 1 && !player.backwards);
    film_frame_draw(show);
    scene_dump(&show->scene, &now);
    player_init(&show->player);
    show->player.reduced_motion = player.reduced_motion;
    show_at(show, player.cursor, 1);
    scene_dump(&show->scene, &fresh);
    assert_string_equal(buf_text(&now), buf_text(&fresh));
    buf_finish(&now);
    buf_finish(&fresh);
    show->player = player;
}

/* Somebody who can't keep their hands off: keys and jumps in the middle of motions. What turns
 * round, goes on faster or slower or comes to a stop does so from where it is; what was jumped to
 * is at rest. */
FILM_UNUSED static void film_restless(Show *show, uint32_t seed, int frames) {
    static Film film;
    Player *player = &show->player;
    const Timeline *timeline = show->doc.timeline;
    film_begin(&film, show, PACE_DEFAULT);
    for (int n = 0; n < frames; n++) {
        seed = seed * 1664525 + 1013904223;
        const uint32_t dice = seed >> 24;
        const bool cuts = dice < 8 ? player->phase < 1 && !player->backwards : player->backwards;
        if (dice < 16) {
            player_act(player, timeline, dice < 8 ? ACTION_STEP : ACTION_STEP_BACK, 0);
        } else if (dice < 24) {
            player_act(player, timeline, ACTION_SET_PACE,
                       (int64_t)(seed >> 12) % (PACE_DEFAULT + 1));
        } else if (dice < 40) {
            player_act(player, timeline, ACTION_PLAY_PAUSE, 0);
        } else if (dice < 43) {
            const uint64_t to = (seed >> 8) % (timeline_count(timeline) + 1);
            player_act(player, timeline, dice == 42 ? ACTION_SCRUB : ACTION_SEEK, (int64_t)to);
            film_check_rest(show);
        }
        const bool jumped = dice >= 40 && dice < 43;
        const bool begins_anew = player->playing && player->cursor == 0;
        if (jumped || begins_anew || (cuts && dice < 16)) {
            film_cut(&film); /* where it was to go it is at once */
        }
        film_go_on(&film);
    }
}

#endif
