// SPDX-License-Identifier: Apache-2.0
#include "store/link.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_link_put(struct store_txn *t, const struct store_link *link)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO link (party, agreement, digest, state, address, added_us, mode)"
        " VALUES (?, ?, ?, ?, ?, ?, coalesce(nullif(?, ''), 'push')) ON CONFLICT (party) DO "
        "UPDATE SET"
        " agreement = excluded.agreement, digest = excluded.digest,"
        " state = CASE state WHEN 'frozen' THEN state ELSE excluded.state END,"
        " address = excluded.address");
    db_bind_text(&q, link->party);
    db_bind_text(&q, link->agreement);
    db_bind_blob(&q, (struct str){(const char *)link->digest, sizeof link->digest});
    db_bind_text(&q, link->state);
    db_bind_text(&q, link->address);
    db_bind_int(&q, link->added_us);
    db_bind_text(&q, link->mode);
    return db_run(&q);
}

#define COLUMNS "party, agreement, state, address, added_us, digest, mode"

static void read_row(struct db_query *q, struct arena *a, struct store_link *out)
{
    out->party = db_copy(q, 0, a);
    out->agreement = db_copy(q, 1, a);
    out->state = db_copy(q, 2, a);
    out->address = db_copy(q, 3, a);
    out->added_us = db_int(q, 4);
    db_blob_exact(q, 5, out->digest, sizeof out->digest);
    out->mode = db_copy(q, 6, a);
}

enum err store_link_all(struct store_txn *t, struct arena *a, struct store_links *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM link ORDER BY party");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_link *link;
    while ((link = store_list_next(&list, &q)))
        read_row(&q, a, link);
    TRY(db_end(&q));
    *out = (struct store_links){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_link_by_party(
    struct store_txn *t, struct arena *a, struct str party, struct store_link *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM link WHERE party = ?");
    db_bind_text(&q, party);
    struct store_link link = {0};
    if (db_one(&q))
        read_row(&q, a, &link);
    TRY(db_end(&q));
    *out = link;
    return ERR_OK;
}

enum err store_link_set_state(struct store_txn *t, struct str party, struct str state)
{
    struct db_query q = db_query(t->db, "UPDATE link SET state = ? WHERE party = ?");
    db_bind_text(&q, state);
    db_bind_text(&q, party);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_link_set_mode(struct store_txn *t, struct str party, struct str mode)
{
    struct db_query q = db_query(t->db, "UPDATE link SET mode = ? WHERE party = ?");
    db_bind_text(&q, mode);
    db_bind_text(&q, party);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

static enum err evidence_held(
    struct store_txn *t, struct str party, uint64_t *n, uint64_t *bytes)
{
    struct db_query q =
        db_query(t->db, "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM link_evidence"
                        " WHERE party = ?");
    db_bind_text(&q, party);
    if (db_one(&q)) {
        *n = (uint64_t)db_int(&q, 0);
        *bytes = (uint64_t)db_int(&q, 1);
    }
    return db_end(&q);
}

enum err store_link_evidence_put(
    struct store_txn *t, struct str party, const struct store_link_evidence *evidence)
{
    uint64_t n = 0, bytes = 0;
    TRY(evidence_held(t, party, &n, &bytes));
    if (n >= STORE_EVIDENCE_MAX)
        return ERR_LIMIT;
    struct db_query q = db_query(t->db,
        "INSERT INTO link_evidence (party, n, at_us, code, why, held, shown, size, digest,"
        " bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    db_bind_text(&q, party);
    db_bind_int(&q, (int64_t)n + 1);
    db_bind_int(&q, evidence->at_us);
    db_bind_text(&q, evidence->code);
    db_bind_text(&q, evidence->why);
    db_bind_text(&q, evidence->held);
    db_bind_text(&q, evidence->shown);
    db_bind_int(&q, (int64_t)evidence->size);
    db_bind_blob(&q, (struct str){(const char *)evidence->digest, sizeof evidence->digest});
    if (evidence->bytes.len && bytes + evidence->bytes.len <= STORE_EVIDENCE_BYTES_MAX)
        db_bind_blob(&q, evidence->bytes);
    else
        db_bind_null(&q);
    return db_run(&q);
}

enum err store_link_evidence_newest(
    struct store_txn *t, struct arena *a, struct str party, struct store_link_evidence *out)
{
    struct db_query q = db_query(t->db,
        "SELECT n, at_us, code, why, held, shown, size, digest FROM link_evidence"
        " WHERE party = ? ORDER BY n DESC LIMIT 1");
    db_bind_text(&q, party);
    struct store_link_evidence e = {0};
    if (db_one(&q)) {
        e.n = (uint64_t)db_int(&q, 0);
        e.at_us = db_int(&q, 1);
        e.code = db_copy(&q, 2, a);
        e.why = db_copy(&q, 3, a);
        e.held = db_copy(&q, 4, a);
        e.shown = db_copy(&q, 5, a);
        e.size = (uint64_t)db_int(&q, 6);
        db_blob_exact(&q, 7, e.digest, sizeof e.digest);
    }
    TRY(db_end(&q));
    *out = e;
    return ERR_OK;
}
