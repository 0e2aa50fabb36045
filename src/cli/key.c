// SPDX-License-Identifier: Apache-2.0
// New keys, in three steps so that the party root stays off line: `new` makes the key here and
// writes what the root is to say, `statement` signs that where the root is, `install` puts it
// in force at the running node.
#include "base/limits.h"
#include "base/time.h"
#include "cli/commands.h"
#include "cli/key_files.h"
#include "cli/node_client.h"
#include "cli/output.h"
#include "ledger/names.h"
#include "ledger/statement.h"
#include "sys/clock.h"
#include "sys/file.h"

static enum exit_code fail(struct cli *cli, enum err e, struct str what)
{
    return FAIL(cli, exit_code_of(e) == EXIT_DONE ? EXIT_SYSTEM : exit_code_of(e),
        MSG_SYSTEM_AT, .args = {what, str_of(err_text(e))});
}

// What a request has in common, whatever it is about.
static enum exit_code begin(
    struct cli *cli, struct node_conf *conf, struct ledger_statement *out)
{
    const char *why = "";
    uint64_t days;
    enum exit_code code = cli_need_node(cli);
    if (code == EXIT_DONE)
        code = cli_option_number(cli, "days", NODE_CERTIFICATE_DAYS, &days);
    if (code != EXIT_DONE)
        return code;
    if (days == 0 || days > 3650)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {STR("--days")});
    enum err e = cli_conf_read(cli, conf, &why);
    if (e != ERR_OK)
        return fail(cli, e, str_of(why));
    out->node = conf->node;
    out->realm = conf->realm;
    out->reason = cli_option_or(cli, "reason", "routine");
    out->from_us = clock_now_us() / US_PER_S * US_PER_S;
    out->not_after_us = out->from_us + (int64_t)days * 86400 * US_PER_S;
    return EXIT_DONE;
}

static enum exit_code put_request(
    struct cli *cli, const struct ledger_statement *s, struct str *out)
{
    struct buf b = buf_in(&cli->arena, LEDGER_STATEMENT_BYTES_MAX);
    struct ledger_statement back;
    struct ledger_fault fault = {0};
    ledger_statement_put(&b, s);
    enum err e = b.err;
    if (e == ERR_OK)
        e = ledger_statement_parse(&cli->arena, buf_str(&b), &back, &fault);
    if (e != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_PLAIN,
            .args = {str_of(fault.where.why ? fault.where.why : err_text(e))});
    buf_put_byte(&b, '\n');
    *out = buf_str(&b);
    return b.err == ERR_OK ? EXIT_DONE : EXIT_SYSTEM;
}

static enum exit_code make_request(struct cli *cli, enum ledger_role role, struct str *out)
{
    struct node_conf conf;
    struct ledger_statement s = {.act = LEDGER_ADD, .role = role};
    uint64_t epoch;
    struct str partner = cli_option_or(cli, "for", "");
    enum exit_code code = begin(cli, &conf, &s);
    if (code == EXIT_DONE)
        code = cli_option_number(cli, "epoch", 0, &epoch);
    if (code != EXIT_DONE)
        return code;
    if (role == LEDGER_LOG_KEY && !node_conf_is_party(partner))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("for")});
    if (epoch)
        s.reason = STR("epoch");
    if (role == LEDGER_TLS_KEY && key_files_wait(cli))
        code = key_files_promote(cli);
    if (code != EXIT_DONE)
        return code;
    const struct key_wanted want = {.role = role, .partner = partner, .epoch = epoch};
    enum err e = key_files_make(cli, &conf, &want, &s);
    return e == ERR_OK ? put_request(cli, &s, out) : fail(cli, e, STR("keys/"));
}

static enum exit_code parse_role(struct cli *cli, enum ledger_role *out)
{
    *out = cli->args_n == 2 ? ledger_role_parse(str_of(cli->args[1])) : LEDGER_ROLES;
    if (*out == LEDGER_LOG_KEY || *out == LEDGER_COSIGN_KEY || *out == LEDGER_REFUSAL_KEY ||
        *out == LEDGER_TLS_KEY)
        return EXIT_DONE;
    return FAIL(cli, EXIT_USAGE, MSG_NO_SUCH_VERB,
        .args = {cli->args_n == 2 ? str_of(cli->args[1]) : STR(""),
            STR("log, cosign, refusal, tls")});
}

