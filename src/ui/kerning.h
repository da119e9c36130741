/* Kerning: how much nearer two letters of a face stand, from its GPOS table (pair adjustment, both
 * formats; Inter has no older `kern` table, and FreeType reads no other). Internal to ui/.
 *
 * Every offset in the file is checked: a damaged font kerns nothing, and reads nothing outside.
 * Ownership: load/destroy. Threads: any, once loaded. */
#ifndef LOOPSCOPE_UI_KERNING_H
#define LOOPSCOPE_UI_KERNING_H

#include <ft2build.h>
#include <stdint.h>
#include FT_FREETYPE_H

typedef struct Kerning Kerning;

/* NULL where the face has none. */
Kerning *kerning_load(FT_Face face);
void kerning_destroy(Kerning *kerning); /* accepts NULL */

/* The change of the left glyph's advance, in font units; 0 for strangers, or a NULL kerning. */
int kerning_between(const Kerning *kerning, uint32_t left, uint32_t right);

#endif
