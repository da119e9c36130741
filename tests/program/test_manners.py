"""The window's manners on a real display: its own button closes it in order, whatever runs; the pointer's shape says what
a press would do."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from controls import Driven  # noqa: E402
from display import Display  # noqa: E402
from harness import ROOT, Suite, contains, equal, run, write  # noqa: E402
from screen import PATIENCE_S, Window, traced, until  # noqa: E402
from x11 import Server  # noqa: E402

suite = Suite("manners")
THREE = os.path.join(ROOT, "scenarios", "three-writers.json")
BLOCK = 4096

# Tasks in every kind of wait: a timer, a channel, a helper thread, a lock, and files that are written on and on.
BUSY = {"title": "busy", "channels": ["line"], "locks": ["key"], "tasks": [
    {"name": "sleeper", "steps": [{"with": "key", "steps": [{"sleep": "50s"}]}]},
    {"name": "listener", "steps": [{"receive": 10, "from": "line.a"}]},
    {"name": "waiter", "steps": [{"with": "key", "steps": [{"sleep": 0}]}]},
    {"name": "writer", "count": 3, "steps": [{"open": "f-{task}", "as": "f"}, {"repeat": 100000, "steps": [
        {"write": {"bytes": BLOCK}, "to": "f"}, {"fsync": "f"}]}]}]}


def recorded(folder, seed="1"):
    trace = os.path.join(folder, "t%s.jsonl" % seed)
    run("run", "--quiet", "--backend", "sim", "--seed", seed, "--trace", trace, THREE, status=0)
    return trace


def closed(window):
    """By its own button; the exit status is that of a window that was closed, and nothing is complained of."""
    with Server(window.display.name) as server:
        server.close_window(int(window.id))
    _, err = window.process.communicate(timeout=PATIENCE_S)
    equal(window.process.returncode, 0, err.decode())
    return err.decode()


def ended(trace):
    """The events of a run that the window's end has ended: the last one says so, and all of it is legal."""
    events = traced(trace)
    equal((events[-1]["ev"], events[-1]["reason"]), ("loop_stop", "interrupted"))
    run("stats", trace, status=0)
    return events


@suite.case
def closing_ends_a_run_with_everything_in_flight(folder):
    scenario = write(folder, "busy.json", json.dumps(BUSY))
    for backend in ("auto", "threads"):
        work, trace = os.path.join(folder, backend), os.path.join(folder, backend + ".jsonl")
        with Display() as display, Window(display, "--backend", backend, "--workdir", work, "--trace", trace, scenario) as window:
            window.key("End")
            until("writes", lambda: sum(event["ev"] == "io_completed" for event in traced(trace)) > 60)
            equal(closed(window), "")
        events = ended(trace)
        whole = {event["op"] for event in events if event["ev"] == "io_completed" and event["result"] == BLOCK}
        for name in ("f-writer-0", "f-writer-1", "f-writer-2"):
            begun = [event["op"] for event in events if event["ev"] == "io_submitted" and event["call"] == "write" and event["path"] == name]
            done, size = sum(op in whole for op in begun), os.path.getsize(os.path.join(work, name))
            assert done > 5 and done * BLOCK <= size <= len(begun) * BLOCK, (backend, name, size, done, len(begun))


@suite.case
def closing_ends_a_run_that_is_held_and_its_folder_goes(folder):
    trace, place = os.path.join(folder, "t.jsonl"), os.path.join(folder, "tmp")
    os.makedirs(place)
    with Display() as display:
        display.more = {"TMPDIR": place}
        with Window(display, "--trace", trace, THREE) as window:
            for count in range(1, 21):
                window.key("Right")
                until("event %d" % count, lambda: len(traced(trace)) == count)
            equal(len(os.listdir(place)), 1)
            closed(window)
    ended(trace)
    equal(os.listdir(place), [])


