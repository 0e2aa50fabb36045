// SPDX-License-Identifier: Apache-2.0
// Checking STIX files without a node: every finding of every object, in bounded memory.
#include "base/limits.h"
#include "cli/commands.h"
#include "stix/check.h"
#include "json/split.h"
#include "json/write.h"

#include <fcntl.h>
#include <unistd.h>

#define CHUNK_BYTES (256 * KIB)

struct check {
    struct cli *cli;
    const char *path;
    struct json_splitter *splitter;
    bool errors_only;
    struct str chunk;
    uint64_t chunk_at, chunk_line; // position and line of the chunk's first byte
    uint64_t at, line;             // a place in the chunk, to count on from
    uint64_t objects, refused, errors, warnings, stix_2_0;
    uint64_t in_bundle; // objects of this bundle so far
};

// A finding with its place in the file; line 0 when it is not known.
struct place {
    uint64_t at, line;
    struct str path;
};

static uint64_t count_lines(struct str text)
{
    uint64_t n = 0;
    for (size_t at; (at = str_index(text, '\n')) < text.len; n++)
        text = str_from(text, at + 1);
    return n;
}

// The line of an element's first byte. Elements come in order, so that no byte is counted
// twice; one that began before this chunk is counted back from the chunk's own line.
static uint64_t line_of(struct check *c, struct str element, uint64_t at)
{
    if (at < c->chunk_at)
        return c->chunk_line - count_lines(str_to(element, (size_t)(c->chunk_at - at)));
    struct str between = str_from(c->chunk, (size_t)(c->at - c->chunk_at));
    c->line += count_lines(str_to(between, (size_t)(at - c->at)));
    c->at = at;
    return c->line;
}

static void print_json(
    struct check *c, const struct stix_finding *finding, const struct place *place)
{
    const struct stix_rule_text *rule = stix_rule_text(finding->rule);
    struct buf b = buf_in(&c->cli->arena, MIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("file"), str_of(c->path));
    json_member_string(
        &o, STR("level"), rule->level == STIX_ERROR ? STR("error") : STR("warning"));
    json_member_string(&o, STR("rule"), str_of(rule->id));
    json_member_string(&o, STR("path"), place->path);
    json_member_int(&o, STR("byte"), (int64_t)place->at);
    if (place->line)
        json_member_int(&o, STR("line"), (int64_t)place->line);
    json_member_string(
        &o, STR("text"), str_of(c->cli->language == LANGUAGE_KO ? rule->ko : rule->en));
    if (finding->detail)
        json_member_string(&o, STR("detail"), cli_pattern_reason(c->cli, finding->detail));
    json_end_object(&o);
    cli_print_line(buf_str(&b));
}

static void print_finding(
    struct check *c, const struct stix_finding *finding, const struct place *place)
{
    struct cli *cli = c->cli;
    const struct stix_rule_text *rule = stix_rule_text(finding->rule);
    if (cli->json) {
        print_json(c, finding, place);
        return;
    }
    struct buf b = buf_in(&cli->arena, MIB);
    buf_put(&b, str_of(rule->id));
    buf_put(&b, place->path.len ? STR(" ") : STR(""));
    buf_put(&b, place->path);
    buf_put(&b, STR(": "));
    buf_put(&b, str_of(cli->language == LANGUAGE_KO ? rule->ko : rule->en));
    if (finding->detail) {
        buf_put(&b, STR(": "));
        buf_put(&b, cli_pattern_reason(cli, finding->detail));
    }
    struct message message = {
        .id = rule->level == STIX_ERROR ? MSG_STIX_ERROR : MSG_STIX_WARNING,
        .args = {str_of(c->path), cli_number(cli, place->line), cli_number(cli, place->at),
            buf_str(&b)}};
    cli_say(cli, message);
}

// objects[3].name
static struct str path_of(struct check *c, struct str inner)
{
    struct buf b = buf_in(&c->cli->arena, MIB);
    if (!json_splitter_in_bundle(c->splitter))
        return inner;
    buf_put(&b, STR("objects["));
    buf_put_u64(&b, c->in_bundle);
    buf_put(&b, inner.len ? STR("].") : STR("]"));
    buf_put(&b, inner);
    return buf_str(&b);
}

static bool is_wanted(const struct check *c, const struct stix_finding *finding)
{
    return !c->errors_only || stix_rule_text(finding->rule)->level == STIX_ERROR;
}

static void count(struct check *c, const struct stix_findings *all)
{
    c->errors += all->errors;
    c->warnings += all->warnings;
    c->refused += all->errors > 0;
    c->stix_2_0 += all->is_stix_2_0;
}

