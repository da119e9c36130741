"""Runs a twin as it is, and leaves the longest time, in milliseconds, that passed between two polls, or in a poll beyond
its timeout: for run.py.

usage: held.py TWIN FILE"""
import atexit
import runpy
import selectors
import sys
import time


class Selector(selectors.DefaultSelector):
    held_s, answered_s = 0.0, None

    def select(self, timeout=None):
        asked_s = time.monotonic()
        if self.answered_s is not None:
            Selector.held_s = max(Selector.held_s, asked_s - self.answered_s)
        events = super().select(timeout)
        self.answered_s = time.monotonic()
        if timeout is not None:
            Selector.held_s = max(Selector.held_s, self.answered_s - asked_s - max(timeout, 0))
        return events


def tell():
    with open(sys.argv[1], "w", encoding="ascii") as file:
        file.write(str(Selector.held_s * 1000))


selectors.DefaultSelector = Selector
sys.argv[0:1] = []
atexit.register(tell)
runpy.run_path(sys.argv[0], run_name="__main__")
