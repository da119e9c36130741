"""Every control of the main screen: watching, inspecting, asking why, the sheet of keys, the drawers of a small window,
the filter of a crowd, and the way back to a live run's newest event."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from controls import (MAIN, NO_TASK, SAME, TURNS, Driven, Tour, along, on_display, recorded, replayed,  # noqa: E402
                      third_turn)
from display import Display  # noqa: E402
from harness import Suite, write  # noqa: E402
from screen import until  # noqa: E402

suite = Suite("controls")


def with_display(function):
    return on_display(suite, function)


@with_display
def watching(folder, display):
    Tour(replayed(display, folder, recorded(folder)), TURNS, special=MAIN, by_tab=["select-task"],
         same=[("watch", 0)] + SAME).go()


@with_display
def inspecting(folder, display):
    trace = recorded(folder)
    cursor = third_turn(trace)
    Tour(replayed(display, folder, trace), TURNS + ["i"],
         special=dict(MAIN, watch=(["w"], ["i"]), seek=along(cursor)),
         same=[("inspect", 0), ("seek", cursor)], leave_out=["set-pace"]).go()


@with_display
def asking_why(folder, display):
    trace = recorded(folder)
    Tour(replayed(display, folder, trace), TURNS + ["n"],
         special={**MAIN, "seek": along(third_turn(trace)), ("select-task", 0): (["shift+a"], ["shift+a"]),
                  "select-task": lambda task: (["shift+" + "abc"[task]], ["shift+a"]),
                  ("select-task", NO_TASK): (["Escape"], ["n"])},
         same=[("watch", 0)] + SAME, leave_out=["set-pace"]).go()


@with_display
def the_help_sheet(folder, display):
    Tour(replayed(display, folder, recorded(folder)), TURNS + ["question"], tab=False).go()


# What is pressed above on the same screen in a large window.
ELSEWHERE = ("set-pace", "select-task", "step", "step-back", "next-iteration", "zoom-in", "watch", "inspect", "predict",
             "export", "theme", "text-next", "help", "end", "play-pause", "welcome")


def small_window(function):
    return on_display(suite, function, 1024, 640)


@small_window
def the_drawer_of_the_code(folder, display):
    Tour(replayed(display, folder, recorded(folder), width=1024, height=640), TURNS + ["c"], special=MAIN, same=SAME,
         leave_out=ELSEWHERE).go()


@small_window
def the_drawer_of_the_output(folder, display):
    Tour(replayed(display, folder, recorded(folder), width=1024, height=640), TURNS + ["o"], special=MAIN, same=SAME,
         leave_out=ELSEWHERE).go()


@with_display
def the_filter_of_a_crowd(folder, display):
    crowd = write(folder, "crowd.json", json.dumps({"title": "Crowd", "tasks": [
        {"name": "worker", "count": 12, "steps": [{"sleep": "1ms"}, {"log": "x"}]}]}))
    Tour(replayed(display, folder, recorded(folder, crowd)), TURNS + ["slash", "1", "Return"],
         special={**MAIN, "filter": (["slash"], None)}, leave_out=(*ELSEWHERE, "code-view-set", "seek")).go()


@with_display
def behind_in_a_live_run(folder, display):
    """Pressed, it leads to the newest event, as End does; by the mouse, and by Tab and Enter."""
    scenario = write(folder, "long.json", json.dumps({"title": "Long", "tasks": [
        {"name": "tick", "steps": [{"repeat": 600, "steps": [{"sleep": "100ms"}]}]}]}))

    def behind(window):
        return " behind\"" in window.scene()

    for tab in (False, True):
        with Driven(display, folder, scenario) as window:
            window.keys(["End"])
            until("a run that goes on", lambda: '"LIVE"' in window.scene())
            window.keys(["Home"])
            until("behind", lambda: behind(window))
            if tab:
                while window.focus() != ("end", 0):
                    before = window.focus()
                    window.keys(["Tab"])
                    until("the next control", lambda: window.focus() != before)
                window.keys(["Return"])
            else:
                place, = (place for place in window.places() if place.action == "end")
                window.press(place.point)
            until("the newest event", lambda: not behind(window))


if not Display.available():
    print("Xvfb, xdotool and ImageMagick are needed: make deps test")
    sys.exit(1)
suite.finish()
