// SPDX-License-Identifier: Apache-2.0
// Officers: their keys (made and shown without a node), their certificates (made where the root
// is kept), and the node's register.
#include "base/base64.h"
#include "base/limits.h"
#include "base/time.h"
#include "cli/commands.h"
#include "cli/key_files.h"
#include "cli/node_client.h"
#include "cli/officer_key.h"
#include "cli/output.h"
#include "http/target.h"
#include "ledger/statement.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/random.h"
#include "json/write.h"

#define PUBLIC_MAGIC   "bongsu-officer ed25519 "
#define NAME_BYTES_MAX 64u
#define DAYS_DEFAULT   365
#define DAYS_MAX       3650

// A part of a key's name: no blank, no '+', no '/'.
static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == '+' || s.ptr[i] == '/' ||
            s.ptr[i] == 0x7f)
            return false;
    return s.len >= 1 && s.len <= NAME_BYTES_MAX;
}

static enum exit_code fail_at(struct cli *cli, enum err e, const char *what)
{
    return FAIL(
        cli, exit_code_of(e), MSG_SYSTEM_AT, .args = {str_of(what), str_of(err_text(e))});
}

static void put_public(struct buf *b, const unsigned char *public_key)
{
    base64_put(b, (struct str){(const char *)public_key, SIGN_PUBLIC_BYTES});
}

static void say_key(struct cli *cli, const unsigned char *public_key)
{
    struct buf id = buf_in(&cli->arena, KIB), coded = buf_in(&cli->arena, KIB);
    officerkey_id_put(&id, public_key);
    put_public(&coded, public_key);
    if (!cli->json) {
        SAY(cli, MSG_OFFICER_KEY, .args = {buf_str(&id), buf_str(&coded)});
        return;
    }
    struct buf b = buf_in(&cli->arena, KIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("kid"), buf_str(&id));
    json_member_string(&o, STR("pub"), buf_str(&coded));
    json_end_object(&o);
    cli_print_line(buf_str(&b));
}

// FILE, and FILE.pub: the line that goes to whoever keeps the root.
static enum exit_code write_key(struct cli *cli, const struct sign_key *key, struct str file)
{
    const char *path;
    struct buf name = buf_in(&cli->arena, 8 * KIB), line = buf_in(&cli->arena, KIB);
    buf_put(&name, str_of(cli->args[1]));
    buf_put(&name, STR(".pub"));
    buf_put(&line, STR(PUBLIC_MAGIC));
    buf_put(&line, cli_option_or(cli, "name", ""));
    buf_put_byte(&line, ' ');
    put_public(&line, key->public_key);
    buf_put_byte(&line, '\n');
    if (name.err != ERR_OK || str_to_cstr(&cli->arena, buf_str(&name), &path) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(cli->args[1])});
    if (file_write(cli->args[1], file, 0600) != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_CANNOT_WRITE, .args = {str_of(cli->args[1])});
    if (file_write(path, buf_str(&line), 0644) != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_CANNOT_WRITE, .args = {str_of(path)});
    say_key(cli, key->public_key);
    return EXIT_DONE;
}

static enum err make_key(struct sign_key *out)
{
    struct secret seed;
    TRY(secret_init(&seed, SIGN_SEED_BYTES));
    random_fill(seed.bytes, seed.len);
    enum err e = sign_key_from_seed(seed.bytes, out);
    secret_release(&seed);
    return e;
}

static enum exit_code make(struct cli *cli)
{
    struct secret passphrase;
    struct sign_key key;
    struct officerkey_chance chance;
    struct buf file = buf_in(&cli->arena, OFFICERKEY_BYTES_MAX);
    if (!is_name(cli_option_or(cli, "name", "")))
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("name")});
    if (file_exists(cli->args[1]))
        return FAIL(cli, EXIT_REFUSED, MSG_FILE_EXISTS, .args = {str_of(cli->args[1])});
    enum exit_code code = officer_passphrase(cli, true, &passphrase);
    if (code != EXIT_DONE)
        return code;
    random_fill(&chance, sizeof chance);
    enum err e = make_key(&key);
    if (e == ERR_OK)
        e = officerkey_seal(&key, secret_str(&passphrase), &chance, &file);
    secret_release(&passphrase);
    if (e != ERR_OK)
        return fail_at(cli, e, cli->args[1]);
    code = write_key(cli, &key, buf_str(&file));
    sign_key_release(&key);
    return code;
}

static enum exit_code show(struct cli *cli)
{
    struct str file;
    struct fault fault = {0};
    unsigned char public_key[SIGN_PUBLIC_BYTES];
    enum exit_code code = cli_read_file(cli, cli->args[1], OFFICERKEY_BYTES_MAX, &file);
    if (code != EXIT_DONE)
        return code;
    if (officerkey_public(file, public_key, &fault) != ERR_OK)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_AT_BYTE,
            .args = {str_of(cli->args[1]), cli_number(cli, fault.at), str_of(fault.why)});
    say_key(cli, public_key);
    return EXIT_DONE;
}

