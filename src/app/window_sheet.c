/* The export sheet's work: what it offers, and the thread that writes. That thread has a studio of
 * its own over the log, so the window goes on as before; it is joined before the document goes. */
#include "app/gui.h"
#include "app/process.h"
#include "app/window_app.h"
#include "base/assert.h"
#include "base/files.h"
#include "base/mem.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHARES = 1000 };

struct SheetWork {
    pthread_t thread;
    Options options; /* as the window was when it began */
    const ExportFormat *format;
    const Log *log;
    uint64_t end; /* events that there were when it began */
    char *file;
    _Atomic bool stop, ended;
    _Atomic unsigned share; /* of SHARES */
    bool done;              /* this and what follows: the thread's until it has ended */
    Diags diags;
};

/* ---- the thread ---- */

static bool work_told(void *context, double share) {
    SheetWork *work = context;
    atomic_store(&work->share, (unsigned)(share * SHARES));
    return !atomic_load(&work->stop);
}

static void *work_run(void *context) {
    SheetWork *work = context;
    const Progress progress = {.context = work, .told = work_told};
    const ExportJob job = {
        .log = work->log, .end = work->end, .file = work->file, .progress = &progress};
    work->done = work->format->write != NULL
                     ? work->format->write(&job, &work->diags)
                     : gui_export(work->log, &work->options, work->format->ending, work->file,
                                  &progress, &work->diags);
    atomic_store(&work->ended, true);
    window_wake();
    return NULL;
}

static void work_free(SheetWork *work) {
    diags_finish(&work->diags);
    free(work->file);
    free(work);
}

/* ---- the file's name ---- */

/* What a path is in, with its own last part cut off: "." for a plain name. */
static void folder_of(const char *file, char *out, size_t size_bytes) {
    size_t length = strlen(file);
    while (length > 1 && (file[length - 1] == '/' || file[length - 1] == '\\')) {
        length--; /* a folder's own end */
    }
    char *whole = mem_copy_text(file, length);
    const size_t base = (size_t)(file_base_name(whole) - whole);
    snprintf(out, size_bytes, "%.*s", base == 0 ? 1 : (int)base, base == 0 ? "." : whole);
    free(whole);
}

/* The line below the name: where it is, and whether it is there already. */
static void sheet_look(ExportSheet *sheet) {
    char folder[SHEET_FILE_MAX];
    folder_of(sheet->file, folder, sizeof folder);
    char *real = file_real_path(folder);
    snprintf(sheet->place, sizeof sheet->place, "%s", real != NULL ? real : folder);
    free(real);
    const FileKind kind = sheet->file[0] == '\0' ? FILE_KIND_NONE : file_kind(sheet->file);
    sheet->replaces = kind != FILE_KIND_NONE && kind != FILE_KIND_FOLDER;
}

/* The recording's name in the folder that the program was started in, or, where that takes no file,
 * in the user's own. */
static void name_begin(App *app) {
    ExportSheet *sheet = &app->sheet;
    char home[SHEET_FILE_MAX / 2] = "";
    if (!file_is_writable(".") && (file_variable("HOME", home, sizeof home - 2) ||
                                   file_variable("USERPROFILE", home, sizeof home - 2))) {
        strcat(home, "/");
    }
    snprintf(sheet->file, sizeof sheet->file, "%s%s", home, app->document->name);
    sheet_choose(sheet, sheet->chosen);
}

/* ---- the sheet ---- */

static void sheet_open(App *app) {
    ExportSheet *sheet = &app->sheet;
    const size_t chosen = sheet->chosen;
    *sheet = (ExportSheet){.open = true, .chosen = chosen};
    for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++) {
        ASSERT(i < SHEET_FORMATS_MAX);
        const ExportFormat *format = &EXPORT_FORMATS[i];
        sheet->formats[sheet->format_count++] =
            (SheetFormat){format->ending, format->name, format->about};
    }
    name_begin(app);
    app_focus_clear(app);
    app->input.help = app->input.filtering = false;
    if (app->player.playing) {
        app_act(app, ACTION_PLAY_PAUSE, 0); /* nothing happens unseen */
    }
}

/* As the window is: its theme, text, speed, and for a single picture its size and its moment. */
static Options sheet_options(const App *app) {
    Options options = *app->options;
    options.theme = app->input.theme;
    options.font_scale = (double)app->input.text_scale;
    options.pace = PACES[app->player.pace];
    options.reduced_motion = app->player.reduced_motion;
    options.from = 0;
    options.to = timeline_count(app->document->view.timeline);
    options.to -= options.to > 0;
    options.has_at = app->player.cursor > 0 && app->player.cursor <= options.to + 1;
    options.at = options.has_at ? app->player.cursor - 1 : 0;
    const char *ending = EXPORT_FORMATS[app->sheet.chosen].ending;
    if (strcmp(ending, ".png") == 0) {
        options.width_px = (uint64_t)app->input.width_px;
        options.height_px = (uint64_t)app->input.height_px;
    }
    return options;
}

