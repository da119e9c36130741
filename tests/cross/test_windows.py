"""The program for Windows as a whole, under Wine: what its commands print, write and refuse, and its window under
Xvfb, played by the keyboard.

usage: test_windows.py [PART_OF_NAME]    with RUNNER (cross/wine.sh sets it)"""
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ROOT, Skip, Suite, contains, equal, scenarios, write  # noqa: E402
from display import Display  # noqa: E402

suite = Suite("windows")
RUNNER = os.environ.get("RUNNER", "wine").split()
HEADLESS = os.path.join(ROOT, "build", "windows", "headless", "loopscope.exe")
PROGRAM = os.path.join(ROOT, "build", "windows", "loopscope.exe")
TIMEOUT_S = 120


def run(*arguments, program=HEADLESS, status=0, cwd=ROOT):
    for _ in range(2):  # Wine itself fails to start a program now and then, before that says anything
        done = subprocess.run([*RUNNER, program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, cwd=cwd,
                              timeout=TIMEOUT_S)
        if done.returncode == status or done.stdout or done.stderr:
            break
        print("ended with %d and without a word: once more" % done.returncode)
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    assert done.returncode == status, "status %d, not %d\n%s\n%s" % (done.returncode, status, out, err)
    return out, err


def compiled(folder, name):
    """A program of this folder's, for Windows."""
    program = os.path.join(folder, name + ".exe")
    subprocess.run(["x86_64-w64-mingw32-gcc-posix", "-municode", "-Wall", "-Wextra", "-Werror", "-D__USE_MINGW_ANSI_STDIO=1",
                    "-o", program, os.path.join(ROOT, "tests", "cross", name + ".c")], check=True)
    return program


def elsewhere(*arguments):
    """The same program for this system."""
    return subprocess.run([os.path.join(ROOT, "build", "headless", "loopscope"), *arguments], cwd=ROOT, check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S)


def trace_of(path):
    return [json.loads(line) for line in content(path).splitlines()]


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
           "comdlg32.dll", "ole32.dll", "oleaut32.dll", "version.dll", "setupapi.dll", "shell32.dll", "advapi32.dll"}
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


def tried(*steps):
    return '{"try": [%s], "except": [{"log": "{error}"}]}' % ", ".join(steps)


@suite.case
def errors_are_told_as_on_linux(folder):
    """Messages and numbers of refused calls, asynchronous and blocking."""
    steps = []
    for more in ("", ', "blocking": true'):
        for path, mode in (("none", "r"), ("none/at/all", "r"), ("sub", "r"), ("sub", "w"), ("sub/", "a"), ("sub/f/x", "r"),
                           ("sub/f/x", "w"), ("n" * 300, "w")):
            steps.append(tried('{"open": "%s", "mode": "%s", "as": "g"%s}' % (path, mode, more)))
        steps += ['{"open": "sub/f", "mode": "r", "as": "r"}', tried('{"write": "x", "to": "r"%s}' % more), '{"close": "r"}',
                  '{"open": "w", "as": "w"}', tried('{"read": 1, "from": "w"%s}' % more), '{"close": "w"}']
    path = write(folder, "errors.json", one_task('{"open": "sub/f", "as": "f"}', '{"write": "abc", "to": "f"}',
                                                 '{"close": "f"}', *steps))
    told = {}
    for name, runs in (("here", elsewhere), ("there", run)):
        trace = os.path.join(folder, name + ".jsonl")
        done = runs("run", "--quiet", "--workdir", os.path.join(folder, name), "--trace", trace, path)
        out, err = (done.stdout.decode(), done.stderr.decode()) if name == "here" else done
        assert os.path.exists(trace), err
        told[name] = out.splitlines(), [(event.get("result"), event.get("error")) for event in trace_of(trace)
                                        if event.get("ev") in ("io_completed", "io_blocking") and (event.get("result") or 0) < 0]
    equal(told["there"], told["here"])
    equal(len(told["here"][0]), 20)
    equal(len(told["here"][1]), 20)
    assert "[Errno 20] Not a directory: 'sub/f/x'" in told["here"][0], told["here"]


