"""Choosing a file in the real window: the system's dialog, by programs that stand in for it, and the list in the window
where there is none."""
import json
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from controls import Driven, on_display  # noqa: E402
from display import Display  # noqa: E402
from harness import Suite, contains, equal, write  # noqa: E402
from screen import dialogs, until  # noqa: E402

suite = Suite("choose")


def with_display(function):
    return on_display(suite, function)


def scenario(folder, name, title):
    return write(folder, name, json.dumps({"title": title, "tasks": [{"name": "a", "steps": [{"log": "x"}]}]}))


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def alive(pid):
    try:
        with open("/proc/%s/stat" % pid, encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def titled(window, title):
    return lambda: window.title() == title + " - Loopscope"


def place(window, action, argument=0):
    found = [place for place in window.places() if place.name == (action, argument)]
    assert found and found[-1].point, (action, argument)
    return found[-1].point


class At(Driven):
    """In the folder, with these dialogs."""

    def __init__(self, display, folder, **programs):
        display.more = dialogs(folder, **programs)
        super().__init__(display, folder, cwd=folder)


def waiting(folder, also=""):
    """A dialog that stays open; `opened` has a line with its process each time."""
    return also + "echo $$ >> '%s'\nwhile :; do sleep 0.05; done" % os.path.join(folder, "opened")


# ---- the system's dialog ----

@with_display
def the_file_that_the_dialog_names_opens(folder, display):
    file = scenario(folder, "my file é.json", "Mine")
    said = os.path.join(folder, "said")
    with At(display, folder, zenity="printf '%%s\\n' \"$@\" > '%s'\necho '%s'" % (said, file)) as window:
        window.key("o")
        until("the scenario", titled(window, "Mine"))
    words = read(said).split("\n")
    equal(words[0], "--file-selection")
    contains(words, "--filename=%s/" % os.path.realpath(folder))
    contains(words, "--file-filter=Scenarios and traces | *.json *.jsonl")


@with_display
def a_click_on_the_drop_zone_opens_it_and_so_does_its_focus(folder, display):
    file = scenario(folder, "a.json", "Mine")
    for by_focus in (False, True):
        with At(display, folder, zenity="echo '%s'" % file) as window:
            if by_focus:
                while window.focus() != ("choose-file", 0):
                    before = window.focus()
                    window.keys(["Tab"])
                    until("the next control", lambda: window.focus() != before)
                window.keys(["Return"])
            else:
                window.press(place(window, "choose-file"))
            until("the scenario", titled(window, "Mine"))


@with_display
def on_kde_its_own_dialog_is_asked(folder, display):
    file = scenario(folder, "a.json", "Mine")
    said = os.path.join(folder, "said")
    with At(display, folder, zenity="exit 5") as window:
        window.key("o")
        until("the list", lambda: "zenity failed" in window.scene())
    display.more = dict(dialogs(folder, zenity="exit 5", kdialog="printf '%%s\\n' \"$@\" > '%s'\necho '%s'" % (said, file)),
                        XDG_CURRENT_DESKTOP="KDE")
    with Driven(display, folder, cwd=folder) as window:
        window.key("o")
        until("the scenario", titled(window, "Mine"))
    contains(read(said).split("\n"), "--getopenfilename")


@with_display
def a_cancelled_dialog_changes_nothing(folder, display):
    with At(display, folder, zenity="echo x >> '%s'\nexit 1" % os.path.join(folder, "opened")) as window:
        before = window.rest(rest_s=1.5)
        for count in (1, 2):
            window.key("o")
            until("the dialog", lambda: read(os.path.join(folder, "opened")) == "x\n" * count)
            assert window.becomes(before, 20), window.scene()
        equal(window.title(), "Loopscope")


@with_display
def while_it_is_open_the_window_goes_on_and_asks_no_second_time(folder, display):
    opened = os.path.join(folder, "opened")
    with At(display, folder, zenity=waiting(folder)) as window:
        window.key("o")
        until("the dialog", lambda: read(opened))
        until("its words", lambda: "Choose it in the dialog" in window.scene())
        window.key("o")
        window.press(place(window, "choose-file"))
        window.key("F1")
        until("the keys", lambda: '"Keys"' in window.scene())
        window.key("F1")
        equal(len(read(opened).split()), 1, "dialogs")
        window.key("Escape")
        until("the dialog's end", lambda: not alive(read(opened).strip()))
        until("the first words", lambda: "Drop your scenario file here" in window.scene())
        window.key("o")
        until("another dialog", lambda: len(read(opened).split()) == 2)


@with_display
def closing_the_window_closes_the_dialog(folder, display):
    opened = os.path.join(folder, "opened")
    for also in ("", "trap '' TERM\n"):  # the second one does not listen
        with At(display, folder, zenity=waiting(folder, also)) as window:
            window.key("o")
            until("the dialog", lambda: read(opened))
        assert not alive(read(opened).strip())
        os.remove(opened)


@with_display
def when_it_is_killed_or_fails_the_window_says_so_and_lists_the_files(folder, display):
    scenario(folder, "a.json", "Mine")
    for script, why in (("echo 'no such colour' >&2\nexit 5", "zenity failed: no such colour"),
                        ("kill -%d $$" % signal.SIGKILL, "zenity failed: it was ended by signal 9"),
                        ("exit 3", "zenity failed: it ended with status 3"), ("exit 0", "zenity failed: it named no file"),
                        ("echo 'cannot open display: :9' >&2\nexit 1", "zenity failed: cannot open display: :9")):
        with At(display, folder, zenity=script) as window:
            window.key("o")
            until(why, lambda: why in window.scene())
            contains(window.scene(), '"a.json"')
            window.key("Escape")
            until("the welcome screen", lambda: "zenity" not in window.scene())


@with_display
def a_file_that_does_not_load_is_told_as_if_it_was_dropped(folder, display):
    bad = write(folder, "bad.json", '{"title": 5}')
    with At(display, folder, zenity="echo '%s'" % bad) as window:
        window.key("o")
        until("the problem", lambda: "did not load" in window.scene())


# ---- the list in the window ----

def listed(folder):
    """Two folders and some files; the names of what is shown."""
    for name in ("inner", "other", ".hidden"):
        os.makedirs(os.path.join(folder, name))
    scenario(os.path.join(folder, "inner"), "deep.json", "Deep")
    for name in ("B.json", "a.json", "C.JSONL", ".dot.json", "notes.txt"):
        scenario(folder, name, "Title of " + name)


def rows(window):
    return [name for name in ("..", "inner", "other", ".hidden", "a.json", "B.json", "C.JSONL", ".dot.json", "notes.txt", "deep.json")
            if '"%s"' % (".. (the folder above)" if name == ".." else name) in window.scene()]


ALL = ["..", "inner", "other", "a.json", "B.json", "C.JSONL"]


@with_display
def without_a_dialog_the_files_are_listed_and_chosen_by_keys(folder, display):
    top = os.path.join(folder, "top")
    os.makedirs(top)
    listed(top)
    display.more = dialogs(folder)
    with Driven(display, folder, cwd=top) as window:
        window.key("o")
        until("the reason", lambda: "no file dialog that can be used (zenity or kdialog)" in window.scene())
        until("the list", lambda: rows(window) == [name for name in ALL if name not in ("dialogs",)])
        window.key("Down", "Return")
        until("the inner folder", lambda: rows(window) == ["..", "deep.json"])
        window.key("BackSpace")
        until("the folder above", lambda: rows(window) == ALL)
        window.key("j", "s", "o", "n", "l")
        until("what was typed", lambda: rows(window) == ["C.JSONL"])
        window.key("Escape")
        until("all", lambda: rows(window) == ALL)
        window.key("x", "y")
        until("nothing", lambda: 'Nothing here has \\"xy\\" in its name.' in window.scene())
        window.key("Return", "BackSpace", "BackSpace")
        until("all", lambda: rows(window) == ALL)
        window.key("period")
        until("the hidden ones", lambda: ".dot.json" in rows(window) and ".hidden" in rows(window))
        window.key("Escape")
        until("all", lambda: rows(window) == ALL)
        window.key("b", "period", "Return")
        until("the scenario", titled(window, "Title of B.json"))


@with_display
def and_by_the_mouse(folder, display):
    top = os.path.join(folder, "top")
    os.makedirs(top)
    listed(top)
    display.more = dialogs(folder)
    with Driven(display, folder, cwd=top) as window:
        def open_list():
            window.press(place(window, "choose-file"))
            until("the list", lambda: rows(window) == ALL)

        open_list()
        window.press(place(window, "pick-close"))
        until("the welcome screen", lambda: not rows(window))
        open_list()
        window.press(place(window, "pick", 1))
        until("the inner folder", lambda: "deep.json" in rows(window))
        window.press(place(window, "pick", 0))
        until("the folder above", lambda: rows(window) == ALL)
        window.press(place(window, "pick", 1))
        until("the inner folder", lambda: "deep.json" in rows(window))
        window.press(place(window, "pick-parent"))
        until("the folder above", lambda: rows(window) == ALL)
        window.press(place(window, "pick", 3))
        until("the scenario", titled(window, "Title of a.json"))
        window.key("Escape")
        until("the welcome screen", lambda: window.title() == "Loopscope")
        open_list()  # where a file was chosen last


@with_display
def a_folder_of_a_thousand_files_is_scrolled(folder, display):
    top = os.path.join(folder, "top")
    os.makedirs(top)
    for number in range(1000):
        scenario(top, "f%04d.json" % number, "Number %d" % number)
    display.more = dialogs(folder)
    with Driven(display, folder, cwd=top) as window:
        window.key("o")
        until("the list", lambda: '"f0000.json"' in window.scene())
        window.key("End")
        until("its end", lambda: '"f0999.json"' in window.scene() and '"f0000.json"' not in window.scene())
        display.tool("mousemove", 640, 400, *(["click", 4] * 3))
        window.away()
        window.rest()
        window.key("Return")
        until("the scenario", titled(window, "Number 996"))


@with_display
def a_folder_that_is_gone_says_so(folder, display):
    top = os.path.join(folder, "top")
    os.makedirs(os.path.join(top, "gone"))
    display.more = dialogs(folder)
    with Driven(display, folder, cwd=top) as window:
        window.key("o")
        until("the list", lambda: '"gone"' in window.scene())
        os.rmdir(os.path.join(top, "gone"))
        window.key("Down", "Return")
        until("why", lambda: "This folder can't be read: No such file or directory" in window.scene())
        window.key("BackSpace")
        until("the folder above", lambda: rows(window) == [".."])


if not Display.available():
    print("Xvfb, xdotool and ImageMagick are needed: make deps test")
    sys.exit(1)
suite.finish()
