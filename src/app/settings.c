#include "app/settings.h"

#include "base/buf.h"
#include "base/files.h"
#include "base/system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 16 * 1024 };

void settings_init(Settings *settings) {
    *settings = (Settings){.theme = THEME_DARK, .text_scale = 1, .pace = PACE_DEFAULT};
}

void settings_recent_add(Settings *settings, const char *path) {
    if (path[0] == '\0' || strlen(path) >= SETTINGS_PATH_MAX || strchr(path, '\n') != NULL) {
        return;
    }
    int at = 0;
    while (at < SETTINGS_RECENT_MAX - 1 && strcmp(settings->recent[at], path) != 0) {
        at++;
    }
    memmove(settings->recent[1], settings->recent[0], (size_t)at * SETTINGS_PATH_MAX);
    snprintf(settings->recent[0], SETTINGS_PATH_MAX, "%s", path);
}

static void line_read(Settings *settings, const char *key, const char *value) {
    const double number = strtod(value, NULL);
    if (strcmp(key, "theme") == 0) {
        theme_parse(value, &settings->theme);
    } else if (strcmp(key, "text") == 0 && number >= 1 && number <= 1.35) {
        settings->text_scale = number;
    } else if (strcmp(key, "pace") == 0 && number >= 0 && number < PACE_COUNT) {
        settings->pace = (int)number;
    } else if (strcmp(key, "reduced-motion") == 0) {
        settings->reduced_motion = number == 1;
    } else if (strcmp(key, "recent") == 0) {
        settings_recent_add(settings, value);
    }
}

void settings_read(Settings *settings, const char *text) {
    while (*text != '\0') {
        char line[SETTINGS_PATH_MAX + 32];
        const size_t length = strcspn(text, "\r\n");
        if (length < sizeof line) {
            memcpy(line, text, length);
            line[length] = '\0';
            char *blank = strchr(line, ' ');
            if (blank != NULL) {
                *blank = '\0';
                line_read(settings, line, blank + 1);
            }
        }
        text += length;
        text += strspn(text, "\r\n");
    }
}

static bool settings_path(char *out, size_t size_bytes, bool make) {
    char folder[4096], own[4200];
    if (!system_settings_folder(folder, sizeof folder)) {
        return false;
    }
    snprintf(own, sizeof own, "%s/loopscope", folder);
    if (make && !(file_make_folder(folder) && file_make_folder(own))) {
        return false;
    }
    return snprintf(out, size_bytes, "%s/settings", own) < (int)size_bytes;
}

void settings_load(Settings *settings) {
    char path[4300], text[FILE_MAX];
    FILE *file = settings_path(path, sizeof path, false) ? file_stream(path) : NULL;
    if (file != NULL) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
        settings_read(settings, text);
    }
}

void settings_save(const Settings *settings) {
    char path[4300], fresh[4310];
    if (!settings_path(path, sizeof path, true)) {
        return;
    }
    Buf text = {0};
    buf_printf(&text, "theme %s\ntext %.2f\npace %d\nreduced-motion %d\n",
               theme_get(settings->theme)->name, settings->text_scale, settings->pace,
               settings->reduced_motion ? 1 : 0);
    for (int i = SETTINGS_RECENT_MAX - 1; i >= 0; i--) { /* read back, the last comes first */
        if (settings->recent[i][0] != '\0') {
            buf_printf(&text, "recent %s\n", settings->recent[i]);
        }
    }
    snprintf(fresh, sizeof fresh, "%s.new", path); /* never a half one */
    const int file = file_open(fresh, FILE_USE_CREATE);
    if (file >= 0) {
        const bool written = file_write_all(file, text.data, text.size_bytes);
        if (!file_close(file) || !written || !file_replace(fresh, path)) {
            file_remove(fresh);
        }
    }
    buf_finish(&text);
}
