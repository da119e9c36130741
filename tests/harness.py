"""A small harness for tests of the program as a whole: named checks, counted, told in one line.

Each script makes a Suite, runs its cases and calls finish(), whose last line is
"N passed, N failed, N skipped"; the exit status is 1 where one failed. Standard library alone."""
import os
import subprocess
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(ROOT, os.environ.get("LOOPSCOPE", "build/debug/loopscope"))
ENVIRONMENT = dict(os.environ, LSAN_OPTIONS="suppressions=%s/tests/lsan.supp:print_suppressions=0" % ROOT,
                   SDL_RENDER_DRIVER="software", NO_COLOR="1")


class Skip(Exception):
    """Raised by a case that can't be tried on this machine; its text says why."""


class Suite:
    def __init__(self, name):
        self.name, self.passed, self.failed, self.skipped = name, 0, 0, 0
        self.only = sys.argv[1] if len(sys.argv) > 1 else ""

    def case(self, function):
        """Decorator: runs the case at once."""
        name = function.__name__
        if self.only not in name:
            return function
        try:
            with tempfile.TemporaryDirectory(prefix="loopscope-test-") as folder:
                function(folder)
        except Skip as reason:
            self.skipped += 1
            print("[ SKIPPED ] %s: %s: %s" % (self.name, name, reason))
        except Exception:  # a test that fails must not end the others
            self.failed += 1
            print("[ FAILED  ] %s: %s" % (self.name, name))
            traceback.print_exc(file=sys.stdout)
        else:
            self.passed += 1
            print("[      OK ] %s: %s" % (self.name, name))
        sys.stdout.flush()
        return function

    def finish(self):
        print("%d passed, %d failed, %d skipped" % (self.passed, self.failed, self.skipped))
        sys.exit(1 if self.failed else 0)


def run(*arguments, status=None, stdin=subprocess.DEVNULL, env=None, cwd=ROOT, timeout=120, **more):
    """Runs the program; checks the exit status where one is given; texts decoded."""
    done = subprocess.run([PROGRAM, *arguments], stdin=stdin, capture_output="stdout" not in more,
                          env=dict(ENVIRONMENT, **(env or {})), cwd=cwd, timeout=timeout, **more)
    out = (done.stdout or b"").decode("utf-8", "replace")
    err = (done.stderr or b"").decode("utf-8", "replace")
    if status is not None:
        assert done.returncode == status, "status %d, not %d\n%s\n%s" % (done.returncode, status, out, err)
    return done.returncode, out, err


def equal(got, wanted, what=""):
    assert got == wanted, "%s: got %r, wanted %r" % (what or "value", got, wanted)


def contains(text, part):
    assert part in text, "%r is not in:\n%s" % (part, text)


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path


def scenarios():
    folder = os.path.join(ROOT, "scenarios")
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".json")]
