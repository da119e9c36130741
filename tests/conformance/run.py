"""The twin against the loop: random scenarios run under CPython, as `loopscope python` says them, and on the loop,
with each back end. What is printed, how each task ends, the exit status and the files must be the same.

usage: run.py PATH_TO_BATCH_OR_LOOPSCOPE [--count N] [--seed N] [--plain] [--only KIND]

A scenario that fails is made as small as it can be, and stays in the folder that is named; put it into
tests/conformance/kept/, whose scenarios are run each time."""
import argparse
import concurrent.futures
import copy
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, FOLDER)
import generate  # noqa: E402
import virtual  # noqa: E402
from wild import BLOCKS  # noqa: E402

REAL = ("io_uring", "threads", "kqueue", "iocp")
SIMS = tuple("sim-%d" % seed for seed in range(1, 7))
RUNNER = os.environ.get("RUNNER", "").split()  # what starts the program, where the system can't by itself
PORTION, WORKERS, TIMEOUT_S = 50, 6, 300
DEEP = b" while calling a Python object"  # CPython adds it or not, as its interpreter warms up
MEMORY = "/dev/shm"  # files in memory, where there is such a folder: a slow disk would delay timers
PLACE = MEMORY if os.path.isdir(MEMORY) and os.access(MEMORY, os.W_OK) else None
HELD_MS, AGAIN_MAX = 2, 10  # timers are 10 ms apart
SHRINKS_MAX, REPORTED_MAX, CRASHES_MAX = 1000, 3, 0.01


def kind_of(scenario):
    return scenario["title"].split()[0].rstrip(":")


def wanted_by(scenario):
    """The kinds of back ends that it runs on: ties between timers can only be repeated where time is made up."""
    return "sims" if kind_of(scenario) == "timed" else "real,sims"


