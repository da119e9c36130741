"""Predicting in the window, by keys and by the mouse; seen by the results that it leaves.

usage: test_predict.py [PROGRAM]"""
import os
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests"))
import harness  # noqa: E402
from display import Display  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(ROOT, "build", "debug", "loopscope")
PATIENCE_S = 60


def until(what):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        value = what()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("it never came")


def lines_of(file):
    try:
        with open(file, encoding="utf-8") as stream:
            return stream.read().splitlines()
    except FileNotFoundError:
        return []


def answered(display, file, act, count):
    """Repeats what answers until the results have `count` questions: before the question is there it does nothing."""
    def once():
        act()
        time.sleep(0.3)
        return len(lines_of(file)) > count
    until(once)


def main():
    if not Display.available():
        print("0 passed, 0 failed, 1 skipped")
        return 0
    with tempfile.TemporaryDirectory() as folder, Display(1280, 720) as display:
        file = os.path.join(folder, "results.txt")
        environment = dict(display.environment, XDG_CONFIG_HOME=folder, LSAN_OPTIONS=harness.ENVIRONMENT["LSAN_OPTIONS"])
        window = subprocess.Popen([PROGRAM, os.path.join(ROOT, "scenarios", "three-writers.json"), "--backend", "sim",
                                   "--pace", "1000", "--results", file], env=environment,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        display.tool("search", "--sync", "--onlyvisible", "--name", "Loopscope")
        time.sleep(0.5)
        display.key("p")
        answered(display, file, lambda: display.key("2"), 1)  # by key
        first = lines_of(file)
        assert first[0] == "three-writers: 1 of 1 right at the first try", first
        assert "turn 1" in first[1] and first[1].startswith("right\t"), first
        display.key("space")
        # By click on the first choice; what is printed next is what the first task prints.
        answered(display, file, lambda: display.tool("mousemove", 400, 125, "click", 1), 2)
        assert "What is printed next?" in lines_of(file)[2], lines_of(file)
        display.key("space")
        answered(display, file, lambda: display.key("1"), 3)  # wrong: an open pauses its task
        third = lines_of(file)
        assert third[3].startswith("wrong\t") and third[0].startswith("three-writers: 2 of 3"), third
        display.key("r", "2", "space")  # tried again: it is not counted
        answered(display, file, lambda: display.key("1"), 4)
        assert lines_of(file)[3] == third[3], lines_of(file)
        window.send_signal(signal.SIGINT)
        status = window.wait(timeout=PATIENCE_S)
        assert status == 130, status
    print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
