#include "trace/log.h"

#include "base/assert.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/pages.h"
#include "base/system.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    CACHE_LINE_BYTES = 64,
    TEXT_CHUNK = 1 << 12,         /* texts to a chunk of the text table */
    TEXT_CHUNKS_MAX = 1 << 16,    /* 2^28 texts */
    TEXT_BLOCK_BYTES = 1 << 16,   /* short texts share blocks */
    INTERN_SLOTS_FIRST = 1 << 10, /* a power of two */
    CHUNK_BYTES = LOG_CHUNK_EVENTS * sizeof(Event),
    SMALL_CHUNKS = 1, /* a short run's: each is allocated for itself */
    SLAB_CHUNKS = 16, /* a long run's: so many share an allocation of big pages */
};

static const uint64_t FIRST_NAP_NS = 1000000; /* see log_wait */
static const uint64_t NAP_NS = 100000000;

_Static_assert(SLAB_CHUNKS *CHUNK_BYTES % PAGES_BIG_BYTES == 0, "no big page is in part another's");

/* A text never moves: its length, then its bytes and a NUL. */
typedef struct Text {
    uint32_t length;
    char bytes[];
} Text;

/* Texts that lie in memory one after another; blocks are linked for log_destroy alone. */
typedef struct TextBlock {
    struct TextBlock *next;
    char bytes[];
} TextBlock;

typedef struct InternSlot {
    uint32_t hash;
    uint32_t text; /* EVENT_NONE: free */
} InternSlot;

/* Readers only touch the directories, `count`, `finished`, `text_count`, `header`: a directory is
 * allocated once and an entry is set before the count that makes it reachable is published. */
struct Log {
    LogTail tail;
    _Alignas(
        CACHE_LINE_BYTES) Event **chunks; /* LOG_CHUNKS_MAX; memory for the touched part only */
    Text ***texts;                        /* TEXT_CHUNKS_MAX */
    TraceHeader header;
    pthread_mutex_t lock;
    pthread_cond_t grew;

    _Alignas(CACHE_LINE_BYTES) TextBlock *blocks; /* from here on the writer's own */
    char *block_next;
    size_t block_left_bytes;
    InternSlot *slots;
    size_t slot_count;
    size_t slots_used;

    _Alignas(CACHE_LINE_BYTES) _Atomic uint32_t text_count;
    _Atomic uint64_t text_size_bytes;
    _Atomic bool finished;
};

static void add_chunk(Log *log) {
    const uint64_t chunk = log_count(log) / LOG_CHUNK_EVENTS;
    ASSERT(chunk < LOG_CHUNKS_MAX - SLAB_CHUNKS);
    if (chunk < SMALL_CHUNKS) {
        log->chunks[chunk] = pages_take(CHUNK_BYTES);
    } else if (log->chunks[chunk] == NULL) {
        Event *slab = pages_take_big(SLAB_CHUNKS * CHUNK_BYTES);
        for (size_t i = 0; i < SLAB_CHUNKS; i++) {
            log->chunks[chunk + i] = slab + i * LOG_CHUNK_EVENTS;
        }
    }
    log->tail.next = log->chunks[chunk];
    log->tail.end = log->tail.next + LOG_CHUNK_EVENTS;
}

Log *log_create(void) {
    Log *log = pages_take(sizeof *log);
    log->chunks = mem_alloc(LOG_CHUNKS_MAX, sizeof *log->chunks);
    log->texts = mem_alloc(TEXT_CHUNKS_MAX, sizeof *log->texts);
    pthread_mutex_init(&log->lock, NULL);
    system_cond_init(&log->grew);
    log_set_header(log, &(TraceHeader){0});
    add_chunk(log);
    return log;
}

static void header_free(TraceHeader *header) {
    free((char *)header->title);
    free((char *)header->scenario);
    free((char *)header->backend);
    free((char *)header->notifier);
    free((char *)header->sleeps_in);
    free((char *)header->started);
    free((char *)header->source);
    free((char *)header->language);
    free((char *)header->more);
}

