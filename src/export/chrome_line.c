#include "export/chrome.h"
#include "export/fields.h"

/* Lines are parted by ",\n": each but the first of all (a name, chrome.c) begins with one. */
static Pen begin(ChromeLine *line, char ph, uint64_t tid) {
    Pen pen = pen_on(line->out);
    PEN_LITERAL(&pen, ",\n{\"ph\":\"");
    *pen.at++ = ph;
    *pen.at++ = '"';
    pen_word(&pen, line->pid);
    PEN_LITERAL(&pen, ",\"tid\":");
    pen_u64(&pen, tid);
    return pen;
}

static void end(Pen *pen) {
    *pen->at++ = '}';
    pen_lift(pen);
}

/* The name and its detail in one string; the detail is a text of the trace, cut if long. */
static void put_name(Pen *pen, const ChromeEvent *event) {
    enum { DETAIL_MAX_BYTES = 120 };
    pen_room(pen, 0);
    PEN_LITERAL(pen, ",\"name\":\"");
    pen_word(pen, event->name);
    if (event->detail == NULL) {
        *pen->at++ = '"';
        return;
    }
    size_t size_bytes = event->detail_size_bytes;
    if (size_bytes > DETAIL_MAX_BYTES) {
        size_bytes = DETAIL_MAX_BYTES;
        while (size_bytes > 0 && ((unsigned char)event->detail[size_bytes] & 0xC0) == 0x80) {
            size_bytes--;
        }
    }
    /* The detail's own opening quote is written over by the end of the name. */
    pen_lift(pen);
    const size_t quote = pen->buf->size_bytes;
    pen_json(pen, event->detail, size_bytes);
    pen_lift(pen);
    char *text = pen->buf->data + quote;
    memmove(text, text + 1, pen->buf->size_bytes - quote - 1);
    pen->at = pen->buf->data + pen->buf->size_bytes - 1;
    pen_room(pen, 0);
}

static void put_kind(Pen *pen, const ChromeEvent *event) {
    switch (event->ph) {
    case 'X':
        PEN_LITERAL(pen, ",\"dur\":");
        pen_us(pen, event->dur_ns);
        break;
    case 'i':
        PEN_LITERAL(pen, ",\"s\":\"t\"");
        break;
    case 'f':
        PEN_LITERAL(pen, ",\"bp\":\"e\",\"id\":");
        pen_u64(pen, event->id);
        break;
    default:
        PEN_LITERAL(pen, ",\"id\":");
        pen_u64(pen, event->id);
        break;
    }
}

void chrome_event(ChromeLine *line, const ChromeEvent *event) {
    Pen pen = begin(line, event->ph, event->tid);
    PEN_LITERAL(&pen, ",\"ts\":");
    pen_us(&pen, event->t_ns);
    put_kind(&pen, event);
    PEN_LITERAL(&pen, ",\"cat\":\"");
    pen_word(&pen, event->cat);
    *pen.at++ = '"';
    put_name(&pen, event);
    if (event->n != UINT64_MAX) {
        PEN_LITERAL(&pen, ",\"args\":");
        export_event_object(line->log, event->n, &pen);
    }
    end(&pen);
}

void chrome_counter(ChromeLine *line, const char *name, uint64_t t_ns, uint64_t value) {
    Pen pen = begin(line, 'C', CHROME_LOOP_TID);
    PEN_LITERAL(&pen, ",\"ts\":");
    pen_us(&pen, t_ns);
    PEN_LITERAL(&pen, ",\"name\":\"");
    pen_word(&pen, name);
    PEN_LITERAL(&pen, "\",\"args\":{\"value\":");
    pen_u64(&pen, value);
    *pen.at++ = '}';
    end(&pen);
}

static Pen begin_metadata(ChromeLine *line, const char *what, uint64_t tid) {
    Pen pen = begin(line, 'M', tid);
    PEN_LITERAL(&pen, ",\"ts\":0,\"name\":\"");
    pen_word(&pen, what);
    PEN_LITERAL(&pen, "\",\"args\":{");
    return pen;
}

void chrome_name(ChromeLine *line, const char *what, uint64_t tid, const char *name,
                 size_t length) {
    Pen pen = begin_metadata(line, what, tid);
    PEN_LITERAL(&pen, "\"name\":");
    pen_json(&pen, name, length);
    *pen.at++ = '}';
    end(&pen);
}

void chrome_sort_index(ChromeLine *line, const char *what, uint64_t tid, uint64_t index) {
    Pen pen = begin_metadata(line, what, tid);
    PEN_LITERAL(&pen, "\"sort_index\":");
    pen_u64(&pen, index);
    *pen.at++ = '}';
    end(&pen);
}
