/* Linux and the BSDs: the desktop's own dialog, by whichever of these programs is installed. */
#include "app/window_dialog_posix.h"
#include "base/files.h"

#include <string.h>

#define PATTERNS "*.json *.jsonl"
#define KIND     "Scenarios and traces"
#define GTK_DIALOG(name)                                                                           \
    {                                                                                              \
        {                                                                                          \
            name, "--file-selection", "--title=" DIALOG_TITLE, "--filename=" DIALOG_FOLDER "/",    \
                "--file-filter=" KIND " | " PATTERNS, "--file-filter=All files | *", NULL          \
        }                                                                                          \
    }

static const DialogProgram ZENITY = GTK_DIALOG("zenity");
static const DialogProgram QARMA = GTK_DIALOG("qarma");
static const DialogProgram MATEDIALOG = GTK_DIALOG("matedialog");
static const DialogProgram YAD = {
    {"yad", "--file", "--title=" DIALOG_TITLE, "--filename=" DIALOG_FOLDER "/",
     "--file-filter=" KIND " | " PATTERNS, "--file-filter=All files | *", NULL}};
static const DialogProgram KDIALOG = {{"kdialog", "--title", DIALOG_TITLE, "--getopenfilename",
                                       DIALOG_FOLDER, PATTERNS "|" KIND, NULL}};

const DialogProgram *const *dialog_programs(void) {
    static const DialogProgram *const ELSEWHERE[] = {&ZENITY, &MATEDIALOG, &QARMA,
                                                     &YAD,    &KDIALOG,    NULL};
    static const DialogProgram *const ON_KDE[] = {&KDIALOG, &QARMA,      &ZENITY,
                                                  &YAD,     &MATEDIALOG, NULL};
    char desktop[256];
    const bool kde = file_variable("XDG_CURRENT_DESKTOP", desktop, sizeof desktop) &&
                     strstr(desktop, "KDE") != NULL;
    return kde ? ON_KDE : ELSEWHERE;
}

const char *dialog_programs_names(void) {
    return "zenity or kdialog";
}

/* All of them end with 1 when they are closed without a choice (yad with 252 after Esc), and GTK's
 * also where they can't open their window. */
bool dialog_program_was_cancelled(int status, const char *complaints) {
    const bool no_window = strstr(complaints, "open display") != NULL;
    return (status == 1 || status == 252) && !no_window;
}
