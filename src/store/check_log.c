// SPDX-License-Identifier: Apache-2.0
// Ledgers: every leaf, every tile hash, every root that was signed, from the entries' bytes.
#include "store/check_priv.h"

#include "base/limits.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "store/log_priv.h"
#include "store/rows_priv.h"

// A root that the log must have had at a size.
struct known_root {
    enum store_problem_id problem;
    struct ledger_head head;
    bool is_met;
};

#define KNOWN_ROOTS_MAX 3 // two checkpoints and the journal's head

struct log_check {
    struct check *c;
    const struct store_log *log;
    struct ledger_frontier frontier;
    struct known_root known[KNOWN_ROOTS_MAX];
    size_t n_known;
    uint64_t nodes, keys;
    bool has_wrong_node;
    bool has_agreement;           // one was looked up
    struct ledger_hash agreement; // the last that was
};

static void report(struct log_check *l, enum store_problem_id id, uint64_t idx)
{
    check_report_entry(l->c, id, l->log, idx);
}

static void meet_roots(struct log_check *l)
{
    struct ledger_hash root = ledger_frontier_root(&l->frontier);
    for (size_t i = 0; i < l->n_known; i++) {
        struct known_root *k = &l->known[i];
        if (k->is_met || k->head.size != l->frontier.size)
            continue;
        k->is_met = true;
        if (!ledger_hash_eq(&root, &k->head.root))
            report(l, k->problem, k->head.size);
    }
}

// A checkpoint row says the same as its note.
static enum err check_note(
    struct log_check *l, const struct ledger_head *head, struct str text, bool *is_fit)
{
    struct ledger_note note;
    struct ledger_checkpoint checkpoint;
    struct fault fault;
    enum err e = ledger_note_parse(l->c->row, text, &note, &fault);
    if (e == ERR_OK)
        e = ledger_checkpoint_parse(note.text, &checkpoint, &fault);
    *is_fit = e == ERR_OK && str_eq(checkpoint.origin, l->log->origin) &&
              checkpoint.head.size == head->size &&
              ledger_hash_eq(&checkpoint.head.root, &head->root);
    return e == ERR_LIMIT ? e : ERR_OK;
}

static enum err load_checkpoints(struct log_check *l, uint64_t *signed_size)
{
    struct db_query q = db_query(l->c->txn.db,
        "SELECT kind, size, root, note FROM checkpoint WHERE log_id = ? ORDER BY kind LIMIT 2");
    int64_t kind_at_journal =
        l->log->is_ours ? STORE_CHECKPOINT_SIGNED : STORE_CHECKPOINT_COSIGNED;
    db_bind_int(&q, l->log->id);
    while (db_next(&q)) {
        struct known_root *k = &l->known[l->n_known++];
        bool is_fit = false;
        k->problem = STORE_PROBLEM_CHECKPOINT;
        k->head.size = (uint64_t)db_int(&q, 1);
        db_blob_exact(&q, 2, k->head.root.bytes, LEDGER_HASH_BYTES);
        if (q.err != ERR_OK)
            break;
        enum err e = check_note(l, &k->head, db_text(&q, 3), &is_fit);
        if (e != ERR_OK)
            q.err = e;
        if (!is_fit)
            report(l, STORE_PROBLEM_CHECKPOINT, k->head.size);
        if (db_int(&q, 0) == kind_at_journal)
            *signed_size = k->head.size;
    }
    return db_end(&q);
}

static void load_journal(struct log_check *l, uint64_t signed_size)
{
    const struct store_check *how = l->c->how;
    struct known_root k = {
        .problem = STORE_PROBLEM_FORKED, .head = {.root = ledger_empty_root()}};
    if (!how->has_journal)
        return;
    for (size_t i = 0; i < how->n_heads; i++)
        if (str_eq(how->heads[i].origin, l->log->origin))
            k.head = how->heads[i].head;
    l->known[l->n_known++] = k;
    if (signed_size > k.head.size && !how->is_served)
        report(l, STORE_PROBLEM_JOURNAL_OLD, signed_size);
}

// One run over the stored tile hashes, in the order in which entries complete them.
static enum err check_nodes(struct log_check *l, const struct ledger_hash *tiles, size_t n)
{
    uint64_t complete = l->frontier.size;
    for (size_t i = 0; i < n; i++) {
        unsigned char held[LEDGER_HASH_BYTES];
        complete /= LEDGER_TILE_WIDTH;
        enum err e =
            store_node_hash(&l->c->txn, l->log->id, (unsigned)i + 1, complete - 1, held);
        if (e != ERR_OK && e != ERR_NOT_FOUND && e != ERR_CORRUPT)
            return e;
        if (e != ERR_OK || memcmp(held, tiles[i].bytes, sizeof held) != 0)
            l->has_wrong_node = true;
        l->nodes++;
    }
    return ERR_OK;
}

