// SPDX-License-Identifier: Apache-2.0
// What every subcommand is made of: a row in a dispatch table, which is also the help; options
// parsed by one parser; texts from one table in two languages; exit codes from one list.
#pragma once

#include "base/str.h"
#include "cli/messages.h"

enum exit_code {
    EXIT_DONE = 0,      // done, or the answer is yes
    EXIT_NO = 1,        // the answer is no
    EXIT_USAGE = 2,     // wrong use
    EXIT_REFUSED = 3,   // refused by a rule or a missing right
    EXIT_BAD_INPUT = 4, // the input is not valid
    EXIT_SYSTEM = 5,    // the system failed
};

// The one table from errors to exit codes.
enum exit_code exit_code_of(enum err e);

#define CLI_OPTIONS_MAX 24

struct cli_option {
    const char *name;  // without the dashes
    const char *value; // what the value is called in the help; NULL for a switch; "FILE..."
                       // may be given again (cli_option_each)
    enum message_id help;
};

struct cli;
struct command {
    const char *name;
    const char *synopsis; // arguments and options after the name
    enum message_id help;
    size_t args_min, args_max;
    struct cli_option options[CLI_OPTIONS_MAX];
    enum exit_code (*run)(struct cli *cli);
};

// One run of one subcommand. Everything lives in the arena until the process ends.
struct cli {
    struct arena arena;
    const struct command *command;
    const struct command *tables[3]; // every subcommand: tables, then NULL
    const char *node_dir;            // -n or BONGSU_NODE; NULL when not given
    const char *subject;             // the file that a refusal of the node is about; NULL: none
    bool json;
    enum language language;
    const char *args[64];
    size_t args_n;
    const char *values[CLI_OPTIONS_MAX]; // by option row; "" for a switch that is set
    struct {
        size_t row;
        const char *value;
    } repeated[64]; // what was given again
    size_t repeated_n;
};

// Reads the arguments behind the subcommand's name. Prints what is wrong and gives EXIT_USAGE.
enum exit_code cli_parse(struct cli *cli, int argc, char **argv) MUST_USE;
// The option's value, "" for a switch that is set, NULL when it was not given.
const char *cli_option(const struct cli *cli, const char *name);
// The i-th value of an option that may be given more than once; NULL after the last.
const char *cli_option_each(const struct cli *cli, const char *name, size_t i);
struct str cli_option_or(const struct cli *cli, const char *name, const char *otherwise);
// A decimal option value; EXIT_USAGE with a message when it is not one.
enum exit_code cli_option_number(
    struct cli *cli, const char *name, uint64_t otherwise, uint64_t *out) MUST_USE;
// -n or BONGSU_NODE, or a message and EXIT_USAGE.
enum exit_code cli_need_node(struct cli *cli) MUST_USE;

// One line on standard output. SAY(cli, MSG_X, .args = {a, b}) fills {1} and {2}.
#define SAY(cli, ...) cli_say((cli), (struct message){.id = __VA_ARGS__})
void cli_say(struct cli *cli, struct message message);
// One line on standard error, begun with the command's name; returns `code`.
#define FAIL(cli, code, ...) cli_fail((cli), (code), (struct message){.id = __VA_ARGS__})
enum exit_code cli_fail(struct cli *cli, enum exit_code code, struct message message);
void cli_print(struct str text);      // as it is
void cli_print_line(struct str text); // and a newline
struct str cli_number(struct cli *cli, uint64_t n);

void cli_print_help(struct cli *cli, const struct command *command);

// The subcommands that need no store; ends with a row without name. Those of a node are in
// node/node.h.
extern const struct command cli_commands[];
