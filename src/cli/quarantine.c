// SPDX-License-Identifier: Apache-2.0
// What was put apart, and letting it in.
#include "cli/commands.h"
#include "cli/node_client.h"

static enum exit_code list(struct cli *cli)
{
    struct json v;
    const struct node_parameter parameters[] = {{"import", cli_option_or(cli, "import", "")},
        {"limit", cli_option_or(cli, "limit", "")},
        {"before", cli_option_or(cli, "before", "")}, {0}};
    enum exit_code code = node_get(cli, "/api/v1/quarantine", parameters, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "rows"); json_next(&it);)
        SAY(cli, MSG_QUARANTINE_ROW,
            .args = {node_text(cli, it.value, "at"), node_text(cli, it.value, "id"),
                cli_number(cli, node_number(it.value, "import")),
                node_sentence(cli, it.value, "why")});
    if (node_number(v, "next"))
        SAY(cli, MSG_QUARANTINE_MORE, .args = {cli_number(cli, node_number(v, "next"))});
    return EXIT_DONE;
}

static enum exit_code accept(struct cli *cli)
{
    struct json v;
    const struct node_parameter parameters[] = {
        {"id", cli->args_n == 2 ? str_of(cli->args[1]) : STR("")},
        {"import", cli_option_or(cli, "import", "")}, {0}};
    enum exit_code code = node_post(cli, "/api/v1/quarantine/accept", parameters, STR(""), &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_QUARANTINE_ACCEPTED,
            .args = {cli_number(cli, node_number(v, "accepted")),
                cli_number(cli, node_number(v, "left"))});
    return code;
}

enum exit_code cli_quarantine(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    if (str_eq(verb, STR("list")) && cli->args_n == 1)
        return list(cli);
    bool names_one = (cli->args_n == 2) != (cli_option(cli, "import") != NULL);
    if (str_eq(verb, STR("accept")) && names_one)
        return accept(cli);
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
