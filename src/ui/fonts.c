#include "ui/fonts.h"

#include "base/assert.h"
#include "base/files.h"
#include "base/system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 4, PATH_MAX_BYTES = 1024, DEPTH_MAX = 3 };

typedef struct FontRow {
    const char *name;
    const char *files[FILES_MAX]; /* best first; the last are variable fonts */
    int weight;
    Font sibling;
} FontRow;

#define INTER_VARIABLE                                                                             \
    "InterVariable.ttf", "Inter[opsz,wght].ttf", "Inter-VariableFont_slnt,wght.ttf"
#define MONO_VARIABLE "JetBrainsMono[wght].ttf", "JetBrainsMono-VariableFont_wght.ttf"

static const FontRow FONTS[FONT_COUNT] = {
    [FONT_REGULAR] = {"Inter Regular", {"Inter-Regular", INTER_VARIABLE}, 400, FONT_MONO},
    [FONT_MEDIUM] = {"Inter Medium", {"Inter-Medium", INTER_VARIABLE}, 500, FONT_MONO_MEDIUM},
    [FONT_SEMIBOLD] = {"Inter SemiBold", {"Inter-SemiBold", INTER_VARIABLE}, 600, FONT_MONO_BOLD},
    [FONT_BOLD] = {"Inter Bold", {"Inter-Bold", INTER_VARIABLE}, 700, FONT_MONO_BOLD},
    [FONT_MONO] = {"JetBrains Mono Regular",
                   {"JetBrainsMono-Regular", MONO_VARIABLE},
                   400,
                   FONT_REGULAR},
    [FONT_MONO_MEDIUM] = {"JetBrains Mono Medium",
                          {"JetBrainsMono-Medium", MONO_VARIABLE},
                          500,
                          FONT_MEDIUM},
    [FONT_MONO_BOLD] = {"JetBrains Mono Bold",
                        {"JetBrainsMono-Bold", MONO_VARIABLE},
                        700,
                        FONT_BOLD},
};

/* Where packages of Debian, Fedora, Arch, openSUSE, macOS and Windows put them. */
static const char *const SYSTEM_FOLDERS[] = {
#ifdef LOOPSCOPE_FONT_DIR
    LOOPSCOPE_FONT_DIR,
#endif
    "/usr/share/fonts/opentype/inter",
    "/usr/share/fonts/truetype/inter",
    "/usr/share/fonts/truetype/jetbrains-mono",
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/rsms-inter-fonts",
    "/usr/share/fonts/rsms-inter-vf-fonts",
    "/usr/share/fonts/jetbrains-mono-fonts",
    "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/inter",
    "/usr/share/fonts/TTF",
    "/usr/share/fonts/OTF",
    "/Library/Fonts",
    "C:\\Windows\\Fonts",
};

/* Searched with their subfolders, last. */
static const char *const SYSTEM_TREES[] = {"/usr/local/share/fonts", "/usr/share/fonts"};

typedef struct HomeFolder {
    const char *variable, *below;
} HomeFolder;

static const HomeFolder HOME_TREES[] = {
    {"XDG_DATA_HOME", "fonts"},
    {"HOME", ".local/share/fonts"},
    {"HOME", ".fonts"},
    {"HOME", "Library/Fonts"},
    {"LOCALAPPDATA", "Microsoft/Windows/Fonts"},
};

static bool is_file(const char *path) {
    return file_kind(path) == FILE_KIND_REGULAR;
}

static bool in_folder(const char *folder, const char *file, char *out, size_t size_bytes) {
    /* Static fonts come as .otf or .ttf; names in full are variable ones. */
    static const char *const ENDINGS[] = {".otf", ".ttf", ""};
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        const int length = snprintf(out, size_bytes, "%s/%s%s", folder, file, ENDINGS[i]);
        if (length > 0 && (size_t)length < size_bytes && is_file(out)) {
            return true;
        }
    }
    return false;
}

static bool in_tree(const char *folder, const char *file, int depth, char *out, size_t size_bytes) {
    if (in_folder(folder, file, out, size_bytes)) {
        return true;
    }
    FileFolder *names = depth < DEPTH_MAX ? file_folder_open(folder) : NULL;
    bool found = false;
    const char *name = NULL;
    while (names != NULL && !found && (name = file_folder_next(names)) != NULL) {
        char below[PATH_MAX_BYTES];
        const int length = snprintf(below, sizeof below, "%s/%s", folder, name);
        if (name[0] != '.' && length > 0 && (size_t)length < sizeof below &&
            file_kind(below) == FILE_KIND_FOLDER) {
            found = in_tree(below, file, depth + 1, out, size_bytes);
        }
    }
    file_folder_close(names);
    return found;
}

