// SPDX-License-Identifier: Apache-2.0
// Changes of a link that is there: another agreement, other keys, other logs, its end. One at a
// time, each in one transaction with its audit event.
#include "base/limits.h"
#include "exchange/entry_priv.h"
#include "exchange/keys.h"
#include "exchange/link_life_priv.h"
#include "exchange/opening_priv.h"
#include "sys/clock.h"
#include "sys/log.h"

#include <string.h>

// Out of everybody's way: it is found no more and does nothing more, but a thread that has it
// may still look at it, so it is freed only when the exchange stops.
static void retire(struct exchange *ex, struct link *link)
{
    pthread_mutex_lock(&ex->lock);
    for (size_t i = 0; i < ex->n_links; i++)
        if (ex->links[i] == link)
            ex->links[i] = ex->links[--ex->n_links];
    link->next_retired = ex->retired;
    ex->retired = link;
    pthread_mutex_unlock(&ex->lock);
    link_stop(link);
}

struct change {
    int64_t principal;
    const char *action;
    struct link *link;
    struct str state; // when the state changes
    const struct ledger_agreement *agreement;
    struct str note;
    struct str detail;
};

// The partner gets the agreement as an entry. Both roots have signed it, so it needs no second
// person there; from when it holds it, entries stand under it.
static enum err offer(struct link *link, struct store_txn *t, struct arena *a, struct str note)
{
    struct ledger_entry entry;
    uint64_t idx;
    TRY(link_entry_begin(link, t, a, LEDGER_KEY_CHANGE, clock_now_us(), &entry));
    entry.key_change = (struct ledger_key_change){.agreement = note};
    TRY(link_entry_append(link, t, a, &entry, &idx));
    return store_key_entry_put(t, link->own_log, idx);
}

static enum err change_work(struct store_txn *t, void *context)
{
    struct change *change = context;
    struct str party = change->link->party;
    struct store_link row;
    struct arena scratch;
    arena_init(&scratch, MIB);
    enum err e = store_link_by_party(t, &scratch, party, &row);
    struct store_agreement agreement = {.note = change->note, .added_us = clock_now_us()};
    if (e == ERR_OK && change->agreement) {
        row.agreement = change->note;
        memcpy(row.digest, change->agreement->digest.bytes, sizeof row.digest);
        memcpy(agreement.digest, row.digest, sizeof agreement.digest);
        e = store_agreement_put(t, party, &agreement);
    }
    if (e == ERR_OK)
        e = store_link_put(t, &row);
    if (e == ERR_OK && change->state.len)
        e = store_link_set_state(t, party, change->state);
    if (e == ERR_OK && change->agreement)
        e = offer(change->link, t, &scratch, change->note);
    if (e == ERR_OK)
        e = link_audit(t, change->principal, change->action, party);
    arena_release(&scratch);
    return e;
}

static enum err renew(struct exchange *ex, int64_t principal, struct link *given,
    struct str note, struct str *why)
{
    struct link *link = exchange_find(ex, given->party);
    const struct ledger_agreement *agreement = &given->agreements[0];
    struct change change = {.principal = principal,
        .action = "link.renew",
        .link = link,
        .agreement = agreement,
        .note = note};
    *why = STR("there is no link with that party; to make one: bongsu link add");
    if (!link)
        return ERR_NOT_FOUND;
    if (link_has_agreement(link, &agreement->digest)) {
        struct ledger_hash accepted = link_accepted(link);
        *why = STR("the link has stood on a later agreement since");
        return ledger_hash_eq(&accepted, &agreement->digest) ? ERR_OK : ERR_CONFLICT;
    }
    *why = STR("the agreement is over");
    if (agreement->not_after_us < clock_now_us())
        return ERR_DENIED;
    TRY(link_fits(link, agreement, why));
    TRY(link_check_pair(link, agreement, why));
    *why = STR("the agreement could not be stored");
    TRY(store_write(ex->config.store, change_work, &change, STORE_NORMAL));
    TRY(link_take_agreement(link, note, why));
    return link_keys_load(link);
}

enum err exchange_link_renew(
    struct exchange *ex, int64_t principal, struct str note, struct str *why)
{
    struct link *given;
    TRY(link_new(ex, note, &given, why));
    pthread_mutex_lock(&ex->changing);
    struct link *link = exchange_find(ex, given->party);
    if (link)
        pthread_mutex_lock(&link->turn);
    enum err e = renew(ex, principal, given, note, why);
    if (link)
        pthread_mutex_unlock(&link->turn);
    pthread_mutex_unlock(&ex->changing);
    exchange_wake(ex, given->party);
    link_free(given);
    return e;
}

