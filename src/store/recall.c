// SPDX-License-Identifier: Apache-2.0
#include "store/recall.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

static enum err insert_recall(struct store_txn *t, const struct store_recall *r)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO recall (log_id, idx, id, of_log_id, of_idx, deadline_us, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)");
    db_bind_int(&q, r->log_id);
    db_bind_int(&q, (int64_t)r->idx);
    db_bind_text(&q, r->id);
    db_bind_int(&q, r->of_log_id);
    db_bind_int(&q, (int64_t)r->of_idx);
    db_bind_int(&q, r->deadline_us);
    db_bind_text(&q, r->reason);
    return db_run(&q);
}

static enum err insert_item(struct store_txn *t, const struct store_recall *r, uint64_t n)
{
    struct db_query q = db_query(
        t->db, "INSERT INTO recall_item (log_id, idx, n, state) VALUES (?, ?, ?, 'open')");
    db_bind_int(&q, r->log_id);
    db_bind_int(&q, (int64_t)r->idx);
    db_bind_int(&q, (int64_t)n);
    return db_run(&q);
}

enum err store_recall_put(
    struct store_txn *t, const struct store_recall *r, const uint64_t *leaves, size_t n)
{
    TRY(insert_recall(t, r));
    for (size_t i = 0; i < n; i++)
        TRY(insert_item(t, r, leaves[i]));
    return ERR_OK;
}

#define COLUMNS                                                                        \
    "r.log_id, r.idx, r.id, r.of_log_id, r.of_idx, r.deadline_us, r.reason,"           \
    " (SELECT count(*) FROM recall_item i WHERE i.log_id = r.log_id AND i.idx = r.idx" \
    " AND i.state = 'open')"

static void read_row(struct db_query *q, struct arena *a, struct store_recall *out)
{
    out->log_id = db_int(q, 0);
    out->idx = (uint64_t)db_int(q, 1);
    out->id = db_copy(q, 2, a);
    out->of_log_id = db_int(q, 3);
    out->of_idx = (uint64_t)db_int(q, 4);
    out->deadline_us = db_int(q, 5);
    out->reason = db_copy(q, 6, a);
    out->left = (uint64_t)db_int(q, 7);
}

static enum err read_rows(struct db_query *q, struct arena *a, struct store_recalls *out)
{
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_recall *r;
    while ((r = store_list_next(&list, q)))
        read_row(q, a, r);
    TRY(db_end(q));
    *out = (struct store_recalls){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_recall_find(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct store_recall *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " COLUMNS " FROM recall r WHERE r.log_id = ? AND r.idx = ?");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)idx);
    struct store_recall r = {0};
    if (db_one(&q))
        read_row(&q, a, &r);
    TRY(db_end(&q));
    *out = r;
    return ERR_OK;
}

enum err store_recalls_by_id(
    struct store_txn *t, struct arena *a, struct str id, struct store_recalls *out)
{
    struct db_query q = db_query(
        t->db, "SELECT " COLUMNS " FROM recall r WHERE r.id = ? ORDER BY r.log_id, r.idx");
    db_bind_text(&q, id);
    return read_rows(&q, a, out);
}

enum err store_recalls_open(struct store_txn *t, struct arena *a, int64_t of_log_id,
    uint64_t of_idx, struct store_recalls *out)
{
    struct db_query q = db_query(t->db,
        "SELECT " COLUMNS " FROM recall r WHERE r.of_log_id = ? AND r.of_idx = ?"
        " AND EXISTS (SELECT 1 FROM recall_item i WHERE i.log_id = r.log_id"
        " AND i.idx = r.idx AND i.state = 'open') ORDER BY r.idx");
    db_bind_int(&q, of_log_id);
    db_bind_int(&q, (int64_t)of_idx);
    return read_rows(&q, a, out);
}

enum err store_recall_of_leaf(
    struct store_txn *t, const struct store_leaf *leaf, uint64_t *out_idx)
{
    struct db_query q = db_query(t->db,
        "SELECT r.idx FROM recall r JOIN recall_item i ON i.log_id = r.log_id AND i.idx = r.idx"
        " WHERE r.of_log_id = ? AND r.of_idx = ? AND i.n = ? ORDER BY r.idx LIMIT 1");
    db_bind_int(&q, leaf->log_id);
    db_bind_int(&q, (int64_t)leaf->idx);
    db_bind_int(&q, (int64_t)leaf->n);
    if (db_one(&q))
        *out_idx = (uint64_t)db_int(&q, 0);
    return db_end(&q);
}

enum err store_recall_items_of(struct store_txn *t, struct arena *a, int64_t log_id,
    uint64_t idx, struct store_recall_items *out)
{
    struct db_query q = db_query(
        t->db, "SELECT n, state FROM recall_item WHERE log_id = ? AND idx = ? ORDER BY n");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)idx);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_recall_item *item;
    while ((item = store_list_next(&list, &q))) {
        item->n = (uint64_t)db_int(&q, 0);
        item->state = db_copy(&q, 1, a);
    }
    TRY(db_end(&q));
    *out = (struct store_recall_items){.items = list.items, .n = list.n};
    return ERR_OK;
}

static enum err insert_ack(struct store_txn *t, const struct store_recall_ack *ack)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO recall_ack (log_id, idx, recall_log_id, recall_idx, downstream, at_us)"
        " VALUES (?, ?, ?, ?, ?, ?)");
    db_bind_int(&q, ack->log_id);
    db_bind_int(&q, (int64_t)ack->idx);
    db_bind_int(&q, ack->recall_log_id);
    db_bind_int(&q, (int64_t)ack->recall_idx);
    db_bind_int(&q, (int64_t)ack->downstream);
    db_bind_int(&q, ack->at_us);
    return db_run(&q);
}

static enum err item_is(
    struct store_txn *t, const struct store_recall_ack *ack, const struct store_recall_item *i)
{
    struct db_query q =
        db_query(t->db, "SELECT state FROM recall_item WHERE log_id = ? AND idx = ? AND n = ?");
    db_bind_int(&q, ack->recall_log_id);
    db_bind_int(&q, (int64_t)ack->recall_idx);
    db_bind_int(&q, (int64_t)i->n);
    bool is_same = db_one(&q) && str_eq(db_text(&q, 0), i->state);
    TRY(db_end(&q));
    return is_same ? ERR_OK : ERR_CONFLICT;
}

static enum err answer_item(
    struct store_txn *t, const struct store_recall_ack *ack, const struct store_recall_item *i)
{
    struct db_query q = db_query(t->db,
        "UPDATE recall_item SET state = ? WHERE log_id = ? AND idx = ? AND n = ?"
        " AND state = 'open'");
    db_bind_text(&q, i->state);
    db_bind_int(&q, ack->recall_log_id);
    db_bind_int(&q, (int64_t)ack->recall_idx);
    db_bind_int(&q, (int64_t)i->n);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : item_is(t, ack, i);
}

enum err store_recall_ack_put(struct store_txn *t, const struct store_recall_ack *ack,
    const struct store_recall_item *items, size_t n)
{
    TRY(insert_ack(t, ack));
    for (size_t i = 0; i < n; i++)
        TRY(answer_item(t, ack, &items[i]));
    return ERR_OK;
}
