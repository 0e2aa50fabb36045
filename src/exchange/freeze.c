// SPDX-License-Identifier: Apache-2.0
// A pair whose ledgers contradict each other is stopped until officers have decided: nothing is
// sent, taken, sealed or cosigned. What shows the contradiction is kept.
#include "exchange/entry_priv.h"
#include "exchange/link_watch_priv.h"
#include "hash/hash.h"
#include "ledger/entry.h"
#include "store/principal.h"
#include "sys/clock.h"
#include "sys/log.h"

bool link_is_frozen(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    bool is_frozen = link->is_frozen;
    pthread_mutex_unlock(&link->lock);
    return is_frozen;
}

static void set_frozen(struct link *link, bool is_frozen)
{
    pthread_mutex_lock(&link->lock);
    link->is_frozen = is_frozen;
    link->is_paused = false;
    pthread_mutex_unlock(&link->lock);
}

struct freeze_work {
    struct link *link;
    int64_t principal;
    struct store_link_evidence evidence;
};

static enum err freeze_work(struct store_txn *t, void *context)
{
    struct freeze_work *work = context;
    struct str party = work->link->party;
    enum err e = store_link_evidence_put(t, party, &work->evidence);
    if (e != ERR_OK && e != ERR_LIMIT)
        return e;
    TRY(store_link_set_state(t, party, STR("frozen")));
    const struct store_audit event = {.at_us = work->evidence.at_us,
        .action = STR("link.freeze"),
        .target = party,
        .detail = work->evidence.code};
    return store_audit_add(t, &event);
}

void link_freeze(struct link *link, const struct link_contradiction *c)
{
    struct freeze_work work = {.link = link,
        .evidence = {.at_us = clock_now_us(),
            .code = str_of(ledger_code_name(c->code)),
            .why = str_of(c->why),
            .held = c->held,
            .shown = c->shown,
            .size = c->received.len,
            .bytes = c->kept}};
    hash_sha256(c->received, work.evidence.digest);
    set_frozen(link, true); // even when it cannot be written down
    enum err e = store_write(link->exchange->config.store, freeze_work, &work, STORE_URGENT);
    log_error("link.frozen", "party=%.*s code=%s kept=%s why=%s", STR_ARG(link->party),
        ledger_code_name(c->code), err_name(e), log_text(str_of(c->why)));
    link_note(link, false, LINK_FROZEN_TEXT);
}

static enum err unfreeze_work(struct store_txn *t, void *context)
{
    struct freeze_work *work = context;
    if (work->link->is_retired)
        return ERR_NOT_FOUND;
    TRY(store_link_set_state(t, work->link->party, STR("live")));
    return link_audit(t, work->principal, "link.unfreeze", work->link->party);
}

enum err exchange_link_unfreeze(struct exchange *ex, int64_t principal, struct str party)
{
    struct link *link = exchange_find(ex, party);
    struct freeze_work work = {.link = link, .principal = principal};
    if (!link)
        return ERR_NOT_FOUND;
    if (!link_is_frozen(link))
        return ERR_CONFLICT;
    pthread_mutex_lock(&link->turn); // nobody removes it meanwhile
    enum err e = store_write(ex->config.store, unfreeze_work, &work, STORE_NORMAL);
    if (e == ERR_OK)
        set_frozen(link, false);
    pthread_mutex_unlock(&link->turn);
    exchange_wake(ex, party);
    return e;
}

// Since its logs began: what froze a former epoch is over with it.
enum err link_was_contradicted(struct link *link, struct arena *a, bool *out)
{
    struct store_txn *t;
    struct store_link_evidence newest;
    struct store_log log;
    struct ledger_entry first;
    struct ledger_hash leaf_hash;
    int64_t since_us = 0;
    *out = false;
    TRY(store_read_begin(link->exchange->config.store, &t));
    enum err e = store_link_evidence_newest(t, a, link->party, &newest);
    bool is_there = e == ERR_OK;
    if (is_there)
        e = store_log_get(t, a, link->own_log, &log);
    if (e == ERR_OK && log.epoch > 1) {
        e = link_entry_get(t, a, link->own_log, 0, &first, &leaf_hash);
        since_us = first.time_us;
    }
    store_read_end(t);
    if (e != ERR_OK)
        return e == ERR_NOT_FOUND && !is_there ? ERR_OK : e;
    *out = newest.at_us >= since_us;
    return ERR_OK;
}
