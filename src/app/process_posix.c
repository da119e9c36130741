#include "app/process.h"
#include "app/process_spawn.h"

#include "base/files.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void process_prepare(void) {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

typedef void Interrupted(void);

/* A handler can reach no other memory. */
static Interrupted *_Atomic on_interrupt;

static void on_signal(int signal_number) {
    (void)signal_number;
    atomic_load (&on_interrupt)();
}

void process_on_interrupt(void (*interrupted)(void)) {
    atomic_store(&on_interrupt, interrupted);
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int process_thread_start(pthread_t *thread, void *(*run)(void *), void *argument) {
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    const int error = pthread_create(thread, NULL, run, argument);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return error;
}

bool process_on_terminal(FILE *stream) {
    return isatty(fileno(stream)) != 0;
}

void process_leave_console(void) {}

void process_system_name(char *out, size_t size_bytes) {
    struct utsname system;
    snprintf(out, size_bytes, "%s", uname(&system) == 0 ? system.sysname : "this system");
}

static _Noreturn void editor_become(const char *editor, const char *file) {
    if (editor != NULL && editor[0] != '\0') { /* it may be a command with words of its own */
        char command[1024];
        snprintf(command, sizeof command, "%s \"$1\"", editor);
        execl("/bin/sh", "sh", "-c", command, "sh", file, (char *)NULL);
    }
    execlp("xdg-open", "xdg-open", file, (char *)NULL);
    execlp("open", "open", "-t", file, (char *)NULL); /* macOS */
    _exit(127);
}

/* The editor is a grandchild, so that nobody has to wait for its end. */
bool process_edit(const char *file) {
    const char *editor = getenv("VISUAL");
    if (editor == NULL || editor[0] == '\0') {
        editor = getenv("EDITOR");
    }
    const pid_t child = fork();
    if (child == 0) {
        if (fork() == 0) {
            signal(SIGPIPE, SIG_DFL);
            signal(SIGXFSZ, SIG_DFL);
            editor_become(editor, file);
        }
        _exit(0);
    }
    return child > 0 && waitpid(child, NULL, 0) == child;
}

/* ---- children ---- */

struct Child {
    pid_t pid;
    int input;        /* our end of the pipe */
    FILE *complaints; /* a file without a name: a pipe nobody reads would hold the child */
};

static void child_free(Child *child) {
    if (child->input >= 0) {
        file_close(child->input);
    }
    if (child->complaints != NULL) {
        fclose(child->complaints);
    }
    free(child);
}

static void stream_set(posix_spawn_file_actions_t *actions, int from, int stream) {
    if (from >= 0) {
        posix_spawn_file_actions_adddup2(actions, from, stream);
    } else {
        posix_spawn_file_actions_addopen(actions, stream, "/dev/null", O_RDWR, 0);
    }
}

int process_spawn(const char *const *words, const int streams[3], bool own_group, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t pipe_only, none;
    sigemptyset(&none);
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE); /* ignored by us, not by it */
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, (short)(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                                  (own_group ? POSIX_SPAWN_SETPGROUP : 0)));
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigdefault(&attributes, &pipe_only);
    posix_spawnattr_setsigmask(&attributes, &none);
    for (int stream = 0; stream < 3; stream++) {
        stream_set(&actions, streams[stream], stream);
    }
    const int error = posix_spawnp(pid, words[0], &actions, &attributes,
                                   (char *const *)(uintptr_t)words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

void process_take(FILE *file, Buf *out) {
    char text[512];
    rewind(file);
    for (size_t got = 0; (got = fread(text, 1, sizeof text, file)) > 0;) {
        buf_append(out, text, got);
    }
}

int process_status(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- a child that is fed ---- */

Child *process_start(const char *const *words) {
    Child *child = mem_alloc(1, sizeof *child);
    int ends[2];
    child->input = -1;
    child->complaints = tmpfile();
    if (child->complaints == NULL || pipe(ends) != 0) {
        const int error = errno;
        child_free(child);
        errno = error;
        return NULL;
    }
    child->input = ends[1];
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    }
    const int streams[3] = {ends[0], -1, fileno(child->complaints)};
    const int error = process_spawn(words, streams, false, &child->pid);
    file_close(ends[0]);
    if (error != 0) {
        child_free(child);
        errno = error;
        return NULL;
    }
    return child;
}

bool process_feed(Child *child, const void *bytes, size_t size_bytes) {
    return file_write_all(child->input, bytes, size_bytes);
}

int process_wait(Child *child, Buf *complaints) {
    file_close(child->input);
    child->input = -1;
    int status = 0;
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
    }
    process_take(child->complaints, complaints);
    child_free(child);
    return process_status(status);
}
