// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/node_client.h"

#define PATH "/api/v1/recipients"

static void say_row(struct cli *cli, struct json v)
{
    bool is_retired = false, is_client = false;
    struct json member;
    if (json_get(v, STR("retired"), &member) && json_bool(member, &is_retired) && is_retired) {
        SAY(cli, MSG_RECIPIENT_RETIRED, .args = {node_text(cli, v, "name")});
        return;
    }
    if (json_get(v, STR("client"), &member) && json_bool(member, &is_client) && is_client)
        SAY(cli, MSG_RECIPIENT_CLIENT,
            .args = {node_text(cli, v, "name"), node_text(cli, v, "kind"),
                node_text(cli, v, "nation"), node_text(cli, v, "purposes")});
    else
        SAY(cli, MSG_RECIPIENT_ROW,
            .args = {node_text(cli, v, "name"), node_text(cli, v, "kind"),
                node_text(cli, v, "nation"), node_text(cli, v, "purposes")});
}

static enum exit_code add(struct cli *cli, struct str name)
{
    struct json v;
    const struct node_parameter parameters[] = {{"name", name},
        {"kind", cli_option_or(cli, "kind", "agency")},
        {"client", cli_option(cli, "client") ? STR("1") : STR("")},
        {"nation", cli_option_or(cli, "nation", "")},
        {"purposes", cli_option_or(cli, "purposes", "")}, {0}};
    enum exit_code code = node_post(cli, PATH, parameters, STR(""), &v);
    if (code == EXIT_DONE && !cli->json)
        say_row(cli, v);
    return code;
}

static enum exit_code list(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, PATH, NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "recipients"); json_next(&it);)
        say_row(cli, it.value);
    return EXIT_DONE;
}

enum exit_code cli_recipient(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    bool has_name = cli->args_n == 2;
    if (str_eq(verb, STR("list")) && !has_name)
        return list(cli);
    if (str_eq(verb, STR("add")) && has_name)
        return add(cli, str_of(cli->args[1]));
    if (str_eq(verb, STR("retire")) && has_name)
        return node_delete(cli, PATH "/", str_of(cli->args[1]), NULL, MSG_RECIPIENT_RETIRED);
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