static enum exit_code make(struct cli *cli)
{
    enum ledger_role role;
    struct str request;
    if (!cli_option(cli, "out"))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("out")});
    enum exit_code code = parse_role(cli, &role);
    if (code == EXIT_DONE)
        code = make_request(cli, role, &request);
    if (code == EXIT_DONE)
        code = cli_write_out(cli, request);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_KEY_MADE, .args = {str_of(cli->args[1])});
    return code;
}

// The request to end a TLS key that another has followed.
static enum exit_code end(struct cli *cli)
{
    struct node_conf conf;
    struct str request;
    struct ledger_statement s = {.role = LEDGER_TLS_KEY, .has_spki = true};
    s.act = cli_option(cli, "revoke") ? LEDGER_REVOKE : LEDGER_RETIRE;
    if (cli->args_n != 3 || !str_eq(str_of(cli->args[1]), STR("tls")) ||
        ledger_hash_parse_hex(str_of(cli->args[2]), &s.spki) != ERR_OK)
        return FAIL(
            cli, EXIT_USAGE, MSG_TOO_FEW_ARGUMENTS, .args = {str_of(cli->command->synopsis)});
    enum exit_code code = begin(cli, &conf, &s);
    if (code == EXIT_DONE)
        code = put_request(cli, &s, &request);
    return code == EXIT_DONE ? cli_write_out(cli, request) : code;
}

static void say_statement(struct cli *cli, const struct ledger_statement *s)
{
    struct buf at = buf_in(&cli->arena, 64), what = buf_in(&cli->arena, 4 * KIB);
    time_put(&at, s->not_after_us);
    if (s->has_key)
        ledger_key_put(&what, &s->key);
    else
        ledger_hash_put_hex(&what, &s->spki);
    if (!cli->json)
        SAY(cli, MSG_KEY_STATEMENT,
            .args = {ledger_act_name(s->act), ledger_role_name(s->role), buf_str(&what),
                buf_str(&at)});
}

// The key file of the root may lie anywhere, and need not be of this node.
static enum exit_code sign_request(struct cli *cli, struct str request, struct str *note)
{
    const char *path = cli_option(cli, "root");
    struct ledger_statement s;
    struct ledger_fault fault = {0};
    struct keyfile root;
    struct ledger_key verifier;
    if (!path)
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("root")});
    enum err e = ledger_statement_parse(
        &cli->arena, str_to(request, str_index(request, '\n')), &s, &fault);
    if (e != ERR_OK)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_PLAIN,
            .args = {str_of(fault.where.why ? fault.where.why : err_text(e))});
    e = key_files_open(cli, path, &root);
    if (e != ERR_OK)
        return fail(cli, e, str_of(path));
    e = node_key_verifier(&cli->arena, &root, &verifier);
    if (e == ERR_OK)
        e = ledger_statement_sign(&cli->arena, &s, &verifier, &root.key, note);
    sign_key_release(&root.key);
    if (e != ERR_OK)
        return fail(cli, e, str_of(path));
    say_statement(cli, &s);
    return EXIT_DONE;
}

static enum exit_code statement(struct cli *cli)
{
    struct str request, note;
    if (cli->args_n != 2 || !cli_option(cli, "out"))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("out")});
    enum exit_code code =
        cli_read_file(cli, cli->args[1], LEDGER_STATEMENT_BYTES_MAX, &request);
    if (code == EXIT_DONE)
        code = sign_request(cli, request, &note);
    return code == EXIT_DONE ? cli_write_out(cli, note) : code;
}

#define SHOWN_WAIT_MS 3000

// The node shows the new certificate when it may; then its files take their place. Where a
// partner is away this is for a later command: every `bongsu key list` looks.
static enum exit_code show_new(struct cli *cli)
{
    bool waits;
    enum exit_code code = key_files_offer(cli, &waits);
    for (int ms = 0; code == EXIT_DONE && waits && ms < SHOWN_WAIT_MS; ms += 200) {
        clock_sleep_us(200 * US_PER_MS);
        code = key_files_promote(cli);
        waits = key_files_wait(cli);
    }
    return code;
}

