#include "ui/picture.h"

#include "base/files.h"
#include "base/mem.h"

#include <SDL.h>
#include <SDL_image.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The picture is encoded into memory first, so a full disk is met by our own writes, which can tell
 * it from other troubles. */

static size_t SDLCALL sink_write(SDL_RWops *sink, const void *bytes, size_t size_bytes,
                                 size_t count) {
    buf_append(sink->hidden.unknown.data1, bytes, size_bytes * count);
    return count;
}

static Sint64 SDLCALL sink_seek(SDL_RWops *sink, Sint64 offset, int whence) {
    const Buf *out = sink->hidden.unknown.data1;
    const bool stays = (whence == RW_SEEK_CUR || whence == RW_SEEK_END) && offset == 0;
    return stays ? (Sint64)out->size_bytes : -1;
}

static Sint64 SDLCALL sink_size(SDL_RWops *sink) {
    const Buf *out = sink->hidden.unknown.data1;
    return (Sint64)out->size_bytes;
}

static size_t SDLCALL sink_read(SDL_RWops *sink, void *bytes, size_t size_bytes, size_t count) {
    (void)sink, (void)bytes, (void)size_bytes, (void)count;
    return 0;
}

static int SDLCALL sink_close(SDL_RWops *sink) {
    (void)sink; /* lives on the stack of its user */
    return 0;
}

static bool encode_png(const char *file, const uint32_t *pixels, int width_px, int height_px,
                       Buf *out, Diags *diags) {
    SDL_RWops sink = {.size = sink_size,
                      .seek = sink_seek,
                      .read = sink_read,
                      .write = sink_write,
                      .close = sink_close,
                      .type = SDL_RWOPS_UNKNOWN};
    sink.hidden.unknown.data1 = out;
    /* Without alpha: what is painted is opaque. SDL only reads the pixels. */
    SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormatFrom(
        (void *)(uintptr_t)pixels, width_px, height_px, 32, width_px * 4, SDL_PIXELFORMAT_RGB888);
    const bool done = surface != NULL && IMG_SavePNG_RW(surface, &sink, 0) == 0;
    if (!done) {
        diags_add(diags, file, "the picture can't be encoded: %s", SDL_GetError());
    }
    SDL_FreeSurface(surface);
    return done;
}

/* Writes `path`, all or an errno. */
static bool write_file(const char *path, const Buf *bytes) {
    const int fd = file_open(path, FILE_USE_CREATE);
    if (fd < 0) {
        return false;
    }
    const bool done = file_write_all(fd, buf_text(bytes), bytes->size_bytes) && file_sync(fd);
    const int error = errno;
    if (!file_close(fd) && done) {
        return false;
    }
    errno = error;
    return done;
}

static bool is_special(const char *file) {
    const FileKind kind = file_kind(file);
    return kind == FILE_KIND_FOLDER || kind == FILE_KIND_OTHER;
}

bool picture_write_png(const char *file, const uint32_t *pixels, int width_px, int height_px,
                       Diags *diags) {
    Buf bytes = {0};
    bool done = encode_png(file, pixels, width_px, height_px, &bytes, diags);
    if (done) {
        /* A device or a pipe can't be replaced by a file: it is written to as it is. */
        Buf path = {0};
        buf_append_text(&path, file);
        const bool beside = !is_special(file);
        if (beside) {
            buf_printf(&path, ".%ld.part", (long)getpid());
        }
        done = write_file(path.data, &bytes) && (!beside || file_replace(path.data, file));
        if (!done) {
            const int error = errno;
            if (beside) {
                file_remove(path.data);
            }
            diags_add(diags, file, "the picture can't be written: %s", strerror(error));
        }
        buf_finish(&path);
    }
    buf_finish(&bytes);
    return done;
}
