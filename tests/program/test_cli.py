"""The command line: options, exit statuses, messages, and what goes to which stream."""
import errno
import json
import os
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ENVIRONMENT, PROGRAM, ROOT, Skip, Suite, contains, equal, run, scenarios, write  # noqa: E402

suite = Suite("cli")
THREE = os.path.join("scenarios", "three-writers.json")
HELLO = '{"title": "t", "tasks": [{"name": "a", "steps": [{"log": "hello"}, {"log": "two\\nlines"}]}]}'


def events(path):
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return lines[0], lines[1:]


@suite.case
def help_is_on_every_command(_):
    for command in ([], ["run"], ["replay"], ["export"], ["check"], ["python"], ["doctor"]):
        _, out, err = run(*command, "--help", status=0)
        contains(out, "usage: loopscope" if command else "loopscope run SCENARIO")
        equal(err, "")


@suite.case
def the_version_is_told(_):
    _, out, _ = run("--version", status=0)
    assert re.fullmatch(r"loopscope \d+\.\d+\.\d+\n", out), out


@suite.case
def bad_usage_is_status_2_with_a_near_name(_):
    for arguments, part in ((["rnu", THREE], 'did you mean "run"?'), (["run"], "needs SCENARIO"),
                            (["run", "--bakend", "sim", THREE], 'did you mean "--backend"?'),
                            (["run", "--max-time", "soon", THREE], "--max-time"),
                            (["run", "--backend", "quantum", THREE], "quantum"),
                            (["run", "--seed"], "needs a value"), (["nothing-here"], "neither"),
                            (["export", THREE], "-o FILE")):
        _, out, err = run(*arguments, status=2)
        contains(err, part)
        equal(out, "")


@suite.case
def standard_output_carries_the_logs_alone(folder):
    file = write(folder, "hello.json", HELLO)
    for options in ([], ["--narrate", "--summary"], ["--quiet"], ["--backend", "sim"], ["--backend", "threads"]):
        _, out, _ = run("run", *options, file, status=0)
        equal(out, "hello\ntwo\nlines\n")


@suite.case
def quiet_says_nothing_else(folder):
    _, _, err = run("run", "--quiet", write(folder, "hello.json", HELLO), status=0)
    equal(err, "")


@suite.case
def narration_tells_every_event(folder):
    trace = os.path.join(folder, "t.jsonl")
    _, _, err = run("run", "--narrate", "--trace", trace, THREE, status=0)
    _, told = events(trace)
    numbered = [line for line in err.splitlines() if re.match(r"\s*\d+\s", line)]
    equal(len(numbered), len(told))
    assert all(len(line.split(None, 1)) == 2 for line in numbered)


@suite.case
def the_summary_counts_tasks_bytes_and_calls(folder):
    trace = os.path.join(folder, "t.jsonl")
    _, _, err = run("run", "--summary", "--trace", trace, THREE, status=0)
    equal(len(re.findall(r"^write_[abc] .*64 KiB.*done$", err, re.M)), 3, "rows in:\n" + err)
    header, told = events(trace)
    calls = {header["sleeps_in"]: 0}
    polls = [event for event in told if event["ev"] == "poll"]
    for poll, polled in zip(polls, (event for event in told if event["ev"] == "polled")):
        name = "epoll_wait" if poll["timeout"] == 0 and header["notifier"] == "epoll" else header["sleeps_in"]
        calls[name] = calls.get(name, 0) + polled["calls"]
    said = re.search(r"(\d+) polls \((.*)\), asleep", err)
    equal(int(said.group(1)), len(polls))
    equal({name: int(count) for count, name in re.findall(r"(\d+)(?: calls?)? of (\w+)\(\)", said.group(2))}, calls)


@suite.case
def a_fresh_folder_is_removed_and_a_workdir_stays(folder):
    _, _, err = run("run", THREE, status=0)
    fresh = re.search(r"files are written to (\S+) \(removed", err).group(1)
    assert not os.path.exists(fresh), fresh
    _, _, err = run("run", "--keep", THREE, status=0)
    kept = re.search(r"files are written to (\S+)", err).group(1)
    sizes = sorted((name, os.path.getsize(os.path.join(kept, name))) for name in os.listdir(kept))
    equal([size for _, size in sizes], [65536] * 3)
    for name, _ in sizes:
        with open(os.path.join(kept, name), "rb") as file:
            equal(set(file.read()), {ord("x")})
        os.unlink(os.path.join(kept, name))
    os.rmdir(kept)
    work = os.path.join(folder, "new", )
    run("run", "--workdir", work, THREE, status=0)
    equal(len(os.listdir(work)), 3)


