// SPDX-License-Identifier: Apache-2.0
// The manual pages, in mdoc(7), from the tables that the program runs by.
#include "cli/commands.h"
#include "cli/node_conf.h"

#include <stdio.h>

#define DATE "November 24, 2026"

// Text for mdoc: a backslash is written out, a line never begins as a request does, and each
// sentence has a line.
static void put_text(struct str text)
{
    char before = '\n';
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i] == ' ' && before == '.' ? '\n' : text.ptr[i];
        if (before == '\n' && (c == '.' || c == '\''))
            fputs("\\&", stdout);
        if (c == '\\')
            fputs("\\e", stdout);
        else if (c == '-')
            fputs("\\-", stdout);
        else
            putchar(c);
        before = c;
    }
}

static void put_message(struct cli *cli, enum message_id id)
{
    put_text(str_of(message_text(cli->language, id)));
    putchar('\n');
}

static void put_options(struct cli *cli, const struct command *command)
{
    if (!command->options[0].name)
        return;
    puts(".Bl -tag -width Ds -compact");
    for (size_t row = 0; row < CLI_OPTIONS_MAX && command->options[row].name; row++) {
        const struct cli_option *option = &command->options[row];
        fputs(".It Fl \\-", stdout);
        put_text(str_of(option->name));
        if (option->value) {
            fputs(" Ar ", stdout);
            put_text(str_of(option->value));
        }
        putchar('\n');
        put_message(cli, option->help);
    }
    puts(".El");
}

static void put_command(struct cli *cli, const struct command *command)
{
    fputs(".It Cm ", stdout);
    put_text(str_of(command->name));
    fputs("\n", stdout);
    if (command->synopsis[0]) {
        put_text(str_of(command->synopsis));
        puts("\n.Pp");
    }
    put_message(cli, command->help);
    put_options(cli, command);
}

static void put_program(struct cli *cli)
{
    puts(
        ".Dd " DATE "\n.Dt BONGSU 1\n.Os\n.Sh NAME\n.Nm bongsu\n.Nd "
        "warnings between sovereign states\n.Sh SYNOPSIS\n.Nm\n.Ar subcommand\n.Op Ar argument "
        "...\n.Sh DESCRIPTION");
    put_message(cli, MSG_OVERVIEW_COMMON);
    puts(".Sh COMMANDS\n.Bl -tag -width Ds");
    for (const struct command *const *table = cli->tables; *table; table++)
        for (const struct command *c = *table; c->name; c++)
            put_command(cli, c);
    puts(".El\n.Sh ENVIRONMENT\n.Bl -tag -width Ds");
    puts(".It Ev BONGSU_NODE");
    put_message(cli, MSG_MANUAL_NODE);
    puts(".It Ev BONGSU_TOKEN");
    put_message(cli, MSG_MANUAL_TOKEN);
    puts(".It Ev BONGSU_LANG");
    put_message(cli, MSG_MANUAL_LANG);
    puts(".El\n.Sh SEE ALSO\n.Xr node.conf 5");
}

static void put_conf(struct cli *cli)
{
    struct str key;
    enum message_id help;
    puts(".Dd " DATE "\n.Dt NODE.CONF 5\n.Os\n.Sh NAME\n.Nm node.conf\n.Nd "
         "settings of a node's process\n.Sh DESCRIPTION");
    put_message(cli, MSG_MANUAL_CONF);
    puts(".Bl -tag -width Ds");
    for (size_t row = 0; node_conf_key(row, &key, &help); row++) {
        fputs(".It Cm ", stdout);
        put_text(key);
        putchar('\n');
        put_message(cli, help);
    }
    puts(".El\n.Sh SEE ALSO\n.Xr bongsu 1");
}

enum exit_code cli_manual(struct cli *cli)
{
    struct str page = cli->args_n ? str_of(cli->args[0]) : STR("bongsu");
    if (str_eq(page, STR("bongsu")))
        put_program(cli);
    else if (str_eq(page, STR("node.conf")))
        put_conf(cli);
    else
        return FAIL(
            cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {page, str_of(cli->command->synopsis)});
    return EXIT_DONE;
}
