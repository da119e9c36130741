#include "os/sim_channels.h"

#include "base/assert.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A Linux 6 machine with its default settings; net/unix/af_unix.c. */
enum {
    FIRST_END = 1 << 30,
    BUFFER_BYTES = 212992, /* net.core.wmem_default */
    HEAD_MAX_BYTES = 3776, /* what a piece keeps in one block; the rest stands in whole pages */
    PIECE_MAX_BYTES = HEAD_MAX_BYTES + 32768,
    PAGE_BYTES = 4096,
    PIECE_FIXED_BYTES = 256, /* struct sk_buff */
    HEAD_FIXED_BYTES = 320,  /* struct skb_shared_info */
    HEAD_ALIGN_BYTES = 64,
    HEAD_MIN_BYTES = 512 /* blocks are powers of two from here */
};

/* Bytes as they were sent, which the system keeps until the last of them is received. */
typedef struct Piece {
    char *data;
    uint32_t size_bytes;
    uint32_t read_bytes;
    uint32_t cost_bytes;
} Piece;

typedef struct End {
    Piece *pieces; /* sent to this end */
    size_t first, count, cap;
    uint64_t used_bytes; /* of this end's own buffer: what it sent and nobody received */
    bool closed;
    bool reset; /* the other end closed without receiving all: told once */
    bool linked;
    OsOp *receiver;
    OsOp *sender;
} End;

struct SimChannels {
    End *ends; /* the other end of i is i ^ 1 */
    size_t count, cap;
    size_t *ready; /* indexes of linked ends, in the order in which epoll would list them */
    size_t ready_count, ready_cap;
};

SimChannels *sim_channels_create(void) {
    return mem_alloc(1, sizeof(SimChannels));
}

static void drop_pieces(End *end) {
    for (size_t i = end->first; i < end->count; i++) {
        free(end->pieces[i].data);
    }
    free(end->pieces);
    end->pieces = NULL;
    end->first = end->count = end->cap = 0;
}

void sim_channels_destroy(SimChannels *channels) {
    for (size_t i = 0; i < channels->count; i++) {
        drop_pieces(&channels->ends[i]);
    }
    free(channels->ends);
    free(channels->ready);
    free(channels);
}

void sim_channels_pair(SimChannels *channels, OsFile ends[2]) {
    const size_t at = channels->count;
    channels->ends = mem_grow(channels->ends, &channels->cap, at + 2, sizeof *channels->ends);
    channels->count += 2;
    for (size_t i = 0; i < 2; i++) {
        channels->ends[at + i] = (End){.closed = false};
        ends[i] = (OsFile)(FIRST_END + at + i);
    }
}

bool sim_channels_is_open(const SimChannels *channels, OsFile file) {
    return file >= FIRST_END && (size_t)(file - FIRST_END) < channels->count &&
           !channels->ends[file - FIRST_END].closed;
}

static size_t index_of(const SimChannels *channels, const OsOp *op) {
    ASSERT(sim_channels_is_open(channels, op->file));
    return (size_t)(op->file - FIRST_END);
}

/* ---- readiness ------------------------------------------------------------------------------- */

static bool can_receive(const SimChannels *channels, size_t at) {
    const End *end = &channels->ends[at];
    return end->first < end->count || end->reset || channels->ends[at ^ 1].closed;
}

static bool can_send(const SimChannels *channels, size_t at) {
    return channels->ends[at ^ 1].closed || channels->ends[at].used_bytes * 4 <= BUFFER_BYTES;
}

static bool is_ready(const SimChannels *channels, size_t at) {
    const End *end = &channels->ends[at];
    return (end->receiver != NULL && can_receive(channels, at)) ||
           (end->sender != NULL && can_send(channels, at));
}

static void link_ready(SimChannels *channels, size_t at) {
    if (!channels->ends[at].linked && is_ready(channels, at)) {
        channels->ready = mem_grow(channels->ready, &channels->ready_cap, channels->ready_count + 1,
                                   sizeof *channels->ready);
        channels->ready[channels->ready_count++] = at;
        channels->ends[at].linked = true;
    }
}

static OsOp **place_of(SimChannels *channels, const OsOp *op) {
    End *end = &channels->ends[index_of(channels, op)];
    return op->call == OS_SEND ? &end->sender : &end->receiver;
}

void sim_channels_wait(SimChannels *channels, OsOp *op) {
    OsOp **place = place_of(channels, op);
    ASSERT(*place == NULL);
    *place = op;
    link_ready(channels, index_of(channels, op));
}

bool sim_channels_withdraw(SimChannels *channels, OsOp *op) {
    OsOp **place = place_of(channels, op);
    if (*place != op) {
        return false;
    }
    *place = NULL;
    return true;
}

static bool finish(OsOp **place, bool ready, OpList *finished) {
    if (*place == NULL || !ready) {
        return false;
    }
    (*place)->result = 0;
    (*place)->is_readiness = true;
    op_list_append(finished, *place);
    *place = NULL;
    return true;
}

