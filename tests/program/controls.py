"""Every control of a screen in the real window under Xvfb: by the mouse, and by Tab and Enter.

The controls are those that the program itself tells (--report-scene). Each does what its key does: the window shows the
same afterwards, to the last line of the scene. What has no key is done by the keys that lead there. A control without
an expectation fails, so none is forgotten."""
import difflib
import os
import re
import sys
import time

from display import Display
from harness import run
from screen import PATIENCE_S, Window, traced, until

THREE = os.path.join("scenarios", "three-writers.json")
HIT = re.compile(r'hit (\S+) (\S+) (\S+) (\S+) (\S+) (-?\d+) "(.*)"')
REST_S = 0.15  # what is shown does not change any more
TRIES = 4  # a busy machine may be behind with the keys
NO_TASK = 2**32 - 1
TABBED = set()  # on the screens so far: one control is pressed in one way wherever it is
TURNS = ["Home", "shift+Right", "shift+Right", "shift+Right"]

# What does the same by keys, and the keys that undo it (None: the window is opened anew). With an argument: how it goes.
KEYS = {
    "play-pause": (["space"], None), "step": (["Right"], ["Left"]), "step-back": (["Left"], ["Right"]),
    "next-iteration": (["shift+Right"], ["shift+Left"]), "end": (["End"], TURNS), "zoom-in": (["plus"], ["0"]),
    "zoom-whole": (["0"], None), "watch": (["w"], None), "predict": (["p"], ["Escape"] + TURNS), "inspect": (["i"], ["w"]),
    "export": (["x"], ["x"]), "theme": (["t"], ["t", "t"]), "text-next": (["l"], ["l", "l"]), "help": (["F1"], ["F1"]),
    "welcome": (lambda window: window.title() == "Loopscope", None), "filter": (["slash"], ["Escape"]), "toggle-code": (["c"], ["c"]),
    "toggle-output": (["o"], ["o"]), "copy": (["ctrl+c"], None), "difference": (["d"], None), "reload": (["r"], None), "choose-file": (["o"], ["Escape"]),
    "answer-1": (["1"], None), "answer-2": (["2"], None), "answer-3": (["3"], None), "answer-4": (["4"], None),
}


class Place:
    def __init__(self, line):
        *box, self.action, argument, self.tip = HIT.match(line).groups()
        self.x, self.y, self.w, self.h = map(float, box)
        self.argument = int(argument)
        self.name = (self.action, self.argument)

    def has(self, x, y):
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h


