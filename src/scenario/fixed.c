/* The same scenario, but nothing in it keeps the thread: what a lesson on a frozen loop is compared
 * with. A `compute` moves into a helper thread, and a file step with "blocking" loses that. The
 * pointers of steps stay what they are. */
#include "scenario/compile.h"
#include "scenario/scenario.h"

#include <string.h>

/* {"compute": X} becomes {"thread": [{"compute": X}]}; false where there is no memory. */
static bool into_thread(cJSON *step) {
    cJSON *inner = cJSON_CreateObject(), *body = cJSON_CreateArray();
    cJSON *compute = cJSON_DetachItemFromObjectCaseSensitive(step, "compute");
    return cJSON_AddItemToObject(inner, "compute", compute) && cJSON_AddItemToArray(body, inner) &&
           cJSON_AddItemToObject(step, "thread", body);
}

static size_t fix_steps(cJSON *steps);

/* The blocks of a step, whatever it calls them; what stands in a thread holds no loop. */
static size_t fix_blocks(cJSON *step) {
    size_t fixed = 0;
    for (cJSON *member = step->child; member != NULL; member = member->next) {
        if (cJSON_IsArray(member) && strcmp(member->string, "thread") != 0) {
            fixed += fix_steps(member);
        }
    }
    return fixed;
}

static size_t fix_steps(cJSON *steps) {
    size_t fixed = 0;
    const int count = cJSON_GetArraySize(steps);
    for (int i = 0; i < count; i++) {
        cJSON *step = cJSON_GetArrayItem(steps, i);
        if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(step, "blocking"))) {
            cJSON_DeleteItemFromObjectCaseSensitive(step, "blocking");
            fixed++;
        } else if (cJSON_GetObjectItemCaseSensitive(step, "compute") != NULL) {
            fixed += into_thread(step);
        } else if (cJSON_IsObject(step)) {
            fixed += fix_blocks(step);
        }
    }
    return fixed;
}

static size_t fix_all(cJSON *root) {
    size_t fixed = 0;
    cJSON *member;
    cJSON_ArrayForEach(member, cJSON_GetObjectItemCaseSensitive(root, "tasks")) {
        cJSON *steps = cJSON_GetObjectItemCaseSensitive(member, "steps");
        fixed += steps == NULL ? 0 : fix_steps(steps);
    }
    cJSON_ArrayForEach(member, cJSON_GetObjectItemCaseSensitive(root, "coroutines")) {
        fixed += fix_steps(member);
    }
    return fixed;
}

Scenario *scenario_fixed(const Scenario *scenario) {
    cJSON *root = cJSON_ParseWithLength(scenario->source, scenario->source_size_bytes);
    char *text = root != NULL && fix_all(root) > 0 ? cJSON_Print(root) : NULL;
    cJSON_Delete(root);
    if (text == NULL) {
        return NULL;
    }
    Diags unused = {0};
    Scenario *fixed = scenario_load_text(scenario->file, text, strlen(text), &unused);
    diags_finish(&unused);
    cJSON_free(text);
    return fixed;
}
