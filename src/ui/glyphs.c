#include "ui/glyphs.h"

#include "base/assert.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/fonts.h"
#include "ui/kerning.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include FT_MULTIPLE_MASTERS_H

enum {
    FACE_COUNT = FONT_COUNT + 1, /* the last is the fallback */
    DIRECT_CODES = 0x180,        /* Latin: by index */
    OTHER_SLOTS = 2048,          /* all other characters: replaced where two meet */
    KERN_SLOTS = 4096,           /* the same */
    ATLAS_MAX_BYTES = 24 << 20,  /* then it begins anew: a window was dragged through many sizes */
    SIZE_MAX_PX = 1000,
    TAB_SPACES = 4,
};

typedef struct Face {
    FT_Face ft; /* NULL: no fallback here */
    Kerning *kerning;
    float em_units;
    unsigned size_quarters; /* the size that is set */
} Face;

/* A character as a font shows it. */
typedef struct Letter {
    uint32_t code;
    uint8_t font, face;
    bool known;
    uint32_t glyph;
    float advance_em;
} Letter;

typedef struct KernSlot {
    uint64_t key; /* 0: empty */
    float em;
} KernSlot;

/* The coverage of a glyph at a size and a quarter of a pixel; its place from the pen. */
typedef struct Image {
    uint64_t key; /* 0: empty */
    int left, top;
    int w, h;
    size_t offset;
} Image;

struct Glyphs {
    FT_Library library;
    Face faces[FACE_COUNT];
    Letter direct[FONT_COUNT][DIRECT_CODES];
    Letter others[OTHER_SLOTS];
    KernSlot kerns[KERN_SLOTS];
    Image *images; /* open addressing; the capacity is a power of two */
    size_t image_count, image_cap;
    uint8_t *atlas;
    size_t atlas_bytes, atlas_cap;
};

static uint64_t mix64(uint64_t key) {
    key ^= key >> 33;
    key *= 0xFF51AFD7ED558CCDU;
    key ^= key >> 33;
    return key;
}

/* ---- faces ---- */

static bool face_open(Glyphs *glyphs, int index, const char *file, int weight) {
    Face *face = &glyphs->faces[index];
    if (FT_New_Face(glyphs->library, file, 0, &face->ft) != 0) {
        face->ft = NULL;
        return false;
    }
    if (!FT_IS_SCALABLE(face->ft) || face->ft->units_per_EM == 0) {
        FT_Done_Face(face->ft);
        face->ft = NULL;
        return false;
    }
    FT_MM_Var *axes = NULL;
    if (FT_HAS_MULTIPLE_MASTERS(face->ft) && FT_Get_MM_Var(face->ft, &axes) == 0) {
        FT_Fixed at[8] = {0};
        const FT_UInt count = axes->num_axis < 8 ? axes->num_axis : 8;
        for (FT_UInt i = 0; i < count; i++) {
            const bool is_weight = axes->axis[i].tag == FT_MAKE_TAG('w', 'g', 'h', 't');
            at[i] = is_weight ? (FT_Fixed)weight << 16 : axes->axis[i].def;
        }
        FT_Set_Var_Design_Coordinates(face->ft, count, at);
        FT_Done_MM_Var(glyphs->library, axes);
    }
    face->em_units = (float)face->ft->units_per_EM;
    face->kerning = FT_IS_FIXED_WIDTH(face->ft) ? NULL : kerning_load(face->ft);
    return true;
}

static bool faces_open(Glyphs *glyphs, Diags *diags) {
    char file[1024];
    for (int font = 0; font < FONT_COUNT; font++) {
        if (!fonts_find((Font)font, file, sizeof file)) {
            Diag *diag = diags_add(diags, "fonts",
                                   "the font %s is missing: install %s (apt install fonts-inter "
                                   "fonts-jetbrains-mono), or name a folder that has the files in "
                                   "LOOPSCOPE_FONTS",
                                   font_name((Font)font), fonts_packages());
            diag_set_expected(diag, "the packages %s", fonts_packages());
            return false;
        }
        if (!face_open(glyphs, font, file, font_weight((Font)font))) {
            diags_add(diags, file, "this is no usable font file");
            return false;
        }
    }
    if (fonts_find_fallback(file, sizeof file)) {
        face_open(glyphs, FONT_COUNT, file, 400);
    }
    return true;
}

