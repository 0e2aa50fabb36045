// SPDX-License-Identifier: Apache-2.0
// The newest checkpoints of each log. They never go back.
#include "store/ledger.h"
#include "store/store_priv.h"

static enum err check_advance(struct store_txn *t, int64_t log_id,
    enum store_checkpoint_kind kind, const struct store_checkpoint *c)
{
    struct db_query q =
        db_query(t->db, "SELECT size, root FROM checkpoint WHERE log_id = ? AND kind = ?");
    db_bind_int(&q, log_id);
    db_bind_int(&q, kind);
    bool is_there = db_next(&q);
    uint64_t size = is_there ? (uint64_t)db_int(&q, 0) : 0;
    unsigned char root[STORE_HASH_BYTES] = {0};
    if (is_there)
        db_blob_exact(&q, 1, root, sizeof root);
    TRY(db_end(&q));
    if (is_there && c->size < size)
        return ERR_CONFLICT;
    if (is_there && c->size == size && memcmp(root, c->root, sizeof root) != 0)
        return ERR_CORRUPT;
    return ERR_OK;
}

enum err store_checkpoint_put(struct store_txn *t, int64_t log_id,
    enum store_checkpoint_kind kind, const struct store_checkpoint *c)
{
    TRY(check_advance(t, log_id, kind, c));
    // Of two of the same size the later one stays.
    struct db_query q = db_query(t->db,
        "INSERT INTO checkpoint (log_id, kind, size, root, note, at_us)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (log_id, kind) DO UPDATE SET"
        " size = excluded.size, root = excluded.root, note = excluded.note,"
        " at_us = excluded.at_us"
        " WHERE excluded.size > checkpoint.size OR excluded.at_us >= checkpoint.at_us");
    db_bind_int(&q, log_id);
    db_bind_int(&q, kind);
    db_bind_int(&q, (int64_t)c->size);
    db_bind_blob(&q, (struct str){(const char *)c->root, sizeof c->root});
    db_bind_text(&q, c->note);
    db_bind_int(&q, c->at_us);
    return db_run(&q);
}

enum err store_checkpoint_newest(struct store_txn *t, struct arena *a, int64_t log_id,
    enum store_checkpoint_kind kind, struct store_checkpoint *out)
{
    struct db_query q = db_query(
        t->db, "SELECT size, at_us, note, root FROM checkpoint WHERE log_id = ? AND kind = ?");
    db_bind_int(&q, log_id);
    db_bind_int(&q, kind);
    struct store_checkpoint c = {0};
    if (db_one(&q)) {
        c.size = (uint64_t)db_int(&q, 0);
        c.at_us = db_int(&q, 1);
        c.note = db_copy(&q, 2, a);
        db_blob_exact(&q, 3, c.root, sizeof c.root);
    }
    TRY(db_end(&q));
    *out = c;
    return ERR_OK;
}
