// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "sys/file.h"

#include <unistd.h>

static enum exit_code read_values(struct cli *cli, struct str *out)
{
    struct buf b = buf_in(&cli->arena, LOOKUP_BYTES_MAX);
    if (cli->args_n == 1 && str_eq(str_of(cli->args[0]), STR("-"))) {
        enum err e = file_read_fd(&cli->arena, STDIN_FILENO, LOOKUP_BYTES_MAX, out);
        return e == ERR_OK ? EXIT_DONE
                           : FAIL(cli, exit_code_of(e), MSG_CANNOT_READ, .args = {STR("-")});
    }
    for (size_t i = 0; i < cli->args_n; i++) {
        buf_put(&b, str_of(cli->args[i]));
        buf_put_byte(&b, '\n');
    }
    return buf_end(&b, out) == ERR_OK ? EXIT_DONE : EXIT_BAD_INPUT;
}

static bool print_answer(struct cli *cli, struct str line)
{
    struct json v;
    bool found = false;
    if (json_parse(&cli->arena, line, &v, NULL) != ERR_OK)
        return false;
    for (struct json_iter it = node_items(v, "objects"); json_next(&it); found = true)
        if (!cli->json)
            SAY(cli, MSG_LOOKUP_HIT,
                .args = {node_text(cli, v, "value"), node_text(cli, it.value, "id"),
                    node_text(cli, it.value, "source"), node_text(cli, it.value, "name")});
    if (!found && !cli->json)
        SAY(cli, MSG_LOOKUP_NONE, .args = {node_text(cli, v, "value")});
    if (cli->json)
        cli_print_line(line);
    return found;
}

// 0 when every value is known, 1 when one is not.
enum exit_code cli_lookup(struct cli *cli)
{
    struct str values, rest;
    enum exit_code code = read_values(cli, &values);
    struct http_call call = {.method = HTTP_POST, .body = values};
    if (code == EXIT_DONE)
        code = node_send(cli, &call, "/api/v1/lookup", NULL, &rest);
    if (code != EXIT_DONE)
        return code;
    bool all_found = true;
    while (rest.len) {
        struct arena_mark mark = arena_mark(&cli->arena);
        all_found = print_answer(cli, str_cut(&rest, '\n')) && all_found;
        arena_rewind(&cli->arena, mark);
    }
    return all_found ? EXIT_DONE : EXIT_NO;
}
