"""The trace beside strace: what the loop says it asked of the system is what it asked."""
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ENVIRONMENT, PROGRAM, ROOT, Skip, Suite, contains, equal, write  # noqa: E402

suite = Suite("strace")
CALLS = "epoll_wait,epoll_pwait,epoll_pwait2,io_uring_enter,pwrite64,write,pread64,read,fsync,close,openat,openat2,socketpair,sendto,recvfrom,epoll_ctl"
MIXED = json.dumps({"title": "mixed", "tasks": [
    {"name": "w", "count": 3, "steps": [
        {"open": "out/{task}.txt", "as": "f"},
        {"repeat": 4, "steps": [{"write": {"bytes": 5000}, "to": "f"}, {"sleep": "2ms"}, {"write": "abc", "to": "f"}]},
        {"fsync": "f"}, {"close": "f"}]},
    {"name": "appender", "steps": [{"open": "log.txt", "mode": "a", "as": "g"}, {"write": "line {task}", "to": "g"},
                                   {"write": "more", "to": "g", "blocking": True}, {"close": "g"}]},
    {"name": "turns", "steps": [{"repeat": 20, "steps": [{"sleep": 0}]}]}]})


TALK = json.dumps({"title": "talk", "channels": ["c"], "tasks": [
    {"name": "big", "steps": [{"send": {"bytes": 1000000}, "to": "c.a"}, {"send": "last", "to": "c.a"}, {"shut": "c.a"}]},
    {"name": "slow", "steps": [{"repeat": 40, "steps": [{"receive": 50000, "from": "c.b"}, {"sleep": "1ms"}]}]}]})


def traced(folder, backend, text):
    """Runs under strace; gives the trace's header, its events and strace's lines of (tid, call)."""
    if shutil.which("strace") is None:
        raise Skip("strace is not installed")
    file, trace, calls = write(folder, "s.json", text), os.path.join(folder, "t.jsonl"), os.path.join(folder, "calls")
    done = subprocess.run(["strace", "-f", "-qq", "-s", "16", "-e", "trace=" + CALLS, "-o", calls, PROGRAM, "run",
                           "--quiet", "--backend", backend, "--trace", trace, file], cwd=ROOT, stdin=subprocess.DEVNULL,
                          env=dict(ENVIRONMENT, ASAN_OPTIONS="detect_leaks=0"), capture_output=True, timeout=300)
    if b"ptrace" in done.stderr and b"not permitted" in done.stderr:
        raise Skip("ptrace is forbidden here")
    equal(done.returncode, 0, done.stderr.decode())
    with open(trace, encoding="utf-8") as lines:
        header, *events = [json.loads(line) for line in lines]
    with open(calls, encoding="utf-8", errors="replace") as lines:
        seen = [(int(m.group(1)), m.group(2)) for m in (re.match(r"(\d+)\s+(.*)", line) for line in lines) if m]
    return header, events, seen


def submitted(events, via, call):
    return [event for event in events if event["ev"] == "io_submitted" and event["via"] == via and event["call"] == call]


def whole_calls(seen, tid):
    """A thread's calls, one a line: strace cuts those that another thread's came in between."""
    calls = []
    for text in (text for of, text in seen if of == tid):
        rest = re.match(r"<\.\.\. \w+ resumed>(.*)", text)
        if rest:
            calls[-1] = calls[-1].replace(" <unfinished ...>", "") + rest.group(1)
        else:
            calls.append(text)
    return [re.sub(r"\)\s+= ", ") = ", call) for call in calls]


