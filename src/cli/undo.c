// SPDX-License-Identifier: Apache-2.0
// Imports as batches: the list of them, and the way back from one that was mislabelled.
#include "cli/commands.h"
#include "cli/tighten.h"

static struct str undo_of(struct cli *cli, struct json import)
{
    struct str undo = node_text(cli, import, "undo"), undone = node_text(cli, import, "undone");
    if (undo.len == 0)
        return STR("");
    enum message_id id = undone.len ? MSG_IMPORT_ROW_UNDONE : MSG_IMPORT_ROW_UNDOING;
    return str_of(message_text(cli->language, id));
}

enum exit_code cli_imports(struct cli *cli)
{
    struct json v;
    const struct node_parameter parameters[] = {{"limit", cli_option_or(cli, "limit", "")},
        {"before", cli_option_or(cli, "before", "")}, {0}};
    enum exit_code code = node_get(cli, "/api/v1/imports", parameters, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "imports"); json_next(&it);) {
        struct buf b = buf_in(&cli->arena, 8192);
        buf_put(&b, node_text(cli, it.value, "at"));
        buf_put(&b, STR("  "));
        buf_put(&b, node_text(cli, it.value, "name"));
        SAY(cli, MSG_IMPORT_ROW,
            .args = {cli_number(cli, node_number(it.value, "import")), buf_str(&b),
                cli_number(cli, node_number(it.value, "new")), undo_of(cli, it.value)});
    }
    return EXIT_DONE;
}

enum exit_code cli_import_undo(struct cli *cli)
{
    struct json v;
    const char *path;
    struct node_parameter parameters[TIGHTEN_PARAMETERS + 2] = {{0}};
    cli_tighten_parameters(cli, parameters);
    parameters[TIGHTEN_PARAMETERS] =
        (struct node_parameter){"destroy", cli_option(cli, "destroy") ? STR("1") : STR("")};
    if (cli->args_n != 2)
        return FAIL(cli, EXIT_USAGE, MSG_TOO_FEW_ARGUMENTS,
            .args = {STR("undo NUMBER --destroy | --handling TLP")});
    if (node_path(cli, "/api/v1/imports/", cli->args[1], "/undo", &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(cli->args[1])});
    enum exit_code code = node_post(cli, path, parameters, STR(""), &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    SAY(cli, MSG_IMPORT_UNDONE,
        .args = {cli_number(cli, node_number(v, "import")), node_text(cli, v, "name"),
            cli_number(cli, node_number(v, "rows"))});
    if (node_number(v, "proposals"))
        SAY(cli, MSG_RECALLS_PROPOSED, .args = {cli_number(cli, node_number(v, "proposals"))});
    return EXIT_DONE;
}
