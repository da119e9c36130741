/* loopscope doctor: what this machine offers, and how to mend what is missing. */
#include "app/gui.h"
#include "os/os.h"
#include "os/workspace.h"

static void doctor_backend(OsBackend backend, const char *folder) {
    Diags diags = {0};
    Os *os = os_create(&(OsConfig){.backend = backend, .workspace = folder, .seed = 1}, &diags);
    if (os != NULL) {
        printf("%-9s works: %s\n", os_backend_name(backend), os_backend_about(backend));
    } else {
        printf("%-9s not here: %s\n", os_backend_name(backend),
               diags.count > 0 ? diags.items[0].message : "unknown");
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