def passed(name, timeout):
    """A poll's timeout as strace prints what the call was given."""
    if name == "epoll_pwait2":
        return "NULL" if timeout is None else "{tv_sec=%d, tv_nsec=%d}" % divmod(timeout, 10**9)
    return "-1" if timeout is None else str(-(-timeout // 10**6))


def waits_agree(header, events, seen):
    asked = [text for text in whole_calls(seen, header["tid"]) if re.match(r"epoll_p?wait2?\(", text)]
    told = sum(event["calls"] for event in events if event["ev"] == "polled")
    equal(len(asked), told, "epoll_wait calls of the loop's thread")
    assert told > 0
    polls = [event for event in events if event["ev"] == "poll"]
    answers = [event for event in events if event["ev"] == "polled"]
    equal(len(polls), len(answers))
    calls = iter(re.match(r"(epoll_wait)\(.*, (-?\d+)\) = |(epoll_pwait2)\(.*, (NULL|\{[^}]*\}), NULL, \d\) = ", text).groups()
                 for text in asked)
    for poll, polled in zip(polls, answers):  # what may sleep is another call than what may not
        made = [[part for part in next(calls) if part is not None] for _ in range(polled["calls"])]
        name = "epoll_wait" if poll["timeout"] == 0 else header["sleeps_in"]
        equal(made[0], [name, passed(name, poll["timeout"])])


@suite.case
def waits_agree_on_both_back_ends(folder):
    with open(os.path.join(ROOT, "scenarios", "three-writers.json"), encoding="utf-8") as file:
        three = file.read()
    for backend in ("io_uring", "threads"):
        for text in (three, MIXED):
            waits_agree(*traced(folder, backend, text))


@suite.case
def each_write_of_a_helper_thread_is_a_system_call(folder):
    header, events, seen = traced(folder, "threads", MIXED)
    claimed = sorted(event["bytes"] for event in submitted(events, "threads", "write") if event["offset"] is not None)
    real = sorted(int(size) for tid, text in seen if tid != header["tid"]
                  for size in re.findall(r"^pwrite64\(.*, (\d+), \d+(?:\)| <unfinished)", text))
    equal(real, claimed, "sizes of pwrite64")
    equal(len(claimed), 24)
    places = sorted(event["offset"] for event in submitted(events, "threads", "write") if event["offset"] is not None)
    real = sorted(int(place) for tid, text in seen if tid != header["tid"]
                  for place in re.findall(r"^pwrite64\(.*, \d+, (\d+)(?:\)| <unfinished)", text))
    equal(real, places, "offsets of pwrite64")
    appended = [event for event in submitted(events, "threads", "write") if event["offset"] is None]
    equal(len(appended), 1)
    wrote = [text for tid, text in seen if tid != header["tid"] and re.match(r'write\(\d+, "line appender"', text)]
    equal(len(wrote), 1, "plain writes of the appending task")


@suite.case
def entries_of_the_ring_are_at_least_the_operations(folder):
    _, events, seen = traced(folder, "io_uring", MIXED)
    claimed = sum(event["ev"] == "io_submitted" and event["via"] == "io_uring" for event in events)
    entered = sum(int(count) for _, text in seen for count in re.findall(r"^io_uring_enter\(\d+, (\d+),", text))
    assert entered >= claimed > 0, (entered, claimed)


@suite.case
def a_blocking_call_is_made_by_the_loops_own_thread(folder):
    for backend in ("io_uring", "threads"):
        header, events, seen = traced(folder, backend, MIXED)
        told = [event for event in events if event["ev"] == "io_blocking"]
        equal([event["call"] for event in told], ["write"])
        own = [text for tid, text in seen if tid == header["tid"] and re.match(r'write\(\d+, "more", 4', text)]
        equal(len(own), 1, "writes by the loop's own thread")


@suite.case
def sockets_are_watched_by_epoll_and_moved_as_claimed(folder):
    for backend in ("io_uring", "threads"):
        header, events, seen = traced(folder, backend, TALK)
        own = whole_calls(seen, header["tid"])
        pair = next(re.search(r"\[(\d+), (\d+)\]", text).groups() for text in own if text.startswith("socketpair("))
        for call, name in (("sendto", "send"), ("recvfrom", "recv")):
            real = [int(done) for text in own for fd, done in re.findall(r"^%s\((\d+),.* = (\d+)$" % call, text) if fd in pair]
            told = [event["result"] for event in events if event["ev"] == "io_blocking" and event["call"] == name]
            equal(real, told, "%s by the loop's own thread" % call)
            assert len(told) > 1, told
        part = None  # after a part that went, the next is tried when there is room again, as asyncio does
        for text in own:
            tried = re.match(r"sendto\((\d+), .*, (\d+), MSG_NOSIGNAL, NULL, 0\) = (-?\d+)", text)
            if tried and tried.group(1) in pair:
                equal(part, None, text)
                part = text if int(tried.group(3)) < int(tried.group(2)) else None
            elif text.startswith("epoll_"):
                part = None if "wait" in text else part
        sent, received = (sum(event["result"] for event in events if event["ev"] == "io_blocking" and event["call"] == call)
                          for call in ("send", "recv"))
        equal((sent, received), (1000004, 1000004))
        watched = [text for text in own if re.match(r"epoll_ctl\(\d+, EPOLL_CTL_(ADD|MOD), (%s|%s)," % pair, text)]
        equal(len(watched), len(submitted(events, "epoll", "send") + submitted(events, "epoll", "recv")), "epoll_ctl of sockets")
        ready = [event for event in events if event["ev"] == "io_completed" and event["result"] == 0]
        assert len(ready) >= len(watched) > 3, (ready, watched)
        waits_agree(header, events, seen)


@suite.case
def the_simulation_touches_no_file(folder):
    _, events, seen = traced(folder, "sim", MIXED)
    assert all(event["via"] == "sim" for event in events if event["ev"] == "io_submitted")
    touched = [text for _, text in seen if "out/" in text or "log.txt" in text or text.startswith("pwrite64")]
    equal(touched, [])


suite.finish()
