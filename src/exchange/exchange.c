// SPDX-License-Identifier: Apache-2.0
#define BANNED_EXCEPT_SYSTEM // links live as long as the process
#include "exchange/exchange.h"

#include "base/base64.h"
#include "exchange/link_priv.h"
#include "exchange/recover_priv.h"
#include "store/principal.h"
#include "sys/clock.h"
#include "sys/log.h"

#include <stdio.h>

#define LINK_ARENA_BYTES (4 * MIB)

struct link *exchange_find(struct exchange *ex, struct str party)
{
    struct link *found = NULL;
    pthread_mutex_lock(&ex->lock);
    for (size_t i = 0; i < ex->n_links; i++)
        if (str_eq(ex->links[i]->party, party))
            found = ex->links[i];
    pthread_mutex_unlock(&ex->lock);
    return found;
}

static enum err put_pem(struct arena *a, struct str der, struct str *out)
{
    struct buf coded = buf_in(a, 64 * KIB), b = buf_in(a, 64 * KIB);
    base64_put(&coded, der);
    TRY(coded.err);
    buf_put(&b, STR("-----BEGIN CERTIFICATE-----\n"));
    for (struct str rest = buf_str(&coded); rest.len; rest = str_from(rest, 64)) {
        buf_put(&b, str_to(rest, 64));
        buf_put_byte(&b, '\n');
    }
    buf_put(&b, STR("-----END CERTIFICATE-----\n"));
    return buf_end(&b, out);
}

// Everything that the agreement fixes. The note's text is copied into the link's arena.
static enum err read_agreement(struct link *link, struct str note, struct str *why)
{
    struct ledger_fault fault = {0};
    bool signed_by[2];
    TRY(str_copy(&link->arena, note, &note));
    enum err e = ledger_agreement_open(&link->arena, note, &link->agreement, signed_by, &fault);
    *why = str_of(fault.where.why ? fault.where.why : "the agreement does not verify");
    TRY(e);
    *why = STR("the agreement is not signed by both roots; each side runs: bongsu link sign");
    if (!signed_by[0] || !signed_by[1])
        return ERR_DENIED;
    link->us = ledger_agreement_party(&link->agreement, link->exchange->config.party);
    link->them = ledger_agreement_other(&link->agreement, link->exchange->config.party);
    *why = STR("this node's party is not one of the agreement's two");
    if (!link->us || !link->them)
        return ERR_INVALID;
    link->party = link->them->id;
    return put_pem(&link->arena, link->them->certificate, &link->certificate_pem);
}

// What makes a link useless but harms nothing: a new one is refused for it, a node that has one
// says so and serves all the same.
static enum err check_usable(struct link *link, struct str *why)
{
    struct http_certificate ours;
    *why = STR("the agreement is over");
    if (link->agreement.not_after_us < clock_now_us())
        return ERR_DENIED;
    *why = STR("the agreement names another TLS key for this node than keys/tls.crt");
    TRY(http_certificate_read(link->exchange->config.identity.certificate_pem, &ours));
    return memcmp(ours.pin, link->us->spki.bytes, sizeof ours.pin) == 0 ? ERR_OK : ERR_INVALID;
}

static void link_stop(struct link *link)
{
    atomic_store(&link->is_cancelled, true);
    pthread_mutex_lock(&link->lock);
    link->is_stopping = true;
    pthread_cond_signal(&link->wake);
    pthread_mutex_unlock(&link->lock);
}

void link_free(struct link *link)
{
    if (link->has_thread) {
        link_stop(link);
        pthread_join(link->thread, NULL);
    }
    arena_release(&link->arena);
    free(link);
}

enum err link_new(struct exchange *ex, struct str note, struct link **out, struct str *why)
{
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        abort();
    arena_init(&link->arena, LINK_ARENA_BYTES);
    link->exchange = ex;
    pthread_mutex_init(&link->turn, NULL);
    pthread_mutex_init(&link->lock, NULL);
    pthread_cond_init(&link->wake, NULL);
    enum err e = read_agreement(link, note, why);
    if (e != ERR_OK) {
        link_free(link);
        return e;
    }
    *out = link;
    return ERR_OK;
}

static void set_address(struct link *link, struct str address)
{
    pthread_mutex_lock(&link->lock);
    snprintf(link->address, sizeof link->address, "%.*s", STR_ARG(address));
    pthread_mutex_unlock(&link->lock);
}

