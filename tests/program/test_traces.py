"""Traces that nobody means well end in a message, and large ones are exported in bounded memory: counts of bytes, of the
build without sanitizers where there is one, so that the memory is the program's own."""
import json
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ENVIRONMENT, PROGRAM, ROOT, Skip, Suite, contains, equal, write  # noqa: E402

suite = Suite("traces")
HEADLESS = os.path.join(ROOT, "build", "headless", "loopscope")
PLAIN = os.path.exists(HEADLESS)
MIB = 1 << 20
EVENT_BYTES = 48  # what the log keeps of each
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
HEADER = {"loopscope_trace": 1, "title": "t", "scenario": "", "backend": "sim", "notifier": "sim", "seed": 1,
          "held": False, "pid": 0, "tid": 0, "started": "", "source": ""}


def run(folder, *arguments):
    """Status, standard error, and the most memory it had, in bytes."""
    error = os.path.join(folder, "error.txt")
    program = HEADLESS if PLAIN else PROGRAM
    pid = os.posix_spawn(program, [program, *arguments], ENVIRONMENT, file_actions=[
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, error, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)])
    _, status, usage = os.wait4(pid, 0)
    with open(error, encoding="utf-8", errors="replace") as file:
        return os.waitstatus_to_exitcode(status), file.read(), usage.ru_maxrss * RSS_UNIT


def trace(*events):
    lines = [HEADER] + [dict(n=n, t=0, **event) for n, event in enumerate(events)]
    return "".join(json.dumps(line) + "\n" for line in lines)


def ev(kind, **more):
    return dict(ev=kind, **more)


CREATED = (ev("task_created", task=0, name="a"), ev("task_ready", task=0, why="created"), ev("loop_start"))
RUNNING = (*CREATED, ev("iteration", iteration=1, ready=1), ev("task_running", task=0))


@suite.case
def impossible_traces_are_told(folder):
    for text, message in (
            (trace(*CREATED).replace('"n": 1', '"n": 2'), '"n" must be 1 here'),
            (trace(*CREATED).replace('"n": 2, "t": 0', '"n": 2, "t": -1'), '"t" must be an integer from 0'),
            (trace(ev("task_ready", task=0, why="created")), "there is no task 0"),
            (trace(ev("task_created", task=7, name="a")), "7"),
            (trace(*CREATED, ev("task_running", task=0)), "no turn is running"),
            (trace(*CREATED, ev("task_finished", task=0)), "task 0 is ready, not running"),
            (trace(*CREATED, ev("iteration", iteration=1, ready=9)), "1 handles are ready"),
            (trace(*RUNNING, ev("task_running", task=0)), "task 0 is running, not ready"),
            (trace(*RUNNING, ev("io_completed", op=4294967294, result=0)), "event 5 can't be"),
            (trace(*RUNNING, ev("task_waiting", task=0, on="io", op=3)), "there is no operation 3"),
            (trace(*RUNNING, ev("task_waiting", task=0, on="timer", timer=3)), "there is no timer 3"),
            (trace(*RUNNING, ev("task_waiting", task=0, on="tasks", target=[0, 99])), "there is no task 99"),
            (trace(*RUNNING, ev("step", task=4294967295, at="/")), "must be an id"),
            (trace(*RUNNING, ev("poll", timeout=1 << 64)), "must be an integer"),
            (trace(*RUNNING, ev("timer_fired", timer=0, callback=0)), "event 5 can't be"),
            (trace(*RUNNING, ev("nonsense")), "is unknown")):
        path = write(folder, "t.jsonl", text)
        for ending in ("json", "pftrace", "csv", "txt"):
            status, error, _ = run(folder, "export", path, "-o", os.path.join(folder, "x." + ending))
            equal(status, 1, error)
            contains(error, message)
        contains(run(folder, "import", path)[1], message)


@suite.case
def binary_is_no_trace(folder):
    path = os.path.join(folder, "binary.jsonl")
    for data in (bytes(100000), b"\x7fELF" + bytes(range(256)) * 300, b"\xff\xfe{\x00}\x00", b"\n" * 1000):
        with open(path, "wb") as file:
            file.write(data)
        status, error, _ = run(folder, "export", path, "-o", os.path.join(folder, "x.json"))
        equal(status, 2, error)
        contains(error, "not a Loopscope trace")
        with open(path, "wb") as file:
            file.write(trace(*CREATED).encode() + data)
        status, error, _ = run(folder, "export", path, "-o", os.path.join(folder, "x.json"))
        equal(status, 1, error)
        contains(error, "the 3 events before it are kept")


def pour(path, blocks, block):
    """Into a pipe, as long as somebody reads."""
    try:
        with open(path, "wb", buffering=0) as file:
            file.write(trace(*CREATED).encode() + b'{"n": 3, "t": 0, "ev": "output", "task": 0, "text": "')
            for _ in range(blocks):
                file.write(block)
    except BrokenPipeError:
        pass


@suite.case
def a_line_of_a_gigabyte_is_refused_in_bounded_memory(folder):
    path = os.path.join(folder, "pipe.jsonl")
    os.mkfifo(path)
    writer = threading.Thread(target=pour, args=(path, 1024, b"x" * MIB))
    writer.start()
    status, error, memory = run(folder, "export", path, "-o", os.path.join(folder, "x.jsonl"))
    writer.join()
    equal(status, 1, error)
    contains(error, "the line is too long; the 3 events before it are kept")
    if PLAIN:
        assert memory < 640 * MIB, "%d MiB" % (memory // MIB)


def turns(folder, repeat):
    scenario = write(folder, "s.json", json.dumps({"title": "turns", "tasks": [
        {"name": "t", "count": 3, "steps": [{"repeat": repeat, "steps": [{"sleep": 0}]}]}]}))
    path = os.path.join(folder, "turns.jsonl")
    equal(run(folder, "run", "--quiet", "--backend", "sim", "--trace", path, scenario)[0], 0)
    with open(path, "rb") as file:
        return path, sum(1 for _ in file) - 1


@suite.case
def exports_need_no_more_memory_for_longer_traces(folder):
    """Over the log itself, which keeps 48 bytes an event and room for the next ones."""
    if not PLAIN:
        raise Skip("the build without sanitizers is not there: make headless")
    over = {}
    for repeat in (100, 100000):
        path, count = turns(folder, repeat)
        for ending in ("jsonl", "json", "pftrace", "csv", "txt"):
            status, error, memory = run(folder, "export", path, "-o", os.path.join(folder, "x." + ending))
            equal(status, 0, error)
            over.setdefault(ending, []).append(memory - EVENT_BYTES * count)
    assert count > 900000, count
    for ending, (short, large) in over.items():
        assert large < 32 * MIB and large - short < 8 * MIB, "%s: %d, %d bytes" % (ending, short, large)


suite.finish()
