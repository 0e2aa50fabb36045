// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/node_client.h"

enum exit_code cli_recall(struct cli *cli)
{
    struct json v;
    const struct node_parameter parameters[] = {{"id", str_of(cli->args[0])},
        {"reason", cli_option_or(cli, "reason", "")},
        {"hours", cli_option_or(cli, "hours", "")}, {0}};
    enum exit_code code = node_post(cli, "/api/v1/recalls", parameters, STR(""), &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "parties"); json_next(&it);) {
        struct str party;
        if (json_string(&cli->arena, it.value, &party) == ERR_OK)
            SAY(cli, MSG_RECALLED, .args = {str_of(cli->args[0]), party});
    }
    return EXIT_DONE;
}
