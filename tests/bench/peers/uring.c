/* A bare liburing program: one operation in flight for each file, handed over in batches. Of the
 * ways to set up the ring and to submit, the fastest that was found: one thread alone submits, what
 * is finished is told when it asks, and the kernel's workers do all the writing. With -DPLAIN the
 * ring is set up as the examples in liburing's manual do, without flags; all else is the same. */
#include "bench_peer.h"

#include <fcntl.h>
#include <liburing.h>

typedef enum State { OPENING, WRITING, SYNCING, CLOSING } State;

typedef struct Job {
    State state;
    int file;
    size_t written;
    char path[256];
} Job;

static void prepare(struct io_uring *ring, const Files *files, Job *job) {
    struct io_uring_sqe *entry = io_uring_get_sqe(ring);
    switch (job->state) {
    case OPENING:
        io_uring_prep_openat(entry, AT_FDCWD, job->path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
        break;
    case WRITING:
        io_uring_prep_write(entry, job->file, files->block, (unsigned)files->bytes,
                            job->written * files->bytes);
        break;
    case SYNCING:
        io_uring_prep_fsync(entry, job->file, 0);
        break;
    case CLOSING:
        io_uring_prep_close(entry, job->file);
        break;
    }
    entry->flags |= IOSQE_ASYNC;
    io_uring_sqe_set_data(entry, job);
}

/* Its operation is done: true where there is a next one. */
static int go_on(const Files *files, Job *job, int result) {
    if (result < 0 || (job->state == WRITING && (size_t)result != files->bytes)) {
        fprintf(stderr, "uring: %s\n", strerror(-result));
        exit(1);
    }
    if (job->state == CLOSING) {
        return 0;
    }
    if (job->state == OPENING) {
        job->file = result;
    }
    if (job->state == WRITING && wants_fsync(files, ++job->written)) {
        job->state = SYNCING;
    } else {
        job->state = job->written < files->blocks ? WRITING : CLOSING;
    }
    return 1;
}

int main(int argc, char **argv) {
    if (!is_work(argc, argv, "files", 5)) {
        return 2;
    }
    const Files files = files_of(argv);
    struct io_uring ring;
#ifdef PLAIN
    const unsigned flags = 0;
#else
    const unsigned flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN; /* Linux 6.1 */
#endif
    if (io_uring_queue_init((unsigned)files.files, &ring, flags) < 0 &&
        io_uring_queue_init((unsigned)files.files, &ring, 0) < 0) {
        fprintf(stderr, "uring: there is no io_uring here\n");
        return 1;
    }
    Job *jobs = calloc(files.files, sizeof *jobs);
    const double start_s = now_s();
    for (size_t i = 0; i < files.files; i++) {
        file_path(&files, i, jobs[i].path, sizeof jobs[i].path);
        prepare(&ring, &files, &jobs[i]);
    }
    size_t left = files.files;
    while (left > 0) {
        io_uring_submit_and_wait(&ring, 1);
        struct io_uring_cqe *done = NULL;
        unsigned head = 0, count = 0;
        io_uring_for_each_cqe(&ring, head, done) {
            Job *job = io_uring_cqe_get_data(done);
            count++;
            if (go_on(&files, job, done->res)) {
                prepare(&ring, &files, job);
            } else {
                left--;
            }
        }
        io_uring_cq_advance(&ring, count);
    }
    tell_writes(&files, start_s);
    io_uring_queue_exit(&ring);
    free(jobs);
    free(files.block);
    return 0;
}
