#include "app/window_app.h"

#include "app/process.h"
#include "base/files.h"
#include "base/mem.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    FRAME_NS = 16 * 1000 * 1000, /* 60 frames a second while something moves */
    LIVE_WAIT_MS = 15,           /* a run goes on: look again soon */
    IDLE_WAIT_MS = 500,          /* nothing can change but by an event, or the file was saved */
};

static void problems_clear(App *app) {
    diags_finish(&app->problems);
    app->welcome.format_shown = false;
    app->problems = (Diags){0};
    free(app->problem_file);
    free(app->problem_source);
    app->problem_file = app->problem_source = NULL;
    compare_spec_free(&app->problem_spec);
}

/* The text around the mistake is shown; a file that can't be read just has none. */
static char *read_small_file(const char *file) {
    enum { SHOWN_MAX = 4 * 1024 * 1024 };
    FILE *stream = file_stream(file);
    if (stream == NULL) {
        return NULL;
    }
    char *text = mem_alloc(SHOWN_MAX + 1, 1);
    text[fread(text, 1, SHOWN_MAX, stream)] = '\0';
    fclose(stream);
    return text;
}

void app_title(App *app) {
    char title[256], state[64];
    if (app->compare != NULL) {
        snprintf(title, sizeof title, "%.100s and %.100s - Loopscope", app->compare->names[0],
                 app->compare->names[1]);
    } else if (app->document == NULL) {
        snprintf(title, sizeof title, "Loopscope");
    } else {
        const TraceHeader *header = log_header(app->document->view.log);
        snprintf(title, sizeof title, "%s%s - Loopscope", app_predict_words(app, state),
                 header->title);
    }
    window_set_title(app->window, title);
}

void app_close_all(App *app) {
    app_sheet_end(app); /* it reads the log */
    app_predict_end(app);
    app_ways_end(app);
    document_close(app->document);
    app->document = NULL;
    compare_view_close(app->compare);
    app->compare = NULL;
    free(app->compare_first);
    app->compare_first = NULL;
    problems_clear(app);
    app->screen = SCREEN_WELCOME;
    app->drag = (Drag){0};
}

void app_leave(App *app) {
    app_filter_clear(app);
    app_events_clear(app);
    app_focus_clear(app);
    app->input.help = app->input.code_drawer = app->input.output_drawer = false;
    app->input.selected = EVENT_NONE;
    app->dirty = true;
    app_close_all(app);
    app_title(app);
}

void app_show_problem(App *app, const char *file, Diags *diags) {
    diags_sort(diags);
    app->problems = *diags;
    *diags = (Diags){0};
    app->problem_source = read_small_file(file);
    app->problem_file = mem_copy_text(file, strlen(file));
    app->dirty = true;
    app_watch_begin(app);
    app_title(app);
}

bool app_open(App *app, const char *file, bool trace_only) {
    char *name = mem_copy_text(file, strlen(file)); /* may belong to what is closed below */
    Diags diags = {0};
    app_close_all(app); /* first: both may write the same trace, or use the same folder */
    Document *document = document_open(app->options, name, trace_only, &diags);
    app->dirty = true;
    if (document == NULL) {
        app_show_problem(app, name, &diags);
        free(name);
        return false;
    }
    diags_finish(&diags);
    app->document = document;
    app->screen = SCREEN_MAIN;
    const int pace = app->player.pace;
    const bool reduced = app->player.reduced_motion;
    player_init(&app->player);
    app->player.pace = pace;
    app->player.reduced_motion = reduced;
    app_focus_clear(app);
    app->input.selected = EVENT_NONE;
    app->input.followed_count = 0;
    app->input.span = (TimeSpan){0};
    app_events_clear(app);
    app->shown_cursor = 0;
    app_filter_clear(app);
    app_title(app);
    app_watch_begin(app);
    app_room_opened(app, name);
    free(name);
    return true;
}

static void welcome_move(App *app, int step) {
    WelcomeInput input;
    welcome_input(app, &input);
    app->welcome.focus = view_welcome_move(&input, step);
}

