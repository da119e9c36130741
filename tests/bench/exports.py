"""Traces written and read: beside fprintf, Python's json and Node's JSON.parse, in the same run, in turns.

usage: exports.py LOOPSCOPE BENCH_EXPORT [--small]    (make bench)

Rates are the best of the rounds, each of which runs all; what matters are the ratios. Runs are measured by medians
of wall time, for which a core for each of their two threads must be free, and of CPU time; memory is the most that is resident. A program that can't be had here is named as missing."""
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS, EVENTS, TURNS = 3, 400000, 200000
COUNTS = (1000, 100000, 10000000)
SMALL = "--small" in sys.argv
if SMALL:
    ROUNDS, EVENTS, TURNS, COUNTS = 1, 4000, 100, (1000, 4000)
FORMATS = ("jsonl", "json", "pftrace", "csv", "txt")
EVENT_BYTES = 48
NODE = """
const text = require('fs').readFileSync(process.argv[1], 'latin1');
let best = 0;
for (let round = 0; round < 5; round++) {
  const start = process.hrtime.bigint();
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\\n', at);
    JSON.parse(text.slice(at, end));
    at = end + 1;
  }
  best = Math.max(best, text.length / Number(process.hrtime.bigint() - start) * 1e3);
}
console.log(best);
"""


def row(what, measured, goal="-"):
    print("%-64s %14s   goal %s" % (what, measured, goal), flush=True)


def rate_of_python(path, work):
    """MB/s of the lines, in their own form."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    events = [json.loads(line) for line in lines] if work == "write" else None
    start = time.perf_counter()
    with open(os.devnull, "w", encoding="utf-8") as out:
        if work == "write":
            for event in events:
                out.write(json.dumps(event) + "\n")
        else:
            for line in lines:
                json.loads(line)
    return os.path.getsize(path) / (time.perf_counter() - start) / 1e6


def figure(*command):
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def rates(bench, folder):
    path = os.path.join(folder, "t.jsonl")
    subprocess.run([bench, "write", path, str(EVENTS)], check=True)
    node = shutil.which("node")
    best = {}
    for _ in range(ROUNDS):
        found = {work: figure(bench, work, path, str(EVENTS))
                 for work in ("jsonl", "jsonl-fprintf", "json", "json-fprintf", "read")}
        found.update({"python " + work: rate_of_python(path, work) for work in ("write", "read")})
        if node:
            found["node"] = figure(node, "-e", NODE, path)
        best = {name: max(value, best.get(name, 0)) for name, value in found.items()}
    for ending, what in (("jsonl", ".jsonl"), ("json", ".json (Chrome)")):
        by_hand, by_fprintf = best[ending], best[ending + "-fprintf"]
        row("%s written, beside fprintf of the same lines" % what, "%.0f, %.0f MB/s" % (by_hand, by_fprintf))
        row("  the one against the other", "%.1f x" % (by_hand / by_fprintf), "1 x")
    row("  the lines of .jsonl by Python's json", "%.0f MB/s" % best["python write"])
    row(".jsonl read, beside Python's json by line", "%.0f, %.0f MB/s" % (best["read"], best["python read"]))
    if not node:
        row("  missing: node", "-")
        return
    row("  beside Node's JSON.parse by line", "%.0f MB/s" % best["node"])
    row("  the one against the other", "%.1f x" % (best["read"] / best["node"]), "3 x")


def milliseconds(told):
    """How long the loop ran, from the line "loop: … asleep for … of 92.1 ms"."""
    number, unit = re.search(r"asleep for .* of ([\d.\s]+)\s(ms|µs|s)$", told, re.MULTILINE).groups()
    return float("".join(number.split())) * {"s": 1000, "ms": 1, "µs": 0.001}[unit]


def while_running(program, folder):
    """Tasks that do nothing but give up control: every event is recorded, and in turns also written."""
    scenario = os.path.join(folder, "s.json")
    with open(scenario, "w", encoding="utf-8") as file:
        json.dump({"title": "turns", "tasks": [{"name": "t", "count": 3, "steps": [
            {"repeat": TURNS, "steps": [{"sleep": 0}]}]}]}, file)
    took, worked, ran = ({True: [], False: []} for _ in range(3))
    for _ in range(ROUNDS * 3):
        for written in (False, True):
            trace = ["--trace", os.path.join(folder, "run.jsonl")] if written else []
            start, before = time.perf_counter(), os.times()
            told = subprocess.run([program, "run", "--summary", *trace, scenario], check=True, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE).stderr.decode("utf-8")
            ran[written].append(milliseconds(told))
            took[written].append(time.perf_counter() - start)
            worked[written].append(sum(os.times()[2:4]) - sum(before[2:4]))
    kept, written = statistics.median(took[False]), statistics.median(took[True])
    row("%d turns, their trace in memory, and in a file, too" % (3 * TURNS), "%.2f, %.2f s" % (kept, written))
    row("  with all that comes before and behind it, fsync too", "%.1f x" % (written / kept))
    kept, written = statistics.median(ran[False]), statistics.median(ran[True])
    row("  the loop itself, from its first event to its last", "%.0f, %.0f ms" % (kept, written))
    row("  writing the trace makes it longer by", "%.0f %%" % (100 * (written / kept - 1)), "33 %")
    row("  CPU time of both threads", "%.2f, %.2f s" % tuple(map(statistics.median, (worked[False], worked[True]))))


def memory_of(program, *arguments):
    pid = os.posix_spawn(program, [program, *arguments], os.environ)
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, arguments
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def memory(program, bench, folder):
    over = {ending: [] for ending in FORMATS}
    path = os.path.join(folder, "long.jsonl")
    for count in COUNTS:
        subprocess.run([bench, "write", path, str(count)], check=True)
        for ending in FORMATS:
            # Nothing of it is kept: Perfetto's form can't go to standard output, but to a device.
            used = memory_of(program, "export", "--quiet", path, "--format", ending, "-o", os.devnull)
            over[ending].append((used - EVENT_BYTES * count) / (1 << 20))
    for ending in FORMATS:
        row("memory over the trace, .%s, of %s events" % (ending, ", ".join("{:,}".format(count) for count in COUNTS)),
            ", ".join("%.0f" % value for value in over[ending]) + " MiB", "64 MiB")


def main():
    program, bench = map(os.path.abspath, sys.argv[1:3])
    with tempfile.TemporaryDirectory() as folder:
        memory(program, bench, folder)  # first: a child's peak counts from the size of its parent
        rates(bench, folder)
        while_running(program, folder)


main()