@suite.case
def a_full_disk_is_told_as_on_linux(folder):
    small = os.path.join(folder, "small")
    os.makedirs(small)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", small], capture_output=True).returncode:
        raise Skip("no small disk can be mounted here")
    try:
        for more in ("", ', "blocking": true'):
            path = write(folder, "full.json", one_task('{"open": "big", "as": "f"}', tried(
                '{"write": {"bytes": "1MiB"}, "to": "f"%s}' % more), '{"close": "f"}'))
            out, _ = run("run", "--quiet", "--workdir", small, path)
            equal(out, "[Errno 28] No space left on device\n")
            equal(out.encode(), elsewhere("run", "--quiet", "--workdir", small, path).stdout)
            trace = os.path.join(small, "t.jsonl")
            _, err = run("run", "--quiet", "--workdir", folder, "--trace", trace, "scenarios/ten-thousand.json", status=1)
            contains(err, "No space left on device")
            os.remove(trace)
    finally:
        subprocess.run(["umount", small], check=True)


@suite.case
def what_links_lead_to_is_refused(folder):
    """Links of the system beneath are the only ones that Wine has."""
    work, outside = os.path.join(folder, "work"), os.path.join(folder, "outside")
    os.makedirs(work)
    os.makedirs(outside)
    write(outside, "secret", "as it was")
    os.symlink(outside, os.path.join(work, "folder"))
    os.symlink(os.path.join(outside, "secret"), os.path.join(work, "file"))
    steps = [tried('{"open": "%s", "mode": "%s", "as": "f"%s}' % (path, mode, more))
             for path in ("folder/secret", "folder", "folder/sub/new", "file") for mode in "rwa"
             for more in ("", ', "blocking": true')]
    out, _ = run("run", "--quiet", "--workdir", work, write(folder, "s.json", one_task(*steps)))
    equal(len(out.splitlines()), len(steps))
    for line in out.splitlines():
        contains(line, "[Errno 1] Operation not permitted")
    equal(os.listdir(outside), ["secret"])
    equal(content(outside, "secret"), b"as it was")


def temporary_folders():
    """The folders of runs that Wine's temporary folder holds."""
    found = []
    for place, folders, _ in os.walk(os.path.join(os.environ["WINEPREFIX"], "drive_c", "users")):
        found += [os.path.join(place, name) for name in folders if name.startswith("loopscope-")]
    return found


