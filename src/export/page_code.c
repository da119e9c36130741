#include "export/page_code.h"

#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 1 << 12, LOOK_AHEAD = 96, NUMBERS_MAX = 16 };

/* ---- each once ---- */

static uint64_t hash_of(const char *bytes, size_t size_bytes) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < size_bytes; i++) {
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

static uint32_t *slot_of(Words *words, const char *bytes, size_t size_bytes) {
    size_t slot = (size_t)hash_of(bytes, size_bytes) & (words->slot_count - 1);
    for (; words->slots[slot] != 0; slot = (slot + 1) & (words->slot_count - 1)) {
        const uint32_t i = words->slots[slot] - 1;
        if (words->offsets[i + 1] - words->offsets[i] == size_bytes &&
            memcmp(words->known.data + words->offsets[i], bytes, size_bytes) == 0) {
            break;
        }
    }
    return &words->slots[slot];
}

static void grow_slots(Words *words) {
    if (words->count * 2 < words->slot_count) {
        return;
    }
    free(words->slots);
    words->slot_count = words->slot_count == 0 ? SLOTS_FIRST : words->slot_count * 2;
    words->slots = mem_alloc(words->slot_count, sizeof *words->slots);
    for (size_t i = 0; i < words->count; i++) {
        const uint32_t at = words->offsets[i];
        *slot_of(words, words->known.data + at, words->offsets[i + 1] - at) = (uint32_t)i + 1;
    }
}

/* The number of a word; *is_new where it came for the first time. */
static uint32_t words_number(Words *words, const char *bytes, size_t size_bytes, bool *is_new) {
    grow_slots(words);
    uint32_t *slot = slot_of(words, bytes, size_bytes);
    *is_new = *slot == 0;
    if (*is_new) {
        words->offsets =
            mem_grow(words->offsets, &words->cap, words->count + 2, sizeof *words->offsets);
        words->offsets[words->count] = (uint32_t)words->known.size_bytes;
        buf_append(&words->known, bytes, size_bytes);
        words->offsets[++words->count] = (uint32_t)words->known.size_bytes;
        *slot = (uint32_t)words->count;
    }
    return *slot - 1;
}

static int64_t words_of_number(Words *words, uint64_t number) {
    char text[24];
    bool is_new;
    const int length = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    return words_number(words, text, (size_t)length, &is_new);
}

static void words_write(const Words *words, const char *name, Buf *out) {
    buf_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < words->count; i++) {
        const uint32_t at = words->offsets[i];
        buf_append_text(out, i == 0 ? "" : ",");
        buf_append(out, words->known.data + at, words->offsets[i + 1] - at);
    }
    buf_append_char(out, ']');
}

void page_code_words(const PageCode *code, Buf *out) {
    words_write(&code->texts, "texts", out);
    words_write(&code->colors, "colors", out);
    words_write(&code->ids, "ids", out);
}

static void words_finish(Words *words) {
    buf_finish(&words->known);
    free(words->offsets);
    free(words->slots);
}

void page_code_finish(PageCode *code) {
    words_finish(&code->draws);
    words_finish(&code->texts);
    words_finish(&code->colors);
    words_finish(&code->ids);
    free(code->old);
    free(code->list);
    *code = (PageCode){0};
}

/* ---- a thing to draw ---- */

static int64_t tenths(float value) {
    return (int64_t)lroundf(value * 10);
}

/* 0: nothing; else the colour's number and 1. */
static int64_t number_of(PageCode *code, Color color) {
    const uint64_t rgba =
        ((uint64_t)color.r << 24) | ((uint64_t)color.g << 16) | ((uint64_t)color.b << 8) | color.a;
    return color.a == 0 ? 0 : words_of_number(&code->colors, rgba) + 1;
}

/* Numbers with commas; zeros at the end are left out. */
static void numbers(Buf *out, const int64_t *values, size_t count) {
    while (count > 0 && values[count - 1] == 0) {
        count--;
    }
    for (size_t i = 0; i < count; i++) {
        buf_append_char(out, ',');
        buf_append_i64(out, values[i]);
    }
}

static void points(Buf *out, const Scene *scene, const Draw *draw) {
    int64_t x = 0, y = 0;
    buf_append_text(out, ",[");
    for (uint32_t i = 0; i < draw->count; i++) { /* each as its way from the one before */
        const Point point = scene->points[draw->first + i];
        buf_append_text(out, i == 0 ? "" : ",");
        buf_append_i64(out, tenths(point.x) - x);
        buf_append_char(out, ',');
        buf_append_i64(out, tenths(point.y) - y);
        x = tenths(point.x);
        y = tenths(point.y);
    }
    buf_append_char(out, ']');
}

