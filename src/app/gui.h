/* The graphical side as commands see it. gui_sdl.c implements it with a window; gui_none.c, in a
 * build without one, says how to get it.
 *
 * Threads: the main thread. */
#ifndef LOOPSCOPE_APP_GUI_H
#define LOOPSCOPE_APP_GUI_H

#include "app/compare_spec.h"
#include "base/buf.h"
#include "export/export.h"

/* Opens the window on `file` (a scenario or a trace; NULL: the welcome screen) until it is closed.
 * Returns the exit status. `trace_only`: a scenario is refused (loopscope replay). */
int gui_open(const Options *options, const char *file, bool trace_only);

/* Opens the window on two runs. */
int gui_compare(const Options *options, const CompareSpec *spec);

/* Writes what needs a painter: by the ending (of EXPORT_FORMATS) a picture, film or lesson, or with
 * "/" a folder of slides. `progress` may be NULL. Any thread. */
bool gui_export(const Log *log, const Options *options, const char *ending, const char *file,
                const Progress *progress, Diags *diags);

/* Lines for `doctor`: display, renderer, fonts. True where the window can open. */
bool gui_doctor(Buf *out);

#endif
