// SPDX-License-Identifier: Apache-2.0
// Files and folders. Every error is ERR_IO with errno kept, or the one named.
#pragma once

#include "base/str.h"

#include <sys/types.h>

// ERR_NOT_FOUND, ERR_LIMIT past max_bytes, ERR_IO.
enum err file_read(
    struct arena *a, const char *path, size_t max_bytes, struct str *out) MUST_USE;
// Reads a descriptor to its end, as file_read.
enum err file_read_fd(struct arena *a, int fd, size_t max_bytes, struct str *out) MUST_USE;
// Written beside, flushed, renamed: readers see the old bytes or the new ones, also after power
// loss.
enum err file_write(const char *path, struct str bytes, mode_t mode) MUST_USE;
enum err file_write_fd(int fd, struct str bytes) MUST_USE;
// Renames a file or folder, durably. Both stand in one file system.
enum err file_move(const char *from, const char *to) MUST_USE;
bool file_exists(const char *path);
// ERR_CONFLICT when it is there already.
enum err dir_make(const char *path, mode_t mode) MUST_USE;
enum err file_size(const char *path, int64_t *out) MUST_USE;
// Of the file system that a path is in; what is kept for root is not free.
struct file_room {
    int64_t free_bytes, total_bytes;
};
enum err file_room(const char *path, struct file_room *out) MUST_USE;
// "dir/name" in the arena.
enum err path_join(
    struct arena *a, const char *dir, const char *name, const char **out) MUST_USE;
// An open file without a name in `dir`, gone when closed; -1 with errno.
int file_open_temporary(const char *dir);
