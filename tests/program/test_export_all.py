"""What every form of an export keeps to, in whichever form: the list is the program's own. It appears whole or not
at all, trouble is told with the file's name, and the range that was asked for is what is there."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ENVIRONMENT, PROGRAM, Skip, Suite, contains, equal, run  # noqa: E402

suite = Suite("export_all")
THREE = os.path.join("scenarios", "three-writers.json")
SMALL = ("--size", "640x400", "--steps", "3,9")  # pictures that are made quickly
FILMS = (".mp4", ".gif")


def make_trace(folder, scenario=THREE):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, scenario)
    return trace


def endings():
    _, _, err = run("export", "README.md", "-o", "x.no-such-format", status=2)
    found = re.findall(r"\.\w+", err.split("known are")[1])
    assert len(found) >= 9, err
    return found


def range_of(name):
    return ("--to", "12") if name.endswith(FILMS) else ()  # a few events make a film that is large enough


def names():
    """A file of every format, and a folder of slides."""
    return ["x" + ending for ending in endings() if ending not in FILMS or shutil.which("ffmpeg")] + ["x/"]


class Mounted:
    """with Mounted(folder, "16k") as place: a small file system."""

    def __init__(self, folder, size):
        self.place, self.size = os.path.join(folder, "small"), size

    def __enter__(self):
        os.mkdir(self.place)
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + self.size, "none", self.place],
                                               capture_output=True).returncode:
            raise Skip("no small file system can be made here")
        return self.place

    def __exit__(self, *_):
        subprocess.run(["umount", self.place], check=True)


@suite.case
def a_full_disk_leaves_nothing(folder):
    trace = make_trace(folder)
    with Mounted(folder, "4k") as place:
        for name in names():
            path = os.path.join(place, name)
            _, out, err = run("export", trace, "-o", path, *SMALL, *range_of(name), status=1)
            contains(err, "No space left on device")
            contains(err, "small/x")
            equal((name, os.listdir(place), out), (name, [], ""))


@suite.case
def a_full_disk_keeps_the_old_file(folder):
    trace = make_trace(folder)
    with Mounted(folder, "8k") as place:
        for name in names()[:-1]:
            path = os.path.join(place, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write("what was there")
            run("export", trace, "-o", path, *SMALL, *range_of(name), status=1)
            equal((name, os.listdir(place)), (name, [name]))
            with open(path, encoding="utf-8") as file:
                equal(file.read(), "what was there")
            os.remove(path)


@suite.case
def a_read_only_folder_is_told(folder):
    trace = make_trace(folder)
    with Mounted(folder, "64k") as place:
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        for name in names():
            _, _, err = run("export", trace, "-o", os.path.join(place, name), *SMALL, "--to", "20", status=1)
            contains(err, "Read-only file system")
            contains(err, "small/x")


@suite.case
def an_interrupt_leaves_nothing_of_any(folder):
    trace = make_trace(folder, os.path.join("scenarios", "ten-thousand.json"))
    place = os.path.join(folder, "place")
    os.mkdir(place)
    for name in names():
        if name.endswith(".png"):
            continue  # over before it can be interrupted
        child = subprocess.Popen([PROGRAM, "export", trace, "-o", os.path.join(place, name), "--steps", "all", "--to", "250000" if
                                  not name.endswith(".html") else "19000"], env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE)
        while not os.listdir(place):
            assert child.poll() is None, child.stderr.read().decode()
            time.sleep(0.005)
        child.send_signal(signal.SIGINT)
        err = child.stderr.read().decode()
        child.stderr.close()
        equal((name, child.wait()), (name, 130), err)
        contains(err, "stopped: nothing was written")
        equal((name, os.listdir(place)), (name, []))


@suite.case
def the_range_is_that_of_every_format(folder):
    trace = make_trace(folder)
    with open(trace, encoding="utf-8") as file:
        events = [json.loads(line) for line in file][1:]
    for ending in endings():
        path = os.path.join(folder, "x" + ending)
        if ending in FILMS or ending == ".md":
            continue  # tests/program/test_films.py measures them
        _, _, err = run("export", trace, "-o", path, "--from", "30", "--to", "20", "--size", "640x400", status=1)
        contains(err, "no event from 30 to 20")
        status, _, err = run("export", trace, "-o", path, "--from", "10", "--to", "19", "--size", "640x400")
        if status:  # such a file can't begin later, and says so
            contains(err, "begins with the first event")
            assert not os.path.exists(path)
            run("export", trace, "-o", path, "--to", "19", "--size", "640x400", status=0)
    with open(os.path.join(folder, "x.csv"), encoding="utf-8") as file:
        rows = file.read().splitlines()[1:]
    equal([int(row.split(",")[0]) for row in rows], list(range(10, 20)))
    with open(os.path.join(folder, "x.txt"), encoding="utf-8") as file:
        equal([int(line.split()[0]) for line in file], list(range(10, 20)))
    with open(os.path.join(folder, "x.jsonl"), encoding="utf-8") as file:
        equal([json.loads(line) for line in file][1:], events[:20])
    run("import", os.path.join(folder, "x.json"), status=0)


@suite.case
def the_look_is_that_of_every_picture(folder):
    trace = make_trace(folder)
    sizes = {}
    for theme in ("dark", "light", "contrast"):
        for size in ("640x400", "1280x720"):
            path = os.path.join(folder, "x.png")
            run("export", trace, "-o", path, "--at", "30", "--theme", theme, "--size", size, status=0)
            with open(path, "rb") as file:
                sizes[theme, size] = file.read()
    equal(len(set(sizes.values())), 6)


suite.finish()
