// SPDX-License-Identifier: Apache-2.0
#include "sys/file.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum err file_read_fd(struct arena *a, int fd, size_t max_bytes, struct str *out)
{
    struct buf b = buf_in(a, max_bytes);
    char chunk[16384];
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ERR_IO;
        if (n == 0)
            return buf_end(&b, out);
        buf_put(&b, (struct str){chunk, (size_t)n});
    }
}

enum err file_read(struct arena *a, const char *path, size_t max_bytes, struct str *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    enum err e = file_read_fd(a, fd, max_bytes, out);
    int saved = errno;
    close(fd);
    errno = saved;
    return e;
}

enum err file_write_fd(int fd, struct str bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ERR_IO;
        bytes = str_from(bytes, (size_t)n);
    }
    return ERR_OK;
}

static enum err flush_dir_of(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dir = ".";
    if (slash)
        TRY(str_to_cstr(
            a, (struct str){path, slash == path ? 1 : (size_t)(slash - path)}, &dir));
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    int failed = fsync(fd);
    close(fd);
    return failed ? ERR_IO : ERR_OK;
}

enum err file_write(const char *path, struct str bytes, mode_t mode)
{
    struct arena scratch;
    arena_init(&scratch, 64 * 1024);
    struct buf name = buf_in(&scratch, 8192);
    buf_put(&name, str_of(path));
    buf_put(&name, STR(".new"));
    const char *temporary;
    enum err e = str_to_cstr(&scratch, buf_str(&name), &temporary);
    int fd = e == ERR_OK ? open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode) : -1;
    if (fd < 0) {
        arena_release(&scratch);
        return ERR_IO;
    }
    e = file_write_fd(fd, bytes);
    if (e == ERR_OK && fsync(fd) != 0)
        e = ERR_IO;
    if (close(fd) != 0 && e == ERR_OK)
        e = ERR_IO;
    if (e == ERR_OK && rename(temporary, path) != 0)
        e = ERR_IO;
    if (e == ERR_OK)
        e = flush_dir_of(&scratch, path);
    else
        unlink(temporary);
    arena_release(&scratch);
    return e;
}

enum err file_move(const char *from, const char *to)
{
    struct arena scratch;
    if (rename(from, to) != 0)
        return ERR_IO;
    arena_init(&scratch, 64 * 1024);
    enum err e = flush_dir_of(&scratch, to);
    arena_release(&scratch);
    return e;
}

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

enum err dir_make(const char *path, mode_t mode)
{
    if (mkdir(path, mode) == 0)
        return ERR_OK;
    return errno == EEXIST ? ERR_CONFLICT : ERR_IO;
}

enum err path_join(struct arena *a, const char *dir, const char *name, const char **out)
{
    struct buf b = buf_in(a, 8192);
    buf_put(&b, str_of(dir));
    buf_put_byte(&b, '/');
    buf_put(&b, str_of(name));
    TRY(b.err);
    return str_to_cstr(a, buf_str(&b), out);
}

enum err file_size(const char *path, int64_t *out)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return ERR_IO;
    *out = st.st_size;
    return ERR_OK;
}

enum err file_room(const char *path, struct file_room *out)
{
    struct statvfs st;
    if (statvfs(path, &st) != 0)
        return ERR_IO;
    *out = (struct file_room){.free_bytes = (int64_t)(st.f_bavail * st.f_frsize),
        .total_bytes = (int64_t)(st.f_blocks * st.f_frsize)};
    return ERR_OK;
}

int file_open_temporary(const char *dir)
{
    return open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}
