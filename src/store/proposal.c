// SPDX-License-Identifier: Apache-2.0
// Recalls that wait for an officer's word.
#include "store/recall.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"

// A leaf of ours that carried object ?1 and that no recall of ours names.
#define UNRECALLED                                                             \
    "payload p WHERE p.object_seq = ?1 AND NOT EXISTS (SELECT 1 FROM recall r" \
    " JOIN recall_item i ON i.log_id = r.log_id AND i.idx = r.idx"             \
    " WHERE r.of_log_id = p.log_id AND r.of_idx = p.idx"                       \
    " AND i.n = p.n)"

enum err store_payloads_unrecalled(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_payloads *out)
{
    struct db_query q = db_query(
        t->db, "SELECT p.log_id, p.idx, p.n FROM " UNRECALLED " ORDER BY p.log_id, p.idx, p.n");
    db_bind_int(&q, seq);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_payload *p;
    while ((p = store_list_next(&list, &q))) {
        p->leaf = (struct store_leaf){.log_id = db_int(&q, 0),
            .idx = (uint64_t)db_int(&q, 1),
            .n = (uint64_t)db_int(&q, 2)};
        p->object_seq = seq;
    }
    TRY(db_end(&q));
    *out = (struct store_payloads){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_recall_propose(struct store_txn *t, int64_t seq, int64_t at_us, struct str why)
{
    struct db_query q =
        db_query(t->db, "INSERT INTO recall_proposal (object_seq, at_us, why) SELECT ?1, ?2, ?3"
                        " WHERE EXISTS (SELECT 1 FROM " UNRECALLED ")"
                        " ON CONFLICT (object_seq) DO UPDATE SET at_us = excluded.at_us,"
                        " why = excluded.why, closed_us = 0");
    db_bind_int(&q, seq);
    db_bind_int(&q, at_us);
    db_bind_text(&q, why);
    return db_run(&q);
}

enum err store_recall_review(struct store_txn *t, int64_t seq, int64_t at_us, struct str why)
{
    struct db_query q =
        db_query(t->db, "INSERT INTO recall_proposal (object_seq, at_us, why) VALUES (?, ?, ?)"
                        " ON CONFLICT (object_seq) DO UPDATE SET at_us = excluded.at_us,"
                        " why = excluded.why, closed_us = 0");
    db_bind_int(&q, seq);
    db_bind_int(&q, at_us);
    db_bind_text(&q, why);
    return db_run(&q);
}

enum err store_recall_proposal_close(struct store_txn *t, int64_t seq, int64_t at_us)
{
    struct db_query q = db_query(t->db,
        "UPDATE recall_proposal SET closed_us = ? WHERE object_seq = ? AND closed_us = 0");
    db_bind_int(&q, at_us);
    db_bind_int(&q, seq);
    return db_run(&q);
}

enum err store_recall_proposals_open(struct store_txn *t, struct arena *a, int64_t after,
    size_t limit, struct store_recall_proposals *out)
{
    struct db_query q =
        db_query(t->db, "SELECT object_seq, at_us, why FROM recall_proposal WHERE closed_us = 0"
                        " AND object_seq > ? ORDER BY object_seq LIMIT ?");
    db_bind_int(&q, after);
    db_bind_int(&q, (int64_t)limit);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_recall_proposal *p;
    while ((p = store_list_next(&list, &q))) {
        p->object.seq = db_int(&q, 0);
        p->at_us = db_int(&q, 1);
        p->why = db_copy(&q, 2, a);
    }
    TRY(db_end(&q));
    struct store_recall_proposals found = {.items = list.items, .n = list.n};
    for (size_t i = 0; i < found.n; i++)
        TRY(store_object_get(t, a, found.items[i].object.seq, &found.items[i].object));
    *out = found;
    return ERR_OK;
}

enum err store_recall_proposals_count(struct store_txn *t, uint64_t *out)
{
    struct db_query q =
        db_query(t->db, "SELECT count(*) FROM recall_proposal WHERE closed_us = 0");
    if (db_one(&q))
        *out = (uint64_t)db_int(&q, 0);
    return db_end(&q);
}

enum err store_recall_is_proposed(struct store_txn *t, int64_t seq, bool *out)
{
    struct db_query q = db_query(
        t->db, "SELECT count(*) FROM recall_proposal WHERE object_seq = ? AND closed_us = 0");
    db_bind_int(&q, seq);
    bool is_proposed = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    *out = is_proposed;
    return ERR_OK;
}

enum err store_recall_choose(struct store_txn *t, struct str party, struct str answer)
{
    struct db_query q =
        db_query(t->db, "INSERT INTO recall_choice (party, answer) VALUES (?, ?)"
                        " ON CONFLICT (party) DO UPDATE SET answer = excluded.answer");
    db_bind_text(&q, party);
    db_bind_text(&q, answer);
    return db_run(&q);
}

enum err store_recall_asks(struct store_txn *t, struct str party, bool *out)
{
    struct db_query q = db_query(
        t->db, "SELECT count(*) FROM recall_choice WHERE party = ? AND answer = 'ask'");
    db_bind_text(&q, party);
    bool asks = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    *out = asks;
    return ERR_OK;
}

enum err store_recipients_of(struct store_txn *t, struct arena *a, int64_t seq,
    struct str except, struct store_texts *out)
{
    struct db_query q = db_query(t->db,
        "SELECT recipient FROM membership WHERE object_seq = ?1 AND recipient <> ?2"
        " UNION SELECT l.party FROM payload p JOIN log l ON l.id = p.log_id"
        " WHERE p.object_seq = ?1 AND l.party <> ?2 ORDER BY 1");
    db_bind_int(&q, seq);
    db_bind_text(&q, except);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct str *recipient;
    while ((recipient = store_list_next(&list, &q)))
        *recipient = db_copy(&q, 0, a);
    TRY(db_end(&q));
    *out = (struct store_texts){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_recalls_waiting(
    struct store_txn *t, struct arena *a, size_t limit, struct store_recalls_waiting *out)
{
    struct db_query q = db_query(t->db,
        "SELECT r.log_id, r.idx, r.id, r.of_log_id, r.of_idx, r.deadline_us, r.reason, i.n,"
        " l.party, l.is_ours FROM (SELECT log_id, idx, count(*) AS n FROM recall_item"
        " WHERE state = 'open' GROUP BY log_id, idx) i"
        " JOIN recall r ON r.log_id = i.log_id AND r.idx = i.idx"
        " JOIN log l ON l.id = r.log_id ORDER BY r.deadline_us, r.log_id, r.idx LIMIT ?");
    db_bind_int(&q, (int64_t)limit);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_recall_open *open;
    while ((open = store_list_next(&list, &q))) {
        open->recall = (struct store_recall){.log_id = db_int(&q, 0),
            .idx = (uint64_t)db_int(&q, 1),
            .id = db_copy(&q, 2, a),
            .of_log_id = db_int(&q, 3),
            .of_idx = (uint64_t)db_int(&q, 4),
            .deadline_us = db_int(&q, 5),
            .reason = db_copy(&q, 6, a),
            .left = (uint64_t)db_int(&q, 7)};
        open->party = db_copy(&q, 8, a);
        open->is_ours = db_int(&q, 9);
    }
    TRY(db_end(&q));
    *out = (struct store_recalls_waiting){.items = list.items, .n = list.n};
    return ERR_OK;
}
