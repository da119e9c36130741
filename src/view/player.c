#include "view/player.h"

#include "view/motion.h"

#include <math.h>
#include <string.h>

#define TARGET_END       UINT64_MAX       /* catch up with the run until it ends */
#define TARGET_ITERATION (UINT64_MAX - 1) /* until the next `iteration` event is there */

enum {
    /* At full speed the loop may be this far ahead of what was seen: far enough never to stand at
     * the gate between two frames, near enough that a pause holds it. */
    FULL_SPEED_AHEAD = 1 << 16,
    TICK_MAX_NS = 250 * 1000 * 1000, /* a longer pause between ticks is no time that was played */
    JUMP_EXACT_EVENTS = 64,          /* a turn longer than this may be overshot by an eighth */
};

#define TRAVEL_FULL_PACE  3.0 /* up to here every motion is played in full */
#define TRAVEL_SHORT_PACE 12.0
#define TRAVEL_SHORT      0.4

#define MOTION_ALL_BUT_OVER 0.9f

void player_init(Player *player) {
    memset(player, 0, sizeof *player);
    player->phase = 1;
    player->pace = PACE_DEFAULT;
}

/* A jump to a distant target shows no motion on its way; a single step does. */
static bool is_jumping(const Player *player) {
    return player->has_target && player->target >= TARGET_ITERATION;
}

bool player_travels(const Player *player) {
    return PACES[player->pace] <= TRAVEL_SHORT_PACE;
}

uint32_t player_motion_ms(const Player *player, const Event *event) {
    if (player->reduced_motion || is_jumping(player)) {
        return 0;
    }
    double ms = motion_ms(motion_of(event));
    if (!player->playing) {
        return (uint32_t)ms;
    }
    const double pace = PACES[player->pace];
    if (!player_travels(player)) {
        return 0;
    }
    if (pace > TRAVEL_FULL_PACE) {
        ms *= TRAVEL_SHORT;
    }
    return (uint32_t)fmin(ms, 1000 / pace);
}

bool player_beat(const Player *player, const Timeline *timeline, Beat *out) {
    const uint64_t count = timeline_count(timeline);
    return player->beat_first < player->cursor && player->cursor <= player->beat_end &&
           player->beat_end <= count && (player->phase < 1 || player->cursor == player->beat_end) &&
           beat_make(out, timeline, player->beat_first, player->beat_end);
}

/* A beat takes no longer than its events would one after the other. */
static uint32_t beat_motion_ms(const Player *player, const Beat *beat) {
    const double pace = PACES[player->pace];
    if (player->reduced_motion || (player->playing && !player_travels(player))) {
        return 0;
    }
    const double ms = beat_ms(beat);
    if (!player->playing) {
        return (uint32_t)ms;
    }
    const double most = (double)(beat_end(beat) - beat->first) * 1000 / pace;
    return (uint32_t)fmin(pace > TRAVEL_FULL_PACE ? ms * TRAVEL_SHORT : ms, most);
}

bool player_moving(const Player *player) {
    return player->playing || player->has_target || player->backwards || player->phase < 1;
}

/* ---- actions ---- */

static bool in_beat(const Player *player) {
    return player->phase < 1 && player->beat_first < player->cursor &&
           player->cursor <= player->beat_end;
}

static void beat_forget(Player *player) {
    player->beat_first = 0;
    player->beat_end = 0;
}

/* What moves is at once where it goes to. */
static void settle(Player *player) {
    if (in_beat(player)) {
        player->cursor = player->backwards ? player->beat_first : player->beat_end;
    } else if (player->backwards && player->cursor > 0) {
        player->cursor--;
    }
    if (player->backwards) {
        beat_forget(player);
    }
    player->backwards = false;
    player->phase = 1;
}

/* Whether the loop is let go as fast as it can: whoever looks at something else must not stop it.
 * At a slower pace the viewer leads, and the loop waits for the viewer. */
static bool is_let_go(const Player *player) {
    return player->runs_on || (player->has_target && player->target == TARGET_END) ||
           (player->playing && isinf(PACES[player->pace]));
}

