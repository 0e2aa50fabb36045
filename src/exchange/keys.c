// SPDX-License-Identifier: Apache-2.0
// What a link stands on: its agreements in order, and the keys of both sides as their ledgers
// have changed them.
#include "exchange/entry_priv.h"
#include "exchange/link_life_priv.h"

// The first agreement says who the two are; the later ones must be of the same two.
enum err link_check_pair(
    struct link *link, const struct ledger_agreement *agreement, struct str *why)
{
    const struct ledger_party *us =
        ledger_agreement_party(agreement, link->exchange->config.party);
    const struct ledger_party *them =
        ledger_agreement_other(agreement, link->exchange->config.party);
    *why = STR("this node's party is not one of the agreement's two");
    if (!us || !them)
        return ERR_INVALID;
    *why = STR("the agreement is of other nodes than the one before; open a new link");
    if (link->n_agreements)
        return str_eq(them->id, link->party) && str_eq(us->node, link->us->node) &&
                       str_eq(them->node, link->them->node) &&
                       str_eq(agreement->realm, link->agreements[0].realm)
                   ? ERR_OK
                   : ERR_INVALID;
    return ERR_OK;
}

static void set_parties(struct link *link, const struct ledger_agreement *agreement)
{
    struct str ours = link->exchange->config.party;
    link->parties[0] = *ledger_agreement_party(agreement, ours);
    link->parties[1] = *ledger_agreement_other(agreement, ours);
    link->us = &link->parties[0];
    link->them = &link->parties[1];
    link->party = link->them->id;
}

enum err link_take_agreement(struct link *link, struct str note, struct str *why)
{
    struct ledger_fault fault = {0};
    struct ledger_agreement agreement;
    bool signed_by[2];
    *why = STR("the link has had too many agreements; remove it and make another");
    if (link->n_agreements == LINK_AGREEMENTS_MAX)
        return ERR_LIMIT;
    TRY(str_copy(&link->arena, note, &note));
    enum err e = ledger_agreement_open(&link->arena, note, &agreement, signed_by, &fault);
    *why = str_of(fault.where.why ? fault.where.why : "the agreement does not verify");
    TRY(e);
    *why = STR("the agreement is not signed by both roots; each side runs: bongsu link sign");
    if (!signed_by[0] || !signed_by[1])
        return ERR_DENIED;
    TRY(link_check_pair(link, &agreement, why));
    if (link->n_agreements == 0)
        set_parties(link, &agreement);
    pthread_mutex_lock(&link->lock);
    link->agreements[link->n_agreements++] = agreement;
    pthread_mutex_unlock(&link->lock);
    return ERR_OK;
}

const struct ledger_agreement *link_agreement(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    size_t i = link->in_use;
    pthread_mutex_unlock(&link->lock);
    return &link->agreements[i];
}

struct ledger_hash link_accepted(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    size_t i = link->n_agreements - 1;
    pthread_mutex_unlock(&link->lock);
    return link->agreements[i].digest;
}

size_t link_digests(struct link *link, struct ledger_hash out[static LINK_AGREEMENTS_MAX])
{
    pthread_mutex_lock(&link->lock);
    size_t n = link->n_agreements;
    pthread_mutex_unlock(&link->lock);
    for (size_t i = 0; i < n; i++)
        out[i] = link->agreements[i].digest;
    return n;
}

bool link_has_agreement(struct link *link, const struct ledger_hash *digest)
{
    struct ledger_hash all[LINK_AGREEMENTS_MAX];
    size_t n = link_digests(link, all);
    while (n && !ledger_hash_eq(&all[n - 1], digest))
        n--;
    return n > 0;
}

// Entries go over to an agreement when both sides have it: until then neither is stopped by the
// other's not having added it.
void link_partner_knows(struct link *link, const struct ledger_hash *digest)
{
    pthread_mutex_lock(&link->lock);
    for (size_t i = 0; i < link->n_agreements; i++)
        if (ledger_hash_eq(&link->agreements[i].digest, digest) && i > link->in_use)
            link->in_use = i;
    pthread_mutex_unlock(&link->lock);
}

// Our own entries that bring an agreement: the partner holds those that it has cosigned.
static enum err find_offered(struct link *link, struct store_txn *t, struct arena *a)
{
    struct store_indexes rows;
    struct store_checkpoint c = {0};
    enum err e = store_checkpoint_newest(t, a, link->own_log, STORE_CHECKPOINT_COSIGNED, &c);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    TRY(store_key_entries(t, a, link->own_log, &rows));
    link->has_offered = false;
    for (size_t i = 0; i < rows.n; i++) {
        struct ledger_entry entry;
        struct ledger_agreement agreement;
        struct ledger_hash leaf_hash;
        bool signed_by[2];
        TRY(link_entry_get(t, a, link->own_log, rows.items[i], &entry, &leaf_hash));
        if (entry.key_change.agreement.len == 0)
            continue;
        TRY(ledger_agreement_open(a, entry.key_change.agreement, &agreement, signed_by, NULL));
        if (rows.items[i] < c.size)
            link_partner_knows(link, &agreement.digest);
        else
            link->has_offered = true;
    }
    return ERR_OK;
}