// From here on the link is found by its party, and its thread runs.
static enum err link_begin(struct exchange *ex, struct link *link)
{
    pthread_mutex_lock(&ex->lock);
    bool has_room = ex->n_links < LINKS_MAX;
    if (has_room)
        ex->links[ex->n_links++] = link;
    pthread_mutex_unlock(&ex->lock);
    if (!has_room)
        return ERR_LIMIT;
    link->has_thread = pthread_create(&link->thread, NULL, link_thread, link) == 0;
    return link->has_thread ? ERR_OK : ERR_BUSY;
}

// What the store and the signer's journal say of one log must fit together (trust reference
// 4.1): the store is never behind the journal, and what it holds as signed (cosigned, for the
// partner's log) is never ahead of it.
static enum err check_log(struct link *link, struct arena *a, bool is_ours, struct str *why)
{
    struct store_txn *t;
    struct ledger_head latest;
    struct ledger_hash root;
    struct store_log log;
    struct store_checkpoint last = {0};
    int64_t id = is_ours ? link->own_log : link->their_log;
    struct str origin = is_ours ? link->us->log.name : link->them->log.name;
    TRY(signer_state(link->exchange->config.signer, origin, &latest));
    TRY(store_read_begin(link->exchange->config.store, &t));
    struct log_rows rows = {.txn = t, .log_id = id};
    struct ledger_reader reader = log_reader(&rows);
    enum err e = store_checkpoint_newest(
        t, a, id, is_ours ? STORE_CHECKPOINT_SIGNED : STORE_CHECKPOINT_COSIGNED, &last);
    if (e == ERR_OK || e == ERR_NOT_FOUND)
        e = store_log_get(t, a, id, &log);
    bool is_behind = e == ERR_OK && log.size < latest.size;
    if (e == ERR_OK && !is_behind)
        e = ledger_root_read(&reader, latest.size, &root);
    store_read_end(t);
    TRY(e);
    *why = STR("L1: the store is older than what this node has signed: it was restored from a "
               "copy. Put the newer store back, or run: bongsu recover");
    if (is_behind)
        return ERR_CORRUPT;
    *why =
        STR("L1: signer.journal is older than what the store holds as signed: it was lost or "
            "replaced. Put the newer journal back, or run: bongsu recover");
    if (last.size > latest.size)
        return ERR_CORRUPT;
    *why = STR(
        "L1: the store's ledger is not the one that this node has signed: damage or tampering");
    return ledger_hash_eq(&root, &latest.root) ? ERR_OK : ERR_CORRUPT;
}

static enum err check_journal(struct link *link, struct arena *a, struct str *why)
{
    TRY(check_log(link, a, true, why));
    return check_log(link, a, false, why);
}

struct add_work {
    struct link *link;
    int64_t principal;
    bool is_asked_for; // by a person, not found in the store at start
    struct store_link row;
};

static enum err open_log(struct store_txn *t, struct link *link, bool is_ours, int64_t *id)
{
    const struct ledger_party *author = is_ours ? link->us : link->them,
                              *other = is_ours ? link->them : link->us;
    const struct store_log log = {.origin = author->log.name,
        .partner_origin = other->log.name,
        .party = link->party,
        .is_ours = is_ours,
        .epoch = 1};
    return store_log_open(t, &log, id);
}

static enum err add_link_work(struct store_txn *t, void *context)
{
    struct add_work *work = context;
    TRY(open_log(t, work->link, true, &work->link->own_log));
    TRY(open_log(t, work->link, false, &work->link->their_log));
    TRY(store_link_put(t, &work->row));
    return work->is_asked_for ? link_audit(t, work->principal, "link.add", work->row.party)
                              : ERR_OK;
}

struct str link_state_word(const struct link *link)
{
    return link->is_frozen ? STR("frozen") : link->is_paused ? STR("paused") : STR("live");
}

// A link that is added again stays as its officers left it.
static struct str state_of(struct link *known)
{
    if (!known)
        return STR("live");
    pthread_mutex_lock(&known->lock);
    struct str word = link_state_word(known);
    pthread_mutex_unlock(&known->lock);
    return word;
}

