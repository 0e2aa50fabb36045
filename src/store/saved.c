// SPDX-License-Identifier: Apache-2.0
#include "store/saved.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_saved_put(struct store_txn *t, const struct store_saved *saved)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO saved_query (principal, name, query, at_us) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (principal, name) DO UPDATE SET query = excluded.query,"
        " at_us = excluded.at_us");
    db_bind_int(&q, saved->principal);
    db_bind_text(&q, saved->name);
    db_bind_text(&q, saved->query);
    db_bind_int(&q, saved->at_us);
    return db_run(&q);
}

enum err store_saved_all(
    struct store_txn *t, struct arena *a, int64_t principal, struct store_saved_list *out)
{
    struct db_query q = db_query(t->db, "SELECT name, query, at_us FROM saved_query"
                                        " WHERE principal = ? ORDER BY name");
    db_bind_int(&q, principal);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_saved *saved;
    while ((saved = store_list_next(&list, &q))) {
        saved->principal = principal;
        saved->name = db_copy(&q, 0, a);
        saved->query = db_copy(&q, 1, a);
        saved->at_us = db_int(&q, 2);
    }
    TRY(db_end(&q));
    *out = (struct store_saved_list){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_saved_get(
    struct store_txn *t, struct arena *a, int64_t principal, struct str name, struct str *query)
{
    struct db_query q =
        db_query(t->db, "SELECT query FROM saved_query WHERE principal = ? AND name = ?");
    db_bind_int(&q, principal);
    db_bind_text(&q, name);
    struct str text = {"", 0};
    if (db_one(&q))
        text = db_copy(&q, 0, a);
    TRY(db_end(&q));
    *query = text;
    return ERR_OK;
}

enum err store_saved_remove(struct store_txn *t, int64_t principal, struct str name)
{
    struct db_query q =
        db_query(t->db, "DELETE FROM saved_query WHERE principal = ? AND name = ?");
    db_bind_int(&q, principal);
    db_bind_text(&q, name);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}
