/* The view: (recording, cursor, phase, size, theme) to a scene. A pure function; no clock, no SDL.
 *
 * Ownership: the caller owns everything handed in. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_VIEW_H
#define LOOPSCOPE_VIEW_VIEW_H

#include "base/diag.h"
#include "program/listing.h"
#include "trace/compare.h"
#include "trace/timeline.h"
#include "view/event_filter.h"
#include "view/filter.h"
#include "view/focus.h"
#include "view/picker.h"
#include "view/player.h"
#include "view/predict.h"
#include "view/scene.h"
#include "view/shape.h"
#include "view/sheet.h"
#include "view/theme.h"

typedef enum CodeView { CODE_STEPS, CODE_PYTHON, CODE_JSON, CODE_VIEW_COUNT } CodeView;

/* What the window is for: watching, or looking at events one by one. */
typedef enum ViewMode { MODE_WATCH, MODE_INSPECT } ViewMode;

/* What is shown: a recording, with two cursors over it that the view moves. */
typedef struct ViewDoc {
    const Log *log;
    Timeline *timeline;
    State *before, *after;                    /* over timeline */
    const Listing *listings[CODE_VIEW_COUNT]; /* NULL: that view is not there */
    const Program *program;                   /* of the scenario; or NULL */
    const Listing *fixed; /* in Python, with nothing that keeps the thread; NULL: nothing does */
    const char *name;     /* "three-writers" */
    const char *about;    /* the scenario's text, shown before the first event */
    bool live;            /* a run is going on, else it is a recording */
    bool held;            /* the loop stands at the gate */
    const char *trouble;  /* a line of warning (trace cut off, io_uring forbidden), or NULL */
} ViewDoc;

/* The part of the run that the timeline shows; to_ns 0: all of it. */
typedef struct TimeSpan {
    uint64_t from_ns, to_ns;
} TimeSpan;

/* A timeline that shares its axis with another one. */
typedef struct TimePane {
    Rect box;         /* where it stands */
    uint64_t end_ns;  /* where the whole axis ends */
    uint64_t at_ns;   /* where the viewer stands */
    uint64_t mark_ns; /* a moment that is marked; UINT64_MAX: none */
    bool lower;       /* it stands below the other one, which has the controls */
} TimePane;

/* The work of a scenario that keeps the thread, as it is and mended: two runs of their own, beside
 * the one that is shown. */
typedef struct TwoWays {
    const ViewDoc *docs[COMPARE_RUNS]; /* the second NULL until the first has ended */
    const Comparison *comparison;      /* NULL until both have ended */
    const char *trouble;               /* why they can't be run; else NULL */
} TwoWays;

/* ACTION_SELECT_TASK's argument where there are two runs: a task, and the run's index above it. */
enum { PANE_RUN_SHIFT = 32 };

/* How it is shown. */
typedef struct ViewInput {
    int width_px, height_px;
    ThemeName theme;
    float text_scale; /* 1, 1.18, 1.35 */
    const Player *player;
    ViewMode mode;
    CodeView code_view;
    bool code_drawer, output_drawer;   /* opened over the stage (small windows) */
    bool help;                         /* the help sheet */
    uint32_t selected;                 /* task, or EVENT_NONE */
    uint32_t followed[IDENTITY_COUNT]; /* in a run of many tasks, those that have a letter */
    size_t followed_count;
    TimeSpan span;              /* of the timeline */
    const TwoWays *two_ways;    /* to be shown beside the timeline; or NULL */
    const TimePane *pane;       /* NULL: the timeline has its usual place, and its own axis */
    const Predict *predict;     /* or NULL */
    const EventFilter *events;  /* of the event list; or NULL */
    int64_t list_scroll;        /* rows that the event list is scrolled by */
    bool copied;                /* the event at the cursor was just copied */
    const TaskFilter *filter;   /* or NULL */
    bool filtering;             /* its pattern is being typed */
    Focus control;              /* the control that has the keyboard's focus */
    const ExportSheet *sheet;   /* or NULL */
    bool no_controls;           /* a picture that nobody can press */
    float pointer_x, pointer_y; /* -1: not over the window */
    bool pointer_down;
} ViewInput;

