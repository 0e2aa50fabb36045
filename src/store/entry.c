// SPDX-License-Identifier: Apache-2.0
// Entries and the hashes over them: leaf hashes beside the entries, and one row per full tile.
#include "store/ledger.h"
#include "store/log_priv.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"

#include "base/limits.h"

static enum err insert_entry(
    struct store_txn *t, int64_t log_id, const struct store_entry *entry)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO ledger_entry (log_id, idx, bytes, leaf_hash, wants_receipt)"
        " VALUES (?, ?, ?, ?, ?)");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)entry->idx);
    db_bind_blob(&q, entry->bytes);
    db_bind_blob(&q, (struct str){(const char *)entry->leaf_hash, sizeof entry->leaf_hash});
    db_bind_int(&q, entry->wants_receipt);
    return db_run(&q);
}

// Level `level` of the tiles: the root of the tile below it that `size` entries complete.
enum err store_node_put(struct store_txn *t, int64_t log_id, unsigned level, uint64_t idx,
    const struct ledger_hash *hash)
{
    struct db_query q = db_query(
        t->db, "INSERT INTO ledger_node (log_id, level, idx, hash) VALUES (?, ?, ?, ?)");
    db_bind_int(&q, log_id);
    db_bind_int(&q, level);
    db_bind_int(&q, (int64_t)idx);
    db_bind_blob(&q, ledger_hash_str(hash));
    return db_run(&q);
}

enum err store_entry_append(struct store_txn *t, int64_t log_id, struct str bytes,
    bool wants_receipt, uint64_t *out_idx)
{
    if (bytes.len > LEDGER_ENTRY_BYTES_MAX)
        return ERR_LIMIT;
    struct ledger_frontier frontier;
    TRY(store_frontier_load(t, log_id, &frontier));
    struct store_entry entry = {
        .idx = frontier.size, .bytes = bytes, .wants_receipt = wants_receipt};
    struct ledger_hash leaf = ledger_leaf_hash(bytes);
    memcpy(entry.leaf_hash, leaf.bytes, sizeof entry.leaf_hash);
    TRY(insert_entry(t, log_id, &entry));
    struct ledger_hash tiles[LEDGER_TILE_LEVELS_MAX];
    size_t n = ledger_frontier_append(&frontier, &leaf, tiles);
    uint64_t complete = frontier.size;
    for (size_t i = 0; i < n; i++) {
        complete /= LEDGER_TILE_WIDTH;
        TRY(store_node_put(t, log_id, (unsigned)i + 1, complete - 1, &tiles[i]));
    }
    TRY(store_frontier_save(t, log_id, &frontier));
    *out_idx = entry.idx;
    return ERR_OK;
}

static void read_row(struct db_query *q, struct arena *a, struct store_entry *out)
{
    out->idx = (uint64_t)db_int(q, 0);
    out->bytes = db_copy(q, 1, a);
    out->wants_receipt = db_int(q, 2);
    db_blob_exact(q, 3, out->leaf_hash, sizeof out->leaf_hash);
}

enum err store_entry_get(
    struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx, struct store_entry *out)
{
    struct db_query q =
        db_query(t->db, "SELECT idx, bytes, wants_receipt, leaf_hash FROM ledger_entry"
                        " WHERE log_id = ? AND idx = ?");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)idx);
    struct store_entry entry = {0};
    if (db_one(&q))
        read_row(&q, a, &entry);
    TRY(db_end(&q));
    *out = entry;
    return ERR_OK;
}

enum err store_entries_range(struct store_txn *t, struct arena *a, int64_t log_id,
    struct store_range range, struct store_entries *out)
{
    struct db_query q =
        db_query(t->db, "SELECT idx, bytes, wants_receipt, leaf_hash FROM ledger_entry"
                        " WHERE log_id = ? AND idx >= ? AND idx < ? ORDER BY idx");
    db_bind_int(&q, log_id);
    db_bind_int(&q, (int64_t)range.first);
    db_bind_int(&q, (int64_t)range.end);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_entry *entry;
    size_t left = range.bytes_max;
    while ((entry = store_list_next(&list, &q))) {
        size_t n = db_blob(&q, 1).len;
        if (n > left && list.n > 1) {
            list.n--;
            break;
        }
        left = n < left ? left - n : 0;
        read_row(&q, a, entry);
    }
    TRY(db_end(&q));
    *out = (struct store_entries){.items = list.items, .n = list.n};
    return ERR_OK;
}

static struct db_query hashes_query(struct store_txn *t, int64_t log_id, unsigned level)
{
    struct db_query q;
    if (level == 0) {
        q = db_query(t->db, "SELECT leaf_hash FROM ledger_entry WHERE log_id = ?"
                            " AND idx >= ? AND idx < ? ORDER BY idx");
        db_bind_int(&q, log_id);
        return q;
    }
    q = db_query(t->db, "SELECT hash FROM ledger_node WHERE log_id = ? AND level = ?"
                        " AND idx >= ? AND idx < ? ORDER BY idx");
    db_bind_int(&q, log_id);
    db_bind_int(&q, level);
    return q;
}

enum err store_node_hashes(struct store_txn *t, int64_t log_id, unsigned level, uint64_t first,
    size_t n, unsigned char *out)
{
    struct db_query q = hashes_query(t, log_id, level);
    db_bind_int(&q, (int64_t)first);
    db_bind_int(&q, (int64_t)(first + n));
    size_t got = 0;
    for (; got < n && db_next(&q); got++)
        db_blob_exact(&q, 0, out + got * STORE_HASH_BYTES, STORE_HASH_BYTES);
    TRY(db_end(&q));
    return got == n ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_node_hash(struct store_txn *t, int64_t log_id, unsigned level, uint64_t index,
    unsigned char out[static STORE_HASH_BYTES])
{
    return store_node_hashes(t, log_id, level, index, 1, out);
}

static enum err read_hashes(
    void *context, unsigned level, uint64_t first, size_t n, struct ledger_hash *out)
{
    const struct store_hashes *source = context;
    return store_node_hashes(
        source->txn, source->log_id, level, first, n, (unsigned char *)out);
}

struct ledger_reader store_hash_reader(struct store_hashes *source)
{
    return (struct ledger_reader){.read = read_hashes, .context = source};
}
