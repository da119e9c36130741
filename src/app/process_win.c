#include "app/process.h"

#include "base/files.h"
#include "base/wide.h"

#include <fcntl.h>
#include <io.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include <shellapi.h>

/* After a console's window was closed Windows ends the program by itself; this long it may tidy. */
enum { TIDY_MS = 4000 };

static UINT console_code_page;

static void console_restore(void) {
    SetConsoleOutputCP(console_code_page);
}

/* Line ends stay as they are written, and a console shows them as the UTF-8 that they are. */
void process_prepare(void) {
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    _setmode(_fileno(stderr), _O_BINARY);
    setvbuf(stderr, NULL, _IONBF, 0);
    console_code_page = GetConsoleOutputCP();
    if (console_code_page != 0 && SetConsoleOutputCP(CP_UTF8)) {
        atexit(console_restore);
    }
}

typedef void Interrupted(void);

/* The system calls the handler without an argument of ours. */
static Interrupted *_Atomic on_interrupt;

static BOOL WINAPI on_control(DWORD what) {
    atomic_load (&on_interrupt)();
    if (what != CTRL_C_EVENT && what != CTRL_BREAK_EVENT) {
        Sleep(TIDY_MS); /* the main thread ends the program meanwhile */
    }
    return TRUE;
}

void process_on_interrupt(void (*interrupted)(void)) {
    atomic_store(&on_interrupt, interrupted);
    SetConsoleCtrlHandler(NULL, FALSE); /* a parent may have switched Ctrl+C off */
    SetConsoleCtrlHandler(on_control, TRUE);
}

int process_thread_start(pthread_t *thread, void *(*run)(void *), void *argument) {
    return pthread_create(thread, NULL, run, argument);
}

void process_leave_console(void) {
    DWORD processes[2];
    if (GetConsoleProcessList(processes, 2) == 1) {
        FreeConsole();
    }
}

void process_system_name(char *out, size_t size_bytes) {
    snprintf(out, size_bytes, "Windows");
}

bool process_edit(const char *file) {
    char editor[1024];
    if (!file_variable("VISUAL", editor, sizeof editor) &&
        !file_variable("EDITOR", editor, sizeof editor)) {
        snprintf(editor, sizeof editor, "notepad.exe");
    }
    char quoted[4200];
    snprintf(quoted, sizeof quoted, "\"%s\"", file);
    wchar_t *program = wide_from_utf8(editor), *name = wide_from_utf8(quoted);
    const bool begun = program != NULL && name != NULL &&
                       (INT_PTR)ShellExecuteW(NULL, NULL, program, name, NULL, SW_SHOWNORMAL) > 32;
    free(program);
    free(name);
    return begun;
}