static const struct str mode_words[] = {[EXCHANGE_PUSH] = STR_INIT("push"),
    [EXCHANGE_PULL] = STR_INIT("pull"),
    [EXCHANGE_FILE] = STR_INIT("file")};

struct str exchange_mode_word(enum exchange_mode mode)
{
    return mode_words[mode];
}

enum exchange_mode exchange_mode_parse(struct str word)
{
    enum exchange_mode mode = 0;
    while (mode < EXCHANGE_MODES && !str_eq(word, mode_words[mode]))
        mode++;
    return mode;
}

// A log that this node has signed cannot begin again: the store that held it is gone.
static enum err check_unsigned(struct link *link, struct str *why)
{
    struct ledger_head latest;
    *why = STR("the signer could not be asked");
    TRY(signer_state(link->exchange->config.signer, link->us->log.name, &latest));
    *why = STR("L1: this node has signed entries for that link which its store does not hold: "
               "it was restored from a copy. Put the newer store back");
    return latest.size ? ERR_CORRUPT : ERR_OK;
}

enum err exchange_link_add(struct exchange *ex, int64_t principal, struct str note,
    struct str address, struct str *why)
{
    struct link *link;
    TRY(link_new(ex, note, &link, why));
    enum err e = check_usable(link, why);
    if (e != ERR_OK) {
        link_free(link);
        return e;
    }
    struct link *known = exchange_find(ex, link->party);
    *why = STR("there is a link with that party under another agreement");
    bool is_same = known && ledger_hash_eq(&known->agreement.digest, &link->agreement.digest);
    if (known && !is_same) {
        link_free(link);
        return ERR_CONFLICT;
    }
    e = known ? ERR_OK : check_unsigned(link, why);
    if (e != ERR_OK) {
        link_free(link);
        return e;
    }
    struct add_work work = {.link = known ? known : link,
        .principal = principal,
        .is_asked_for = true,
        .row = {.party = link->party,
            .agreement = note,
            .state = state_of(known),
            .address = address,
            .added_us = clock_now_us()}};
    memcpy(work.row.digest, link->agreement.digest.bytes, STORE_AGREEMENT_DIGEST_BYTES);
    *why = STR("the link could not be stored");
    e = store_write(ex->config.store, add_link_work, &work, STORE_NORMAL);
    if (e != ERR_OK || known) {
        if (e == ERR_OK)
            set_address(known, address);
        link_free(link);
        return e;
    }
    link->added_us = work.row.added_us;
    set_address(link, address);
    signer_reload(ex->config.signer); // the offer made a log key
    return link_begin(ex, link);
}

static enum err load_link(
    struct exchange *ex, struct arena *a, const struct store_link *row, struct str *why)
{
    struct link *link;
    TRY(link_new(ex, row->agreement, &link, why));
    struct add_work work = {.link = link, .row = *row};
    enum err e = store_write(ex->config.store, add_link_work, &work, STORE_NORMAL);
    if (e == ERR_OK)
        e = check_journal(link, a, why);
    if (e == ERR_OK)
        e = recover_check_ahead(link, a, row->address, why);
    if (e != ERR_OK) {
        link_free(link);
        return e;
    }
    link->added_us = row->added_us;
    link->is_paused = str_eq(row->state, STR("paused"));
    link->is_frozen = str_eq(row->state, STR("frozen"));
    link->mode = exchange_mode_parse(row->mode);
    if (link->is_frozen)
        log_error("link.frozen", "party=%.*s state=since-before", STR_ARG(link->party));
    set_address(link, row->address);
    struct str flaw;
    if (check_usable(link, &flaw) != ERR_OK)
        log_warn("link.unusable", "party=%.*s why=%s", STR_ARG(link->party), log_text(flaw));
    return link_begin(ex, link);
}

enum err exchange_start(struct arena *a, const struct exchange_config *config,
    struct exchange **out, struct str *why)
{
    struct store_txn *t;
    struct store_links rows;
    struct exchange *ex = NEW(a, struct exchange);
    if (!ex)
        return ERR_LIMIT;
    ex->config = *config;
    pthread_mutex_init(&ex->lock, NULL);
    *why = STR("the links could not be read");
    TRY(store_read_begin(config->store, &t));
    enum err e = store_link_all(t, a, &rows);
    store_read_end(t);
    for (size_t i = 0; e == ERR_OK && i < rows.n; i++)
        e = load_link(ex, a, &rows.items[i], why);
    if (e == ERR_OK)
        *out = ex;
    else
        exchange_stop(ex);
    return e;
}

