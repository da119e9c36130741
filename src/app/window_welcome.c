/* The welcome screen's list: the scenarios that come with the program, the first lesson first. */
#include "app/pairs.h"
#include "app/process.h"
#include "app/resources.h"
#include "app/window_app.h"
#include "base/files.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define PAIRS_GROUP "Compare"

/* The order in which they are taught, in groups; others follow by name. */
enum { GROUP_LESSONS_MAX = 6 };

typedef struct LessonGroup {
    const char *title;
    const char *lessons[GROUP_LESSONS_MAX];
} LessonGroup;

static const LessonGroup GROUPS[] = {
    {"Taking turns", {"two-tasks", "three-writers", "what-await-is", "sleepers", "sleep-zero"}},
    {"Several tasks", {"spawn-and-await", "awaiting-is-not-parallel", "gather", "wait-first"}},
    {"The thread and the system",
     {"frozen-loop", "blocking-writes", "epoll-refuses-files", "channels-ping-pong",
      "back-pressure"}},
    {"Sharing", {"lock", "queue"}},
    {"When things go wrong", {"cancel", "timeout", "group-error", "deadlock"}},
    {"Very many", {"ten-thousand"}},
    {PAIRS_GROUP, {NULL}},
    {"More", {NULL}}, /* every other one */
};
enum { GROUP_COUNT = sizeof GROUPS / sizeof GROUPS[0] };

/* By group, then by the place in it. */
static size_t lesson_rank(const char *name) {
    for (size_t group = 0; group < GROUP_COUNT; group++) {
        for (size_t i = 0; i < GROUP_LESSONS_MAX && GROUPS[group].lessons[i] != NULL; i++) {
            if (strcmp(GROUPS[group].lessons[i], name) == 0) {
                return group * GROUP_LESSONS_MAX + i;
            }
        }
    }
    return (GROUP_COUNT - 1) * GROUP_LESSONS_MAX;
}

static const char *lesson_group(const char *name) {
    return GROUPS[lesson_rank(name) / GROUP_LESSONS_MAX].title;
}

static size_t pair_index(const char *name) {
    size_t pair = 0;
    while (pair < PAIR_COUNT && strcmp(PAIRS[pair].name, name) != 0) {
        pair++;
    }
    return pair;
}

/* Pairs stand before what belongs to no group. */
static size_t item_rank(const WelcomeItem *item) {
    return item->other != NULL ? (GROUP_COUNT - 2) * GROUP_LESSONS_MAX + pair_index(item->name)
                               : lesson_rank(item->name);
}

static int by_lesson(const void *left, const void *right) {
    const WelcomeItem *a = left, *b = right;
    const size_t rank_a = item_rank(a), rank_b = item_rank(b);
    return rank_a != rank_b ? (rank_a < rank_b ? -1 : 1) : strcmp(a->name, b->name);
}

static char *copy(const char *text, size_t length) {
    return mem_copy_text(text, length);
}

/* The first sentence of `about`: up to a full stop at a word's end, or the first line. */
static char *first_sentence(const char *about) {
    size_t length = strcspn(about, "\n");
    for (size_t i = 0; i + 1 < length; i++) {
        if (about[i] == '.' && about[i + 1] == ' ') {
            length = i + 1;
        }
    }
    return copy(about, length);
}

static void welcome_add(WelcomeStore *welcome, const char *folder, const char *entry) {
    char file[4096], name[128];
    if (snprintf(file, sizeof file, "%s/%s", folder, entry) >= (int)sizeof file) {
        return;
    }
    Diags diags = {0};
    Scenario *scenario = scenario_load(file, &diags);
    diags_finish(&diags);
    if (scenario == NULL) {
        return;
    }
    uint32_t tasks = 0;
    for (uint32_t i = 0; i < scenario->program->task_count; i++) {
        tasks += scenario->program->tasks[i].count;
    }
    resources_name(file, name, sizeof name);
    welcome->items[welcome->count++] =
        (WelcomeItem){.name = copy(name, strlen(name)),
                      .line = first_sentence(scenario->about),
                      .about = copy(scenario->about, strlen(scenario->about)),
                      .file = copy(file, strlen(file)),
                      .group = lesson_group(name),
                      .task_count = tasks};
    scenario_destroy(scenario);
}

