/* loopscope check FILE...: every mistake in every file, at its place. */
#include "app/options.h"
#include "scenario/scenario.h"

int cmd_check(const Options *options) {
    int status = EXIT_DONE;
    for (int i = 0; i < options->argument_count; i++) {
        Diags diags = {0};
        Scenario *scenario = scenario_load(options->arguments[i], &diags);
        if (scenario == NULL) {
            status = EXIT_USAGE;
        } else {
            printf("%s: good: \"%s\"\n", options->arguments[i], scenario->title);
        }
        command_report(&diags);
        scenario_destroy(scenario);
    }
    return status;
}
