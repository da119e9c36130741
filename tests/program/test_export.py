"""Export and replay of traces: the native form, pictures, damaged files."""
import csv
import io
import json
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chrome_rules  # noqa: E402
from harness import PROGRAM, ROOT, Suite, contains, equal, run, scenarios, write  # noqa: E402

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
            for ending in ("png", "jsonl", "json", "csv", "txt"):
                _, _, err = run("export", trace, "-o", os.path.join(small, "x." + ending), status=1)
                contains(err, "No space left on device")
                equal(os.listdir(small), [])
        finally:
            subprocess.run(["umount", small], check=True)


def exported(trace, folder, name):
    path = os.path.join(folder, name)
    run("export", trace, "-o", path, status=0)
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def native(trace):
    with open(trace, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def check_chrome(folder, scenario, *options):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", *options, "--trace", trace, scenario)
    return check_chrome_of(folder, trace, scenario)


def check_chrome_of(folder, trace, scenario):
    text = exported(trace, folder, "t.json")
    header, *events = native(trace)
    counts = chrome_rules.check(text, events[-1].get("reason") == "done")
    told = json.loads(text)
    carried = [event["args"] for event in told["traceEvents"] if "n" in event.get("args", {})]
    equal(carried, events, scenario)
    equal(told["otherData"], header)
    return counts


@suite.case
def chrome_traces_keep_the_rules(folder):
    total = sum((check_chrome(folder, scenario, *options) for scenario in scenarios()
                 if "ten-thousand" not in scenario for options in ((), ("--backend", "sim"))),
                chrome_rules.collections.Counter())
    assert all(total[phase] > 0 for phase in "MXibestfC"), total


@suite.case
def chrome_traces_of_order_cases_keep_the_rules(folder):
    cases = os.path.join(ROOT, "tests", "order")
    for name in sorted(os.listdir(cases)):
        if name.endswith(".json"):
            check_chrome(folder, os.path.join(cases, name), "--backend", "sim")


@suite.case
def chrome_traces_of_threads_show_arrivals(folder):
    counts = check_chrome(folder, THREE, "--backend", "threads")
    equal(counts["b"], 12)
    equal(counts["e"], 12)


@suite.case
def chrome_traces_of_python_programs_keep_the_rules(folder):
    for program, status in (("tour.py", 0), ("sockets.py", 1)):
        trace = os.path.join(folder, "py.jsonl")
        done = subprocess.run([sys.executable, "-m", "loopscope_trace", "-o", trace,
                               os.path.join(ROOT, "tests", "program", "python", program)], capture_output=True,
                              env=dict(os.environ, PYTHONPATH=os.path.join(ROOT, "assets", "python")), timeout=60)
        equal(done.returncode, status, done.stderr)
        assert check_chrome_of(folder, trace, program)["X"] > 0


def breach(change):
    """What the checker says of a trace that keeps all rules but one."""
    def event(phase, time, **more):
        return dict({"ph": phase, "pid": 1, "tid": 1, "ts": time, "name": "a", "cat": "c"}, **more)
    events = [event("M", 0, name="thread_name", args={"name": "a"}), event("M", 0, name="process_name",
              args={"name": "a"}), event("M", 0, name="thread_sort_index", args={"sort_index": 0}),
              event("X", 1, dur=5.5), event("b", 2, id=1), event("s", 2, id=1), event("X", 3, dur=1),
              event("f", 3, id=1, bp="e"), event("e", 4, id=1), event("i", 4, s="t"), event("C", 5, args={"value": 1})]
    trace = {"displayTimeUnit": "ns", "otherData": {}, "traceEvents": events}
    change(trace, events)
    try:
        chrome_rules.check(json.dumps(trace))
    except chrome_rules.BadTrace as bad:
        return str(bad).split(":")[0]
    return None


@suite.case
def the_checker_of_chrome_traces_sees_breaches(_):
    equal(breach(lambda trace, events: None), None)
    for rule, change in (
            ("sorted by time", lambda trace, events: events[9].update(ts=1)),
            ("slices nest strictly", lambda trace, events: events[6].update(dur=4)),
            ("dur has whole nanoseconds", lambda trace, events: events[3].update(dur=5.5001)),
            ("n and e follow their b", lambda trace, events: events[8].update(id=2)),
            ("every b has its e", lambda trace, events: events.pop(8)),
            ("every arrow arrives", lambda trace, events: events.pop(7)),
            ("f binds to the slice around it", lambda trace, events: events[7].pop("bp")),
            ("the end of an arrow lies in a slice", lambda trace, events: events[5].update(tid=2)),
            ("an instant has a scope", lambda trace, events: events[9].pop("s")),
            ("a counter counts", lambda trace, events: events[10].update(args={"value": "1"})),
            ("every thread has a name", lambda trace, events: events[9].update(tid=2)),
            ("displayTimeUnit is ms or ns", lambda trace, events: trace.pop("displayTimeUnit")),
            ("a known phase", lambda trace, events: events[3].update(ph="Q"))):
        equal(breach(change), rule)


@suite.case
def a_table_has_every_field_of_every_event(folder):
    for scenario in scenarios():
        if "ten-thousand" in scenario:
            continue
        trace = os.path.join(folder, "t.jsonl")
        run("run", "--quiet", "--trace", trace, scenario)
        rows = list(csv.DictReader(io.StringIO(exported(trace, folder, "t.csv"), newline="")))
        names, events = {}, native(trace)[1:]
        equal(len(rows), len(events))
        for row, event in zip(rows, events):
            if event["ev"] == "task_created":
                names[event["task"]] = event["name"]
            told = {key: cell for key, cell in row.items() if cell}
            equal(told.pop("task_name", ""), names.get(event.get("task"), ""), scenario)
            wanted = {key: value if isinstance(value, str) else json.dumps(value)
                      for key, value in event.items() if value not in (None, "")}
            equal({key: cell for key, cell in told.items() if cell[0] not in "[{"},
                  {key: cell for key, cell in wanted.items() if cell[0] not in "[{"}, scenario)
            equal({key for key in told}, {key for key in wanted})


@suite.case
def the_narration_is_that_of_the_run(folder):
    trace = os.path.join(folder, "t.jsonl")
    told = run("run", "--narrate", "--backend", "sim", "--trace", trace, THREE, status=0)[2]
    text = exported(trace, folder, "t.txt")
    equal(len(text.splitlines()), len(native(trace)) - 1)
    contains(told, text)


@suite.case
def stats_are_those_of_the_events(folder):
    trace = make_trace(folder, "--backend", "sim")
    told = json.loads(run("stats", "--json", trace, status=0)[1])
    events = native(trace)[1:]
    submitted = {event["op"]: event for event in events if event["ev"] == "io_submitted"}
    took = {}
    for event in events:
        if event["ev"] == "io_completed":
            took.setdefault(submitted[event["op"]]["call"], []).append(event["t"] - submitted[event["op"]]["t"])
    equal(set(told["awaited"]), set(took))
    for call, times in took.items():
        times.sort()
        equal(told["awaited"][call], {"count": len(times), "failed": 0, "p50": times[(len(times) + 1) // 2 - 1],
                                      "p99": times[-1], "max": times[-1]}, call)
    for task in told["tasks"]:
        since, phase, spent = 0, None, {"run": 0, "ready": 0, "waited": 0}
        words = {"task_ready": "ready", "task_running": "run", "task_waiting": "waited", "task_finished": None}
        for event in events:
            if event.get("task") == task["task"] and event["ev"] in words:
                if phase is not None:
                    spent[phase] += event["t"] - since
                since, phase = event["t"], words[event["ev"]]
        equal({key: task[key] for key in spent}, spent, task["name"])
    equal(told["loop"]["end"], events[-1]["t"])
    equal(told["loop"]["calls"], sum(event["calls"] for event in events if event["ev"] == "polled"))
    text = run("stats", trace, status=0)[1]
    for word in ("write_a", "awaited openat: 3", "longest"):
        contains(text, word)


@suite.case
def a_chrome_trace_of_ours_opens_again(folder):
    for scenario in scenarios():
        if "ten-thousand" in scenario:
            continue
        trace, back = os.path.join(folder, "t.jsonl"), os.path.join(folder, "back.jsonl")
        run("run", "--quiet", "--trace", trace, scenario)
        exported(trace, folder, "t.json")
        run("export", os.path.join(folder, "t.json"), "-o", back, status=0)
        with open(trace, "rb") as a, open(back, "rb") as b:
            equal(a.read(), b.read(), scenario)


@suite.case
def a_damaged_chrome_trace_is_read_up_to_there(folder):
    text = exported(make_trace(folder), folder, "t.json")
    lines = text.split("\n")
    back = os.path.join(folder, "back.jsonl")
    for name, damaged, line in (("cut", "\n".join(lines[:40]) + "\n" + lines[40][:-9], 41),
                                ("tail", "\n".join(lines[:-2]) + "\n", len(lines) - 1),
                                ("hole", "\n".join(lines[:40] + ["{]"] + lines[41:]), 41)):
        path = write(folder, name + ".json", damaged)
        contains(run("export", path, "-o", back, status=1)[2], "%s.json:%d" % (name, line))
        events = native(back)[1:]
        assert 0 < len(events) <= len(text.splitlines())
        equal([event["n"] for event in events], list(range(len(events))))


@suite.case
def a_chrome_trace_made_elsewhere_is_refused(folder):
    for text in ('{"traceEvents":[{"ph":"X","pid":1,"tid":1,"ts":0,"dur":1,"name":"a"}]}',
                 '[{"ph":"X","pid":1,"tid":1,"ts":0,"dur":1,"name":"a"}]',
                 '{"displayTimeUnit":"ns","otherData":{"a":1},"traceEvents":[\n]}\n'):
        _, _, err = run("export", write(folder, "x.json", text), "-o", os.path.join(folder, "x.jsonl"), status=2)
        contains(err, "a Chrome trace that was made elsewhere is not a Loopscope trace")
        equal(run("import", os.path.join(folder, "x.json"), status=2)[2], err)
    exported(make_trace(folder), folder, "ours.json")
    contains(run("import", os.path.join(folder, "ours.json"), status=0)[1], "is a Loopscope trace of")


@suite.case
def a_pipe_takes_text_formats(folder):
    trace = make_trace(folder)
    with open(trace, encoding="utf-8") as file:
        equal(run("export", trace, "-o", "-", status=0)[1], file.read())
    equal(run("export", trace, "-o", "-", "--format", "json", status=0)[1], exported(trace, folder, "x.json"))
    contains(run("export", trace, "-o", "-", "--format", "png", status=2)[2], "standard output")
    contains(run("export", trace, "-o", "-", "--format", "bmp", status=2)[2], ".jsonl")


@suite.case
def a_closed_pipe_is_told(folder):
    trace = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, "scenarios/ten-thousand.json", status=0)
    for name in ("jsonl", "json"):
        child = subprocess.Popen([PROGRAM, "export", trace, "-o", "-", "--format", name], cwd=ROOT,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        child.stdout.read(100)
        child.stdout.close()
        contains(child.stderr.read().decode(), "standard output")
        child.stderr.close()
        equal(child.wait(), 1)


suite.finish()
