/* Drops a file on a window, as a file manager does: an XDND source (freedesktop.org, XDND 5).
 *
 * usage: xdnd_drop WINDOW-ID FILE-URI */
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Source {
    Display *display;
    Window self, target;
} Source;

static Atom atom(const Source *source, const char *name) {
    return XInternAtom(source->display, name, False);
}

static void tell(const Source *source, const char *name, long a, long b, long c, long d) {
    XEvent event;
    memset(&event, 0, sizeof event);
    event.xclient.type = ClientMessage;
    event.xclient.window = source->target;
    event.xclient.message_type = atom(source, name);
    event.xclient.format = 32;
    const long words[5] = {(long)source->self, a, b, c, d};
    memcpy(event.xclient.data.l, words, sizeof words);
    XSendEvent(source->display, source->target, False, NoEventMask, &event);
    XFlush(source->display);
}

/* The target asks for the data by converting the selection: hand it the URI. */
static void hand_over(const Source *source, const XSelectionRequestEvent *request,
                      const char *uri) {
    XChangeProperty(source->display, request->requestor, request->property, request->target, 8,
                    PropModeReplace, (const unsigned char *)uri, (int)strlen(uri));
    XEvent reply;
    memset(&reply, 0, sizeof reply);
    reply.xselection.type = SelectionNotify;
    reply.xselection.requestor = request->requestor;
    reply.xselection.selection = request->selection;
    reply.xselection.target = request->target;
    reply.xselection.property = request->property;
    reply.xselection.time = request->time;
    XSendEvent(source->display, request->requestor, False, NoEventMask, &reply);
    XFlush(source->display);
}

int main(int argc, char **argv) {
    Source source = {.display = XOpenDisplay(NULL)};
    if (argc != 3 || source.display == NULL) {
        return 2;
    }
    source.target = (Window)strtoul(argv[1], NULL, 0);
    source.self =
        XCreateSimpleWindow(source.display, DefaultRootWindow(source.display), 0, 0, 1, 1, 0, 0, 0);
    XSetSelectionOwner(source.display, atom(&source, "XdndSelection"), source.self, CurrentTime);
    const long list = (long)atom(&source, "text/uri-list");
    tell(&source, "XdndEnter", 5L << 24, list, 0, 0);
    tell(&source, "XdndPosition", 0, 400L << 16 | 300, CurrentTime,
         (long)atom(&source, "XdndActionCopy"));
    int dropped = 0;
    for (XEvent event;;) {
        XNextEvent(source.display, &event);
        if (event.type == SelectionRequest) {
            hand_over(&source, &event.xselectionrequest, argv[2]);
        } else if (event.type == ClientMessage) {
            const Atom type = event.xclient.message_type;
            if (type == atom(&source, "XdndStatus") && !dropped) {
                dropped = 1;
                tell(&source, "XdndDrop", 0, CurrentTime, 0, 0);
            } else if (type == atom(&source, "XdndFinished")) {
                return 0;
            }
        }
    }
}
