"""Real trouble on Linux: a full disk, a file limit, no descriptors left, a folder that can't be written, a file that goes
away while it is open. Each ends in an error in its task, and the run goes on."""
import errno
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ENVIRONMENT, PROGRAM, ROOT, Skip, Suite, contains, equal, run, write  # noqa: E402

suite = Suite("faults")
BACK_ENDS = ("io_uring", "threads")
OTHER = {"name": "other", "steps": [{"repeat": 3, "steps": [{"sleep": "1ms"}]}, {"log": "other goes on"}]}


def caught(steps):
    return [{"try": steps, "except": [{"log": "caught {error}"}]}]


def scenario(folder, tasks, **more):
    return write(folder, "s.json", json.dumps(dict({"title": "t", "tasks": tasks + [OTHER]}, **more)))


def run_in(folder, work, tasks, wanted, preexec=None, **more):
    """Runs on both back ends; `wanted` is printed, the other task goes on, and the trace is sound."""
    file, trace = scenario(folder, tasks, **more), os.path.join(folder, "t.jsonl")
    for backend in BACK_ENDS:
        done = subprocess.run([PROGRAM, "run", "--quiet", "--backend", backend, "--workdir", work, "--trace", trace,
                               file], cwd=ROOT, env=dict(ENVIRONMENT, ASAN_OPTIONS="detect_leaks=0"), preexec_fn=preexec,
                              capture_output=True, text=True, timeout=120)
        equal(done.returncode, 0, done.stderr)
        contains(done.stdout, wanted)
        contains(done.stdout, "other goes on")
        run("export", trace, "-o", os.path.join(folder, "again.jsonl"), status=0)


@suite.case
def a_full_disk(folder):
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", disk], capture_output=True)
    if mounted.returncode != 0:
        raise Skip("nothing can be mounted here")
    try:
        run_in(folder, disk, [{"name": "w", "steps": [{"open": "f", "as": "f"}] + caught(
            [{"write": {"bytes": "1MiB"}, "to": "f"}]) + [{"close": "f"}]}], "caught [Errno 28] No space left on device")
        assert os.path.getsize(os.path.join(disk, "f")) <= 256 * 1024
    finally:
        subprocess.run(["umount", disk], check=True)


@suite.case
def a_limit_on_the_size_of_files(folder):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300000, 300000))
    work = os.path.join(folder, "work")
    for blocking in (False, True):
        step = {"write": {"bytes": 500000}, "to": "f", **({"blocking": True} if blocking else {})}
        run_in(folder, work, [{"name": "w", "steps": [{"open": "f", "as": "f"}] + caught([step]) + [{"close": "f"}]}],
               "caught [Errno 27] File too large", preexec=limit)
        equal(os.path.getsize(os.path.join(work, "f")), 300000, "what was written before the limit")


@suite.case
def no_descriptors_left(folder):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))
    run_in(folder, os.path.join(folder, "work"), [{"name": "w", "count": 40, "steps": caught(
        [{"open": "{task}", "as": "f"}, {"sleep": "50ms"}, {"close": "f"}])}],
        "caught [Errno 24] Too many open files", preexec=limit)


@suite.case
def no_descriptors_left_for_channels(folder):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))
    names = ["c%d" % i for i in range(30)]
    run_in(folder, os.path.join(folder, "work"), [{"name": "w", "steps": caught([{"send": "x", "to": "c29.a"}])}],
           "caught [Errno 24] Too many open files", preexec=limit, channels=names)


@suite.case
def a_folder_that_can_not_be_written(folder):
    if os.geteuid() != 0:
        raise Skip("only root can mount, and only root would be let in")
    place = os.path.join(folder, "place")
    os.makedirs(place)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", place], capture_output=True).returncode != 0:
        raise Skip("nothing can be mounted here")
    try:
        run_in(folder, place, [{"name": "w", "steps": caught([{"open": "f", "as": "f"}])}],
               "caught [Errno 30] Read-only file system: 'f'")
    finally:
        subprocess.run(["umount", place], check=True)


@suite.case
def a_file_that_goes_away_while_it_is_open(folder):
    work = os.path.join(folder, "work")
    file = scenario(folder, [{"name": "w", "steps": [
        {"open": "sub/f", "as": "f"}, {"write": "before", "to": "f"}, {"sleep": "600ms"}, {"write": "after", "to": "f"},
        {"fsync": "f"}, {"close": "f"}, {"log": "written to nothing"}] + caught([{"open": "sub/f", "as": "g", "mode": "r"}])}])
    for backend in BACK_ENDS:
        def remove():
            for _ in range(1000):
                if os.path.exists(os.path.join(work, "sub", "f")) and os.path.getsize(os.path.join(work, "sub", "f")) == 6:
                    shutil.rmtree(os.path.join(work, "sub"))
                    return
                time.sleep(0.002)
        thread = threading.Thread(target=remove)
        thread.start()
        _, out, _ = run("run", "--quiet", "--backend", backend, "--workdir", work, file, status=0)
        thread.join()
        contains(out, "written to nothing")
        contains(out, "caught [Errno %d] No such file or directory: 'sub/f'" % errno.ENOENT)


suite.finish()
