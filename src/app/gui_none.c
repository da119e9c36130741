/* A build without a window (make headless). */
#include "app/gui.h"

#define NO_WINDOW "this build has no window; `make` builds one that has"

int gui_open(const Options *options, const char *file, bool trace_only) {
    (void)options;
    (void)trace_only;
    fprintf(stderr, "loopscope: " NO_WINDOW "; without one: loopscope run %s\n",
            file == NULL ? "SCENARIO" : file);
    return EXIT_USAGE;
}

int gui_compare(const Options *options, const CompareSpec *spec) {
    (void)options;
    fprintf(stderr, "loopscope: " NO_WINDOW "; without one: loopscope compare %s %s --no-window\n",
            spec->file[0], spec->file[1]);
    return EXIT_USAGE;
}

bool gui_export(const Log *log, const Options *options, const char *ending, const char *file,
                const Progress *progress, Diags *diags) {
    (void)log, (void)options, (void)ending, (void)progress;
    diags_add(diags, file, "no picture: " NO_WINDOW);
    return false;
}

bool gui_doctor(Buf *out) {
    buf_append_text(out, "window: none (" NO_WINDOW ")\n");
    return false;
}
