#include "os/file_table.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void file_table_finish(FileTable *files) {
    for (size_t i = 0; i < files->cap; i++) {
        if (files->entries[i].open) {
            close((int)i);
        }
    }
    free(files->entries);
    *files = (FileTable){0};
}

void file_table_add(FileTable *files, int file) {
    ASSERT(file >= 0);
    const size_t old = files->cap;
    files->entries =
        mem_grow(files->entries, &files->cap, (size_t)file + 1, sizeof *files->entries);
    if (files->cap > old) {
        memset(files->entries + old, 0, (files->cap - old) * sizeof *files->entries);
    }
    ASSERT(!files->entries[file].open);
    files->entries[file] = (FileEntry){.open = true};
}
