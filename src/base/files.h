/* The program's own files and folders (traces, scenarios, pictures, fonts; not what a scenario
 * writes, which is os/'s), by names in UTF-8 on every system, always binary. Windows' own functions
 * for char names know its old code pages only.
 *
 * Errors: false, -1 or NULL with errno set. Threads: any; a FileFolder one at a time. */
#ifndef LOOPSCOPE_BASE_FILES_H
#define LOOPSCOPE_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum FileUse {
    FILE_USE_READ,
    FILE_USE_CREATE,     /* write; emptied where it exists */
    FILE_USE_CREATE_NEW, /* write; EEXIST where it exists */
    FILE_USE_WRITE,      /* what exists, as it is: a device */
} FileUse;

typedef enum FileKind {
    FILE_KIND_NONE,
    FILE_KIND_REGULAR,
    FILE_KIND_FOLDER,
    FILE_KIND_OTHER
} FileKind;

/* A descriptor, not inherited by child processes. */
int file_open(const char *path, FileUse use);
int64_t file_read(int file, void *bytes, size_t size_bytes);
int64_t file_write(int file, const void *bytes, size_t size_bytes);
bool file_write_all(int file, const void *bytes, size_t size_bytes);
bool file_cut(int file, int64_t size_bytes);
/* To the disk. A pipe or a device has none, which is no error. */
bool file_sync(int file);
bool file_close(int file);

FILE *file_stream(const char *path); /* to be read */

FileKind file_kind(const char *path); /* links followed */
bool file_is_writable(const char *path);
/* Whoever may use `like` may use the open `file`, as far as the system lets us say so. */
void file_copy_permissions(int file, const char *like);
bool file_replace(const char *from, const char *to); /* `to` may exist */
bool file_remove(const char *path);
bool file_remove_folder(const char *path); /* an empty one */

bool file_make_folder(const char *path); /* true where it is there already */
char *file_real_path(const char *path);  /* whole and without links; the caller frees */

/* What follows the last separator (on Windows '\' and ':' are some, too). */
const char *file_base_name(const char *path);

/* A variable of the environment, whole; false where it is unset, empty or too long. */
bool file_variable(const char *name, char *out, size_t size_bytes);

/* The names in a folder; NULL at the end. "." and ".." are left out. */
typedef struct FileFolder FileFolder;
FileFolder *file_folder_open(const char *path);
const char *file_folder_next(FileFolder *folder);
void file_folder_close(FileFolder *folder); /* accepts NULL */

#endif
