// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/orders.h"
#include "json/write.h"

static void put_options(struct cli *cli, struct json_out *o, const char *key, const char *name)
{
    const char *value;
    json_put_key(o, str_of(key));
    json_begin_array(o);
    for (size_t i = 0; (value = cli_option_each(cli, name, i)); i++)
        json_put_string(o, str_of(value));
    json_end_array(o);
}

static enum exit_code put_body(struct cli *cli, struct str *out)
{
    struct buf b = buf_in(&cli->arena, HTTP_BODY_BYTES_MAX);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    cli_put_ids(cli, &o);
    put_options(cli, &o, "persons", "person");
    enum exit_code code = cli_put_approvals(cli, &o);
    json_end_object(&o);
    *out = buf_str(&b);
    return code;
}

static void say_withheld(struct cli *cli, struct json v)
{
    const char *why = cli->language == LANGUAGE_KO ? "why_ko" : "why";
    for (struct json_iter it = node_items(v, "withheld"); json_next(&it);)
        FAIL(cli, EXIT_REFUSED, MSG_WITHHELD,
            .args = {node_text(cli, it.value, "id"), node_text(cli, it.value, "result"),
                node_text(cli, it.value, "rule"), node_text(cli, it.value, why)});
}

static enum exit_code write_order(struct cli *cli, struct json v)
{
    return cli_option(cli, "out") ? cli_write_order(cli, v) : EXIT_DONE;
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
    return write_order(cli, v);
}

// 0 when everything asked for went (or is there already), 3 when a rule withheld something
// named.
enum exit_code cli_release(struct cli *cli)
{
    struct json v;
    struct str body;
    bool all = cli_option(cli, "all") != NULL, preview = cli_option(cli, "preview") != NULL;
    if (!cli_option(cli, "to"))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("to")});
    if (all == (cli->args_n > 0))
        return FAIL(cli, EXIT_USAGE, MSG_RELEASE_WHAT);
    if (cli_option(cli, "out") && !preview)
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("preview")});
    enum exit_code code = put_body(cli, &body);
    if (code != EXIT_DONE)
        return code;
    struct str order = cli_option(cli, "out") ? STR("order") : STR("1");
    const struct node_parameter parameters[] = {{"to", cli_option_or(cli, "to", "")},
        {"all", all ? STR("1") : STR("")}, {"type", cli_option_or(cli, "type", "")},
        {"preview", preview ? order : STR("")},
        {"priority", cli_option_or(cli, "priority", "")}, {0}};
    code = node_post(cli, "/api/v1/releases", parameters, body, &v);
    if (code != EXIT_DONE)
        return code;
    size_t withheld = 0;
    for (struct json_iter it = node_items(v, "withheld"); json_next(&it);)
        withheld++;
    if (preview)
        return cli->json ? write_order(cli, v) : show_preview(cli, v);
    if (!cli->json) {
        say_withheld(cli, v);
        SAY(cli, MSG_RELEASED,
            .args = {cli_number(cli, node_number(v, "released")), node_text(cli, v, "to"),
                cli_number(cli, node_number(v, "entries")), cli_number(cli, withheld)});
    }
    return !all && !preview && withheld ? EXIT_REFUSED : EXIT_DONE;
}
