/* Programs that show a file dialog and print what was chosen. One table a system.
 *
 * Threads: any. */
#ifndef LOOPSCOPE_APP_WINDOW_DIALOG_POSIX_H
#define LOOPSCOPE_APP_WINDOW_DIALOG_POSIX_H

#include "app/window_dialog.h"

enum { DIALOG_WORDS_MAX = 12 };

/* In a word, for the folder that the dialog begins in. */
#define DIALOG_FOLDER "{folder}"

typedef struct DialogProgram {
    const char *words[DIALOG_WORDS_MAX]; /* ended by NULL */
} DialogProgram;

/* In the order in which they are tried, ended by NULL; one that is not installed is passed over. */
const DialogProgram *const *dialog_programs(void);

/* What the system's dialogs are, for who has none of them. */
const char *dialog_programs_names(void);

/* Whether an end that is not 0 means that nothing was chosen, or a failure. */
bool dialog_program_was_cancelled(int status, const char *complaints);

#endif
