// SPDX-License-Identifier: Apache-2.0
#include "store/link.h"
#include "store/store_priv.h"

enum err store_count(struct store_txn *t, struct store_counts *out)
{
    struct db_query q = db_query(t->db,
        "SELECT (SELECT coalesce(max(seq), 0) FROM object_version),"
        " (SELECT count(*) FROM object_state), (SELECT count(*) FROM value_index),"
        " (SELECT count(*) FROM link), (SELECT count(*) FROM payload WHERE state <> 1),"
        " (SELECT count(*) FROM ledger_entry WHERE wants_receipt = 1)"
        " - (SELECT count(*) FROM receipt),"
        " (SELECT count(*) FROM (SELECT DISTINCT log_id, idx FROM recall_item"
        " WHERE state = 'open')), (SELECT coalesce(max(seq), 0) FROM audit),"
        " (SELECT count(*) FROM recall_proposal WHERE closed_us = 0)");
    struct store_counts c = {0};
    if (db_one(&q))
        c = (struct store_counts){
            .objects = db_int(&q, 0),
            .not_in_force = db_int(&q, 1),
            .values = db_int(&q, 2),
            .links = db_int(&q, 3),
            .payloads_pending = db_int(&q, 4),
            .receipts_missing = db_int(&q, 5),
            .recalls_open = db_int(&q, 6),
            .audit_events = db_int(&q, 7),
            .recalls_proposed = db_int(&q, 8),
        };
    TRY(db_end(&q));
    *out = c;
    return ERR_OK;
}

enum err store_link_count(struct store_txn *t, int64_t own_log_id, int64_t their_log_id,
    struct store_link_counts *out)
{
    struct db_query q = db_query(t->db,
        "SELECT (SELECT count(*) FROM ledger_entry WHERE log_id = ?1 AND wants_receipt = 1),"
        " (SELECT count(*) FROM receipt WHERE log_id = ?1),"
        " (SELECT count(*) FROM payload WHERE log_id = ?1),"
        " (SELECT count(*) FROM received_payload WHERE log_id = ?2),"
        " (SELECT count(*) FROM recall_item WHERE log_id = ?1),"
        " (SELECT count(*) FROM recall_item WHERE log_id = ?1 AND state <> 'open')");
    db_bind_int(&q, own_log_id);
    db_bind_int(&q, their_log_id);
    struct store_link_counts c = {0};
    if (db_one(&q))
        c = (struct store_link_counts){
            .to_receipt = (uint64_t)db_int(&q, 0),
            .receipts = (uint64_t)db_int(&q, 1),
            .released = (uint64_t)db_int(&q, 2),
            .received = (uint64_t)db_int(&q, 3),
            .recalled = (uint64_t)db_int(&q, 4),
            .recalls_answered = (uint64_t)db_int(&q, 5),
        };
    TRY(db_end(&q));
    *out = c;
    return ERR_OK;
}

enum err store_count_overdue(struct store_txn *t, int64_t now_us, struct store_overdue *out)
{
    struct db_query q = db_query(t->db,
        "SELECT coalesce(sum(l.is_ours), 0), coalesce(sum(1 - l.is_ours), 0) FROM recall r"
        " JOIN log l ON l.id = r.log_id WHERE r.deadline_us < ? AND EXISTS (SELECT 1"
        " FROM recall_item i WHERE i.log_id = r.log_id AND i.idx = r.idx"
        " AND i.state = 'open')");
    struct store_overdue overdue = {0};
    db_bind_int(&q, now_us);
    if (db_one(&q))
        overdue = (struct store_overdue){.by_partners = db_int(&q, 0), .by_us = db_int(&q, 1)};
    TRY(db_end(&q));
    *out = overdue;
    return ERR_OK;
}
