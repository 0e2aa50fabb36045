// SPDX-License-Identifier: Apache-2.0
// The derived rows made again from the truth. One transaction: a crash leaves the old rows.
#include "store/check.h"

#include "base/limits.h"
#include "ledger/entry.h"
#include "stix/text.h"
#include "store/derived.h"
#include "store/key.h"
#include "store/log_priv.h"
#include "store/object_of.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"
#include "store/text_priv.h"

#define REBUILD_ROW_BYTES_MAX (256 * MIB)
#define REBUILD_CACHE_KIB     (64 * 1024u)
#define REBUILD_BUSY_MS       1000u
#define PROGRESS_ROWS         4096

struct rebuild {
    const struct store_rebuild *how;
    struct store_checked *out;
    struct store_txn txn;
    struct arena *row;
};

static void progress(struct rebuild *r, enum store_part part, int64_t done, int64_t total)
{
    if (r->how->progress && (done % PROGRESS_ROWS == 0 || done == total))
        r->how->progress(r->how->context, part, done, total);
}

static enum err count(struct rebuild *r, const char *sql, int64_t *out)
{
    struct db_query q = db_query(r->txn.db, sql);
    *out = db_one(&q) ? db_int(&q, 0) : 0;
    return db_end(&q);
}

static enum err insert_text(struct rebuild *r, const char *sql, struct str text, int64_t seq)
{
    struct db_query q = db_query(r->txn.db, sql);
    db_bind_text(&q, text);
    db_bind_int(&q, seq);
    return db_run(&q);
}

// What a later rule refuses was taken in once and stays, without a place in the indexes.
static enum err index_object(struct rebuild *r, struct db_query *row)
{
    int64_t seq = db_int(row, 0);
    struct str bytes = db_blob(row, 1);
    struct stix_object object;
    struct stix_problem problem;
    struct store_object_in in;
    struct json root;
    TRY(json_parse(r->row, bytes, &root, NULL) == ERR_OK ? ERR_OK : ERR_CORRUPT);
    enum err e = stix_object_read(r->row, bytes, &object, &problem);
    if (e != ERR_OK)
        return e == ERR_INVALID ? ERR_OK : e;
    TRY(store_object_of(r->row, &object, bytes, &in));
    in.source = db_text(row, 3);
    for (size_t i = 0; i < in.values_n; i++)
        TRY(insert_text(r,
            "INSERT INTO value_index (value, object_seq) VALUES (?, ?) ON CONFLICT DO NOTHING",
            in.values[i], seq));
    for (size_t i = 0; i < in.refs_n; i++)
        TRY(insert_text(r,
            "INSERT INTO ref_index (target, object_seq) VALUES (?, ?) ON CONFLICT DO NOTHING",
            in.refs[i], seq));
    TRY(store_derived_insert(&r->txn, seq, &in));
    return text_wait(&r->txn, r->row, seq, &in, db_text(row, 2));
}

// Blocks of the text index that end before a row.
static enum err fold_before(struct rebuild *r, int64_t seq, int64_t *block)
{
    for (; *block < seq / TEXT_BLOCK_ROWS; ++*block)
        TRY(text_fold_block(&r->txn, *block));
    return ERR_OK;
}

static enum err end_text(struct rebuild *r, int64_t *block)
{
    int64_t newest;
    TRY(count(r, "SELECT coalesce(max(seq), 0) FROM object_version", &newest));
    TRY(fold_before(r, newest + 1, block));
    struct db_query q = db_query(r->txn.db, "UPDATE text_form SET version = ?");
    db_bind_int(&q, STIX_TEXT_VERSION);
    return db_run(&q);
}

static enum err rebuild_objects(struct rebuild *r)
{
    int64_t total, block = 0;
    enum err e = ERR_OK;
    TRY(db_script(r->txn.db, "DELETE FROM value_index; DELETE FROM ref_index;"
                             " DELETE FROM object_state;"
                             " INSERT INTO object_state (seq, state)"
                             " SELECT object_seq, kind FROM handling_event WHERE seq IN"
                             " (SELECT max(seq) FROM handling_event WHERE kind IN ('in-force',"
                             " 'quarantined', 'recalled', 'destroyed') GROUP BY object_seq)"
                             " AND kind <> 'in-force';"
                             " DELETE FROM derived_from; DELETE FROM object_handling;"
                             " DELETE FROM text_waiting; DELETE FROM text_part;"
                             " INSERT INTO object_handling (seq, handling)"
                             " SELECT object_seq, json_extract(detail, '$.h')"
                             " FROM handling_event WHERE seq IN (SELECT max(seq) FROM"
                             " handling_event WHERE kind = 'handling' GROUP BY object_seq)"));
    TRY(count(r, "SELECT count(*) FROM object_bytes", &total));
    progress(r, STORE_PART_OBJECTS, 0, total);
    struct db_query q = db_query(r->txn.db,
        "SELECT b.seq, b.bytes, coalesce(h.handling, o.handling), o.source FROM object_bytes b"
        " JOIN object_version o ON o.seq = b.seq"
        " LEFT JOIN object_handling h ON h.seq = b.seq ORDER BY b.seq");
    while (e == ERR_OK && db_next(&q)) {
        struct arena_mark mark = arena_mark(r->row);
        e = fold_before(r, db_int(&q, 0), &block);
        if (e == ERR_OK)
            e = index_object(r, &q);
        arena_rewind(r->row, mark);
        progress(r, STORE_PART_OBJECTS, ++r->out->objects, total);
    }
    enum err ended = db_end(&q);
    TRY(e);
    TRY(ended);
    return end_text(r, &block);
}

