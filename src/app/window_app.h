/* The window's controller: turns events into actions, actions into changes of the player and the
 * document, and those into frames. Holds all state of the graphical program.
 *
 * Ownership: app_init/app_finish. Threads: the main thread. */
#ifndef LOOPSCOPE_APP_WINDOW_APP_H
#define LOOPSCOPE_APP_WINDOW_APP_H

#include "app/settings.h"
#include "app/window_compare.h"
#include "app/window_dialog.h"
#include "app/window_doc.h"
#include "ui/cursor.h"
#include "ui/painter.h"
#include "ui/window.h"

enum { WELCOME_ITEMS_MAX = 64 };

/* A scenario that is run for its card's picture. */
typedef struct ShapeWork ShapeWork;

typedef struct WelcomeStore {
    WelcomeItem items[WELCOME_ITEMS_MAX];
    size_t count;
    size_t focus;
    Listing format; /* in short; made when it is first asked for */
    bool format_shown;
    size_t shapes_tried;   /* items whose shape is there, or can't be had */
    ShapeWork *shape_work; /* of the one before; NULL: none */
    char system_line[160];
} WelcomeStore;

typedef struct Durations {
    uint32_t *took_us;
    size_t count, cap;
} Durations;

/* How long frames took (view, paint and show), and how long it was from a key to the pixels that it
 * changed, for --report-frames. */
typedef struct FrameReport {
    uint64_t first_at_ns; /* CLOCK_MONOTONIC when the first frame was shown; 0 before */
    uint64_t key_at_ns;   /* a key came that no frame has shown yet; else 0 */
    Durations frames, keys;
} FrameReport;

/* What the pressed pointer does on the timeline. */
typedef enum DragKind { DRAG_NONE, DRAG_SCRUB, DRAG_LANES } DragKind;

typedef struct Drag {
    DragKind kind;
    bool moved;
    float x, y; /* where it was last; until it moves, where it was pressed */
} Drag;

/* An export that is being written beside the window. */
typedef struct SheetWork SheetWork;

/* The two ways of a scenario that freezes the loop: run beside it once that is seen. */
typedef struct Ways {
    CompareView *view;         /* NULL: not begun, or can't be */
    Options options;           /* of those runs, in folders of their own */
    uint64_t looked;           /* events of the document that were looked through */
    uint64_t running_since_ns; /* of the task that has the thread behind them ... */
    bool running;              /* ... if one has */
    uint64_t since;            /* the first cursor that shows a frozen loop; 0: none yet */
    char trouble[256];
    TwoWays shown; /* input.two_ways points to it where they are to be seen */
} Ways;

typedef struct App {
    const Options *options;
    Window *window;
    Painter *painter;
    Scene scene;
    Screen screen;
    WelcomeStore welcome;
    Document *document;   /* what the main screen shows; else NULL */
    CompareView *compare; /* what SCREEN_COMPARE shows; else NULL */
    char *compare_first;  /* chosen on the welcome screen: compared with what is chosen next */
    Dialog *dialog;       /* the system's, that asks for a file; NULL: it is not open */
    FilePicker picker;    /* where the system has none */
    Player player;
    ViewInput input;
    TaskFilter filter;  /* input.filter points to it */
    EventFilter events; /* input.events points to it */
    Diags problems;     /* of the file that did not load */
    char *problem_file, *problem_source;
    CompareSpec problem_spec; /* files of its own; NULL where that file was to be opened alone */
    Ways ways;
    Drag drag;
    CursorShape cursor; /* as it is shown */
    bool dirty, quit;
    uint64_t shown_cursor; /* of the last frame: where it moves, the timeline follows */
    Predict predict;       /* input.predict points to it */
    PredictPhase titled;   /* what the window's title says of it ... */
    size_t titled_number;  /* ... and of which question */
    bool trace_only;
    ExportSheet sheet;      /* input.sheet points to it */
    SheetWork *export_work; /* NULL: none */
    FrameReport frames;
    bool scene_lost; /* --report-scene's file can't be written */
    Settings settings;
    bool blank;                        /* the screen is black, until any key */
    uint64_t watch_loaded, watch_seen; /* sums over the file: as loaded, as last seen */
    uint64_t watch_next_ns;
} App;

/* Opens `file`; on failure the problem panel of the welcome screen shows why. */
bool app_open(App *app, const char *file, bool trace_only);
void app_leave(App *app); /* the name was pressed: to the other scenarios, whatever lies on top */
void app_close_all(App *app);                                    /* back to the welcome screen */
void app_show_problem(App *app, const char *file, Diags *diags); /* takes the diagnostics */
void app_act(App *app, Action action, int64_t argument);
void app_title(App *app); /* sets the window's */
void app_frame(App *app); /* makes, paints and shows a frame where one is wanted */
int app_main_loop(App *app);

/* window_find.c: the filter's pattern, and the tasks that have a letter in a large run. */
bool pattern_edit(char *pattern, size_t cap, const char *key); /* false: it is no part of it */
void app_filter_begin(App *app);
bool app_filter_key(App *app, const char *key); /* false: the key is no part of the pattern */
void app_filter_clear(App *app);
void app_select_task(App *app, uint32_t task); /* or lets it go */
void app_select_letter(App *app, size_t letter);
void app_select_next(App *app, bool forward); /* of those that the filter lets through */

