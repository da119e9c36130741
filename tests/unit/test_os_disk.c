/* A disk that is full, on Linux: a small one is mounted for the test. */
#include "os_child.h"

#include <sched.h>
#include <sys/mount.h>

/* In a mount name space of its own, so that nothing stays mounted whatever happens. */
static bool fill_disk(void *argument) {
    enum { DISK_BYTES = 65536, SIZE_BYTES = 100000 };
    static char data[SIZE_BYTES];
    const Fixture *fixture = argument;
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("none", fixture->folder, "tmpfs", 0, "size=64k") < 0) {
        print_message("SKIPPED: a full disk, since nothing can be mounted here: %s\n",
                      strerror(errno));
        return true;
    }
    Os *os = create_os(fixture->backend, fixture->folder, 0);
    CHILD_EXPECT(os != NULL);
    OsOp op = op_open("full", OS_MODE_W);
    CHILD_EXPECT(child_run(os, &op) == 0);
    const OsFile file = op.file;
    op = op_write(file, data, SIZE_BYTES, 0);
    CHILD_EXPECT(child_run(os, &op) == -ENOSPC);
    op = op_write(file, data, 1, DISK_BYTES);
    os_perform(os, &op);
    CHILD_EXPECT(op.result == -ENOSPC);
    op = op_write(file, data, DISK_BYTES, 0);
    CHILD_EXPECT(child_run(os, &op) == DISK_BYTES);
    op = op_file(OS_CLOSE, file);
    CHILD_EXPECT(child_run(os, &op) == 0);
    os_destroy(os);
    return true;
}

static void full_disk(Fixture *fixture) {
    os_destroy(fixture->os); /* no threads of this process in the child */
    assert_true(in_child(fill_disk, fixture));
    fixture->os = create_os(fixture->backend, fixture->folder, 0);
    assert_non_null(fixture->os);
}

int main(void) {
    static const Case CASES[] = {{"a full disk: ENOSPC", full_disk, true}};
    return run_cases("os_disk", CASES, sizeof CASES / sizeof CASES[0]);
}
