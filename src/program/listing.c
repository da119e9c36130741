#include "program/listing.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_FIRST = 64 };
#define EMPTY UINT32_MAX

/* FNV-1a, 32 bits (Fowler, Noll, Vo). */
static uint32_t text_hash(const char *text, size_t length) {
    uint32_t hash = 0x811c9dc5u;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 0x01000193u;
    }
    return hash;
}

static uint32_t *table_slot(const Listing *listing, const char *at, size_t length) {
    uint32_t slot = text_hash(at, length) & (listing->table_size - 1);
    for (;; slot = (slot + 1) & (listing->table_size - 1)) {
        const uint32_t place = listing->table[slot];
        if (place == EMPTY || (strncmp(listing->places[place].at, at, length) == 0 &&
                               listing->places[place].at[length] == '\0')) {
            return &listing->table[slot];
        }
    }
}

static void table_grow(Listing *listing) {
    listing->table_size = listing->table_size == 0 ? TABLE_FIRST : listing->table_size * 2;
    listing->table = mem_resize(listing->table, listing->table_size, sizeof *listing->table);
    memset(listing->table, 0xFF, listing->table_size * sizeof *listing->table);
    for (uint32_t i = 0; i < listing->place_count; i++) {
        const char *at = listing->places[i].at;
        *table_slot(listing, at, strlen(at)) = i;
    }
}

void listing_add(Listing *listing, const char *text, size_t length, uint32_t indent, const char *at,
                 bool awaits, bool heading) {
    size_t cap = listing->cap;
    listing->lines =
        mem_grow(listing->lines, &cap, (size_t)listing->count + 1, sizeof *listing->lines);
    listing->cap = (uint32_t)cap;
    listing->lines[listing->count++] =
        (ListingLine){.text = mem_copy_text(text, length),
                      .indent = indent,
                      .at = at == NULL ? NULL : mem_copy_text(at, strlen(at)),
                      .awaits = awaits,
                      .heading = heading};
    if (at != NULL) {
        listing_add_place(listing, at);
    }
}

void listing_add_place(Listing *listing, const char *at) {
    ASSERT(listing->count > 0);
    if ((listing->place_count + 1) * 2 > listing->table_size) {
        table_grow(listing);
    }
    uint32_t *slot = table_slot(listing, at, strlen(at));
    if (*slot != EMPTY) {
        return; /* the first line of a step stays its line */
    }
    size_t cap = listing->place_cap;
    listing->places =
        mem_grow(listing->places, &cap, (size_t)listing->place_count + 1, sizeof *listing->places);
    listing->place_cap = (uint32_t)cap;
    *slot = listing->place_count;
    listing->places[listing->place_count++] =
        (ListingPlace){.at = mem_copy_text(at, strlen(at)), .line = listing->count - 1};
}

void listing_hide(Listing *listing, const char *text, const char *question) {
    ASSERT(listing->count > 0);
    ListingLine *line = &listing->lines[listing->count - 1];
    ASSERT(line->hidden == NULL);
    line->hidden = mem_copy_text(text, strlen(text));
    line->question = mem_copy_text(question, strlen(question));
}

static bool begins_with(const char *text, size_t length, const char *word) {
    return length >= strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

static bool contains(const char *text, size_t length, const char *word) {
    for (size_t i = 0; i + strlen(word) <= length; i++) {
        if (memcmp(text + i, word, strlen(word)) == 0) {
            return true;
        }
    }
    return false;
}

void listing_add_source(Listing *listing, const char *source, size_t size_bytes) {
    enum { COLUMNS = 4 };
    uint32_t number = 1;
    for (size_t start = 0; start < size_bytes; number++) {
        const char *newline = memchr(source + start, '\n', size_bytes - start);
        const size_t end = newline == NULL ? size_bytes : (size_t)(newline - source);
        size_t text = start;
        while (text < end && source[text] == ' ') {
            text++;
        }
        text -= (text - start) % COLUMNS; /* what is not a whole level stays in the text */
        const char *line = source + text;
        const size_t length = end - text;
        char at[16];
        (void)snprintf(at, sizeof at, "/%u", number);
        listing_add(listing, line, length, (uint32_t)((text - start) / COLUMNS), at,
                    contains(line, length, "await ") || begins_with(line, length, "async with ") ||
                        begins_with(line, length, "async for "),
                    begins_with(line, length, "async def ") || begins_with(line, length, "def "));
        start = end + 1;
    }
}

void listing_finish(Listing *listing) {
    for (uint32_t i = 0; i < listing->count; i++) {
        free(listing->lines[i].text);
        free(listing->lines[i].at);
        free(listing->lines[i].hidden);
        free(listing->lines[i].question);
    }
    for (uint32_t i = 0; i < listing->place_count; i++) {
        free(listing->places[i].at);
    }
    free(listing->lines);
    free(listing->places);
    free(listing->table);
    *listing = (Listing){0};
}

int32_t listing_line_of(const Listing *listing, const char *at) {
    if (listing->place_count == 0) {
        return -1;
    }
    for (size_t length = strlen(at); length > 0;) {
        const uint32_t place = *table_slot(listing, at, length);
        if (place != EMPTY) {
            return (int32_t)listing->places[place].line;
        }
        do { /* to the value around it */
            length--;
        } while (length > 0 && at[length] != '/');
    }
    return -1;
}

uint32_t listing_section(const Listing *listing, uint32_t line) {
    for (uint32_t i = line + 1; i > 0; i--) {
        if (listing->lines[i - 1].heading) {
            return i - 1;
        }
    }
    return line;
}
