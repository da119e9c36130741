"""The program for macOS, built here for both CPUs: that it is what a Mac takes, and asks for nothing that a Mac has
not. Nothing here can run it. The tests themselves must compile for macOS as well.

usage: test_macos.py [PART_OF_NAME]"""
import concurrent.futures
import glob
import os
import re
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ROOT, Suite  # noqa: E402

suite = Suite("macos")
BUILD = os.path.join(ROOT, "build")
CROSS = os.path.join(BUILD, "cross")
CPUS = {"x86_64": 0x01000007, "aarch64": 0x0100000C}
MAGIC_64, EXECUTE = 0xFEEDFACF, 2
LC_SYMTAB, LC_LOAD_DYLIB, LC_BUILD_VERSION, PLATFORM_MACOS = 0x2, 0xC, 0x32, 1
N_STAB, N_TYPE, N_UNDEFINED = 0xE0, 0x0E, 0
# Linux's own, and what macOS calls otherwise or has only in newer versions.
FOREIGN = re.compile(r"_(epoll|eventfd|timerfd|signalfd|io_uring|openat2|syscall$|gettid$|prctl|pipe2$|accept4$|"
                     r"sem_init|fdatasync|renameat2|secure_getenv|__errno_location|__assert_fail)")
# Their tests are Linux's, or take a window's libraries.
NOT_HERE = ("test_os_engine.c", "test_os_seccomp.c", "test_os_disk.c", "test_os_windows", "test_ui_")


def text_at(data, offset):
    return data[offset:data.index(b"\0", offset)].decode()


class MachO:
    """What a Mac's loader reads of a program: its CPU, kind, platform, libraries and undefined symbols."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        self.magic, self.cpu, _, self.kind, commands = struct.unpack_from("<5I", data)
        self.libraries, self.undefined, self.platform = [], set(), None
        at = 32
        for _ in range(commands):
            command, size = struct.unpack_from("<2I", data, at)
            if command == LC_LOAD_DYLIB:
                self.libraries.append(text_at(data, at + struct.unpack_from("<I", data, at + 8)[0]))
            elif command == LC_BUILD_VERSION:
                self.platform = struct.unpack_from("<I", data, at + 8)[0]
            elif command == LC_SYMTAB:
                self.read_symbols(data, *struct.unpack_from("<4I", data, at + 8))
            at += size

    def read_symbols(self, data, place, count, names, _):
        for i in range(count):
            name, kind = struct.unpack_from("<IB", data, place + 16 * i)
            if kind & N_STAB == 0 and kind & N_TYPE == N_UNDEFINED:
                self.undefined.add(text_at(data, names + name))


def built(cpu):
    return MachO(os.path.join(BUILD, "macos-" + cpu, "headless", "loopscope"))


@suite.case
def both_cpus_get_a_program_of_their_own(_):
    for cpu, number in CPUS.items():
        program = built(cpu)
        assert (program.magic, program.cpu, program.kind) == (MAGIC_64, number, EXECUTE), cpu
        assert program.platform == PLATFORM_MACOS, cpu


@suite.case
def only_the_system_library_is_asked_for(_):
    for cpu in CPUS:
        assert built(cpu).libraries == ["/usr/lib/libSystem.B.dylib"], built(cpu).libraries


@suite.case
def kqueue_is_linked_and_nothing_of_linux(_):
    for cpu in CPUS:
        undefined = built(cpu).undefined
        wanted = {"_kqueue", "_kevent", "_socketpair", "_pthread_create", "_openat", "_pread", "_pwrite",
                  "_pthread_cond_timedwait_relative_np", "_clock_gettime_nsec_np"}
        assert wanted <= undefined, "%s lacks %s" % (cpu, sorted(wanted - undefined))
        foreign = sorted(name for name in undefined if FOREIGN.match(name))
        assert not foreign, "%s: %s" % (cpu, foreign)


@suite.case
def the_tests_compile_for_macos(folder):
    zig = os.environ.get("ZIG") or os.path.join(CROSS, "zig", "zig")
    cache = os.path.join(CROSS, "zig-cache")
    env = dict(os.environ, ZIG_GLOBAL_CACHE_DIR=cache, ZIG_LOCAL_CACHE_DIR=cache)
    subprocess.run(["cp", *glob.glob("/usr/include/cmocka*.h"), folder], check=True)
    include = os.path.join(CROSS, "macos", "include")

    def trouble(source):
        with tempfile.TemporaryDirectory(prefix="loopscope-macos-") as place:
            done = subprocess.run([zig, "cc", "-target", "x86_64-macos", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra",
                                   "-Werror", "-Isrc", "-Itests", "-isystem", folder, "-isystem", include,
                                   "-c", "-o", os.path.join(place, "x.o"), source],
                                  cwd=ROOT, env=env, capture_output=True, text=True)
        return "" if done.returncode == 0 else done.stderr

    sources = [source for source in sorted(glob.glob(os.path.join(ROOT, "tests", "unit", "test_*.c")))
               if not os.path.basename(source).startswith(NOT_HERE)]
    assert len(sources) > 40
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [text for text in pool.map(trouble, sources) if text]
    assert not found, "\n".join(found)


suite.finish()
