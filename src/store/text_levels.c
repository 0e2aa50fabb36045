// SPDX-License-Identifier: Apache-2.0
// The levels above the blocks: which nodes below a number is in. Made unit by unit from the
// level below, and kept exact when rows are destroyed or marked anew.
#include "store/text_priv.h"

#include "base/limits.h"
#include "base/sort.h"
#include "store/store_priv.h"

struct pairs {
    uint64_t *items, *spare;
    size_t n, room;
};

static enum err pairs_grow(struct arena *a, struct pairs *p)
{
    size_t room = p->room ? 2 * p->room : 4096;
    uint64_t *items = NEW_N(a, uint64_t, room);
    if (!items)
        return ERR_LIMIT;
    if (p->n)
        memcpy(items, p->items, p->n * sizeof *items);
    p->items = items;
    p->room = room;
    return ERR_OK;
}

static enum err add_part(struct arena *a, struct pairs *p, struct str entries, uint64_t place)
{
    uint32_t number;
    struct str list;
    enum err e = ERR_OK;
    while (e == ERR_OK && text_entry_next(&entries, &number, &list, &e)) {
        if (p->n == p->room)
            e = pairs_grow(a, p);
        if (e == ERR_OK)
            p->items[p->n++] = (uint64_t)number << 32 | place;
    }
    return e;
}

// The numbers of one part of all nodes below, each with the places of those.
static enum err read_below(
    struct store_txn *t, struct arena *a, const struct text_unit *unit, struct pairs *p)
{
    int64_t first = text_part_id(unit->level - 1, unit->node << TEXT_FAN_BITS, unit->unit);
    struct db_query q =
        db_query(t->db, "SELECT id, entries FROM text_part WHERE id BETWEEN ? AND ?");
    db_bind_int(&q, first);
    db_bind_int(&q, first + TEXT_FAN - 1);
    enum err e = ERR_OK;
    while (e == ERR_OK && db_next(&q))
        e = add_part(a, p, db_blob(&q, 1), (uint64_t)(db_int(&q, 0) - first));
    enum err ended = db_end(&q);
    return e == ERR_OK ? ended : e;
}

enum err text_unit_make(struct store_txn *t, struct arena *a, const struct text_unit *unit,
    struct str out[static TEXT_FAN])
{
    struct pairs p = {0};
    TRY(read_below(t, a, unit, &p));
    p.spare = NEW_N(a, uint64_t, p.n + 1);
    if (!p.spare)
        return ERR_LIMIT;
    sort_u64(p.items, p.spare, p.n);
    struct text_pairs pairs = {p.items, p.n, 0};
    for (unsigned i = 0; i < TEXT_FAN; i++) {
        struct buf b = buf_in(a, SIZE_MAX / 2);
        text_part_build(&b, &pairs, unit->level, unit->unit * TEXT_FAN + i);
        TRY(b.err);
        out[i] = buf_str(&b);
    }
    return ERR_OK;
}

static enum err fold_unit(struct store_txn *t, const struct text_unit *unit)
{
    struct arena a;
    struct str parts[TEXT_FAN];
    arena_init(&a, SIZE_MAX / 2);
    enum err e = text_unit_make(t, &a, unit, parts);
    for (unsigned i = 0; e == ERR_OK && i < TEXT_FAN; i++)
        if (parts[i].len)
            e = text_part_write(
                t, text_part_id(unit->level, unit->node, unit->unit * TEXT_FAN + i), parts[i]);
    arena_release(&a);
    return e;
}

// From below to above: a unit is made of parts that are done.
enum err text_levels_fold(struct store_txn *t, int64_t full)
{
    for (unsigned level = 1; level < TEXT_LEVELS; level++) {
        struct text_unit unit = {.level = level};
        unit.node = (full >> (TEXT_FAN_BITS * level)) - 1; // the last that is complete
        if (unit.node < 0)
            continue;
        int64_t done = text_units_done(level, unit.node, full);
        for (int64_t i = done - TEXT_UNITS_BLOCK; i < done; i++) {
            unit.unit = (unsigned)i;
            TRY(fold_unit(t, &unit));
        }
    }
    return ERR_OK;
}

static enum err full_blocks(struct store_txn *t, int64_t *out)
{
    struct db_query q = db_query(t->db, "SELECT coalesce(max(seq), 0) FROM object_version");
    *out = db_one(&q) ? (db_int(&q, 0) + 1) / TEXT_BLOCK_ROWS : 0;
    return db_end(&q);
}