// The line of FILE.pub.
static enum err read_public(
    struct str text, struct str *name, unsigned char public_key[static SIGN_PUBLIC_BYTES])
{
    if (!str_starts(text, STR(PUBLIC_MAGIC)) || !str_ends(text, STR("\n")))
        return ERR_INVALID;
    struct str rest = str_from(str_to(text, text.len - 1), sizeof PUBLIC_MAGIC - 1);
    *name = str_cut(&rest, ' ');
    return is_name(*name) ? base64_parse_exact(rest, public_key, SIGN_PUBLIC_BYTES)
                          : ERR_INVALID;
}

static enum err fill_statement(struct cli *cli, struct str file, struct str root_name,
    uint64_t days, struct ledger_statement *out)
{
    unsigned char public_key[SIGN_PUBLIC_BYTES];
    struct buf name = buf_in(&cli->arena, KIB);
    int64_t now_us = clock_now_us() / US_PER_S * US_PER_S;
    struct ledger_statement s = {.act = LEDGER_ADD,
        .role = LEDGER_OFFICER_KEY,
        .reason = STR("appointed"),
        .node = str_to(root_name, str_index(root_name, '/')),
        .realm = cli_option_or(cli, "realm", "live"),
        .has_key = true,
        .from_us = now_us,
        .not_after_us = now_us + (int64_t)days * 86400 * US_PER_S};
    TRY(read_public(file, &s.name, public_key));
    const struct str parts[] = {s.node, s.realm, STR("officer"), s.name};
    for (size_t i = 0; i < LEN(parts); i++) {
        buf_put(&name, i ? STR("/") : STR(""));
        buf_put(&name, parts[i]);
    }
    TRY(name.err);
    TRY(ledger_key_make(&cli->arena, LEDGER_TYPE_NOTE, buf_str(&name), public_key, &s.key));
    *out = s;
    return ERR_OK;
}

static enum err sign_statement(
    struct cli *cli, struct str file, uint64_t days, struct str *note, const char **what)
{
    struct keyfile root;
    struct ledger_key verifier;
    struct ledger_statement statement;
    *what = cli_option(cli, "root");
    TRY(key_files_open(cli, *what, &root));
    enum err e = node_key_verifier(&cli->arena, &root, &verifier);
    if (e == ERR_OK) {
        *what = cli->args[1];
        e = fill_statement(cli, file, root.name, days, &statement);
    }
    if (e == ERR_OK)
        e = ledger_statement_sign(&cli->arena, &statement, &verifier, &root.key, note);
    sign_key_release(&root.key);
    return e;
}

static enum exit_code certify(struct cli *cli)
{
    struct str file, note;
    uint64_t days;
    const char *what = "";
    enum exit_code code = cli_option_number(cli, "days", DAYS_DEFAULT, &days);
    if (code != EXIT_DONE)
        return code;
    if (!cli_option(cli, "root") || days == 0 || days > DAYS_MAX)
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("root")});
    code = cli_read_file(cli, cli->args[1], KIB, &file);
    if (code != EXIT_DONE)
        return code;
    enum err e = sign_statement(cli, file, days, &note, &what);
    return e == ERR_OK ? cli_write_out(cli, note) : fail_at(cli, e, what);
}

static enum exit_code add(struct cli *cli)
{
    struct str note;
    struct json v;
    enum exit_code code = cli_read_file(cli, cli->args[1], LEDGER_STATEMENT_BYTES_MAX, &note);
    if (code != EXIT_DONE)
        return code;
    cli->subject = cli->args[1];
    code = node_post(cli, "/api/v1/officers", NULL, note, &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_OFFICER_ADDED,
            .args = {node_text(cli, v, "name"), node_text(cli, v, "kid")});
    return code;
}

static enum exit_code list(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, "/api/v1/officers", NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "officers"); json_next(&it);)
        SAY(cli, MSG_OFFICER,
            .args = {node_text(cli, it.value, "name"), node_text(cli, it.value, "kid"),
                node_text(cli, it.value, "state"), node_text(cli, it.value, "not_after")});
    return EXIT_DONE;
}

static enum exit_code retire(struct cli *cli)
{
    const struct node_parameter parameters[] = {
        {"revoke", cli_option(cli, "revoke") ? STR("1") : STR("")}, {0}};
    return node_delete(
        cli, "/api/v1/officers/", str_of(cli->args[1]), parameters, MSG_OFFICER_RETIRED);
}

enum exit_code cli_officer(struct cli *cli)
{
    struct str verb = str_of(cli->args[0]);
    static const struct {
        struct str verb;
        size_t args;
        enum exit_code (*run)(struct cli *);
    } verbs[] = {{STR_INIT("new"), 2, make}, {STR_INIT("show"), 2, show},
        {STR_INIT("certify"), 2, certify}, {STR_INIT("add"), 2, add},
        {STR_INIT("list"), 1, list}, {STR_INIT("retire"), 2, retire}};
    if (sign_init() != ERR_OK)
        return EXIT_SYSTEM;
    for (size_t i = 0; i < LEN(verbs); i++)
        if (str_eq(verb, verbs[i].verb) && cli->args_n == verbs[i].args)
            return verbs[i].run(cli);
    return FAIL(
        cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {verb, str_of(cli->command->synopsis)});
}
