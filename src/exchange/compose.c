// SPDX-License-Identifier: Apache-2.0
// The next batch for a partner: our entries since its last cosignature, under a signed
// checkpoint; our cosignature of its ledger; payloads, urgent first, whole entries at a time.
#include "exchange/link_priv.h"
#include "store/object.h"
#include "store/recall.h"
#include "store/variant.h"

#define PAYLOAD_ENTRIES_MAX 64

struct parts {
    struct store_checkpoint sealed;   // ours, signed
    struct store_checkpoint cosigned; // ours, as the partner cosigned it last
    struct store_checkpoint theirs;   // theirs, with our cosignature
    struct store_entries entries;
    bool has_payloads;
};

static enum err checkpoint_or_none(struct store_txn *t, struct arena *a, int64_t log,
    enum store_checkpoint_kind kind, struct store_checkpoint *out)
{
    enum err e = store_checkpoint_newest(t, a, log, kind, out);
    if (e != ERR_NOT_FOUND)
        return e;
    *out = (struct store_checkpoint){0};
    return ERR_OK;
}

static enum err load(struct link *link, struct store_txn *t, struct arena *a, struct parts *p)
{
    TRY(checkpoint_or_none(t, a, link->own_log, STORE_CHECKPOINT_COSIGNED, &p->cosigned));
    TRY(checkpoint_or_none(t, a, link->their_log, STORE_CHECKPOINT_COSIGNED, &p->theirs));
    const struct store_range range = {
        .first = p->cosigned.size, .end = p->sealed.size, .bytes_max = BATCH_BYTES_MAX / 2};
    if (range.first < range.end)
        TRY(store_entries_range(t, a, link->own_log, range, &p->entries));
    // A batch ends exactly at its checkpoint; entries are at most 64 KiB and sealed in small
    // steps.
    return p->entries.n == p->sealed.size - p->cosigned.size ? ERR_OK : ERR_CORRUPT;
}

// A withdrawn leaf goes as its commitment, once the recall that names it goes with it: the
// partner takes no leaf without its object otherwise. ERR_NOT_FOUND: not yet.
static enum err leaf_of(struct store_txn *t, struct arena *a, const struct store_payload *row,
    uint64_t sealed, struct ledger_payload *out)
{
    uint64_t recall_idx;
    *out = (struct ledger_payload){
        .index = row->leaf.idx, .leaf = (uint16_t)row->leaf.n, .commitment = row->commitment};
    if (!row->is_withdrawn) {
        out->salt = row->salt;
        return store_payload_bytes(t, a, row, &out->bytes);
    }
    static const unsigned char none[STORE_RECORD_HASH_BYTES];
    if (memcmp(row->commitment, none, sizeof none) == 0)
        return ERR_NOT_FOUND; // written by an older schema, and destroyed
    TRY(store_recall_of_leaf(t, &row->leaf, &recall_idx));
    return recall_idx < sealed ? ERR_OK : ERR_NOT_FOUND;
}

// All of an entry's leaves or, with ERR_NOT_FOUND, none of them: the partner refuses a batch
// with a part.
static enum err put_entry_payloads(struct link *link, struct store_txn *t, struct arena *a,
    uint64_t idx, const struct parts *p, struct buf *b)
{
    struct store_payloads all;
    TRY(store_payloads_of(t, a, link->own_log, idx, &all));
    struct ledger_payload *payloads = NEW_N(a, struct ledger_payload, all.n ? all.n : 1);
    if (!payloads)
        return ERR_LIMIT;
    for (size_t i = 0; i < all.n; i++)
        TRY(leaf_of(t, a, &all.items[i], p->sealed.size, &payloads[i]));
    for (size_t i = 0; i < all.n; i++)
        ledger_batch_put_payload(b, &payloads[i]);
    return b->err;
}

// Payloads of whole entries in the order of their urgency, until the batch has reached its
// size.
static enum err put_payloads(
    struct link *link, struct store_txn *t, struct arena *a, struct parts *p, struct buf *b)
{
    struct store_payloads pending;
    uint64_t done[PAYLOAD_ENTRIES_MAX];
    size_t n = 0;
    const struct store_pending want = {.log_id = link->own_log,
        .below = p->sealed.size,
        .bytes_max = BATCH_BYTES_TARGET,
        .limit = PAYLOAD_ENTRIES_MAX * LEDGER_COMMITMENTS_MAX};
    TRY(store_payloads_pending(t, a, &want, &pending));
    for (size_t i = 0; i < pending.n && b->len < BATCH_BYTES_TARGET && n < PAYLOAD_ENTRIES_MAX;
         i++) {
        uint64_t idx = pending.items[i].leaf.idx;
        if (n && done[n - 1] == idx)
            continue;
        enum err e = put_entry_payloads(link, t, a, idx, p, b);
        if (e != ERR_NOT_FOUND) // its recall is in the next batch
            TRY(e);
        done[n++] = idx;
        p->has_payloads |= e == ERR_OK; // else there is nothing to say again and again
    }
    return ERR_OK;
}

static enum err put_all(
    struct link *link, struct store_txn *t, struct arena *a, struct parts *p, struct buf *b)
{
    TRY(load(link, t, a, p));
    const struct ledger_batch_header header = {.from = link->us->log.name,
        .to = link->them->log.name,
        .agreement = link_agreement(link)->digest,
        .first = p->cosigned.size,
        .old_size = p->sealed.size};
    ledger_batch_put_header(b, &header);
    if (p->theirs.note.len)
        ledger_batch_put_cosigned(b, p->theirs.note);
    for (size_t i = 0; i < p->entries.n; i++)
        ledger_batch_put_entry(b, p->entries.items[i].bytes);
    ledger_batch_put_proof(b, &(struct ledger_proof){0});
    ledger_batch_put_checkpoint(b, p->sealed.note);
    TRY(put_payloads(link, t, a, p, b));
    ledger_batch_put_end(b);
    return b->err;
}

enum err link_compose(struct link *link, struct arena *a, struct str *batch, bool *is_empty)
{
    struct parts parts = {0};
    struct store_txn *t;
    struct buf b = buf_in(a, BATCH_BYTES_MAX);
    if (link->is_retired)
        return ERR_NOT_FOUND;
    if (link_is_frozen(link))
        return ERR_CONFLICT;
    TRY(link_withdraw(link, a));
    TRY(link_seal(link, a, &parts.sealed));
    TRY(link_cosign_held(link, a));
    TRY(store_read_begin(link->exchange->config.store, &t));
    enum err e = put_all(link, t, a, &parts, &b);
    store_read_end(t);
    TRY(e);
    *is_empty =
        parts.entries.n == 0 && !parts.has_payloads && link->told_size >= parts.theirs.size;
    link->told_size = parts.theirs.size;
    return buf_end(&b, batch);
}

enum err exchange_compose(
    struct exchange *ex, struct str party, struct arena *a, struct str *batch, bool *is_empty)
{
    struct link *link = exchange_find(ex, party);
    if (!link)
        return ERR_NOT_FOUND;
    pthread_mutex_lock(&link->turn);
    enum err e = link_compose(link, a, batch, is_empty);
    pthread_mutex_unlock(&link->turn);
    return e;
}
