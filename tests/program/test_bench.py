"""The measurements run, with so little work that their figures mean nothing."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import PROGRAM, ROOT, Suite, equal  # noqa: E402

suite = Suite("bench")
ENGINE = os.path.join(os.path.dirname(PROGRAM), "bench", "bench_engine")


def bench(*arguments):
    return subprocess.run([ENGINE, *map(str, arguments)], capture_output=True, text=True, timeout=120)


@suite.case
def every_work_is_done(folder):
    for work in (["resume", 3, 4], ["recorded", 3, 4], ["files", folder, 3, 20, 100, 10], ["pingpong", 5]):
        done = bench(*work)
        equal((done.returncode, done.stderr), (0, ""))
        assert float(done.stdout) > 0
    for work in (["live", 3], ["timers", 1000]):
        done = bench(*work)
        equal((done.returncode, done.stdout, done.stderr), (0, "", ""))
    equal(sorted((os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))), [2000] * 3)


@suite.case
def exports_are_measured(_):
    done = subprocess.run([sys.executable, os.path.join(ROOT, "tests", "bench", "exports.py"), PROGRAM,
                           os.path.join(os.path.dirname(PROGRAM), "bench", "bench_export"), "--small"],
                          capture_output=True, text=True, timeout=300)
    equal((done.returncode, done.stderr), (0, ""))
    for start in (".jsonl written", ".json (Chrome) written", ".jsonl read", "  writing the trace makes",
                  "memory over"):
        assert re.search("^%s" % re.escape(start), done.stdout, re.M), (start, done.stdout)


@suite.case
def an_unknown_work_is_refused(_):
    equal(bench("resumes", 1, 1).returncode, 2)


@suite.case
def the_peers_run_and_missing_ones_are_named(folder):
    done = subprocess.run([sys.executable, os.path.join(ROOT, "tests", "bench", "peers.py"), ENGINE, folder,
                           "--small"], capture_output=True, text=True, timeout=300)
    equal((done.returncode, done.stderr), (0, ""))
    for name in ("C ring", "pwrite", "liburing", "libuv", "libev", "asyncio", "uvloop"):
        assert re.search(r"^ +(missing: )?%s " % name, done.stdout, re.M), (name, done.stdout)
    equal(len(re.findall(r"^    goal: ", done.stdout, re.M)), 7)


suite.finish()
