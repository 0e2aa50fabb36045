// SPDX-License-Identifier: Apache-2.0
#include "node/folder.h"

#include "base/limits.h"
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

enum exit_code folder_path(struct cli *cli, const char *dir, const char *name, const char **out)
{
    if (path_join(&cli->arena, dir, name, out) == ERR_OK)
        return EXIT_DONE;
    return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(dir)});
}

enum exit_code folder_conf(struct cli *cli, const char *dir, struct node_conf *out)
{
    const char *path, *why = "";
    struct str text;
    size_t line = 0;
    enum exit_code code = folder_path(cli, dir, "node.conf", &path);
    if (code != EXIT_DONE)
        return code;
    enum err e = file_read(&cli->arena, path, 64 * KIB, &text);
    if (e != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_NO_NODE_THERE, .args = {str_of(dir)});
    e = node_conf_parse(text, out, &line, &why);
    if (e != ERR_OK)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_CONF_LINE,
            .args = {str_of(path), cli_number(cli, line), str_of(why)});
    return EXIT_DONE;
}

enum err folder_try_lock(struct cli *cli, const char *dir, int *fd)
{
    const char *path;
    TRY(path_join(&cli->arena, dir, "node.lock", &path));
    int got = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (got < 0)
        return ERR_IO;
    if (flock(got, LOCK_EX | LOCK_NB) != 0) {
        enum err e = errno == EWOULDBLOCK ? ERR_BUSY : ERR_IO;
        close(got);
        return e;
    }
    *fd = got;
    return ERR_OK;
}

enum exit_code folder_lock(struct cli *cli, const char *dir, int *fd)
{
    const char *path;
    enum exit_code code = folder_path(cli, dir, "node.lock", &path);
    if (code != EXIT_DONE)
        return code;
    enum err e = folder_try_lock(cli, dir, fd);
    if (e == ERR_BUSY)
        return FAIL(cli, EXIT_REFUSED, MSG_ALREADY_RUNNING, .args = {str_of(dir)});
    if (e != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_CANNOT_WRITE, .args = {str_of(path)});
    return EXIT_DONE;
}
