/* Scenes as differences: what is drawn, each once, and which of it a scene has. Internal to
 * export/.
 *
 * Ownership: page_code_finish frees. Threads: one. */
#ifndef LOOPSCOPE_EXPORT_PAGE_CODE_H
#define LOOPSCOPE_EXPORT_PAGE_CODE_H

#include "base/buf.h"
#include "view/scene.h"

/* JSON values, each once, numbered in the order in which they came. */
typedef struct Words {
    Buf known;         /* their texts, one behind the other */
    uint32_t *offsets; /* of word i in `known`; one more at the end */
    size_t count, cap;
    uint32_t *slots; /* hash to word + 1 */
    size_t slot_count;
} Words;

typedef struct PageCode {
    Words draws, texts, colors, ids;
    uint32_t *old, *list; /* the scene before, this scene */
    size_t old_count, old_cap, list_count, list_cap;
    Rect left_out; /* what lies wholly inside is not coded: the page has controls of its own */
} PageCode;

void page_code_finish(PageCode *code);

/* Appends the draws that are new (JSON arrays, each with a comma before it) to `draws`, and to
 * `changes` how the scene differs from the last: numbers, "same, dropped, added, ..." repeated. */
void page_code_scene(PageCode *code, const Scene *scene, Buf *draws, Buf *changes);

/* The words that the draws name by number, as members of a JSON object. */
void page_code_words(const PageCode *code, Buf *out);

#endif
