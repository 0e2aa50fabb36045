// SPDX-License-Identifier: Apache-2.0
#include "node/backup.h"

#include "base/limits.h"
#include "base/time.h"
#include "sys/file.h"
#include "json/json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define COPY_TRIES_MAX 10
#include <unistd.h>

static enum err read_text(struct arena *a, struct json v, const char *key, struct str *out)
{
    struct json member;
    if (!json_get(v, str_of(key), &member))
        return ERR_INVALID;
    return json_string(a, member, out);
}

enum err backup_read(struct arena *a, const char *dir, struct backup *out)
{
    const char *path;
    struct str text, made;
    struct json v, member;
    struct backup b;
    int64_t version = 0;
    TRY(path_join(a, dir, "backup.json", &path));
    TRY(file_read(a, path, MIB, &text));
    TRY(json_parse(a, text, &v, NULL));
    if (!json_get(v, STR("v"), &member) || json_int(member, &version) != ERR_OK ||
        version != 1 || !json_get(v, STR("keys"), &member) || !json_bool(member, &b.has_keys))
        return ERR_INVALID;
    TRY(read_text(a, v, "made", &made));
    TRY(time_parse(made, &b.made_us));
    TRY(read_text(a, v, "party", &b.party));
    TRY(read_text(a, v, "node", &b.node));
    TRY(read_text(a, v, "realm", &b.realm));
    *out = b;
    return ERR_OK;
}

static enum err copy_bytes(int from, int to)
{
    char chunk[64 * 1024];
    for (;;) {
        ssize_t n = read(from, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ERR_IO;
        if (n == 0)
            return fsync(to) == 0 ? ERR_OK : ERR_IO;
        TRY(file_write_fd(to, (struct str){chunk, (size_t)n}));
    }
}

enum err backup_copy_file(const char *from, const char *to)
{
    struct stat st;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    enum err e = fstat(in, &st) == 0 ? ERR_OK : ERR_IO;
    int out =
        e == ERR_OK ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st.st_mode & 0700) : -1;
    if (e == ERR_OK && out < 0)
        e = errno == EEXIST ? ERR_CONFLICT : ERR_IO;
    if (e == ERR_OK)
        e = copy_bytes(in, out);
    if (out >= 0 && close(out) != 0 && e == ERR_OK)
        e = ERR_IO;
    close(in);
    return e;
}

typedef enum err (*on_file)(struct arena *a, const char *dir, const char *name, void *context);

static enum err each_file(struct arena *a, const char *dir, on_file act, void *context)
{
    DIR *folder = opendir(dir);
    if (!folder)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    enum err e = ERR_OK;
    for (struct dirent *entry; e == ERR_OK && (entry = readdir(folder));) {
        struct stat st;
        const char *path;
        struct arena_mark mark = arena_mark(a);
        e = path_join(a, dir, entry->d_name, &path);
        if (e == ERR_OK && lstat(path, &st) == 0 && S_ISREG(st.st_mode))
            e = act(a, dir, entry->d_name, context);
        arena_rewind(a, mark);
    }
    closedir(folder);
    return e;
}

struct copying {
    const char *to;
};

static enum err copy_one(struct arena *a, const char *dir, const char *name, void *context)
{
    const struct copying *copying = context;
    const char *from, *to;
    TRY(path_join(a, dir, name, &from));
    TRY(path_join(a, copying->to, name, &to));
    return backup_copy_file(from, to);
}

static enum err remove_one(struct arena *a, const char *dir, const char *name, void *context)
{
    const char *path;
    (void)context;
    TRY(path_join(a, dir, name, &path));
    return unlink(path) == 0 ? ERR_OK : ERR_IO;
}

struct comparing {
    const char *other;
    bool is_same; // so far
};

static enum err compare_one(struct arena *a, const char *dir, const char *name, void *context)
{
    struct comparing *comparing = context;
    const char *one, *two;
    struct str ours, theirs;
    TRY(path_join(a, dir, name, &one));
    TRY(path_join(a, comparing->other, name, &two));
    enum err e = file_read(a, one, MIB, &ours);
    if (e == ERR_OK)
        e = file_read(a, two, MIB, &theirs);
    comparing->is_same = comparing->is_same && e == ERR_OK && str_eq(ours, theirs);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

// *is_same: no file came, went or changed its name meanwhile.
static enum err copy_once(struct arena *a, const char *from, const char *to, bool *is_same)
{
    struct copying copying = {.to = to};
    struct comparing there = {.other = to, .is_same = true};
    struct comparing back = {.other = from, .is_same = true};
    enum err e = each_file(a, from, copy_one, &copying);
    if (e == ERR_OK)
        e = each_file(a, from, compare_one, &there);
    if (e == ERR_OK)
        e = each_file(a, to, compare_one, &back);
    *is_same = e == ERR_OK && there.is_same && back.is_same;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err backup_copy_files(struct arena *a, const char *from, const char *to)
{
    bool is_same = false;
    for (int tries = 0; tries < COPY_TRIES_MAX && !is_same; tries++) {
        if (tries)
            TRY(each_file(a, to, remove_one, NULL));
        TRY(copy_once(a, from, to, &is_same));
    }
    return is_same ? ERR_OK : ERR_BUSY;
}

void backup_remove(struct arena *a, const char *dir)
{
    enum err e = each_file(a, dir, remove_one, NULL);
    if (e == ERR_OK)
        rmdir(dir);
}
