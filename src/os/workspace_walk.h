/* Walking a path name by name, for where openat2 is forbidden and for making folders. Every folder
 * on the way is opened with O_NOFOLLOW relative to the one before, so a link or a folder that is
 * exchanged while we walk can't lead out; ".." goes back along the names that were walked.
 *
 * The caller has checked workspace_path_allowed. Threads: any; no state. */
#ifndef LOOPSCOPE_OS_WORKSPACE_WALK_H
#define LOOPSCOPE_OS_WORKSPACE_WALK_H

/* Opens the last name of `path` with `flags` (of open(2)); a descriptor or -errno. */
int walk_open(int dir, const char *path, int flags, unsigned mode);

/* Makes the folders in `path`, all but its last name; 0 or -errno. */
int walk_make_folders(int dir, const char *path);

#endif
