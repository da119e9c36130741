"""The twin against the loop: random scenarios run under CPython, as `loopscope python` says them, and on the loop,
with each back end. What is printed, the exit status and the files must be the same.

usage: run.py PATH_TO_BATCH_OR_LOOPSCOPE [--count N] [--seed N]

A scenario that fails is made as small as it can be, and stays in the folder that is named; put it into
tests/conformance/kept/, whose scenarios are run each time."""
import argparse
import concurrent.futures
import copy
import json
import os
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, FOLDER)
import generate  # noqa: E402

BACK_ENDS = ("io_uring", "threads", "kqueue", "iocp", "sim")
RUNNER = os.environ.get("RUNNER", "").split()  # what starts the program, where the system can't by itself
PORTION, WORKERS, TIMEOUT_S = 50, 6, 300
MEMORY = "/dev/shm"  # files in memory, where there is such a folder: a slow disk would delay timers
ATTEMPTS = 6  # a busy machine may delay a turn past a timer; a wrong order is wrong each time
PLACE = MEMORY if os.path.isdir(MEMORY) and os.access(MEMORY, os.W_OK) else None
SHRINKS_MAX, REPORTED_MAX = 400, 3


def content_of(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def files_below(folder):
    """{path: bytes} of every file."""
    return {os.path.relpath(os.path.join(place, name), folder): content_of(os.path.join(place, name))
            for place, _, names in os.walk(folder) for name in names}


def run_all(command, lines):
    done = subprocess.run(command, input="".join(line + "\n" for line in lines).encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=TIMEOUT_S)
    if done.returncode != 0:
        raise RuntimeError("%s ended with %d\n%s" % (command, done.returncode, done.stderr.decode("utf-8", "replace")))


def difference_in(folder):
    """What differs, "" where nothing does."""
    wanted = content_of(os.path.join(folder, "python.out")), content_of(os.path.join(folder, "python.status"))
    files = files_below(os.path.join(folder, "python"))
    seen = 0
    for name in BACK_ENDS:
        got = content_of(os.path.join(folder, name + ".out")), content_of(os.path.join(folder, name + ".status"))
        if got == (None, None):
            continue  # the machine has no such back end
        seen += 1
        if got[0] != wanted[0]:
            return "%s printed\n%s\nCPython printed\n%s\n%s" % (
                name, got[0].decode("utf-8", "replace"), wanted[0].decode("utf-8", "replace"),
                content_of(os.path.join(folder, "python.err")).decode("utf-8", "replace"))
        if got[1] != wanted[1]:
            return "%s ended with status %r, CPython with %r" % (name, got[1], wanted[1])
        if name != "sim" and files_below(os.path.join(folder, name)) != files:
            return "%s and CPython left different files" % name
    return "" if seen >= 2 else "no back end ran"


def compare(batch, scenarios):
    """[(scenario, difference)] of some scenarios, run once."""
    with tempfile.TemporaryDirectory(prefix="loopscope-twins-", dir=PLACE) as top:
        folders = []
        for number, scenario in enumerate(scenarios):
            folder = os.path.join(top, str(number))
            os.mkdir(folder)
            with open(os.path.join(folder, "scenario.json"), "w", encoding="utf-8") as file:
                json.dump(scenario, file)
            folders.append(folder)
        run_all([*RUNNER, batch], ["%s\t%s" % (os.path.join(folder, "scenario.json"), folder) for folder in folders])
        run_all([sys.executable, os.path.join(FOLDER, "twins.py")], folders)
        return [(scenario, difference_in(folder)) for scenario, folder in zip(scenarios, folders)]


def difference_of(batch, scenario):
    """The difference that stays, however often it is run."""
    difference = ""
    for _ in range(ATTEMPTS):
        try:
            difference = compare(batch, [scenario])[0][1]
        except (RuntimeError, subprocess.TimeoutExpired) as trouble:
            difference = str(trouble)
        if not difference:
            break
    return difference


def suspects(batch, scenarios):
    """Those that differ, or may: they are looked at again when nothing else runs."""
    try:
        return [scenario for scenario, difference in compare(batch, scenarios) if difference]
    except (RuntimeError, subprocess.TimeoutExpired):
        return scenarios  # one of them ended the process


# ---- making it small ----

def smaller_steps(steps):
    for at in range(len(steps)):
        yield steps[:at] + steps[at + 1:]
        if "steps" in steps[at]:
            yield steps[:at] + steps[at]["steps"] + steps[at + 1:]
            if steps[at]["repeat"] > 1:
                yield steps[:at] + [dict(steps[at], repeat=steps[at]["repeat"] - 1)] + steps[at + 1:]
            for inner in smaller_steps(steps[at]["steps"]):
                yield steps[:at] + [dict(steps[at], steps=inner)] + steps[at + 1:]


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
    for name, body in scenario.get("coroutines", {}).items():
        others = {key: value for key, value in scenario["coroutines"].items() if key != name}
        yield dict(scenario, coroutines=others)
        for steps in smaller_steps(body):
            yield dict(scenario, coroutines=dict(others, **{name: steps}))


def shrink(batch, scenario, difference):
    tries, found = 0, True
    while found and tries < SHRINKS_MAX:
        found = False
        for candidate in smaller(copy.deepcopy(scenario)):
            tries += 1
            now = difference_of(batch, candidate)
            if now.split()[1:2] == difference.split()[1:2]:  # of the same kind
                scenario, difference, found = candidate, now, True
                break
            if tries >= SHRINKS_MAX:
                break
    return scenario, difference


def report(batch, failures):
    place = tempfile.mkdtemp(prefix="loopscope-failing-")
    for number, (scenario, difference) in enumerate(failures[:REPORTED_MAX]):
        scenario, difference = shrink(batch, scenario, difference)
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    place, name = os.path.split(os.path.abspath(options.program))
    batch = os.path.join(place, "conformance", "batch" + os.path.splitext(name)[1])
    scenarios = kept() + [generate.scenario(options.seed * 1000003 + number) for number in range(options.count)]
    portions = [scenarios[at:at + PORTION] for at in range(0, len(scenarios), PORTION)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        found = [scenario for some in pool.map(lambda portion: suspects(batch, portion), portions) for scenario in some]
    failures = [(scenario, difference) for scenario in found if (difference := difference_of(batch, scenario))]
    report(batch, failures)
    print("%d passed, %d failed" % (len(scenarios) - len(failures), len(failures)))
    sys.exit(1 if failures else 0)


main()
