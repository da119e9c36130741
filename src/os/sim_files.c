#include "os/sim_files.h"

#include "base/assert.h"
#include "base/mem.h"
#include "os/workspace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SIM_PATH_MAX = 4096, SIM_NAME_MAX = 255, FIRST_BUCKETS = 64, NO_NODE = 0 };

/* A file or a folder, found by its whole path; node 0 stands for none, node 1 is the workspace. */
typedef struct Node {
    char *path; /* without "." and "..", without a slash at either end */
    bool folder;
    char *data;
    size_t size_bytes;
    size_t cap_bytes;
} Node;

typedef struct Handle {
    uint32_t node; /* NO_NODE: closed */
    OsMode mode;
} Handle;

struct SimFiles {
    Node *nodes;
    size_t node_count;
    size_t node_cap;
    uint32_t *buckets; /* open addressing; a power of two, at most half full */
    size_t bucket_count;
    Handle *handles;
    size_t handle_count;
    size_t handle_cap;
};

static uint64_t hash_path(const char *path) {
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (const char *c = path; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    }
    return hash;
}

/* The bucket of `path`: where it is, or where it would go. */
static uint32_t *find_bucket(const SimFiles *files, const char *path) {
    size_t at = (size_t)hash_path(path) & (files->bucket_count - 1);
    while (files->buckets[at] != NO_NODE &&
           strcmp(files->nodes[files->buckets[at]].path, path) != 0) {
        at = (at + 1) & (files->bucket_count - 1);
    }
    return &files->buckets[at];
}

static Node *find_node(const SimFiles *files, const char *path) {
    const uint32_t node = *find_bucket(files, path);
    return node == NO_NODE ? NULL : &files->nodes[node];
}

static void grow_buckets(SimFiles *files) {
    free(files->buckets);
    files->bucket_count *= 2;
    files->buckets = mem_alloc(files->bucket_count, sizeof *files->buckets);
    for (size_t i = 1; i < files->node_count; i++) {
        *find_bucket(files, files->nodes[i].path) = (uint32_t)i;
    }
}

static Node *add_node(SimFiles *files, const char *path, bool folder) {
    if (2 * files->node_count >= files->bucket_count) {
        grow_buckets(files);
    }
    files->nodes =
        mem_grow(files->nodes, &files->node_cap, files->node_count + 1, sizeof *files->nodes);
    const uint32_t node = (uint32_t)files->node_count++;
    files->nodes[node] = (Node){.path = mem_copy_text(path, strlen(path)), .folder = folder};
    *find_bucket(files, path) = node;
    return &files->nodes[node];
}

SimFiles *sim_files_create(void) {
    SimFiles *files = mem_alloc(1, sizeof *files);
    files->bucket_count = FIRST_BUCKETS;
    files->buckets = mem_alloc(files->bucket_count, sizeof *files->buckets);
    files->nodes = mem_grow(NULL, &files->node_cap, 2, sizeof *files->nodes);
    files->nodes[0] = (Node){0};
    files->node_count = 1;
    add_node(files, "", true);
    return files;
}

void sim_files_destroy(SimFiles *files) {
    if (files == NULL) {
        return;
    }
    for (size_t i = 1; i < files->node_count; i++) {
        free(files->nodes[i].path);
        free(files->nodes[i].data);
    }
    free(files->nodes);
    free(files->buckets);
    free(files->handles);
    free(files);
}

/* Where a path leads: its parents were entered, its last name is at the end of `path`. */
typedef struct Place {
    char path[SIM_PATH_MAX];
    size_t length;
    bool names_folder; /* ends in "/", "/." or "..": only a folder can be meant */
} Place;

static void go_up(Place *place) {
    while (place->length > 0 && place->path[--place->length] != '/') {
    }
    place->path[place->length] = '\0';
}

static void append_name(Place *place, const char *name, size_t length) {
    if (place->length > 0) {
        place->path[place->length++] = '/';
    }
    memcpy(place->path + place->length, name, length);
    place->length += length;
    place->path[place->length] = '\0';
}

/* The folder at place must be there, or is made. 0 or -errno. */
static int enter_folder(SimFiles *files, const Place *place, bool make) {
    const Node *node = find_node(files, place->path);
    if (node == NULL && make) {
        node = add_node(files, place->path, true);
    }
    if (node == NULL) {
        return -ENOENT;
    }
    return node->folder ? 0 : -ENOTDIR;
}

