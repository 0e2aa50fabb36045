// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "http/target.h"

// The object's bytes as received. More than one source: the newest of each, own lines.
enum exit_code cli_show(struct cli *cli)
{
    struct json v, object;
    struct str id;
    const char *path;
    struct buf b = buf_in(&cli->arena, 64 * KIB);
    buf_put(&b, STR("/api/v1/objects/"));
    bool is_original = cli_option(cli, "original");
    if (http_target_escape(&cli->arena, str_of(cli->args[0]), &id) != ERR_OK)
        return EXIT_SYSTEM;
    buf_put(&b, id);
    buf_put(&b, is_original ? STR("/original") : STR(""));
    if (b.err != ERR_OK || str_to_cstr(&cli->arena, buf_str(&b), &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(cli->args[0])});
    const struct node_parameter parameters[] = {
        {"source", cli_option_or(cli, "source", "")}, {0}};
    enum exit_code code = node_get(cli, path, parameters, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "rows"); json_next(&it);)
        if (is_original)
            cli_print_line(node_text(cli, it.value, "original"));
        else if (json_get(it.value, STR("object"), &object))
            cli_print_line(json_span(object));
    return EXIT_DONE;
}
