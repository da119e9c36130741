/* The reader: what is damaged is named by its line, what stands before it is kept, and nothing that
 * a file can hold does harm. */
#include "read_alike.h"
#include "temp_file.h"
#include "trace_random.h"

#include "export/export.h"

#define HEAD "{\"loopscope_trace\": 1, \"title\": \"t\", \"backend\": \"sim\"}\n"
#define ZERO "{\"n\": 0, \"t\": 0, \"ev\": \"task_created\", \"task\": 0, \"name\": \"a\"}\n"

static Log *read_text(const char *text, Diags *diags) {
    return trace_read_text("t.jsonl", text, strlen(text), diags);
}

/* `line` stands third. It must be refused for `why`, in that column, and the second one be kept. */
static void damaged_at(const char *line, uint32_t column, const char *why) {
    Buf text = {0};
    Diags diags = {0};
    buf_append_text(&text, HEAD ZERO);
    buf_append_text(&text, line);
    buf_append_text(&text, "\n{\"n\": 2, \"t\": 9, \"ev\": \"loop_start\"}\n");
    Log *log = read_text(buf_text(&text), &diags);
    assert_non_null(log);
    assert_true(log_finished(log));
    if (diags.count != 1 || strstr(diags.items[0].message, why) == NULL) {
        fail_msg("%s: \"%s\", not \"%s\"", line,
                 diags.count == 0 ? "nothing" : diags.items[0].message, why);
    }
    assert_int_equal(log_count(log), 1);
    assert_int_equal(diags.items[0].line, 3);
    assert_non_null(strstr(diags.items[0].message, "the 1 event before it is kept"));
    if (column > 0) {
        assert_int_equal(diags.items[0].column, column);
    }
    log_destroy(log);
    read_alike(buf_text(&text), text.size_bytes);
    diags_finish(&diags);
    buf_finish(&text);
}

static void damaged(const char *fields, const char *why) {
    Buf line = {0};
    buf_printf(&line, "{\"n\": 1, \"t\": 5, %s}", fields);
    damaged_at(buf_text(&line), 0, why);
    buf_finish(&line);
}

static void syntax(void **unused) {
    (void)unused;
    damaged_at("", 0, "an object is expected");
    damaged_at("[]", 1, "an object is expected");
    damaged_at("{\"n\": 1", 8, "a comma or } is expected");
    damaged_at("{\"n\" 1}", 6, "a colon is expected");
    damaged_at("{n: 1}", 2, "a key in quotes");
    damaged_at("{\"n\": 1,}", 9, "a key in quotes");
    damaged_at("{\"n\": }", 7, "no number");
    damaged_at("{\"n\": 01}", 7, "no number");
    damaged_at("{\"n\": 1.}", 9, "a digit is missing");
    damaged_at("{\"n\": 1e+}", 10, "a digit is missing");
    damaged_at("{\"n\": tru}", 7, "no JSON value");
    damaged_at("{\"n\": \"a}", 10, "no end");
    damaged_at("{\"n\": \"\\x\"}", 9, "unknown escape");
    damaged_at("{\"n\": \"\\u12g4\"}", 0, "hexadecimal");
    damaged_at("{\"n\": \"\\ud800\"}", 0, "surrogate");
    damaged_at("{\"n\": \"\\udc00\\ud800\"}", 0, "surrogate");
    damaged_at("{\"n\": \"a\tb\"}", 9, "control character");
    damaged_at("{\"n\": \"\xC3\x28\"}", 8, "no UTF-8");
    damaged_at("{\"n\": \"\xED\xA0\x80\"}", 8, "no UTF-8");
    damaged_at("{\"n\": [1, {\"a\": ]}", 0, "no number");
    damaged_at("{\"n\": 1, \"t\": 5, \"ev\": \"loop_start\"} x", 0, "behind the object");
    damaged_at("{\"n\": 1, \"t\": 5, \"ev\": \"loop_start\"}{}", 0, "behind the object");
}

