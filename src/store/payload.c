// SPDX-License-Identifier: Apache-2.0
// Objects under entries: those that we send, those that came.
#include "store/release.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"

// payload.state; 1 is in the condition of the index payload_pending.
enum payload_state {
    PAYLOAD_PENDING,
    PAYLOAD_RECEIPTED,
    PAYLOAD_WITHDRAWN,
};

static struct str salt_of(const struct store_payload *p)
{
    return (struct str){(const char *)p->salt, sizeof p->salt};
}

static struct str commitment_of(const struct store_payload *p)
{
    return (struct str){(const char *)p->commitment, sizeof p->commitment};
}

enum err store_payload_put(struct store_txn *t, const struct store_payload *p)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO payload (log_id, idx, n, object_seq, size, priority, state, salt,"
        " commitment, variant_seq) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, nullif(?, 0))");
    db_bind_int(&q, p->leaf.log_id);
    db_bind_int(&q, (int64_t)p->leaf.idx);
    db_bind_int(&q, (int64_t)p->leaf.n);
    db_bind_int(&q, p->object_seq);
    db_bind_int(&q, p->bytes_n);
    db_bind_int(&q, p->priority);
    db_bind_blob(&q, salt_of(p));
    db_bind_blob(&q, commitment_of(p));
    db_bind_int(&q, p->variant_seq);
    return db_run(&q);
}

#define SENT                                                                           \
    "log_id, idx, n, object_seq, size, priority, salt, commitment, state, variant_seq" \
    " FROM payload"
#define RECEIVED \
    "log_id, idx, n, object_seq, size, 0, salt, commitment, 1, NULL FROM received_payload"

static void read_row(struct db_query *q, struct store_payload *out)
{
    out->leaf = (struct store_leaf){
        .log_id = db_int(q, 0),
        .idx = (uint64_t)db_int(q, 1),
        .n = (uint64_t)db_int(q, 2),
    };
    out->object_seq = db_int(q, 3);
    out->bytes_n = db_int(q, 4);
    out->priority = (enum store_priority)db_int(q, 5);
    if (!db_is_null(q, 6))
        db_blob_exact(q, 6, out->salt, sizeof out->salt);
    if (!db_is_null(q, 7))
        db_blob_exact(q, 7, out->commitment, sizeof out->commitment);
    out->variant_seq = db_is_null(q, 9) ? 0 : db_int(q, 9);
    out->is_withdrawn = db_int(q, 8) == PAYLOAD_WITHDRAWN;
}

// The first row that goes over `bytes_max` is left out, unless it is the first of all.
static enum err read_rows(
    struct db_query *q, struct arena *a, size_t bytes_max, struct store_payloads *out)
{
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_payload *p;
    size_t bytes = 0;
    while ((p = store_list_next(&list, q))) {
        read_row(q, p);
        size_t n = (size_t)p->bytes_n;
        if (list.n > 1 && n > bytes_max - bytes) {
            list.n--;
            break;
        }
        bytes = n < bytes_max - bytes ? bytes + n : bytes_max;
    }
    TRY(db_end(q));
    *out = (struct store_payloads){.items = list.items, .n = list.n};
    return ERR_OK;
}

// The planner would read every payload of the log instead: it does not know how few are left.
enum err store_payloads_pending(struct store_txn *t, struct arena *a,
    const struct store_pending *want, struct store_payloads *out)
{
    struct db_query q = db_query(t->db,
        "SELECT " SENT " INDEXED BY payload_pending WHERE state <> 1 AND log_id = ? AND idx < ?"
        " ORDER BY priority, idx, n LIMIT ?");
    db_bind_int(&q, want->log_id);
    db_bind_int(&q, (int64_t)want->below);
    db_bind_int(&q, (int64_t)want->limit);
    return read_rows(&q, a, want->bytes_max, out);
}

enum err store_payloads_of(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct store_payloads *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " SENT " WHERE log_id = ? AND idx = ? ORDER BY n");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)idx);
    return read_rows(&q, a, SIZE_MAX, out);
}

enum err store_payloads_of_object(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_payloads *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " SENT " WHERE object_seq = ? ORDER BY log_id, idx, n");
    db_bind_int(&q, seq);
    return read_rows(&q, a, SIZE_MAX, out);
}

