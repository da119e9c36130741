"""Records what CPython's own event loop does with an asyncio program, as a Loopscope trace.

    python3 -m loopscope_trace program.py -o out.jsonl [ARGUMENT ...]
    python3 -m loopscope_trace -m package.module -o out.jsonl [ARGUMENT ...]
    loopscope replay out.jsonl

The program runs unchanged on asyncio's selector event loop. Its tasks, its ready queue, its timers,
what it asks of the selector and what it hands to threads are written as they happen, in the format
of docs/trace.md; the program's source is in the trace, so the window shows it beside the picture.
A program that starts several loops, one after another, leaves a file for each: out.jsonl,
out-2.jsonl ...

Standard library alone; Python 3.11 and later; the loop of the main thread. How it works: the loop is
asyncio's own class, with a selector that tells when it is asked and a ready queue that tells what is
put into it and taken out. What a task waits for is read from the coroutine that it is paused in.
"""
import argparse
import asyncio
import collections
import datetime
import functools
import json
import os
import runpy
import selectors
import sys
import threading
import time
import warnings
import weakref

BLOCKED_NS = 100_000_000  # asyncio's slow_callback_duration
ECANCELED = 125  # of the trace, whose numbers are Linux's
TEXT_MAX = 200  # of a callback's or a channel's name

# asyncio's own callbacks, by the names that a Loopscope run gives them.
CALLBACK_NAMES = {
    "_set_result_unless_cancelled": "sleep",
    "_release_waiter": "wait_for",
    "gather.<locals>._done_callback": "gather",
    "_wait.<locals>._on_completion": "wait",
    "Timeout._on_timeout": "timeout",
    "TaskGroup._on_task_done": "group",
    "_chain_future.<locals>._set_state": "thread",
    "BaseSelectorEventLoop._read_from_self": "wake-up",
    "BaseSelectorEventLoop._sock_recv": "receive",
    "BaseSelectorEventLoop._sock_sendall": "send",
}

# How C's and Python's Task call what makes one step; any other method of a task is just a callback.
STEP_NAMES = {"TaskStepMethWrapper", "task_wakeup", "__step", "__wakeup"}

# What a paused coroutine of the standard library waits for: the function, the word of the trace.
WAITS_IN = {
    "Lock.acquire": "lock",
    "Semaphore.acquire": "semaphore",
    "Event.wait": "event",
    "Condition.wait": "event",
    "Barrier._wait": "event",
    "Queue.get": "queue",
    "Queue.put": "queue",
    "Queue.join": "queue",
}
SOCKET_CALLS = {"sock_recv": "recv", "sock_recv_into": "recv", "sock_recvfrom": "recv",
                "sock_sendall": "send", "sock_sendto": "send"}


def handle_task(handle):
    """The task whose next step the handle is, or None for any other callback."""
    callback = handle._callback
    owner = getattr(callback, "__self__", None)
    if not isinstance(owner, asyncio.Task):
        return None
    name = getattr(callback, "__name__", type(callback).__name__)
    return owner if name in STEP_NAMES else None


def callback_name(callback):
    while isinstance(callback, functools.partial):
        callback = callback.func
    name = getattr(callback, "__qualname__", None) or type(callback).__name__
    return CALLBACK_NAMES.get(name, name)[:TEXT_MAX]


def function_name(function, args):
    """What a thread is asked to do: to_thread wraps it in partial(context.run, function, ...)."""
    while isinstance(function, functools.partial):
        inner = function.args[0] if function.args and callable(function.args[0]) else function.func
        function = inner
    return callback_name(function)


def paused_frames(task):
    """The frames of the coroutines that the task is paused in, the outermost first."""
    frames = []
    coroutine = task.get_coro()
    while coroutine is not None:
        for kind in ("cr", "gi", "ag"):
            frame = getattr(coroutine, kind + "_frame", None)
            if frame is not None:
                frames.append(frame)
                break
        coroutine = (getattr(coroutine, "cr_await", None) or getattr(coroutine, "gi_yieldfrom", None)
                     or getattr(coroutine, "ag_await", None))
    return frames


def socket_name(sock):
    try:
        here, there = sock.getsockname(), None
        try:
            there = sock.getpeername()
        except OSError:
            pass
    except OSError:
        return "socket"
    if not isinstance(here, tuple):
        return "socket %d" % sock.fileno()
    words = "%s:%s" % here[:2]
    if isinstance(there, tuple):
        words += " to %s:%s" % there[:2]
    return words[:TEXT_MAX]


