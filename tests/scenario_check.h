/* What must hold of any file that the loader is given: for the fuzz target and hostile tests. */
#ifndef LOOPSCOPE_TESTS_SCENARIO_CHECK_H
#define LOOPSCOPE_TESTS_SCENARIO_CHECK_H

#include "base/assert.h"
#include "base/utf8.h"
#include "scenario/scenario.h"

#include <string.h>

/* The place of a byte, found the slow way. */
static inline void scenario_place_of(const char *text, size_t offset, uint32_t *line,
                                     uint32_t *column) {
    *line = 1;
    *column = 1;
    for (size_t at = 0; at < offset;) {
        uint32_t code = 0;
        const bool feeds = text[at] == '\n';
        at += utf8_decode(text + at, offset - at, &code, NULL);
        *line += feeds ? 1 : 0;
        *column = feeds ? 1 : *column + 1;
    }
}

/* Places in order, a caret within the excerpt, and nothing in a message that a terminal would
 * obey. */
static inline void scenario_check_mistakes(const Diags *diags) {
    Buf told = {0};
    ASSERT(diags->count > 0 && diags->count <= DIAGS_MAX);
    for (size_t i = 0; i < diags->count; i++) {
        const Diag *diag = &diags->items[i];
        const Diag *before = i > 0 ? diag - 1 : diag;
        ASSERT(diag->message != NULL && diag->message[0] != '\0');
        ASSERT(diag->expected != NULL && diag->expected[0] != '\0');
        ASSERT(diag->line > 0 && diag->column > 0 && diag->excerpt != NULL);
        ASSERT(before->line < diag->line ||
               (before->line == diag->line && before->column <= diag->column));
        const size_t columns = utf8_count(diag->excerpt, strlen(diag->excerpt));
        ASSERT(columns <= DIAG_EXCERPT_COLUMNS);
        ASSERT(diag->caret >= 1 && diag->caret <= columns + 1);
        diag_format(diag, &told);
    }
    for (size_t i = 0; i < told.size_bytes; i++) {
        ASSERT(told.data[i] == '\n' ||
               ((unsigned char)told.data[i] >= ' ' && told.data[i] != 0x7F));
    }
    ASSERT(utf8_valid_prefix(told.data, told.size_bytes) == told.size_bytes);
    buf_finish(&told);
}

/* Every step stands on a line, and the line says at which step it begins. */
static inline void scenario_check_listing(const Program *program, const Listing *listing) {
    for (uint32_t i = 0; i < program->pointer_count; i++) {
        const int32_t line = listing_line_of(listing, program->pointers[i]);
        ASSERT(line >= 0 && (uint32_t)line < listing->count);
        ASSERT(listing->lines[line].at != NULL);
        ASSERT(listing_section(listing, (uint32_t)line) <= (uint32_t)line);
    }
    for (uint32_t i = 0; i < listing->count; i++) {
        const ListingLine *line = &listing->lines[i];
        ASSERT(strchr(line->text, '\n') == NULL);
        ASSERT(line->at == NULL || listing_line_of(listing, line->at) == (int32_t)i);
    }
}

/* Loads it and looks at all that the loader makes of it; whether it was good. */
static inline bool scenario_check_text(const char *text, size_t size_bytes) {
    Diags diags = {0};
    Scenario *scenario = scenario_load_text("file.json", text, size_bytes, &diags);
    if (scenario == NULL) {
        scenario_check_mistakes(&diags);
    } else {
        ASSERT(diags.count == 0 && scenario->program->task_count > 0);
        Listing listing = {0};
        scenario_list_steps(scenario, &listing);
        scenario_check_listing(scenario->program, &listing);
        listing_finish(&listing);
        scenario_list_json(scenario, &listing);
        scenario_check_listing(scenario->program, &listing);
        listing_finish(&listing);
        scenario_list_python(scenario, &listing);
        scenario_check_listing(scenario->program, &listing);
        listing_finish(&listing);
    }
    const bool good = scenario != NULL;
    scenario_destroy(scenario);
    diags_finish(&diags);
    return good;
}

#endif
