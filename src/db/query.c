// SPDX-License-Identifier: Apache-2.0
#include "db/sqlite_priv.h"

#include <assert.h>

// The slot of a text, or the free one where it belongs.
static struct db_prepared *slot_of(struct db *db, const char *sql)
{
    uint64_t mixed = (uint64_t)(uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = mixed >> 55; // the top 9 bits: 512 slots
    static_assert(DB_STATEMENTS_MAX == 512, "the shift above");
    for (size_t i = 0; i < DB_STATEMENTS_MAX; i++) {
        struct db_prepared *slot = &db->prepared[(at + i) % DB_STATEMENTS_MAX];
        if (!slot->sql || slot->sql == sql)
            return slot;
    }
    assert(false && "more statements than DB_STATEMENTS_MAX");
    return NULL;
}

struct db_query db_query(struct db *db, const char *sql)
{
    struct db_query q = {.db = db};
    struct db_prepared *slot = slot_of(db, sql);
    if (!slot->statement) {
        q.err = db_judge(db, sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                 &slot->statement, NULL));
        if (q.err != ERR_OK)
            return q;
        slot->sql = sql;
    }
    assert(!sqlite3_stmt_busy(slot->statement) && "a query inside itself");
    q.statement = slot->statement;
    return q;
}

static void judge(struct db_query *q, int code)
{
    q->err = db_judge(q->db, code);
}

void db_bind_int(struct db_query *q, int64_t n)
{
    if (q->err == ERR_OK)
        judge(q, sqlite3_bind_int64(q->statement, ++q->bound, n));
}

void db_bind_text(struct db_query *q, struct str text)
{
    const char *ptr = text.ptr ? text.ptr : "";
    if (q->err == ERR_OK)
        judge(q, sqlite3_bind_text64(
                     q->statement, ++q->bound, ptr, text.len, SQLITE_STATIC, SQLITE_UTF8));
}

void db_bind_blob(struct db_query *q, struct str bytes)
{
    const char *ptr = bytes.ptr ? bytes.ptr : "";
    if (q->err == ERR_OK)
        judge(q, sqlite3_bind_blob64(q->statement, ++q->bound, ptr, bytes.len, SQLITE_STATIC));
}

void db_bind_null(struct db_query *q)
{
    if (q->err == ERR_OK)
        judge(q, sqlite3_bind_null(q->statement, ++q->bound));
}

bool db_next(struct db_query *q)
{
    if (q->err != ERR_OK)
        return false;
    assert(q->bound == sqlite3_bind_parameter_count(q->statement));
    int code = sqlite3_step(q->statement);
    judge(q, code);
    return code == SQLITE_ROW;
}

bool db_one(struct db_query *q)
{
    if (db_next(q))
        return true;
    if (q->err == ERR_OK)
        q->err = ERR_NOT_FOUND;
    return false;
}

int64_t db_int(struct db_query *q, int column)
{
    return sqlite3_column_int64(q->statement, column);
}

struct str db_text(struct db_query *q, int column)
{
    const void *ptr = sqlite3_column_text(q->statement, column);
    return (struct str){ptr, (size_t)sqlite3_column_bytes(q->statement, column)};
}

struct str db_blob(struct db_query *q, int column)
{
    const void *ptr = sqlite3_column_blob(q->statement, column);
    return (struct str){ptr, (size_t)sqlite3_column_bytes(q->statement, column)};
}

bool db_is_null(struct db_query *q, int column)
{
    return sqlite3_column_type(q->statement, column) == SQLITE_NULL;
}

void db_blob_exact(struct db_query *q, int column, unsigned char *out, size_t n)
{
    struct str bytes = db_blob(q, column);
    if (bytes.len == n)
        memcpy(out, bytes.ptr, n);
    else if (q->err == ERR_OK)
        q->err = ERR_CORRUPT;
}

struct str db_copy(struct db_query *q, int column, struct arena *a)
{
    struct str copy = {0};
    if (q->err == ERR_OK)
        q->err = str_copy(a, db_blob(q, column), &copy); // blob: text as it was stored
    return copy;
}

enum err db_end(struct db_query *q)
{
    // The reset repeats the error of the last step, which q->err has.
    if (q->statement)
        (void)sqlite3_reset(q->statement);
    q->statement = NULL;
    return q->err;
}

enum err db_run(struct db_query *q)
{
    while (db_next(q))
        continue;
    return db_end(q);
}

int64_t db_changes(const struct db *db)
{
    return sqlite3_changes64(db->handle);
}

int64_t db_last_row(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}
