// SPDX-License-Identifier: Apache-2.0
#include "cli/values.h"

#include "base/limits.h"
#include "cli/node_client.h"
#include "sys/file.h"

#include <unistd.h>

enum exit_code values_read(struct cli *cli, size_t first, struct str *out)
{
    struct buf b = buf_in(&cli->arena, LOOKUP_BYTES_MAX);
    if (cli->args_n == first + 1 && str_eq(str_of(cli->args[first]), STR("-"))) {
        enum err e = file_read_fd(&cli->arena, STDIN_FILENO, LOOKUP_BYTES_MAX, out);
        return e == ERR_OK ? EXIT_DONE
                           : FAIL(cli, exit_code_of(e), MSG_CANNOT_READ, .args = {STR("-")});
    }
    for (size_t i = first; i < cli->args_n; i++) {
        buf_put(&b, str_of(cli->args[i]));
        buf_put_byte(&b, '\n');
    }
    return buf_end(&b, out) == ERR_OK ? EXIT_DONE : EXIT_BAD_INPUT;
}

static struct str why_text(struct cli *cli, struct str why)
{
    static const struct {
        struct str word;
        enum message_id text;
    } texts[] = {{STR_INIT("equal"), MSG_WARNING_EQUAL}, {STR_INIT("below"), MSG_WARNING_BELOW},
        {STR_INIT("host"), MSG_WARNING_HOST}, {STR_INIT("inside"), MSG_WARNING_INSIDE},
        {STR_INIT("contains"), MSG_WARNING_CONTAINS},
        {STR_INIT("pattern"), MSG_WARNING_PATTERN},
        {STR_INIT("undecided"), MSG_WARNING_UNDECIDED}};
    for (size_t i = 0; i < LEN(texts); i++)
        if (str_eq(why, texts[i].word))
            return str_of(message_text(cli->language, texts[i].text));
    return why; // of a later node
}

bool values_say_warnings(struct cli *cli, struct json v)
{
    bool has_any = false, has_more;
    struct json more;
    for (struct json_iter it = node_items(v, "warning"); json_next(&it); has_any = true)
        if (!cli->json)
            SAY(cli, MSG_WARNING_HIT,
                .args = {node_text(cli, v, "value"), node_text(cli, it.value, "list"),
                    node_text(cli, it.value, "entry"),
                    why_text(cli, node_text(cli, it.value, "why"))});
    if (!cli->json && json_get(v, STR("warning_more"), &more) && json_bool(more, &has_more) &&
        has_more)
        SAY(cli, MSG_WARNING_MORE, .args = {node_text(cli, v, "value")});
    return has_any;
}
