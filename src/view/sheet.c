#include "view/sheet.h"

#include "view/typed.h"

#include <string.h>

/* Where the file's ending begins: what sheet_choose replaces. */
static size_t stem_length(const ExportSheet *sheet) {
    const size_t length = strlen(sheet->file);
    for (size_t i = 0; i < sheet->format_count; i++) {
        const size_t ending = strlen(sheet->formats[i].ending);
        if (length > ending &&
            strcmp(sheet->file + length - ending, sheet->formats[i].ending) == 0) {
            return length - ending;
        }
    }
    return length;
}

/* What was said about the last file is no longer so. */
static void changed(ExportSheet *sheet) {
    sheet->phase = SHEET_CHOOSING;
    sheet->message[0] = '\0';
    sheet->copied = false;
}

bool sheet_choose(ExportSheet *sheet, size_t format) {
    if (sheet->phase == SHEET_WRITING || format >= sheet->format_count) {
        return false;
    }
    const char *ending = sheet->formats[format].ending;
    const size_t stem = stem_length(sheet);
    if (stem + strlen(ending) < sizeof sheet->file) {
        memcpy(sheet->file + stem, ending, strlen(ending) + 1);
    }
    sheet->chosen = format;
    changed(sheet);
    return true;
}

/* ---- keys ---- */

static bool is_any(const char *key, const char *one, const char *other) {
    return strcmp(key, one) == 0 || strcmp(key, other) == 0;
}

static void move_focus(ExportSheet *sheet, int step) {
    if (sheet->phase == SHEET_WRITING) {
        sheet->focus = SHEET_ON_CLOSE; /* nothing else can be done now */
        return;
    }
    sheet->focus = (SheetFocus)(((int)sheet->focus + step + SHEET_FOCUS_COUNT) % SHEET_FOCUS_COUNT);
}

static bool move_choice(ExportSheet *sheet, const char *key) {
    static const struct {
        const char *key;
        int step;
    } ROWS[] = {{"Left", -1}, {"Right", 1}, {"Up", -SHEET_COLUMNS}, {"Down", SHEET_COLUMNS}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const int64_t next = (int64_t)sheet->chosen + ROWS[i].step;
        if (strcmp(key, ROWS[i].key) == 0) {
            return next >= 0 && sheet_choose(sheet, (size_t)next);
        }
    }
    return false;
}

static Action activate(const ExportSheet *sheet) {
    switch (sheet->phase) {
    case SHEET_WRITING:
        return ACTION_EXPORT_STOP;
    case SHEET_DONE:
        return sheet->focus == SHEET_ON_START ? ACTION_EXPORT_COPY : ACTION_EXPORT;
    default:
        return sheet->focus == SHEET_ON_CLOSE ? ACTION_EXPORT : ACTION_EXPORT_START;
    }
}

static Action escape(const ExportSheet *sheet) {
    return sheet->phase == SHEET_WRITING ? ACTION_EXPORT_STOP : ACTION_EXPORT;
}

/* What means the same wherever the focus is; ACTION_COUNT: it is no such key. */
static Action common_key(ExportSheet *sheet, const char *key, bool shift, bool ctrl) {
    if (strcmp(key, "Escape") == 0) {
        return escape(sheet);
    }
    if (is_any(key, "Return", "Keypad Enter")) {
        return activate(sheet);
    }
    if (strcmp(key, "Tab") == 0) {
        move_focus(sheet, shift ? -1 : 1);
        return ACTION_NONE;
    }
    if (ctrl && strcmp(key, "C") == 0) {
        return sheet->phase == SHEET_DONE ? ACTION_EXPORT_COPY : ACTION_NONE;
    }
    return ACTION_COUNT;
}

Action sheet_key(ExportSheet *sheet, const char *key, bool shift, bool ctrl) {
    const Action common = common_key(sheet, key, shift, ctrl);
    if (common != ACTION_COUNT) {
        return common;
    }
    const bool free = sheet->phase != SHEET_WRITING;
    if (sheet->focus == SHEET_ON_FILE && free) {
        const bool back = strcmp(key, "Backspace") == 0;
        if (back) {
            typed_erase(sheet->file, ctrl);
        }
        if (back || (!ctrl && typed_add(sheet->file, sizeof sheet->file, key, shift))) {
            changed(sheet);
            return ACTION_NONE;
        }
    }
    if (sheet->focus == SHEET_ON_FORMATS && move_choice(sheet, key)) {
        return ACTION_NONE;
    }
    if (sheet->focus >= SHEET_ON_START && strcmp(key, "Space") == 0) {
        return activate(sheet);
    }
    if (sheet->focus == SHEET_ON_FILE && !ctrl && key[1] == '\0') {
        return ACTION_NONE; /* a sign that found no room */
    }
    /* How it looks can be changed with the sheet open; what lies beneath it is left alone. */
    const Action action = action_of_key(SCREEN_MAIN, key, shift, ctrl);
    switch (action) {
    case ACTION_THEME:
    case ACTION_TEXT_NEXT:
    case ACTION_TEXT_LARGER:
    case ACTION_TEXT_SMALLER:
    case ACTION_REDUCED_MOTION:
    case ACTION_FULLSCREEN:
    case ACTION_QUIT:
        return action;
    case ACTION_EXPORT:
        return escape(sheet);
    default:
        return ACTION_NONE;
    }
}
