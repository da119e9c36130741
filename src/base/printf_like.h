/* What a function like printf says of itself, so that the compiler holds what it is given to the
 * format: the number of the format's parameter, from 1, and of the first that is put into it. */
#ifndef LOOPSCOPE_BASE_PRINTF_LIKE_H
#define LOOPSCOPE_BASE_PRINTF_LIKE_H

#include <stdio.h>

/* mingw-w64 has a printf as C11 says beside Microsoft's, and tells which of them was chosen. */
#ifdef __MINGW_PRINTF_FORMAT
#define PRINTF_KIND __MINGW_PRINTF_FORMAT
#else
#define PRINTF_KIND __printf__
#endif
#define PRINTF_LIKE(text_at, first_at) __attribute__((format(PRINTF_KIND, text_at, first_at)))

#endif
