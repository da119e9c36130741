/* What is made with the painter: pictures, slides, films, lessons. A table by ending. */
#include "app/window_studio.h"
#include "base/assert.h"
#include "export/page.h"
#include "ui/picture.h"

#include <inttypes.h>
#include <string.h>

/* The moment at which most is going on: the first with the most at the OS, ready and arrived. */
static uint64_t busiest_event(const Studio *studio) {
    const ViewDoc *doc = &studio->document->view;
    uint64_t best = studio->to, most = 0;
    for (uint64_t n = studio->from; n <= studio->to; n++) {
        state_seek(doc->after, n + 1);
        const LoopInfo *loop = state_loop(doc->after);
        const uint64_t busy = loop->in_flight + loop->ready_handles + loop->arrived +
                              (loop->running != EVENT_NONE ? 1 : 0);
        if (busy > most) {
            most = busy;
            best = n;
        }
    }
    return best;
}

bool still_write(Studio *studio) {
    const Options *options = studio->options;
    const uint64_t count = timeline_count(studio->document->view.timeline);
    if (options->has_at && options->at >= count) {
        diags_add(studio->diags, studio->file,
                  "there is no event %" PRIu64 ": the trace has events 0 to %" PRIu64, options->at,
                  count - 1);
        return false;
    }
    const uint64_t at = options->has_at ? options->at : busiest_event(studio);
    const uint32_t *pixels = studio_paint_event(studio, at);
    return picture_write_png(studio->file, pixels, studio->scene.width_px, studio->scene.height_px,
                             studio->diags);
}

bool page_write(Studio *studio) {
    ViewInput input = studio->input;
    input.no_controls = true; /* the page has its own */
    const Page page = {.doc = &studio->document->view,
                       .input = input,
                       .metrics = painter_metrics(studio->painter),
                       .job = {.log = studio->document->view.log,
                               .from = studio->from,
                               .end = studio->to + 1,
                               .file = studio->file,
                               .progress = studio->progress}};
    return export_page(&page, studio->diags);
}

typedef bool StudioWrite(Studio *studio);

static const struct {
    const char *ending;
    StudioWrite *write;
} WRITERS[] = {
    {".png", still_write}, {".gif", film_write_gif}, {".mp4", film_write_mp4},
    {".md", lesson_write}, {".html", page_write},    {"/", slides_write},
};

bool gui_export(const Log *log, const Options *options, const char *ending, const char *file,
                const Progress *progress, Diags *diags) {
    StudioWrite *write = NULL;
    for (size_t i = 0; i < sizeof WRITERS / sizeof *WRITERS; i++) {
        write = strcmp(WRITERS[i].ending, ending) == 0 ? WRITERS[i].write : write;
    }
    ASSERT(write != NULL); /* every format without a writer of its own has one here */
    Studio studio;
    const bool done = studio_open(&studio, log, options, file, progress, diags) && write(&studio);
    studio_close(&studio);
    return done;
}
