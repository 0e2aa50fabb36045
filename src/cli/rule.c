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

static enum exit_code remove_rule(struct cli *cli)
{
    struct json v;
    const char *path;
    struct str escaped;
    struct buf b = buf_in(&cli->arena, 4 * KIB);
    buf_put(&b, STR("/api/v1/rules/"));
    if (http_target_escape(&cli->arena, str_of(cli->args[1]), &escaped) != ERR_OK)
        return EXIT_SYSTEM;
    buf_put(&b, escaped);
    if (b.err != ERR_OK || str_to_cstr(&cli->arena, buf_str(&b), &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(cli->args[1])});
    enum exit_code code = node_delete(cli, path, NULL, &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_RULE_REMOVED, .args = {str_of(cli->args[1])});
    return code;
}

enum exit_code cli_rule(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    if (str_eq(verb, STR("add")) && cli->args_n == 1)
        return add(cli);
    if (str_eq(verb, STR("list")) && cli->args_n == 1)
        return list(cli);
    if (str_eq(verb, STR("remove")) && cli->args_n == 2)
        return remove_rule(cli);
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
