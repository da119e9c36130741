"""What CPython 3.12 does otherwise than 3.11 and 3.13, for twins that run under these; and the order in which a task group cancels
its tasks, which Python leaves to a set and Loopscope does not."""
import asyncio
import collections
import sys
from asyncio import taskgroups, timeouts


class InOrder(dict):
    """As much of a set as TaskGroup needs, in the order of adding."""

    def add(self, task):
        self[task] = None

    def discard(self, task):
        self.pop(task, None)


def order_groups():
    make = taskgroups.TaskGroup.__init__

    def make_ordered(self):
        make(self)
        self._tasks = InOrder()

    taskgroups.TaskGroup.__init__ = make_ordered


def gather_at_once():
    """Tasks that have ended already are counted on the spot, not in the next turn."""
    gather = asyncio.gather

    def gather_312(*tasks, **options):
        loop, callbacks = asyncio.get_running_loop(), []
        loop.call_soon = lambda callback, *args, context=None: callbacks.append((callback, args))
        try:
            outer = gather(*tasks, **options)
        finally:
            del loop.call_soon
        for callback, args in callbacks:
            callback(*args)
        return outer

    asyncio.gather = gather_312


def count_from_the_beginning():
    """A timeout compares the count of requests with what it was when its block began."""
    enter, states = timeouts.Timeout.__aenter__, timeouts._State

    async def enter_312(self):
        await enter(self)
        self._requests_before = self._task.cancelling()
        return self

    async def leave_312(self, kind, error, trace):
        if self._timeout_handler is not None:
            self._timeout_handler.cancel()
        expired = self._state is states.EXPIRING
        self._state = states.EXPIRED if expired else states.EXITED
        if expired and self._task.uncancel() <= self._requests_before and kind is asyncio.CancelledError:
            raise TimeoutError

    timeouts.Timeout.__aenter__, timeouts.Timeout.__aexit__ = enter_312, leave_312


class Parent:
    """The task of a group, as the group's end is to see it: what it asks for again has been asked for."""

    def __init__(self, task, requests):
        self.task, self.requests = task, requests

    def __getattr__(self, name):
        return getattr(self.task, name)

    def cancelling(self):
        return 0

    def uncancel(self):
        return self.requests


def end_groups_before_waiting():
    """A group takes its own request back when its block ends, not when its tasks have ended, and asks for none anew."""
    leave = taskgroups.TaskGroup.__aexit__

    async def leave_312(self, kind, error, trace):
        requests = self._parent_task.uncancel() if self._parent_cancel_requested else 1
        self._parent_task = Parent(self._parent_task, requests)
        return await leave(self, kind, error, trace)

    taskgroups.TaskGroup.__aexit__ = leave_312


async def acquire_312(self):
    """A place of a semaphore. Who gets one after a wait wakes one more where there are places left, and who is cancelled
    wakes nobody, unless a place was given to it already."""
    if not self.locked():
        self._value -= 1
        return True
    if self._waiters is None:
        self._waiters = collections.deque()
    place = self._get_loop().create_future()
    self._waiters.append(place)
    try:
        await place
    except asyncio.CancelledError:
        self._waiters.remove(place)
        if not place.cancelled():
            self.release()
        raise
    self._waiters.remove(place)
    if self._value > 0:
        self._wake_up_next()
    return True


order_groups()
if sys.version_info >= (3, 13):
    end_groups_before_waiting()
    asyncio.Semaphore.acquire = acquire_312
if sys.version_info < (3, 12):
    gather_at_once()
    count_from_the_beginning()
