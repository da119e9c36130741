/* loopscope python SCENARIO: the asyncio program that means the same. */
#include "app/options.h"
#include "scenario/scenario.h"

static void print_listing(const Listing *listing) {
    for (uint32_t i = 0; i < listing->count; i++) {
        const ListingLine *line = &listing->lines[i];
        const uint32_t columns = line->text[0] == '\0' ? 0 : 4 * line->indent;
        printf("%*s%s\n", (int)columns, "", line->text);
    }
}

int cmd_python(const Options *options) {
    Diags diags = {0};
    const char *file = options->arguments[0];
    Scenario *scenario = scenario_load(file, &diags);
    int status = EXIT_USAGE;
    if (scenario != NULL) {
        Listing listing;
        if (scenario_list_python(scenario, &listing)) {
            print_listing(&listing);
            status = EXIT_DONE;
        } else {
            diags_add(&diags, file,
                      "it has steps that this version does not print in Python yet: errors, "
                      "cancel, or what tasks share (docs/scenario.md, The same in Python)");
        }
        listing_finish(&listing);
    }
    command_report(&diags);
    scenario_destroy(scenario);
    return status;
}
