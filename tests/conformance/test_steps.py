"""Every row of the table of steps, with each of its options, is in the random scenarios: a new step that they do not make
fails here. docs/scenario.schema.json has the loader's table, as a test of its own sees to."""
import collections
import json
import os
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, FOLDER)
import generate  # noqa: E402
from wild import all_steps  # noqa: E402

COUNT = 2000  # as many as in a test run
USES_MIN = 20
SCHEMA = os.path.join(FOLDER, "..", "..", "docs", "scenario.schema.json")


def places_of(scenario):
    """(step, "" or " in a thread")"""
    for steps in [task["steps"] for task in scenario["tasks"]] + list(scenario.get("coroutines", {}).values()):
        for step in all_steps(steps):
            yield step, ""
            if "thread" in step:
                for inner in all_steps(step["thread"]):
                    yield inner, " in a thread"


def wanted(definitions):
    """The verbs, with and without what may stand in them, and with every value that is one of a few."""
    found = set()
    for row in definitions["step"]["anyOf"]:
        verb = row["$ref"].rsplit("step_", 1)[1]
        step = definitions["step_" + verb]
        found.add(verb)
        for key, value in step["properties"].items():
            if key not in step["required"]:
                found |= {"%s with %s" % (verb, key), "%s without %s" % (verb, key)}
            found |= {"%s %s %s" % (verb, key, one) for one in value.get("enum", [])}
    for row in definitions["stepInThread"]["anyOf"]:
        name = row["$ref"].rsplit("/", 1)[1]
        found.add((name[5:] if name.startswith("step_") else name[:-len("InThread")]) + " in a thread")
    return found


def made(count, definitions):
    uses = collections.Counter()
    for seed in range(count):
        for step, where in places_of(generate.scenario(1000003 + seed)):
            verb = next(key for key in step if "step_" + key in definitions)
            uses[verb + where] += 1
            for key in definitions["step_" + verb]["properties"]:
                uses["%s %s %s" % (verb, "with" if key in step else "without", key)] += 1
                if isinstance(step.get(key), str):
                    uses["%s %s %s" % (verb, key, step[key])] += 1
    return uses


def main():
    with open(SCHEMA, encoding="utf-8") as file:
        definitions = json.load(file)["$defs"]
    uses, failed = made(COUNT, definitions), 0
    rows = sorted(wanted(definitions))
    for row in rows:
        good = uses[row] >= USES_MIN
        failed += not good
        if not good:
            print("[ FAILED  ] %s: %d times in %d random scenarios" % (row, uses[row], COUNT))
    print("%d passed, %d failed" % (len(rows) - failed, failed))
    sys.exit(1 if failed or not rows else 0)


main()