@suite.case
def a_workdir_is_used_as_it_is(folder):
    write(folder, "mine.txt", "keep me")
    run("run", "--workdir", folder, THREE, status=0)
    with open(os.path.join(folder, "mine.txt"), encoding="utf-8") as file:
        equal(file.read(), "keep me")


@suite.case
def python_prints_a_program_that_means_the_same(folder):
    _, program, err = run("python", write(folder, "hello.json", HELLO), status=0)
    equal(err, "")
    for name, scenario in (("hello.py", program), ("shipped.py", run("python", "scenarios/await-finished.json", status=0)[1])):
        done = subprocess.run([sys.executable, write(folder, name, scenario)], cwd=folder, capture_output=True, text=True)
        equal(done.returncode, 0)
        equal(done.stderr, "")
        _, out, _ = run("run", os.path.join(folder, "hello.json") if name == "hello.py" else "scenarios/await-finished.json", status=0)
        equal(done.stdout, out)


@suite.case
def a_twin_tells_lost_errors_and_ends_with_1(folder):
    _, program, _ = run("python", "scenarios/one-fails.json", status=0)
    done = subprocess.run([sys.executable, write(folder, "fails.py", program)], cwd=folder, capture_output=True, text=True)
    equal(done.returncode, 1)
    contains(done.stderr, "missing.txt")
    contains(done.stderr, "never retrieved")


@suite.case
def python_refuses_a_bad_file_at_its_place(folder):
    file = write(folder, "bad.json", HELLO.replace('"log"', '"lgo"', 1))
    _, out, err = run("python", file, status=2)
    equal(out, "")
    contains(err, 'bad.json:1:')
    contains(err, 'did you mean "log"?')


@suite.case
def check_says_every_mistake_at_its_place(folder):
    file = write(folder, "bad.json", '{"title": "t",\n "tasks": [{"name": "a", "steps": [\n'
                 '  {"slep": 1},\n  {"log": "{nope}"}\n]}]}\n')
    _, out, err = run("check", file, status=2)
    equal(out, "")
    contains(err, file + ":3:4: ")
    contains(err, 'did you mean "sleep"?')
    contains(err, file + ":4:12: ")
    contains(err, '{"slep": 1},\n')
    assert re.search(r"^ +\^$", err, re.M), err


@suite.case
def every_shipped_scenario_is_good(_):
    _, out, err = run("check", *scenarios(), status=0)
    equal(err, "")
    equal(len(out.splitlines()), len(scenarios()))
    assert len(scenarios()) >= 8


@suite.case
def an_unreadable_file_is_told(folder):
    for path in (os.path.join(folder, "none.json"), folder):
        _, _, err = run("run", path, status=2)
        contains(err, path)


@suite.case
def the_same_scenario_runs_on_every_back_end(_):
    outputs = {backend: sorted(run("run", "--quiet", "--backend", backend, THREE, status=0)[1].splitlines())
               for backend in ("auto", "io_uring", "threads", "sim")}
    equal(len(set(map(tuple, outputs.values()))), 1)


@suite.case
def the_simulated_system_is_repeatable_and_labelled(folder):
    traces = []
    for name, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        path = os.path.join(folder, name)
        _, _, err = run("run", "--backend", "sim", "--seed", seed, "--trace", path, THREE, status=0)
        contains(err, "simulated")
        header, told = events(path)
        equal((header["backend"], header["notifier"], header["seed"]), ("sim", "sim", int(seed)))
        assert all(event.get("via", "sim") == "sim" for event in told)
        traces.append(told)
    equal(traces[0], traces[1])
    assert traces[0] != traces[2]


