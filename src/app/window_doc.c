#include "app/window_doc.h"

#include "app/resources.h"
#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void document_listings(Document *document) {
    const TraceHeader *header = log_header(document->view.log);
    if (strcmp(header->language, "python") == 0) {
        listing_add_source(&document->python, header->source, header->source_size_bytes);
        document->view.listings[CODE_PYTHON] = &document->python;
    }
    if (document->scenario == NULL) {
        return;
    }
    scenario_list_steps(document->scenario, &document->steps);
    scenario_list_json(document->scenario, &document->json);
    scenario_list_python(document->scenario, &document->python);
    document->view.listings[CODE_STEPS] = &document->steps;
    document->view.listings[CODE_PYTHON] = &document->python;
    document->view.listings[CODE_JSON] = &document->json;
    document->fixed = scenario_fixed(document->scenario);
    if (document->fixed != NULL) {
        scenario_list_python(document->fixed, &document->fixed_python);
        document->view.fixed = &document->fixed_python;
    }
    document->view.about = document->scenario->about;
    document->view.program = document->scenario->program;
}

static void document_watch(Document *document, const Log *log) {
    document->view.log = log;
    document->view.timeline = timeline_create(log);
    document->view.before = state_create(document->view.timeline);
    document->view.after = state_create(document->view.timeline);
    document->view.name = document->name;
    document->view.about = "";
    document_listings(document);
}

static Document *document_create(const char *file) {
    Document *document = mem_alloc(1, sizeof *document);
    document->file = mem_copy_text(file, strlen(file));
    resources_name(file, document->name, sizeof document->name);
    return document;
}

static void document_trouble(Document *document, const char *text) {
    snprintf(document->trouble, sizeof document->trouble, "%s", text);
    document->view.trouble = document->trouble;
}

static void document_fold_all(Document *document) {
    Timeline *timeline = document->view.timeline;
    if (!timeline_follow(timeline, UINT64_MAX)) {
        char text[256];
        const TimelineError *error = timeline_error(timeline);
        snprintf(text, sizeof text, "only the first %llu events: %s",
                 (unsigned long long)timeline_count(timeline), error->message);
        document_trouble(document, text);
    }
}

Document *document_over(Log *log, const char *file) {
    Document *document = document_create(file);
    const TraceHeader *header = log_header(log);
    if (header->scenario != NULL && header->scenario[0] != '\0') {
        resources_name(header->scenario, document->name, sizeof document->name);
    }
    Diags unused = {0}; /* a trace can be viewed although its source is of another version */
    document->scenario =
        scenario_load_text(header->scenario, header->source, header->source_size_bytes, &unused);
    diags_finish(&unused);
    document_watch(document, log);
    document_fold_all(document);
    return document;
}

static Document *document_open_trace(const char *file, Diags *diags) {
    Diags damage = {0};
    Log *log = trace_read(file, &damage);
    if (log == NULL) {
        *diags = damage;
        return NULL;
    }
    Document *document = document_over(log, file);
    document->loaded = log;
    if (damage.count > 0) {
        char text[256];
        snprintf(text, sizeof text, "only the first %llu events: line %u: %s",
                 (unsigned long long)log_count(log), damage.items[0].line, damage.items[0].message);
        document_trouble(document, text);
    }
    diags_finish(&damage);
    return document;
}

/* The scenario is the document's, and freed where that can't be made. */
static Document *document_run(const Options *options, const char *file, Scenario *scenario,
                              Diags *diags) {
    Document *document = document_create(file);
    document->scenario = scenario;
    document->session = session_create(scenario,
                                       &(SessionConfig){.backend = options->backend,
                                                        .seed = options->seed,
                                                        .workdir = options->workdir,
                                                        .keep = options->keep,
                                                        .limits = options->limits,
                                                        .held = true},
                                       diags);
    if (document->session == NULL || !session_start(document->session, diags)) {
        document_close(document);
        return NULL;
    }
    document_watch(document, session_log(document->session));
    document->view.live = true;
    if (session_fallback_reason(document->session) != NULL) {
        document_trouble(document, session_fallback_reason(document->session));
    }
    if (options->trace != NULL) {
        document->writer = trace_writer_create(document->view.log, options->trace, diags);
        if (document->writer == NULL) {
            document_close(document);
            return NULL;
        }
    }
    return document;
}

Document *document_open(const Options *options, const char *file, bool trace_only, Diags *diags) {
    if (trace_only || resources_is_trace(file)) {
        return document_open_trace(file, diags);
    }
    Scenario *scenario = scenario_load(file, diags);
    return scenario == NULL ? NULL : document_run(options, file, scenario, diags);
}

static Scenario *scenario_of(const char *file, Diags *diags) {
    if (!resources_is_trace(file)) {
        return scenario_load(file, diags);
    }
    Log *log = trace_read_header(file, diags);
    if (log == NULL) {
        return NULL;
    }
    const TraceHeader *header = log_header(log);
    Scenario *scenario =
        scenario_load_text(header->scenario, header->source, header->source_size_bytes, diags);
    log_destroy(log);
    return scenario;
}

Document *document_open_way(const Options *options, const char *file, bool fixed, Diags *diags) {
    Scenario *scenario = scenario_of(file, diags);
    if (scenario == NULL || !fixed) {
        return scenario == NULL ? NULL : document_run(options, file, scenario, diags);
    }
    Scenario *mended = scenario_fixed(scenario);
    if (mended == NULL) {
        diags_add(diags, file, "nothing in it keeps the thread");
    }
    scenario_destroy(scenario);
    return mended == NULL ? NULL : document_run(options, file, mended, diags);
}

void document_close(Document *document) {
    if (document == NULL) {
        return;
    }
    if (document->session != NULL && document->view.log != NULL) {
        session_interrupt(document->session);
        session_allow(document->session, UINT64_MAX);
        session_join(document->session);
        document_follow(document, UINT64_MAX);
    }
    Diags diags = {0};
    if (document->writer != NULL) {
        trace_writer_close(document->writer, &diags);
    }
    command_report(&diags);
    state_destroy(document->view.before);
    state_destroy(document->view.after);
    timeline_destroy(document->view.timeline);
    session_destroy(document->session);
    log_destroy(document->loaded);
    listing_finish(&document->steps);
    listing_finish(&document->json);
    listing_finish(&document->python);
    listing_finish(&document->fixed_python);
    scenario_destroy(document->fixed);
    scenario_destroy(document->scenario);
    free(document->file);
    free(document);
}

bool document_ended(const Document *document) {
    return log_finished(document->view.log);
}

bool document_follow(Document *document, uint64_t wants) {
    if (document->session == NULL) {
        return false;
    }
    session_allow(document->session, wants);
    const bool was_held = document->view.held, was_live = document->view.live;
    const bool finished = log_finished(document->view.log);
    const uint64_t before = timeline_count(document->view.timeline);
    const bool legal = timeline_follow(document->view.timeline, UINT64_MAX);
    ASSERT(legal); /* every run tests the loop */
    document->view.held = session_is_held(document->session);
    document->view.live = !finished;
    Diags diags = {0};
    if (document->writer != NULL && !trace_writer_follow(document->writer, &diags)) {
        if (diags.count > 0) {
            document_trouble(document, diags.items[0].message);
        }
    }
    diags_finish(&diags);
    return timeline_count(document->view.timeline) != before || document->view.held != was_held ||
           document->view.live != was_live;
}
