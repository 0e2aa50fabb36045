// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/values.h"

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
    values_say_warnings(cli, v);
    if (cli->json)
        cli_print_line(line);
    return found;
}

// 0 when every value is known, 1 when one is not.
enum exit_code cli_lookup(struct cli *cli)
{
    struct str values, rest;
    enum exit_code code = values_read(cli, 0, &values);
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
