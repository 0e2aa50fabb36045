// SPDX-License-Identifier: Apache-2.0
// Making a link, as two administrators do it: each side writes an offer, both build the same
// agreement from the two offers, each root signs it, each node takes it in. And carrying
// batches by hand.
#include "base/base64.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/node_conf.h"
#include "cli/node_keys.h"
#include "cli/output.h"
#include "cli/own.h"
#include "http/tls.h"
#include "ledger/agreement.h"
#include "ledger/batch.h"
#include "ledger/statement.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "json/write.h"

#define OFFER_DAYS_DEFAULT 365
#define OFFER_DAYS_MAX     3650

static enum exit_code fail_system(struct cli *cli, enum err e, const char *what)
{
    return FAIL(cli, exit_code_of(e) == EXIT_DONE ? EXIT_SYSTEM : exit_code_of(e),
        MSG_SYSTEM_AT, .args = {str_of(what), str_of(err_text(e))});
}

static enum err read_public(struct cli *cli, const char *file, struct ledger_key *out)
{
    struct keyfile key;
    TRY(node_key_read(&cli->arena, cli->node_dir, file, &key));
    enum err e = node_key_verifier(&cli->arena, &key, out);
    sign_key_release(&key.key);
    return e;
}

// The node's own certificate as DER, its pin, and the base64 between the PEM lines.
static enum err read_certificate(struct cli *cli, struct ledger_party *party)
{
    const char *keys, *path;
    struct str pem;
    struct http_certificate certificate;
    TRY(path_join(&cli->arena, cli->node_dir, "keys", &keys));
    TRY(path_join(&cli->arena, keys, "tls.crt", &path));
    TRY(file_read(&cli->arena, path, LEDGER_CERTIFICATE_BYTES_MAX, &pem));
    TRY(http_certificate_read(pem, &certificate));
    memcpy(party->spki.bytes, certificate.pin, sizeof certificate.pin);
    struct buf coded = buf_in(&cli->arena, LEDGER_CERTIFICATE_BYTES_MAX);
    while (pem.len) {
        struct str line = str_trim(str_cut(&pem, '\n'));
        if (!str_starts(line, STR("-----")))
            buf_put(&coded, line);
    }
    TRY(coded.err);
    return base64_parse(&cli->arena, buf_str(&coded), &party->certificate);
}

// The log key of a partner is made when it is first offered to; another offer names the same
// key.
static enum err make_log_key(
    struct cli *cli, const struct node_conf *conf, struct str partner, struct ledger_key *out)
{
    const char *file;
    struct str origin;
    TRY(node_key_log_file(&cli->arena, partner, 1, &file));
    TRY(node_key_origin(&cli->arena, conf->node, conf->realm, partner, 1, &origin));
    const struct node_key_kind kind = {STR("log"), origin};
    enum err e = cli_key_make(cli, file, &kind);
    if (e != ERR_OK && e != ERR_CONFLICT)
        return e;
    return read_public(cli, file, out);
}

static enum err fill_offer(struct cli *cli, struct str partner, uint64_t days,
    struct ledger_offer *offer, const char **what)
{
    struct node_conf conf;
    TRY(cli_conf_read(cli, &conf, what));
    offer->realm = conf.realm;
    offer->url = conf.listen;
    offer->not_after_us =
        clock_now_us() / US_PER_S * US_PER_S + (int64_t)days * 86400 * US_PER_S;
    offer->party.id = conf.party;
    offer->party.node = conf.node;
    offer->party.country = conf.country;
    *what = "keys/";
    TRY(make_log_key(cli, &conf, partner, &offer->party.log));
    TRY(read_public(cli, "root.key", &offer->party.root));
    TRY(read_public(cli, "cosign.key", &offer->party.cosign));
    TRY(read_public(cli, "refusal.key", &offer->party.refusal));
    *what = "keys/tls.crt";
    return read_certificate(cli, &offer->party);
}

