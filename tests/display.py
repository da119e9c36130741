"""A display of our own: Xvfb on a free number, for tests and measurements of the window."""
import os
import shutil
import subprocess
import tempfile


class Display:
    """with Display(1280, 720) as display: display.environment has DISPLAY set."""

    def __init__(self, width=1280, height=720):
        self.size = "%dx%dx24" % (width, height)

    @staticmethod
    def available():
        return all(shutil.which(tool) for tool in ("Xvfb", "xdotool", "import"))

    def __enter__(self):
        # Without -noreset it begins anew when its last client goes, and drops who is just coming.
        reader, writer = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", self.size, "-nolisten",
                                        "tcp", "-noreset"], pass_fds=[writer], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as numbers:
            self.name = ":" + numbers.readline().strip()
        self.more = {}  # what a test wants in the environment besides
        self.settings = tempfile.TemporaryDirectory(prefix="loopscope-settings-")  # never the user's own
        self.environment = dict(os.environ, DISPLAY=self.name, SDL_RENDER_DRIVER="software",
                                XDG_CONFIG_HOME=self.settings.name)
        self.environment.pop("WAYLAND_DISPLAY", None)
        self.environment.pop("SDL_VIDEODRIVER", None)
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()
        self.settings.cleanup()

    def tool(self, *words):
        """xdotool; its output."""
        return subprocess.run(["xdotool", *map(str, words)], env=self.environment, capture_output=True,
                              text=True, timeout=30, check=True).stdout.strip()

    def key(self, *keys):
        for key in keys:
            self.tool("key", "--clearmodifiers", key)

    def screenshot(self, file):
        subprocess.run(["import", "-window", "root", "-depth", "8", file], env=self.environment, check=True,
                       timeout=30)
