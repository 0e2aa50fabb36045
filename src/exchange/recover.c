// SPDX-License-Identifier: Apache-2.0
// The order of a recovery: ask, append, compare every root with what was signed, replay, and
// only when that has been committed tell the journal.
#include "base/time.h"
#include "exchange/recover_priv.h"
#include "store/principal.h"
#include "store/restored.h"
#include "sys/clock.h"

#define RECOVER_ARENA_BYTES (64 * MIB)
#define PROBE_ARENA_BYTES   (4 * MIB)
#define PROBE_CONNECT_MS    1000
#define PROBE_MS            2000

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

static enum err recover_link(struct recovering *r, struct str address)
{
    struct store_txn *t;
    struct store_log own, theirs;
    TRY(store_read_begin(r->how->store, &t));
    enum err e = store_log_by_origin(t, r->arena, r->link->us->log.name, &own);
    if (e == ERR_OK)
        e = store_log_by_origin(t, r->arena, r->link->them->log.name, &theirs);
    store_read_end(t);
    TRY(e);
    r->link->own_log = own.id;
    r->link->their_log = theirs.id;
    r->why = STR("the link has no address; give --party PARTY --address URL");
    if (address.len == 0)
        return ERR_INVALID;
    TRY(recover_connect(r, address, 0));
    TRY(recover_fetch_heads(r));
    TRY(store_write(r->how->store, recover_work, r, STORE_NORMAL));
    return tell_heads(r);
}

static enum err recover_one(struct arena *a, const struct exchange_recover *how,
    const struct store_link *row, struct exchange_recovered *out, struct str *why)
{
    struct arena scratch;
    struct exchange ex = {
        .config = {.store = how->store, .identity = how->identity, .party = how->party}};
    struct recovering r = {.how = how, .arena = &scratch, .now_us = clock_now_us()};
    TRY(link_new(&ex, row->agreement, &r.link, why));
    arena_init(&scratch, RECOVER_ARENA_BYTES);
    r.why = STR("the store has no ledgers for the link");
    enum err e =
        recover_link(&r, str_eq(how->partner, row->party) ? how->address : row->address);
    *out = r.done;
    out->party = row->party;
    if (e != ERR_OK && str_copy(a, r.why, why) != ERR_OK)
        *why = str_of(err_text(e));
    http_client_close(r.client);
    link_free(r.link);
    arena_release(&scratch);
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

enum err recover_check_ahead(
    struct link *link, struct arena *a, struct str address, struct str *why)
{
    struct arena scratch;
    struct store_txn *t;
    struct recovering r = {
        .link = link, .arena = &scratch, .now_us = clock_now_us(), .timeout_ms = PROBE_MS};
    uint64_t held = 0;
    (void)a;
    if (address.len == 0)
        return ERR_OK;
    arena_init(&scratch, PROBE_ARENA_BYTES);
    if (recover_connect(&r, address, PROBE_CONNECT_MS) != ERR_OK ||
        recover_fetch_own_head(&r) != ERR_OK)
        r.own_cosigned.size = 0;
    enum err e = store_read_begin(link->exchange->config.store, &t);
    if (e == ERR_OK) {
        e = size_of(&r, t, link->own_log, &held);
        store_read_end(t);
    }
    http_client_close(r.client);
    arena_release(&scratch);
    TRY(e);
    *why = STR("L1: the partner has cosigned more of our ledger than this store holds: store "
               "and journal were put back together. Run: bongsu recover");
    return r.own_cosigned.size > held ? ERR_CORRUPT : ERR_OK;
}
