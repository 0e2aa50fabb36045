// SPDX-License-Identifier: Apache-2.0
// An officer approves an order, without a node.
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/officer_key.h"
#include "cli/output.h"

enum exit_code cli_approve(struct cli *cli)
{
    struct str file, approval;
    if (!cli_option(cli, "out"))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("out")});
    enum exit_code code = cli_read_file(cli, cli->args[0], REQUEST_ARENA_BYTES_MAX, &file);
    if (code != EXIT_DONE)
        return code;
    struct str order = str_ends(file, STR("\n")) ? str_to(file, file.len - 1) : file;
    code = officer_approve(cli, order, &approval);
    return code == EXIT_DONE ? cli_write_out(cli, approval) : code;
}
