"""The real window under Xvfb, driven as a user drives it: keys, the mouse, a dropped file."""
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from display import Display  # noqa: E402
from harness import ROOT, Skip, Suite, contains, equal, run, write  # noqa: E402
from screen import PATIENCE_S, Window, differing, traced, until  # noqa: E402

suite = Suite("window")
THREE = os.path.join("scenarios", "three-writers.json")


@suite.case
def it_opens_before_the_first_event_and_steps_one_by_one_threads(folder):
    trace = os.path.join(folder, "t.jsonl")
    with Display() as display, Window(display, "--trace", trace, THREE) as window:
        contains(window.title(), "Loopscope")
        equal(traced(trace), [], "events before the first step")
        for count in range(1, 6):
            window.key("Right")
            until("event %d" % (count - 1), lambda: len(traced(trace)) == count)
        time.sleep(0.5)
        equal(len(traced(trace)), 5, "the loop is held")
        window.key("Left", "Left")
        time.sleep(0.5)
        equal(len(traced(trace)), 5, "going back adds no event")
        window.close()
    equal(traced(trace)[-1]["reason"], "interrupted")


@suite.case
def played_to_the_end_the_files_are_there_threads(folder):
    work, trace = os.path.join(folder, "work"), os.path.join(folder, "t.jsonl")
    with Display() as display, Window(display, "--workdir", work, "--trace", trace, "--pace", "1e9", THREE) as window:
        window.key("space")
        until("the end", lambda: traced(trace) and traced(trace)[-1]["ev"] == "loop_stop")
        equal(traced(trace)[-1]["reason"], "done")
        window.close()
    equal([os.path.getsize(os.path.join(work, name)) for name in os.listdir(work)], [65536] * 3)


@suite.case
def the_clock_stops_while_the_loop_is_held(folder):
    trace = os.path.join(folder, "t.jsonl")
    with Display() as display, Window(display, "--trace", trace, THREE) as window:
        for _ in range(12):
            window.key("Right")
            time.sleep(0.1)
        until("twelve events", lambda: len(traced(trace)) == 12)
    assert traced(trace)[11]["t"] < 400e6, traced(trace)[11]  # held for more than a second by then


@suite.case
def the_screen_is_the_exported_picture(folder):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, THREE, status=0)
    with Display() as display, Window(display, "replay", trace) as window:
        window.key("Home")
        for at in range(6):
            window.key("Right")
        for at, keys in ((5, []), (6, ["Right"]), (5, ["Left"]), (len(traced(trace)) - 1, ["End"])):
            window.key(*keys)
            picture = os.path.join(folder, "at.png")
            run("export", trace, "-o", picture, "--at", str(at), status=0)
            equal(differing(window.shot(os.path.join(folder, "shot.png")), picture), 0, "pixels that differ at %d" % at)


@suite.case
def iterations_are_jumped_both_ways(folder):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, THREE, status=0)
    turns = [event["n"] for event in traced(trace) if event["ev"] == "iteration"]
    with Display() as display, Window(display, "replay", trace) as window:
        window.key("Home")
        for keys, at in ((["shift+Right"], turns[0]), (["shift+Right"], turns[1]), (["shift+Left"], turns[0])):
            window.key(*keys)
            picture = os.path.join(folder, "at.png")
            run("export", trace, "-o", picture, "--at", str(at), status=0)
            equal(differing(window.shot(os.path.join(folder, "shot.png")), picture), 0, "pixels at %d" % at)


@suite.case
def on_a_live_run_the_next_iteration_is_played_to(folder):
    trace = os.path.join(folder, "t.jsonl")
    with Display() as display, Window(display, "--trace", trace, THREE) as window:
        for turns in (1, 2, 3):
            window.key("shift+Right")
            until("iteration %d" % turns, lambda: sum(e["ev"] == "iteration" for e in traced(trace)) == turns)
        time.sleep(0.5)
        equal(traced(trace)[-1]["ev"], "iteration", "the loop is held there")


@suite.case
def the_timeline_is_scrubbed_with_the_mouse(folder):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, THREE, status=0)
    shots = [os.path.join(folder, "%d.png" % i) for i in range(4)]
    with Display() as display, Window(display, "replay", trace) as window:
        window.click(700, 572)
        display.tool("mousemove", 640, 60)
        window.shot(shots[0])
        display.tool("mousemove", 700, 572, "mousedown", 1, "mousemove", 300, 572, "mouseup", 1)
        display.tool("mousemove", 640, 60)
        window.shot(shots[1])
        window.click(700, 572)
        display.tool("mousemove", 640, 60)
        window.shot(shots[2])
    assert differing(shots[0], shots[1]) > 500, "scrubbing moves the playhead"
    equal(differing(shots[0], shots[2]), 0, "the same place shows the same state")


