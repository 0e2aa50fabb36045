// SPDX-License-Identifier: Apache-2.0
#include "store/key.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_agreement_put(
    struct store_txn *t, struct str party, const struct store_agreement *agreement)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO agreement (party, seq, digest, note, added_us) SELECT ?1,"
        " coalesce((SELECT max(seq) FROM agreement WHERE party = ?1), 0) + 1, ?2, ?3, ?4"
        " WHERE NOT EXISTS (SELECT 1 FROM agreement WHERE party = ?1 AND digest = ?2)");
    db_bind_text(&q, party);
    db_bind_blob(&q, (struct str){(const char *)agreement->digest, sizeof agreement->digest});
    db_bind_text(&q, agreement->note);
    db_bind_int(&q, agreement->added_us);
    return db_run(&q);
}

enum err store_agreements_of(
    struct store_txn *t, struct arena *a, struct str party, struct store_agreements *out)
{
    struct db_query q = db_query(
        t->db, "SELECT digest, note, added_us FROM agreement WHERE party = ? ORDER BY seq");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_agreement *row;
    db_bind_text(&q, party);
    while ((row = store_list_next(&list, &q))) {
        db_blob_exact(&q, 0, row->digest, sizeof row->digest);
        row->note = db_copy(&q, 1, a);
        row->added_us = db_int(&q, 2);
    }
    TRY(db_end(&q));
    *out = (struct store_agreements){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_key_entry_put(struct store_txn *t, int64_t log_id, uint64_t idx)
{
    struct db_query q =
        db_query(t->db, "INSERT OR IGNORE INTO key_entry (log_id, idx) VALUES (?, ?)");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)idx);
    return db_run(&q);
}

enum err store_key_entries(
    struct store_txn *t, struct arena *a, int64_t log_id, struct store_indexes *out)
{
    struct db_query q =
        db_query(t->db, "SELECT idx FROM key_entry WHERE log_id = ? ORDER BY idx");
    struct store_list list = store_list_of(a, sizeof *out->items);
    uint64_t *idx;
    db_bind_int(&q, log_id);
    while ((idx = store_list_next(&list, &q)))
        *idx = (uint64_t)db_int(&q, 0);
    TRY(db_end(&q));
    *out = (struct store_indexes){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_log_start_put(struct store_txn *t, int64_t log_id, struct str note)
{
    struct db_query q =
        db_query(t->db, "INSERT OR IGNORE INTO log_start (log_id, note) VALUES (?, ?)");
    db_bind_int(&q, log_id);
    db_bind_text(&q, note);
    return db_run(&q);
}

enum err store_log_start_get(
    struct store_txn *t, struct arena *a, int64_t log_id, struct str *out)
{
    struct db_query q = db_query(t->db, "SELECT note FROM log_start WHERE log_id = ?");
    struct str note = {"", 0};
    db_bind_int(&q, log_id);
    if (db_one(&q))
        note = db_copy(&q, 0, a);
    TRY(db_end(&q));
    *out = note;
    return ERR_OK;
}
