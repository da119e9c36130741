/* The welcome screen's list: the scenarios that come with the program, the first lesson first. */
#include "app/process.h"
#include "app/resources.h"
#include "app/window_app.h"
#include "base/files.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

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

static int by_lesson(const void *left, const void *right) {
    const WelcomeItem *a = left, *b = right;
    const size_t rank_a = lesson_rank(a->name), rank_b = lesson_rank(b->name);
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
    welcome->items[welcome->count++] = (WelcomeItem){.name = copy(name, strlen(name)),
                                                     .line = first_sentence(scenario->about),
                                                     .file = copy(file, strlen(file)),
                                                     .group = lesson_group(name),
                                                     .task_count = tasks};
    scenario_destroy(scenario);
}

/* "Linux, io_uring + epoll": who would do the file work here, really tried. */
static void welcome_system_line(WelcomeStore *welcome) {
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
    os_destroy(os);
}

bool welcome_has(const WelcomeStore *welcome, const char *file) {
    for (size_t i = 0; i < welcome->count; i++) {
        if (strcmp(welcome->items[i].file, file) == 0) {
            return true;
        }
    }
    return false;
}

/* What this user opened lately, behind the lessons. */
static void welcome_recent(WelcomeStore *welcome, const Settings *settings) {
    for (int i = 0; i < SETTINGS_RECENT_MAX && welcome->count < WELCOME_ITEMS_MAX; i++) {
        const char *file = settings->recent[i];
        char name[128];
        if (file_kind(file) != FILE_KIND_REGULAR || welcome_has(welcome, file)) {
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
    welcome_system_line(welcome);
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
    qsort(welcome->items, welcome->count, sizeof welcome->items[0], by_lesson);
    welcome_recent(welcome, settings);
    welcome->focus = 0;
}

void welcome_finish(WelcomeStore *welcome) {
    for (size_t i = 0; i < welcome->count; i++) {
        free((char *)welcome->items[i].name);
        free((char *)welcome->items[i].line);
        free((char *)welcome->items[i].file);
    }
    *welcome = (WelcomeStore){0};
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
                          .help = app->input.help,
                          .pointer_x = app->input.pointer_x,
                          .pointer_y = app->input.pointer_y};
}
