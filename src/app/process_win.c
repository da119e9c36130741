#include "app/process.h"

#include "base/files.h"
#include "base/mem.h"
#include "base/wide.h"

#include <errno.h>
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

bool process_on_terminal(FILE *stream) {
    return _isatty(_fileno(stream)) != 0;
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

/* ---- a child that is fed ---- */

struct Child {
    HANDLE process, input, complaints;
};

static void handle_close(HANDLE handle) {
    if (handle != NULL && handle != INVALID_HANDLE_VALUE) {
        CloseHandle(handle);
    }
}

static void child_free(Child *child) {
    handle_close(child->process);
    handle_close(child->input);
    handle_close(child->complaints);
    free(child);
}

/* The words as one line, each in quotes (as the C runtime of the child takes them apart). */
static wchar_t *command_line(const char *const *words) {
    Buf line = {0};
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t slashes = 0;
        buf_append_text(&line, i == 0 ? "\"" : " \"");
        for (const char *c = words[i]; *c != '\0'; c++) {
            for (; *c == '"' && slashes > 0; slashes--) {
                buf_append_char(&line, '\\');
            }
            slashes = *c == '\\' ? slashes + 1 : 0;
            buf_append_text(&line, *c == '"' ? "\\" : "");
            buf_append_char(&line, *c);
        }
        for (; slashes > 0; slashes--) {
            buf_append_char(&line, '\\');
        }
        buf_append_char(&line, '"');
    }
    wchar_t *wide = wide_from_utf8(buf_text(&line));
    buf_finish(&line);
    return wide;
}

/* A file that goes with its handle: a pipe nobody reads would hold the child. */
static HANDLE nameless_file(void) {
    wchar_t folder[MAX_PATH + 1], name[MAX_PATH + 1];
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    if (GetTempPathW(MAX_PATH + 1, folder) == 0 || GetTempFileNameW(folder, L"los", 0, name) == 0) {
        return INVALID_HANDLE_VALUE;
    }
    return CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                       &inherited, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
}

static bool spawn(Child *child, HANDLE input, const char *const *words) {
    PROCESS_INFORMATION made = {0};
    STARTUPINFOW start = {.cb = sizeof start,
                          .dwFlags = STARTF_USESTDHANDLES,
                          .hStdInput = input,
                          .hStdOutput = child->complaints,
                          .hStdError = child->complaints};
    wchar_t *line = command_line(words);
    const bool done = line != NULL && CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_NO_WINDOW,
                                                     NULL, NULL, &start, &made);
    free(line);
    if (done) {
        child->process = made.hProcess;
        CloseHandle(made.hThread);
    }
    return done;
}

Child *process_start(const char *const *words) {
    Child *child = mem_alloc(1, sizeof *child);
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    HANDLE input = NULL;
    child->complaints = nameless_file();
    const bool done = child->complaints != INVALID_HANDLE_VALUE &&
                      CreatePipe(&input, &child->input, &inherited, 1 << 16) &&
                      SetHandleInformation(child->input, HANDLE_FLAG_INHERIT, 0) &&
                      spawn(child, input, words);
    const DWORD error = GetLastError();
    handle_close(input);
    if (!done) {
        child_free(child);
        errno = wide_errno(error);
        return NULL;
    }
    return child;
}

bool process_feed(Child *child, const void *bytes, size_t size_bytes) {
    const char *at = bytes;
    while (size_bytes > 0) {
        DWORD wrote = 0;
        const DWORD part = size_bytes < (1u << 20) ? (DWORD)size_bytes : 1u << 20;
        if (!WriteFile(child->input, at, part, &wrote, NULL)) {
            errno = EPIPE;
            return false;
        }
        at += wrote;
        size_bytes -= wrote;
    }
    return true;
}

int process_wait(Child *child, Buf *complaints) {
    handle_close(child->input);
    child->input = NULL;
    WaitForSingleObject(child->process, INFINITE);
    DWORD status = 1, got = 0;
    GetExitCodeProcess(child->process, &status);
    char text[512];
    SetFilePointer(child->complaints, 0, NULL, FILE_BEGIN);
    while (ReadFile(child->complaints, text, sizeof text, &got, NULL) && got > 0) {
        buf_append(complaints, text, got);
    }
    child_free(child);
    return (int)status;
}
