/* The filter: a pattern on the names of tasks, and which tasks match it. In a run of a hundred
 * thousand tasks it picks those that one wants to see.
 *
 * A pattern matches where a name contains it, small and capital letters alike; with `*` (anything)
 * or `?` (one character) in it, it must match the whole name. Names are looked at once each.
 *
 * Ownership: filter_finish frees; a zeroed TaskFilter is empty. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_FILTER_H
#define LOOPSCOPE_VIEW_FILTER_H

#include "trace/timeline.h"

enum { FILTER_PATTERN_MAX = 48, FILTER_FIRST_MAX = 8 };

typedef struct TaskFilter {
    char pattern[FILTER_PATTERN_MAX]; /* "": none, every task matches */
    uint8_t *bits;
    size_t bits_cap;
    uint32_t looked_at; /* tasks */
    uint32_t matches;   /* of them */
    uint32_t first[FILTER_FIRST_MAX];
} TaskFilter;

void filter_finish(TaskFilter *filter);
void filter_set(TaskFilter *filter, const char *pattern);
void filter_follow(TaskFilter *filter, const Timeline *timeline); /* looks at tasks made since */
bool filter_has(const TaskFilter *filter, uint32_t task); /* NULL and an empty one: all tasks */
bool filter_is_on(const TaskFilter *filter);              /* false for NULL */

bool filter_matches(const char *pattern, const char *name);

#endif
