"""Random scenarios of every step, nested in any way, with errors and cancels everywhere: names may be set or not, tasks
await, cancel and block each other as chance will have it, and may wait for ever.

There are three kinds. In "wild" nothing depends on time: sleeps are of 0, file steps block. In "timed" tasks sleep and
time out, with ties, and there are no files. In "loose" file steps are the system's, and functions run in threads: only where all that a seed
may change makes no difference can such a scenario be compared."""
import random
import re

TASKS = ["a", "b", "c", "walker", "class", "print", "str", "main"]
COROUTINES = ["show", "work", "a", "child", "import", "group_2", "_"]
VARIABLES = ["text", "v", "lambda", "error_2"]
CHILDREN = ["kid", "show", "is", "names_", "group"]
SHARED = {"locks": ["m", "door", "error"], "semaphores": ["s", "seats"], "events": ["e", "end", "loop"],
          "queues": ["q", "orders"], "channels": ["pipe", "line", "socket"]}
BUDGET = "budget"  # of the coroutine that goes on to itself: never given back
BLOCKS = ("steps", "try", "except", "finally", "group", "thread")
# In half of the scenarios many tasks crowd around one thing, and all say what they do: who is woken, passed over or
# cancelled there, and in which turn, is seen by what is printed.
THEMES = {"clock": ["sleep", "sleep", "compute", "compute", "timeout", "repeat", "spawn", "cancel"],
          "line": ["with", "with", "acquire", "release", "release", "burst", "burst", "sleep", "sleep", "cancel", "timeout", "try", "repeat"],
          "queue": ["put", "put", "get", "get", "get", "burst", "burst", "sleep", "sleep", "cancel", "timeout", "repeat"],
          "event": ["event", "event", "event", "burst", "sleep", "sleep", "cancel", "timeout", "repeat"],
          "ring": ["await", "await", "gather", "wait", "cancel", "cancel", "sleep", "sleep", "sleep", "try", "group", "timeout", "spawn"],
          "shutdown": ["late", "late", "group", "spawn", "raise", "cancel", "try", "sleep", "timeout"],
          "family": ["spawn", "spawn", "await", "gather", "wait", "group", "cancel", "raise", "try", "sleep", "sleep", "timeout"],
          "channel": ["channel", "channel", "channel", "sleep", "sleep", "cancel", "timeout", "repeat"]}
AT_ONCE = ("put", "get", "acquire", "release", "event", "cancel", "channel")  # where control is mostly kept
COST_MAX = {"coroutine": 40, "task": 200}
# A poll's time is rounded up to a whole millisecond: what is not at the same moment is two apart. "fine" ones are not,
# but stand in steps of more than a turn takes.
SLEEPS = {"wild": [0], "timed": [0, 0, 0, 0, "2ms", "2ms", "4ms", "6ms", "10ms"], "loose": [0, 0, 0, "10ms"],
          "fine": [0, 0, "100us", "250us", "250us", "0.5ms", "1ms", "1.5ms", "1750us", "2ms", 0.0035]}
TIMEOUTS = {"wild": [0], "timed": [0, "2ms", "4ms", "8ms", "10ms", "20ms"], "loose": [0, "10ms", "30ms"],
            "fine": [0, "100us", "250us", "1ms", "1250us", "2.5ms", 0.004, 1]}


def blocks_of(step):
    return [step[key] for key in BLOCKS if isinstance(step.get(key), list)]


def all_steps(steps):
    for step in steps:
        yield step
        for block in blocks_of(step):
            yield from all_steps(block)


class Body:
    def __init__(self, name, steps):
        self.name, self.steps = name, steps
        self.cost = 0

    def targets(self, verb):
        return {step[verb] for step in all_steps(self.steps) if verb in step}


