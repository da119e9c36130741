/* The stage: where everything is after a number of events, and how it gets from one place to the
 * next. Internal to view/.
 *
 * A StageModel is the stage at rest: it says for every task that is shown where its card is and
 * where its one filled badge is. Motion is derived, never stored: a Stage holds the models before
 * and after an event and a share of the way, and everything is drawn between the two.
 *
 * Ownership: plain data on the stack; the States stay the document's. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_STAGE_H
#define LOOPSCOPE_VIEW_STAGE_H

#include "view/motion.h"
#include "view/parts.h"

enum {
    STAGE_LANE_CARDS = 3, /* then "+n" */
    STAGE_LANE_DENSE = 9, /* more handles than this are dots */
    STAGE_ROWS_MAX = 8,   /* paused cards and operations; more are counted */
    STAGE_SHARED_MAX = 8, /* locks, semaphores, events and queues */
    STAGE_KNOT_MAX = 8,   /* tasks in the ring of a deadlock; more are counted */
    STAGE_TOKENS_MAX = 8, /* completions; more are dots */
    STAGE_TIMERS_MAX = 4, /* clock faces; then "+n" */
    STAGE_BADGES_MAX = 32,
    STAGE_TARGETS_MAX = 16, /* tasks that one awaits together; more are counted */
    STAGE_RAIL_SPOTS = 4,
};

/* A handle that keeps the thread for longer freezes the loop. */
#define STAGE_FROZEN_NS (50 * UINT64_C(1000000))

/* Scene ids of the things on the stage: the kind above, the task, operation or timer below. */
enum {
    STAGE_ID_BADGE = 1,
    STAGE_ID_CARD,
    STAGE_ID_SHELL,
    STAGE_ID_OP,
    STAGE_ID_TOKEN,
    STAGE_ID_TIMER,
    STAGE_ID_SLOT,
    STAGE_ID_THREAD,
    STAGE_ID_RING,
    STAGE_ID_SHARED,
    STAGE_ID_KNOT,
    STAGE_ID_CARRIER,
    STAGE_ID_CALLBACK
};

static inline uint64_t stage_id(unsigned kind, uint32_t id) {
    return (uint64_t)kind << 32 | id;
}

typedef enum StagePlace {
    PLACE_NOWHERE,
    PLACE_LANE,   /* on its card in the ready queue, or on the callback that serves it */
    PLACE_CROWD,  /* in the ready queue behind the cards that are shown */
    PLACE_SLOT,   /* running */
    PLACE_PAUSED, /* on its paused card: no one else holds it */
    PLACE_OP,     /* at the OS */
    PLACE_TOKEN,  /* finished at the OS, behind the gate */
    PLACE_TIMER,  /* on a clock face */
    PLACE_KNOT,   /* in a deadlock, between the task that it keeps waiting and its own hope */
    PLACE_RAIL,   /* received, on the way back to the ready queue */
    PLACE_FOG,    /* one of many: counted, not drawn */
} StagePlace;

/* A task's filled badge. */
typedef struct StageBadge {
    uint32_t task;
    StagePlace place;
    uint32_t carrier; /* the callback, operation or timer that it is on; else EVENT_NONE */
    Point at;
    float radius;
} StageBadge;

typedef struct StageCard { /* in the ready queue */
    bool is_callback;
    bool is_new;           /* created, not queued yet */
    bool cancel_requested; /* it will hear of that when it gets the thread */
    uint32_t id;           /* task or callback */
    uint32_t task;
    uint32_t what; /* of a callback */
    uint64_t since_ns;
    Rect rect;
} StageCard;

typedef struct StageShell { /* a paused task */
    uint32_t task;
    TaskInfo info;
    Rect rect;
    bool reserved; /* the task still runs: its operation has a row already, its shell not yet */
    int shared;    /* the thing at which it stands in line, an index into `shared`; or -1 */
    uint32_t line; /* its place in that line, from 0 */
    bool folded;   /* there is room for its badge alone, on the thing's own row */
    bool op_in_flight, op_arrived, received; /* of what it waits for */
    uint64_t late_ns; /* what it waits for is there, but nobody has the thread to take it */
} StageShell;

/* A lock, a semaphore, an event or a queue; who waits for it stands below it, or on it. */
typedef struct StageShared {
    SharedInfo info;
    Rect rect;
    size_t first_shell, shell_count;
} StageShared;

/* Who waits for whom in a deadlock: a ring, or a chain whose end nobody can give. */
typedef struct StageKnot {
    uint32_t tasks[STAGE_KNOT_MAX]; /* each waits for what the next one has */
    Point at[STAGE_KNOT_MAX];
    float radius; /* of a badge */
    size_t count;
    uint64_t more; /* tasks of the ring that are not shown, between the last and the first */
    bool closed;   /* a ring */
} StageKnot;

typedef struct StageOp {
    OpInfo info;
    Rect rect;
    bool holds_badge;
    bool unawaited; /* its task was cancelled meanwhile: it runs on, for nobody */
} StageOp;

typedef struct StageToken {
    OpInfo info;
    Rect rect;
} StageToken;