static enum err check_element(struct check *c, struct str element, uint64_t at)
{
    struct stix_findings all;
    uint64_t line = line_of(c, element, at);
    TRY(stix_check(&c->cli->arena, element, &all));
    for (size_t i = 0; i < all.n; i++) {
        struct stix_finding *finding = &all.items[i];
        if (!is_wanted(c, finding))
            continue;
        struct place place = {at + finding->at,
            line + count_lines(str_to(element, finding->at)), path_of(c, finding->path)};
        print_finding(c, finding, &place);
    }
    count(c, &all);
    c->objects++;
    c->in_bundle++;
    return ERR_OK;
}

static enum err check_envelope(struct check *c, struct str envelope)
{
    struct stix_findings all;
    TRY(stix_check_bundle(&c->cli->arena, envelope, c->in_bundle, &all));
    for (size_t i = 0; i < all.n; i++) {
        struct stix_finding *finding = &all.items[i];
        struct place place = {
            json_splitter_envelope_at(c->splitter, finding->at), 0, finding->path};
        // Its beginning may be chunks ago, except at the start of the file.
        if (place.at == 0)
            place.line = 1;
        if (is_wanted(c, finding))
            print_finding(c, finding, &place);
    }
    c->errors += all.errors;
    c->warnings += all.warnings;
    c->in_bundle = 0;
    return ERR_OK;
}

static enum err check_chunk(struct check *c)
{
    struct str text;
    uint64_t at;
    enum json_split got;
    json_splitter_feed(c->splitter, c->chunk);
    while ((got = json_splitter_next(c->splitter, &text, &at)) == JSON_SPLIT_ELEMENT ||
           got == JSON_SPLIT_ENVELOPE) {
        struct arena_mark mark = arena_mark(&c->cli->arena);
        enum err e =
            got == JSON_SPLIT_ELEMENT ? check_element(c, text, at) : check_envelope(c, text);
        arena_rewind(&c->cli->arena, mark);
        TRY(e);
    }
    c->line += count_lines(str_from(c->chunk, (size_t)(c->at - c->chunk_at)));
    c->chunk_at += c->chunk.len;
    c->at = c->chunk_at;
    c->chunk_line = c->line;
    return ERR_OK;
}

static enum err check_fd(struct check *c, int fd, struct fault *fault)
{
    static char chunk[CHUNK_BYTES];
    TRY(json_splitter_new(&c->cli->arena, STIX_OBJECT_BYTES_MAX, &c->splitter));
    json_splitter_want_envelopes(c->splitter);
    c->line = c->chunk_line = 1;
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0)
            return ERR_IO;
        if (n == 0)
            return json_splitter_end(c->splitter, fault);
        c->chunk = (struct str){chunk, (size_t)n};
        TRY(check_chunk(c));
        TRY(json_splitter_fault(c->splitter, fault));
    }
}

static void print_counts(const struct check *c)
{
    struct cli *cli = c->cli;
    struct buf b = buf_in(&cli->arena, 16 * KIB);
    struct json_out o = json_out(&b);
    if (!cli->json) {
        SAY(cli, MSG_STIX_CHECKED,
            .args = {str_of(c->path), cli_number(cli, c->objects), cli_number(cli, c->errors),
                cli_number(cli, c->warnings)});
        if (c->stix_2_0)
            SAY(cli, MSG_STIX_OLD, .args = {str_of(c->path), cli_number(cli, c->stix_2_0)});
        return;
    }
    json_begin_object(&o);
    json_member_string(&o, STR("file"), str_of(c->path));
    json_member_int(&o, STR("objects"), (int64_t)c->objects);
    json_member_int(&o, STR("refused"), (int64_t)c->refused);
    json_member_int(&o, STR("stix_2_0"), (int64_t)c->stix_2_0);
    json_member_int(&o, STR("errors"), (int64_t)c->errors);
    json_member_int(&o, STR("warnings"), (int64_t)c->warnings);
    json_end_object(&o);
    cli_print_line(buf_str(&b));
}

static enum exit_code check_file(struct cli *cli, const char *path)
{
    struct check c = {
        .cli = cli, .path = path, .errors_only = cli_option(cli, "errors") != NULL};
    struct fault fault = {0};
    bool is_stdin = str_eq(str_of(path), STR("-"));
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_CANNOT_READ, .args = {str_of(path)});
    struct arena_mark mark = arena_mark(&cli->arena);
    enum err e = check_fd(&c, fd, &fault);
    arena_rewind(&cli->arena, mark);
    if (!is_stdin)
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
