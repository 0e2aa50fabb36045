// SPDX-License-Identifier: Apache-2.0
// Files by Landlock: glibc has no wrapper of its calls. Rights are asked for as far as the
// kernel knows them, so the same program runs on an older one with less.
#include "sys/sandbox_priv.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Newer than the headers that we build with.
#define RIGHT_REFER    (1ull << 13)
#define RIGHT_TRUNCATE (1ull << 14)
#define RIGHT_IOCTL    (1ull << 15)

#define READ_FILE  LANDLOCK_ACCESS_FS_READ_FILE
#define READ_BELOW (READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_FILE (READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | RIGHT_TRUNCATE)
#define WRITE_BELOW \
    (READ_BELOW | WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE)

static uint64_t rights_known(int version)
{
    uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; // the thirteen of version 1
    rights |= version >= 2 ? RIGHT_REFER : 0;
    rights |= version >= 3 ? RIGHT_TRUNCATE : 0;
    return rights | (version >= 5 ? RIGHT_IOCTL : 0);
}

static uint64_t rights_of(enum sandbox_access access, bool is_folder)
{
    switch (access) {
    case SANDBOX_READ:
        return is_folder ? READ_BELOW : READ_FILE;
    case SANDBOX_WRITE:
        return WRITE_FILE;
    case SANDBOX_FOLDER:
        return WRITE_BELOW;
    case SANDBOX_SOCKET:
        break;
    }
    return LANDLOCK_ACCESS_FS_MAKE_SOCK;
}

static enum err allow(int rules, const struct sandbox_path *path, uint64_t known)
{
    struct stat st;
    int fd = open(path->path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? ERR_OK : ERR_IO;
    bool is_folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    const struct landlock_path_beneath_attr rule = {
        .allowed_access = rights_of(path->access, is_folder) & known, .parent_fd = fd};
    long code = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(fd);
    return code == 0 ? ERR_OK : ERR_IO;
}

static enum err restrict_files(const struct sandbox_path *paths, size_t n, int version)
{
    const struct landlock_ruleset_attr all = {.handled_access_fs = rights_known(version)};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    enum err e = rules >= 0 ? ERR_OK : ERR_IO;
    for (size_t i = 0; e == ERR_OK && i < n; i++)
        e = allow(rules, &paths[i], all.handled_access_fs);
    if (e == ERR_OK && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
        e = ERR_IO;
    if (rules >= 0)
        close(rules);
    return e;
}

static enum err confine(
    const struct sandbox_path *paths, size_t n, bool is_server, struct sandbox_state *out)
{
    struct sandbox_state state = {.is_off = SANITIZED};
    *out = state;
    if (state.is_off)
        return ERR_OK;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return ERR_IO;
    long version =
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version > 0)
        TRY(restrict_files(paths, n, (int)version));
    TRY(sandbox_calls(is_server));
    out->landlock = version > 0 ? (int)version : 0;
    return ERR_OK;
}

enum err sandbox_server(const struct sandbox_path *paths, size_t n, struct sandbox_state *out)
{
    return confine(paths, n, true, out);
}

enum err sandbox_worker(struct sandbox_state *out)
{
    return confine(NULL, 0, false, out);
}
