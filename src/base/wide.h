/* Windows' names, texts and errors: UTF-16 on its side, UTF-8 on ours; its hundreds of error codes
 * there, errno here.
 *
 * Ownership: what is returned is the caller's to free. Threads: any. */
#ifndef LOOPSCOPE_BASE_WIDE_H
#define LOOPSCOPE_BASE_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/* NULL and errno EILSEQ where `text` is no UTF-8. */
wchar_t *wide_from_utf8(const char *text);

/* Half a pair of surrogates, which Windows allows in names, becomes U+FFFD. */
char *wide_to_utf8(const wchar_t *text);

/* The name as the functions for files want it: '\' for '/', and whole, with \\?\ in front, where
 * they would find it too long. NULL and errno. */
wchar_t *wide_path(const char *path);

/* Always whole, with \\?\ in front. */
wchar_t *wide_path_whole(const char *path);

/* Without the \\?\ that the system puts before names it tells. */
char *wide_path_to_utf8(const wchar_t *path);

/* The errno that says the same as a code of GetLastError or of Winsock; EIO where none does. */
int wide_errno(unsigned long error);

/* The system's sentence for a code of GetLastError, in UTF-8, without the line's end. */
char *wide_error_text(unsigned long error);

#endif
