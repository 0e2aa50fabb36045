// SPDX-License-Identifier: Apache-2.0
// The order of a recovery: ask, append, compare every root with what was signed, replay, and
// only when that has been committed tell the journal.
#include "base/time.h"
#include "exchange/entry_priv.h"
#include "exchange/link_life_priv.h"
#include "exchange/recover_priv.h"
#include "store/principal.h"
#include "store/restored.h"
#include "sys/clock.h"

#define RECOVER_ARENA_BYTES (64 * MIB)

#define NEW_EPOCH " Officers must decide on a new epoch of this ledger"

// The root of a log's first `size` entries. ERR_NOT_FOUND when it is not that long.
static enum err root_at(
    struct store_txn *t, int64_t log, uint64_t size, struct ledger_hash *out)
{
    struct log_rows rows = {.txn = t, .log_id = log};
    struct ledger_reader reader = log_reader(&rows);
    return ledger_root_read(&reader, size, out);
}

// A head that somebody has signed is a head of the log.
static enum err check_head(struct recovering *r, struct store_txn *t, int64_t log,
    const struct ledger_head *head, struct str why)
{
    struct ledger_hash root;
    enum err e = root_at(t, log, head->size, &root);
    if (e == ERR_OK && ledger_hash_eq(&root, &head->root))
        return ERR_OK;
    if (e == ERR_OK || e == ERR_NOT_FOUND)
        r->why = why;
    return e == ERR_OK || e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

static enum err check_own(struct recovering *r, struct store_txn *t)
{
    struct ledger_head journal = r->how->signed_head(r->how->context, r->link->us->log.name);
    struct ledger_hash root;
    enum err e = root_at(t, r->link->own_log, journal.size, &root);
    if (e == ERR_NOT_FOUND) {
        r->why = STR("L1: this node has signed entries that neither its store nor the partner "
                     "holds." NEW_EPOCH);
        return ERR_CORRUPT;
    }
    TRY(check_head(r, t, r->link->own_log, &r->own_cosigned,
        STR("L1: the partner has cosigned another history of our ledger than the one held "
            "here." NEW_EPOCH)));
    return check_head(r, t, r->link->own_log, &journal,
        STR("L1: signer.journal says that another history of our ledger was "
            "signed." NEW_EPOCH));
}

static enum err check_theirs(struct recovering *r, struct store_txn *t)
{
    struct ledger_head journal = r->how->signed_head(r->how->context, r->link->them->log.name);
    struct str why =
        STR("L1: the partner shows another history of its ledger than the one that "
            "this node has cosigned, or a shorter one. Show its officers both; "
            "nothing was changed here");
    TRY(check_head(r, t, r->link->their_log, &r->their_signed, why));
    TRY(check_head(r, t, r->link->their_log, &r->their_cosigned, why));
    return check_head(r, t, r->link->their_log, &journal, why);
}

// What our last entry says of the partner's ledger must still be so.
static enum err check_peer(struct recovering *r, struct store_txn *t)
{
    struct ledger_entry last;
    struct ledger_hash leaf_hash;
    if (r->done.own_to == 0)
        return ERR_OK;
    TRY(link_entry_get(t, r->arena, r->link->own_log, r->done.own_to - 1, &last, &leaf_hash));
    return check_head(r, t, r->link->their_log, &last.peer,
        STR("L1: the partner's ledger is shorter than, or other than, what our own entries say "
            "of it. Show its officers both; nothing was changed here"));
}

static enum err put_checkpoint(struct store_txn *t, int64_t log,
    enum store_checkpoint_kind kind, const struct store_checkpoint *c)
{
    if (c->note.len == 0)
        return ERR_OK;
    enum err e = store_checkpoint_put(t, log, kind, c);
    return e == ERR_CONFLICT ? ERR_OK : e; // what is held is newer
}

static enum err put_checkpoints(struct recovering *r, struct store_txn *t)
{
    const struct link *link = r->link;
    TRY(put_checkpoint(t, link->own_log, STORE_CHECKPOINT_SIGNED, &r->own_note));
    TRY(put_checkpoint(t, link->own_log, STORE_CHECKPOINT_COSIGNED, &r->own_note));
    TRY(put_checkpoint(t, link->their_log, STORE_CHECKPOINT_SIGNED, &r->their_note));
    return put_checkpoint(
        t, link->their_log, STORE_CHECKPOINT_COSIGNED, &r->their_cosigned_note);
}

static enum err size_of(struct recovering *r, struct store_txn *t, int64_t id, uint64_t *out)
{
    struct store_log log;
    TRY(store_log_get(t, r->arena, id, &log));
    *out = log.size;
    return ERR_OK;
}

static enum err recover_work(struct store_txn *t, void *context)
{
    struct recovering *r = context;
    const struct link *link = r->link;
    struct exchange_recovered *d = &r->done;
    *d = (struct exchange_recovered){.party = link->party};
    TRY(size_of(r, t, link->own_log, &d->own_from));
    TRY(size_of(r, t, link->their_log, &d->their_from));
    TRY(recover_append(r, t, true, r->own_cosigned.size));
    TRY(recover_append(r, t, false, r->their_signed.size));
    TRY(recover_take_changes(r, t));
    TRY(recover_verify_heads(r, &link->ours, &link->theirs));
    TRY(size_of(r, t, link->own_log, &d->own_to));
    TRY(size_of(r, t, link->their_log, &d->their_to));
    TRY(check_own(r, t));
    TRY(check_theirs(r, t));
    TRY(check_peer(r, t));
    TRY(put_checkpoints(r, t));
    r->why = STR("what came back could not be stored");
    TRY(recover_replay(r, t));
    if (d->own_from == d->own_to && d->their_from == d->their_to)
        return ERR_OK;
    return link_audit(t, 0, "link.recover", link->party);
}

// A head that the journal does not know, once everything that it covers is committed.
static enum err tell_journal(struct recovering *r, bool is_ours, const struct ledger_head *head)
{
    struct str origin = is_ours ? r->link->us->log.name : r->link->them->log.name;
    struct ledger_head known = r->how->signed_head(r->how->context, origin);
    r->why = STR("signer.journal could not be written");
    return known.size >= head->size ? ERR_OK : r->how->sign_head(r->how->context, origin, head);
}

// Of our log what the store holds as signed counts too: the journal may have been lost alone.
static enum err tell_heads(struct recovering *r)
{
    struct store_txn *t;
    struct store_checkpoint c;
    struct ledger_head head = r->own_cosigned;
    TRY(store_read_begin(r->how->store, &t));
    enum err e =
        store_checkpoint_newest(t, r->arena, r->link->own_log, STORE_CHECKPOINT_SIGNED, &c);
    store_read_end(t);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_OK && c.size > head.size) {
        head.size = c.size;
        memcpy(head.root.bytes, c.root, LEDGER_HASH_BYTES);
    }
    TRY(tell_journal(r, true, &head));
    return tell_journal(r, false, &r->their_cosigned);
}

