/* Runs a program from which something of the system is taken.
 *
 * usage: forbid_uring setup|enter|threads ERRNO PROGRAM ARGUMENT...
 *            a seccomp filter answers io_uring_setup, io_uring_enter or the start of threads with
 *            that error, as containers and limits do
 *        forbid_uring memory 0 PROGRAM ARGUMENT...
 *            no locked memory, and no root, who may have it all the same
 *        forbid_uring helpers 0 PROGRAM ARGUMENT...
 *            one thread beside the first and no other, for a user who has no other processes */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY_ELSE = 64917 }; /* a user nobody is */

static int forbid(int first, int second, unsigned error) {
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)first, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)second, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error & SECCOMP_RET_DATA)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {.len = sizeof rules / sizeof rules[0], .filter = rules};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
               ? -1
               : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

static int take(const char *what, unsigned error) {
    if (strcmp(what, "setup") == 0) {
        return forbid(SYS_io_uring_setup, SYS_io_uring_setup, error);
    }
    if (strcmp(what, "enter") == 0) {
        return forbid(SYS_io_uring_enter, SYS_io_uring_enter, error);
    }
    if (strcmp(what, "threads") == 0) {
        return forbid(SYS_clone, SYS_clone3, error);
    }
    if (strcmp(what, "helpers") == 0) {
        const struct rlimit two = {2, 2};
        return setrlimit(RLIMIT_NPROC, &two) != 0 ? -1 : setuid(NOBODY_ELSE);
    }
    const struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_MEMLOCK, &none) != 0 ? -1 : setuid(65534);
}

int main(int argc, char **argv) {
    if (argc < 4 || take(argv[1], (unsigned)atoi(argv[2])) != 0) {
        perror("forbid_uring");
        return 77;
    }
    execv(argv[3], argv + 3);
    perror(argv[3]);
    return 77;
}
