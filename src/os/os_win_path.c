/* What the text of a path shows, before anything is opened.
 *
 * Windows reads much into a name: '\' separates as '/' does, "C:" is a drive and "a.txt:b" a second
 * stream of a.txt, "NUL" or "com1.txt" is a device in every folder, and dots and spaces at the end
 * are dropped. None of these is a file in the folder under the name that was given. */
#include "os/workspace.h"

#include <stdint.h>
#include <string.h>

static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool same(const char *name, size_t length, const char *word) {
    size_t i = 0;
    while (i < length && word[i] != '\0' && upper(name[i]) == word[i]) {
        i++;
    }
    return i == length && word[i] == '\0';
}

/* COM1 to COM9 and LPT1 to LPT9; the digits may also be superscripts, two bytes each. */
static bool is_port(const char *name, size_t length) {
    if (length < 4 || !(same(name, 3, "COM") || same(name, 3, "LPT"))) {
        return false;
    }
    const bool digit = length == 4 && name[3] >= '0' && name[3] <= '9';
    const bool raised = length == 5 && (memcmp(name + 3, "\xc2\xb9", 2) == 0 ||
                                        memcmp(name + 3, "\xc2\xb2", 2) == 0 ||
                                        memcmp(name + 3, "\xc2\xb3", 2) == 0);
    return digit || raised;
}

/* With any ending, and with spaces before it. */
static bool is_device(const char *name, size_t length) {
    static const char *const WORDS[] = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"};
    const char *dot = memchr(name, '.', length);
    size_t stem = dot == NULL ? length : (size_t)(dot - name);
    while (stem > 0 && name[stem - 1] == ' ') {
        stem--;
    }
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (same(name, stem, WORDS[i])) {
            return true;
        }
    }
    return is_port(name, stem);
}

static bool is_plain_name(const char *name, size_t length) {
    const char last = name[length - 1];
    return memchr(name, '\\', length) == NULL && memchr(name, ':', length) == NULL && last != '.' &&
           last != ' ' && !is_device(name, length);
}

bool workspace_path_allowed(const char *path) {
    if (path[0] == '\0' || path[0] == '/') {
        return false;
    }
    size_t depth = 0;
    for (const char *name = path; *name != '\0';) {
        const size_t length = strcspn(name, "/");
        if (length == 2 && memcmp(name, "..", 2) == 0) {
            if (depth == 0) {
                return false;
            }
            depth--;
        } else if (length > 0 && !(length == 1 && name[0] == '.')) {
            if (!is_plain_name(name, length)) {
                return false;
            }
            depth++;
        }
        name += length;
        name += *name == '/';
    }
    return true;
}
