#include "app/session.h"

#include "app/process.h"
#include "base/assert.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/system.h"
#include "os/workspace.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FOLDER_MAX = 4096 };

struct Session {
    const Scenario *scenario;
    SessionConfig config;
    char folder[FOLDER_MAX]; /* "" where there is none */
    bool folder_is_fresh;
    Os *os;
    Log *log;
    Gate gate;
    Loop *loop;
    LoopEnd end;
    pthread_t thread;
    pthread_mutex_t header_lock;
    pthread_cond_t header_came; /* the header names the loop's thread, so that thread writes it */
    bool header_is_set;
    bool started, joined;
};

static bool folder_use(Session *session, const char *folder, Diags *diags) {
    if (!file_make_folder(folder)) {
        diags_add(diags, folder, "the folder can't be made: %s", strerror(errno));
        return false;
    }
    char *whole = file_real_path(folder);
    if (whole == NULL || strlen(whole) >= FOLDER_MAX) {
        diags_add(diags, folder, "the folder can't be used: %s", strerror(errno));
        free(whole);
        return false;
    }
    memcpy(session->folder, whole, strlen(whole) + 1);
    free(whole);
    return true;
}

static bool folder_prepare(Session *session, Diags *diags) {
    if (session->config.backend == OS_BACKEND_SIM) {
        return true;
    }
    if (session->config.workdir != NULL) {
        return folder_use(session, session->config.workdir, diags);
    }
    session->folder_is_fresh =
        workspace_make_temporary(session->folder, sizeof session->folder, diags);
    return session->folder_is_fresh;
}

Session *session_create(const Scenario *scenario, const SessionConfig *config, Diags *diags) {
    Session *session = mem_alloc(1, sizeof *session);
    session->scenario = scenario;
    session->config = *config;
    session->log = log_create();
    gate_init(&session->gate, 0);
    pthread_mutex_init(&session->header_lock, NULL);
    pthread_cond_init(&session->header_came, NULL);
    if (folder_prepare(session, diags)) {
        session->os = os_create(&(OsConfig){.backend = config->backend,
                                            .workspace = session->folder,
                                            .seed = config->seed},
                                diags);
    }
    if (session->os == NULL) {
        session_destroy(session);
        return NULL;
    }
    return session;
}

static void header_set(Session *session) {
    char started[40];
    const time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", &utc);
    const OsBackend backend = os_backend(session->os);
    log_set_header(session->log, &(TraceHeader){
                                     .title = session->scenario->title,
                                     .scenario = session->scenario->file,
                                     .backend = os_backend_name(backend),
                                     .notifier = os_notifier_name(session->os),
                                     .sleeps_in = os_sleeps_in(session->os),
                                     .seed = session->config.seed,
                                     .has_seed = backend == OS_BACKEND_SIM,
                                     .held = session->config.held,
                                     .pid = getpid(),
                                     .tid = system_thread_id(),
                                     .started = started,
                                     .source = session->scenario->source,
                                     .source_size_bytes = session->scenario->source_size_bytes,
                                 });
}

static void *session_thread(void *context) {
    Session *session = context;
    header_set(session);
    pthread_mutex_lock(&session->header_lock);
    session->header_is_set = true;
    pthread_cond_signal(&session->header_came);
    pthread_mutex_unlock(&session->header_lock);
    session->end = loop_run(session->loop);
    return NULL;
}

bool session_start(Session *session, Diags *diags) {
    ASSERT(!session->started);
    session->loop = loop_create(&(LoopConfig){.program = session->scenario->program,
                                              .os = session->os,
                                              .log = session->log,
                                              .gate = &session->gate,
                                              .limits = session->config.limits,
                                              .print = session->config.print,
                                              .print_user = session->config.print_user});
    /* Signals are the creating thread's: the loop is woken through its own door. */
    const int error = process_thread_start(&session->thread, session_thread, session);
    if (error != 0) {
        diags_add(diags, "loopscope", "the loop's thread can't be started: %s", strerror(error));
        return false;
    }
    session->started = true;
    pthread_mutex_lock(&session->header_lock);
    while (!session->header_is_set) {
        pthread_cond_wait(&session->header_came, &session->header_lock);
    }
    pthread_mutex_unlock(&session->header_lock);
    return true;
}

bool session_ended(const Session *session) {
    return log_finished(session->log);
}

LoopEnd session_join(Session *session) {
    ASSERT(session->started);
    if (!session->joined) {
        pthread_join(session->thread, NULL);
        session->joined = true;
    }
    return session->end;
}

void session_interrupt(Session *session) {
    if (session->loop != NULL) {
        loop_interrupt(session->loop);
    }
}

/* The session that a signal ends, and whether one came; a handler can reach no other memory. */
static Session *_Atomic signalled_session;
static _Atomic bool signalled;

static void on_interrupt(void) {
    atomic_store(&signalled, true);
    Session *session = atomic_load(&signalled_session);
    if (session != NULL) {
        session_interrupt(session);
    }
}

void session_end_on_interrupt(Session *session) {
    atomic_store(&signalled_session, session);
    if (session != NULL) {
        process_on_interrupt(on_interrupt);
    }
}

bool session_was_interrupted(void) {
    return atomic_load(&signalled);
}

void session_destroy(Session *session) {
    if (session == NULL) {
        return;
    }
    if (session->started && !session->joined) {
        session_interrupt(session);
        gate_open(&session->gate);
        session_join(session);
    }
    loop_destroy(session->loop);
    os_destroy(session->os);
    log_destroy(session->log);
    gate_finish(&session->gate);
    pthread_cond_destroy(&session->header_came);
    pthread_mutex_destroy(&session->header_lock);
    if (session->folder_is_fresh && !session->config.keep) {
        workspace_remove(session->folder);
    }
    free(session);
}

void session_allow(Session *session, uint64_t events) {
    if (events == UINT64_MAX) {
        gate_open(&session->gate);
    } else {
        gate_allow(&session->gate, events);
    }
}

bool session_is_held(const Session *session) {
    return gate_is_held(&session->gate);
}

Log *session_log(Session *session) {
    return session->log;
}

const Loop *session_loop(const Session *session) {
    return session->loop;
}

const char *session_folder(const Session *session) {
    return session->folder[0] == '\0' ? NULL : session->folder;
}

bool session_folder_stays(const Session *session) {
    return !session->folder_is_fresh || session->config.keep;
}

const char *session_fallback_reason(const Session *session) {
    return os_fallback_reason(session->os);
}
