"""The export sheet in the real window, by keys and by the mouse: what it writes is what the command line writes, a
stopped one leaves nothing, the window goes on meanwhile. And traces that are dropped on the window, good and damaged:
what the window then holds is seen by what it exports."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from display import Display  # noqa: E402
from harness import ROOT, Skip, Suite, equal, run  # noqa: E402
from screen import PATIENCE_S, Window, until  # noqa: E402

suite = Suite("sheet")
THREE = os.path.join(ROOT, "scenarios", "three-writers.json")
# In a window of 1280 x 720; tests/golden/scenes/sheet-choosing.txt has the places.
CSV, EXPORT = (640, 304), (898, 540)


class Opened(Window):
    """with Opened(folder, arguments...) as window: started in an empty folder of its own, window.place, on a display of
    its own; what else stands in the environment is named."""

    def __init__(self, folder, *arguments, **environment):
        if not Display.available():
            raise Skip("Xvfb, xdotool and import are needed")
        self.place = os.path.join(folder, "place")
        os.makedirs(self.place, exist_ok=True)
        super().__init__(Display(), *arguments, cwd=self.place)
        self.more = environment

    def __enter__(self):
        self.display.__enter__().more.update(self.more)
        return super().__enter__()

    def files(self):
        return sorted(os.listdir(self.place))

    def written(self, name):
        """What is in the file, once nothing else is in the folder."""
        until(name, lambda: self.files() == [name])
        with open(os.path.join(self.place, name), "rb") as file:
            return file.read()

    def __exit__(self, *error):
        try:
            super().__exit__(*error)
        finally:
            self.display.__exit__()


def make_trace(folder, scenario=THREE):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, scenario, status=0)
    return trace


def exported(trace, folder, name, *options):
    path = os.path.join(folder, "by-command-" + name)
    run("export", trace, "-o", path, *options, status=0)
    with open(path, "rb") as file:
        return file.read()


def slow_ffmpeg(folder):
    """One that takes frames for as long as there are some."""
    place = os.path.join(folder, "bin")
    os.makedirs(place, exist_ok=True)
    with open(os.path.join(place, "ffmpeg"), "w", encoding="utf-8") as script:
        script.write("#!/bin/sh\nexec cat >/dev/null\n")
    os.chmod(os.path.join(place, "ffmpeg"), 0o755)
    return {"PATH": place + os.pathsep + os.environ["PATH"]}


@suite.case
def keys_choose_a_format_and_write_it(folder):
    trace = make_trace(folder)
    with Opened(folder, "replay", trace) as window:
        window.key("x", "Down", "Down", "Return")  # .txt
        equal(window.written("three-writers.txt"), exported(trace, folder, "t.txt"))
        os.remove(os.path.join(window.place, "three-writers.txt"))
        window.key("Escape", "x", "Up", "Up", "Return")  # what was chosen last is chosen
        equal(window.written("three-writers.html"), exported(trace, folder, "t.html"))


@suite.case
def the_mouse_does_so_too(folder):
    trace = make_trace(folder)
    with Opened(folder, "replay", trace) as window:
        before = window.colours()
        window.key("x")
        until("the sheet", lambda: window.colours() != before)
        window.click(*CSV)
        window.click(*EXPORT)
        equal(window.written("three-writers.csv"), exported(trace, folder, "t.csv"))


@suite.case
def a_name_is_typed_and_a_bad_place_leaves_nothing(folder):
    trace = make_trace(folder)
    with Opened(folder, "replay", trace) as window:
        window.key("x", "Down", "Down", "Tab", "ctrl+BackSpace", "n", "o", "slash", "M", "Return")
        time.sleep(1)
        equal(window.files(), [])
        window.key("shift+Tab")  # from "try again" back to the name
        window.key(*["BackSpace"] * 4, "M", "y", "underscore", "1", "Return")
        equal(window.written("My_1"), exported(trace, folder, "t.txt"))


@suite.case
def a_stopped_film_leaves_nothing_and_the_window_goes_on(folder):
    trace = make_trace(folder)
    with Opened(folder, "replay", trace, **slow_ffmpeg(folder)) as window:
        window.key("x", "Right", "Return")
        until("a film in the making", window.files)
        before = window.colours()
        window.key("t")  # the theme changes while it is written
        until("another theme", lambda: window.colours() != before)
        window.key("Escape")
        until("nothing left", lambda: not window.files())
        window.key("shift+Tab", "shift+Tab", "Left", "Return")  # and then a page is written
        window.written("three-writers.html")


@suite.case
def closing_the_window_stops_it(folder):
    trace = make_trace(folder)
    with Opened(folder, "replay", trace, **slow_ffmpeg(folder)) as window:
        window.key("x", "Right", "Return")
        until("a film in the making", window.files)
    equal(window.files(), [])


@suite.case
def without_ffmpeg_there_is_no_film(folder):
    trace = make_trace(folder)
    with Opened(folder, "replay", trace, PATH="/nowhere") as window:
        before = window.colours()
        window.key("x", "Right", "Return")
        until("a message", lambda: window.colours() != before)
        time.sleep(0.5)
        equal(window.files(), [])


@suite.case
def a_run_that_goes_on_is_written_as_far_as_it_came(folder):
    live = os.path.join(folder, "live.jsonl")
    with Opened(folder, "--backend", "sim", "--trace", live, THREE) as window:
        window.key(*["Right"] * 7)
        time.sleep(0.5)
        window.key("x", "Down", "Down", "Return")
        count = len(window.written("three-writers.txt").splitlines())
        with open(live, "rb") as file:
            equal(count, len(file.read().splitlines()) - 1)
        assert 0 < count <= 7, count


# ---- dropped ----

class Dropper:
    def __init__(self, folder):
        self.tool = os.path.join(folder, "drop")
        built = subprocess.run(["gcc", "-o", self.tool, os.path.join(ROOT, "tests", "program", "xdnd_drop.c"), "-lX11"],
                               capture_output=True, text=True)
        if built.returncode:
            raise Skip("no X11 headers: " + built.stderr[:80])

    def drop(self, window, path):
        subprocess.run([self.tool, window.id, "file://" + path.replace(" ", "%20") + "\r\n"], check=True,
                       env=window.display.environment, timeout=PATIENCE_S)


@suite.case
def a_dropped_trace_opens(folder):
    dropper, trace = Dropper(folder), make_trace(folder)
    with Opened(folder) as window:
        dropper.drop(window, trace)
        until("the trace", lambda: "Three files at once" in window.title())
        window.key("x", "Down", "Down", "Down", "Right", "Return")  # .jsonl
        with open(trace, "rb") as file:
            equal(window.written("three-writers.jsonl"), file.read())


@suite.case
def of_a_damaged_one_what_stands_before_is_there(folder):
    dropper, trace = Dropper(folder), make_trace(folder)
    damaged = os.path.join(folder, "my damaged.jsonl")
    with open(trace, "rb") as file:
        lines = file.read().split(b"\n")
    with open(damaged, "wb") as file:
        file.write(b"\n".join(lines[:31] + [b'{"n": 30, "t": '] + lines[32:]))
    _, _, err = run("export", damaged, "-o", os.path.join(folder, "x.txt"), status=1)
    assert "32" in err, err  # the line is named
    with Opened(folder, THREE, "--backend", "sim") as window:
        before = window.colours()
        dropper.drop(window, damaged)
        until("the trace", lambda: window.colours() != before)
        time.sleep(0.5)
        window.key("x", "Down", "Down", "Down", "Right", "Return")
        equal(window.written("three-writers.jsonl").split(b"\n")[:-1], lines[:31])


@suite.case
def of_what_is_no_trace_the_problem_is_shown(folder):
    dropper, bad = Dropper(folder), os.path.join(folder, "bad.jsonl")
    with open(bad, "wb") as file:
        file.write(bytes(range(256)) * 40)
    with Opened(folder, THREE, "--backend", "sim") as window:
        dropper.drop(window, bad)
        until("the problem panel", lambda: window.title() == "Loopscope")
        window.key("x")  # there is nothing to export
        window.key("Escape")
        equal(window.files(), [])


suite.finish()
