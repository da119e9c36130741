/* The export sheet: what of a recording can be taken away, under which name, and how far that is.
 * Plain data with the rules of its keys; the window's controller writes the files.
 *
 * Ownership: the formats' texts are the caller's and outlive the sheet. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_SHEET_H
#define LOOPSCOPE_VIEW_SHEET_H

#include "view/action.h"

#include <stddef.h>

enum { SHEET_FORMATS_MAX = 16, SHEET_FILE_MAX = 1024, SHEET_MESSAGE_MAX = 512 };

typedef struct SheetFormat {
    const char *ending; /* ".mp4"; "/" for a folder */
    const char *name;   /* "film" */
    const char *about;  /* a line */
} SheetFormat;

typedef enum SheetPhase { SHEET_CHOOSING, SHEET_WRITING, SHEET_DONE, SHEET_FAILED } SheetPhase;

/* What has the focus. The last two are the buttons: to start (or to copy the path, once it is
 * done), and to close (or to stop). */
typedef enum SheetFocus {
    SHEET_ON_FORMATS,
    SHEET_ON_FILE,
    SHEET_ON_START,
    SHEET_ON_CLOSE,
    SHEET_FOCUS_COUNT
} SheetFocus;

typedef struct ExportSheet {
    bool open;
    SheetPhase phase;
    SheetFocus focus;
    SheetFormat formats[SHEET_FORMATS_MAX];
    size_t format_count, chosen;
    char file[SHEET_FILE_MAX];       /* as it is typed */
    char place[SHEET_FILE_MAX];      /* the folder that it is in, for the line below */
    bool replaces;                   /* there is a file of this name */
    float share;                     /* while it is written, 0..1 */
    char message[SHEET_MESSAGE_MAX]; /* done, or why not */
    bool copied;                     /* the path was just copied */
} ExportSheet;

/* Chooses a format; the file's ending goes along. False where nothing may change now. */
bool sheet_choose(ExportSheet *sheet, size_t format);

/* What a key means: it may change the focus, the format or the file; what has to be done besides is
 * returned (ACTION_NONE: nothing). `key` as in view/action.h. */
Action sheet_key(ExportSheet *sheet, const char *key, bool shift, bool ctrl);

enum { SHEET_COLUMNS = 3 }; /* of formats, as they are shown */

#endif