typedef struct StageTimer {
    TimerInfo info;
    float y;
} StageTimer;

typedef enum RingPhase { RING_NONE = -1, RING_RUN, RING_ASK, RING_TIMERS } RingPhase;
typedef enum ThreadLine { THREAD_NONE, THREAD_SLOT, THREAD_OS, THREAD_ASLEEP } ThreadLine;

typedef struct StageModel {
    const State *state;
    uint64_t count;
    LoopInfo loop;

    StageCard lane[STAGE_LANE_CARDS];
    size_t lane_count;
    uint64_t lane_total;
    bool lane_dense; /* dots instead of cards */

    uint32_t slot_task;     /* running, or EVENT_NONE */
    uint32_t slot_callback; /* or EVENT_NONE */
    uint32_t slot_what;     /* text of the callback */
    TaskInfo slot_info;

    StageShell shells[STAGE_ROWS_MAX];
    size_t shell_count;
    uint64_t paused_total;
    float row_h, row_gap; /* px */

    StageShared shared[STAGE_SHARED_MAX];
    size_t shared_count;
    StageKnot knot; /* count 0: there is no deadlock */

    StageOp ops[STAGE_ROWS_MAX];
    size_t op_count;

    StageToken tokens[STAGE_TOKENS_MAX];
    size_t token_count;

    StageTimer timers[STAGE_TIMERS_MAX];
    size_t timer_count;
    uint64_t timers_due; /* more than there are clock faces, in one row; then timer_count is 0 */

    StageBadge badges[STAGE_BADGES_MAX];
    size_t badge_count;

    RingPhase ring;
    float bead_deg;
    ThreadLine thread;
    bool gate_open;
    bool asleep; /* in the OS until it has news or a timer is due */

    bool frozen;          /* one handle has held the thread for longer than 50 ms */
    uint32_t frozen_task; /* which, or EVENT_NONE for a callback */
    uint64_t frozen_ns;
} StageModel;

/* One of the moves of a beat. */
typedef struct StageMove {
    BeatMove what;
    float phase, share; /* its own; both 0: it has not begun */
} StageMove;

/* Of a beat, `before` is the stage before its first event and `after` that after its last one, but
 * for what is counted: that is counted at the cursor. What takes part has its own share; the ring
 * and the gate go with the first move, and what only makes room with the last. */
typedef struct Stage {
    const Canvas *canvas;
    StageModel before, after;
    Event event;      /* that leads from before to after; kind EV_KIND_COUNT: none */
    float phase;      /* 0..1, as the player has it */
    float share;      /* eased, of the event's own motion */
    float loop_share; /* the same, of the loop's ring, thread and gate */
    float room_share; /* the same, of rows that make room or take it when another has left */
    StageMove moves[BEAT_MOVES_MAX];
    size_t move_count; /* 0: one event moves alone */
    bool moving;       /* share < 1 and motion is shown */
    bool arrows;       /* reduced motion: a still arrow from the old place to the new */
} Stage;

/* How far the rows that stay have moved, `phase` of the way: where one leaves, it fades first. */
float stage_room_share(const Stage *stage, float phase);

/* The motion of several events as one; the player's phase is t. */
void stage_beat_make(Stage *stage, const Beat *beat, float t);

/* The move that a task, an operation or a timer takes part in (EVENT_NONE: is not asked about); its
 * phase and share are the stage's own where one event moves alone. */
StageMove stage_move(const Stage *stage, uint32_t task, uint32_t op, uint32_t timer);
float stage_task_share(const Stage *stage, uint32_t task);
float stage_shift_share(const Stage *stage); /* of cards that move up in the ready queue */
bool stage_rests_before(const Stage *stage, uint32_t task); /* its move has not begun */

void stage_model_make(StageModel *model, const Canvas *canvas, const State *state);

/* Whether one handle holds the thread for longer than 50 ms, or has just given it back after that:
 * the task (EVENT_NONE for a callback), and for how long. */
bool stage_frozen(const State *state, const Log *log, uint32_t *task, uint64_t *for_ns);
void stage_rows_make(StageModel *model, const Canvas *canvas); /* paused, shared, operations */
void stage_knot_make(StageModel *model, const Canvas *canvas);
void stage_badges_make(StageModel *model, const Canvas *canvas); /* the model's last part */

/* Sees to it that a task of the crowd has a badge to travel from or to. */
void stage_badge_ensure(StageModel *model, const Canvas *canvas, uint32_t task);

/* Whether rows are counted instead of drawn. */
bool stage_paused_dense(const StageModel *model);
bool stage_ops_dense(const StageModel *model);
bool stage_tokens_dense(const StageModel *model);

const StageBadge *stage_badge(const StageModel *model, uint32_t task);
const StageCard *stage_card(const StageModel *model, const StageCard *like);
const StageShell *stage_shell(const StageModel *model, uint32_t task);
const StageOp *stage_op(const StageModel *model, uint32_t op);
const StageToken *stage_token(const StageModel *model, uint32_t op);
const StageTimer *stage_timer(const StageModel *model, uint32_t timer);
const StageShared *stage_shared(const StageModel *model, uint32_t name);

