"""Every key of the help sheet in the real window under Xvfb, and every control by Tab and by the mouse.

The keys are read from the same table that the help sheet is made from; one without an expectation
here fails, so no key is forgotten."""
import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from display import Display  # noqa: E402
from harness import ROOT, Suite, equal, run  # noqa: E402
from screen import Window, differing, until  # noqa: E402

suite = Suite("keys")
THREE = os.path.join("scenarios", "three-writers.json")
SIGNS = {"+": "plus", "=": "equal", "-": "minus", "]": "bracketright", "[": "bracketleft", "/": "slash", "?": "question",
         ".": "period", "PageDown": "Next", "PageUp": "Prior", "Space": "space", "Keypad +": "KP_Add",
         "Keypad -": "KP_Subtract", "Keypad 0": "KP_0", "Keypad Enter": "KP_Enter"}

# What a key does on the main screen: the keys before it, and those that undo it.
CHANGES = {
    "PLAY_PAUSE": (["End"], ["space"]), "STEP": ([], ["Left"]), "STEP_BACK": ([], ["Right"]),
    "NEXT_ITERATION": ([], ["shift+Left"]), "PREV_ITERATION": ([], ["shift+Right"]),
    "HOME": ([], ["shift+Right", "shift+Right", "shift+Right"]), "END": ([], ["Home", "shift+Right", "shift+Right", "shift+Right"]),
    "FASTER": ([], ["Down"]), "SLOWER": ([], ["Up"]), "ZOOM_IN": ([], ["0"]), "ZOOM_OUT": (["plus", "plus"], ["plus"]),
    "ZOOM_WHOLE": (["plus"], ["plus"]), "PAN_LEFT": (["plus", "plus", "plus"], ["ctrl+Right"]),
    "PAN_RIGHT": (["plus", "plus", "plus"], ["ctrl+Left"]), "NEXT_TASK": ([], ["Escape"]), "PREV_TASK": ([], ["Escape"]),
    "LIST_NEXT": (["i"], ["bracketleft"]), "LIST_PREV": (["i"], ["bracketright"]), "TAB_NEXT": ([], ["shift+Tab"]),
    "TAB_PREV": ([], ["Tab", "Escape"]), "ACTIVATE": (["shift+Tab"], ["Return"]), "WATCH": (["i"], ["i"]), "INSPECT": ([], ["w"]),
    "COPY": (["i"], ["Left", "Right"]), "CODE_VIEW": ([], ["v", "v"]), "EXPORT": ([], ["Escape"]), "PREDICT": ([], ["Escape"]), "LETTER_A": ([], ["Escape"]),
    "FILTER": ([], ["Escape"]), "REDUCED_MOTION": (["Right", "Right"], ["m"]), "THEME": ([], ["t", "t"]), "TEXT_NEXT": ([], ["l", "l"]),
    "TEXT_LARGER": ([], ["ctrl+minus"]), "TEXT_SMALLER": (["l"], ["ctrl+equal"]), "BLANK": ([], ["x"]), "HELP": ([], ["Escape"]),
    # These are looked at below, or by other tests of the window.
    "TOGGLE_CODE": None, "TOGGLE_OUTPUT": None, "ANSWER_1": None, "EDIT": None, "RELOAD": None, "FULLSCREEN": None,
    "WELCOME": None, "QUIT": None, "COMPARE": None, "RUN_FIXED": None, "DIFFERENCE": None, "CHOOSE_FILE": None,
}

GOES_ELSEWHERE = ("PLAY_PAUSE", "HOME", "END", "PREV_ITERATION", "NEXT_ITERATION", "ZOOM_OUT", "ZOOM_WHOLE", "COPY", "PREDICT")
AFTER = {"ACTIVATE": ["Tab", "Escape"], "TEXT_SMALLER": ["l", "l"]}  # the others leave no more than a mode and a zoom


def table():
    """(action, keys) as src/view/action.c has them."""
    with open(os.path.join(ROOT, "src", "view", "action.c"), encoding="utf-8") as file:
        text = file.read()
    rows = re.findall(r'\[ACTION_(\w+)\] =\s*\{\s*"[^"]*",\s*\{([^}]*)\}', text)
    return [(action, re.findall(r'"([^"]+)"', keys)) for action, keys in rows]