enum err store_payload_receipted(struct store_txn *t, int64_t log_id, uint64_t idx)
{
    struct db_query q = db_query(
        t->db, "UPDATE payload SET state = ? WHERE log_id = ? AND idx = ? AND state <> 1");
    db_bind_int(&q, PAYLOAD_RECEIPTED);
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)idx);
    return db_run(&q);
}

static enum err leaf_exists(struct store_txn *t, const struct store_leaf *leaf)
{
    struct db_query q =
        db_query(t->db, "SELECT count(*) FROM payload WHERE log_id = ? AND idx = ? AND n = ?");
    db_bind_int(&q, leaf->log_id);
    db_bind_int(&q, (int64_t)leaf->idx);
    db_bind_int(&q, (int64_t)leaf->n);
    bool is_there = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    return is_there ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_payload_withdraw(struct store_txn *t, const struct store_leaf *leaf)
{
    struct db_query q =
        db_query(t->db, "UPDATE payload SET state = ?, salt = NULL"
                        " WHERE log_id = ? AND idx = ? AND n = ? AND state = 0");
    db_bind_int(&q, PAYLOAD_WITHDRAWN);
    db_bind_int(&q, leaf->log_id);
    db_bind_int(&q, (int64_t)leaf->idx);
    db_bind_int(&q, (int64_t)leaf->n);
    TRY(db_run(&q));
    if (db_changes(t->db) == 0)
        return leaf_exists(t, leaf);
    t->store->writer.has_erased = true;
    return ERR_OK;
}

enum err store_payloads_unannounced(struct store_txn *t, struct arena *a, int64_t log_id,
    size_t limit, struct store_payloads *out)
{
    struct db_query q = db_query(t->db,
        "SELECT " SENT " p INDEXED BY payload_withdrawn WHERE state = 2 AND log_id = ?"
        " AND NOT EXISTS (SELECT 1 FROM recall r JOIN recall_item i"
        " ON i.log_id = r.log_id AND i.idx = r.idx WHERE r.of_log_id = p.log_id"
        " AND r.of_idx = p.idx AND i.n = p.n)"
        " ORDER BY idx, n LIMIT ?");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)limit);
    return read_rows(&q, a, SIZE_MAX, out);
}

static enum err received_find(
    struct store_txn *t, const struct store_leaf *leaf, struct store_payload *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " RECEIVED " WHERE log_id = ? AND idx = ? AND n = ?");
    db_bind_int(&q, leaf->log_id);
    db_bind_int(&q, (int64_t)leaf->idx);
    db_bind_int(&q, (int64_t)leaf->n);
    if (db_one(&q))
        read_row(&q, out);
    return db_end(&q);
}

static enum err received_insert(struct store_txn *t, const struct store_payload *p)
{
    struct db_query q =
        db_query(t->db, "INSERT INTO received_payload (log_id, idx, n, object_seq, size,"
                        " salt, commitment) VALUES (?, ?, ?, ?, ?, ?, ?)");
    db_bind_int(&q, p->leaf.log_id);
    db_bind_int(&q, (int64_t)p->leaf.idx);
    db_bind_int(&q, (int64_t)p->leaf.n);
    db_bind_int(&q, p->object_seq);
    db_bind_int(&q, p->bytes_n);
    if (p->object_seq)
        db_bind_blob(&q, salt_of(p));
    else
        db_bind_null(&q);
    db_bind_blob(&q, commitment_of(p));
    return db_run(&q);
}

enum err store_received_put(struct store_txn *t, const struct store_payload *p)
{
    struct store_payload present = {0};
    enum err e = received_find(t, &p->leaf, &present);
    if (e == ERR_NOT_FOUND)
        return received_insert(t, p);
    TRY(e);
    static const unsigned char destroyed[STORE_SALT_BYTES];
    bool is_same = present.object_seq == p->object_seq &&
                   (memcmp(present.salt, p->salt, sizeof p->salt) == 0 ||
                       memcmp(present.salt, destroyed, sizeof destroyed) == 0);
    return is_same ? ERR_OK : ERR_CONFLICT;
}

enum err store_received_of(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct store_payloads *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " RECEIVED " WHERE log_id = ? AND idx = ? ORDER BY n");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)idx);
    return read_rows(&q, a, SIZE_MAX, out);
}

enum err store_received_of_object(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_payloads *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " RECEIVED " WHERE object_seq = ? ORDER BY log_id, idx, n");
    db_bind_int(&q, seq);
    return read_rows(&q, a, SIZE_MAX, out);
}