class Driven(Window):
    """The window at the display's corner, the pointer beside it, and what it shows as text."""

    def __init__(self, display, folder, *arguments, **more):
        self.scene_file = os.path.join(folder, "scene")
        super().__init__(display, *arguments, "--report-scene", self.scene_file, "--reduced-motion", **more)

    def __enter__(self):
        settings = os.path.join(self.display.settings.name, "loopscope", "settings")
        if os.path.exists(settings):
            os.remove(settings)
        if os.path.exists(self.scene_file):
            os.remove(self.scene_file)
        super().__enter__()
        self.display.tool("windowmove", "--sync", self.id, 0, 0)
        if self.size != (1280, 720):
            self.display.tool("windowsize", "--sync", self.id, *self.size)
        self.away()
        return self

    def away(self):
        self.display.tool("mousemove", *self.display.corner)

    def told(self):
        try:
            with open(self.scene_file, encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def scene(self):
        scene = re.sub(r"^focus .*\n", "", self.told(), flags=re.M)
        return re.sub("live, (0 events|held at event 0)", "live", scene)  # a run that only just began

    def focus(self):
        found = re.search(r"^focus (\S+) (-?\d+)$", self.told(), re.M)
        return (found.group(1), int(found.group(2))) if found else None

    def rest(self, since=None, wait_s=5.0, rest_s=REST_S):
        """What is shown at rest; where `since` is told, something else is waited for so long."""
        last, at, end = None, 0.0, time.monotonic() + PATIENCE_S
        began = time.monotonic()
        while time.monotonic() < end:
            scene, now = self.scene(), time.monotonic()
            if scene != last:
                last, at = scene, now
            if now - at > rest_s and scene and (scene != since or now - began > wait_s):
                return scene
            time.sleep(0.02)
        raise AssertionError("the screen never comes to rest")

    def becomes(self, scene, seconds=3.0):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.scene() == scene:
                return True
            time.sleep(0.02)
        return False

    def keys(self, keys):
        if keys:
            self.display.tool("key", "--clearmodifiers", "--delay", 20, *keys)

    def places(self):
        """What can be clicked, the last lies on top; with a point where nothing covers it, else None."""
        found = [Place(line) for line in self.scene().split("\n") if line.startswith("hit ")]
        for index, place in enumerate(found):
            shares = [0.5, 0.25, 0.75, 0.1, 0.9]
            points = [(place.x + place.w * a, place.y + place.h * b) for b in shares for a in shares]
            place.point = next(((int(x), int(y)) for x, y in points if place.has(int(x), int(y)) and
                                not any(other.has(int(x), int(y)) for other in found[index + 1:])), None)
        return found

    def press(self, point):
        self.display.tool("mousemove", *point, "click", 1)
        self.away()


def difference(one, other):
    return "\n".join(list(difflib.unified_diff(one.split("\n"), other.split("\n"), lineterm="", n=0))[:20])


class Tour:
    """Over all controls of one screen. `open` makes a window, `keys` lead to the screen; `same` are the controls that
    do nothing there, and are known to; `special` has what is expected of the others: keys, and those that undo them,
    or a function of the window that says whether it is done. `by_tab` are actions that are done already when Tab comes
    to the control; without it tasks are left out of Tab's way."""

    def __init__(self, open_window, keys=(), same=(), special=None, tab=True, by_tab=None, ready=None,
                 leave_out=()):
        self.open, self.start_keys, self.same, self.special = open_window, keys, set(same), special or {}
        self.tab, self.by_tab, self.ready, self.leave_out = tab, by_tab, ready, leave_out
        self.window, self.shown = None, {}

    def begin(self):
        self.end()
        self.window = self.open()
        self.window.__enter__()
        self.window.rest()
        for key in self.start_keys:
            if callable(key):
                until("what the next key is for", lambda: key(self.window))
                continue
            before = self.window.scene()
            self.window.keys([key])
            self.window.rest(before)
        if self.ready is not None:
            until("the screen", lambda: self.ready(self.window))
        self.start = getattr(self, "start", None) or self.window.rest(rest_s=1.5)  # cards get their pictures
        if not self.window.becomes(self.start, PATIENCE_S):
            raise AssertionError("never the screen's beginning again:\n" + difference(self.start, self.window.scene()))

    def end(self):
        if self.window is not None:
            self.window.__exit__(None)
            self.window = None

    def back(self, undo):
        """The screen as it was at the beginning."""
        if undo is not None:
            self.window.keys(undo)
        if undo is None or not self.window.becomes(self.start, 1):
            self.begin()

    def expected(self, place):
        if place.name in self.special:
            return self.special[place.name]
        assert place.action in self.special or place.action in KEYS, "no expectation of %s" % (place.name,)
        rule = self.special.get(place.action) or KEYS[place.action]
        return rule(place.argument) if callable(rule) else rule

    def by_keys(self, place, keys, undo):
        """What is shown after the keys."""
        self.window.keys(keys)
        shown = self.window.rest(self.start, 0.5 if place.name in self.same else 5.0, 0.35)
        assert (shown == self.start) == (place.name in self.same), "%s changes %s" % (place.name, "nothing" if shown == self.start else "something")
        self.back(undo)
        return shown

    def tabbed(self, name):
        """Tab until the control has the focus."""
        seen = None
        while self.window.focus() != name:
            before = self.window.focus()
            self.window.keys(["Tab"])
            until("the next control", lambda: self.window.focus() != before)
            assert self.window.focus() != seen, "%s is not among the controls of Tab" % (name,)
            seen = seen or self.window.focus()

    def act(self, place, tab):
        if tab:
            self.tabbed(place.name)
            if place.action not in (self.by_tab or ()):
                self.window.keys(["Return"])
        else:
            self.window.press(place.point)

    def try_one(self, place, tab):
        expected = self.expected(place)
        if isinstance(expected[0], list):
            keys, undo = expected
            if place.name not in self.shown:
                self.shown[place.name] = self.by_keys(place, keys, undo)
            wanted = self.shown[place.name]
            done = lambda: self.window.scene() == wanted  # noqa: E731
        else:
            done, undo = expected
            done = lambda rule=done: rule(self.window)  # noqa: E731
        self.act(place, tab)
        good, began, wait_s = done(), time.monotonic(), 4 if isinstance(expected[0], list) else PATIENCE_S
        while not good and time.monotonic() < began + wait_s:
            time.sleep(0.05)
            good = done()
            if not good and tab and self.window.focus() is not None and time.monotonic() > began + 0.6:
                self.window.press(self.free)  # the focus goes: its ring is no part of what is done
        if good and tab and place.action in (self.by_tab or ()):
            self.back(undo)
            self.tabbed(place.name)
            self.window.keys(["Return"])  # it lets go again
            until("the focus", lambda: self.window.focus() is not None)
            self.window.press(self.free)
            good = self.window.becomes(self.start)
        if not good and place.name in self.shown:  # what the keys do may have been seen too early
            print("%s: not as by its keys:\n%s" % (place.name, difference(self.shown.pop(place.name), self.window.scene())))
        self.back(undo)
        return good

    def go(self):
        try:
            self.begin()
            places = self.window.places()
            size = self.window.size
            self.free = next(((x, y) for y in range(4, size[1], 8) for x in range(4, size[0], 8)
                              if not any(place.has(x, y) for place in places)), None)
            visible = [place for place in places if place.action not in ("none", "lanes", "scrub", *self.leave_out) and place.point]
            assert visible, "no control"
            stops = {place.name for place in visible if place.tip and place.action not in ("seek", "set-pace")
                     and (place.action != "select-task" or self.by_tab is not None)}
            assert self.free is not None or not self.tab, "no place that is no control"
            for place in visible:
                for tab in (False, True) if self.tab and place.name in stops else (False,):
                    if not tab or place.name not in TABBED:
                        what = "%s by %s" % (place.name, "Tab and Enter" if tab else "the mouse")
                        assert any(self.try_one(place, tab) for _ in range(TRIES)), what
                        if tab:
                            TABBED.add(place.name)
        finally:
            if self.window is not None:
                done, self.window = self.window, None
                done.__exit__(sys.exc_info()[0])


def recorded(folder, scenario=THREE):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, scenario, status=0)
    return trace


