// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/values.h"
#include "sys/file.h"
#include "sys/unpack.h"

#include <fcntl.h>
#include <unistd.h>

#define LISTS "/api/v1/warninglists"

static const struct node_parameter none[1];

// gzip and Zstandard are unpacked here: what the node takes is the list itself.
static enum err read_packed(struct arena *a, int fd, struct str *out)
{
    const struct unpack_limits limits = {.bytes_max = WARNING_LIST_BYTES_MAX};
    int plain = -1;
    TRY(unpack(fd, "/tmp", &limits, &plain, NULL));
    if (plain < 0)
        return file_read_fd(a, fd, WARNING_LIST_BYTES_MAX, out);
    enum err e = lseek(plain, 0, SEEK_SET) == 0 ? ERR_OK : ERR_IO;
    if (e == ERR_OK)
        e = file_read_fd(a, plain, WARNING_LIST_BYTES_MAX, out);
    close(plain);
    return e;
}

static enum exit_code read_list(struct cli *cli, const char *path, struct str *out)
{
    bool is_input = str_eq(str_of(path), STR("-"));
    int fd = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_CANNOT_READ, .args = {str_of(path)});
    enum err e = is_input ? file_read_fd(&cli->arena, fd, WARNING_LIST_BYTES_MAX, out)
                          : read_packed(&cli->arena, fd, out);
    if (!is_input)
        close(fd);
    return e == ERR_OK
               ? EXIT_DONE
               : FAIL(cli, exit_code_of(e), e == ERR_LIMIT ? MSG_TOO_LARGE : MSG_CANNOT_READ,
                     .args = {str_of(path)});
}

static enum exit_code add_one(struct cli *cli, const char *path)
{
    struct str document;
    struct json v, same;
    bool is_same = false;
    enum exit_code code = read_list(cli, path, &document);
    if (code == EXIT_DONE)
        code = node_post(cli, LISTS, none, document, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    is_same = json_get(v, STR("same"), &same) && json_bool(same, &is_same) && is_same;
    SAY(cli, is_same ? MSG_WARNING_SAME : MSG_WARNING_ADDED,
        .args = {node_text(cli, v, "name"), cli_number(cli, node_number(v, "version")),
            cli_number(cli, node_number(v, "entries")),
            cli_number(cli, node_number(v, "unmatched"))});
    return EXIT_DONE;
}

// Every file is tried; the exit code is the worst that any of them had.
static enum exit_code add(struct cli *cli)
{
    enum exit_code worst = EXIT_DONE;
    for (size_t i = 1; i < cli->args_n; i++) {
        struct arena_mark mark = arena_mark(&cli->arena);
        cli->subject = cli->args[i];
        enum exit_code code = add_one(cli, cli->args[i]);
        arena_rewind(&cli->arena, mark);
        worst = code > worst ? code : worst;
    }
    return worst;
}

static bool is_enabled(struct json row)
{
    struct json v;
    bool enabled = false;
    return json_get(row, STR("enabled"), &v) && json_bool(v, &enabled) && enabled;
}

static enum exit_code list(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, LISTS, none, &v);
    for (struct json_iter it = node_items(v, "warninglists");
         code == EXIT_DONE && !cli->json && json_next(&it);) {
        enum message_id state = is_enabled(it.value) ? MSG_WARNING_ON : MSG_WARNING_OFF;
        SAY(cli, MSG_WARNING_ROW,
            .args = {node_text(cli, it.value, "name"), node_text(cli, it.value, "type"),
                cli_number(cli, node_number(it.value, "version")),
                cli_number(cli, node_number(it.value, "entries")),
                cli_number(cli, node_number(it.value, "unmatched")),
                str_of(message_text(cli->language, state))});
    }
    return code;
}

