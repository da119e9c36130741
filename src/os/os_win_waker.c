#include "os/waker.h"

#include "base/wide.h"

#include <windows.h>

int waker_init(Waker *waker) {
    const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    waker->ends[0] = (intptr_t)event;
    return event != NULL ? 0 : -wide_errno(GetLastError());
}

void waker_finish(Waker *waker) {
    CloseHandle((HANDLE)waker->ends[0]);
}

void waker_ring(Waker *waker) {
    SetEvent((HANDLE)waker->ends[0]);
}

void waker_sleep(Waker *waker) {
    WaitForSingleObject((HANDLE)waker->ends[0], INFINITE);
}

void waker_clear(Waker *waker) {
    ResetEvent((HANDLE)waker->ends[0]);
}