/* Where the parts of the main screen are: what lies above the transport, it, and below it. */
typedef struct ViewAreas {
    Rect stage, transport, timeline;
} ViewAreas;
void view_areas(const ViewInput *input, ViewAreas *out);

/* Clears and fills the scene. */
void view_main(Scene *scene, const ViewDoc *doc, const ViewInput *input, const Metrics *metrics);

/* A scenario on the welcome screen. */
typedef struct WelcomeItem {
    const char *name;
    const char *line;  /* the first sentence of its `about` */
    const char *about; /* all of it; or NULL */
    const char *file;
    uint32_t task_count;
    const char *group;     /* of lessons, a heading; NULL: of none */
    const char *other;     /* of a pair: the file that it is compared with; else NULL */
    const RunShape *shape; /* of a run on the simulated OS; NULL: not known, or not yet */
} WelcomeItem;

typedef struct WelcomeInput {
    int width_px, height_px;
    ThemeName theme;
    float text_scale;
    const WelcomeItem *items;
    size_t item_count;
    size_t focus;            /* index of the item with the focus */
    const char *system_line; /* "Linux, io_uring + epoll" */
    const char *folder_line; /* where files are written */
    const Diags *problems;   /* of a file that did not load, or NULL */
    const char *problem_file;
    const char *problem_source; /* its text, for the lines around; or NULL */
    const Listing *format;      /* in short, over the cards while a problem is shown; or NULL */
    const FilePicker *picker;   /* the list of files, where it is open; or NULL */
    bool choosing;              /* the system's dialog is open */
    const char *compare_with;   /* one that is chosen already, and waits for another; or NULL */
    bool help;
    Focus control; /* as ViewInput's; while no control has it, the card has */
    float pointer_x, pointer_y;
} WelcomeInput;

void view_welcome(Scene *scene, const WelcomeInput *input, const Metrics *metrics);

/* The item that has the focus after a step to the row below (1) or above (-1). */
size_t view_welcome_move(const WelcomeInput *input, int step);

/* ---- the timeline under the pointer; all of these work on the main screen's layout ---- */

uint64_t view_time(const ViewDoc *doc, const ViewInput *input, float x);

/* The cursor that a pointer at x means (ACTION_SCRUB). */
uint64_t view_scrub(const ViewDoc *doc, const ViewInput *input, float x);

/* The span of the timeline after zooming, where the time at_ns keeps its place: below 1 nearer, at
 * most down to a microsecond; and after moving it by pixels. */
TimeSpan view_zoom(const ViewDoc *doc, const ViewInput *input, uint64_t at_ns, double factor);
TimeSpan view_pan(const ViewDoc *doc, const ViewInput *input, float dx_px);

/* The span, moved where t_ns would not be seen. */
TimeSpan view_reveal(const ViewDoc *doc, const ViewInput *input, uint64_t t_ns);

typedef enum LanePlace {
    LANE_NOTHING,
    LANE_TASK,
    LANE_LOOP, /* turns and sleeps */
    LANE_AREA, /* how many tasks are in which state */
} LanePlace;

/* What a click on the lanes means (ACTION_LANES): the task, or EVENT_NONE; and, on a wait that is
 * over, the cursor just after the event that ended it, else UINT64_MAX. */
typedef struct LaneClick {
    LanePlace place;
    uint32_t task;
    uint64_t cursor;
} LaneClick;
LaneClick view_lane_click(const ViewDoc *doc, const ViewInput *input, float x, float y);

/* The cursor at the next (previous) part of the selected task's history; the same where there is
 * none. */
uint64_t view_history_step(const ViewDoc *doc, const ViewInput *input, bool forward);

/* The same in the list that is shown: that history, or the events that the filter lets through. */
uint64_t view_list_step(const ViewDoc *doc, const ViewInput *input, bool forward);
bool view_is_over_list(const ViewInput *input, float x, float y); /* of events */

#endif
