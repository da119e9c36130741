"""Export and replay of traces: the native form, pictures, damaged files."""
import json
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import Suite, contains, equal, run, write  # noqa: E402

suite = Suite("export")
THREE = os.path.join("scenarios", "three-writers.json")


def make_trace(folder, *options):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", *options, "--trace", trace, THREE, status=0)
    return trace


def png_size(path):
    with open(path, "rb") as file:
        head = file.read(24)
    equal(head[:8], b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", head[16:24])


@suite.case
def jsonl_is_lossless(folder):
    trace, copy = make_trace(folder), os.path.join(folder, "copy.jsonl")
    run("export", trace, "-o", copy, status=0)
    with open(trace, "rb") as a, open(copy, "rb") as b:
        equal(a.read(), b.read())


@suite.case
def a_picture_of_any_event_has_the_asked_size(folder):
    trace = make_trace(folder, "--backend", "sim")
    for at, size in (("0", "1280x720"), ("30", "1600x900"), ("40", "1024x640")):
        picture = os.path.join(folder, at + ".png")
        run("export", trace, "-o", picture, "--at", at, "--size", size, status=0)
        equal("%dx%d" % png_size(picture), size)


@suite.case
def the_same_event_gives_the_same_picture(folder):
    trace = make_trace(folder, "--backend", "sim")
    contents = []
    for name in ("a.png", "b.png"):
        run("export", trace, "-o", os.path.join(folder, name), "--at", "25", status=0)
        with open(os.path.join(folder, name), "rb") as file:
            contents.append(file.read())
    equal(contents[0], contents[1])


@suite.case
def an_event_out_of_range_is_told(folder):
    _, _, err = run("export", make_trace(folder), "-o", os.path.join(folder, "x.png"), "--at", "99999", status=1)
    contains(err, "there is no event 99999")
    assert not os.path.exists(os.path.join(folder, "x.png"))


@suite.case
def an_unknown_ending_lists_the_known(folder):
    _, _, err = run("export", make_trace(folder), "-o", os.path.join(folder, "x.bmp"), status=2)
    contains(err, ".jsonl")
    contains(err, ".png")


@suite.case
def a_trace_cut_in_a_line_shows_what_is_whole(folder):
    with open(make_trace(folder), "rb") as file:
        whole = file.read()
    lines = whole.split(b"\n")
    cut = os.path.join(folder, "cut.jsonl")
    with open(cut, "wb") as file:
        file.write(b"\n".join(lines[:20]) + b"\n" + lines[20][:-7])
    copy = os.path.join(folder, "copy.jsonl")
    _, _, err = run("export", cut, "-o", copy, status=1)
    contains(err, "cut.jsonl:21")
    with open(copy, "rb") as file:
        equal(file.read(), b"\n".join(lines[:20]) + b"\n")
    run("export", cut, "-o", os.path.join(folder, "cut.png"), status=1)
    equal(png_size(os.path.join(folder, "cut.png")), (1280, 720))


@suite.case
def an_impossible_event_is_shown_up_to(folder):
    with open(make_trace(folder), encoding="utf-8") as file:
        lines = file.read().splitlines()
    bad = json.loads(lines[12])
    lines[12] = json.dumps({"n": bad["n"], "t": bad["t"], "ev": "task_running", "task": 77}, separators=(",", ":"))
    _, _, err = run("export", write(folder, "bad.jsonl", "\n".join(lines) + "\n"), "-o",
                    os.path.join(folder, "bad.png"), status=1)
    assert "12" in err or "11" in err, err


@suite.case
def a_newer_trace_is_refused(folder):
    with open(make_trace(folder), encoding="utf-8") as file:
        text = file.read()
    newer = write(folder, "newer.jsonl", text.replace('"loopscope_trace":1', '"loopscope_trace":2', 1)
                  .replace('"loopscope_trace": 1', '"loopscope_trace": 2', 1))
    _, _, err = run("export", newer, "-o", os.path.join(folder, "x.jsonl"), status=2)
    contains(err, "newer")


@suite.case
def other_files_are_no_traces(folder):
    for name, content in (("empty", ""), ("text", "hello\n"), ("array", "[1,2]\n"), ("binary", "\x00\x01\x02" * 100)):
        _, _, err = run("export", write(folder, name, content), "-o", os.path.join(folder, "x.jsonl"), status=2)
        contains(err, name)


@suite.case
def a_file_appears_whole_or_not_at_all(folder):
    trace = make_trace(folder)
    _, _, err = run("export", trace, "-o", os.path.join(folder, "no", "x.png"), status=1)
    contains(err, "x.png")
    small = os.path.join(folder, "small")
    os.mkdir(small)
    if os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "none", small],
                                            capture_output=True).returncode == 0:
        try:
            for ending in ("png", "jsonl"):
                _, _, err = run("export", trace, "-o", os.path.join(small, "x." + ending), status=1)
                contains(err, "No space left on device")
                equal(os.listdir(small), [])
        finally:
            subprocess.run(["umount", small], check=True)


suite.finish()
