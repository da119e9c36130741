"""CPython's own loop, recorded by assets/python/loopscope_trace.py: the program does what it does
without it, and the trace is one that Loopscope takes."""
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ROOT, Suite, contains, equal, run

PROGRAMS = os.path.join(ROOT, "tests/program/python")
ENVIRONMENT = dict(os.environ, PYTHONPATH=os.path.join(ROOT, "assets/python"),
                   PYTHONWARNINGS="error", PYTHONDONTWRITEBYTECODE="1")
suite = Suite("python trace")


def record(folder, *arguments, status=0):
    """Runs a program under the tracer; its standard output, its standard error, the trace's file."""
    trace = os.path.join(folder, "out.jsonl")
    done = subprocess.run([sys.executable, "-m", "loopscope_trace", "-o", trace, *arguments],
                          env=ENVIRONMENT, cwd=folder, capture_output=True, text=True, timeout=60)
    equal(done.returncode, status, done.stderr)
    return done.stdout, done.stderr, trace


def events(trace):
    with open(trace, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return lines[0], lines[1:]


def of(all_events, kind):
    return [event for event in all_events if event["ev"] == kind]


def taken(folder, trace):
    """Loopscope reads it, folds every event of it and writes it again: each is legal where it stands."""
    copy = os.path.join(folder, "copy.jsonl")
    _, _, err = run("export", trace, "-o", copy, status=0)
    equal(err, "")
    with open(copy, encoding="utf-8") as file:
        equal(sum(1 for _ in file), sum(1 for _ in open(trace, encoding="utf-8")), "lines")


def same_as_without(folder, name, status):
    alone = subprocess.run([sys.executable, os.path.join(PROGRAMS, name)], cwd=folder,
                           capture_output=True, text=True, timeout=60)
    equal(alone.returncode, status, alone.stderr)
    out, _, trace = record(folder, os.path.join(PROGRAMS, name), status=status)
    equal(out, alone.stdout, "standard output")
    taken(folder, trace)
    return events(trace)


@suite.case
def tasks_groups_timeouts_and_servers_are_recorded(folder):
    header, told = same_as_without(folder, "tour.py", 0)
    equal(header["language"], "python")
    contains(header["source"], "async def main():")
    equal([event["text"] for event in of(told, "output")][:3], ["child 0", "child 1", "child 2"])
    names = [event["name"] for event in of(told, "task_created")]
    for name in ("main", "child", "child-2", "second", "fail"):
        assert name in names, (name, names)
    askers = {event["by"] for event in of(told, "cancel_requested")}
    assert {"timeout", "group", "runner"} <= askers, askers
    waits = {event["on"] for event in of(told, "task_waiting")}
    assert {"timer", "tasks", "task", "lock", "thread", "channel"} <= waits, waits
    equal(len(of(told, "task_created")), sum(len(of(told, "task_" + end)) for end in (
        "finished", "failed", "cancelled")), "ends")
    equal(told[-1]["reason"], "done")


@suite.case
def sockets_threads_and_subprocesses_are_recorded(folder):
    _, told = same_as_without(folder, "sockets.py", 1)
    moved = sum(event["result"] for event in of(told, "io_blocking") if event["call"] == "recv")
    assert moved <= 3 * 5 * 2 + 3000000, moved
    assert of(told, "io_submitted") and len(of(told, "io_submitted")) == len(of(told, "io_completed"))
    withdrawn = [event for event in of(told, "io_completed") if event["result"] < 0]
    equal([event["error"] for event in withdrawn], ["Operation canceled"])
    equal(of(told, "task_failed")[-1]["error"], "ValueError: end")


@suite.case
def the_order_is_that_of_the_loop_of_this_project(folder):
    """One program, twice: CPython's loop recorded, and Loopscope's own loop with the scenario."""
    scenario = os.path.join(ROOT, "scenarios/sleep-zero.json")
    _, program, _ = run("python", scenario, status=0)
    path = os.path.join(folder, "twin.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(program)
    out, _, trace = record(folder, path)
    own = os.path.join(folder, "own.jsonl")
    _, printed, _ = run("run", "--backend", "sim", "--trace", own, scenario, status=0)
    equal(out, printed)

    def turns(file):
        _, told = events(file)
        names = {event["task"]: event["name"] for event in of(told, "task_created")}
        submitted = {event["name"] for event in of(events(own)[1], "task_created")}
        return [names[event["task"]] for event in of(told, "task_running")
                if names[event["task"]] in submitted]

    equal(turns(trace), turns(own), "who runs, in order")


@suite.case
def each_loop_of_a_program_has_a_file_of_its_own(folder):
    path = os.path.join(folder, "two.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write("import asyncio, sys\nasync def hello(who):\n    print('hello', who)\n"
                   "asyncio.run(hello(sys.argv[1]))\nasyncio.run(hello('again'))\n")
    out, _, trace = record(folder, path, "you")
    equal(out, "hello you\nhello again\n")
    for file in (trace, trace.replace(".jsonl", "-2.jsonl")):
        taken(folder, file)
        equal(events(file)[1][-1]["reason"], "done")


@suite.case
def a_killed_program_leaves_whole_lines(folder):
    path = os.path.join(folder, "forever.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write("import asyncio\nasync def forever():\n    print('waiting', flush=True)\n"
                   "    await asyncio.sleep(1000)\nasyncio.run(forever())\n")
    trace = os.path.join(folder, "out.jsonl")
    with subprocess.Popen([sys.executable, "-m", "loopscope_trace", "-o", trace, path],
                          env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        equal(process.stdout.readline(), "waiting\n")
        for _ in range(1000):
            if b'"timeout":9' in open(trace, "rb").read():
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    taken(folder, trace)


@suite.case
def an_interrupted_program_cancels_its_tasks(folder):
    path = os.path.join(folder, "forever.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write("import asyncio, os, signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
                   "async def forever():\n"
                   "    os.kill(os.getpid(), signal.SIGINT)\n    await asyncio.sleep(1000)\n"
                   "asyncio.run(forever())\n")
    _, err, trace = record(folder, path, status=-signal.SIGINT)
    contains(err, "KeyboardInterrupt")
    taken(folder, trace)
    assert of(events(trace)[1], "task_cancelled")


@suite.case
def the_program_and_its_mistakes_are_told(folder):
    done = subprocess.run([sys.executable, "-m", "loopscope_trace", "absent.py"], env=ENVIRONMENT,
                          cwd=folder, capture_output=True, text=True, timeout=60)
    equal(done.returncode, 1)
    contains(done.stderr, "absent.py")
    _, err, _ = record(folder, "--help")
    equal(err, "")


suite.finish()
