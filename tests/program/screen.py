"""The real window on a display of our own, for the tests that drive it as a user does."""
import json
import os
import re
import signal
import subprocess
import time

from harness import ENVIRONMENT, PROGRAM, ROOT, equal

PATIENCE_S = 40  # sanitizers on a busy machine; a test waits for a state, never for a time


def until(what, condition):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("never came: " + what)


class Window:
    """with Window(display, arguments...) as window: the program with its window on the screen."""

    def __init__(self, display, *arguments, width=1280, height=720, cwd=ROOT):
        self.display, self.arguments, self.size, self.cwd = display, arguments, (width, height), cwd

    def __enter__(self):
        environment = dict(ENVIRONMENT, **{key: self.display.environment[key] for key in ("DISPLAY", "SDL_RENDER_DRIVER", "XDG_CONFIG_HOME")})
        environment.pop("SDL_VIDEODRIVER", None)
        environment.update(self.display.more)
        self.process = subprocess.Popen([PROGRAM, *self.arguments], cwd=self.cwd, env=environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.id = until("a window", self.find)
        until("a frame", lambda: self.colours() > 8)
        return self

    def find(self):
        assert self.process.poll() is None, self.process.stderr.read().decode()
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Loopscope"], text=True,
                               env=self.display.environment, capture_output=True).stdout.split()
        return found[-1] if found else None

    def colours(self):
        found = subprocess.run(["import", "-window", "root", "-format", "%k", "info:"], text=True,
                               env=self.display.environment, capture_output=True).stdout
        return int(found or 0)

    def title(self):
        return self.display.tool("getwindowname", self.id)

    def key(self, *keys):
        self.display.key(*keys)

    def click(self, x, y):
        self.display.tool("mousemove", x, y, "click", 1)

    def shot(self, file):
        """The screen, once it does not change any more."""
        last = None
        for _ in range(int(PATIENCE_S / 0.3)):
            self.display.screenshot(file)
            with open(file, "rb") as picture:
                pixels = picture.read()
            if pixels == last:
                return file
            last = pixels
            time.sleep(0.3)
        raise AssertionError("the screen never comes to rest")

    def close(self):
        # The window may be gone before the keys are up again, which xdotool takes as an error, and
        # leaves them down for the next window.
        for words in (["key", "ctrl+q"], ["keyup", "q"], ["keyup", "ctrl"]):
            subprocess.run(["xdotool", *words], env=self.display.environment, stderr=subprocess.DEVNULL)
        out, err = self.process.communicate(timeout=PATIENCE_S)
        equal(self.process.returncode, 0, err.decode())
        return err.decode()

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            if kind is None:
                self.close()
            else:
                self.process.send_signal(signal.SIGKILL)
                print(self.process.communicate()[1].decode()[-3000:])


def traced(path):
    try:
        with open(path, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines.read().split("\n")[1:-1]]
    except FileNotFoundError:
        return []


def differing(a, b):
    """How many pixels of two pictures differ."""
    done = subprocess.run(["compare", "-metric", "AE", a, b, "null:"], capture_output=True, text=True)
    return float(re.match(r"[\d.e+]+", done.stderr).group(0))


DIALOGS = ("zenity", "matedialog", "qarma", "yad", "kdialog")


def dialogs(folder, **programs):
    """An environment whose file dialogs are these shell scripts alone; all others are not there."""
    place = os.path.join(folder, "dialogs")
    os.makedirs(place, exist_ok=True)
    for name in DIALOGS:
        with open(os.path.join(place, name), "w", encoding="utf-8") as script:
            script.write("#!/bin/sh\n%s\n" % programs.get(name, "exit 127"))
        os.chmod(os.path.join(place, name), 0o755)
    return {"PATH": place + os.pathsep + os.environ["PATH"], "XDG_CURRENT_DESKTOP": "none"}