enum err text_levels_fold_all(struct store_txn *t)
{
    int64_t full;
    TRY(full_blocks(t, &full));
    for (int64_t blocks = 1; blocks <= full; blocks++)
        TRY(text_levels_fold(t, blocks));
    return ERR_OK;
}

// What changes: a place comes to numbers, or goes from them. The numbers are in order, and
// those that have come to a node, or have gone from it, are kept for the level above.
struct change {
    uint32_t *numbers;
    size_t n, kept;
    unsigned place;
    bool comes;
};

static enum err put_changed(
    struct buf *b, struct change *change, uint32_t number, struct str list)
{
    struct text_rows rows = {0};
    if (list.len)
        TRY(text_list_read(list, &rows));
    if (change->comes)
        text_rows_add(&rows, change->place);
    else
        text_rows_remove(&rows, change->place);
    if (change->comes ? list.len == 0 : list.len && text_rows_is_empty(&rows))
        change->numbers[change->kept++] = number;
    text_entry_put(b, number, &rows);
    return ERR_OK;
}

// The numbers from `at` to `end` are those of the part.
static enum err change_entries(
    struct change *change, size_t at, size_t end, struct str entries, struct buf *b)
{
    static const struct str nothing = STR_INIT("");
    uint32_t number;
    struct str list;
    enum err e = ERR_OK;
    while (text_entry_next(&entries, &number, &list, &e)) {
        for (; at < end && change->numbers[at] < number; at++)
            TRY(put_changed(b, change, change->numbers[at], nothing));
        if (at < end && change->numbers[at] == number)
            TRY(put_changed(b, change, change->numbers[at++], list));
        else
            text_list_put(b, number, list);
    }
    TRY(e);
    for (; at < end; at++)
        TRY(put_changed(b, change, change->numbers[at], nothing));
    return b->err;
}

static enum err change_part(struct store_txn *t, struct arena *a, int64_t id,
    struct change *change, size_t at, size_t end)
{
    struct arena_mark mark = arena_mark(a);
    struct buf b = buf_in(a, SIZE_MAX / 2);
    struct db_query q =
        db_query(t->db, "SELECT coalesce((SELECT entries FROM text_part WHERE id = ?), x'')");
    db_bind_int(&q, id);
    enum err e = ERR_OK;
    if (db_one(&q))
        e = change_entries(change, at, end, db_blob(&q, 0), &b);
    enum err ended = db_end(&q);
    TRY(e);
    TRY(ended);
    TRY(text_part_write(t, id, buf_str(&b)));
    arena_rewind(a, mark);
    return ERR_OK;
}

// Each part is written once, however many of its numbers change.
static enum err change_node(
    struct store_txn *t, struct arena *a, unsigned level, int64_t node, struct change *change)
{
    change->kept = 0;
    for (size_t at = 0, end = 0; at < change->n; at = end) {
        unsigned part = text_part_of(level, change->numbers[at]);
        while (end < change->n && text_part_of(level, change->numbers[end]) == part)
            end++;
        TRY(change_part(t, a, text_part_id(level, node, part), change, at, end));
    }
    change->n = change->kept;
    return ERR_OK;
}

// A unit that is not done yet will be made of what is there then.
static enum err change_above(
    struct store_txn *t, struct arena *a, int64_t block, struct change *change)
{
    int64_t full, node = block;
    TRY(full_blocks(t, &full));
    for (unsigned level = 1; level < TEXT_LEVELS; level++) {
        change->place = (unsigned)(node & (TEXT_FAN - 1));
        node >>= TEXT_FAN_BITS;
        int64_t done = text_units_done(level, node, full);
        while (change->n && text_part_of(level - 1, change->numbers[change->n - 1]) >= done)
            change->n--;
        TRY(change_node(t, a, level, node, change));
    }
    return ERR_OK;
}

enum err text_row_change(
    struct store_txn *t, struct arena *a, int64_t seq, uint32_t number, bool comes)
{
    struct change change = {
        .numbers = &number, .n = 1, .place = (unsigned)(seq % TEXT_BLOCK_ROWS), .comes = comes};
    TRY(change_node(t, a, 0, seq / TEXT_BLOCK_ROWS, &change));
    return change_above(t, a, seq / TEXT_BLOCK_ROWS, &change);
}

enum err text_block_lost(
    struct store_txn *t, struct arena *a, int64_t block, uint32_t *numbers, size_t n)
{
    struct change change = {.numbers = numbers, .n = n};
    return change_above(t, a, block, &change);
}
