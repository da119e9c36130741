"""The program for Windows as a whole, under Wine: what its commands print, write and refuse, and its window under
Xvfb, played by the keyboard.

usage: test_windows.py [PART_OF_NAME]    with RUNNER (cross/wine.sh sets it)"""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ROOT, Suite, contains, equal, scenarios, write  # noqa: E402
from display import Display  # noqa: E402

suite = Suite("windows")
RUNNER = os.environ.get("RUNNER", "wine").split()
HEADLESS = os.path.join(ROOT, "build", "windows", "headless", "loopscope.exe")
PROGRAM = os.path.join(ROOT, "build", "windows", "loopscope.exe")
TIMEOUT_S = 120


def run(*arguments, program=HEADLESS, status=0, cwd=ROOT):
    done = subprocess.run([*RUNNER, program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, cwd=cwd,
                          timeout=TIMEOUT_S)
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    assert done.returncode == status, "status %d, not %d\n%s\n%s" % (done.returncode, status, out, err)
    return out, err


def content(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def one_task(*steps):
    return '{"title": "t", "tasks": [{"name": "a", "steps": [%s]}]}' % ", ".join(steps)


@suite.case
def it_needs_windows_own_libraries_only(_):
    listing = subprocess.run(["x86_64-w64-mingw32-objdump", "-p", PROGRAM], capture_output=True, text=True, check=True)
    needed = {line.split()[-1].lower() for line in listing.stdout.splitlines() if "DLL Name:" in line}
    own = {"kernel32.dll", "msvcrt.dll", "ntdll.dll", "ws2_32.dll", "winmm.dll", "user32.dll", "gdi32.dll", "imm32.dll",
           "ole32.dll", "oleaut32.dll", "version.dll", "setupapi.dll", "shell32.dll", "advapi32.dll"}
    assert needed and needed <= own, sorted(needed - own)


@suite.case
def every_lesson_runs_and_its_trace_is_legal(folder):
    for path in scenarios():
        name = os.path.basename(path)[:-5]
        trace = os.path.join(folder, name + ".jsonl")
        done = subprocess.run([*RUNNER, HEADLESS, "run", "--quiet", "--trace", trace, path], stdin=subprocess.DEVNULL,
                              capture_output=True, cwd=ROOT, timeout=TIMEOUT_S)
        assert done.returncode in (0, 1), "%s: status %d\n%s" % (name, done.returncode, done.stderr.decode())
        contains(content(trace).decode(), '"backend": "iocp"')
    run("check", *scenarios())


@suite.case
def the_bytes_on_the_disk_are_the_scenarios(folder):
    work = os.path.join(folder, "arbeit ä 時計")
    path = write(folder, "ünï.json", one_task(
        '{"open": "sub/a.txt", "as": "f"}', '{"write": "one\\ntwo\\n", "to": "f"}', '{"fsync": "f"}', '{"close": "f"}',
        '{"open": "b.bin", "mode": "a", "as": "g"}', '{"write": {"bytes": "64KiB"}, "to": "g"}', '{"close": "g"}',
        '{"log": "schön"}'))
    out, _ = run("run", "--quiet", "--workdir", work, path)
    equal(out, "schön\n")
    equal(content(work, "sub", "a.txt"), b"one\ntwo\n")
    equal(content(work, "b.bin"), b"x" * 65536)


@suite.case
def what_leads_out_is_refused_and_told(folder):
    work = os.path.join(folder, "work")
    os.makedirs(work)
    for name in ("C:/x.txt", "a.txt:b", "nul.txt", "a. ", "..\\\\x.txt", "../x.txt"):
        path = write(folder, "s.json", one_task('{"open": "%s", "as": "f"}' % name))
        done = subprocess.run([*RUNNER, HEADLESS, "run", "--workdir", work, path], stdin=subprocess.DEVNULL,
                              capture_output=True, cwd=ROOT, timeout=TIMEOUT_S)
        assert done.returncode in (1, 2), "%s: %d" % (name, done.returncode)
    equal(os.listdir(work), [])
    equal(sorted(os.listdir(folder)), ["s.json", "work"])


@suite.case
def a_simulated_run_is_the_same_as_elsewhere(folder):
    here = os.path.join(folder, "here.jsonl")
    there = os.path.join(folder, "there.jsonl")
    run("run", "--quiet", "--backend", "sim", "--seed", "5", "--trace", there, "scenarios/three-writers.json")
    subprocess.run([os.path.join(ROOT, "build", "headless", "loopscope"), "run", "--quiet", "--backend", "sim", "--seed",
                    "5", "--trace", here, "scenarios/three-writers.json"], cwd=ROOT, check=True, capture_output=True)
    equal(content(there).split(b"\n")[1:], content(here).split(b"\n")[1:])


@suite.case
def doctor_and_help_speak(_):
    out, _ = run("doctor", status=1)  # no window in this build
    contains(out, "iocp      works")
    contains(out, "its completion arrived at the port")
    out, _ = run("--help")
    contains(out, "usage: loopscope")
    assert "\r" not in out
    _, err = run("run", "nothing.json", status=2)
    contains(err, "No such file or directory")


@suite.case
def pictures_are_exported(folder):
    trace = os.path.join(folder, "t.jsonl")
    picture = os.path.join(folder, "bild ä.png")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, "scenarios/three-writers.json")
    run("export", trace, "-o", picture, program=PROGRAM)
    colours = subprocess.run(["identify", "-format", "%m %w %h %k", picture], capture_output=True, text=True, check=True)
    kind, width, height, count = colours.stdout.split()
    equal((kind, width, height), ("PNG", "1280", "720"))
    assert int(count) > 50, colours.stdout


def shot(display, path):
    subprocess.run(["import", "-window", "root", path], env=display.environment, check=True, timeout=TIMEOUT_S)
    done = subprocess.run(["identify", "-format", "%k", path], capture_output=True, text=True, check=True)
    return int(done.stdout)


def differing(one, other):
    done = subprocess.run(["compare", "-metric", "AE", one, other, "null:"], capture_output=True, text=True)
    return float(done.stderr.split()[0])


@suite.case
def the_window_opens_and_plays(folder):
    with Display() as display:
        # A Wine that has begun without a display stays without: this one has folders of its own.
        display.environment["WINEPREFIX"] = os.path.join(ROOT, "build", "cross", "wine-window")
        os.makedirs(display.environment["WINEPREFIX"], exist_ok=True)
        program = subprocess.Popen([*RUNNER, PROGRAM, "scenarios/three-writers.json"], cwd=ROOT,
                                   env=display.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            before, after = os.path.join(folder, "before.png"), os.path.join(folder, "after.png")
            deadline = time.monotonic() + TIMEOUT_S
            while shot(display, before) < 50:  # a blank screen has one colour
                assert time.monotonic() < deadline and program.poll() is None, "no window came"
                time.sleep(0.5)
            subprocess.run(["xdotool", "key", "space"], env=display.environment, check=True)
            while shot(display, after) < 50 or differing(before, after) < 20000:
                assert time.monotonic() < deadline and program.poll() is None, "nothing is played"
                time.sleep(0.5)
            subprocess.run(["xdotool", "key", "ctrl+q"], env=display.environment, check=True)
            equal(program.wait(TIMEOUT_S), 0)
        finally:
            if program.poll() is None:
                program.kill()
                program.wait()
            subprocess.run(["wineserver", "-k"], env=display.environment)


suite.finish()
