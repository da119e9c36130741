/* Rows: paused tasks, each beside its operation at the OS or below what it stands in line for. */
#include "view/stage.h"

#include "base/assert.h"

#include <math.h>

enum { OPS_READ_MAX = 64, SHARED_READ_MAX = 32 };

typedef struct Rows {
    OpInfo ops[OPS_READ_MAX];
    size_t op_count; /* read, at most OPS_READ_MAX */
    bool placed[OPS_READ_MAX];
    size_t plain;   /* shells that stand in no line; they come first */
    size_t op_rows; /* rows that operations need */
    bool show_idle; /* things that nobody waits for have a row */
    bool fold;      /* who waits stands on the thing's own row */
} Rows;

/* The tallest rows that fit: a card, a short card, lines as wide apart as there is room. */
typedef struct RowSize {
    float height, gap;
    float thing_height, thing_gap; /* of what tasks share */
} RowSize;

static const RowSize SIZES[] = {{76, 12, 30, 6}, {50, 6, 26, 4},       {36, 6, 26, 4},
                                {29, 5, 24, 4},  {26, 2.5f, 23, 2.5f}, {19.6f, 1.8f, 19.6f, 1.8f}};
enum { SIZE_COUNT = 6, SIZE_AIRY_LINE = 2, SIZE_LINE = 4 };

#define SHARED_INDENT 22 /* of those who stand in line below it */

static bool waits_for_op(const TaskInfo *info) {
    return info->target_kind == TARGET_OP;
}

/* ---- who is there ---- */

static StageShell shell_make(const StageModel *model, uint32_t task) {
    StageShell shell = {.task = task, .info = stage_task_info(model->state, task), .shared = -1};
    if (waits_for_op(&shell.info)) {
        OpInfo op;
        shell.op_in_flight = state_op(model->state, shell.info.target_id, &op);
        shell.op_arrived = shell.op_in_flight && op.arrived;
        shell.received = !shell.op_in_flight;
        if (shell.op_arrived) {
            shell.late_ns = model->loop.now_ns - op.arrived_ns;
        }
    }
    return shell;
}

/* The operation that the running task handed over in this stint: its badge is there already. */
static const OpInfo *fresh_op(const StageModel *model, const Rows *rows) {
    if (model->loop.running == EVENT_NONE) {
        return NULL;
    }
    for (size_t i = rows->op_count; i > 0; i--) {
        const OpInfo *op = &rows->ops[i - 1];
        if (op->task == model->loop.running && op->submitted_n >= model->slot_info.since_n) {
            return op;
        }
    }
    return NULL;
}

static void insert_shell(StageModel *model, size_t at, StageShell shell) {
    ASSERT(model->shell_count < STAGE_ROWS_MAX);
    for (size_t i = model->shell_count++; i > at; i--) {
        model->shells[i] = model->shells[i - 1];
    }
    model->shells[at] = shell;
}

static void add_fresh(StageModel *model, const Rows *rows) {
    const OpInfo *fresh = fresh_op(model, rows);
    if (fresh == NULL || model->shell_count == STAGE_ROWS_MAX || stage_ops_dense(model)) {
        return;
    }
    StageShell shell = {.task = fresh->task,
                        .info = state_task(model->state, fresh->task),
                        .reserved = true,
                        .shared = -1,
                        .op_in_flight = true};
    shell.info.target_kind = TARGET_OP;
    shell.info.target_id = fresh->op;
    size_t at = 0;
    while (at < model->shell_count && model->shells[at].task < fresh->task) {
        at++;
    }
    insert_shell(model, at, shell);
}

/* ---- what is shared ---- */

static bool stands_at(const TaskInfo *info) {
    return info->target_kind == TARGET_NAME && info->on >= WAIT_LOCK && info->on <= WAIT_QUEUE;
}

/* Things that somebody waits for; then the others, while there is room. */
static void collect_shared(StageModel *model) {
    SharedInfo all[SHARED_READ_MAX];
    size_t count = state_shared(model->state, all, SHARED_READ_MAX);
    count = count < SHARED_READ_MAX ? count : SHARED_READ_MAX;
    size_t idle = 0;
    for (size_t i = 0; i < count; i++) {
        idle += all[i].waiters == 0;
    }
    const size_t busy = count - idle;
    size_t idle_room = busy < STAGE_SHARED_MAX ? STAGE_SHARED_MAX - busy : 0;
    for (size_t i = 0; i < count && model->shared_count < STAGE_SHARED_MAX; i++) {
        if (all[i].waiters == 0) {
            if (idle_room == 0) {
                continue;
            }
            idle_room--;
        }
        model->shared[model->shared_count++] = (StageShared){.info = all[i]};
    }
}

