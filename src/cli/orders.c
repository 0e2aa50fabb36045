// SPDX-License-Identifier: Apache-2.0
#include "cli/orders.h"

#include "base/limits.h"
#include "cli/node_client.h"
#include "cli/output.h"
#include "ledger/approval.h"
#include "sys/file.h"

void cli_put_ids(struct cli *cli, struct json_out *o)
{
    json_put_key(o, STR("ids"));
    json_begin_array(o);
    for (size_t i = 0; i < cli->args_n; i++)
        json_put_string(o, str_of(cli->args[i]));
    json_end_array(o);
}

enum exit_code cli_put_approvals(struct cli *cli, struct json_out *o)
{
    const char *path;
    struct ledger_approval approval;
    struct ledger_fault fault = {0};
    json_put_key(o, STR("approvals"));
    json_begin_array(o);
    for (size_t i = 0; (path = cli_option_each(cli, "approval", i)); i++) {
        struct str text;
        enum exit_code code = cli_read_file(cli, path, LEDGER_APPROVAL_BYTES_MAX, &text);
        if (code != EXIT_DONE)
            return code;
        if (ledger_approval_parse(&cli->arena, text, &approval, &fault) != ERR_OK)
            return FAIL(cli, EXIT_BAD_INPUT, MSG_AT_BYTE,
                .args = {
                    str_of(path), cli_number(cli, fault.where.at), str_of(fault.where.why)});
        json_put_string(o, text);
    }
    json_end_array(o);
    return EXIT_DONE;
}

enum exit_code cli_approvals_body(struct cli *cli, struct str *out)
{
    struct buf b = buf_in(&cli->arena, HTTP_BODY_BYTES_MAX);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    enum exit_code code = cli_put_approvals(cli, &o);
    json_end_object(&o);
    *out = buf_str(&b);
    return code;
}

enum exit_code cli_write_order(struct cli *cli, struct json answer)
{
    const char *path = cli_option(cli, "out");
    struct buf b = buf_in(&cli->arena, REQUEST_ARENA_BYTES_MAX);
    buf_put(&b, node_text(cli, answer, "order"));
    buf_put_byte(&b, '\n');
    if (b.err != ERR_OK || file_write(path, buf_str(&b), 0600) != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_CANNOT_WRITE, .args = {str_of(path)});
    return FAIL(cli, EXIT_DONE, MSG_ORDER_WRITTEN,
        .args = {str_of(path), node_text(cli, answer, "digest")});
}