@suite.case
def the_timeline_is_zoomed_moved_and_clicked(folder):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, THREE, status=0)
    with Display() as display, Window(display, "replay", trace) as window:
        def shot(name):
            return window.shot(os.path.join(folder, name + ".png"))

        def away():
            display.tool("mousemove", 640, 60)

        window.key("Home", "shift+Right", "shift+Right", "shift+Right")
        away()
        whole = shot("whole")
        for near, far in (("plus", "0"), ("plus", "minus")):
            window.key(near)
            assert differing(whole, shot("near")) > 500, near
            window.key(far)
            equal(differing(whole, shot("again")), 0, far)
        display.tool("mousemove", 700, 640, *(["click", 4] * 8))
        away()
        wheel = shot("wheel")
        assert differing(whole, wheel) > 500, "the wheel over the timeline"
        window.key("ctrl+Right")
        assert differing(wheel, shot("later")) > 200, "later"
        window.key("ctrl+Left")
        equal(differing(wheel, shot("earlier")), 0, "and back")
        display.tool("mousemove", 700, 640, "mousedown", 1, "mousemove", 600, 640, "mouseup", 1)
        away()
        assert differing(wheel, shot("dragged")) > 200, "a drag on the lanes"
        window.click(72, 572)  # "All"
        away()
        equal(differing(whole, shot("all")), 0, "the whole run")
        display.tool("mousemove", 500, 640)
        assert differing(whole, shot("words")) > 1000, "what is under the pointer, in words"
        window.click(500, 640)  # a wait: the second task is selected, and what woke it is shown
        away()
        assert differing(whole, shot("woken")) > 1000, "a click on a wait"


@suite.case
def a_task_is_asked_why_by_key_and_mouse(folder):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, THREE, status=0)
    with Display() as display, Window(display, "replay", trace) as window:
        def shot(name):
            return window.shot(os.path.join(folder, name + ".png"))

        window.key("Home", "shift+Right", "shift+Right", "shift+Right", "shift+Right")
        display.tool("mousemove", 640, 60)
        plain = shot("plain")
        window.key("n")
        first = shot("first")
        assert differing(plain, first) > 2000, "the panel of the first task"
        window.key("n")
        assert differing(first, shot("second")) > 500, "and of the second"
        window.key("shift+n")
        equal(differing(first, shot("back")), 0, "and of the first again")
        window.key("bracketleft")
        before = shot("before")
        assert differing(first, before) > 500, "its history, a row back"
        window.key("bracketleft", "bracketright")
        equal(differing(before, shot("forth")), 0, "back and forth")
        window.key("Home", "shift+Right", "shift+Right", "shift+Right", "shift+Right", "Escape")
        equal(differing(plain, shot("closed")), 0, "Esc lets it go")
        window.click(70, 626)  # the name of its lane
        display.tool("mousemove", 640, 60)
        equal(differing(first, shot("clicked")), 0, "a click on its name is the same")
        window.click(297, 231)  # the cross
        display.tool("mousemove", 640, 60)
        equal(differing(plain, shot("crossed")), 0, "the cross lets it go")


@suite.case
def events_are_inspected_filtered_and_copied(folder):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, THREE, status=0)
    with Display() as display, Window(display, "replay", trace) as window:
        def shot(name):
            return window.shot(os.path.join(folder, name + ".png"))

        window.key("Home", "shift+Right", "shift+Right", "shift+Right", "shift+Right")
        display.tool("mousemove", 640, 300)
        watch = shot("watch")
        window.key("i")
        inspect = shot("inspect")
        assert differing(watch, inspect) > 5000, "the list of events"
        window.key("w")
        equal(differing(watch, shot("again")), 0, "W watches")
        window.click(670, 19)
        display.tool("mousemove", 640, 300)
        equal(differing(inspect, shot("clicked")), 0, "Inspect in the bar")
        window.key("slash", "t", "a", "s", "k", "colon", "w", "r", "i", "t", "e", "BackSpace", "Return")
        display.tool("mousemove", 640, 300)
        found = shot("found")
        assert differing(inspect, found) > 1000, "only a task's events"
        window.key("bracketright")
        after = shot("after")
        assert differing(found, after) > 500, "the next that matches"
        window.key("bracketright", "bracketleft")
        equal(differing(after, shot("same")), 0, "and back")
        window.key("ctrl+c")
        copied = shot("copied")
        assert 20 < differing(after, copied) < 3000, "it says that it is copied"
        display.tool("mousemove", 160, 200, "click", 5)
        display.tool("mousemove", 640, 300)
        assert differing(copied, shot("scrolled")) > 500, "the wheel scrolls the list"
        window.key("Escape")
        assert differing(found, shot("all")) > 500, "Esc shows all events"


