/* What the peers written in C share: their arguments, a clock, and the work that all of them do.
 *
 * Every peer is called as PEER WORK NUMBERS..., where WORK is one of
 *   resume TASKS YIELDS               prints ns of CPU time a resume
 *   live TASKS                        (memory is measured from outside)
 *   timers COUNT                      (CPU time is measured from outside)
 *   files FOLDER FILES BLOCKS BYTES FSYNC_EVERY    prints writes a second
 *   pingpong ROUNDS                   prints round trips a second */
#ifndef LOOPSCOPE_BENCH_PEER_H
#define LOOPSCOPE_BENCH_PEER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct Files {
    const char *folder;
    size_t files, blocks, bytes, fsync_every; /* 0: no fsync */
    char *block;
} Files;

static inline double clock_s(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline double now_s(void) {
    return clock_s(CLOCK_MONOTONIC);
}

static inline double cpu_s(void) {
    return clock_s(CLOCK_PROCESS_CPUTIME_ID);
}

static inline size_t number(const char *text) {
    return strtoul(text, NULL, 10);
}

/* A million timers have a thousand different lengths, in no order: 1 to 1000 ms. */
static inline uint64_t timer_ms(size_t i) {
    return i * 7919 % 1000 + 1;
}

static inline int is_work(int argc, char **argv, const char *work, int numbers) {
    return argc == 2 + numbers && strcmp(argv[1], work) == 0;
}

static inline Files files_of(char **argv) {
    Files files = {.folder = argv[2],
                   .files = number(argv[3]),
                   .blocks = number(argv[4]),
                   .bytes = number(argv[5]),
                   .fsync_every = number(argv[6])};
    files.block = malloc(files.bytes);
    memset(files.block, 'x', files.bytes);
    return files;
}

static inline void file_path(const Files *files, size_t i, char *path, size_t size) {
    snprintf(path, size, "%s/%zu", files->folder, i);
}

static inline void tell_writes(const Files *files, double start_s) {
    printf("%.0f\n", (double)files->files * (double)files->blocks / (now_s() - start_s));
}

/* After `writes` of them: is it time for an fsync? */
static inline int wants_fsync(const Files *files, size_t writes) {
    return files->fsync_every > 0 && writes % files->fsync_every == 0;
}

#endif
