"""Random scenarios whose order does not depend on how fast the system answers.

A scenario is of one of three kinds. In "turns" tasks pass control on with sleeps of 0 and do their file work on
the spot. In "timers" they also sleep for real, and no two of them wake at the same moment. In "files" the file work
is the system's, and each task awaits the one before it, so that only one has work in flight."""
import random

import wild

TASKS = ["a", "b", "c", "walker", "class", "print", "asyncio", "__name__", "main"]
COROUTINES = ["show", "work", "a", "child", "import", "open", "sleep", "walker", "_", "main", "deep"]
HANDLES = ["f", "g", "with", "file", "open_below", "range"]
VARIABLES = ["text", "seen", "lambda", "names_", "sys", "__doc__"]
CHILDREN = ["child", "show", "spawn", "is", "left", "gc"]
TEXTS = ["x", "{task}", "{i}", "{task} at {i}", "{{}} {{{i}}}", "quote \" and '", "back\\slash", "two\nlines", "", "tab\t",
         "\u20ac \U0001f600", "\ufeffbom\u2028end", "{task}{task}", "#", "\r", "\x7f\x01", "f\"{{i}}\"", "%s {{0}}"]
STEP_COST_MAX = 300
TICK_MS = 10  # between two moments at which tasks wake: far more than all steps between them take


def coroutines_in(steps):
    """The names of coroutines that these steps call or spawn."""
    found = []
    for step in steps:
        found += [step[verb] for verb in ("call", "spawn") if verb in step] + coroutines_in(step.get("steps", []))
    return list(dict.fromkeys(found))


class Body:
    """A coroutine: its steps, and what a caller must know of it."""

    def __init__(self, name):
        self.name, self.steps, self.needs, self.leaves = name, [], {}, {}
        self.fails, self.cost, self.spawned_only = False, 0, False


class State:
    """The names of a task while its steps are made: a handle's is its mode, or None once it is closed."""

    def __init__(self, names=None):
        self.names = dict(names or {})
        self.needs = {}    # what was used before it was given here
        self.own = set()   # what was given here
        self.dead = False  # an error ends everything behind
        self.keep = set()  # handles that a repeat around must not close
        self.cost = 0

    def use(self, name):
        if name not in self.own:
            self.needs.setdefault(name, self.names[name])

    def give(self, name, value):
        self.own.add(name)
        self.names[name] = value


