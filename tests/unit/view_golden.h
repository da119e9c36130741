/* Golden scenes: a scene as text against tests/golden/scenes/NAME.txt, which `make golden` writes
 * anew. Include after cmocka.h. */
#ifndef LOOPSCOPE_TESTS_VIEW_GOLDEN_H
#define LOOPSCOPE_TESTS_VIEW_GOLDEN_H

#include "view/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void golden_write(const char *path, const Buf *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text->data, 1, text->size_bytes, file), text->size_bytes);
    assert_int_equal(fclose(file), 0);
}

static inline void golden_read(const char *path, Buf *text) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s is missing: make golden", path);
        return;
    }
    char bytes[4096];
    size_t got;
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0) {
        buf_append(text, bytes, got);
    }
    fclose(file);
}

static inline void check_golden_scene(const Scene *scene, const char *name) {
    char path[128];
    Buf got = {0}, want = {0};
    (void)snprintf(path, sizeof path, "tests/golden/scenes/%s.txt", name);
    scene_dump(scene, &got);
    if (getenv("UPDATE_GOLDEN") != NULL) {
        golden_write(path, &got);
    } else {
        golden_read(path, &want);
        const char *a = buf_text(&got), *b = buf_text(&want);
        size_t line = 1;
        for (; *a != '\0' && *a == *b; a++, b++) {
            line += *a == '\n';
        }
        if (*a != *b) {
            fail_msg("%s:%zu differs", path, line);
        }
    }
    buf_finish(&got);
    buf_finish(&want);
}

#endif
