// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "http/target.h"

static enum err put_path(struct cli *cli, const char **out)
{
    struct str id;
    struct buf b = buf_in(&cli->arena, 64 * KIB);
    TRY(http_target_escape(&cli->arena, str_of(cli->args[0]), &id));
    buf_put(&b, STR("/api/v1/objects/"));
    buf_put(&b, id);
    buf_put(&b, STR("/decision"));
    TRY(b.err);
    return str_to_cstr(&cli->arena, buf_str(&b), out);
}

// 0 when every row of the object may go, 1 when one may not.
enum exit_code cli_explain(struct cli *cli)
{
    struct json v;
    const char *path;
    bool all_permitted = true;
    if (!cli_option(cli, "to"))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("to")});
    if (put_path(cli, &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(cli->args[0])});
    const struct node_parameter parameters[] = {{"to", cli_option_or(cli, "to", "")}, {0}};
    enum exit_code code = node_get(cli, path, parameters, &v);
    if (code != EXIT_DONE)
        return code;
    for (struct json_iter it = node_items(v, "rows"); json_next(&it);) {
        struct str result = node_text(cli, it.value, "result");
        all_permitted = all_permitted && str_eq(result, STR("PERMIT"));
        if (!cli->json)
            SAY(cli, MSG_EXPLAIN_ROW,
                .args = {result, node_text(cli, it.value, "rule"),
                    node_text(cli, it.value, cli->language == LANGUAGE_KO ? "why_ko" : "why"),
                    node_text(cli, it.value, "source")});
    }
    return all_permitted ? EXIT_DONE : EXIT_NO;
}
