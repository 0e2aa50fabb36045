// SPDX-License-Identifier: Apache-2.0
// The order of a check: the file, the objects, the ledgers and what stands beside them. All in
// one snapshot.
#include "store/check_priv.h"

#include "base/limits.h"
#include "store/rows_priv.h"

#define CHECK_ROW_BYTES_MAX (256 * MIB) // one object with what is read of it
#define CHECK_LOGS_BYTES    (4 * MIB)
#define CHECK_CACHE_KIB     (16 * 1024u)
#define CHECK_BUSY_MS       5000u
#define PROGRESS_ROWS       4096

void check_report(struct check *c, enum store_problem_id id, struct str where)
{
    c->out->problems++;
    c->how->report(c->how->context, id, where);
}

static void report_buf(struct check *c, enum store_problem_id id, const struct buf *b)
{
    check_report(c, id, b->err == ERR_OK ? buf_str(b) : STR("a row"));
}

void check_report_object(
    struct check *c, enum store_problem_id id, int64_t seq, struct str object_id)
{
    struct buf b = buf_in(c->row, 4 * KIB);
    buf_put(&b, STR("object "));
    buf_put_i64(&b, seq);
    buf_put_byte(&b, ' ');
    buf_put(&b, object_id);
    report_buf(c, id, &b);
}

void check_report_entry(
    struct check *c, enum store_problem_id id, const struct store_log *log, uint64_t idx)
{
    struct buf b = buf_in(c->row, 4 * KIB);
    buf_put(&b, STR("log "));
    buf_put(&b, log->origin);
    buf_put(&b, STR(" entry "));
    buf_put_u64(&b, idx);
    report_buf(c, id, &b);
}

void check_progress(struct check *c, enum store_part part, int64_t done, int64_t total)
{
    if (c->how->progress && (done % PROGRESS_ROWS == 0 || done == total))
        c->how->progress(c->how->context, part, done, total);
}

enum err check_rows(
    struct check *c, enum store_problem_id id, const char *what, const char *sql)
{
    struct db_query q = db_query(c->txn.db, sql);
    while (db_next(&q)) {
        struct arena_mark mark = arena_mark(c->row);
        struct buf b = buf_in(c->row, 4 * KIB);
        buf_put(&b, str_of(what));
        buf_put_byte(&b, ' ');
        buf_put(&b, db_text(&q, 0));
        report_buf(c, id, &b);
        arena_rewind(c->row, mark);
    }
    return db_end(&q);
}

enum err check_int(struct check *c, const char *sql, int64_t *out)
{
    struct db_query q = db_query(c->txn.db, sql);
    *out = db_next(&q) ? db_int(&q, 0) : 0;
    return db_end(&q);
}

const struct store_log *check_log_by_origin(const struct check *c, struct str origin)
{
    for (size_t i = 0; i < c->logs.n; i++)
        if (str_eq(c->logs.items[i].origin, origin))
            return &c->logs.items[i];
    return NULL;
}

// The engine's own view of its pages, and of rows that name others.
static enum err check_file(struct check *c)
{
    check_progress(c, STORE_PART_FILE, 0, 1);
    struct db_query q = db_query(c->txn.db, "PRAGMA integrity_check(100)");
    while (db_next(&q))
        if (!str_eq(db_text(&q, 0), STR("ok")))
            check_report(c, STORE_PROBLEM_FILE, db_text(&q, 0));
    TRY(db_end(&q));
    TRY(check_rows(c, STORE_PROBLEM_FOREIGN_KEY, "table", "PRAGMA foreign_key_check"));
    check_progress(c, STORE_PART_FILE, 1, 1);
    return ERR_OK;
}