static void seek(Player *player, const Timeline *timeline, uint64_t cursor) {
    const uint64_t count = timeline_count(timeline);
    player->runs_on = is_let_go(player) && cursor < count && !log_finished(timeline_log(timeline));
    player->cursor = cursor < count ? cursor : count;
    player->phase = 1;
    player->backwards = false;
    player->playing = false;
    player->has_target = false;
    player->credit = 0;
    beat_forget(player);
}

/* The event after the cursor appears, its motion at the beginning. */
static void show_next(Player *player, const Timeline *timeline) {
    const Event *event = log_event(timeline_log(timeline), player->cursor);
    player->cursor++;
    player->backwards = false;
    player->phase = player_motion_ms(player, event) == 0 ? 1 : 0;
    beat_forget(player);
}

/* Whether events with one cause are played as one. */
static bool plays_beats(const Player *player) {
    return player->playing && !player->has_target && !player->one_by_one &&
           !player->reduced_motion && player_travels(player);
}

/* The events at the cursor appear as a beat, if they are one. */
static bool show_beat(Player *player, const Timeline *timeline) {
    Beat beat;
    if (!plays_beats(player) ||
        !beat_make(&beat, timeline, player->cursor, timeline_count(timeline))) {
        return false;
    }
    player->beat_first = beat.first;
    player->beat_end = beat_end(&beat);
    player->phase = 0;
    player->backwards = false;
    player->cursor = beat_cursor(&beat, 0);
    return true;
}

/* Whether the loop, let go as far as the viewer has seen, is still telling what one wait brought:
 * then its next events come at once, and the beat waits for them. */
static bool awaits_more(const Player *player, const Timeline *timeline) {
    return plays_beats(player) && !log_finished(timeline_log(timeline)) &&
           timeline_count(timeline) - player->cursor < 2 * BEAT_MOVES_MAX && beat_is_open(timeline);
}

/* Whether the loop sleeps in the OS: only then does the next event take its time. */
static bool is_asleep(const Timeline *timeline) {
    const uint64_t count = timeline_count(timeline);
    return count > 0 && log_event(timeline_log(timeline), count - 1)->kind == EV_POLL;
}

/* One event on. A key that comes before the loop has delivered for the last one asks for one event
 * more, so that none is lost; but keys pressed while the loop sleeps do not pile up. */
static void step(Player *player, const Timeline *timeline) {
    player->playing = false;
    player->credit = 0;
    if (player->backwards) { /* turns round in the middle of the motion */
        player->backwards = false;
        return;
    }
    settle(player);
    if (is_jumping(player)) {
        player->has_target = false;
    }
    if (player->cursor < timeline_count(timeline)) {
        player->has_target = false;
        show_next(player, timeline);
    } else if (!log_finished(timeline_log(timeline))) {
        const bool more = player->has_target && !is_asleep(timeline);
        player->target = (more ? player->target : player->cursor) + 1;
        player->has_target = true;
        player->runs_on = false;
    }
}

static void step_back(Player *player, const Timeline *timeline) {
    player->runs_on = is_let_go(player) && !log_finished(timeline_log(timeline));
    player->playing = false;
    player->has_target = false;
    player->credit = 0;
    if (player->backwards) {
        settle(player);
    }
    Beat beat;
    if (in_beat(player) && player_beat(player, timeline, &beat)) { /* all of it turns round */
        player->backwards = true;
        return;
    }
    beat_forget(player);
    if (player->cursor == 0) {
        settle(player);
        return;
    }
    const Event *event = log_event(timeline_log(timeline), player->cursor - 1);
    player->backwards = true;
    if (player_motion_ms(player, event) == 0) {
        settle(player);
    }
}

static void play_pause(Player *player, const Timeline *timeline) {
    const bool was_moving_on = player->playing || player->has_target;
    player->runs_on = false;
    player->has_target = false;
    player->playing = !was_moving_on;
    player->credit = 0;
    if (!player->playing) {
        return;
    }
    player->credit = 1; /* the first event comes at once; but what moves goes on to its end */
    player->backwards = false;
    if (log_finished(timeline_log(timeline)) && player->cursor >= timeline_count(timeline)) {
        player->cursor = 0; /* at the end: once more from the beginning */
        player->phase = 1;
    }
}

