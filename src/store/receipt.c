// SPDX-License-Identifier: Apache-2.0
#include "store/release.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_receipt_put(struct store_txn *t, const struct store_receipt *r)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO receipt (log_id, idx, receipt_log_id, receipt_idx, disposition, why)"
        " VALUES (?, ?, ?, ?, ?, ?)");
    db_bind_int(&q, r->log_id);
    db_bind_int(&q, (int64_t)r->idx);
    db_bind_int(&q, r->receipt_log_id);
    db_bind_int(&q, (int64_t)r->receipt_idx);
    db_bind_text(&q, r->disposition);
    db_bind_text(&q, r->why);
    return db_run(&q);
}

enum err store_receipt_get(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct store_receipt *out)
{
    struct db_query q = db_query(t->db,
        "SELECT log_id, idx, receipt_log_id, receipt_idx, disposition, why FROM receipt"
        " WHERE log_id = ? AND idx = ?");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)idx);
    struct store_receipt r = {0};
    if (db_one(&q)) {
        r.log_id = db_int(&q, 0);
        r.idx = (uint64_t)db_int(&q, 1);
        r.receipt_log_id = db_int(&q, 2);
        r.receipt_idx = (uint64_t)db_int(&q, 3);
        r.disposition = db_copy(&q, 4, a);
        r.why = db_copy(&q, 5, a);
    }
    TRY(db_end(&q));
    *out = r;
    return ERR_OK;
}

#define MISSING                                                                       \
    " FROM ledger_entry e WHERE e.log_id = ? AND e.wants_receipt = 1 AND +e.idx >= ?" \
    " AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.log_id = e.log_id AND r.idx = e.idx)"

enum err store_receipts_missing_count(struct store_txn *t, int64_t log_id, uint64_t *out)
{
    struct db_query q = db_query(t->db, "SELECT count(*)" MISSING);
    db_bind_int(&q, log_id);
    db_bind_int(&q, 0);
    uint64_t n = db_one(&q) ? (uint64_t)db_int(&q, 0) : 0;
    TRY(db_end(&q));
    *out = n;
    return ERR_OK;
}

enum err store_receipts_missing(struct store_txn *t, struct arena *a, int64_t log_id,
    uint64_t from, size_t limit, struct store_seqs *out)
{
    struct db_query q = db_query(t->db, "SELECT e.idx" MISSING " ORDER BY e.idx LIMIT ?");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)from);
    db_bind_int(&q, (int64_t)limit);
    return store_seqs_read(&q, a, out);
}
