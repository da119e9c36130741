/* The view: (recording, cursor, phase, size, theme) to a scene. A pure function; no clock, no SDL.
 *
 * Ownership: the caller owns everything handed in. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_VIEW_H
#define LOOPSCOPE_VIEW_VIEW_H

#include "base/diag.h"
#include "program/listing.h"
#include "trace/timeline.h"
#include "view/filter.h"
#include "view/player.h"
#include "view/scene.h"
#include "view/theme.h"

typedef enum CodeView { CODE_STEPS, CODE_PYTHON, CODE_JSON, CODE_VIEW_COUNT } CodeView;

/* What is shown: a recording, with two cursors over it that the view moves. */
typedef struct ViewDoc {
    const Log *log;
    Timeline *timeline;
    State *before, *after;                    /* over timeline */
    const Listing *listings[CODE_VIEW_COUNT]; /* NULL: that view is not there */
    const char *name;                         /* "three-writers" */
    const char *about;   /* the scenario's text, shown before the first event */
    bool live;           /* a run is going on, else it is a recording */
    bool held;           /* the loop stands at the gate */
    const char *trouble; /* a line of warning (trace cut off, io_uring forbidden), or NULL */
} ViewDoc;

/* How it is shown. */
typedef struct ViewInput {
    int width_px, height_px;
    ThemeName theme;
    float text_scale; /* 1, 1.18, 1.35 */
    const Player *player;
    CodeView code_view;
    bool code_drawer, output_drawer;   /* opened over the stage (small windows) */
    bool help;                         /* the help sheet */
    uint32_t selected;                 /* task, or EVENT_NONE */
    uint32_t followed[IDENTITY_COUNT]; /* in a run of many tasks, those that have a letter */
    size_t followed_count;
    const TaskFilter *filter;   /* or NULL */
    bool filtering;             /* its pattern is being typed */
    float pointer_x, pointer_y; /* -1: not over the window */
    bool pointer_down;
} ViewInput;

/* Clears and fills the scene. */
void view_main(Scene *scene, const ViewDoc *doc, const ViewInput *input, const Metrics *metrics);

/* A scenario on the welcome screen. */
typedef struct WelcomeItem {
    const char *name;
    const char *line; /* the first sentence of its `about` */
    const char *file;
    uint32_t task_count;
    uint64_t shape; /* reserved: 0 */
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
    bool help;
    float pointer_x, pointer_y;
} WelcomeInput;

void view_welcome(Scene *scene, const WelcomeInput *input, const Metrics *metrics);

/* The cursor that a pointer at x means on the main screen's timeline (ACTION_SCRUB). */
uint64_t view_scrub(const ViewDoc *doc, const ViewInput *input, float x);

#endif
