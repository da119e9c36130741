#include "app/process.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

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