@suite.case
def a_run_let_go_is_recorded_while_one_looks_back(folder):
    scenario = write(folder, "long.json", json.dumps({"title": "long", "tasks": [
        {"name": "tick", "steps": [{"repeat": 40, "steps": [{"sleep": "100ms"}]}]}]}))
    trace = os.path.join(folder, "t.jsonl")
    with Display() as display, Window(display, "--trace", trace, scenario) as window:
        window.key("End")
        until("a few events", lambda: len(traced(trace)) > 30)
        window.key("Home")
        seen = len(traced(trace))
        until("more events", lambda: len(traced(trace)) > seen + 20)
        window.click(1220, 572)  # "2.1 s behind"
        until("the end", lambda: traced(trace)[-1]["ev"] == "loop_stop")


@suite.case
def every_size_is_filled(folder):
    with Display(1920, 1080) as display, Window(display, THREE) as window:
        window.key("Right", "Right", "Right")
        for width, height in ((1024, 640), (1280, 720), (1600, 900), (1920, 1080)):
            display.tool("windowmove", window.id, 0, 0)
            display.tool("windowsize", "--sync", window.id, width, height)
            file = window.shot(os.path.join(folder, "%d.png" % width))
            black = subprocess.run(["convert", file, "-crop", "%dx%d+0+0" % (width, height), "-fill", "white", "+opaque",
                                    "black", "-format", "%[fx:mean]", "info:"], capture_output=True, text=True).stdout
            assert float(black) > 0.97, "unpainted at %dx%d: %s" % (width, height, black)


@suite.case
def the_welcome_screen_opens_a_scenario_and_escape_returns(_):
    with Display() as display, Window(display) as window:
        equal(window.title(), "Loopscope")
        window.key("Return")
        until("a scenario", lambda: window.title() != "Loopscope")
        window.key("Escape")
        until("the welcome screen", lambda: window.title() == "Loopscope")


@suite.case
def a_bad_file_is_shown_and_reloads_when_mended(folder):
    file = write(folder, "mine.json", '{"title": "Mine", "tasks": [{"name": "a", "steps": [{"slep": 1}]}]}')
    with Display() as display, Window(display, file) as window:
        equal(window.title(), "Loopscope")
        write(folder, "mine.json", '{"title": "Mine", "tasks": [{"name": "a", "steps": [{"sleep": 1}]}]}')
        window.key("r")
        until("the scenario", lambda: window.title() == "Mine - Loopscope")


@suite.case
def a_dropped_file_opens_and_a_bad_one_is_shown(folder):
    tool = os.path.join(folder, "drop")
    built = subprocess.run(["gcc", "-o", tool, os.path.join(ROOT, "tests", "program", "xdnd_drop.c"), "-lX11"],
                           capture_output=True, text=True)
    if built.returncode:
        raise Skip("no X11 headers: " + built.stderr[:80])
    good = write(folder, "my file.json", '{"title": "Dropped", "tasks": [{"name": "a", "steps": []}]}')
    bad = write(folder, "bad.json", '{"title": "Bad"}')
    with Display() as display, Window(display, THREE) as window:
        def drop(path):
            subprocess.run([tool, window.id, "file://" + path.replace(" ", "%20") + "\r\n"], check=True,
                           env=display.environment, timeout=PATIENCE_S)
        drop(good)
        until("the dropped scenario", lambda: window.title() == "Dropped - Loopscope")
        drop(bad)
        until("the problem panel", lambda: window.title() == "Loopscope")
        first = window.shot(os.path.join(folder, "a.png"))
        window.key("Escape")
        assert differing(first, window.shot(os.path.join(folder, "b.png"))) > 5000, "the panel goes away"


