"""Two runs side by side: the table and its JSON, held against the traces themselves; and the window, by keys and mouse."""
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from display import Display  # noqa: E402
from harness import PROGRAM, ROOT, Skip, Suite, contains, equal, run, write  # noqa: E402
from screen import Window, differing, until  # noqa: E402

suite = Suite("compare")
BLOCKING, ASYNC, THREE, ONE_BY_ONE, TOGETHER = (
    os.path.join("scenarios", name + ".json")
    for name in ("blocking-writes", "async-writes", "three-writers", "awaiting-is-not-parallel", "errands-together"))
OUT_OF_ORDER = {"loop_start", "poll", "polled", "iteration", "io_arrived", "note", "loop_blocked"}


def compared(*words, status=0, **more):
    _, out, _ = run("compare", *words, "--json", status=status, **more)
    return json.loads(out)


def traced(folder, name, *words):
    """A trace, and its events."""
    path = os.path.join(folder, name)
    run("run", "--quiet", "--trace", path, *words)
    with open(path, encoding="utf-8") as lines:
        return path, [json.loads(line) for line in lines.read().splitlines()[1:]]


def first_difference(left, right):
    """The numbers of the first two events of the order that differ; of two runs of one scenario."""
    def order(events):
        names = {event["task"]: event["name"] for event in events if event["ev"] == "task_created"}
        ops = {event["op"]: event for event in events if event["ev"] == "io_submitted"}
        for event in events:
            if event["ev"] in OUT_OF_ORDER:
                continue
            about = dict(event, **{"of": names.get(event.get("task"))})
            if event["ev"] == "io_completed":
                about.update(call=ops[event["op"]]["call"], path=ops[event["op"]]["path"])
            yield event["n"], {key: value for key, value in about.items() if key not in
                               ("n", "t", "task", "op", "timer", "callback", "via", "due", "took", "parent")}
    for (n, one), (k, other) in zip(order(left), order(right)):
        if one != other:
            return [n, k]
    return None


@suite.case
def blocking_and_asynchronous_writes(folder):
    for backend in ("threads", "auto"):
        got = compared(BLOCKING, ASYNC, "--backend", backend)
        first, second = got["runs"]
        equal([task["name"] for task in got["tasks"]], ["write_a", "write_b", "write_c"])
        for task in got["tasks"]:
            equal([side["bytes"] for side in task["runs"]], [65536, 65536])
            equal([side["end"] for side in task["runs"]], ["done", "done"])
            equal(task["runs"][0]["waited"], 0, "a blocking call is no wait")
            assert task["runs"][1]["waited"] > 0
        for side, whole in enumerate((first, second)):
            assert sum(task["runs"][side]["run"] for task in got["tasks"]) <= whole["total"]
        equal((first["polls"], first["iterations"]), (0, 1))  # nothing is asked of the system but the calls themselves
        assert second["polls"] >= 1 and second["iterations"] > 1
        assert abs(got["ratio"] - second["total"] / first["total"]) < 0.001
        words = [event["words"] for event in got["order"]["events"]]
        contains(words[0], "until the OS has done it: write_a.txt is open")
        contains(words[1], "to open write_a.txt.")


@suite.case
def one_by_one_and_together(folder):
    got = compared(ONE_BY_ONE, TOGETHER)
    equal([task["name"] for task in got["tasks"]], ["shop", "bread", "milk", "fruit"])
    equal([task["runs"][0] is None for task in got["tasks"]], [False, True, True, True])
    assert got["runs"][0]["total"] >= 90e6 and got["runs"][1]["total"] >= 30e6
    equal(got["order"]["alike"], 3)
    equal([event["words"] for event in got["order"]["events"]],
          ["shop prints “an errand begins”.", "shop creates the task bread."])


@suite.case
def the_same_scenario_on_two_back_ends(folder):
    got = compared(THREE, THREE, "--backend", "threads", "--backend-b", "sim", "--seed-b", "3")
    equal([side["backend"] for side in got["runs"]], ["threads", "sim"])
    equal(got["runs"][1]["seed"], 3)
    _, out, _ = run("compare", THREE, THREE, "--backend", "threads", "--backend-b", "sim", "--no-window", status=0)
    contains(out, "One of the two is simulated: its times are made up.")
    contains(out, "sim, seed 1")
    contains(out, "threads + ")


