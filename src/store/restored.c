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

enum err store_lost_put(
    struct store_txn *t, int64_t log_id, uint64_t idx, uint64_t n, int64_t at_us)
{
    struct db_query q =
        db_query(t->db, "INSERT INTO lost_payload (log_id, idx, n, at_us) VALUES (?, ?, ?, ?)"
                        " ON CONFLICT DO NOTHING");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)idx);
    db_bind_int(&q, (int64_t)n);
    db_bind_int(&q, at_us);
    return db_run(&q);
}

enum err store_lost_count(struct store_txn *t, uint64_t *out)
{
    struct db_query q = db_query(t->db, "SELECT count(*) FROM lost_payload");
    *out = db_one(&q) ? (uint64_t)db_int(&q, 0) : 0;
    return db_end(&q);
}
