#include "base/files.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int file_open(const char *path, FileUse use) {
    static const int FLAGS[] = {
        [FILE_USE_READ] = O_RDONLY,
        [FILE_USE_CREATE] = O_WRONLY | O_CREAT | O_TRUNC,
        [FILE_USE_CREATE_NEW] = O_WRONLY | O_CREAT | O_EXCL,
        [FILE_USE_WRITE] = O_WRONLY,
    };
    return open(path, FLAGS[use] | O_CLOEXEC, 0666);
}

int64_t file_read(int file, void *bytes, size_t size_bytes) {
    ssize_t got = -1;
    do {
        got = read(file, bytes, size_bytes);
    } while (got < 0 && errno == EINTR);
    return got;
}

int64_t file_write(int file, const void *bytes, size_t size_bytes) {
    ssize_t wrote = -1;
    do {
        wrote = write(file, bytes, size_bytes);
    } while (wrote < 0 && errno == EINTR);
    return wrote;
}

bool file_cut(int file, int64_t size_bytes) {
    return ftruncate(file, size_bytes) == 0;
}

bool file_sync(int file) {
    return fsync(file) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
}

bool file_close(int file) {
    return close(file) == 0;
}

FILE *file_stream(const char *path) {
    return fopen(path, "rbe");
}

FileKind file_kind(const char *path) {
    struct stat info;
    if (stat(path, &info) != 0) {
        return FILE_KIND_NONE;
    }
    return S_ISREG(info.st_mode)   ? FILE_KIND_REGULAR
           : S_ISDIR(info.st_mode) ? FILE_KIND_FOLDER
                                   : FILE_KIND_OTHER;
}

bool file_is_writable(const char *path) {
    return access(path, W_OK) == 0;
}

void file_copy_permissions(int file, const char *like) {
    struct stat info;
    if (stat(like, &info) == 0) {
        (void)!fchmod(file, info.st_mode & 0777);
    }
}

bool file_replace(const char *from, const char *to) {
    return rename(from, to) == 0;
}

bool file_remove(const char *path) {
    return unlink(path) == 0;
}

bool file_remove_folder(const char *path) {
    return rmdir(path) == 0;
}

bool file_make_folder(const char *path) {
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

char *file_real_path(const char *path) {
    return realpath(path, NULL);
}

const char *file_base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

bool file_variable(const char *name, char *out, size_t size_bytes) {
    const char *value = getenv(name);
    if (value == NULL || value[0] == '\0' || strlen(value) >= size_bytes) {
        return false;
    }
    memcpy(out, value, strlen(value) + 1);
    return true;
}

struct FileFolder {
    DIR *list;
};

FileFolder *file_folder_open(const char *path) {
    DIR *list = opendir(path);
    if (list == NULL) {
        return NULL;
    }
    FileFolder *folder = mem_alloc(1, sizeof *folder);
    folder->list = list;
    return folder;
}

const char *file_folder_next(FileFolder *folder) {
    for (;;) {
        const struct dirent *entry = readdir(folder->list);
        if (entry == NULL) {
            return NULL;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            return entry->d_name;
        }
    }
}

void file_folder_close(FileFolder *folder) {
    if (folder != NULL) {
        closedir(folder->list);
        free(folder);
    }
}