class Wild:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.kind = self.random.choices(["wild", "timed", "loose"], [5, 4, 2])[0]
        self.bodies, self.labels, self.paths = [], 0, 0
        self.task_names = self.random.sample(TASKS, self.random.randint(1, 5))
        self.shared = {key: self.random.sample(names, self.random.randint(0, 2)) for key, names in SHARED.items()}
        # A few kinds of steps alone meet each other more often than all of them.
        self.verbs = self.random.sample(sorted(VERBS), self.random.randint(3, len(VERBS)))
        self.verbs += self.random.choices(["sleep", "event", "with", "spawn", "try"], k=3)
        self.talk, self.is_crowd, self.child_share = 0.4, False, 0.7
        self.pace = "fine" if self.kind == "timed" and self.chance(0.3) else self.kind
        if self.kind != "loose" and self.chance(0.5):
            self.crowd()

    def crowd(self):
        theme = self.pick(sorted(set(THEMES) - ({"clock"} if self.kind == "wild" else set())))
        self.task_names = self.random.sample(TASKS, self.random.randint(4, len(TASKS)))
        self.shared = {key: [self.pick(names)] for key, names in SHARED.items()}
        self.shared[self.pick(["locks", "semaphores"])] = []
        self.verbs, self.talk, self.is_crowd = THEMES[theme], 0.9, True
        self.child_share = 0.1 if theme == "ring" else 0.7

    def pick(self, of):
        return self.random.choice(of)

    def chance(self, share):
        return self.random.random() < share

    def label(self):
        self.labels += 1
        return self.labels

    # ---- texts and names ----

    def text(self, place):
        parts = [self.pick(["{task}", "{i}", "x", "\u20ac", "", "{{}}", "\"\\"])] if self.chance(0.4) else []
        if self.chance(0.3) and (name := self.known(place, VARIABLES)):
            parts.append("{%s}" % name)
        if place["excepts"] and self.chance(0.6):
            parts.append("{error}")
        return " ".join(["{task} %d" % self.label()] + parts)

    def known(self, place, pool):
        """Mostly a name that was given above."""
        given = [name for name in place["given"] if name in pool]
        return self.pick(pool) if self.chance(0.08) else self.pick(given) if given else None

    def task(self, place):
        child = self.known(place, CHILDREN) if self.chance(self.child_share) else None
        return child or self.pick(self.task_names)

    def object(self, *keys):
        names = [name for key in keys for name in self.shared[key]]
        return self.pick(names) if names else None

    def file(self, step):
        if self.kind != "loose" or self.chance(0.3):
            step["blocking"] = True
        return step

    # ---- steps: each returns a list, empty where it can't be said ----

    def log(self, place):
        return [{"log": self.text(place)}]

    def note(self, place):
        return [{"note": self.text(place)}]

    def ask(self, place):
        choices = ["%d {{" % self.label() for _ in range(self.random.randint(2, 4))]
        return [{"ask": "What now, {{task}}?", "choices": choices, "answer": self.random.randrange(len(choices)), "because": "so"}]

    def compute(self, place):
        return [{"compute": self.pick([0, "10us"] + (["2ms", "4ms", "2ms", "6ms"] if self.kind == "timed" else []))}]

    def sleep(self, place):
        return [{"sleep": self.pick(SLEEPS[self.pace])}]

    def spawn(self, place):
        if not place["targets"]:
            return []
        step = {"spawn": self.pick(place["targets"])}
        if self.chance(0.8):
            step["as"] = self.pick(CHILDREN)
            place["given"].append(step["as"])
        return [step]

    def call(self, place):
        return [{"call": self.pick(place["targets"])}] if place["targets"] else []

    def await_(self, place):
        return [{"await": self.task(place)}]

    def cancel(self, place):
        return [{"cancel": self.task(place)}]

    def tasks_list(self, place):
        return list(dict.fromkeys(self.task(place) for _ in range(self.random.randint(1, 4))))

    def gather(self, place):
        return [{"gather": self.tasks_list(place)}]

    def wait(self, place):
        return [dict({"wait": self.tasks_list(place)}, **self.pick([{}, {"until": "all"}, {"until": "first"}, {"until": "first"}]))]

    def group(self, place):
        """In a crowd, of several tasks, so that it is seen in which order they are cancelled."""
        inner = dict(place, depth=place["depth"] + 1)
        tasks = [step for _ in range(3 if self.is_crowd else 0) for step in self.spawn(inner)]
        return [{"group": tasks + self.block(place)}]

    def late(self, place):
        """A group that is left, or broken off, with spawns in its last steps: some are refused."""
        inner = dict(place, depth=place["depth"] + 1)
        last = self.spawn(inner) + self.log(inner) + (self.sleep(inner) if self.chance(0.3) else []) + self.spawn(inner)
        waits = self.sleep(inner) + self.block(inner) + (self.raise_(inner) if self.chance(0.3) else self.sleep(inner))
        return [{"group": self.spawn(inner) + self.spawn(inner) + [{"try": waits, self.pick(["finally", "finally", "except"]): last}]}]

    def burst(self, place):
        """What one task does in one turn: who is woken by it is not there yet."""
        verbs = [verb for verb in self.verbs if verb in AT_ONCE]
        return [step for _ in range(self.random.randint(2, 4)) for step in VERBS[self.pick(verbs)](self, place)] if verbs else []

    def timeout(self, place):
        return [{"timeout": self.pick(TIMEOUTS[self.pace]), "steps": self.block(place)}]

    def raise_(self, place):
        return [{"raise": self.text(place)}] if self.chance(0.4) else []

    def try_(self, place):
        step = {"try": self.block(place)}
        if self.chance(0.7):
            step["except"] = self.block(dict(place, excepts=place["excepts"] + 1))
        if "except" not in step or self.chance(0.5):
            step["finally"] = self.block(place)
        return [step]

    def repeat(self, place):
        return [{"repeat": self.pick([0, 1, 2, 2, 3]), "steps": self.block(place)}]

    def held(self, place):
        """A block in which others mostly get their turn, so that they have to wait."""
        return (self.sleep(place) if self.chance(0.7) else []) + self.block(place)

    def with_(self, place):
        name = self.object("locks", "semaphores")
        return [{"with": name, "steps": self.held(place)}] if name else []

    def acquire(self, place):
        name = self.object("locks", "semaphores")
        if not name:
            return []
        if self.chance(0.6):
            return [{"acquire": name}] + [{"try": self.held(place), "finally": [{"release": name}]}]
        return [{"acquire": name}]

    def release(self, place):
        name = self.object("locks", "semaphores")
        return [{"release": name}] if name and self.chance(0.5) else []

    def event(self, place):
        name = self.object("events")
        return [{self.pick(["wait_event"] * 4 + ["set_event", "clear_event"]): name}] if name else []

    def put(self, place):
        name = self.object("queues")
        return [{"put": self.text(place), "in": name}] if name else []

    def get(self, place):
        name = self.object("queues")
        if not name:
            return []
        step = {"get": name}
        if self.chance(0.8):
            step["as"] = self.pick(VARIABLES)
            place["given"].append(step["as"])
        return [step]

    def channel(self, place):
        """Mostly from one end to the other, so that what is sent is received."""
        name = self.object("channels")
        if not name:
            return []
        ends = [name + ".a", name + ".b"]
        if self.chance(0.2):
            ends.reverse()
        if self.chance(0.05):
            return [{"shut": self.pick(ends)}]
        if self.chance(0.5):
            return [{"send": {"bytes": self.pick([0, 1, 100, "64KiB", "1MiB"])} if self.chance(0.15) else self.text(place), "to": ends[0]}]
        if self.chance(0.2):
            return [{"receive": self.pick([1, "64KiB", "1MiB"]), "from": ends[1]}]
        step = {"receive": self.pick([1, 2, 7, 100, "1KiB"]), "from": ends[1], "as": self.pick(VARIABLES)}
        place["given"].append(step["as"])
        return [step]

    def files(self, place):
        """A handle is opened, used and closed by steps that stand together: misused handles are nobody's concern."""
        if self.kind == "timed" or self.paths > 12:
            return []
        self.paths += 1
        handle = "f%d" % self.paths
        if self.chance(0.2):
            return [self.file({"open": "none/{task}", "as": handle, "mode": "r"})]
        if self.kind == "loose":  # which of two tasks comes first at one file is the system's choice
            path = "%s{task}-%d.txt" % (self.pick(["", "d/"]), self.paths)
        else:
            path = self.pick(["%s%d.txt" % (self.pick(["", "d/", "{task}-"]), self.paths), "shared.txt"])
        steps = [self.file({"open": path, "as": handle, "mode": self.pick("wa")})]
        for _ in range(self.random.randint(1, 3)):
            what = {"bytes": self.pick([0, 1, 100, "64KiB"])} if self.chance(0.2) else self.text(place)
            steps.append(self.file({"write": what, "to": handle}))
            if self.chance(0.2):
                steps += [{"sleep": 0}]
        steps.append(self.file(self.pick([{"close": handle}, {"close": handle}, {"fsync": handle}])))
        if "close" in steps[-1] and self.chance(0.5):
            steps += [self.file({"open": path, "as": "r" + handle, "mode": "r"}),
                      self.file({"read": self.pick([1, 7, 1000]), "from": "r" + handle, "as": self.pick(VARIABLES)}),
                      self.file({"close": "r" + handle})]
        return steps

    def left(self, place):
        """A handle whose operations may be left by a timeout or a cancellation, and which is then used again."""
        if self.kind == "timed" or self.paths > 12:
            return []
        self.paths += 1
        handle = "g%d" % self.paths
        writes = [self.file({"write": self.text(place), "to": handle}) for _ in range(self.random.randint(1, 3))]
        if self.chance(0.5):
            writes = [{"timeout": self.pick(TIMEOUTS[self.pace]), "steps": writes}]
        if self.kind == "loose" and self.chance(0.3):
            writes += [{"thread": [{"write": "{task} in a thread", "to": handle}, {"log": "{task}:%d {i}" % self.label()}]}]
        last = [self.file({"write": "{task} last", "to": handle}), self.file({"close": handle})]
        opened = self.file({"open": "{task}-left%d.txt" % self.paths, "as": handle})
        return [opened, {"log": "{task} %d" % self.label()}, {"try": writes, "finally": last + self.log(place)}]

    def thread(self, place):
        """A function's names are its own, so that it does not matter when a thread that was left gives them; and what
        it prints says whose it is, since only the order in it is not the system's."""
        if self.kind != "loose" or self.paths > 12:
            return []
        steps, number = [], self.label()
        for _ in range(self.random.randint(0, 4)):
            self.paths += 1
            handle, path = "t%d" % self.paths, self.pick(["{task}-thread%d.txt", "d/{task}/%d.txt"]) % self.paths
            steps += self.pick([self.compute(place), [{"log": "{task}:%d %d {i}" % (number, self.label())}], [
                {"open": path, "as": handle}, {"write": self.text(place), "to": handle},
                *([{"fsync": handle}] if self.chance(0.8) else []), {"close": handle},
                {"open": path, "as": handle, "mode": "r"}, {"read": 100, "from": handle, "as": "read" + handle},
                {"close": handle}], [{"open": "none", "as": handle, "mode": "r"}]])
        if place["excepts"] and self.chance(0.5):
            steps = [{"log": "{task}:%d {error}" % number}] + steps
        if (name := self.known(place, VARIABLES)) and self.chance(0.3):
            steps.append({"log": "{task}:%d {%s}" % (number, name)})
        if self.chance(0.3):
            steps = [{"repeat": self.pick([0, 1, 2]), "steps": steps}]
        after = []
        given = [step["as"] for step in all_steps(steps) if "read" in step]
        if given and self.chance(0.5):
            after = [{"log": "{%s}" % self.pick(given)}]
        return [{"thread": steps}] + after

    # ---- blocks and bodies ----

    def block(self, place):
        if place["depth"] >= 4:
            return self.log(place)
        inner = dict(place, depth=place["depth"] + 1)
        steps = []
        for _ in range(self.random.randint(0, 4)):
            steps += self.step(inner)
        return steps

    def step(self, place):
        if self.chance(0.2):
            return self.log(place)
        steps = VERBS[self.pick(self.verbs)](self, place)
        return steps + self.log(place) if self.chance(self.talk) else steps  # who comes when is seen by what they print

    def cost(self, steps):
        costs = {body.name: body.cost for body in self.bodies}
        total = 0
        for step in steps:
            inner = sum(self.cost(block) for block in blocks_of(step))
            total += 1 + inner * step.get("repeat", 1) + costs.get(step.get("call", step.get("spawn")), 0)
        return total

    def make_body(self, name, most, cost_max):
        place = {"depth": 0, "excepts": 0, "given": [], "targets": [body.name for body in self.bodies]}
        steps = []
        for _ in range(self.random.randint(1, most)):
            steps += self.step(place)
        while self.cost(steps) > cost_max:
            steps.pop(self.random.randrange(len(steps)))
        if self.is_crowd and self.chance(0.5):  # that it is cancelled, and when, is seen
            steps = [{"try": steps, "finally": self.log(place)}]
        body = Body(name, steps)
        body.cost = self.cost(steps)
        return body

    def reach(self, body):
        """What a task of this body runs."""
        found, by_name = [body], {other.name: other for other in self.bodies}
        for each in found:
            found += [by_name[name] for name in sorted(each.targets("call")) if by_name[name] not in found]
        return found

    def drop_unused(self, tasks):
        found, by_name = list(tasks), {body.name: body for body in self.bodies}
        for each in found:
            found += [by_name[name] for name in sorted(each.targets("call") | each.targets("spawn")) if by_name[name] not in found]
        self.bodies = [body for body in self.bodies if body in found]

    def settle(self, tasks):
        """What no task gives can't be used; nobody awaits itself. A step that is dropped may have given a name."""
        while self.settle_once(tasks):
            pass

    def settle_once(self, tasks):
        spawned = set().union(*(body.targets("spawn") for body in tasks + self.bodies))
        given, own = {}, {}
        for root in tasks + [body for body in self.bodies if body.name in spawned]:
            reached = self.reach(root)
            gives = {step["as"] for body in reached for step in all_steps(body.steps) if "as" in step}
            for body in reached:
                given.setdefault(id(body), set()).update(gives)
                if root in tasks:
                    own.setdefault(id(body), set()).add(root.name)
        dropped = False
        for body in tasks + self.bodies:
            known = given.get(id(body), set())
            others = set(self.single) - own.get(id(body), set())
            for step in all_steps(body.steps):
                dropped = self.settle_step(step, known, others) or dropped
        return dropped

    def settle_step(self, step, known, others):
        good = True
        for verb in ("log", "note", "raise", "put", "open", "write", "send"):
            text = step.get(verb) if isinstance(step.get(verb), str) else ""
            good = good and set(re.findall(r"(?<!{){(\w+)}", text)) <= known | {"task", "i", "error"}
        for key in ("to", "from", "close", "fsync"):
            good = good and (step.get(key) in known | {None} or "." in step[key])
        for verb in ("gather", "wait"):
            if verb in step:
                step[verb] = [name for name in step[verb] if name in known | others]
                good = good and step[verb]
        if "await" in step:
            good = good and step["await"] in known | others
        if "cancel" in step:
            good = good and step["cancel"] in known | set(self.single)
        if not good:
            step.clear()
            step["log"] = "{task} %d" % self.label()
        return not good

    def recursive(self):
        """A coroutine that calls or spawns itself, as often as a semaphore has places."""
        place = {"depth": 1, "excepts": 0, "given": [], "targets": []}
        steps = [{"acquire": BUDGET}] + self.block(place)
        again = {self.pick(["call", "spawn"]): "again"}
        steps.append(self.pick([again, {"try": [again], "finally": self.log(place)}, {"group": [again]}, {"timeout": self.pick(TIMEOUTS[self.pace]), "steps": [again]}]))
        body = Body("again", steps + self.log(place))
        body.cost = 4 * self.cost(body.steps)
        return body

    def scenario(self):
        if self.chance(0.15):
            self.bodies.append(self.recursive())
        for name in self.random.sample(COROUTINES, self.random.randint(0, 5)):
            self.bodies.append(self.make_body(name, 6, COST_MAX["coroutine"]))
        tasks = [self.make_body(name, 9, COST_MAX["task"]) for name in self.task_names]
        counts = {name: self.random.randint(1, 3) if self.chance(0.15) else 1 for name in self.task_names}
        self.single = [name for name in self.task_names if counts[name] == 1]
        self.drop_unused(tasks)
        for _ in range(3):  # what is taken away may have given what others use
            self.settle(tasks)
        made = {"title": "%s {random}" % self.kind, "tasks": []}
        for body in tasks:
            made["tasks"].append({"name": body.name, "steps": body.steps})
            if counts[body.name] > 1:
                made["tasks"][-1]["count"] = counts[body.name]
        if self.chance(0.6) and self.shared["events"]:  # mostly nobody waits for ever
            made["tasks"][-1]["steps"] += [{"set_event": name} for name in self.shared["events"]]
        made["coroutines"] = {body.name: body.steps for body in self.bodies}
        for key in ("locks", "events", "channels"):
            made[key] = self.shared[key]
        made["semaphores"] = {name: self.random.randint(0, 2) for name in self.shared["semaphores"]}
        if any(body.name == "again" for body in self.bodies):
            made["semaphores"][BUDGET] = 3
        made["queues"] = {name: self.random.randint(0, 2) for name in self.shared["queues"]}
        return made


