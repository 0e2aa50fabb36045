// SPDX-License-Identifier: Apache-2.0
// Wiring: signer, store, links, server; then wait for the signal to stop and take it all down
// in order.
#include "api/api.h"
#include "base/limits.h"
#include "crypto/sign.h"
#include "exchange/keys.h"
#include "node/folder.h"
#include "node/identity.h"
#include "node/node.h"
#include "node/schedule.h"
#include "store/restored.h"
#include "sys/file.h"
#include "sys/log.h"
#include "sys/process.h"
#include "sys/sandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FREED_BYTES (4 * MIB) // of memory kept for the next request

struct running {
    struct cli *cli;
    struct arena *arena;
    const char *dir;
    struct node_conf conf;
    struct http_identity identity;
    struct http_identity next; // waits for the partners; empty: none
    const char *spool;
    int lock_fd;
    struct signer *signer;
    struct store *store;
    struct exchange *exchange;
    struct schedule *schedule;
    struct http_server *server;
    struct api *api;
    struct api_rules *rules;
    struct api_views *views;
    struct api_feeds *feeds;
};

static enum exit_code fail(struct running *r, enum err e, struct str what)
{
    return FAIL(r->cli, e == ERR_OK ? EXIT_SYSTEM : exit_code_of(e), MSG_SYSTEM_AT,
        .args = {what, str_of(err_text(e))});
}

static enum exit_code read_conf(struct running *r)
{
    enum exit_code code = folder_conf(r->cli, r->dir, &r->conf);
    if (code == EXIT_DONE && cli_option(r->cli, "listen"))
        r->conf.listen = str_of(cli_option(r->cli, "listen"));
    return code;
}

static enum exit_code read_identity(struct running *r)
{
    enum exit_code code = identity_open(r->cli, r->dir, &r->identity);
    if (code != EXIT_DONE)
        return code;
    enum err e = identity_read_next(r->arena, r->dir, &r->next);
    return e == ERR_OK ? EXIT_DONE : fail(r, e, STR("keys/tls-new.crt or keys/tls-new.key"));
}

static enum exit_code start_signer(struct running *r)
{
    enum err e = signer_start(r->dir, &r->signer);
    return e == ERR_OK ? EXIT_DONE : fail(r, e, STR("the signer did not start"));
}

#define FILES_BESIDE 3 // of the store: its log, the log's index, the list of the destroyed

// The files that the node may write are these and no other: neither keys nor the journal. They
// are there before it confines itself, and stay the same files.
static enum err make_files(struct running *r, const char *store, const char *const *beside)
{
    const char *socket_path;
    TRY(path_join(r->arena, r->dir, "node.sock", &socket_path));
    if (access(store, F_OK) != 0)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < FILES_BESIDE; i++) {
        int fd = open(beside[i], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0)
            return ERR_IO;
        close(fd);
    }
    unlink(socket_path); // of a node that ended: we hold the lock
    enum err e = dir_make(r->spool, 0700);
    return e == ERR_CONFLICT ? ERR_OK : e;
}

static enum exit_code confine(struct running *r)
{
    const char *store, *beside[FILES_BESIDE];
    struct sandbox_state state;
    if (path_join(r->arena, r->dir, "store.db", &store) != ERR_OK ||
        path_join(r->arena, r->dir, "store.db-wal", &beside[0]) != ERR_OK ||
        path_join(r->arena, r->dir, "store.db-shm", &beside[1]) != ERR_OK ||
        path_join(r->arena, r->dir, "destroyed.log", &beside[2]) != ERR_OK ||
        path_join(r->arena, r->dir, "spool", &r->spool) != ERR_OK)
        return EXIT_SYSTEM;
    enum err e = make_files(r, store, beside);
    // `init` makes it. A new one here would stand for a lost ledger (L1).
    if (e == ERR_NOT_FOUND)
        return fail(r, ERR_IO, STR("store.db is missing: put it back"));
    const struct sandbox_path paths[] = {{store, SANDBOX_WRITE}, {beside[0], SANDBOX_WRITE},
        {beside[1], SANDBOX_WRITE}, {beside[2], SANDBOX_WRITE}, {r->spool, SANDBOX_FOLDER},
        {r->dir, SANDBOX_SOCKET}, {"/etc", SANDBOX_READ},
        {"/run/systemd/resolve", SANDBOX_READ}, // names of partners
        {"/usr/share/zoneinfo", SANDBOX_READ}, {"/dev/urandom", SANDBOX_READ},
        {"/dev/null", SANDBOX_WRITE}};
    if (e == ERR_OK)
        e = sandbox_server(paths, LEN(paths), &state);
    if (e != ERR_OK)
        return fail(r, e, STR("the node cannot confine itself"));
    log_info(
        "node.confined", "calls=%s landlock=%d", state.is_off ? "no" : "yes", state.landlock);
    return EXIT_DONE;
}