static uint32_t number_text(PageCode *code, const char *text, size_t size_bytes) {
    Buf json = {0};
    bool is_new;
    buf_append_json(&json, text, size_bytes);
    const uint32_t number = words_number(&code->texts, json.data, json.size_bytes, &is_new);
    buf_finish(&json);
    return number;
}

/* [kind, id, ...]: see read() in assets/web/page.js. */
static void write_draw(PageCode *code, Buf *out, const Scene *scene, const Draw *draw) {
    const Rect r = draw->rect;
    const int64_t style[] = {number_of(code, draw->fill), number_of(code, draw->stroke),
                             tenths(draw->stroke_px),     tenths(draw->dash_on_px),
                             tenths(draw->dash_off_px),   draw->round_caps};
    int64_t values[NUMBERS_MAX] = {tenths(r.x), tenths(r.y), tenths(r.w), tenths(r.h),
                                   tenths(draw->radius)};
    size_t count = 5;
    buf_printf(out, "[%d,%d", (int)draw->kind,
               draw->id == 0 ? 0 : (int)words_of_number(&code->ids, draw->id) + 1);
    switch (draw->kind) {
    case DRAW_TEXT:
        values[3] = draw->align;
        values[4] = draw->font;
        values[5] = tenths(draw->size_px);
        values[6] = style[0];
        buf_printf(out, ",%u", number_text(code, scene->text + draw->first, draw->count));
        numbers(out, values, 7);
        break;
    case DRAW_POLYGON:
    case DRAW_POLYLINE:
        points(out, scene, draw);
        numbers(out, style, 6);
        break;
    default:
        if (draw->kind == DRAW_ARC || draw->kind == DRAW_PIE || draw->kind == DRAW_CIRCLE) {
            values[2] = tenths(draw->from_deg);
            values[3] = tenths(draw->to_deg);
        }
        memcpy(values + count, style, sizeof style);
        numbers(out, values, count + 6);
    }
    buf_append_char(out, ']');
}

/* ---- which of it ---- */

/* The nearest place behind (i, j) where both lists go on alike. */
static void find_alike(const PageCode *code, size_t *i, size_t *j) {
    for (size_t sum = 1; sum < LOOK_AHEAD * 2; sum++) {
        for (size_t b = sum < LOOK_AHEAD ? 0 : sum - LOOK_AHEAD; b <= sum && b <= LOOK_AHEAD; b++) {
            const size_t a = sum - b;
            if (*i + a < code->old_count && *j + b < code->list_count &&
                code->old[*i + a] == code->list[*j + b]) {
                *i += a;
                *j += b;
                return;
            }
        }
    }
    *i = code->old_count;
    *j = code->list_count;
}

static void write_changes(const PageCode *code, Buf *out) {
    size_t i = 0, j = 0;
    bool first = true;
    while (i < code->old_count || j < code->list_count) {
        size_t same = 0;
        for (; i < code->old_count && j < code->list_count && code->old[i] == code->list[j];
             i++, j++) {
            same++;
        }
        if (i == code->old_count && j == code->list_count) {
            return; /* what is left is the same */
        }
        const size_t from_i = i, from_j = j;
        find_alike(code, &i, &j);
        buf_printf(out, "%s%zu,%zu,%zu", first ? "" : ",", same, i - from_i, j - from_j);
        for (size_t k = from_j; k < j; k++) {
            buf_printf(out, ",%u", code->list[k]);
        }
        first = false;
    }
}

static bool is_left_out(const PageCode *code, const Draw *draw, const Scene *scene) {
    const Point at = draw->kind == DRAW_POLYGON || draw->kind == DRAW_POLYLINE
                         ? scene->points[draw->first]
                         : (Point){draw->rect.x, draw->rect.y};
    return draw->kind != DRAW_UNCLIP && draw->kind != DRAW_CLIP && draw->id == 0 &&
           rect_contains(code->left_out, at.x, at.y);
}

void page_code_scene(PageCode *code, const Scene *scene, Buf *draws, Buf *changes) {
    Buf text = {0};
    code->list_count = 0;
    for (size_t i = 0; i < scene->draw_count; i++) {
        if (!is_left_out(code, &scene->draws[i], scene)) {
            buf_clear(&text);
            write_draw(code, &text, scene, &scene->draws[i]);
            code->list =
                mem_grow(code->list, &code->list_cap, code->list_count + 1, sizeof *code->list);
            bool is_new;
            code->list[code->list_count++] =
                words_number(&code->draws, text.data, text.size_bytes, &is_new);
            if (is_new) {
                buf_append_char(draws, ',');
                buf_append(draws, text.data, text.size_bytes);
            }
        }
    }
    buf_finish(&text);
    write_changes(code, changes);
    uint32_t *list = code->old;
    const size_t cap = code->old_cap;
    code->old = code->list;
    code->old_count = code->list_count;
    code->old_cap = code->list_cap;
    code->list = list;
    code->list_cap = cap;
}
