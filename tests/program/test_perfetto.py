"""Perfetto traces (.pftrace): protoc decodes them, they keep the format's rules and say what the Chrome export says."""
import collections
import decimal
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import perfetto_rules  # noqa: E402
from harness import ROOT, Suite, contains, equal, run, scenarios, write  # noqa: E402

suite = Suite("perfetto")
THREE = os.path.join("scenarios", "three-writers.json")


def native(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def without_null(fields):
    return {key: value for key, value in fields.items() if value is not None}


def ns(event, key):
    return int(decimal.Decimal(event[key]) * 1000)


def chrome_of(folder, path):
    out = os.path.join(folder, "same.json")
    run("export", path, "-o", out)
    with open(out, encoding="utf-8") as file:
        return json.load(file, parse_float=decimal.Decimal)["traceEvents"]


def same_as_chrome(trace, events):
    """Slices, operations, instants and counters, by the names of their tracks."""
    threads = {event["tid"]: event["args"]["name"] for event in events if event["name"] == "thread_name"}
    named = {uuid: track["name"] for uuid, track in trace.tracks.items()}
    lanes = {uuid for uuid, track in trace.tracks.items() if track["name"] == "operations" and "parent_uuid" in track
             and track["parent_uuid"] >> 32}
    slices = collections.Counter((threads[event["tid"]], event["name"], ns(event, "ts"), ns(event, "dur"))
                                 for event in events if event["ph"] == "X")
    equal(collections.Counter((named[uuid], *rest) for uuid, *rest in trace.slices if uuid not in lanes), slices)
    begun, operations = {}, collections.Counter()
    for event in events:
        if event["ph"] == "b":
            begun[event["id"]] = event
        elif event["ph"] == "e":
            first = begun.pop(event["id"])
            operations[threads[event["tid"]], event["name"], ns(first, "ts"), ns(event, "ts") - ns(first, "ts")] += 1
    equal(collections.Counter((named[trace.tracks[uuid]["parent_uuid"]], *rest)
                              for uuid, *rest in trace.slices if uuid in lanes), operations)
    equal(sorted(name for _, (name, _) in trace.left), sorted(event["name"] for event in begun.values()))
    instants = collections.Counter((event["name"], ns(event, "ts")) for event in events if event["ph"] in "in")
    more = collections.Counter((name, time) for _, name, time in trace.instants) - instants
    equal({name.split(":")[0] for name, _ in more} - {"trace", "submitted", "completed", "spawned"}, set())
    equal(instants - collections.Counter((name, time) for _, name, time in trace.instants), collections.Counter())
    equal(trace.counts, [(event["name"], ns(event, "ts"), event["args"]["value"])
                         for event in events if event["ph"] == "C"])
    equal(len(trace.ended), sum(event["ph"] == "f" for event in events))


def check(folder, path):
    out = os.path.join(folder, "t.pftrace")
    run("export", path, "-o", out)
    header, *events = native(path)
    trace = perfetto_rules.check(perfetto_rules.decode(out), events[-1].get("reason") == "done")
    equal(sorted(trace.carried), [event["n"] for event in events], path)
    for event in events:
        equal(trace.carried[event["n"]], without_null(event), path)
    equal(trace.header, header, path)
    same_as_chrome(trace, chrome_of(folder, path))
    return trace


def check_run(folder, scenario, *options):
    path = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", *options, "--trace", path, scenario)
    return check(folder, path)


@suite.case
def traces_keep_the_rules(folder):
    for scenario in scenarios():
        if "ten-thousand" not in scenario:
            for options in ((), ("--backend", "sim")):
                check_run(folder, scenario, *options)


@suite.case
def traces_of_order_cases_keep_the_rules(folder):
    cases = os.path.join(ROOT, "tests", "order")
    for name in sorted(os.listdir(cases)):
        if name.endswith(".json"):
            check_run(folder, os.path.join(cases, name), "--backend", "sim")


@suite.case
def tracks_have_names_and_parents(folder):
    trace = check_run(folder, THREE, "--backend", "threads")
    by_name = collections.defaultdict(list)
    for track in trace.tracks.values():
        by_name[track["name"]].append(track)
    process, = (track for track in trace.tracks.values() if "process" in track)
    tasks, loop = by_name["tasks"][0], by_name["the loop"][0]
    contains(process["name"], "loopscope: ")
    equal([loop["parent_uuid"], tasks["parent_uuid"]], [process["uuid"]] * 2)
    equal(loop["thread"]["thread_name"], "the loop")
    equal(tasks["child_ordering"], "EXPLICIT")
    writers = [track for track in trace.tracks.values() if track.get("parent_uuid") == tasks["uuid"]]
    equal([track["sibling_order_rank"] for track in writers], [1, 2, 3])
    equal({track["parent_uuid"] for track in by_name["operations"]}, {track["uuid"] for track in writers})
    for name in ("ready", "waiting", "in flight"):
        equal(by_name[name][0]["counter"], {"unit": "UNIT_COUNT"})
    equal(len(trace.ended), 12)  # an arrow an operation


@suite.case
def operations_at_once_have_a_lane_each(folder):
    """A task whose operation is still in flight when it is cancelled may hand over the next."""
    header = {"loopscope_trace": 1, "title": "lanes", "scenario": "", "backend": "threads", "notifier": "epoll",
              "held": False, "pid": 7, "tid": 9, "started": "", "source": "{}"}
    lines = [dict(ev="task_created", task=0, name="caf\u00e9 \u2603"), dict(ev="task_ready", task=0, why="created"),
             dict(ev="loop_start"), dict(ev="iteration", iteration=1, ready=1), dict(ev="task_running", task=0)]
    lines += [dict(ev="io_submitted", op=op, task=0, call="fsync", path="a%d" % op, offset=None, via="threads")
              for op in range(3)]
    text = "".join(json.dumps(dict(n=i - 1, t=i * 10, **line) if i else line) + "\n"
                   for i, line in enumerate([header, *lines]))
    path = write(folder, "lanes.jsonl", text)
    out = os.path.join(folder, "lanes.pftrace")
    run("export", path, "-o", out, status=0)
    trace = perfetto_rules.check(perfetto_rules.decode(out), False)
    lanes = [track for track in trace.tracks.values() if track["name"] == "operations"]
    equal(len(lanes), 3)
    equal({trace.tracks[track["parent_uuid"]]["name"] for track in lanes}, {"caf\u00e9 \u2603"})
    equal(sorted(item[0] for _, item in trace.left), ["fsync a0", "fsync a1", "fsync a2"])


@suite.case
def a_pipe_takes_text_alone(folder):
    path = os.path.join(folder, "t.jsonl")
    run("run", "--quiet", "--trace", path, THREE, status=0)
    contains(run("export", path, "-o", "-", "--format", "pftrace", status=2)[2], "can't go to standard output")


def breach(change):
    """A small good trace with one thing changed: what the checker says of it."""
    def packet(**more):
        return dict(trusted_packet_sequence_id=1, sequence_flags=2, **more)

    def event(kind, time, **more):
        return packet(timestamp=time, track_event=dict(type="TYPE_" + kind, track_uuid=2, category_iids=[1], **more))
    packets = [packet(interned_data=dict(event_categories=[dict(iid=1, name="task")],
                                         debug_annotation_names=[dict(iid=1, name="n")])),
               packet(track_descriptor=dict(uuid=1, name="p", process=dict(pid=1))),
               packet(track_descriptor=dict(uuid=2, name="t", parent_uuid=1)),
               event("SLICE_BEGIN", 1, name="a", flow_ids=[5]), event("SLICE_END", 2),
               event("INSTANT", 2, name="b", terminating_flow_ids=[5])]
    packets[0]["sequence_flags"] = 3
    change(packets)
    try:
        perfetto_rules.check(packets)
    except perfetto_rules.BadTrace as bad:
        return str(bad).split(":")[0]
    return ""


@suite.case
def the_checker_sees_breaches(_):
    equal(breach(lambda packets: None), "")
    for rule, change in (
            ("sorted by time", lambda packets: packets[4].update(timestamp=0)),
            ("a track is described before its events", lambda packets: packets.pop(2)),
            ("a parent is described before its children, and only the process has none",
             lambda packets: packets.pop(1)),
            ("every slice has its end", lambda packets: packets.pop(4)),
            ("an end has its beginning", lambda packets: packets.insert(4, packets[4])),
            ("every arrow arrives", lambda packets: packets.pop(5)),
            ("what ends an arrow follows its beginning", lambda packets: packets[3]["track_event"].pop("flow_ids")),
            ("the state begins afresh", lambda packets: packets.pop(0)),
            ("a known category", lambda packets: packets[3]["track_event"].update(category_iids=[2]))):
        equal(breach(change), rule)
    try:
        perfetto_rules.parse("packet {\n  99: 1\n}\n")
    except perfetto_rules.BadTrace as bad:
        contains(str(bad), "a field that the format does not have")
    else:
        raise AssertionError("an unknown field was not seen")


suite.finish()
