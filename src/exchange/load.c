// SPDX-License-Identifier: Apache-2.0
// A link as the store has it, and whether store, journal and partner agree about its ledgers.
#include "exchange/keys.h"
#include "exchange/link_life_priv.h"
#include "exchange/recover_priv.h"
#include "sys/clock.h"
#include "sys/log.h"

enum err link_check_usable(struct link *link, struct str *why)
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

enum err link_read(
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
        *out = link;
    else if (link)
        link_free(link);
    return e;
}

enum err link_restore(
    struct exchange *ex, struct arena *a, struct str party, struct link **out, struct str *why)
{
    struct link *link;
    TRY(link_read(ex, a, party, &link, why));
    enum err e = check_journal(link, a, why);
    if (e == ERR_OK)
        *out = link;
    else
        link_free(link);
    return e;
}

enum err link_load(
    struct exchange *ex, struct arena *a, const struct store_link *row, struct str *why)
{
    struct link *link;
    struct str flaw;
    TRY(link_restore(ex, a, row->party, &link, why));
    enum err e = recover_check_ahead(link, row->address, why);
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
    link_set_address(link, row->address);
    if (link_check_usable(link, &flaw) != ERR_OK)
        log_warn("link.unusable", "party=%.*s why=%s", STR_ARG(link->party), log_text(flaw));
    return link_begin(ex, link);
}
