/* A listing: the program as lines of text for people (steps, Python, JSON), with the place of each
 * step. Made by scenario/, shown by view/.
 *
 * Ownership: listing_finish frees. Threads: any, once made. */
#ifndef LOOPSCOPE_PROGRAM_LISTING_H
#define LOOPSCOPE_PROGRAM_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ListingLine {
    char *text;      /* without indent */
    uint32_t indent; /* levels (of 4 columns in Python, 2 in steps and JSON) */
    char *at;        /* JSON Pointer of the step that begins on this line, or NULL */
    bool awaits;     /* the step may give up control: drawn with the framed word */
    bool heading;    /* begins a section: a task's or a coroutine's first line */
    char *hidden;    /* the text without what would answer a question, or NULL */
    char *question;  /* JSON Pointer of that question */
} ListingLine;

/* Where a step stands, or a heading ("/tasks/0", "/coroutines/NAME"); a line may hold several. */
typedef struct ListingPlace {
    char *at;
    uint32_t line;
} ListingPlace;

typedef struct Listing {
    ListingLine *lines;
    uint32_t count;
    uint32_t cap;
    ListingPlace *places;
    uint32_t place_count, place_cap;
    uint32_t *table; /* open addressing over places, by `at`; UINT32_MAX is empty */
    uint32_t table_size;
} Listing;

void listing_add(Listing *listing, const char *text, size_t length, uint32_t indent, const char *at,
                 bool awaits, bool heading);

/* One more step that stands on the line added last (behind the one the line begins with). */
void listing_add_place(Listing *listing, const char *at);

/* The line added last tells the answer of the question at a JSON Pointer, but for this text. */
void listing_hide(Listing *listing, const char *text, const char *question);

/* The lines of a program's source, as they are. Line N (from 1) has the place "/N". */
void listing_add_source(Listing *listing, const char *source, size_t size_bytes);

void listing_finish(Listing *listing);

/* The line of a step: of `at` itself, else of its nearest enclosing step; -1 where there is none.
 * Takes the same time however long the listing is. */
int32_t listing_line_of(const Listing *listing, const char *at);

/* The heading line of the section that line stands in; line itself where there is none. */
uint32_t listing_section(const Listing *listing, uint32_t line);

#endif