static void place_in_the_trace(void **unused) {
    (void)unused;
    damaged_at("{\"n\": 0, \"t\": 5, \"ev\": \"loop_start\"}", 7, "\"n\" must be 1");
    damaged_at("{\"n\": 2, \"t\": 5, \"ev\": \"loop_start\"}", 7, "\"n\" must be 1");
    damaged_at("{\"n\": -1, \"t\": 5, \"ev\": \"loop_start\"}", 7, "\"n\" must be 1");
    damaged_at("{\"n\": \"1\", \"t\": 5, \"ev\": \"loop_start\"}", 0, "\"n\" must be 1");
    damaged_at("{\"n\": 1, \"t\": -5, \"ev\": \"loop_start\"}", 0, "\"t\" must be");
    damaged_at("{\"n\": 1, \"t\": 1.5, \"ev\": \"loop_start\"}", 0, "\"t\" must be");
    damaged_at("{\"n\": 1, \"t\": 99999999999999999999, \"ev\": \"loop_start\"}", 0, "\"t\" must");
    damaged_at("{\"t\": 5, \"ev\": \"loop_start\"}", 0, "\"n\" is missing");
    damaged_at("{\"n\": 1, \"ev\": \"loop_start\"}", 0, "\"t\" is missing");
    damaged_at("{\"n\": 1, \"t\": 5}", 0, "\"ev\" is missing");
    damaged_at("{\"n\": 1, \"t\": 5, \"ev\": \"loop_stat\"}", 0, "the event loop_stat is unknown");
    damaged_at("{\"n\": 1, \"t\": 5, \"ev\": 3}", 0, "is unknown");
    damaged_at("{\"n\": 1, \"n\": 1, \"t\": 5, \"ev\": \"loop_start\"}", 0, "stands twice");
}

static void time_never_decreases(void **unused) {
    (void)unused;
    Diags diags = {0};
    Log *log =
        read_text(HEAD "{\"n\": 0, \"t\": 7, \"ev\": \"loop_start\"}\n"
                       "{\"n\": 1, \"t\": 7, \"ev\": \"poll\", \"timeout\": null}\n"
                       "{\"n\": 2, \"t\": 6, \"ev\": \"polled\", \"events\": 0, \"calls\": 1}\n",
                  &diags);
    assert_int_equal(log_count(log), 2);
    assert_int_equal(diags.items[0].line, 4);
    assert_non_null(strstr(diags.items[0].message, "before the last event's 7"));
    log_destroy(log);
    diags_finish(&diags);
}

static void fields(void **unused) {
    (void)unused;
    damaged("\"ev\": \"loop_start\", \"task\": 1", "\"task\" is unknown here");
    damaged("\"ev\": \"step\", \"task\": 0", "\"at\" is missing");
    damaged("\"ev\": \"step\", \"at\": \"/x\"", "\"task\" is missing");
    damaged("\"ev\": \"step\", \"task\": 0, \"at\": 7", "\"at\" must be a text");
    damaged("\"ev\": \"step\", \"task\": -1, \"at\": \"\"", "\"task\" must be an id");
    damaged("\"ev\": \"step\", \"task\": 4294967295, \"at\": \"\"", "\"task\" must be an id");
    damaged("\"ev\": \"step\", \"task\": null, \"at\": \"\"", "\"task\" must be an id");
    damaged("\"ev\": \"step\", \"task\": 0, \"task\": 0, \"at\": \"\"", "stands twice");
    damaged("\"ev\": \"task_ready\", \"task\": 0, \"why\": \"bored\"", "does not know bored");
    damaged("\"ev\": \"task_ready\", \"task\": 0, \"why\": true", "does not know true");
    damaged("\"ev\": \"poll\"", "\"timeout\" is missing");
    damaged("\"ev\": \"poll\", \"timeout\": -1", "\"timeout\" must be an integer from 0");
    damaged("\"ev\": \"polled\", \"events\": 1e2, \"calls\": 1", "\"events\" must be an integer");
    damaged("\"ev\": \"polled\", \"events\": 9223372036854775808, \"calls\": 1",
            "\"events\" must be an integer");
    damaged("\"ev\": \"callback_run\", \"callback\": 0, \"cancelled\": 1", "true or false");
    damaged("\"ev\": \"io_completed\", \"op\": 0, \"result\": -4096", "from -4095");
    damaged("\"ev\": \"loop_stop\", \"reason\": \"\"", "does not know");
    damaged("\"ev\": \"cancel_requested\", \"task\": 0, \"by\": \"someone\"", "someone");
    damaged("\"ev\": \"cancel_requested\", \"task\": 0, \"by\": \"\"", "\"by\" does not know");
    damaged("\"ev\": \"cancel_requested\", \"task\": 0", "\"by\" is missing");
    damaged("\"ev\": \"limit\", \"what\": \"x\", \"value\": [1]", "\"value\" must be");
    damaged("\"ev\": \"loop_start\", \"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,"
            "\"h\":1,\"i\":1,\"j\":1,\"k\":1,\"l\":1,\"m\":1,\"o\":1",
            "more fields");
}

