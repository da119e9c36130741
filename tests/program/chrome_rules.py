"""The rules of the Chrome Trace Event Format, and what its readers ask beyond them.

From the format's documentation ("Trace Event Format", Google) and from what Perfetto UI, chrome://tracing,
speedscope and Firefox Profiler need to open a file. Used as a module by test_export.py; as a program it
checks files: chrome_rules.py FILE... Times are compared in nanoseconds, exactly.

check(text) returns what it counted; it raises BadTrace at the first breach."""
import collections
import decimal
import json
import sys

METADATA = {"process_name": "name", "process_labels": "labels", "process_sort_index": "sort_index",
            "thread_name": "name", "thread_sort_index": "sort_index"}
PHASES = "BEXiICbnestfPNODMVvRc"


class BadTrace(Exception):
    pass


def need(good, event, rule):
    if not good:
        raise BadTrace("%s: %s" % (rule, json.dumps(event, default=str)[:300]))


def nanoseconds(event, key):
    value = event.get(key)
    need(isinstance(value, (int, decimal.Decimal)) and not isinstance(value, bool), event, "%s is a number" % key)
    exact = decimal.Decimal(value) * 1000
    need(exact == int(exact), event, "%s has whole nanoseconds" % key)
    need(exact >= 0, event, "%s is not negative" % key)
    return int(exact)


class Threads:
    """X slices by (pid, tid): a slice lies within the one that is open, or behind it."""

    def __init__(self):
        self.open = collections.defaultdict(list)
        self.slices = collections.defaultdict(list)

    def slice(self, event, start, end):
        stack = self.open[event["pid"], event["tid"]]
        # A slice that begins where the last one ended stands behind it, not in it, unless both have no length.
        while stack and stack[-1][1] <= start and not stack[-1][0] == start == end == stack[-1][1]:
            stack.pop()
        need(not stack or end <= stack[-1][1], event, "slices nest strictly")
        stack.append((start, end))
        self.slices[event["pid"], event["tid"]].append((start, end))

    def encloses(self, event, time):
        """Whether a slice that has begun by now (in the order of the file) reaches this time."""
        return any(start <= time <= end for start, end in reversed(self.slices[event["pid"], event["tid"]][-64:])) \
            or any(start <= time <= end for start, end in self.open[event["pid"], event["tid"]])


class Pairs:
    """b, n, e by category and id; s, t, f by category, name and id."""

    def __init__(self):
        self.asynchronous, self.flows = {}, {}

    def take_async(self, event, time):
        need("id" in event, event, "an asynchronous event has an id")
        key = (event["pid"], event["cat"], event["id"])
        if event["ph"] == "b":
            need(key not in self.asynchronous, event, "an id is open once")
            self.asynchronous[key] = (event["name"], time)
            return
        need(key in self.asynchronous, event, "n and e follow their b")
        need(event["name"] == self.asynchronous[key][0], event, "n and e have their b's name")
        if event["ph"] == "e":
            del self.asynchronous[key]

    def take_flow(self, event, time, threads):
        need("id" in event, event, "an arrow has an id")
        need(threads.encloses(event, time), event, "the end of an arrow lies in a slice")
        key = (event["cat"], event["name"], event["id"])
        if event["ph"] == "s":
            need(key not in self.flows, event, "an arrow begins once")
            self.flows[key] = time
            return
        need(key in self.flows, event, "t and f follow their s")
        if event["ph"] == "f":
            need(event.get("bp") == "e", event, "f binds to the slice around it")
            del self.flows[key]


def check_head(trace):
    need(isinstance(trace, dict), None, "the object form")
    need(isinstance(trace.get("traceEvents"), list), None, "traceEvents is an array")
    need(trace.get("displayTimeUnit") in ("ms", "ns"), None, "displayTimeUnit is ms or ns")
    need(isinstance(trace.get("otherData"), dict), None, "otherData is an object")


def check_common(event):
    need(isinstance(event, dict), event, "an event is an object")
    need(event.get("ph") in PHASES and len(event["ph"]) == 1, event, "a known phase")
    need(isinstance(event.get("name"), str) and event["name"], event, "a name")
    for key in ("pid", "tid"):
        need(type(event.get(key)) is int, event, "%s is a number" % key)
    if event["ph"] in "Xibnestf":
        need(isinstance(event.get("cat"), str) and event["cat"], event, "a category")
    need(isinstance(event.get("args", {}), dict), event, "args is an object")


def check_metadata(event, names):
    need(event["name"] in METADATA, event, "known metadata")
    key = METADATA[event["name"]]
    value = event.get("args", {}).get(key)
    need(type(value) is (int if key == "sort_index" else str), event, "metadata has its argument")
    names[event["name"]].add((event["pid"], event["tid"]))


def check(text, whole=True):
    """whole: the run ended, so everything that began has ended."""
    need(text.startswith('{"'), None, "Perfetto and Firefox know JSON by its beginning")
    trace = json.loads(text, parse_float=decimal.Decimal)
    check_head(trace)
    threads, pairs, counts = Threads(), Pairs(), collections.Counter()
    names, seen, last = collections.defaultdict(set), set(), 0
    for event in trace["traceEvents"]:
        check_common(event)
        phase = event["ph"]
        counts[phase] += 1
        time = nanoseconds(event, "ts")
        if phase == "M":
            check_metadata(event, names)
            continue
        need(time >= last, event, "sorted by time")
        last = time
        seen.add((event["pid"], event["tid"]))
        if phase == "X":
            threads.slice(event, time, time + nanoseconds(event, "dur"))
        elif phase in "bne":
            pairs.take_async(event, time)
        elif phase in "stf":
            pairs.take_flow(event, time, threads)
        elif phase == "i":
            need(event.get("s") in ("g", "p", "t"), event, "an instant has a scope")
        elif phase == "C":
            need(event.get("args") and all(type(value) is int and value >= 0 for value in event["args"].values()),
                 event, "a counter counts")
    need(seen <= names["thread_name"], sorted(seen - names["thread_name"])[:3], "every thread has a name")
    need(seen <= names["thread_sort_index"], None, "every thread has its place")
    need({pid for pid, _ in seen} <= {pid for pid, _ in names["process_name"]}, None, "every process has a name")
    need(not whole or not pairs.asynchronous, list(pairs.asynchronous)[:3], "every b has its e")
    need(not whole or not pairs.flows, list(pairs.flows)[:3], "every arrow arrives")
    return counts


if __name__ == "__main__":
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            print(path, dict(check(file.read())))
