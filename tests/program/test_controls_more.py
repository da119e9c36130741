"""Every control of the other screens: exporting, predicting, the welcome screen, a problem, two runs."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from controls import (MAIN, THREE, TURNS, Driven, Tour, on_display, paces, recorded, replayed,  # noqa: E402
                      says)
from display import Display  # noqa: E402
from harness import Suite, run, write  # noqa: E402
from screen import dialogs  # noqa: E402

suite = Suite("controls-more")


def with_display(function):
    return on_display(suite, function)


@with_display
def the_export_sheet(folder, display):
    trace = recorded(folder)
    place = os.path.join(folder, "place")
    os.makedirs(place)

    def written(window):
        if "Written: " in window.scene():
            name, = os.listdir(place)
            os.remove(os.path.join(place, name))
            return True
        return False
    chosen = 7
    Tour(replayed(display, folder, trace, cwd=place), TURNS + ["x"] + ["Right"] * chosen, tab=False,
         same=[("export-format", chosen)],
         special={"export-format": lambda at: (["Right" if at > chosen else "Left"] * abs(at - chosen),
                                               ["Left" if at > chosen else "Right"] * abs(at - chosen)),
                  "export-file": (["Tab"], ["shift+Tab"]), "export-start": (written, None), "export": (["Escape"], ["x"])}).go()


@with_display
def what_was_exported(folder, display):
    trace = recorded(folder)
    place = os.path.join(folder, "place")
    os.makedirs(place)

    def opened():
        for name in os.listdir(place):
            os.remove(os.path.join(place, name))
        return replayed(display, folder, trace, cwd=place)()
    Tour(opened, TURNS + ["x"] + ["Right"] * 7 + ["Return"], tab=False, ready=lambda window: "Written: " in window.scene(),
         leave_out=["export-format"],  # they were pressed above
         special={"export-copy": (["ctrl+c"], None), "export": (["Escape"], None), "export-file": (["shift+Tab"], ["Tab"])}).go()


# As fast as it goes: the next question comes at once, and with it the screen to rest.
FAST = {**MAIN, "play-pause": (["space"], None)}


# What test_controls.py presses on the same screen without questions.
ELSEWHERE = ("set-pace", "code-view-set", "select-task", "step", "step-back", "next-iteration", "zoom-in", "watch",
             "inspect", "predict", "export", "theme", "text-next", "help")


def asked(display, folder):
    return lambda: Driven(display, folder, "replay", "--pace", "1e9", recorded(folder))


@with_display
def predicting(folder, display):
    Tour(asked(display, folder), TURNS + ["p"], special=FAST, ready=lambda window: " answer-2 " in window.scene(),
         leave_out=ELSEWHERE).go()


@with_display
def an_answer_was_told(folder, display):
    Tour(asked(display, folder), TURNS + ["p", lambda window: " answer-2 " in window.scene(), "1"], special=FAST, ready=lambda window: " reload " in window.scene(),
         leave_out=ELSEWHERE).go()


# A control that has the focus takes it from the cards; to see them with it again, the sheet would have to go.
HELP = (says("Keys"), ["F1"])


CARDS = {"open-scenario": lambda at: (["Right"] * at + ["Return"], None), "focus-down": (["Down"], ["Up"])}


@with_display
def the_welcome_screen(folder, display):
    display.more = dialogs(folder)
    Tour(lambda: Driven(display, folder), special={**CARDS, "help": HELP}).go()


@with_display
def a_problem(folder, display):
    bad, seen = write(folder, "bad.json", '{"title": "Bad"}'), os.path.join(folder, "seen")
    write(folder, "editor", "#!/bin/sh\necho \"$@\" > " + seen + "\n")
    display.more = {**dialogs(folder), "VISUAL": "sh " + os.path.join(folder, "editor")}

    def edited(_):
        if os.path.exists(seen):
            os.remove(seen)
            return True
        return False
    Tour(lambda: Driven(display, folder, bad), same=[("reload", 0)],
         special={**CARDS, "edit": (edited, []), "help": HELP, "format": (["F1"], ["F1"])}).go()


@with_display
def two_runs(folder, display):
    one, other = os.path.join(folder, "one.jsonl"), os.path.join(folder, "other.jsonl")
    for trace, seed in ((one, "1"), (other, "3")):
        run("run", "--quiet", "--backend", "sim", "--seed", seed, "--trace", trace, THREE, status=0)
    pace = 4  # at first
    Tour(lambda: Driven(display, folder, "compare", one, other), by_tab=[], same=[("set-pace", pace)],
         special={**MAIN, "set-pace": lambda at: paces(at, pace), "select-task": lambda task: (["n"] * (task % 2**32 + 1), ["Escape"])}).go()


if not Display.available():
    print("Xvfb, xdotool and ImageMagick are needed: make deps test")
    sys.exit(1)
suite.finish()
