// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/node_client.h"

static void say_alarms(struct cli *cli, struct json link)
{
    bool is_overdue = false;
    struct json member;
    if (node_text(cli, link, "frozen_code").len)
        SAY(cli, MSG_STATUS_FROZEN,
            .args = {node_text(cli, link, "frozen"), node_text(cli, link, "frozen_why"),
                node_text(cli, link, "party")});
    if (json_get(link, STR("receipt_overdue"), &member) && json_bool(member, &is_overdue) &&
        is_overdue)
        SAY(cli, MSG_STATUS_OVERDUE, .args = {node_text(cli, link, "unreceipted")});
    uint64_t left_s = node_number(link, "fail_closed_s");
    if (left_s == 0)
        SAY(cli, MSG_STATUS_CLOSED);
    else if (left_s < 3600)
        SAY(cli, MSG_STATUS_CLOSING, .args = {cli_number(cli, left_s)});
}

enum exit_code cli_status(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, "/api/v1/status", NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    SAY(cli, MSG_STATUS_NODE,
        .args = {node_text(cli, v, "party"), node_text(cli, v, "node"),
            node_text(cli, v, "realm"), cli_number(cli, node_number(v, "objects"))});
    for (struct json_iter it = node_items(v, "links"); json_next(&it);) {
        struct json link = it.value;
        SAY(cli, MSG_STATUS_LINK,
            .args = {node_text(cli, link, "party"), node_text(cli, link, "state"),
                cli_number(cli, node_number(link, "waiting")), node_text(cli, link, "last")});
        SAY(cli, MSG_STATUS_COUNTS,
            .args = {cli_number(cli, node_number(link, "released")),
                cli_number(cli, node_number(link, "receipts")),
                cli_number(cli, node_number(link, "received")),
                cli_number(cli, node_number(link, "recalled"))});
        say_alarms(cli, link);
    }
    bool readonly = false;
    struct json member;
    if (json_get(v, STR("readonly"), &member) && json_bool(member, &readonly) && readonly)
        SAY(cli, MSG_STATUS_READONLY);
    return EXIT_DONE;
}
