/* The ends of channels: a pair of TCP sockets on the loopback address, for Windows has no
 * socketpair. */
#include "os/os_win.h"

#include "base/assert.h"
#include "base/wide.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <winsock2.h>

static int socket_error(void) {
    return -wide_errno((unsigned long)WSAGetLastError());
}

static SOCKET socket_of(int socket) {
    return socket < 0 ? INVALID_SOCKET : (SOCKET)socket;
}

int win_sockets_start(void) {
    WSADATA unused;
    return -wide_errno((unsigned long)WSAStartup(MAKEWORD(2, 2), &unused));
}

void win_sockets_stop(void) {
    WSACleanup();
}

void win_socket_close(int socket) {
    closesocket(socket_of(socket));
}

static SOCKET tcp_socket(void) {
    return WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0,
                      WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

static SOCKET listen_somewhere(struct sockaddr_in *at) {
    const SOCKET listener = tcp_socket();
    int size_bytes = sizeof *at;
    *at = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (listener != INVALID_SOCKET &&
        (bind(listener, (struct sockaddr *)at, sizeof *at) != 0 || listen(listener, 1) != 0 ||
         getsockname(listener, (struct sockaddr *)at, &size_bytes) != 0)) {
        closesocket(listener);
        return INVALID_SOCKET;
    }
    return listener;
}

/* Whoever is quicker than we are may connect to the listener as well: only our own other end is
 * taken. */
static SOCKET accept_from(SOCKET listener, SOCKET other) {
    struct sockaddr_in ours, theirs;
    int ours_bytes = sizeof ours;
    if (getsockname(other, (struct sockaddr *)&ours, &ours_bytes) != 0) {
        return INVALID_SOCKET;
    }
    for (;;) {
        int theirs_bytes = sizeof theirs;
        const SOCKET end = accept(listener, (struct sockaddr *)&theirs, &theirs_bytes);
        if (end == INVALID_SOCKET ||
            (theirs.sin_port == ours.sin_port && theirs.sin_addr.s_addr == ours.sin_addr.s_addr)) {
            return end;
        }
        closesocket(end);
    }
}

/* Never waiting, each message at once, its completions to the port. */
static bool prepare_end(SOCKET end, void *port, uintptr_t key) {
    u_long yes = 1;
    const BOOL at_once = TRUE;
    return ioctlsocket(end, (long)FIONBIO, &yes) == 0 &&
           setsockopt(end, IPPROTO_TCP, TCP_NODELAY, (const char *)&at_once, sizeof at_once) == 0 &&
           CreateIoCompletionPort((HANDLE)end, port, key, 0) != NULL;
}

static int connect_pair(SOCKET listener, const struct sockaddr_in *at, SOCKET pair[2]) {
    pair[0] = tcp_socket();
    if (pair[0] == INVALID_SOCKET ||
        connect(pair[0], (const struct sockaddr *)at, sizeof *at) != 0) {
        return socket_error();
    }
    pair[1] = accept_from(listener, pair[0]);
    return pair[1] == INVALID_SOCKET ? socket_error() : 0;
}

int win_sockets_pair(void *port, uintptr_t key, OsFile ends[2]) {
    struct sockaddr_in at;
    const SOCKET listener = listen_somewhere(&at);
    if (listener == INVALID_SOCKET) {
        return socket_error();
    }
    SOCKET pair[2] = {INVALID_SOCKET, INVALID_SOCKET};
    int error = connect_pair(listener, &at, pair);
    closesocket(listener);
    for (int i = 0; i < 2 && error == 0; i++) {
        ASSERT(pair[i] <= INT_MAX);
        ends[i] = (OsFile)pair[i];
        error = prepare_end(pair[i], port, key) ? 0 : -wide_errno(GetLastError());
    }
    for (int i = 0; i < 2 && error != 0; i++) {
        if (pair[i] != INVALID_SOCKET) {
            closesocket(pair[i]);
        }
    }
    return error;
}

static WSABUF buffer_of(const OsOp *op) {
    return (WSABUF){.len = op->size_bytes < INT_MAX ? (ULONG)op->size_bytes : INT_MAX,
                    .buf = op->data};
}

int64_t win_socket_try(const OsOp *op, int socket) {
    const WSABUF buffer = buffer_of(op);
    const int moved = op->call == OS_SEND ? send(socket_of(socket), buffer.buf, (int)buffer.len, 0)
                                          : recv(socket_of(socket), buffer.buf, (int)buffer.len, 0);
    if (moved >= 0) {
        return moved;
    }
    /* The other end was closed while bytes lay unread in it: a local socket says it so, too. */
    const int error = socket_error();
    return op->call == OS_SEND && (error == -ECONNRESET || error == -ECONNABORTED) ? -EPIPE : error;
}

unsigned long win_socket_begin(const OsOp *op, int socket, void *overlapped) {
    /* Of no bytes: it completes when there are some, and takes none, so that none are lost where
     * the operation is withdrawn in that moment. */
    WSABUF buffer = op->call == OS_SEND ? buffer_of(op) : (WSABUF){.len = 0, .buf = op->data};
    DWORD flags = 0;
    const int begun = op->call == OS_SEND
                          ? WSASend(socket_of(socket), &buffer, 1, NULL, 0, overlapped, NULL)
                          : WSARecv(socket_of(socket), &buffer, 1, NULL, &flags, overlapped, NULL);
    return begun == 0 ? ERROR_SUCCESS : (unsigned long)WSAGetLastError();
}

bool win_socket_is_begun(unsigned long error) {
    return error == ERROR_SUCCESS || error == WSA_IO_PENDING;
}