static void fields_of_many_slots(void **unused) {
    (void)unused;
    const char *write = "\"ev\": \"io_blocking\", \"task\": 0, \"call\": \"write\", "
                        "\"path\": \"a\", \"bytes\": 10, \"offset\": 0, \"took\": 5, ";
    const struct {
        const char *fields, *why;
    } BLOCKING[] = {{"\"result\": 11", "does not fit"},
                    {"\"result\": -4096", "from -4095"},
                    {"\"took\": 1", "\"result\" is missing"},
                    {"\"result\": 3, \"error\": \"x\"", "tells of none"},
                    {"\"result\": -3, \"error\": 5", "must be a text"},
                    {"\"result\": 3, \"thread\": 5", "true or false"},
                    {"\"result\": 3, \"channel\": \"c\"", "\"channel\" is unknown here"}};
    for (size_t i = 0; i < sizeof BLOCKING / sizeof *BLOCKING; i++) {
        Buf whole = {0};
        buf_printf(&whole, "%s%s", write, BLOCKING[i].fields);
        damaged(buf_text(&whole), BLOCKING[i].why);
        buf_finish(&whole);
    }
    damaged("\"ev\": \"io_blocking\", \"task\": 0, \"call\": \"write\", \"bytes\": 99999999999, "
            "\"offset\": null, \"took\": 5, \"result\": 0",
            "does not fit");
    const char *waits = "\"ev\": \"task_waiting\", \"task\": 0, \"on\": \"tasks\", ";
    const struct {
        const char *fields, *why;
    } WAITING[] = {{"\"op\": 1, \"timer\": 1", "one of"},
                   {"\"op\": \"1\"", "\"op\" must be an id"},
                   {"\"target\": 1.5", "\"target\" must be an id"},
                   {"\"target\": {}", "\"target\" must be an id"},
                   {"\"target\": [1, -2]", "\"target\" must be an id"},
                   {"\"target\": [1, [2]]", "\"target\" must be an id"}};
    for (size_t i = 0; i < sizeof WAITING / sizeof *WAITING; i++) {
        Buf whole = {0};
        buf_printf(&whole, "%s%s", waits, WAITING[i].fields);
        damaged(buf_text(&whole), WAITING[i].why);
        buf_finish(&whole);
    }
    damaged("\"ev\": \"deadlock\", \"tasks\": {}", "must be an array");
    damaged("\"ev\": \"deadlock\", \"tasks\": [5]", "must be an object");
    damaged("\"ev\": \"deadlock\", \"tasks\": [{\"on\": \"io\"}]", "\"task\" is missing");
    damaged("\"ev\": \"deadlock\", \"tasks\": [{\"task\": 0, \"on\": \"mars\"}]", "mars");
}

