// SPDX-License-Identifier: Apache-2.0
// The persons of a partner whom TLP:RED may be addressed to.
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "http/target.h"

static enum exit_code add(struct cli *cli)
{
    struct json v;
    const struct node_parameter parameters[] = {
        {"party", cli_option_or(cli, "of", "")}, {"name", str_of(cli->args[1])}, {0}};
    enum exit_code code = node_post(cli, "/api/v1/persons", parameters, STR(""), &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_PERSON, .args = {node_text(cli, v, "party"), node_text(cli, v, "name")});
    return code;
}

static enum exit_code list(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, "/api/v1/persons", NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "persons"); json_next(&it);)
        SAY(cli, MSG_PERSON,
            .args = {node_text(cli, it.value, "party"), node_text(cli, it.value, "name")});
    return EXIT_DONE;
}

static enum exit_code retire(struct cli *cli)
{
    const char *folder;
    struct str party;
    struct buf b = buf_in(&cli->arena, KIB);
    if (http_target_escape(&cli->arena, cli_option_or(cli, "of", ""), &party) != ERR_OK)
        return EXIT_SYSTEM;
    buf_put(&b, STR("/api/v1/persons/"));
    buf_put(&b, party);
    buf_put_byte(&b, '/');
    if (b.err != ERR_OK || str_to_cstr(&cli->arena, buf_str(&b), &folder) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {STR("--of")});
    return node_delete(cli, folder, str_of(cli->args[1]), NULL, MSG_PERSON_RETIRED);
}

enum exit_code cli_person(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    if (str_eq(verb, STR("list")) && cli->args_n == 1)
        return list(cli);
    if (!cli_option(cli, "of"))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("of")});
    if (str_eq(verb, STR("add")) && cli->args_n == 2)
        return add(cli);
    if (str_eq(verb, STR("retire")) && cli->args_n == 2)
        return retire(cli);
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
