"""Runs twins in this one process, for run.py: each in a namespace and a folder of its own, on virtual.py's clock.

Each line of standard input is a folder with a twin.py in it, and for how many speeds of the system, with a tab between.
Beside the twin are left python.out, python.ends (how each task ended, in the order in which they were made),
python.status and python/, the folder in which it ran; python-1 and so on are those of the other speeds."""
import asyncio
import gc
import io
import os
import sys
import time
import traceback

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, FOLDER)
import python312  # noqa: E402,F401
import virtual  # noqa: E402

KEPT = []  # what is stuck is never collected: its `finally` would run


def keep_tasks(loop, cancel=asyncio.runners._cancel_all_tasks):
    if loop.stuck:
        KEPT.extend(asyncio.all_tasks(loop))
    else:
        cancel(loop)


def run_twin(folder, policy, name):
    with open(os.path.join(folder, "twin.py"), encoding="utf-8") as file:
        code = compile(file.read(), "twin.py", "exec")
    place = os.path.join(folder, name)
    os.makedirs(place, exist_ok=True)
    os.chdir(place)
    printed, told = io.StringIO(newline=""), io.StringIO()
    kept = sys.stdout, sys.stderr, sys.getrecursionlimit(), time.perf_counter
    sys.stdout, sys.stderr = printed, told
    try:
        exec(code, {"__name__": "__main__"})
        status = 0
    except SystemExit as end:
        status = end.code
    except virtual.Deadlock:
        status = "deadlock"
    except BaseException:  # a twin may be wrong in any way
        traceback.print_exc()
        status = 99
    finally:
        sys.stdout, sys.stderr, limit, time.perf_counter = kept
        sys.setrecursionlimit(limit)
    ends = "".join(end.replace("\n", "\\n") + "\n" for end in policy.last.ends[1:])
    for what, text in (("out", printed.getvalue()), ("ends", ends), ("status", str(status)), ("err", told.getvalue())):
        with open(os.path.join(folder, name + "." + what), "wb") as file:
            file.write(text.encode("utf-8", "surrogatepass"))


def main():
    policy = virtual.Policy()
    asyncio.set_event_loop_policy(policy)
    asyncio.runners._cancel_all_tasks = keep_tasks
    gc.freeze()
    for line in sys.stdin:
        folder, speeds = line.split("\t")
        for speed in range(int(speeds)):
            policy.speed = speed
            run_twin(folder, policy, "python-%d" % speed if speed else "python")
    sys.stdout.flush()
    os._exit(0)  # without collecting what is stuck


main()
