/* A console for a program for Windows, and somebody at its keyboard: starts the program that the
 * first word names, with the rest as its words, and presses Ctrl+C when a byte comes on the
 * standard input. Ends with the program's status. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

enum { PATIENCE_MS = 60000, LINE_UNITS = 8192, NOT_STARTED = 97, NOT_SENT, NOT_ENDED };

int wmain(int argc, wchar_t **words) {
    static wchar_t line[LINE_UNITS];
    size_t used = 0;
    for (int i = 1; i < argc; i++) {
        used += (size_t)swprintf(line + used, LINE_UNITS - used, L"\"%ls\" ", words[i]);
    }
    STARTUPINFOW start = {.cb = sizeof start,
                          .dwFlags = STARTF_USESTDHANDLES,
                          .hStdInput = GetStdHandle(STD_INPUT_HANDLE),
                          .hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE),
                          .hStdError = GetStdHandle(STD_ERROR_HANDLE)};
    PROCESS_INFORMATION child;
    FreeConsole();
    AllocConsole();
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &child)) {
        return NOT_STARTED;
    }
    char byte;
    DWORD got = 0;
    ReadFile(start.hStdInput, &byte, 1, &got, NULL);
    SetConsoleCtrlHandler(NULL, TRUE); /* not for this program */
    if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) {
        return NOT_SENT;
    }
    if (WaitForSingleObject(child.hProcess, PATIENCE_MS) != WAIT_OBJECT_0) {
        return NOT_ENDED;
    }
    DWORD status = NOT_ENDED;
    GetExitCodeProcess(child.hProcess, &status);
    return (int)status;
}
