/* A scenario: the teacher's JSON file, loaded, checked and compiled. The only users of cJSON live
 * behind this header. The format's contract is docs/scenario.md.
 *
 * Loading reports every mistake it can find, each at its place, not only the first.
 * Ownership: scenario_destroy. Threads: any, once loaded. */
#ifndef LOOPSCOPE_SCENARIO_SCENARIO_H
#define LOOPSCOPE_SCENARIO_SCENARIO_H

#include "base/diag.h"
#include "program/listing.h"
#include "program/program.h"

enum { SCENARIO_SIZE_MAX_BYTES = 64 * 1024 * 1024, SCENARIO_NESTING_MAX = 256 };

typedef struct Scenario {
    char *file; /* as named by the user */
    char *title;
    char *about;  /* paragraphs joined by "\n"; "" where there is none */
    char *source; /* the file's text, without a byte order mark */
    size_t source_size_bytes;
    Program *program;
} Scenario;

/* Reads and compiles a file. NULL where it can't be read or has any mistake (diags tells all). */
Scenario *scenario_load(const char *file, Diags *diags);

/* The same from memory; `file` is the name used in messages. */
Scenario *scenario_load_text(const char *file, const char *text, size_t size_bytes, Diags *diags);

void scenario_destroy(Scenario *scenario); /* accepts NULL */

/* The same with nothing in it that keeps the thread: each `compute` in a helper thread, each
 * blocking file step handed to the system. Every step that both have stands at the same pointer.
 * NULL where nothing keeps the thread, or the file says it in a way that can't be turned. */
Scenario *scenario_fixed(const Scenario *scenario);

/* Listings for the code pane. */
void scenario_list_steps(const Scenario *scenario, Listing *out);
void scenario_list_json(const Scenario *scenario, Listing *out);

/* The format in short: the keys of a scenario, and the steps with their options. */
void scenario_list_format(Listing *out);

/* The Python twin: a program for CPython 3.11 and later that means the same. */
void scenario_list_python(const Scenario *scenario, Listing *out);

#endif