static void keys_in_any_order_and_blanks(void **unused) {
    (void)unused;
    Diags diags = {0};
    Log *log = read_text(
        "  {\"held\": false, \"later\": {\"x\": [1, 2, {}]}, \"loopscope_trace\": 1 } \r\n"
        "\t{ \"name\" : \"\\u0061\\ud83d\\ude00\\u0000\" , \"ev\":\"task_created\",\"t\":0,"
        "\"task\":0,\"n\":0}\r\n"
        "{\"task\":0,\"thread\":false,\"took\":1,\"result\":4,\"offset\":null,"
        "\"path\":\"a\",\"bytes\":5,\"call\":\"read\",\"ev\":\"io_blocking\",\"t\":1,"
        "\"n\":1}",
        &diags);
    assert_non_null(log);
    assert_int_equal(diags.count, 0);
    assert_int_equal(log_count(log), 2); /* the last line ends without a newline, but is whole */
    size_t length = 0;
    assert_memory_equal(log_text(log, log_event(log, 0)->text, &length), "a\xF0\x9F\x98\x80\0", 6);
    assert_int_equal(length, 6);
    assert_int_equal(event_io_result(log_event(log, 1)), 4);
    log_destroy(log);
}

static void no_trace_at_all(void **unused) {
    (void)unused;
    const struct {
        const char *text, *why;
    } CASES[] = {{"", "not a Loopscope trace"},
                 {"\n", "not a Loopscope trace"},
                 {"hello\n", "not a Loopscope trace"},
                 {"{}\n", "must be an object with \"loopscope_trace\": 1"},
                 {"{\n  \"title\": 1\n}\n", "not a Loopscope trace"},
                 {"{\"loopscope_trace\": 0}\n", "\"loopscope_trace\": 1"},
                 {"{\"loopscope_trace\": true}\n", "\"loopscope_trace\": 1"},
                 {"{\"loopscope_trace\": 2}\n", "newer Loopscope (format 2"},
                 {"{\"title\": 5, \"loopscope_trace\": 77}\n", "newer Loopscope (format 77"},
                 {"{\"loopscope_trace\": 1, \"title\": 5}\n", "\"title\""},
                 {"{\"loopscope_trace\": 1, \"title\": \"a\\u0000b\"}\n", "\"title\""},
                 {"{\"loopscope_trace\": 1, \"held\": 1}\n", "\"held\""},
                 {"{\"loopscope_trace\": 1, \"pid\": \"1\"}\n", "\"pid\""},
                 {"{\"loopscope_trace\": 1, \"seed\": -1}\n", "\"seed\""},
                 {"{\"loopscope_trace\": 1, \"source\": \"a\", \"source\": \"b\"}\n", "\"source\""},
                 {"{\"loopscope_trace\": 1} {}\n", "not a Loopscope trace"},
                 {"{\"loopscope_trace\": 1", "not a Loopscope trace"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Diags diags = {0};
        assert_null(read_text(CASES[i].text, &diags));
        assert_int_equal(diags.count, 1);
        assert_int_equal(diags.items[0].line, 1);
        if (strstr(diags.items[0].message, CASES[i].why) == NULL) {
            fail_msg("%s: %s", CASES[i].text, diags.items[0].message);
        }
        diags_finish(&diags);
    }
}

/* What a later version, or another program, tells in its header stays in the copy. */
static void unknown_members_of_the_header_are_kept(void **unused) {
    (void)unused;
    static const char TEXT[] = "{\"recorder\": \"a \\\"b\\\" \xC3\xA9\", \"loopscope_trace\": 1, "
                               "\"title\":\"t\",\"deep\":{\"x\": "
                               "[1, null]}, \"pid\": 7, \"n\":-1.5e3}\n" ZERO;
    static const char MORE[] = ", \"recorder\": \"a \\\"b\\\" \xC3\xA9\", \"deep\": {\"x\": [1, "
                               "null]}, \"n\": -1.5e3, \"source\"";
    Diags diags = {0};
    Buf once = {0}, twice = {0};
    Log *log = read_text(TEXT, &diags);
    export_header_line(log, &once);
    assert_non_null(strstr(buf_text(&once), MORE));
    Log *again = read_text(buf_text(&once), &diags);
    export_header_line(again, &twice);
    assert_string_equal(buf_text(&once), buf_text(&twice));
    assert_int_equal(diags.count, 0);
    log_destroy(log);
    log_destroy(again);
    buf_finish(&once);
    buf_finish(&twice);
}

/* Of lines that are nearly as they are written, each is taken or refused as by the long way. */
static void nearly_as_written(void **unused) {
    (void)unused;
    static const char *const FIELDS[] = {
        "\"ev\": \"task_ready\", \"task\": 0, \"why\": \"created\"",
        "\"ev\": \"task_ready\", \"task\": 4294967295, \"why\": \"created\"",
        "\"ev\": \"task_ready\", \"task\": 00, \"why\": \"created\"",
        "\"ev\": \"task_ready\", \"task\": 0, \"why\": \"\"",
        "\"ev\": \"task_ready\", \"task\": 0, \"why\": \"create\"",
        "\"ev\": \"task_ready\", \"task\": 0, \"why\": \"created\", \"why\": \"created\"",
        "\"ev\": \"task_readyy\", \"task\": 0, \"why\": \"created\"",
        "\"ev\": \"callback_ready\", \"callback\": 0, \"what\": \"w\", \"task\": null",
        "\"ev\": \"callback_ready\", \"callback\": 0, \"what\": \"w\", \"task\": 9999999999null",
        "\"ev\": \"callback_run\", \"callback\": 0, \"cancelled\": true",
        "\"ev\": \"callback_run\", \"callback\": 0, \"cancelled\": false",
        "\"ev\": \"cancel_requested\", \"task\": 0, \"by\": 7",
        "\"ev\": \"cancel_requested\", \"task\": 0, \"by\": \"group\"",
        "\"ev\": \"cancel_requested\", \"task\": 0, \"by\": 9999999999\"group\"",
        "\"ev\": \"task_waiting\", \"task\": 0, \"on\": \"task\", \"target\": 1",
        "\"ev\": \"task_waiting\", \"task\": 0, \"on\": \"lock\", \"target\": \"l\"",
        "\"ev\": \"task_waiting\", \"task\": 0, \"on\": \"lock\", \"target\": \"l\\n\"",
        "\"ev\": \"task_waiting\", \"task\": 0, \"on\": \"tasks\", \"target\": [1, 2]",
        "\"ev\": \"task_waiting\", \"task\": 0, \"on\": \"io\", \"op\": 1, \"timer\": 2",
        "\"ev\": \"io_completed\", \"op\": 0, \"result\": -4095",
        "\"ev\": \"io_completed\", \"op\": 0, \"result\": -4096",
        "\"ev\": \"io_completed\", \"op\": 0, \"result\": -0",
        "\"ev\": \"io_completed\", \"op\": 0, \"result\": 9223372036854775807",
        "\"ev\": \"io_completed\", \"op\": 0, \"result\": 9223372036854775808",
        "\"ev\": \"io_blocking\", \"task\": 0, \"call\": \"close\", \"channel\": \"c.a\", "
        "\"offset\": "
        "null, \"result\": 0, \"took\": 5",
        "\"ev\": \"io_blocking\", \"task\": 0, \"call\": \"read\", \"channel\": \"c.a\", "
        "\"offset\": "
        "null, \"result\": 0, \"took\": 5",
        "\"ev\": \"io_blocking\", \"task\": 0, \"call\": \"read\", \"path\": \"f\", \"bytes\": 5, "
        "\"offset\": 0, \"result\": 6, \"took\": 5",
        "\"ev\": \"io_blocking\", \"task\": 0, \"call\": \"read\", \"path\": \"f\", \"bytes\": 5, "
        "\"offset\": 0, \"result\": 5, \"took\": 5, \"thread\": true",
        "\"ev\": \"io_blocking\", \"task\": 0, \"call\": \"read\", \"path\": \"f\", \"bytes\": 5, "
        "\"offset\": 0, \"result\": -5, \"error\": \"I/O\", \"took\": 5",
        "\"ev\": \"sync\", \"task\": 0, \"what\": \"put\", \"target\": \"q\", \"value\": \"v\"",
        "\"ev\": \"output\", \"task\": 0, \"text\": \"caf\xC3\xA9\"",
        "\"ev\": \"output\", \"task\": 0, \"text\": \"\xC3\"",
        "\"ev\": \"output\", \"task\": 0, \"text\": \"a\"} ",
        "\"ev\": \"poll\", \"timeout\": null",
        "\"ev\": \"poll\", \"timeout\": -1",
    };
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        Buf text = {0};
        buf_printf(&text,
                   HEAD ZERO
                   "{\"n\": 1, \"t\": 5, %s}\n{\"n\": 2, \"t\": 5, \"ev\": \"loop_start\"}",
                   FIELDS[i]);
        read_alike(buf_text(&text), text.size_bytes);
        buf_finish(&text);
    }
}

