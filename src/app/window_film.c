/* Films: the frames that the window would show, piped to ffmpeg. The player is the window's own and
 * gets the film's time, so the motion is the same; a note stands as long as it takes to read it. */
#include "app/process.h"
#include "app/window_studio.h"
#include "base/files.h"
#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MP4_FPS = 30,
    GIF_FPS = 25, /* a GIF's frames last whole hundredths of a second */
    OPENING_MS = 1500,
    ENDING_MS = 2000,
    NOTE_MS = 2000, /* and a while for each letter */
    NOTE_LETTER_MS = 50,
    NOTE_MAX_MS = 9000,
    PALETTE_FRAMES = 96, /* looked at to choose a GIF's colours */
    WORDS_MAX = 40,
};

#define PALETTE_SHARE 0.15 /* of the time that a GIF takes */

typedef struct Film {
    Studio *studio;
    char *file;      /* the final name, links followed */
    char *temporary; /* beside it */
    char *palette;   /* NULL: not a GIF */
    Child *child;
    const uint32_t *pixels; /* the last frame; painted anew where something changed */
    int fps;
    double share_before; /* of the whole, done before this pass */
} Film;

/* ---- ffmpeg ---- */

static bool fail_missing(Studio *studio, int error) {
    if (error == ENOENT) {
        diags_add(studio->diags, studio->file,
                  "a film needs ffmpeg, which is not here: apt install ffmpeg (Debian, Ubuntu), "
                  "dnf install ffmpeg-free (Fedora), brew install ffmpeg (macOS), winget install "
                  "ffmpeg (Windows)");
    } else {
        diags_add(studio->diags, studio->file, "ffmpeg can't be started: %s", strerror(error));
    }
    return false;
}

/* The last line that ffmpeg complained with says what was the matter. */
static bool fail_ffmpeg(Studio *studio, int status, Buf *complaints) {
    while (complaints->size_bytes > 0 &&
           strchr("\r\n ", complaints->data[complaints->size_bytes - 1])) {
        complaints->data[--complaints->size_bytes] = '\0';
    }
    const char *last = strrchr(buf_text(complaints), '\n');
    last = last == NULL ? buf_text(complaints) : last + 1;
    if (status > 128) {
        diags_add(studio->diags, studio->file, "ffmpeg was ended by signal %d: no film",
                  status - 128);
    } else {
        diags_add(studio->diags, studio->file, "ffmpeg ended with status %d: %s", status,
                  last[0] != '\0' ? last : "it does not say why");
    }
    return false;
}

static bool ffmpeg_start(Film *film, const char *const *tail) {
    const ViewInput *input = &film->studio->input;
    char size[48], rate[16];
    snprintf(size, sizeof size, "%dx%d", input->width_px, input->height_px);
    snprintf(rate, sizeof rate, "%d", film->fps);
    const char *words[WORDS_MAX] = {"ffmpeg", "-hide_banner", "-loglevel", "error", "-y",
                                    "-f",     "rawvideo",     "-pix_fmt",  "rgb32", "-s",
                                    size,     "-r",           rate,        "-i",    "-"};
    size_t count = 0;
    while (words[count] != NULL) {
        count++;
    }
    for (; *tail != NULL; tail++) {
        words[count++] = *tail;
    }
    film->child = process_start(words);
    return film->child != NULL || fail_missing(film->studio, errno);
}

/* Ends ffmpeg in order. `fed`: it took everything; `wanted`: nobody stopped it. */
static bool ffmpeg_finish(Film *film, bool wanted, bool fed) {
    Buf complaints = {0};
    const int status = process_wait(film->child, &complaints);
    film->child = NULL;
    bool done = wanted;
    /* On a full disk it complains and ends with 0 all the same. */
    if (wanted && (status != 0 || complaints.size_bytes > 0)) {
        done = fail_ffmpeg(film->studio, status, &complaints);
    } else if (wanted && !fed) {
        diags_add(film->studio->diags, film->studio->file, "ffmpeg ended before the film did");
        done = false;
    }
    buf_finish(&complaints);
    return done;
}

