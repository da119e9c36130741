/* The filter of the event list: which events match a pattern.
 *
 * A pattern is words with spaces between them; an event matches where every word does: "task:NAME"
 * by its task's name, any other word by the kind's name, the task's name, or a text in the event
 * (a path, a name, what was printed). Events are looked at once each, some at a time, so that a
 * frame never waits for a whole log. What matches is kept as numbers, four bytes each.
 *
 * Ownership: event_filter_finish frees; a zeroed EventFilter is empty. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_EVENT_FILTER_H
#define LOOPSCOPE_VIEW_EVENT_FILTER_H

#include "trace/timeline.h"

enum { EVENT_PATTERN_MAX = 48 };

typedef struct EventFilter {
    char pattern[EVENT_PATTERN_MAX]; /* "": none, every event is in the list */
    uint32_t *found;
    size_t found_count, found_cap;
    uint64_t looked_at;
} EventFilter;

void event_filter_finish(EventFilter *filter);
void event_filter_set(EventFilter *filter, const char *pattern);
bool event_filter_is_on(const EventFilter *filter); /* false for NULL */

/* Looks at up to max_events more; returns whether some are left. */
bool event_filter_follow(EventFilter *filter, const Timeline *timeline, uint64_t max_events);

/* The list that the filter lets through, or all events: how many there are by now, the k-th, and
 * how many of them are numbered below n. The filter may be NULL. */
uint64_t event_list_count(const EventFilter *filter, const Timeline *timeline);
uint64_t event_list_at(const EventFilter *filter, uint64_t k);
uint64_t event_list_below(const EventFilter *filter, uint64_t n);

bool event_filter_matches(const char *pattern, const Timeline *timeline, uint64_t n);

/* The task that event n is about; an operation's events are about the task that asked for it. */
uint32_t event_filter_task(const Timeline *timeline, uint64_t n);

#endif
