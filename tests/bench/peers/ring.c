/* The floor: a bare C ring of callbacks, each of which queues itself again. */
#include "bench_peer.h"

typedef struct Job Job;
struct Job {
    void (*run)(Job *job);
    uint64_t left;
};

static Job **ring;
static size_t ring_cap, first, count;

static void push(Job *job) {
    ring[(first + count++) & (ring_cap - 1)] = job;
}

static void again(Job *job) {
    if (job->left-- > 0) {
        push(job);
    }
}

int main(int argc, char **argv) {
    if (!is_work(argc, argv, "resume", 2)) {
        return 2;
    }
    const size_t tasks = number(argv[2]), yields = number(argv[3]);
    for (ring_cap = 1; ring_cap < tasks; ring_cap *= 2) {
    }
    ring = calloc(ring_cap, sizeof *ring);
    Job *jobs = calloc(tasks, sizeof *jobs);
    for (size_t i = 0; i < tasks; i++) {
        jobs[i] = (Job){.run = again, .left = yields};
        push(&jobs[i]);
    }
    const double start_s = cpu_s();
    while (count > 0) {
        Job *job = ring[first];
        first = (first + 1) & (ring_cap - 1);
        count--;
        job->run(job);
    }
    printf("%.2f\n", (cpu_s() - start_s) * 1e9 / ((double)tasks * (double)(yields + 1)));
    free(jobs);
    free(ring);
    return 0;
}
