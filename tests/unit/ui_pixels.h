/* What the tests of ui/ share: a painter, scenes of one thing, and measures of what came out. */
#ifndef LOOPSCOPE_TESTS_UI_PIXELS_H
#define LOOPSCOPE_TESTS_UI_PIXELS_H

#include "base/assert.h"
#include "ui/painter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A painter and a black scene; white on it is coverage. */
typedef struct Sheet {
    Painter *painter;
    Scene scene;
    const uint32_t *pixels; /* after sheet_paint */
} Sheet;

static const Color WHITE = {0xFF, 0xFF, 0xFF, 0xFF};

static inline void sheet_open(Sheet *sheet, Painter *painter, int width_px, int height_px) {
    *sheet = (Sheet){.painter = painter};
    scene_clear(&sheet->scene, width_px, height_px);
}

static inline void sheet_paint(Sheet *sheet) {
    sheet->pixels = painter_paint(sheet->painter, &sheet->scene);
}

static inline void sheet_close(Sheet *sheet) {
    scene_finish(&sheet->scene);
}

static inline int sheet_at(const Sheet *sheet, int x, int y) {
    ASSERT(x >= 0 && y >= 0 && x < sheet->scene.width_px && y < sheet->scene.height_px);
    return (int)(sheet->pixels[y * sheet->scene.width_px + x] & 0xFF);
}

/* The covered area in px. */
static inline double sheet_area(const Sheet *sheet) {
    double area = 0;
    for (int y = 0; y < sheet->scene.height_px; y++) {
        for (int x = 0; x < sheet->scene.width_px; x++) {
            area += sheet_at(sheet, x, y) / 255.0;
        }
    }
    return area;
}

/* The smallest box with anything in it: x0, y0, x1, y1, half-open; all 0 where there is nothing. */
typedef struct Extent {
    int x0, y0, x1, y1;
} Extent;

static inline Extent sheet_extent(const Sheet *sheet) {
    Extent extent = {1 << 20, 1 << 20, 0, 0};
    for (int y = 0; y < sheet->scene.height_px; y++) {
        for (int x = 0; x < sheet->scene.width_px; x++) {
            if (sheet_at(sheet, x, y) > 0) {
                extent.x0 = x < extent.x0 ? x : extent.x0;
                extent.y0 = y < extent.y0 ? y : extent.y0;
                extent.x1 = x + 1 > extent.x1 ? x + 1 : extent.x1;
                extent.y1 = y + 1 > extent.y1 ? y + 1 : extent.y1;
            }
        }
    }
    return extent.x1 == 0 ? (Extent){0, 0, 0, 0} : extent;
}

/* How many separate runs brighter than half a row or column crosses. */
static inline int sheet_runs(const Sheet *sheet, bool column, int at) {
    const int count = column ? sheet->scene.height_px : sheet->scene.width_px;
    int runs = 0;
    bool inside = false;
    for (int i = 0; i < count; i++) {
        const bool lit = (column ? sheet_at(sheet, at, i) : sheet_at(sheet, i, at)) > 127;
        runs += lit && !inside;
        inside = lit;
    }
    return runs;
}

/* Separate blobs of pixels brighter than `least`, joined by their edges and corners. */
static inline int sheet_blobs(const Sheet *sheet, int least) {
    const int w = sheet->scene.width_px, h = sheet->scene.height_px;
    bool *seen = calloc((size_t)(w * h), sizeof *seen);
    int *stack = calloc((size_t)(w * h) * 9, sizeof *stack);
    ASSERT(seen != NULL && stack != NULL);
    int blobs = 0;
    for (int start = 0; start < w * h; start++) {
        int depth = 0;
        if (seen[start] || sheet_at(sheet, start % w, start / w) <= least) {
            continue;
        }
        blobs++;
        stack[depth++] = start;
        while (depth > 0) {
            const int at = stack[--depth], x = at % w, y = at / w;
            if (seen[at] || sheet_at(sheet, x, y) <= least) {
                continue;
            }
            seen[at] = true;
            for (int k = 0; k < 9; k++) {
                const int nx = x + k % 3 - 1, ny = y + k / 3 - 1;
                if (nx >= 0 && ny >= 0 && nx < w && ny < h && !seen[ny * w + nx]) {
                    stack[depth++] = ny * w + nx;
                }
            }
        }
    }
    free(seen);
    free(stack);
    return blobs;
}

#endif
