/* What the files of the Windows back end share.
 *
 * A handle is kept as an int, as descriptors are elsewhere (Windows promises that 32 bits hold
 * any), and -1 is none. This header names no type of the system's, so that <windows.h> and
 * <winsock2.h> stay in the files that need them; a HANDLE is a void pointer.
 *
 * Threads: any. */
#ifndef LOOPSCOPE_OS_OS_WIN_H
#define LOOPSCOPE_OS_OS_WIN_H

#include "base/buf.h"
#include "os/os.h"

/* As SystemBackend has it. */
Os *os_win_create(const OsConfig *config, Buf *reason, Diags *diags);

/* NULL for -1, which every function of the system's refuses as an invalid handle. */
void *win_handle(int file);

/* -errno for a code of GetLastError after reading from, writing to or flushing a file. */
int64_t win_file_error(unsigned long error);

/* Sockets: 0 or -errno. win_sockets_pair binds both ends to the completion port, with `key`. */
int win_sockets_start(void);
void win_sockets_stop(void);
int win_sockets_pair(void *port, uintptr_t key, OsFile ends[2]);
void win_socket_close(int socket);

/* OS_SEND or OS_RECV once, without waiting: bytes or -errno. */
int64_t win_socket_try(const OsOp *op, int socket);

/* Begins it; `overlapped` is the system's structure. The system's code: 0 or "pending" where a
 * packet will come, anything else where none will. */
unsigned long win_socket_begin(const OsOp *op, int socket, void *overlapped);
bool win_socket_is_begun(unsigned long error);

#endif
