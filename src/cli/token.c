// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "sys/file.h"

static enum exit_code save(struct cli *cli, struct str token)
{
    const char *path;
    struct buf b = buf_in(&cli->arena, KIB);
    buf_put(&b, token);
    buf_put_byte(&b, '\n');
    if (path_join(&cli->arena, cli->node_dir, "token", &path) != ERR_OK ||
        file_write(path, buf_str(&b), 0600) != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_CANNOT_WRITE, .args = {str_of(path)});
    if (!cli->json)
        SAY(cli, MSG_TOKEN_SAVED, .args = {str_of(path)});
    return EXIT_DONE;
}

static enum exit_code create(struct cli *cli, struct str name)
{
    struct json v;
    bool keeps = cli_option(cli, "save") != NULL;
    const struct node_parameter parameters[] = {{"name", name},
        {"rights", cli_option_or(cli, "rights", "read")},
        {"recipient", cli_option_or(cli, "recipient", "")}, {0}};
    enum exit_code code = node_post(cli, "/api/v1/tokens", parameters, STR(""), &v);
    if (code != EXIT_DONE)
        return code;
    if (keeps)
        return save(cli, node_text(cli, v, "token"));
    if (!cli->json)
        cli_print_line(node_text(cli, v, "token"));
    return EXIT_DONE;
}

enum exit_code cli_token(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    if (str_eq(verb, STR("create")))
        return create(cli, str_of(cli->args[1]));
    if (str_eq(verb, STR("revoke")))
        return node_delete(
            cli, "/api/v1/tokens/", str_of(cli->args[1]), NULL, MSG_TOKEN_REVOKED);
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
