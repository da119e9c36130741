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
    Scenario *scenario = scenario_load(options->arguments[0], &diags);
    int status = EXIT_USAGE;
    if (scenario != NULL) {
        Listing listing;
        scenario_list_python(scenario, &listing);
        print_listing(&listing);
        listing_finish(&listing);
        status = EXIT_DONE;
    }
    command_report(&diags);
    scenario_destroy(scenario);
    return status;
}
