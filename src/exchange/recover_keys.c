// SPDX-License-Identifier: Apache-2.0
// What the entries that came back have changed of the link itself: agreements, keys, and the
// logs that follow these.
#include "exchange/entry_priv.h"
#include "exchange/link_life_priv.h"
#include "exchange/opening_priv.h"
#include "exchange/recover_priv.h"
#include "ledger/tile.h"

static enum err put_agreement(
    struct recovering *r, struct store_txn *t, const struct ledger_entry *entry)
{
    struct link *link = r->link;
    struct ledger_agreement agreement;
    struct store_link row;
    bool signed_by[2];
    struct store_agreement stored = {
        .note = entry->key_change.agreement, .added_us = r->now_us};
    r->why = STR("an agreement that came back is not signed by both roots");
    TRY(ledger_agreement_open(r->arena, stored.note, &agreement, signed_by, NULL));
    const struct ledger_party *us = ledger_agreement_party(&agreement, link->us->id);
    const struct ledger_party *them = ledger_agreement_party(&agreement, link->party);
    if (!us || !them || !ledger_keyring_has_root(&link->ours, &us->root, true) ||
        !ledger_keyring_has_root(&link->theirs, &them->root, true))
        return ERR_DENIED;
    if (!link_has_agreement(link, &agreement.digest))
        TRY(link_take_agreement(link, stored.note, &r->why));
    r->why = STR("an agreement that came back could not be stored");
    memcpy(stored.digest, agreement.digest.bytes, sizeof stored.digest);
    TRY(store_agreement_put(t, link->party, &stored));
    TRY(store_link_by_party(t, r->arena, link->party, &row));
    row.agreement = stored.note;
    memcpy(row.digest, stored.digest, sizeof row.digest);
    return store_link_put(t, &row);
}

// The entries of kind `key` that were appended, those that bring an agreement.
struct offers {
    struct ledger_entry *items;
    size_t n;
};

static enum err find_offers(
    struct recovering *r, struct store_txn *t, int64_t log, uint64_t from, struct offers *out)
{
    struct store_indexes rows;
    TRY(store_key_entries(t, r->arena, log, &rows));
    *out = (struct offers){.items = NEW_N(r->arena, struct ledger_entry, rows.n + 1)};
    if (!out->items)
        return ERR_LIMIT;
    for (size_t i = 0; i < rows.n; i++) {
        struct ledger_entry *entry = &out->items[out->n];
        struct ledger_hash leaf_hash;
        if (rows.items[i] < from)
            continue;
        TRY(link_entry_get(t, r->arena, log, rows.items[i], entry, &leaf_hash));
        out->n += entry->key_change.agreement.len > 0;
    }
    return ERR_OK;
}

// In the order in which they came to this side: entries go over to a later one, never back.
enum err recover_take_changes(struct recovering *r, struct store_txn *t)
{
    struct offers ours, theirs;
    size_t next = 0;
    r->why = STR("a key that came back is not one that the party root has signed");
    TRY(link_keys_read(r->link, t));
    TRY(find_offers(r, t, r->link->own_log, r->done.own_from, &ours));
    TRY(find_offers(r, t, r->link->their_log, r->done.their_from, &theirs));
    for (size_t i = 0; i < ours.n; i++) {
        while (next < theirs.n && theirs.items[next].sequence < ours.items[i].peer.size)
            TRY(put_agreement(r, t, &theirs.items[next++]));
        TRY(put_agreement(r, t, &ours.items[i]));
    }
    while (next < theirs.n)
        TRY(put_agreement(r, t, &theirs.items[next++]));
    return link_keys_read(r->link, t); // which agreement is in use
}

// Epochs
// ----------------------------------------------------------------------------------------

static enum err next_origin(struct recovering *r, bool is_ours, uint64_t epoch, struct str *out)
{
    const struct link *link = r->link;
    struct buf b = buf_in(r->arena, KIB);
    buf_put(&b, is_ours ? link->us->node : link->them->node);
    buf_put_byte(&b, '/');
    buf_put(&b, link->agreements[0].realm);
    buf_put(&b, STR("/ledger/"));
    buf_put(&b, is_ours ? link->party : link->us->id);
    buf_put_byte(&b, '/');
    buf_put_u64(&b, epoch);
    return buf_end(&b, out);
}

struct first_entry {
    struct arena *arena;
    struct str note;
};

static enum err take_first(
    void *context, struct arena *a, const struct ledger_entry *entry, struct str bytes)
{
    struct first_entry *first = context;
    (void)a, (void)bytes;
    return entry->sequence == 0 && entry->kind == LEDGER_KEY_CHANGE
               ? str_copy(first->arena, entry->key_change.note, &first->note)
               : ERR_OK;
}

// The statement that a log began with, from its first entry. ERR_NOT_FOUND: there is no such
// log, or the partner holds none of it.
static enum err fetch_start(
    struct recovering *r, bool is_ours, uint64_t epoch, struct str *note)
{
    struct str text;
    struct ledger_note parsed;
    struct ledger_checkpoint shown;
    struct fault fault = {0};
    struct first_entry first = {.arena = r->arena};
    struct recover_walk walk = {.context = &first, .take = take_first};
    TRY(next_origin(r, is_ours, epoch, &walk.origin));
    TRY(recover_get(r, r->arena, walk.origin,
        is_ours ? STR("checkpoint/cosigned") : STR("checkpoint"), &text));
    r->why = STR("what the partner shows as a checkpoint is none");
    TRY(ledger_note_parse(r->arena, text, &parsed, &fault));
    TRY(ledger_checkpoint_parse(parsed.text, &shown, &fault));
    walk.size = shown.head.size < LEDGER_TILE_WIDTH ? shown.head.size : LEDGER_TILE_WIDTH;
    TRY(recover_entries(r, &walk));
    r->why = STR("the first entry of a new epoch is no statement of its root");
    *note = first.note;
    return note->len ? ERR_OK : ERR_CORRUPT;
}

static enum err open_work(struct store_txn *t, void *context)
{
    int64_t own_log;
    return link_opening_store(context, t, &own_log);
}

enum err recover_open_next(struct recovering *r, bool *is_open)
{
    struct store_txn *t;
    struct store_log log;
    struct link_opening o = {.arena = r->arena, .link = r->link};
    const char *why;
    *is_open = false;
    TRY(store_read_begin(r->how->store, &t));
    enum err e = store_log_get(t, r->arena, r->link->own_log, &log);
    store_read_end(t);
    TRY(e);
    o.epoch = log.epoch + 1;
    e = fetch_start(r, true, o.epoch, &o.notes[0]);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    TRY(e);
    TRY(fetch_start(r, false, o.epoch, &o.notes[1]));
    e = link_opening_check(&o, &why);
    r->why = str_of(why);
    TRY(e);
    r->why = STR("the new epoch could not be stored");
    TRY(store_write(r->how->store, open_work, &o, STORE_NORMAL));
    *is_open = true;
    return ERR_OK;
}
