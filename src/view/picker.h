/* A list of folders and files to choose from, for where the system has no dialog of its own. Plain
 * data with the rules of its keys; the window's controller reads the folders.
 *
 * Ownership: picker_finish frees what is listed. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_PICKER_H
#define LOOPSCOPE_VIEW_PICKER_H

#include "view/action.h"

#include <stddef.h>

enum { PICKER_FOLDER_MAX = 4096, PICKER_TYPED_MAX = 64, PICKER_MESSAGE_MAX = 512 };

typedef struct PickerEntry {
    char *name;
    bool is_folder;
} PickerEntry;

typedef struct FilePicker {
    bool open;
    char folder[PICKER_FOLDER_MAX]; /* whole */
    PickerEntry *entries;           /* folders first, each by name */
    size_t count, cap;
    size_t *shown; /* of the entries, those that have what was typed in their names */
    size_t shown_count, shown_cap;
    size_t chosen;                    /* of the shown ones */
    char typed[PICKER_TYPED_MAX];     /* narrows the list */
    bool failed;                      /* the system's dialog did */
    char reason[PICKER_MESSAGE_MAX];  /* why it is asked here, and not by the system */
    char trouble[PICKER_MESSAGE_MAX]; /* of this folder: why it can't be read; or "" */
} FilePicker;

/* Empties the list for another folder. */
void picker_enter(FilePicker *picker, const char *folder);

/* Whether a file belongs in the list: a scenario or a trace by its ending. */
bool picker_takes(const char *name);

void picker_add(FilePicker *picker, const char *name, bool is_folder);

/* After the last one: sorts, and chooses `name` (NULL: the first). */
void picker_sort(FilePicker *picker, const char *name);

/* The chosen entry; NULL where none is listed. */
const PickerEntry *picker_chosen(const FilePicker *picker);

void picker_move(FilePicker *picker, int64_t rows);

/* What a key means: it may change the choice or what is typed; what has to be done besides is
 * returned (ACTION_NONE: nothing). `key` as in view/action.h. */
Action picker_key(FilePicker *picker, const char *key, bool shift, bool ctrl);

void picker_finish(FilePicker *picker);

#endif