/* "Linux, io_uring + epoll": who would do the file work here, really tried. Returns who that is. */
static OsBackend welcome_system_line(WelcomeStore *welcome) {
    char system[80];
    process_system_name(system, sizeof system);
    Diags unused = {0};
    Os *os = os_create(&(OsConfig){.backend = OS_BACKEND_AUTO, .workspace = "."}, &unused);
    diags_finish(&unused);
    const bool threads =
        os != NULL && (os_backend(os) == OS_BACKEND_THREADS || os_backend(os) == OS_BACKEND_KQUEUE);
    snprintf(welcome->system_line, sizeof welcome->system_line, "%s, %s + %s", system,
             os == NULL ? "no file work"
             : threads  ? "helper threads"
                        : os_backend_name(os_backend(os)),
             os == NULL ? "no notifier" : os_notifier_name(os));
    const OsBackend automatic = os == NULL ? OS_BACKEND_SIM : os_backend(os);
    os_destroy(os);
    return automatic;
}

/* The pairs whose scenarios are there, and which this machine can run. */
static void welcome_pairs(WelcomeStore *welcome, const char *folder, OsBackend automatic) {
    for (size_t i = 0; i < PAIR_COUNT && welcome->count < WELCOME_ITEMS_MAX; i++) {
        char files[COMPARE_RUNS][4096];
        bool there = pair_is_possible(&PAIRS[i], automatic);
        for (size_t run = 0; there && run < COMPARE_RUNS; run++) {
            there = snprintf(files[run], sizeof files[run], "%s/%s.json", folder,
                             PAIRS[i].scenario[run]) < (int)sizeof files[run] &&
                    file_kind(files[run]) == FILE_KIND_REGULAR;
        }
        if (there) {
            welcome->items[welcome->count++] =
                (WelcomeItem){.name = copy(PAIRS[i].name, strlen(PAIRS[i].name)),
                              .line = copy(PAIRS[i].line, strlen(PAIRS[i].line)),
                              .file = copy(files[0], strlen(files[0])),
                              .other = copy(files[1], strlen(files[1])),
                              .group = PAIRS_GROUP};
        }
    }
}

/* The place of that scenario; how many there are, where it is none of them. */
static size_t welcome_index(const WelcomeStore *welcome, const char *file) {
    size_t at = 0;
    while (at < welcome->count &&
           (welcome->items[at].other != NULL || strcmp(welcome->items[at].file, file) != 0)) {
        at++;
    }
    return at;
}

bool welcome_focus(WelcomeStore *welcome, const char *file) {
    const size_t at = welcome_index(welcome, file);
    if (at < welcome->count) {
        welcome->focus = at;
    }
    return at < welcome->count;
}

/* What this user opened lately, behind the lessons. */
static void welcome_recent(WelcomeStore *welcome, const Settings *settings) {
    for (int i = 0; i < SETTINGS_RECENT_MAX && welcome->count < WELCOME_ITEMS_MAX; i++) {
        const char *file = settings->recent[i];
        char name[128];
        if (file_kind(file) != FILE_KIND_REGULAR || welcome_index(welcome, file) < welcome->count) {
            continue;
        }
        resources_name(file, name, sizeof name);
        welcome->items[welcome->count++] = (WelcomeItem){.name = copy(name, strlen(name)),
                                                         .line = copy(file, strlen(file)),
                                                         .file = copy(file, strlen(file)),
                                                         .group = "Opened lately"};
    }
}

