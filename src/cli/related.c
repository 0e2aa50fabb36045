// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/node_client.h"

static const char *path_of(struct cli *cli, const char *what)
{
    struct buf b = buf_in(&cli->arena, 1024);
    const char *path = NULL;
    buf_put(&b, STR("/api/v1/objects/"));
    buf_put(&b, str_of(cli->args[0]));
    buf_put(&b, str_of(what));
    return b.err == ERR_OK && str_to_cstr(&cli->arena, buf_str(&b), &path) == ERR_OK ? path
                                                                                     : NULL;
}

static void say_edge(struct cli *cli, struct json row)
{
    struct str arrow =
        str_eq(node_text(cli, row, "direction"), STR("out")) ? STR("->") : STR("<-");
    SAY(cli, MSG_EDGE,
        .args = {arrow, node_text(cli, row, "relation"), node_text(cli, row, "id"),
            node_text(cli, row, "via")});
}

enum exit_code cli_neighbours(struct cli *cli)
{
    const struct node_parameter parameters[] = {{"type", cli_option_or(cli, "type", "")},
        {"limit", cli_option_or(cli, "limit", "")}, {"after", cli_option_or(cli, "after", "")},
        {0}};
    const char *path = path_of(cli, "/neighbours");
    struct json v;
    size_t n = 0;
    enum exit_code code = path ? node_get(cli, path, parameters, &v) : EXIT_BAD_INPUT;
    if (code != EXIT_DONE)
        return code;
    for (struct json_iter it = node_items(v, "neighbours"); json_next(&it); n++)
        if (!cli->json)
            say_edge(cli, it.value);
    if (!cli->json && node_number(v, "next"))
        SAY(cli, MSG_FOUND_MORE, .args = {cli_number(cli, node_number(v, "next"))});
    return n ? EXIT_DONE : EXIT_NO;
}

enum exit_code cli_correlate(struct cli *cli)
{
    const struct node_parameter parameters[] = {{"limit", cli_option_or(cli, "limit", "")},
        {"after", cli_option_or(cli, "after", "")}, {0}};
    const char *path = path_of(cli, "/correlations");
    struct json v;
    size_t n = 0;
    enum exit_code code = path ? node_get(cli, path, parameters, &v) : EXIT_BAD_INPUT;
    if (code != EXIT_DONE)
        return code;
    for (struct json_iter it = node_items(v, "values"); json_next(&it);)
        for (struct json_iter row = node_items(it.value, "objects"); json_next(&row); n++)
            if (!cli->json)
                SAY(cli, MSG_SEARCH_ROW,
                    .args = {node_text(cli, row.value, "id"),
                        node_text(cli, row.value, "source"),
                        node_text(cli, it.value, "value")});
    if (!cli->json && node_text(cli, v, "next").len)
        SAY(cli, MSG_FOUND_MORE, .args = {node_text(cli, v, "next")});
    return n ? EXIT_DONE : EXIT_NO;
}

// 0 when there is a path, 1 when there is none within the depth.
enum exit_code cli_path(struct cli *cli)
{
    const struct node_parameter parameters[] = {{"from", str_of(cli->args[0])},
        {"to", str_of(cli->args[1])}, {"depth", cli_option_or(cli, "depth", "")}, {0}};
    struct json v, found, bounded;
    bool is_found = false, is_bounded = false;
    enum exit_code code = node_get(cli, "/api/v1/paths", parameters, &v);
    if (code != EXIT_DONE)
        return code;
    if (!json_get(v, STR("found"), &found) || !json_bool(found, &is_found))
        is_found = false;
    if (!json_get(v, STR("bounded"), &bounded) || !json_bool(bounded, &is_bounded))
        is_bounded = false;
    for (struct json_iter it = node_items(v, "steps"); json_next(&it);)
        if (!cli->json)
            say_edge(cli, it.value);
    if (!cli->json && !is_found)
        SAY(cli, is_bounded ? MSG_PATH_BOUNDED : MSG_PATH_NONE, .args = {STR("")});
    return is_found ? EXIT_DONE : EXIT_NO;
}
