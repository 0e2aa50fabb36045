// SPDX-License-Identifier: Apache-2.0
#define BANNED_EXCEPT_SYSTEM // links live as long as the process
#include "exchange/exchange.h"

#include "base/base64.h"
#include "exchange/keys.h"
#include "exchange/link_priv.h"
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

// What makes a link useless but harms nothing: a new one is refused for it, a node that has one
// says so and serves all the same.
static enum err check_usable(struct link *link, struct str *why)
{
    struct http_certificate ours;
    *why = STR("the agreement is over");
    if (link->agreements[link->n_agreements - 1].not_after_us < clock_now_us())
        return ERR_DENIED;
    *why = STR("the agreement names another TLS key for this node than keys/tls.crt");
    TRY(exchange_certificate(link->exchange, &ours));
    struct ledger_hash pin;
    memcpy(pin.bytes, ours.pin, sizeof ours.pin);
    bool is_named = link->ours.n ? ledger_keyring_has_pin(&link->ours, &pin)
                                 : ledger_hash_eq(&link->us->spki, &pin);
    return is_named ? ERR_OK : ERR_INVALID;
}

void link_free(struct link *link)
{
    if (link->has_thread) {
        pthread_mutex_lock(&link->lock);
        link->is_stopping = true;
        pthread_cond_signal(&link->wake);
        pthread_mutex_unlock(&link->lock);
        pthread_join(link->thread, NULL);
    }
    arena_release(&link->keys);
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
    enum err e = link_take_agreement(link, note, why);
    if (e != ERR_OK) {
        link_free(link);
        return e;
    }
    *out = link;
    return ERR_OK;
}

void link_set_address(struct link *link, struct str address)
{
    pthread_mutex_lock(&link->lock);
    snprintf(link->address, sizeof link->address, "%.*s", STR_ARG(address));
    pthread_mutex_unlock(&link->lock);
}

// From here on the link is found by its party, and its thread runs.
enum err link_begin(struct exchange *ex, struct link *link)
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
    *why = STR("the signer could not be asked");
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
               "copy. Do not serve it; put the newer store back");
    if (is_behind)
        return ERR_CORRUPT;
    *why =
        STR("L1: signer.journal is older than what the store holds as signed: it was lost or "
            "replaced. Do not serve; put the newer journal back");
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
    struct store_link row;
};

// The log of the newest epoch; at the first link a log that is named in the agreement.
static enum err open_log(struct store_txn *t, struct link *link, bool is_ours, int64_t *id)
{
    struct ledger_party *author = &link->parties[is_ours ? 0 : 1];
    const struct store_log first = {.origin = author->log.name,
        .partner_origin = link->parties[is_ours ? 1 : 0].log.name,
        .party = link->party,
        .is_ours = is_ours,
        .epoch = 1};
    struct store_log newest;
    enum err e = store_log_by_party(t, &link->arena, link->party, is_ours, &newest);
    if (e == ERR_NOT_FOUND)
        return store_log_open(t, &first, id);
    TRY(e);
    *id = newest.id;
    author->log.name = newest.origin;
    return ERR_OK;
}

enum err link_open_logs(struct store_txn *t, struct link *link)
{
    TRY(open_log(t, link, true, &link->own_log));
    return open_log(t, link, false, &link->their_log);
}

static enum err add_link_work(struct store_txn *t, void *context)
{
    struct add_work *work = context;
    struct store_agreement agreement = {
        .note = work->row.agreement, .added_us = work->row.added_us};
    memcpy(agreement.digest, work->row.digest, sizeof agreement.digest);
    TRY(link_open_logs(t, work->link));
    TRY(store_link_put(t, &work->row));
    TRY(store_agreement_put(t, work->row.party, &agreement));
    return link_audit(t, work->principal, "link.add", work->row.party);
}

