/* The system calls that were really made, newest last: read off the events before the cursor. */
#include "view/stage.h"

#include "base/format.h"
#include "view/call_words.h"
#include "view/caption.h"

#include <stdio.h>
#include <string.h>

enum { CALLS_SHOWN = 3, CALLS_LOOK_BACK = 1 << 16, RESULTS_MAX = 64 };

typedef struct CallLine {
    char call[CALL_MAX_BYTES];
    char note[96];
    bool danger;
} CallLine;

typedef struct Calls {
    CallLine lines[CALLS_SHOWN]; /* newest first */
    size_t count;
    const Event *results[RESULTS_MAX]; /* completions that were passed on the way back */
    size_t result_count;
    const Event *polled; /* the answer to the poll that comes next on the way back */
    uint64_t newest_ns;  /* when the newest call was over */
    bool news_waited;    /* a completion was there before that poll: it can't have slept */
} Calls;

/* ---- lines ---- */

static void add_line(Calls *calls, const char *call, const char *note) {
    CallLine *line = &calls->lines[calls->count++];
    (void)snprintf(line->call, sizeof line->call, "%s", call);
    (void)snprintf(line->note, sizeof line->note, "%s", note);
}

static CallAnswer answer_of(const Calls *calls, uint32_t op) {
    for (size_t i = 0; i < calls->result_count; i++) {
        const Event *completed = calls->results[i];
        if (completed->id == op) {
            return (CallAnswer){
                .known = true, .result = completed->x, .error_text = completed->text};
        }
    }
    return (CallAnswer){.known = false};
}

/* Whether nobody has waited at this end before. Where that lies too far back it is not known. */
static bool is_first_watch(const Canvas *canvas, const Event *event) {
    enum { OPS_LOOK_BACK = 1024 };
    for (uint32_t op = event->id; op > 0; op--) {
        const OpEvents span = timeline_op(canvas->doc->timeline, op - 1);
        const Event *other = log_event(canvas->doc->log, span.submitted_n);
        const bool same_end = other->text == event->text && call_on_channel(other);
        if (same_end || event->id - op > OPS_LOOK_BACK) {
            return false;
        }
    }
    return true;
}

/* Watching a socket. epoll keeps a socket that was watched for bytes, so a later wait for them may
 * need no call; a wait for room always does. */
static void add_watch(Calls *calls, const Event *event, const Canvas *canvas) {
    char call[CALL_MAX_BYTES], note[64], end[CALL_NAME_MAX_BYTES];
    call_short_name(canvas->doc->log, event, end);
    const char *what = event->a == IO_SEND ? "OUT" : "IN";
    (void)snprintf(note, sizeof note, "to %s", call_plain_name((IoCall)event->a));
    if (event->c == VIA_EPOLL && is_first_watch(canvas, event)) {
        (void)snprintf(call, sizeof call, "epoll_ctl(ADD, %s, %s) = 0", end, what);
    } else if (event->c == VIA_EPOLL && event->a == IO_SEND) {
        (void)snprintf(call, sizeof call, "epoll_ctl(%s, %s) = 0", end, what);
    } else if (event->c == VIA_EPOLL) {
        (void)snprintf(call, sizeof call, "epoll watches %s", end);
    } else if (event->c == VIA_KQUEUE) {
        (void)snprintf(call, sizeof call, "kevent(EV_ADD, %s) = 0", end);
    } else {
        (void)snprintf(call, sizeof call, "watch(%s)", end);
    }
    add_line(calls, call, note);
}

static void add_submitted(Calls *calls, const Event *event, const Canvas *canvas) {
    if (call_on_channel(event) && event->c != VIA_OVERLAPPED) {
        add_watch(calls, event, canvas);
        return;
    }
    char call[CALL_MAX_BYTES];
    char note[64] = "helper";
    const IoCall kind = (IoCall)event->a;
    const CallAnswer answer = answer_of(calls, event->id);
    if (event->c == VIA_IO_URING || event->c == VIA_OVERLAPPED) {
        (void)snprintf(note, sizeof note, "1 %s", call_plain_name(kind));
    } else if (event->c == VIA_SIM) {
        (void)snprintf(note, sizeof note, "simulated");
    }
    call_words(canvas->doc->log, event, &answer, call);
    add_line(calls, call, note);
}