static enum err take_entries(
    struct store_txn *t, struct arena *a, int64_t log_id, struct ledger_keyring *ring)
{
    struct store_indexes rows;
    TRY(store_key_entries(t, a, log_id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct ledger_entry entry;
        struct ledger_hash leaf_hash;
        TRY(link_entry_get(t, a, log_id, rows.items[i], &entry, &leaf_hash));
        TRY(ledger_keyring_take(a, ring, &entry, NULL));
    }
    return ERR_OK;
}

enum err link_keyring_read(struct link *link, struct store_txn *t, struct arena *a,
    bool is_ours, struct ledger_keyring *out)
{
    int64_t log_id = is_ours ? link->own_log : link->their_log;
    struct str party = is_ours ? link->us->id : link->party;
    struct store_log log;
    struct store_logs logs;
    TRY(ledger_keyring_start(a, &link->agreements[0], party, out));
    TRY(store_log_get(t, a, log_id, &log));
    TRY(store_log_all(t, a, &logs));
    // Earlier epochs first: what was in force at their end goes on.
    for (uint64_t epoch = 1; epoch <= log.epoch; epoch++)
        for (size_t i = 0; i < logs.n; i++) {
            const struct store_log *one = &logs.items[i];
            struct ledger_statement start;
            struct str note;
            if (one->epoch != epoch || one->is_ours != is_ours ||
                !str_eq(one->party, link->party))
                continue;
            enum err e = store_log_start_get(t, a, one->id, &note);
            if (e == ERR_OK)
                e = ledger_statement_open(
                    a, note, ledger_keyring_now(out, LEDGER_PARTY_KEY), &start, NULL);
            if (e == ERR_OK)
                e = ledger_keyring_begin(out, &start);
            if (e != ERR_OK && e != ERR_NOT_FOUND)
                return e;
            TRY(take_entries(t, a, one->id, out));
        }
    return ERR_OK;
}

// The position of the agreement that the newest entry of a log stands under.
static enum err find_used(
    struct link *link, struct store_txn *t, struct arena *a, int64_t log_id, size_t *out)
{
    struct store_log log;
    struct ledger_entry entry;
    struct ledger_hash leaf_hash;
    *out = 0;
    TRY(store_log_get(t, a, log_id, &log));
    if (log.size == 0)
        return ERR_OK;
    TRY(link_entry_get(t, a, log_id, log.size - 1, &entry, &leaf_hash));
    for (size_t i = 0; i < link->n_agreements; i++)
        if (ledger_hash_eq(&link->agreements[i].digest, &entry.agreement))
            *out = i;
    return ERR_OK;
}

static void set_pins(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->n_pins = 0;
    link->pins_number++;
    for (size_t i = 0; i < link->theirs.n && link->n_pins < LEDGER_PINS_MAX; i++)
        if (link->theirs.rows[i].role == LEDGER_TLS_KEY &&
            link->theirs.rows[i].until == UINT64_MAX)
            memcpy(link->pins[link->n_pins++], link->theirs.rows[i].spki.bytes, HTTP_PIN_BYTES);
    pthread_mutex_unlock(&link->lock);
}

static enum err load(struct link *link, struct store_txn *t, struct arena *a)
{
    size_t ours, theirs;
    struct ledger_keyring own, their;
    TRY(link_keyring_read(link, t, a, true, &own));
    TRY(link_keyring_read(link, t, a, false, &their));
    TRY(find_used(link, t, a, link->own_log, &ours));
    TRY(find_used(link, t, a, link->their_log, &theirs));
    TRY(find_offered(link, t, a));
    link->ours = own;
    link->theirs = their;
    pthread_mutex_lock(&link->lock);
    size_t used = ours > theirs ? ours : theirs;
    link->in_use = used > link->in_use ? used : link->in_use;
    pthread_mutex_unlock(&link->lock);
    return ERR_OK;
}

enum err link_keys_read(struct link *link, struct store_txn *t)
{
    struct arena a;
    arena_init(&a, 16 * MIB);
    enum err e = load(link, t, &a);
    if (e != ERR_OK) {
        arena_release(&a);
        return e;
    }
    arena_release(&link->keys);
    link->keys = a;
    set_pins(link);
    return ERR_OK;
}

enum err link_keys_load(struct link *link)
{
    struct store_txn *t;
    TRY(store_read_begin(link->exchange->config.store, &t));
    enum err e = link_keys_read(link, t);
    store_read_end(t);
    return e;
}