// A link that is added again stays as its officers left it.
static struct str state_of(struct link *known)
{
    if (!known)
        return STR("live");
    pthread_mutex_lock(&known->lock);
    bool is_paused = known->is_paused;
    pthread_mutex_unlock(&known->lock);
    return is_paused ? STR("paused") : STR("live");
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

static enum err count_check(struct exchange *ex, struct str *why)
{
    pthread_mutex_lock(&ex->lock);
    bool has_room = ex->n_links < LINKS_MAX;
    pthread_mutex_unlock(&ex->lock);
    *why = STR("this node has as many links as it can hold: 64; remove one");
    return has_room ? ERR_OK : ERR_LIMIT;
}

bool link_has_agreement(struct link *link, const struct ledger_hash *digest)
{
    struct ledger_hash all[LINK_AGREEMENTS_MAX];
    size_t n = link_digests(link, all);
    while (n && !ledger_hash_eq(&all[n - 1], digest))
        n--;
    return n > 0;
}

enum err link_fits(struct link *link, const struct ledger_agreement *agreement, struct str *why)
{
    const struct ledger_party *us = ledger_agreement_party(agreement, link->us->id);
    const struct ledger_party *them = ledger_agreement_party(agreement, link->party);
    *why = STR("the agreement names other keys than those in force; make the offers again, or "
               "let the roots certify new keys first: bongsu key");
    return us && them && ledger_keyring_fits(&link->ours, us) &&
                   ledger_keyring_fits(&link->theirs, them)
               ? ERR_OK
               : ERR_INVALID;
}

// A link as the store has it: everything but its thread.
enum err link_restore(
    struct exchange *ex, struct arena *a, struct str party, struct link **out, struct str *why)
{
    struct store_txn *t;
    struct store_agreements rows;
    struct link *link = NULL;
    *why = STR("the link could not be read");
    TRY(store_read_begin(ex->config.store, &t));
    enum err e = store_agreements_of(t, a, party, &rows);
    if (e == ERR_OK && rows.n == 0)
        e = ERR_NOT_FOUND;
    if (e == ERR_OK)
        e = link_new(ex, rows.items[0].note, &link, why);
    for (size_t i = 1; e == ERR_OK && i < rows.n; i++)
        e = link_take_agreement(link, rows.items[i].note, why);
    if (e == ERR_OK)
        e = link_open_logs(t, link);
    store_read_end(t);
    if (e == ERR_OK)
        e = link_keys_load(link);
    if (e == ERR_OK)
        e = check_journal(link, a, why);
    if (e == ERR_OK)
        *out = link;
    else if (link)
        link_free(link);
    return e;
}

static enum err store_new(struct add_work *work, struct str *why)
{
    struct link *link = work->link;
    TRY(check_usable(link, why));
    *why = STR("the link could not be stored");
    TRY(store_write(link->exchange->config.store, add_link_work, work, STORE_NORMAL));
    TRY(link_keys_load(link));
    link->added_us = work->row.added_us;
    link_set_address(link, work->row.address);
    signer_reload(link->exchange->config.signer); // the offer made a log key
    return link_begin(link->exchange, link);
}

// A party without a link: one that never had any, or whose link was removed and whose ledgers
// go on.
static enum err add_new(struct add_work *work, struct link *given, struct str *why)
{
    struct exchange *ex = given->exchange;
    struct arena a;
    struct link *link = NULL;
    const struct ledger_agreement *agreement = &given->agreements[0];
    arena_init(&a, LINK_ARENA_BYTES);
    enum err e = link_restore(ex, &a, given->party, &link, why);
    arena_release(&a);
    if (e == ERR_NOT_FOUND) {
        TRY(check_unsigned(given, why));
        work->link = given;
        return store_new(work, why);
    }
    if (e == ERR_OK && !link_has_agreement(link, &agreement->digest)) {
        e = link_fits(link, agreement, why);
        if (e == ERR_OK)
            e = link_take_agreement(link, work->row.agreement, why);
    }
    work->link = link;
    if (e == ERR_OK)
        e = store_new(work, why);
    if (link && e != ERR_OK)
        link_free(link);
    if (e == ERR_OK)
        link_free(given);
    return e;
}

static enum err add_again(struct add_work *work, struct link *known, struct str *why)
{
    pthread_mutex_lock(&known->turn);
    enum err e = check_usable(known, why);
    pthread_mutex_unlock(&known->turn);
    TRY(e);
    work->link = known;
    work->row.state = state_of(known);
    *why = STR("the link could not be stored");
    TRY(store_write(known->exchange->config.store, add_link_work, work, STORE_NORMAL));
    link_set_address(known, work->row.address);
    return ERR_OK;
}

static enum err add_given(struct exchange *ex, struct add_work *work, struct link *given,
    bool *is_used, struct str *why)
{
    struct link *known = exchange_find(ex, given->party);
    struct ledger_hash accepted;
    work->row.party = given->party;
    memcpy(work->row.digest, given->agreements[0].digest.bytes, STORE_AGREEMENT_DIGEST_BYTES);
    if (!known) {
        TRY(count_check(ex, why));
        *is_used = true;
        return add_new(work, given, why);
    }
    accepted = link_accepted(known);
    *why = STR("there is a link with that party under another agreement; to replace it: bongsu "
               "link renew");
    return ledger_hash_eq(&accepted, &given->agreements[0].digest) ? add_again(work, known, why)
                                                                   : ERR_CONFLICT;
}

enum err exchange_link_add(struct exchange *ex, int64_t principal, struct str note,
    struct str address, struct str *why)
{
    struct link *given;
    bool is_used = false;
    struct add_work work = {.principal = principal,
        .row = {.agreement = note,
            .state = STR("live"),
            .address = address,
            .added_us = clock_now_us()}};
    TRY(link_new(ex, note, &given, why));
    pthread_mutex_lock(&ex->changing);
    enum err e = add_given(ex, &work, given, &is_used, why);
    pthread_mutex_unlock(&ex->changing);
    if (e != ERR_OK || !is_used)
        link_free(given);
    return e;
}

enum err link_load(
    struct exchange *ex, struct arena *a, const struct store_link *row, struct str *why)
{
    struct link *link;
    struct str flaw;
    TRY(link_restore(ex, a, row->party, &link, why));
    link->added_us = row->added_us;
    link->is_paused = str_eq(row->state, STR("paused"));
    link_set_address(link, row->address);
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
    ex->identity = config->identity;
    arena_init(&ex->identities, MIB);
    pthread_mutex_init(&ex->lock, NULL);
    pthread_mutex_init(&ex->changing, NULL);
    *why = STR("the links could not be read");
    TRY(store_read_begin(config->store, &t));
    enum err e = store_link_all(t, a, &rows);
    store_read_end(t);
    for (size_t i = 0; e == ERR_OK && i < rows.n; i++)
        if (!str_eq(rows.items[i].state, STR("removed")))
            e = link_load(ex, a, &rows.items[i], why);
    if (e == ERR_OK)
        *out = ex;
    else
        exchange_stop(ex);
    return e;
}

void exchange_stop(struct exchange *ex)
{
    for (size_t i = 0; ex && i < ex->n_links; i++)
        link_free(ex->links[i]);
    while (ex && ex->retired) {
        struct link *link = ex->retired;
        ex->retired = link->next_retired;
        link_free(link);
    }
    if (ex) {
        ex->n_links = 0;
        arena_release(&ex->identities);
    }
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

static bool has_pin(struct link *link, const unsigned char pin[static HTTP_PIN_BYTES])
{
    bool found = false;
    pthread_mutex_lock(&link->lock);
    for (size_t i = 0; i < link->n_pins; i++)
        found |= memcmp(link->pins[i], pin, HTTP_PIN_BYTES) == 0;
    pthread_mutex_unlock(&link->lock);
    return found;
}

bool exchange_party_of_pin(struct exchange *ex, const unsigned char pin[static HTTP_PIN_BYTES],
    struct arena *a, struct str *party)
{
    bool found = false;
    pthread_mutex_lock(&ex->lock);
    for (size_t i = 0; i < ex->n_links && !found; i++)
        found = has_pin(ex->links[i], pin) && str_copy(a, ex->links[i]->party, party) == ERR_OK;
    pthread_mutex_unlock(&ex->lock);
    return found;
}
