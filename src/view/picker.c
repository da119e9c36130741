#include "view/picker.h"

#include "base/mem.h"
#include "view/typed.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_ROWS = 8 };

static void entries_clear(FilePicker *picker) {
    for (size_t i = 0; i < picker->count; i++) {
        free(picker->entries[i].name);
    }
    picker->count = picker->shown_count = picker->chosen = 0;
}

void picker_enter(FilePicker *picker, const char *folder) {
    entries_clear(picker);
    memmove(picker->folder, folder, strlen(folder) + 1);
    picker->typed[0] = picker->trouble[0] = '\0';
}

/* ---- the list ---- */

static bool ends_with(const char *name, const char *ending) {
    const size_t length = strlen(name), size = strlen(ending);
    for (size_t i = 0; i < size && length > size; i++) {
        if (tolower((unsigned char)name[length - size + i]) != ending[i]) {
            return false;
        }
    }
    return length > size;
}

bool picker_takes(const char *name) {
    return ends_with(name, ".json") || ends_with(name, ".jsonl");
}

void picker_add(FilePicker *picker, const char *name, bool is_folder) {
    picker->entries =
        mem_grow(picker->entries, &picker->cap, picker->count + 1, sizeof *picker->entries);
    picker->entries[picker->count++] =
        (PickerEntry){.name = mem_copy_text(name, strlen(name)), .is_folder = is_folder};
}

/* As people sort: "b" between "A" and "C". */
static int order(const char *a, const char *b) {
    size_t i = 0;
    while (a[i] != '\0' && tolower((unsigned char)a[i]) == tolower((unsigned char)b[i])) {
        i++;
    }
    const int left = tolower((unsigned char)a[i]), right = tolower((unsigned char)b[i]);
    return left != right ? left - right : strcmp(a, b);
}

static int by_kind_and_name(const void *left, const void *right) {
    const PickerEntry *a = left, *b = right;
    return a->is_folder != b->is_folder ? (a->is_folder ? -1 : 1) : order(a->name, b->name);
}

static bool has_part(const char *name, const char *part) {
    for (; *name != '\0'; name++) {
        size_t i = 0;
        while (part[i] != '\0' &&
               tolower((unsigned char)name[i]) == tolower((unsigned char)part[i])) {
            i++;
        }
        if (part[i] == '\0') {
            return true;
        }
    }
    return false;
}

/* What begins with a dot is hidden until a dot is typed; ".." is there until anything is. */
static bool is_shown(const FilePicker *picker, const PickerEntry *entry) {
    const bool typed = picker->typed[0] != '\0';
    if (strcmp(entry->name, "..") == 0) {
        return !typed;
    }
    const bool hidden = entry->name[0] == '.' && picker->typed[0] != '.';
    return !hidden && (!typed || has_part(entry->name, picker->typed));
}

static void show(FilePicker *picker) {
    picker->shown_count = picker->chosen = 0;
    picker->shown =
        mem_grow(picker->shown, &picker->shown_cap, picker->count + 1, sizeof *picker->shown);
    for (size_t i = 0; i < picker->count; i++) {
        if (is_shown(picker, &picker->entries[i])) {
            picker->shown[picker->shown_count++] = i;
        }
    }
}

void picker_sort(FilePicker *picker, const char *name) {
    if (picker->count > 0) {
        qsort(picker->entries, picker->count, sizeof *picker->entries, by_kind_and_name);
    }
    show(picker);
    for (size_t i = 0; i < picker->shown_count && name != NULL; i++) {
        if (strcmp(picker->entries[picker->shown[i]].name, name) == 0) {
            picker->chosen = i;
        }
    }
}

const PickerEntry *picker_chosen(const FilePicker *picker) {
    return picker->chosen < picker->shown_count ? &picker->entries[picker->shown[picker->chosen]]
                                                : NULL;
}

void picker_move(FilePicker *picker, int64_t rows) {
    const int64_t last = (int64_t)picker->shown_count - 1;
    const int64_t at = (int64_t)picker->chosen + rows;
    picker->chosen = at < 0 || last < 0 ? 0 : (size_t)(at > last ? last : at);
}

/* ---- keys ---- */

static bool key_moves(FilePicker *picker, const char *key) {
    static const struct {
        const char *key;
        int64_t rows;
    } ROWS[] = {
        {"Up", -1},          {"Down", 1},       {"PageUp", -PAGE_ROWS}, {"PageDown", PAGE_ROWS},
        {"Home", INT32_MIN}, {"End", INT32_MAX}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (strcmp(key, ROWS[i].key) == 0) {
            picker_move(picker, ROWS[i].rows);
            return true;
        }
    }
    return false;
}

/* With Ctrl: how it looks can be changed with the list open. A letter alone is typed. */
static Action look_key(const char *key, bool shift, bool ctrl) {
    const Action action = action_of_key(SCREEN_WELCOME, key, shift, ctrl);
    switch (action) {
    case ACTION_TEXT_LARGER:
    case ACTION_TEXT_SMALLER:
    case ACTION_FULLSCREEN:
    case ACTION_QUIT:
        return action;
    default:
        return ACTION_NONE;
    }
}

Action picker_key(FilePicker *picker, const char *key, bool shift, bool ctrl) {
    const bool typed = picker->typed[0] != '\0';
    if (strcmp(key, "Return") == 0 || strcmp(key, "Keypad Enter") == 0) {
        return picker_chosen(picker) != NULL ? ACTION_PICK : ACTION_NONE;
    }
    if (strcmp(key, "Escape") == 0 && !typed) {
        return ACTION_PICK_CLOSE;
    }
    if (strcmp(key, "Backspace") == 0 && !typed) {
        return ACTION_PICK_PARENT;
    }
    if (strcmp(key, "Escape") == 0) {
        picker->typed[0] = '\0';
        show(picker);
    } else if (strcmp(key, "Backspace") == 0) {
        typed_erase(picker->typed, ctrl);
        show(picker);
    } else if (!ctrl && typed_add(picker->typed, sizeof picker->typed, key, shift)) {
        show(picker);
    } else if (ctrl || !key_moves(picker, key)) {
        return look_key(key, shift, ctrl);
    }
    return ACTION_NONE;
}

void picker_finish(FilePicker *picker) {
    entries_clear(picker);
    free(picker->entries);
    free(picker->shown);
    *picker = (FilePicker){0};
}
