// SPDX-License-Identifier: Apache-2.0
// The index of words against the objects: a full block is made again and compared part by part,
// rows that wait are compared one by one.
#include "store/check_priv.h"

#include "base/limits.h"
#include "base/sort.h"
#include "store/text_priv.h"

#define PAIRS_MAX (16u * MIB) // of one block; texts that are longer are not compared

static enum err compare_part(struct check *c, unsigned part, size_t *at)
{
    struct check_text *text = &c->text;
    struct arena_mark mark = arena_mark(c->row);
    struct buf b = buf_in(c->row, SIZE_MAX / 2);
    text_part_build(&b, text->pairs, text->n, part, at);
    TRY(b.err);
    struct db_query q = db_query(c->txn.db, "SELECT entries FROM text_part WHERE id = ?");
    db_bind_int(&q, text_part_id(text->block, part));
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
    size_t at = 0;
    bool is_compared = !text->is_over;
    uint64_t *spare = NEW_N(&text->arena, uint64_t, text->n + 1);
    if (!spare)
        return ERR_LIMIT;
    sort_u64(text->pairs, spare, text->n);
    for (unsigned part = 0; is_compared && part < TEXT_PARTS; part++)
        TRY(compare_part(c, part, &at));
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

enum err check_text_end(struct check *c)
{
    enum err e = check_text_before(c, INT64_MAX);
    arena_release(&c->text.arena);
    return e;
}
