// SPDX-License-Identifier: Apache-2.0
// Evidence: taken from a node, verified without one.
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/output.h"
#include "cli/tighten.h"
#include "crypto/sign.h"
#include "ledger/evidence.h"
#include "json/write.h"

static enum exit_code fetch(struct cli *cli, const char *what)
{
    struct str body;
    const char *path;
    struct buf b = buf_in(&cli->arena, KIB);
    buf_put(&b, STR("/api/v1/ledgers/"));
    buf_put(&b, str_of(cli->args[1]));
    buf_put(&b, str_of(what));
    if (b.err != ERR_OK || str_to_cstr(&cli->arena, buf_str(&b), &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(cli->args[1])});
    struct http_call call = {.method = HTTP_GET, .answer_bytes_max = EVIDENCE_BYTES_MAX};
    enum exit_code code = node_send(cli, &call, path, NULL, &body);
    return code == EXIT_DONE ? cli_write_out(cli, body) : code;
}

// The policy file of --policy holds both directions, one after the other.
static enum exit_code read_policies(struct cli *cli, struct ledger_quorum out[2])
{
    struct str text;
    struct fault fault = {0};
    const char *path = cli_option(cli, "policy");
    if (!path)
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("policy")});
    enum exit_code code = cli_read_file(cli, path, QUORUM_BYTES_MAX, &text);
    if (code != EXIT_DONE)
        return code;
    size_t quorum = str_find(text, STR("\nquorum ")) + 1;
    struct str rest = str_from(text, quorum);
    struct str second = str_from(rest, str_index(rest, '\n') + 1);
    struct str first = str_to(text, text.len - second.len);
    enum err e = ledger_quorum_parse(&cli->arena, first, &out[0], &fault);
    if (e == ERR_OK)
        e = ledger_quorum_parse(&cli->arena, second, &out[1], &fault);
    return e == ERR_OK
               ? EXIT_DONE
               : FAIL(cli, exit_code_of(e), MSG_AT_BYTE,
                     .args = {str_of(path), cli_number(cli, fault.at), str_of(fault.why)});
}

static void print_counts(struct cli *cli, const struct ledger_evidence_counts *c, bool holds)
{
    const struct {
        const char *name;
        uint64_t n;
    } rows[] = {{"entries", c->entries}, {"releases", c->releases}, {"flashes", c->flashes},
        {"receipts", c->receipts}, {"recalls", c->recalls}, {"acks", c->acks},
        {"keys", c->keys}, {"agreements", c->agreements}, {"gaps", c->gaps},
        {"unreceipted", c->unreceipted}, {"peers_unchecked", c->peers_unchecked},
        {"payloads_checked", c->payloads_checked}};
    struct buf b = buf_in(&cli->arena, 4 * KIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_bool(&o, STR("consistent"), holds);
    for (size_t i = 0; i < LEN(rows); i++)
        json_member_int(&o, str_of(rows[i].name), (int64_t)rows[i].n);
    json_end_object(&o);
    if (cli->json)
        cli_print_line(buf_str(&b));
    else if (holds)
        SAY(cli, MSG_LEDGER_HOLDS,
            .args = {cli_number(cli, c->entries),
                cli_number(cli, c->releases + c->recalls + c->flashes),
                cli_number(cli, c->receipts), cli_number(cli, c->unreceipted)});
}

static enum exit_code verify(struct cli *cli)
{
    struct str file;
    struct ledger_quorum trusted[2];
    struct ledger_evidence evidence;
    struct ledger_evidence_counts counts = {0};
    struct ledger_fault fault = {0};
    enum exit_code code = read_policies(cli, trusted);
    if (code == EXIT_DONE)
        code = cli_read_file(cli, cli->args[1], EVIDENCE_BYTES_MAX, &file);
    if (code != EXIT_DONE)
        return code;
    if (sign_init() != ERR_OK)
        return EXIT_SYSTEM;
    enum err e = ledger_evidence_parse(&cli->arena, file, &evidence, &fault);
    if (e == ERR_OK)
        e = ledger_evidence_verify(&cli->arena, &evidence, trusted, &counts, &fault);
    print_counts(cli, &counts, e == ERR_OK);
    if (e == ERR_OK)
        return EXIT_DONE;
    struct str why = str_of(fault.where.why ? fault.where.why : ledger_code_text(fault.code));
    return FAIL(cli, e == ERR_IO ? EXIT_SYSTEM : EXIT_BAD_INPUT, MSG_AT_BYTE,
        .args = {str_of(cli->args[1]), cli_number(cli, fault.where.at), why});
}

// 0 when each decision comes out as it did, 1 when one does not.
static enum exit_code replay(struct cli *cli)
{
    struct json v;
    const char *path;
    if (node_path(cli, "/api/v1/ledgers/", cli->args[1], "/replay", &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(cli->args[1])});
    enum exit_code code = node_get(cli, path, NULL, &v);
    if (code != EXIT_DONE)
        return code;
    uint64_t mismatches = node_number(v, "mismatches");
    for (struct json_iter it = node_items(v, "problems"); !cli->json && json_next(&it);)
        FAIL(cli, EXIT_NO, MSG_REPLAY_PROBLEM,
            .args = {cli_number(cli, node_number(it.value, "entry")),
                node_text(cli, it.value, "id"), node_text(cli, it.value, "why")});
    if (!cli->json)
        SAY(cli, MSG_REPLAYED,
            .args = {cli_number(cli, node_number(v, "decisions")),
                cli_number(cli, node_number(v, "entries")), cli_number(cli, mismatches)});
    return mismatches ? EXIT_NO : EXIT_DONE;
}

enum exit_code cli_ledger(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    if (str_eq(verb, STR("evidence")))
        return fetch(cli, "/evidence");
    if (str_eq(verb, STR("policy")))
        return fetch(cli, "/policy");
    if (str_eq(verb, STR("verify")))
        return verify(cli);
    if (str_eq(verb, STR("replay")))
        return replay(cli);
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
