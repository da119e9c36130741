"""Runs every test of every kind and counts them.

usage: run.py BUILD_DIR [--unit|--tsan|--kqueue|--cross]    (the variant's directory, e.g. build/debug)

Unit tests are cmocka programs: their own lines are shown, and their counts read from them. Tests of
the program as a whole are scripts that end with "N passed, N failed". The last line sums up all."""
import concurrent.futures
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TIMEOUT_S = 900
CROSS_SCENARIOS = "300"
MOSTLY_WAIT = re.compile(r"test_controls")  # for a window to come to rest, minutes long: beside the others


def output_of(command, env):
    status, text = once(command, env)
    if status != 0 and not text.strip() and command[-1].endswith(".exe"):
        # Wine itself fails to start a program now and then, before that says anything; there is one more try.
        print("%s ended with %d and without a word: once more" % (os.path.basename(command[-1]), status), flush=True)
        status, text = once(command, env)
    return status, text


def once(command, env):
    try:
        done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, timeout=TIMEOUT_S)
        return done.returncode, done.stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as late:
        return 124, (late.stdout or b"").decode("utf-8", "replace") + "\ntimed out\n"


def count_unit(status, text):
    ran = re.findall(r"\[==========\].*?(\d+) test\(s\) run", text)
    passed = re.findall(r"\[  PASSED  \] (\d+) test\(s\)", text)
    skipped = re.findall(r"\[  SKIPPED \] (\d+) test\(s\)", text)
    total, good, left = (sum(map(int, found)) for found in (ran, passed, skipped))
    bad = max(0, total - good - left)
    if status != 0 and bad == 0 or not ran:
        bad += 1  # it crashed, or ran nothing
    return good, bad, left


def count_script(status, text):
    found = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", text, re.M)
    if not found:
        return 0, 1, 0
    good, bad, left = (int(number or 0) for number in found[-1])
    return good, bad + (1 if status != 0 and bad == 0 else 0), left


def cross_jobs(build):
    """What other systems' programs are tried by; Windows' are started by RUNNER (cross/wine.sh)."""
    windows, runner = os.path.join(ROOT, build, "windows"), os.environ["RUNNER"].split()
    units = os.path.join(windows, "debug", "tests")
    place = os.path.join(ROOT, "tests", "cross")
    return [("windows", [*runner, os.path.join(units, name)], count_unit)
            for name in sorted(os.listdir(units)) if name.startswith("test_") and name.endswith(".exe")] + [
        ("windows", [sys.executable, os.path.join(ROOT, "tests", "order", "run.py"),
                     os.path.join(windows, "headless", "loopscope.exe")], count_script),
        ("windows", [sys.executable, os.path.join(ROOT, "tests", "conformance", "run.py"),
                     os.path.join(windows, "debug", "loopscope.exe"), "--count", CROSS_SCENARIOS, "--plain"],
         count_script)] + [
        ("cross", [sys.executable, os.path.join(place, name)], count_script)
        for name in sorted(os.listdir(place)) if name.startswith("test_")]


def jobs_of(build, mode):
    """(kind, command, counter) of every test that the mode takes."""
    if mode == "--cross":
        return cross_jobs(build)
    units = os.path.join(ROOT, build, "tests")
    tsan = ["setarch", "-R"] if mode == "--tsan" else []  # ThreadSanitizer wants addresses as they were
    jobs = [("unit", tsan + [os.path.join(units, name)], count_unit) for name in sorted(os.listdir(units))
            if name.startswith("test_") and "." not in name]
    if mode == "--unit":
        return jobs
    if mode == "--kqueue":  # what another system beneath may change
        jobs = [job for job in jobs if re.search(r"/test_(os|loop|engine)_", job[1][-1])]
    if mode == "--tsan":
        for name, case in (("test_cli.py", "every_back_end"), ("test_window.py", "threads")):
            jobs.append(("program", tsan + [sys.executable, os.path.join("tests", "program", name), case], count_script))
        return jobs + [("order", tsan + [sys.executable, os.path.join("tests", "order", "run.py"),
                                         os.path.join(build, "loopscope")], count_script)]
    for folder in ("order", "conformance") if mode == "--kqueue" else ("house", "program", "order", "conformance"):
        place = os.path.join(ROOT, "tests", folder)
        extra = [os.path.join(build, "loopscope")] if folder in ("order", "conformance") else []
        jobs += [(folder, [sys.executable, os.path.join(place, name)] + extra, count_script)
                 for name in sorted(os.listdir(place)) if re.match(r"(test_.*|run)\.py$", name)]
    return jobs


def told(text):
    """The lines of a good run that are worth a look."""
    keep = re.compile(r"SKIPPED|PASSED|^\d+ passed")
    return "\n".join(line for line in text.splitlines() if keep.search(line))


def main():
    build, mode = sys.argv[1], (sys.argv[2] if len(sys.argv) > 2 else "")
    supp = os.path.join(ROOT, "tests", "lsan.supp")
    env = dict(os.environ, LSAN_OPTIONS="suppressions=%s:print_suppressions=0" % supp,
               ASAN_OPTIONS="detect_stack_use_after_return=1", UBSAN_OPTIONS="print_stacktrace=1",
               TSAN_OPTIONS="halt_on_error=1", SDL_RENDER_DRIVER="software",
               LOOPSCOPE=os.path.join(build, "loopscope"), NO_COLOR="1")
    sums, failures = [0, 0, 0], []
    jobs = jobs_of(build, mode)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool, \
            concurrent.futures.ThreadPoolExecutor(2) as beside:
        results = [(beside if MOSTLY_WAIT.search(job[1][-1]) else pool).submit(output_of, job[1], env) for job in jobs]
        for (kind, command, count), result in zip(jobs, results):
            status, text = result.result()
            name = next(os.path.basename(word) for word in command if "test_" in word or "run.py" in word)
            counts = count(status, text)
            sums = [a + b for a, b in zip(sums, counts)]
            if counts[1]:
                failures.append(name)
            print("==== %s: %s\n%s" % (kind, name, text if counts[1] else told(text)), flush=True)
    if failures:
        print("failed: %s" % ", ".join(failures))
    print("[==========] %d test(s) run." % sum(sums))
    print("[  PASSED  ] %d test(s)." % sums[0])
    if sums[1]:
        print("[  FAILED  ] %d test(s)." % sums[1])
    print("%d passed, %d failed%s" % (sums[0], sums[1], ", %d skipped" % sums[2] if sums[2] else ""))
    sys.exit(1 if sums[1] else 0)


main()
