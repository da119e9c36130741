/* The folders of the freedesktop systems. */
#include "base/files.h"
#include "base/system.h"

#include <stdio.h>

bool system_settings_folder(char *out, size_t size_bytes) {
    char home[4096];
    if (file_variable("XDG_CONFIG_HOME", out, size_bytes) && out[0] == '/') {
        return true;
    }
    return file_variable("HOME", home, sizeof home) &&
           snprintf(out, size_bytes, "%s/.config", home) < (int)size_bytes;
}
