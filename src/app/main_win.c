/* Windows hands over the words of the command line in UTF-16; in the char form they have been
 * through an old code page, which loses letters. */
#include "app/command.h"
#include "base/mem.h"
#include "base/wide.h"

#include <stdlib.h>

int wmain(int argc, wchar_t **wide);

int wmain(int argc, wchar_t **wide) {
    char **words = mem_alloc((size_t)argc + 1, sizeof *words);
    for (int i = 0; i < argc; i++) {
        words[i] = wide_to_utf8(wide[i]);
    }
    const int status = command_main(argc, words);
    for (int i = 0; i < argc; i++) {
        free(words[i]);
    }
    free(words);
    return status;
}
