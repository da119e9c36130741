/* What every system has, each under a name of its own: one file a system, which the Makefile
 * chooses.
 *
 * Ownership: nothing is kept. Threads: any. */
#ifndef LOOPSCOPE_BASE_SYSTEM_H
#define LOOPSCOPE_BASE_SYSTEM_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The number by which the system's own tools know the calling thread; 0 where it has none. */
int64_t system_thread_id(void);

/* Names the calling thread for debuggers and process lists; at most 15 bytes. */
void system_thread_name(const char *name);

/* The file of the running program; false where the system does not tell. */
bool system_program_path(char *out, size_t size_bytes);

/* Where the system keeps what programs remember of their user (not made here); false where it is
 * not known. */
bool system_settings_folder(char *out, size_t size_bytes);

/* A condition for system_cond_nap. */
void system_cond_init(pthread_cond_t *cond);

/* Waits with `lock` held until the condition is signalled or `ns` are over; may return early. Does
 * not care when somebody sets the calendar's clock. */
void system_cond_nap(pthread_cond_t *cond, pthread_mutex_t *lock, uint64_t ns);

/* Brings a file's bytes to the disk, and not only to the disk's own memory where the system tells
 * the two apart. 0 or -1 with errno, -1 with EINTR where a signal came first. */
int system_file_flush(int file);

/* send(2) and recv(2). A send to an end that is gone is no signal (it gives EPIPE) at a socket to
 * which system_socket_quiet was done once. */
void system_socket_quiet(int socket);
ptrdiff_t system_send(int socket, const void *data, size_t size_bytes);
ptrdiff_t system_receive(int socket, void *data, size_t size_bytes);

#endif
