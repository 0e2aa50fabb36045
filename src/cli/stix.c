// SPDX-License-Identifier: Apache-2.0
// Checking STIX files without a node.
#include "base/limits.h"
#include "cli/commands.h"
#include "stix/object.h"
#include "json/split.h"
#include "json/write.h"

#include <fcntl.h>
#include <unistd.h>

#define CHUNK_BYTES (256 * KIB)

struct check {
    struct cli *cli;
    const char *path;
    uint64_t objects, errors;
};

static enum err check_element(struct check *c, struct str element, uint64_t at)
{
    struct stix_object object;
    struct stix_problem problem = {0};
    struct cli *cli = c->cli;
    struct arena_mark mark = arena_mark(&cli->arena);
    enum err e = stix_object_read(&cli->arena, element, &object, &problem);
    c->objects++;
    if (e != ERR_OK) {
        c->errors++;
        FAIL(cli, EXIT_BAD_INPUT, MSG_STIX_PROBLEM,
            .args = {str_of(c->path), cli_number(cli, at + problem.at),
                str_of(problem.rule ? problem.rule : "limit"),
                str_of(problem.why ? problem.why : err_text(e))});
    }
    arena_rewind(&cli->arena, mark);
    return ERR_OK;
}

static enum err check_fd(struct check *c, int fd, struct fault *fault)
{
    static char chunk[CHUNK_BYTES];
    struct json_splitter *splitter;
    TRY(json_splitter_new(&c->cli->arena, STIX_OBJECT_BYTES_MAX, &splitter));
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0)
            return ERR_IO;
        if (n == 0)
            return json_splitter_end(splitter, fault);
        json_splitter_feed(splitter, (struct str){chunk, (size_t)n});
        struct str element;
        uint64_t at;
        enum json_split got;
        while ((got = json_splitter_next(splitter, &element, &at)) == JSON_SPLIT_ELEMENT)
            TRY(check_element(c, element, at));
        if (got == JSON_SPLIT_FAILED)
            return json_splitter_fault(splitter, fault);
    }
}

static void print_counts(const struct check *c)
{
    struct cli *cli = c->cli;
    struct buf b = buf_in(&cli->arena, 16 * KIB);
    struct json_out o = json_out(&b);
    if (!cli->json) {
        SAY(cli, MSG_STIX_CHECKED,
            .args = {str_of(c->path), cli_number(cli, c->objects), cli_number(cli, c->errors)});
        return;
    }
    json_begin_object(&o);
    json_member_string(&o, STR("file"), str_of(c->path));
    json_member_int(&o, STR("objects"), (int64_t)c->objects);
    json_member_int(&o, STR("errors"), (int64_t)c->errors);
    json_end_object(&o);
    cli_print_line(buf_str(&b));
}

static enum exit_code check_file(struct cli *cli, const char *path)
{
    struct check c = {.cli = cli, .path = path};
    struct fault fault = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_CANNOT_READ, .args = {str_of(path)});
    struct arena_mark mark = arena_mark(&cli->arena);
    enum err e = check_fd(&c, fd, &fault);
    arena_rewind(&cli->arena, mark);
    close(fd);
    if (e != ERR_OK)
        return FAIL(cli, exit_code_of(e), MSG_AT_BYTE,
            .args = {str_of(path), cli_number(cli, fault.at),
                str_of(fault.why ? fault.why : err_text(e))});
    print_counts(&c);
    return c.errors ? EXIT_BAD_INPUT : EXIT_DONE;
}

enum exit_code cli_stix(struct cli *cli)
{
    enum exit_code worst = EXIT_DONE;
    if (!str_eq(str_of(cli->args[0]), STR("check")))
        return FAIL(cli, EXIT_USAGE, MSG_NO_SUCH_VERB,
            .args = {str_of(cli->args[0]), str_of(cli->command->synopsis)});
    for (size_t i = 1; i < cli->args_n; i++) {
        enum exit_code code = check_file(cli, cli->args[i]);
        worst = code > worst ? code : worst;
    }
    return worst;
}
