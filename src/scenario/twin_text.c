/* Texts and numbers as Python writes them. */
#include "scenario/twin.h"

#include "base/utf8.h"

#include <inttypes.h>

/* What an editor does not show, or shows as something else than it is. */
static bool is_hidden(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code <= 0xA0) || code == 0xAD || code == 0x61C ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || (code >= 0xD800 && code <= 0xF8FF) ||
           code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) || code == 0xFFFE ||
           code == 0xFFFF || code >= 0xE0000;
}

static void append_hidden(Buf *out, uint32_t code) {
    if (code == '\n' || code == '\r' || code == '\t') {
        buf_append_text(out, code == '\n' ? "\\n" : code == '\r' ? "\\r" : "\\t");
    } else if (code <= 0xFF) {
        buf_printf(out, "\\x%02x", (unsigned)code);
    } else if (code <= 0xFFFF) {
        buf_printf(out, "\\u%04x", (unsigned)code);
    } else {
        buf_printf(out, "\\U%08x", (unsigned)code);
    }
}

void twin_append_escaped(Buf *out, const char *text, size_t length, bool in_f_string) {
    for (size_t i = 0; i < length;) {
        uint32_t code = 0;
        const size_t used = utf8_decode(text + i, length - i, &code, NULL);
        if (code == '"' || code == '\\') {
            buf_append_char(out, '\\');
            buf_append_char(out, (char)code);
        } else if (in_f_string && (code == '{' || code == '}')) {
            buf_append_char(out, (char)code);
            buf_append_char(out, (char)code);
        } else if (is_hidden(code)) {
            append_hidden(out, code);
        } else {
            buf_append(out, text + i, used);
        }
        i += used;
    }
}

void twin_append_seconds(Buf *out, uint64_t ns) {
    const uint64_t second = UINT64_C(1000000000);
    buf_append_u64(out, ns / second);
    uint64_t rest = ns % second;
    if (rest == 0) {
        return;
    }
    int digits = 9;
    for (; rest % 10 == 0; rest /= 10) {
        digits--;
    }
    buf_printf(out, ".%0*" PRIu64, digits, rest);
}

void twin_append_size(Buf *out, uint64_t size_bytes) {
    const uint64_t kib = 1024;
    if (size_bytes > 0 && size_bytes % (kib * kib) == 0) {
        buf_printf(out, "%" PRIu64 " * 1024 * 1024", size_bytes / (kib * kib));
    } else if (size_bytes > 0 && size_bytes % kib == 0) {
        buf_printf(out, "%" PRIu64 " * 1024", size_bytes / kib);
    } else {
        buf_append_u64(out, size_bytes);
    }
}