// 0 when every value is on a list, 1 when one is not.
static enum exit_code check(struct cli *cli)
{
    struct str values, rest;
    enum exit_code code = values_read(cli, 1, &values);
    struct http_call call = {.method = HTTP_POST, .body = values};
    bool all_listed = true;
    if (code == EXIT_DONE)
        code = node_send(cli, &call, LISTS "/check", NULL, &rest);
    if (code != EXIT_DONE)
        return code;
    while (rest.len) {
        struct arena_mark mark = arena_mark(&cli->arena);
        struct str line = str_cut(&rest, '\n');
        struct json v;
        if (json_parse(&cli->arena, line, &v, NULL) != ERR_OK)
            return FAIL(cli, EXIT_SYSTEM, MSG_STRANGE_ANSWER, .args = {STR("200")});
        bool is_listed = values_say_warnings(cli, v);
        if (cli->json)
            cli_print_line(line);
        else if (!is_listed)
            SAY(cli, MSG_WARNING_NONE, .args = {node_text(cli, v, "value")});
        all_listed = all_listed && is_listed;
        arena_rewind(&cli->arena, mark);
    }
    return all_listed ? EXIT_DONE : EXIT_NO;
}

// The number of a list of that name; a number names itself, unless a list is called that.
static enum exit_code find(struct cli *cli, struct str name, struct str *number)
{
    struct http_call call = {.method = HTTP_GET};
    struct str body;
    struct json v;
    enum exit_code code = node_send(cli, &call, LISTS, none, &body);
    if (code != EXIT_DONE)
        return code;
    if (json_parse(&cli->arena, body, &v, NULL) != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_STRANGE_ANSWER, .args = {STR("200")});
    number->len = 0;
    for (struct json_iter it = node_items(v, "warninglists"); json_next(&it);) {
        struct str id = cli_number(cli, node_number(it.value, "id"));
        if (str_eq(node_text(cli, it.value, "name"), name)) {
            *number = id;
            return EXIT_DONE;
        }
        if (str_eq(id, name))
            *number = id;
    }
    return number->len ? EXIT_DONE
                       : FAIL(cli, EXIT_BAD_INPUT, MSG_WARNING_UNKNOWN, .args = {name});
}

struct change {
    struct str verb;
    enum http_method method;
    struct str suffix;
    enum message_id done;
};

static enum exit_code change(struct cli *cli, const struct change *change)
{
    struct str number, body, name = str_of(cli->args[1]);
    struct buf path = buf_in(&cli->arena, KIB);
    struct http_call call = {.method = change->method};
    const char *target;
    enum exit_code code = find(cli, name, &number);
    if (code != EXIT_DONE)
        return code;
    buf_put(&path, STR(LISTS "/"));
    buf_put(&path, number);
    buf_put(&path, change->suffix);
    if (str_to_cstr(&cli->arena, buf_str(&path), &target) != ERR_OK)
        return EXIT_SYSTEM;
    code = node_send(cli, &call, target, none, &body);
    if (code == EXIT_DONE && cli->json)
        cli_print_line(body);
    else if (code == EXIT_DONE)
        cli_say(cli, (struct message){.id = change->done, .args = {name}});
    return code;
}

enum exit_code cli_warning(struct cli *cli)
{
    static const struct change changes[] = {
        {STR_INIT("remove"), HTTP_DELETE, STR_INIT(""), MSG_WARNING_REMOVED},
        {STR_INIT("enable"), HTTP_POST, STR_INIT("/enable"), MSG_WARNING_ENABLED},
        {STR_INIT("disable"), HTTP_POST, STR_INIT("/disable"), MSG_WARNING_DISABLED},
    };
    struct str verb = str_of(cli->args[0]);
    if (str_eq(verb, STR("list")) && cli->args_n == 1)
        return list(cli);
    if (str_eq(verb, STR("add")) && cli->args_n > 1)
        return add(cli);
    if (str_eq(verb, STR("check")) && cli->args_n > 1)
        return check(cli);
    for (size_t i = 0; i < LEN(changes) && cli->args_n == 2; i++)
        if (str_eq(verb, changes[i].verb))
            return change(cli, &changes[i]);
    return FAIL(cli, EXIT_USAGE, MSG_WARNING_USAGE, .args = {verb});
}
