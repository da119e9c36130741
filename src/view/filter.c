#include "view/filter.h"

#include "base/mem.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void filter_finish(TaskFilter *filter) {
    free(filter->bits);
    *filter = (TaskFilter){.looked_at = 0};
}

void filter_set(TaskFilter *filter, const char *pattern) {
    (void)snprintf(filter->pattern, sizeof filter->pattern, "%s", pattern);
    filter->looked_at = 0;
    filter->matches = 0;
}

static bool same_letter(char a, char b) {
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* The last `*` is the only place worth returning to. */
static bool matches_whole(const char *pattern, const char *name) {
    const char *star = NULL, *retry = NULL;
    while (*name != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            retry = name;
        } else if (*pattern != '\0' && (*pattern == '?' || same_letter(*pattern, *name))) {
            pattern++;
            name++;
        } else if (star != NULL) {
            pattern = star + 1;
            name = ++retry;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

static bool contains(const char *part, const char *name) {
    for (;; name++) {
        size_t i = 0;
        while (part[i] != '\0' && same_letter(part[i], name[i])) {
            i++;
        }
        if (part[i] == '\0') {
            return true;
        }
        if (*name == '\0') {
            return false;
        }
    }
}

bool filter_matches(const char *pattern, const char *name) {
    return strpbrk(pattern, "*?") == NULL ? contains(pattern, name) : matches_whole(pattern, name);
}

void filter_follow(TaskFilter *filter, const Timeline *timeline) {
    const uint32_t count = timeline_task_count(timeline);
    if (filter->pattern[0] == '\0' || filter->looked_at >= count) {
        return;
    }
    filter->bits = mem_grow(filter->bits, &filter->bits_cap, (size_t)count / 8 + 1, 1);
    for (; filter->looked_at < count; filter->looked_at++) {
        const uint32_t task = filter->looked_at;
        const char *name =
            log_text(timeline_log(timeline), timeline_task_name(timeline, task), NULL);
        const uint8_t bit = (uint8_t)(1u << task % 8);
        if (!filter_matches(filter->pattern, name)) {
            filter->bits[task / 8] &= (uint8_t)~bit;
            continue;
        }
        filter->bits[task / 8] |= bit;
        if (filter->matches < FILTER_FIRST_MAX) {
            filter->first[filter->matches] = task;
        }
        filter->matches++;
    }
}

bool filter_is_on(const TaskFilter *filter) {
    return filter != NULL && filter->pattern[0] != '\0';
}

bool filter_has(const TaskFilter *filter, uint32_t task) {
    return !filter_is_on(filter) ||
           (task < filter->looked_at && (filter->bits[task / 8] >> task % 8 & 1) != 0);
}
