/* How a run ended, for those who started it from the command line.
 *
 * Threads: the main thread. */
#ifndef LOOPSCOPE_APP_RUN_END_H
#define LOOPSCOPE_APP_RUN_END_H

#include "app/session.h"

/* Says on standard error what went wrong, and returns the exit status. `broken`: a result could not
 * be written. After session_join. */
int run_end_tell(const Session *session, const LoopEnd *end, bool broken);

#endif