enum err exchange_link_remove(struct exchange *ex, int64_t principal, struct str party)
{
    pthread_mutex_lock(&ex->changing);
    struct link *link = exchange_find(ex, party);
    struct change change = {
        .principal = principal, .action = "link.remove", .link = link, .state = STR("removed")};
    enum err e = ERR_NOT_FOUND;
    if (link) {
        pthread_mutex_lock(&link->turn);
        e = store_write(ex->config.store, change_work, &change, STORE_NORMAL);
        link->is_retired |= e == ERR_OK;
        pthread_mutex_unlock(&link->turn);
    }
    if (e == ERR_OK)
        retire(ex, link);
    pthread_mutex_unlock(&ex->changing);
    return e;
}

// Keys
// ----------------------------------------------------------------------------------------

struct install {
    struct exchange *exchange;
    struct arena *arena;
    int64_t principal;
    struct str note;
    struct ledger_statement statement;
    struct link *links[LINKS_MAX]; // that it concerns; their turns are held
    size_t n;
    struct str why;
};

static bool concerns(struct link *link, const struct ledger_statement *s)
{
    return s->role != LEDGER_LOG_KEY || str_eq(link->us->log.name, s->key.name);
}

// Whether the statement is in force in the link already.
static bool is_done(const struct ledger_keyring *ring, const struct ledger_statement *s)
{
    if (s->role == LEDGER_TLS_KEY)
        return ledger_keyring_has_pin(ring, &s->spki) == (s->act == LEDGER_ADD);
    return s->act == LEDGER_ADD && ledger_key_eq(ledger_keyring_now(ring, s->role), &s->key);
}

static enum err append_one(struct install *in, struct store_txn *t, struct link *link)
{
    struct ledger_entry entry;
    struct ledger_keyring ring;
    struct ledger_fault fault = {0};
    uint64_t idx;
    TRY(link_entry_begin(link, t, in->arena, LEDGER_KEY_CHANGE, clock_now_us(), &entry));
    entry.key_change = (struct ledger_key_change){.note = in->note, .statement = in->statement};
    // What the partner would refuse is not written.
    TRY(ledger_keyring_copy(in->arena, &link->ours, &ring));
    enum err e = ledger_keyring_take(in->arena, &ring, &entry, &fault);
    in->why = str_of(fault.where.why ? fault.where.why : err_text(e));
    TRY(e);
    TRY(link_entry_append(link, t, in->arena, &entry, &idx));
    TRY(store_key_entry_put(t, link->own_log, idx));
    return link_audit(t, in->principal, "key.install", link->party);
}

static enum err install_work(struct store_txn *t, void *context)
{
    struct install *in = context;
    for (size_t i = 0; i < in->n; i++)
        if (!is_done(&in->links[i]->ours, &in->statement))
            TRY(append_one(in, t, in->links[i]));
    return ERR_OK;
}

static enum err check_key(struct install *in)
{
    const struct ledger_statement *s = &in->statement;
    struct signer *signer = in->exchange->config.signer;
    in->why = STR("no link of this node is concerned by that key");
    if (in->n == 0)
        return ERR_NOT_FOUND;
    in->why = STR("an officer's key goes to the register: bongsu officer add");
    if (s->role == LEDGER_OFFICER_KEY)
        return ERR_INVALID;
    in->why = STR("a new epoch is opened with: bongsu link epoch");
    if (str_eq(s->reason, STR("epoch")))
        return ERR_INVALID;
    in->why = STR("the folder keys/ does not hold that key: bongsu key new");
    if (s->role == LEDGER_LOG_KEY || s->role == LEDGER_COSIGN_KEY)
        TRY(signer_has_key(signer, &s->key));
    in->why = STR("the change could not be stored");
    return ERR_OK;
}

static enum err install_all(struct install *in)
{
    struct exchange *ex = in->exchange;
    pthread_mutex_lock(&ex->lock);
    for (size_t i = 0; i < ex->n_links; i++)
        if (concerns(ex->links[i], &in->statement))
            in->links[in->n++] = ex->links[i];
    pthread_mutex_unlock(&ex->lock);
    TRY(check_key(in));
    for (size_t i = 0; i < in->n; i++)
        pthread_mutex_lock(&in->links[i]->turn);
    enum err e = store_write(ex->config.store, install_work, in, STORE_URGENT);
    for (size_t i = 0; i < in->n; i++) {
        if (e == ERR_OK)
            e = link_keys_load(in->links[i]);
        pthread_mutex_unlock(&in->links[i]->turn);
    }
    for (size_t i = 0; i < in->n; i++)
        exchange_wake(ex, in->links[i]->party);
    return e;
}