class TaskRecord:
    """What is known of one task. state: ready, running, waiting or ended."""
    __slots__ = ("id", "state", "cancelled", "line", "wait", "output")

    def __init__(self, number):
        self.id = number
        self.state = "ready"
        self.cancelled = False  # asked for since it last had the thread
        self.line = 0
        self.wait = None  # ("op" or "timer", number), ("tasks", [ids]) or None: anything else
        self.output = ""


class Operation:
    """Something in flight: a watched socket, or a function on a thread."""
    __slots__ = ("id", "task", "call", "channel", "size", "since", "length")

    def __init__(self, number, task, call, channel, size=None, length=None):
        self.id = number
        self.task = task
        self.call = call
        self.channel = channel
        self.size = size
        self.length = length  # a function that tells how many bytes there are by now
        self.since = 0


class Recorder:
    """Writes the events of one loop, and keeps the books that they are made from."""

    def __init__(self, file, path, module_file, source):
        self.file = file
        self.module_file = module_file
        self.n = 0
        self.origin = None
        self.on = True
        self.polling = False
        self.answered = 0  # events of the last answer
        self.turn_left = 0
        self.iteration = 0
        self.current = None  # the task that has the thread
        self.serving = None  # the task that the running callback serves
        self.tasks = weakref.WeakKeyDictionary()
        self.task_count = 0
        self.unfinished = 0
        self.spawn_names = collections.Counter()
        self.pending_name = None
        self.handles = {}  # id(handle): number and task of a callback in the ready queue
        self.callback_count = 0
        self.timers = {}  # id(handle): number; while the loop holds it
        self.timer_count = 0
        self.timer_done = set()
        self.timer_of = weakref.WeakKeyDictionary()  # a sleep's future: number
        self.sleeper_of = weakref.WeakKeyDictionary()  # the same future: its task
        self.op_of = weakref.WeakKeyDictionary()  # a future: Operation, of a thread or a socket
        self.watched = {}  # (descriptor, event): [Operation]
        self.withdrawn = []
        self.op_count = 0
        self.open_ops = {}
        self.names = {}
        header = {"loopscope_trace": 1, "title": os.path.basename(path), "scenario": path,
                  "backend": "asyncio", "notifier": "kqueue" if hasattr(selectors, "KqueueSelector")
                  else "epoll", "recorder": "CPython %d.%d.%d asyncio" % sys.version_info[:3],
                  "language": "python", "held": False, "pid": os.getpid(),
                  "tid": threading.get_native_id(),
                  "started": datetime.datetime.now(datetime.timezone.utc)
                  .strftime("%Y-%m-%dT%H:%M:%SZ"), "source": source}
        self.watcher = header["notifier"]
        self.file.write(json.dumps(header, ensure_ascii=False) + "\n")

    # ---- writing ----

    def emit(self, event, fields=""):
        if self.on:
            now = 0 if self.origin is None else time.monotonic_ns() - self.origin
            self.file.write('{"n":%d,"t":%d,"ev":"%s"%s}\n' % (self.n, now, event, fields))
            self.n += 1

    def start(self):
        if self.origin is None:
            self.origin = time.monotonic_ns()
            self.emit("loop_start")

    def stop(self, reason):
        if self.on:
            self.emit("loop_stop", ',"reason":"%s"' % reason)
            self.on = False
            self.file.close()

    # ---- the selector ----

    def poll(self, timeout):
        wait = "null" if timeout is None else str(max(0, int(timeout * 1e9)))
        self.emit("poll", ',"timeout":' + wait)
        self.polling = True
        if timeout is None or timeout > 0:
            self.file.flush()

    def polled(self, events):
        self.polling = False
        self.answered = len(events)
        self.turn_left = 0
        self.emit("polled", ',"events":%d,"calls":1' % len(events))
        if not events:
            return
        for op in self.withdrawn:
            self.complete(op, -ECANCELED, "Operation canceled")
        self.withdrawn.clear()
        for key, mask in events:
            for event in (selectors.EVENT_READ, selectors.EVENT_WRITE):
                if mask & event:
                    for op in self.watched.pop((key.fd, event), ()):
                        self.complete(op, 0)
                        op.since = time.monotonic_ns()

    # ---- operations ----

    def submit(self, task, call, place, via, size=None, length=None):
        op = Operation(self.op_count, task, call, place, size, length)
        self.op_count += 1
        self.open_ops[op.id] = op
        key = "path" if call == "thread" else "channel"
        asked = "" if size is None else ',"bytes":%d' % size
        self.emit("io_submitted", ',"op":%d,"task":%d,"call":"%s","%s":%s%s,"offset":null,"via":"%s"' % (
            op.id, task.id, call, key, json.dumps(place), asked, via))
        return op

    def complete(self, op, result, error=None):
        if self.open_ops.pop(op.id, None) is not None:
            told = "" if error is None else ',"error":"%s"' % error
            self.emit("io_completed", ',"op":%d,"result":%d%s' % (op.id, result, told))

    def thread_ended(self, handle):
        """A handle from another thread: the end of a function that the executor ran?"""
        if callback_name(handle._callback) == "thread" and handle._args:
            op = self.op_of.get(handle._args[0])
            if op is not None and self.answered:
                self.complete(op, 0)

    def withdraw(self, record):
        """The task goes on although its socket was not ready: nobody watches it any more."""
        for key in list(self.watched):
            for op in self.watched[key]:
                if op.task is record:
                    self.withdrawn.append(op)
            self.watched[key] = [op for op in self.watched[key] if op.task is not record]
            if not self.watched[key]:
                del self.watched[key]

    def moved(self, op, size):
        """What the callback of a ready socket moved."""
        took = time.monotonic_ns() - op.since
        self.emit("io_blocking", ',"task":%d,"call":"%s","channel":%s,"bytes":%d,"offset":null,'
                  '"result":%d,"took":%d' % (op.task.id, op.call, json.dumps(op.channel),
                                             max(size, op.size or 0), size, took))

    # ---- the ready queue ----

    def queued(self, handle):
        task = handle_task(handle)
        if task is not None:
            self.task_queued(task)
            return
        number = self.timers.pop(id(handle), None)
        if number is not None:
            self.timer_done.add(number)
            self.emit("timer_fired", ',"timer":%d,"callback":%d' % (number, self.callback_count))
        serves = self.served_by(handle)
        self.handles[id(handle)] = (self.callback_count, serves)
        self.emit("callback_ready", ',"callback":%d,"what":%s,"task":%s' % (
            self.callback_count, json.dumps(callback_name(handle._callback)),
            "null" if serves is None else serves.id))
        self.callback_count += 1

    def served_by(self, handle):
        """The task on whose behalf a callback runs, where that is plain."""
        owner = getattr(handle._callback, "__self__", None)
        task = getattr(owner, "_task", None)  # a Timeout's
        if isinstance(task, asyncio.Task):
            return self.tasks.get(task)
        future = handle._args[0] if handle._args else None
        if isinstance(future, asyncio.Future) and not isinstance(future, asyncio.Task):
            op = self.op_of.get(future)
            return op.task if op is not None else self.sleeper_of.get(future)
        return None

    def task_queued(self, task):
        record = self.tasks.get(task)
        if record is None:
            record = self.task_created(task)
            why = "created"
        elif record is self.current:
            self.tell_line(record, paused_frames(task))
            why = "cancelled" if record.cancelled else "yielded"
        else:
            why = self.why_woken(task, record)
        record.state = "ready"
        self.emit("task_ready", ',"task":%d,"why":"%s"' % (record.id, why))

    def why_woken(self, task, record):
        waiter = task._fut_waiter
        cut = waiter is not None and waiter.cancelled()
        self.withdraw(record)
        if record.cancelled and cut:
            return "cancelled"
        if not self.is_over(record.wait):  # somebody else ended the wait: what it waited for was cancelled
            if not record.cancelled:
                self.cancel_requested(record, self.current or record)
            return "cancelled"
        op = record.wait[2] if record.wait is not None and len(record.wait) > 2 else None
        if op is not None and op.call != "thread" and self.serving is record and waiter is not None and not cut:
            result = None if waiter.exception() is not None else waiter.result()
            self.moved(op, len(result) if isinstance(result, (bytes, bytearray)) else op.size or 0)
        return "resumed"

    def is_over(self, wait):
        if wait is None:
            return True
        if wait[0] == "op":
            return wait[1] not in self.open_ops
        if wait[0] == "timer":
            return wait[1] in self.timer_done
        return any(record.state == "ended" for record in wait[1])

    def task_created(self, task):
        record = TaskRecord(self.task_count)
        self.task_count += 1
        self.unfinished += 1
        self.tasks[task] = record
        parent = "" if self.current is None else ',"parent":%d' % self.current.id
        if self.current is not None:
            line = self.line_of(running_frames(sys._getframe()))
            if line:
                parent += ',"at":"/%d"' % line
        self.emit("task_created", ',"task":%d,"name":%s%s' % (record.id, json.dumps(
            self.task_name(task)), parent))
        return record

    def task_name(self, task):
        """Its own name, where the program gave one, else its coroutine's, numbered as it comes."""
        if self.pending_name is not None:
            return str(self.pending_name)[:TEXT_MAX]
        if not task.get_name().startswith("Task-"):
            return task.get_name()[:TEXT_MAX]
        base = getattr(task.get_coro(), "__name__", "task")[:TEXT_MAX]
        self.spawn_names[base] += 1
        count = self.spawn_names[base]
        return base if count == 1 else "%s-%d" % (base, count)

    def taken(self, handle, waiting_behind):
        """A handle is taken from the queue, to be run."""
        if self.turn_left == 0:
            self.turn_left = waiting_behind + 1
            self.iteration += 1
            self.emit("iteration", ',"iteration":%d,"ready":%d' % (self.iteration, self.turn_left))
        self.turn_left -= 1
        if handle._cancelled:
            number, _ = self.handles.pop(id(handle), (None, None))
            if number is not None:
                self.emit("callback_run", ',"callback":%d,"cancelled":true' % number)

    # ---- running ----

    def run(self, handle):
        task = handle_task(handle)
        record = self.tasks.get(task) if task is not None else None
        began = time.monotonic_ns()
        try:
            if record is None:
                number, self.serving = self.handles.pop(id(handle))
                self.emit("callback_run", ',"callback":%d' % number)
                handle._run()
                self.serving = None
            else:
                self.step(task, record, handle)
        except BaseException as end:
            self.current = None
            self.stop("interrupted" if isinstance(end, KeyboardInterrupt) else "error")
            raise
        took = time.monotonic_ns() - began
        if took > BLOCKED_NS:
            self.emit("loop_blocked", ',"task":%s,"took":%d' % (
                "null" if record is None else record.id, took))

    def step(self, task, record, handle):
        record.state = "running"
        record.cancelled = False
        record.wait = None
        self.current = record
        self.emit("task_running", ',"task":%d' % record.id)
        if record.line == 0:
            self.tell_line(record, paused_frames(task))
        handle._run()
        if record.output:
            self.print_line(record, "")
        if task.done():
            self.ended(task, record)
        elif record.state == "running":
            frames = paused_frames(task)
            self.tell_line(record, frames)
            self.waits(task, record, task._fut_waiter, frames)
            record.state = "waiting"
        self.current = None

    def ended(self, task, record):
        self.unfinished -= 1
        record.state = "ended"
        if task.cancelled():
            self.emit("task_cancelled", ',"task":%d' % record.id)
            return
        error = task._exception  # exception() would count as somebody having looked at it
        if error is None:
            self.emit("task_finished", ',"task":%d' % record.id)
        else:
            text = type(error).__name__ + (": " + str(error) if str(error) else "")
            self.emit("task_failed", ',"task":%d,"error":%s' % (record.id, json.dumps(text)))

    def line_of(self, frames):
        """The innermost line of the program itself."""
        for frame in reversed(frames):
            if frame.f_code.co_filename == self.module_file:
                return frame.f_lineno
        return 0

    def tell_line(self, record, frames):
        line = self.line_of(frames)
        if line and line != record.line:
            record.line = line
            self.emit("step", ',"task":%d,"at":"/%d"' % (record.id, line))

    # ---- what a task waits for ----

    def waits(self, task, record, future, frames):
        on, target = self.waits_on_future(record, future, frames)
        self.emit("task_waiting", ',"task":%d,"on":"%s"%s' % (record.id, on, target))

    def waits_on_future(self, record, future, frames):
        if isinstance(future, asyncio.Task) and future in self.tasks:
            record.wait = ("tasks", [self.tasks[future]])
            return "task", ',"target":%d' % self.tasks[future].id
        if future in self.timer_of:
            number = self.timer_of[future]
            record.wait = ("timer", number)
            return "timer", ',"timer":%d' % number
        op = self.op_of.get(future)
        if op is not None:
            record.wait = ("op", op.id, op)
            return "thread" if op.call == "thread" else "channel", ',"op":%d' % op.id
        children = getattr(future, "_children", None)  # gather's
        return self.waits_on_tasks(record, children) or self.waits_in(record, future, frames)

    def waits_on_tasks(self, record, tasks):
        records = [self.tasks.get(task) for task in tasks or ()]
        if not records or None in records:
            return None
        record.wait = ("tasks", records)
        return "tasks", ',"target":[%s]' % ",".join(str(each.id) for each in records)

    def waits_in(self, record, future, frames):
        inner = frames[-1] if frames else None
        name = inner.f_code.co_qualname if inner is not None else ""
        local = inner.f_locals if inner is not None else {}
        if name in WAITS_IN:
            return WAITS_IN[name], ',"target":' + json.dumps(self.object_name(local["self"], frames))
        if name in ("TaskGroup.__aexit__", "TaskGroup._aexit"):
            waits = self.waits_on_tasks(record, local["self"]._tasks)
        else:
            waits = self.waits_on_tasks(record, local.get("fs")) if name == "_wait" else None
        short = name.rpartition(".")[2]
        if waits is None and short in SOCKET_CALLS:
            waits = self.waits_on_socket(record, future, short, local)
        if waits is None and "sock" in local:
            waits = "channel", ',"target":' + json.dumps(socket_name(local["sock"]))
        if waits is None:
            waits = self.waits_on_stream(record, name, local)
        return waits or ("event", ',"target":' + json.dumps((short or type(future).__name__)[:TEXT_MAX]))

    def waits_on_socket(self, record, future, short, local):
        call, sock = SOCKET_CALLS[short], local["sock"]
        if call == "recv":
            size = local.get("n", local.get("bufsize"))
        else:
            size = len(local["data"]) - (local.get("n") or 0)
        op = self.submit(record, call, socket_name(sock), self.watcher, size)
        event = selectors.EVENT_READ if call == "recv" else selectors.EVENT_WRITE
        self.watched.setdefault((sock.fileno(), event), []).append(op)
        self.op_of[future] = op
        record.wait = ("op", op.id, op)
        return "channel", ',"op":%d' % op.id

    def waits_on_stream(self, record, name, local):
        if name == "StreamReader._wait_for_data":
            call, transport = "recv", local["self"]._transport
        elif name.startswith("FlowControlMixin._drain_helper"):
            call, transport = "send", getattr(local["self"], "_transport", None)
        else:
            return None
        sock = transport.get_extra_info("socket") if transport is not None else None
        if sock is None:
            return "channel", ',"target":"pipe"'
        channel = socket_name(sock)
        event = selectors.EVENT_READ if call == "recv" else selectors.EVENT_WRITE
        if sock.fileno() >= 0:
            op = self.submit(record, call, channel, self.watcher)
            self.watched.setdefault((sock.fileno(), event), []).append(op)
        return "channel", ',"target":' + json.dumps(channel)

    def object_name(self, thing, frames):
        """The name under which the program knows a lock or a queue, found where it is awaited."""
        name = self.names.get(id(thing))
        if name is not None and name[0]() is thing:
            return name[1]
        text = "%s %d" % (type(thing).__name__, len(self.names) + 1)
        for frame in frames:
            places = [frame.f_locals, frame.f_globals]
            owner = frame.f_locals.get("self")
            if owner is not None and owner is not thing:
                places.append(getattr(owner, "__dict__", {}))
            found = [key for place in places for key, value in place.items()
                     if value is thing and key != "self"]
            if found:
                text = found[0]
                break
        self.names[id(thing)] = (weakref.ref(thing), text)
        return text

    # ---- cancelling, timers, output ----

    def cancel_requested(self, record, by):
        record.cancelled = True
        word = '"%s"' % by if isinstance(by, str) else str(by.id)
        self.emit("cancel_requested", ',"task":%d,"by":%s' % (record.id, word))

    def timer_set(self, handle):
        number = self.timer_count
        self.timer_count += 1
        self.timers[id(handle)] = number
        record = self.current
        if handle._args and callback_name(handle._callback) == "sleep":
            self.timer_of[handle._args[0]] = number
            if record is not None:
                self.sleeper_of[handle._args[0]] = record
        due = int(handle.when() * 1e9) - (self.origin or time.monotonic_ns())
        self.emit("timer_set", ',"timer":%d,"task":%s,"due":%d' % (
            number, "null" if record is None else record.id, max(0, due)))

    def timer_cancelled(self, handle):
        number = self.timers.pop(id(handle), None)
        if number is not None:
            self.timer_done.add(number)
            self.emit("timer_cancelled", ',"timer":%d' % number)

    def print_line(self, record, text):
        self.emit("output", ',"task":%d,"text":%s' % (record.id, json.dumps(
            record.output + text, ensure_ascii=False)))
        record.output = ""

    def printed(self, text):
        *lines, rest = text.split("\n")
        for line in lines:
            self.print_line(self.current, line)
        self.current.output += rest