@suite.case
def a_twin_has_every_step_that_runs(folder):
    for name in sorted(name for name in os.listdir("tests/order") if name.endswith(".json")):
        _, program, err = run("python", os.path.join("tests/order", name), status=0)
        equal(err, "")
        compile(program, name, "exec")
    file = write(folder, "t.json", '{"title": "t", "locks": ["door"], "tasks": [{"name": "a", "steps": [{"try": ['
                 '{"with": "door", "steps": [{"raise": "boom"}]}], "except": [{"log": "caught {error}"}]}]}]}')
    done = subprocess.run([sys.executable, write(folder, "t.py", run("python", file, status=0)[1])], cwd=folder,
                          capture_output=True, text=True)
    equal((done.returncode, done.stdout, done.stderr), (0, run("run", "--quiet", file, status=0)[1], ""))


@suite.case
def limits_end_a_run_with_status_1(folder):
    file = write(folder, "long.json", '{"title": "t", "tasks": [{"name": "a", "steps": [{"repeat": 1e9, "steps": '
                 '[{"sleep": 0}]}]}]}')
    trace = os.path.join(folder, "t.jsonl")
    _, _, err = run("run", "--max-events", "1000", "--trace", trace, file, status=1)
    contains(err, "limit on events")
    _, told = events(trace)
    equal([told[-2]["ev"], told[-1]["ev"], told[-1]["reason"]], ["limit", "loop_stop", "limit"])
    run("run", "--max-time", "0.2s", file, status=1)
    _, _, err = run("run", "--max-bytes", "100KiB", THREE, status=1)
    contains(err, "limit on bytes")


@suite.case
def a_lost_error_is_status_1(folder):
    file = write(folder, "lost.json", '{"title": "t", "tasks": [{"name": "a", "steps": [{"open": "none", "as": "f", '
                 '"mode": "r"}]}]}')
    _, _, err = run("run", file, status=1)
    contains(err, "[Errno 2] No such file or directory: 'none'")


