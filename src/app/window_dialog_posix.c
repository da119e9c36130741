/* A dialog that another program shows: a child whose output is the file's name. */
#include "app/window_dialog_posix.h"
#include "app/process_spawn.h"
#include "base/files.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    ANSWER_MAX_BYTES = 1 << 16,
    NOT_THERE = 127, /* what some systems say instead of ENOENT */
    LOOK_MS = 20,    /* for the end of a child whose output has ended */
    POLITE_LOOKS = 50,
};

struct DialogWork {
    int stop[2]; /* what is written to the second end is an order to stop */
};

/* A pipe that children do not inherit. */
static bool pipe_make(int ends[2]) {
    if (pipe(ends) != 0) {
        return false;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

DialogWork *dialog_work_create(void) {
    DialogWork *work = mem_alloc(1, sizeof *work);
    if (!pipe_make(work->stop)) {
        free(work);
        return NULL;
    }
    return work;
}

void dialog_work_destroy(DialogWork *work) {
    file_close(work->stop[0]);
    file_close(work->stop[1]);
    free(work);
}

void dialog_work_stop(DialogWork *work) {
    file_write_all(work->stop[1], "", 1);
}

/* ---- one program ---- */

typedef struct Asked {
    pid_t pid;
    int output;       /* our end of its pipe; -1 once it has ended */
    FILE *complaints; /* a file without a name: a pipe nobody reads would hold the child */
    int status;
    bool stopped;
} Asked;

/* `pattern` with the folder in its place. */
static char *word_make(const char *pattern, const char *folder) {
    const char *place = strstr(pattern, DIALOG_FOLDER);
    Buf word = {0};
    if (place == NULL) {
        buf_append_text(&word, pattern);
    } else {
        const bool root = strcmp(folder, "/") == 0 && place[strlen(DIALOG_FOLDER)] == '/';
        buf_append(&word, pattern, (size_t)(place - pattern));
        buf_append_text(&word, root ? "" : folder);
        buf_append_text(&word, place + strlen(DIALOG_FOLDER));
    }
    buf_append(&word, "", 1);
    return word.data;
}

/* 0, or the errno. */
static int asked_start(Asked *asked, const DialogProgram *program, const char *folder) {
    int ends[2];
    *asked = (Asked){.output = -1, .complaints = tmpfile()};
    if (asked->complaints == NULL || !pipe_make(ends)) {
        return errno;
    }
    const char *words[DIALOG_WORDS_MAX] = {NULL};
    for (size_t i = 0; program->words[i] != NULL; i++) {
        words[i] = word_make(program->words[i], folder);
    }
    const int streams[3] = {-1, ends[1], fileno(asked->complaints)};
    const int error = process_spawn(words, streams, true, &asked->pid);
    for (size_t i = 0; words[i] != NULL; i++) {
        free((char *)words[i]);
    }
    file_close(ends[1]);
    asked->output = ends[0];
    return error;
}

static void asked_finish(Asked *asked) {
    if (asked->output >= 0) {
        file_close(asked->output);
    }
    if (asked->complaints != NULL) {
        fclose(asked->complaints);
    }
}

/* It is asked to go, and after a while made to; with what it started itself. */
static void asked_end(Asked *asked) {
    const struct timespec look = {.tv_nsec = LOOK_MS * 1000000L};
    asked->stopped = true;
    kill(-asked->pid, SIGTERM);
    for (int i = 0; i < POLITE_LOOKS; i++) {
        if (waitpid(asked->pid, &asked->status, WNOHANG) == asked->pid) {
            return;
        }
        nanosleep(&look, NULL);
    }
    kill(-asked->pid, SIGKILL);
    while (waitpid(asked->pid, &asked->status, 0) < 0 && errno == EINTR) {
    }
}

static void asked_read(Asked *asked, Buf *answer) {
    char bytes[512];
    const int64_t got = file_read(asked->output, bytes, sizeof bytes);
    if (got <= 0 || answer->size_bytes > ANSWER_MAX_BYTES) {
        file_close(asked->output);
        asked->output = -1;
    } else {
        buf_append(answer, bytes, (size_t)got);
    }
}

/* Until it has ended, or has to. */
static void asked_wait(Asked *asked, int stop, Buf *answer) {
    for (;;) {
        struct pollfd ends[2] = {{.fd = stop, .events = POLLIN},
                                 {.fd = asked->output, .events = POLLIN}};
        const int count = poll(ends, 2, asked->output >= 0 ? -1 : LOOK_MS);
        if (count > 0 && ends[0].revents != 0) {
            asked_end(asked);
            return;
        }
        if (count > 0 && ends[1].revents != 0) {
            asked_read(asked, answer);
        }
        if (asked->output < 0 && waitpid(asked->pid, &asked->status, WNOHANG) == asked->pid) {
            return;
        }
    }
}

/* Its name, and its first line of complaints, or how it ended. */
static void why_append(const DialogProgram *program, int status, const char *complaints,
                       Buf *text) {
    const size_t length = strcspn(complaints, "\n");
    buf_printf(text, "%s failed: ", program->words[0]);
    if (length > 0) {
        buf_append(text, complaints, length);
    } else if (status == 0) {
        buf_append_text(text, "it named no file");
    } else {
        buf_printf(text, status > 128 ? "it was ended by signal %d" : "it ended with status %d",
                   status > 128 ? status - 128 : status);
    }
}

static DialogEnd asked_judge(Asked *asked, const DialogProgram *program, Buf *answer, Buf *text) {
    Buf complaints = {0};
    const int status = process_status(asked->status);
    DialogEnd end = DIALOG_FAILED;
    process_take(asked->complaints, &complaints);
    if (answer->size_bytes > 0 && answer->data[answer->size_bytes - 1] == '\n') {
        answer->size_bytes--;
    }
    if (asked->stopped) {
        end = DIALOG_CANCELLED;
    } else if (status == 0 && answer->size_bytes > 0) {
        end = DIALOG_CHOSEN;
        buf_append(text, answer->data, answer->size_bytes);
    } else if (status != 0 && dialog_program_was_cancelled(status, buf_text(&complaints))) {
        end = DIALOG_CANCELLED;
    } else if (status == NOT_THERE) {
        end = DIALOG_NONE;
    } else {
        why_append(program, status, buf_text(&complaints), text);
    }
    buf_finish(&complaints);
    return end;
}

DialogEnd dialog_work_run(DialogWork *work, const char *folder, Buf *text) {
    DialogEnd end = DIALOG_NONE;
    const DialogProgram *const *programs = dialog_programs();
    for (size_t i = 0; programs[i] != NULL && end == DIALOG_NONE; i++) {
        Asked asked;
        Buf answer = {0};
        const int error = asked_start(&asked, programs[i], folder);
        if (error == 0) {
            asked_wait(&asked, work->stop[0], &answer);
            end = asked_judge(&asked, programs[i], &answer, text);
        } else if (error != ENOENT && error != EACCES && error != ENOTDIR) {
            buf_printf(text, "%s failed: %s", programs[i]->words[0], strerror(error));
            end = DIALOG_FAILED;
        }
        buf_finish(&answer);
        asked_finish(&asked);
    }
    if (end == DIALOG_NONE) {
        buf_append_text(text, dialog_programs_names());
    }
    return end;
}
