#include "program/listing.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

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
}

void listing_finish(Listing *listing) {
    for (uint32_t i = 0; i < listing->count; i++) {
        free(listing->lines[i].text);
        free(listing->lines[i].at);
    }
    free(listing->lines);
    *listing = (Listing){0};
}

/* Whether `at` is `pointer` or lies within it; how much of it they share. */
static size_t enclosing_length(const char *pointer, const char *at) {
    const size_t length = strlen(pointer);
    const bool within =
        strncmp(pointer, at, length) == 0 && (at[length] == '\0' || at[length] == '/');
    return within ? length + 1 : 0;
}

int32_t listing_line_of(const Listing *listing, const char *at) {
    int32_t best = -1;
    size_t best_length = 0;
    for (uint32_t i = 0; i < listing->count; i++) {
        const char *pointer = listing->lines[i].at;
        const size_t length = pointer == NULL ? 0 : enclosing_length(pointer, at);
        if (length > best_length) {
            best = (int32_t)i;
            best_length = length;
        }
    }
    return best;
}

uint32_t listing_section(const Listing *listing, uint32_t line) {
    for (uint32_t i = line + 1; i > 0; i--) {
        if (listing->lines[i - 1].heading) {
            return i - 1;
        }
    }
    return line;
}