static enum err check_text(struct log_check *l, const struct store_entry *row, uint64_t idx)
{
    struct ledger_entry entry;
    struct ledger_fault fault;
    enum err e = ledger_entry_parse(l->c->row, row->bytes, &entry, &fault);
    if (e == ERR_LIMIT)
        return e;
    if (e != ERR_OK || entry.sequence != idx || !str_eq(entry.origin, l->log->origin) ||
        !str_eq(entry.partner_origin, l->log->partner_origin) ||
        row->wants_receipt != ledger_kind_is_receipted(entry.kind)) {
        report(l, STORE_PROBLEM_ENTRY_INVALID, idx);
        return ERR_OK;
    }
    l->keys += entry.kind == LEDGER_KEY_CHANGE;
    if (!l->has_agreement || !ledger_hash_eq(&l->agreement, &entry.agreement))
        TRY(check_agreement(l->c, l->log, idx, &entry.agreement));
    l->agreement = entry.agreement;
    l->has_agreement = true;
    return check_entry(l->c, l->log, idx, &entry);
}

static enum err check_row(struct log_check *l, const struct store_entry *row)
{
    struct ledger_hash tiles[LEDGER_TILE_LEVELS_MAX];
    struct ledger_hash leaf = ledger_leaf_hash(row->bytes);
    meet_roots(l);
    if (row->idx != l->frontier.size) {
        report(l, STORE_PROBLEM_ENTRY_MISSING, l->frontier.size);
        return ERR_CONFLICT; // nothing after a gap has a place
    }
    if (memcmp(leaf.bytes, row->leaf_hash, LEDGER_HASH_BYTES) != 0)
        report(l, STORE_PROBLEM_ENTRY_DIFFERS, row->idx);
    size_t n = ledger_frontier_append(&l->frontier, &leaf, tiles);
    TRY(check_nodes(l, tiles, n));
    return check_text(l, row, row->idx);
}

static enum err check_rows_of_log(struct log_check *l, int64_t total)
{
    struct check *c = l->c;
    struct db_query q =
        db_query(c->txn.db, "SELECT idx, bytes, wants_receipt, leaf_hash FROM ledger_entry"
                            " WHERE log_id = ? ORDER BY log_id, idx");
    enum err e = ERR_OK;
    db_bind_int(&q, l->log->id);
    while (e == ERR_OK && db_next(&q)) {
        struct arena_mark mark = arena_mark(c->row);
        struct store_entry row = {.idx = (uint64_t)db_int(&q, 0),
            .bytes = db_blob(&q, 1),
            .wants_receipt = db_int(&q, 2)};
        db_blob_exact(&q, 3, row.leaf_hash, sizeof row.leaf_hash);
        e = check_row(l, &row);
        arena_rewind(c->row, mark);
        check_progress(c, STORE_PART_LEDGERS, ++c->out->entries, total);
    }
    enum err ended = db_end(&q);
    return e == ERR_CONFLICT ? ERR_OK : e != ERR_OK ? e : ended;
}

// What the log's row and the tiles say, once every entry was seen.
static enum err check_derived(struct log_check *l)
{
    struct ledger_frontier held;
    struct ledger_hash root = ledger_frontier_root(&l->frontier), held_root;
    enum err e = store_frontier_load(&l->c->txn, l->log->id, &held);
    if (e != ERR_OK && e != ERR_CORRUPT && e != ERR_INVALID)
        return e;
    if (e == ERR_OK)
        held_root = ledger_frontier_root(&held);
    if (e != ERR_OK || held.size != l->frontier.size || l->log->size != held.size ||
        !ledger_hash_eq(&root, &held_root))
        report(l, STORE_PROBLEM_FRONTIER, l->frontier.size);
    struct db_query q =
        db_query(l->c->txn.db, "SELECT count(*) FROM ledger_node WHERE log_id = ?");
    db_bind_int(&q, l->log->id);
    uint64_t nodes = db_one(&q) ? (uint64_t)db_int(&q, 0) : 0;
    TRY(db_end(&q));
    if (l->has_wrong_node || nodes != l->nodes)
        report(l, STORE_PROBLEM_NODES, l->frontier.size);
    return ERR_OK;
}

static enum err check_log(struct check *c, const struct store_log *log, int64_t total)
{
    struct log_check l = {.c = c, .log = log};
    uint64_t signed_size = 0;
    struct arena_mark mark = arena_mark(c->row);
    TRY(load_checkpoints(&l, &signed_size));
    load_journal(&l, signed_size);
    TRY(check_rows_of_log(&l, total));
    meet_roots(&l);
    for (size_t i = 0; i < l.n_known; i++)
        if (!l.known[i].is_met) // a size that the log has not reached
            report(&l,
                l.known[i].problem == STORE_PROBLEM_FORKED ? STORE_PROBLEM_STORE_OLD
                                                           : STORE_PROBLEM_CHECKPOINT,
                l.known[i].head.size);
    TRY(check_derived(&l));
    TRY(check_key_count(c, log, l.keys));
    TRY(check_start(c, log));
    arena_rewind(c->row, mark);
    return ERR_OK;
}

enum err check_logs(struct check *c)
{
    int64_t total;
    TRY(check_int(c, "SELECT count(*) FROM ledger_entry", &total));
    check_progress(c, STORE_PART_LEDGERS, 0, total);
    for (size_t i = 0; i < c->logs.n; i++)
        TRY(check_log(c, &c->logs.items[i], total));
    return ERR_OK;
}