void exchange_stop(struct exchange *ex)
{
    for (size_t i = 0; ex && i < ex->n_links; i++)
        link_stop(ex->links[i]); // all of them at once: none waits for another's partner
    for (size_t i = 0; ex && i < ex->n_links; i++)
        link_free(ex->links[i]);
    if (ex)
        ex->n_links = 0;
}

void exchange_wake(struct exchange *ex, struct str party)
{
    struct link *link = exchange_find(ex, party);
    if (!link)
        return;
    pthread_mutex_lock(&link->lock);
    link->is_woken = true;
    pthread_cond_signal(&link->wake);
    pthread_mutex_unlock(&link->lock);
}

enum err link_audit(
    struct store_txn *t, int64_t principal, const char *action, struct str party)
{
    const struct store_audit event = {.at_us = clock_now_us(),
        .principal = principal,
        .action = str_of(action),
        .target = party};
    return store_audit_add(t, &event);
}

struct state_work {
    int64_t principal;
    struct str party, state;
};

static enum err set_state_work(struct store_txn *t, void *context)
{
    struct state_work *work = context;
    struct store_link row;
    struct arena scratch;
    arena_init(&scratch, MIB);
    enum err e = store_link_by_party(t, &scratch, work->party, &row);
    bool is_frozen = e == ERR_OK && str_eq(row.state, STR("frozen"));
    arena_release(&scratch);
    TRY(e);
    if (is_frozen)
        return ERR_CONFLICT;
    TRY(store_link_set_state(t, work->party, work->state));
    return link_audit(t, work->principal, "link.state", work->party);
}

enum err exchange_link_set_state(
    struct exchange *ex, int64_t principal, struct str party, struct str state)
{
    struct link *link = exchange_find(ex, party);
    struct state_work work = {principal, party, state};
    if (!link)
        return ERR_NOT_FOUND;
    TRY(store_write(ex->config.store, set_state_work, &work, STORE_NORMAL));
    pthread_mutex_lock(&link->lock);
    link->is_paused = str_eq(state, STR("paused"));
    pthread_mutex_unlock(&link->lock);
    exchange_wake(ex, party);
    return ERR_OK;
}

bool exchange_request_begin(struct exchange *ex, struct str party)
{
    struct link *link = exchange_find(ex, party);
    if (!link)
        return false;
    pthread_mutex_lock(&link->lock);
    bool has_room = link->n_requests < PARTNER_REQUESTS_MAX;
    link->n_requests += has_room;
    pthread_mutex_unlock(&link->lock);
    return has_room;
}

void exchange_request_end(struct exchange *ex, struct str party)
{
    struct link *link = exchange_find(ex, party);
    if (!link)
        return;
    pthread_mutex_lock(&link->lock);
    link->n_requests--;
    pthread_mutex_unlock(&link->lock);
}

static enum err set_mode_work(struct store_txn *t, void *context)
{
    struct state_work *work = context;
    TRY(store_link_set_mode(t, work->party, work->state));
    return link_audit(t, work->principal, "link.mode", work->party);
}

enum err exchange_link_set_mode(
    struct exchange *ex, int64_t principal, struct str party, enum exchange_mode mode)
{
    struct link *link = exchange_find(ex, party);
    struct state_work work = {principal, party, mode_words[mode]};
    if (!link)
        return ERR_NOT_FOUND;
    TRY(store_write(ex->config.store, set_mode_work, &work, STORE_NORMAL));
    pthread_mutex_lock(&link->lock);
    link->mode = mode;
    pthread_mutex_unlock(&link->lock);
    exchange_wake(ex, party);
    return ERR_OK;
}

bool exchange_party_of_pin(struct exchange *ex, const unsigned char pin[static HTTP_PIN_BYTES],
    struct arena *a, struct str *party)
{
    bool found = false;
    pthread_mutex_lock(&ex->lock);
    for (size_t i = 0; i < ex->n_links && !found; i++) {
        struct link *link = ex->links[i];
        found = memcmp(link->them->spki.bytes, pin, HTTP_PIN_BYTES) == 0 &&
                str_copy(a, link->party, party) == ERR_OK;
    }
    pthread_mutex_unlock(&ex->lock);
    return found;
}
