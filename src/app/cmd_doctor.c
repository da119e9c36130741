/* loopscope doctor: what this machine offers, and how to mend what is missing. */
#include "app/gui.h"
#include "os/os.h"
#include "os/workspace.h"

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

static void doctor_backend(OsBackend backend, const char *folder) {
    Diags diags = {0};
    Os *os = os_create(&(OsConfig){.backend = backend, .workspace = folder, .seed = 1}, &diags);
    if (os != NULL) {
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
    Diags diags = {0};
    Os *os = os_create(&(OsConfig){.backend = OS_BACKEND_AUTO, .workspace = folder}, &diags);
    if (os == NULL) {
        command_report(&diags);
        return false;
    }
    printf("notifier  %s\n", os_notifier_name(os));
    printf("file work %s%s%s\n", os_backend_name(os_backend(os)),
           os_fallback_reason(os) == NULL ? "" : ": ",
           os_fallback_reason(os) == NULL ? "" : os_fallback_reason(os));
    os_destroy(os);
    for (OsBackend backend = OS_BACKEND_AUTO; backend < OS_BACKEND_COUNT; backend++) {
        if (os_backend_about(backend) != NULL) {
            doctor_backend(backend, folder);
        }
    }
    Buf files = {0};
    os_try_file(folder, &files);
    printf("files     %s\n", buf_text(&files));
    buf_finish(&files);
    return true;
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
