/* Names of the scenario as identifiers of one Python module. All of them differ, whatever they
 * name: a local variable of a function may then never hide what the function calls. */
#include "scenario/twin.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Words of Python. */
static const char KEYWORDS[] =
    " False None True and as assert async await break class continue def del elif else except "
    "finally for from global if import in is lambda nonlocal not or pass raise return try while "
    "with yield ";

/* What the twin itself says outside of its helpers. Other builtins may be hidden, since nothing in
 * the program uses them. */
static const char RESERVED[] =
    " print open range max str Exception RuntimeError RecursionError PermissionError "
    "asyncio gc os sys time to_thread compute open_below inside socket channel loop spawn Names "
    "tell_lost main "
    "names tasks numbers number depth task lost others error group work i j k _ ";

static bool is_one_of(const char *words, const char *text) {
    Buf word = {0};
    buf_printf(&word, " %s ", text);
    const bool found = strstr(words, buf_text(&word)) != NULL;
    buf_finish(&word);
    return found;
}

/* i4, error_2, group_2: of blocks that stand in others; work_2: a second function. */
static bool is_numbered(const char *text) {
    static const char *const STEMS[] = {"i", "error_", "group_", "work_"};
    for (size_t i = 0; i < sizeof STEMS / sizeof STEMS[0]; i++) {
        const size_t length = strlen(STEMS[i]);
        if (strncmp(text, STEMS[i], length) != 0) {
            continue;
        }
        const size_t digits = strspn(text + length, "0123456789");
        if (digits > 0 && text[length + digits] == '\0') {
            return true;
        }
    }
    return false;
}

static bool is_reserved(const char *text) {
    return is_one_of(KEYWORDS, text) || is_one_of(RESERVED, text) || is_numbered(text);
}

bool twin_is_attribute(const char *text) {
    return strncmp(text, "__", 2) != 0 && !is_one_of(KEYWORDS, text);
}

static uint32_t slot_of(const TwinIdents *taken, const char *text) {
    uint32_t hash = UINT32_C(2166136261); /* FNV-1a */
    for (const char *at = text; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * UINT32_C(16777619);
    }
    uint32_t slot = hash & (taken->cap - 1);
    while (taken->slots[slot] != NULL && strcmp(taken->slots[slot], text) != 0) {
        slot = (slot + 1) & (taken->cap - 1);
    }
    return slot;
}

static void idents_grow(TwinIdents *taken) {
    TwinIdents grown = {.cap = taken->cap == 0 ? 64 : taken->cap * 2, .count = taken->count};
    grown.slots = mem_alloc(grown.cap, sizeof *grown.slots);
    for (uint32_t i = 0; i < taken->cap; i++) {
        if (taken->slots[i] != NULL) {
            grown.slots[slot_of(&grown, taken->slots[i])] = taken->slots[i];
        }
    }
    free(taken->slots);
    *taken = grown;
}

static bool is_free(const TwinIdents *taken, const char *text) {
    return !is_reserved(text) && taken->slots[slot_of(taken, text)] == NULL;
}

char *twin_ident(TwinIdents *taken, const char *text, const char *suffix) {
    if (taken->count * 2 >= taken->cap) {
        idents_grow(taken);
    }
    Buf ident = {0};
    /* Python has plans of its own for names that begin so. */
    buf_printf(&ident, "%s%s", text[0] == '_' && text[1] == '_' ? "name" : "", text);
    if (!is_free(taken, buf_text(&ident))) {
        buf_append_text(&ident, suffix);
    }
    while (!is_free(taken, buf_text(&ident))) {
        buf_append_char(&ident, '_');
    }
    taken->slots[slot_of(taken, ident.data)] = mem_copy_text(ident.data, ident.size_bytes);
    taken->count++;
    return ident.data;
}

void twin_idents_finish(TwinIdents *taken) {
    for (uint32_t i = 0; i < taken->cap; i++) {
        free(taken->slots[i]);
    }
    free(taken->slots);
}