@suite.case
def the_format_stays_while_a_file_is_mended(folder):
    scene = os.path.join(folder, "scene.txt")

    def shown():
        with open(scene, encoding="utf-8") as text:
            return text.read()

    def saved(text):
        return write(folder, "mine.json", '{"title": "Mine", "tasks": [{"name": "a", "steps": [%s]}]}' % text)

    with Display() as display, Window(display, "--report-scene", scene, saved('{"slep": 0}')) as window:
        window.key("F1")
        until("the format", lambda: "The format in short" in shown() and "slep" in shown())
        window.key("r")
        until("the mistake, read again", lambda: "The format in short" in shown() and "slep" in shown())
        saved('{"sleep": 0, "lock": 1}')
        window.key("r")
        until("another mistake", lambda: "slep" not in shown() and "did not load" in shown())
        assert "The format in short" in shown()
        window.key("Escape")
        until("only the format goes", lambda: "The format in short" not in shown() and "did not load" in shown())
        saved('{"sleep": 0}')
        window.key("r")
        until("the scenario", lambda: window.title() == "Mine - Loopscope")
        window.close()


@suite.case
def every_key_of_the_view_changes_the_picture_and_back(folder):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, THREE, status=0)
    with Display() as display, Window(display, "replay", trace) as window:
        window.key("shift+Right", "shift+Right", "shift+Right")
        for on, off in (("v", "v v"), ("Up", "Down"), ("question", "question"), ("question", "Escape")):
            before = window.shot(os.path.join(folder, "a.png"))
            window.key(on)
            assert differing(before, window.shot(os.path.join(folder, "b.png"))) > 50, on
            window.key(*off.split())  # of steps, Python and JSON, the third view is the first again
            equal(differing(before, window.shot(os.path.join(folder, "c.png"))), 0, "back by " + off)


@suite.case
def the_keys_of_the_room_change_the_screen_and_are_remembered(folder):
    trace, shot = os.path.join(folder, "t.jsonl"), lambda name: os.path.join(folder, name + ".png")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, THREE, status=0)
    with Display() as display:
        with Window(display, "replay", trace) as window:
            window.key("shift+Right")
            first = window.shot(shot("first"))
            for on, off in (("t", "t t"), ("l", "l l"), ("ctrl+equal", "ctrl+minus"), ("b", "b"), ("period", "x")):
                window.key(on)
                changed = window.shot(shot("on"))
                assert differing(first, changed) > 5000, on
                if on in ("b", "period"):
                    equal(subprocess.run(["convert", changed, "-format", "%k", "info:"], capture_output=True,
                                         text=True).stdout, "1", "colours of a blank screen")
                window.key(*off.split())
                equal(differing(first, window.shot(shot("off"))), 0, "back by " + off)
            window.key("t", "l")
            kept = window.shot(shot("kept"))
        with Window(display, "replay", trace) as window:
            window.key("shift+Right")
            equal(differing(kept, window.shot(shot("again"))), 0, "theme and size are remembered")
        with Window(display, "replay", "--theme", "dark", "--font-scale", "1", trace) as window:
            window.key("shift+Right")
            equal(differing(first, window.shot(shot("told"))), 0, "what the command line says comes first")


@suite.case
def a_saved_file_is_loaded_again_at_its_place(folder):
    def text(title, step):
        return json.dumps({"title": title, "tasks": [{"name": "a", "steps": [{"log": "one"}, {"log": "two"}, step]}]})
    file, trace = write(folder, "mine.json", text("First", {"log": "x"})), os.path.join(folder, "t.jsonl")
    with Display() as display, Window(display, "--trace", trace, file) as window:
        for _ in range(5):
            window.key("Right")
        until("five events", lambda: len(traced(trace)) == 5)
        write(folder, "mine.json", text("Second", {"sleep": "1ms"}))
        until("the saved one", lambda: window.title() == "Second - Loopscope")
        until("its place", lambda: len(traced(trace)) == 5)
        write(folder, "mine.json", text("Third", {"slep": "1ms"}))
        until("the mistake", lambda: window.title() == "Loopscope")
        write(folder, "mine.json", text("Fourth", {"log": "y"}))
        until("the mended one", lambda: window.title() == "Fourth - Loopscope")


@suite.case
def the_editor_gets_the_file_and_recent_files_are_kept(folder):
    file, seen = write(folder, "my own.json", '{"title": "Mine", "tasks": [{"name": "a", "steps": []}]}'), os.path.join(folder, "seen")
    write(folder, "editor", "#!/bin/sh\nprintf '%s|' \"$@\" > " + seen + "\n")
    with Display() as display:
        display.more = {"VISUAL": "sh %s -n" % os.path.join(folder, "editor")}
        with Window(display, file) as window:
            window.key("e")
            equal(until("the editor", lambda: os.path.exists(seen) and open(seen, encoding="utf-8").read()), "-n|%s|" % file)
        with open(os.path.join(display.settings.name, "loopscope", "settings"), encoding="utf-8") as settings:
            contains(settings.read(), "recent %s\n" % os.path.realpath(file))
        with Window(display) as window:  # the last card of the welcome screen
            window.key("Left", "Return")
            until("the recent file", lambda: window.title() == "Mine - Loopscope")