enum err exchange_key_install(
    struct exchange *ex, int64_t principal, struct str note, size_t *n_links, struct str *why)
{
    struct arena a;
    struct ledger_fault fault = {0};
    struct install in = {
        .exchange = ex, .arena = &a, .principal = principal, .note = note, .why = STR("")};
    arena_init(&a, 16 * MIB);
    enum err e = ledger_statement_read(&a, note, &in.statement, &fault);
    in.why = str_of(fault.where.why ? fault.where.why : "not a statement about a key");
    if (e == ERR_OK) {
        signer_reload(ex->config.signer); // the key is newer than the signer's start
        pthread_mutex_lock(&ex->changing);
        e = install_all(&in);
        pthread_mutex_unlock(&ex->changing);
    }
    *n_links = in.n;
    *why = in.why; // static
    arena_release(&a);
    return e;
}

// Epochs
// ----------------------------------------------------------------------------------------

static enum err last_note(struct store_txn *t, struct arena *a, int64_t log_id, struct str *out)
{
    struct store_checkpoint c = {0};
    enum err e = store_checkpoint_newest(t, a, log_id, STORE_CHECKPOINT_COSIGNED, &c);
    *out = e == ERR_OK ? c.note : STR("");
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err put_first_entry(struct link_opening *o, struct store_txn *t, int64_t own_log)
{
    struct link *link = o->link;
    struct ledger_entry entry = {.kind = LEDGER_KEY_CHANGE,
        .origin = o->statements[0].key.name,
        .partner_origin = o->statements[1].key.name,
        .time_us = clock_now_us(),
        .peer = {.root = ledger_empty_root()},
        .agreement = link_agreement(link)->digest,
        .key_change = {.note = o->notes[0], .statement = o->statements[0]}};
    struct str bytes;
    struct ledger_fault fault;
    uint64_t idx;
    TRY(last_note(t, o->arena, link->own_log, &entry.key_change.last));
    TRY(last_note(t, o->arena, link->their_log, &entry.key_change.peer_last));
    TRY(ledger_entry_compose(o->arena, &entry, &bytes, &fault));
    TRY(store_entry_append(t, own_log, bytes, false, &idx));
    return store_key_entry_put(t, own_log, idx);
}

static enum err open_work(struct store_txn *t, void *context)
{
    struct link_opening *o = context;
    int64_t own_log;
    TRY(link_opening_store(o, t, &own_log));
    return put_first_entry(o, t, own_log);
}

static enum err open_epoch(struct link_opening *o, const char **why)
{
    struct exchange *ex = o->link->exchange;
    struct store_txn *t;
    struct store_log log;
    struct store_link row;
    struct str text;
    TRY(store_read_begin(ex->config.store, &t));
    enum err e = store_log_get(t, o->arena, o->link->own_log, &log);
    if (e == ERR_OK)
        e = store_link_by_party(t, o->arena, o->link->party, &row);
    store_read_end(t);
    TRY(e);
    o->epoch = log.epoch + 1;
    TRY(link_opening_check(o, why));
    *why = "the folder keys/ does not hold that key: bongsu key new log";
    TRY(signer_has_key(ex->config.signer, &o->statements[0].key));
    *why = "the epoch could not be stored";
    TRY(store_write(ex->config.store, open_work, o, STORE_URGENT));
    o->link->is_retired = true;
    retire(ex, o->link);
    row.state = STR("live");
    e = link_load(ex, o->arena, &row, &text);
    if (e != ERR_OK)
        log_error("link.epoch", "why=%s", log_text(text));
    *why = "the new epoch is stored; start the node again";
    return e;
}

enum err exchange_epoch_open(
    struct exchange *ex, int64_t principal, const struct exchange_epoch *epoch, struct str *why)
{
    struct arena a;
    const char *text = "there is no link with that party";
    arena_init(&a, 64 * MIB);
    struct link_opening o = {
        .arena = &a, .principal = principal, .notes = {epoch->ours, epoch->theirs}};
    signer_reload(ex->config.signer);
    pthread_mutex_lock(&ex->changing);
    o.link = exchange_find(ex, epoch->party);
    enum err e = o.link ? ERR_OK : ERR_NOT_FOUND;
    if (o.link) {
        pthread_mutex_lock(&o.link->turn);
        e = open_epoch(&o, &text);
        pthread_mutex_unlock(&o.link->turn);
    }
    pthread_mutex_unlock(&ex->changing);
    exchange_wake(ex, epoch->party);
    *why = str_of(text);
    arena_release(&a);
    return e;
}
