#include "view/event_filter.h"

#include "base/mem.h"
#include "view/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void event_filter_finish(EventFilter *filter) {
    free(filter->found);
    *filter = (EventFilter){.looked_at = 0};
}

void event_filter_set(EventFilter *filter, const char *pattern) {
    (void)snprintf(filter->pattern, sizeof filter->pattern, "%s", pattern);
    filter->found_count = 0;
    filter->looked_at = 0;
}

bool event_filter_is_on(const EventFilter *filter) {
    return filter != NULL && filter->pattern[strspn(filter->pattern, " ")] != '\0';
}

uint32_t event_filter_task(const Timeline *timeline, uint64_t n) {
    const Event *event = log_event(timeline_log(timeline), n);
    const bool of_op = event->kind == EV_IO_ARRIVED || event->kind == EV_IO_COMPLETED;
    if (!of_op || event->id >= timeline_op_count(timeline)) {
        return event->task;
    }
    return log_event(timeline_log(timeline), timeline_op(timeline, event->id).submitted_n)->task;
}

/* The text that the event carries itself, or that the operation's first event does. */
static const char *event_words(const Timeline *timeline, uint64_t n) {
    const Log *log = timeline_log(timeline);
    const Event *event = log_event(log, n);
    const bool of_op = event->kind == EV_IO_ARRIVED || event->kind == EV_IO_COMPLETED;
    if (of_op && event->id < timeline_op_count(timeline)) {
        event = log_event(log, timeline_op(timeline, event->id).submitted_n);
    }
    return log_text(log, event->text, NULL);
}

static bool word_matches(const char *word, const Timeline *timeline, uint64_t n) {
    static const char TASK[] = "task:";
    const Log *log = timeline_log(timeline);
    const uint32_t task = event_filter_task(timeline, n);
    const char *name = task < timeline_task_count(timeline)
                           ? log_text(log, timeline_task_name(timeline, task), NULL)
                           : "";
    if (strncmp(word, TASK, sizeof TASK - 1) == 0) {
        return name[0] != '\0' && filter_matches(word + sizeof TASK - 1, name);
    }
    return filter_matches(word, EVENT_KINDS[log_event(log, n)->kind].name) ||
           filter_matches(word, event_words(timeline, n)) || filter_matches(word, name);
}

bool event_filter_matches(const char *pattern, const Timeline *timeline, uint64_t n) {
    while (*pattern != '\0') {
        char word[EVENT_PATTERN_MAX];
        const size_t length = strcspn(pattern, " ");
        (void)snprintf(word, sizeof word, "%.*s", (int)length, pattern);
        if (length > 0 && !word_matches(word, timeline, n)) {
            return false;
        }
        pattern += length + (pattern[length] == ' ');
    }
    return true;
}

bool event_filter_follow(EventFilter *filter, const Timeline *timeline, uint64_t max_events) {
    if (!event_filter_is_on(filter)) {
        return false;
    }
    const uint64_t count = timeline_count(timeline);
    for (; filter->looked_at < count && max_events > 0; filter->looked_at++, max_events--) {
        if (event_filter_matches(filter->pattern, timeline, filter->looked_at)) {
            filter->found = mem_grow(filter->found, &filter->found_cap, filter->found_count + 1,
                                     sizeof *filter->found);
            filter->found[filter->found_count++] = (uint32_t)filter->looked_at;
        }
    }
    return filter->looked_at < count;
}

uint64_t event_list_count(const EventFilter *filter, const Timeline *timeline) {
    return event_filter_is_on(filter) ? filter->found_count : timeline_count(timeline);
}

uint64_t event_list_at(const EventFilter *filter, uint64_t k) {
    return event_filter_is_on(filter) ? filter->found[k] : k;
}

uint64_t event_list_below(const EventFilter *filter, uint64_t n) {
    if (!event_filter_is_on(filter)) {
        return n;
    }
    size_t low = 0, high = filter->found_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (filter->found[middle] < n) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
