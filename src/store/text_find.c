// SPDX-License-Identifier: Apache-2.0
// Reading the index, block by block, newest first.
#include "store/text_priv.h"

#include "store/store_priv.h"

#define SEEK_NODES_MAX 64

// A number in some neighbouring nodes of a level, read together: the more, the longer they are
// asked for one after the other.
struct text_seek {
    struct text_seek *next;
    uint32_t number;
    unsigned level;
    int64_t from; // node
    size_t n, n_next;
    struct text_rows rows[SEEK_NODES_MAX];
};

struct store_found {
    struct store_txn *txn;
    struct arena *arena;
    const struct store_search *what;
    int64_t newest;                        // row
    int64_t full;                          // blocks
    struct text_rows **nodes[TEXT_LEVELS]; // what is known of each; NULL: nothing yet
    struct text_seek *seeks;
};

enum err store_found_new(struct store_txn *t, struct arena *a, const struct store_search *what,
    struct store_found **out)
{
    struct store_found *f = NEW(a, struct store_found);
    struct db_query q = db_query(t->db, "SELECT coalesce(max(seq), 0) FROM object_version");
    int64_t newest = db_one(&q) ? db_int(&q, 0) : 0;
    TRY(db_end(&q));
    if (!f)
        return ERR_LIMIT;
    *f = (struct store_found){.txn = t, .arena = a, .what = what, .newest = newest};
    f->full = (newest + 1) / TEXT_BLOCK_ROWS;
    for (unsigned level = 0; level < TEXT_LEVELS; level++) {
        size_t n = (size_t)(newest / TEXT_BLOCK_ROWS >> (TEXT_FAN_BITS * level)) + 1;
        f->nodes[level] = NEW_N(a, struct text_rows *, n);
        if (!f->nodes[level])
            return ERR_LIMIT;
    }
    *out = f;
    return ERR_OK;
}

static bool holds(struct str numbers, uint32_t number)
{
    for (size_t i = 0; i + 4 <= numbers.len; i += 4)
        if (text_number_at(numbers.ptr + i) == number)
            return true;
    return false;
}

static enum err find_waiting(
    struct store_found *f, int64_t block, uint32_t number, struct text_rows *out)
{
    struct db_query q =
        db_query(f->txn->db, "SELECT seq, numbers FROM text_waiting"
                             " WHERE seq BETWEEN ?1 * 1024 AND ?1 * 1024 + 1023");
    db_bind_int(&q, block);
    while (db_next(&q))
        if (holds(db_blob(&q, 1), number))
            text_rows_add(out, (unsigned)(db_int(&q, 0) % TEXT_BLOCK_ROWS));
    return db_end(&q);
}

static enum err seek_of(
    struct store_found *f, unsigned level, uint32_t number, struct text_seek **out)
{
    struct text_seek *seek = f->seeks;
    while (seek && (seek->number != number || seek->level != level))
        seek = seek->next;
    if (!seek) {
        seek = NEW(f->arena, struct text_seek);
        if (!seek)
            return ERR_LIMIT;
        seek->number = number;
        seek->level = level;
        seek->next = f->seeks;
        f->seeks = seek;
    }
    *out = seek;
    return ERR_OK;
}

// The node, and those before it, which are asked for next.
static enum err seek_read(struct store_found *f, struct text_seek *seek, int64_t node)
{
    unsigned part = text_part_of(seek->level, seek->number);
    bool goes_on = node == seek->from - 1; // else what stands before it may not be asked for
    int64_t n = goes_on ? (int64_t)seek->n_next : 1;
    enum err e = ERR_OK;
    seek->from = node + 1 < n ? 0 : node + 1 - n;
    seek->n = (size_t)(node + 1 - seek->from);
    seek->n_next = n * 2 < SEEK_NODES_MAX ? (size_t)n * 2 : SEEK_NODES_MAX;
    memset(seek->rows, 0, seek->n * sizeof seek->rows[0]);
    struct db_query q =
        db_query(f->txn->db, "SELECT id, entries FROM text_part WHERE id BETWEEN ? AND ?");
    db_bind_int(&q, text_part_id(seek->level, seek->from, part));
    db_bind_int(&q, text_part_id(seek->level, node, part));
    while (e == ERR_OK && db_next(&q)) {
        int64_t at = db_int(&q, 0) - text_part_id(seek->level, seek->from, part);
        e = text_part_find(db_blob(&q, 1), seek->number, &seek->rows[at]);
    }
    enum err ended = db_end(&q);
    return e == ERR_OK ? ended : e;
}

