// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/values.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// A pipe has no length, and a request needs one: it is spooled to a file without a name first.
static int open_input(const char *path)
{
    if (!str_eq(str_of(path), STR("-")))
        return open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode))
        return dup(STDIN_FILENO);
    int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    char chunk[65536];
    for (ssize_t n; fd >= 0 && (n = read(STDIN_FILENO, chunk, sizeof chunk)) != 0;)
        if (n < 0 || write(fd, chunk, (size_t)n) != n) {
            close(fd);
            return -1;
        }
    return fd;
}

static ptrdiff_t read_file(void *state, uint64_t at, char *out, size_t n)
{
    ssize_t got = pread(*(int *)state, out, n, (off_t)at);
    return got < 0 ? HTTP_SOURCE_FAILED : got;
}

// The piece of the document on one line.
static struct str one_line(struct cli *cli, struct str text)
{
    struct buf b = buf_in(&cli->arena, text.len + 1);
    for (size_t i = 0; i < text.len && i < 200; i++)
        buf_put_byte(&b, (unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]);
    return buf_str(&b);
}

static void say_object(struct cli *cli, struct str path, struct json v)
{
    struct str from = one_line(cli, node_text(cli, v, "from"));
    struct str value = node_text(cli, v, "value"), at = cli_number(cli, node_number(v, "at"));
    struct str type = node_text(cli, v, "type");
    if (str_eq(node_text(cli, v, "outcome"), STR("refused")))
        return; // a problem says why
    if (from.len && !str_eq(from, value) && from.ptr[0] != '{')
        SAY(cli, MSG_PREVIEW_ROW_FROM, .args = {path, at, type, value, from});
    else
        SAY(cli, MSG_PREVIEW_ROW, .args = {path, at, type, value});
    values_say_warnings(cli, v);
}

static void say_loss(struct cli *cli, struct str path, struct json v, bool is_preview)
{
    struct str outcome = node_text(cli, v, "outcome"), why = node_text(cli, v, "why");
    if (str_eq(outcome, STR("refused")))
        FAIL(cli, EXIT_BAD_INPUT, MSG_IN_FILE, .args = {path, why});
    else if (is_preview)
        SAY(cli, MSG_PREVIEW_LOSS,
            .args = {path, cli_number(cli, node_number(v, "at")), outcome,
                node_text(cli, v, "field"), why});
}

// What the node said of one file. A bad object is a line each on standard error.
static enum exit_code report(struct cli *cli, const char *path, struct str body)
{
    struct json v;
    if (json_parse(&cli->arena, body, &v, NULL) != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_STRANGE_ANSWER, .args = {STR("200")});
    uint64_t refused = node_number(v, "refused"), conflicts = node_number(v, "conflict");
    bool is_preview = cli_option(cli, "preview");
    for (struct json_iter it = node_items(v, "objects"); !cli->json && json_next(&it);)
        say_object(cli, str_of(path), it.value);
    for (struct json_iter it = node_items(v, "losses"); !cli->json && json_next(&it);)
        say_loss(cli, str_of(path), it.value, is_preview);
    for (struct json_iter it = node_items(v, "problems"); json_next(&it);)
        FAIL(cli, EXIT_BAD_INPUT, MSG_IN_FILE,
            .args = {str_of(path), node_text(cli, it.value, "text")});
    if (conflicts)
        FAIL(cli, EXIT_BAD_INPUT, MSG_IMPORT_CONFLICTS,
            .args = {str_of(path), cli_number(cli, conflicts)});
    if (cli->json) {
        cli_print_line(body);
    } else if (is_preview) {
        SAY(cli, MSG_PREVIEWED,
            .args = {str_of(path), node_text(cli, v, "format"),
                cli_number(cli, node_number(v, "read") - refused), cli_number(cli, refused)});
    } else {
        SAY(cli, MSG_IMPORTED,
            .args = {str_of(path), cli_number(cli, node_number(v, "new")),
                cli_number(cli, node_number(v, "same")), cli_number(cli, refused + conflicts)});
        if (node_number(v, "unmarked"))
            SAY(cli, MSG_IMPORT_UNMARKED,
                .args = {cli_number(cli, node_number(v, "unmarked")),
                    node_text(cli, v, "handling")});
        if (node_number(v, "losses_n"))
            SAY(cli, MSG_IMPORT_LOSSES, .args = {cli_number(cli, node_number(v, "losses_n"))});
    }
    return refused || conflicts ? EXIT_BAD_INPUT : EXIT_DONE;
}

static enum exit_code import_one(struct cli *cli, const char *path)
{
    struct str body;
    struct stat st;
    int fd = open_input(path);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        if (fd >= 0)
            close(fd);
        return FAIL(cli, errno == ENOENT ? EXIT_BAD_INPUT : EXIT_SYSTEM, MSG_CANNOT_READ,
            .args = {str_of(path)});
    }
    const struct http_source source = {
        .state = &fd, .read = read_file, .bytes = (uint64_t)st.st_size};
    struct http_call call = {.method = HTTP_POST, .source = &source};
    const struct node_parameter parameters[] = {
        {"handling", cli_option_or(cli, "handling", "")},
        {"originator", cli_option_or(cli, "originator", "")},
        {"format", cli_option_or(cli, "format", "")},
        {"preview", cli_option(cli, "preview") ? STR("1") : STR("")},
        {"indicators", cli_option(cli, "indicators") ? STR("1") : STR("")},
        {"quarantine", cli_option(cli, "quarantine") ? STR("1") : STR("")},
        {"name", str_to(str_of(path), 1000)}, {0}};
    enum exit_code code = node_send(cli, &call, "/api/v1/imports", parameters, &body);
    close(fd);
    return code == EXIT_DONE ? report(cli, path, body) : code;
}

// Every file is tried; the exit code is the worst that any of them had. A file named "undo" is
// ./undo.
enum exit_code cli_import(struct cli *cli)
{
    enum exit_code worst = EXIT_DONE;
    if (str_eq(str_of(cli->args[0]), STR("undo")))
        return cli_import_undo(cli);
    for (size_t i = 0; i < cli->args_n; i++) {
        struct arena_mark mark = arena_mark(&cli->arena);
        cli->subject = cli->args[i];
        enum exit_code code = import_one(cli, cli->args[i]);
        arena_rewind(&cli->arena, mark);
        worst = code > worst ? code : worst;
    }
    return worst;
}