@suite.case
def ctrl_c_ends_a_run_in_order(folder):
    console = compiled(folder, "console")
    path = write(folder, "sleep ü.json", one_task('{"open": "deep/er/f", "as": "f"}', '{"write": "x", "to": "f"}',
                                                  '{"log": "on"}', '{"sleep": 50}', '{"log": "never"}'))
    trace = os.path.join(folder, "t.jsonl")
    program = subprocess.Popen([*RUNNER, console, HEADLESS, "run", "--trace", trace, path], cwd=ROOT, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    equal(program.stdout.readline(), b"on\n")
    inside = [place for place in temporary_folders() if os.path.exists(os.path.join(place, "deep", "er", "f"))]
    equal(len(inside), 1)
    out, err = program.communicate(b"x", timeout=TIMEOUT_S)
    equal((program.returncode, out), (130, b""))
    assert b"interrupted" in err, err
    equal((trace_of(trace)[-1]["ev"], trace_of(trace)[-1]["reason"]), ("loop_stop", "interrupted"))
    assert not os.path.exists(inside[0]), inside
    run("check", path)


@suite.case
def a_runs_own_folder_goes_at_its_end(folder):
    before = temporary_folders()
    path = write(folder, "s.json", one_task('{"open": "a/b/c/d.txt", "as": "f"}', '{"write": "x", "to": "f"}'))
    run("run", "--quiet", path)
    equal(temporary_folders(), before)
    _, err = run("run", "--keep", path)
    kept = [place for place in temporary_folders() if place not in before]
    equal([content(place, "a", "b", "c", "d.txt") for place in kept], [b"x"])
    contains(err, os.path.basename(kept[0]))
    shutil.rmtree(kept[0])


@suite.case
def long_paths_are_no_limit(folder):
    deep = os.path.join(folder, *["n" * 100] * 4)
    os.makedirs(deep)
    path = write(deep, "long ä.json", one_task('{"open": "%s/f.txt", "as": "f"}' % "/".join(["m" * 100] * 4),
                                               '{"write": "long", "to": "f"}', '{"log": "written"}'))
    out, _ = run("run", "--quiet", "--workdir", os.path.join(deep, "work"), "--trace", os.path.join(deep, "t.jsonl"), path)
    equal(out, "written\n")
    equal(content(deep, "work", *["m" * 100] * 4, "f.txt"), b"long")
    equal(trace_of(os.path.join(deep, "t.jsonl"))[-1]["ev"], "loop_stop")


@suite.case
def crlf_in_a_scenario_is_white_space_and_in_a_text_is_kept(folder):
    text = one_task('{"open": "f", "as": "f"}', '{"write": "a\\r\\nb\\n", "to": "f"}', '{"log": "x"}')
    path = os.path.join(folder, "crlf.json")
    with open(path, "wb") as file:
        file.write(text.replace(", ", ",\r\n").encode())
    work = os.path.join(folder, "work")
    out, _ = run("run", "--quiet", "--workdir", work, path)
    equal(out, "x\n")
    equal(content(work, "f"), b"a\r\nb\n")


@suite.case
def a_simulated_run_is_the_same_as_elsewhere(folder):
    here = os.path.join(folder, "here.jsonl")
    there = os.path.join(folder, "there.jsonl")
    run("run", "--quiet", "--backend", "sim", "--seed", "5", "--trace", there, "scenarios/three-writers.json")
    elsewhere("run", "--quiet", "--backend", "sim", "--seed", "5", "--trace", here, "scenarios/three-writers.json")
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


@suite.case
def a_film_is_fed_to_ffmpeg(folder):
    trace, films = os.path.join(folder, "t.jsonl"), os.path.join(folder, "filme ä 時計")
    os.makedirs(films)
    run("run", "--quiet", "--backend", "sim", "--trace", trace, "scenarios/three-writers.json")
    options = ("--from", "20", "--to", "23", "--pace", "3", "--size", "640x400")
    film = os.path.join(films, "drei  schreiber.mp4")
    _, err = run("export", trace, "-o", film, *options, program=PROGRAM, status=1)
    contains(err, "a film needs ffmpeg")
    contains(err, "winget install ffmpeg")
    equal(os.listdir(films), [])
    os.environ["WINEPATH"] = os.path.dirname(compiled(folder, "ffmpeg"))
    try:
        run("export", trace, "-o", film, *options, program=PROGRAM)
        told = content(film).decode().split("\n")
        frames, rest = divmod(int(told[0]), 640 * 400 * 4)
        equal(rest, 0)
        assert abs(frames - (1.5 + 4 / 3 + 2) * 30) <= 3, frames
        words = " ".join(told[1:])
        contains(words, "-pix_fmt rgb32 -s 640x400 -r 30 -i - -vf pad=ceil(iw/2)*2:ceil(ih/2)*2 -c:v libx264")
        assert re.search(r"-f mp4 file:.*filme ä 時計.drei  schreiber\.mp4\.\d+\.part ?$", words), words
        os.remove(film)
        os.environ["FAKE_TAKES"] = "3000000"
        _, err = run("export", trace, "-o", film, *options, program=PROGRAM, status=1)
        contains(err, "ffmpeg ended with status 3: the fake has had enough")
        equal(os.listdir(films), [])
    finally:
        os.environ.pop("FAKE_TAKES", None)
        del os.environ["WINEPATH"]


def shot(display, path):
    subprocess.run(["import", "-window", "root", path], env=display.environment, check=True, timeout=TIMEOUT_S)
    done = subprocess.run(["identify", "-format", "%k", path], capture_output=True, text=True, check=True)
    return int(done.stdout)


def differing(one, other):
    done = subprocess.run(["compare", "-metric", "AE", one, other, "null:"], capture_output=True, text=True)
    return float(done.stderr.split()[0])


def wine_ended(display):
    """Its server tells others when it is asked to end, and is gone a moment later: only then may the next begin."""
    subprocess.run(["wineserver", "-k"], env=display.environment, timeout=TIMEOUT_S)
    subprocess.run(["wineserver", "-w"], env=display.environment, timeout=TIMEOUT_S)


def stopped(program, display):
    if program.poll() is None:
        program.kill()
        program.wait()
    wine_ended(display)


def begun(display, picture, told):
    """The program with a lesson once its first frame is in the picture; None, and why is told, if none came."""
    environment = dict(display.environment, WINEDEBUG="fixme-all")
    program = subprocess.Popen([*RUNNER, PROGRAM, "scenarios/three-writers.json"], cwd=ROOT, env=environment,
                               stdin=subprocess.DEVNULL, stdout=told, stderr=told)
    deadline = time.monotonic() + TIMEOUT_S
    while shot(display, picture) < 50:  # a blank screen has one colour
        if program.poll() is not None or time.monotonic() > deadline:
            told.write(b"no window: status %s\n" % str(program.poll()).encode())
            stopped(program, display)
            return None
        time.sleep(0.5)
    return program


@contextlib.contextmanager
def shown(display, picture):
    """The window with a lesson, begun, its first frame in the picture. Wine's own start fails now and then on a
    machine with much other work: then it is told, and there is another."""
    with tempfile.TemporaryFile(buffering=0) as told:
        for _ in range(3):
            program = begun(display, picture, told)
            if program:
                break
        told.seek(0)
        words = told.read().decode(errors="replace")
        assert program, "no window came\n" + words
        if "no window" in words:
            print(words)
    try:
        yield program, time.monotonic() + TIMEOUT_S
    finally:
        stopped(program, display)


def with_a_desktop(display):
    """A Wine that has begun without a display stays without: this one has folders of its own."""
    display.environment["WINEPREFIX"] = os.path.join(ROOT, "build", "cross", "wine-window")
    os.makedirs(display.environment["WINEPREFIX"], exist_ok=True)


@suite.case
def the_window_opens_and_plays(folder):
    before, after = os.path.join(folder, "before.png"), os.path.join(folder, "after.png")
    with Display() as display:
        with_a_desktop(display)
        with shown(display, before) as (program, deadline):
            subprocess.run(["xdotool", "key", "space"], env=display.environment, check=True)
            while shot(display, after) < 50 or differing(before, after) < 20000:
                assert time.monotonic() < deadline and program.poll() is None, "nothing is played"
                time.sleep(0.5)
            subprocess.run(["xdotool", "key", "ctrl+q"], env=display.environment, check=True)
            equal(program.wait(TIMEOUT_S), 0)


def desktop_dpi(display, dpi):
    subprocess.run([*RUNNER, "reg", "add", r"HKCU\Control Panel\Desktop", "/v", "LogPixels", "/t", "REG_DWORD", "/d", str(dpi), "/f"],
                   env=display.environment, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT_S)
    wine_ended(display)


@suite.case
def on_a_desktop_that_shows_all_larger_the_window_is_too(folder):
    picture = os.path.join(folder, "window.png")
    with Display(2880, 1700) as display:
        with_a_desktop(display)
        try:
            for dpi, size in ((192, "2560x1440"), (96, "1280x720")):
                desktop_dpi(display, dpi)
                with shown(display, picture):
                    around = subprocess.run(["identify", "-format", "%@", picture], capture_output=True, text=True, check=True)
                    equal(around.stdout.split("+")[0], size, "the window in pixels at %d dpi" % dpi)
        finally:
            desktop_dpi(display, 96)


suite.finish()
