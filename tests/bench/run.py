"""The measurements: every goal beside what was measured in this run.

usage: run.py LOOPSCOPE [BENCH_PROGRAM...]    (make bench)

The machine is noisy: figures are medians; what matters are ratios within one run."""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from display import Display  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def row(what, measured, goal):
    print("%-64s %14s   goal %s" % (what, measured, goal), flush=True)


def frames_of(text):
    found = re.search(r"first at (\d+) ns .*; (\d+) frames, median (\d+) us, 99th (\d+) us, longest (\d+) us", text)
    assert found, "no report of frames in: %r" % text
    return [int(part) for part in found.groups()]


def keys_of(text):
    found = re.search(r"keys: (\d+) keys.* median (\d+) us, 99th (\d+) us, longest (\d+) us", text)
    assert found, "no report of keys in: %r" % text
    return [int(part) for part in found.groups()]


def window(program, display, scenario, pace, seconds, keys):
    """Opens the window, presses keys, lets it run, closes it; the time of the start and the report."""
    start = time.monotonic_ns()
    child = subprocess.Popen([program, "--report-frames", "--pace", str(pace), scenario], cwd=ROOT,
                             env=display.environment, stderr=subprocess.PIPE, text=True)
    time.sleep(1.0)
    display.key(*keys)
    time.sleep(seconds)
    subprocess.run(["xdotool", "key", "ctrl+q"], env=display.environment, stderr=subprocess.DEVNULL)
    return start, child.communicate(timeout=60)[1]


def first_frame(program, display):
    took = []
    for _ in range(7):
        start, text = window(program, display, "scenarios/three-writers.json", 2, 0.1, [])
        took.append((frames_of(text)[0] - start) / 1e6)
    row("first frame after the start of the process", "%.0f ms" % statistics.median(took), "150 ms")


def frames(program, display, size):
    report = frames_of(window(program, display, "scenarios/three-writers.json", 3, 8, ["space"])[1])
    row("a frame of three-writers, %s, moving (%d frames)" % (size, report[1]),
        "%.1f ms" % (report[2] / 1000), "8 ms" if size == "1280x720" else "16 ms")
    row("  its 99th percentile", "%.1f ms" % (report[3] / 1000), "-")
    report = frames_of(window(program, display, "scenarios/ten-thousand.json", 1e9, 8, ["space"])[1])
    row("a frame of ten-thousand, %s, full speed (%d frames)" % (size, report[1]),
        "%.1f ms" % (report[2] / 1000), "16 ms")
    row("  its 99th percentile", "%.1f ms" % (report[3] / 1000), "-")


def keys(program, display):
    """Steps back and forth while nothing moves: each key changes the picture."""
    report = keys_of(window(program, display, "scenarios/three-writers.json", 3, 0.5, ["Right", "Left"] * 30)[1])
    row("from a key to the pixels that it changed (%d keys)" % report[0], "%.1f ms" % (report[1] / 1000),
        "16.7 ms: one frame")
    row("  its 99th percentile", "%.1f ms" % (report[2] / 1000), "-")


def ten_thousand(program):
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        subprocess.run([program, "run", "--quiet", "--trace", os.path.join(folder, "t.jsonl"),
                        "scenarios/ten-thousand.json"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        row("ten-thousand runs, with its trace written", "%.2f s" % (time.monotonic() - start), "-")


def main():
    program = os.path.abspath(sys.argv[1])
    for bench in sys.argv[2:]:
        subprocess.run([os.path.abspath(bench)], cwd=ROOT, check=True)
    ten_thousand(program)
    if not Display.available():
        print("the window is not measured: Xvfb and xdotool are needed (make deps bench)")
        return
    with Display(1280, 720) as display:
        first_frame(program, display)
        frames(program, display, "1280x720")
        keys(program, display)


main()