static void add_blocking(Calls *calls, const Event *event, const Canvas *canvas) {
    const bool simulated = stage_simulated(canvas);
    char call[CALL_MAX_BYTES], note[64], took[FORMAT_MAX];
    format_duration(took, (uint64_t)event->z);
    const CallAnswer answer = {
        .known = true, .result = event_io_result(event), .error_text = event_io_error_text(event)};
    call_words(canvas->doc->log, event, &answer, call);
    if (call_on_channel(event)) {
        (void)snprintf(note, sizeof note, "%s %s", simulated ? "simulated," : "at once,", took);
    } else if (event_io_in_thread(event)) {
        (void)snprintf(note, sizeof note, "helper, %s", took);
    } else {
        (void)snprintf(note, sizeof note, "%s %s", simulated ? "simulated," : "blocked", took);
    }
    add_line(calls, call, note);
}

/* "epoll_pwait2() = 1, slept 374 µs", or, while it lasts, "epoll_pwait2() ...". */
static void add_poll(Calls *calls, const Event *poll, const Canvas *canvas, bool news_wait) {
    const Log *log = canvas->doc->log;
    const bool simulated = stage_simulated(canvas);
    char call[CALL_MAX_BYTES], note[96], time[FORMAT_MAX], count[FORMAT_MAX];
    call_wait_words(log, poll, calls->polled, call);
    if (calls->polled != NULL) {
        format_duration(time, calls->polled->t_ns - poll->t_ns);
        (void)snprintf(note, sizeof note, simulated ? "simulated, %s" : "slept %s", time);
        if (poll->x == 0 || calls->news_waited) {
            (void)snprintf(note, sizeof note, "did not sleep");
        } else if (calls->polled->y > 1) {
            (void)snprintf(note, sizeof note, "%s calls, %s",
                           format_count(count, (uint64_t)calls->polled->y), time);
        }
    } else {
        if (poll->x == 0 || news_wait) {
            (void)snprintf(note, sizeof note, "does not sleep");
        } else if (poll->x < 0) {
            (void)snprintf(note, sizeof note, "asleep");
        } else {
            format_duration(time, (uint64_t)poll->x);
            (void)snprintf(note, sizeof note, "at most %s", time);
        }
    }
    calls->polled = NULL;
    calls->news_waited = false;
    add_line(calls, call, note);
}

/* While one handle keeps the thread, the loop asks the system for nothing. */
static void add_silence(Calls *calls, const StageModel *model) {
    const uint64_t silent_ns = model->loop.now_ns - calls->newest_ns;
    if (!model->frozen || calls->count == 0 || silent_ns * 2 < model->frozen_ns) {
        return;
    }
    const size_t kept = calls->count < CALLS_SHOWN ? calls->count : CALLS_SHOWN - 1;
    for (size_t i = kept; i > 0; i--) {
        calls->lines[i] = calls->lines[i - 1];
    }
    char duration[FORMAT_MAX];
    format_duration(duration, silent_ns);
    calls->lines[0] = (CallLine){.danger = true};
    (void)snprintf(calls->lines[0].call, sizeof calls->lines[0].call, "none for %s", duration);
    calls->count = kept + 1;
}

static void calls_collect(Calls *calls, const StageModel *model, const Canvas *canvas) {
    const Log *log = canvas->doc->log;
    for (uint64_t n = model->count;
         n > 0 && model->count - n < CALLS_LOOK_BACK && calls->count < CALLS_SHOWN; n--) {
        const Event *event = log_event(log, n - 1);
        const size_t before = calls->count;
        const uint64_t answered_ns = calls->polled ? calls->polled->t_ns : 0;
        switch (event->kind) {
        case EV_IO_COMPLETED:
            calls->news_waited |=
                timeline_op(canvas->doc->timeline, event->id).arrived_n != UINT64_MAX;
            if (calls->result_count < RESULTS_MAX) {
                calls->results[calls->result_count++] = event;
            }
            break;
        case EV_IO_SUBMITTED:
            if (event->a != IO_THREAD) { /* a function on a helper thread is no call */
                add_submitted(calls, event, canvas);
            }
            break;
        case EV_IO_BLOCKING:
            add_blocking(calls, event, canvas);
            break;
        case EV_POLLED:
            calls->polled = event;
            break;
        case EV_POLL:
            add_poll(calls, event, canvas, model->loop.arrived > 0);
            break;
        default:
            break;
        }
        if (before == 0 && calls->count == 1) {
            calls->newest_ns = answered_ns > event->t_ns ? answered_ns : event->t_ns;
        }
    }
    add_silence(calls, model);
}

