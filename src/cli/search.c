// SPDX-License-Identifier: Apache-2.0
#include "cli/search.h"
#include "cli/commands.h"
#include "cli/node_client.h"

// Texts in turn not meant and meant; what is meant stands in brackets.
static struct str marked(struct cli *cli, struct json row)
{
    struct buf b = buf_in(&cli->arena, 64 * 1024);
    bool is_meant = false;
    for (struct json_iter it = node_items(row, "snippet"); json_next(&it);) {
        struct str text;
        if (json_string(&cli->arena, it.value, &text) != ERR_OK)
            break;
        buf_put(&b, is_meant ? STR("[") : STR(""));
        for (size_t i = 0; i < text.len; i++)
            buf_put_byte(&b, text.ptr[i] == '\n' || text.ptr[i] == '\r' ? ' ' : text.ptr[i]);
        buf_put(&b, is_meant ? STR("]") : STR(""));
        is_meant = !is_meant;
    }
    return buf_str(&b);
}

enum exit_code search_print(struct cli *cli, struct json answer)
{
    size_t n = 0;
    for (struct json_iter it = node_items(answer, "objects"); json_next(&it); n++) {
        if (cli->json)
            continue;
        SAY(cli, MSG_SEARCH_ROW,
            .args = {node_text(cli, it.value, "id"), node_text(cli, it.value, "source"),
                node_text(cli, it.value, "title")});
        struct str snippet = marked(cli, it.value);
        if (snippet.len)
            SAY(cli, MSG_SEARCH_SNIPPET, .args = {node_text(cli, it.value, "field"), snippet});
    }
    if (!cli->json && node_number(answer, "next"))
        SAY(cli, MSG_FOUND_MORE, .args = {cli_number(cli, node_number(answer, "next"))});
    return n ? EXIT_DONE : EXIT_NO;
}

enum exit_code search_parameters(
    struct cli *cli, size_t from, struct node_parameter out[static SEARCH_PARAMETERS_MAX])
{
    static const char *const names[] = {"type", "since", "until", "marking", "source", "value",
        "author", "label", "limit", "after"};
    struct buf b = buf_in(&cli->arena, 64 * 1024);
    for (size_t i = from; i < cli->args_n; i++) {
        buf_put(&b, i > from ? STR(" ") : STR(""));
        buf_put(&b, str_of(cli->args[i]));
    }
    if (b.err != ERR_OK)
        return EXIT_BAD_INPUT;
    out[0] = (struct node_parameter){"q", buf_str(&b)};
    for (size_t i = 0; i < LEN(names); i++)
        out[i + 1] = (struct node_parameter){names[i], cli_option_or(cli, names[i], "")};
    out[LEN(names) + 1] = (struct node_parameter){0};
    return EXIT_DONE;
}

// 0 when something was found, 1 when nothing was.
enum exit_code cli_search(struct cli *cli)
{
    struct node_parameter parameters[SEARCH_PARAMETERS_MAX];
    struct json v;
    enum exit_code code = search_parameters(cli, 0, parameters);
    if (code == EXIT_DONE)
        code = node_get(cli, "/api/v1/search", parameters, &v);
    return code == EXIT_DONE ? search_print(cli, v) : code;
}