/* ---- hostile and broken files ---- */

static void write_all(const Log *log, Buf *out) {
    export_header_line(log, out);
    for (uint64_t n = 0; n < log_count(log); n++) {
        export_event_line(log, n, out);
    }
}

/* Cut off after every byte: the whole lines stay, and what is cut off is named. */
static void cut_off_anywhere(void **unused) {
    (void)unused;
    Log *log = random_log(2, 3, 6, 150);
    Buf text = {0};
    write_all(log, &text);
    uint64_t lines = 0, line_start = 0;
    for (size_t size = 0; size <= text.size_bytes; size++) {
        char *exact = mem_copy_text(text.data, size); /* so that reading on would be seen */
        exact = mem_resize(exact, size, 1);
        Diags diags = {0};
        Log *cut = trace_read_text("t", exact, size, &diags);
        const bool ended = size > 0 && text.data[size - 1] == '\n';
        const bool complete = size > 0 && size < text.size_bytes && text.data[size] == '\n';
        if (lines == 0 && !ended && !complete) {
            assert_null(cut);
        } else {
            const uint64_t whole = lines + (ended || complete);
            assert_non_null(cut);
            assert_int_equal(log_count(cut) + 1, whole);
            assert_int_equal(diags.count, size == line_start || ended || complete ? 0 : 1);
            if (diags.count > 0) {
                assert_int_equal(diags.items[0].line, lines + 1);
                assert_non_null(strstr(diags.items[0].message, "cut off"));
            }
        }
        if (ended) {
            lines++;
            line_start = size;
        }
        log_destroy(cut);
        diags_finish(&diags);
        free(exact);
    }
    assert_int_equal(lines, log_count(log) + 1);
    buf_finish(&text);
    log_destroy(log);
}

