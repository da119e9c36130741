"""The house rules: layers, system headers, sizes of files and functions, words that have no place."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ROOT, Suite  # noqa: E402

suite = Suite("house")

MAY_INCLUDE = {
    "base": [],
    "trace": ["base"],
    "program": ["base"],
    "scenario": ["base", "program"],
    "os": ["base"],
    "loop": ["base", "program", "trace", "os"],
    "export": ["base", "trace", "program", "view"],
    "view": ["base", "program", "trace"],
    "ui": ["base", "view"],
    "app": ["base", "trace", "program", "scenario", "os", "loop", "export", "view", "ui"],
}
# A system's own header appears in its own files alone.
SYSTEM_HEADERS = {
    "liburing.h": r"src/os/os_(linux|uring)[a-z_]*\.[ch]$",
    "sys/epoll.h": r"src/os/os_(linux|uring|epoll|threads)[a-z_]*\.[ch]$",
    "sys/event.h": r"src/os/os_kqueue[a-z_]*\.c$",
    "windows.h": r"src/(os/os_win_[a-z_]+|(base|app)/[a-z_]+_win)\.c$",
    "winsock2.h": r"src/os/os_win_[a-z_]+\.c$",
    "cjson/cJSON.h": r"src/scenario/",
    "SDL.h": r"src/ui/",
    "SDL2/SDL.h": r"src/ui/",
    "SDL_ttf.h": r"src/ui/",
    "SDL_image.h": r"src/ui/",
    "ft2build.h": r"src/ui/",
}
FILE_LINES_MAX, FUNCTION_LINES_MAX, COLUMNS_MAX = 520, 75, 100


def sources():
    found = []
    for folder in ("src", "tests"):
        for place, _, names in os.walk(os.path.join(ROOT, folder)):
            found += [os.path.join(place, name) for name in names if name.endswith((".c", ".h"))]
    return sorted(found)


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")


def relative(path):
    return os.path.relpath(path, ROOT)


@suite.case
def layers_include_only_what_they_may(_):
    breaches = []
    for path in sources():
        parts = relative(path).split(os.sep)
        if parts[0] != "src":
            continue
        layer = parts[1]
        for number, line in enumerate(lines_of(path), 1):
            found = re.match(r'\s*#\s*include\s+"([a-z_]+)/', line)
            if found and found.group(1) != layer and found.group(1) not in MAY_INCLUDE[layer]:
                breaches.append("%s:%d: %s" % (relative(path), number, line.strip()))
    assert not breaches, "\n".join(breaches)


@suite.case
def system_headers_stay_in_their_files(_):
    breaches = []
    for path in sources():
        if not relative(path).startswith("src"):
            continue
        for number, line in enumerate(lines_of(path), 1):
            found = re.match(r"\s*#\s*include\s+[<\"]([^>\"]+)[>\"]", line)
            rule = SYSTEM_HEADERS.get(found.group(1)) if found else None
            if rule and not re.match(rule, relative(path)):
                breaches.append("%s:%d: %s" % (relative(path), number, line.strip()))
    assert not breaches, "\n".join(breaches)


@suite.case
def files_are_small(_):
    big = ["%s: %d lines" % (relative(path), len(lines_of(path))) for path in sources()
           if len(lines_of(path)) > FILE_LINES_MAX]
    assert not big, "\n".join(big)


@suite.case
def functions_are_small(_):
    big = []
    for path in sources():
        start = None
        for number, line in enumerate(lines_of(path), 1):
            if re.match(r"^[A-Za-z_].*\{$", line) and "(" in line and "=" not in line.split("(")[0] or \
                    re.match(r"^ .*\) \{$", line) and start is None and lines_of(path)[number - 2][:1] not in " }":
                start = number
            elif line == "}" and start is not None:
                if number - start + 1 > FUNCTION_LINES_MAX:
                    big.append("%s:%d: %d lines" % (relative(path), start, number - start + 1))
                start = None
    assert not big, "\n".join(big)


@suite.case
def lines_fit_in_a_hundred_columns(_):
    wide = ["%s:%d" % (relative(path), number) for path in sources()
            for number, line in enumerate(lines_of(path), 1) if len(line) > COLUMNS_MAX]
    assert not wide, "\n".join(wide)


@suite.case
def nothing_is_left_to_do(_):
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    left = ["%s:%d: %s" % (relative(path), number, line.strip()) for path in sources()
            for number, line in enumerate(lines_of(path), 1) if words.search(line)]
    assert not left, "\n".join(left)


@suite.case
def systems_are_chosen_in_few_places(_):
    conditional = ["%s:%d: %s" % (relative(path), number, line.strip()) for path in sources()
                   if relative(path).startswith("src") and not re.match(r"src/(os|ui)/", relative(path))
                   for number, line in enumerate(lines_of(path), 1)
                   if re.match(r"\s*#\s*if(def)?\b.*(__linux__|_WIN32|__APPLE__)", line)]
    assert not conditional, "\n".join(conditional)


@suite.case
def the_format_is_clang_formats(_):
    version = subprocess.run(["clang-format", "--version"], capture_output=True, text=True)
    assert version.returncode == 0, "clang-format is needed"
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *sources()], capture_output=True, text=True)
    assert done.returncode == 0, "\n".join(line for line in done.stderr.splitlines() if "error:" in line)


@suite.case
def the_headless_build_links_no_window(_):
    program = os.path.join(ROOT, "build", "headless", "loopscope")
    subprocess.run(["make", "-s", "headless"], cwd=ROOT, check=True)
    symbols = subprocess.run(["nm", "-u", program], capture_output=True, text=True, check=True).stdout
    foreign = [line for line in symbols.splitlines() if re.search(r"\b(SDL|TTF|IMG|FT)_", line)]
    assert not foreign, "\n".join(foreign)
    libraries = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    assert "SDL" not in libraries and "freetype" not in libraries, libraries


@suite.case
def every_header_stands_alone(_):
    bad = []
    flags = subprocess.run(["pkg-config", "--cflags", "sdl2", "SDL2_image", "freetype2", "libcjson", "liburing"],
                           capture_output=True, text=True, check=True).stdout.split()
    for path in sources():
        if not path.endswith(".h") or not relative(path).startswith("src"):
            continue
        done = subprocess.run(["gcc", "-std=c11", "-D_GNU_SOURCE", "-Isrc", *flags, "-fsyntax-only", "-x", "c", path],
                              cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            bad.append(done.stderr)
    assert not bad, "\n".join(bad)


suite.finish()