@suite.case
def an_interrupt_ends_a_run_in_order(folder):
    file = write(folder, "sleep.json", '{"title": "t", "tasks": [{"name": "a", "steps": [{"log": "on"}, {"sleep": 30}'
                 ', {"log": "never"}]}]}')
    for number in (signal.SIGINT, signal.SIGTERM):
        trace = os.path.join(folder, "t%d.jsonl" % number)
        child = subprocess.Popen([PROGRAM, "run", "--trace", trace, file], cwd=ROOT, env=ENVIRONMENT,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        equal(child.stdout.readline(), b"on\n")
        time.sleep(0.2)
        child.send_signal(number)
        out, err = child.communicate(timeout=60)
        equal((child.returncode, out), (130, b""))
        assert b"interrupted" in err, err
        _, told = events(trace)
        equal((told[-1]["ev"], told[-1]["reason"]), ("loop_stop", "interrupted"))


@suite.case
def a_killed_run_leaves_a_trace_of_whole_lines(folder):
    file = write(folder, "kill.json", '{"title": "t", "tasks": [{"name": "a", "steps": [{"log": "on"}, {"sleep": 30}]}]}')
    trace = os.path.join(folder, "t.jsonl")
    child = subprocess.Popen([PROGRAM, "run", "--trace", trace, file], cwd=ROOT, env=ENVIRONMENT,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    child.stdout.readline()
    time.sleep(0.3)
    child.kill()
    child.communicate()
    _, told = events(trace)
    equal(told[-1]["ev"], "poll")
    run("export", trace, "-o", os.path.join(folder, "again.jsonl"), status=0)


@suite.case
def a_closed_standard_output_is_told_and_loses_nothing(folder):
    trace = os.path.join(folder, "t.jsonl")
    reader, writer = os.pipe()
    os.close(reader)
    _, _, err = run("run", "--trace", trace, THREE, status=1, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    contains(err, "standard output can't be written")
    equal(events(trace)[1][-1]["reason"], "done")


@suite.case
def a_full_disk_is_told(folder):
    if not os.path.exists("/dev/full"):
        return
    with open("/dev/full", "wb") as full:
        _, _, err = run("run", THREE, status=1, stdout=full, stderr=subprocess.PIPE)
    contains(err, "No space left on device")
    _, _, err = run("run", "--trace", "/dev/full", THREE, status=1)
    contains(err, "No space left on device")


@suite.case
def a_trace_that_cannot_be_made_stops_before_the_run(folder):
    work = os.path.join(folder, "work")
    os.mkdir(work)
    _, out, err = run("run", "--workdir", work, "--trace", os.path.join(folder, "no", "t.jsonl"), THREE, status=2)
    equal((out, os.listdir(work)), ("", []))
    contains(err, "t.jsonl")


@suite.case
def a_full_disk_under_a_task_is_its_error_and_the_others_go_on(folder):
    small = os.path.join(folder, "small")
    os.mkdir(small)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", small],
                                           capture_output=True).returncode:
        raise Skip("a small file system can't be mounted here")
    file = write(folder, "full.json", json.dumps({"title": "t", "tasks": [
        {"name": "big", "steps": [{"open": "big", "as": "f"}, {"write": {"bytes": "1MiB"}, "to": "f"}]},
        {"name": "small", "steps": [{"sleep": "20ms"}, {"log": "small goes on"}]}]}))
    try:
        for backend in ("io_uring", "threads"):
            _, out, err = run("run", "--backend", backend, "--workdir", small, file, status=1)
            equal(out, "small goes on\n")
            contains(err, "task big failed: OSError: [Errno 28] No space left on device")
    finally:
        subprocess.run(["umount", small], check=True)


@suite.case
def a_path_that_escapes_is_refused_and_told(folder):
    outside = write(folder, "outside.txt", "mine")
    work = os.path.join(folder, "work")
    os.mkdir(work)
    os.symlink(folder, os.path.join(work, "link"))
    write(work, "name.txt", "../outside.txt")
    for path, steps in (("../outside.txt", [{"open": "name.txt", "as": "n", "mode": "r"},
                                            {"read": 100, "from": "n", "as": "p"}, {"open": "{p}", "as": "f"}]),
                        ("link/outside.txt", [{"open": "link/outside.txt", "as": "f"}])):
        file = write(folder, "s.json", json.dumps({"title": "t", "tasks": [{"name": "a", "steps": steps}]}))
        for backend in ("io_uring", "threads"):
            _, _, err = run("run", "--backend", backend, "--workdir", work, file, status=1)
            contains(err, "[Errno 1] Operation not permitted: '%s'" % path)
            contains(err, "leads out of the workspace")
    with open(outside, encoding="utf-8") as text:
        equal(text.read(), "mine")


def deprived(folder, what, error, *arguments):
    """Runs the program without something of the system, see forbid_uring.c."""
    tool = os.path.join(folder, "forbid")
    subprocess.run(["gcc", "-o", tool, os.path.join(ROOT, "tests", "program", "forbid_uring.c")], check=True)
    done = subprocess.run([tool, what, str(int(error)), PROGRAM, *arguments], cwd=ROOT, capture_output=True, text=True,
                          env=dict(ENVIRONMENT, ASAN_OPTIONS="detect_leaks=0"), timeout=120)
    if done.returncode == 77:
        raise Skip("that can't be taken away here: " + done.stderr)
    return done


@suite.case
def where_io_uring_is_forbidden_helper_threads_take_over_and_it_is_said(folder):
    trace = os.path.join(folder, "t.jsonl")
    done = deprived(folder, "setup", errno.EPERM, "run", "--trace", trace, THREE)
    equal(done.returncode, 0, done.stderr)
    contains(done.stderr, "io_uring is forbidden")
    contains(done.stderr, "helper threads")
    header, told = events(trace)
    equal((header["backend"], header["notifier"]), ("threads", "epoll"))
    equal({event["via"] for event in told if event["ev"] == "io_submitted"}, {"threads"})


@suite.case
def doctor_names_the_cause_and_how_to_mend_it(folder):
    for what, error, cause, mend in (
            ("setup", errno.EPERM, "io_uring is forbidden here (EPERM)", "seccomp profile"),
            ("setup", errno.EACCES, "io_uring is forbidden here (EACCES)", "seccomp profile"),
            ("setup", errno.ENOSYS, "io_uring is not there (ENOSYS)", "a kernel from Linux 5.6 on"),
            ("setup", errno.ENOMEM, "io_uring got no memory (ENOMEM)", "ulimit -l"),
            ("setup", errno.EMFILE, "too many files are open", "ulimit -n"),
            ("enter", errno.EPERM, "io_uring_enter is forbidden here (EPERM)", "seccomp profile")):
        done = deprived(folder, what, error, "doctor")
        lines = done.stdout.splitlines()
        at = next(i for i, line in enumerate(lines) if line.startswith("io_uring  not here: "))
        contains(lines[at], cause)
        contains(lines[at + 1], "to mend it: ")
        contains(lines[at + 1], mend)
        contains(done.stdout, "file work threads: ")
        contains(done.stdout, "threads   works")


@suite.case
def without_locked_memory_it_works_or_says_why(folder):
    os.chmod(folder, 0o755)
    if os.geteuid() != 0:
        raise Skip("only root can become somebody else")
    done = deprived(folder, "memory", 0, "doctor")  # before Linux 5.12 a ring is locked memory
    if "io_uring  works" not in done.stdout:
        contains(done.stdout, "(ENOMEM): the limit on locked memory")
        contains(done.stdout, "ulimit -l")
    contains(done.stdout, "threads   works")


@suite.case
def where_no_thread_can_be_started_it_is_said(folder):
    done = deprived(folder, "threads", errno.EAGAIN, "run", "--backend", "threads", THREE)
    equal(done.returncode, 2, done.stderr)
    contains(done.stderr, "the loop's thread can't be started: Resource temporarily unavailable")
    equal(done.stdout, "")
    for error, mend in ((errno.EAGAIN, "ulimit -u"), (errno.EPERM, "seccomp profile")):
        done = deprived(folder, "threads", error, "doctor")
        equal(done.returncode, 1)
        contains(done.stdout, "threads   not here: no helper thread can be started")
        contains(done.stdout, "loop      can't run: no thread can be started: " + os.strerror(error))
        contains(done.stdout.split("can't run")[1], mend)


@suite.case
def where_no_helper_can_be_started_tasks_are_told(folder):
    if os.geteuid() != 0:
        raise Skip("only root can become a user who has no other processes")
    work = os.path.join(folder, "work")
    os.makedirs(work)
    os.chmod(folder, 0o755)
    os.chmod(work, 0o777)
    file = write(folder, "s.json", json.dumps({"title": "t", "tasks": [
        {"name": "a", "steps": [{"try": [{"open": "f", "as": "f"}], "except": [{"log": "{error}"}]},
                                {"open": "f", "as": "f", "blocking": True}, {"log": "by itself"}]},
        {"name": "b", "steps": [{"thread": [{"compute": "1ms"}]}, {"log": "never"}]}]}))
    trace = os.path.join(work, "t.jsonl")
    done = deprived(folder, "helpers", 0, "run", "--backend", "threads", "--workdir", work, "--trace", trace, file)
    if "Permission denied" in done.stderr:
        raise Skip("another user can't run the program here")
    equal(done.returncode, 1, done.stderr)
    equal(done.stdout, "[Errno 11] Resource temporarily unavailable: 'f'\nby itself\n")
    contains(done.stderr, "task b failed: RuntimeError: can't start new thread")
    _, told = events(trace)
    equal(told[-1]["ev"], "loop_stop")
    equal({event["result"] for event in told if event["ev"] == "io_completed"}, {-errno.EAGAIN})
    done = deprived(folder, "helpers", 0, "doctor")
    contains(done.stdout, "helpers   not here: beside the loop's no thread can be started: Resource temporarily")
    contains(done.stdout, "ulimit -u")


@suite.case
def doctor_tries_whether_a_file_can_be_watched(_):
    _, out, _ = run("doctor", status=0)
    contains(out, "epoll_ctl(EPOLL_CTL_ADD) of a regular file = -1 EPERM")


@suite.case
def doctor_names_what_is_here(_):
    _, out, _ = run("doctor", status=0)
    for part in ("epoll", "io_uring", "threads", "sim", "display", "fonts"):
        contains(out, part)


@suite.case
def without_a_display_the_window_says_the_way(_):
    _, out, err = run(THREE, status=2, env={"DISPLAY": "", "WAYLAND_DISPLAY": "", "SDL_VIDEODRIVER": ""})
    contains(err, "loopscope run")
    equal(out, "")


@suite.case
def without_fonts_the_packages_are_named(folder):
    environment = {"LOOPSCOPE_FONTS": folder, "HOME": folder, "SDL_VIDEODRIVER": "dummy", "LOOPSCOPE_FONTS_ONLY": "1"}
    _, _, err = run(THREE, status=2, env=environment)
    contains(err, "fonts-inter")


suite.finish()