def running_frames(frame):
    """The frames of the code that runs, the outermost first."""
    frames = []
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames[::-1]


class TracedRun:
    """Stands for a handle between its being taken from the queue and its end."""
    __slots__ = ("_handle", "_recorder")

    def __init__(self, handle, recorder):
        self._handle = handle
        self._recorder = recorder

    def _run(self):
        self._recorder.run(self._handle)

    def __getattr__(self, name):
        return getattr(self._handle, name)


class ReadyQueue(collections.deque):
    """The loop's ready queue. What other threads put in it is set aside until the selector has told
    of it, which is when the loop itself would have seen it at the earliest in a quiet moment."""

    def __init__(self, recorder):
        super().__init__()
        self.recorder = recorder
        self.thread = threading.get_ident()
        self.aside = collections.deque()

    def append(self, handle):
        recorder = self.recorder
        if not recorder.on:
            super().append(handle)
        elif threading.get_ident() != self.thread or recorder.polling:
            self.aside.append(handle)
        else:
            recorder.queued(handle)
            super().append(handle)

    def popleft(self):
        handle = super().popleft()
        recorder = self.recorder
        if not recorder.on:
            return handle
        recorder.taken(handle, len(self))
        return handle if handle._cancelled else TracedRun(handle, recorder)

    def take_aside(self):
        while self.aside:
            self.append(self.aside.popleft())