static enum exit_code offer(struct cli *cli)
{
    struct ledger_offer mine = {0};
    struct keyfile root;
    struct str note;
    uint64_t days;
    const char *what = "";
    enum exit_code code = cli_need_node(cli);
    if (code == EXIT_DONE)
        code = cli_option_number(cli, "days", OFFER_DAYS_DEFAULT, &days);
    if (code != EXIT_DONE)
        return code;
    if (days == 0 || days > OFFER_DAYS_MAX || !cli_option(cli, "to") ||
        !node_conf_is_party(cli_option_or(cli, "to", "")))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("to")});
    enum err e = fill_offer(cli, cli_option_or(cli, "to", ""), days, &mine, &what);
    if (e == ERR_OK)
        e = node_key_read(&cli->arena, cli->node_dir, "root.key", &root);
    if (e != ERR_OK)
        return fail_system(cli, e, what);
    e = ledger_offer_sign(&cli->arena, &mine, &root.key, &note);
    sign_key_release(&root.key);
    return e == ERR_OK ? cli_write_out(cli, note) : fail_system(cli, e, "offer");
}

static enum exit_code open_offer(struct cli *cli, const char *path, struct ledger_offer *out)
{
    struct str note;
    struct ledger_fault fault = {0};
    enum exit_code code = cli_read_file(cli, path, AGREEMENT_BYTES_MAX, &note);
    if (code != EXIT_DONE)
        return code;
    enum err e = ledger_offer_open(&cli->arena, note, out, &fault);
    if (e == ERR_OK)
        return EXIT_DONE;
    return FAIL(cli, EXIT_BAD_INPUT, MSG_AT_BYTE,
        .args = {str_of(path), cli_number(cli, fault.where.at),
            str_of(fault.where.why ? fault.where.why : err_text(e))});
}

static void say_digest(struct cli *cli, const struct ledger_agreement *agreement)
{
    struct buf hex = buf_in(&cli->arena, 2 * LEDGER_HASH_BYTES);
    ledger_hash_put_hex(&hex, &agreement->digest);
    if (!cli->json) {
        SAY(cli, MSG_AGREEMENT,
            .args = {agreement->parties[0].id, agreement->parties[1].id, buf_str(&hex)});
        return;
    }
    struct buf b = buf_in(&cli->arena, 4 * KIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("digest"), buf_str(&hex));
    json_end_object(&o);
    cli_print_line(buf_str(&b));
}

static enum exit_code agree(struct cli *cli)
{
    struct ledger_offer first, second;
    struct ledger_agreement agreement;
    struct ledger_fault fault = {0};
    if (cli->args_n != 3 || !cli_option(cli, "out"))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("out")});
    enum exit_code code = open_offer(cli, cli->args[1], &first);
    if (code == EXIT_DONE)
        code = open_offer(cli, cli->args[2], &second);
    if (code != EXIT_DONE)
        return code;
    enum err e = ledger_agreement_build(&cli->arena, &first, &second, &agreement, &fault);
    if (e != ERR_OK)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_AGREEMENT_REFUSED,
            .args = {str_of(fault.where.why ? fault.where.why : err_text(e))});
    struct buf b = buf_in(&cli->arena, AGREEMENT_BYTES_MAX);
    ledger_agreement_put(&b, &agreement, STR(""));
    code = b.err == ERR_OK ? cli_write_out(cli, buf_str(&b)) : EXIT_SYSTEM;
    if (code == EXIT_DONE)
        say_digest(cli, &agreement);
    return code;
}

// What `link agree` wrote has no signature yet: its text ends with the empty line before them.
static enum err open_agreement(
    struct cli *cli, struct str file, struct ledger_agreement *out, bool *is_unsigned)
{
    bool signed_by[2];
    struct ledger_fault fault;
    *is_unsigned = str_ends(file, STR("\n\n"));
    if (*is_unsigned)
        return ledger_agreement_parse(&cli->arena, str_to(file, file.len - 2), out, &fault);
    return ledger_agreement_open(&cli->arena, file, out, signed_by, &fault);
}

static enum err put_line(
    struct cli *cli, const struct ledger_agreement *agreement, struct str *out)
{
    struct node_conf conf;
    const char *why;
    struct keyfile root;
    struct buf line = buf_in(&cli->arena, 4 * KIB);
    TRY(cli_conf_read(cli, &conf, &why));
    const struct ledger_party *us = ledger_agreement_party(agreement, conf.party);
    if (!us)
        return ERR_NOT_FOUND;
    TRY(node_key_read(&cli->arena, cli->node_dir, "root.key", &root));
    enum err e = ledger_agreement_sign(&line, agreement, us, &root.key);
    sign_key_release(&root.key);
    TRY(e);
    return buf_end(&line, out);
}

