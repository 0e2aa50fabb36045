// SPDX-License-Identifier: Apache-2.0
#include "store/grant.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"
#include "store/taxii_wait.h"

enum err store_grant_put(struct store_txn *t, const struct store_grant *grant)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO grant_entry (log_id, idx, id, granter, holder, recipient, object, class,"
        " purpose, not_after_us, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    db_bind_int(&q, grant->log_id);
    db_bind_int(&q, (int64_t)grant->idx);
    db_bind_text(&q, grant->id);
    db_bind_text(&q, grant->granter);
    db_bind_text(&q, grant->holder);
    db_bind_text(&q, grant->recipient);
    db_bind_text(&q, grant->object);
    db_bind_text(&q, grant->class);
    db_bind_text(&q, grant->purpose);
    db_bind_int(&q, grant->not_after_us);
    db_bind_text(&q, grant->terms);
    TRY(db_run(&q));
    return store_taxii_wait_wake_party(t, grant->recipient);
}

#define COLUMNS                                                                   \
    "log_id, idx, id, granter, holder, recipient, object, class, purpose, terms," \
    " not_after_us"

static enum err grants_read(struct db_query *q, struct arena *a, struct store_grants *out)
{
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_grant *grant;
    while ((grant = store_list_next(&list, q))) {
        grant->log_id = db_int(q, 0);
        grant->idx = (uint64_t)db_int(q, 1);
        grant->id = db_copy(q, 2, a);
        grant->granter = db_copy(q, 3, a);
        grant->holder = db_copy(q, 4, a);
        grant->recipient = db_copy(q, 5, a);
        grant->object = db_copy(q, 6, a);
        grant->class = db_copy(q, 7, a);
        grant->purpose = db_copy(q, 8, a);
        grant->terms = db_copy(q, 9, a);
        grant->not_after_us = db_int(q, 10);
    }
    TRY(db_end(q));
    *out = (struct store_grants){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_grant_get(
    struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx, struct store_grant *out)
{
    struct store_grants found;
    struct db_query q =
        db_query(t->db, "SELECT " COLUMNS " FROM grant_entry WHERE log_id = ? AND idx = ?");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)idx);
    TRY(grants_read(&q, a, &found));
    if (found.n == 0)
        return ERR_NOT_FOUND;
    *out = found.items[0];
    return ERR_OK;
}

enum err store_grants_to(struct store_txn *t, struct arena *a, struct str holder,
    struct str recipient, struct store_grants *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " COLUMNS " FROM grant_entry WHERE holder = ? AND recipient = ?"
                        " ORDER BY log_id, idx");
    db_bind_text(&q, holder);
    db_bind_text(&q, recipient);
    return grants_read(&q, a, out);
}

enum err store_grant_count(struct store_txn *t, int64_t *out)
{
    struct db_query q = db_query(t->db, "SELECT count(*) FROM grant_entry");
    *out = db_one(&q) ? db_int(&q, 0) : 0;
    return db_end(&q);
}

enum err store_grant_all(struct store_txn *t, struct arena *a, struct store_grants *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " COLUMNS " FROM grant_entry ORDER BY log_id, idx");
    return grants_read(&q, a, out);
}