/* Those who stand in line move behind the others, thing by thing, first in line first. */
static void line_up(StageModel *model, Rows *rows) {
    StageShell sorted[STAGE_ROWS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < model->shell_count; i++) {
        const TaskInfo *info = &model->shells[i].info;
        if (!stands_at(info) || stage_shared(model, info->target_text) == NULL) {
            sorted[count++] = model->shells[i];
        }
    }
    rows->plain = count;
    for (size_t k = 0; k < model->shared_count; k++) {
        StageShared *shared = &model->shared[k];
        shared->first_shell = count;
        for (size_t i = 0; i < model->shell_count; i++) {
            StageShell shell = model->shells[i];
            if (!stands_at(&shell.info) || shell.info.target_text != shared->info.name) {
                continue;
            }
            shell.shared = (int)k;
            size_t at = count++;
            while (at > shared->first_shell && sorted[at - 1].info.since_n > shell.info.since_n) {
                sorted[at] = sorted[at - 1];
                at--;
            }
            sorted[at] = shell;
        }
        shared->shell_count = count - shared->first_shell;
        for (size_t i = shared->first_shell; i < count; i++) {
            sorted[i].line = (uint32_t)(i - shared->first_shell);
        }
    }
    ASSERT(count == model->shell_count);
    for (size_t i = 0; i < count; i++) {
        model->shells[i] = sorted[i];
    }
}

static void collect(StageModel *model, Rows *rows) {
    uint32_t waiting[STAGE_ROWS_MAX];
    model->paused_total = state_waiting(model->state, waiting, STAGE_ROWS_MAX);
    if (stage_paused_dense(model)) {
        return;
    }
    for (size_t i = 0; i < model->paused_total; i++) {
        model->shells[model->shell_count++] = shell_make(model, waiting[i]);
    }
    add_fresh(model, rows);
    collect_shared(model);
    line_up(model, rows);
}

/* ---- how high ---- */

/* Whether its task still has to do with it: waits for it, or has just handed it over. */
static bool is_awaited(const StageModel *model, const Rows *rows, const OpInfo *op) {
    const TaskInfo info = stage_task_info(model->state, op->task);
    return (waits_for_op(&info) && info.target_id == op->op) || fresh_op(model, rows) == op;
}

/* Operations have the row of the task that waits for them; those that nobody waits for stand below
 * all of these, where no task's card is beside them. */
static size_t op_rows(const StageModel *model, const Rows *rows) {
    if (stage_ops_dense(model)) {
        return 0;
    }
    size_t needed = rows->plain;
    for (size_t i = 0; i < rows->op_count; i++) {
        needed += !is_awaited(model, rows, &rows->ops[i]);
    }
    const size_t least = rows->plain > rows->op_count ? rows->plain : rows->op_count;
    return needed < least ? least : needed < STAGE_ROWS_MAX ? needed : STAGE_ROWS_MAX;
}

static float rows_height(const StageModel *model, const Rows *rows, const RowSize *size) {
    float height = (float)rows->plain * (size->height + size->gap);
    for (size_t i = 0; i < model->shared_count; i++) {
        const StageShared *shared = &model->shared[i];
        height += size->thing_height + size->thing_gap;
        height += rows->fold ? 0 : (float)shared->shell_count * (size->height + size->gap);
    }
    const float ops = (float)rows->op_rows * (size->height + size->gap);
    return fmaxf(height, ops) - size->gap;
}

static bool try_sizes(const StageModel *model, const Rows *rows, float area_u, size_t first,
                      size_t last, const RowSize **out) {
    for (size_t i = first; i <= last; i++) {
        *out = &SIZES[i];
        if (rows_height(model, rows, *out) <= area_u + 0.5f) {
            return true;
        }
    }
    return false;
}

/* Of the things that nobody waits for, the one that was used longest ago goes. */
static bool drop_idle(StageModel *model) {
    size_t oldest = model->shared_count;
    for (size_t i = 0; i < model->shared_count; i++) {
        const StageShared *shared = &model->shared[i];
        if (shared->shell_count == 0 &&
            (oldest == model->shared_count ||
             shared->info.since_n < model->shared[oldest].info.since_n)) {
            oldest = i;
        }
    }
    if (oldest == model->shared_count) {
        return false;
    }
    model->shared_count--;
    for (size_t i = oldest; i < model->shared_count; i++) {
        model->shared[i] = model->shared[i + 1];
    }
    return true;
}

/* With everything, down to lines; else without what nobody waits for; else with lines folded. */
static const RowSize *choose_size(StageModel *model, Rows *rows, float area_u) {
    const RowSize *size = &SIZES[SIZE_COUNT - 1];
    rows->fold = false;
    do {
        if (try_sizes(model, rows, area_u, 0, SIZE_LINE, &size)) {
            return size;
        }
    } while (drop_idle(model));
    rows->fold = true;
    try_sizes(model, rows, area_u, SIZE_AIRY_LINE, SIZE_COUNT - 1, &size);
    return size;
}

