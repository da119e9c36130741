/* loopscope FILE and loopscope replay TRACE: the window. */
#include "app/gui.h"

int cmd_window(const Options *options) {
    return gui_open(options, options->argument_count > 0 ? options->arguments[0] : NULL, false);
}

int cmd_replay(const Options *options) {
    return gui_open(options, options->arguments[0], true);
}
