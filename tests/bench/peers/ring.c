/* The floor: a bare C ring of callbacks, each of which queues itself again.
 *
 * usage: ring resume TASKS YIELDS    prints ns a resume */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 4 || strcmp(argv[1], "resume") != 0) {
        return 2;
    }
    const size_t tasks = strtoul(argv[2], NULL, 10);
    const uint64_t yields = strtoull(argv[3], NULL, 10);
    for (ring_cap = 1; ring_cap < tasks; ring_cap *= 2) {
    }
    ring = calloc(ring_cap, sizeof *ring);
    Job *jobs = calloc(tasks, sizeof *jobs);
    for (size_t i = 0; i < tasks; i++) {
        jobs[i] = (Job){.run = again, .left = yields};
        push(&jobs[i]);
    }
    const uint64_t start_ns = now_ns();
    while (count > 0) {
        Job *job = ring[first];
        first = (first + 1) & (ring_cap - 1);
        count--;
        job->run(job);
    }
    printf("%.2f\n", (double)(now_ns() - start_ns) / ((double)tasks * (double)(yields + 1)));
    free(jobs);
    free(ring);
    return 0;
}