/* Whether `cursor`, an answer of timeline_next_iteration, stands just after such an event. */
static bool is_iteration(const Timeline *timeline, uint64_t from, uint64_t cursor) {
    return cursor > from && log_event(timeline_log(timeline), cursor - 1)->kind == EV_ITERATION;
}

static void next_iteration(Player *player, const Timeline *timeline) {
    settle(player);
    const uint64_t next = timeline_next_iteration(timeline, player->cursor);
    const bool found = is_iteration(timeline, player->cursor, next);
    seek(player, timeline, next);
    if (!found && !log_finished(timeline_log(timeline))) {
        player->has_target = true;
        player->target = TARGET_ITERATION;
    }
}

static void to_end(Player *player, const Timeline *timeline) {
    seek(player, timeline, timeline_count(timeline));
    if (!log_finished(timeline_log(timeline))) {
        player->has_target = true;
        player->target = TARGET_END;
    }
}

static void set_pace(Player *player, int64_t pace) {
    player->pace = pace < 0 ? 0 : pace >= PACE_COUNT ? PACE_COUNT - 1 : (int)pace;
}

void player_act(Player *player, const Timeline *timeline, Action action, int64_t argument) {
    if (!player_moving(player)) {
        player->last_ns = 0; /* the time at rest is not played */
    }
    switch (action) {
    case ACTION_PLAY_PAUSE:
        play_pause(player, timeline);
        break;
    case ACTION_STEP:
        step(player, timeline);
        break;
    case ACTION_STEP_BACK:
        step_back(player, timeline);
        break;
    case ACTION_NEXT_ITERATION:
        next_iteration(player, timeline);
        break;
    case ACTION_PREV_ITERATION:
        seek(player, timeline, timeline_prev_iteration(timeline, player->cursor));
        break;
    case ACTION_HOME:
        seek(player, timeline, 0);
        break;
    case ACTION_END:
        to_end(player, timeline);
        break;
    case ACTION_SEEK:
    case ACTION_SCRUB:
        seek(player, timeline, argument < 0 ? 0 : (uint64_t)argument);
        break;
    case ACTION_FASTER:
        set_pace(player, player->pace + 1);
        break;
    case ACTION_SLOWER:
        set_pace(player, player->pace - 1);
        break;
    case ACTION_SET_PACE:
        set_pace(player, argument);
        break;
    case ACTION_REDUCED_MOTION:
        player->reduced_motion = !player->reduced_motion;
        break;
    default:
        break;
    }
}

/* ---- time ---- */

static void advance_phase(Player *player, const Timeline *timeline, double elapsed_ms) {
    if (player->cursor == 0 || (player->phase >= 1 && !player->backwards)) {
        return;
    }
    Beat beat;
    const bool beats = player_beat(player, timeline, &beat);
    const Event *event = log_event(timeline_log(timeline), player->cursor - 1);
    const uint32_t motion_ms =
        beats ? beat_motion_ms(player, &beat) : player_motion_ms(player, event);
    const double moved = motion_ms == 0 ? 1 : elapsed_ms / motion_ms;
    const double phase = player->phase + (player->backwards ? -moved : moved);
    player->phase = (float)fmin(1, fmax(0, phase));
    if (beats) {
        player->cursor = beat_cursor(&beat, player->phase);
    }
    if (player->backwards ? player->phase <= 0 : player->phase >= 1) {
        settle(player);
    }
}

static bool is_note(const Timeline *timeline, uint64_t n) {
    return log_event(timeline_log(timeline), n)->kind == EV_NOTE;
}

static void pause_here(Player *player) {
    player->playing = false;
    player->credit = 0;
}

