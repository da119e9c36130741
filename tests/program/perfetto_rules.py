"""A Perfetto trace of ours, decoded by protoc and held to the rules of the format.

The rules are those that google/perfetto states beside its messages (protos/perfetto/trace). Used as a module by
test_perfetto.py; as a program it checks files: perfetto_rules.py FILE...

decode(path) gives the packets as dicts, a list for what is repeated; check(packets) raises BadTrace at the first breach
and otherwise returns what it found."""
import codecs
import collections
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
STATE_CLEARED, NEEDS_STATE = 1, 2
REPEATED = {"packet", "event_categories", "debug_annotation_names", "category_iids", "debug_annotations", "flow_ids",
            "terminating_flow_ids", "dict_entries", "array_values"}


class BadTrace(Exception):
    pass


def need(good, what, rule):
    if not good:
        raise BadTrace("%s: %s" % (rule, str(what)[:300]))


def scalar(text):
    if text.startswith('"'):
        return codecs.escape_decode(text[1:-1].encode())[0].decode("utf-8")
    return {"true": True, "false": False}.get(text, int(text) if text.lstrip("-").isdigit() else text)


def put(message, key, value):
    need(not key.isdigit(), (key, value), "a field that the format does not have there")
    if key in REPEATED:
        message.setdefault(key, []).append(value)
    else:
        need(key not in message, key, "a field stands once")
        message[key] = value


def parse(text):
    """protoc's text form: `key {` ... `}` and `key: value`, a line each."""
    stack = [{}]
    for line in text.split("\n"):
        line = line.strip()
        if line.endswith(" {"):
            stack.append({})
            put(stack[-2], line[:-2], stack[-1])
        elif line == "}":
            stack.pop()
        elif line:
            key, value = line.split(": ", 1)
            put(stack[-1], key, scalar(value))
    return stack[0]


def decode_text(data):
    done = subprocess.run(["protoc", "--proto_path=" + HERE, "--decode=perfetto.protos.Trace", "perfetto.proto"],
                          input=data, capture_output=True)
    need(done.returncode == 0, done.stderr.decode(), "protoc can decode it")
    return done.stdout.decode("utf-8")


def decode(path):
    with open(path, "rb") as file:
        return parse(decode_text(file.read())).get("packet", [])


class Trace:
    """What was met so far, packet by packet."""

    def __init__(self):
        self.categories, self.names, self.tracks = {}, {}, {}
        self.open = collections.defaultdict(list)  # slices, by track
        self.flows, self.ended, self.last = set(), set(), 0
        self.slices, self.instants, self.counts = [], [], []
        self.carried, self.header = {}, {}

    def take_interned(self, data):
        for table, key in ((self.categories, "event_categories"), (self.names, "debug_annotation_names")):
            for entry in data[key]:
                need(entry["iid"] > 0 and entry["iid"] not in table, entry, "an iid is not 0, and stands once")
                table[entry["iid"]] = entry["name"]

    def take_descriptor(self, track):
        need(track["uuid"] != 0 and track["uuid"] not in self.tracks, track, "a track is described once")
        need(track.get("name"), track, "a track has a name")
        parent = track.get("parent_uuid")
        need(parent in self.tracks if parent is not None else "process" in track, track,
             "a parent is described before its children, and only the process has none")
        need("thread" not in track or track["thread"]["pid"] == self.tracks[parent]["process"]["pid"], track,
             "a thread is its process's")
        self.tracks[track["uuid"]] = track

    def value(self, annotation):
        keys = [key for key in annotation if key not in ("name", "name_iid")]
        need(len(keys) <= 1, annotation, "one value at most")
        if not keys:
            return None
        value = annotation[keys[0]]
        if keys[0] == "dict_entries":
            return self.arguments(value)
        return [self.value(item) for item in value] if keys[0] == "array_values" else value

    def arguments(self, annotations):
        found = {}
        for annotation in annotations:
            need(("name" in annotation) != ("name_iid" in annotation), annotation, "a name or its iid")
            name = annotation["name"] if "name" in annotation else self.names[annotation["name_iid"]]
            need(name not in found, annotation, "an argument stands once")
            found[name] = self.value(annotation)
        return found

    def take_slice(self, event, time):
        stack = self.open[event["track_uuid"]]
        if event["type"] == "TYPE_SLICE_BEGIN":
            stack.append((event["name"], time))
            return
        need(stack, event, "an end has its beginning")
        name, begun = stack.pop()
        self.slices.append((event["track_uuid"], name, begun, time - begun))

    def take_flows(self, event):
        for flow in event.get("flow_ids", []):
            need(flow != 0 and flow not in self.ended, event, "an arrow that has ended goes no further")
            self.flows.add(flow)
        for flow in event.get("terminating_flow_ids", []):
            need(flow in self.flows, event, "what ends an arrow follows its beginning")
            self.flows.remove(flow)
            self.ended.add(flow)

    def take_event(self, event, time):
        track = self.tracks.get(event["track_uuid"])
        need(track is not None, event, "a track is described before its events")
        need(time >= self.last, event, "sorted by time")
        self.last = time
        is_count = event["type"] == "TYPE_COUNTER"
        need(is_count == ("counter" in track) == ("counter_value" in event), event, "a counter's track has counts alone")
        if is_count:
            need(event["counter_value"] >= 0, event, "nothing is counted below 0")
            self.counts.append((track["name"], time, event["counter_value"]))
            return
        if event["type"] != "TYPE_SLICE_END":
            need(event.get("name"), event, "a name")
            need(event["category_iids"][0] in self.categories, event, "a known category")
        if event["type"] == "TYPE_INSTANT":
            self.instants.append((event["track_uuid"], event["name"], time))
        else:
            self.take_slice(event, time)
        self.take_flows(event)
        arguments = self.arguments(event.get("debug_annotations", []))
        if "n" in arguments:
            need(arguments["n"] not in self.carried, event, "an event of the trace is carried once")
            self.carried[arguments["n"]] = arguments
        elif "loopscope_trace" in arguments:
            self.header = arguments


def check(packets, whole=True):
    """whole: the run ended, so everything that began has ended."""
    trace = Trace()
    need(packets and packets[0].get("sequence_flags") == STATE_CLEARED | NEEDS_STATE, None, "the state begins afresh")
    for i, packet in enumerate(packets):
        need(packet["trusted_packet_sequence_id"] == 1, packet, "one sequence")
        need(i == 0 or packet["sequence_flags"] == NEEDS_STATE, packet, "the state goes on")
        if "interned_data" in packet:
            trace.take_interned(packet["interned_data"])
        elif "track_descriptor" in packet:
            trace.take_descriptor(packet["track_descriptor"])
        else:
            trace.take_event(packet["track_event"], packet["timestamp"])
    trace.left = [(trace.tracks[uuid]["name"], item) for uuid, stack in trace.open.items() for item in stack]
    need(not whole or not trace.left, trace.left[:3], "every slice has its end")
    need(not whole or not trace.flows, sorted(trace.flows)[:3], "every arrow arrives")
    return trace


if __name__ == "__main__":
    for given in sys.argv[1:]:
        found = check(decode(given))
        print(given, "%d tracks, %d slices, %d instants, %d counts, %d arrows" % tuple(
            map(len, (found.tracks, found.slices, found.instants, found.counts, found.ended))))
