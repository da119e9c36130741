#include "export/page.h"

#include "export/deflate.h"
#include "export/page_code.h"
#include "export/stream.h"
#include "view/caption.h"

#include <inttypes.h>
#include <string.h>

static const char STYLE[] = {
#include "page_css.inc"
    0};
static const char SCRIPT[] = {
#include "page_js.inc"
    0};

/* The phases of a motion that are coded; between them the page's player goes straight. */
static const float PHASES[] = {0, 0.25F, 0.5F, 0.75F, 1};
enum {
    PHASE_COUNT = sizeof PHASES / sizeof *PHASES,
    BEAT_PHASES = 16, /* of several events that move as one */
    SCRUB_STEP_PX = 4,
};

typedef struct Making {
    const Page *page;
    PageCode code;
    Player player;
    ViewInput input;
    Scene scene;
    Stream stream;
    Buf json; /* what the page's script reads; packed on its way to the stream */
    Deflate deflate;
    Buf draws, changes;
    Buf beats;          /* what is written of them behind the events */
    uint64_t beats_end; /* events before it were in one already */
} Making;

static void code_scene(Making *making, uint64_t cursor, float phase) {
    making->player.cursor = cursor;
    making->player.phase = phase;
    view_main(&making->scene, making->page->doc, &making->input, making->page->metrics);
    page_code_scene(&making->code, &making->scene, &making->draws, &making->changes);
}

/* Where events are played as one: "first":[caption, milliseconds, [events of the page that are
 * shown when a move has begun], [t at which it begins], [changes] a phase], against the list after
 * `first` events. What is drawn for the first time is the next event's. */
static void write_beat(Making *making, uint64_t n) {
    const ViewDoc *doc = making->page->doc;
    const ExportJob *job = &making->page->job;
    Player *player = &making->player;
    Buf *out = &making->beats;
    Beat beat;
    if (n < making->beats_end || player->reduced_motion ||
        !beat_make(&beat, doc->timeline, n, job->end)) {
        return;
    }
    making->beats_end = beat_end(&beat);
    Buf caption = {0};
    state_seek(doc->after, beat_end(&beat));
    caption_beat(doc->after, &beat, &caption);
    buf_printf(out, "%s\"%" PRIu64 "\":[", out->size_bytes > 0 ? ",\n" : "", n - job->from);
    buf_append_json(out, buf_text(&caption), caption.size_bytes);
    buf_finish(&caption);
    buf_printf(out, ",%u,[", beat_ms(&beat));
    for (size_t i = 0; i < beat.count; i++) {
        buf_printf(out, "%s%" PRIu64, i > 0 ? "," : "", beat.moves[i].end - job->from);
    }
    for (size_t i = 0; i < beat.count; i++) {
        buf_printf(out, "%s%.4f", i > 0 ? "," : "],[",
                   (double)(i * BEAT_GAP_MS) / (double)beat_ms(&beat));
    }
    buf_append_char(out, ']');
    player->beat_first = beat.first;
    player->beat_end = beat_end(&beat);
    for (int i = 0; i <= BEAT_PHASES; i++) {
        const float t = (float)i / BEAT_PHASES;
        buf_clear(&making->changes);
        code_scene(making, beat_cursor(&beat, t), t);
        buf_printf(out, ",[%s]", buf_text(&making->changes));
    }
    buf_append_char(out, ']');
    player->beat_first = 0;
    player->beat_end = 0;
    buf_clear(&making->changes);
    code_scene(making, n, 1); /* the next event's changes are against this */
    buf_clear(&making->changes);
}

/* [caption, milliseconds, time in ns, [draws that are new], [changes] a phase]; where nothing moves
 * the last phase alone. */
static void write_event(Making *making, uint64_t n) {
    const ViewDoc *doc = making->page->doc;
    const Event *event = log_event(doc->log, n);
    Buf *out = &making->json, caption = {0};
    const uint32_t motion_ms = player_motion_ms(&making->player, event);
    state_seek(doc->after, n + 1);
    caption_event(doc->after, n, &caption);
    buf_append_text(out, ",\n[");
    buf_append_json(out, buf_text(&caption), caption.size_bytes);
    buf_finish(&caption);
    buf_printf(out, ",%u,%" PRIu64 ",", motion_ms, event->t_ns);
    buf_clear(&making->draws);
    write_beat(making, n);
    buf_clear(&making->changes);
    for (int i = motion_ms > 0 ? 0 : PHASE_COUNT - 1; i < PHASE_COUNT; i++) {
        buf_append_text(&making->changes, making->changes.size_bytes > 0 ? ",[" : "[");
        code_scene(making, n + 1, PHASES[i]);
        buf_append_char(&making->changes, ']');
    }
    buf_printf(out, "[%s],%s]", making->draws.size_bytes > 0 ? buf_text(&making->draws) + 1 : "",
               buf_text(&making->changes));
}