/* Goes through the path as a system does: every name but the last must be a folder. */
static int locate(SimFiles *files, const char *path, bool make, Place *place) {
    *place = (Place){0};
    if (!workspace_path_allowed(path)) {
        return -EPERM;
    }
    if (strlen(path) >= SIM_PATH_MAX) {
        return -ENAMETOOLONG;
    }
    for (const char *name = path; *name != '\0';) {
        const size_t length = strcspn(name, "/");
        const bool up = length == 2 && memcmp(name, "..", 2) == 0;
        const bool stay = length == 0 || (length == 1 && name[0] == '.');
        if (length > SIM_NAME_MAX) {
            return -ENAMETOOLONG;
        }
        if (!stay) {
            const int entered = enter_folder(files, place, make);
            if (entered < 0) {
                return entered;
            }
        }
        if (up) {
            go_up(place);
        } else if (!stay) {
            append_name(place, name, length);
        }
        place->names_folder = up || stay || name[length] == '/';
        name += length;
        name += *name == '/';
    }
    return 0;
}

static int64_t add_handle(SimFiles *files, uint32_t node, OsMode mode) {
    files->handles = mem_grow(files->handles, &files->handle_cap, files->handle_count + 1,
                              sizeof *files->handles);
    files->handles[files->handle_count] = (Handle){node, mode};
    return (int64_t)files->handle_count++;
}

/* Opening for writing on a system that has the file made: a folder can't be. */
static int64_t do_open(SimFiles *files, OsOp *op) {
    Place place;
    const bool writes = op->mode != OS_MODE_R;
    const int located = locate(files, op->path, writes, &place);
    if (located < 0) {
        return located;
    }
    Node *node = find_node(files, place.path);
    if (place.names_folder && writes) {
        return -EISDIR;
    }
    if (node == NULL && !writes) {
        return -ENOENT;
    }
    if (node == NULL) {
        node = add_node(files, place.path, false);
    }
    if (node->folder) {
        return -EISDIR;
    }
    if (place.names_folder) {
        return -ENOTDIR;
    }
    if (op->mode == OS_MODE_W) {
        node->size_bytes = 0;
    }
    op->file = (OsFile)add_handle(files, (uint32_t)(node - files->nodes), op->mode);
    return 0;
}

static Handle *find_handle(const SimFiles *files, OsFile file) {
    if (file < 0 || (uint64_t)file >= files->handle_count) {
        return NULL;
    }
    Handle *handle = &files->handles[file];
    return handle->node == NO_NODE ? NULL : handle;
}

bool sim_files_is_open(const SimFiles *files, OsFile file) {
    return find_handle(files, file) != NULL;
}

static int64_t do_write(SimFiles *files, const Handle *handle, const OsOp *op) {
    if (handle->mode == OS_MODE_R) {
        return -EBADF;
    }
    Node *node = &files->nodes[handle->node];
    const bool appends = handle->mode == OS_MODE_A || op->offset < 0;
    const size_t begin = appends ? node->size_bytes : (size_t)op->offset;
    if (op->size_bytes == 0) {
        return 0;
    }
    if (op->size_bytes > SIZE_MAX / 2 - begin) {
        return -EFBIG;
    }
    const size_t end = begin + (size_t)op->size_bytes;
    node->data = mem_grow(node->data, &node->cap_bytes, end, 1);
    if (begin > node->size_bytes) { /* a hole reads as zeros */
        memset(node->data + node->size_bytes, 0, begin - node->size_bytes);
    }
    memcpy(node->data + begin, op->data, (size_t)op->size_bytes);
    node->size_bytes = end > node->size_bytes ? end : node->size_bytes;
    return (int64_t)op->size_bytes;
}

static int64_t do_read(const SimFiles *files, const Handle *handle, const OsOp *op) {
    if (handle->mode != OS_MODE_R) {
        return -EBADF;
    }
    const Node *node = &files->nodes[handle->node];
    const uint64_t begin = (uint64_t)op->offset;
    if (begin >= node->size_bytes) {
        return 0;
    }
    const uint64_t there = node->size_bytes - begin;
    const uint64_t size_bytes = op->size_bytes < there ? op->size_bytes : there;
    if (size_bytes > 0) {
        memcpy(op->data, node->data + begin, (size_t)size_bytes);
    }
    return (int64_t)size_bytes;
}

void sim_files_do(SimFiles *files, OsOp *op) {
    if (op->call == OS_OPENAT) {
        op->result = do_open(files, op);
        return;
    }
    Handle *handle = find_handle(files, op->file);
    if (handle == NULL) {
        op->result = -EBADF;
        return;
    }
    switch (op->call) {
    case OS_WRITE:
        op->result = do_write(files, handle, op);
        break;
    case OS_READ:
        op->result = do_read(files, handle, op);
        break;
    case OS_FSYNC:
        op->result = 0;
        break;
    default:
        ASSERT(op->call == OS_CLOSE);
        handle->node = NO_NODE;
        op->result = 0;
        break;
    }
}

bool sim_files_look(const SimFiles *files, const char *path, const char **data,
                    uint64_t *size_bytes) {
    const Node *node = find_node(files, path);
    if (node == NULL || node->folder) {
        return false;
    }
    *data = node->data;
    *size_bytes = node->size_bytes;
    return true;
}
