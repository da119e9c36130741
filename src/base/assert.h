/* Assertions that stay on in every build: a broken invariant is a bug of ours, never bad input.
 *
 * Threads: any. On failure the message goes to standard error and the process aborts. */
#ifndef LOOPSCOPE_BASE_ASSERT_H
#define LOOPSCOPE_BASE_ASSERT_H

_Noreturn void assert_failed(const char *condition, const char *file, int line);

#define ASSERT(condition) ((condition) ? (void)0 : assert_failed(#condition, __FILE__, __LINE__))

#endif