void log_destroy(Log *log) {
    if (log == NULL) {
        return;
    }
    for (size_t i = 0; i < LOG_CHUNKS_MAX && log->chunks[i] != NULL;) {
        const size_t count = i < SMALL_CHUNKS ? 1 : SLAB_CHUNKS;
        pages_give_back(log->chunks[i], count * CHUNK_BYTES);
        i += count;
    }
    for (size_t i = 0; i < TEXT_CHUNKS_MAX && log->texts[i] != NULL; i++) {
        free(log->texts[i]);
    }
    while (log->blocks != NULL) {
        TextBlock *next = log->blocks->next;
        free(log->blocks);
        log->blocks = next;
    }
    header_free(&log->header);
    pthread_cond_destroy(&log->grew);
    pthread_mutex_destroy(&log->lock);
    free(log->slots);
    free(log->chunks);
    free(log->texts);
    pages_give_back(log, sizeof *log);
}

static const char *copy_of(const char *text) {
    return text == NULL ? mem_copy_text("", 0) : mem_copy_text(text, strlen(text));
}

void log_set_header(Log *log, const TraceHeader *header) {
    ASSERT(log_count(log) == 0);
    TraceHeader copy = *header;
    copy.title = copy_of(header->title);
    copy.scenario = copy_of(header->scenario);
    copy.backend = copy_of(header->backend);
    copy.notifier = copy_of(header->notifier);
    copy.sleeps_in = copy_of(header->sleeps_in);
    copy.started = copy_of(header->started);
    copy.language = copy_of(header->language);
    copy.more = copy_of(header->more);
    copy.source = mem_copy_text(header->source, header->source_size_bytes);
    header_free(&log->header);
    log->header = copy;
}

const TraceHeader *log_header(const Log *log) {
    return &log->header;
}

/* ---- texts ---- */

static Text *text_room(Log *log, size_t length) {
    const size_t align = _Alignof(Text);
    const size_t need = (sizeof(Text) + length + 1 + align - 1) / align * align;
    if (need > log->block_left_bytes) {
        const size_t size = need > TEXT_BLOCK_BYTES ? need : TEXT_BLOCK_BYTES;
        TextBlock *block = mem_alloc(1, sizeof *block + size);
        block->next = log->blocks;
        log->blocks = block;
        log->block_next = block->bytes;
        log->block_left_bytes = size;
        atomic_fetch_add_explicit(&log->text_size_bytes, size, memory_order_relaxed);
    }
    Text *text = (Text *)(void *)log->block_next;
    log->block_next += need;
    log->block_left_bytes -= need;
    return text;
}

uint32_t log_add_text(Log *log, const char *text, size_t length) {
    const uint32_t id = atomic_load_explicit(&log->text_count, memory_order_relaxed);
    ASSERT(length < UINT32_MAX && id < (uint32_t)TEXT_CHUNK * TEXT_CHUNKS_MAX);
    Text *room = text_room(log, length);
    room->length = (uint32_t)length;
    if (length > 0) {
        memcpy(room->bytes, text, length);
    }
    room->bytes[length] = '\0';
    Text ***chunk = &log->texts[id / TEXT_CHUNK];
    if (*chunk == NULL) {
        *chunk = mem_alloc(TEXT_CHUNK, sizeof **chunk);
        atomic_fetch_add_explicit(&log->text_size_bytes, TEXT_CHUNK * sizeof **chunk,
                                  memory_order_relaxed);
    }
    (*chunk)[id % TEXT_CHUNK] = room;
    atomic_store_explicit(&log->text_count, id + 1, memory_order_release);
    return id;
}

static const Text *text_at(const Log *log, uint32_t text) {
    return log->texts[text / TEXT_CHUNK][text % TEXT_CHUNK];
}

/* FNV-1a, folded to the 32 bits that a slot keeps. */
static uint32_t text_hash(const char *text, size_t length) {
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    }
    return (uint32_t)(hash ^ (hash >> 32));
}

static void intern_grow(Log *log) {
    const size_t count = log->slot_count == 0 ? INTERN_SLOTS_FIRST : log->slot_count * 2;
    InternSlot *slots = mem_resize(NULL, count, sizeof *slots);
    for (size_t i = 0; i < count; i++) {
        slots[i].text = EVENT_NONE;
    }
    for (size_t i = 0; i < log->slot_count; i++) {
        if (log->slots[i].text == EVENT_NONE) {
            continue;
        }
        size_t at = log->slots[i].hash & (count - 1);
        while (slots[at].text != EVENT_NONE) {
            at = (at + 1) & (count - 1);
        }
        slots[at] = log->slots[i];
    }
    free(log->slots);
    log->slots = slots;
    log->slot_count = count;
}

