/* loopscope doctor: what this machine offers, and how to mend what is missing. */
#include "app/gui.h"
#include "app/process.h"
#include "os/os.h"
#include "os/workspace.h"

#include <errno.h>
#include <string.h>

/* How to mend what a back end lacks, by a part of what it says. */
static const char *mend_of(const char *trouble) {
    static const struct {
        const char *part, *mend;
    } ROWS[] = {
        {"(EPERM)",
         "allow the io_uring calls in the container's seccomp profile (for a trial: docker "
         "run --security-opt seccomp=unconfined), or, as root, sysctl "
         "kernel.io_uring_disabled=0"},
        {"(EACCES)", "allow the io_uring calls in the container's seccomp profile, or in SELinux"},
        {"(ENOSYS)", "a kernel from Linux 5.6 on, and a seccomp profile that lets the calls pass"},
        {"(ENOMEM)", "raise the limit on locked memory: ulimit -l unlimited"},
        {"too many files", "raise the limit on open files: ulimit -n 4096"},
        {"it needs Linux", "a newer kernel"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (strstr(trouble, ROWS[i].part) != NULL) {
            return ROWS[i].mend;
        }
    }
    return NULL;
}

/* ---- threads ---- */

typedef struct Threads {
    int started; /* of the two that a run needs at least: the loop's, and one that helps */
    int error;   /* why no more */
} Threads;

static void *wait_for_door(void *door) {
    pthread_mutex_lock(door);
    pthread_mutex_unlock(door);
    return NULL;
}

/* Both at once, as in a run: a limit may have room for one. */
static Threads threads_try(void) {
    pthread_t threads[2];
    pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;
    Threads tried = {0};
    pthread_mutex_lock(&door);
    while (tried.started < 2 && tried.error == 0) {
        tried.error = process_thread_start(&threads[tried.started], wait_for_door, &door);
        tried.started += tried.error == 0;
    }
    pthread_mutex_unlock(&door);
    for (int i = 0; i < tried.started; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_mutex_destroy(&door);
    return tried;
}

static const char *thread_mend(int error) {
    return error == EPERM || error == ENOSYS
               ? "allow clone and clone3 in the container's seccomp profile"
               : "raise the limit on processes (ulimit -u 4096), or the container's on pids";
}

static bool doctor_threads(const Threads *tried) {
    if (tried->error == 0) {
        return true;
    }
    const char *why = os_error_text(tried->error);
    if (tried->started == 0) {
        printf("loop      can't run: no thread can be started: %s\n", why);
    } else {
        printf("helpers   not here: beside the loop's no thread can be started: %s\n", why);
    }
    printf("          to mend it: %s\n", thread_mend(tried->error));
    return false;
}

/* ---- back ends ---- */

/* `helpers`: whether threads that help can be had; all but io_uring and the simulation live on
 * them. */
static void doctor_backend(OsBackend backend, const char *folder, bool helpers) {
    Diags diags = {0};
    Os *os = os_create(&(OsConfig){.backend = backend, .workspace = folder, .seed = 1}, &diags);
    if (os != NULL && !helpers && backend != OS_BACKEND_IO_URING && backend != OS_BACKEND_SIM) {
        printf("%-9s not here: no helper thread can be started\n", os_backend_name(backend));
    } else if (os != NULL) {
        printf("%-9s works: %s\n", os_backend_name(backend), os_backend_about(backend));
    } else {
        const char *trouble = diags.count > 0 ? diags.items[0].message : "unknown";
        printf("%-9s not here: %s\n", os_backend_name(backend), trouble);
        if (mend_of(trouble) != NULL) {
            printf("          to mend it: %s\n", mend_of(trouble));
        }
    }
    os_destroy(os);
    diags_finish(&diags);
}

static bool doctor_engine(const char *folder) {
    const Threads tried = threads_try();
    Diags diags = {0};
    Os *os = os_create(&(OsConfig){.backend = OS_BACKEND_AUTO, .workspace = folder}, &diags);
    if (os == NULL) {
        command_report(&diags);
        return false;
    }
    printf("notifier  %s, the loop sleeps in %s()\n", os_notifier_name(os), os_sleeps_in(os));
    printf("file work %s%s%s\n", os_backend_name(os_backend(os)),
           os_fallback_reason(os) == NULL ? "" : ": ",
           os_fallback_reason(os) == NULL ? "" : os_fallback_reason(os));
    os_destroy(os);
    for (OsBackend backend = OS_BACKEND_AUTO; backend < OS_BACKEND_COUNT; backend++) {
        if (os_backend_about(backend) != NULL) {
            doctor_backend(backend, folder, tried.error == 0);
        }
    }
    Buf files = {0};
    os_try_file(folder, &files);
    printf("files     %s\n", buf_text(&files));
    buf_finish(&files);
    return doctor_threads(&tried);
}

int cmd_doctor(const Options *options) {
    (void)options;
    Diags diags = {0};
    char folder[4096];
    bool good = workspace_make_temporary(folder, sizeof folder, &diags);
    if (good) {
        good = doctor_engine(folder);
        workspace_remove(folder);
    }
    command_report(&diags);
    Buf text = {0};
    good = gui_doctor(&text) && good;
    fputs(buf_text(&text), stdout);
    buf_finish(&text);
    printf("%s\n", good ? "everything that runs and pictures need is here"
                        : "something is missing, see above; `make deps` installs it");
    return good ? EXIT_DONE : EXIT_TROUBLE;
}
