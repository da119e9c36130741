/* Where the program's own files are: the scenarios that come with it.
 *
 * Threads: the main thread. */
#ifndef LOOPSCOPE_APP_RESOURCES_H
#define LOOPSCOPE_APP_RESOURCES_H

#include <stdbool.h>
#include <stddef.h>

/* The folder of the scenarios: $LOOPSCOPE_SCENARIOS, or beside the program, or above it, or below
 * the current folder; false where none is there. */
bool resources_scenarios(char *out, size_t size_bytes);

/* "dir/three-writers.json" to "three-writers". */
void resources_name(const char *file, char *out, size_t size_bytes);

/* Whether the file is a saved trace, else it is taken for a scenario. */
bool resources_is_trace(const char *file);

#endif
