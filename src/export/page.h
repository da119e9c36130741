/* The page: a trace as one self-contained HTML file that plays it. Its pictures are the view's own
 * scenes: each different thing to draw is written once, an event's scenes are lists of them, coded
 * as differences, and assets/web/page.js paints and moves them.
 *
 * Ownership: all is the caller's. Threads: one at a time for a doc. */
#ifndef LOOPSCOPE_EXPORT_PAGE_H
#define LOOPSCOPE_EXPORT_PAGE_H

#include "export/export.h"
#include "view/view.h"

enum { PAGE_EVENTS_MAX = 20000 }; /* more makes no page that a browser likes */

typedef struct Page {
    ViewDoc *doc;
    ViewInput input; /* size, theme, size of text; its player is set by the page */
    const Metrics *metrics;
    ExportJob job;
} Page;

bool export_page(const Page *page, Diags *diags);

#endif