static void face_set_size(Face *face, unsigned quarters) {
    if (face->size_quarters != quarters) {
        const FT_Error error = FT_Set_Char_Size(face->ft, (FT_F26Dot6)quarters * 16,
                                                (FT_F26Dot6)quarters * 16, 72, 72);
        ASSERT(error == 0);
        face->size_quarters = quarters;
    }
}

Glyphs *glyphs_create(FT_Library library, Diags *diags) {
    Glyphs *glyphs = mem_alloc(1, sizeof *glyphs);
    glyphs->library = library;
    glyphs->image_cap = 4096;
    glyphs->images = mem_alloc(glyphs->image_cap, sizeof *glyphs->images);
    if (!faces_open(glyphs, diags)) {
        glyphs_destroy(glyphs);
        return NULL;
    }
    return glyphs;
}

void glyphs_destroy(Glyphs *glyphs) {
    if (glyphs == NULL) {
        return;
    }
    for (int i = 0; i < FACE_COUNT; i++) {
        kerning_destroy(glyphs->faces[i].kerning);
        if (glyphs->faces[i].ft != NULL) {
            FT_Done_Face(glyphs->faces[i].ft);
        }
    }
    free(glyphs->images);
    free(glyphs->atlas);
    free(glyphs);
}

/* ---- letters ---- */

static bool letter_try(Glyphs *glyphs, Letter *letter, int face, uint32_t code) {
    const FT_Face ft = glyphs->faces[face].ft;
    const FT_UInt glyph = ft == NULL ? 0 : FT_Get_Char_Index(ft, code);
    if (glyph == 0) {
        return false;
    }
    letter->face = (uint8_t)face;
    letter->glyph = glyph;
    return true;
}

/* What is drawn for a character: control characters are not, and in a font of equal cells the
 * spaces it lacks are a cell, so that numbers keep their columns. */
static uint32_t shown_of(const Glyphs *glyphs, Font font, uint32_t code) {
    enum { EN_QUAD = 0x2000, HAIR_SPACE = 0x200A, NARROW_SPACE = 0x202F };
    const bool space = code == NARROW_SPACE || (code >= EN_QUAD && code <= HAIR_SPACE);
    if (code == '\t' || (space && FT_IS_FIXED_WIDTH(glyphs->faces[font].ft))) {
        return ' ';
    }
    return code < ' ' || (code >= 0x7F && code < 0xA0) ? UTF8_REPLACEMENT : code;
}

static void letter_load(Glyphs *glyphs, Letter *letter, Font font, uint32_t code) {
    *letter = (Letter){.code = code, .font = (uint8_t)font, .face = (uint8_t)font, .known = true};
    const uint32_t choices[] = {shown_of(glyphs, font, code), UTF8_REPLACEMENT};
    bool found = false;
    for (int i = 0; !found && i < 2; i++) {
        found = letter_try(glyphs, letter, (int)font, choices[i]) ||
                letter_try(glyphs, letter, (int)font_sibling(font), choices[i]) ||
                letter_try(glyphs, letter, FONT_COUNT, choices[i]);
    }
    const Face *face = &glyphs->faces[letter->face]; /* not found: glyph 0, the face's own box */
    if (FT_Load_Glyph(face->ft, letter->glyph, FT_LOAD_NO_SCALE) == 0) {
        letter->advance_em = (float)face->ft->glyph->advance.x / face->em_units;
    }
    if (code == '\t') {
        letter->advance_em *= TAB_SPACES;
    }
}