static void sheet_failed(ExportSheet *sheet, const char *message) {
    sheet->phase = SHEET_FAILED;
    snprintf(sheet->message, sizeof sheet->message, "%s", message);
}

static void sheet_start(App *app) {
    ExportSheet *sheet = &app->sheet;
    if (app->export_work != NULL || sheet->file[0] == '\0') {
        return;
    }
    SheetWork *work = mem_alloc(1, sizeof *work);
    work->options = sheet_options(app);
    work->format = &EXPORT_FORMATS[sheet->chosen];
    work->log = app->document->view.log;
    work->end = timeline_count(app->document->view.timeline);
    work->file = mem_copy_text(sheet->file, strlen(sheet->file));
    if (process_thread_start(&work->thread, work_run, work) != 0) {
        sheet_failed(sheet, "there is no room for another thread");
        work_free(work);
        return;
    }
    app->export_work = work;
    sheet->phase = SHEET_WRITING;
    sheet->focus = SHEET_ON_CLOSE;
    sheet->share = 0;
    sheet->copied = false;
    sheet->message[0] = '\0';
}

static void sheet_copy(App *app) {
    char *whole = file_real_path(app->sheet.file);
    app->sheet.copied = whole != NULL && window_copy(app->window, whole);
    free(whole);
}

/* The work is over: what became of it is told. */
static void sheet_told(App *app, SheetWork *work) {
    ExportSheet *sheet = &app->sheet;
    sheet->focus = SHEET_ON_START;
    if (work->done) {
        char *whole = file_real_path(work->file);
        sheet->phase = SHEET_DONE;
        snprintf(sheet->message, sizeof sheet->message, "Written: %s",
                 whole != NULL ? whole : work->file);
        free(whole);
    } else if (atomic_load(&work->stop)) {
        sheet->phase = SHEET_CHOOSING;
        snprintf(sheet->message, sizeof sheet->message, "Stopped: nothing was written.");
    } else {
        sheet_failed(sheet, work->diags.count > 0 ? work->diags.items[0].message : "not written");
    }
    sheet_look(sheet);
}

bool app_sheet_follow(App *app) {
    SheetWork *work = app->export_work;
    if (work == NULL) {
        return false;
    }
    const float share = (float)atomic_load(&work->share) / SHARES;
    app->dirty = app->dirty || app->sheet.share != share;
    app->sheet.share = share;
    if (!atomic_load(&work->ended)) {
        return true;
    }
    pthread_join(work->thread, NULL);
    sheet_told(app, work);
    work_free(work);
    app->export_work = NULL;
    app->dirty = true;
    return false;
}

void app_sheet_end(App *app) {
    SheetWork *work = app->export_work;
    if (work != NULL) {
        atomic_store(&work->stop, true);
        pthread_join(work->thread, NULL);
        work_free(work);
        app->export_work = NULL;
    }
    app->sheet.open = false;
}

bool app_sheet_act(App *app, Action action, int64_t argument) {
    ExportSheet *sheet = &app->sheet;
    switch (action) {
    case ACTION_EXPORT:
        if (sheet->open) {
            app_sheet_end(app);
            return true;
        }
        sheet_open(app);
        break;
    case ACTION_EXPORT_FORMAT:
        sheet_choose(sheet, (size_t)argument);
        sheet->focus = sheet->phase == SHEET_WRITING ? SHEET_ON_CLOSE : SHEET_ON_FORMATS;
        break;
    case ACTION_EXPORT_FILE:
        sheet->focus = sheet->phase == SHEET_WRITING ? SHEET_ON_CLOSE : SHEET_ON_FILE;
        break;
    case ACTION_EXPORT_START:
        sheet_start(app);
        break;
    case ACTION_EXPORT_STOP:
        if (app->export_work != NULL) {
            atomic_store(&app->export_work->stop, true); /* it ends soon: app_sheet_follow */
        }
        break;
    case ACTION_EXPORT_COPY:
        sheet_copy(app);
        break;
    default:
        return false;
    }
    sheet_look(sheet);
    return true;
}

bool app_sheet_key(App *app, const WindowEvent *event) {
    if (!app->sheet.open) {
        return false;
    }
    app->dirty = true;
    app_act(app, sheet_key(&app->sheet, event->key, event->shift, event->ctrl), 0);
    sheet_look(&app->sheet);
    return true;
}