@suite.case
def closing_while_a_film_is_written_leaves_none(folder):
    many = write(folder, "many.json", json.dumps({"title": "many", "tasks": [
        {"name": "w", "count": 2000, "steps": [{"repeat": 30, "steps": [{"sleep": 0}]}]}]}))
    trace, place = os.path.join(folder, "t.jsonl"), os.path.join(folder, "place")
    os.makedirs(place)
    run("run", "--quiet", "--backend", "sim", "--trace", trace, many, status=0)
    with Display() as display, Window(display, "replay", trace, cwd=place) as window:
        window.key("x", "Right", "Return")  # a film of all that takes hours
        until("its beginning", lambda: os.listdir(place))
        closed(window)
    equal(os.listdir(place), [])


@suite.case
def closing_ends_the_first_of_two_runs(folder):
    scenario = write(folder, "busy.json", json.dumps(BUSY))
    work = os.path.join(folder, "work")
    with Display() as display, Window(display, "compare", "--workdir", work, scenario, THREE) as window:
        until("files", lambda: sum(len(names) for _, _, names in os.walk(work)) >= 3)
        closed(window)
    sizes = [os.path.getsize(os.path.join(place, name)) for place, _, names in os.walk(work) for name in names]
    equal([size % BLOCK for size in sizes], [0] * 3)


@suite.case
def closing_the_welcome_screen_is_quitting(_):
    with Display() as display, Window(display) as window:
        equal(closed(window), "")


@suite.case
def the_pointer_says_what_a_press_would_do(folder):
    with Display(1344, 784) as display, Window(display, "replay", recorded(folder)) as window, Server(display.name) as server:
        def pointer_to(x, y):
            display.tool("mousemove", x, y)

        def shows(name, x, y):
            pointer_to(x - 1, y)
            pointer_to(x, y)
            until("the %s at %d, %d" % (name, x, y), lambda: server.cursor() == shapes[name])

        shapes = server.shapes(pointer_to)
        display.tool("windowmove", "--sync", window.id, 0, 0)
        window.key("Home", "shift+Right", "shift+Right", "shift+Right")
        places = {"step": (290, 535), "a lane's name": (50, 626), "theme": (1218, 19)}
        for x, y in places.values():
            shows("hand", x, y)
            shows("arrow", 640, 90)
        shows("slide", 700, 572)
        shows("hand", 700, 640)  # the lanes of the whole run: a click selects
        window.key("plus", "plus")
        shows("move", 700, 640)
        display.tool("mousedown", 1)
        pointer_to(640, 90)  # it keeps its shape while it drags
        time.sleep(0.3)
        equal(server.cursor(), shapes["move"])
        display.tool("mouseup", 1)
        shows("arrow", 641, 90)
        window.key("i")
        shows("text", 200, 64)  # the filter of the events
        shows("hand", 100, 134)  # one of them
        window.key("b")  # a blank screen has no controls
        shows("arrow", 290, 535)


@suite.case
def on_a_fine_display_the_window_is_larger_and_its_places_are_right(folder):
    with Display(2700, 1600) as display, Server(display.name) as server:
        server.set_resources("Xft.dpi:\t192\n")
        display.corner = (2690, 1590)
        with Driven(display, folder, "replay", recorded(folder)) as window:
            geometry = display.tool("getwindowgeometry", "--shell", window.id)
            contains(geometry, "WIDTH=2560")
            contains(geometry, "HEIGHT=1440")
            first = window.rest()
            window.keys(["Home", "shift+Right"])
            before = window.rest(first, rest_s=1)
            contains(before, "scene 2560 1440\n")
            window.keys(["Right"])
            after = window.rest(before, rest_s=1)
            window.keys(["Left"])
            assert window.becomes(before, PATIENCE_S)
            step, = [place for place in window.places() if place.name == ("step", 0)]
            for x, y in ((step.x + 2, step.y + 2), (step.x + step.w - 3, step.y + step.h - 3)):  # two of its corners
                window.press((int(x), int(y)))
                assert window.becomes(after, PATIENCE_S), "a step"
                window.keys(["Left"])
                assert window.becomes(before, PATIENCE_S), "and back"


if not Display.available():
    print("Xvfb, xdotool and ImageMagick are needed: make deps test")
    sys.exit(1)
suite.finish()
