// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/tighten.h"

static enum exit_code list_proposed(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, "/api/v1/recalls/proposed", NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "proposals"); json_next(&it);)
        SAY(cli, MSG_RECALL_PROPOSED,
            .args = {node_text(cli, it.value, "id"), node_text(cli, it.value, "source"),
                node_text(cli, it.value, "at"), node_text(cli, it.value, "why")});
    return EXIT_DONE;
}

static enum exit_code decline(struct cli *cli)
{
    struct str body;
    const char *path;
    const struct http_call call = {.method = HTTP_DELETE};
    if (cli_tighten_path(cli, "/api/v1/recalls/proposed/", cli->args[0], "", &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(cli->args[0])});
    enum exit_code code = node_send(cli, &call, path, NULL, &body);
    if (code == EXIT_DONE && cli->json)
        cli_print_line(body);
    else if (code == EXIT_DONE)
        SAY(cli, MSG_RECALL_DECLINED, .args = {str_of(cli->args[0])});
    return code;
}

static enum exit_code recall(struct cli *cli)
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

enum exit_code cli_recall(struct cli *cli)
{
    bool proposed = cli_option(cli, "proposed") != NULL;
    if (proposed == (cli->args_n > 0))
        return FAIL(cli, EXIT_USAGE, MSG_RECALL_WHAT);
    if (proposed)
        return list_proposed(cli);
    return cli_option(cli, "decline") ? decline(cli) : recall(cli);
}
