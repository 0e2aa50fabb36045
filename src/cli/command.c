// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include "base/limits.h"
#include "sys/process.h"

#include <stdio.h>

#define CLI_LINE_BYTES_MAX (16 * MIB)

enum exit_code exit_code_of(enum err e)
{
    static const enum exit_code codes[] = {
        [ERR_OK] = EXIT_DONE,
        [ERR_INVALID] = EXIT_BAD_INPUT,
        [ERR_LIMIT] = EXIT_BAD_INPUT,
        [ERR_DENIED] = EXIT_REFUSED,
        [ERR_NOT_FOUND] = EXIT_NO,
        [ERR_CONFLICT] = EXIT_REFUSED,
        [ERR_BUSY] = EXIT_SYSTEM,
        [ERR_CORRUPT] = EXIT_BAD_INPUT,
        [ERR_IO] = EXIT_SYSTEM,
    };
    return codes[e];
}

static enum exit_code set_option(struct cli *cli, size_t row, const char *value)
{
    bool has_room = cli->repeated_n < LEN(cli->repeated);
    bool is_repeatable = str_ends(str_of(cli->command->options[row].value), STR("..."));
    if (cli->values[row] && is_repeatable && has_room) {
        cli->repeated[cli->repeated_n].row = row;
        cli->repeated[cli->repeated_n++].value = value;
        return EXIT_DONE;
    }
    if (cli->values[row])
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_TWICE,
            .args = {str_of(cli->command->options[row].name)});
    cli->values[row] = value;
    return EXIT_DONE;
}

// Takes --name, --name=value or --name value at argv[*i].
static enum exit_code take_option(struct cli *cli, int argc, char **argv, int *i)
{
    struct str rest = str_from(str_of(argv[*i]), 2);
    bool has_value = str_index(rest, '=') < rest.len;
    const char *value = has_value ? argv[*i] + 2 + str_index(rest, '=') + 1 : NULL;
    struct str name = str_cut(&rest, '=');
    for (size_t row = 0; row < CLI_OPTIONS_MAX && cli->command->options[row].name; row++) {
        const struct cli_option *option = &cli->command->options[row];
        if (!str_eq(name, str_of(option->name)))
            continue;
        if (!option->value)
            return has_value ? FAIL(cli, EXIT_USAGE, MSG_OPTION_NO_VALUE, .args = {name})
                             : set_option(cli, row, "");
        if (!has_value && *i + 1 < argc)
            value = argv[++*i];
        return value ? set_option(cli, row, value)
                     : FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDS_VALUE,
                           .args = {name, str_of(option->value)});
    }
    return FAIL(
        cli, EXIT_USAGE, MSG_OPTION_UNKNOWN, .args = {name, str_of(cli->command->name)});
}

// Options that every subcommand takes: -n DIR, --json, --lang. 1: taken, 0: not one of them,
// -1: failed.
static int take_common(struct cli *cli, int argc, char **argv, int *i)
{
    struct str arg = str_of(argv[*i]);
    if (str_eq(arg, STR("--json"))) {
        cli->json = true;
        return 1;
    }
    bool is_node = str_eq(arg, STR("-n"));
    if (!is_node && !str_eq(arg, STR("--lang")))
        return 0;
    if (*i + 1 >= argc) {
        FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDS_VALUE, .args = {arg, STR("VALUE")});
        return -1;
    }
    const char *value = argv[++*i];
    if (is_node)
        cli->node_dir = value;
    else
        cli->language = language_of(value);
    return 1;
}

static enum exit_code take_argument(struct cli *cli, const char *arg)
{
    if (cli->args_n == LEN(cli->args) || cli->args_n == cli->command->args_max)
        return FAIL(cli, EXIT_USAGE, MSG_TOO_MANY_ARGUMENTS,
            .args = {str_of(arg), str_of(cli->command->synopsis)});
    cli->args[cli->args_n++] = arg;
    return EXIT_DONE;
}

