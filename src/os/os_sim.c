/* The simulated operating system: a virtual clock, durations drawn from a seed, files and
 * channels in memory.
 *
 * The clock moves only here: by a fixed step for handing something over and for asking, to the
 * next completion or the deadline while the loop sleeps, and by what os_spend and os_perform
 * take. No real clock, no address and no floating point takes part, so a seed gives the same run
 * on every machine.
 *
 * Every choice that a real system would make for itself is made in one function, draw_duration. */
#include "base/assert.h"
#include "base/mem.h"
#include "os/back_end.h"
#include "os/op_list.h"
#include "os/sim_channels.h"
#include "os/sim_files.h"
#include "os/waker.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SUBMIT_NS = 600, WAIT_NS = 400, TRY_NS = 900, BYTES_A_NS = 10 };

/* Our part of OsOp.back_end. */
enum { SLOT_DUE_NS, SLOT_SERIAL, SLOT_REFUSED, SLOT_RETURNED };

/* What is in flight on a handle. */
typedef struct HandleUse {
    uint64_t idle_from_ns; /* when its last operation ends: its close is later */
    bool closing;          /* a close was handed over: nothing more is taken */
} HandleUse;

typedef struct Sim {
    Os os;
    uint64_t now_ns;
    bool in_thread;     /* a function of OS_THREAD is running ... */
    uint64_t thread_ns; /* ... and for it, it is now this late */
    uint64_t random;
    uint64_t serial;
    OsOp **heap; /* in flight, by due time and serial */
    size_t heap_count;
    size_t heap_cap;
    OpList finished; /* due and done, not yet told */
    OsOp *unpeeked;  /* the first of them that os_peek has not shown */
    SimFiles *files;
    SimChannels *channels;
    OsFault *fault;  /* or NULL */
    HandleUse *uses; /* by handle */
    size_t use_cap;
    _Atomic bool woken;
    Waker waker; /* for a wait without end, where nothing virtual can end it */
} Sim;

static Sim *sim_of(Os *os) {
    return (Sim *)os;
}

/* ---- choices --------------------------------------------------------------------------------- */