static enum exit_code open_store(struct running *r)
{
    const char *path, *destroyed;
    struct fault fault = {0};
    struct store_txn *t;
    struct store_restored restored;
    if (path_join(r->arena, r->dir, "store.db", &path) != ERR_OK ||
        path_join(r->arena, r->dir, "destroyed.log", &destroyed) != ERR_OK)
        return EXIT_SYSTEM;
    // More than the server's workers, so that a token can be looked up while all of them read.
    const struct store_config config = {
        .path = path, .destroyed_path = destroyed, .readers = 8};
    enum err e = store_open(&config, &r->store, &fault);
    if (e != ERR_OK)
        return fail(r, e, str_of(fault.why ? fault.why : path));
    e = store_read_begin(r->store, &t);
    if (e == ERR_OK) {
        e = store_restored_get(t, &restored);
        store_read_end(t);
    }
    if (e == ERR_OK)
        return fail(r, ERR_CORRUPT,
            STR("L1: this store was put back from a backup; before it serves, run: bongsu "
                "recover"));
    return e == ERR_NOT_FOUND ? EXIT_DONE : fail(r, e, STR("store.db"));
}

static enum exit_code start_exchange(struct running *r)
{
    struct str why = {"", 0};
    const struct exchange_config config = {.store = r->store,
        .signer = r->signer,
        .identity = r->identity,
        .party = r->conf.party};
    enum err e = exchange_start(r->arena, &config, &r->exchange, &why);
    if (e == ERR_OK && r->next.key_pem.len)
        e = exchange_offer_identity(r->exchange, &r->next);
    struct http_identity due;
    if (e == ERR_OK && exchange_identity_due(r->exchange, &due)) {
        exchange_set_identity(r->exchange, &due);
        r->identity = due;
    }
    return e == ERR_OK ? EXIT_DONE : fail(r, e, why);
}

static enum exit_code start_server(struct running *r)
{
    struct stat st;
    struct str why = STR("the server did not start");
    const char *socket_path, *listen;
    if (stat(r->dir, &st) != 0 ||
        path_join(r->arena, r->dir, "node.sock", &socket_path) != ERR_OK ||
        str_to_cstr(r->arena, r->conf.listen, &listen) != ERR_OK)
        return EXIT_SYSTEM;
    const struct api_config config = {.store = r->store,
        .exchange = r->exchange,
        .party = r->conf.party,
        .node = r->conf.node,
        .realm = r->conf.realm,
        .country = r->conf.country,
        .handling = r->conf.handling,
        .dir = r->dir,
        .owner = st.st_uid};
    struct api *api = r->api = api_new(r->arena, &config);
    if (!api)
        return EXIT_SYSTEM;
    const struct http_server_config server = {.address = listen,
        .identity = r->identity,
        .unix_path = socket_path,
        .spool_dir = r->spool,
        .handler = api_handler(api),
        .workers = 4,
        .keeps_alive_after_body = true};
    enum err e = http_server_start(r->arena, &server, &r->server, &why);
    if (e == ERR_OK)
        e = api_rules_start(api, r->arena, &r->rules);
    if (e == ERR_OK)
        e = api_views_start(api, r->arena, &r->views);
    if (e == ERR_OK)
        e = api_feeds_start(api, r->arena, &r->feeds);
    if (e == ERR_OK)
        return EXIT_DONE;
    return FAIL(r->cli, EXIT_SYSTEM, MSG_PLAIN, .args = {why});
}