// Numbers of append-only tables are given in order and never taken back.
static enum err check_counts(struct check *c)
{
    static const struct {
        const char *table, *sql;
    } tables[] = {
        {"object_version", "SELECT coalesce(max(seq), 0) - count(*) FROM object_version"},
        {"handling_event", "SELECT coalesce(max(seq), 0) - count(*) FROM handling_event"},
        {"audit", "SELECT coalesce(max(seq), 0) - count(*) FROM audit"},
    };
    for (size_t i = 0; i < LEN(tables); i++) {
        int64_t missing;
        TRY(check_int(c, tables[i].sql, &missing));
        if (missing)
            check_report(c, STORE_PROBLEM_ROW_MISSING, str_of(tables[i].table));
    }
    return ERR_OK;
}

// As store_log_all, but a frontier that cannot be read is a finding, not the end.
static enum err load_logs(struct check *c, struct arena *a)
{
    struct db_query q = db_query(c->txn.db,
        "SELECT id, origin, partner_origin, party, is_ours, epoch, size FROM log ORDER BY id");
    struct store_list list = store_list_of(a, sizeof(struct store_log));
    struct store_log *log;
    while ((log = store_list_next(&list, &q)))
        *log = (struct store_log){.id = db_int(&q, 0),
            .origin = db_copy(&q, 1, a),
            .partner_origin = db_copy(&q, 2, a),
            .party = db_copy(&q, 3, a),
            .is_ours = db_int(&q, 4),
            .epoch = (uint64_t)db_int(&q, 5),
            .size = (uint64_t)db_int(&q, 6)};
    TRY(db_end(&q));
    c->logs = (struct store_logs){.items = list.items, .n = list.n};
    return ERR_OK;
}

static enum err check_all(struct check *c, struct arena *logs)
{
    TRY(check_file(c));
    // Pages that the engine itself cannot follow give no rows worth reading.
    if (c->out->problems && db_has_failed(c->txn.db))
        return ERR_OK;
    TRY(check_counts(c));
    TRY(check_objects(c));
    TRY(load_logs(c, logs));
    TRY(check_logs(c));
    TRY(check_links(c));
    return check_deliveries(c);
}

static enum err check_schema(struct db *db, struct fault *fault)
{
    struct db_query q = db_query(db, "PRAGMA application_id");
    int64_t application = db_one(&q) ? db_int(&q, 0) : 0, version = 0;
    TRY(db_end(&q));
    TRY(db_schema_version(db, &version));
    if (application != STORE_APPLICATION_ID)
        return fault_set(fault, ERR_CORRUPT, 0, "the file is not a store of this program");
    if (version != store_schema_newest())
        return fault_set(fault, ERR_CORRUPT, (size_t)version,
            "the store has the schema of another version of this program: start the node once");
    return ERR_OK;
}

enum err store_check(
    const struct store_check *how, struct store_checked *out, struct fault *fault)
{
    const struct db_config config = {.path = how->path,
        .mode = DB_READ,
        .cache_kib = CHECK_CACHE_KIB,
        .busy_ms = CHECK_BUSY_MS};
    struct arena row, logs;
    struct check c = {.how = how, .out = out, .row = &row};
    *out = (struct store_checked){0};
    fault_set(fault, ERR_OK, 0, "the file cannot be read as a database");
    TRY(db_open(&config, &c.txn.db));
    arena_init(&row, CHECK_ROW_BYTES_MAX);
    arena_init(&logs, CHECK_LOGS_BYTES);
    enum err e = check_schema(c.txn.db, fault);
    if (e == ERR_OK)
        e = db_begin_read(c.txn.db);
    c.is_readable = e == ERR_OK;
    if (e == ERR_OK)
        e = check_all(&c, &logs);
    // Damage that stops the reading is a finding like any other.
    if (e == ERR_CORRUPT && c.is_readable) {
        const char *why = db_failure(c.txn.db);
        check_report(&c, STORE_PROBLEM_FILE, str_of(why ? why : "a row cannot be read"));
        e = ERR_OK;
    }
    db_rollback(c.txn.db);
    db_close(c.txn.db);
    arena_release(&logs);
    arena_release(&row);
    return e;
}
