"""What a scenario can come to: found on the simulated OS, and each outcome shown again by its seed."""
import itertools
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import PROGRAM, ROOT, Suite, contains, equal, run, write  # noqa: E402

suite = Suite("explore")
THREE = os.path.join("scenarios", "three-writers.json")


def explored(*words, status=0):
    _, out, _ = run("explore", *words, "--json", status=status)
    return json.loads(out)


@suite.case
def every_order_of_three_writers_is_found(folder):
    got = explored(THREE)
    equal((got["runs"], got["backend"], got["troubled"]), (200, "sim", 0))
    opened = ["open write-%s.txt" % name for name in "abc"]
    orders = sorted(opened + ["write-%s.txt is written" % name for name in order] for order in itertools.permutations("abc"))
    equal(sorted(outcome["printed"] for outcome in got["outcomes"]), orders)
    equal(sum(outcome["count"] for outcome in got["outcomes"]), 200)
    counts = [outcome["count"] for outcome in got["outcomes"]]
    equal(counts, sorted(counts, reverse=True))


@suite.case
def a_seed_shows_its_outcome_again(folder):
    for name in ("three-writers", "read-back", "back-pressure", "timeout", "queue", "group-error"):
        scenario = os.path.join("scenarios", name + ".json")
        for outcome in explored(scenario, "--runs", "30")["outcomes"]:
            _, out, _ = run("run", "--quiet", "--backend", "sim", "--seed", str(outcome["seed"]), scenario)
            equal(out.splitlines(), outcome["printed"], "%s, seed %d" % (name, outcome["seed"]))


@suite.case
def what_the_system_does_not_decide_has_one_outcome(folder):
    for name in ("two-tasks", "sleepers", "sleep-zero", "gather"):
        got = explored(os.path.join("scenarios", name + ".json"), "--runs", "20")
        equal([(outcome["count"], outcome["ended"]) for outcome in got["outcomes"]], [(20, [])], name)


@suite.case
def seeds_begin_where_one_says(folder):
    first, rest = explored(THREE, "--runs", "1", "--seed", "7"), explored(THREE, "--runs", "10", "--seed", "7")
    equal(first["outcomes"][0]["seed"], 7)
    assert all(7 <= outcome["seed"] < 17 for outcome in rest["outcomes"])


@suite.case
def trouble_is_found_and_said(folder):
    _, out, _ = run("explore", "scenarios/deadlock.json", "--runs", "4", status=1)
    contains(out, "4 runs on the simulated OS (sim), 1 distinct outcome")
    contains(out, "ends: deadlock")
    contains(out, "anna did not end")
    contains(out, "4 runs with an error that reached nobody, a deadlock or a limit")
    # An error that only one order brings: whoever is read before it is written is not there.
    race = write(folder, "race.json", json.dumps({"title": "race", "about": "race", "tasks": [
        {"name": "writes", "steps": [{"open": "first.txt", "as": "a"}, {"close": "a"}, {"open": "second.txt", "as": "b"}, {"close": "b"}]},
        {"name": "reads", "steps": [{"open": "other.txt", "as": "a"}, {"fsync": "a"}, {"close": "a"},
                                    {"open": "other.txt", "as": "b", "mode": "r"}, {"close": "b"}]},
        {"name": "late", "steps": [{"open": "third.txt", "as": "a"}, {"close": "a"}, {"open": "second.txt", "as": "b", "mode": "r"}]}]}))
    got = explored(race, "--runs", "100", status=1)
    assert len(got["outcomes"]) == 2 and 0 < got["troubled"] < 100, got
    failed = [outcome for outcome in got["outcomes"] if outcome["ended"]]
    contains(failed[0]["ended"][0], "late failed: OSError: [Errno 2]")
    equal(failed[0]["count"], got["troubled"])
    equal(run("run", "--quiet", "--backend", "sim", "--seed", str(failed[0]["seed"]), race)[0], 1)


@suite.case
def bad_usage_is_said(folder):
    run("explore", status=2)
    run("explore", THREE, "--runs", "0", status=2)
    run("explore", os.path.join(folder, "nowhere.json"), status=2)
    run("explore", THREE, "--backend", "threads", status=2)  # it is the simulated OS that is explored
    contains(run("explore", "--help", status=0)[1], "--runs N")


@suite.case
def an_interrupt_says_what_was_found_until_then(folder):
    process = subprocess.Popen([PROGRAM, "explore", THREE, "--runs", "1000000000"], cwd=ROOT, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    try:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    contains(out.decode(), "distinct outcome")
    equal(process.returncode, 130)


suite.finish()
