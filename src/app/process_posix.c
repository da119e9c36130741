#include "app/process.h"

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

/* ---- a child that is fed ---- */

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

static int spawn(Child *child, int input, const char *const *words) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t pipe_only, none;
    sigemptyset(&none);
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE); /* ignored by us, not by it */
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigdefault(&attributes, &pipe_only);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(child->complaints), STDERR_FILENO);
    const int error = posix_spawnp(&child->pid, words[0], &actions, &attributes,
                                   (char *const *)(uintptr_t)words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

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
    const int error = spawn(child, ends[0], words);
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
    char text[512];
    rewind(child->complaints);
    for (size_t got = 0; (got = fread(text, 1, sizeof text, child->complaints)) > 0;) {
        buf_append(complaints, text, got);
    }
    child_free(child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
