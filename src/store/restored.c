// SPDX-License-Identifier: Apache-2.0
#include "store/restored.h"

#include "db/db.h"
#include "store/store_priv.h"

enum err store_restored_put(struct store_txn *t, const struct store_restored *r)
{
    struct db_query q = db_query(
        t->db, "INSERT OR REPLACE INTO restored (id, backup_us, restored_us) VALUES (1, ?, ?)");
    db_bind_int(&q, r->backup_us);
    db_bind_int(&q, r->restored_us);
    return db_run(&q);
}

enum err store_restored_get(struct store_txn *t, struct store_restored *out)
{
    struct db_query q =
        db_query(t->db, "SELECT backup_us, restored_us FROM restored WHERE id = 1");
    struct store_restored r = {0};
    if (db_one(&q))
        r = (struct store_restored){.backup_us = db_int(&q, 0), .restored_us = db_int(&q, 1)};
    TRY(db_end(&q));
    *out = r;
    return ERR_OK;
}

enum err store_restored_clear(struct store_txn *t)
{
    struct db_query q = db_query(t->db, "DELETE FROM restored");
    return db_run(&q);
}

static void bind_known(struct db_query *q, const unsigned char *bytes, size_t n)
{
    static const unsigned char unknown[STORE_RECORD_HASH_BYTES];
    if (memcmp(bytes, unknown, n) == 0)
        db_bind_null(q);
    else
        db_bind_blob(q, (struct str){(const char *)bytes, n});
}

enum err store_payload_give_back(struct store_txn *t, const struct store_payload *p)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO payload (log_id, idx, n, object_seq, size, priority, state, salt,"
        " commitment) VALUES (?, ?, ?, ?4, ?, ?, ?4 = 0, ?, ?) ON CONFLICT DO NOTHING");
    db_bind_int(&q, p->leaf.log_id);
    db_bind_int(&q, (int64_t)p->leaf.idx);
    db_bind_int(&q, (int64_t)p->leaf.n);
    db_bind_int(&q, p->object_seq);
    db_bind_int(&q, p->bytes_n);
    db_bind_int(&q, p->priority);
    bind_known(&q, p->salt, sizeof p->salt);
    bind_known(&q, p->commitment, sizeof p->commitment);
    return db_run(&q);
}

enum err store_lost_count(struct store_txn *t, uint64_t *out)
{
    struct db_query q = db_query(t->db, "SELECT count(*) FROM payload WHERE object_seq = 0");
    *out = db_one(&q) ? (uint64_t)db_int(&q, 0) : 0;
    return db_end(&q);
}
