// SPDX-License-Identifier: Apache-2.0
// A flash in one command: the duty officer sees the order and signs it, and it goes.
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/officer_key.h"
#include "cli/orders.h"
#include "json/write.h"

// A body with the ids and one approval, or none.
static struct str put_body(struct cli *cli, struct str approval)
{
    struct buf b = buf_in(&cli->arena, HTTP_BODY_BYTES_MAX);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("approvals"));
    json_begin_array(&o);
    if (approval.len)
        json_put_string(&o, approval);
    json_end_array(&o);
    cli_put_ids(cli, &o);
    json_end_object(&o);
    return buf_str(&b);
}

// Asks for the order, has it signed, and asks again with the approval. The last parameter of
// the list is "preview"; what the node says to the first is not printed.
static enum exit_code approve_and_post(
    struct cli *cli, const char *path, struct node_parameter *parameters, struct json *out)
{
    struct str approval;
    bool json = cli->json;
    size_t last = 0;
    while (parameters[last + 1].name)
        last++;
    cli->json = false;
    enum exit_code code = node_post(cli, path, parameters, put_body(cli, STR("")), out);
    cli->json = json;
    if (code == EXIT_DONE)
        code = officer_approve(cli, node_text(cli, *out, "order"), &approval);
    if (code != EXIT_DONE)
        return code;
    parameters[last].value = STR("");
    return node_post(cli, path, parameters, put_body(cli, approval), out);
}

static enum exit_code send(struct cli *cli)
{
    struct json v;
    struct node_parameter parameters[] = {{"to", cli_option_or(cli, "to", "")},
        {"lang", cli_option_or(cli, "in", "")}, {"preview", STR("order")}, {0}};
    if (!cli_option(cli, "to") || !cli_option(cli, "in"))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED,
            .args = {cli_option(cli, "to") ? STR("in") : STR("to")});
    enum exit_code code = approve_and_post(cli, "/api/v1/flashes", parameters, &v);
    if (code != EXIT_DONE)
        return code;
    bool is_whole = true;
    for (struct json_iter it = node_items(v, "withheld"); json_next(&it); is_whole = false)
        FAIL(cli, EXIT_REFUSED, MSG_WITHHELD,
            .args = {node_text(cli, it.value, "id"), node_text(cli, it.value, "result"),
                node_text(cli, it.value, "rule"),
                node_text(cli, it.value, cli->language == LANGUAGE_KO ? "why_ko" : "why")});
    if (!cli->json)
        SAY(cli, MSG_FLASHED,
            .args = {node_text(cli, v, "release"), cli_number(cli, node_number(v, "released")),
                node_text(cli, v, "to")});
    return is_whole ? EXIT_DONE : EXIT_REFUSED;
}

static enum exit_code list(struct cli *cli, bool only_open)
{
    struct json v;
    const struct node_parameter parameters[] = {{"open", only_open ? STR("1") : STR("")}, {0}};
    enum exit_code code = node_get(cli, "/api/v1/flashes", parameters, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    struct buf open = buf_in(&cli->arena, KIB);
    message_put(&open, cli->language, &(struct message){.id = MSG_FLASH_OPEN});
    for (struct json_iter it = node_items(v, "flashes"); json_next(&it);) {
        struct str reviewed = node_text(cli, it.value, "reviewed");
        SAY(cli, MSG_FLASH,
            .args = {node_text(cli, it.value, "flash"), node_text(cli, it.value, "to"),
                node_text(cli, it.value, "at"), node_text(cli, it.value, "kid"),
                node_text(cli, it.value, "lang"), reviewed.len ? reviewed : buf_str(&open)});
    }
    return EXIT_DONE;
}

static enum exit_code review(struct cli *cli)
{
    struct json v;
    const char *path;
    struct buf b = buf_in(&cli->arena, KIB);
    struct node_parameter parameters[] = {{"preview", STR("order")}, {0}};
    struct str id = str_of(cli->args[1]);
    buf_put(&b, STR("/api/v1/flashes/"));
    buf_put(&b, id);
    buf_put(&b, STR("/review"));
    if (str_index(id, '/') < id.len || str_index(id, '%') < id.len || b.err != ERR_OK ||
        str_to_cstr(&cli->arena, buf_str(&b), &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {id});
    enum exit_code code = approve_and_post(cli, path, parameters, &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_FLASH_REVIEWED, .args = {id});
    return code;
}

enum exit_code cli_flash(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    if (str_eq(verb, STR("list")) && cli->args_n == 1)
        return list(cli, false);
    if (str_eq(verb, STR("review")) && cli->args_n <= 2)
        return cli->args_n == 1 ? list(cli, true) : review(cli);
    return send(cli);
}
