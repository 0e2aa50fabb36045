// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/orders.h"

static enum exit_code list(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, "/api/v1/grants", NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "grants"); json_next(&it);) {
        struct str class = node_text(cli, it.value, "class");
        SAY(cli, MSG_GRANT,
            .args = {node_text(cli, it.value, "grant"), node_text(cli, it.value, "by"),
                node_text(cli, it.value, "to"), node_text(cli, it.value, "for"),
                class.len ? class : node_text(cli, it.value, "object"),
                node_text(cli, it.value, "until")});
    }
    return EXIT_DONE;
}

static enum exit_code grant(struct cli *cli)
{
    struct json v;
    struct str body;
    bool preview = cli_option(cli, "preview") != NULL;
    const struct node_parameter parameters[] = {{"to", cli_option_or(cli, "to", "")},
        {"for", cli_option_or(cli, "for", "")}, {"object", cli_option_or(cli, "object", "")},
        {"class", cli_option_or(cli, "class", "")}, {"until", cli_option_or(cli, "until", "")},
        {"purpose", cli_option_or(cli, "purpose", "")},
        {"terms", cli_option_or(cli, "terms", "")}, {"preview", preview ? STR("1") : STR("")},
        {0}};
    if (preview != (cli_option(cli, "out") != NULL))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED,
            .args = {preview ? STR("out") : STR("preview")});
    enum exit_code code = cli_approvals_body(cli, &body);
    if (code == EXIT_DONE)
        code = node_post(cli, "/api/v1/grants", parameters, body, &v);
    if (code != EXIT_DONE)
        return code;
    if (preview)
        return cli_write_order(cli, v);
    if (!cli->json)
        SAY(cli, MSG_GRANTED,
            .args = {
                node_text(cli, v, "to"), node_text(cli, v, "for"), node_text(cli, v, "grant")});
    return EXIT_DONE;
}

enum exit_code cli_grant(struct cli *cli)
{
    if (cli->args_n == 0)
        return grant(cli);
    if (str_eq(str_of(cli->args[0]), STR("list")))
        return list(cli);
    return FAIL(cli, EXIT_USAGE, MSG_NO_SUCH_VERB,
        .args = {str_of(cli->args[0]), str_of(cli->command->synopsis)});
}