// "https://127.0.0.1:40123" to the descriptor of --report-fd, and to the log.
static enum exit_code report_address(struct running *r)
{
    uint64_t fd;
    struct str host = r->conf.listen;
    struct buf b = buf_in(r->arena, KIB);
    while (host.len && host.ptr[host.len - 1] != ':')
        host.len--;
    buf_put(&b, STR("https://"));
    buf_put(&b, host);
    buf_put_u64(&b, http_server_port(r->server));
    buf_put_byte(&b, '\n');
    log_info("node.up", "party=%.*s address=%s", STR_ARG(r->conf.party),
        log_text(str_trim(buf_str(&b))));
    if (!cli_option(r->cli, "report-fd"))
        return EXIT_DONE;
    enum exit_code code = cli_option_number(r->cli, "report-fd", 0, &fd);
    if (code != EXIT_DONE)
        return code;
    if (fd > 1023 || file_write_fd((int)fd, buf_str(&b)) != ERR_OK)
        return FAIL(r->cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {STR("--report-fd")});
    close((int)fd);
    return EXIT_DONE;
}

static enum exit_code start_schedule(struct running *r)
{
    r->schedule = schedule_start(r->arena, r->store);
    return r->schedule ? EXIT_DONE : fail(r, ERR_BUSY, STR("the schedule did not start"));
}

// Another certificate of our key, or the next key once every partner knows it, is shown without
// a restart. Connections that are there keep what they have seen.
static void refresh_identity(struct running *r)
{
    struct http_identity next;
    if (!exchange_identity_due(r->exchange, &next))
        return;
    enum err e = http_server_set_identity(r->server, &next);
    if (e == ERR_OK)
        exchange_set_identity(r->exchange, &next);
    if (e == ERR_OK)
        log_info("identity.change", "what=certificate");
    else
        log_error("identity.change", "err=%s", err_name(e));
}

static void wait_for_stop(struct running *r, const sigset_t *signals)
{
    static const struct timespec second = {.tv_sec = 1};
    int got;
    while ((got = sigtimedwait(signals, NULL, &second)) < 0)
        refresh_identity(r);
    log_info("node.stop", "signal=%d", got);
}

static void take_down(struct running *r)
{
    if (r->server)
        http_server_stop(r->server); // lets jobs finish; after it nobody asks
    schedule_stop(r->schedule);
    api_feeds_stop(r->feeds);
    api_rules_stop(r->rules);
    api_views_stop(r->views);
    api_free(r->api);
    exchange_stop(r->exchange);
    if (r->store)
        store_close(r->store);
    signer_stop(r->signer);
    http_identity_wipe(&r->identity);
    http_identity_wipe(&r->next);
    if (r->lock_fd > 0)
        close(r->lock_fd);
}

enum exit_code node_serve(struct cli *cli)
{
    struct running r = {.cli = cli, .arena = &cli->arena};
    sigset_t signals;
    enum exit_code code = cli_need_node(cli);
    if (code != EXIT_DONE)
        return code;
    r.dir = cli->node_dir;
    process_keep_freed(FREED_BYTES);
    // Blocked before any thread starts, so that only wait_for_stop takes them.
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    code = sign_init() == ERR_OK ? read_conf(&r) : EXIT_SYSTEM;
    if (code == EXIT_DONE)
        code = folder_lock(cli, r.dir, &r.lock_fd);
    if (code == EXIT_DONE)
        code = read_identity(&r);
    if (code == EXIT_DONE)
        code = start_signer(&r);
    if (code == EXIT_DONE)
        code = confine(&r);
    if (code == EXIT_DONE)
        code = open_store(&r);
    if (code == EXIT_DONE)
        code = start_exchange(&r);
    if (code == EXIT_DONE)
        code = start_schedule(&r);
    if (code == EXIT_DONE)
        code = start_server(&r);
    if (code == EXIT_DONE)
        code = report_address(&r);
    if (code == EXIT_DONE)
        wait_for_stop(&r, &signals);
    take_down(&r);
    return code;
}
