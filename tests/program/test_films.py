"""Films, slides and lessons: what ffmpeg makes of the frames, and what is left when something fails."""
import os
import re
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ENVIRONMENT, PROGRAM, Skip, Suite, contains, equal, run, write  # noqa: E402

suite = Suite("films")
THREE = os.path.join("scenarios", "three-writers.json")
SMALL = ("--size", "641x401")


def make_trace(folder):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, THREE, status=0)
    return trace


def need_ffmpeg():
    if not shutil.which("ffmpeg"):
        raise Skip("ffmpeg is not installed")


def frames_of(film):
    """The decoded film: (width, height, frames a second, frames as bytes of RGB)."""
    told = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
                           "stream=width,height,r_frame_rate", "-of", "csv=p=0", film],
                          capture_output=True, text=True, check=True).stdout.strip().split(",")
    width, height, rate = int(told[0]), int(told[1]), int(told[2].split("/")[0])
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", film, "-f", "rawvideo", "-pix_fmt", "rgb24", "-vsync", "0", "-"],
                         capture_output=True, check=True).stdout
    size = width * height * 3
    equal(len(raw) % size, 0)
    return width, height, rate, [raw[at:at + size] for at in range(0, len(raw), size)]


def difference(a, b):
    """Mean difference of two pictures, 0..255, over every 7th byte."""
    pairs = list(zip(a[::7], b[::7]))
    return sum(abs(x - y) for x, y in pairs) / len(pairs)


def picture(folder, trace, at, size):
    path = os.path.join(folder, "at-%d.png" % at)
    run("export", trace, "-o", path, "--at", str(at), "--size", size, status=0)
    return frames_of(path)[3][0]


def fake_ffmpeg(folder, script):
    place = os.path.join(folder, "bin")
    os.makedirs(place, exist_ok=True)
    path = write(place, "ffmpeg", "#!/bin/sh\n" + script)
    os.chmod(path, 0o755)
    return {"PATH": place + ":/usr/bin:/bin"}


def nothing_left(folder, *known):
    equal(sorted(name for name in os.listdir(folder) if name not in known), [])


@suite.case
def a_film_shows_what_the_window_shows(folder):
    need_ffmpeg()
    trace = make_trace(folder)
    for ending, rate, size in (("mp4", 30, (642, 402)), ("gif", 25, (641, 401))):
        film = os.path.join(folder, "x." + ending)
        run("export", trace, "-o", film, "--from", "20", "--to", "23", "--pace", "3", *SMALL, status=0)
        width, height, told, frames = frames_of(film)
        equal((width, height, told), (*size, rate))
        if ending == "mp4":  # 1.5 s of opening, four events at three a second, 2 s of ending
            assert abs(len(frames) - (1.5 + 4 / 3 + 2) * rate) <= 3, len(frames)
            film_640 = os.path.join(folder, "even.mp4")
            run("export", trace, "-o", film_640, "--from", "20", "--to", "23", "--pace", "3", "--size", "640x400", status=0)
            even = frames_of(film_640)[3]
            ends = [picture(folder, trace, at, "640x400") for at in (19, 23)]
            assert difference(even[5], ends[0]) < 4, difference(even[5], ends[0])
            assert difference(even[-1], ends[1]) < 4, difference(even[-1], ends[1])
            # Between them something travels: frames that are neither.
            middle = even[len(even) // 2]
            assert difference(middle, even[5]) > 0.1 and difference(middle, even[-1]) > 0.1
        else:
            assert len(set(frames)) > 10, "nothing moves"


@suite.case
def faster_is_shorter(folder):
    need_ffmpeg()
    trace, lengths = make_trace(folder), []
    for pace in ("2", "12"):
        film = os.path.join(folder, pace + ".mp4")
        run("export", trace, "-o", film, "--to", "11", "--pace", pace, "--size", "640x400", status=0)
        lengths.append(len(frames_of(film)[3]))
    assert lengths[0] > lengths[1] + 5 * 25, lengths


@suite.case
def without_ffmpeg_it_is_said_how_to_get_it(folder):
    _, _, err = run("export", make_trace(folder), "-o", os.path.join(folder, "x.mp4"), env={"PATH": "/nowhere"}, status=1)
    contains(err, "needs ffmpeg")
    contains(err, "apt install ffmpeg")
    nothing_left(folder, "t.jsonl")


@suite.case
def ffmpeg_that_ends_early_is_told(folder):
    trace = make_trace(folder)
    for script, told in (("echo 'no such codec' >&2; exit 3\n", "status 3: no such codec"),
                         ("head -c 100000 >/dev/null; kill -9 $$\n", "signal 9"),
                         ("head -c 100000 >/dev/null; exit 0\n", "before the film did")):
        for ending in ("mp4", "gif"):
            _, _, err = run("export", trace, "-o", os.path.join(folder, "x." + ending), *SMALL,
                            env=fake_ffmpeg(folder, script), status=1)
            contains(err, told)
            nothing_left(folder, "t.jsonl", "bin")


@suite.case
def a_place_that_takes_no_film_is_told(folder):
    trace = make_trace(folder)
    _, _, err = run("export", trace, "-o", os.path.join(folder, "no", "x.mp4"), status=1)
    contains(err, "No such file")
    _, _, err = run("export", trace, "-o", "/dev/null.mp4/x.gif", status=1)
    contains(err, "No such file")
    small = os.path.join(folder, "small")
    os.mkdir(small)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", small],
                                           capture_output=True).returncode:
        raise Skip("no small file system can be made here")
    try:
        for name in ("x.png", "slides/", "x.md"):
            _, _, err = run("export", trace, "-o", os.path.join(small, name), "--steps", "3,9", status=1)
            contains(err, "No space left")
            nothing_left(small)
        if shutil.which("ffmpeg"):
            for name in ("x.mp4", "x.gif"):
                _, _, err = run("export", trace, "-o", os.path.join(small, name), "--to", "12", status=1)
                contains(err, "No space left")
                nothing_left(small)
        subprocess.run(["mount", "-o", "remount,ro", small], check=True)
        for name in ("x.mp4", "slides/", "x.md"):
            _, _, err = run("export", trace, "-o", os.path.join(small, name), status=1)
            contains(err, "Read-only")
    finally:
        subprocess.run(["umount", small], check=True)


