"""Makes the pictures of docs/guide.md: each lesson is run on the simulated OS and painted at one of its events.

usage: pictures.py PATH_TO_LOOPSCOPE"""
import json
import os
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
SCENARIOS = os.path.join(FOLDER, "..", "..", "scenarios")
# The event of each picture: the n-th of a kind, from 0.
MOMENTS = (
    ("two-tasks", "task_ready", 2), ("three-writers", "io_submitted", 2), ("what-await-is", "task_waiting", 0),
    ("sleepers", "poll", 1), ("sleep-zero", "note", 0), ("spawn-and-await", "note", 0),
    ("awaiting-is-not-parallel", "note", 1), ("gather", "task_waiting", 0), ("wait-first", "note", 0),
    ("frozen-loop", "loop_blocked", 0), ("blocking-writes", "io_blocking", 1), ("epoll-refuses-files", "io_submitted", 1),
    ("channels-ping-pong", "io_submitted", 0), ("back-pressure", "io_submitted", 0), ("lock", "note", 0),
    ("queue", "task_waiting", 1), ("cancel", "cancel_requested", 0), ("timeout", "note", 1),
    ("group-error", "task_failed", 0), ("deadlock", "deadlock", 0), ("ten-thousand", "polled", 3))


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="loopscope-guide-") as folder:
        for name, kind, nth in MOMENTS:
            trace = os.path.join(folder, name + ".jsonl")
            subprocess.run([program, "run", "--quiet", "--backend", "sim", "--trace", trace, name + ".json"],
                           cwd=SCENARIOS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            with open(trace, encoding="utf-8") as lines:
                events = [json.loads(line) for line in lines.read().splitlines()[1:]]
            found = [event["n"] for event in events if event["ev"] == kind]
            if len(found) <= nth:
                sys.exit("%s has no event %d of kind %s" % (name, nth, kind))
            subprocess.run([program, "export", trace, "-o", os.path.join(FOLDER, name + ".png"), "--at", str(found[nth]),
                            "--size", "1024x640", "--theme", "light"], check=True)


main()