// A TLS key that is not in the store, on the word of the partner's root.
static enum err take_statement(struct recovering *r)
{
    struct ledger_statement s;
    struct link *link = r->link;
    const struct ledger_key *root = ledger_keyring_now(&link->theirs, LEDGER_PARTY_KEY);
    if (r->how->statement.len == 0 || !str_eq(r->how->partner, link->party))
        return ERR_OK;
    r->why = STR("the statement is not one of the partner's root about a TLS key in force");
    TRY(ledger_statement_open(r->arena, r->how->statement, root, &s, NULL));
    if (s.role != LEDGER_TLS_KEY || s.act != LEDGER_ADD || !str_eq(s.node, link->theirs.node) ||
        !str_eq(s.realm, link->theirs.realm))
        return ERR_INVALID;
    if (link->n_pins == LEDGER_PINS_MAX)
        link->n_pins--;
    memcpy(link->pins[link->n_pins++], s.spki.bytes, HTTP_PIN_BYTES);
    return ERR_OK;
}

static enum err recover_link(struct recovering *r, struct str address)
{
    r->why = STR("the link has no address; give --party PARTY --address URL");
    if (address.len == 0)
        return ERR_INVALID;
    TRY(take_statement(r));
    TRY(recover_connect(r, address, 0));
    TRY(recover_fetch_heads(r));
    TRY(store_write(r->how->store, recover_work, r, STORE_NORMAL));
    return tell_heads(r);
}