static enum err insert_nodes(
    struct rebuild *r, int64_t log_id, uint64_t size, const struct ledger_hash *tiles, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size /= LEDGER_TILE_WIDTH;
        TRY(store_node_put(&r->txn, log_id, (unsigned)i + 1, size - 1, &tiles[i]));
    }
    return ERR_OK;
}

// Entries that cannot be read have their place in the tree all the same.
static enum err index_key(struct rebuild *r, int64_t log_id, uint64_t idx, struct str bytes)
{
    struct ledger_entry entry;
    struct arena_mark mark = arena_mark(r->row);
    enum err e = ledger_entry_parse(r->row, bytes, &entry, NULL);
    bool is_key = e == ERR_OK && entry.kind == LEDGER_KEY_CHANGE;
    arena_rewind(r->row, mark);
    return is_key ? store_key_entry_put(&r->txn, log_id, idx) : ERR_OK;
}

static enum err rebuild_log(struct rebuild *r, int64_t log_id, int64_t total)
{
    struct ledger_frontier frontier = {0};
    struct ledger_hash tiles[LEDGER_TILE_LEVELS_MAX];
    enum err e = ERR_OK;
    struct db_query q = db_query(
        r->txn.db, "SELECT idx, bytes FROM ledger_entry WHERE log_id = ? ORDER BY log_id, idx");
    db_bind_int(&q, log_id);
    while (e == ERR_OK && db_next(&q)) {
        struct ledger_hash leaf = ledger_leaf_hash(db_blob(&q, 1));
        if ((uint64_t)db_int(&q, 0) != frontier.size)
            e = ERR_CORRUPT; // a gap: no later entry has a place
        size_t n = ledger_frontier_append(&frontier, &leaf, tiles);
        if (e == ERR_OK)
            e = insert_nodes(r, log_id, frontier.size, tiles, n);
        if (e == ERR_OK)
            e = index_key(r, log_id, frontier.size - 1, db_blob(&q, 1));
        progress(r, STORE_PART_LEDGERS, ++r->out->entries, total);
    }
    enum err ended = db_end(&q);
    TRY(e);
    TRY(ended);
    return store_frontier_save(&r->txn, log_id, &frontier);
}

static enum err rebuild_logs(struct rebuild *r)
{
    int64_t total;
    struct store_seqs logs;
    TRY(db_script(r->txn.db, "DELETE FROM ledger_node; DELETE FROM key_entry"));
    TRY(count(r, "SELECT count(*) FROM ledger_entry", &total));
    progress(r, STORE_PART_LEDGERS, 0, total);
    struct db_query q = db_query(r->txn.db, "SELECT id FROM log ORDER BY id");
    TRY(store_seqs_read(&q, r->row, &logs));
    for (size_t i = 0; i < logs.n; i++)
        TRY(rebuild_log(r, logs.items[i], total));
    return ERR_OK;
}

static enum err note_rebuild(struct rebuild *r, int64_t at_us)
{
    struct db_query q =
        db_query(r->txn.db, "INSERT INTO audit (at_us, principal, action, target, detail)"
                            " VALUES (?, 0, 'store.rebuild', '', '')");
    db_bind_int(&q, at_us);
    return db_run(&q);
}

static enum err rebuild_all(struct rebuild *r)
{
    TRY(db_begin_write(r->txn.db));
    TRY(rebuild_objects(r));
    TRY(rebuild_logs(r));
    TRY(note_rebuild(r, r->how->now_us));
    return db_commit(r->txn.db);
}

enum err store_rebuild(
    const struct store_rebuild *how, struct store_checked *out, struct fault *fault)
{
    const struct db_config config = {.path = how->path,
        .mode = DB_WRITE,
        .cache_kib = REBUILD_CACHE_KIB,
        .busy_ms = REBUILD_BUSY_MS};
    struct arena row;
    struct rebuild r = {.how = how, .out = out, .row = &row};
    *out = (struct store_checked){0};
    fault_set(fault, ERR_OK, 0, "the file cannot be opened as a database");
    TRY(db_open(&config, &r.txn.db));
    arena_init(&row, REBUILD_ROW_BYTES_MAX);
    enum err e = store_migrate(r.txn.db, fault);
    if (e == ERR_OK) {
        fault_set(fault, ERR_OK, 0,
            "the truth itself cannot be read, nothing was changed; see: bongsu check");
        e = rebuild_all(&r);
    }
    db_rollback(r.txn.db);
    // What the old rows held is not to stay in the log: destroyed values among them.
    if (e == ERR_OK)
        e = db_checkpoint(r.txn.db, DB_CHECKPOINT_TRUNCATE);
    db_close(r.txn.db);
    arena_release(&row);
    return e;
}
