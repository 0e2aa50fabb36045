// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "json/write.h"

static struct str put_ids(struct cli *cli)
{
    struct buf b = buf_in(&cli->arena, HTTP_BODY_BYTES_MAX);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("ids"));
    json_begin_array(&o);
    for (size_t i = 0; i < cli->args_n; i++)
        json_put_string(&o, str_of(cli->args[i]));
    json_end_array(&o);
    json_end_object(&o);
    return buf_str(&b);
}

static void say_withheld(struct cli *cli, struct json v)
{
    const char *why = cli->language == LANGUAGE_KO ? "why_ko" : "why";
    for (struct json_iter it = node_items(v, "withheld"); json_next(&it);)
        FAIL(cli, EXIT_REFUSED, MSG_WITHHELD,
            .args = {node_text(cli, it.value, "id"), node_text(cli, it.value, "result"),
                node_text(cli, it.value, "rule"), node_text(cli, it.value, why)});
}

// Standard output holds exactly the bytes that would go, an object and a newline each; what is
// withheld and why stands on standard error.
static enum exit_code show_preview(struct cli *cli, struct json v)
{
    for (struct json_iter it = node_items(v, "objects"); json_next(&it);) {
        struct arena_mark mark = arena_mark(&cli->arena);
        cli_print_line(node_text(cli, it.value, "bytes"));
        arena_rewind(&cli->arena, mark);
    }
    say_withheld(cli, v);
    return EXIT_DONE;
}

// 0 when everything asked for went (or is there already), 3 when a rule withheld something
// named.
enum exit_code cli_release(struct cli *cli)
{
    struct json v;
    bool all = cli_option(cli, "all") != NULL, preview = cli_option(cli, "preview") != NULL;
    if (!cli_option(cli, "to"))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("to")});
    if (all == (cli->args_n > 0))
        return FAIL(cli, EXIT_USAGE, MSG_RELEASE_WHAT);
    const struct node_parameter parameters[] = {{"to", cli_option_or(cli, "to", "")},
        {"all", all ? STR("1") : STR("")}, {"type", cli_option_or(cli, "type", "")},
        {"preview", preview ? STR("1") : STR("")},
        {"priority", cli_option_or(cli, "priority", "")}, {0}};
    enum exit_code code = node_post(cli, "/api/v1/releases", parameters, put_ids(cli), &v);
    if (code != EXIT_DONE)
        return code;
    size_t withheld = 0;
    for (struct json_iter it = node_items(v, "withheld"); json_next(&it);)
        withheld++;
    if (!cli->json && preview)
        return show_preview(cli, v);
    if (!cli->json) {
        say_withheld(cli, v);
        SAY(cli, MSG_RELEASED,
            .args = {cli_number(cli, node_number(v, "released")), node_text(cli, v, "to"),
                cli_number(cli, node_number(v, "entries")), cli_number(cli, withheld)});
    }
    return !all && !preview && withheld ? EXIT_REFUSED : EXIT_DONE;
}
