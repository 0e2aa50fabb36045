// SPDX-License-Identifier: Apache-2.0
#include "store/taxii_wait.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

static void bind_view(struct db_query *q, const struct store_view *view)
{
    db_bind_text(q, view->view);
    db_bind_text(q, view->recipient);
}

enum err store_taxii_wait_put(
    struct store_txn *t, const struct store_view *view, int64_t object_seq, int64_t due_us)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO taxii_wait (collection, recipient, object_seq, due_us) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (collection, recipient, object_seq) DO UPDATE SET due_us ="
        " excluded.due_us");
    bind_view(&q, view);
    db_bind_int(&q, object_seq);
    db_bind_int(&q, due_us);
    return db_run(&q);
}

enum err store_taxii_wait_drop(
    struct store_txn *t, const struct store_view *view, int64_t object_seq)
{
    struct db_query q = db_query(t->db,
        "DELETE FROM taxii_wait WHERE collection = ? AND recipient = ? AND object_seq = ?");
    bind_view(&q, view);
    db_bind_int(&q, object_seq);
    return db_run(&q);
}

enum err store_taxii_wait_clear(struct store_txn *t, const struct store_view *view)
{
    struct db_query q =
        db_query(t->db, "DELETE FROM taxii_wait WHERE collection = ? AND recipient = ?");
    bind_view(&q, view);
    return db_run(&q);
}

enum err store_taxii_wait_any(struct store_txn *t, const struct store_view *view, bool *out)
{
    struct db_query q = db_query(t->db,
        "SELECT EXISTS (SELECT 1 FROM taxii_wait WHERE collection = ? AND recipient = ?)");
    bind_view(&q, view);
    bool any = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    *out = any;
    return ERR_OK;
}

enum err store_taxii_wait_due(struct store_txn *t, struct arena *a,
    const struct store_view *view, int64_t now_us, size_t limit, struct store_objects *out)
{
    struct db_query q = db_query(t->db,
        "SELECT " STORE_OBJECT_COLUMNS " FROM (SELECT object_seq FROM taxii_wait"
        " WHERE collection = ? AND recipient = ? AND due_us <= ? ORDER BY due_us, object_seq"
        " LIMIT ?) w CROSS JOIN object_version o LEFT JOIN object_state s ON s.seq = o.seq"
        " WHERE o.seq = w.object_seq ORDER BY o.seq");
    bind_view(&q, view);
    db_bind_int(&q, now_us);
    db_bind_int(&q, (int64_t)limit);
    return store_objects_read(&q, a, out);
}

enum err store_taxii_wait_referring(struct store_txn *t, struct arena *a,
    const struct store_view *view, int64_t object_seq, struct store_seqs *out)
{
    struct db_query q = db_query(t->db,
        "SELECT w.object_seq FROM object_version o CROSS JOIN ref_index r"
        " CROSS JOIN taxii_wait w WHERE o.seq = ?3 AND r.target = o.id AND w.collection = ?1"
        " AND w.recipient = ?2 AND w.object_seq = r.object_seq AND w.due_us = ?4");
    bind_view(&q, view);
    db_bind_int(&q, object_seq);
    db_bind_int(&q, STORE_TAXII_IDLE);
    return store_seqs_read(&q, a, out);
}

enum err store_taxii_wait_wake(struct store_txn *t, int64_t object_seq)
{
    struct db_query q =
        db_query(t->db, "UPDATE taxii_wait SET due_us = 0 WHERE object_seq = ?");
    db_bind_int(&q, object_seq);
    return db_run(&q);
}

enum err store_taxii_wait_wake_others(
    struct store_txn *t, const struct store_view *view, int64_t object_seq)
{
    struct db_query q = db_query(t->db,
        "UPDATE taxii_wait SET due_us = 0 WHERE collection = ?1 AND recipient = ?2"
        " AND object_seq IN (SELECT p.seq FROM object_version o CROSS JOIN object_version p"
        " WHERE o.seq = ?3 AND p.id = o.id)");
    bind_view(&q, view);
    db_bind_int(&q, object_seq);
    return db_run(&q);
}

enum err store_taxii_wait_wake_party(struct store_txn *t, struct str party)
{
    struct db_query q = db_query(t->db, "UPDATE taxii_wait SET due_us = 0 WHERE recipient = ?1"
                                        " OR substr(recipient, 1, length(?1) + 1) = ?1 || '/'");
    db_bind_text(&q, party);
    return db_run(&q);
}
