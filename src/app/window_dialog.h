/* The system's own dialog that chooses a file, beside the window: it runs on a thread of its own,
 * and the window goes on.
 *
 * Ownership: dialog_open/dialog_close. Threads: the main thread. */
#ifndef LOOPSCOPE_APP_WINDOW_DIALOG_H
#define LOOPSCOPE_APP_WINDOW_DIALOG_H

#include "base/buf.h"

#include <stdbool.h>

typedef enum DialogEnd {
    DIALOG_CHOSEN,    /* text: the file */
    DIALOG_CANCELLED, /* by whom it asked, or by us */
    DIALOG_NONE,      /* the system has none; text: what it would be */
    DIALOG_FAILED,    /* text: why */
} DialogEnd;

typedef struct Dialog Dialog;

/* Begins with the files of that folder. `ended` is called on the dialog's thread, once. NULL where
 * there is no room for another thread. */
Dialog *dialog_open(const char *folder, void (*ended)(void));
bool dialog_has_ended(const Dialog *dialog);
void dialog_stop(Dialog *dialog); /* it goes away soon, as if it was cancelled */

/* Waits for its end; frees. Appends the text. */
DialogEnd dialog_close(Dialog *dialog, Buf *text);

/* ---- what a system does for it: one file a system ---- */

#define DIALOG_TITLE "Choose a scenario or a trace"

typedef struct DialogWork DialogWork;

DialogWork *dialog_work_create(void); /* NULL and errno */
/* Shows it and waits: on the dialog's thread. */
DialogEnd dialog_work_run(DialogWork *work, const char *folder, Buf *text);
void dialog_work_stop(DialogWork *work); /* from the main thread, before it runs or while it does */
void dialog_work_destroy(DialogWork *work);

#endif
