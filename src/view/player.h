/* The player: where the viewer stands in the recording, and how it moves on. Pure; time is handed
 * in, and the gate and the log are reached by its numbers alone.
 *
 * The cursor is a count of events shown (0: before the first). `phase` runs from 0 to 1 while the
 * event cursor-1 is animated; 1 at rest. Playing shows events at `pace` a second. Where several
 * events have one cause, playing makes one beat of them: then the phase is that of all of them, and
 * the cursor follows it.
 *
 * Ownership: plain data. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_PLAYER_H
#define LOOPSCOPE_VIEW_PLAYER_H

#include "trace/timeline.h"
#include "view/action.h"
#include "view/beat.h"

/* Events a second; the last is full speed. */
extern const double PACES[];
extern const int PACE_COUNT;
enum { PACE_DEFAULT = 3 }; /* 2 events a second */

typedef struct Player {
    uint64_t cursor;
    float phase; /* 0..1 */
    bool playing;
    bool backwards; /* the animation of a step back: the phase runs from 1 to 0 */
    int pace;       /* index into PACES */
    bool reduced_motion;
    uint64_t target; /* play on to this cursor, then stop (next iteration, step on a live run) */
    bool has_target;
    uint64_t beat_first, beat_end; /* several events that are, or were, played as one; 0, 0: none */
    bool one_by_one;               /* no event is played together with others */
    bool runs_on;     /* the run goes on at full speed while the viewer looks at what was before */
    double credit;    /* events owed, carried between ticks */
    uint64_t last_ns; /* of the last tick; 0 before the first */
} Player;

void player_init(Player *player);

/* One of the transport actions; others are ignored. `argument` as in Action. */
void player_act(Player *player, const Timeline *timeline, Action action, int64_t argument);

/* Moves on to now_ns. Returns whether anything on the screen changes (so a frame is wanted). */
bool player_tick(Player *player, const Timeline *timeline, bool run_ended, uint64_t now_ns);

/* How many events the viewer wants to exist: what the gate must allow. UINT64_MAX: full speed. */
uint64_t player_wants(const Player *player, const Timeline *timeline);

/* Whether something moves (ticks are wanted at frame rate), else the window may sleep. */
bool player_moving(const Player *player);

/* Whether things travel at the player's pace; above it they are at once at their new place. */
bool player_travels(const Player *player);

/* How long (ms) the motion of an event takes at the player's pace; 0: no travel. */
uint32_t player_motion_ms(const Player *player, const Event *event);

/* Whether what is shown at the cursor is a beat; its clock is `phase`. */
bool player_beat(const Player *player, const Timeline *timeline, Beat *out);

/* The index into PACES nearest to events a second (0: the default); far beyond the last number it
 * is full speed. */
int player_pace_near(double events_a_second);

/* "2 events a second", "full speed". */
const char *player_pace_text(const Player *player, char out[64]);

#endif