class Maker:
    def __init__(self, seed, plain_names):
        self.random, self.plain_names = random.Random(seed), plain_names
        self.kind = self.random.choices(["turns", "timers", "files"], [5, 2, 3])[0]
        self.coroutines, self.tasks, self.moments, self.now = [], [], set(), 0
        self.task_names = self.random.sample(TASKS, self.random.randint(1, 5))
        self.in_thread = False
        self.ends = {}  # of tasks that can be awaited: when, and whether they fail

    def pick(self, of):
        return self.random.choice(of)

    def chance(self, share):
        return self.random.random() < share

    def local(self, pool):
        """A name that hides no task."""
        return self.pick([name for name in pool if name not in self.task_names])

    def text(self, state):
        known = [name for name, value in state.names.items() if value == "text"]
        parts = [self.pick(TEXTS) for _ in range(self.random.randint(1, 2))]
        if known and self.chance(0.6):
            name = self.pick(known)
            state.use(name)
            parts.append("{%s}" % name)
        return " ".join(parts)

    def handles(self, state, modes):
        return [name for name, value in state.names.items() if value in tuple(modes)]

    # ---- steps: each returns a list, empty where it can't be said now ----

    def step_log(self, state, _):
        return [{"log": self.text(state)}]

    def step_note(self, state, _):
        return [{"note": self.text(state)}]

    def step_ask(self, state, _):
        choices = [self.pick(["a", "b", "{{", "# c"]) for _ in range(self.pick([2, 3, 4]))]
        return [{"ask": "What now?", "choices": choices, "answer": len(choices) - 1, "because": "it is so"}]

    def step_compute(self, state, _):
        return [{"compute": self.pick(["10us", "100us", 0, 0.00005])}]

    def step_sleep(self, state, depth):
        if self.kind == "timers" and depth == 0:
            later = [moment for moment in range(self.now + 1, self.now + 6) if moment not in self.moments]
            if later and self.chance(0.7):
                moment = self.pick(later)
                self.moments.add(moment)
                wait, self.now = (moment - self.now) * TICK_MS, moment
                return [{"sleep": "%dms" % wait}]
        return [{"sleep": 0 if self.kind != "files" or self.chance(0.7) else "1ms"}]

    def io(self, step):
        if not self.in_thread and (self.kind != "files" or self.chance(0.3)):
            step["blocking"] = True
        return step

    def step_thread(self, state, depth):
        """Nobody else is at work meanwhile. What it leaves open is the task's."""
        if self.kind != "files" or self.in_thread:
            return []
        steps = []
        self.in_thread = True
        self.fill(state, steps, depth + 1, 6)
        self.in_thread = False
        return [{"thread": steps}]

    def step_open(self, state, _):
        name, mode = self.local(HANDLES), self.pick("wwwa")
        if state.names.get(name) is not None:
            return []
        path = self.pick(["{task}.txt", "{task}-{i}.txt", "out/{task}/{i}.txt", "shared.txt", "deep/er/shared.txt", "a b'\"\u00e9.txt"])
        if self.plain_names:
            path = path.replace('"', "")
        known = self.handles(state, ("text",))
        if known and self.kind != "timers" and self.chance(0.4) and not self.plain_names:  # such a path may be refused
            variable = self.pick(known)
            state.use(variable)
            path = self.pick(["v-{%s}.txt", "{%s}", "v/{%s}-{task}", "{%s}/../../../x"]) % variable
        state.give(name, mode)
        step = {"open": path, "as": name}
        if mode == "a" or self.chance(0.2):
            step["mode"] = mode
        steps = [self.io(step)]
        if self.chance(0.3):  # written, closed, and read back
            steps += [self.io({"write": self.text(state), "to": name}), self.io({"close": name}),
                      self.io({"open": path, "as": name, "mode": "r"})]
            state.give(name, "r")
        return steps

    def step_missing(self, state, _):
        if not self.chance(0.1):
            return []
        state.dead = True
        name = self.local(HANDLES)
        if self.chance(0.5):
            return [self.io({"open": "missing/{task}.txt", "as": name, "mode": "r"}), {"log": "never"}]
        return [{"log": "{late}"}, self.io({"open": "never.txt", "as": name}),
                self.io({"read": 1, "from": name, "as": "late"})]

    def step_write(self, state, _):
        handles = self.handles(state, "wa")
        if not handles:
            return []
        name = self.pick(handles)
        state.use(name)
        what = {"bytes": self.pick([0, 1, 100, "4KiB", "64KiB", "1MiB"])} if self.chance(0.2) else self.text(state)
        return [self.io({"write": what, "to": name})]

    def step_read(self, state, _):
        handles = self.handles(state, "r")
        if not handles:
            return []
        name, into = self.pick(handles), self.local(VARIABLES)
        state.use(name)
        step = {"read": self.pick([1, 2, 7, 100, "1KiB"]), "from": name}
        if self.chance(0.8):
            step["as"] = into
            state.give(into, "text")
        return [self.io(step)]

    def step_fsync(self, state, _):
        handles = self.handles(state, "wa")
        if not handles or self.kind == "timers" or not self.chance(0.3):  # it may take longer than a tick
            return []
        name = self.pick(handles)
        state.use(name)
        return [self.io({"fsync": name})]

    def step_close(self, state, _):
        handles = [name for name in self.handles(state, "war") if name not in state.keep]
        if not handles:
            return []
        name = self.pick(handles)
        state.use(name)
        state.names[name] = None
        state.own.add(name)
        return [self.io({"close": name})]

    def coroutine(self, state, depth):
        """A new body, made as if it were called here."""
        taken = {body.name for body in self.coroutines}
        free = [name for name in COROUTINES if name not in taken]
        if not free or depth > 2:
            return None
        body = Body(self.pick(free))
        self.coroutines.append(body)
        inner = State(state.names if state is not None else None)
        inner.keep = {name for name, value in inner.names.items() if value is not None}
        self.fill(inner, body.steps, depth + 1, 6)
        body.needs, body.fails, body.cost = inner.needs, inner.dead, inner.cost
        body.leaves = {name: inner.names[name] for name in inner.own}
        return body

    def fits(self, state, body):
        """Whether it may be called here: what it needs is there, and nothing that it gives is in the way."""
        return all(state.names.get(name, 0) == value for name, value in body.needs.items()) and \
            not any(state.names.get(name) is not None and state.names.get(name) != "text" for name in body.leaves)

    def body_for(self, state, depth):
        ready = [body for body in self.coroutines if body.cost and self.fits(state, body)]
        if ready and self.chance(0.5):
            return self.pick(ready)
        return self.coroutine(state, depth)

    def step_call(self, state, depth):
        body = self.body_for(state, depth)
        if body is None or state.cost + body.cost > STEP_COST_MAX:
            return []
        for name, value in body.needs.items():
            state.use(name)
        for name, value in body.leaves.items():
            state.give(name, value)
        state.cost += body.cost
        state.dead = body.fails
        return [{"call": body.name}]

    def step_spawn(self, state, depth):
        body = self.body_for(State(), depth)
        if body is None or state.cost + body.cost > STEP_COST_MAX:
            return []
        step, name = {"spawn": body.name}, self.local(CHILDREN)
        state.cost += body.cost
        if self.chance(0.8) or self.kind == "files":
            step["as"] = name
            state.give(name, ("fails" if body.fails else "task"))
        if self.kind == "files":  # nobody else may be at work meanwhile
            state.dead = body.fails
            return [step, {"await": name}]
        return [step]

    def step_await(self, state, depth):
        children = self.handles(state, ("task", "fails"))
        if children and self.chance(0.7):
            name = self.pick(children)
            state.use(name)
            state.dead = state.names[name] == "fails"
            return [{"await": name}]
        if depth == 0 and self.ends and self.kind != "files":
            name = self.pick(sorted(self.ends))
            moment, fails = self.ends[name]
            self.now = max(self.now, moment)
            state.dead = fails
            return [{"await": name}]
        return []

    def step_repeat(self, state, depth):
        count = self.pick([0, 1, 2, 2, 3, 5])
        inner = State(state.names)
        inner.keep = {name for name, value in inner.names.items() if value is not None}
        steps = []
        self.fill(inner, steps, depth + 1, 4)
        for name, value in inner.needs.items():
            state.use(name)
        if count:
            for name in inner.own:
                state.give(name, inner.names[name])
            # The next round must find what the first one found.
            opened = [name for name in inner.own if inner.names[name] in ("w", "a", "r") and not inner.dead]
            for name in opened:
                steps.append(self.io({"close": name}))
                state.give(name, None)
            state.dead = inner.dead
        state.cost += inner.cost * count
        return [{"repeat": count, "steps": steps}]

    def fill(self, state, steps, depth, most):
        verbs = [self.step_log] * 5 + [self.step_sleep] * 4 + [self.step_open] * 2 + [self.step_write] * 3 + \
            [self.step_read] * 2 + [self.step_close, self.step_fsync, self.step_note, self.step_ask, self.step_compute] + \
            [self.step_missing, self.step_thread] + [self.step_call] * 2 + [self.step_spawn] * 3 + [self.step_await] * 3
        if self.in_thread:
            verbs = [self.step_log] * 4 + [self.step_open] * 3 + [self.step_write] * 3 + [self.step_read] * 2 + \
                [self.step_close, self.step_fsync, self.step_compute, self.step_missing]
        if depth < 3:
            verbs += [self.step_repeat] * 2
        for _ in range(self.random.randint(0, most)):
            if state.dead or state.cost > STEP_COST_MAX:
                break
            found = self.pick(verbs)(state, depth)
            steps += found
            state.cost += len(found)
        state.cost += 1

    def recursion(self):
        """A coroutine that calls itself until there is an error."""
        return {"title": "deep", "tasks": [{"name": "a", "steps": [{"log": "a"}, {"call": "deep"}, {"log": "never"}]},
                                           {"name": "b", "steps": [{"await": "a"}]}],
                "coroutines": {"deep": [{"log": "{task}"}, {"call": self.pick(["deep", "deeper"])}],
                               "deeper": [{"repeat": 2, "steps": [{"log": "{i}"}, {"call": "deep"}]}]}}

    def crowd(self):
        """More timers than a small heap holds: many tasks sleep and time out, also at the same moments."""
        naps = ["1ms", "2ms", "3ms", "4ms", "5ms", "20ms", "21ms", "0.5s", "1s"]
        tasks = []
        for name in self.task_names:
            steps = [{"sleep": self.pick([0] + naps)}, {"log": "{task}"}]
            if self.chance(0.6):
                steps = [{"try": [{"timeout": self.pick(naps), "steps": steps}], "except": [{"log": "{task} is late"}]}]
            tasks.append({"name": name, "count": self.pick([300, 700, 1100]), "steps": steps + [{"sleep": self.pick(naps)}]})
        return {"title": "timed crowd", "tasks": tasks}

    def scenario(self):
        if self.chance(0.003):
            return self.recursion()
        if self.chance(0.004):
            return self.crowd()
        before = None
        for name in self.task_names:
            self.now, state, steps = 0, State(), []
            if self.kind == "files" and before is not None:
                steps.append({"await": before})
            self.fill(state, steps, 0, 13)
            task = {"name": name, "steps": steps}
            if self.kind == "turns" and self.chance(0.25):
                task["count"] = self.random.randint(1, 4)
            if task.get("count", 1) == 1:
                self.ends[name] = (self.now, state.dead)
            self.tasks.append(task)
            before = name
        made = {"title": "%s \"{random}\" \\ \u20ac" % self.kind, "tasks": self.tasks}
        bodies = {body.name: body.steps for body in self.coroutines}
        used = [name for task in self.tasks for name in coroutines_in(task["steps"])]
        for name in used:  # grows meanwhile
            used += [inner for inner in coroutines_in(bodies[name]) if inner not in used]
        if used:  # what nothing calls could not be checked
            made["coroutines"] = {name: steps for name, steps in bodies.items() if name in used}
        return made


def scenario(seed, plain=False):
    """In a plain one no name is such that another system refuses it, and when a socket is ready is the system's."""
    return Maker(seed, plain).scenario() if seed % 3 == 0 else wild.scenario(seed, plain)
