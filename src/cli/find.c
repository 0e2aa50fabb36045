// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/node_client.h"

// 0 when something was found, 1 when nothing was.
enum exit_code cli_find(struct cli *cli)
{
    static const char *const names[] = {
        "type", "source", "since", "value", "ref", "limit", "after"};
    struct node_parameter parameters[LEN(names) + 1] = {0};
    struct json v;
    size_t n = 0;
    for (size_t i = 0; i < LEN(names); i++)
        parameters[i] = (struct node_parameter){names[i], cli_option_or(cli, names[i], "")};
    enum exit_code code = node_get(cli, "/api/v1/objects", parameters, &v);
    if (code != EXIT_DONE)
        return code;
    for (struct json_iter it = node_items(v, "objects"); json_next(&it); n++)
        if (!cli->json)
            SAY(cli, MSG_FOUND_ROW,
                .args = {node_text(cli, it.value, "id"), node_text(cli, it.value, "source"),
                    node_text(cli, it.value, "version"), node_text(cli, it.value, "state")});
    if (!cli->json && node_number(v, "next"))
        SAY(cli, MSG_FOUND_MORE, .args = {cli_number(cli, node_number(v, "next"))});
    return n ? EXIT_DONE : EXIT_NO;
}