void welcome_load(WelcomeStore *welcome, const Settings *settings) {
    char folder[4096];
    *welcome = (WelcomeStore){0};
    const OsBackend automatic = welcome_system_line(welcome);
    FileFolder *entries =
        resources_scenarios(folder, sizeof folder) ? file_folder_open(folder) : NULL;
    if (entries == NULL) {
        return;
    }
    for (const char *name; (name = file_folder_next(entries)) != NULL;) {
        const char *dot = strrchr(name, '.');
        if (dot != NULL && strcmp(dot, ".json") == 0 && welcome->count < WELCOME_ITEMS_MAX) {
            welcome_add(welcome, folder, name);
        }
    }
    file_folder_close(entries);
    welcome_pairs(welcome, folder, automatic);
    qsort(welcome->items, welcome->count, sizeof welcome->items[0], by_lesson);
    welcome_recent(welcome, settings);
    welcome->focus = 0;
}

void welcome_finish(WelcomeStore *welcome) {
    shapes_finish(welcome);
    listing_finish(&welcome->format);
    for (size_t i = 0; i < welcome->count; i++) {
        free((char *)welcome->items[i].name);
        free((char *)welcome->items[i].line);
        free((char *)welcome->items[i].about);
        free((char *)welcome->items[i].file);
        free((char *)welcome->items[i].other);
        free((RunShape *)welcome->items[i].shape);
    }
    *welcome = (WelcomeStore){0};
}

/* ---- what is chosen ---- */

void welcome_open(App *app, const char *file) {
    if (app->compare_first == NULL) {
        app_open(app, file, false);
        return;
    }
    const CompareSpec spec = compare_spec_make(app->options, app->compare_first, file);
    app_compare_open(app, &spec);
}

/* A pair says which back ends it is about, unless the command line says which to take. */
void welcome_open_item(App *app, size_t index) {
    const WelcomeItem *item = &app->welcome.items[index];
    const ShippedPair *pair = item->other == NULL ? NULL : &PAIRS[pair_index(item->name)];
    app->welcome.focus = index;
    if (pair == NULL) {
        welcome_open(app, item->file);
        return;
    }
    CompareSpec spec = compare_spec_make(app->options, item->file, item->other);
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        if (app->options->backend == OS_BACKEND_AUTO && pair->backend[run] != OS_BACKEND_AUTO) {
            spec.backend[run] = pair->backend[run];
        }
    }
    app_compare_open(app, &spec);
}

void welcome_compare_begin(App *app, const char *file) {
    char *first = mem_copy_text(file, strlen(file)); /* may belong to what is closed now */
    app_close_all(app);
    app->compare_first = first;
    app_title(app);
}

void welcome_format(App *app) {
    WelcomeStore *welcome = &app->welcome;
    if (app->problems.count == 0) {
        app->input.help = !app->input.help;
        return;
    }
    if (welcome->format.count == 0) {
        scenario_list_format(&welcome->format);
    }
    welcome->format_shown = !welcome->format_shown;
}

void welcome_input(const App *app, WelcomeInput *out) {
    *out = (WelcomeInput){.width_px = app->input.width_px,
                          .height_px = app->input.height_px,
                          .theme = app->input.theme,
                          .text_scale = app->input.text_scale,
                          .items = app->welcome.items,
                          .item_count = app->welcome.count,
                          .focus = app->welcome.focus,
                          .system_line = app->welcome.system_line,
                          .folder_line = app->options->workdir != NULL
                                             ? app->options->workdir
                                             : "a fresh folder, removed at the end",
                          .problems = app->problems.count > 0 ? &app->problems : NULL,
                          .problem_file = app->problem_file,
                          .problem_source = app->problem_source,
                          .format = app->welcome.format_shown ? &app->welcome.format : NULL,
                          .picker = app->picker.open ? &app->picker : NULL,
                          .choosing = app->dialog != NULL,
                          .compare_with = app->compare_first,
                          .help = app->input.help,
                          .control = app->input.control,
                          .pointer_x = app->input.pointer_x,
                          .pointer_y = app->input.pointer_y};
}
