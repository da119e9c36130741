"""Scenarios that nobody means well: endless recursion, endless loops, huge and deep files. Each ends in a located
message or at a limit of the run, soon and in bounded memory. Run by the build without sanitizers where there is one,
so that the memory is the program's own."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ENVIRONMENT, PROGRAM, ROOT, Suite, contains, equal, write  # noqa: E402

suite = Suite("hostile")
HEADLESS = os.path.join(ROOT, "build", "headless", "loopscope")
PLAIN = os.path.exists(HEADLESS)
MIB = 1 << 20


def run(*arguments):
    """Status, standard error, and the most memory it had, in bytes."""
    process = subprocess.Popen([HEADLESS if PLAIN else PROGRAM, *arguments], stdin=subprocess.DEVNULL, cwd=ROOT,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT)
    error = process.stderr.read().decode("utf-8", "replace")
    process.stderr.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode >= 0, "signal %d\n%s" % (-process.returncode, error)
    return process.returncode, error, usage.ru_maxrss * 1024


def bounded(memory, bound):
    if PLAIN:
        assert memory <= bound, "%d MiB" % (memory // MIB)


def refused(folder, text, message, bound=64 * MIB):
    for command in (["check"], ["run", "--quiet"]):
        status, error, memory = run(*command, write(folder, "f.json", text))
        equal(status, 2, error[:500])
        contains(error, message)
        bounded(memory, bound)


def program(steps, coroutines=None, **more):
    return json.dumps(dict({"title": "t", "tasks": [{"name": "a", "steps": steps}], "coroutines": coroutines or {}}, **more))


def ends_with(folder, text, status, message, *options, bound=128 * MIB):
    for backend in ("sim", "threads"):
        got, error, memory = run("run", "--quiet", "--backend", backend, *options, write(folder, "f.json", text))
        equal(got, status, error[:500])
        contains(error, message)
        bounded(memory, bound)


RECURSION = "RecursionError: maximum recursion depth exceeded"


@suite.case
def coroutines_that_call_themselves(folder):
    ends_with(folder, program([{"call": "c"}], {"c": [{"call": "c"}]}), 1, RECURSION)
    ends_with(folder, program([{"call": "c"}], {"c": [{"call": "d"}], "d": [{"try": [{"call": "c"}], "finally": []}]}), 1,
              RECURSION)
    # Each of a thousand levels tries again when the one below it fails: as many ways as limits allow.
    again = {"c": [{"try": [{"call": "d"}], "finally": [{"call": "d"}]}], "d": [{"repeat": 2, "steps": [{"call": "c"}]}]}
    ends_with(folder, program([{"call": "c"}], again), 1, "limit on events (100000)", "--max-events", "100000")


@suite.case
def coroutines_that_spawn_themselves(folder):
    limit = "limit on tasks (20000)"
    for coroutines in ({"c": [{"spawn": "c"}]}, {"c": [{"spawn": "d"}, {"spawn": "d"}], "d": [{"spawn": "c"}]},
                       {"c": [{"repeat": 9007199254740992, "steps": [{"spawn": "c"}]}]},
                       {"c": [{"spawn": "d", "as": "x"}, {"await": "x"}], "d": [{"call": "c"}]},
                       {"c": [{"group": [{"spawn": "c"}]}]}, {"c": [{"spawn": "c", "as": "x"}, {"gather": ["x"]}]}):
        ends_with(folder, program([{"spawn": "c"}], coroutines), 1, limit, "--max-tasks", "20000")


@suite.case
def a_chain_of_awaiting_tasks_is_cancelled(folder):
    chain = {"c": [{"spawn": "c", "as": "x"}, {"await": "x"}]}
    steps = [{"spawn": "c", "as": "first"}, {"sleep": "20ms"}, {"cancel": "first"}]
    for backend in ("sim", "threads"):  # how long the chain is when the time is over is the machine's to say
        status, error, memory = run("run", "--quiet", "--backend", backend, "--max-tasks", "20000",
                                    write(folder, "f.json", program(steps, chain)))
        assert status == 0 and error == "" or status == 1 and "limit on tasks (20000)" in error, (status, error[:500])
        bounded(memory, 128 * MIB)


@suite.case
def loops_without_end(folder):
    endless = 1 << 53
    for steps, limit, option in (
            ([{"log": "x"}], "limit on events (50000)", ["--max-events", "50000"]),
            ([{"sleep": 0}], "limit on events (50000)", ["--max-events", "50000"]),
            ([], "limit on time", ["--max-time", "100ms"]),
            ([{"repeat": endless, "steps": [{"repeat": 0, "steps": []}]}], "limit on events (50000)",
             ["--max-events", "50000"]),
            ([{"thread": [{"repeat": endless, "steps": []}]}], "limit on time", ["--max-time", "100ms"])):
        ends_with(folder, program([{"repeat": endless, "steps": steps}]), 1, limit, *option)
    beyond = program([{"repeat": 10**18, "steps": []}])
    refused(folder, beyond, '"repeat" must be a whole number of at most 2^53')
    refused(folder, program([{"repeat": endless + 1, "steps": []}]), "at most 2^53")


@suite.case
def a_million_steps(folder):
    text = program([{"log": ""}] * 1000000)
    status, error, memory = run("check", write(folder, "f.json", text))
    equal(status, 0, error[:500])
    bounded(memory, 640 * MIB)
    ends_with(folder, text, 1, "limit on events (5000)", "--max-events", "5000", bound=640 * MIB)


@suite.case
def deep_files(folder):
    message = "nested too deep; expected at most 256 levels"
    for opening in ("[", '{"a":', '[{"title":', "[[],"):
        refused(folder, opening * 100000, "f.json:1:%d: %s" % ({"[": 257, '{"a":': 1281}.get(opening, 0), message)
                if opening in ("[", '{"a":') else message)
        refused(folder, '{"title":"t","tasks":' + opening * 100000, message)
    refused(folder, "[" * 10_000_000, message)
    refused(folder, "[]" * 5_000_000, "something stands behind the document's end")
    refused(folder, "]" * 10_000_000, "f.json:1:1:")
    refused(folder, "[" + "[]," * 3_300_000 + "[]]", "this must be an object", bound=640 * MIB)


@suite.case
def deep_blocks(folder):
    """As deep as 256 levels of JSON allow they run; one deeper is refused."""
    for opening, closing in (('{"group":[', "]}"), ('{"try":[', '],"finally":[]}'), ('{"try":[],"except":[', "]}"),
                             ('{"with":"s","steps":[', "]}"), ('{"timeout":9,"steps":[', "]}"),
                             ('{"repeat":1,"steps":[', "]}"), ('{"thread":[{"repeat":1,"steps":[', "]}]}")):
        nested = opening.startswith('{"thread"')
        opening, closing = ('{"repeat":1,"steps":[', "]}") if nested else (opening, closing)
        for depth in (124, 130):
            body = opening * (depth - nested) + '{"log":"deep"}' + closing * (depth - nested)
            body = '{"thread":[%s]}' % body if nested else body
            text = '{"title":"t","semaphores":{"s":1000},"tasks":[{"name":"a","steps":[%s]}]}' % body
            if depth == 130:
                refused(folder, text, "nested too deep; expected at most 256 levels")
            else:
                ends_with(folder, text, 0, "")


@suite.case
def files_of_64_mib(folder):
    start, end = '{"title":"t","tasks":[{"name":"a","steps":[', "]}]}"
    refused(folder, "x" * (64 * MIB + 1), "the file is larger than 64 MiB", bound=256 * MIB)
    refused(folder, start + "1," * 33_000_000 + "1" + end, "the file holds too many values", bound=640 * MIB)
    text = '{"title":"t","about":"' + "x" * (64 * MIB - 100) + '","tasks":[{"name":"a","steps":[]}]}'
    status, error, memory = run("check", write(folder, "f.json", text))
    equal(status, 0, error[:500])
    bounded(memory, 448 * MIB)


suite.finish()
