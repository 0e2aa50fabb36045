// SPDX-License-Identifier: Apache-2.0
// One pull: a feed without a schedule, that the node runs once and forgets.
#include "base/limits.h"
#include "cli/feed.h"
#include "cli/node_client.h"
#include "sys/clock.h"

enum exit_code cli_taxii_pull(struct cli *cli)
{
    struct buf name = buf_in(&cli->arena, 64), path = buf_in(&cli->arena, 128);
    const struct http_call call = {.method = HTTP_DELETE};
    const char *target;
    struct str body;
    buf_put(&name, STR("pull-"));
    buf_put_i64(&name, clock_now_us());
    buf_put(&path, STR("/api/v1/feeds/"));
    buf_put(&path, buf_str(&name));
    if (cli->args_n != 2 || str_to_cstr(&cli->arena, buf_str(&path), &target) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_NO_SUCH_VERB,
            .args = {STR("pull"), str_of(cli->command->synopsis)});
    const struct feed_row row = {
        .name = buf_str(&name), .address = str_of(cli->args[1]), .kind = STR("taxii")};
    enum exit_code code = cli_feed_put(cli, &row);
    if (code != EXIT_DONE)
        return code;
    code = cli_feed_run(cli, row.name, cli_option(cli, "preview"));
    enum exit_code removed = node_send(cli, &call, target, NULL, &body);
    return code == EXIT_DONE ? removed : code;
}