class TracedSelector:
    """A selector that tells when it is asked and what it answers."""

    def __init__(self, selector, recorder):
        self._selector = selector
        self._recorder = recorder

    def select(self, timeout=None):
        recorder = self._recorder
        if not recorder.on:
            return self._selector.select(timeout)
        recorder.poll(timeout)
        try:
            events = self._selector.select(timeout)
        except BaseException:
            recorder.polled([])
            raise
        recorder.polled(events)
        return events

    def __getattr__(self, name):
        return getattr(self._selector, name)


class TracedTask(asyncio.Task):
    """asyncio's Task, which tells when it is asked to end."""

    def cancel(self, msg=None):
        recorder = getattr(self.get_loop(), "recorder", None)
        record = None if recorder is None else recorder.tasks.get(self)
        if record is not None and not self.done():
            caller = sys._getframe(1)
            name = caller.f_code.co_qualname
            if name == "Timeout._on_timeout":
                by = "timeout"
            elif name == "TaskGroup._abort":
                by = "group"
            elif name == "TracedTask.cancel":  # the task that awaits this one passes it on
                by = recorder.tasks.get(caller.f_locals["self"], record)
            else:
                by = recorder.current or "runner"
            recorder.cancel_requested(record, by)
        return super().cancel(msg=msg)


