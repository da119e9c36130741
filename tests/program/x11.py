"""What xdotool can't do on an X display, by its libraries: close a window as a window manager does, look at the
pointer's shape, set the display's resources."""
import ctypes
import ctypes.util

CLIENT_MESSAGE = 33
# <X11/cursorfont.h>
SHAPES = {"arrow": 68, "hand": 60, "text": 152, "slide": 108, "move": 52}


class ClientMessage(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong), ("format", ctypes.c_int), ("data", ctypes.c_long * 5),
                ("rest", ctypes.c_long * 12)]


class CursorImage(ctypes.Structure):
    _fields_ = [("x", ctypes.c_short), ("y", ctypes.c_short), ("width", ctypes.c_ushort), ("height", ctypes.c_ushort),
                ("xhot", ctypes.c_ushort), ("yhot", ctypes.c_ushort), ("serial", ctypes.c_ulong),
                ("pixels", ctypes.POINTER(ctypes.c_ulong)), ("atom", ctypes.c_ulong), ("name", ctypes.c_char_p)]


def library(name, **results):
    found = ctypes.CDLL(ctypes.util.find_library(name))
    for function, result in results.items():
        getattr(found, function).restype = result
    return found


class Server:
    """with Server(":7") as server: a client of that display."""

    def __init__(self, name):
        self.name = name
        pointer, number = ctypes.c_void_p, ctypes.c_ulong
        self.x11 = library("X11", XOpenDisplay=pointer, XInternAtom=number, XDefaultRootWindow=number,
                           XCreateSimpleWindow=number, XCreateFontCursor=number)
        self.xfixes = library("Xfixes", XFixesGetCursorImage=ctypes.POINTER(CursorImage))

    def __enter__(self):
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(self.name.encode()))
        assert self.display.value, self.name
        self.root = ctypes.c_ulong(self.x11.XDefaultRootWindow(self.display))
        base, error = ctypes.c_int(), ctypes.c_int()
        assert self.xfixes.XFixesQueryExtension(self.display, ctypes.byref(base), ctypes.byref(error))
        return self

    def __exit__(self, *_):
        self.x11.XCloseDisplay(self.display)

    def atom(self, name):
        return self.x11.XInternAtom(self.display, name.encode(), 0)

    def close_window(self, window):
        """As the button of its frame does: the window is asked, and may end in order."""
        event = ClientMessage(type=CLIENT_MESSAGE, window=window, message_type=self.atom("WM_PROTOCOLS"), format=32)
        event.data[0] = self.atom("WM_DELETE_WINDOW")
        assert self.x11.XSendEvent(self.display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))
        self.x11.XSync(self.display, 0)

    def cursor(self):
        """The pixels of the pointer as it is shown now."""
        image = self.xfixes.XFixesGetCursorImage(self.display).contents
        count = image.width * image.height
        return (image.width, image.height, image.xhot, image.yhot, tuple(image.pixels[:count]))

    def shapes(self, pointer_to):
        """name -> pixels, of the shapes that a window can ask for: each is shown over a window of our own."""
        found = {}
        for name, shape in SHAPES.items():
            window = ctypes.c_ulong(self.x11.XCreateSimpleWindow(self.display, self.root, 0, 0, 40, 40, 0, ctypes.c_ulong(0),
                                                                 ctypes.c_ulong(0)))
            self.x11.XDefineCursor(self.display, window, ctypes.c_ulong(self.x11.XCreateFontCursor(self.display, shape)))
            self.x11.XMapRaised(self.display, window)
            self.x11.XSync(self.display, 0)
            pointer_to(20, 20)
            found[name] = self.cursor()
            self.x11.XDestroyWindow(self.display, window)
            self.x11.XSync(self.display, 0)
        assert len(set(found.values())) == len(SHAPES), "shapes that look the same"
        return found

    def set_resources(self, text):
        """What xrdb would load: "Xft.dpi: 192\\n"."""
        data = text.encode()
        self.x11.XChangeProperty(self.display, self.root, ctypes.c_ulong(self.atom("RESOURCE_MANAGER")), ctypes.c_ulong(31), 8, 0,
                                 data, len(data))
        self.x11.XSync(self.display, 0)