def to_xdotool(key):
    """"Ctrl+Left" as xdotool names it."""
    parts = re.match(r"((?:Ctrl\+|Shift\+)*)(.*)", key)
    name = SIGNS.get(parts.group(2), parts.group(2))
    name = name.lower() if len(name) == 1 else name
    if parts.group(1) == "Shift+" and name == "slash":
        return "question"
    if name == "plus" and "Ctrl" in parts.group(1):
        return "ctrl+shift+plus"
    return parts.group(1).lower() + name


def recorded(folder):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, THREE, status=0)
    return trace


@suite.case
def no_key_of_the_help_sheet_is_forgotten(_):
    equal(sorted({action for action, _ in table()} ^ set(CHANGES)), [], "actions of the table and of this test")
    assert sum(len(keys) for _, keys in table()) > 50


@suite.case
def every_key_does_something_that_another_undoes(folder):
    trace = recorded(folder)
    with Display() as display, Window(display, "replay", "--reduced-motion", "--pace", "1", trace) as window:
        def shot(name):
            return window.shot(os.path.join(folder, name + ".png"))

        def becomes(first, same):
            """Whether the screen is `first` again, or something else; a busy machine may be behind with the keys."""
            return any((differing(first, shot("then")) <= 15) == same for _ in range(6))

        def tried(action, key, whole):
            before, undo = CHANGES[action]
            window.key("Home", "shift+Right", "shift+Right", "shift+Right", "Right", *before)
            time.sleep(0.5)
            first = shot("first")
            window.key(to_xdotool(key))
            done = becomes(first, False)
            window.key(*undo)
            done = done and (not whole or becomes(first, True))
            window.key(*AFTER.get(action, ["w", "0"]))
            return done

        display.tool("mousemove", 640, 300)
        for action, keys in table():
            for key in keys if CHANGES[action] is not None else []:
                whole = key == keys[0] and action not in GOES_ELSEWHERE
                assert any(tried(action, key, whole) for _ in range(3)), "%s by %s, undone by %s" % (action, key, CHANGES[action][1])


@suite.case
def in_a_small_window_code_and_output_are_drawers(folder):
    trace = recorded(folder)
    with Display(1024, 640) as display, Window(display, "replay", trace) as window:
        display.tool("windowmove", window.id, 0, 0)
        display.tool("windowsize", "--sync", window.id, 1024, 640)
        window.key("Home", "shift+Right", "shift+Right")
        display.tool("mousemove", 500, 60)
        plain = window.shot(os.path.join(folder, "plain.png"))
        for key in ("c", "o"):
            window.key(key)
            assert differing(plain, window.shot(os.path.join(folder, "open.png"))) > 2000, key
            window.key(key)
            equal(differing(plain, window.shot(os.path.join(folder, "shut.png"))), 0, key)


@suite.case
def tab_goes_over_the_controls_and_back(folder):
    trace = recorded(folder)
    with Display() as display, Window(display, "replay", "--reduced-motion", trace) as window:
        def shot(name):
            return window.shot(os.path.join(folder, name + ".png"))

        display.tool("mousemove", 640, 300)
        window.key("Home", "shift+Right", "shift+Right")
        plain = shot("plain")
        shots = [plain]
        for at in range(16):  # the top bar, the views of the code, the transport; then the lanes
            window.key("Tab")
            shots.append(shot("%d" % at))
            assert all(differing(shots[-1], old) > 15 for old in shots[:-1]), "the focus stands still at %d" % at
        for at in range(16, 0, -1):
            equal(differing(shots[at], shot("back")), 0, "control %d on the way back" % at)
            window.key("shift+Tab")
        equal(differing(plain, shot("back")), 0, "no control has it")
        window.key("shift+Tab")  # the last lane
        assert differing(plain, shot("lane")) > 2000, "a task's lane says why"
        window.key("Escape")


@suite.case
def space_and_enter_press_what_has_the_focus(folder):
    trace = recorded(folder)
    with Display() as display, Window(display, "replay", "--reduced-motion", trace) as window:
        display.tool("mousemove", 640, 300)
        window.key("Home", "shift+Right", "shift+Right", "Tab")
        for key in ("Return", "space", "KP_Enter"):  # the first control is the scenario's name: back to the list
            window.key(key)
            until("the welcome screen", lambda: window.title() == "Loopscope")
            window.key("Return")  # the first card
            until("a scenario", lambda: window.title() != "Loopscope")
            window.key("Tab")


if not Display.available():
    print("Xvfb, xdotool and ImageMagick are needed: make deps test")
    sys.exit(1)
suite.finish()