@suite.case
def the_first_difference_is_that_of_the_traces(folder):
    traces = [traced(folder, "%d.jsonl" % seed, "--backend", "sim", "--seed", str(seed), THREE) for seed in range(1, 9)]
    differ = 0
    for path, events in traces:
        for other, others in traces:
            wanted = first_difference(events, others)
            got = compared(path, other)["order"]
            equal([event["n"] for event in got["events"]], wanted or [], "%s and %s" % (path, other))
            differ += wanted is not None
    assert differ > 8, differ
    got = compared(traces[0][0], traces[0][0])
    equal((got["order"]["events"], got["ratio"]), ([], 1.0))
    assert all(side["saved"] for side in got["runs"])


@suite.case
def a_trace_and_a_run_go_together(folder):
    path, events = traced(folder, "t.jsonl", "--backend", "threads", ONE_BY_ONE)
    got = compared(path, ONE_BY_ONE)
    equal([side["saved"] for side in got["runs"]], [True, False])
    equal(got["order"]["events"], [], "sleeps alone: the order is the loop's")
    equal(got["runs"][0]["total"], events[-1]["t"])


@suite.case
def each_run_has_its_folder(folder):
    work = os.path.join(folder, "work")
    run("compare", BLOCKING, ASYNC, "--no-window", "--workdir", work, status=0)
    for side in ("1", "2"):
        equal(sorted(os.listdir(os.path.join(work, side))), ["write_a.txt", "write_b.txt", "write_c.txt"])
        equal(os.path.getsize(os.path.join(work, side, "write_a.txt")), 65536)


@suite.case
def what_goes_wrong_is_said(folder):
    broken = write(folder, "broken.json", '{"tasks": [{"name": "a", "steps": [{"jump": 1}]}]}')
    run("compare", THREE, broken, "--no-window", status=2)
    run("compare", THREE, os.path.join(folder, "nowhere.json"), "--no-window", status=2)
    run("compare", THREE, "--no-window", status=2)
    _, out, _ = run("compare", "scenarios/two-tasks.json", "scenarios/deadlock.json", "--no-window", status=1)
    contains(out, "deadlock")
    path, events = traced(folder, "cut.jsonl", "--backend", "sim", THREE)
    with open(path, encoding="utf-8") as lines:
        head = lines.read().split("\n")[:20]
    cut = write(folder, "cut.jsonl", "\n".join(head) + "\n{\"n\": 99}\n")
    _, out, err = run("compare", cut, THREE, "--backend", "sim", "--no-window", status=1)
    contains(out, "cut off")
    contains(out, "It ends here.")
    contains(err, "cut.jsonl:21")
    _, _, err = run("compare", THREE, THREE, status=2, env={"SDL_VIDEODRIVER": "none", "DISPLAY": "", "WAYLAND_DISPLAY": ""})
    contains(err, "loopscope compare %s %s --no-window" % (THREE, THREE))


@suite.case
def the_table_fits_and_says_both(folder):
    _, out, _ = run("compare", BLOCKING, ASYNC, "--no-window", status=0)
    lines = out.splitlines()
    contains(lines[0], "1: blocking-writes")
    contains(lines[0], "2: async-writes")
    assert all(len(line) <= 100 for line in lines[:25]), out
    for word in ("total time", "write_a", "ran", "ready", "waited", "bytes", "end", "iterations", "polls", "longest hold"):
        contains(out, word)