static void act_welcome(App *app, Action action, int64_t argument) {
    WelcomeStore *welcome = &app->welcome;
    if (action != ACTION_RELOAD) {
        app_focus_clear(app); /* the cards have it again */
    }
    switch (action) {
    case ACTION_FOCUS_NEXT:
        welcome->focus = welcome->count > 0 ? (welcome->focus + 1) % welcome->count : 0;
        break;
    case ACTION_FOCUS_PREV:
        welcome->focus =
            welcome->count > 0 ? (welcome->focus + welcome->count - 1) % welcome->count : 0;
        break;
    case ACTION_FOCUS_UP:
        welcome_move(app, -1);
        break;
    case ACTION_FOCUS_DOWN:
        welcome_move(app, 1);
        break;
    case ACTION_OPEN_SCENARIO:
        welcome_open_item(app, (size_t)argument);
        break;
    case ACTION_ACTIVATE:
        if (welcome->focus < welcome->count) {
            welcome_open_item(app, welcome->focus);
        }
        break;
    case ACTION_COMPARE:
        if (welcome->focus < welcome->count && welcome->items[welcome->focus].other == NULL) {
            welcome_compare_begin(app, welcome->items[welcome->focus].file);
        }
        break;
    case ACTION_FORMAT:
        welcome_format(app);
        break;
    case ACTION_RELOAD: {
        const bool format_shown = welcome->format_shown; /* who mends the file reads there */
        if (app->problem_spec.file[0] != NULL) {
            app_compare_open(app, &app->problem_spec);
        } else if (app->problem_file != NULL) {
            app_open(app, app->problem_file, app->trace_only);
        }
        welcome->format_shown = format_shown && app->problems.count > 0;
        break;
    }
    default:
        break;
    }
}

static CodeView next_code_view(const App *app) {
    CodeView view = app->input.code_view;
    do {
        view = (CodeView)((view + 1) % CODE_VIEW_COUNT);
    } while (app->document->view.listings[view] == NULL && view != app->input.code_view);
    return view;
}

/* Shown again where it was: the new run is let on to the same event, as far as it has one. */
static void app_reload(App *app) {
    const uint64_t cursor = app->player.cursor;
    const CodeView code_view = app->input.code_view;
    if (app_open(app, app->document->file, app->document->session == NULL)) {
        app->player.cursor = cursor;
        if (app->document->view.listings[code_view] != NULL) {
            app->input.code_view = code_view;
        }
    }
}

static void act_main(App *app, Action action, int64_t argument) {
    if (app_sheet_act(app, action, argument) || app_predict_act(app, action)) {
        return;
    }
    if (action >= ACTION_LETTER_A && action <= ACTION_LETTER_H) {
        app_select_letter(app, (size_t)(action - ACTION_LETTER_A));
        return;
    }
    switch (action) {
    case ACTION_CODE_VIEW:
        app->input.code_view = next_code_view(app);
        break;
    case ACTION_CODE_VIEW_SET:
        app->input.code_view = (CodeView)argument;
        break;
    case ACTION_TOGGLE_CODE:
        app->input.code_drawer = !app->input.code_drawer;
        app->input.output_drawer = false;
        break;
    case ACTION_TOGGLE_OUTPUT:
        app->input.output_drawer = !app->input.output_drawer;
        app->input.code_drawer = false;
        break;
    case ACTION_SELECT_TASK:
        app_select_task(app, (uint32_t)argument);
        break;
    case ACTION_NEXT_TASK:
    case ACTION_PREV_TASK:
        app_select_next(app, action == ACTION_NEXT_TASK);
        break;
    case ACTION_LIST_NEXT:
    case ACTION_LIST_PREV:
        app_list_step(app, action == ACTION_LIST_NEXT);
        break;
    case ACTION_FILTER:
        app_filter_begin(app);
        break;
    case ACTION_WELCOME:
        if (filter_is_on(&app->filter)) {
            app_filter_clear(app);
        } else if (event_filter_is_on(&app->events)) {
            app_events_clear(app);
        } else if (app->input.help || app->input.code_drawer || app->input.output_drawer) {
            app->input.help = app->input.code_drawer = app->input.output_drawer = false;
        } else if (app->input.selected != EVENT_NONE) {
            app->input.selected = EVENT_NONE;
        } else {
            app_leave(app);
        }
        break;
    case ACTION_RELOAD:
        app_reload(app);
        break;
    case ACTION_COMPARE:
        welcome_compare_begin(app, app->document->file);
        break;
    case ACTION_RUN_FIXED:
        app_ways_open(app);
        break;
    default:
        if (!app_time_act(app, action) && !app_mode_act(app, action)) {
            player_act(&app->player, app->document->view.timeline, action, argument);
        }
    }
}

