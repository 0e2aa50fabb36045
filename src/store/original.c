// SPDX-License-Identifier: Apache-2.0
#include "store/original.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_original_put(
    struct store_txn *t, int64_t seq, const struct store_original *original)
{
    struct db_query q =
        db_query(t->db, "INSERT INTO object_original (seq, format, bytes) VALUES (?, ?, ?)");
    db_bind_int(&q, seq);
    db_bind_text(&q, original->format);
    db_bind_blob(&q, original->bytes);
    return db_run(&q);
}

enum err store_original_get(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_original *out)
{
    struct db_query q =
        db_query(t->db, "SELECT format, bytes FROM object_original WHERE seq = ?");
    struct store_original original = {0};
    db_bind_int(&q, seq);
    if (db_one(&q)) {
        original.format = db_copy(&q, 0, a);
        original.bytes = db_copy(&q, 1, a);
    }
    TRY(db_end(&q));
    *out = original;
    return ERR_OK;
}

enum err store_original_erase(struct store_txn *t, int64_t seq)
{
    struct db_query q = db_query(t->db, "DELETE FROM object_original WHERE seq = ?");
    db_bind_int(&q, seq);
    return db_run(&q);
}
