#include "base/system.h"

#include "base/files.h"

#include "base/mem.h"
#include "base/wide.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <windows.h>

int64_t system_thread_id(void) {
    return GetCurrentThreadId();
}

void system_thread_name(const char *name) {
    (void)pthread_setname_np(pthread_self(), name);
}

bool system_program_path(char *out, size_t size_bytes) {
    enum { NAME_MAX_UNITS = 4096 };
    wchar_t name[NAME_MAX_UNITS];
    const DWORD units = GetModuleFileNameW(NULL, name, NAME_MAX_UNITS);
    if (units == 0 || units >= NAME_MAX_UNITS) {
        return false;
    }
    char *path = wide_path_to_utf8(name);
    const size_t length = strlen(path);
    const bool fits = length < size_bytes;
    if (fits) {
        memcpy(out, path, length + 1);
    }
    free(path);
    return fits;
}

/* winpthreads' conditions know the calendar's clock alone. Somebody who sets it makes one nap
 * shorter or longer; its users look again anyway. */
void system_cond_init(pthread_cond_t *cond) {
    pthread_cond_init(cond, NULL);
}

void system_cond_nap(pthread_cond_t *cond, pthread_mutex_t *lock, uint64_t ns) {
    enum { NS_PER_S = 1000000000 };
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    const uint64_t ns_of_second = (uint64_t)until.tv_nsec + ns % NS_PER_S;
    until.tv_sec += (time_t)(ns / NS_PER_S + ns_of_second / NS_PER_S);
    until.tv_nsec = (long)(ns_of_second % NS_PER_S);
    pthread_cond_timedwait(cond, lock, &until);
}

bool system_settings_folder(char *out, size_t size_bytes) {
    return file_variable("APPDATA", out, size_bytes);
}
