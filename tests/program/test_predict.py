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
PATIENCE_S = 120
TITLE = " - Three files at once, one thread - Loopscope"


def until(what, condition):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("%s never came" % what)


class Lesson:
    """The window; what it is at stands in its title."""

    def __init__(self, display, process):
        self.display, self.process = display, process
        until("the window", self.title)
        until("a frame", self.is_painted)

    def title(self):
        assert self.process.poll() is None, "the window ended"
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Loopscope"], env=self.display.environment,
                               capture_output=True, text=True, timeout=30, check=False).stdout.split()
        return self.display.tool("getwindowname", found[-1]) if found else ""

    def is_painted(self):
        colours = subprocess.run(["import", "-window", "root", "-format", "%k", "info:"], text=True,
                                 env=self.display.environment, capture_output=True, check=False).stdout
        return int(colours or 0) > 8

    def to(self, state, *keys):
        """Presses the keys and waits until they have done what they should."""
        if keys:
            self.display.key(*keys)
        until(state, lambda: self.title() == state + TITLE)


def lines_of(file):
    with open(file, encoding="utf-8") as stream:
        return stream.read().splitlines()


def predict(lesson, file):
    lesson.to("Question 1", "p")
    assert not os.path.exists(file)
    lesson.to("Right 1", "2")  # by key
    first = lines_of(file)
    assert first[0] == "three-writers: 1 of 1 right at the first try", first
    assert "iteration 1" in first[1] and first[1].startswith("right\t"), first
    lesson.to("Question 2", "space")
    # By click on the first choice; what is printed next is what the first task prints.
    lesson.display.tool("mousemove", 400, 125, "click", 1)
    lesson.to("Right 2")
    assert "What is printed next?" in lines_of(file)[2], lines_of(file)
    lesson.to("Question 3", "space")
    lesson.to("Wrong 3", "1")  # an open pauses its task
    third = lines_of(file)
    assert third[3].startswith("wrong\t") and third[0].startswith("three-writers: 2 of 3"), third
    lesson.to("Question 3", "r")
    lesson.to("Right 3", "2")  # tried again: it is not counted
    assert lines_of(file) == third, lines_of(file)
    lesson.to("Question 4", "space")
    lesson.display.key("1")
    until("the fourth answer", lambda: len(lines_of(file)) == 5)
    assert lines_of(file)[3] == third[3], lines_of(file)


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
        try:
            predict(Lesson(display, window), file)
            window.send_signal(signal.SIGINT)
            status = window.wait(timeout=PATIENCE_S)
            assert status == 130, status
        finally:
            window.kill()
            window.wait()
    print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