// Of a link that was removed nothing is missed unless the journal knows more.
static bool is_done(struct recovering *r, const struct store_link *row)
{
    struct store_txn *t;
    uint64_t own = 0, theirs = 0;
    if (!str_eq(row->state, STR("removed")) || store_read_begin(r->how->store, &t) != ERR_OK)
        return false;
    enum err e = size_of(r, t, r->link->own_log, &own);
    if (e == ERR_OK)
        e = size_of(r, t, r->link->their_log, &theirs);
    store_read_end(t);
    return e == ERR_OK &&
           r->how->signed_head(r->how->context, r->link->us->log.name).size <= own &&
           r->how->signed_head(r->how->context, r->link->them->log.name).size <= theirs;
}

static void count(struct exchange_recovered *sum, const struct exchange_recovered *d)
{
    sum->own_to += d->own_to - d->own_from;
    sum->their_to += d->their_to - d->their_from;
    sum->objects += d->objects;
    sum->lost += d->lost;
}

static enum err recover_epoch(struct recovering *r, const struct store_link *row, bool *again)
{
    const struct exchange_recover *how = r->how;
    *again = false;
    if (is_done(r, row))
        return ERR_OK;
    TRY(recover_link(r, str_eq(how->partner, row->party) ? how->address : row->address));
    return recover_open_next(r, again);
}

// Epoch by epoch, from the newest that the store has.
static enum err recover_one(struct arena *a, const struct exchange_recover *how,
    const struct store_link *row, struct exchange_recovered *out, struct str *why)
{
    struct exchange ex = {
        .config = {.store = how->store, .party = how->party}, .identity = how->identity};
    bool again = true;
    enum err e = ERR_OK;
    *out = (struct exchange_recovered){.party = row->party};
    while (e == ERR_OK && again) {
        struct arena scratch;
        struct recovering r = {.how = how, .arena = &scratch, .now_us = clock_now_us()};
        arena_init(&scratch, RECOVER_ARENA_BYTES);
        e = link_read(&ex, &scratch, row->party, &r.link, &r.why);
        if (e == ERR_OK)
            e = recover_epoch(&r, row, &again);
        count(out, &r.done);
        if (e != ERR_OK && str_copy(a, r.why, why) != ERR_OK)
            *why = str_of(err_text(e));
        http_client_close(r.client);
        if (r.link)
            link_free(r.link);
        arena_release(&scratch);
    }
    return e;
}

static enum err end_work(struct store_txn *t, void *context)
{
    struct store_restored restored;
    const struct store_audit event = {.at_us = clock_now_us(), .action = STR("store.recover")};
    (void)context;
    enum err e = store_restored_get(t, &restored);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    TRY(e);
    TRY(store_restored_clear(t));
    return store_audit_add(t, &event);
}

enum err exchange_recover(struct arena *a, const struct exchange_recover *how,
    struct exchange_recoveries *out, struct str *why)
{
    struct store_txn *t;
    struct store_links links;
    *why = STR("the links could not be read");
    TRY(store_read_begin(how->store, &t));
    enum err e = store_link_all(t, a, &links);
    store_read_end(t);
    TRY(e);
    *out =
        (struct exchange_recoveries){.items = NEW_N(a, struct exchange_recovered, links.n + 1)};
    if (!out->items)
        return ERR_LIMIT;
    for (size_t i = 0; i < links.n; i++)
        TRY(recover_one(a, how, &links.items[i], &out->items[out->n++], why));
    *why = STR("the end of the recovery could not be stored");
    return store_write(how->store, end_work, NULL, STORE_NORMAL);
}
