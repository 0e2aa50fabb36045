// SPDX-License-Identifier: Apache-2.0
// What a shell can complete, from the tables that the program runs by.
#include "cli/commands.h"

#include <stdio.h>

static bool is_verb(struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!(word.ptr[i] >= 'a' && word.ptr[i] <= 'z') && word.ptr[i] != '-')
            return false;
    return word.len > 0 && word.ptr[0] != '-';
}

// Cuts the next alternative off a synopsis; a bar in brackets is none.
static struct str cut_alternative(struct str *rest)
{
    size_t depth = 0, i = 0;
    for (; i < rest->len && (depth > 0 || rest->ptr[i] != '|'); i++)
        depth += rest->ptr[i] == '[' ? 1 : rest->ptr[i] == ']' && depth > 0 ? (size_t)-1 : 0;
    struct str part = str_to(*rest, i);
    *rest = str_from(*rest, i + 1);
    return str_trim(part);
}

static void put_verbs(struct str synopsis)
{
    while (synopsis.len) {
        struct str rest = cut_alternative(&synopsis), word = str_cut(&rest, ' ');
        if (is_verb(word))
            printf(" %.*s", STR_ARG(word));
    }
}

static void put_words(const struct command *command)
{
    fputs("--json --lang --help", stdout);
    for (size_t row = 0; row < CLI_OPTIONS_MAX && command->options[row].name; row++)
        printf(" --%s", command->options[row].name);
    put_verbs(str_of(command->synopsis));
}

static void put_bash(const struct cli *cli)
{
    puts("_bongsu()\n{\n    local current=${COMP_WORDS[COMP_CWORD]} command= i\n"
         "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "        case ${COMP_WORDS[i]} in\n            -n | --lang) ((i++)) ;;\n"
         "            -*) ;;\n            *) command=${COMP_WORDS[i]}; break ;;\n"
         "        esac\n    done\n    case $command in");
    fputs("        '') COMPREPLY=($(compgen -W \"-n --json --lang help", stdout);
    for (const struct command *const *table = cli->tables; *table; table++)
        for (const struct command *c = *table; c->name; c++)
            printf(" %s", c->name);
    puts("\" -- \"$current\")) ;;");
    for (const struct command *const *table = cli->tables; *table; table++)
        for (const struct command *c = *table; c->name; c++) {
            printf("        %s) COMPREPLY=($(compgen -W \"", c->name);
            put_words(c);
            puts("\" -- \"$current\")) ;;");
        }
    puts("    esac\n}\ncomplete -o default -F _bongsu bongsu");
}

enum exit_code cli_completion(struct cli *cli)
{
    struct str shell = str_of(cli->args[0]);
    if (str_eq(shell, STR("zsh")))
        puts("#compdef bongsu\nautoload -U +X bashcompinit && bashcompinit");
    else if (!str_eq(shell, STR("bash")))
        return FAIL(
            cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {shell, str_of(cli->command->synopsis)});
    put_bash(cli);
    return EXIT_DONE;
}
