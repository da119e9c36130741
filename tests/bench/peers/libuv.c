/* libuv: timers, its file API, a ping-pong over a pair of sockets. */
#include "bench_peer.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <uv.h>

/* ---- timers ---- */

static void fired(uv_timer_t *timer) {
    uv_close((uv_handle_t *)timer, NULL);
}

static void timers_run(size_t count) {
    uv_timer_t *timers = calloc(count, sizeof *timers);
    for (size_t i = 0; i < count; i++) {
        uv_timer_init(uv_default_loop(), &timers[i]);
        uv_timer_start(&timers[i], fired, timer_ms(i), 0);
    }
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    free(timers);
}

/* ---- files ---- */

typedef struct Job {
    uv_fs_t request;
    const Files *files;
    uv_file file;
    size_t written;
    char path[256];
} Job;

static void written(uv_fs_t *request);

static void write_next(Job *job) {
    uv_buf_t buffer = uv_buf_init(job->files->block, (unsigned)job->files->bytes);
    uv_fs_write(uv_default_loop(), &job->request, job->file, &buffer, 1,
                (int64_t)(job->written * job->files->bytes), written);
}

static ssize_t result_of(uv_fs_t *request) {
    const ssize_t result = request->result;
    uv_fs_req_cleanup(request);
    if (result < 0) {
        fprintf(stderr, "libuv: %s\n", uv_strerror((int)result));
        exit(1);
    }
    return result;
}

static void closed(uv_fs_t *request) {
    result_of(request);
}

static void go_on(Job *job) {
    if (job->written < job->files->blocks) {
        write_next(job);
    } else {
        uv_fs_close(uv_default_loop(), &job->request, job->file, closed);
    }
}

static void synced(uv_fs_t *request) {
    result_of(request);
    go_on((Job *)request);
}

static void written(uv_fs_t *request) {
    Job *job = (Job *)request;
    result_of(request);
    if (wants_fsync(job->files, ++job->written)) {
        uv_fs_fsync(uv_default_loop(), &job->request, job->file, synced);
    } else {
        go_on(job);
    }
}

static void opened(uv_fs_t *request) {
    Job *job = (Job *)request;
    job->file = (uv_file)result_of(request);
    go_on(job);
}

static void files_run(const Files *files) {
    Job *jobs = calloc(files->files, sizeof *jobs);
    const double start_s = now_s();
    for (size_t i = 0; i < files->files; i++) {
        jobs[i].files = files;
        file_path(files, i, jobs[i].path, sizeof jobs[i].path);
        uv_fs_open(uv_default_loop(), &jobs[i].request, jobs[i].path, O_WRONLY | O_CREAT | O_TRUNC,
                   0666, opened);
    }
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    tell_writes(files, start_s);
    free(jobs);
}

/* ---- ping-pong ---- */

typedef struct End {
    uv_pipe_t pipe;
    uv_write_t request;
    char room[64];
    size_t rounds; /* left */
} End;

static void sent(uv_write_t *request, int status) {
    (void)request;
    (void)status;
}

static void end_send(End *end) {
    static char ball[] = "ping";
    uv_buf_t buffer = uv_buf_init(ball, 4);
    uv_write(&end->request, (uv_stream_t *)&end->pipe, &buffer, 1, sent);
}

static void give_room(uv_handle_t *handle, size_t size, uv_buf_t *buffer) {
    End *end = (End *)handle;
    (void)size;
    *buffer = uv_buf_init(end->room, sizeof end->room);
}

static void received(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer) {
    End *end = (End *)stream;
    (void)buffer;
    if (size <= 0) {
        uv_close((uv_handle_t *)stream, NULL);
    } else if (end->rounds == 1) {
        uv_close((uv_handle_t *)stream, NULL);
    } else {
        end->rounds -= end->rounds > 0;
        end_send(end);
    }
}

static void end_init(End *end, int file) {
    uv_pipe_init(uv_default_loop(), &end->pipe, 0);
    uv_pipe_open(&end->pipe, file);
    uv_read_start((uv_stream_t *)&end->pipe, give_room, received);
}

static void pingpong_run(size_t rounds) {
    int files[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, files) != 0) {
        exit(1);
    }
    static End ends[2];
    end_init(&ends[0], files[0]);
    end_init(&ends[1], files[1]);
    ends[0].rounds = rounds;
    const double start_s = now_s();
    end_send(&ends[0]);
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    printf("%.0f\n", (double)rounds / (now_s() - start_s));
}

int main(int argc, char **argv) {
    if (is_work(argc, argv, "timers", 1)) {
        timers_run(number(argv[2]));
    } else if (is_work(argc, argv, "files", 5)) {
        const Files files = files_of(argv);
        files_run(&files);
        free(files.block);
    } else if (is_work(argc, argv, "pingpong", 1)) {
        pingpong_run(number(argv[2]));
    } else {
        return 2;
    }
    return 0;
}
