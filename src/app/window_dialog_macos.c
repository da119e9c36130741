/* macOS: the Finder's dialog, asked for by a line of AppleScript. */
#include "app/window_dialog_posix.h"

#include <string.h>

static const DialogProgram OSASCRIPT = {
    {"osascript", "-e", "on run argv", "-e", "tell me to activate", "-e",
     "return POSIX path of (choose file with prompt \"" DIALOG_TITLE
     "\" default location (POSIX file (item 1 of argv)))",
     "-e", "end run", DIALOG_FOLDER, NULL}};

const DialogProgram *const *dialog_programs(void) {
    static const DialogProgram *const ALL[] = {&OSASCRIPT, NULL};
    return ALL;
}

const char *dialog_programs_names(void) {
    return "osascript";
}

/* "execution error: User canceled. (-128)" */
bool dialog_program_was_cancelled(int status, const char *complaints) {
    return status == 1 && strstr(complaints, "(-128)") != NULL;
}