def content_of(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def files_below(folder):
    """{path: bytes} of every file."""
    return {os.path.relpath(os.path.join(place, name), folder): content_of(os.path.join(place, name)).replace(DEEP, b"")
            for place, _, names in os.walk(folder) for name in names}


class PythonCrashed(RuntimeError):
    """CPython 3.11 asks the tasks of a ring round and round without looking how full its stack is."""


def run_all(command, lines):
    done = subprocess.run(command, input="".join(line + "\n" for line in lines).encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=TIMEOUT_S)
    if done.returncode != 0:
        python_crashed = command[0] == sys.executable and done.returncode == -signal.SIGSEGV
        raise (PythonCrashed if python_crashed else RuntimeError)("trouble: %s ended with %d\n%s" % (command, done.returncode, done.stderr.decode("utf-8", "replace")))


def result_of(folder, name):
    """(printed, ends, status), None where the machine has no such back end."""
    out, ends, status = (content_of(os.path.join(folder, "%s.%s" % (name, what))) for what in ("out", "ends", "status"))
    if out is None:
        return None
    out, ends = (text.replace(DEEP, b"") for text in (out, ends))
    return out, re.sub(rb"<.*>", b"<...>", ends), status  # what has an address in it


def speeds_of(scenario):
    """At how many speeds of the system its twin is run."""
    return len(virtual.SLOWEST_NS) if kind_of(scenario) == "loose" else 1


def by_task(result):
    """The printed lines by who prints them, as their first word says: each one's are in order."""
    return b"".join(sorted(result[0].splitlines(True), key=lambda line: line.split(b" ")[0])), *result[1:]


def difference_in(folder, scenario):
    """What differs, "" where nothing does; its first word says what kind it is."""
    pythons = ["python"] + ["python-%d" % speed for speed in range(1, speeds_of(scenario))]
    wanted, *others = (result_of(folder, name) for name in pythons)
    results = {name: result for name in REAL + SIMS if (result := result_of(folder, name)) is not None}
    files, *files_others = (files_below(os.path.join(folder, name)) for name in pythons)
    if kind_of(scenario) == "loose":  # what each task does is left, and in which order is the system's
        wanted, *others = (by_task(result) for result in [wanted] + others)
        results = {name: by_task(result) for name, result in results.items()}
        if len(set(results.values())) > 1 or set(others) != {wanted}:
            return ""  # it depends on how fast the system answers
    by_chance = {path for other in files_others for path in files.keys() | other.keys() if files.get(path) != other.get(path)}
    for name, result in results.items():
        for what, got, python in zip(("printed", "ended", "status"), result, wanted):
            if got != python:
                return "%s %s\n%s\nCPython\n%s\n%s" % (what, name, got.decode("utf-8", "replace"), python.decode("utf-8", "replace"),
                                                    content_of(os.path.join(folder, "python.err")).decode("utf-8", "replace"))
        left = files_below(os.path.join(folder, name))
        if name in REAL and any(left.get(path) != files.get(path) for path in (left.keys() | files.keys()) - by_chance):
            return "files %s and CPython left different files" % name
    return "" if len(results) >= len(SIMS) else "none: no back end ran"


def was_held(folder):
    """Whether the machine kept a run from going on for nearly as long as the time between two timers."""
    return any(int(content_of(os.path.join(folder, name + ".held")) or 0) >= HELD_MS for name in REAL)


def compare(batch, scenarios):
    """[(scenario, difference, was_held)] of some scenarios, run once."""
    with tempfile.TemporaryDirectory(prefix="loopscope-twins-", dir=PLACE) as top:
        folders = []
        for number, scenario in enumerate(scenarios):
            folder = os.path.join(top, str(number))
            os.mkdir(folder)
            with open(os.path.join(folder, "scenario.json"), "w", encoding="utf-8") as file:
                json.dump(scenario, file)
            folders.append(folder)
        run_all([*RUNNER, batch], ["%s\t%s\t%s" % (os.path.join(folder, "scenario.json"), folder, wanted_by(scenario))
                                    for folder, scenario in zip(folders, scenarios)])
        run_all([sys.executable, os.path.join(FOLDER, "twins.py")],
                ["%s\t%d" % (folder, speeds_of(scenario)) for folder, scenario in zip(folders, scenarios)])
        return [(scenario, difference_in(folder, scenario), was_held(folder)) for scenario, folder in zip(scenarios, folders)]


class Runs:
    """Runs scenarios, and those again that the machine disturbed, when nothing else runs: a turn that it delays past a
    timer comes in another order. That is seen in the run's own clock; whatever else differs, differs."""

    def __init__(self, batch):
        self.batch, self.again, self.crashes = batch, 0, 0

    def differences(self, scenarios):
        """[(scenario, difference, was_held)] of those that differ."""
        try:
            return [found for found in compare(self.batch, scenarios) if found[1]]
        except (RuntimeError, subprocess.TimeoutExpired) as trouble:
            if len(scenarios) == 1 and isinstance(trouble, PythonCrashed):
                self.crashes += 1
                return []  # there is nothing to compare with
            if len(scenarios) == 1:
                return [(scenarios[0], str(trouble), False)]
            half = len(scenarios) // 2  # one of them ended the process
            return self.differences(scenarios[:half]) + self.differences(scenarios[half:])

    def undisturbed(self, scenario, difference, held):
        for _ in range(AGAIN_MAX):
            if not held:
                break
            self.again += 1
            found = self.differences([scenario])
            _, difference, held = found[0] if found else (scenario, "", False)
        return difference

    def difference_of(self, scenario):
        return self.undisturbed(scenario, "", True)


# ---- making it small ----

def smaller_steps(steps):
    for at, step in enumerate(steps):
        rest = steps[:at], steps[at + 1:]
        yield rest[0] + rest[1]
        for key in BLOCKS:
            if not isinstance(step.get(key), list):
                continue
            yield rest[0] + step[key] + rest[1]
            if key in ("except", "finally") and step[key]:
                yield rest[0] + [{name: value for name, value in step.items() if name != key}] + rest[1]
            for inner in smaller_steps(step[key]):
                yield rest[0] + [dict(step, **{key: inner})] + rest[1]
        if step.get("repeat", 0) > 1:
            yield rest[0] + [dict(step, repeat=step["repeat"] - 1)] + rest[1]
        for verb in ("gather", "wait"):
            names = step.get(verb, [])
            for one in range(len(names) if len(names) > 1 else 0):
                yield rest[0] + [dict(step, **{verb: names[:one] + names[one + 1:]})] + rest[1]


def smaller(scenario):
    """Every scenario that is a little less."""
    for at, task in enumerate(scenario["tasks"]):
        rest = scenario["tasks"][:at], scenario["tasks"][at + 1:]
        if len(scenario["tasks"]) > 1:
            yield dict(scenario, tasks=rest[0] + rest[1])
        if task.get("count", 1) > 1:
            yield dict(scenario, tasks=rest[0] + [dict(task, count=task["count"] - 1)] + rest[1])
        for steps in smaller_steps(task["steps"]):
            yield dict(scenario, tasks=rest[0] + [dict(task, steps=steps)] + rest[1])
    for key in ("coroutines", "locks", "semaphores", "events", "queues", "channels"):
        for name in scenario.get(key, {}):
            if isinstance(scenario[key], list):
                yield dict(scenario, **{key: [other for other in scenario[key] if other != name]})
            else:
                yield dict(scenario, **{key: {other: value for other, value in scenario[key].items() if other != name}})
    for name, body in scenario.get("coroutines", {}).items():
        for steps in smaller_steps(body):
            yield dict(scenario, coroutines=dict(scenario["coroutines"], **{name: steps}))


def shrink(runs, scenario, difference):
    tries, found = 0, True
    while found and tries < SHRINKS_MAX:
        found = False
        for candidate in smaller(copy.deepcopy(scenario)):
            tries += 1
            now = runs.difference_of(candidate)
            if now.split()[:1] == difference.split()[:1] and "scenario.json:" not in now:
                scenario, difference, found = candidate, now, True
                break
            if tries >= SHRINKS_MAX:
                break
    return scenario, difference


def report(runs, failures):
    place = tempfile.mkdtemp(prefix="loopscope-failing-")
    for number, (scenario, difference) in enumerate(failures[:REPORTED_MAX]):
        scenario, difference = shrink(runs, scenario, difference)
        path = os.path.join(place, "%d.json" % number)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(scenario, file, indent=1)
        print("[ FAILED  ] %s\n%s\n%s" % (path, json.dumps(scenario), difference), flush=True)


def kept():
    place = os.path.join(FOLDER, "kept")
    found = []
    for name in sorted(name for name in os.listdir(place) if name.endswith(".json")):
        with open(os.path.join(place, name), encoding="utf-8") as file:
            found.append(json.load(file))
    return found


def lessons():
    """The scenarios that come with the program, as far as their order is no matter of the system's speed."""
    place = os.path.join(FOLDER, "..", "..", "scenarios")
    found = []
    for name in sorted(name for name in os.listdir(place) if name.endswith(".json")):
        with open(os.path.join(place, name), encoding="utf-8") as file:
            text = file.read()
        by_the_system = any('"%s":' % verb in text for verb in ("write", "send", "receive", "thread"))
        if name != "deadlock.json" and (not by_the_system or name in ("read-back.json", "blocking-writes.json")):
            found.append(json.loads(text))  # asyncio would hang in the deadlock
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", action="store_true", help="files are called what every system takes, and when a socket is ready is the system's")
    parser.add_argument("--only", help="scenarios of this kind alone")
    options = parser.parse_args()
    place, name = os.path.split(os.path.abspath(options.program))
    batch = os.path.join(place, "conformance", "batch" + os.path.splitext(name)[1])
    scenarios = kept() + lessons() + [generate.scenario(options.seed * 1000003 + number, options.plain)
                                      for number in range(options.count)]
    scenarios = [scenario for scenario in scenarios if options.only in (None, kind_of(scenario))]
    runs = Runs(batch)
    portions = [scenarios[at:at + PORTION] for at in range(0, len(scenarios), PORTION)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        found = [each for some in pool.map(runs.differences, portions) for each in some]
    failures = [(scenario, difference) for scenario, *seen in found if (difference := runs.undisturbed(scenario, *seen))]
    again = runs.again
    report(runs, failures)
    if runs.crashes:
        print("%d scenarios were not compared, since CPython crashed" % runs.crashes)
    if again:
        print("%d runs were made again, since the machine held them up" % again)
    crashed_too_often = runs.crashes > CRASHES_MAX * len(scenarios)
    print("%d passed, %d failed" % (len(scenarios) - len(failures) - runs.crashes, len(failures) + crashed_too_often))
    sys.exit(1 if failures or crashed_too_often else 0)


main()