@suite.case
def an_interrupt_leaves_nothing(folder):
    trace = make_trace(folder)
    path = fake_ffmpeg(folder, "trap '' INT; cat >/dev/null\n")
    with subprocess.Popen([PROGRAM, "export", trace, "-o", os.path.join(folder, "x.mp4")], env=dict(ENVIRONMENT, **path),
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True) as child:
        while not [name for name in os.listdir(folder) if name.endswith(".part")]:
            assert child.poll() is None
            time.sleep(0.01)
        line = child.stderr.readline()  # the first quarter is done
        contains(line.decode(), "25 %")
        child.send_signal(signal.SIGINT)
        err = child.stderr.read().decode()
        equal(child.wait(), 130)
    contains(err, "stopped")
    nothing_left(folder, "t.jsonl", "bin")


@suite.case
def slides_fill_a_folder(folder):
    trace, place = make_trace(folder), os.path.join(folder, "new")
    _, _, err = run("export", trace, "-o", place + "/", "--from", "4", "--to", "9", *SMALL, status=0)
    contains(err, "100 %")
    equal(sorted(os.listdir(place)), ["step-%06d.png" % n for n in range(4, 10)])
    write(place, "mine.txt", "stays")
    run("export", trace, "-o", place, "--steps", "3,5", "--quiet", *SMALL, status=0)
    equal(len(os.listdir(place)), 8)
    _, _, err = run("export", trace, "-o", place + "/", "--steps", "99999", status=1)
    contains(err, "no step is chosen")
    run("export", trace, "-o", place, "--steps", "3;5", status=2)
    _, _, err = run("export", trace, "-o", place + "/", "--from", "9", "--to", "5", status=1)
    contains(err, "no event from 9 to 5")
    nothing_left(folder, "t.jsonl", "new")


@suite.case
def a_lesson_has_a_picture_a_note(folder):
    notes = write(folder, "n.json", """{"title": "Two *notes*", "about": "Why.", "tasks": [
        {"name": "a_b", "steps": [{"note": "Look here"}, {"log": "x"}, {"note": "And here"}]}]}""")
    trace, sheet = os.path.join(folder, "n.jsonl"), os.path.join(folder, "my lesson.md")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, notes, status=0)
    run("export", trace, "-o", sheet, *SMALL, status=0)
    with open(sheet, encoding="utf-8") as file:
        text = file.read()
    contains(text, "# Two \\*notes\\*\n\nWhy.\n")
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)
    equal(len(pictures), 2)
    for name in pictures:
        assert os.path.exists(os.path.join(folder, name.replace("%20", " "))), name
    contains(text, "Look here")
    plain = write(folder, "p.json", '{"title": "Plain", "tasks": [{"name": "a", "steps": [{"sleep": 0}]}]}')
    run("run", "--quiet", "--backend", "sim", "--trace", trace, plain, status=0)
    run("export", trace, "-o", sheet, *SMALL, status=0)
    with open(sheet, encoding="utf-8") as file:
        contains(file.read(), "Iteration 1 starts")  # no notes: the loop's turns


suite.finish()
