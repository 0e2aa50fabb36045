// SPDX-License-Identifier: Apache-2.0
// What a partner that lost it may have back: nothing that it did not have before.
#include "exchange/link_priv.h"
#include "exchange/recover.h"
#include "store/object.h"

struct giving {
    struct link *link;
    struct store_txn *t;
    struct arena *arena;
    struct buf *batch;
    struct store_log log;
    uint64_t idx;
};

// Of an object that was recalled by us, or is held here no more, only the commitment.
static enum err put_leaf(struct giving *g, const struct store_payload *row)
{
    static const unsigned char unknown[LEDGER_HASH_BYTES];
    struct ledger_payload payload = {
        .index = g->idx, .leaf = (uint16_t)row->leaf.n, .commitment = row->commitment};
    struct store_object object = {.state = STORE_DESTROYED};
    if (row->object_seq)
        TRY(store_object_get(g->t, g->arena, row->object_seq, &object));
    bool is_given = object.state != STORE_DESTROYED &&
                    !(g->log.is_ours && object.state == STORE_RECALLED) &&
                    memcmp(row->salt, unknown, sizeof row->salt) != 0;
    if (is_given) {
        TRY(store_object_bytes(g->t, g->arena, row->object_seq, &payload.bytes));
        struct ledger_hash made = ledger_commitment(row->salt, payload.bytes);
        bool is_same = memcmp(made.bytes, row->commitment, sizeof made.bytes) == 0;
        if (is_same) // what came may be equal to what is kept without being the same bytes
            payload.salt = row->salt;
    }
    if (!payload.salt) {
        payload.bytes = STR("");
        if (memcmp(row->commitment, unknown, sizeof unknown) == 0)
            return ERR_NOT_FOUND;
    }
    ledger_batch_put_payload(g->batch, &payload);
    return g->batch->err;
}

static enum err put_batch(struct giving *g)
{
    struct store_checkpoint c;
    struct store_payloads rows;
    TRY(store_checkpoint_newest(g->t, g->arena, g->log.id, STORE_CHECKPOINT_COSIGNED, &c));
    TRY(g->log.is_ours ? store_payloads_of(g->t, g->arena, g->log.id, g->idx, &rows)
                       : store_received_of(g->t, g->arena, g->log.id, g->idx, &rows));
    if (rows.n == 0 || g->idx >= c.size)
        return ERR_NOT_FOUND;
    const struct ledger_batch_header header = {.from = g->log.origin,
        .to = g->log.partner_origin,
        .agreement = link_agreement(g->link)->digest,
        .first = c.size,
        .old_size = c.size};
    ledger_batch_put_header(g->batch, &header);
    ledger_batch_put_proof(g->batch, &(struct ledger_proof){0});
    ledger_batch_put_checkpoint(g->batch, c.note);
    for (size_t i = 0; i < rows.n; i++)
        TRY(put_leaf(g, &rows.items[i]));
    ledger_batch_put_end(g->batch);
    return g->batch->err;
}

enum err exchange_give_back(struct exchange *ex, struct str party, struct arena *a,
    struct str log, uint64_t idx, struct str *batch)
{
    struct buf b = buf_in(a, BATCH_BYTES_MAX);
    struct giving g = {.link = exchange_find(ex, party), .arena = a, .batch = &b, .idx = idx};
    if (!g.link)
        return ERR_NOT_FOUND;
    TRY(store_read_begin(ex->config.store, &g.t));
    enum err e = link_find_log(g.t, a, party, log, &g.log);
    if (e == ERR_OK)
        e = put_batch(&g);
    store_read_end(g.t);
    TRY(e);
    return buf_end(&b, batch);
}
