/* The studio: a recording with a painter and a player of its own, for pictures, films and pages. It
 * shares nothing with the window but the log, so a long export runs beside it on its own thread.
 *
 * Ownership: studio_open/studio_close; the log is the caller's. Threads: one a studio. */
#ifndef LOOPSCOPE_APP_WINDOW_STUDIO_H
#define LOOPSCOPE_APP_WINDOW_STUDIO_H

#include "app/gui.h"
#include "app/window_doc.h"
#include "ui/painter.h"

typedef struct Studio {
    const Options *options;
    const char *file; /* what is made: for messages */
    const Progress *progress;
    Diags *diags;
    Document *document;
    Painter *painter;
    Scene scene;
    ViewInput input;
    Player player;
    uint64_t from, to; /* events, both included */
} Studio;

/* False and a diagnostic where nothing can be shown (no fonts, no event, a range that is none);
 * studio_close also then. */
bool studio_open(Studio *studio, const Log *log, const Options *options, const char *file,
                 const Progress *progress, Diags *diags);
void studio_close(Studio *studio);

/* The frame of the studio's player, as the window would show it. Valid until the next call. */
const uint32_t *studio_paint(Studio *studio);

/* The same at rest after event n. */
const uint32_t *studio_paint_event(Studio *studio, uint64_t n);

/* Tells how far it is. False and a diagnostic where the user wants no more of it. */
bool studio_goes_on(Studio *studio, double share);

/* The events that `--steps` chooses of the range, in order; the caller frees. `fallback` where the
 * option was not given. NULL and a diagnostic where it chooses none. */
uint64_t *studio_steps(Studio *studio, const char *fallback, size_t *count);

/* One file of each kind; see window_export.c. */
bool still_write(Studio *studio);
bool slides_write(Studio *studio);
bool lesson_write(Studio *studio);
bool film_write_gif(Studio *studio);
bool film_write_mp4(Studio *studio);
bool page_write(Studio *studio);

#endif
