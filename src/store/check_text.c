// SPDX-License-Identifier: Apache-2.0
// The index of words against the objects: a full block is made again and compared part by part,
// rows that wait are compared one by one.
#include "store/check_priv.h"

#include "base/limits.h"
#include "base/sort.h"
#include "store/text_priv.h"

#define PAIRS_MAX (16u * MIB) // of one block; texts that are longer are not compared

static enum err compare_part(struct check *c, unsigned part, struct text_pairs *pairs)
{
    struct check_text *text = &c->text;
    struct arena_mark mark = arena_mark(c->row);
    struct buf b = buf_in(c->row, SIZE_MAX / 2);
    text_part_build(&b, pairs, 0, part);
    TRY(b.err);
    struct db_query q = db_query(c->txn.db, "SELECT entries FROM text_part WHERE id = ?");
    db_bind_int(&q, text_part_id(0, text->block, part));
    struct str held = db_next(&q) ? db_blob(&q, 0) : (struct str){"", 0};
    if (!str_eq(held, buf_str(&b)))
        check_report_object(c, STORE_PROBLEM_TEXT, text->block * TEXT_BLOCK_ROWS, STR("block"));
    TRY(db_end(&q));
    arena_rewind(c->row, mark);
    return ERR_OK;
}

static enum err end_block(struct check *c)
{
    struct check_text *text = &c->text;
    bool is_compared = !text->is_over;
    uint64_t *spare = NEW_N(&text->arena, uint64_t, text->n + 1);
    if (!spare)
        return ERR_LIMIT;
    sort_u64(text->pairs, spare, text->n);
    struct text_pairs pairs = {text->pairs, text->n, 0};
    for (unsigned part = 0; is_compared && part < text_parts(0); part++)
        TRY(compare_part(c, part, &pairs));
    arena_release(&text->arena);
    text->pairs = NULL;
    text->n = text->room = 0;
    text->is_over = false;
    text->block++;
    return ERR_OK;
}

// The block that is not full yet.
static int64_t last_block(const struct check *c)
{
    return (c->text.newest + 1) / TEXT_BLOCK_ROWS;
}

enum err check_text_before(struct check *c, int64_t seq)
{
    while (c->text.is_checked && c->text.block < seq / TEXT_BLOCK_ROWS &&
           c->text.block < last_block(c))
        TRY(end_block(c));
    return ERR_OK;
}

static enum err check_waiting(struct check *c, int64_t seq, struct str id, struct str numbers)
{
    struct db_query q = db_query(c->txn.db, "SELECT numbers FROM text_waiting WHERE seq = ?");
    db_bind_int(&q, seq);
    struct str held = db_next(&q) ? db_blob(&q, 0) : (struct str){"", 0};
    bool is_equal = str_eq(held, numbers);
    TRY(db_end(&q));
    if (!is_equal)
        check_report_object(c, STORE_PROBLEM_TEXT, seq, id);
    return ERR_OK;
}

static enum err add(struct check_text *text, int64_t seq, struct str numbers)
{
    size_t more = numbers.len / 4;
    if (text->n + more > PAIRS_MAX) {
        text->is_over = true;
        return ERR_OK;
    }
    if (text->n + more > text->room) {
        size_t room = 2 * text->room + more;
        uint64_t *pairs = NEW_N(&text->arena, uint64_t, room);
        if (!pairs)
            return ERR_LIMIT;
        if (text->n)
            memcpy(pairs, text->pairs, text->n * sizeof *pairs);
        text->pairs = pairs;
        text->room = room;
    }
    for (size_t i = 0; i + 4 <= numbers.len; i += 4)
        text->pairs[text->n++] =
            (uint64_t)text_number_at(numbers.ptr + i) << 32 | (uint64_t)(seq % TEXT_BLOCK_ROWS);
    return ERR_OK;
}

enum err check_text_row(struct check *c, int64_t seq, const struct store_object_in *in)
{
    struct str numbers = {"", 0};
    if (!c->text.is_checked)
        return ERR_OK;
    if (in)
        TRY(text_row_numbers(c->row, in, in->handling, &numbers));
    return seq / TEXT_BLOCK_ROWS >= last_block(c)
               ? check_waiting(c, seq, in ? in->id : STR(""), numbers)
               : add(&c->text, seq, numbers);
}

enum err check_text_begin(struct check *c)
{
    enum err e = store_text_check_form(&c->txn);
    c->text = (struct check_text){.is_checked = e == ERR_OK};
    arena_init(&c->text.arena, SIZE_MAX / 2);
    if (e == ERR_CONFLICT)
        check_report(c, STORE_PROBLEM_TEXT, STR("store"));
    else
        TRY(e);
    return check_int(c, "SELECT coalesce(max(seq), 0) FROM object_version", &c->text.newest);
}

// What is below may itself be damaged, or too much for the memory of a check: the first is
// told, the second is not compared, as with blocks.
static enum err compare_unit(struct check *c, const struct text_unit *unit, int64_t *n)
{
    struct arena_mark mark = arena_mark(c->row);
    struct str want[TEXT_FAN];
    enum err e = text_unit_make(&c->txn, c->row, unit, want);
    bool is_damaged = e == ERR_CORRUPT && !db_has_failed(c->txn.db);
    bool is_equal = !is_damaged;
    if (!is_damaged && e != ERR_LIMIT)
        TRY(e);
    for (unsigned i = 0; i < TEXT_FAN; i++) {
        struct db_query q = db_query(c->txn.db, "SELECT entries FROM text_part WHERE id = ?");
        db_bind_int(&q, text_part_id(unit->level, unit->node, unit->unit * TEXT_FAN + i));
        bool is_held = db_next(&q);
        if (e == ERR_OK)
            is_equal &= str_eq(is_held ? db_blob(&q, 0) : (struct str){"", 0}, want[i]);
        *n += is_held;
        TRY(db_end(&q));
    }
    arena_rewind(c->row, mark);
    if (!is_equal)
        check_report_object(c, STORE_PROBLEM_TEXT,
            (unit->node << (TEXT_FAN_BITS * unit->level)) * TEXT_BLOCK_ROWS, STR("level"));
    return ERR_OK;
}

// Each level against the one below, and nothing beside.
static enum err compare_levels(struct check *c)
{
    int64_t n = 0, held, full = last_block(c);
    for (unsigned level = 1; level < TEXT_LEVELS; level++)
        for (int64_t node = 0; node < full >> (TEXT_FAN_BITS * level); node++) {
            int64_t done = text_units_done(level, node, full);
            for (int64_t i = 0; i < done; i++) {
                const struct text_unit unit = {level, node, (unsigned)i};
                TRY(compare_unit(c, &unit, &n));
            }
        }
    TRY(check_int(c, "SELECT count(*) FROM text_part WHERE id >= 1 << 56", &held));
    if (held != n)
        check_report(c, STORE_PROBLEM_TEXT, STR("levels"));
    return ERR_OK;
}

enum err check_text_end(struct check *c)
{
    enum err e = check_text_before(c, INT64_MAX);
    if (e == ERR_OK && c->text.is_checked)
        e = compare_levels(c);
    arena_release(&c->text.arena);
    return e;
}
