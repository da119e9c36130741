"""Run after run in one process: memory and descriptors must not grow. Some seconds a back end here; `make soak` takes
SOAK_SECONDS, 600 of them."""
import glob
import json
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "conformance"))
import generate  # noqa: E402
from harness import PROGRAM, ROOT, Skip, Suite, equal  # noqa: E402

suite = Suite("soak")
BATCH = os.path.join(os.path.dirname(PROGRAM), "conformance", "batch")
SECONDS = float(os.environ.get("SOAK_SECONDS", "4"))
PORTION, PORTIONS_LEAST, PATIENCE_S = 10, 4, 120
SHIPPED = [path for path in sorted(glob.glob(os.path.join(ROOT, "scenarios", "*.json"))) if "ten-thousand" not in path]
# A sanitizer keeps freed memory for a while, and remembers where all of it was asked for.
ENVIRONMENT = dict(os.environ, ASAN_OPTIONS="quarantine_size_mb=1:malloc_context_size=0:detect_leaks=0")
GROWTH_BYTES, GROWTH_SHARE = 24 << 20, 0.2


def resident_bytes(pid):
    with open("/proc/%d/statm" % pid, encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


class Batch:
    """One process that runs what it is told, and nothing else beside it."""

    def __init__(self, backend, folder):
        self.backend, self.folder, self.number = backend, folder, 0
        self.process = subprocess.Popen([BATCH], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, env=ENVIRONMENT, cwd=ROOT)

    def run(self, paths):
        """False where the machine has no such back end."""
        place = os.path.join(self.folder, str(self.number))
        self.number += 1
        for at, path in enumerate(paths):
            os.makedirs(os.path.join(place, str(at)))
            self.process.stdin.write(("%s\t%s\t%s\n" % (path, os.path.join(place, str(at)), self.backend)).encode())
        self.process.stdin.flush()
        last, late = os.path.join(place, str(len(paths) - 1)), time.monotonic() + PATIENCE_S
        while not os.path.exists(os.path.join(last, self.backend + ".status")):
            assert self.process.poll() is None, self.process.stderr.read().decode("utf-8", "replace")
            assert time.monotonic() < late, "a portion hangs: " + place
            time.sleep(0.01)
        time.sleep(0.05)  # the run's own things are given back after its status is written
        shutil.rmtree(place)

    def finish(self):
        self.process.stdin.close()
        equal(self.process.wait(timeout=PATIENCE_S), 0, "status")
        self.process.stderr.close()


def soak(backend, folder):
    if not os.path.exists(BATCH):
        raise Skip("tests/conformance/batch.c is not built")
    batch, seed, samples = Batch(backend, folder), 1, []
    begin = time.monotonic()
    while len(samples) < PORTIONS_LEAST or time.monotonic() - begin < SECONDS:
        paths = []
        for number in range(PORTION):
            paths.append(os.path.join(folder, "%d.json" % number))
            with open(paths[-1], "w", encoding="utf-8") as file:
                json.dump(generate.scenario(seed), file)
            seed += 1
        batch.run(SHIPPED + paths if len(samples) % 4 == 0 else paths)
        samples.append((resident_bytes(batch.process.pid), descriptors(batch.process.pid)))
    batch.finish()
    warm = samples[len(samples) // 4:]
    equal({count for _, count in samples}, {samples[0][1]}, "descriptors after each portion")
    first, last = max(size for size, _ in samples[:len(samples) // 4 + 1]), warm[-1][0]
    assert last < first + GROWTH_BYTES + first * GROWTH_SHARE, "memory grew: %s" % [size >> 10 for size, _ in samples]
    print("%s: %d scenarios, %d KiB after the first quarter, %d KiB at the end, %d descriptors"
          % (backend, seed - 1, first >> 10, last >> 10, samples[0][1]))


@suite.case
def nothing_grows_with_io_uring(folder):
    soak("io_uring", folder)


@suite.case
def nothing_grows_with_helper_threads(folder):
    soak("threads", folder)


suite.finish()