/* One byte of a good trace is replaced: whatever comes of it is a log and at most one sentence. */
static void any_byte_may_be_wrong(void **unused) {
    (void)unused;
    Log *log = random_log(3, 3, 6, 120);
    Buf text = {0};
    write_all(log, &text);
    uint64_t chance = 5;
    for (int round = 0; round < 4000; round++) {
        chance = chance * 6364136223846793005u + 1442695040888963407u;
        const size_t at = (chance >> 20) % text.size_bytes;
        const char was = text.data[at];
        text.data[at] = (char)(chance >> 55);
        Diags diags = {0};
        Log *read_back = trace_read_text("t", text.data, text.size_bytes, &diags);
        assert_true(read_back != NULL || diags.count == 1);
        assert_true(diags.count <= 1);
        log_destroy(read_back);
        diags_finish(&diags);
        read_alike(text.data, text.size_bytes);
        text.data[at] = was;
    }
    buf_finish(&text);
    log_destroy(log);
}

static void binary_and_deep_and_wide(void **unused) {
    (void)unused;
    Diags diags = {0};
    char zeros[300] = {0};
    assert_null(trace_read_text("t", zeros, sizeof zeros, &diags));
    Buf deep = {0};
    buf_append_text(&deep, HEAD "{\"n\": ");
    for (int i = 0; i < 100000; i++) {
        buf_append_text(&deep, i % 2 == 0 ? "[" : "{\"a\":");
    }
    Log *log = read_text(buf_text(&deep), &diags);
    assert_non_null(log);
    assert_non_null(strstr(diags.items[1].message, "nested too deeply"));
    log_destroy(log);
    buf_clear(&deep);
    buf_append_text(&deep,
                    HEAD "{\"n\": 0, \"t\": 0, \"ev\": \"output\", \"task\": 0, \"text\": \"");
    const size_t before = deep.size_bytes;
    for (int i = 0; i < 20000000 / 20; i++) {
        buf_append_text(&deep, "abcdefghijklmnopqr\\n");
    }
    const size_t size = deep.size_bytes - before;
    buf_append_text(&deep, "\"}\n");
    log = trace_read_text("t", deep.data, deep.size_bytes, &diags);
    assert_int_equal(diags.count, 2);
    size_t length = 0;
    log_text(log, log_event(log, 0)->text, &length);
    assert_int_equal(length, size / 20 * 19);
    log_destroy(log);
    buf_finish(&deep);
    diags_finish(&diags);
}

