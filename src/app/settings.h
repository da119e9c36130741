/* What the program remembers of its user: how the window looks, how fast it plays, recent files. A
 * text of lines, "key value", in the system's usual place; what it does not know it passes over.
 *
 * Ownership: plain data. Threads: the main thread. */
#ifndef LOOPSCOPE_APP_SETTINGS_H
#define LOOPSCOPE_APP_SETTINGS_H

#include "view/player.h"
#include "view/theme.h"

enum { SETTINGS_RECENT_MAX = 3, SETTINGS_PATH_MAX = 1024 };

typedef struct Settings {
    ThemeName theme;
    double text_scale; /* 1 to 1.35 */
    int pace;          /* index into PACES */
    bool reduced_motion;
    char recent[SETTINGS_RECENT_MAX][SETTINGS_PATH_MAX]; /* the latest first; "" where none */
} Settings;

void settings_init(Settings *settings);

/* What was saved; what is missing or makes no sense stays as it is. */
void settings_read(Settings *settings, const char *text);
void settings_load(Settings *settings);

/* Nothing is told where it can't be saved: nobody has asked for it. */
void settings_save(const Settings *settings);

void settings_recent_add(Settings *settings, const char *path);

#endif