static const Letter *letter_of(Glyphs *glyphs, Font font, uint32_t code) {
    Letter *letter = code < DIRECT_CODES
                         ? &glyphs->direct[font][code]
                         : &glyphs->others[(code * FONT_COUNT + (uint32_t)font) % OTHER_SLOTS];
    if (!letter->known || letter->code != code || letter->font != (uint8_t)font) {
        letter_load(glyphs, letter, font, code);
    }
    return letter;
}

static float kern_em(Glyphs *glyphs, const Letter *left, const Letter *right) {
    const Face *face = &glyphs->faces[right->face];
    if (face->kerning == NULL || left->face != right->face) {
        return 0;
    }
    const uint64_t key =
        ((uint64_t)(right->face + 1) << 48) | ((uint64_t)left->glyph << 24) | right->glyph;
    KernSlot *slot = &glyphs->kerns[mix64(key) % KERN_SLOTS];
    if (slot->key != key) {
        slot->key = key;
        slot->em =
            (float)kerning_between(face->kerning, left->glyph, right->glyph) / face->em_units;
    }
    return slot->em;
}

/* ---- a run of text ---- */

/* Sizes are whole quarters of a pixel, for the metrics as for the drawing. */
static unsigned quarters_of(float size_px) {
    ASSERT(isfinite(size_px));
    return (unsigned)lrintf(fminf(fmaxf(size_px, 1), (float)SIZE_MAX_PX) * 4);
}

typedef struct Run {
    Glyphs *glyphs;
    Font font;
    const char *text;
    size_t size_bytes, at;
    float pen_em;
    Letter before; /* slots may be replaced, so a copy */
    bool has_before;
} Run;

/* The next letter, with pen_em at its origin; NULL at the end, with pen_em at the whole width. */
static const Letter *run_next(Run *run) {
    if (run->has_before) {
        run->pen_em += run->before.advance_em;
    }
    if (run->at >= run->size_bytes) {
        return NULL;
    }
    uint32_t code = (uint8_t)run->text[run->at];
    run->at +=
        code < 0x80 ? 1 : utf8_decode(run->text + run->at, run->size_bytes - run->at, &code, NULL);
    const Letter *letter = letter_of(run->glyphs, run->font, code);
    if (run->has_before) {
        run->pen_em += kern_em(run->glyphs, &run->before, letter);
    }
    run->before = *letter;
    run->has_before = true;
    return &run->before;
}

float glyphs_width(Glyphs *glyphs, Font font, float size_px, const char *text, size_t size_bytes) {
    ASSERT((unsigned)font < FONT_COUNT);
    Run run = {.glyphs = glyphs, .font = font, .text = text, .size_bytes = size_bytes};
    while (run_next(&run) != NULL) {
    }
    return run.pen_em * (float)quarters_of(size_px) / 4;
}

/* ---- images ---- */

static void images_forget(Glyphs *glyphs) {
    memset(glyphs->images, 0, glyphs->image_cap * sizeof *glyphs->images);
    glyphs->image_count = 0;
    glyphs->atlas_bytes = 0;
}

static Image *image_slot(const Glyphs *glyphs, uint64_t key) {
    const size_t mask = glyphs->image_cap - 1;
    size_t at = (size_t)mix64(key) & mask;
    while (glyphs->images[at].key != 0 && glyphs->images[at].key != key) {
        at = (at + 1) & mask;
    }
    return &glyphs->images[at];
}

static void images_grow(Glyphs *glyphs) {
    Image *old = glyphs->images;
    const size_t old_cap = glyphs->image_cap;
    glyphs->image_cap *= 2;
    glyphs->images = mem_alloc(glyphs->image_cap, sizeof *glyphs->images);
    for (size_t i = 0; i < old_cap; i++) {
        if (old[i].key != 0) {
            *image_slot(glyphs, old[i].key) = old[i];
        }
    }
    free(old);
}