/* ---- drawing ---- */

/* What a call was given and what it answered is told whole: a long name loses its middle first, as
 * GetQueuedCompletionStatusEx does, which stands whole below the ring. */
static const char *call_shorten(const Canvas *canvas, Font font, float size_u, float max_px,
                                const char *call, char out[CALL_MAX_BYTES]) {
    enum { ENDS_LEAST = 6 };
    const size_t name = strcspn(call, "(");
    for (size_t ends = name; ends >= ENDS_LEAST; ends--) {
        const size_t tail = ends / 2;
        (void)snprintf(out, CALL_MAX_BYTES, "%.*s%s%s", (int)(ends - tail), call,
                       ends < name ? "…" : "", call + name - tail);
        if (canvas_width(canvas, font, size_u, out) <= max_px) {
            return out;
        }
    }
    return call;
}

/* A call and what is to be said of it: beside it, or, of the newest, below. */
static void line_draw(const Canvas *canvas, const CallLine *line, float y, bool newest) {
    const Theme *theme = canvas->theme;
    const Rect area = canvas->layout->syscalls;
    const float u = canvas->u;
    const Font font = newest ? FONT_MONO_BOLD : FONT_MONO;
    char whole[CALL_MAX_BYTES];
    const char *call =
        call_shorten(canvas, font, 13 / canvas->text_scale, area.w, line->call, whole);
    const float note = canvas->text_scale > 1 || line->note[0] == '\0'
                           ? 0
                           : canvas_width(canvas, FONT_REGULAR, 13.5f, line->note);
    const bool beside = note <= area.w - canvas_width(canvas, font, 15, call) - 14 * u;
    const bool below = !beside && newest && note > 0;
    scene_rect(canvas->scene,
               (Rect){area.x - 6 * u, y - 13 * u, area.w + 12 * u, (below ? 48 : 26) * u}, 6 * u,
               (Style){.fill = newest ? theme->kernel_card : theme->kernel});
    canvas_name_fit(canvas, font, 15,
                    line->danger ? theme->danger
                    : newest     ? theme->ink
                                 : theme->kernel_ink,
                    area.x + 2 * u, y, ALIGN_LEFT, area.w, call);
    if (note > 0 && (beside || below)) {
        canvas_text(canvas, FONT_REGULAR, 13.5f, theme->kernel_ink, area.x + area.w - 2 * u,
                    below ? y + 22 * u : y, ALIGN_RIGHT, line->note);
    }
}

void stage_calls_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const Rect area = canvas->layout->syscalls;
    const float u = canvas->u;
    const bool simulated = stage_simulated(canvas);
    title_draw(canvas, area.x, area.y - canvas->layout->title_dy, area.x + area.w,
               simulated ? "Simulated calls" : "System calls", -1, "newest last", theme->kernel_ink,
               theme->kernel_card);
    Calls calls = {.count = 0};
    calls_collect(&calls, &stage->after, canvas);
    for (size_t i = 0; i < calls.count; i++) {
        line_draw(canvas, &calls.lines[calls.count - 1 - i], area.y + (16 + 28 * (float)i) * u,
                  i == calls.count - 1);
    }
    if (calls.count == 0) {
        canvas_text(canvas, FONT_REGULAR, 14, theme->kernel_ink, area.x, area.y + 16 * u,
                    ALIGN_LEFT,
                    stage->after.count <= CALLS_LOOK_BACK ? "none yet" : "none for a long time");
    }
}