def third_turn(trace):
    """The cursor behind TURNS."""
    return [event["n"] for event in traced(trace) if event["ev"] == "iteration"][2] + 1


def says(text):
    return lambda window: '"%s"' % text in window.scene()


def on_display(suite, function, width=1280, height=720):
    """A display a little larger than the window, so that the pointer has a place beside it."""
    def case(folder):
        with Display(width + 64, height + 64) as display:
            display.corner = (width + 60, height + 60)
            function(folder, display)
    case.__name__ = function.__name__
    return suite.case(case)


PACE = 1  # its index, of --pace 1


def along(cursor):
    """To an event, from another."""
    def way(at):
        there, back = ("Right", "Left") if at > cursor else ("Left", "Right")
        return [there] * abs(at - cursor), [back] * abs(at - cursor)
    return way


def paces(at, now=PACE):
    there, back = ("Up", "Down") if at > now else ("Down", "Up")
    return [there] * abs(at - now), [back] * abs(at - now)


def views(at):
    return ["v"] * at, ["v"] * ((3 - at) % 3)


def letters(task):
    return ["shift+" + "abcdefgh"[task]], ["Escape"]


MAIN = {"set-pace": paces, "code-view-set": views, "select-task": letters, "play-pause": (says("Pause"), ["space"] + TURNS)}


def replayed(display, folder, trace, **more):
    return lambda: Driven(display, folder, "replay", "--pace", "1", trace, **more)


SAME = [("set-pace", PACE), ("code-view-set", 0)]