@suite.case
def an_interrupt_ends_the_run_and_the_window_in_order(folder):
    work, trace = os.path.join(folder, "work"), os.path.join(folder, "t.jsonl")
    with Display() as display, Window(display, "--workdir", work, "--trace", trace, THREE) as window:
        window.key("Right", "Right", "Right")
        until("three events", lambda: len(traced(trace)) == 3)
        window.process.send_signal(signal.SIGINT)
        equal(window.process.wait(timeout=PATIENCE_S), 130)
    equal(traced(trace)[-1]["reason"], "interrupted")


@suite.case
def a_termination_or_quitting_ends_a_run_that_plays(folder):
    scenario = write(folder, "long.json", json.dumps({"title": "long", "tasks": [
        {"name": "tick", "steps": [{"repeat": 4000, "steps": [{"sleep": "10ms"}]}]}]}))
    for how in ("term", "quit"):
        work, trace = os.path.join(folder, how), os.path.join(folder, how + ".jsonl")
        with Display() as display, Window(display, "--workdir", work, "--trace", trace, scenario) as window:
            window.key("End")
            until("a few events", lambda: len(traced(trace)) > 30)
            if how == "term":
                window.process.send_signal(signal.SIGTERM)
                _, err = window.process.communicate(timeout=PATIENCE_S)
                equal(window.process.returncode, 130, err.decode())  # a leak would be told by another one
            else:
                window.close()
        equal(traced(trace)[-1]["reason"], "interrupted", how)


@suite.case
def sizes_that_follow_each_other_fast_leave_the_last_one_whole(folder):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, THREE, status=0)
    with Display(1920, 1080) as display, Window(display, "replay", trace) as window:
        display.tool("windowmove", window.id, 0, 0)
        window.key("Home", "shift+Right", "shift+Right")
        before = window.shot(os.path.join(folder, "before.png"))
        for at in range(60):
            display.tool("windowsize", window.id, 1024 + at * 97 % 896, 640 + at * 61 % 440)
            if at % 7 == 0:
                window.key("Right", "Left")
        display.tool("windowsize", "--sync", window.id, 1280, 720)
        until("the same picture again", lambda: differing(before, window.shot(os.path.join(folder, "after.png"))) == 0)


@suite.case
def a_paused_window_rests(_):
    with Display() as display, Window(display, THREE) as window:
        window.key("Right")
        time.sleep(3)

        def ticks():
            with open("/proc/%d/stat" % window.process.pid, encoding="ascii") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            return int(fields[11]) + int(fields[12])
        before = ticks()
        time.sleep(4)
        assert ticks() - before <= 8, "%d ticks of CPU in 4 s of pause" % (ticks() - before)


@suite.case
def tasks_are_found_by_name_and_followed(folder):
    scenario = write(folder, "many.json", json.dumps({"title": "many", "tasks": [
        {"name": "worker", "count": 200, "steps": [{"sleep": "1s"}]}]}))
    picture = lambda name: os.path.join(folder, name + ".png")
    trace = os.path.join(folder, "t.jsonl")
    with Display() as display, Window(display, "--trace", trace, scenario) as window:
        window.key("shift+Right")
        until("the first turn", lambda: any(event["ev"] == "iteration" for event in traced(trace)))
        whole = window.shot(picture("whole"))
        window.key("slash")
        typing = window.shot(picture("typing"))
        assert differing(whole, typing) > 100, "the pattern's box"
        window.key("1", "9", "v", "BackSpace")  # V is a letter here, and changes no view of the code
        found = window.shot(picture("found"))
        assert differing(typing, found) > 50, "what matches"
        window.key("Return")
        window.key("Escape")  # all are shown again; those that matched are followed
        followed = window.shot(picture("followed"))
        assert differing(whole, followed) > 100, "who is followed"
        assert differing(found, followed) > 100, "no pattern any more"


@suite.case
def ten_thousand_tasks_are_shown(folder):
    trace = os.path.join(folder, "t.jsonl")
    with Display() as display, Window(display, "--trace", trace, "--pace", "1e9",
                                      os.path.join("scenarios", "ten-thousand.json")) as window:
        window.key("space")
        until("the end", lambda: subprocess.run(["tail", "-c", "300", trace], capture_output=True).stdout.count(b"loop_stop"))
        window.shot(os.path.join(folder, "end.png"))


if not Display.available():
    print("Xvfb, xdotool and ImageMagick are needed: make deps test")
    sys.exit(1)
suite.finish()
