// SPDX-License-Identifier: Apache-2.0
#include "cli/feed.h"

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/output.h"
#include "http/address.h"
#include "http/target.h"
#include "sys/clock.h"
#include "json/write.h"

#define FEEDS          "/api/v1/feeds"
#define PEM_BYTES_MAX  (256 * KIB)
#define EVERY_DEFAULT  60
#define LOOK_US        200000
#define SECRET_MAX     1000
#define SECONDS_MINUTE 60

static enum exit_code read_option(
    struct cli *cli, const char *option, size_t bytes_max, struct str *out)
{
    const char *path = cli_option(cli, option);
    *out = STR("");
    return path ? cli_read_file(cli, path, bytes_max, out) : EXIT_DONE;
}

enum exit_code cli_feed_access(struct cli *cli, struct feed_access *out)
{
    const struct {
        const char *option;
        size_t bytes_max;
        struct str *out;
    } files[] = {{"secret-file", SECRET_MAX, &out->secret},
        {"ca", PEM_BYTES_MAX, &out->authorities}, {"peer", PEM_BYTES_MAX, &out->peer},
        {"certificate", PEM_BYTES_MAX, &out->identity.certificate_pem},
        {"key", PEM_BYTES_MAX, &out->identity.key_pem}};
    enum exit_code code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < LEN(files); i++)
        code = read_option(cli, files[i].option, files[i].bytes_max, files[i].out);
    out->user = cli_option_or(cli, "user", "");
    out->secret = str_trim(out->secret);
    return code;
}

static enum exit_code body_of(struct cli *cli, const struct feed_row *row,
    const struct feed_access *access, struct str *out)
{
    struct buf b = buf_in(&cli->arena, 4 * MIB);
    struct json_out o = json_out(&b);
    const struct {
        struct str key, value;
    } members[] = {
        {STR("name"), row->name},
        {STR("kind"), row->kind},
        {STR("address"), row->address},
        {STR("collection"), cli_option_or(cli, "collection", "")},
        {STR("types"), cli_option_or(cli, "types", "")},
        {STR("after"), cli_option_or(cli, "since", "")},
        {STR("user"), access->user},
        {STR("secret"), access->secret},
        {STR("authorities"), access->authorities},
        {STR("peer"), access->peer},
        {STR("certificate"), access->identity.certificate_pem},
        {STR("key"), access->identity.key_pem},
        {STR("originator"), cli_option_or(cli, "originator", "")},
        {STR("handling"), cli_option_or(cli, "handling", "")},
    };
    json_begin_object(&o);
    for (size_t i = 0; i < LEN(members); i++)
        json_member_string(&o, members[i].key, members[i].value);
    json_member_int(&o, STR("every_s"), (int64_t)row->every_s);
    json_end_object(&o);
    return buf_end(&b, out) == ERR_OK ? EXIT_DONE : EXIT_SYSTEM;
}

enum exit_code cli_feed_put(struct cli *cli, const struct feed_row *row)
{
    struct feed_access access = {.user = STR("")};
    struct str body;
    if (!cli_option(cli, "originator"))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("originator")});
    enum exit_code code = cli_feed_access(cli, &access);
    if (code == EXIT_DONE)
        code = body_of(cli, row, &access, &body);
    if (code != EXIT_DONE)
        return code;
    const struct http_call call = {.method = HTTP_POST, .body = body};
    return node_send(cli, &call, FEEDS, NULL, &body);
}

static enum exit_code path_of(
    struct cli *cli, struct str name, const char *rest, const char **out)
{
    struct str escaped;
    struct buf b = buf_in(&cli->arena, 8 * KIB);
    if (http_target_escape(&cli->arena, name, &escaped) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {name});
    buf_put(&b, STR(FEEDS "/"));
    buf_put(&b, escaped);
    buf_put(&b, str_of(rest));
    return str_to_cstr(&cli->arena, buf_str(&b), out) == ERR_OK ? EXIT_DONE : EXIT_SYSTEM;
}

static enum exit_code look(struct cli *cli, const char *path, struct str *body, struct json *v)
{
    const struct http_call call = {.method = HTTP_GET};
    enum exit_code code = node_send(cli, &call, path, NULL, body);
    if (code == EXIT_DONE && json_parse(&cli->arena, *body, v, NULL) != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_STRANGE_ANSWER, .args = {STR("200")});
    return code;
}

static enum exit_code report(struct cli *cli, struct str body, struct json v)
{
    struct str name = node_text(cli, v, "name"), outcome = node_text(cli, v, "outcome");
    const struct message counts = {
        .id = str_eq(outcome, STR("preview")) ? MSG_FEED_PREVIEW : MSG_FEED_RAN,
        .args = {name, cli_number(cli, node_number(v, "new")),
            cli_number(cli, node_number(v, "same")),
            cli_number(cli, node_number(v, "refused") + node_number(v, "conflict")),
            cli_number(cli, node_number(v, "read"))}};
    if (cli->json)
        cli_print_line(body);
    else
        cli_say(cli, counts);
    if (str_eq(outcome, STR("failed")))
        return FAIL(
            cli, EXIT_SYSTEM, MSG_FEED_FAILED, .args = {name, node_sentence(cli, v, "why")});
    if (str_eq(outcome, STR("more")) && !cli->json)
        SAY(cli, MSG_FEED_MORE, .args = {name});
    return EXIT_DONE;
}