void app_act(App *app, Action action, int64_t argument) {
    if (action == ACTION_NONE) {
        return;
    }
    app->dirty = true;
    if (action == ACTION_QUIT) {
        app->quit = true;
    } else if (action == ACTION_FULLSCREEN) {
        window_toggle_fullscreen(app->window);
    } else if (action == ACTION_HELP) {
        app->input.help = !app->input.help;
    } else if (action == ACTION_TAB_NEXT || action == ACTION_TAB_PREV) {
        app_focus_step(app, action == ACTION_TAB_NEXT);
    } else if (app_room_act(app, action) || app_choose_act(app, action, argument)) {
        return;
    } else if (app->screen == SCREEN_WELCOME && action == ACTION_WELCOME) {
        app_focus_clear(app);
        if (app->welcome.format_shown) {
            app->welcome.format_shown = false;
            return;
        }
        app->input.help = false;
        app_close_all(app);
    } else if (app->screen == SCREEN_WELCOME) {
        act_welcome(app, action, argument);
    } else if (app->screen == SCREEN_COMPARE) {
        app_compare_act(app, action, argument);
    } else {
        act_main(app, action, argument);
    }
}

static void app_press(App *app, float x, float y) {
    const Hit *hit = scene_hit_at(&app->scene, x, y);
    if (hit == NULL) {
        return;
    }
    if (app->screen != SCREEN_WELCOME &&
        (hit->action == ACTION_SCRUB || hit->action == ACTION_LANES)) {
        app_drag_begin(app, (Action)hit->action, x, y);
    } else if (app->screen != SCREEN_WELCOME && hit->action == ACTION_WELCOME) {
        app_leave(app);
    } else {
        app_act(app, (Action)hit->action, hit->argument);
    }
}

/* The pointer's shape follows what is under it; while it drags it keeps its shape. */
static void app_cursor(App *app) {
    const Hit *hit = scene_hit_at(&app->scene, app->input.pointer_x, app->input.pointer_y);
    const bool zoomed = app->input.span.to_ns != 0;
    const CursorShape shape =
        hit == NULL || app->blank ? CURSOR_ARROW : cursor_of_action((Action)hit->action, zoomed);
    if (shape != app->cursor && app->drag.kind == DRAG_NONE) {
        app->cursor = shape;
        cursor_show(shape);
    }
}

static void app_pointer(App *app, float x, float y) {
    const Hit *old = scene_hit_at(&app->scene, app->input.pointer_x, app->input.pointer_y);
    const Hit *new = scene_hit_at(&app->scene, x, y);
    const bool words = new != NULL && (new->action == ACTION_LANES || new->action == ACTION_SCRUB);
    app->dirty = app->dirty || old != new || words; /* what lies under it is told */
    app->input.pointer_x = x;
    app->input.pointer_y = y;
    app_drag_move(app, x);
    app_cursor(app);
}

static void app_event(App *app, const WindowEvent *event) {
    switch (event->kind) {
    case WINDOW_NONE:
        break;
    case WINDOW_QUIT:
        app->quit = true;
        break;
    case WINDOW_KEY:
        report_key(&app->frames);
        if (app->blank) {
            app->blank = false;
            app->dirty = true;
            break;
        }
        if (app_sheet_key(app, event) || app_choose_event(app, event)) {
            break;
        }
        if (app->input.filtering && !event->ctrl &&
            (app->input.mode == MODE_INSPECT ? app_events_key(app, event->key)
                                             : app_filter_key(app, event->key))) {
            break;
        }
        if (!event->ctrl && !event->shift && app_focus_key(app, event->key)) {
            break;
        }
        app_act(app, action_of_key(app->screen, event->key, event->shift, event->ctrl), 0);
        break;
    case WINDOW_POINTER:
        app_pointer(app, event->x, event->y);
        break;
    case WINDOW_PRESS:
        app_pointer(app, event->x, event->y);
        app_focus_clear(app);
        app->input.pointer_down = true;
        app_press(app, event->x, event->y);
        break;
    case WINDOW_RELEASE:
        app->input.pointer_down = false;
        app_drag_end(app);
        app->dirty = true;
        break;
    case WINDOW_WHEEL:
    case WINDOW_PINCH:
        if (!app->sheet.open && !app_choose_event(app, event)) {
            app_wheel(app, event);
        }
        break;
    case WINDOW_LEAVE:
        app_pointer(app, -1, -1);
        break;
    case WINDOW_RESIZE:
        app->dirty = true;
        break;
    case WINDOW_DROP:
        app->picker.open = false;
        welcome_open(app, event->path);
        break;
    }
}

