/* Choosing a file of the user's own: in the system's dialog, or, where there is none or it fails,
 * in a list in the window. What was chosen opens as if it had been dropped. */
#include "app/window_app.h"
#include "base/files.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- the list in the window ---- */

static bool is_separator(char sign) {
    return sign == '/' || sign == '\\';
}

static bool path_join(const char *folder, const char *name, char out[PICKER_FOLDER_MAX]) {
    const size_t length = strlen(folder);
    const bool ended = length > 0 && is_separator(folder[length - 1]);
    return snprintf(out, PICKER_FOLDER_MAX, "%s%s%s", folder, ended ? "" : "/", name) <
           PICKER_FOLDER_MAX;
}

/* The folder that a folder is in, by its name: the way back leads where one came from, also out of
 * a folder that is gone. False at the top. */
static bool parent_of(const char *folder, char out[PICKER_FOLDER_MAX]) {
    size_t length = strlen(folder);
    snprintf(out, PICKER_FOLDER_MAX, "%s", folder);
    while (length > 1 && is_separator(out[length - 1])) {
        out[--length] = '\0';
    }
    if (out[length - 1] == ':') { /* a drive */
        return false;
    }
    length = (size_t)(file_base_name(out) - out);
    const bool top = length == 1 || (length > 1 && out[length - 2] == ':');
    out[top || length == 0 ? length : length - 1] = '\0';
    return length > 0 && strlen(out) < strlen(folder);
}

/* Lists the folder; `name` is chosen there (NULL: the first). */
static void picker_show(App *app, const char *folder, const char *name) {
    FilePicker *picker = &app->picker;
    char path[PICKER_FOLDER_MAX], *chosen = name == NULL ? NULL : mem_copy_text(name, strlen(name));
    picker_enter(picker, folder);
    FileFolder *entries = file_folder_open(folder);
    if (entries == NULL) {
        snprintf(picker->trouble, sizeof picker->trouble, "This folder can't be read: %s",
                 strerror(errno));
    }
    if (parent_of(folder, path)) {
        picker_add(picker, "..", true);
    }
    for (const char *entry; entries != NULL && (entry = file_folder_next(entries)) != NULL;) {
        if (!path_join(folder, entry, path)) {
            continue;
        }
        const FileKind kind = file_kind(path);
        if (kind == FILE_KIND_FOLDER || (kind == FILE_KIND_REGULAR && picker_takes(entry))) {
            picker_add(picker, entry, kind == FILE_KIND_FOLDER);
        }
    }
    file_folder_close(entries);
    picker_sort(picker, chosen);
    free(chosen);
}

/* Where choosing begins: where a file was chosen last, else the folder that the program is in. */
static const char *folder_begin(const App *app, char out[PICKER_FOLDER_MAX]) {
    char *real = file_real_path(app->picker.folder[0] != '\0' ? app->picker.folder : ".");
    snprintf(out, PICKER_FOLDER_MAX, "%s", real != NULL ? real : ".");
    free(real);
    return out;
}

static void picker_open(App *app) {
    char folder[PICKER_FOLDER_MAX];
    app->picker.open = true;
    app->input.help = false;
    app_focus_clear(app);
    picker_show(app, folder_begin(app, folder), NULL);
}

static void picker_parent(App *app) {
    char above[PICKER_FOLDER_MAX], last[PICKER_FOLDER_MAX];
    snprintf(last, sizeof last, "%s", file_base_name(app->picker.folder));
    if (parent_of(app->picker.folder, above)) {
        picker_show(app, above, last);
    }
}

static void picker_pick(App *app, size_t index) {
    char path[PICKER_FOLDER_MAX];
    FilePicker *picker = &app->picker;
    picker->chosen = index;
    const PickerEntry *entry = picker_chosen(picker);
    if (entry == NULL || !path_join(picker->folder, entry->name, path)) {
        return;
    }
    if (strcmp(entry->name, "..") == 0) {
        picker_parent(app);
    } else if (entry->is_folder) {
        picker_show(app, path, NULL);
    } else {
        picker->open = false;
        welcome_open(app, path);
    }
}