/* How long that is by now: no time, too, has a unit. `out` has FORMAT_MAX bytes; returns it. */
char *stage_duration(char *out, uint64_t now_ns, uint64_t since_ns);

/* ---- geometry that parts share ---- */
Point stage_card_badge(const StageCard *card, float u, float *radius);
Point stage_slot_badge(Rect slot, float u, float *radius);
/* A row is a line or a card by its height; on its way from one to the other it is between them, and
 * the words of one give way to those of the other. */
typedef struct RowForm {
    float card;                   /* 0: a line, 1: a card */
    float corner, edge;           /* px */
    float line_words, card_words; /* opacity */
} RowForm;
RowForm stage_row_form(float height, float u);
Point stage_row_badge(Rect row, float u, float *radius); /* of an operation */
Point stage_shell_badge(const StageShell *shell, Rect rect, float u, float *radius);
Point stage_token_badge(Rect token, float u, float *radius);
Point stage_timer_badge(const Layout *layout, float y, float u, float *radius);
Point stage_rail_spot(const Layout *layout, size_t spot);
float stage_first_token_x(const Canvas *canvas); /* right of the gate's words */
Rect stage_crowd_rect(const Canvas *canvas);     /* of the "+n" */
float stage_bead_angle(const StageModel *model);
Point stage_ring_point(const Layout *layout, float degrees, float radius_px);
/* Around a card: that its task is followed, or that it can be, where the pointer is. */
void stage_follow_draw(const Canvas *canvas, uint32_t task, Rect rect, float radius_px);
bool stage_simulated(const Canvas *canvas);
float stage_dim(const Canvas *canvas, uint32_t task); /* how strongly the filter lets it show */
/* A task, and what it waits for now: a channel is asked for anew while its task waits on. */
TaskInfo stage_task_info(const State *state, uint32_t task);
/* The tasks that a task awaits, at most STAGE_TARGETS_MAX; returns how many there are in all. */
size_t stage_targets(const Canvas *canvas, const TaskInfo *info, uint32_t out[STAGE_TARGETS_MAX]);
/* The sign of a lock, a semaphore, an event or a queue. */
void stage_sign_draw(const Canvas *canvas, const SharedInfo *info, float x, float y, Color ink);
/* How far to the left of a time words keep, however long the time is: they stand still. */
float stage_time_room(const Canvas *canvas, Font font, float size_u, float width);
/* A small hollow badge that stands for a task which is elsewhere: a holder, one that is awaited. */
void stage_mention_draw(const Canvas *canvas, uint32_t task, float x, float y, Color ground);
/* A circle with a stroke through it: somebody asked for this task to be cancelled. */
void cancel_mark_draw(const Canvas *canvas, float x, float y, float radius_px, Color ground);
const char *stage_name(const Canvas *canvas, uint32_t task);

/* ---- motion ---- */
/* The way of a badge from where it was to where it is. */
void stage_route(const Stage *stage, const StageBadge *from, const StageBadge *to, Path *path);

/* Whether the task's filled badge is on its way, so that no place may draw it. */
bool stage_travels(const Stage *stage, uint32_t task);

/* Whether the wish that it be cancelled is on its way to the task; then it is marked. */
bool stage_wish_comes(const Stage *stage, uint32_t task);

/* Whether the filled badge of the task is to be drawn at `place`, on `carrier`, now. */
bool stage_badge_at(const Stage *stage, uint32_t task, StagePlace place, uint32_t carrier);

/* A badge at its place: filled where the task's filled badge is here, else hollow. */
void stage_badge_draw(const Stage *stage, uint32_t task, StagePlace place, uint32_t carrier,
                      float x, float y, float radius_px, Color ground);

/* The card that a badge stands on. */
Rect stage_badge_card(const Canvas *canvas, const StageModel *model, const StageBadge *badge);

void stage_flash_draw(const Stage *stage);  /* where things went too quickly for travel */
void stage_travel_draw(const Stage *stage); /* badges on their way, trails, arrows */

/* ---- parts, in the order in which they are drawn ---- */
void stage_ground_draw(const Stage *stage);
void stage_events_draw(const Stage *stage);
void stage_lane_draw(const Stage *stage);
/* A card of the ready queue, wherever it is on its way. */
void stage_card_draw(const Stage *stage, const StageCard *card, Rect rect, float opacity);
void stage_slot_draw(const Stage *stage);
void stage_paused_draw(const Stage *stage);
void stage_shared_draw(const Stage *stage);
void stage_parcel_draw(const Stage *stage); /* what is handed to or taken from something shared */
void stage_knot_draw(const Stage *stage);   /* in the place of the loop's ring */
void stage_calls_draw(const Stage *stage);
void stage_ops_draw(const Stage *stage);
void stage_ring_draw(const Stage *stage);
void stage_timers_draw(const Stage *stage);

/* ---- many: counts, dots and bars instead of cards (density.c) ---- */
void density_lane_draw(const Stage *stage);
void density_paused_draw(const Stage *stage);
void density_ops_draw(const Stage *stage);
void density_tokens_draw(const Stage *stage);

#endif