void app_frame(App *app) {
    if (!app->dirty) {
        report_no_frame(&app->frames);
        return;
    }
    app->dirty = false;
    const uint64_t start = report_now_ns();
    window_size(app->window, &app->input.width_px, &app->input.height_px);
    const Metrics *metrics = painter_metrics(app->painter);
    if (app->blank) {
        app_blank_draw(app);
    } else if (app->screen == SCREEN_COMPARE) {
        app_compare_draw(app, metrics);
    } else if (app->screen == SCREEN_MAIN) {
        app->input.player = &app->player;
        filter_follow(&app->filter, app->document->view.timeline);
        app->input.filter = &app->filter;
        app->input.events = &app->events;
        app_time_follow(app);
        app->input.predict = &app->predict;
        app->input.sheet = &app->sheet;
        app_ways_input(app);
        view_main(&app->scene, &app->document->view, &app->input, metrics);
    } else {
        WelcomeInput input;
        welcome_input(app, &input);
        view_welcome(&app->scene, &input, metrics);
    }
    const uint32_t *pixels = painter_paint(app->painter, &app->scene);
    window_show(app->window, pixels, app->scene.width_px, app->scene.height_px);
    app_cursor(app); /* what is under it may be another */
    report_frame(&app->frames, start);
    report_scene(app);
}

/* The run and the player move on. Returns how long the window may sleep afterwards. */
static uint32_t app_advance(App *app, uint64_t now) {
    app_choose_follow(app);
    if (app->compare != NULL) {
        return app_compare_advance(app, now);
    }
    if (app->document == NULL) { /* the cards' pictures come after the first frame */
        const bool shown = app->frames.first_at_ns != 0;
        return shown && shapes_advance(&app->welcome, &app->dirty) ? LIVE_WAIT_MS : IDLE_WAIT_MS;
    }
    Document *document = app->document;
    Timeline *timeline = document->view.timeline;
    app->player.one_by_one = app->predict.phase != PREDICT_OFF; /* it may ask between any two */
    const bool news = document_follow(document, app_predict_wants(app));
    if (document_ended(document) && app->player.cursor > timeline_count(timeline)) {
        app->player.cursor = timeline_count(timeline); /* a reloaded run may be shorter */
    }
    const bool moved = player_tick(&app->player, timeline, document_ended(document), now);
    app->dirty = app_predict_tick(app) || app->dirty || news || moved;
    const bool searching = app_events_follow(app);
    const bool writing = app_sheet_follow(app), beside = app_ways_follow(app);
    if (player_moving(&app->player) || searching) {
        return 0;
    }
    const bool owed = document->session != NULL && !document_ended(document) &&
                      timeline_count(timeline) < app_predict_wants(app);
    return owed || writing || beside ? LIVE_WAIT_MS : IDLE_WAIT_MS;
}

/* Set by a signal; a handler can reach no other memory. Seen at the next turn of the main loop. */
static _Atomic bool signalled;

static void on_interrupt(void) {
    atomic_store(&signalled, true);
}

int app_main_loop(App *app) {
    process_on_interrupt(on_interrupt);
    app->dirty = true;
    while (!app->quit && !signalled) {
        const uint64_t start = report_now_ns();
        app_watch(app, start);
        uint32_t wait_ms = app_advance(app, start);
        app_frame(app);
        const uint64_t spent = report_now_ns() - start;
        if (wait_ms == 0 && spent < FRAME_NS) {
            wait_ms = (uint32_t)((FRAME_NS - spent) / 1000000);
        }
        for (WindowEvent event = window_next_event(app->window, wait_ms);
             event.kind != WINDOW_NONE && !app->quit && !signalled;
             event = window_next_event(app->window, 0)) {
            app_event(app, &event);
        }
    }
    app_choose_end(app);
    app_close_all(app);
    filter_finish(&app->filter);
    event_filter_finish(&app->events);
    return signalled ? EXIT_INTERRUPTED : EXIT_DONE;
}