/* ---- frames ---- */

static bool frame_feed(Film *film) {
    const Scene *scene = &film->studio->scene;
    return process_feed(film->child, film->pixels,
                        (size_t)scene->width_px * (size_t)scene->height_px * sizeof *film->pixels);
}

static int frames_of(const Film *film, int ms) {
    return ms * film->fps / 1000;
}

/* How many frames a note that the player stopped at stands. */
static int note_frames(const Film *film) {
    const Log *log = film->studio->document->view.log;
    const Event *event = log_event(log, film->studio->player.cursor - 1);
    size_t letters = 0;
    log_text(log, event->text, &letters);
    const int ms = NOTE_MS + NOTE_LETTER_MS * (int)(letters < 1000 ? letters : 1000);
    return frames_of(film, ms < NOTE_MAX_MS ? ms : NOTE_MAX_MS);
}

static bool film_progress(Film *film) {
    const Studio *studio = film->studio;
    const double all = (double)(studio->to - studio->from + 1);
    const double done = (double)(studio->player.cursor - studio->from) / all;
    return studio_goes_on(film->studio, film->share_before + done * (1 - film->share_before));
}

/* The player's next frame. */
static void film_tick(Film *film, uint64_t now_ns) {
    Studio *studio = film->studio;
    Player *player = &studio->player;
    bool changed = player_tick(player, studio->document->view.timeline, true, now_ns);
    if (player->cursor > studio->to + 1) {
        player->cursor = studio->to + 1;
        player->phase = 1;
    }
    if (player->cursor == studio->to + 1 && player->phase >= 1 && player->playing) {
        player->playing = false; /* the end shows the button that it shows in the window */
        changed = true;
    }
    if (changed || film->pixels == NULL) {
        film->pixels = studio_paint(studio);
    }
}

/* Everything from the opening to the end; false: stopped by the user (told) or by ffmpeg (*fed). */
static bool film_roll(Film *film, bool *fed) {
    Studio *studio = film->studio;
    Player *player = &studio->player;
    const Timeline *timeline = studio->document->view.timeline;
    const uint64_t frame_ns = UINT64_C(1000000000) / (uint64_t)film->fps;
    int hold = frames_of(film, OPENING_MS);
    bool played = false; /* since the last stop */
    player->cursor = studio->from;
    player->phase = 1;
    film->pixels = NULL;
    for (uint64_t now_ns = frame_ns; *fed; now_ns += frame_ns) {
        film_tick(film, now_ns);
        *fed = frame_feed(film);
        if (!film_progress(film)) {
            return false;
        }
        if (player->playing || player->phase < 1) {
            played = played || player->playing;
            continue;
        }
        if (player->cursor == studio->to + 1) {
            break;
        }
        hold = played ? note_frames(film) : hold;
        played = false;
        if (hold-- > 0) {
            continue;
        }
        player_act(player, timeline, ACTION_PLAY_PAUSE, 0);
    }
    for (int i = frames_of(film, ENDING_MS); *fed && i > 0; i--) {
        *fed = frame_feed(film);
    }
    return true;
}

/* ---- the files ---- */

static bool film_open(Film *film) {
    Studio *studio = film->studio;
    char *real = file_real_path(studio->file);
    film->file = real != NULL ? real : mem_copy_text(studio->file, strlen(studio->file));
    const FileKind kind = file_kind(film->file);
    if (kind == FILE_KIND_OTHER || kind == FILE_KIND_FOLDER) {
        diags_add(studio->diags, studio->file, "a film needs a file: this is something else");
        return false;
    }
    Buf name = {0};
    buf_printf(&name, "%s.%ld.part", film->file, (long)getpid());
    const int file = file_open(buf_text(&name), FILE_USE_CREATE_NEW);
    if (file < 0) {
        diags_add(studio->diags, studio->file, "can't be created: %s", strerror(errno));
    } else {
        file_close(file);
        film->temporary = mem_copy_text(buf_text(&name), name.size_bytes);
    }
    buf_finish(&name);
    return file >= 0;
}

