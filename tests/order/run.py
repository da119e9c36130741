"""Order against CPython: each NAME.json here runs under Loopscope, its twin NAME.py under python3,
and both must print the same.

usage: run.py PATH_TO_LOOPSCOPE [PART_OF_NAME]"""
import difflib
import os
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
BACK_ENDS = ([], ["--backend", "threads"], ["--backend", "sim", "--seed", "1"], ["--backend", "sim", "--seed", "2"])
TIMEOUT_S = 120


def printed(command, cwd):
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def lines_of(text):
    return text.splitlines(keepends=True)


def check(program, name):
    """How the outputs of one pair differ; an empty text where they do not."""
    with tempfile.TemporaryDirectory(prefix="loopscope-order-") as folder:
        status, wanted, trouble = printed([sys.executable, os.path.join(FOLDER, name + ".py")], folder)
    if status != 0:
        return "the twin ended with status %d\n%s" % (status, trouble)
    if not wanted:
        return "the twin printed nothing\n"
    for more in BACK_ENDS:
        command = [program, "run", "--quiet", *more, os.path.join(FOLDER, name + ".json")]
        with tempfile.TemporaryDirectory(prefix="loopscope-order-") as folder:
            status, got, trouble = printed(command, folder)
        told = " ".join(more) or "default back end"
        if got != wanted:
            difference = difflib.unified_diff(lines_of(wanted), lines_of(got), "CPython", told)
            return "".join(difference) + trouble
        if status not in (0, 1):  # 1: an error that reached nobody, as some cases mean it
            return "%s: status %d\n%s" % (told, status, trouble)
    return ""


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    names = sorted(name[:-5] for name in os.listdir(FOLDER) if name.endswith(".json") and part in name)
    failed = 0
    for name in names:
        difference = check(program, name)
        failed += difference != ""
        print("[ FAILED  ] %s\n%s" % (name, difference) if difference else "[      OK ] %s" % name, flush=True)
    print("%d passed, %d failed" % (len(names) - failed, failed))
    sys.exit(1 if failed or not names else 0)


main()
