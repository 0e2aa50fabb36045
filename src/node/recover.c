// SPDX-License-Identifier: Apache-2.0
// `bongsu recover`: what a restored store, or a lost journal, needs before the node serves
// again. The partners have it.
#include "exchange/recover.h"
#include "base/limits.h"
#include "cli/output.h"
#include "crypto/sign.h"
#include "ledger/statement.h"
#include "node/folder.h"
#include "node/identity.h"
#include "node/journal.h"
#include "node/node.h"
#include "sys/file.h"
#include "json/write.h"

#include <unistd.h>

struct bringing_back {
    struct cli *cli;
    const char *dir;
    struct node_conf conf;
    struct http_identity identity;
    struct str statement;
    struct journal *journal;
    struct store *store;
    int lock_fd;
    struct buf lost; // JSON items
    struct json_out lost_out;
};

static struct ledger_head signed_head(void *context, struct str origin)
{
    const struct bringing_back *b = context;
    return journal_latest(b->journal, origin);
}

static enum err sign_head(void *context, struct str origin, const struct ledger_head *head)
{
    struct bringing_back *b = context;
    return journal_append(b->journal, origin, head);
}

static void on_lost(void *context, const struct exchange_lost *lost)
{
    struct bringing_back *b = context;
    if (!b->cli->json) {
        SAY(b->cli, MSG_LOST,
            .args = {lost->party, cli_number(b->cli, lost->idx), lost->release_id,
                cli_number(b->cli, lost->n)});
        return;
    }
    json_begin_object(&b->lost_out);
    json_member_string(&b->lost_out, STR("party"), lost->party);
    json_member_int(&b->lost_out, STR("entry"), (int64_t)lost->idx);
    json_member_string(&b->lost_out, STR("release"), lost->release_id);
    json_member_int(&b->lost_out, STR("objects"), (int64_t)lost->n);
    json_end_object(&b->lost_out);
}

// What the partner's root has said of a TLS key that the store does not know.
static enum exit_code read_statement(struct bringing_back *b)
{
    const char *path = cli_option(b->cli, "statement");
    b->statement = STR("");
    if (!path)
        return EXIT_DONE;
    if (!cli_option(b->cli, "party"))
        return FAIL(b->cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("party, --address")});
    return cli_read_file(b->cli, path, LEDGER_STATEMENT_BYTES_MAX, &b->statement);
}

static enum exit_code open_files(struct bringing_back *b)
{
    struct arena *a = &b->cli->arena;
    const char *journal, *path, *destroyed;
    struct fault fault = {0};
    if (path_join(a, b->dir, "signer.journal", &journal) != ERR_OK ||
        path_join(a, b->dir, "store.db", &path) != ERR_OK ||
        path_join(a, b->dir, "destroyed.log", &destroyed) != ERR_OK)
        return EXIT_SYSTEM;
    if (!file_exists(path))
        return FAIL(b->cli, EXIT_SYSTEM, MSG_STORE_MISSING, .args = {str_of(path)});
    enum err e = journal_open(a, journal, &b->journal);
    if (e != ERR_OK)
        return FAIL(b->cli, exit_code_of(e), MSG_SYSTEM_AT,
            .args = {str_of(journal), str_of(err_text(e))});
    const struct store_config config = {.path = path, .destroyed_path = destroyed};
    e = store_open(&config, &b->store, &fault);
    if (e != ERR_OK)
        return FAIL(b->cli, exit_code_of(e), MSG_SYSTEM,
            .args = {str_of(fault.why ? fault.why : err_text(e))});
    return EXIT_DONE;
}

static void print_json(struct bringing_back *b, const struct exchange_recoveries *done)
{
    struct buf text = buf_in(&b->cli->arena, 16 * MIB);
    struct json_out o = json_out(&text);
    json_begin_object(&o);
    json_put_key(&o, STR("links"));
    json_begin_array(&o);
    for (size_t i = 0; i < done->n; i++) {
        const struct exchange_recovered *d = &done->items[i];
        json_begin_object(&o);
        json_member_string(&o, STR("party"), d->party);
        json_member_int(&o, STR("entries"), (int64_t)(d->own_to - d->own_from));
        json_member_int(&o, STR("peer_entries"), (int64_t)(d->their_to - d->their_from));
        json_member_int(&o, STR("objects"), (int64_t)d->objects);
        json_member_int(&o, STR("lost"), (int64_t)d->lost);
        json_end_object(&o);
    }
    json_end_array(&o);
    json_end_array(&b->lost_out);
    json_member_raw(&o, STR("lost"), buf_str(&b->lost));
    json_end_object(&o);
    cli_print_line(buf_str(&text));
}

static void print_done(struct bringing_back *b, const struct exchange_recoveries *done)
{
    struct cli *cli = b->cli;
    if (cli->json) {
        print_json(b, done);
        return;
    }
    for (size_t i = 0; i < done->n; i++) {
        const struct exchange_recovered *d = &done->items[i];
        SAY(cli, MSG_RECOVERED,
            .args = {d->party, cli_number(cli, d->own_to - d->own_from),
                cli_number(cli, d->their_to - d->their_from), cli_number(cli, d->objects)});
    }
    SAY(cli, MSG_RECOVERED_ALL, .args = {str_of(b->dir)});
}

static enum exit_code recover(struct bringing_back *b)
{
    struct exchange_recoveries done = {0};
    struct str why = {"", 0};
    const struct exchange_recover how = {.store = b->store,
        .identity = b->identity,
        .party = b->conf.party,
        .partner = cli_option_or(b->cli, "party", ""),
        .address = cli_option_or(b->cli, "address", ""),
        .statement = b->statement,
        .context = b,
        .signed_head = signed_head,
        .sign_head = sign_head,
        .lost = on_lost};
    b->lost = buf_in(&b->cli->arena, 8 * MIB);
    b->lost_out = json_out(&b->lost);
    json_begin_array(&b->lost_out);
    enum err e = exchange_recover(&b->cli->arena, &how, &done, &why);
    if (e != ERR_OK && done.n)
        return FAIL(b->cli, exit_code_of(e), MSG_NOT_RECOVERED,
            .args = {done.items[done.n - 1].party, why});
    if (e != ERR_OK)
        return FAIL(b->cli, exit_code_of(e), MSG_PLAIN, .args = {why});
    print_done(b, &done);
    return EXIT_DONE;
}

enum exit_code node_recover(struct cli *cli)
{
    struct bringing_back b = {.cli = cli, .lock_fd = -1};
    enum exit_code code = cli_need_node(cli);
    if (code != EXIT_DONE)
        return code;
    b.dir = cli->node_dir;
    code = sign_init() == ERR_OK ? folder_conf(cli, b.dir, &b.conf) : EXIT_SYSTEM;
    if (code == EXIT_DONE && !cli_option(cli, "party") != !cli_option(cli, "address"))
        code = FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("party, --address")});
    if (code == EXIT_DONE)
        code = folder_lock(cli, b.dir, &b.lock_fd);
    if (code == EXIT_DONE)
        code = identity_open(cli, b.dir, &b.identity);
    if (code == EXIT_DONE)
        code = read_statement(&b);
    if (code == EXIT_DONE)
        code = open_files(&b);
    if (code == EXIT_DONE)
        code = recover(&b);
    if (b.store)
        store_close(b.store);
    if (b.journal)
        journal_close(b.journal);
    http_identity_wipe(&b.identity);
    if (b.lock_fd >= 0)
        close(b.lock_fd);
    return code;
}