// The node puts it in force; then the files take their places, so that a run that was broken
// off is mended by running it again.
static enum exit_code install_note(struct cli *cli, struct str note)
{
    struct ledger_statement s;
    struct ledger_fault fault = {0};
    struct json v;
    enum err e = ledger_statement_read(&cli->arena, note, &s, &fault);
    if (e != ERR_OK)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_PLAIN,
            .args = {str_of(fault.where.why ? fault.where.why : err_text(e))});
    enum exit_code code = node_post(cli, "/api/v1/keys", NULL, note, &v);
    if (code != EXIT_DONE)
        return code;
    e = s.act == LEDGER_ADD && s.has_key ? key_files_settle(cli, &s) : ERR_OK;
    if (e != ERR_OK)
        return fail(cli, e, STR("keys/"));
    if (s.act == LEDGER_ADD && s.has_spki)
        code = show_new(cli);
    if (code != EXIT_DONE)
        return code;
    if (!cli->json)
        SAY(cli, MSG_KEY_INSTALLED, .args = {cli_number(cli, node_number(v, "links"))});
    return EXIT_DONE;
}

static enum exit_code install(struct cli *cli)
{
    struct str note;
    enum exit_code code = cli_need_node(cli);
    if (code == EXIT_DONE)
        code = cli_read_file(cli, cli->args[1], LEDGER_STATEMENT_BYTES_MAX, &note);
    return code == EXIT_DONE ? install_note(cli, note) : code;
}

static enum exit_code rotate(struct cli *cli)
{
    enum ledger_role role;
    struct str request, note;
    enum exit_code code = parse_role(cli, &role);
    if (code == EXIT_DONE)
        code = make_request(cli, role, &request);
    if (code == EXIT_DONE)
        code = sign_request(cli, request, &note);
    return code == EXIT_DONE ? install_note(cli, note) : code;
}

// Another certificate of the same key: the partners know the key, nobody needs to sign.
static enum exit_code renew(struct cli *cli)
{
    struct node_conf conf;
    struct ledger_statement s = {0};
    enum exit_code code = begin(cli, &conf, &s);
    if (code != EXIT_DONE)
        return code;
    enum err e = key_files_renew(cli, s.from_us, s.not_after_us);
    if (e != ERR_OK)
        return fail(cli, e, STR("keys/tls.key"));
    const char *socket_path;
    bool waits;
    // A node that does not run reads it when it starts.
    if (path_join(&cli->arena, cli->node_dir, "node.sock", &socket_path) == ERR_OK &&
        file_exists(socket_path))
        code = key_files_offer(cli, &waits);
    if (code != EXIT_DONE)
        return code;
    struct buf at = buf_in(&cli->arena, 64);
    time_put(&at, s.not_after_us);
    if (!cli->json)
        SAY(cli, MSG_KEY_RENEWED, .args = {buf_str(&at)});
    return EXIT_DONE;
}

static enum exit_code list(struct cli *cli)
{
    struct json v;
    enum exit_code code = cli_need_node(cli);
    if (code == EXIT_DONE)
        code = key_files_promote(cli);
    if (code == EXIT_DONE)
        code = node_get(cli, "/api/v1/keys", NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "keys"); json_next(&it);)
        SAY(cli, MSG_KEY_ROW,
            .args = {node_text(cli, it.value, "party"), node_text(cli, it.value, "role"),
                node_text(cli, it.value, "level"),
                cli_number(cli, node_number(it.value, "days_left"))});
    return EXIT_DONE;
}

static enum exit_code lock(struct cli *cli)
{
    size_t n = 0;
    struct str from = STR("");
    enum exit_code code = cli_need_node(cli);
    if (code != EXIT_DONE)
        return code;
    enum err e = key_files_lock(cli, &n, &from);
    if (e == ERR_NOT_FOUND || e == ERR_DENIED)
        return FAIL(cli, EXIT_REFUSED, MSG_NO_UNLOCK, .args = {from});
    if (e != ERR_OK)
        return fail(cli, e, STR("keys/"));
    if (!cli->json)
        SAY(cli, MSG_KEYS_LOCKED, .args = {cli_number(cli, n)});
    return EXIT_DONE;
}

enum exit_code cli_key(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    static const struct {
        struct str verb;
        size_t args; // 0: it looks itself
        enum exit_code (*run)(struct cli *);
    } verbs[] = {{STR_INIT("new"), 0, make}, {STR_INIT("end"), 0, end},
        {STR_INIT("statement"), 0, statement}, {STR_INIT("install"), 2, install},
        {STR_INIT("rotate"), 0, rotate}, {STR_INIT("renew"), 2, renew},
        {STR_INIT("list"), 1, list}, {STR_INIT("lock"), 1, lock}};
    if (sign_init() != ERR_OK)
        return EXIT_SYSTEM;
    for (size_t i = 0; i < LEN(verbs); i++)
        if (str_eq(verb, verbs[i].verb) && (!verbs[i].args || cli->args_n == verbs[i].args))
            return verbs[i].run(cli);
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