/* splitmix64 */
static uint64_t draw(Sim *sim) {
    uint64_t x = sim->random += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t draw_between(Sim *sim, uint64_t from, uint64_t to) {
    return from + draw(sim) % (to - from + 1);
}

/* How long the system takes, after what a Linux machine with an SSD showed: mostly near the
 * middle; one read or write in eight takes four times as long, since somebody else is always
 * using the disk, too. A draw a statement: the order of draws must not be the compiler's choice. */
static uint64_t draw_duration(Sim *sim, const OsOp *op) {
    uint64_t ns = 0;
    switch (op->call) {
    case OS_OPENAT:
        return draw_between(sim, 30000, 80000);
    case OS_FSYNC:
        return draw_between(sim, 300000, 1000000);
    case OS_CLOSE:
        return draw_between(sim, 5000, 20000);
    case OS_THREAD: /* until a helper has it */
        return draw_between(sim, 20000, 60000);
    case OS_WRITE:
        ns = draw_between(sim, 8000, 20000);
        ns += op->size_bytes * draw_between(sim, 2, 8) / 8;
        break;
    case OS_READ:
        ns = draw_between(sim, 5000, 15000);
        ns += op->size_bytes * draw_between(sim, 1, 2) / 8;
        break;
    default:
        ASSERT(false); /* nothing else takes its time */
    }
    return draw(sim) % 8 == 0 ? 4 * ns : ns;
}

/* ---- operations in flight -------------------------------------------------------------------- */

static bool is_before(const OsOp *a, const OsOp *b) {
    if (a->back_end[SLOT_DUE_NS] != b->back_end[SLOT_DUE_NS]) {
        return a->back_end[SLOT_DUE_NS] < b->back_end[SLOT_DUE_NS];
    }
    return a->back_end[SLOT_SERIAL] < b->back_end[SLOT_SERIAL];
}

static void heap_push(Sim *sim, OsOp *op) {
    sim->heap = mem_grow(sim->heap, &sim->heap_cap, sim->heap_count + 1, sizeof *sim->heap);
    size_t at = sim->heap_count++;
    while (at > 0 && is_before(op, sim->heap[(at - 1) / 2])) {
        sim->heap[at] = sim->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    sim->heap[at] = op;
}

static OsOp *heap_pop(Sim *sim) {
    ASSERT(sim->heap_count > 0);
    OsOp *top = sim->heap[0];
    OsOp *last = sim->heap[--sim->heap_count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= sim->heap_count) {
            break;
        }
        if (child + 1 < sim->heap_count && is_before(sim->heap[child + 1], sim->heap[child])) {
            child++;
        }
        if (!is_before(sim->heap[child], last)) {
            break;
        }
        sim->heap[at] = sim->heap[child];
        at = child;
    }
    if (sim->heap_count > 0) {
        sim->heap[at] = last;
    }
    return top;
}

/* NULL for a handle that is not open. */
static HandleUse *find_use(Sim *sim, OsFile file) {
    if (!sim_files_is_open(sim->files, file)) {
        return NULL;
    }
    const size_t old = sim->use_cap;
    sim->uses = mem_grow(sim->uses, &sim->use_cap, (size_t)file + 1, sizeof *sim->uses);
    for (size_t i = old; i < sim->use_cap; i++) {
        sim->uses[i] = (HandleUse){0};
    }
    return &sim->uses[file];
}

static bool is_refused(const OsOp *op, const HandleUse *use) {
    return op->call != OS_OPENAT && op->call != OS_THREAD && (use == NULL || use->closing);
}

static bool fault_fires(Sim *sim) {
    return sim->fault != NULL && ++sim->fault->seen == sim->fault->at;
}

static void do_rightly(Sim *sim, OsOp *op) {
    if (sim_channels_is_open(sim->channels, op->file)) {
        sim_channels_do(sim->channels, op);
    } else {
        sim_files_do(sim->files, op);
    }
}

/* As far as the fault lets it come. A write that succeeds is whole: the back ends see to that. */
static void do_wrongly(Sim *sim, OsOp *op) {
    const OsFault *fault = sim->fault;
    const bool writes = op->call == OS_WRITE;
    if (fault->error == 0 ? !writes : writes) {
        const uint64_t asked_bytes = op->size_bytes;
        const uint64_t least = fault->error == 0;
        const uint64_t most = fault->bytes_done > least ? fault->bytes_done : least;
        op->size_bytes = asked_bytes < most ? asked_bytes : most;
        do_rightly(sim, op);
        op->size_bytes = asked_bytes;
    } else if (fault->error == 0 || op->call == OS_CLOSE) {
        do_rightly(sim, op);
    }
    op->result = fault->error == 0 ? op->result : -fault->error;
}

static void do_now(Sim *sim, OsOp *op, bool refused) {
    if (refused) {
        op->result = -EBADF;
    } else {
        (fault_fires(sim) ? do_wrongly : do_rightly)(sim, op);
    }
}

/* A part of a thread's function, at the time when it is due. What it does takes virtual time, and
 * other things happen before its next part, or its end. */
static void go_on(Sim *sim, OsOp *op) {
    sim->in_thread = true;
    sim->thread_ns = op->back_end[SLOT_DUE_NS];
    op->back_end[SLOT_RETURNED] = !op->run(op);
    sim->in_thread = false;
    op->back_end[SLOT_DUE_NS] = sim->thread_ns;
    op->back_end[SLOT_SERIAL] = sim->serial++;
    heap_push(sim, op);
}

/* What is due by now happens, in the order of its times: files change when an operation ends. */
static void catch_up(Sim *sim) {
    while (sim->heap_count > 0 && sim->heap[0]->back_end[SLOT_DUE_NS] <= sim->now_ns) {
        OsOp *op = heap_pop(sim);
        if (op->call == OS_THREAD && op->back_end[SLOT_RETURNED] == 0) {
            go_on(sim, op);
            continue;
        }
        if (op->call != OS_THREAD) {
            do_now(sim, op, op->back_end[SLOT_REFUSED] != 0);
        }
        op_list_append(&sim->finished, op);
        if (sim->unpeeked == NULL) {
            sim->unpeeked = op;
        }
    }
}

/* What ends without the clock: told by the next wait, and no look shows it before. */
static void finish_now(Sim *sim, OsOp *op, int64_t result) {
    op->result = result;
    op_list_append(&sim->finished, op);
}

static void sim_submit(Os *os, OsOp *op) {
    Sim *sim = sim_of(os);
    sim->now_ns += SUBMIT_NS;
    if (op->call == OS_SEND || op->call == OS_RECV) {
        const bool fails = fault_fires(sim) && sim->fault->error != 0;
        if (fails || !sim_channels_is_open(sim->channels, op->file)) {
            finish_now(sim, op, fails ? -sim->fault->error : -EBADF);
        } else {
            sim_channels_wait(sim->channels, op);
        }
        return;
    }
    uint64_t due_ns = sim->now_ns + draw_duration(sim, op);
    const bool has_file = op->call != OS_OPENAT && op->call != OS_THREAD;
    HandleUse *use = has_file ? find_use(sim, op->file) : NULL;
    op->back_end[SLOT_REFUSED] = is_refused(op, use);
    if (use != NULL && !use->closing) { /* a close waits for what the handle still does */
        if (op->call == OS_CLOSE && due_ns <= use->idle_from_ns) {
            due_ns = use->idle_from_ns + 1;
        }
        use->idle_from_ns = use->idle_from_ns > due_ns ? use->idle_from_ns : due_ns;
        use->closing = op->call == OS_CLOSE;
    }
    op->back_end[SLOT_DUE_NS] = due_ns;
    op->back_end[SLOT_SERIAL] = sim->serial++;
    heap_push(sim, op);
}

static OsOp *sim_peek(Os *os) {
    Sim *sim = sim_of(os);
    catch_up(sim);
    OsOp *op = sim->unpeeked;
    if (op != NULL) {
        sim->unpeeked = op->next;
    }
    return op;
}

static void perform_on_channel(Sim *sim, OsOp *op) {
    do_now(sim, op, !sim_channels_is_open(sim->channels, op->file));
    sim->now_ns += TRY_NS + (op->result > 0 ? (uint64_t)op->result / BYTES_A_NS : 0);
}

static void sim_thread_perform(Os *os, OsOp *op) {
    Sim *sim = sim_of(os);
    ASSERT(sim->in_thread);
    sim->thread_ns += draw_duration(sim, op);
    do_now(sim, op, op->call != OS_OPENAT && !sim_files_is_open(sim->files, op->file));
}

/* Files in memory are everybody's. */
static void sim_lend(Os *os, OsFile file) {
    (void)os;
    (void)file;
}

static bool sim_pair(Os *os, OsFile ends[2], int *error) {
    Sim *sim = sim_of(os);
    *error = fault_fires(sim) ? sim->fault->error : 0;
    if (*error == 0) {
        sim_channels_pair(sim->channels, ends);
    }
    return *error == 0;
}

static void sim_cancel(Os *os, OsOp *op) {
    Sim *sim = sim_of(os);
    if (sim_channels_withdraw(sim->channels, op)) {
        finish_now(sim, op, -ECANCELED);
    }
}

static void sim_perform(Os *os, OsOp *op) {
    Sim *sim = sim_of(os);
    if (op->call == OS_SEND || op->call == OS_RECV ||
        sim_channels_is_open(sim->channels, op->file)) {
        perform_on_channel(sim, op);
        return;
    }
    sim->now_ns += draw_duration(sim, op);
    const HandleUse *use = op->call == OS_OPENAT ? NULL : find_use(sim, op->file);
    const bool refused = is_refused(op, use);
    if (op->call == OS_CLOSE && !refused && sim->now_ns < use->idle_from_ns) {
        sim->now_ns = use->idle_from_ns;
    }
    catch_up(sim);
    do_now(sim, op, refused);
}

/* ---- waiting --------------------------------------------------------------------------------- */

static bool take_wake(Sim *sim) {
    if (!atomic_exchange(&sim->woken, false)) {
        return false;
    }
    waker_clear(&sim->waker);
    return true;
}

/* Nothing virtual can happen any more: only another thread can end this, with os_wake. */
static void sleep_until_woken(Sim *sim) {
    while (!atomic_load(&sim->woken)) {
        waker_sleep(&sim->waker);
    }
}

static OsOp *sim_wait(Os *os, int64_t timeout_ns, OsWait *info) {
    Sim *sim = sim_of(os);
    const uint64_t begin_ns = sim->now_ns;
    const bool short_nap = timeout_ns > 0 && timeout_ns < WAIT_NS;
    sim->now_ns += short_nap ? (uint64_t)timeout_ns : WAIT_NS;
    catch_up(sim);
    OpList ready = {0};
    info->events = sim_channels_reap(sim->channels, &ready);
    bool woken = take_wake(sim);
    const uint64_t deadline_ns = timeout_ns < 0 ? UINT64_MAX : begin_ns + (uint64_t)timeout_ns;
    while (sim->finished.first == NULL && ready.first == NULL && !woken &&
           sim->now_ns < deadline_ns && timeout_ns != 0) {
        const uint64_t next_ns =
            sim->heap_count > 0 ? sim->heap[0]->back_end[SLOT_DUE_NS] : UINT64_MAX;
        const uint64_t until_ns = next_ns < deadline_ns ? next_ns : deadline_ns;
        if (until_ns == UINT64_MAX) {
            sleep_until_woken(sim);
            woken = take_wake(sim);
        } else if (until_ns > sim->now_ns) {
            sim->now_ns = until_ns;
        }
        catch_up(sim);
    }
    info->calls = 1;
    info->events += woken;
    for (const OsOp *op = sim->finished.first; op != NULL; op = op->next) {
        info->events++;
    }
    op_list_append_all(&ready, &sim->finished);
    sim->unpeeked = NULL;
    return op_list_take_all(&ready);
}

static void sim_wake(Os *os) {
    Sim *sim = sim_of(os);
    atomic_store(&sim->woken, true);
    waker_ring(&sim->waker);
}

/* ---- clock, life ----------------------------------------------------------------------------- */

static uint64_t sim_now_ns(Os *os) {
    const Sim *sim = sim_of(os);
    return sim->in_thread ? sim->thread_ns : sim->now_ns;
}

static void sim_spend(Os *os, uint64_t ns) {
    Sim *sim = sim_of(os);
    *(sim->in_thread ? &sim->thread_ns : &sim->now_ns) += ns;
}

static void sim_destroy(Os *os) {
    Sim *sim = sim_of(os);
    ASSERT(sim->heap_count == 0 && sim->finished.first == NULL);
    waker_finish(&sim->waker);
    sim_files_destroy(sim->files);
    sim_channels_destroy(sim->channels);
    free(sim->uses);
    free(sim->heap);
    free(sim);
}

static const OsTable SIM_TABLE = {
    .notifier = "sim",
    .via = OS_VIA_SIM,
    .channel_via = OS_VIA_SIM,
    .destroy = sim_destroy,
    .submit = sim_submit,
    .wait = sim_wait,
    .peek = sim_peek,
    .peeks_channels = true,
    .perform = sim_perform,
    .thread_perform = sim_thread_perform,
    .lend = sim_lend,
    .adopt = sim_lend,
    .pair = sim_pair,
    .cancel = sim_cancel,
    .wake = sim_wake,
    .now_ns = sim_now_ns,
    .spend = sim_spend,
};

Os *os_sim_create(const OsConfig *config, Diags *diags) {
    Sim *sim = mem_alloc(1, sizeof *sim);
    const int error = waker_init(&sim->waker);
    if (error < 0) {
        diags_add(diags, "--backend", "the simulation has nothing to be woken by: %s",
                  os_error_text(-error));
        free(sim);
        return NULL;
    }
    sim->os = (Os){.table = &SIM_TABLE, .backend = OS_BACKEND_SIM};
    sim->random = config->seed;
    sim->fault = config->fault;
    sim->files = sim_files_create();
    sim->channels = sim_channels_create();
    return &sim->os;
}
