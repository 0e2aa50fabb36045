// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "http/target.h"

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

static enum exit_code retire(struct cli *cli, struct str name)
{
    struct str body, escaped;
    struct buf path = buf_in(&cli->arena, KIB);
    const char *target;
    buf_put(&path, STR(PATH "/"));
    if (http_target_escape(&cli->arena, name, &escaped) != ERR_OK)
        return EXIT_SYSTEM;
    buf_put(&path, escaped);
    if (path.err != ERR_OK || str_to_cstr(&cli->arena, buf_str(&path), &target) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {name});
    struct http_call call = {.method = HTTP_DELETE};
    enum exit_code code = node_send(cli, &call, target, NULL, &body);
    if (code == EXIT_DONE && cli->json)
        cli_print_line(body);
    else if (code == EXIT_DONE)
        SAY(cli, MSG_RECIPIENT_RETIRED, .args = {name});
    return code;
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
        return retire(cli, str_of(cli->args[1]));
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