/* To the disk, and under its name. */
static bool film_commit(Film *film) {
    const int file = file_open(film->temporary, FILE_USE_WRITE);
    bool done = file >= 0 && file_sync(file);
    done = file >= 0 && file_close(file) && done;
    if (!done || !file_replace(film->temporary, film->file)) {
        diags_add(film->studio->diags, film->studio->file, "can't be written: %s", strerror(errno));
        return false;
    }
    free(film->temporary);
    film->temporary = NULL;
    return true;
}

static void film_close(Film *film) {
    if (film->temporary != NULL) {
        file_remove(film->temporary);
    }
    if (film->palette != NULL) {
        file_remove(film->palette);
    }
    free(film->file);
    free(film->temporary);
    free(film->palette);
}

/* The name behind "file:", so that no name looks like an option or a protocol to ffmpeg. */
static char *ffmpeg_name(const char *file) {
    Buf name = {0};
    buf_printf(&name, "file:%s", file);
    return name.data;
}

static bool film_encode(Film *film, const char *const *tail) {
    bool fed = true;
    if (!ffmpeg_start(film, tail)) {
        return false;
    }
    const bool wanted = film_roll(film, &fed);
    return ffmpeg_finish(film, wanted, fed) && film_commit(film);
}

bool film_write_mp4(Studio *studio) {
    Film film = {.studio = studio, .fps = MP4_FPS};
    bool done = film_open(&film);
    if (done) {
        char *name = ffmpeg_name(film.temporary);
        /* Odd sizes get a line more: H.264 halves its colours. */
        const char *const tail[] = {"-vf",       "pad=ceil(iw/2)*2:ceil(ih/2)*2",
                                    "-c:v",      "libx264",
                                    "-preset",   "veryfast",
                                    "-crf",      "20",
                                    "-pix_fmt",  "yuv420p",
                                    "-movflags", "+faststart",
                                    "-f",        "mp4",
                                    name,        NULL};
        done = film_encode(&film, tail);
        free(name);
    }
    film_close(&film);
    return done;
}

/* A GIF has 256 colours: they are chosen from frames of the whole film, before it. */
static bool gif_palette(Film *film) {
    Studio *studio = film->studio;
    Buf palette = {0};
    buf_printf(&palette, "%s.png", film->temporary);
    film->palette = palette.data;
    char *name = ffmpeg_name(film->palette);
    const char *const tail[] = {
        "-vf", "palettegen=stats_mode=full", "-c:v", "png", "-f", "image2pipe", name, NULL};
    bool wanted = true, fed = true;
    const bool started = ffmpeg_start(film, tail);
    free(name);
    if (!started) {
        return false;
    }
    const uint64_t count = studio->to - studio->from + 1;
    const uint64_t frames = count < PALETTE_FRAMES ? count : PALETTE_FRAMES;
    for (uint64_t i = 0; wanted && fed && i < frames; i++) {
        film->pixels = studio_paint_event(studio, studio->from + i * count / frames);
        fed = frame_feed(film);
        wanted = studio_goes_on(studio, PALETTE_SHARE * (double)i / (double)frames);
    }
    return ffmpeg_finish(film, wanted, fed);
}

bool film_write_gif(Studio *studio) {
    Film film = {.studio = studio, .fps = GIF_FPS};
    bool done = film_open(&film) && gif_palette(&film);
    if (done) {
        film.share_before = PALETTE_SHARE;
        char *name = ffmpeg_name(film.temporary), *palette = ffmpeg_name(film.palette);
        const char *const tail[] = {
            "-i", palette, "-lavfi", "[0:v][1:v]paletteuse=dither=none:diff_mode=rectangle",
            "-f", "gif",   name,     NULL};
        done = film_encode(&film, tail);
        free(name);
        free(palette);
    }
    film_close(&film);
    return done;
}
