// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/tighten.h"

static enum exit_code list_proposed(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, "/api/v1/recalls/proposed", NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "proposals"); json_next(&it);)
        SAY(cli, MSG_RECALL_PROPOSED,
            .args = {node_text(cli, it.value, "id"), node_text(cli, it.value, "source"),
                node_text(cli, it.value, "at"), node_sentence(cli, it.value, "why")});
    return EXIT_DONE;
}

static enum exit_code decline(struct cli *cli)
{
    struct str body;
    const char *path;
    const struct http_call call = {.method = HTTP_DELETE};
    if (node_path(cli, "/api/v1/recalls/proposed/", cli->args[0], "", &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(cli->args[0])});
    enum exit_code code = node_send(cli, &call, path, NULL, &body);
    if (code == EXIT_DONE && cli->json)
        cli_print_line(body);
    else if (code == EXIT_DONE)
        SAY(cli, MSG_RECALL_DECLINED, .args = {str_of(cli->args[0])});
    return code;
}

static enum exit_code recall(struct cli *cli)
{
    struct json v;
    const struct node_parameter parameters[] = {{"id", str_of(cli->args[0])},
        {"reason", cli_option_or(cli, "reason", "")},
        {"hours", cli_option_or(cli, "hours", "")}, {0}};
    enum exit_code code = node_post(cli, "/api/v1/recalls", parameters, STR(""), &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "parties"); json_next(&it);) {
        struct str party;
        if (json_string(&cli->arena, it.value, &party) == ERR_OK)
            SAY(cli, MSG_RECALLED, .args = {str_of(cli->args[0]), party});
    }
    return EXIT_DONE;
}

static enum exit_code list_open(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, "/api/v1/recalls/open", NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "recalls"); json_next(&it);) {
        struct json member;
        bool ours = false, overdue = false;
        if (json_get(it.value, STR("ours"), &member) && !json_bool(member, &ours))
            return FAIL(cli, EXIT_SYSTEM, MSG_STRANGE_ANSWER, .args = {STR("200")});
        if (json_get(it.value, STR("overdue"), &member) && !json_bool(member, &overdue))
            return FAIL(cli, EXIT_SYSTEM, MSG_STRANGE_ANSWER, .args = {STR("200")});
        enum message_id id = ours ? MSG_RECALL_OPEN_OURS : MSG_RECALL_OPEN_THEIRS;
        cli_say(cli, (struct message){.id = id,
                         .args = {node_text(cli, it.value, "party"),
                             cli_number(cli, node_number(it.value, "left")),
                             node_text(cli, it.value, "deadline")}});
        if (overdue)
            SAY(cli, MSG_RECALL_OVERDUE);
    }
    return EXIT_DONE;
}

static enum exit_code answer(struct cli *cli)
{
    struct json v;
    const struct node_parameter parameters[] = {{"id", str_of(cli->args[0])},
        {"state", cli_option_or(cli, "answer", "")}, {"why", cli_option_or(cli, "why", "")},
        {0}};
    enum exit_code code = node_post(cli, "/api/v1/recalls/answers", parameters, STR(""), &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_RECALL_ANSWERED,
            .args = {str_of(cli->args[0]), cli_option_or(cli, "answer", "")});
    return code;
}

static enum exit_code choose(struct cli *cli)
{
    struct json v;
    const char *path, *party = cli_option(cli, "from");
    const struct node_parameter parameters[] = {
        {"answer", cli_option_or(cli, "choose", "")}, {0}};
    if (!party)
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("from")});
    if (node_path(cli, "/api/v1/recalls/choices/", party, "", &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(party)});
    enum exit_code code = node_post(cli, path, parameters, STR(""), &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_RECALL_CHOSEN, .args = {str_of(party), cli_option_or(cli, "choose", "")});
    return code;
}

// What is asked for without naming an object.
static enum exit_code (*without_object(struct cli *cli))(struct cli *cli)
{
    return cli_option(cli, "proposed") ? list_proposed
           : cli_option(cli, "open")   ? list_open
           : cli_option(cli, "choose") ? choose
                                       : NULL;
}

enum exit_code cli_recall(struct cli *cli)
{
    enum exit_code (*run)(struct cli * cli) = without_object(cli);
    if ((run != NULL) == (cli->args_n > 0))
        return FAIL(cli, EXIT_USAGE, MSG_RECALL_WHAT);
    if (run)
        return run(cli);
    if (cli_option(cli, "answer"))
        return answer(cli);
    return cli_option(cli, "decline") ? decline(cli) : recall(cli);
}