VERBS = {"log": Wild.log, "note": Wild.note, "ask": Wild.ask, "compute": Wild.compute, "compute again": Wild.compute, "sleep": Wild.sleep, "sleep again": Wild.sleep,
         "spawn": Wild.spawn, "spawn again": Wild.spawn, "call": Wild.call, "await": Wild.await_, "cancel": Wild.cancel,
         "raise": Wild.raise_, "try": Wild.try_, "try again": Wild.try_, "repeat": Wild.repeat, "with": Wild.with_,
         "acquire": Wild.acquire, "release": Wild.release, "event": Wild.event, "put": Wild.put, "get": Wild.get,
         "gather": Wild.gather, "wait": Wild.wait, "group": Wild.group, "group again": Wild.group, "timeout": Wild.timeout,
         "burst": Wild.burst, "late": Wild.late, "left": Wild.left, "channel": Wild.channel, "channel again": Wild.channel, "files": Wild.files, "thread": Wild.thread}


def scenario(seed, plain=False):
    """Of a plain one that sends or receives, the order is left to the system, as of a loose one."""
    made = Wild(seed).scenario()
    steps = [step for body in [*made["coroutines"].values(), *(task["steps"] for task in made["tasks"])] for step in all_steps(body)]
    if plain and made["title"].startswith("wild") and any(verb in step for step in steps for verb in ("send", "receive", "shut")):
        made["title"] = made["title"].replace("wild", "loose")
    return made
