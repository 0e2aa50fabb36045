// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/orders.h"
#include "json/write.h"

static enum exit_code put_body(struct cli *cli, struct str *out)
{
    struct buf b = buf_in(&cli->arena, HTTP_BODY_BYTES_MAX);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    cli_put_ids(cli, &o);
    json_end_object(&o);
    *out = buf_str(&b);
    return EXIT_DONE;
}

// Standard output holds the document and nothing else.
static void print_document(struct cli *cli, struct json v)
{
    for (struct json_iter it = node_items(v, "document"); json_next(&it);) {
        struct arena_mark mark = arena_mark(&cli->arena);
        struct str piece;
        if (json_string(&cli->arena, it.value, &piece) == ERR_OK)
            cli_print(piece);
        arena_rewind(&cli->arena, mark);
    }
}

static void say_rest(struct cli *cli, struct json v)
{
    for (struct json_iter it = node_items(v, "losses"); json_next(&it);)
        FAIL(cli, EXIT_DONE, MSG_EXPORT_LOSS,
            .args = {node_text(cli, it.value, "id"), node_text(cli, it.value, "outcome"),
                node_text(cli, it.value, "field"), node_sentence(cli, it.value, "why")});
    FAIL(cli, EXIT_DONE, MSG_EXPORTED,
        .args = {cli_number(cli, node_number(v, "objects")), node_text(cli, v, "to"),
            node_text(cli, v, "format"), cli_number(cli, node_number(v, "withheld")),
            cli_number(cli, node_number(v, "losses_n"))});
    if (node_number(v, "next"))
        FAIL(
            cli, EXIT_DONE, MSG_EXPORT_NEXT, .args = {cli_number(cli, node_number(v, "next"))});
}

// 0 when everything asked for is in the document, 3 when a rule withheld something named.
enum exit_code cli_export(struct cli *cli)
{
    struct json v;
    struct str body;
    bool all = cli_option(cli, "all") != NULL;
    if (!cli_option(cli, "to") || !cli_option(cli, "format"))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED,
            .args = {cli_option(cli, "to") ? STR("format") : STR("to")});
    if (all == (cli->args_n > 0))
        return FAIL(cli, EXIT_USAGE, MSG_RELEASE_WHAT);
    enum exit_code code = put_body(cli, &body);
    const struct node_parameter parameters[] = {{"to", cli_option_or(cli, "to", "")},
        {"format", cli_option_or(cli, "format", "")}, {"all", all ? STR("1") : STR("")},
        {"type", cli_option_or(cli, "type", "")}, {"source", cli_option_or(cli, "source", "")},
        {"since", cli_option_or(cli, "since", "")}, {"after", cli_option_or(cli, "after", "")},
        {"limit", cli_option_or(cli, "limit", "")},
        {"warned", cli_option(cli, "warned") ? STR("keep") : STR("")},
        {"preview", cli_option(cli, "preview") ? STR("1") : STR("")}, {0}};
    if (code == EXIT_DONE)
        code = node_post(cli, "/api/v1/exports", parameters, body, &v);
    if (code != EXIT_DONE)
        return code;
    if (!cli->json) {
        print_document(cli, v);
        say_rest(cli, v);
    }
    return !all && node_number(v, "withheld") ? EXIT_REFUSED : EXIT_DONE;
}
