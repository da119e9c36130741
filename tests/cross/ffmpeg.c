/* Stands in for ffmpeg on Windows: takes what it is fed and writes, in place of a film, how many
 * bytes that were and its own words, a line each, in UTF-8. With FAKE_TAKES in the environment it
 * takes that many bytes, complains, and ends with status 3. */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

static const wchar_t SCHEME[] = L"file:"; /* before the name of the film, the last word */

int wmain(int argc, wchar_t **words) {
    static char block[1 << 16];
    const wchar_t *takes = _wgetenv(L"FAKE_TAKES");
    const long long limit = takes == NULL ? -1 : wcstoll(takes, NULL, 10);
    const HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    long long taken = 0;
    DWORD got = 0;
    while ((limit < 0 || taken < limit) && ReadFile(input, block, sizeof block, &got, NULL) &&
           got > 0) {
        taken += got;
    }
    if (limit >= 0) {
        fprintf(stderr, "some warning\r\nthe fake has had enough\r\n");
        return 3;
    }
    FILE *film = argc < 2 ? NULL : _wfopen(words[argc - 1] + wcslen(SCHEME), L"wb");
    if (film == NULL) {
        return 4;
    }
    fprintf(film, "%lld\n", taken);
    for (int i = 1; i < argc; i++) {
        static char word[1 << 16];
        WideCharToMultiByte(CP_UTF8, 0, words[i], -1, word, sizeof word, NULL, NULL);
        fprintf(film, "%s\n", word);
    }
    return fclose(film) == 0 ? 0 : 5;
}