enum exit_code cli_feed_run(struct cli *cli, struct str name, bool is_preview)
{
    const char *path, *run_path;
    struct str body;
    struct json v;
    const struct node_parameter preview[] = {{"preview", is_preview ? STR("1") : STR("")}, {0}};
    const struct http_call call = {.method = HTTP_POST};
    enum exit_code code = path_of(cli, name, "", &path);
    if (code == EXIT_DONE)
        code = path_of(cli, name, "/run", &run_path);
    if (code == EXIT_DONE)
        code = look(cli, path, &body, &v);
    if (code != EXIT_DONE)
        return code;
    uint64_t runs = node_number(v, "runs");
    code = node_send(cli, &call, run_path, preview, &body);
    while (code == EXIT_DONE) {
        struct arena_mark mark = arena_mark(&cli->arena);
        code = look(cli, path, &body, &v);
        if (code != EXIT_DONE || node_number(v, "runs") > runs)
            break;
        arena_rewind(&cli->arena, mark);
        clock_sleep_us(LOOK_US);
    }
    return code == EXIT_DONE ? report(cli, body, v) : code;
}

static void say_feed(struct cli *cli, struct json v)
{
    struct str outcome = node_text(cli, v, "outcome");
    SAY(cli, MSG_FEED,
        .args = {node_text(cli, v, "name"), node_text(cli, v, "kind"),
            node_text(cli, v, "address"),
            cli_number(cli, node_number(v, "every_s") / SECONDS_MINUTE),
            outcome.len ? outcome : STR("-")});
}

static enum exit_code list(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, FEEDS, NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "feeds"); json_next(&it);)
        say_feed(cli, it.value);
    return EXIT_DONE;
}

static enum exit_code show(struct cli *cli, struct str name)
{
    const char *path;
    struct str body;
    struct json v;
    enum exit_code code = path_of(cli, name, "", &path);
    if (code == EXIT_DONE)
        code = look(cli, path, &body, &v);
    if (code != EXIT_DONE)
        return code;
    if (cli->json) {
        cli_print_line(body);
        return EXIT_DONE;
    }
    say_feed(cli, v);
    SAY(cli, MSG_FEED_OF,
        .args = {node_text(cli, v, "originator"), node_text(cli, v, "handling")});
    if (node_number(v, "runs"))
        SAY(cli, MSG_FEED_LAST,
            .args = {node_text(cli, v, "ended"), cli_number(cli, node_number(v, "new")),
                cli_number(cli, node_number(v, "same")),
                cli_number(cli, node_number(v, "refused") + node_number(v, "conflict"))});
    if (node_text(cli, v, "next").len)
        SAY(cli, MSG_FEED_NEXT, .args = {node_text(cli, v, "next")});
    if (node_text(cli, v, "why").len)
        SAY(cli, MSG_FEED_WHY,
            .args = {
                cli_number(cli, node_number(v, "failures")), node_sentence(cli, v, "why")});
    return EXIT_DONE;
}

static enum exit_code add(struct cli *cli, struct str name, struct str address)
{
    uint64_t minutes;
    enum exit_code code = cli_option_number(cli, "every", EVERY_DEFAULT, &minutes);
    if (code != EXIT_DONE)
        return code;
    if (minutes > UINT32_MAX)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {STR("--every")});
    const struct feed_row row = {.name = name,
        .address = address,
        .kind = cli_option_or(cli, "kind", "taxii"),
        .every_s = minutes * SECONDS_MINUTE};
    code = cli_feed_put(cli, &row);
    return code == EXIT_DONE ? show(cli, name) : code;
}

enum exit_code cli_feed(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    struct str name = cli->args_n > 1 ? str_of(cli->args[1]) : STR("");
    if (str_eq(verb, STR("list")) && cli->args_n == 1)
        return list(cli);
    if (str_eq(verb, STR("add")) && cli->args_n == 3)
        return add(cli, name, str_of(cli->args[2]));
    if (cli->args_n == 2 && str_eq(verb, STR("show")))
        return show(cli, name);
    if (cli->args_n == 2 && str_eq(verb, STR("run")))
        return cli_feed_run(cli, name, false);
    if (cli->args_n == 2 && str_eq(verb, STR("preview")))
        return cli_feed_run(cli, name, true);
    if (cli->args_n == 2 && str_eq(verb, STR("remove")))
        return node_delete(cli, FEEDS "/", name, NULL, MSG_FEED_REMOVED);
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
