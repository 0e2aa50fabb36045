// SPDX-License-Identifier: Apache-2.0
#include "store/recipient.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_recipient_add(struct store_txn *t, const struct store_recipient *r)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO recipient (key, kind, nation, purposes, is_client, added_us)"
        " VALUES (?, ?, ?, ?, ?, ?)");
    db_bind_text(&q, r->key);
    db_bind_text(&q, r->kind);
    db_bind_text(&q, r->nation);
    db_bind_text(&q, r->purposes);
    db_bind_int(&q, r->is_client);
    db_bind_int(&q, r->added_us);
    return db_run(&q);
}

#define COLUMNS "key, kind, nation, purposes, is_client, added_us, retired_us"

static void read_row(struct db_query *q, struct arena *a, struct store_recipient *out)
{
    out->key = db_copy(q, 0, a);
    out->kind = db_copy(q, 1, a);
    out->nation = db_copy(q, 2, a);
    out->purposes = db_copy(q, 3, a);
    out->is_client = db_int(q, 4) != 0;
    out->added_us = db_int(q, 5);
    out->retired_us = db_int(q, 6);
}

enum err store_recipient_get(
    struct store_txn *t, struct arena *a, struct str key, struct store_recipient *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM recipient WHERE key = ?");
    struct store_recipient found = {0};
    db_bind_text(&q, key);
    if (db_one(&q))
        read_row(&q, a, &found);
    TRY(db_end(&q));
    *out = found;
    return ERR_OK;
}

enum err store_recipient_retire(struct store_txn *t, struct str key, int64_t at_us)
{
    struct db_query q =
        db_query(t->db, "UPDATE recipient SET retired_us = ? WHERE key = ? AND retired_us = 0");
    db_bind_int(&q, at_us);
    db_bind_text(&q, key);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_recipient_all(struct store_txn *t, struct arena *a, struct store_recipients *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM recipient ORDER BY key");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_recipient *row;
    while ((row = store_list_next(&list, &q)))
        read_row(&q, a, row);
    TRY(db_end(&q));
    *out = (struct store_recipients){.items = list.items, .n = list.n};
    return ERR_OK;
}
