// SPDX-License-Identifier: Apache-2.0
// Judging patterns of the STIX language without a node.
#include "stix/pattern.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "json/write.h"

#include <string.h>

#define FILE_BYTES_MAX (256 * MIB)

struct str cli_pattern_reason(const struct cli *cli, const char *why)
{
    static const struct {
        const char *en, *ko;
    } reasons[] = {
#define REASON(english, korean) {english, korean},
#include "cli/pattern_reasons.inc"
#undef REASON
    };
    for (size_t i = 0; cli->language == LANGUAGE_KO && i < LEN(reasons); i++)
        if (strcmp(reasons[i].en, why) == 0)
            return str_of(reasons[i].ko);
    return str_of(why);
}

static void print_json(
    struct cli *cli, struct str pattern, struct str normal, const struct fault *fault)
{
    struct buf b = buf_in(&cli->arena, 2 * MIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    if (utf8_invalid_at(pattern) == pattern.len)
        json_member_string(&o, STR("pattern"), pattern);
    json_member_bool(&o, STR("valid"), !fault->why);
    if (fault->why) {
        json_member_int(&o, STR("byte"), (int64_t)fault->at);
        json_member_string(&o, STR("reason"), cli_pattern_reason(cli, fault->why));
    } else {
        json_member_string(&o, STR("normal"), normal);
    }
    json_end_object(&o);
    cli_print_line(buf_str(&b));
}

// `where` is what the message begins with: the file and line, or the pattern itself.
static enum exit_code check_pattern(struct cli *cli, struct str where, struct str pattern)
{
    const struct stix_node *tree;
    struct fault fault = {0};
    struct buf normal = buf_in(&cli->arena, 2 * STIX_PATTERN_BYTES_MAX + KIB);
    enum err e = stix_pattern_parse(&cli->arena, pattern, &tree, &fault);
    if (e == ERR_LIMIT)
        return FAIL(cli, exit_code_of(e), MSG_IN_FILE, .args = {where, str_of(err_text(e))});
    if (e == ERR_OK)
        stix_pattern_put(&normal, tree);
    if (cli->json)
        print_json(cli, pattern, buf_str(&normal), &fault);
    if (e != ERR_OK)
        return FAIL(cli, EXIT_NO, MSG_AT_BYTE,
            .args = {where, cli_number(cli, fault.at), cli_pattern_reason(cli, fault.why)});
    if (!cli->json && cli_option(cli, "print"))
        cli_print_line(buf_str(&normal));
    return EXIT_DONE;
}

static enum exit_code check_lines(struct cli *cli, const char *path)
{
    struct str rest;
    enum exit_code worst = EXIT_DONE;
    uint64_t line = 0;
    enum exit_code code = cli_read_file(cli, path, FILE_BYTES_MAX, &rest);
    if (code != EXIT_DONE)
        return code;
    while (rest.len) {
        struct arena_mark mark = arena_mark(&cli->arena);
        struct str pattern = str_trim(str_cut(&rest, '\n'));
        struct buf where = buf_in(&cli->arena, 64 * KIB);
        buf_put(&where, str_of(path));
        buf_put_byte(&where, ':');
        buf_put_u64(&where, ++line);
        code = pattern.len ? check_pattern(cli, buf_str(&where), pattern) : EXIT_DONE;
        worst = code > worst ? code : worst;
        arena_rewind(&cli->arena, mark);
    }
    return worst;
}

enum exit_code cli_pattern(struct cli *cli)
{
    const char *path = cli_option(cli, "file");
    enum exit_code worst = EXIT_DONE;
    if (!str_eq(str_of(cli->args[0]), STR("check")))
        return FAIL(cli, EXIT_USAGE, MSG_NO_SUCH_VERB,
            .args = {str_of(cli->args[0]), str_of(cli->command->synopsis)});
    if (!path && cli->args_n < 2)
        return FAIL(
            cli, EXIT_USAGE, MSG_TOO_FEW_ARGUMENTS, .args = {str_of(cli->command->synopsis)});
    for (size_t i = 1; i < cli->args_n; i++) {
        struct str pattern = str_of(cli->args[i]);
        enum exit_code code = check_pattern(cli, pattern, pattern);
        worst = code > worst ? code : worst;
    }
    if (!path)
        return worst;
    enum exit_code code = check_lines(cli, path);
    return code > worst ? code : worst;
}
