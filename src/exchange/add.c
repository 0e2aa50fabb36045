// SPDX-License-Identifier: Apache-2.0
// A link is added: for the first time, again while it is there, or again after it was removed.
#include "exchange/link_life_priv.h"
#include "exchange/link_watch_priv.h"
#include "sys/clock.h"

struct add_work {
    struct link *link;
    int64_t principal;
    struct store_link row;
};

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
    struct str word = link_state_word(known);
    pthread_mutex_unlock(&known->lock);
    return word;
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

static enum err store_new(struct add_work *work, struct str *why)
{
    struct link *link = work->link;
    TRY(link_check_usable(link, why));
    *why = STR("the link could not be stored");
    TRY(store_write(link->exchange->config.store, add_link_work, work, STORE_NORMAL));
    TRY(link_keys_load(link));
    link->added_us = work->row.added_us;
    link_set_address(link, work->row.address);
    signer_reload(link->exchange->config.signer); // the offer made a log key
    return link_begin(link->exchange, link);
}

// A link that comes back goes as it went; one whose ledgers contradicted each other is frozen
// again, also if officers had lifted that: they have the word now too.
static enum err take_state(struct add_work *work, struct link *link, struct arena *a)
{
    struct store_txn *t;
    struct store_link row;
    TRY(store_read_begin(link->exchange->config.store, &t));
    enum err e = store_link_by_party(t, a, link->party, &row);
    store_read_end(t);
    if (e == ERR_OK)
        e = link_was_contradicted(link, a, &link->is_frozen);
    TRY(e);
    link->mode = exchange_mode_parse(row.mode);
    if (link->is_frozen)
        work->row.state = STR("frozen");
    return ERR_OK;
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
    if (e == ERR_OK)
        e = take_state(work, link, &a);
    arena_release(&a);
    if (!link && e == ERR_NOT_FOUND) {
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
    enum err e = link_check_usable(known, why);
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