/* ---- where ---- */

static Rect row_rect(const StageModel *model, Rect area, size_t row) {
    return (Rect){area.x, area.y + (float)row * (model->row_h + model->row_gap), area.w,
                  model->row_h};
}

static void fold_line(StageModel *model, const StageShared *shared) {
    const Rect row = shared->rect;
    const float from = row.x + row.w * 0.56f, room = row.w * 0.44f;
    const float pitch = fminf(row.h * 1.2f, room / (float)shared->shell_count);
    for (size_t i = 0; i < shared->shell_count; i++) {
        StageShell *shell = &model->shells[shared->first_shell + i];
        shell->folded = true;
        shell->rect = (Rect){from + (float)i * pitch, row.y, pitch, row.h};
    }
}

static void place_shells(StageModel *model, const Canvas *canvas, const Rows *rows,
                         const RowSize *size) {
    const Rect area = canvas->layout->paused;
    const float u = canvas->u, indent = SHARED_INDENT * u;
    for (size_t i = 0; i < rows->plain; i++) {
        model->shells[i].rect = row_rect(model, area, i);
    }
    float y = area.y + (float)rows->plain * (model->row_h + model->row_gap);
    for (size_t k = 0; k < model->shared_count; k++) {
        StageShared shared = model->shared[k];
        shared.rect = (Rect){area.x, y, area.w, size->thing_height * u};
        y += (size->thing_height + size->thing_gap) * u;
        if (rows->fold && shared.shell_count > 0) {
            fold_line(model, &shared);
        }
        for (size_t i = 0; i < shared.shell_count; i++) {
            StageShell *shell = &model->shells[shared.first_shell + i];
            shell->shared = (int)k;
            if (!rows->fold) {
                shell->rect = (Rect){area.x + indent, y, area.w - indent, model->row_h};
                y += model->row_h + model->row_gap;
            }
        }
        model->shared[k] = shared;
    }
}

static StageOp *add_op(StageModel *model, const Canvas *canvas, const OpInfo *info, size_t row) {
    ASSERT(model->op_count < STAGE_ROWS_MAX);
    StageOp *op = &model->ops[model->op_count++];
    *op = (StageOp){.info = *info, .rect = row_rect(model, canvas->layout->ops, row)};
    return op;
}

/* The lowest row that there is room for and that nothing has; where all have something, `other`. */
static size_t lowest_row(const StageModel *model, const Canvas *canvas, const bool *taken,
                         size_t other) {
    const float pitch = model->row_h + model->row_gap;
    const float fit = (canvas->layout->ops.h + model->row_gap + 0.5f) / pitch;
    size_t row = fit < STAGE_ROWS_MAX ? (size_t)fit : STAGE_ROWS_MAX;
    while (row > 0 && taken[row - 1]) {
        row--;
    }
    return row > 0 ? row - 1 : other;
}

static void place_ops(StageModel *model, const Canvas *canvas, Rows *rows) {
    bool taken[STAGE_ROWS_MAX * 2] = {false};
    for (size_t i = 0; i < rows->op_count; i++) {
        for (size_t k = 0; k < rows->plain; k++) {
            const TaskInfo *info = &model->shells[k].info;
            if (waits_for_op(info) && info->target_id == rows->ops[i].op) {
                add_op(model, canvas, &rows->ops[i], k)->holds_badge = !rows->ops[i].arrived;
                taken[k] = rows->placed[i] = true;
            }
        }
    }
    size_t row = 0;
    for (size_t i = 0; i < rows->op_count; i++) {
        if (rows->placed[i]) {
            continue;
        }
        const bool awaited = is_awaited(model, rows, &rows->ops[i]);
        while (taken[row]) {
            row++;
        }
        const size_t at = awaited ? row : lowest_row(model, canvas, taken, row);
        taken[at] = true;
        add_op(model, canvas, &rows->ops[i], at)->unawaited = !awaited;
    }
}

void stage_rows_make(StageModel *model, const Canvas *canvas) {
    Rows rows = {.op_count = 0};
    const size_t total = state_ops(model->state, rows.ops, OPS_READ_MAX);
    rows.op_count = total < OPS_READ_MAX ? total : OPS_READ_MAX;
    collect(model, &rows);
    rows.op_rows = op_rows(model, &rows);
    const RowSize *size = choose_size(model, &rows, canvas->layout->paused.h / canvas->u);
    model->row_h = size->height * canvas->u;
    model->row_gap = size->gap * canvas->u;
    place_shells(model, canvas, &rows, size);
    if (!stage_ops_dense(model)) {
        place_ops(model, canvas, &rows);
    }
}
