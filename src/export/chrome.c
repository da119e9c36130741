/* The Chrome Trace Event Format: a thread a task, a thread for the loop's phases, asynchronous
 * slices for operations, arrows, counters. */
#include "export/chrome.h"
#include "export/export.h"
#include "export/fields.h"
#include "export/tracks.h"

#include <inttypes.h>
#include <stdio.h>

typedef struct Chrome {
    const Log *log;
    Stream stream;
    char pid[32]; /* ,"pid":1234 */
} Chrome;

/* Thread ids from 1: the loop's, then the tasks'. */
static uint64_t tid_of(uint64_t track) {
    return track + 1;
}

/* Lines are parted by ",\n": each but the first of all begins with one. */
static Pen begin(Chrome *chrome, char ph, uint64_t track) {
    Pen pen = pen_on(&chrome->stream.text);
    PEN_LITERAL(&pen, ",\n{\"ph\":\"");
    *pen.at++ = ph;
    *pen.at++ = '"';
    pen_word(&pen, chrome->pid);
    PEN_LITERAL(&pen, ",\"tid\":");
    pen_u64(&pen, tid_of(track));
    return pen;
}

static void end(Pen *pen) {
    *pen->at++ = '}';
    pen_lift(pen);
}

/* The name and its detail in one string. All ends of an arrow have one name. */
static void put_name(Pen *pen, const Mark *mark) {
    const bool is_arrow = mark->category == MARK_FLOW;
    pen_room(pen, 0);
    PEN_LITERAL(pen, ",\"name\":\"");
    pen_word(pen, is_arrow ? ARROW_NAMES[mark->arrow] : mark->name);
    if (mark->detail == NULL || is_arrow) {
        *pen->at++ = '"';
        return;
    }
    /* The detail's own opening quote is written over by the end of the name. */
    pen_lift(pen);
    const size_t quote = pen->buf->size_bytes;
    pen_json(pen, mark->detail, mark->detail_size_bytes);
    pen_lift(pen);
    char *text = pen->buf->data + quote;
    memmove(text, text + 1, pen->buf->size_bytes - quote - 1);
    pen->at = pen->buf->data + pen->buf->size_bytes - 1;
    pen_room(pen, 0);
}

static void put_kind(Pen *pen, const Mark *mark) {
    switch (mark->kind) {
    case MARK_SLICE:
        PEN_LITERAL(pen, ",\"dur\":");
        pen_us(pen, mark->dur_ns);
        break;
    case MARK_INSTANT:
        PEN_LITERAL(pen, ",\"s\":\"t\"");
        break;
    case MARK_ARROW_END:
        PEN_LITERAL(pen, ",\"bp\":\"e\",\"id\":");
        pen_u64(pen, mark->id);
        break;
    default:
        PEN_LITERAL(pen, ",\"id\":");
        pen_u64(pen, mark->id);
        break;
    }
}

static void chrome_mark(void *context, const Mark *mark) {
    static const char PHASES[] = "Xibnestf"; /* by MarkKind */
    Chrome *chrome = context;
    Pen pen = begin(chrome, PHASES[mark->kind], mark->track);
    PEN_LITERAL(&pen, ",\"ts\":");
    pen_us(&pen, mark->t_ns);
    put_kind(&pen, mark);
    PEN_LITERAL(&pen, ",\"cat\":\"");
    pen_word(&pen, MARK_CATEGORIES[mark->category]);
    *pen.at++ = '"';
    put_name(&pen, mark);
    if (mark->n != UINT64_MAX) {
        PEN_LITERAL(&pen, ",\"args\":");
        export_event_object(chrome->log, mark->n, &pen);
    }
    end(&pen);
}

static void chrome_count(void *context, TrackCounter counter, uint64_t t_ns, uint64_t value) {
    Pen pen = begin(context, 'C', TRACK_LOOP);
    PEN_LITERAL(&pen, ",\"ts\":");
    pen_us(&pen, t_ns);
    PEN_LITERAL(&pen, ",\"name\":\"");
    pen_word(&pen, TRACK_COUNTERS[counter]);
    PEN_LITERAL(&pen, "\",\"args\":{\"value\":");
    pen_u64(&pen, value);
    *pen.at++ = '}';
    end(&pen);
}

static Pen begin_metadata(Chrome *chrome, const char *what, uint64_t track) {
    Pen pen = begin(chrome, 'M', track);
    PEN_LITERAL(&pen, ",\"ts\":0,\"name\":\"");
    pen_word(&pen, what);
    PEN_LITERAL(&pen, "\",\"args\":{");
    return pen;
}

static void name(Chrome *chrome, const char *what, uint64_t track, const char *text,
                 size_t size_bytes) {
    Pen pen = begin_metadata(chrome, what, track);
    PEN_LITERAL(&pen, "\"name\":");
    pen_json(&pen, text, size_bytes);
    *pen.at++ = '}';
    end(&pen);
}

static void name_thread(Chrome *chrome, uint64_t track, const char *text, size_t size_bytes) {
    name(chrome, "thread_name", track, text, size_bytes);
    Pen pen = begin_metadata(chrome, "thread_sort_index", track);
    PEN_LITERAL(&pen, "\"sort_index\":");
    pen_u64(&pen, track);
    *pen.at++ = '}';
    end(&pen);
}

static void chrome_name_task(void *context, uint32_t task, const char *text, size_t size_bytes) {
    name_thread(context, TRACK_TASK + (uint64_t)task, text, size_bytes);
}

static void chrome_begin(void *context, uint32_t task_count) {
    (void)task_count;
    Chrome *chrome = context;
    Buf *out = &chrome->stream.text;
    Pen pen = pen_on(out);
    PEN_LITERAL(&pen, CHROME_HEAD_BEGIN);
    export_header_object(chrome->log, &pen);
    pen_room(&pen, 0);
    PEN_LITERAL(&pen, CHROME_HEAD_END);
    pen_lift(&pen);
    /* The first event stands without the comma that each line brings. */
    const size_t comma = out->size_bytes;
    Buf title = {0};
    buf_printf(&title, "loopscope: %s", log_header(chrome->log)->title);
    name(chrome, "process_name", TRACK_LOOP, buf_text(&title), title.size_bytes);
    buf_finish(&title);
    out->data[comma] = ' ';
    name_thread(chrome, TRACK_LOOP, TRACK_LOOP_NAME, sizeof TRACK_LOOP_NAME - 1);
}

bool export_chrome(const ExportJob *job, Diags *diags) {
    Chrome chrome = {.log = job->log};
    if (!stream_open(&chrome.stream, job, diags)) {
        return false;
    }
    snprintf(chrome.pid, sizeof chrome.pid, ",\"pid\":%" PRId64,
             log_header(job->log)->pid > 0 ? log_header(job->log)->pid : 1);
    const TrackSink sink = {&chrome,          &chrome.stream, chrome_begin,
                            chrome_name_task, chrome_mark,    chrome_count};
    const bool good = tracks_tell(&sink);
    buf_append_text(&chrome.stream.text, "\n" CHROME_TAIL "\n");
    return stream_close(&chrome.stream, good);
}
