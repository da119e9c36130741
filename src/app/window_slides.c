/* Slides: a picture of every chosen step in a folder. A lesson: a sheet in Markdown with a picture
 * and the story of each chosen step. Both are made in a fresh folder beside, and take their place
 * when the last picture is there. */
#include "app/window_studio.h"
#include "base/files.h"
#include "base/format.h"
#include "base/mem.h"
#include "export/outfile.h"
#include "ui/picture.h"
#include "view/caption.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct Slides {
    Studio *studio;
    uint64_t *steps;
    size_t count;
    char *folder;    /* where they belong */
    char *temporary; /* the fresh one; NULL once it has its place */
} Slides;

static char *name_in(const char *folder, uint64_t step) {
    Buf name = {0};
    buf_printf(&name, "%s/step-%06" PRIu64 ".png", folder, step);
    return name.data;
}

static bool fail(Slides *slides, const char *what) {
    diags_add(slides->studio->diags, slides->folder, "%s: %s", what, strerror(errno));
    return false;
}

static bool slides_open(Slides *slides, Studio *studio, const char *folder, const char *fallback) {
    size_t length = strlen(folder);
    while (length > 1 && (folder[length - 1] == '/' || folder[length - 1] == '\\')) {
        length--;
    }
    *slides = (Slides){.studio = studio, .folder = mem_copy_text(folder, length)};
    slides->steps = studio_steps(studio, fallback, &slides->count);
    if (slides->count == 0) {
        return false;
    }
    Buf name = {0};
    buf_printf(&name, "%s.%ld.part", slides->folder, (long)getpid());
    if (!file_make_folder(buf_text(&name))) {
        buf_finish(&name);
        return fail(slides, "the folder can't be made");
    }
    slides->temporary = name.data;
    return true;
}

static bool slides_paint(Slides *slides) {
    Studio *studio = slides->studio;
    bool good = true;
    for (size_t i = 0; good && i < slides->count; i++) {
        char *name = name_in(slides->temporary, slides->steps[i]);
        const uint32_t *pixels = studio_paint_event(studio, slides->steps[i]);
        good = picture_write_png(name, pixels, studio->scene.width_px, studio->scene.height_px,
                                 studio->diags) &&
               studio_goes_on(studio, (double)(i + 1) / (double)slides->count);
        free(name);
    }
    return good;
}

/* Into a folder that is there already, picture by picture; else the folder gets its name. */
static bool slides_commit(Slides *slides) {
    if (file_kind(slides->folder) == FILE_KIND_NONE) {
        if (!file_replace(slides->temporary, slides->folder)) {
            return fail(slides, "the folder can't get its name");
        }
        free(slides->temporary);
        slides->temporary = NULL;
        return true;
    }
    bool good = true;
    for (size_t i = 0; good && i < slides->count; i++) {
        char *from = name_in(slides->temporary, slides->steps[i]);
        char *to = name_in(slides->folder, slides->steps[i]);
        good = file_replace(from, to) || fail(slides, "the pictures can't be put there");
        free(from);
        free(to);
    }
    return good;
}

static void slides_close(Slides *slides) {
    if (slides->temporary != NULL) {
        for (size_t i = 0; i < slides->count; i++) {
            char *name = name_in(slides->temporary, slides->steps[i]);
            file_remove(name);
            free(name);
        }
        file_remove_folder(slides->temporary);
    }
    free(slides->temporary);
    free(slides->folder);
    free(slides->steps);
}

bool slides_write(Studio *studio) {
    Slides slides;
    const bool done = slides_open(&slides, studio, studio->file, "all") && slides_paint(&slides) &&
                      slides_commit(&slides);
    slides_close(&slides);
    return done;
}

/* ---- the lesson ---- */

/* Markdown's own signs, so that a name shows as it is. */
static void markdown(Buf *out, const char *text) {
    for (; *text != '\0'; text++) {
        if (strchr("\\`*_{}[]<>#|~", *text) != NULL) {
            buf_append_char(out, '\\');
        }
        buf_append_char(out, *text == '\n' ? ' ' : *text);
    }
}

