// SPDX-License-Identifier: Apache-2.0
#include "store/warning.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

#define COLUMNS                                                                       \
    "id, name, version, type, description, entries, unmatched, is_enabled, added_us," \
    " digest, document_bytes"

static void read_row(struct db_query *q, struct arena *a, struct store_warning *out)
{
    out->id = db_int(q, 0);
    out->name = db_copy(q, 1, a);
    out->version = db_int(q, 2);
    out->type = db_copy(q, 3, a);
    out->description = db_copy(q, 4, a);
    out->entries = db_int(q, 5);
    out->unmatched = db_int(q, 6);
    out->is_enabled = db_int(q, 7) != 0;
    out->added_us = db_int(q, 8);
    db_blob_exact(q, 9, out->digest, sizeof out->digest);
    out->document_bytes = db_int(q, 10);
}

enum err store_warning_put(
    struct store_txn *t, const struct store_warning *list, struct str document, int64_t *id)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO warning_list (name, version, type, description, entries, unmatched,"
        " is_enabled, added_us, digest, document_bytes, document)"
        " VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET version = excluded.version, type = excluded.type,"
        " description = excluded.description, entries = excluded.entries,"
        " unmatched = excluded.unmatched, added_us = excluded.added_us,"
        " digest = excluded.digest, document_bytes = excluded.document_bytes,"
        " document = excluded.document RETURNING id");
    db_bind_text(&q, list->name);
    db_bind_int(&q, list->version);
    db_bind_text(&q, list->type);
    db_bind_text(&q, list->description);
    db_bind_int(&q, list->entries);
    db_bind_int(&q, list->unmatched);
    db_bind_int(&q, list->added_us);
    db_bind_blob(&q, (struct str){(const char *)list->digest, sizeof list->digest});
    db_bind_int(&q, (int64_t)document.len);
    db_bind_blob(&q, document);
    int64_t row = 0;
    if (db_one(&q))
        row = db_int(&q, 0);
    TRY(db_end(&q));
    *id = row;
    return ERR_OK;
}

enum err store_warnings_all(struct store_txn *t, struct arena *a, struct store_warnings *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM warning_list ORDER BY name");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_warning *row;
    while ((row = store_list_next(&list, &q)))
        read_row(&q, a, row);
    TRY(db_end(&q));
    *out = (struct store_warnings){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_warning_get(
    struct store_txn *t, struct arena *a, int64_t id, struct store_warning *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM warning_list WHERE id = ?");
    struct store_warning row = {0};
    db_bind_int(&q, id);
    if (db_one(&q))
        read_row(&q, a, &row);
    TRY(db_end(&q));
    *out = row;
    return ERR_OK;
}

enum err store_warning_document(
    struct store_txn *t, struct arena *a, int64_t id, struct str *out)
{
    struct db_query q = db_query(t->db, "SELECT document FROM warning_list WHERE id = ?");
    struct str document = {"", 0};
    db_bind_int(&q, id);
    if (db_one(&q))
        document = db_copy(&q, 0, a);
    TRY(db_end(&q));
    *out = document;
    return ERR_OK;
}

enum err store_warning_set_enabled(struct store_txn *t, int64_t id, bool is_enabled)
{
    struct db_query q = db_query(t->db, "UPDATE warning_list SET is_enabled = ? WHERE id = ?");
    db_bind_int(&q, is_enabled);
    db_bind_int(&q, id);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_warning_remove(struct store_txn *t, int64_t id)
{
    struct db_query q = db_query(t->db, "DELETE FROM warning_list WHERE id = ?");
    db_bind_int(&q, id);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}
