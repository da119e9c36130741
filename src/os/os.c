#include "os/os.h"

#include "base/assert.h"
#include "base/mem.h"
#include "os/system.h"

#include <stdlib.h>
#include <string.h>

static const char *const BACKEND_NAMES[OS_BACKEND_COUNT] = {
    [OS_BACKEND_AUTO] = "auto",       [OS_BACKEND_IO_URING] = "io_uring",
    [OS_BACKEND_THREADS] = "threads", [OS_BACKEND_KQUEUE] = "kqueue",
    [OS_BACKEND_IOCP] = "iocp",       [OS_BACKEND_SIM] = "sim",
};

const char *os_backend_name(OsBackend backend) {
    ASSERT((unsigned)backend < OS_BACKEND_COUNT);
    return BACKEND_NAMES[backend];
}

bool os_backend_parse(const char *name, OsBackend *out) {
    for (int i = 0; i < OS_BACKEND_COUNT; i++) {
        if (strcmp(name, BACKEND_NAMES[i]) == 0) {
            *out = (OsBackend)i;
            return true;
        }
    }
    return false;
}

static const SystemBackend *find(OsBackend backend) {
    for (const SystemBackend *row = SYSTEM_BACKENDS; row->backend != OS_BACKEND_AUTO; row++) {
        if (row->backend == backend) {
            return row;
        }
    }
    return NULL;
}

const char *os_backend_about(OsBackend backend) {
    if (backend == OS_BACKEND_SIM) {
        return "a simulated OS with a virtual clock; touches no file";
    }
    const SystemBackend *row = find(backend);
    return row == NULL ? NULL : row->about;
}

void os_try_file(const char *folder, Buf *out) {
    system_try_file(folder, out);
}

/* The first back end that works; what the better ones lacked is kept as the reason. */
static Os *create_best(const OsConfig *config, Diags *diags) {
    Buf reason = {0};
    Os *os = NULL;
    for (const SystemBackend *row = SYSTEM_BACKENDS; row->backend != OS_BACKEND_AUTO && os == NULL;
         row++) {
        Buf why = {0};
        os = row->create(config, &why, diags);
        if (os == NULL && why.size_bytes == 0) { /* no back end would do better */
            break;
        }
        if (why.size_bytes > 0) {
            buf_append_text(&reason, reason.size_bytes > 0 ? "; " : "");
            buf_append_text(&reason, buf_text(&why));
        }
        buf_finish(&why);
    }
    if (reason.size_bytes > 0 && os != NULL) {
        os->fallback_reason = mem_copy_text(reason.data, reason.size_bytes);
    } else if (reason.size_bytes > 0) {
        diags_add(diags, "--backend", "no back end works here: %s", buf_text(&reason));
    }
    buf_finish(&reason);
    return os;
}

static Os *create_named(const OsConfig *config, Diags *diags) {
    const SystemBackend *row = find(config->backend);
    if (row == NULL) {
        diags_add(diags, "--backend", "%s is not available on this system",
                  os_backend_name(config->backend));
        return NULL;
    }
    Buf reason = {0};
    Os *os = row->create(config, &reason, diags);
    if (os == NULL && reason.size_bytes > 0) {
        diags_add(diags, "--backend", "%s", buf_text(&reason));
    }
    buf_finish(&reason);
    return os;
}

Os *os_create(const OsConfig *config, Diags *diags) {
    switch (config->backend) {
    case OS_BACKEND_SIM:
        return os_sim_create(config, diags);
    case OS_BACKEND_AUTO:
        return create_best(config, diags);
    default:
        return create_named(config, diags);
    }
}

void os_destroy(Os *os) {
    if (os == NULL) {
        return;
    }
    ASSERT(os->in_flight == 0);
    char *reason = os->fallback_reason;
    os->table->destroy(os);
    free(reason);
}

OsBackend os_backend(const Os *os) {
    return os->backend;
}

const char *os_notifier_name(const Os *os) {
    return os->table->notifier;
}

const char *os_sleeps_in(const Os *os) {
    return os->table->sleeps_in == NULL ? "" : os->table->sleeps_in;
}

const char *os_fallback_reason(const Os *os) {
    return os->fallback_reason;
}

static bool is_on_channel(const OsOp *op) {
    return op->call == OS_SEND || op->call == OS_RECV;
}