class TracedLoop(asyncio.SelectorEventLoop):
    """asyncio's selector event loop over a queue and a selector that tell what they do."""

    def __init__(self, recorder):
        self.recorder = recorder
        super().__init__()
        self._ready = ReadyQueue(recorder)
        self._selector = TracedSelector(self._selector, recorder)
        self.set_task_factory(lambda loop, coro, **options: TracedTask(coro, loop=loop, **options))

    def create_task(self, coro, *, name=None, **options):
        caller = sys._getframe(1)
        if name is None and caller.f_code.co_qualname == "TaskGroup.create_task":
            self.recorder.pending_name = caller.f_locals.get("name")  # 3.11 gives it later
        else:
            self.recorder.pending_name = name
        try:
            return super().create_task(coro, name=name, **options)
        finally:
            self.recorder.pending_name = None

    def run_forever(self):
        self._ready.thread = threading.get_ident()
        self.recorder.start()
        super().run_forever()

    def _process_events(self, event_list):
        aside = self._ready.aside
        if self.recorder.on and self._ssock is not None and any(
                key.fd == self._ssock.fileno() for key, _ in event_list):
            for handle in list(aside):
                self.recorder.thread_ended(handle)
            super()._process_events(event_list)
            self._ready.take_aside()
        else:
            super()._process_events(event_list)

    def call_at(self, when, callback, *args, context=None):
        handle = super().call_at(when, callback, *args, context=context)
        self.recorder.timer_set(handle)
        return handle

    def _timer_handle_cancelled(self, handle):
        self.recorder.timer_cancelled(handle)
        super()._timer_handle_cancelled(handle)

    def run_in_executor(self, executor, func, *args):
        future = super().run_in_executor(executor, func, *args)
        recorder = self.recorder
        if recorder.current is not None and recorder.on:
            recorder.op_of[future] = recorder.submit(recorder.current, "thread",
                                                     function_name(func, args), "threads")
        return future

    def close(self):
        if not self.is_closed() and not self.is_running():
            self._close_recorder()
        super().close()

    def _close_recorder(self):
        recorder = self.recorder
        if recorder.on and recorder.withdrawn:  # one more look, so that what was withdrawn has its end
            self._write_to_self()
            self._selector.select(0)
        clean = not (recorder.unfinished or recorder.open_ops)
        recorder.stop("done" if clean else "interrupted")


