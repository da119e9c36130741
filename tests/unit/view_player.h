/* The player over a recording, or over a live run that grows as far as the gate lets it, with an
 * invented clock. Include after cmocka.h. */
#ifndef LOOPSCOPE_TESTS_VIEW_PLAYER_H
#define LOOPSCOPE_TESTS_VIEW_PLAYER_H

#include "view/player.h"
#include "view_log.h"

#include <math.h>

#define PLAYER_UNUSED __attribute__((unused))
#define MS            UINT64_C(1000000)

typedef struct Rig {
    Log *source; /* the whole run */
    Log *log;    /* what is there by now: source itself where it is a recording */
    Timeline *timeline;
    Player player;
    uint64_t now_ns;
} Rig;

/* A recording. */
PLAYER_UNUSED static void rig_record(Rig *rig, Log *source) {
    *rig = (Rig){.source = source, .log = source, .now_ns = 1};
    rig->timeline = timeline_create(rig->log);
    assert_true(timeline_follow(rig->timeline, UINT64_MAX));
    player_init(&rig->player);
}

PLAYER_UNUSED static void rig_three(Rig *rig) {
    rig_record(rig, view_log_make(VIEW_THREE, 3, VIA_IO_URING, "io_uring"));
}

/* A live run: the source's events come one after the other, as far as the gate lets them. */
PLAYER_UNUSED static void rig_live(Rig *rig, Log *source) {
    *rig = (Rig){.source = source, .log = log_create(), .now_ns = 1};
    log_set_header(rig->log, log_header(source));
    for (uint32_t text = 0; text < log_text_count(source); text++) {
        size_t length;
        const char *bytes = log_text(source, text, &length);
        assert_int_equal(log_intern(rig->log, bytes, length), text);
    }
    rig->timeline = timeline_create(rig->log);
    player_init(&rig->player);
}

PLAYER_UNUSED static void rig_finish(Rig *rig) {
    timeline_destroy(rig->timeline);
    if (rig->log != rig->source) {
        log_destroy(rig->log);
    }
    log_destroy(rig->source);
}

PLAYER_UNUSED static void act(Rig *rig, Action action) {
    player_act(&rig->player, rig->timeline, action, 0);
}

/* The loop's thread: at most `burst` events, never beyond what the viewer allows. */
PLAYER_UNUSED static void live_on(Rig *rig, uint64_t burst) {
    const uint64_t wants = player_wants(&rig->player, rig->timeline);
    while (burst-- > 0 && log_count(rig->log) < wants && !log_finished(rig->log)) {
        const uint64_t n = log_count(rig->log);
        log_append(rig->log, log_event(rig->source, n));
        if (n + 1 == log_count(rig->source)) {
            log_finish(rig->log);
        }
    }
    assert_true(timeline_follow(rig->timeline, UINT64_MAX));
}

PLAYER_UNUSED static bool tick(Rig *rig, uint64_t ms) {
    rig->now_ns += ms * MS;
    const bool ended = log_finished(rig->log);
    return player_tick(&rig->player, rig->timeline, ended, rig->now_ns);
}

PLAYER_UNUSED static uint64_t count(const Rig *rig) {
    return timeline_count(rig->timeline);
}

PLAYER_UNUSED static const Event *last_shown(const Rig *rig) {
    return log_event(rig->log, rig->player.cursor - 1);
}

#endif
