/* The loader and the listings on anything at all: a program, or mistakes with good places. */
#include "base/assert.h"
#include "scenario/scenario.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes);

static void check_mistakes(const Diags *diags) {
    Buf text = {0};
    ASSERT(diags->count > 0);
    for (size_t i = 0; i < diags->count; i++) {
        const Diag *diag = &diags->items[i];
        ASSERT(diag->message != NULL && diag->message[0] != '\0');
        ASSERT(diag->expected != NULL && diag->expected[0] != '\0');
        ASSERT(diag->line > 0 && diag->column > 0 && diag->excerpt != NULL);
        ASSERT(diag->caret >= 1 && diag->caret <= DIAG_EXCERPT_COLUMNS + 1);
        ASSERT(i == 0 || diags->items[i - 1].line <= diag->line);
        diag_format(diag, &text);
    }
    buf_finish(&text);
}

/* Every step has a line of its own, or shares the one it stands on. */
static void check_listing(const Scenario *scenario, const Listing *listing) {
    for (uint32_t i = 0; i < scenario->program->pointer_count; i++) {
        const int32_t line = listing_line_of(listing, scenario->program->pointers[i]);
        ASSERT(line >= 0 && (uint32_t)line < listing->count);
        ASSERT(listing_section(listing, (uint32_t)line) <= (uint32_t)line);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes) {
    Diags diags = {0};
    Scenario *scenario = scenario_load_text("fuzz.json", (const char *)data, size_bytes, &diags);
    if (scenario == NULL) {
        check_mistakes(&diags);
    } else {
        ASSERT(diags.count == 0);
        Listing listing = {0};
        scenario_list_steps(scenario, &listing);
        check_listing(scenario, &listing);
        listing_finish(&listing);
        scenario_list_json(scenario, &listing);
        check_listing(scenario, &listing);
        listing_finish(&listing);
    }
    scenario_destroy(scenario);
    diags_finish(&diags);
    return 0;
}
