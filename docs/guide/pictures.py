"""Makes the pictures of docs/guide.md: each lesson is run on the simulated OS and painted at one of its events.

usage: pictures.py PATH_TO_LOOPSCOPE"""
import json
import os
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
SCENARIOS = os.path.join(FOLDER, "..", "..", "scenarios")
# The event of each picture: the n-th of a kind, from 0; "ask" is a step that asks.
MOMENTS = (
    ("two-tasks", "output", 1), ("three-writers", "io_submitted", 2), ("what-await-is", "task_waiting", 0),
    ("sleepers", "ask", 0), ("sleep-zero", "ask", 0), ("spawn-and-await", "note", 0),
    ("awaiting-is-not-parallel", "ask", 0), ("gather", "ask", 0), ("wait-first", "note", 0),
    ("frozen-loop", "loop_blocked", 0), ("blocking-writes", "io_blocking", 1), ("epoll-refuses-files", "io_submitted", 1),
    ("channels-ping-pong", "io_submitted", 0), ("back-pressure", "io_submitted", 0), ("lock", "note", 0),
    ("queue", "task_waiting", 1), ("cancel", "ask", 0), ("timeout", "note", 1),
    ("group-error", "task_failed", 0), ("deadlock", "deadlock", 0), ("ten-thousand", "polled", 3))


def asks(scenario, event):
    if event["ev"] != "step":
        return False
    place = scenario
    for key in event["at"].split("/")[1:]:
        place = place[int(key) if isinstance(place, list) else key]
    return "ask" in place


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="loopscope-guide-") as folder:
        for name, kind, nth in MOMENTS:
            trace = os.path.join(folder, name + ".jsonl")
            subprocess.run([program, "run", "--quiet", "--backend", "sim", "--trace", trace, name + ".json"],
                           cwd=SCENARIOS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            with open(trace, encoding="utf-8") as lines:
                events = [json.loads(line) for line in lines.read().splitlines()[1:]]
            with open(os.path.join(SCENARIOS, name + ".json"), encoding="utf-8") as file:
                scenario = json.load(file)
            found = [event["n"] for event in events
                     if (asks(scenario, event) if kind == "ask" else event["ev"] == kind)]
            if len(found) <= nth:
                sys.exit("%s has no event %d of kind %s" % (name, nth, kind))
            subprocess.run([program, "export", trace, "-o", os.path.join(FOLDER, name + ".png"), "--at", str(found[nth]),
                            "--size", "1024x640", "--theme", "light"], check=True)


main()