/* Which event a place on the timeline means, every few pixels. */
static void write_scrub(Making *making) {
    Buf *out = &making->json;
    const Page *page = making->page;
    buf_append_text(out, "\"scrub\":[");
    for (int x = 0; x < making->input.width_px; x += SCRUB_STEP_PX) {
        uint64_t cursor = view_scrub(page->doc, &making->input, (float)x);
        cursor = cursor < page->job.from ? page->job.from : cursor;
        cursor = cursor > page->job.end ? page->job.end : cursor;
        buf_printf(out, "%s%" PRIu64, x == 0 ? "" : ",", cursor - page->job.from);
    }
    buf_append_char(out, ']');
}

static void pack(Making *making) {
    deflate_add(&making->deflate, buf_text(&making->json), making->json.size_bytes,
                &making->stream.text);
    buf_clear(&making->json);
}

static void write_head(Making *making) {
    Buf *out = &making->json;
    const ViewDoc *doc = making->page->doc;
    const TraceHeader *header = log_header(doc->log);
    const char *title =
        header->title != NULL && header->title[0] != '\0' ? header->title : doc->name;
    Buf *html = &making->stream.text;
    buf_append_text(html,
                    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                    "<title>Loopscope</title>\n<style>\n");
    buf_append_text(html, STYLE);
    buf_append_text(html, "</style>\n</head>\n<body>\n<noscript>This page plays a recorded run; it "
                          "needs JavaScript.</noscript>\n"
                          "<script type=\"application/octet-stream\" id=\"trace\">");
    buf_append_text(out, "{\"title\":");
    buf_append_json(out, title, strlen(title));
    ViewAreas areas;
    view_areas(&making->input, &areas);
    buf_printf(out, ",\"width\":%d,\"height\":%d,\"top\":%.1f,\"bottom\":%.1f,\"theme\":\"%s\",",
               making->input.width_px, making->input.height_px, (double)areas.transport.y,
               (double)(areas.transport.y + areas.transport.h),
               theme_get(making->input.theme)->name);
    buf_printf(out, "\"from\":%" PRIu64 ",\"pace\":%g,", making->page->job.from,
               PACES[making->player.pace]);
    making->code.left_out = areas.transport;
    write_scrub(making);
    buf_append_text(out, ",\"events\":[");
}

/* The scene before the first event, as an event without a caption. */
static void write_opening(Making *making) {
    Buf *out = &making->json;
    code_scene(making, making->page->job.from, 1);
    buf_printf(out, "[\"\",0,0,[%s],[%s]]", buf_text(&making->draws) + 1,
               buf_text(&making->changes));
}

static bool write_page(Making *making) {
    bool good = true;
    write_head(making);
    write_opening(making);
    for (uint64_t n = making->page->job.from; good && n < making->page->job.end; n++) {
        write_event(making, n);
        pack(making);
        good = stream_pass(&making->stream, n);
    }
    buf_printf(&making->json, "],\"beats\":{%s}", buf_text(&making->beats));
    page_code_words(&making->code, &making->json);
    buf_append_char(&making->json, '}');
    pack(making);
    Buf *html = &making->stream.text;
    deflate_finish(&making->deflate, html);
    buf_append_text(html, "</script>\n<script>\n");
    buf_append_text(html, SCRIPT);
    buf_append_text(html, "</script>\n</body>\n</html>\n");
    return good;
}

bool export_page(const Page *page, Diags *diags) {
    const uint64_t count = page->job.end - page->job.from;
    if (count > PAGE_EVENTS_MAX) {
        diags_add(diags, page->job.file,
                  "a page of %" PRIu64 " events is too large: choose at most %d with --from, --to",
                  count, PAGE_EVENTS_MAX);
        return false;
    }
    Making making = {.page = page, .input = page->input};
    making.player = *page->input.player;
    making.input.player = &making.player;
    if (!stream_open(&making.stream, &page->job, diags)) {
        return false;
    }
    const bool done = stream_close(&making.stream, write_page(&making));
    page_code_finish(&making.code);
    scene_finish(&making.scene);
    buf_finish(&making.json);
    buf_finish(&making.draws);
    buf_finish(&making.changes);
    buf_finish(&making.beats);
    return done;
}