static void check_file_op(const OsOp *op) {
    switch (op->call) {
    case OS_OPENAT:
        ASSERT(op->path != NULL && op->mode != OS_MODE_NONE);
        break;
    case OS_READ:
        ASSERT(op->size_bytes <= OS_READ_MAX_BYTES && op->offset >= 0);
        break;
    case OS_WRITE:
        ASSERT(op->size_bytes <= INT64_MAX && op->offset >= -1);
        break;
    case OS_THREAD:
        ASSERT(op->run != NULL);
        break;
    default:
        break;
    }
}

/* The caller's part is as os.h demands it; what an operation before left in it is gone. */
static inline void prepare(OsOp *op) {
    ASSERT(op->state == OS_OP_IDLE);
    if (op->call == OS_RECV) {
        ASSERT(op->size_bytes > 0 && op->size_bytes <= OS_READ_MAX_BYTES);
    } else if (op->call == OS_SEND) {
        ASSERT(op->size_bytes <= INT64_MAX);
    } else {
        check_file_op(op);
    }
    op->result = 0;
    op->is_readiness = op->is_instant = false;
    if (op->call == OS_OPENAT) {
        op->file = OS_FILE_NONE;
    }
}

static OsVia via_of(const Os *os, const OsOp *op) {
    if (is_on_channel(op)) {
        return os->table->channel_via;
    }
    return op->call == OS_THREAD && os->backend != OS_BACKEND_SIM ? OS_VIA_THREADS : os->table->via;
}

void os_submit(Os *os, OsOp *op) {
    prepare(op);
    op->via = via_of(os, op);
    op->next = NULL;
    memset(op->back_end, 0, sizeof op->back_end);
    op->state = OS_OP_IN_FLIGHT;
    os->in_flight++;
    os->table->submit(os, op);
}

void os_push(Os *os) {
    if (os->table->push != NULL) {
        os->table->push(os);
    }
}

OsOp *os_wait(Os *os, int64_t timeout_ns, OsWait *info) {
    ASSERT(timeout_ns >= -1);
    OsWait unasked;
    OsWait *wait = info != NULL ? info : &unasked;
    *wait = (OsWait){0};
    OsOp *batch = os->table->wait(os, timeout_ns, wait);
    ASSERT(wait->calls > 0);
    ASSERT(batch == NULL || wait->events > 0); /* nothing is told that the OS did not notify */
    for (OsOp *op = batch; op != NULL; op = op->next) {
        ASSERT(op->state == OS_OP_IN_FLIGHT && os->in_flight > 0);
        op->state = OS_OP_IDLE;
        os->in_flight--;
    }
    return batch;
}

OsOp *os_peek(Os *os) {
    return os->table->peek(os);
}

const OsLook *os_look(const Os *os) {
    return &os->look;
}

bool os_peeks_channels(const Os *os) {
    return os->table->peeks_channels;
}

uint32_t os_in_flight(const Os *os) {
    return os->in_flight;
}

int64_t os_channel_delay_ns(const Os *os) {
    return os->table->channel_delay_ns;
}

void os_perform(Os *os, OsOp *op) {
    ASSERT(op->call != OS_THREAD);
    prepare(op);
    if (!is_on_channel(op)) { /* what is gathered would wait for it */
        os_push(os);
    }
    os->table->perform(os, op);
}

void os_thread_perform(Os *os, OsOp *op) {
    ASSERT(op->call <= OS_CLOSE);
    prepare(op);
    os->table->thread_perform(os, op);
}

void os_lend(Os *os, OsFile file) {
    os->table->lend(os, file);
}

void os_adopt(Os *os, OsFile file) {
    os->table->adopt(os, file);
}

bool os_pair(Os *os, OsFile ends[2], int *error) {
    return os->table->pair(os, ends, error);
}

void os_cancel(Os *os, OsOp *op) {
    ASSERT(op->state == OS_OP_IN_FLIGHT && is_on_channel(op));
    os->table->cancel(os, op);
}

bool os_must_wait(Os *os, const OsOp *op) {
    return op->call == OS_RECV && os->table->must_wait != NULL && os->table->must_wait(os, op);
}

bool os_channels_are_still(const Os *os) {
    return os->table->channels_are_still != NULL && os->table->channels_are_still(os);
}

void os_wake(Os *os) {
    os->table->wake(os);
}

uint64_t os_now_ns(Os *os) {
    return os->table->now_ns(os);
}

void os_spend(Os *os, uint64_t ns) {
    os_push(os);
    os->table->spend(os, ns);
}