class TracedOutput:
    """Standard output, which also tells what the running task prints."""

    def __init__(self, stream, policy):
        self._stream = stream
        self._policy = policy

    def write(self, text):
        loop = self._policy.latest
        recorder = None if loop is None else loop.recorder
        if (recorder is not None and recorder.on and recorder.current is not None
                and loop._ready.thread == threading.get_ident()):
            recorder.printed(text)
        return self._stream.write(text)

    def __getattr__(self, name):
        return getattr(self._stream, name)


with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    DefaultPolicy = asyncio.DefaultEventLoopPolicy


class TracingPolicy(DefaultPolicy):
    """Every loop that the main thread asks for is a traced one, each with a file of its own."""

    def __init__(self, output, path, source):
        super().__init__()
        self.output = output
        self.path = path
        self.source = source
        self.count = 0
        self.latest = None

    def new_event_loop(self):
        if threading.current_thread() is not threading.main_thread():
            return super().new_event_loop()
        self.count += 1
        base, ending = os.path.splitext(self.output)
        name = self.output if self.count == 1 else "%s-%d%s" % (base, self.count, ending)
        file = open(name, "w", encoding="utf-8", buffering=1 << 16)
        self.latest = TracedLoop(Recorder(file, self.path, os.path.abspath(self.path), self.source))
        return self.latest

    def finish(self):
        if self.latest is not None and not self.latest.is_closed():
            self.latest._close_recorder()


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="python3 -m loopscope_trace",
        description="Runs an asyncio program on CPython's own loop and records what the loop does.")
    parser.add_argument("-o", "--output", default="out.jsonl", help="the trace (out.jsonl)")
    parser.add_argument("-m", dest="module", metavar="MODULE", help="run a module, as python3 -m does")
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="program.py [ARGUMENT ...]")
    options = parser.parse_args(arguments)
    rest = options.rest
    if not options.module and not rest:
        parser.error("which program?")
    # The trace may also be named behind the program, before its own arguments.
    at = 0 if options.module else 1
    if len(rest) > at + 1 and rest[at] in ("-o", "--output"):
        options.output = rest[at + 1]
        del rest[at:at + 2]
    return options, rest


def main(arguments=None):
    if sys.version_info < (3, 11):
        sys.exit("loopscope_trace needs Python 3.11 or later")
    options, rest = parse(arguments)
    if options.module:
        import importlib.util
        spec = importlib.util.find_spec(options.module)
        if spec is None or spec.origin is None:
            sys.exit("loopscope_trace: no module named %s" % options.module)
        path, sys.argv = spec.origin, [spec.origin] + rest
    else:
        path, sys.argv = os.path.abspath(rest[0]), rest
        sys.path[0] = os.path.dirname(path)
    try:
        with open(path, encoding="utf-8") as file:
            source = file.read()
    except OSError as error:
        sys.exit("loopscope_trace: %s" % error)
    policy = TracingPolicy(options.output, path, source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        asyncio.set_event_loop_policy(policy)
    sys.stdout = TracedOutput(sys.stdout, policy)
    try:
        if options.module:
            runpy.run_module(options.module, run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(path, run_name="__main__")
    finally:
        sys.stdout = sys.stdout._stream
        policy.finish()


if __name__ == "__main__":
    main()
