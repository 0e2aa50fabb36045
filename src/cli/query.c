// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/search.h"

static enum exit_code add(struct cli *cli, const char *path)
{
    struct node_parameter parameters[SEARCH_PARAMETERS_MAX];
    struct http_call call = {.method = HTTP_PUT};
    struct str body;
    enum exit_code code = search_parameters(cli, 2, parameters);
    parameters[SEARCH_PARAMETERS_MAX - 3] = (struct node_parameter){0}; // no limit, no after
    if (code == EXIT_DONE)
        code = node_send(cli, &call, path, parameters, &body);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_QUERY_KEPT, .args = {str_of(cli->args[1])});
    return code;
}

static enum exit_code list(struct cli *cli)
{
    static const struct node_parameter none[1];
    struct json v;
    enum exit_code code = node_get(cli, "/api/v1/queries", none, &v);
    for (struct json_iter it = node_items(v, "queries"); code == EXIT_DONE && json_next(&it);) {
        struct json query;
        if (!cli->json && json_get(it.value, STR("query"), &query))
            SAY(cli, MSG_QUERY_ROW,
                .args = {node_text(cli, it.value, "name"), json_span(query)});
    }
    return code;
}

static enum exit_code run(struct cli *cli, const char *path)
{
    const struct node_parameter parameters[] = {{"limit", cli_option_or(cli, "limit", "")},
        {"after", cli_option_or(cli, "after", "")}, {0}};
    struct json v;
    enum exit_code code = node_get(cli, path, parameters, &v);
    return code == EXIT_DONE ? search_print(cli, v) : code;
}

// A name in a path: what is not plain is written as %XX.
static enum exit_code path_of(struct cli *cli, const char *name, const char **out)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    struct buf b = buf_in(&cli->arena, 4 * KIB);
    buf_put(&b, STR("/api/v1/queries/"));
    for (const char *at = name; *at; at++) {
        if (strchr(plain, *at)) {
            buf_put_byte(&b, *at);
            continue;
        }
        buf_put_byte(&b, '%');
        buf_put_byte(&b, "0123456789ABCDEF"[(unsigned char)*at >> 4]);
        buf_put_byte(&b, "0123456789ABCDEF"[(unsigned char)*at & 15]);
    }
    return b.err == ERR_OK && str_to_cstr(&cli->arena, buf_str(&b), out) == ERR_OK
               ? EXIT_DONE
               : EXIT_BAD_INPUT;
}

enum exit_code cli_query(struct cli *cli)
{
    static const struct node_parameter none[1];
    struct str what = str_of(cli->args[0]);
    const char *path;
    if (str_eq(what, STR("list")) && cli->args_n == 1)
        return list(cli);
    if (cli->args_n < 2)
        return FAIL(cli, EXIT_USAGE, MSG_QUERY_USAGE, .args = {what});
    enum exit_code code = path_of(cli, cli->args[1], &path);
    if (code != EXIT_DONE)
        return code;
    if (str_eq(what, STR("add")))
        return add(cli, path);
    if (str_eq(what, STR("run")) && cli->args_n == 2)
        return run(cli, path);
    if (str_eq(what, STR("remove")) && cli->args_n == 2)
        return node_delete(
            cli, "/api/v1/queries/", str_of(cli->args[1]), none, MSG_QUERY_REMOVED);
    return FAIL(cli, EXIT_USAGE, MSG_QUERY_USAGE, .args = {what});
}