static enum err add_signature(
    struct cli *cli, struct str file, struct ledger_agreement *agreement, struct str *out)
{
    struct str line;
    bool is_unsigned;
    struct buf b = buf_in(&cli->arena, AGREEMENT_BYTES_MAX);
    TRY(open_agreement(cli, file, agreement, &is_unsigned));
    TRY(put_line(cli, agreement, &line));
    if (!is_unsigned)
        return ledger_note_add(&cli->arena, file, line, out);
    ledger_agreement_put(&b, agreement, line);
    return buf_end(&b, out);
}

static enum exit_code sign(struct cli *cli)
{
    struct str note, both;
    struct ledger_agreement agreement;
    enum exit_code code = cli_need_node(cli);
    if (code == EXIT_DONE)
        code = cli_read_file(cli, cli->args[1], AGREEMENT_BYTES_MAX, &note);
    if (code != EXIT_DONE)
        return code;
    enum err e = add_signature(cli, note, &agreement, &both);
    if (e == ERR_OK)
        e = file_write(cli->args[1], both, 0600);
    if (e != ERR_OK)
        return fail_system(cli, e, cli->args[1]);
    say_digest(cli, &agreement);
    return EXIT_DONE;
}

static enum exit_code add(struct cli *cli)
{
    struct str note;
    struct json v;
    enum exit_code code = cli_read_file(cli, cli->args[1], AGREEMENT_BYTES_MAX, &note);
    if (code != EXIT_DONE)
        return code;
    const struct node_parameter parameters[] = {
        {"address", cli_option_or(cli, "address", "")}, {0}};
    code = node_post(cli, "/api/v1/links", parameters, note, &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_LINK_ADDED, .args = {node_text(cli, v, "address")});
    return code;
}

static enum exit_code renew(struct cli *cli)
{
    struct str note;
    struct json v;
    enum exit_code code = cli_read_file(cli, cli->args[1], AGREEMENT_BYTES_MAX, &note);
    if (code != EXIT_DONE)
        return code;
    const struct node_parameter parameters[] = {{"renew", STR("yes")}, {0}};
    code = node_post(cli, "/api/v1/links", parameters, note, &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_LINK_RENEWED);
    return code;
}

static enum exit_code link_path(
    struct cli *cli, struct str party, const char *verb, const char **out)
{
    struct buf b = buf_in(&cli->arena, KIB);
    buf_put(&b, STR("/api/v1/links/"));
    buf_put(&b, party);
    buf_put(&b, str_of(verb));
    bool is_party = node_conf_is_party(party);
    if (!is_party || b.err != ERR_OK || str_to_cstr(&cli->arena, buf_str(&b), out) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {party});
    return EXIT_DONE;
}

static enum exit_code set_state(struct cli *cli, const char *state)
{
    const char *path;
    struct json v;
    enum exit_code code = link_path(cli, str_of(cli->args[1]), "/state", &path);
    if (code != EXIT_DONE)
        return code;
    const struct node_parameter parameters[] = {{"state", str_of(state)}, {0}};
    code = node_post(cli, path, parameters, STR(""), &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_LINK_STATE, .args = {str_of(cli->args[1]), str_of(state)});
    return code;
}

static enum exit_code unfreeze(struct cli *cli)
{
    const char *path;
    struct json v;
    enum exit_code code = link_path(cli, str_of(cli->args[1]), "/unfreeze", &path);
    if (code == EXIT_DONE)
        code = node_post(cli, path, NULL, STR(""), &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_LINK_STATE, .args = {str_of(cli->args[1]), node_text(cli, v, "state")});
    return code;
}

static enum exit_code set_mode(struct cli *cli)
{
    const char *path;
    struct json v;
    enum exit_code code = link_path(cli, str_of(cli->args[1]), "/mode", &path);
    const struct node_parameter parameters[] = {{"mode", str_of(cli->args[2])}, {0}};
    if (code == EXIT_DONE)
        code = node_post(cli, path, parameters, STR(""), &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_LINK_MODE, .args = {str_of(cli->args[1]), node_text(cli, v, "mode")});
    return code;
}

static enum exit_code remove_link(struct cli *cli)
{
    const char *path;
    struct str body;
    struct http_call call = {.method = HTTP_DELETE};
    enum exit_code code = link_path(cli, str_of(cli->args[1]), "", &path);
    if (code == EXIT_DONE)
        code = node_send(cli, &call, path, NULL, &body);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_LINK_REMOVED, .args = {str_of(cli->args[1])});
    return code;
}

