// SPDX-License-Identifier: Apache-2.0
#include "store/ledger.h"
#include "store/log_priv.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"

#include "base/limits.h"

#define FRONTIER_BYTES_MAX (8 + 64 * LEDGER_HASH_BYTES)

#define COLUMNS "id, origin, partner_origin, party, is_ours, epoch, size, frontier"

static void read_row(struct db_query *q, struct arena *a, struct store_log *out)
{
    struct ledger_frontier frontier = {0};
    out->id = db_int(q, 0);
    out->origin = db_copy(q, 1, a);
    out->partner_origin = db_copy(q, 2, a);
    out->party = db_copy(q, 3, a);
    out->is_ours = db_int(q, 4);
    out->epoch = (uint64_t)db_int(q, 5);
    out->size = (uint64_t)db_int(q, 6);
    if (q->err == ERR_OK && ledger_frontier_parse(db_blob(q, 7), &frontier) != ERR_OK)
        q->err = ERR_CORRUPT;
    struct ledger_hash root = ledger_frontier_root(&frontier);
    memcpy(out->root, root.bytes, sizeof out->root);
}

static enum err read_one(struct db_query *q, struct arena *a, struct store_log *out)
{
    struct store_log log = {0};
    if (db_one(q))
        read_row(q, a, &log);
    TRY(db_end(q));
    *out = log;
    return ERR_OK;
}

enum err store_log_get(struct store_txn *t, struct arena *a, int64_t id, struct store_log *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM log WHERE id = ?");
    db_bind_int(&q, id);
    return read_one(&q, a, out);
}

enum err store_log_by_origin(
    struct store_txn *t, struct arena *a, struct str origin, struct store_log *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM log WHERE origin = ?");
    db_bind_text(&q, origin);
    return read_one(&q, a, out);
}

enum err store_log_by_party(
    struct store_txn *t, struct arena *a, struct str party, bool is_ours, struct store_log *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " COLUMNS " FROM log WHERE party = ? AND is_ours = ?"
                        " ORDER BY epoch DESC LIMIT 1");
    db_bind_text(&q, party);
    db_bind_int(&q, is_ours);
    return read_one(&q, a, out);
}

enum err store_log_all(struct store_txn *t, struct arena *a, struct store_logs *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM log ORDER BY id");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_log *log;
    while ((log = store_list_next(&list, &q)))
        read_row(&q, a, log);
    TRY(db_end(&q));
    *out = (struct store_logs){.items = list.items, .n = list.n};
    return ERR_OK;
}

static struct buf print_frontier(struct arena *a, const struct ledger_frontier *frontier)
{
    struct buf b = buf_in(a, FRONTIER_BYTES_MAX);
    ledger_frontier_put(&b, frontier);
    return b;
}

static enum err insert_log(
    struct store_txn *t, struct arena *a, const struct store_log *log, int64_t *out_id)
{
    struct ledger_frontier empty = {0};
    struct buf frontier = print_frontier(a, &empty);
    TRY(frontier.err);
    struct db_query q = db_query(t->db,
        "INSERT INTO log (origin, partner_origin, party, is_ours, epoch, size, frontier)"
        " VALUES (?, ?, ?, ?, ?, 0, ?)");
    db_bind_text(&q, log->origin);
    db_bind_text(&q, log->partner_origin);
    db_bind_text(&q, log->party);
    db_bind_int(&q, log->is_ours);
    db_bind_int(&q, (int64_t)log->epoch);
    db_bind_blob(&q, buf_str(&frontier));
    TRY(db_run(&q));
    *out_id = db_last_row(t->db);
    return ERR_OK;
}

static enum err open_in(
    struct store_txn *t, struct arena *a, const struct store_log *log, int64_t *out_id)
{
    struct store_log present;
    enum err e = store_log_by_origin(t, a, log->origin, &present);
    if (e == ERR_NOT_FOUND)
        return insert_log(t, a, log, out_id);
    TRY(e);
    bool is_same = str_eq(present.partner_origin, log->partner_origin) &&
                   str_eq(present.party, log->party) && present.is_ours == log->is_ours &&
                   present.epoch == log->epoch;
    if (!is_same)
        return ERR_CONFLICT;
    *out_id = present.id;
    return ERR_OK;
}

enum err store_log_open(struct store_txn *t, const struct store_log *log, int64_t *out_id)
{
    struct arena scratch;
    arena_init(&scratch, MIB);
    enum err e = open_in(t, &scratch, log, out_id);
    arena_release(&scratch);
    return e;
}

enum err store_frontier_load(struct store_txn *t, int64_t log_id, struct ledger_frontier *out)
{
    struct db_query q = db_query(t->db, "SELECT frontier FROM log WHERE id = ?");
    db_bind_int(&q, log_id);
    if (db_one(&q) && ledger_frontier_parse(db_blob(&q, 0), out) != ERR_OK)
        q.err = ERR_CORRUPT;
    return db_end(&q);
}

static enum err update_frontier(
    struct store_txn *t, int64_t log_id, uint64_t size, struct str frontier)
{
    struct db_query q = db_query(t->db, "UPDATE log SET size = ?, frontier = ? WHERE id = ?");
    db_bind_int(&q, (int64_t)size);
    db_bind_blob(&q, frontier);
    db_bind_int(&q, log_id);
    return db_run(&q);
}

enum err store_frontier_save(
    struct store_txn *t, int64_t log_id, const struct ledger_frontier *frontier)
{
    struct arena scratch;
    arena_init(&scratch, 64 * KIB);
    struct buf b = print_frontier(&scratch, frontier);
    enum err e = b.err;
    if (e == ERR_OK)
        e = update_frontier(t, log_id, frontier->size, buf_str(&b));
    arena_release(&scratch);
    return e;
}