static void tell_event(const Studio *studio, uint64_t n, Buf *out) {
    const ViewDoc *doc = &studio->document->view;
    Buf sentence = {0};
    state_seek(doc->after, n + 1);
    caption_event(doc->after, n, &sentence);
    markdown(out, buf_text(&sentence));
    buf_finish(&sentence);
}

/* What happened between the last picture and this one: a line an event, at most so many. */
static void tell_between(const Studio *studio, uint64_t first, uint64_t last, Buf *out) {
    enum { LINES_MAX = 12 };
    if (first >= last) {
        return;
    }
    buf_append_text(out, "What happened until then:\n\n");
    if (last - first > LINES_MAX) {
        buf_printf(out, "- (%" PRIu64 " events before)\n", last - first - LINES_MAX);
        first = last - LINES_MAX;
    }
    for (uint64_t n = first; n < last; n++) {
        buf_append_text(out, "- ");
        tell_event(studio, n, out);
        buf_append_char(out, '\n');
    }
    buf_append_char(out, '\n');
}

/* Spaces and signs of a folder's name, as a link's address takes them. */
static void link_name(Buf *out, const char *text) {
    for (; *text != '\0'; text++) {
        if (strchr(" %()<>\"", *text) != NULL) {
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
        } else {
            buf_append_char(out, *text);
        }
    }
}

static void lesson_step(const Slides *slides, size_t i, Buf *out) {
    const Studio *studio = slides->studio;
    const uint64_t n = slides->steps[i];
    const Event *event = log_event(studio->document->view.log, n);
    char when[FORMAT_MAX];
    buf_printf(out, "## %zu. ", i + 1);
    tell_event(studio, n, out);
    buf_printf(out, "\n\n*Event %" PRIu64 ", at %s.*\n\n![The window after event %" PRIu64 "](", n,
               format_duration(when, event->t_ns), n);
    link_name(out, file_base_name(slides->folder));
    buf_printf(out, "/step-%06" PRIu64 ".png)\n\n", n);
    tell_between(studio, i == 0 ? studio->from : slides->steps[i - 1] + 1, n, out);
}

static void lesson_text(const Slides *slides, Buf *out) {
    const Studio *studio = slides->studio;
    const TraceHeader *header = log_header(studio->document->view.log);
    const bool titled = header->title != NULL && header->title[0] != '\0';
    buf_append_text(out, "# ");
    markdown(out, titled ? header->title : studio->document->name);
    buf_append_text(out, "\n\n");
    if (studio->document->view.about[0] != '\0') {
        markdown(out, studio->document->view.about);
        buf_append_text(out, "\n\n");
    }
    buf_printf(out,
               "A run recorded by Loopscope (%s, %s): %" PRIu64 " events, %zu of them shown.\n\n",
               header->backend, header->notifier, timeline_count(studio->document->view.timeline),
               slides->count);
    for (size_t i = 0; i < slides->count; i++) {
        lesson_step(slides, i, out);
    }
}

bool lesson_write(Studio *studio) {
    Outfile *out = outfile_create(studio->file, studio->diags);
    if (out == NULL) {
        return false;
    }
    Slides slides;
    Buf folder = {0}, text = {0};
    const size_t length = strlen(studio->file);
    const bool has_ending = length > 3 && strcmp(studio->file + length - 3, ".md") == 0;
    buf_append(&folder, studio->file, has_ending ? length - 3 : length);
    buf_append_text(&folder, "-pictures");
    bool done = slides_open(&slides, studio, buf_text(&folder), "notes") && slides_paint(&slides);
    if (done) {
        lesson_text(&slides, &text);
        done = outfile_write(out, buf_text(&text), text.size_bytes, studio->diags) &&
               slides_commit(&slides);
    }
    if (done) {
        done = outfile_commit(out, studio->diags);
    } else {
        outfile_discard(out);
    }
    slides_close(&slides);
    buf_finish(&text);
    buf_finish(&folder);
    return done;
}
