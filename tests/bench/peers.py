"""The loop beside its peers: the same work, in the same run, in turns.

Each peer is a small program of our own in tests/bench/peers; one that can't be had here is named as missing.
CPU times and memory are taken from outside, by wait4: a run of the size in question less a smaller run.
Everything is a median; rounds of all programs take turns, so that a slow moment of the
machine is everybody's; every second round goes backwards, so that nobody always comes after the
same one. So is memory: a virtual machine's is found by its host when it is first touched, many
times slower than later, so each program finds some that has just been in use, of small pages and of big ones."""
import mmap
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's, which python3-uvloop belongs to
MISSING = "missing"
WARM_BYTES = 64 << 20
WARM_BIG_BYTES = 64 << 20


def warm_memory():
    child = os.fork()  # whose peak is not that of the programs to come
    if child == 0:
        memory = mmap.mmap(-1, WARM_BYTES, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        big = mmap.mmap(-1, WARM_BIG_BYTES, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        if hasattr(mmap, "MADV_HUGEPAGE"):
            big.madvise(mmap.MADV_HUGEPAGE)
        for touched in (memory, big):
            for at in range(0, len(touched), mmap.PAGESIZE):
                touched[at] = 1
        os._exit(0)
    os.waitpid(child, 0)


class Program:
    def __init__(self, name, command, why_missing=""):
        self.name, self.command, self.why_missing = name, command, why_missing

    def run(self, *arguments):
        """(what it printed, its CPU seconds, its peak memory in bytes)"""
        warm_memory()
        child = subprocess.Popen(self.command + [str(argument) for argument in arguments],
                                 stdout=subprocess.PIPE, text=True)
        printed = child.stdout.read()
        child.stdout.close()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode == 0, "%s %s ended with %d" % (self.name, arguments, child.returncode)
        return printed.strip(), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def compiled(name, source, folder, libraries=()):
    target = os.path.join(folder, name)
    command = ["cc", "-std=c11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-o", target,
               os.path.join(HERE, source), *libraries]
    done = subprocess.run(command, capture_output=True, text=True)
    why = "its library is not installed" if "No such file" in done.stderr else done.stderr
    return Program(name, [target], "" if done.returncode == 0 else why)


def go_program(folder):
    if shutil.which("go") is None:
        return Program("Go", [], "go is not installed")
    target = os.path.join(folder, "go")
    with tempfile.TemporaryDirectory() as cache:
        done = subprocess.run(["go", "build", "-o", target, os.path.join(HERE, "loop.go")], text=True,
                              capture_output=True, env=dict(os.environ, GOCACHE=cache, GO111MODULE="off"))
    return Program("Go", [target], "" if done.returncode == 0 else done.stderr)


def python_program(name, module):
    command = [SYSTEM_PYTHON, os.path.join(HERE, "loop.py"), module]
    try:
        found = subprocess.run([SYSTEM_PYTHON, "-c", "import " + module], capture_output=True).returncode == 0
    except OSError:
        found = False
    return Program(name, command, "" if found else "%s has no %s" % (SYSTEM_PYTHON, module))


def all_programs(bench, folder):
    node = shutil.which("node") or shutil.which("nodejs")
    programs = [
        Program("loopscope", [bench]),
        compiled("C ring", "ring.c", folder),
        compiled("pwrite", "pwrite.c", folder),
        compiled("liburing", "uring.c", folder, ["-luring"]),
        compiled("liburing-plain", "uring.c", folder, ["-DPLAIN", "-luring"]),
        compiled("libuv", "libuv.c", folder, ["-luv"]),
        compiled("libev", "libev.c", folder, ["-lev"]),
        go_program(folder),
        Program("Node", [node, os.path.join(HERE, "loop.js")], "" if node else "node is not installed"),
        python_program("asyncio", "asyncio"),
        python_program("uvloop", "uvloop"),
        Program("fio", ["fio"], "" if shutil.which("fio") else "fio is not installed"),
    ]
    for program in programs:
        if program.why_missing:
            print("  missing: %s (%s)" % (program.name, program.why_missing.strip()), flush=True)
    return {program.name: program for program in programs if not program.why_missing}


# ---- one row: what, each program's figure, the goals ----

class Goal:
    """`factor` times the peer's figure; a missing peer is said."""

    def __init__(self, peer, factor=1.0):
        self.peer, self.factor = peer, factor

    def verdict(self, figures, more_is_better):
        words = "%s%s" % ("" if self.factor == 1 else "%g of " % self.factor, self.peer)
        if self.peer not in figures:
            return "%s: %s" % (words, MISSING)
        times = figures.times(self.peer) if more_is_better else 1 / figures.times(self.peer)
        good = times >= self.factor
        return "%s: %s (%.2f times as good)" % (words, "reached" if good else "MISSED", times)


def show(what, unit, figures, goals=(), most=None, more_is_better=False):
    """All figures of a row; returns what the table at the end says of it."""
    ours = figures["loopscope"]
    print("%s, %s" % (what, unit))
    for name, figure in figures.items():
        ratio = "" if name == "loopscope" else "   %.2f times loopscope's" % (figure / ours)
        print("    %-14s %12s%s" % (name, "%.2f" % figure if figure < 10 else "%.0f" % figure, ratio))
    verdicts = [goal.verdict(figures, more_is_better) for goal in goals]
    if most is not None:
        verdicts.insert(0, "at most %g: %s" % (most, "reached" if ours <= most else "MISSED"))
    if verdicts:
        print("    goal: " + "; ".join(verdicts), flush=True)
    return "%s, %s" % (what, unit), ours, verdicts


def table(rows):
    print("every goal of the loop")
    for what, ours, verdicts in rows:
        print("  %-78s %10s" % (what, "%.2f" % ours if ours < 10 else "%.0f" % ours))
        for verdict in verdicts:
            print("      " + verdict, flush=True)


class Figures(dict):
    """Each program's median, by its name, and what each round gave."""

    def __init__(self, taken):
        super().__init__({name: statistics.median(values) for name, values in taken.items()})
        self.taken = taken

    def times(self, peer):
        """loopscope's figure divided by the peer's, the median of the rounds: what else the machine did in a
        round, it did to both."""
        return statistics.median(ours / theirs for ours, theirs in zip(self.taken["loopscope"], self.taken[peer]))


def medians(programs, names, rounds, measure):
    taken = {name: [] for name in names if name in programs}
    for at in range(rounds):
        for name in list(taken)[::-1 if at % 2 else 1]:
            taken[name].append(measure(programs[name]))
    return Figures(taken)


# ---- the rows ----

def resumes(programs, tasks, yields, rounds):
    def printed(work):
        return lambda program: float(program.run(work, tasks, yields)[0])

    names = ["loopscope", "C ring", "Go", "Node", "uvloop", "asyncio"]
    what = "%d tasks give up control %d times" % (tasks, yields)
    figures = medians(programs, names, rounds, printed("resume"))
    bare = show(what + ", nothing recorded", "ns of CPU time a resume", figures, most=20)
    recorded = medians(programs, ["loopscope"], rounds, printed("recorded"))
    figures = Figures({**figures.taken, **recorded.taken})
    return [bare, show(what + ", every event recorded", "ns of CPU time a resume", figures, [Goal("Go")])]


def live_tasks(programs, tasks):
    fewer = tasks // 4  # and not 1: a child's peak counts from that of this process

    def bytes_each(program):
        return (program.run("live", tasks)[2] - program.run("live", fewer)[2]) / (tasks - fewer)

    names = ["loopscope", "Node", "asyncio", "uvloop", "Go"]
    return [show("%d tasks asleep at once" % tasks, "bytes of peak memory a task",
                 medians(programs, names, 1, bytes_each), most=128)]


def timers(programs, count, rounds):
    def cpu_s(program):
        return program.run("timers", count)[1] - program.run("timers", 1000)[1]

    figures = medians(programs, ["loopscope", "libev", "libuv", "Go", "Node"], rounds, cpu_s)
    figures = Figures({**figures.taken, **medians(programs, ["asyncio", "uvloop"], 1, cpu_s).taken})
    return [show("%d timers of 1 to 1,000 ms, set and fired" % count, "s of CPU time", figures, [Goal("libev")])]


def fio_writes(folder, tasks, blocks, size, every):
    done = subprocess.run(
        ["fio", "--name=w", "--directory=" + folder, "--ioengine=io_uring", "--iodepth=%d" % tasks,
         "--rw=write", "--nrfiles=%d" % tasks, "--file_service_type=roundrobin", "--bs=%d" % size,
         "--filesize=%d" % (blocks * size), "--size=%d" % (tasks * blocks * size), "--fsync=%d" % every,
         "--fallocate=none", "--terse-version=3", "--minimal"], capture_output=True, text=True, check=True)
    return float(done.stdout.split(";")[48])  # fio's terse version 3: write IOPS


def file_writes(programs, root, tasks, blocks, rounds):
    names = ["loopscope", "liburing", "liburing-plain", "pwrite", "libuv", "Node", "asyncio", "fio"]
    rows = []
    for size, every in ((4096, 0), (4096, 10), (65536, 0), (65536, 10)):
        def writes_a_s(program):
            with tempfile.TemporaryDirectory(dir=root) as folder:
                if program.name == "fio":
                    return fio_writes(folder, tasks, blocks, size, every)
                return float(program.run("files", folder, tasks, blocks, size, every)[0])

        goals = [Goal("liburing", 0.9), Goal("liburing-plain", 0.9), Goal("Node"), Goal("asyncio")]
        goals += [Goal("libuv")] if every else []
        rows.append(show("%d tasks write %d blocks of %d KiB%s" %
                         (tasks, blocks, size // 1024, ", fsync after every tenth" if every else ""), "writes a second",
                         medians(programs, names, rounds, writes_a_s), goals, more_is_better=True))
    return rows


def pingpong(programs, count, rounds):
    figures = medians(programs, ["loopscope", "libuv", "asyncio", "uvloop"], rounds,
                      lambda program: float(program.run("pingpong", count)[0]))
    return [show("ping-pong between two tasks over a channel", "round trips a second", figures,
                 [Goal("libuv"), Goal("asyncio")], more_is_better=True)]


def measure(bench, build, is_small):
    """All rows; small: each program once with little work, to see that it runs."""
    folder = os.path.join(build, "peers")
    os.makedirs(folder, exist_ok=True)
    print("beside its peers")
    programs = all_programs(bench, folder)
    if is_small:
        programs = {name: programs[name] for name in programs if name not in ("fio", "Go", "Node")}
        for name in [name for name in ("libev", "libuv") if name in programs]:
            programs[name].run("timers", 10)
            print("    %-12s fires its timers" % name)
        rows = resumes(programs, 10, 10, 1) + file_writes(programs, build, 2, 10, 1) + pingpong(programs, 10, 1)
    else:
        rows = (resumes(programs, 1000, 1000, 5) + live_tasks(programs, 1000000) + timers(programs, 1000000, 3) +
                file_writes(programs, build, 100, 200, 5) + pingpong(programs, 20000, 21))
    table(rows)


if __name__ == "__main__":
    measure(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), "--small" in sys.argv)