uint32_t log_intern(Log *log, const char *text, size_t length) {
    if (log->slots_used * 2 >= log->slot_count) {
        intern_grow(log);
    }
    const uint32_t hash = text_hash(text, length);
    size_t at = hash & (log->slot_count - 1);
    for (; log->slots[at].text != EVENT_NONE; at = (at + 1) & (log->slot_count - 1)) {
        if (log->slots[at].hash != hash) {
            continue;
        }
        const Text *known = text_at(log, log->slots[at].text);
        if (known->length == length && (length == 0 || memcmp(known->bytes, text, length) == 0)) {
            return log->slots[at].text;
        }
    }
    const uint32_t id = log_add_text(log, text, length);
    log->slots[at] = (InternSlot){hash, id};
    log->slots_used++;
    return id;
}

const char *log_text(const Log *log, uint32_t text, size_t *length) {
    const Text *found = NULL;
    if (text != EVENT_NONE) {
        ASSERT(text < log_text_count(log));
        found = text_at(log, text);
    }
    if (length != NULL) {
        *length = found == NULL ? 0 : found->length;
    }
    return found == NULL ? "" : found->bytes;
}

uint32_t log_text_count(const Log *log) {
    return atomic_load_explicit(&log->text_count, memory_order_acquire);
}

/* ---- events ---- */

void log_append_more(Log *log) {
    if (log->tail.next == log->tail.end) {
        add_chunk(log);
    }
    if (atomic_exchange_explicit(&log->tail.waiting, false, memory_order_relaxed)) {
        pthread_mutex_lock(&log->lock);
        pthread_cond_broadcast(&log->grew);
        pthread_mutex_unlock(&log->lock);
    }
}

void log_finish(Log *log) {
    atomic_store_explicit(&log->finished, true, memory_order_release);
    pthread_mutex_lock(&log->lock);
    pthread_cond_broadcast(&log->grew);
    pthread_mutex_unlock(&log->lock);
}

bool log_finished(const Log *log) {
    return atomic_load_explicit(&log->finished, memory_order_acquire);
}

const Event *log_event(const Log *log, uint64_t n) {
    ASSERT(n < atomic_load_explicit(&log->tail.count, memory_order_relaxed));
    return &log->chunks[n / LOG_CHUNK_EVENTS][n % LOG_CHUNK_EVENTS];
}

/* The writer looks at `waiting` without a fence, which would cost more than the rest of an append.
 * So it can miss a reader that lies down in that very moment: the first nap is therefore short, and
 * after it both sides have long seen each other's store. The later naps' limit is a backstop. */
uint64_t log_wait(Log *log, uint64_t seen, int64_t timeout_ns) {
    ASSERT(timeout_ns >= 0);
    const uint64_t start = clock_now_ns();
    const uint64_t limit = (uint64_t)timeout_ns;
    uint64_t nap = FIRST_NAP_NS;
    pthread_mutex_lock(&log->lock);
    for (;;) {
        atomic_store_explicit(&log->tail.waiting, true, memory_order_seq_cst);
        atomic_thread_fence(memory_order_seq_cst);
        const bool finished = log_finished(log);
        const uint64_t passed = clock_now_ns() - start;
        if (log_count(log) > seen || finished || passed >= limit) {
            break;
        }
        const uint64_t left = limit - passed;
        system_cond_nap(&log->grew, &log->lock, left < nap ? left : nap);
        nap = NAP_NS;
    }
    pthread_mutex_unlock(&log->lock);
    return log_count(log);
}

uint64_t log_size_bytes(const Log *log) {
    const uint64_t chunks = (log_count(log) + LOG_CHUNK_EVENTS - 1) / LOG_CHUNK_EVENTS;
    return chunks * LOG_CHUNK_EVENTS * sizeof(Event) +
           atomic_load_explicit(&log->text_size_bytes, memory_order_relaxed);
}
