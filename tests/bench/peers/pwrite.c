/* The synchronous way: one thread, pwrite on each file in turn. */
#include "bench_peer.h"

#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (!is_work(argc, argv, "files", 5)) {
        return 2;
    }
    const Files files = files_of(argv);
    int *opened = calloc(files.files, sizeof *opened);
    char path[4096];
    const double start_s = now_s();
    for (size_t i = 0; i < files.files; i++) {
        file_path(&files, i, path, sizeof path);
        opened[i] = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    }
    for (size_t block = 0; block < files.blocks; block++) {
        for (size_t i = 0; i < files.files; i++) {
            if (pwrite(opened[i], files.block, files.bytes, (off_t)(block * files.bytes)) !=
                    (ssize_t)files.bytes ||
                (wants_fsync(&files, block + 1) && fsync(opened[i]) != 0)) {
                perror("pwrite");
                return 1;
            }
        }
    }
    for (size_t i = 0; i < files.files; i++) {
        close(opened[i]);
    }
    tell_writes(&files, start_s);
    free(opened);
    free(files.block);
    return 0;
}
