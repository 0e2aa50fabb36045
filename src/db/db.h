// SPDX-License-Identifier: Apache-2.0
// One narrow interface over the embedded engine; sqlite.c is its only user of sqlite3.h. A
// connection belongs to one thread at a time. SQL texts have static storage: a connection keeps
// the prepared form of each by its address.
#pragma once

#include "base/str.h"

struct db;
struct sqlite3_stmt;

enum db_mode {
    DB_READ,   // an existing file, nothing can be written
    DB_WRITE,  // an existing file
    DB_CREATE, // made when it is not there
};

struct db_config {
    const char *path;
    enum db_mode mode;
    unsigned cache_kib; // most memory that pages may take
    unsigned busy_ms;   // how long to wait for a lock
};

// ERR_NOT_FOUND, ERR_CORRUPT when the file is not a database of ours, ERR_IO.
enum err db_open(const struct db_config *config, struct db **out) MUST_USE;
void db_close(struct db *db); // no query may be under way

// A full disk, an I/O error or a damaged file was met on this connection since it was opened:
// the transaction that met it is void whatever its statements returned. db_failure names it.
bool db_has_failed(const struct db *db);
const char *db_failure(const struct db *db); // static text; NULL when db_has_failed is false

// Statements of a script, for migrations. Stops at the first error.
enum err db_script(struct db *db, const char *sql) MUST_USE;
enum err db_schema_version(struct db *db, int64_t *out) MUST_USE;
enum err db_set_schema_version(struct db *db, int64_t version) MUST_USE;

enum err db_begin_read(struct db *db) MUST_USE;  // the snapshot is that of the first query
enum err db_begin_write(struct db *db) MUST_USE; // ERR_BUSY when another connection writes
enum err db_commit(struct db *db) MUST_USE;      // durable when it returns ERR_OK
void db_rollback(struct db *db);                 // safe without a transaction
bool db_in_transaction(const struct db *db);
// One level inside a transaction.
enum err db_savepoint(struct db *db) MUST_USE;
enum err db_savepoint_release(struct db *db) MUST_USE;
enum err db_savepoint_rollback(struct db *db) MUST_USE;

enum db_checkpoint {
    DB_CHECKPOINT_PASSIVE,  // as much as goes without waiting for anyone
    DB_CHECKPOINT_RESTART,  // all; the next writer starts the log anew
    DB_CHECKPOINT_TRUNCATE, // all; the log is empty afterwards
};
// ERR_BUSY when readers or the writer stood in the way of the whole.
enum err db_checkpoint(struct db *db, enum db_checkpoint how) MUST_USE;
// Bytes in the log after the last commit of this connection.
int64_t db_log_bytes(const struct db *db);
void db_shrink(struct db *db); // gives the memory of cached pages back

// The whole file into a new one (mode 0600), as one snapshot shows it: writers go on, and the
// copy takes its time. Durable when it returns ERR_OK; otherwise what was written is the
// caller's to remove. No transaction may be open. ERR_IO also when the path is there.
struct db_copy_config {
    const char *path;
    void (*progress)(void *context, int64_t pages_done, int64_t pages); // may be NULL
    void *context;
};
enum err db_copy_file(struct db *db, const struct db_copy_config *how) MUST_USE;

// A statement under way. Parameters are bound in order, all of them, and must live until
// db_end; the first error sticks and later calls do nothing.
struct db_query {
    struct db *db;
    struct sqlite3_stmt *statement;
    int bound;
    enum err err;
};
struct db_query db_query(struct db *db, const char *sql);
void db_bind_int(struct db_query *q, int64_t n);
void db_bind_text(struct db_query *q, struct str text);
void db_bind_blob(struct db_query *q, struct str bytes);
void db_bind_null(struct db_query *q);
// True when there is a row. Texts and blobs of a row live until the next db_next or db_end.
bool db_next(struct db_query *q);
int64_t db_int(struct db_query *q, int column);
struct str db_text(struct db_query *q, int column); // empty for NULL
struct str db_blob(struct db_query *q, int column); // empty for NULL
bool db_is_null(struct db_query *q, int column);
// A blob of exactly n bytes; anything else makes the query fail with ERR_CORRUPT.
void db_blob_exact(struct db_query *q, int column, unsigned char *out, size_t n);
// A copy in the arena, of text or blob; past its limit the query fails with ERR_LIMIT.
struct str db_copy(struct db_query *q, int column, struct arena *a);
// Ends the query. ERR_CONFLICT when a constraint refused it.
enum err db_end(struct db_query *q) MUST_USE;
// Runs a query that gives no rows, and ends it.
enum err db_run(struct db_query *q) MUST_USE;
// Takes the one row expected, before db_end: ERR_NOT_FOUND sticks when there is none.
bool db_one(struct db_query *q);

int64_t db_changes(const struct db *db);  // rows changed by the last statement
int64_t db_last_row(const struct db *db); // key of the last row inserted
