// SPDX-License-Identifier: Apache-2.0
#include "cli/tighten.h"

#include "base/limits.h"
#include "cli/commands.h"
#include "http/target.h"

enum err node_path(struct cli *cli, const char *before, const char *segment, const char *after,
    const char **out)
{
    struct str escaped;
    struct buf b = buf_in(&cli->arena, 64 * KIB);
    TRY(http_target_escape(&cli->arena, str_of(segment), &escaped));
    buf_put(&b, str_of(before));
    buf_put(&b, escaped);
    buf_put(&b, str_of(after));
    TRY(b.err);
    return str_to_cstr(&cli->arena, buf_str(&b), out);
}

void cli_tighten_parameters(
    struct cli *cli, struct node_parameter out[static TIGHTEN_PARAMETERS])
{
    static const char *const values[] = {"handling", "nations", "embargo", "expires"};
    static const char *const switches[] = {"noforn", "orcon"};
    size_t n = 0;
    for (size_t i = 0; i < LEN(values); i++)
        out[n++] = (struct node_parameter){values[i], cli_option_or(cli, values[i], "")};
    for (size_t i = 0; i < LEN(switches); i++)
        out[n++] = (struct node_parameter){
            switches[i], cli_option(cli, switches[i]) ? STR("1") : STR("")};
}

// 0 when a row became stricter or was as strict already.
enum exit_code cli_tighten(struct cli *cli)
{
    struct json v;
    const char *path;
    struct node_parameter parameters[TIGHTEN_PARAMETERS + 2] = {{0}};
    cli_tighten_parameters(cli, parameters);
    parameters[TIGHTEN_PARAMETERS] =
        (struct node_parameter){"source", cli_option_or(cli, "source", "")};
    if (node_path(cli, "/api/v1/objects/", cli->args[0], "/tighten", &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(cli->args[0])});
    enum exit_code code = node_post(cli, path, parameters, STR(""), &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    SAY(cli, MSG_TIGHTENED,
        .args = {str_of(cli->args[0]), cli_number(cli, node_number(v, "tightened")),
            cli_number(cli, node_number(v, "rows"))});
    if (node_number(v, "proposals"))
        SAY(cli, MSG_RECALLS_PROPOSED, .args = {cli_number(cli, node_number(v, "proposals"))});
    return EXIT_DONE;
}
