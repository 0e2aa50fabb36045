// SPDX-License-Identifier: Apache-2.0
// The one main: finds the subcommand in the two dispatch tables and runs it.
#include "base/limits.h"
#include "cli/command.h"
#include "node/node.h"
#include "sys/process.h"

#include <signal.h>
#include <stdio.h>

static const struct command *find(const struct command *table, struct str name)
{
    for (; table->name; table++)
        if (str_eq(str_of(table->name), name))
            return table;
    return NULL;
}

static void print_overview(struct cli *cli)
{
    SAY(cli, MSG_OVERVIEW);
    for (const struct command *const *table = cli->tables; *table; table++)
        for (const struct command *c = *table; c->name; c++) {
            printf("  %-10s ", c->name);
            SAY(cli, c->help);
        }
    SAY(cli, MSG_OVERVIEW_COMMON);
}

static enum exit_code print_help(struct cli *cli, const char *name)
{
    const struct command *command = name ? find(node_commands, str_of(name)) : NULL;
    if (name && !command)
        command = find(cli_commands, str_of(name));
    if (name && !command)
        return FAIL(cli, EXIT_USAGE, MSG_NO_SUCH_COMMAND, .args = {str_of(name)});
    if (command)
        cli_print_help(cli, command);
    else
        print_overview(cli);
    return EXIT_DONE;
}

static bool is_help(const char *arg)
{
    return str_eq(str_of(arg), STR("--help")) || str_eq(str_of(arg), STR("-h"));
}

// Help is printed before the options are parsed, in the language that one of them asks for.
static void take_language(struct cli *cli, int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i++)
        if (str_eq(str_of(argv[i]), STR("--lang")))
            cli->language = language_of(argv[i + 1]);
}

static enum exit_code run(struct cli *cli, int argc, char **argv)
{
    take_language(cli, argc, argv);
    // Common options may stand before the subcommand: they are moved behind it.
    int at = 1;
    while (at < argc && argv[at][0] == '-' && !is_help(argv[at]))
        at += str_eq(str_of(argv[at]), STR("-n")) || str_eq(str_of(argv[at]), STR("--lang"))
                  ? 2
                  : 1;
    if (at >= argc || is_help(argv[at]))
        return print_help(cli, NULL);
    const char *name = argv[at];
    if (str_eq(str_of(name), STR("help")))
        return print_help(cli, at + 1 < argc ? argv[at + 1] : NULL);
    const struct command *command = find(node_commands, str_of(name));
    cli->command = command ? command : find(cli_commands, str_of(name));
    if (!cli->command)
        return FAIL(cli, EXIT_USAGE, MSG_NO_SUCH_COMMAND, .args = {str_of(name)});
    for (int i = at + 1; i < argc; i++)
        if (is_help(argv[i]))
            return print_help(cli, name);
    for (int i = at; i > 1; i--)
        argv[i] = argv[i - 1];
    enum exit_code code = cli_parse(cli, argc - 2, argv + 2);
    return code == EXIT_DONE ? cli->command->run(cli) : code;
}

int main(int argc, char **argv)
{
    struct cli cli = {.language = language_of(process_env("BONGSU_LANG")),
        .tables = {node_commands, cli_commands}};
    if (!process_env("BONGSU_LANG"))
        cli.language = language_of(process_env("LANG"));
    process_env_remove("SSLKEYLOGFILE"); // TLS libraries would write session keys there
    signal(SIGPIPE, SIG_IGN);            // a closed pipe is an error of the write
    arena_init(&cli.arena, CLI_ARENA_BYTES_MAX);
    enum exit_code code = run(&cli, argc, argv);
    if (fflush(stdout) != 0 && code == EXIT_DONE)
        code = EXIT_SYSTEM; // a full disk behind > FILE
    arena_release(&cli.arena);
    return (int)code;
}
