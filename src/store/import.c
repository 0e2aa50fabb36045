// SPDX-License-Identifier: Apache-2.0
#include "store/principal.h"
#include "store/store_priv.h"

enum err store_import_begin(
    struct store_txn *t, const struct store_import *import, int64_t *out_id)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO import_batch (at_us, principal, name, originator, handling)"
        " VALUES (?, ?, ?, ?, ?)");
    db_bind_int(&q, import->at_us);
    db_bind_int(&q, import->principal);
    db_bind_text(&q, import->name);
    db_bind_text(&q, import->originator);
    db_bind_text(&q, import->handling);
    TRY(db_run(&q));
    *out_id = db_last_row(t->db);
    return ERR_OK;
}

enum err store_import_end(struct store_txn *t, const struct store_import *import)
{
    struct db_query q = db_query(t->db,
        "UPDATE import_batch SET ended_us = ?, added = ?, same = ?, conflicts = ?, refused = ?"
        " WHERE id = ?");
    db_bind_int(&q, import->ended_us);
    db_bind_int(&q, import->added);
    db_bind_int(&q, import->same);
    db_bind_int(&q, import->conflicts);
    db_bind_int(&q, import->refused);
    db_bind_int(&q, import->id);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_import_get(
    struct store_txn *t, struct arena *a, int64_t id, struct store_import *out)
{
    struct db_query q = db_query(t->db,
        "SELECT id, at_us, principal, name, originator, handling, ended_us, added, same,"
        " conflicts, refused FROM import_batch WHERE id = ?");
    db_bind_int(&q, id);
    struct store_import import = {0};
    if (db_one(&q)) {
        import.id = db_int(&q, 0);
        import.at_us = db_int(&q, 1);
        import.principal = db_int(&q, 2);
        import.name = db_copy(&q, 3, a);
        import.originator = db_copy(&q, 4, a);
        import.handling = db_copy(&q, 5, a);
        import.ended_us = db_int(&q, 6);
        import.added = db_int(&q, 7);
        import.same = db_int(&q, 8);
        import.conflicts = db_int(&q, 9);
        import.refused = db_int(&q, 10);
    }
    TRY(db_end(&q));
    *out = import;
    return ERR_OK;
}
