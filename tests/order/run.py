"""Order against CPython: each NAME.json here runs under Loopscope, its twin NAME.py under python3,
and both must print the same and leave the same files.

The back ends are the system's own, or those that BACK_ENDS names in the environment, and the simulation with the
seeds from 1 to SIM_SEEDS, which finish operations in as many orders. RUNNER there is what starts the program (wine).

A machine that keeps one of the two programs from going on for longer than the time between two timers makes another
order. So both say for how long they were held, and only a pair that was held and differs is run again, and counted.

usage: run.py PATH_TO_LOOPSCOPE [PART_OF_NAME]"""
import difflib
import json
import os
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
BACK_ENDS = [["--backend", name] for name in os.environ.get("BACK_ENDS", "auto threads").split()] + \
    [["--backend", "sim", "--seed", str(seed + 1)] for seed in range(int(os.environ.get("SIM_SEEDS", "6")))]
RUNNER = os.environ.get("RUNNER", "").split()  # what starts the program, where the system can't by itself
# Where a pair of sockets is another thing than on Linux: names that are left out, and those of which each task's own
# lines are compared (the first word says whose they are), and not in which turn a socket is ready.
LEFT_OUT, BY_TASK = (os.environ.get(which, "").split() for which in ("LEFT_OUT", "BY_TASK"))
TIMEOUT_S = 60
NOT_ENDED = "not ended"  # which is wrong even once
HELD_MS, AGAIN_MAX = 1, 10  # deadlines that are less than a millisecond apart are due together


def printed(command, cwd):
    try:
        done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return 124, "", "%s after %d s" % (NOT_ENDED, TIMEOUT_S)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def lines_of(text):
    return text.splitlines(keepends=True)


def by_task(text):
    return "".join(sorted(lines_of(text), key=lambda line: line.split(" ")[0]))


def files_below(folder):
    """{path: bytes} of every file."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def held_ms(trace):
    """The longest time that passed outside of a poll, or in a poll beyond its timeout, as the trace tells it."""
    with open(trace, encoding="utf-8") as file:
        events = [json.loads(line) for line in file][1:]
    held_ns = 0
    for before, event in zip(events, events[1:]):
        took_ns = event["t"] - before["t"]
        meant_ns = 0 if before["ev"] != "poll" else took_ns if before["timeout"] is None else before["timeout"]
        held_ns = max(held_ns, took_ns - meant_ns)
    return held_ns / 1e6


class Pair:
    """A scenario, its twin, and for how long the machine held them."""

    def __init__(self, program, name):
        self.program, self.path, self.held_ms = program, os.path.join(FOLDER, name), 0

    def twin(self):
        """(status, what it printed, trouble, files)"""
        with tempfile.TemporaryDirectory(prefix="loopscope-order-") as top:
            folder, told = os.path.join(top, "files"), os.path.join(top, "held")
            os.mkdir(folder)
            result = printed([sys.executable, os.path.join(FOLDER, "held.py"), self.path + ".py", told], folder)
            if os.path.exists(told):
                with open(told, encoding="ascii") as file:
                    self.held_ms = max(self.held_ms, float(file.read()))
            return *result, files_below(folder)

    def run(self, more):
        with tempfile.TemporaryDirectory(prefix="loopscope-order-") as top:
            folder, trace = os.path.join(top, "files"), os.path.join(top, "trace.jsonl")
            os.mkdir(folder)
            result = printed([*RUNNER, self.program, "run", "--quiet", "--workdir", folder, "--trace", trace, *more,
                              self.path + ".json"], folder)
            if result[0] in (0, 1):
                self.held_ms = max(self.held_ms, held_ms(trace))
            return *result, files_below(folder)


def check(pair):
    """How the outputs of a pair differ; an empty text where they do not."""
    status, wanted, trouble, wanted_files = pair.twin()
    if status != 0:
        return "the twin ended with status %d\n%s" % (status, trouble)
    if not wanted:
        return "the twin printed nothing\n"
    told_by = by_task if os.path.basename(pair.path) in BY_TASK else str
    wanted = told_by(wanted)
    for more in BACK_ENDS:
        status, got, trouble, files = pair.run(more)
        got = told_by(got)
        told = " ".join(more) or "default back end"
        if got != wanted:
            difference = difflib.unified_diff(lines_of(wanted), lines_of(got), "CPython", told)
            return "".join(difference) + trouble
        if files != wanted_files and "sim" not in more:
            return "%s: files %s, not %s\n" % (told, sorted(files.items()), sorted(wanted_files.items()))
        if status not in (0, 1):  # 1: an error that reached nobody, as some cases mean it
            return "%s: status %d\n%s" % (told, status, trouble)
    return ""


def check_undisturbed(program, name):
    """(how they differ, how often they were run again)"""
    for again in range(AGAIN_MAX + 1):
        pair = Pair(program, name)
        difference = check(pair)
        if not difference or NOT_ENDED in difference or pair.held_ms < HELD_MS:
            break
    return difference, again


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    names = sorted(name[:-5] for name in os.listdir(FOLDER) if name.endswith(".json") and part in name and
                   name[:-5] not in LEFT_OUT)
    failed, runs_again = 0, 0
    for name in names:
        difference, again = check_undisturbed(program, name)
        runs_again += again
        failed += difference != ""
        print("[ FAILED  ] %s\n%s" % (name, difference) if difference else "[      OK ] %s" % name, flush=True)
    if runs_again:
        print("%d runs were made again, since the machine held them up" % runs_again)
    print("%d passed, %d failed" % (len(names) - failed, failed))
    sys.exit(1 if failed or not names else 0)


main()