/* An end that is not ready any more (somebody tried first) leaves the list untold. */
uint32_t sim_channels_reap(SimChannels *channels, OpList *finished) {
    const size_t count = channels->ready_count;
    uint32_t told = 0;
    channels->ready_count = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t at = channels->ready[i];
        End *end = &channels->ends[at];
        end->linked = false;
        const bool receives = finish(&end->receiver, can_receive(channels, at), finished);
        const bool sends = finish(&end->sender, can_send(channels, at), finished);
        told += receives || sends;
    }
    return told;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static uint32_t round_up(uint32_t bytes, uint32_t to_bytes) {
    return (bytes + to_bytes - 1) / to_bytes * to_bytes;
}

static uint32_t cost_of(uint32_t size_bytes) {
    const uint32_t beyond = size_bytes > HEAD_MAX_BYTES ? size_bytes - HEAD_MAX_BYTES : 0;
    const uint32_t pages = round_up(beyond, PAGE_BYTES);
    const uint32_t in_pages = pages < size_bytes ? pages : size_bytes;
    const uint32_t head = round_up(size_bytes - in_pages, HEAD_ALIGN_BYTES) + HEAD_FIXED_BYTES;
    uint32_t block = HEAD_MIN_BYTES;
    while (block < head) {
        block *= 2;
    }
    return PIECE_FIXED_BYTES + block + pages;
}

static void add_piece(End *to, const char *data, uint32_t size_bytes) {
    if (to->first > 0 && to->count == to->cap) {
        memmove(to->pieces, to->pieces + to->first, (to->count - to->first) * sizeof *to->pieces);
        to->count -= to->first;
        to->first = 0;
    }
    to->pieces = mem_grow(to->pieces, &to->cap, to->count + 1, sizeof *to->pieces);
    to->pieces[to->count++] = (Piece){.data = mem_copy_text(data, size_bytes),
                                      .size_bytes = size_bytes,
                                      .cost_bytes = cost_of(size_bytes)};
}

static int64_t do_send(SimChannels *channels, size_t at, const OsOp *op) {
    End *from = &channels->ends[at];
    End *to = &channels->ends[at ^ 1];
    if (to->closed) {
        return -EPIPE;
    }
    uint64_t sent = 0;
    while (sent < op->size_bytes && from->used_bytes < BUFFER_BYTES) {
        const uint64_t left = op->size_bytes - sent;
        const uint32_t size = left < PIECE_MAX_BYTES ? (uint32_t)left : PIECE_MAX_BYTES;
        add_piece(to, op->data + sent, size);
        from->used_bytes += cost_of(size);
        sent += size;
    }
    if (sent == 0 && op->size_bytes > 0) {
        return -EAGAIN;
    }
    link_ready(channels, at ^ 1);
    return (int64_t)sent;
}

/* What is left of the first piece, as far as there is room; the emptied piece is given back. */
static uint64_t take_bytes(SimChannels *channels, size_t at, char *out, uint64_t room_bytes) {
    End *to = &channels->ends[at];
    Piece *piece = &to->pieces[to->first];
    const uint64_t left = piece->size_bytes - piece->read_bytes;
    const uint64_t size = left < room_bytes ? left : room_bytes;
    memcpy(out, piece->data + piece->read_bytes, (size_t)size);
    piece->read_bytes += (uint32_t)size;
    if (piece->read_bytes == piece->size_bytes) {
        channels->ends[at ^ 1].used_bytes -= piece->cost_bytes;
        free(piece->data);
        to->first++;
        if (to->first == to->count) {
            to->first = to->count = 0;
        }
        link_ready(channels, at ^ 1);
    }
    return size;
}

static int64_t do_receive(SimChannels *channels, size_t at, const OsOp *op) {
    End *to = &channels->ends[at];
    uint64_t received = 0;
    while (received < op->size_bytes && to->first < to->count) {
        received += take_bytes(channels, at, op->data + received, op->size_bytes - received);
    }
    if (received > 0) {
        return (int64_t)received;
    }
    if (to->reset) {
        to->reset = false;
        return -ECONNRESET;
    }
    return channels->ends[at ^ 1].closed ? 0 : -EAGAIN;
}

static int64_t do_close(SimChannels *channels, size_t at) {
    End *end = &channels->ends[at];
    ASSERT(end->receiver == NULL && end->sender == NULL);
    channels->ends[at ^ 1].reset = end->first < end->count;
    end->closed = true;
    drop_pieces(end);
    link_ready(channels, at ^ 1);
    return 0;
}

void sim_channels_do(SimChannels *channels, OsOp *op) {
    if (!sim_channels_is_open(channels, op->file)) {
        op->result = -EBADF;
        return;
    }
    const size_t at = index_of(channels, op);
    if (op->call == OS_SEND) {
        op->result = do_send(channels, at, op);
    } else if (op->call == OS_RECV) {
        op->result = do_receive(channels, at, op);
    } else {
        ASSERT(op->call == OS_CLOSE);
        op->result = do_close(channels, at);
    }
}