@suite.case
def an_interrupt_ends_it(folder):
    slow = write(folder, "slow.json", '{"title": "slow", "about": "slow", "tasks": [{"name": "a", "steps": [{"sleep": "50s"}]}]}')
    process = subprocess.Popen([PROGRAM, "compare", slow, slow, "--no-window", "--backend", "threads"], cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    contains(err.decode(), "interrupted")
    equal((out, process.returncode), (b"", 130))


# ---- the window ----

def need_display():
    if not Display.available():
        raise Skip("Xvfb, xdotool and ImageMagick are needed")


@suite.case
def every_key_of_the_window(folder):
    need_display()
    first, _ = traced(folder, "blocking.jsonl", "--backend", "threads", BLOCKING)
    second, _ = traced(folder, "async.jsonl", "--backend", "threads", ASYNC)
    with Display() as display, Window(display, "compare", first, second) as window:
        equal(window.title(), "blocking and async - Loopscope")
        shots = [0]

        def shot():
            shots[0] += 1
            return window.shot(os.path.join(folder, "%d.png" % shots[0]))

        def leads(keys, back, start):
            """The keys change the picture, and `back` shows it as it was."""
            window.key(*keys)
            there = shot()
            assert differing(start, there) > 40, keys
            window.key(*back)
            equal(differing(start, shot()), 0, "%s, and back by %s" % (keys, back))

        end = shot()
        leads(["Home"], ["End"], end)
        leads(["Left"], ["Right"], end)
        leads(["shift+Left"], ["shift+Right", "End"], end)
        leads(["plus"], ["0"], end)
        leads(["plus", "plus", "ctrl+Left"], ["0"], end)
        leads(["minus", "plus"], ["minus"], end)
        leads(["d"], ["End"], end)
        leads(["n"], ["Escape"], end)
        leads(["shift+n"], ["n"], end)
        leads(["Tab"], ["Escape"], end)
        leads(["shift+Tab"], ["Tab"], end)
        leads(["Tab"] * 9 + ["Return"], ["Escape"], end)
        leads(["Up"], ["Down"], end)
        leads(["question"], ["Escape"], end)
        leads(["t"], ["t", "t"], end)
        leads(["l"], ["l", "l"], end)
        leads(["b"], ["space"], end)
        window.key("Home", "space")  # played to the end, some seconds long
        until("the end", lambda: differing(end, shot()) == 0)
        window.close()


@suite.case
def the_pointer_in_the_window(folder):
    need_display()
    first, _ = traced(folder, "blocking.jsonl", "--backend", "threads", BLOCKING)
    second, _ = traced(folder, "async.jsonl", "--backend", "threads", ASYNC)
    with Display() as display, Window(display, "compare", first, second) as window:
        def aside():
            display.tool("mousemove", 700, 20)

        def shot(name):
            aside()
            return window.shot(os.path.join(folder, name))

        aside()
        end = shot("end.png")
        window.click(400, 230)  # a lane of the first run: told, and the task selected in both
        told = shot("told.png")
        assert differing(end, told) > 2000
        window.key("Escape")
        equal(differing(end, shot("back.png")), 0)
        window.click(300, 476)  # its loop's lane: both stand there, and it is told
        told = shot("loop.png")
        window.key("Escape")
        assert differing(told, shot("untold.png")) > 1000, "the words go"
        window.click(300, 452)  # the times of the second run: both stand there
        assert differing(end, shot("scrubbed.png")) > 2000
        window.key("End")
        display.tool("mousemove", 500, 500, "click", 4, "click", 4, "click", 4)  # the wheel
        assert differing(end, shot("near.png")) > 2000
        display.tool("mousemove", 500, 540, "mousedown", 1, "mousemove", 450, 540, "mousemove", 400, 540, "mouseup", 1)
        assert differing(os.path.join(folder, "near.png"), shot("moved.png")) > 500
        window.key("0")
        equal(differing(end, shot("whole.png")), 0)
        window.click(1212, 77)  # Go there
        assert differing(end, shot("flag.png")) > 500
        window.key("End")
        window.click(1100, 209)  # a task's bar
        window.key("Escape")
        equal(differing(end, shot("again.png")), 0)
        window.close()


@suite.case
def pairs_and_choosing_from_the_welcome_screen(folder):
    need_display()
    with Display() as display, Window(display, "--backend", "threads") as window:
        window.key("s", "Right", "Return")
        until("the second is chosen", lambda: window.title() == "two-tasks and three-writers - Loopscope")
        window.key("Escape")
        until("the welcome screen", lambda: window.title() == "Loopscope")
        window.key(*["Right"] * 20)  # behind the twenty-one lessons
        window.key("Return")
        until("the pair", lambda: window.title() == "blocking-writes and async-writes - Loopscope")
        window.key("r")
        until("it again", lambda: window.title() == "blocking-writes and async-writes - Loopscope")
        window.key("Escape", "Right", "Return")
        until("another pair", lambda: window.title() == "awaiting-is-not-parallel and errands-together - Loopscope")
        window.close()


@suite.case
def an_open_scenario_is_compared_with_another(folder):
    need_display()
    with Display() as display, Window(display, "--backend", "threads", THREE) as window:
        contains(window.title(), "Three files")
        window.key("s")
        until("the welcome screen", lambda: window.title() == "Loopscope")
        window.key("Return")
        until("both", lambda: " and " in window.title())
        assert window.title().startswith("three-writers and "), window.title()
        window.close()


@suite.case
def both_ways_are_run_beside_a_frozen_loop(folder):
    need_display()
    frozen = os.path.join(os.path.dirname(THREE), "frozen-loop.json")
    scene = os.path.join(folder, "scene.txt")

    def shown():
        with open(scene, encoding="utf-8") as text:
            return text.read()

    with Display() as display, Window(display, "--backend", "threads", "--report-scene", scene, frozen) as window:
        until("the start", lambda: os.path.exists(scene))
        assert "Same work, two ways" not in shown()
        window.key("End")
        until("both totals", lambda: "Same work, two ways" in shown() and shown().count('"total"') == 2)
        contains(shown(), "both were just run here")
        window.key("Home")
        until("nothing is frozen yet", lambda: "Same work, two ways" not in shown())
        window.key("End")
        until("they are still there", lambda: shown().count('"total"') == 2)
        window.key("i")
        until("one run is inspected", lambda: "Same work, two ways" not in shown())
        window.key("w", "f")
        until("both", lambda: window.title() == "frozen-loop and frozen-loop, fixed - Loopscope")
        until("them as they were run", lambda: "Each task" in shown())
        window.close()
    work = os.path.join(folder, "work")  # what is kept is what was asked for
    with Display() as display, Window(display, "--backend", "threads", "--report-scene", scene, "--workdir", work, frozen) as window:
        window.key("End")
        until("the end", lambda: "stopped in" in shown())
        assert "Same work, two ways" not in shown()
        window.close()
    equal(os.listdir(work), ["save.txt"])


@suite.case
def what_freezes_the_loop_runs_beside_itself_fixed(folder):
    need_display()
    frozen = os.path.join(os.path.dirname(THREE), "frozen-loop.json")
    with Display() as display, Window(display, "--backend", "threads", frozen) as window:
        window.key("f")
        until("both", lambda: window.title() == "frozen-loop and frozen-loop, fixed - Loopscope")
        window.key("r")
        until("both again", lambda: window.title() == "frozen-loop and frozen-loop, fixed - Loopscope")
        window.key("Escape")
        until("the scenario again", lambda: window.title() == "One call without await stops all - Loopscope")
        window.close()
    saved, _ = traced(folder, "saved.jsonl", "--backend", "threads", frozen)
    with Display() as display, Window(display, "--backend", "threads", saved) as window:
        window.key("f")  # its scenario stands in it
        until("both", lambda: window.title() == "saved and saved, fixed - Loopscope")
        window.key("r")
        until("both again", lambda: window.title() == "saved and saved, fixed - Loopscope")
        window.key("Escape")
        until("the trace again", lambda: window.title() == "One call without await stops all - Loopscope")
        window.close()
    with Display() as display, Window(display, "--backend", "threads", THREE) as window:
        title = window.title()
        window.key("f")  # nothing in it keeps the thread
        window.key("Right")
        equal(window.title(), title)
        window.close()


@suite.case
def a_saved_file_runs_both_again(folder):
    need_display()

    def text(steps):
        return '{"title": "mine", "tasks": [{"name": "a", "steps": [%s]}]}' % steps
    file, scene = write(folder, "mine.json", text('{"log": "one"}')), os.path.join(folder, "scene")
    other = write(folder, "other.json", text('{"log": "one"}, {"sleep": 1}'))

    def shows(words):
        with open(scene, encoding="utf-8") as lines:
            return '"%s"' % words in lines.read()
    with Display() as display, Window(display, "compare", "--report-scene", scene, "--backend", "sim", file, other) as window:
        until("the first comparison", lambda: shows("Go there"))
        write(folder, "mine.json", text('{"log": "one"}, {"sleep": 1}'))
        until("the same order", lambda: shows("Both take about as long."))
        write(folder, "other.json", text('{"logg": "one"}'))
        until("the mistake", lambda: window.title() == "Loopscope")
        write(folder, "other.json", text('{"log": "one"}, {"sleep": 2}'))
        until("both again", lambda: window.title() == "mine and other - Loopscope" and shows("The second takes 2.0 times as long as the first."))


suite.finish()