static void play_on(Player *player, const Timeline *timeline, bool run_ended, double elapsed_ms) {
    const uint64_t count = timeline_count(timeline);
    const double pace = PACES[player->pace];
    if (isinf(pace)) {
        player->credit = (double)(count - player->cursor) + 1;
    } else {
        /* What the loop could not deliver in time is not made up for in a burst. */
        const double most = 1 + pace * elapsed_ms / 1000;
        player->credit = fmin(player->credit + pace * elapsed_ms / 1000, most);
    }
    /* What follows waits for the last move of a beat, and for a motion that was turned round or
     * made slower in the middle. */
    if (in_beat(player) || player->phase < MOTION_ALL_BUT_OVER) {
        player->credit = fmin(player->credit, 1);
        return;
    }
    while (player->credit >= 1 && player->cursor < count && !awaits_more(player, timeline)) {
        player->credit -= 1;
        if (show_beat(player, timeline)) {
            return;
        }
        show_next(player, timeline);
        if (is_note(timeline, player->cursor - 1)) { /* the audience reads it */
            pause_here(player);
            return;
        }
    }
    if (run_ended && player->cursor >= count) {
        pause_here(player);
    }
}

static void follow_target(Player *player, const Timeline *timeline, bool run_ended) {
    const uint64_t count = timeline_count(timeline);
    if (!is_jumping(player)) {
        if (player->cursor < count && player->cursor < player->target) {
            show_next(player, timeline);
        }
        player->has_target = player->cursor < player->target && !run_ended;
        return;
    }
    if (player->target == TARGET_ITERATION) {
        const uint64_t next = timeline_next_iteration(timeline, player->cursor);
        if (is_iteration(timeline, player->cursor, next)) {
            seek(player, timeline, next);
            return;
        }
    }
    player->cursor = count;
    if (run_ended) {
        seek(player, timeline, count);
    }
}

bool player_tick(Player *player, const Timeline *timeline, bool run_ended, uint64_t now_ns) {
    const Player old = *player;
    uint64_t elapsed_ns = player->last_ns == 0 ? 0 : now_ns - player->last_ns;
    if (elapsed_ns > TICK_MAX_NS) {
        elapsed_ns = TICK_MAX_NS;
    }
    player->last_ns = now_ns;
    const double elapsed_ms = (double)elapsed_ns / 1e6;
    advance_phase(player, timeline, elapsed_ms);
    if (player->has_target) {
        follow_target(player, timeline, run_ended);
    } else if (player->playing) {
        play_on(player, timeline, run_ended, elapsed_ms);
    }
    return player->cursor != old.cursor || player->phase != old.phase ||
           player->playing != old.playing || player->has_target != old.has_target ||
           player->backwards != old.backwards;
}

/* ---- the gate ---- */

/* How far the loop may go on its way to the next iteration without passing it: every handle that
 * this turn has still to run brings an event at least. Behind them one event at a time; only a long
 * turn may be overshot, by an eighth of its length. */
static uint64_t iteration_wants(const Timeline *timeline) {
    const Log *log = timeline_log(timeline);
    const uint64_t count = timeline_count(timeline);
    const uint64_t turn = timeline_prev_iteration(timeline, count);
    uint64_t handles = 0, begun = 0;
    if (turn > 0 && log_event(log, turn - 1)->kind == EV_ITERATION) {
        handles = (uint64_t)log_event(log, turn - 1)->y;
    }
    for (uint64_t n = turn; n < count && begun < handles; n++) {
        const uint8_t kind = log_event(log, n)->kind;
        begun += kind == EV_TASK_RUNNING || kind == EV_CALLBACK_RUN;
    }
    const uint64_t left = handles - begun;
    const uint64_t seen = count - turn;
    const uint64_t over = seen > JUMP_EXACT_EVENTS ? seen / 8 : 1;
    return count + (left > over ? left : over);
}

uint64_t player_wants(const Player *player, const Timeline *timeline) {
    const uint64_t count = timeline_count(timeline);
    if (player->has_target) {
        return player->target == TARGET_END         ? count + FULL_SPEED_AHEAD
               : player->target == TARGET_ITERATION ? iteration_wants(timeline)
                                                    : player->target;
    }
    if (player->runs_on) {
        return count + FULL_SPEED_AHEAD;
    }
    if (!player->playing) {
        return player->cursor;
    }
    if (isinf(PACES[player->pace])) {
        return count + FULL_SPEED_AHEAD;
    }
    if (in_beat(player)) {
        return player->beat_end;
    }
    const uint64_t owed = player->cursor + (uint64_t)player->credit;
    return awaits_more(player, timeline) && owed <= count ? count + 1 : owed;
}
