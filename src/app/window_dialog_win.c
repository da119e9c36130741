/* Windows' own dialog, on its own thread. */
#include "app/window_dialog.h"
#include "base/mem.h"
#include "base/wide.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <windows.h>

#include <commdlg.h>
#include <objbase.h>

enum { PATH_MAX_SIGNS = 1 << 15, CLOSE_EVERY_MS = 20 };

struct DialogWork {
    _Atomic bool stop;
    _Atomic bool ended;
    HANDLE closer; /* closes the dialog's windows when it has to go */
    DWORD thread;  /* that the dialog runs on */
};

DialogWork *dialog_work_create(void) {
    return mem_alloc(1, sizeof(DialogWork));
}

void dialog_work_destroy(DialogWork *work) {
    free(work);
}

void dialog_work_stop(DialogWork *work) {
    atomic_store(&work->stop, true);
}

static BOOL CALLBACK close_one(HWND window, LPARAM unused) {
    (void)unused;
    PostMessageW(window, WM_COMMAND, IDCANCEL, 0);
    return TRUE;
}

/* The dialog has a message loop of its own that nothing of ours runs in; so somebody beside it
 * looks whether it has to go, and says so to its windows until it has gone. */
static DWORD WINAPI closer_run(void *context) {
    DialogWork *work = context;
    while (!atomic_load(&work->ended)) {
        if (atomic_load(&work->stop)) {
            EnumThreadWindows(work->thread, close_one, 0);
        }
        Sleep(CLOSE_EVERY_MS);
    }
    return 0;
}

static DialogEnd answer_judge(BOOL chosen, const wchar_t *path, Buf *text) {
    const DWORD error = chosen ? 0 : CommDlgExtendedError();
    char *name = chosen ? wide_to_utf8(path) : NULL;
    if (name != NULL) {
        buf_append_text(text, name);
        free(name);
        return DIALOG_CHOSEN;
    }
    if (!chosen && error == 0) {
        return DIALOG_CANCELLED;
    }
    buf_printf(text, "Windows' dialog failed with 0x%04lX", (unsigned long)error);
    return DIALOG_FAILED;
}

DialogEnd dialog_work_run(DialogWork *work, const char *folder, Buf *text) {
    static const wchar_t KINDS[] = L"Scenarios and traces\0*.json;*.jsonl\0All files\0*.*\0";
    const bool com = SUCCEEDED(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED));
    wchar_t *path = mem_alloc(PATH_MAX_SIGNS, sizeof *path);
    wchar_t *title = wide_from_utf8(DIALOG_TITLE), *where = wide_from_utf8(folder);
    for (wchar_t *sign = where; sign != NULL && *sign != L'\0'; sign++) {
        *sign = *sign == L'/' ? L'\\' : *sign;
    }
    OPENFILENAMEW ask = {.lStructSize = sizeof ask,
                         .lpstrFilter = KINDS,
                         .lpstrFile = path,
                         .nMaxFile = PATH_MAX_SIGNS,
                         .lpstrInitialDir = where,
                         .lpstrTitle = title,
                         .Flags =
                             OFN_EXPLORER | OFN_FILEMUSTEXIST | OFN_HIDEREADONLY | OFN_NOCHANGEDIR};
    work->thread = GetCurrentThreadId();
    work->closer = CreateThread(NULL, 0, closer_run, work, 0, NULL);
    DialogEnd end = DIALOG_FAILED;
    if (work->closer == NULL) {
        buf_append_text(text, "there is no room for another thread");
    } else {
        const BOOL chosen = GetOpenFileNameW(&ask);
        end = answer_judge(chosen, path, text);
        atomic_store(&work->ended, true);
        WaitForSingleObject(work->closer, INFINITE);
        CloseHandle(work->closer);
    }
    end = atomic_load(&work->stop) ? DIALOG_CANCELLED : end;
    free(path);
    free(title);
    free(where);
    if (com) {
        CoUninitialize();
    }
    return end;
}