static bool in_home(const char *file, char *out, size_t size_bytes) {
    for (size_t i = 0; i < sizeof HOME_TREES / sizeof *HOME_TREES; i++) {
        char home[PATH_MAX_BYTES];
        char folder[PATH_MAX_BYTES];
        if (!file_variable(HOME_TREES[i].variable, home, sizeof home)) {
            continue;
        }
        const int length = snprintf(folder, sizeof folder, "%s/%s", home, HOME_TREES[i].below);
        if (length > 0 && (size_t)length < sizeof folder &&
            in_tree(folder, file, 0, out, size_bytes)) {
            return true;
        }
    }
    return false;
}

static bool in_own(const char *const files[FILES_MAX], char *out, size_t size_bytes) {
    char own[PATH_MAX_BYTES];
    const bool named = file_variable("LOOPSCOPE_FONTS", own, sizeof own);
    for (size_t i = 0; named && i < FILES_MAX && files[i] != NULL; i++) {
        if (in_tree(own, files[i], 0, out, size_bytes)) {
            return true;
        }
    }
    return false;
}

static bool own_only(void) {
    char only[PATH_MAX_BYTES];
    return file_variable("LOOPSCOPE_FONTS_ONLY", only, sizeof only);
}

/* Beside the program: how a program that is copied about brings its own. */
static bool beside_program(const char *file, char *out, size_t size_bytes) {
    char folder[PATH_MAX_BYTES];
    if (!system_program_path(folder, sizeof folder)) {
        return false;
    }
    const size_t length = (size_t)(file_base_name(folder) - folder);
    return length + sizeof "fonts" <= sizeof folder &&
           snprintf(folder + length, sizeof folder - length, "fonts") > 0 &&
           in_folder(folder, file, out, size_bytes);
}

/* The first of `files` that is anywhere. A better file counts more than a nearer place, but in the
 * folder that the user names. */
static bool find_first(const char *const files[FILES_MAX], char *out, size_t size_bytes) {
    if (in_own(files, out, size_bytes)) {
        return true;
    }
    if (own_only()) {
        return false;
    }
    for (size_t i = 0; i < FILES_MAX && files[i] != NULL; i++) {
        if (beside_program(files[i], out, size_bytes)) {
            return true;
        }
        for (size_t k = 0; k < sizeof SYSTEM_FOLDERS / sizeof *SYSTEM_FOLDERS; k++) {
            if (in_folder(SYSTEM_FOLDERS[k], files[i], out, size_bytes)) {
                return true;
            }
        }
        if (in_home(files[i], out, size_bytes)) {
            return true;
        }
    }
    for (size_t i = 0; i < FILES_MAX && files[i] != NULL; i++) {
        for (size_t k = 0; k < sizeof SYSTEM_TREES / sizeof *SYSTEM_TREES; k++) {
            if (in_tree(SYSTEM_TREES[k], files[i], 0, out, size_bytes)) {
                return true;
            }
        }
    }
    return false;
}

bool fonts_find(Font font, char *out, size_t size_bytes) {
    ASSERT((unsigned)font < FONT_COUNT && size_bytes > 0);
    return find_first(FONTS[font].files, out, size_bytes);
}

bool fonts_find_fallback(char *out, size_t size_bytes) {
    static const char *const FILES[FILES_MAX] = {"DejaVuSans", "seguisym", "Apple Symbols"};
    return find_first(FILES, out, size_bytes);
}

int font_weight(Font font) {
    ASSERT((unsigned)font < FONT_COUNT);
    return FONTS[font].weight;
}

Font font_sibling(Font font) {
    ASSERT((unsigned)font < FONT_COUNT);
    return FONTS[font].sibling;
}

const char *font_name(Font font) {
    ASSERT((unsigned)font < FONT_COUNT);
    return FONTS[font].name;
}

const char *fonts_packages(void) {
    return "fonts-inter and fonts-jetbrains-mono";
}