/* ---- the system's dialog ---- */

static void choose_begin(App *app) {
    char folder[PICKER_FOLDER_MAX];
    FilePicker *picker = &app->picker;
    picker->failed = false;
    picker->reason[0] = '\0';
    app->dialog = dialog_open(folder_begin(app, folder), window_wake);
    if (app->dialog == NULL) {
        snprintf(picker->reason, sizeof picker->reason,
                 "There is no room for the system's dialog, so choose here.");
        picker_open(app);
    }
}

/* The next choice begins where this one was made. */
static void folder_keep(App *app, const char *file) {
    const size_t length = (size_t)(file_base_name(file) - file);
    if (length > 0 && length < sizeof app->picker.folder) {
        memcpy(app->picker.folder, file, length);
        app->picker.folder[length] = '\0';
    }
}

static void choose_told(App *app, DialogEnd end, const char *text) {
    FilePicker *picker = &app->picker;
    switch (end) {
    case DIALOG_CHOSEN:
        folder_keep(app, text);
        app->input.help = false;
        welcome_open(app, text);
        return;
    case DIALOG_CANCELLED:
        return;
    case DIALOG_NONE:
        snprintf(picker->reason, sizeof picker->reason,
                 "This system has no file dialog that can be used (%s), so choose here.", text);
        break;
    case DIALOG_FAILED:
        picker->failed = true;
        snprintf(picker->reason, sizeof picker->reason, "%s. So choose here.", text);
        break;
    }
    if (app->screen == SCREEN_WELCOME) { /* whoever went on asks for no file any more */
        picker_open(app);
    }
}

void app_choose_follow(App *app) {
    if (app->dialog == NULL || !dialog_has_ended(app->dialog)) {
        return;
    }
    Buf text = {0};
    const DialogEnd end = dialog_close(app->dialog, &text);
    app->dialog = NULL;
    app->dirty = true;
    choose_told(app, end, buf_text(&text));
    buf_finish(&text);
}

void app_choose_end(App *app) {
    if (app->dialog != NULL) {
        Buf unused = {0};
        dialog_stop(app->dialog);
        dialog_close(app->dialog, &unused);
        app->dialog = NULL;
        buf_finish(&unused);
    }
    picker_finish(&app->picker);
}

bool app_choose_act(App *app, Action action, int64_t argument) {
    switch (action) {
    case ACTION_CHOOSE_FILE:
        if (app->screen == SCREEN_WELCOME && app->dialog == NULL && !app->picker.open) {
            choose_begin(app);
        }
        break;
    case ACTION_PICK:
        picker_pick(app, (size_t)argument);
        break;
    case ACTION_PICK_PARENT:
        picker_parent(app);
        break;
    case ACTION_PICK_CLOSE:
        app->picker.open = false;
        break;
    case ACTION_WELCOME: /* Esc */
        if (app->dialog == NULL || app->screen != SCREEN_WELCOME) {
            return false;
        }
        dialog_stop(app->dialog); /* it ends soon: app_choose_follow */
        break;
    default:
        return false;
    }
    return true;
}

bool app_choose_event(App *app, const WindowEvent *event) {
    if (!app->picker.open || app->screen != SCREEN_WELCOME) {
        return false;
    }
    if (event->kind == WINDOW_KEY) {
        app->dirty = true;
        app_act(app, picker_key(&app->picker, event->key, event->shift, event->ctrl),
                (int64_t)app->picker.chosen);
        return true;
    }
    if (event->kind == WINDOW_WHEEL && event->dy != 0) {
        app->dirty = true;
        picker_move(&app->picker, event->dy > 0 ? -1 : 1);
        return true;
    }
    return false;
}
