#include "app/run_end.h"

#include "app/command.h"
#include "base/format.h"

#include <string.h>

/* As the option takes it: a time, a size or a number. */
static const char *limit_in_words(char out[FORMAT_MAX], const LoopEnd *end) {
    if (strcmp(end->limit, "time") == 0) {
        return format_duration_plain(out, end->limit_value);
    }
    if (strcmp(end->limit, "bytes") == 0 || strcmp(end->limit, "memory") == 0) {
        return format_size(out, end->limit_value);
    }
    snprintf(out, FORMAT_MAX, "%llu", (unsigned long long)end->limit_value);
    return out;
}

int run_end_tell(const Session *session, const LoopEnd *end, bool broken) {
    Buf text = {0};
    const Loop *loop = session_loop(session);
    loop_explain_refusals(loop, &text);
    loop_explain_errors(loop, &text);
    if (end->reason == STOP_DEADLOCK) {
        buf_append_text(&text, "deadlock: no task can ever run again\n");
        loop_explain_deadlock(loop, &text);
    } else if (end->reason == STOP_LIMIT) {
        char value[FORMAT_MAX];
        buf_printf(&text, "the run's limit on %s (%s) was reached; raise it with --max-%s\n",
                   end->limit, limit_in_words(value, end), end->limit);
    } else if (end->reason == STOP_INTERRUPTED) {
        buf_append_text(&text, "interrupted\n");
    }
    for (char *line = text.data; line != NULL && *line != '\0';) {
        char *next = strchr(line, '\n');
        fprintf(stderr, "loopscope: %.*s\n", (int)(next - line), line);
        line = next + 1;
    }
    buf_finish(&text);
    if (end->reason == STOP_INTERRUPTED) {
        return EXIT_INTERRUPTED;
    }
    return end->reason == STOP_DONE && end->errors_lost == 0 && !broken ? EXIT_DONE : EXIT_TROUBLE;
}
