/* Who stands where in the code: each task at its step, or, before its first, at the heading of what
 * it runs. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_CODE_PLACES_H
#define LOOPSCOPE_VIEW_CODE_PLACES_H

#include "view/code_line.h"

enum {
    PLACES_MAX = 64,  /* different places at which tasks stand */
    PLACE_BADGES = 4, /* at one place; then a number */
};

typedef struct Place {
    uint64_t key; /* what tells places apart */
    int32_t line; /* -1: not in the listing */
    uint32_t tasks[PLACE_BADGES];
    uint32_t count; /* may be more than tasks holds */
} Place;

typedef struct Places {
    Place places[PLACES_MAX];
    size_t count;
} Places;

/* The line at which the task stands, or -1. */
int32_t places_line_of(const ViewDoc *doc, const Listing *listing, const State *state,
                       uint32_t task);

/* The only task that runs the section with this heading, or EVENT_NONE: none does, or several do,
 * or there are too many tasks to look at. */
uint32_t places_section_task(const ViewDoc *doc, const Listing *listing, uint32_t heading);

void places_find(Places *places, const ViewDoc *doc, const Listing *listing);

/* Draws who stands at a line: its first row's middle at y, its text free from `left` on, the pane's
 * edge at `right`. */
void places_draw(const Places *places, const Canvas *canvas, const CodeGrid *grid, uint32_t line,
                 uint32_t rows, float left, float right, float y);

#endif
