/* Two runs beside each other, as a table or as JSON.
 *
 * Threads: the main thread. */
#ifndef LOOPSCOPE_APP_COMPARE_TABLE_H
#define LOOPSCOPE_APP_COMPARE_TABLE_H

#include "base/buf.h"
#include "trace/compare.h"

typedef struct CompareTable {
    const Comparison *comparison;
    const Log *logs[COMPARE_RUNS];
    Timeline *timelines[COMPARE_RUNS];
    const char *names[COMPARE_RUNS];
    const char *files[COMPARE_RUNS];
    bool recorded[COMPARE_RUNS]; /* a saved trace: it was not run now */
} CompareTable;

void compare_table_text(const CompareTable *table, Buf *out);
void compare_table_json(const CompareTable *table, Buf *out);

#endif
