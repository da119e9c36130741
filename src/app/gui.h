/* The graphical side as commands see it. gui_sdl.c implements it with a window; gui_none.c, in a
 * build without one, says how to get it.
 *
 * Threads: the main thread. */
#ifndef LOOPSCOPE_APP_GUI_H
#define LOOPSCOPE_APP_GUI_H

#include "app/options.h"
#include "base/buf.h"
#include "trace/log.h"

/* Opens the window on `file` (a scenario or a trace; NULL: the welcome screen) until it is closed.
 * Returns the exit status. `trace_only`: a scenario is refused (loopscope replay). */
int gui_open(const Options *options, const char *file, bool trace_only);

/* Paints the scene after event `at` (the first `at` + 1 events) of a trace to a PNG file. */
bool gui_picture(const Log *log, const Options *options, const char *file, Diags *diags);

/* Lines for `doctor`: display, renderer, fonts. True where the window can open. */
bool gui_doctor(Buf *out);

#endif