// Of a block that is not full the rows are still waiting; of a node whose unit is not done, any
// node below may have the number.
static enum err find_number(
    struct store_found *f, unsigned level, int64_t node, uint32_t number, struct text_rows *out)
{
    struct text_seek *seek;
    *out = (struct text_rows){0};
    if (level == 0 && node >= f->full)
        return find_waiting(f, node, number, out);
    if (level > 0 && text_part_of(level - 1, number) >= text_units_done(level, node, f->full)) {
        memset(out->bits, 0xff, sizeof out->bits);
        return ERR_OK;
    }
    TRY(seek_of(f, level, number, &seek));
    if (node < seek->from || node >= seek->from + (int64_t)seek->n)
        TRY(seek_read(f, seek, node));
    *out = seek->rows[node - seek->from];
    return ERR_OK;
}

static void keep_common(struct text_rows *rows, const struct text_rows *with)
{
    for (size_t i = 0; i < sizeof rows->bits; i++)
        rows->bits[i] &= with->bits[i];
}

static enum err find_numbers(struct store_found *f, unsigned level, int64_t node,
    const struct store_numbers *numbers, struct text_rows *out)
{
    struct text_rows rows;
    memset(out->bits, 0xff, sizeof out->bits);
    for (size_t i = 0; i < numbers->n && !text_rows_is_empty(out); i++) {
        TRY(find_number(f, level, node, numbers->items[i], &rows));
        keep_common(out, &rows);
    }
    return ERR_OK;
}

static enum err find_any(struct store_found *f, unsigned level, int64_t node,
    const struct store_any *any, struct text_rows *out)
{
    struct text_rows rows;
    *out = (struct text_rows){0};
    for (size_t i = 0; i < any->n; i++) {
        TRY(find_numbers(f, level, node, &any->items[i], &rows));
        for (size_t k = 0; k < sizeof rows.bits; k++)
            out->bits[k] |= rows.bits[k];
    }
    return ERR_OK;
}

static enum err read_node(
    struct store_found *f, unsigned level, int64_t node, struct text_rows *out)
{
    struct text_rows rows;
    memset(out->bits, 0xff, sizeof out->bits);
    for (size_t i = 0; i < f->what->n && !text_rows_is_empty(out); i++) {
        TRY(find_any(f, level, node, &f->what->all[i], &rows));
        keep_common(out, &rows);
    }
    return ERR_OK;
}

static enum err node_at(
    struct store_found *f, unsigned level, int64_t node, const struct text_rows **out)
{
    struct text_rows *rows = f->nodes[level][node];
    if (!rows) {
        rows = NEW(f->arena, struct text_rows);
        if (!rows)
            return ERR_LIMIT;
        TRY(read_node(f, level, node, rows));
        f->nodes[level][node] = rows;
    }
    *out = rows;
    return ERR_OK;
}

// The newest block, not above *block, that the levels above do not rule out; -1 when there is
// none.
static enum err skip(struct store_found *f, int64_t *block)
{
    for (unsigned level = TEXT_LEVELS - 1; level > 0 && *block >= 0;) {
        const struct text_rows *rows;
        int64_t below = *block >> (TEXT_FAN_BITS * (level - 1)), node = below >> TEXT_FAN_BITS;
        TRY(node_at(f, level, node, &rows));
        int64_t place = below & (TEXT_FAN - 1), found = place;
        while (found >= 0 && !text_rows_has(rows, (unsigned)found))
            found--;
        if (found == place) {
            level--;
            continue;
        }
        below = (node << TEXT_FAN_BITS) + found + 1; // may end the node, or the one before
        *block = (below << (TEXT_FAN_BITS * (level - 1))) - 1;
        level = TEXT_LEVELS - 1;
    }
    return ERR_OK;
}

enum err store_found_has(struct store_found *f, int64_t seq, bool *out)
{
    const struct text_rows *rows;
    *out = false;
    if (seq < 1 || seq > f->newest)
        return ERR_OK;
    int64_t block = seq / TEXT_BLOCK_ROWS, may = block;
    TRY(skip(f, &may));
    if (may != block)
        return ERR_OK;
    TRY(node_at(f, 0, block, &rows));
    *out = text_rows_has(rows, (unsigned)(seq % TEXT_BLOCK_ROWS));
    return ERR_OK;
}

enum err store_found_next(struct store_found *f, int64_t before, int64_t from, int64_t *out)
{
    int64_t seq = before > f->newest ? f->newest : before - 1;
    from = from < 1 ? 1 : from;
    *out = 0;
    while (seq >= from) {
        const struct text_rows *rows;
        int64_t block = seq / TEXT_BLOCK_ROWS;
        TRY(skip(f, &block));
        if (block < 0)
            return ERR_OK;
        if (block != seq / TEXT_BLOCK_ROWS)
            seq = (block + 1) * TEXT_BLOCK_ROWS - 1;
        TRY(node_at(f, 0, block, &rows));
        int64_t first = block * TEXT_BLOCK_ROWS;
        for (; seq >= first && seq >= from; seq--)
            if (text_rows_has(rows, (unsigned)(seq - first))) {
                *out = seq;
                return ERR_OK;
            }
    }
    return ERR_OK;
}
