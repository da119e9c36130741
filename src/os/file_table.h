/* Which descriptors are ours: so that an operation on a closed handle can never reach a descriptor
 * that means something else by now (the trace's own file, another scenario file), so that a close
 * waits for what is still in flight on its file, and so that nothing is left open at the end.
 *
 * A descriptor's number is free for the next open as soon as the system works on the close, so the
 * entry is given up when the close is handed over, not when it is told.
 *
 * Ownership: file_table_finish frees and closes; a zeroed FileTable is empty.
 * Threads: the loop's. */
#ifndef LOOPSCOPE_OS_FILE_TABLE_H
#define LOOPSCOPE_OS_FILE_TABLE_H

#include "os/os.h"

typedef struct FileEntry {
    bool open;
    bool is_socket;        /* an end of a channel: its operations wait here, not at the engine */
    uint32_t busy;         /* operations in flight at the engine */
    OsOp *closer;          /* a close that waits for them */
    OsOp *receiver;        /* in flight: until the socket is readable */
    OsOp *sender;          /* until it is writable */
    unsigned watched;      /* what the notifier watches it for: see sockets.c */
    int error;             /* the socket's, which came with an event and it may have lost by that */
    OsFile other;          /* the pair's other end, OS_FILE_NONE once that was closed */
    uint64_t unread_bytes; /* that the other end sent and this one has not received */
    uint64_t roused;       /* FileTable.waits when the other end last sent while it was watched */
} FileEntry;

typedef struct FileTable {
    FileEntry *entries; /* by descriptor */
    size_t cap;
    uint64_t waits;  /* how often the notifier was asked, and one */
    bool is_stirred; /* since then: see os_channels_are_still */
} FileTable;

void file_table_finish(FileTable *files);

void file_table_add(FileTable *files, int file); /* opened */

/* The entry of an open file; NULL for any other number. */
static inline FileEntry *file_table_entry(FileTable *files, OsFile file) {
    if (file < 0 || (uint64_t)file >= files->cap || !files->entries[file].open) {
        return NULL;
    }
    return &files->entries[file];
}

/* The same, but for one that a close waits for. */
static inline FileEntry *file_table_find(FileTable *files, OsFile file) {
    FileEntry *entry = file_table_entry(files, file);
    return entry == NULL || entry->closer != NULL ? NULL : entry;
}

#endif
