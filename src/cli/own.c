// SPDX-License-Identifier: Apache-2.0
#include "cli/own.h"

#include "base/limits.h"
#include "sys/file.h"

enum err cli_conf_read(struct cli *cli, struct node_conf *conf, const char **why)
{
    const char *path;
    struct str text;
    size_t line;
    *why = "node.conf";
    TRY(path_join(&cli->arena, cli->node_dir, "node.conf", &path));
    TRY(file_read(&cli->arena, path, 64 * KIB, &text));
    return node_conf_parse(text, conf, &line, why);
}

enum err cli_unlock(struct cli *cli, struct secret *out)
{
    struct str from;
    *out = (struct secret){0};
    return keys_are_sealed(&cli->arena, cli->node_dir)
               ? unlock_read(&cli->arena, cli->node_dir, out, &from)
               : ERR_OK;
}

enum err cli_key_make(struct cli *cli, const char *file, const struct node_key_kind *kind)
{
    struct secret unlock;
    TRY(cli_unlock(cli, &unlock));
    enum err e =
        node_key_make(&cli->arena, cli->node_dir, file, kind, unlock.len ? &unlock : NULL);
    if (unlock.len)
        secret_release(&unlock);
    return e;
}