static enum exit_code open_epoch(struct cli *cli)
{
    const char *path;
    struct str ours, theirs;
    struct json v;
    struct buf b = buf_in(&cli->arena, 64 * KIB);
    struct json_out o = json_out(&b);
    enum exit_code code = link_path(cli, str_of(cli->args[1]), "/epoch", &path);
    if (code == EXIT_DONE)
        code = cli_read_file(cli, cli->args[2], LEDGER_STATEMENT_BYTES_MAX, &ours);
    if (code == EXIT_DONE)
        code = cli_read_file(cli, cli->args[3], LEDGER_STATEMENT_BYTES_MAX, &theirs);
    if (code != EXIT_DONE)
        return code;
    json_begin_object(&o);
    json_member_string(&o, STR("ours"), ours);
    json_member_string(&o, STR("theirs"), theirs);
    json_end_object(&o);
    code = node_post(cli, path, NULL, buf_str(&b), &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_LINK_EPOCH, .args = {str_of(cli->args[1])});
    return code;
}

static enum exit_code export_batch(struct cli *cli)
{
    const char *path;
    struct str body;
    enum exit_code code = link_path(cli, str_of(cli->args[1]), "/export", &path);
    struct http_call call = {.method = HTTP_POST};
    if (code == EXIT_DONE)
        code = node_send(cli, &call, path, NULL, &body);
    return code == EXIT_DONE ? cli_write_out(cli, body) : code;
}

// Whose batch it is stands in its header: "from" is <node>/<realm>/ledger/<our party>/<epoch>,
// so the party is asked from the file's partner origin by the node; here the header is read
// only to find the route.
static enum exit_code import_batch(struct cli *cli)
{
    struct str file;
    struct ledger_batch batch;
    struct ledger_fault fault = {0};
    struct json v;
    const char *path;
    enum exit_code code = cli_read_file(cli, cli->args[1], BATCH_BYTES_MAX, &file);
    if (code != EXIT_DONE)
        return code;
    enum err e = ledger_batch_parse(&cli->arena, file, &batch, &fault);
    if (e != ERR_OK)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_AT_BYTE,
            .args = {str_of(cli->args[1]), cli_number(cli, fault.where.at),
                str_of(fault.where.why ? fault.where.why : err_text(e))});
    // The receiver's own log is named after the sender.
    struct str rest = batch.header.to;
    for (int i = 0; i < 3; i++)
        str_cut(&rest, '/');
    if (link_path(cli, str_cut(&rest, '/'), "/import", &path) != EXIT_DONE)
        return EXIT_BAD_INPUT; // the file's mistake, not the caller's
    cli->subject = cli->args[1];
    code = node_post(cli, path, NULL, file, &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_BATCH_IMPORTED,
            .args = {cli_number(cli, node_number(v, "entries")),
                cli_number(cli, node_number(v, "objects")),
                cli_number(cli, node_number(v, "receipts"))});
    return code;
}

enum exit_code cli_link(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    static const struct {
        struct str verb;
        size_t args;
        enum exit_code (*run)(struct cli *);
    } verbs[] = {{STR_INIT("offer"), 1, offer}, {STR_INIT("agree"), 3, agree},
        {STR_INIT("sign"), 2, sign}, {STR_INIT("add"), 2, add}, {STR_INIT("renew"), 2, renew},
        {STR_INIT("remove"), 2, remove_link}, {STR_INIT("epoch"), 4, open_epoch},
        {STR_INIT("unfreeze"), 2, unfreeze}, {STR_INIT("mode"), 3, set_mode},
        {STR_INIT("export"), 2, export_batch}, {STR_INIT("import"), 2, import_batch}};
    if (sign_init() != ERR_OK)
        return EXIT_SYSTEM;
    for (size_t i = 0; i < LEN(verbs); i++)
        if (str_eq(verb, verbs[i].verb) && cli->args_n == verbs[i].args)
            return verbs[i].run(cli);
    if (cli->args_n == 2 && str_eq(verb, STR("pause")))
        return set_state(cli, "paused");
    if (cli->args_n == 2 && str_eq(verb, STR("resume")))
        return set_state(cli, "live");
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