static void from_a_file(void **unused) {
    (void)unused;
    char path[TEMP_FILE_MAX_BYTES];
    Log *log = random_log(9, 3, 9, 30000); /* several blocks */
    Buf text = {0};
    write_all(log, &text);
    assert_true(temp_file_write(path, text.data, text.size_bytes));
    Diags diags = {0};
    Log *back = trace_read(path, &diags);
    assert_int_equal(diags.count, 0);
    assert_int_equal(log_count(back), log_count(log));
    Buf again = {0};
    write_all(back, &again);
    assert_int_equal(again.size_bytes, text.size_bytes);
    assert_memory_equal(again.data, text.data, text.size_bytes);
    log_destroy(back);
    assert_true(file_remove(path));
    assert_true(temp_file_write(path, text.data, text.size_bytes - 20));
    back = trace_read(path, &diags);
    assert_int_equal(log_count(back), log_count(log) - 1);
    assert_int_equal(diags.items[0].line, log_count(log) + 1);
    log_destroy(back);
    assert_true(file_remove(path));
    assert_null(trace_read(path, &diags));
    assert_null(trace_read(".", &diags));
    assert_int_equal(diags.count, 3);
    assert_non_null(strstr(diags.items[1].message, "No such file"));
    assert_non_null(strstr(diags.items[2].message, "directory"));
    diags_finish(&diags);
    buf_finish(&again);
    buf_finish(&text);
    log_destroy(log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(syntax),
        cmocka_unit_test(place_in_the_trace),
        cmocka_unit_test(time_never_decreases),
        cmocka_unit_test(fields),
        cmocka_unit_test(fields_of_many_slots),
        cmocka_unit_test(keys_in_any_order_and_blanks),
        cmocka_unit_test(no_trace_at_all),
        cmocka_unit_test(nearly_as_written),
        cmocka_unit_test(unknown_members_of_the_header_are_kept),
        cmocka_unit_test(cut_off_anywhere),
        cmocka_unit_test(any_byte_may_be_wrong),
        cmocka_unit_test(binary_and_deep_and_wide),
        cmocka_unit_test(from_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
