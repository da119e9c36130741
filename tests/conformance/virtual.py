"""CPython's own event loop on a clock and a system that are made up, so that its order is the same each time, and a
sleep takes no time. A function in a thread does its work at once; its end, and what it printed, is told at the next
poll, or later where it computes or the system is slow. The loop, its futures, tasks and locks are asyncio's. Where nothing can ever happen any more, `stuck` is
set and Deadlock raised: asyncio itself would hang."""
import asyncio
import concurrent.futures
import errno
import io
import math
import os
import random
import selectors
import socket
import sys
import threading
import time

POLL_NS = 400         # as on the simulated system
LOOK_NS = 1000        # between two looks at the clock by who computes
ASK_S = 1e-15         # a timer that is set later is later
SLOWEST_NS = (0, 1500, 6000, 100000)  # the system, at each speed
NOTHING = 1 << 62


class Deadlock(BaseException):
    pass


class Clock:
    """Nanoseconds, for the loop and for each thread; time.perf_counter() asks it."""

    def __init__(self):
        self.now_ns, self.asked, self.looks = 0, 0, 0
        self.thread_ns = threading.local()

    def computed(self):
        place = self.thread_ns if hasattr(self.thread_ns, "now_ns") else self
        place.now_ns += LOOK_NS
        self.looks += 1  # never a look more than it takes, however sums are rounded
        return (place.now_ns + self.looks * 1e-6) * 1e-9

    def time(self):
        self.asked += 1
        return self.now_ns * 1e-9 + self.asked * ASK_S


class Selector:
    """The system's selector, and what threads have done."""

    def __init__(self, loop):
        self.real, self.loop = selectors.DefaultSelector(), loop
        self.finished = []  # (when, number, callback)

    def __getattr__(self, name):
        return getattr(self.real, name)

    def select(self, timeout=None):
        clock, begin_ns = self.loop.clock, self.loop.clock.now_ns
        clock.now_ns += POLL_NS
        events = self.real.select(0)
        due_ns = min((entry[0] for entry in self.finished), default=NOTHING)
        until_ns = NOTHING if timeout is None else begin_ns + math.ceil(timeout * 1e3) * 1000000
        if timeout != 0 and not events:
            if min(until_ns, due_ns) == NOTHING:
                self.loop.stuck = True
                raise Deadlock
            clock.now_ns = max(clock.now_ns, min(until_ns, due_ns))
        for entry in sorted(entry for entry in self.finished if entry[0] <= clock.now_ns):
            self.finished.remove(entry)
            self.loop.call_soon(entry[2])
        return events


class End(socket.socket):
    """An end of a channel. Python closes an end twice, or forgets who waits on it; Loopscope says that it is misused."""

    def close(self):
        loop = asyncio._get_running_loop()
        waiting = loop.selector.real.get_map().get(self.fileno()) if loop is not None and self.fileno() >= 0 else None
        busy = waiting is not None and any(handle and not handle._args[0].done() for handle in waiting.data)
        if loop is not None and (self.fileno() < 0 or busy):
            number = errno.EBADF if self.fileno() < 0 else errno.EBUSY
            raise OSError(number, os.strerror(number))
        super().close()


def pair(make=socket.socketpair):
    return tuple(End(fileno=end.detach()) for end in make())


class Loop(asyncio.SelectorEventLoop):
    def __init__(self, speed):
        self.random, self.slowest_ns = random.Random(speed), SLOWEST_NS[speed]
        self.clock, self.stuck, self.closing, self.jobs, self.ends = Clock(), False, False, 0, []
        self.selector = Selector(self)
        self.worker = concurrent.futures.ThreadPoolExecutor(1)
        super().__init__(self.selector)
        self.set_task_factory(Loop.make_task)
        time.perf_counter = self.clock.computed

    def time(self):
        return self.clock.time()

    def make_task(self, coroutine, **options):
        """A task whose end is kept; the first one is main()."""
        task = asyncio.Task(coroutine, loop=self, **options)
        if self.closing:
            return task
        number = len(self.ends)
        self.ends.append("pending")

        def ended(done):
            error = None if done.cancelled() else done._exception  # asking exception() would count as having seen it
            self.ends[number] = "cancelled" if done.cancelled() else "finished" if error is None else "failed %s" % error
        task.add_done_callback(ended)
        return task

    def run_in_executor(self, executor, function, *arguments):
        future, clock = self.create_future(), self.clock

        def work():
            clock.thread_ns.now_ns, sys.stdout = clock.now_ns, printed
            try:
                return function(*arguments), None, clock.thread_ns.now_ns
            except BaseException as error:  # it is the caller's
                return None, error, clock.thread_ns.now_ns
        printed, stdout = io.StringIO(newline=""), sys.stdout
        result, error, due_ns = self.worker.submit(work).result()
        sys.stdout = stdout

        def tell():
            stdout.write(printed.getvalue())
            if future.cancelled():
                return
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
        self.jobs += 1
        due_ns += self.random.randint(0, self.slowest_ns)
        self.selector.finished.append((due_ns, self.jobs, tell))
        return future

    def shutdown_asyncgens(self):
        self.closing = True
        return super().shutdown_asyncgens()

    async def shutdown_default_executor(self, timeout=None):
        """What a thread that was left still prints is seen: asyncio.run waits for it, too."""
        for entry in sorted(self.selector.finished):
            entry[2]()
        self.worker.shutdown()


socket.socketpair = pair


class Policy(asyncio.DefaultEventLoopPolicy):
    """Makes such loops for a system of some speed, and remembers the last one."""
    speed = 0

    def new_event_loop(self):
        self.last = Loop(self.speed)
        return self.last
