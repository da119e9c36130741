"""Order against CPython: each NAME.json here runs under Loopscope, its twin NAME.py under python3,
and both must print the same and leave the same files.

The back ends are the system's own, or those that BACK_ENDS names in the environment, and the simulation.
RUNNER there is what starts the program (wine).

usage: run.py PATH_TO_LOOPSCOPE [PART_OF_NAME]"""
import difflib
import os
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
BACK_ENDS = [["--backend", name] for name in os.environ.get("BACK_ENDS", "auto threads").split()] + \
    [["--backend", "sim", "--seed", "1"], ["--backend", "sim", "--seed", "2"]]
RUNNER = os.environ.get("RUNNER", "").split()  # what starts the program, where the system can't by itself
LEFT_OUT = os.environ.get("LEFT_OUT", "").split()  # names whose order hangs on what this system's sockets are
TIMEOUT_S = 60
NOT_ENDED = "not ended"  # which is wrong even once
ATTEMPTS = 4  # a busy machine may delay a turn past a timer, here or there; a wrong order is wrong each time


def printed(command, cwd):
    try:
        done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return 124, "", "%s after %d s" % (NOT_ENDED, TIMEOUT_S)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def lines_of(text):
    return text.splitlines(keepends=True)


def files_below(folder):
    """{path: bytes} of every file."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def check(program, name):
    """How the outputs of one pair differ; an empty text where they do not."""
    with tempfile.TemporaryDirectory(prefix="loopscope-order-") as folder:
        status, wanted, trouble = printed([sys.executable, os.path.join(FOLDER, name + ".py")], folder)
        wanted_files = files_below(folder)
    if status != 0:
        return "the twin ended with status %d\n%s" % (status, trouble)
    if not wanted:
        return "the twin printed nothing\n"
    for more in BACK_ENDS:
        with tempfile.TemporaryDirectory(prefix="loopscope-order-") as folder:
            command = [*RUNNER, program, "run", "--quiet", "--workdir", folder, *more, os.path.join(FOLDER, name + ".json")]
            status, got, trouble = printed(command, folder)
            files = files_below(folder)
        told = " ".join(more) or "default back end"
        if got != wanted:
            difference = difflib.unified_diff(lines_of(wanted), lines_of(got), "CPython", told)
            return "".join(difference) + trouble
        if files != wanted_files and "sim" not in more:
            return "%s: files %s, not %s\n" % (told, sorted(files.items()), sorted(wanted_files.items()))
        if status not in (0, 1):  # 1: an error that reached nobody, as some cases mean it
            return "%s: status %d\n%s" % (told, status, trouble)
    return ""


def check_patiently(program, name):
    for _ in range(ATTEMPTS):
        difference = check(program, name)
        if not difference or NOT_ENDED in difference:
            break
    return difference


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    names = sorted(name[:-5] for name in os.listdir(FOLDER) if name.endswith(".json") and part in name and
                   name[:-5] not in LEFT_OUT)
    failed = 0
    for name in names:
        difference = check_patiently(program, name)
        failed += difference != ""
        print("[ FAILED  ] %s\n%s" % (name, difference) if difference else "[      OK ] %s" % name, flush=True)
    print("%d passed, %d failed" % (len(names) - failed, failed))
    sys.exit(1 if failed or not names else 0)


main()