enum exit_code cli_parse(struct cli *cli, int argc, char **argv)
{
    bool only_arguments = false;
    for (int i = 0; i < argc; i++) {
        struct str arg = str_of(argv[i]);
        if (!only_arguments && str_eq(arg, STR("--"))) {
            only_arguments = true;
            continue;
        }
        int common = only_arguments ? 0 : take_common(cli, argc, argv, &i);
        if (common < 0)
            return EXIT_USAGE;
        if (common)
            continue;
        bool is_option = !only_arguments && str_starts(arg, STR("--"));
        enum exit_code code =
            is_option ? take_option(cli, argc, argv, &i) : take_argument(cli, argv[i]);
        if (code != EXIT_DONE)
            return code;
    }
    if (cli->args_n < cli->command->args_min)
        return FAIL(
            cli, EXIT_USAGE, MSG_TOO_FEW_ARGUMENTS, .args = {str_of(cli->command->synopsis)});
    return EXIT_DONE;
}

static size_t option_row(const struct cli *cli, const char *name)
{
    for (size_t row = 0; row < CLI_OPTIONS_MAX && cli->command->options[row].name; row++)
        if (str_eq(str_of(cli->command->options[row].name), str_of(name)))
            return row;
    abort(); // an option that the command's row does not list
}

const char *cli_option(const struct cli *cli, const char *name)
{
    return cli->values[option_row(cli, name)];
}

const char *cli_option_each(const struct cli *cli, const char *name, size_t i)
{
    size_t row = option_row(cli, name);
    if (i == 0)
        return cli->values[row];
    for (size_t k = 0; k < cli->repeated_n; k++)
        if (cli->repeated[k].row == row && --i == 0)
            return cli->repeated[k].value;
    return NULL;
}

struct str cli_option_or(const struct cli *cli, const char *name, const char *otherwise)
{
    const char *value = cli_option(cli, name);
    return str_of(value ? value : otherwise);
}

enum exit_code cli_option_number(
    struct cli *cli, const char *name, uint64_t otherwise, uint64_t *out)
{
    const char *value = cli_option(cli, name);
    *out = otherwise;
    if (value && str_to_u64(str_of(value), out) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_NOT_A_NUMBER, .args = {str_of(name), str_of(value)});
    return EXIT_DONE;
}

enum exit_code cli_need_node(struct cli *cli)
{
    if (!cli->node_dir)
        cli->node_dir = process_env("BONGSU_NODE");
    return cli->node_dir ? EXIT_DONE : FAIL(cli, EXIT_USAGE, MSG_NO_NODE);
}

void cli_print(struct str text)
{
    fwrite(text.ptr, 1, text.len, stdout);
}

void cli_print_line(struct str text)
{
    cli_print(text);
    putchar('\n');
}

void cli_say(struct cli *cli, struct message message)
{
    struct arena_mark mark = arena_mark(&cli->arena);
    struct buf b = buf_in(&cli->arena, CLI_LINE_BYTES_MAX);
    message_put(&b, cli->language, &message);
    cli_print_line(buf_str(&b));
    arena_rewind(&cli->arena, mark);
}

enum exit_code cli_fail(struct cli *cli, enum exit_code code, struct message message)
{
    struct arena_mark mark = arena_mark(&cli->arena);
    struct buf b = buf_in(&cli->arena, CLI_LINE_BYTES_MAX);
    buf_put(&b, cli->command ? STR("bongsu ") : STR("bongsu"));
    buf_put(&b, str_of(cli->command ? cli->command->name : ""));
    buf_put(&b, STR(": "));
    message_put(&b, cli->language, &message);
    buf_put_byte(&b, '\n');
    fflush(stdout);
    fwrite(b.ptr, 1, b.len, stderr);
    arena_rewind(&cli->arena, mark);
    return code;
}

struct str cli_number(struct cli *cli, uint64_t n)
{
    struct buf b = buf_in(&cli->arena, 20);
    buf_put_u64(&b, n);
    return buf_str(&b);
}

void cli_print_help(struct cli *cli, const struct command *command)
{
    printf("bongsu %s %s\n  ", command->name, command->synopsis);
    SAY(cli, command->help);
    for (size_t row = 0; row < CLI_OPTIONS_MAX && command->options[row].name; row++) {
        const struct cli_option *option = &command->options[row];
        printf("  --%s %s\n      ", option->name, option->value ? option->value : "");
        SAY(cli, option->help);
    }
}
