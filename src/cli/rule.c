// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/orders.h"
#include "http/target.h"

static enum exit_code add(struct cli *cli)
{
    struct json v;
    struct str body;
    bool preview = cli_option(cli, "preview") != NULL;
    const struct node_parameter parameters[] = {{"to", cli_option_or(cli, "to", "")},
        {"types", cli_option_or(cli, "types", "")},
        {"source", cli_option_or(cli, "source", "")},
        {"max_tlp", cli_option_or(cli, "max-tlp", "")},
        {"preview", preview ? STR("1") : STR("")}, {0}};
    if (preview != (cli_option(cli, "out") != NULL))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED,
            .args = {preview ? STR("out") : STR("preview")});
    enum exit_code code = cli_approvals_body(cli, &body);
    if (code == EXIT_DONE)
        code = node_post(cli, "/api/v1/rules", parameters, body, &v);
    if (code != EXIT_DONE)
        return code;
    if (preview)
        return cli_write_order(cli, v);
    if (!cli->json)
        SAY(cli, MSG_RULE_ADDED, .args = {node_text(cli, v, "rule")});
    return EXIT_DONE;
}

static enum exit_code list(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, "/api/v1/rules", NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "rules"); json_next(&it);)
        SAY(cli, MSG_RULE,
            .args = {node_text(cli, it.value, "rule"), node_text(cli, it.value, "to"),
                node_text(cli, it.value, "types"), node_text(cli, it.value, "source"),
                node_text(cli, it.value, "max_tlp")});
    return EXIT_DONE;
}

enum exit_code cli_rule(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    if (str_eq(verb, STR("add")) && cli->args_n == 1)
        return add(cli);
    if (str_eq(verb, STR("list")) && cli->args_n == 1)
        return list(cli);
    if (str_eq(verb, STR("remove")) && cli->args_n == 2)
        return node_delete(cli, "/api/v1/rules/", str_of(cli->args[1]), NULL, MSG_RULE_REMOVED);
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
