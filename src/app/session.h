/* A session: one run of one scenario, on its own thread, with its folder, its OS and its log.
 *
 * Ownership: session_create/session_destroy; the scenario is the caller's and outlives it. The
 * back end is made and probed by the creating thread and then belongs to the loop's thread.
 * Threads: the creating thread; session_interrupt also from a signal handler. */
#ifndef LOOPSCOPE_APP_SESSION_H
#define LOOPSCOPE_APP_SESSION_H

#include "loop/loop.h"
#include "scenario/scenario.h"

typedef struct SessionConfig {
    OsBackend backend;
    uint64_t seed;
    const char *workdir; /* NULL: a fresh folder */
    bool keep;           /* the fresh folder stays */
    LoopLimits limits;
    void (*print)(void *user, const char *text, size_t length); /* as LoopConfig's */
    void *print_user;
    bool held; /* a viewer may hold the loop; stands in the trace's header */
} SessionConfig;

typedef struct Session Session;

/* NULL and diagnostics where the folder or the back end can't be had. */
Session *session_create(const Scenario *scenario, const SessionConfig *config, Diags *diags);

/* Interrupts and joins where needed; removes the fresh folder. Accepts NULL. */
void session_destroy(Session *session);

/* Starts the loop's thread. The loop waits before its first event until session_allow. */
bool session_start(Session *session, Diags *diags);
bool session_ended(const Session *session); /* the log is finished */
LoopEnd session_join(Session *session);
void session_interrupt(Session *session);

/* From now on the user's or the system's wish to end the program ends this run; NULL: no run. */
void session_end_on_interrupt(Session *session);

/* Whether that wish came, be it between two runs. */
bool session_was_interrupted(void);

void session_allow(Session *session, uint64_t events); /* UINT64_MAX: full speed */
bool session_is_held(const Session *session);

Log *session_log(Session *session);
const Loop *session_loop(const Session *session);   /* after session_join */
const char *session_folder(const Session *session); /* NULL: sim touches none */
bool session_folder_stays(const Session *session);
const char *session_fallback_reason(const Session *session); /* or NULL */

#endif
