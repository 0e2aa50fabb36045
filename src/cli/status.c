// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"

static void say_node(struct cli *cli, struct json v)
{
    struct json disk, certificate;
    if (json_get(v, STR("disk"), &disk) && json_get(v, STR("certificate"), &certificate))
        SAY(cli, MSG_STATUS_HEALTH,
            .args = {cli_number(cli, node_number(disk, "free_bytes") / MIB),
                cli_number(cli, node_number(certificate, "days_left"))});
    for (struct json_iter it = node_items(v, "alarms"); json_next(&it);)
        SAY(cli, MSG_STATUS_ALARM,
            .args = {node_text(cli, it.value, "party"),
                node_text(cli, it.value, cli->language == LANGUAGE_KO ? "why_ko" : "why"),
                node_text(cli, it.value, "detail")});
}

static void say_clock(struct cli *cli, struct json link)
{
    uint64_t left_s = node_number(link, "fail_closed_s");
    if (left_s && left_s < 3600)
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
        say_clock(cli, link);
    }
    if (node_number(v, "recalls_overdue"))
        SAY(cli, MSG_RECALLS_OVERDUE,
            .args = {cli_number(cli, node_number(v, "recalls_overdue"))});
    if (node_number(v, "recalls_proposed"))
        SAY(cli, MSG_RECALLS_PROPOSED,
            .args = {cli_number(cli, node_number(v, "recalls_proposed"))});
    say_node(cli, v);
    return EXIT_DONE;
}