/* window_focus.c: the control that has the keyboard's focus. */
void app_focus_step(App *app, bool forward);
void app_focus_clear(App *app);
bool app_focus_key(App *app, const char *key); /* without Shift and Ctrl; false: it is not for it */

/* window_time.c: zoom, pan and clicks on the timeline. */
void app_drag_begin(App *app, Action action, float x, float y);
void app_drag_move(App *app, float x);
void app_drag_end(App *app);
bool app_time_act(App *app, Action action); /* false: it is no action of the timeline */
void app_wheel(App *app, const WindowEvent *event);
void app_time_follow(App *app); /* before a frame: what moved on stays in view */

/* window_two.c: two runs side by side. */
bool app_compare_open(App *app, const CompareSpec *spec);
void app_compare_show(App *app, CompareView *view); /* takes it; all else is closed */
void app_compare_draw(App *app, const Metrics *metrics);
uint32_t app_compare_advance(App *app, uint64_t now_ns); /* how long the window may sleep */
void app_compare_act(App *app, Action action, int64_t argument);
void app_compare_click(App *app, float x, float y);
const ViewDoc *app_compare_axis(const App *app, ViewInput *input, TimePane *pane);

/* window_ways.c: the same work, two ways. */
bool app_ways_follow(App *app); /* whether they still run */
void app_ways_input(App *app);  /* before a frame */
void app_ways_open(App *app);   /* both on the whole screen: as they were run, else anew */
void app_ways_end(App *app);    /* the document is closed */

/* window_room.c: what a room needs, what is remembered, and the file that is watched. */
void app_room_begin(App *app);
void app_room_end(App *app);
bool app_room_act(App *app, Action action); /* false: it is no action of the room */
void app_room_opened(App *app, const char *file);
void app_blank_draw(App *app);
void app_watch_begin(App *app); /* the file as it is now is what is shown */
void app_watch(App *app, uint64_t now_ns);

/* window_inspect.c: the list of events, its filter, and the copy of an event. */
bool app_mode_act(App *app, Action action); /* false: it is no action of a mode */
bool app_events_key(App *app, const char *key);
bool app_events_follow(App *app); /* before a frame; whether events are left to look at */
void app_events_clear(App *app);
void app_list_step(App *app, bool forward);

/* window_predict.c: questions before decisions. */
bool app_predict_act(App *app, Action action); /* false: the action is none of its own */
uint64_t app_predict_wants(const App *app);
bool app_predict_tick(App *app);
void app_predict_end(App *app); /* the document is closed */
/* Of the window's title, for who does not see the window: "Question 3 - ", or "". */
const char *app_predict_words(const App *app, char out[64]);

/* window_sheet.c: the export sheet and what it writes. */
bool app_sheet_act(App *app, Action action, int64_t argument); /* false: it is none of its own */
bool app_sheet_key(App *app, const WindowEvent *event);        /* false: it is not open */
bool app_sheet_follow(App *app); /* before a frame; whether something is still written */
void app_sheet_end(App *app);    /* stops what is written, and closes */

/* window_choose.c: a file of the user's own. */
bool app_choose_act(App *app, Action action, int64_t argument); /* false: it is none of its own */
bool app_choose_event(App *app, const WindowEvent *event);      /* false: the list is not open */
void app_choose_follow(App *app); /* before a frame: what was chosen opens */
void app_choose_end(App *app);    /* the dialog goes with the window */

/* window_report.c */
uint64_t report_now_ns(void);
void report_key(FrameReport *report); /* one was taken from the system's queue */
void report_frame(FrameReport *report, uint64_t start_ns); /* one that began at start_ns is shown */
void report_no_frame(FrameReport *report); /* nothing has changed, so no frame is made */
void report_print(FrameReport *report);    /* on standard error */
void report_finish(FrameReport *report);
/* What is shown is written to --report-scene's file. Whoever reads it finds it whole. */
void report_scene(App *app);

/* window_shapes.c: what the scenarios' cards show of them. */
bool shapes_advance(WelcomeStore *welcome, bool *news); /* a little further; whether more is left */
void shapes_finish(WelcomeStore *welcome);

/* window_welcome.c: the scenarios that come with the program, and the pairs of them. */
void welcome_open(App *app, const char *file); /* or compares it with what was chosen first */
void welcome_open_item(App *app, size_t index);
void welcome_compare_begin(App *app, const char *file); /* the next that is chosen goes with it */
void welcome_load(WelcomeStore *welcome, const Settings *settings);
/* Whether it comes with the program; then the welcome screen stands at it. */
bool welcome_focus(WelcomeStore *welcome, const char *file);
void welcome_finish(WelcomeStore *welcome);
void welcome_format(App *app); /* shown or hidden; where no problem is shown, the keys are */
void welcome_input(const App *app, WelcomeInput *out);

#endif
