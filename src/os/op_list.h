/* A queue of operations through their own `next`: no allocation, first in, first out.
 *
 * Threads: one at a time. A zeroed OpList is empty. */
#ifndef LOOPSCOPE_OS_OP_LIST_H
#define LOOPSCOPE_OS_OP_LIST_H

#include "os/os.h"

typedef struct OpList {
    OsOp *first;
    OsOp *last;
} OpList;

static inline void op_list_append(OpList *list, OsOp *op) {
    op->next = NULL;
    if (list->last != NULL) {
        list->last->next = op;
    } else {
        list->first = op;
    }
    list->last = op;
}

static inline OsOp *op_list_take(OpList *list) {
    OsOp *op = list->first;
    if (op != NULL) {
        list->first = op->next;
        if (list->first == NULL) {
            list->last = NULL;
        }
        op->next = NULL;
    }
    return op;
}

/* The whole list, linked; the queue is empty afterwards. */
static inline OsOp *op_list_take_all(OpList *list) {
    OsOp *first = list->first;
    *list = (OpList){0};
    return first;
}

static inline void op_list_append_all(OpList *list, OpList *more) {
    if (more->first == NULL) {
        return;
    }
    if (list->last != NULL) {
        list->last->next = more->first;
    } else {
        list->first = more->first;
    }
    list->last = more->last;
    *more = (OpList){0};
}

#endif
