// SPDX-License-Identifier: Apache-2.0
#include "store/import.h"

#include "store/rows_priv.h"
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

#define COLUMNS                                                                \
    "id, at_us, principal, name, originator, handling, ended_us, added, same," \
    " conflicts, refused, undo, undo_us, undone_us FROM import_batch"

static void read_row(struct db_query *q, struct arena *a, struct store_import *out)
{
    out->id = db_int(q, 0);
    out->at_us = db_int(q, 1);
    out->principal = db_int(q, 2);
    out->name = db_copy(q, 3, a);
    out->originator = db_copy(q, 4, a);
    out->handling = db_copy(q, 5, a);
    out->ended_us = db_int(q, 6);
    out->added = db_int(q, 7);
    out->same = db_int(q, 8);
    out->conflicts = db_int(q, 9);
    out->refused = db_int(q, 10);
    out->undo = db_copy(q, 11, a);
    out->undo_us = db_int(q, 12);
    out->undone_us = db_int(q, 13);
}

enum err store_import_get(
    struct store_txn *t, struct arena *a, int64_t id, struct store_import *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " WHERE id = ?");
    db_bind_int(&q, id);
    struct store_import import = {0};
    if (db_one(&q))
        read_row(&q, a, &import);
    TRY(db_end(&q));
    *out = import;
    return ERR_OK;
}

enum err store_imports_before(struct store_txn *t, struct arena *a, int64_t before,
    size_t limit, struct store_imports *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " COLUMNS " WHERE ?1 = 0 OR id < ?1 ORDER BY id DESC LIMIT ?2");
    db_bind_int(&q, before);
    db_bind_int(&q, (int64_t)limit);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_import *import;
    while ((import = store_list_next(&list, &q)))
        read_row(&q, a, import);
    TRY(db_end(&q));
    *out = (struct store_imports){.items = list.items, .n = list.n};
    return ERR_OK;
}

// No index holds the imports: the time of arrival never falls along seq, so that the rows of
// one begin at the first row that came at its time or later.
enum err store_import_rows(struct store_txn *t, struct arena *a,
    const struct store_import *import, struct store_seqs *out)
{
    struct db_query q = db_query(t->db,
        "SELECT seq FROM object_version WHERE import_id = ? AND seq >= coalesce("
        "(SELECT seq FROM object_version WHERE received_us >= ?"
        " ORDER BY received_us, seq LIMIT 1), 0) ORDER BY seq");
    db_bind_int(&q, import->id);
    db_bind_int(&q, import->at_us);
    return store_seqs_read(&q, a, out);
}

enum err store_import_check_open(struct store_txn *t, int64_t id)
{
    struct db_query q = db_query(t->db, "SELECT undo_us FROM import_batch WHERE id = ?");
    db_bind_int(&q, id);
    bool is_undone = db_one(&q) && db_int(&q, 0) != 0;
    TRY(db_end(&q));
    return is_undone ? ERR_CONFLICT : ERR_OK;
}

enum err store_import_undo_begin(
    struct store_txn *t, int64_t id, struct str undo, int64_t at_us)
{
    struct db_query q = db_query(
        t->db, "UPDATE import_batch SET undo = ?, undo_us = ?, undone_us = 0 WHERE id = ?");
    db_bind_text(&q, undo);
    db_bind_int(&q, at_us);
    db_bind_int(&q, id);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_import_undo_end(struct store_txn *t, int64_t id, int64_t at_us)
{
    struct db_query q = db_query(t->db, "UPDATE import_batch SET undone_us = ? WHERE id = ?");
    db_bind_int(&q, at_us);
    db_bind_int(&q, id);
    return db_run(&q);
}
