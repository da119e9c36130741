"""What other systems build includes and calls only what they have, so that a unit test that Windows can't compile is
seen here and not first where Windows' compiler is."""
import errno
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests"))
from harness import Skip, Suite, equal  # noqa: E402

suite = Suite("elsewhere")

# C11's own, without <threads.h>; what mingw-w64 adds of POSIX; the libraries that are built for it.
C_HEADERS = """assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg
    stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath time uchar wchar wctype""".split()
MINGW_HEADERS = """dirent fcntl getopt io libgen malloc process pthread sched semaphore strings sys/stat sys/time sys/timeb
    sys/types sys/utime unistd utime commdlg objbase shellapi timeapi windows winioctl winsock2 winternl ws2tcpip""".split()
LIBRARY_HEADERS = "cjson/cJSON cmocka ft2build SDL SDL_image".split()
WINDOWS_HEADERS = {name + ".h" for name in C_HEADERS + MINGW_HEADERS + LIBRARY_HEADERS}
# Functions of POSIX that mingw-w64's headers lack though they have others of the same header.
NOT_IN_MINGW = """dirfd dprintf fchmod fdopendir fmemopen fork fstatat fsync getdelim geteuid getline getuid kill
    link lstat memmem mkdtemp mkfifo open_memstream openat pipe pread pwrite qsort_r rand_r random readlink realpath setenv
    sigaction stpcpy strcasestr strchrnul strndup symlink sysconf unsetenv waitpid""".split()
CALL = re.compile(r"(?<![\w.>])(%s)\(" % "|".join(NOT_IN_MINGW))


def windows_builds():
    """The sources of programs and unit tests, as the Makefile chooses them."""
    done = subprocess.run(["make", "-s", "--no-print-directory", "SYSTEM=windows", "list-sources"], cwd=ROOT,
                          capture_output=True, text=True, check=True, env=dict(os.environ, MAKEFLAGS=""))
    return done.stdout.split()


def blank(found):
    return re.sub(r"[^\n]", "", found.group())


def lines_of(path):
    """Numbered, without comments and without what Windows' compiler does not see."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", blank, file.read(), flags=re.S)
    return enumerate(re.sub(r"^#if !defined\(_WIN32\) *$.*?^#endif$", blank, text, flags=re.S | re.M).split("\n"), 1)


def included(path, name):
    """Where the compiler finds a file of our own; None for one that is made while building."""
    for folder in (os.path.dirname(path), "src", "tests"):
        if os.path.exists(os.path.join(ROOT, folder, name)):
            return os.path.normpath(os.path.join(folder, name))
    return None


def walk(path, seen):
    """All files that a source is made of."""
    if path is not None and path not in seen:
        seen.add(path)
        for _, line in lines_of(path):
            found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if found:
                walk(included(path, found.group(1)), seen)


def breaches(sources):
    files, found = set(), []
    for source in sources:
        walk(source, files)
    for path in sorted(files):
        for number, line in lines_of(path):
            header = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
            call = CALL.search(re.sub(r'"(?:[^"\\]|\\.)*"', '""', line))
            if header and header.group(1) not in WINDOWS_HEADERS and not header.group(1).startswith("freetype/"):
                found.append("%s:%d: <%s>" % (path, number, header.group(1)))
            if call:
                found.append("%s:%d: %s()" % (path, number, call.group(1)))
    return found


@suite.case
def windows_has_the_headers_and_functions(_):
    sources = windows_builds()
    assert "src/os/os_win_port.c" in sources and "tests/unit/test_os_windows.c" in sources, sources
    assert "src/os/os_epoll.c" not in sources and len([path for path in sources if "/unit/" in path]) > 50, sources
    bad = breaches(sources)
    assert not bad, "mingw-w64 lacks these; a test of them is named by NOT_HERE in cross/windows.mk\n" + "\n".join(bad)


@suite.case
def a_test_that_windows_leaves_out_needs_what_it_lacks(_):
    """A name stays in NOT_HERE no longer than its reason does."""
    with open(os.path.join(ROOT, "cross", "windows.mk"), encoding="utf-8") as file:
        text = file.read().replace("\\\n", " ")
    names = re.search(r"^NOT_HERE := (.*)$", text, re.M).group(1).split()
    idle = [name for name in names if not breaches(["tests/unit/test_%s.c" % name])]
    equal(idle, [])


@suite.case
def errors_on_windows_have_linux_numbers_and_words(_):
    if sys.platform != "linux":
        raise Skip("this system's errors are not Linux's")
    with open(os.path.join(ROOT, "src", "os", "os_win_system.c"), encoding="utf-8") as file:
        rows = re.findall(r'\{(E[A-Z]+), (\d+), "([^"]+)"\}', file.read())
    assert len(rows) > 25, rows
    for name, number, text in rows:
        equal((int(number), text), (getattr(errno, name), os.strerror(getattr(errno, name))))


suite.finish()