/* Draws a glyph into the atlas. */
static void image_load(Glyphs *glyphs, Image *image, Face *face, uint32_t glyph, unsigned quarters,
                       int quarter_x) {
    face_set_size(face, quarters);
    FT_GlyphSlot slot = face->ft->glyph;
    if (FT_Load_Glyph(face->ft, glyph, FT_LOAD_NO_BITMAP | FT_LOAD_TARGET_LIGHT) != 0 ||
        slot->format != FT_GLYPH_FORMAT_OUTLINE) {
        return;
    }
    FT_Outline_Translate(&slot->outline, quarter_x * 16, 0);
    if (FT_Render_Glyph(slot, FT_RENDER_MODE_NORMAL) != 0) {
        return;
    }
    const FT_Bitmap *bitmap = &slot->bitmap;
    image->left = slot->bitmap_left;
    image->top = slot->bitmap_top;
    image->w = (int)bitmap->width;
    image->h = (int)bitmap->rows;
    image->offset = glyphs->atlas_bytes;
    const size_t w = bitmap->width, size_bytes = w * bitmap->rows;
    glyphs->atlas = mem_grow(glyphs->atlas, &glyphs->atlas_cap, image->offset + size_bytes, 1);
    for (size_t row = 0; row < bitmap->rows; row++) {
        memcpy(glyphs->atlas + image->offset + row * w,
               bitmap->buffer + (ptrdiff_t)row * bitmap->pitch, w);
    }
    glyphs->atlas_bytes += size_bytes;
}

static const Image *image_of(Glyphs *glyphs, int face, uint32_t glyph, unsigned quarters,
                             int quarter_x) {
    const uint64_t key = ((uint64_t)(face + 1) << 40) | ((uint64_t)glyph << 16) |
                         ((uint64_t)quarters << 2) | (uint64_t)quarter_x;
    Image *image = image_slot(glyphs, key);
    if (image->key == key) {
        return image;
    }
    if (glyphs->atlas_bytes > ATLAS_MAX_BYTES) {
        images_forget(glyphs);
    }
    if (glyphs->image_count * 2 >= glyphs->image_cap) {
        images_grow(glyphs);
    }
    image = image_slot(glyphs, key);
    *image = (Image){.key = key};
    glyphs->image_count++;
    image_load(glyphs, image, &glyphs->faces[face], glyph, quarters, quarter_x);
    return image;
}

/* The baseline of text whose capitals have their middle at y. Hinting puts both ends of a capital
 * on whole pixels, so the image's height is the capitals'. Between two pixels it is the upper one:
 * most letters are small, and weigh below that middle. */
static int baseline_of(Glyphs *glyphs, Font font, unsigned quarters, float y) {
    const Letter *capital = letter_of(glyphs, font, 'H');
    const Image *image = image_of(glyphs, capital->face, capital->glyph, quarters, 0);
    return (int)ceilf(y + (float)image->top / 2 - 0.5F);
}

void glyphs_draw(Glyphs *glyphs, Raster *raster, Font font, float size_px, Color ink, float x,
                 float y, const char *text, size_t size_bytes) {
    ASSERT((unsigned)font < FONT_COUNT && isfinite(x) && isfinite(y));
    const unsigned quarters = quarters_of(size_px);
    const float px_per_em = (float)quarters / 4;
    const Box clip = raster->clip;
    if (ink.a == 0 || y + size_px < (float)clip.y0 || y - size_px > (float)clip.y1) {
        return;
    }
    const int baseline = baseline_of(glyphs, font, quarters, y);
    Run run = {.glyphs = glyphs, .font = font, .text = text, .size_bytes = size_bytes};
    for (const Letter *letter = run_next(&run); letter != NULL; letter = run_next(&run)) {
        const float at_px = x + run.pen_em * px_per_em;
        if (at_px > (float)clip.x1 + size_px) {
            break;
        }
        if (at_px < (float)clip.x0 - 3 * size_px) {
            continue;
        }
        const int quarter = (int)floorf(at_px * 4 + 0.5F);
        const Image *image = image_of(glyphs, letter->face, letter->glyph, quarters, quarter & 3);
        if (image->w > 0) {
            raster_fill_mask(raster, glyphs->atlas + image->offset, (quarter >> 2) + image->left,
                             baseline - image->top, image->w, image->h, ink);
        }
    }
}
